//! Files in a directory: `ab/abcdef…` with its key in `ab/abcdef….key`. The names are random numbers; owner, kind and size
//! of the plain file are told by none of them.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use terms::FileId;

use crate::place::{Growing, Lying, Place};

/// Bytes overwritten at a time.
const WIPE_BYTES: usize = 64 * 1024;

/// A directory of sealed files.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Takes the directory, making it if it is not there.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Ok(Self { path: path.to_owned() })
    }

    fn shelf(&self, file: &FileId) -> PathBuf {
        let name = file.to_string();
        self.path.join(name.get(..2).unwrap_or_default())
    }

    fn of(&self, file: &FileId) -> PathBuf {
        self.shelf(file).join(file.to_string())
    }

    fn key_of(&self, file: &FileId) -> PathBuf {
        self.shelf(file).join(format!("{file}.key"))
    }

    fn new_key_of(&self, file: &FileId) -> PathBuf {
        self.shelf(file).join(format!("{file}.key.new"))
    }
}

fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn there<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Ok(one) => Ok(Some(one)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// Overwrites a file with zeros, makes that durable, and unlinks it.
fn wipe(path: &Path) -> io::Result<()> {
    let Some(mut file) = there(OpenOptions::new().write(true).open(path))? else { return Ok(()) };
    let mut left = file.metadata()?.len();
    let zeros = vec![0; WIPE_BYTES];
    file.seek(SeekFrom::Start(0))?;
    while left > 0 {
        let now = left.min(WIPE_BYTES as u64);
        file.write_all(zeros.get(..now as usize).unwrap_or_default())?;
        left -= now;
    }
    file.sync_all()?;
    there(std::fs::remove_file(path)).map(drop)
}

impl Place for Folder {
    fn begin(&self, file: &FileId) -> io::Result<Box<dyn Growing>> {
        DirBuilder::new().recursive(true).mode(0o700).create(self.shelf(file))?;
        Ok(Box::new(new_file(&self.of(file))?))
    }

    fn put_key(&self, file: &FileId, wrapped: &[u8]) -> io::Result<()> {
        let (new, path) = (self.new_key_of(file), self.key_of(file));
        let mut key = new_file(&new)?;
        key.write_all(wrapped)?;
        key.sync_all()?;
        drop(key);
        std::fs::rename(&new, &path)?;
        // The names of file and key lie in the shelf, the shelf's in the directory.
        File::open(self.shelf(file))?.sync_all()?;
        File::open(&self.path)?.sync_all()
    }

    fn key(&self, file: &FileId) -> io::Result<Option<Vec<u8>>> {
        there(std::fs::read(self.key_of(file)))
    }

    fn open(&self, file: &FileId) -> io::Result<Option<Box<dyn Lying>>> {
        let Some(file) = there(File::open(self.of(file)))? else { return Ok(None) };
        let bytes = file.metadata()?.len();
        Ok(Some(Box::new(Lies { file, bytes })))
    }

    fn destroy(&self, file: &FileId) -> io::Result<()> {
        wipe(&self.key_of(file))?;
        wipe(&self.new_key_of(file))?;
        wipe(&self.of(file))?;
        match there(File::open(self.shelf(file)))? {
            Some(shelf) => shelf.sync_all(),
            None => Ok(()),
        }
    }

    fn all(&self) -> io::Result<Vec<FileId>> {
        let mut all: Vec<FileId> = Vec::new();
        for shelf in std::fs::read_dir(&self.path)? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(shelf.path())? {
                let name = entry?.file_name();
                let name = name.to_string_lossy();
                // What is not ours is left alone.
                all.extend(name.split('.').next().and_then(|id| id.parse::<FileId>().ok()));
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }
}

impl Growing for File {
    fn append(&mut self, sealed: &[u8]) -> io::Result<()> {
        self.write_all(sealed)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.sync_all()
    }
}

struct Lies {
    file: File,
    bytes: u64,
}

impl Lying for Lies {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn read(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(most);
        (&mut self.file).take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_was_overwritten_and_is_gone_and_the_rest_is_swept_by_name() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        let (one, other) = (FileId([1; 16]), FileId([2; 16]));
        for file in [one, other] {
            let mut grows = folder.begin(&file).unwrap();
            grows.append(b"sealed").unwrap();
            grows.finish().unwrap();
            folder.put_key(&file, b"wrapped").unwrap();
        }
        // A second name for the same bytes shows what they were before they were unlinked.
        let seen = place.path().join("seen");
        std::fs::hard_link(folder.of(&one), &seen).unwrap();
        folder.destroy(&one).unwrap();
        assert_eq!(std::fs::read(seen).unwrap(), [0; 6]);
        assert!(folder.key(&one).unwrap().is_none() && folder.open(&one).unwrap().is_none());
        assert_eq!(folder.all().unwrap(), [other]);
        folder.destroy(&one).unwrap();
    }
}
