//! Secrets of the house: the pepper of passwords, the seed of the signing key, the installation's id. They are about no
//! data subject, so they open without a grant; they never leave the program.

use storage::KeyStore;
use zeroize::Zeroizing;

use crate::root::Root;
use crate::seal::{Context, KEY_LEN, Key, RawKey, derive, new_raw_key};
use crate::{Vault, VaultError};

pub(crate) struct Secrets {
    pepper: RawKey,
    signing: RawKey,
    installation: RawKey,
}

impl Secrets {
    pub(crate) fn open(root: &Root, keys: &KeyStore) -> Result<Self, VaultError> {
        let key = Key::new(&derive(root.bytes(), b"betrodd/secrets/v1")?)?;
        let kept = |label: &str| -> Result<RawKey, VaultError> {
            if keys.house(label)?.is_none() {
                let raw = new_raw_key()?;
                keys.put_house(label, &key.seal(&Context::Secret { label }, raw.as_ref())?)?;
            }
            let sealed = keys.house(label)?.ok_or(VaultError::Form)?;
            let wrong = || VaultError::WrongRoot;
            let plain = key.open(&Context::Secret { label }, &sealed).ok_or_else(wrong)?;
            Ok(Zeroizing::new(plain.as_slice().try_into().map_err(|_| wrong())?))
        };
        let (pepper, signing, installation) = (kept("pepper")?, kept("journal-signing")?, kept("installation")?);
        Ok(Self { pepper, signing, installation })
    }
}

impl Vault {
    /// The secret input of every password hash: hashes are worthless without it.
    #[must_use]
    pub fn pepper(&self) -> &[u8] {
        self.secrets.pepper.as_slice()
    }

    /// The seed of the Ed25519 key that signs checkpoints.
    #[must_use]
    pub fn signing_seed(&self) -> &[u8; KEY_LEN] {
        &self.secrets.signing
    }

    /// The installation's id, made with its keys; part of the name of every log.
    #[must_use]
    pub fn installation(&self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.secrets.installation[..16]);
        id
    }
}
