//! Files beside the journal: each is sent before the entry that names it, and taken away when nothing names it any more. They
//! are sealed and never change. A file that was destroyed here is gone there within a minute, its key first; or, where an earlier instant
//! can be restored, when no instant can be any more at which it was named.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use journal::{Entry, Extra};
use storage::{Op, Redo};
use terms::{FileId, Instant};

use crate::layout::{FILES, MAX_SMALL_BYTES};
use crate::place::{Place, PlaceError, get, put_checked, put_stream_checked};
use crate::shipping::Companion;

/// Bytes read of a file at a time.
const PIECE_BYTES: usize = 256 << 10;

/// Every file that a record names, sorted.
pub type Named = Box<dyn Fn() -> Result<Vec<FileId>, String> + Send + Sync>;

/// Now, and since when a file must have been named to stay there though nothing names it any more; none where it goes at once. Where
/// that cannot be told, nothing goes.
pub type Stays = Box<dyn Fn() -> Result<Option<(Instant, Instant)>, String> + Send + Sync>;

/// Ships files.
pub struct ShippedFiles {
    here: Arc<dyn files::Place>,
    named: Named,
    stays: Stays,
    /// Sent since things were last compared: their entries may not be applied yet.
    young: Mutex<BTreeSet<FileId>>,
}

pub(crate) fn file_object(file: &FileId) -> String {
    let name = file.to_string();
    format!("{FILES}{}/{name}", name.get(..2).unwrap_or_default())
}

pub(crate) fn key_object(file: &FileId) -> String {
    format!("{}.key", file_object(file))
}

/// Since when nothing names a file any more.
fn gone_object(file: &FileId) -> String {
    format!("{}.gone", file_object(file))
}

/// What an object is of its file. In this order they go: without its key what remains is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Key,
    Bytes,
    Gone,
}

/// The file that an object belongs to, and what of it it is.
pub(crate) fn file_of(name: &str) -> Option<(FileId, Part)> {
    let (_, last) = name.strip_prefix(FILES)?.split_once('/')?;
    let (id, part) = match last.split_once('.') {
        None => (last, Part::Bytes),
        Some((id, "key")) => (id, Part::Key),
        Some((id, "gone")) => (id, Part::Gone),
        Some(_) => return None,
    };
    Some((id.parse().ok()?, part))
}

impl ShippedFiles {
    /// From where files lie here.
    #[must_use]
    pub fn new(here: Arc<dyn files::Place>, named: Named, stays: Stays) -> Self {
        Self { here, named, stays, young: Mutex::default() }
    }

    /// Sends a file, then its key: what has no key there is not there. One that is gone here meanwhile is not sent.
    fn send(&self, place: &dyn Place, file: &FileId) -> Result<(), String> {
        let told = |cause: io::Error| format!("a file could not be read: {cause}");
        let (Some(lying), Some(key)) = (self.here.open(file).map_err(told)?, self.here.key(file).map_err(told)?) else {
            return Ok(());
        };
        let mut lying = Reads { lying, piece: Vec::new(), at: 0 };
        put_stream_checked(place, &file_object(file), &mut lying).map_err(|error| error.to_string())?;
        put_checked(place, &key_object(file), &key).map_err(|error| error.to_string())
    }
}

impl ShippedFiles {
    /// Whether a file that nothing names any more goes now. It is noted since when, where files stay for a while.
    fn goes(
        &self,
        place: &dyn Place,
        file: &FileId,
        parts: &BTreeSet<Part>,
        stays: Option<(Instant, Instant)>,
    ) -> Result<bool, PlaceError> {
        let Some((now, since)) = stays else { return Ok(true) };
        if !parts.contains(&Part::Gone) {
            put_checked(place, &gone_object(file), now.micros().to_string().as_bytes())?;
            return Ok(false);
        }
        let note = get(place, &gone_object(file), MAX_SMALL_BYTES)?.unwrap_or_default();
        let gone = core::str::from_utf8(&note).ok().and_then(|micros| micros.parse().ok()).map(Instant);
        // A note that says nothing keeps nothing for ever.
        Ok(gone.is_none_or(|gone| gone < since))
    }
}

