//! Derived files that are written at once and made durable together, later. What the power takes of them is made again.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Up to so many files are synced one by one.
const FEW_FILES: usize = 64;

/// Files and directories that are written and may be lost with the power.
#[derive(Debug, Default)]
pub struct Unsynced {
    files: Vec<PathBuf>,
    dirs: HashSet<PathBuf>,
}

impl Unsynced {
    /// Takes what another log has.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
        self.dirs.extend(other.dirs);
    }

    /// Makes everything durable: file by file where there are few; where there are many, all of the file system in which `within`
    /// lies, which is one call and may write what others left unwritten.
    ///
    /// # Errors
    /// As the system says. What is durable is then unknown, and calling again would not find it out.
    pub fn sync(self, within: &Path) -> io::Result<()> {
        if cfg!(target_os = "linux") && self.files.len() > FEW_FILES {
            return sync_file_system(&File::open(within)?);
        }
        for file in self.files.iter().chain(&self.dirs) {
            match File::open(file) {
                // A partial tile that a newer one has replaced.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                file => file?.sync_all()?,
            }
        }
        Ok(())
    }

    /// Writes a tile. A name that is there already is replaced by rename: somebody may be reading it, since the log is written
    /// again, and what it holds may be what a power loss left.
    pub(crate) fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let created = match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                path.parent().map_or(Ok(()), |dir| self.make_dir(dir))?;
                File::create_new(path)
            }
            created => created,
        };
        match created {
            Ok(mut file) => {
                file.write_all(bytes)?;
                self.wrote(path);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.put(path, bytes),
            Err(error) => Err(error),
        }
    }

    /// Puts a file in the place of whatever has that name, so that who reads sees the old one or the new one.
    pub(crate) fn put(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let new = path.with_extension("new");
        fs::write(&new, bytes)?;
        fs::rename(new, path)?;
        self.wrote(path);
        Ok(())
    }

    fn wrote(&mut self, path: &Path) {
        self.files.push(path.to_owned());
        if let Some(dir) = path.parent().filter(|dir| !self.dirs.contains(*dir)) {
            self.dirs.insert(dir.to_owned());
        }
    }

    /// Makes a directory with those above it. Names in each of them are new.
    pub(crate) fn make_dir(&mut self, dir: &Path) -> io::Result<()> {
        let mut made = dir;
        while let (false, Some(above)) = (made.exists(), made.parent()) {
            self.dirs.insert(above.to_owned());
            made = above;
        }
        fs::create_dir_all(dir)
    }
}

#[cfg(target_os = "linux")]
fn sync_file_system(within: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(within)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(within: &File) -> io::Result<()> {
    within.sync_all()
}
