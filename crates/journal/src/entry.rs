//! What an entry is: a leaf that the tree keeps for ever, and a salt, a detail and a redo part that can be purged.
//!
//! The leaf says nothing about anybody. It commits to the detail with 32 random bytes, so that who holds only the tree can
//! not guess what was entered.

use core::cell::RefCell;

use aws_lc_rs::digest::{Context, SHA256, digest};
use minicbor::{Decoder, Encoder};
use terms::{Hash, Instant, TenantId};

use crate::{Detail, Extra};

/// Length of an encoded leaf.
pub const LEAF_BYTES: usize = 42;
const LEAF_VERSION: u8 = 1;

/// 32 random bytes, new for every entry.
pub type Salt = [u8; 32];

/// One entry of one tenant's log. Salt, detail and redo part are absent after a purge; the leaf stays.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose log.
    pub tenant: TenantId,
    /// Place in the tenant's log, from 0, without a gap.
    pub index: u64,
    /// What the tree holds.
    pub leaf: Leaf,
    /// The salt of the commitment.
    pub salt: Option<Salt>,
    /// An encoded [`Detail`]; for [`EntryKind::Heads`] encoded [`crate::Heads`].
    pub detail: Option<Vec<u8>>,
    /// An encoded [`Extra`]: the storage operations and long lists.
    pub redo: Option<Vec<u8>>,
}

/// Prints place and leaf only: salt and detail together would undo the commitment.
impl core::fmt::Debug for Entry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Entry")
            .field("tenant", &self.tenant)
            .field("index", &self.index)
            .field("leaf", &self.leaf)
            .finish_non_exhaustive()
    }
}

/// What a leaf says in the open, 42 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// What kind of entry.
    pub kind: EntryKind,
    /// When. Within a log the times never decrease.
    pub time: Instant,
    /// SHA-256(`betrodd/entry/v1` ‖ salt ‖ detail).
    pub commitment: Hash,
}

/// The four kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A permitted act.
    Act = 1,
    /// An act that was refused, with the clause that stands against it.
    Refusal = 2,
    /// Something that happened: a log-in, an account, an agreement adopted.
    Event = 3,
    /// The heads of all logs, only in the installation's own.
    Heads = 4,
}

/// Bytes that are not what the format says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("malformed {what}: {why}")]
pub struct FormatError {
    /// What was being read.
    pub what: &'static str,
    /// Why it cannot be that. Never contains the bytes themselves.
    pub why: String,
}

/// The system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct RandomError;

impl Entry {
    /// Makes an entry from its parts: encodes, sets the hash of the redo part into the detail, and commits to the detail.
    #[must_use]
    pub fn new(
        tenant: TenantId,
        index: u64,
        kind: EntryKind,
        time: Instant,
        mut detail: Detail,
        extra: &Extra,
        salt: Salt,
    ) -> Self {
        let redo = extra.encode();
        detail.redo_hash = redo.as_deref().map(|redo| redo_hash(&salt, redo));
        let detail = detail.encode();
        let leaf = Leaf { kind, time, commitment: commitment(&salt, &detail) };
        Self { tenant, index, leaf, salt: Some(salt), detail: Some(detail), redo }
    }

    /// Appends the entry to `out` as the CBOR array `[tenant, index, leaf, salt | null, detail | null, redo | null]`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        write_cbor(self, out);
    }

    /// Reads one entry that fills `bytes`.
    ///
    /// # Errors
    /// [`FormatError`] when the bytes are anything else than one entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        read_cbor("entry", bytes)
    }
}

impl Leaf {
    /// The 42 bytes: version, kind, time (`i64`, big-endian), commitment.
    #[must_use]
    pub fn encode(&self) -> [u8; LEAF_BYTES] {
        let mut bytes = [0; LEAF_BYTES];
        bytes[0] = LEAF_VERSION;
        bytes[1] = self.kind as u8;
        bytes[2..10].copy_from_slice(&self.time.micros().to_be_bytes());
        bytes[10..].copy_from_slice(self.commitment.bytes());
        bytes
    }

