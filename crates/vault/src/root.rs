//! The root key: 32 random bytes in a file that only the program's user can read. Vault transit and PKCS#11 come later.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::seal::{KEY_LEN, RawKey, new_raw_key};

/// Why there is no root key.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// The file could not be read or made.
    #[error("the root key {} cannot be used: {cause}", .file.display())]
    Failed {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file is no root key.
    #[error("{} is no root key: it must hold exactly 32 bytes. Without the right file nothing in this folder opens", .file.display())]
    Form {
        /// Which file.
        file: PathBuf,
    },
    /// Others can read the file.
    #[error("the root key {} can be read by others; run `chmod 600` on it", .file.display())]
    Open {
        /// Which file.
        file: PathBuf,
    },
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    Random,
}

/// The root key. No `Debug`, no `Clone`; wiped when dropped.
pub struct Root {
    raw: RawKey,
}

impl Root {
    /// Reads the root key, or makes one if the file is not there. Durable when it returns.
    ///
    /// # Errors
    /// See [`RootError`]. A file that others can read is refused.
    pub fn open_or_begin(file: &Path) -> Result<Self, RootError> {
        let failed = |cause| RootError::Failed { file: file.to_owned(), cause };
        let mut opened = match OpenOptions::new().read(true).open(file) {
            Ok(opened) => opened,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
                let raw = new_raw_key().map_err(|_| RootError::Random)?;
                begin(file, raw.as_ref()).map_err(failed)?;
                return Ok(Self { raw });
            }
            Err(cause) => return Err(failed(cause)),
        };
        if opened.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(RootError::Open { file: file.to_owned() });
        }
        let mut raw = Zeroizing::new([0; KEY_LEN]);
        let mut rest = [0; 1];
        let wrong = || RootError::Form { file: file.to_owned() };
        opened.read_exact(raw.as_mut()).map_err(|_| wrong())?;
        if opened.read(&mut rest).map_err(failed)? != 0 {
            return Err(wrong());
        }
        Ok(Self { raw })
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.raw.as_ref()
    }
}

/// Writes the key under another name first: whoever dies in the middle leaves no half key, which no start would take. The name is
/// made durable too, because everything written from now on needs it.
fn begin(file: &Path, raw: &[u8]) -> std::io::Result<()> {
    let new = file.with_extension("new");
    match std::fs::remove_file(&new) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    made.write_all(raw)?;
    made.sync_all()?;
    std::fs::rename(&new, file)?;
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_half_written_when_the_program_died_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("root.key");
        std::fs::write(folder.path().join("root.new"), [1; 7]).unwrap();
        let made = Root::open_or_begin(&file).unwrap_or_else(|error| panic!("{error}"));
        let read = Root::open_or_begin(&file).unwrap_or_else(|error| panic!("{error}"));
        assert!(made.bytes() == read.bytes());
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_another_length_or_for_others_to_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("root.key");
        for (length, mode) in [(0, 0o600), (31, 0o600), (33, 0o600), (32, 0o640)] {
            std::fs::write(&file, vec![1; length]).unwrap();
            std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
            assert!(Root::open_or_begin(&file).is_err(), "{length} bytes, {mode:o}");
        }
    }
}
