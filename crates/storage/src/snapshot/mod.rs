//! Snapshots: the state as it stands at a place in the journal, as one file that a state can be made from again. What the live
//! state holds bare lies in it sealed under its person's key, so that it ends with that key; there are no keys in it.
//!
//! Two files in `snapshots/`: the rows (`PLACE.db`, a database) and a signed note (`PLACE.note`) that says what they are. The note
//! comes last: without it there is no snapshot. `docs/decisions/0031-snapshots.md` is this room as a page. Not here: where else
//! snapshots lie, and how long (the program and the archive).

mod covered;
mod load;
mod make;
mod note;
mod records;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use journal::{SigningKey, VerifierKey};
use terms::{FieldName, Hash, PersonId, RecordId, RetentionClass, TenantId};

use crate::engine::{StoreError, Tokens};
use crate::op::{AccountSecrets, Token};

pub(crate) use covered::{cover, covered};
pub(crate) use load::{bring, load};
pub(crate) use make::make;
pub use note::{SNAPSHOTS, Snapshot};
pub(crate) use records::records;

/// The oldest form of the state that a snapshot may have. A change of the tables says here what becomes of those before it:
/// loading takes the columns that it finds, and going back reads records, their past, files and tokens (`records.rs`) as they lie.
pub(crate) const LEAST_FORM: i64 = 9;

/// Seals for a snapshot what the live state holds bare. The vault implements it, and promises to give nothing only where the
/// person's key is gone: what is left out then is not there after loading either, as after a replay.
pub trait Seals: Tokens {
    /// The bare token of a blind index.
    ///
    /// # Errors
    /// The world's.
    fn seal(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
        record: &RecordId,
        field: &FieldName,
        token: Token,
    ) -> Result<Option<Vec<u8>>, StoreError>;
    /// What a person at home with a tenant logs in with.
    ///
    /// # Errors
    /// The same.
    fn seal_secrets(
        &self,
        home: &TenantId,
        person: &PersonId,
        secrets: AccountSecrets,
    ) -> Result<Option<Vec<u8>>, StoreError>;
}

pub(crate) fn failed(doing: &'static str) -> impl Fn(io::Error) -> StoreError {
    move |cause| StoreError { doing, cause: format!("snapshot: {cause}") }
}

/// The whole snapshots in a data folder, newest first: those whose note is signed by the key and whose rows are as long as it says.
/// What else lies there is passed over.
///
/// # Errors
/// The world's.
pub fn snapshots(folder: &Path, key: &VerifierKey) -> Result<Vec<Snapshot>, StoreError> {
    let mut all = Vec::new();
    let entries = match std::fs::read_dir(folder.join(SNAPSHOTS)) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(all),
        Err(cause) => return Err(failed("read")(cause)),
    };
    for entry in entries {
        let path = entry.map_err(failed("read"))?.path();
        if path.extension().is_none_or(|end| end != "note") {
            continue;
        }
        let note = std::fs::read_to_string(&path).map_err(failed("read"))?;
        match Snapshot::open(&note, key) {
            Some(one) if one.rows_in(folder).metadata().is_ok_and(|about| about.len() == one.bytes) => all.push(one),
            _ => {
                tracing::warn!(file = %path.display(), "this is no whole snapshot of this installation; it is passed over")
            }
        }
    }
    all.sort_unstable_by_key(|one| core::cmp::Reverse(one.at));
    Ok(all)
}

impl Snapshot {
    /// Where its rows lie in a data folder.
    #[must_use]
    pub fn rows_in(&self, folder: &Path) -> PathBuf {
        folder.join(SNAPSHOTS).join(format!("{}.db", self.name()))
    }

    /// Where its note lies in a data folder.
    #[must_use]
    pub fn note_in(&self, folder: &Path) -> PathBuf {
        folder.join(SNAPSHOTS).join(format!("{}.note", self.name()))
    }

    /// Whether the rows in a data folder are those that the note was signed for. It reads all of them.
    ///
    /// # Errors
    /// The world's.
    pub fn is_whole(&self, folder: &Path) -> Result<bool, StoreError> {
        match File::open(self.rows_in(folder)) {
            Ok(mut file) => Ok(sha256_of(&mut file).map_err(failed("read"))? == self.sha256),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(failed("read")(cause)),
        }
    }

    /// Takes it away from a data folder, its note first: if we die between the two, what is left is no snapshot and is cleared
    /// with the next one that goes.
    ///
    /// # Errors
    /// The world's.
    pub fn remove(&self, folder: &Path) -> Result<(), StoreError> {
        for path in [self.note_in(folder), self.rows_in(folder)] {
            absent(&path).map_err(failed("written"))?;
            sync_folder(folder).map_err(failed("written"))?;
        }
        Ok(())
    }

    /// Signs its note and puts it beside its rows, which must lie there, durable. From then on it is a snapshot.
    ///
    /// # Errors
    /// The world's.
    pub(crate) fn put_note(&self, folder: &Path, signer: &SigningKey) -> Result<(), StoreError> {
        let to = self.note_in(folder);
        let grows = to.with_extension("growing");
        let put = || -> io::Result<()> {
            std::fs::write(&grows, self.sign(signer))?;
            File::open(&grows)?.sync_all()?;
            std::fs::rename(&grows, &to)?;
            sync_folder(folder)
        };
        put().map_err(failed("written"))
    }
}

/// Takes away what a program that died left in `snapshots/`: whatever grows there, what was loaded for a look with the files beside it,
/// and rows without a note. All of it is overwritten first, since a state that was loaded holds bare what only the live one may. A note
/// without rows stays: whoever has the rows may put them back. Folders are nobody's of ours.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    let entries = match std::fs::read_dir(folder.join(SNAPSHOTS)) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let whole = match path.extension().and_then(|end| end.to_str()) {
            _ if entry.file_type()?.is_dir() => true,
            Some("note") => true,
            Some("db") => path.with_extension("note").exists(),
            _ => false,
        };
        if !whole {
            crate::distrusted::overwritten(&path)?;
        }
    }
    Ok(())
}

/// Removes a file; where there is none, that is fine.
pub(crate) fn absent(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder.join(SNAPSHOTS))?.sync_all()
}

/// SHA-256 of all that a reader gives.
pub(crate) fn sha256_of(from: &mut dyn Read) -> io::Result<Hash> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            break;
        }
        context.update(piece.get(..read).unwrap_or_default());
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Ok(Hash(hash))
}
