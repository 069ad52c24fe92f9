//! Live files in a place of whole objects, where they do not lie in the data folder: `kept/ab/abcd…`, and the wrapped key in
//! `kept/ab/abcd….key`. Both ways they are streamed, piece by piece; nothing of a file lies on the disk here.
//!
//! It is no archive: what is destroyed here is gone there at once, and the archive ships from it as from a folder. A place that keeps
//! what was deleted (a bucket with versions) breaks that promise, and the operator must not choose one.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use files::{Growing, Lying};
use terms::FileId;

use crate::layout::{FORMAT, MAX_SMALL_BYTES};
use crate::place::{Place, PlaceError, get};

const KEPT: &str = "kept/";
/// Pieces that wait to be sent.
const WAITING: usize = 2;

/// Live files at a place.
pub struct LiveFiles {
    place: Arc<dyn Place>,
}

fn object(file: &FileId) -> String {
    let name = file.to_string();
    format!("{KEPT}{}/{name}", name.get(..2).unwrap_or_default())
}

fn key_object(file: &FileId) -> String {
    format!("{}.key", object(file))
}

/// In a thread of its own: a bucket waits for its answers, which no task of a runtime may.
fn aside<T: Send>(work: impl FnOnce() -> Result<T, PlaceError> + Send) -> io::Result<T> {
    let done = std::thread::scope(|scope| {
        std::thread::Builder::new().name("kept".to_owned()).spawn_scoped(scope, work).map(|thread| thread.join())
    })?;
    done.map_err(|_| io::Error::other("asking for a file ended in the middle"))?.map_err(io::Error::other)
}

impl LiveFiles {
    /// Takes a place for live files. One that is an archive is refused: its files are the archive's.
    ///
    /// # Errors
    /// The place's, or that it is an archive.
    pub fn open(place: Arc<dyn Place>) -> io::Result<Self> {
        let archive = aside(|| get(&*place, FORMAT, MAX_SMALL_BYTES))?;
        if archive.is_some() {
            return Err(io::Error::other(format!(
                "`{}` is an archive; live files need a place of their own, or both are lost together. Nothing was touched",
                place.called()
            )));
        }
        Ok(Self { place })
    }
}

impl files::Place for LiveFiles {
    fn begin(&self, file: &FileId) -> io::Result<Box<dyn Growing>> {
        let (send, come) = sync_channel(WAITING);
        let (place, name) = (Arc::clone(&self.place), object(file));
        let run = move || place.put(&name, &mut Pieces { come, piece: Vec::new(), at: 0, ended: false });
        let thread = std::thread::Builder::new().name("kept".to_owned()).spawn(run)?;
        Ok(Box::new(Sends { send: Some(send), thread: Some(thread) }))
    }

    fn put_key(&self, file: &FileId, wrapped: &[u8]) -> io::Result<()> {
        aside(|| self.place.put(&key_object(file), &mut &*wrapped))
    }

    fn key(&self, file: &FileId) -> io::Result<Option<Vec<u8>>> {
        aside(|| get(&*self.place, &key_object(file), MAX_SMALL_BYTES))
    }

    fn open(&self, file: &FileId) -> io::Result<Option<Box<dyn Lying>>> {
        let name = object(file);
        let found = aside(|| {
            Ok(match self.place.length(&name)? {
                Some(bytes) => self.place.open(&name)?.map(|from| (bytes, from)),
                None => None,
            })
        })?;
        Ok(found.map(|(bytes, from)| Box::new(Comes { bytes, from }) as Box<dyn Lying>))
    }

    fn destroy(&self, file: &FileId) -> io::Result<()> {
        aside(|| self.place.delete(&key_object(file)).and_then(|()| self.place.delete(&object(file))))
    }

