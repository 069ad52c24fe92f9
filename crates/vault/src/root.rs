//! The root key: 32 random bytes in a file that only the program's user can read. Vault transit and PKCS#11 come later.

use std::fs::OpenOptions;
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
                let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(failed)?;
                made.write_all(raw.as_ref()).and_then(|()| made.sync_all()).map_err(failed)?;
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
