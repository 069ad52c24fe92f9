//! The file operations that the journal needs, and nothing more, so that a run can put a failing disk in their place.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A place that holds files. Two implementations: [`RealDisk`], and [`crate::faulty::FaultyDisk`] for fault runs.
pub trait Disk: Send + Sync {
    /// The names of the files in `dir`, in no order.
    ///
    /// # Errors
    /// As the system says; a missing `dir` is an error.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Opens a file, or creates it, and fills it with zeros up to `bytes`. When it returns, contents and length are durable, but
    /// a new name is so only after [`Disk::sync_dir`]. When it fails, the file is no longer than it was (as far as the disk lets us).
    ///
    /// # Errors
    /// As the system says; a full disk shows itself here and not while appending.
    fn prepare(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>>;

    /// Opens a file for reading and writing.
    ///
    /// # Errors
    /// As the system says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Reads a whole file.
    ///
    /// # Errors
    /// As the system says.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Puts a file with `bytes` in the place of whatever has that name, whole or not at all, and durable when it returns.
    ///
    /// # Errors
    /// As the system says.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Makes the names in `dir` durable.
    ///
    /// # Errors
    /// As the system says.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Does work that the caller need not wait for. A fault run does it at once, so that its order is always the same.
    fn aside(&self, work: Box<dyn FnOnce() + Send>);
}

/// An open file.
pub trait DiskFile: Send + Sync {
    /// Fills `bytes` from `offset` on.
    ///
    /// # Errors
    /// As the system says; `UnexpectedEof` when the file is too short.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes all of `bytes` at `offset`. Not durable before [`DiskFile::sync_data`] returns.
    ///
    /// # Errors
    /// As the system says; then any part of `bytes` may have been written.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes everything that was written durable.
    ///
    /// # Errors
    /// As the system says; what is durable is then unknown.
    fn sync_data(&self) -> io::Result<()>;

    /// The length in bytes.
    ///
    /// # Errors
    /// As the system says.
    fn size(&self) -> io::Result<u64>;
}

/// The file system of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in fs::read_dir(dir)? {
            names.extend(file?.file_name().into_string().ok());
        }
        Ok(names)
    }

    fn prepare(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let before = file.metadata()?.len();
        // Real zeros, not a hole: a later sync then commits neither a length nor newly found blocks.
        if let Err(error) = fill(&file, before, bytes).and_then(|()| file.sync_all()) {
            file.set_len(before).ok();
            return Err(error);
        }
        Ok(Box::new(file))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().read(true).write(true).open(path)?))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let new = path.with_extension("new");
        let file = File::create(&new)?;
        write_without_zeros(&file, bytes)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        path.parent().map_or(Ok(()), |dir| self.sync_dir(dir))
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::open(dir)?.sync_all()
    }

    fn aside(&self, work: Box<dyn FnOnce() + Send>) {
        // Where no thread can be had the work is dropped; who waits for its outcome sees that and does it himself.
        std::thread::Builder::new().name("journal-spare".to_owned()).spawn(work).ok();
    }
}

impl DiskFile for File {
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(bytes, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn sync_data(&self) -> io::Result<()> {
        File::sync_data(self)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// Bytes that a file system keeps or leaves out together.
const BLOCK_BYTES: usize = 4096;

/// Writes a new file of these bytes, and leaves out blocks of nothing but zeros: a hole reads the same and takes no room. What was
/// purged from a segment is zeros, and so is the rest of one that was closed early.
fn write_without_zeros(file: &File, bytes: &[u8]) -> io::Result<()> {
    file.set_len(bytes.len() as u64)?;
    let (mut at, mut from) = (0, None);
    for block in bytes.chunks(BLOCK_BYTES) {
        let zeros = block.iter().all(|byte| *byte == 0);
        match (zeros, from) {
            (false, None) => from = Some(at),
            (true, Some(begins)) => {
                file.write_all_at(bytes.get(begins..at).unwrap_or_default(), begins as u64)?;
                from = None;
            }
            _ => {}
        }
        at += block.len();
    }
    from.map_or(Ok(()), |begins| file.write_all_at(bytes.get(begins..).unwrap_or_default(), begins as u64))
}

/// A piece at a time, each on the disk before the next: the syncs of the segment that is being filled get their turn in between, and
/// would else wait for all of it.
fn fill(file: &File, from: u64, to: u64) -> io::Result<()> {
    const ZEROS: &[u8] = &[0; 256 << 10];
    const PIECE: u64 = 1 << 20;
    let (mut at, mut unsynced) = (from, 0);
    while at < to {
        let step = (to - at).min(ZEROS.len() as u64);
        file.write_all_at(&ZEROS[..step as usize], at)?;
        (at, unsynced) = (at + step, unsynced + step);
        if unsynced >= PIECE {
            file.sync_data()?;
            unsynced = 0;
        }
    }
    Ok(())
}