/// The files that entries name.
fn named_in(entries: &[Entry]) -> Result<Vec<FileId>, String> {
    let mut all = Vec::new();
    for redo in entries.iter().filter_map(|entry| entry.redo.as_deref()) {
        let unread = |cause: &dyn core::fmt::Display| format!("an entry could not be read: {cause}");
        let extra = Extra::decode(redo).map_err(|error| unread(&error))?;
        let Some(operations) = extra.operations else { continue };
        for op in Redo::read(&operations).map_err(|error| unread(&error))?.ops {
            if let Op::PutFile(put) = op {
                all.extend([put.file, put.small].into_iter().flatten());
            }
        }
    }
    Ok(all)
}

impl Companion for ShippedFiles {
    fn before(&self, place: &dyn Place, entries: &[Entry]) -> Result<(), String> {
        for file in named_in(entries)? {
            self.send(place, &file)?;
            self.young.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        }
        Ok(())
    }

    fn tidy(&self, place: &dyn Place) -> Result<(), String> {
        let young = core::mem::take(&mut *self.young.lock().unwrap_or_else(PoisonError::into_inner));
        let named = (self.named)()?;
        let lies = place.list(FILES).map_err(|error| error.to_string())?;
        let told = |error: PlaceError| error.to_string();
        let mut files: BTreeMap<FileId, BTreeSet<Part>> = BTreeMap::new();
        for (file, part) in lies.iter().filter_map(|listed| file_of(&listed.name)) {
            files.entry(file).or_default().insert(part);
        }
        let stays = (self.stays)()?;
        let mut whole = BTreeSet::new();
        for (file, parts) in &files {
            if named.binary_search(file).is_ok() || young.contains(file) {
                if parts.contains(&Part::Key) {
                    whole.insert(*file);
                }
                // Put back by a restore.
                if parts.contains(&Part::Gone) {
                    place.delete(&gone_object(file)).map_err(told)?;
                }
            } else if self.goes(place, file, parts, stays).map_err(told)? {
                // If we die in between, what is left goes the next time: the note of since when is the last.
                for name in [key_object(file), file_object(file), gone_object(file)] {
                    place.delete(&name).map_err(told)?;
                }
            }
        }
        for file in named.iter().filter(|file| !whole.contains(file)) {
            self.send(place, file)?;
        }
        Ok(())
    }
}

/// A file that lies here, as a reader.
struct Reads {
    lying: Box<dyn files::Lying>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Reads {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            self.piece = self.lying.read(PIECE_BYTES)?;
            self.at = 0;
        }
        let now = (&mut self.piece.get(self.at..).unwrap_or_default()).read(into)?;
        self.at += now;
        Ok(now)
    }
}

/// How many bytes of files lie at a place.
///
/// # Errors
/// The place's.
pub fn file_bytes(place: &dyn Place) -> Result<u64, PlaceError> {
    Ok(place.list(FILES)?.iter().map(|one| one.bytes).sum())
}

