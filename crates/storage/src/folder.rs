//! The data folder: one program at a time, and room enough on the disk.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
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
        make(folder).map_err(failed)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {
                close_to_others(folder).map_err(failed)?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }
}

/// Makes the folder with those above it, where they are not there, and makes their names durable: what is acknowledged in a folder whose
/// name the power takes is lost with it.
fn make(folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|one| !one.as_os_str().is_empty() && !one.exists()).collect();
    // Sealed or not, what lies here is nobody else's business.
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    for one in missing {
        let above = one.parent().filter(|above| !above.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

/// Takes away what others may do in the folder, where somebody made it for us or opened it since. Only a folder that holds
/// nothing else than what we put there: whoever names their home by mistake keeps it as it is.
fn close_to_others(folder: &Path) -> io::Result<()> {
    let about = std::fs::metadata(folder)?;
    if about.mode() & 0o077 == 0 {
        return Ok(());
    }
    let mut ours = true;
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name == "keys.db" {
            ours = true;
            break;
        }
        ours &= name == "lock";
    }
    if !ours || about.uid() != rustix::process::geteuid().as_raw() {
        tracing::warn!(folder = %folder.display(), "others can look into the data folder; `chmod 700` it");
        return Ok(());
    }
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// Why there is no room for what is needed; nothing where there is.
pub(crate) fn room(folder: &Path, needed: u64) -> Option<String> {
    match free_bytes(folder) {
        Ok(free) if free >= needed => None,
        Ok(free) => Some(format!(
            "{free} bytes are left and {needed} are needed, with what is held in reserve so that what is acknowledged can be \
             applied; free some room"
        )),
        Err(cause) => Some(format!("the free room could not be read: {cause}")),
    }
}

/// Bytes that may still be written to the disk of `folder`.
///
/// # Errors
/// The system's.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let told = rustix::fs::statvfs(folder)?;
    Ok(told.f_bavail.saturating_mul(told.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_is_closed_to_others_and_another_folder_is_left_alone() {
        for (holds, mode) in [(None, 0o700), (Some("keys.db"), 0o700), (Some("letter.txt"), 0o755)] {
            let place = tempfile::tempdir().unwrap();
            let folder = place.path().join("data");
            std::fs::create_dir(&folder).unwrap();
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
            if let Some(name) = holds {
                std::fs::write(folder.join(name), "x").unwrap();
            }
            drop(Lock::take(&folder).unwrap_or_else(|error| panic!("{error}")));
            assert_eq!(std::fs::metadata(&folder).unwrap().mode() & 0o777, mode, "{holds:?}");
        }
    }
}
