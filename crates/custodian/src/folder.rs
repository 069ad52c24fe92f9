//! Private halves in a folder, one file each.
//!
//! A key that is destroyed is overwritten, synced, unlinked, and its folder synced. What lies below the files (a disk that writes
//! elsewhere, a file system that copies what is overwritten, snapshots of it) is the operator's: docs/decisions/0026 says which
//! disk to give it.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use minicbor::{Decode, Encode};
use vault::custody::{
    ArchiveKey, ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf,
};
use zeroize::{Zeroize, Zeroizing};

const FORM: u8 = 1;
/// Most bytes of a key's file.
const MAX_FILE_BYTES: u64 = 512;
/// Most keys of one installation: a rotation that never ends would else fill the disk.
const MAX_KEYS: usize = 1_000;

/// Keeps private halves in a folder.
pub struct Folder {
    path: PathBuf,
    assumption: Assumption,
    /// One thing at a time.
    turn: Mutex<()>,
}

/// A key as it lies.
#[derive(Encode, Decode)]
struct Kept {
    #[n(0)]
    form: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    private: [u8; 32],
    /// By which whoever made it is known again.
    #[cbor(n(2), with = "minicbor::bytes")]
    mark: [u8; 32],
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.private.zeroize();
    }
}

impl Folder {
    /// The folder beside the program: the plain file.
    ///
    /// # Errors
    /// Where the folder cannot be made, or others can look into it.
    pub fn beside(path: &Path) -> Result<Self, CustodianError> {
        Self::open(path, Assumption::PlainFile)
    }

    /// The folder of a custodian that runs on its own.
    ///
    /// # Errors
    /// The same.
    pub fn of_a_custodian(path: &Path) -> Result<Self, CustodianError> {
        Self::open(path, Assumption::Custodian)
    }

    fn open(path: &Path, assumption: Assumption) -> Result<Self, CustodianError> {
        let failed = |cause: io::Error| CustodianError::Failed(format!("{}: {cause}", path.display()));
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        if std::fs::metadata(path).map_err(failed)?.mode() & 0o077 != 0 {
            let open = "others can look into it; run `chmod 700` on it";
            return Err(CustodianError::Failed(format!("{}: {open}", path.display())));
        }
        Ok(Self { path: path.to_owned(), assumption, turn: Mutex::default() })
    }

    fn of(&self, installation: &InstallationId) -> PathBuf {
        self.path.join(ArchiveKeyId(*installation).to_string())
    }

    fn file(&self, installation: &InstallationId, key: &ArchiveKeyId) -> PathBuf {
        self.of(installation).join(format!("{key}.key"))
    }