/// Brings the files for which `wanted` holds, and which lie at a place with their key, to where files lie here, durably, and calls
/// `told` with the bytes of each piece. One without a key was never whole there.
///
/// # Errors
/// The place's, or that nothing can be written here.
pub fn fetch_files(
    place: &dyn Place,
    here: &dyn files::Place,
    wanted: &dyn Fn(&FileId) -> bool,
    told: &mut dyn FnMut(u64),
) -> Result<(), PlaceError> {
    for listed in place.list(FILES)? {
        let Some((file, Part::Key)) = file_of(&listed.name).filter(|(file, _)| wanted(file)) else { continue };
        let name = file_object(&file);
        let unread = |cause: io::Error| PlaceError::new("read", &name, cause);
        // Destroyed between the two: it stays so.
        let (Some(mut from), Some(key)) = (place.open(&name)?, get(place, &listed.name, MAX_SMALL_BYTES)?) else {
            continue;
        };
        let mut grows = here.begin(&file).map_err(unread)?;
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let read = from.read(&mut piece).map_err(unread)?;
            if read == 0 {
                break;
            }
            grows.append(piece.get(..read).unwrap_or_default()).map_err(unread)?;
            told(read as u64);
        }
        grows.finish().map_err(unread)?;
        here.put_key(&file, &key).map_err(unread)?;
        told(listed.bytes);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_there_and_back_and_what_is_destroyed_here_is_gone_there() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (second, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = crate::Directory::open(second.path()).unwrap();
        let here: Arc<dyn files::Place> = Arc::new(files::Folder::open(one.path()).unwrap());
        let put = |file: FileId, bytes: &[u8]| {
            let mut grows = here.begin(&file).unwrap();
            grows.append(bytes).unwrap();
            grows.finish().unwrap();
            here.put_key(&file, b"wrapped").unwrap();
        };
        let large: Vec<u8> = (0..700_000_u32).map(|n| (n % 253) as u8).collect();
        let ids = [FileId([1; 16]), FileId([2; 16]), FileId([3; 16])];
        put(ids[0], &large);
        put(ids[1], b"small");
        // Nobody names it: it is waiting, or garbage.
        put(ids[2], b"waiting");
        let named = Arc::new(Mutex::new(vec![ids[0], ids[1]]));
        let asked = Arc::clone(&named);
        let stays = Arc::new(Mutex::new(Ok(None)));
        let shipped = ShippedFiles::new(Arc::clone(&here), Box::new(move || Ok(asked.lock().unwrap().clone())), {
            let stays = Arc::clone(&stays);
            Box::new(move || stays.lock().unwrap().clone())
        });
        shipped.tidy(&place).unwrap();
        assert_eq!(place.list("").unwrap().len(), 4);
        let back = files::Folder::open(two.path()).unwrap();
        let mut told = 0;
        fetch_files(&place, &back, &|_| true, &mut |bytes| told += bytes).unwrap();
        assert_eq!(told, file_bytes(&place).unwrap());
        use files::Place as _;
        assert_eq!(back.all().unwrap(), [ids[0], ids[1]]);
        assert!(back.open(&ids[0]).unwrap().unwrap().read(1 << 20).unwrap() == large);
        assert_eq!(back.key(&ids[1]).unwrap().as_deref(), Some(&b"wrapped"[..]));
        // Destroyed here; and one whose key did not come is not there.
        named.lock().unwrap().remove(0);
        shipped.tidy(&place).unwrap();
        assert_eq!(place.list("").unwrap().len(), 2);
        place.delete(&key_object(&ids[1])).unwrap();
        let none = files::Folder::open(away.path()).unwrap();
        fetch_files(&place, &none, &|_| true, &mut |_| {}).unwrap();
        assert!(none.all().unwrap().is_empty());
        // It is sent again, whole.
        shipped.tidy(&place).unwrap();
        fetch_files(&place, &none, &|file| *file == ids[0], &mut |_| {}).unwrap();
        assert!(none.all().unwrap().is_empty(), "not asked for");
        fetch_files(&place, &none, &|_| true, &mut |_| {}).unwrap();
        assert_eq!(none.all().unwrap(), [ids[1]]);
        // Where an instant can be restored at which it was named, it stays until none can, unless it is named again.
        let objects = || place.list("").unwrap().len();
        *stays.lock().unwrap() = Err("the state is busy".to_owned());
        named.lock().unwrap().clear();
        assert_eq!(shipped.tidy(&place), Err("the state is busy".to_owned()));
        assert_eq!(objects(), 2, "where that cannot be told, nothing goes");
        *stays.lock().unwrap() = Ok(Some((Instant(100), Instant(0))));
        shipped.tidy(&place).unwrap();
        assert_eq!(objects(), 3, "file, key, and since when");
        *stays.lock().unwrap() = Ok(Some((Instant(200), Instant(100))));
        shipped.tidy(&place).unwrap();
        assert_eq!(objects(), 3);
        named.lock().unwrap().push(ids[1]);
        shipped.tidy(&place).unwrap();
        assert_eq!(objects(), 2);
        named.lock().unwrap().clear();
        for (now, since, left) in [(200, 100, 3), (400, 200, 3), (401, 201, 0)] {
            *stays.lock().unwrap() = Ok(Some((Instant(now), Instant(since))));
            shipped.tidy(&place).unwrap();
            assert_eq!(objects(), left, "{now}");
        }
    }
}