    fn all(&self) -> io::Result<Vec<FileId>> {
        let listed = aside(|| self.place.list(KEPT))?;
        let id = |name: &str| name.rsplit('/').next()?.split('.').next()?.parse::<FileId>().ok();
        let mut all: Vec<FileId> = listed.iter().filter_map(|one| id(&one.name)).collect();
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}

/// What comes to the thread that sends.
enum Piece {
    Bytes(Vec<u8>),
    /// It is whole.
    End,
}

/// A file on its way there. Dropped before its end, nothing of it lies there.
struct Sends {
    send: Option<SyncSender<Piece>>,
    thread: Option<JoinHandle<Result<(), PlaceError>>>,
}

impl Sends {
    fn give(&mut self, piece: Piece) -> io::Result<()> {
        let given = self.send.as_ref().is_some_and(|send| send.send(piece).is_ok());
        if given { Ok(()) } else { self.end() }
    }

    /// What became of it.
    fn end(&mut self) -> io::Result<()> {
        self.send = None;
        let ended = || io::Error::other("sending a file ended in the middle");
        let done = self.thread.take().ok_or_else(ended)?.join().map_err(|_| ended())?;
        done.map_err(io::Error::other)
    }
}

impl Growing for Sends {
    fn append(&mut self, sealed: &[u8]) -> io::Result<()> {
        self.give(Piece::Bytes(sealed.to_vec()))
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.give(Piece::End)?;
        self.end()
    }
}

/// Reads what comes. Where it ends before it was whole, that is an error and not an end, so that nothing counts as put.
struct Pieces {
    come: Receiver<Piece>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.piece.len() && !self.ended {
            match self.come.recv() {
                Ok(Piece::Bytes(piece)) => (self.piece, self.at) = (piece, 0),
                Ok(Piece::End) => self.ended = true,
                Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
        let now = (&mut self.piece.get(self.at..).unwrap_or_default()).read(into)?;
        self.at += now;
        Ok(now)
    }
}

/// A file on its way here.
struct Comes {
    bytes: u64,
    from: Box<dyn Read + Send>,
}

impl Lying for Comes {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let from = &mut self.from;
        let mut bytes = Vec::with_capacity(most);
        aside(|| {
            let read = Read::take(from, most as u64).read_to_end(&mut bytes);
            read.map(drop).map_err(|cause| PlaceError::new("read", KEPT, cause))
        })?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use files::Place as _;

    use super::*;

    #[test]
    fn files_lie_there_whole_or_not_at_all_and_an_archive_is_no_place_for_them() {
        let folder = tempfile::tempdir().unwrap();
        let place: Arc<dyn Place> = Arc::new(crate::Directory::open(folder.path()).unwrap());
        let kept = LiveFiles::open(Arc::clone(&place)).unwrap();
        let (one, other) = (FileId([1; 16]), FileId([2; 16]));
        let large: Vec<u8> = (0..900_000_u32).map(|n| (n % 251) as u8).collect();
        let mut grows = kept.begin(&one).unwrap();
        large.chunks(65_552).for_each(|piece| grows.append(piece).unwrap());
        grows.finish().unwrap();
        kept.put_key(&one, b"wrapped").unwrap();
        // Hung up in the middle.
        let mut grows = kept.begin(&other).unwrap();
        grows.append(&large).unwrap();
        drop(grows);
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(kept.all().unwrap(), [one]);
        let mut lies = kept.open(&one).unwrap().unwrap();
        assert_eq!(lies.bytes(), 900_000);
        let mut back = Vec::new();
        while back.len() < large.len() {
            let piece = lies.read(100_000).unwrap();
            assert!(piece.len() == 100_000 || back.len() + piece.len() == large.len());
            back.extend(piece);
        }
        assert!(back == large && lies.read(10).unwrap().is_empty());
        assert_eq!(kept.key(&one).unwrap().as_deref(), Some(&b"wrapped"[..]));
        assert!(kept.open(&other).unwrap().is_none() && kept.key(&other).unwrap().is_none());
        kept.destroy(&one).unwrap();
        kept.destroy(&one).unwrap();
        assert!(kept.all().unwrap().is_empty() && kept.key(&one).unwrap().is_none());
        crate::begin(&*place, "07").unwrap();
        assert!(LiveFiles::open(place).is_err_and(|error| error.to_string().contains("is an archive")));
    }
}
