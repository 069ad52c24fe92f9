//! A state that is not used any more is set aside under another name until one that was made in its place is open: what it is made
//! from may be gone from the journal, and then it is the last copy of what it holds. Only after that it is overwritten and taken away,
//! since it holds bare what a live state alone may. Where no other comes to stand, it is put back as it was.
//!
//! Not here: what makes a state unfit (`sqlite_guarded.rs`, `snapshot/load.rs`).

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::engine::StoreError;

/// What is put behind the name of a state that was set aside.
const ASIDE: &str = ".aside";

/// Beside the state: that something in it is not as it was written. The next start builds the state anew.
pub(crate) fn mark(state: &Path) -> PathBuf {
    state.with_extension("distrusted")
}

fn named(state: &Path, end: &str) -> PathBuf {
    let mut file = state.as_os_str().to_owned();
    file.push(end);
    PathBuf::from(file)
}

/// Where a state lies that was set aside.
pub(crate) fn aside(state: &Path) -> PathBuf {
    named(state, ASIDE)
}

/// Where it lies when another stands in its place, and it is to go.
fn going(state: &Path) -> PathBuf {
    named(&aside(state), "-going")
}

/// A state's files beside the database itself, and under which names they are set aside.
fn beside(state: &Path) -> [[PathBuf; 2]; 3] {
    let aside = aside(state);
    [
        [named(state, "-shm"), named(&aside, "-shm")],
        [named(state, "-wal"), named(&aside, "-wal")],
        [mark(state), named(&aside, "-mark")],
    ]
}

fn failed(cause: io::Error) -> StoreError {
    StoreError { doing: "written", cause: format!("setting the state aside: {cause}") }
}

/// Whether there was a file of that name, which has the other one now.
fn moved(from: &Path, to: &Path) -> io::Result<bool> {
    match std::fs::rename(from, to) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}

fn sync(state: &Path) -> io::Result<()> {
    match state.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Overwrites a file that holds what was never to be left on the disk, and takes it away; where there is none, that is fine. Below the
/// file the disk may keep what was there before, as with all that is erased.
pub(crate) fn overwritten(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).open(path) {
        Ok(mut file) => {
            let length = file.metadata()?.len();
            io::copy(&mut io::repeat(0).take(length), &mut file)?;
            file.sync_data()?;
        }
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    }
    std::fs::remove_file(path)
}

/// The same for a database with the files beside it.
pub(crate) fn database_overwritten(path: &Path) -> io::Result<()> {
    ["-shm", "-wal", ""].into_iter().try_for_each(|end| overwritten(&named(path, end)))
}

/// Sets a state aside. Where one is already, that is the one which was there before a rebuilding was begun, and what was being made
/// since is what goes.
pub(crate) fn set_aside(state: &Path) -> Result<(), StoreError> {
    let set = || {
        if !state.exists() || aside(state).exists() {
            database_overwritten(state)?;
            return overwritten(&mark(state));
        }
        // The database after its WAL: whoever dies in between finds that one is here and the other there, and puts it back. The mark
        // last: a state that is put back is no more to be trusted than before.
        let [shm, wal, mark] = beside(state);
        for [from, to] in [shm, wal] {
            moved(&from, &to)?;
        }
        moved(state, &aside(state))?;
        moved(&mark[0], &mark[1])?;
        sync(state)
    };
    set().map_err(failed)
}

/// Puts back what was set aside, in the place of whatever was begun since. Where nothing was, nothing is done.
pub(crate) fn put_back(state: &Path) -> Result<(), StoreError> {
    let put = || {
        let [shm, wal, mark] = beside(state);
        if aside(state).exists() {
            database_overwritten(state)?;
            moved(&mark[1], &mark[0])?;
            moved(&aside(state), state)?;
        }
        for [to, from] in [wal, shm] {
            moved(&from, &to)?;
        }
        sync(state)
    };
    put().map_err(failed)
}

/// At a start: puts back what a program that died had set aside and made nothing in its place of; what it had begun to make goes on to
/// be made.
pub(crate) fn after_death(state: &Path) -> Result<(), StoreError> {
    if going(state).exists() {
        return forget(state);
    }
    if aside(state).exists() && state.exists() { Ok(()) } else { put_back(state) }
}

/// Another state stands: what was set aside goes, overwritten.
pub(crate) fn forget(state: &Path) -> Result<(), StoreError> {
    let forget = || {
        // From here on nobody puts it back: whoever dies in between goes on with this at the next start.
        if !moved(&aside(state), &going(state))? && !going(state).exists() {
            return Ok(());
        }
        for [_, file] in beside(state) {
            overwritten(&file)?;
        }
        overwritten(&going(state))
    };
    forget().map_err(failed)
}

/// A file of a newer program: an older one would throw away, or misread, what it does not know.
pub(crate) fn newer(file: &str, found: i64, known: i64) -> StoreError {
    let cause = format!(
        "`{file}` is of format {found}, and this program knows {known} at most: it was written by a newer one. Nothing was \
         changed; start that program again"
    );
    StoreError { doing: "read", cause }
}
