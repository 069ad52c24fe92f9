//! The data folder: one program at a time, and room enough on the disk.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another program has it.
    #[error(
        "another Betrodd program is using the data folder {}; stop it first, or name another folder with --data",
        .folder.display()
    )]
    InUse {
        /// Which folder.
        folder: PathBuf,
    },
    /// The world did not cooperate.
    #[error("the data folder {} cannot be used: {cause}", .folder.display())]
    Failed {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Holds the data folder for this program until it is dropped or the process ends, however it ends.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the folder, making it if it is not there.
    ///
    /// # Errors
    /// [`FolderError::InUse`] where another program has it.
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        let failed = |cause| FolderError::Failed { folder: folder.to_owned(), cause };
        // Sealed or not, what lies here is nobody else's business.
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// Bytes that may still be written to the disk of `folder`.
///
/// # Errors
/// The system's.
pub(crate) fn free_bytes(folder: &Path) -> io::Result<u64> {
    let told = rustix::fs::statvfs(folder)?;
    Ok(told.f_bavail.saturating_mul(told.f_frsize))
}