    fn ids(&self, installation: &InstallationId) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        let folder = self.of(installation);
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(failed(cause)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            match name.strip_suffix(".key").map(str::parse) {
                Some(Ok(id)) => ids.push(id),
                // Half a key, from a program that died while it made one. It was told to nobody.
                _ if name.ends_with(".new") => overwrite_and_unlink(&entry.path()).map_err(failed)?,
                _ => {}
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn read(&self, installation: &InstallationId, key: &ArchiveKeyId) -> Result<Kept, CustodianError> {
        let file = match File::open(self.file(installation, key)) {
            Ok(file) => file,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Err(CustodianError::NotHere(*key)),
            Err(cause) => return Err(failed(cause)),
        };
        let mut bytes = Zeroizing::new(Vec::with_capacity(128));
        file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).map_err(failed)?;
        let kept: Kept = minicbor::decode(&bytes).map_err(|_| {
            CustodianError::Failed(format!("the file of archive key {key} does not read: it was changed"))
        })?;
        if kept.form == FORM {
            Ok(kept)
        } else {
            Err(CustodianError::Failed(format!("the file of archive key {key} was written by a newer program")))
        }
    }

    /// The mark of whoever the installation's keys belong to; none before the first.
    fn known(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        ids: &[ArchiveKeyId],
    ) -> Result<(), CustodianError> {
        for id in ids {
            match self.read(installation, id) {
                Ok(kept) if possession.left(&kept.mark) => return Ok(()),
                Ok(_) => {
                    let why = "the root key of whoever asks is not the one of this installation's archive keys";
                    return Err(CustodianError::Refused(why.to_owned()));
                }
                // One that does not read hides no other's mark.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

impl Custodian for Folder {
    fn begin(
        &self,
        installation: &InstallationId,
        possession: &Possession,
    ) -> Result<(ArchiveKeyId, PublicHalf), CustodianError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = self.ids(installation)?;
        self.known(installation, possession, &ids)?;
        if ids.len() >= MAX_KEYS {
            return Err(CustodianError::Refused(format!("{MAX_KEYS} archive keys wait to be destroyed; none is made")));
        }
        let (id, key) = ArchiveKey::new().map_err(|error| CustodianError::Failed(error.to_string()))?;
        let kept = Kept { form: FORM, private: *key.private(), mark: possession.mark() };
        let bytes = Zeroizing::new(minicbor::to_vec(&kept).unwrap_or_default());
        DirBuilder::new().recursive(true).mode(0o700).create(self.of(installation)).map_err(failed)?;
        keep(&self.file(installation, &id), &bytes).map_err(failed)?;
        sync_folder(&self.path).map_err(failed)?;
        Ok((id, *key.public()))
    }

    fn open(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = self.read(installation, key)?;
        if !possession.left(&kept.mark) {
            return Err(CustodianError::Refused("whoever asks does not hold the root key of this copy".to_owned()));
        }
        ArchiveKey::from_private(&kept.private)
            .and_then(|key| key.open(installation, sealer))
            .map_err(|error| CustodianError::Failed(error.to_string()))
    }

    fn destroy(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
    ) -> Result<(), CustodianError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        match self.read(installation, key) {
            Ok(kept) if possession.left(&kept.mark) => {}
            Ok(_) => {
                return Err(CustodianError::Refused("whoever asks does not hold the root key of this key".to_owned()));
            }
            Err(CustodianError::NotHere(_)) => return Ok(()),
            // Damaged: whoever may destroy the installation's other keys may destroy this one.
            Err(_) => self.known(installation, possession, &self.ids(installation)?)?,
        }
        overwrite_and_unlink(&self.file(installation, key)).map_err(failed)?;
        sync_folder(&self.of(installation)).map_err(failed)
    }

    fn list(
        &self,
        installation: &InstallationId,
        possession: &Possession,
    ) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = self.ids(installation)?;
        self.known(installation, possession, &ids)?;
        Ok(ids)
    }

    fn assumption(&self) -> Assumption {
        self.assumption
    }
}

fn failed(cause: io::Error) -> CustodianError {
    CustodianError::Failed(cause.to_string())
}

/// Under another name first: whoever dies in the middle leaves no half key under the right one.
pub(crate) fn keep(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = file.with_extension("new");
    let mut made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    made.set_permissions(Permissions::from_mode(0o600))?;
    made.write_all(bytes)?;
    made.sync_all()?;
    std::fs::rename(&new, file)?;
    file.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// If we die in the middle the file is there still, perhaps overwritten: it opens nothing then, and is destroyed by the next call.
fn overwrite_and_unlink(file: &Path) -> io::Result<()> {
    let mut open = OpenOptions::new().write(true).open(file)?;
    let length = usize::try_from(open.metadata()?.len().max(MAX_FILE_BYTES)).unwrap_or(0);
    for byte in [0xff_u8, 0x00] {
        open.seek(SeekFrom::Start(0))?;
        open.write_all(&vec![byte; length])?;
        open.sync_all()?;
    }
    drop(open);
    std::fs::remove_file(file)?;
    file.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: InstallationId = [7; 16];

    fn possession(n: u8) -> Possession {
        Possession::from_bytes([n; 32])
    }

    #[test]
    fn a_destroyed_key_opens_nothing_and_its_file_is_gone_while_another_stays() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Folder::of_a_custodian(&folder.path().join("keys")).unwrap();
        let (one, half) = keys.begin(&HERE, &possession(1)).unwrap();
        let (other, _) = keys.begin(&HERE, &possession(1)).unwrap();
        assert_eq!(keys.list(&HERE, &possession(1)).unwrap().len(), 2);
        // Any public half may be a sealer's.
        let given = keys.open(&HERE, &possession(1), &one, &half).unwrap();
        assert!(given == keys.open(&HERE, &possession(1), &one, &half).unwrap());
        for _ in 0..2 {
            keys.destroy(&HERE, &possession(1), &one).unwrap();
        }
        assert_eq!(keys.open(&HERE, &possession(1), &one, &half).err(), Some(CustodianError::NotHere(one)));
        assert_eq!(keys.list(&HERE, &possession(1)).unwrap(), [other]);
        assert!(keys.open(&HERE, &possession(1), &other, &half).is_ok());
    }

    #[test]
    fn who_does_not_hold_the_root_key_gets_nothing_and_destroys_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Folder::of_a_custodian(&folder.path().join("keys")).unwrap();
        let (key, half) = keys.begin(&HERE, &possession(1)).unwrap();
        let thief = possession(2);
        assert!(matches!(keys.open(&HERE, &thief, &key, &half), Err(CustodianError::Refused(_))));
        assert!(matches!(keys.destroy(&HERE, &thief, &key), Err(CustodianError::Refused(_))));
        assert!(matches!(keys.list(&HERE, &thief), Err(CustodianError::Refused(_))));
        assert!(matches!(keys.begin(&HERE, &thief), Err(CustodianError::Refused(_))));
        // Another installation's keys are others, whoever asks.
        assert_eq!(keys.list(&[8; 16], &possession(1)).unwrap(), []);
        assert_eq!(keys.open(&[8; 16], &possession(1), &key, &half).err(), Some(CustodianError::NotHere(key)));
    }

    #[test]
    fn half_a_key_is_swept_and_one_that_was_changed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let keys = Folder::of_a_custodian(&path).unwrap();
        let (key, half) = keys.begin(&HERE, &possession(1)).unwrap();
        let half_made = keys.of(&HERE).join("00.new");
        std::fs::write(&half_made, [1; 20]).unwrap();
        assert_eq!(keys.list(&HERE, &possession(1)).unwrap(), [key]);
        assert!(!half_made.exists());
        std::fs::write(keys.file(&HERE, &key), [0; 40]).unwrap();
        assert!(matches!(keys.open(&HERE, &possession(1), &key, &half), Err(CustodianError::Failed(_))));
        keys.destroy(&HERE, &possession(1), &key).unwrap();
        assert_eq!(keys.list(&HERE, &possession(1)).unwrap(), []);
        std::fs::set_permissions(&path, Permissions::from_mode(0o750)).unwrap();
        assert!(matches!(Folder::beside(&path), Err(CustodianError::Failed(why)) if why.contains("chmod 700")));
    }
}
