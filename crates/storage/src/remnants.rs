//! What a database leaves in its file after a row is deleted, looked for in the file itself.
//!
//! `secure_delete` overwrites what is deleted, but SQLite also moves rows between pages, and what a move leaves behind in a page
//! it does not overwrite. So after an erasure the bytes of what was deleted are looked for in the file and its WAL. Not here:
//! what is done about it (`key_store.rs`, `sqlite.rs`), and what lies below the files, on the disk itself.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::engine::StoreError;

/// Bytes read at a time.
const CHUNK_BYTES: usize = 1 << 20;
/// The least bytes by which something is looked for: fewer would be found by chance.
const LEAST_BYTES: usize = 16;
/// The first bytes of what is looked for by which candidates are found.
const HEAD_BYTES: usize = 8;
/// Most bytes of one thing that are looked for: its beginning tells it.
const MOST_BYTES: usize = 64;

fn unread(cause: std::io::Error) -> StoreError {
    StoreError { doing: "read", cause: format!("looking for what was erased: {cause}") }
}

fn wal(path: &Path) -> PathBuf {
    let mut file = path.as_os_str().to_owned();
    file.push("-wal");
    PathBuf::from(file)
}

/// Makes the WAL's emptiness durable.
pub(crate) fn sync_wal(path: &Path) -> Result<(), StoreError> {
    match File::open(wal(path)) {
        Ok(file) => file.sync_all().map_err(unread),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(unread(cause)),
    }
}

/// Whether any of `sought` lies in the database at `path` or in its WAL. What is shorter than sixteen bytes is not looked for.
pub(crate) fn found(path: &Path, sought: &[Vec<u8>]) -> Result<bool, StoreError> {
    let mut sought: Vec<&[u8]> =
        sought.iter().filter(|one| one.len() >= LEAST_BYTES).map(|one| one.get(..MOST_BYTES).unwrap_or(one)).collect();
    // By their first bytes, so that one look-up at each place of the file is enough for all of them.
    sought.sort_unstable();
    if sought.is_empty() {
        return Ok(false);
    }
    for file in [path.to_owned(), wal(path)] {
        match File::open(file) {
            Ok(mut file) => {
                if found_in(&mut file, &sought)? {
                    return Ok(true);
                }
            }
            Err(cause) if cause.kind() == ErrorKind::NotFound => {}
            Err(cause) => return Err(unread(cause)),
        }
    }
    Ok(false)
}

fn found_in(file: &mut dyn Read, sought: &[&[u8]]) -> Result<bool, StoreError> {
    let heads = Heads::of(sought);
    let mut held: Vec<u8> = Vec::with_capacity(CHUNK_BYTES + MOST_BYTES);
    loop {
        let before = held.len();
        let read = file.take(CHUNK_BYTES as u64).read_to_end(&mut held).map_err(unread)?;
        for (at, window) in held.windows(HEAD_BYTES).enumerate() {
            if heads.perhaps(window)
                && let Some(rest) = held.get(at..)
                && any_begins(sought, rest)
            {
                return Ok(true);
            }
        }
        if read == 0 {
            return Ok(false);
        }
        // What begins at the end of this part ends in the next.
        let keep = held.len().min(MOST_BYTES - 1);
        debug_assert!(before <= MOST_BYTES, "only the end of the part before is kept");
        held.drain(..held.len() - keep);
    }
}

fn any_begins(sought: &[&[u8]], rest: &[u8]) -> bool {
    let Some(head) = rest.get(..HEAD_BYTES) else { return false };
    let from = sought.partition_point(|one| one.get(..HEAD_BYTES).is_some_and(|first| first < head));
    sought
        .iter()
        .skip(from)
        .take_while(|one| one.get(..HEAD_BYTES) == Some(head))
        .any(|one| rest.get(..one.len()) == Some(*one))
}

/// Which first bytes may begin something: never wrong when it says *no*.
struct Heads(Vec<u64>);

impl Heads {
    const BITS: usize = 1 << 16;

    fn of(sought: &[&[u8]]) -> Self {
        let mut heads = Self(vec![0; Self::BITS / 64]);
        for one in sought {
            let place = Self::place(one);
            if let Some(word) = heads.0.get_mut(place / 64) {
                *word |= 1 << (place % 64);
            }
        }
        heads
    }

    fn place(bytes: &[u8]) -> usize {
        match bytes {
            [one, other, ..] => usize::from(*one) << 8 | usize::from(*other),
            _ => 0,
        }
    }

    fn perhaps(&self, window: &[u8]) -> bool {
        let place = Self::place(window);
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_anywhere_is_found_also_where_two_parts_meet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("some.db");
        let sought = [vec![9; 20], (0..200).collect::<Vec<u8>>(), vec![7; 16]];
        assert!(!found(&path, &sought).unwrap(), "no file holds nothing");
        for at in [0, 1, CHUNK_BYTES - 70, CHUNK_BYTES - 20, CHUNK_BYTES - 1, CHUNK_BYTES, 2 * CHUNK_BYTES + 5] {
            for one in &sought {
                let mut bytes = vec![0; at];
                bytes.extend_from_slice(one);
                std::fs::write(&path, &bytes).unwrap();
                assert!(found(&path, &sought).unwrap(), "{at}");
                assert!(!found(&path, &[vec![1; 16]]).unwrap(), "{at}");
                bytes.pop();
                if one.len() < MOST_BYTES {
                    std::fs::write(&path, &bytes).unwrap();
                    assert!(!found(&path, &sought).unwrap(), "cut, at {at}");
                }
                std::fs::write(&path, []).unwrap();
                std::fs::write(wal(&path), one).unwrap();
                assert!(found(&path, &sought).unwrap(), "in the WAL");
                std::fs::remove_file(wal(&path)).unwrap();
            }
        }
        // Too short to mean anything.
        std::fs::write(&path, [1; 100]).unwrap();
        assert!(!found(&path, &[vec![1; 15]]).unwrap());
    }
}
