//! The secret that a custodian and the programs that ask it share: 32 random bytes in a file that only its owner can read.

use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use vault::channel::Channel;
use zeroize::Zeroizing;

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read or made.
    #[error("the custodian's secret {} cannot be used: {cause}", .file.display())]
    Failed {
        /// Which file.
        file: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It is none.
    #[error("{} is no custodian's secret: it must hold exactly 32 bytes. Copy `custodian.secret` from the custodian's folder anew", .file.display())]
    Form {
        /// Which file.
        file: PathBuf,
    },
    /// Others can read it.
    #[error("the custodian's secret {} can be read by others; run `chmod 600` on it", .file.display())]
    Open {
        /// Which file.
        file: PathBuf,
    },
}

/// The secret. No `Debug`; wiped when dropped.
pub struct Secret(pub(crate) Zeroizing<[u8; 32]>);

impl Secret {
    /// Reads the file.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn open(file: &Path) -> Result<Self, SecretError> {
        let failed = |cause| SecretError::Failed { file: file.to_owned(), cause };
        let opened = std::fs::File::open(file).map_err(failed)?;
        if opened.metadata().map_err(failed)?.mode() & 0o077 != 0 {
            return Err(SecretError::Open { file: file.to_owned() });
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(33));
        opened.take(33).read_to_end(&mut bytes).map_err(failed)?;
        let secret = bytes.as_slice().try_into().map_err(|_| SecretError::Form { file: file.to_owned() })?;
        Ok(Self(Zeroizing::new(secret)))
    }

    /// Reads the file, or makes it where there is none. Durable when it returns.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn open_or_begin(file: &Path) -> Result<Self, SecretError> {
        let failed = |cause| SecretError::Failed { file: file.to_owned(), cause };
        if file.try_exists().map_err(failed)? {
            return Self::open(file);
        }
        let secret =
            Zeroizing::new(Channel::hello().map_err(|error| failed(std::io::Error::other(error.to_string())))?);
        let new = file.with_extension("new");
        match std::fs::remove_file(&new) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(failed(cause)),
            _ => {}
        }
        crate::folder::keep(file, secret.as_ref()).map_err(failed)?;
        Ok(Self(secret))
    }
}
