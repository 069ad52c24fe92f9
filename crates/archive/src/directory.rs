//! The second place as a directory: another disk, or one that another machine lends.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::place::{Listed, Place, PlaceError, named};

/// Where an object grows before it has its name. It begins with a point, so it is no object's.
const GROWING: &str = ".growing";

/// An archive in a directory.
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    /// Takes the directory, making it if it is not there. What somebody who died left growing is taken away.
    ///
    /// # Errors
    /// The system's.
    pub fn open(path: &Path) -> Result<Self, PlaceError> {
        let failed = |cause| PlaceError::new("read", &path.display().to_string(), cause);
        let growing = path.join(GROWING);
        make(&growing).map_err(failed)?;
        for entry in std::fs::read_dir(&growing).map_err(failed)? {
            std::fs::remove_file(entry.map_err(failed)?.path()).map_err(failed)?;
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Writes beside, syncs, and gives it its name: whoever dies in between leaves nothing that counts.
    fn write(&self, name: &str, from: &mut dyn Read) -> io::Result<()> {
        let new = self.path.join(GROWING).join(name.replace('/', "_"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        let written = io::copy(from, &mut file).and_then(|_| file.sync_all());
        drop(file);
        if let Err(cause) = written {
            // What is half is of no use to anybody; that it failed is what counts.
            drop(std::fs::remove_file(&new));
            return Err(cause);
        }
        let path = self.path.join(name);
        let folder = path.parent().unwrap_or(&self.path);
        if !folder.is_dir() {
            make(folder)?;
            // A folder's name lies in the one above it.
            let mut above = folder.parent();
            while let Some(one) = above.filter(|one| one.starts_with(&self.path)) {
                File::open(one)?.sync_all()?;
                above = one.parent();
            }
        }
        std::fs::rename(&new, &path)?;
        File::open(folder)?.sync_all()
    }

    fn collect(&self, folder: &Path, under: &str, all: &mut Vec<Listed>) -> io::Result<()> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(cause),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let named = format!("{under}{name}");
            if entry.file_type()?.is_dir() {
                self.collect(&entry.path(), &format!("{named}/"), all)?;
            } else {
                all.push(Listed { name: named, bytes: entry.metadata()?.len() });
            }
        }
        Ok(())
    }
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

impl Place for Directory {
    fn put(&self, name: &str, from: &mut dyn Read) -> Result<(), PlaceError> {
        named("put", name)?;
        self.write(name, from).map_err(|cause| PlaceError::new("put", name, cause))
    }

    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, PlaceError> {
        named("read", name)?;
        match File::open(self.path.join(name)) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(PlaceError::new("read", name, cause)),
        }
    }

    fn length(&self, name: &str) -> Result<Option<u64>, PlaceError> {
        named("read", name)?;
        match std::fs::metadata(self.path.join(name)) {
            Ok(about) => Ok(Some(about.len())),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(PlaceError::new("read", name, cause)),
        }
    }

    fn list(&self, under: &str) -> Result<Vec<Listed>, PlaceError> {
        let mut all = Vec::new();
        let listed = self.collect(&self.path.join(under), under, &mut all);
        listed.map_err(|cause| PlaceError::new("list", under, cause))?;
        all.sort_unstable();
        Ok(all)
    }

    fn delete(&self, name: &str) -> Result<(), PlaceError> {
        named("delete", name)?;
        let path = self.path.join(name);
        let deleted = std::fs::remove_file(&path).and_then(|()| match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        });
        match deleted {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(PlaceError::new("delete", name, cause)),
            _ => Ok(()),
        }
    }

    fn called(&self) -> String {
        self.path.display().to_string()
    }
}
