//! One object of an off-site copy: sealed under what a sealer and an archive key agree on, bound to installation, generation and
//! name.

use minicbor::{Decode, Encode};
use storage::KeyRow;
use terms::Instant;

use super::{Generation, OffsiteError};
use crate::VaultError;
use crate::custody::{ArchiveKeyId, InstallationId, PublicHalf, seal_to};
use crate::seal::{Context, Key, RawKey};

const FORM: u8 = 1;

/// An object as it lies at the second place.
#[derive(Encode, Decode)]
pub(super) struct Object {
    #[n(0)]
    form: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(super) installation: InstallationId,
    #[n(2)]
    pub(super) generation: u64,
    #[n(3)]
    pub(super) key: ArchiveKeyId,
    #[cbor(n(4), with = "minicbor::bytes")]
    pub(super) sealer: PublicHalf,
    #[cbor(n(5), with = "minicbor::bytes")]
    commitment: [u8; 32],
    #[cbor(n(6), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

/// Rows of a copy, or changes.
#[derive(Encode, Decode)]
pub(super) struct Rows {
    /// For changes: the number before the first of them. 0 in a copy.
    #[n(0)]
    pub(super) after: u64,
    /// For changes: the number of the last. 0 in a copy.
    #[n(1)]
    pub(super) last: u64,
    #[n(2)]
    pub(super) rows: Vec<KeyRow>,
}

/// The end of a copy: what belongs to it. A copy without one was never finished.
#[derive(Encode, Decode)]
pub(super) struct End {
    /// SHA-256 of each part's object, in order.
    #[n(0)]
    pub(super) parts: Vec<terms::Hash>,
    #[n(1)]
    pub(super) rows: u64,
    /// The last change before the copy was begun.
    #[n(2)]
    pub(super) from: u64,
    #[n(3)]
    pub(super) began: Instant,
}

/// Who seals for a generation. Each program makes its own when it first needs one.
pub(super) struct Sealer {
    installation: InstallationId,
    generation: u64,
    key_id: ArchiveKeyId,
    pub(super) half: PublicHalf,
    under: RawKey,
    key: Key,
}

impl Sealer {
    pub(super) fn new(installation: InstallationId, of: &Generation) -> Result<Self, VaultError> {
        let (half, under) = seal_to(&of.public, &installation)?;
        let key = Key::new(&under)?;
        Ok(Self { installation, generation: of.number, key_id: of.key, half, under, key })
    }

    /// Whether a custodian's answer is what this one seals under.
    pub(super) fn seals_under(&self, other: &RawKey) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(self.under.as_ref(), other.as_ref()).is_ok()
    }

    pub(super) fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let context = Context::Offsite { installation: &self.installation, generation: self.generation, name };
        let object = Object {
            form: FORM,
            installation: self.installation,
            generation: self.generation,
            key: self.key_id,
            sealer: self.half,
            commitment: *self.key.commitment(),
            sealed: self.key.seal(&context, plain)?,
        };
        // Writing to a Vec cannot fail.
        Ok(minicbor::to_vec(object).unwrap_or_default())
    }
}

impl Object {
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Self, OffsiteError> {
        let unusable = |why: &str| OffsiteError::Unusable(format!("`{name}` {why}"));
        let object: Self = minicbor::decode(bytes).map_err(|_| unusable("is cut off, or no copy of keys"))?;
        if object.form == FORM { Ok(object) } else { Err(unusable("was written by a newer program; use that one")) }
    }

    /// Opens it under what the custodian gave.
    pub(super) fn open(&self, name: &str, under: &Key) -> Result<zeroize::Zeroizing<Vec<u8>>, OffsiteError> {
        let broken = || OffsiteError::Unusable(format!("`{name}` was changed or moved: it does not open"));
        if self.commitment != *under.commitment() {
            return Err(broken());
        }
        let context = Context::Offsite { installation: &self.installation, generation: self.generation, name };
        under.open(&context, &self.sealed).ok_or_else(broken)
    }
}
