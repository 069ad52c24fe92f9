//! Archive keys and whoever keeps their private halves: what a custodian promises, and how something is sealed to a public half.
//!
//! Off-site copies of the file of keys are sealed to the current archive key. The private half lies with the custodian alone, at
//! a third place, which can truly destroy it and of which there is no backup: with it goes everything that was sealed to it,
//! wherever copies lie. Not here: where private halves lie (the `custodian` crate), and when keys are changed (`offsite`).
//!
//! The manner is that of HPKE's base mode (RFC 9180), with the vault's own cipher: X25519 with a key of its own for each sealer,
//! HKDF-SHA-256 over both public halves, AES-256-GCM-SIV. The custodian is asked for what comes of the agreement, and never sees
//! a copy.

use core::fmt;

use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, X25519, agree};
use aws_lc_rs::{hmac, rand};
use zeroize::Zeroizing;

use crate::VaultError;
use crate::root::Root;
use crate::seal::{KEY_LEN, RawKey, derive, new_raw_key};

/// An installation's id, made with its keys.
pub type InstallationId = [u8; 16];

/// The id of an archive key: random, and no secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct ArchiveKeyId(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 16]);

impl fmt::Display for ArchiveKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ArchiveKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::str::FromStr for ArchiveKeyId {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let mut id = [0; 16];
        let whole = text.len() == 32 && text.is_ascii();
        for (at, byte) in id.iter_mut().enumerate() {
            let pair = text.get(2 * at..2 * at + 2).filter(|_| whole).ok_or(VaultError::Form)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| VaultError::Form)?;
        }
        Ok(Self(id))
    }
}

/// The public half of an X25519 key.
pub type PublicHalf = [u8; KEY_LEN];

/// That whoever asks a custodian holds the installation's root key. Derived from it, and nothing can be derived back. Whoever has
/// taken the off-site copies, and even the custodian's secret, still lacks this.
pub struct Possession(RawKey);

impl Possession {
    /// Of a root key.
    ///
    /// # Errors
    /// The cryptographic library's.
    pub fn of(root: &Root) -> Result<Self, VaultError> {
        Ok(Self(derive(root.bytes(), b"betrodd/possession/v1")?))
    }

    /// As it came over a channel.
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// For a channel that nobody else reads.
    #[must_use]
    pub fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    /// What a custodian keeps to know it again. It is of no use to whoever finds it.
    #[must_use]
    pub fn mark(&self) -> [u8; KEY_LEN] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref());
        let mut mark = [0; KEY_LEN];
        mark.copy_from_slice(hmac::sign(&key, b"betrodd/possession-mark/v1").as_ref());
        mark
    }

    /// Whether it is the one that left this mark.
    #[must_use]
    pub fn left(&self, mark: &[u8; KEY_LEN]) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.mark(), mark).is_ok()
    }
}

/// Why a custodian did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustodianError {
    /// Nobody answers, or what answers is no custodian.
    #[error(
        "the custodian at {at} cannot be reached: {cause}. Start it with `betrodd custodian`, or name the right address"
    )]
    Unreachable {
        /// Where.
        at: String,
        /// Why.
        cause: String,
    },
    /// It does not know the secret that it was asked with, or whoever asked does not hold the root key.
    #[error("the custodian refuses: {0}")]
    Refused(String),
    /// The key is not there: destroyed, or never made.
    #[error("the archive key {0} is not at the custodian: it was destroyed, or another custodian keeps it")]
    NotHere(ArchiveKeyId),
    /// It could not keep or destroy something.
    #[error("the custodian could not do it: {0}")]
    Failed(String),
}

/// On what the promise rests that a destroyed archive key is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Assumption {
    /// A custodian that runs elsewhere and destroys truly.
    #[n(0)]
    Custodian,
    /// Private halves lie in files beside the program: whoever copies those undoes the promise.
    #[n(1)]
    PlainFile,
}

impl Assumption {
    /// A stable word for words files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Custodian => "custodian",
            Self::PlainFile => "plain-file",
        }
    }
}