    /// Reads a leaf.
    ///
    /// # Errors
    /// [`FormatError`] when the length, the version or the kind is unknown.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        let wrong = |why: &str| FormatError { what: "leaf", why: why.to_owned() };
        let bytes: &[u8; LEAF_BYTES] = bytes.try_into().map_err(|_| wrong("it is not 42 bytes long"))?;
        let (head, commitment) = bytes.split_at(10);
        let (marks, time) = head.split_at(2);
        if marks[0] != LEAF_VERSION {
            return Err(wrong("its version is unknown"));
        }
        let kind = EntryKind::from_number(marks[1]).ok_or_else(|| wrong("its kind is unknown"))?;
        let time = i64::from_be_bytes(time.try_into().map_err(|_| wrong("it has no time"))?);
        let commitment = commitment.try_into().map_err(|_| wrong("it has no commitment"))?;
        Ok(Self { kind, time: Instant(time), commitment: Hash(commitment) })
    }

    /// The hash of the leaf in the tree (RFC 6962): SHA-256(0x00 ‖ leaf).
    #[must_use]
    pub fn hash(&self) -> Hash {
        crate::leaf_hash(&self.encode())
    }
}

impl EntryKind {
    const fn from_number(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::Act),
            2 => Some(Self::Refusal),
            3 => Some(Self::Event),
            4 => Some(Self::Heads),
            _ => None,
        }
    }
}

/// What a leaf commits to: SHA-256(`betrodd/entry/v1` ‖ salt ‖ detail). For kind 4 the detail is the root of the heads.
#[must_use]
pub fn commitment(salt: &Salt, detail: &[u8]) -> Hash {
    sha256(&[b"betrodd/entry/v1", salt, detail])
}

/// What a detail says about its redo part: SHA-256(salt ‖ redo).
#[must_use]
pub fn redo_hash(salt: &Salt, redo: &[u8]) -> Hash {
    sha256(&[salt, redo])
}

/// Salts that a thread asks the library for at a time: each asking draws on the processor's own generator and makes a new
/// state, which costs far more than the bytes.
const SALTS_AT_A_TIME: usize = 64;

/// Salts that nobody has yet. What is handed out is wiped here.
struct Salts {
    bytes: [Salt; SALTS_AT_A_TIME],
    left: usize,
}

impl Salts {
    fn next(&mut self) -> Result<Salt, RandomError> {
        if self.left == 0 {
            aws_lc_rs::rand::fill(self.bytes.as_flattened_mut()).map_err(|_| RandomError)?;
            self.left = SALTS_AT_A_TIME;
        }
        self.left -= 1;
        self.bytes.get_mut(self.left).map(core::mem::take).ok_or(RandomError)
    }
}

thread_local! {
    static SALTS: RefCell<Salts> = const { RefCell::new(Salts { bytes: [[0; 32]; SALTS_AT_A_TIME], left: 0 }) };
}

/// A new salt from the system's generator.
///
/// # Errors
/// [`RandomError`] when the generator fails; nothing may be entered then.
pub fn random_salt() -> Result<Salt, RandomError> {
    SALTS.with_borrow_mut(Salts::next)
}

/// Parts that come to no more than this are joined before they are hashed: a context that takes them one by one is made on
/// the heap, and costs more than the copy.
const JOINED_BYTES: usize = 1024;

/// SHA-256 over the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let whole = |bytes: &[u8]| {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
        Hash(hash)
    };
    if let [only] = parts {
        return whole(only);
    }
    let mut joined = [0; JOINED_BYTES];
    let mut length = 0;
    for part in parts {
        match joined.get_mut(length..length + part.len()) {
            Some(place) => place.copy_from_slice(part),
            None => return sha256_of_many(parts),
        }
        length += part.len();
    }
    joined.get(..length).map_or_else(|| sha256_of_many(parts), whole)
}

fn sha256_of_many(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Hash(bytes)
}

/// Appends the CBOR of `value`.
#[expect(clippy::expect_used, reason = "a vector takes every byte, and no encoder of this crate refuses a value")]
pub(crate) fn write_cbor<T: minicbor::Encode<()>>(value: &T, out: &mut Vec<u8>) {
    minicbor::encode(value, out).expect("a vector takes every byte");
}

/// Reads one value that fills `bytes`: what follows a value unseen could say something else to another reader.
pub(crate) fn read_cbor<'b, T: minicbor::Decode<'b, ()>>(
    what: &'static str,
    bytes: &'b [u8],
) -> Result<T, FormatError> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().map_err(|error| FormatError { what, why: error.to_string() })?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(FormatError { what, why: "something follows it".to_owned() })
    }
}

