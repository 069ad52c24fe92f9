//! A disk in memory that fails on demand, for fault runs: it keeps what is synced apart from what is only written, loses the
//! difference in a crash, refuses chosen calls, runs full, and remembers what was asked of it in which order.
//!
//! No program opens a journal on it; it is compiled always so that the fault runs of other rooms can use it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Disk, DiskFile};

/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Default)]
pub struct FaultyDisk {
    state: Arc<Mutex<State>>,
}

/// What is left of unsynced writes after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: the power went before anything reached the disk.
    Nothing,
    /// Everything: the process died, the system did not.
    Everything,
    /// The first bytes of each unsynced write.
    Prefix(usize),
    /// Some sectors of each unsynced write, chosen by the seed.
    Sectors(u64),
}

/// One call that changed something, by file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// A file was made or lengthened.
    Prepare(String),
    /// Bytes were written, so many, at this offset.
    Write(String, u64, usize),
    /// A file was synced.
    Sync(String),
    /// A file was replaced.
    Replace(String),
    /// A directory was synced.
    SyncDir,
}

#[derive(Default, Clone)]
struct State {
    files: BTreeMap<PathBuf, Contents>,
    trace: Vec<Operation>,
    /// Calls until one fails, and how.
    fails: Option<(u64, io::ErrorKind)>,
    room_bytes: Option<u64>,
}

#[derive(Default, Clone)]
struct Contents {
    /// What a reader sees.
    now: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<(usize, Vec<u8>)>,
    name_is_durable: bool,
}

struct Handle {
    disk: FaultyDisk,
    path: PathBuf,
}

impl FaultyDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The disk as the next start finds it. This one goes on as if nothing had happened.
    #[must_use]
    pub fn crash(&self, keep: Keep) -> Self {
        let mut after = self.state().clone();
        after.files.retain(|_, file| file.name_is_durable || keep == Keep::Everything);
        after.trace.clear();
        after.fails = None;
        let mut random = Random(match keep {
            Keep::Sectors(seed) => seed.wrapping_mul(2).wrapping_add(1),
            Keep::Nothing | Keep::Everything | Keep::Prefix(_) => 1,
        });
        for file in after.files.values_mut() {
            for (offset, bytes) in core::mem::take(&mut file.unsynced) {
                match keep {
                    Keep::Nothing => {}
                    Keep::Everything => put(&mut file.synced, offset, &bytes),
                    Keep::Prefix(length) => put(&mut file.synced, offset, &bytes[..length.min(bytes.len())]),
                    Keep::Sectors(_) => {
                        let mut at = 0;
                        while at < bytes.len() {
                            let next = (at + SECTOR_BYTES - (offset + at) % SECTOR_BYTES).min(bytes.len());
                            if random.next() & 1 == 1 {
                                put(&mut file.synced, offset + at, &bytes[at..next]);
                            }
                            at = next;
                        }
                    }
                }
            }
            file.now.clone_from(&file.synced);
            file.name_is_durable = true;
        }
        Self { state: Arc::new(Mutex::new(after)) }
    }

    /// Lets the `nth` changing call from now on fail (the next one is 1). A failing write leaves half of its bytes.
    pub fn fail_call(&self, nth: u64, kind: io::ErrorKind) {
        self.state().fails = Some((nth, kind));
    }

    /// Lets the disk have room for so many bytes in all, or for any number.
    pub fn set_room(&self, room_bytes: Option<u64>) {
        self.state().room_bytes = room_bytes;
    }

    /// What changed the disk so far, in order.
    #[must_use]
    pub fn trace(&self) -> Vec<Operation> {
        self.state().trace.clone()
    }

    /// How many bytes the files have in all.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.state().used_bytes()
    }

    /// Changes the bytes of a file behind everybody's back, synced ones too. Does nothing when there is no such file.
    pub fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(file) = self.state().files.get_mut(path) {
            change(&mut file.now);
            file.synced.clone_from(&file.now);
            file.unsynced.clear();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn used_bytes(&self) -> u64 {
        self.files.values().map(|file| file.now.len() as u64).sum()
    }

    /// Counts a changing call; an error when it is the one to fail.
    fn call(&mut self, operation: Operation) -> io::Result<()> {
        self.trace.push(operation);
        let Some((left, kind)) = &mut self.fails else { return Ok(()) };
        *left = left.saturating_sub(1);
        if *left > 0 {
            return Ok(());
        }
        let kind = *kind;
        self.fails = None;
        Err(kind.into())
    }

    fn file(&mut self, path: &Path) -> io::Result<&mut Contents> {
        self.files.get_mut(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Disk for FaultyDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        Ok(state.files.keys().filter(|path| path.parent() == Some(dir)).map(|path| name(path)).collect())
    }

    fn prepare(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.call(Operation::Prepare(name(path)))?;
        let before = state.files.get(path).map_or(0, |file| file.now.len() as u64);
        if state.room_bytes.is_some_and(|room| state.used_bytes() + bytes.saturating_sub(before) > room) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = state.files.entry(path.to_owned()).or_default();
        let length = file.now.len().max(bytes as usize);
        file.now.resize(length, 0);
        file.synced.clone_from(&file.now);
        file.unsynced.clear();
        drop(state);
        self.open(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.state().file(path)?;
        Ok(Box::new(Handle { disk: self.clone(), path: path.to_owned() }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        Ok(self.state().file(path)?.now.clone())
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        state.call(Operation::Replace(name(path)))?;
        let whole =
            Contents { now: bytes.to_vec(), synced: bytes.to_vec(), unsynced: Vec::new(), name_is_durable: true };
        state.files.insert(path.to_owned(), whole);
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.call(Operation::SyncDir)?;
        for (path, file) in &mut state.files {
            file.name_is_durable |= path.parent() == Some(dir);
        }
        Ok(())
    }

    fn aside(&self, work: Box<dyn FnOnce() + Send>) {
        work();
    }
}

impl DiskFile for Handle {
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let from = offset as usize;
        let found = state.file(&self.path)?.now.get(from..from.saturating_add(bytes.len()));
        bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let outcome = state.call(Operation::Write(name(&self.path), offset, bytes.len()));
        let bytes = if outcome.is_ok() { bytes } else { &bytes[..bytes.len() / 2] };
        let file = state.file(&self.path)?;
        put(&mut file.now, offset as usize, bytes);
        file.unsynced.push((offset as usize, bytes.to_vec()));
        outcome
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.call(Operation::Sync(name(&self.path)))?;
        let file = state.file(&self.path)?;
        file.synced.clone_from(&file.now);
        file.unsynced.clear();
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.disk.state().file(&self.path)?.now.len() as u64)
    }
}

fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[offset..end].copy_from_slice(bytes);
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Marsaglia's xorshift: a run with the same seed loses the same sectors.
struct Random(u64);

impl Random {
    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 32
    }
}