/// Keeps private halves of archive keys. Whoever implements it promises: a new key is durable when `begin` returns; a destroyed
/// one is overwritten and gone, durably, when `destroy` returns; nothing of it lies in any backup; every call can be made again.
pub trait Custodian: Send + Sync {
    /// Makes an archive key and gives its public half. The first one of an installation remembers whose it is.
    ///
    /// # Errors
    /// See [`CustodianError`], as for every method.
    fn begin(
        &self,
        installation: &InstallationId,
        possession: &Possession,
    ) -> Result<(ArchiveKeyId, PublicHalf), CustodianError>;
    /// What seals and opens under this key and the public half of a sealer.
    ///
    /// # Errors
    /// The same; refused where possession is not that of whoever made the key.
    fn open(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; KEY_LEN]>, CustodianError>;
    /// Destroys a key. One that is gone already is no error.
    ///
    /// # Errors
    /// The same.
    fn destroy(
        &self,
        installation: &InstallationId,
        possession: &Possession,
        key: &ArchiveKeyId,
    ) -> Result<(), CustodianError>;
    /// The keys of an installation that are there.
    ///
    /// # Errors
    /// The same.
    fn list(&self, installation: &InstallationId, possession: &Possession)
    -> Result<Vec<ArchiveKeyId>, CustodianError>;
    /// On what the promise rests.
    fn assumption(&self) -> Assumption;
}

/// An archive key as a custodian makes and keeps it. No `Debug`, no `Clone`; the private half is wiped when dropped.
pub struct ArchiveKey {
    private: RawKey,
    public: PublicHalf,
}

impl ArchiveKey {
    /// A new one, with its id.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn new() -> Result<(ArchiveKeyId, Self), VaultError> {
        let mut id = [0; 16];
        rand::fill(&mut id).map_err(|_| VaultError::Library)?;
        Ok((ArchiveKeyId(id), Self::from_private(&*new_raw_key()?)?))
    }

    /// From the private half as it was kept.
    ///
    /// # Errors
    /// Where it is none.
    pub fn from_private(private: &[u8; KEY_LEN]) -> Result<Self, VaultError> {
        let key = PrivateKey::from_private_key(&X25519, private).map_err(|_| VaultError::Form)?;
        let mut public = [0; KEY_LEN];
        let half = key.compute_public_key().map_err(|_| VaultError::Library)?;
        let half: &[u8] = half.as_ref();
        if half.len() != KEY_LEN {
            return Err(VaultError::Library);
        }
        public.copy_from_slice(half);
        Ok(Self { private: Zeroizing::new(*private), public })
    }

    /// The private half, for whoever keeps it.
    #[must_use]
    pub fn private(&self) -> &[u8; KEY_LEN] {
        &self.private
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicHalf {
        &self.public
    }

    /// What a sealer with this public half sealed under.
    ///
    /// # Errors
    /// Where `sealer` is no public half.
    pub fn open(
        &self,
        installation: &InstallationId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; KEY_LEN]>, VaultError> {
        agreed(&self.private, sealer, installation, sealer, &self.public)
    }
}

/// Somebody who seals to a public half: its own public half, and what it seals under.
pub(crate) fn seal_to(public: &PublicHalf, installation: &InstallationId) -> Result<(PublicHalf, RawKey), VaultError> {
    let (_, own) = ArchiveKey::new()?;
    let under = agreed(&own.private, public, installation, &own.public, public)?;
    Ok((own.public, under))
}

fn agreed(
    private: &[u8; KEY_LEN],
    other: &PublicHalf,
    installation: &InstallationId,
    sealer: &PublicHalf,
    archive: &PublicHalf,
) -> Result<RawKey, VaultError> {
    let private = PrivateKey::from_private_key(&X25519, private).map_err(|_| VaultError::Form)?;
    let info = [b"betrodd/archive-key/v1", installation.as_slice(), sealer, archive].concat();
    agree(&private, UnparsedPublicKey::new(&X25519, other), VaultError::Form, |shared| derive(shared, &info))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_private_half_opens_what_was_sealed_to_the_public_half_and_only_for_its_installation() {
        let (_, key) = ArchiveKey::new().unwrap();
        let (_, other) = ArchiveKey::new().unwrap();
        let (sealer, under) = seal_to(key.public(), &[7; 16]).unwrap();
        assert!(key.open(&[7; 16], &sealer).unwrap() == under);
        assert!(key.open(&[8; 16], &sealer).unwrap() != under);
        assert!(other.open(&[7; 16], &sealer).unwrap() != under);
        assert!(ArchiveKey::from_private(key.private()).unwrap().open(&[7; 16], &sealer).unwrap() == under);
        // A public half of small order would make everybody agree on nothing.
        assert!(key.open(&[7; 16], &[0; 32]).is_err());
    }

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let (id, _) = ArchiveKey::new().unwrap();
        assert_eq!(id.to_string().parse::<ArchiveKeyId>().unwrap(), id);
        for bad in ["", "00", "zz000000000000000000000000000000", "0000000000000000000000000000000å"] {
            assert!(bad.parse::<ArchiveKeyId>().is_err(), "{bad}");
        }
    }
}