impl<C> minicbor::Encode<C> for Entry {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        fn optional<W: minicbor::encode::Write>(
            e: &mut Encoder<W>,
            bytes: Option<&[u8]>,
        ) -> Result<(), minicbor::encode::Error<W::Error>> {
            match bytes {
                Some(bytes) => e.bytes(bytes)?.ok(),
                None => e.null()?.ok(),
            }
        }
        e.array(6)?.bytes(self.tenant.bytes())?.u64(self.index)?.bytes(&self.leaf.encode())?;
        optional(e, self.salt.as_ref().map(<[u8; 32]>::as_slice))?;
        optional(e, self.detail.as_deref())?;
        optional(e, self.redo.as_deref())
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Entry {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        fn wrong(why: &'static str) -> minicbor::decode::Error {
            minicbor::decode::Error::message(why)
        }
        fn optional<'b>(d: &mut Decoder<'b>) -> Result<Option<&'b [u8]>, minicbor::decode::Error> {
            if d.datatype()? == minicbor::data::Type::Null {
                d.null()?;
                return Ok(None);
            }
            d.bytes().map(Some)
        }
        if d.array()? != Some(6) {
            return Err(wrong("an entry has six parts"));
        }
        let tenant = TenantId(d.bytes()?.try_into().map_err(|_| wrong("a tenant has 16 bytes"))?);
        let index = d.u64()?;
        let leaf = Leaf::decode(d.bytes()?).map_err(|_| wrong("the leaf is malformed"))?;
        let salt = optional(d)?.map(|salt| salt.try_into().map_err(|_| wrong("a salt has 32 bytes"))).transpose()?;
        let detail = optional(d)?.map(<[u8]>::to_vec);
        let redo = optional(d)?.map(<[u8]>::to_vec);
        Ok(Self { tenant, index, leaf, salt, detail, redo })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_reads_back_and_an_unknown_one_does_not() {
        let leaf = Leaf { kind: EntryKind::Refusal, time: Instant(-5), commitment: Hash([7; 32]) };
        let bytes = leaf.encode();
        assert_eq!(Leaf::decode(&bytes), Ok(leaf));
        for (place, value) in [(0, 2), (1, 0), (1, 5)] {
            let mut wrong = bytes;
            wrong[place] = value;
            assert!(Leaf::decode(&wrong).is_err(), "byte {place} = {value}");
        }
        assert!(Leaf::decode(&bytes[..41]).is_err());
    }

    #[test]
    fn an_entry_reads_back_with_and_without_its_purgeable_parts() {
        let extra = Extra { operations: Some(vec![1, 2, 3].into()), lists: None };
        let full = Entry::new(TenantId([3; 16]), 9, EntryKind::Act, Instant(17), Detail::default(), &extra, [5; 32]);
        let purged = Entry { salt: None, detail: None, redo: None, ..full.clone() };
        for entry in [full, purged] {
            let mut bytes = Vec::new();
            entry.encode(&mut bytes);
            assert_eq!(Entry::decode(&bytes), Ok(entry));
            bytes.push(0);
            assert!(Entry::decode(&bytes).is_err(), "something follows");
        }
    }

    #[test]
    fn every_entry_has_a_salt_of_its_own() {
        let mut salts: Vec<Salt> = (0..3 * SALTS_AT_A_TIME).map(|_| random_salt().expect("random")).collect();
        salts.sort_unstable();
        salts.dedup();
        assert_eq!(salts.len(), 3 * SALTS_AT_A_TIME);
        assert!(!salts.contains(&[0; 32]));
    }

    #[test]
    fn parts_hash_like_the_whole_however_long_they_are() {
        for length in [0, 1, 31, JOINED_BYTES - 3, JOINED_BYTES - 2, JOINED_BYTES + 1, 5000] {
            let bytes = vec![7; length + 2];
            let parts = [&bytes[..1], &bytes[1..1], &bytes[1..length + 1], &bytes[length + 1..]];
            assert_eq!(sha256(&parts), sha256(&[&bytes]), "{length}");
        }
    }

    #[test]
    fn debug_shows_neither_salt_nor_detail() {
        let entry = Entry::new(
            TenantId([3; 16]),
            9,
            EntryKind::Act,
            Instant(17),
            Detail::default(),
            &Extra::default(),
            [0xee; 32],
        );
        let text = format!("{entry:?}");
        assert!(!text.contains("eeee") && !text.contains("238"), "{text}");
    }
}
