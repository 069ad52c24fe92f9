//! The layout of a segment: header, groups, and what counts as unfinished and what as damage.
//!
//! Pure reading of bytes: nothing here opens a file.

use core::fmt;

use minicbor::{Decode, Encode};
use terms::Hash;

use crate::Entry;
use crate::entry::{FormatError, read_cbor, sha256, write_cbor};

/// Length of a segment's header.
pub(crate) const HEADER_BYTES: usize = 64;
/// Length of a group's header.
pub(crate) const GROUP_HEADER_BYTES: usize = 52;
/// The largest payload of a group. A longer one is refused before anything is written.
pub(crate) const MAX_PAYLOAD_BYTES: usize = 256 << 20;

const MAGIC: &[u8; 8] = b"BETRODD\0";
const VERSION: u16 = 1;
const GROUP_MAGIC: &[u8; 4] = b"GRP1";
const PURGED_MAGIC: &[u8; 4] = b"GRPP";
/// A disk writes a sector whole or not at all, so an unfinished write leaves at least one whole sector of zeros or is cut short.
const SECTOR_BYTES: usize = 512;

/// Where a group begins; also a place between groups. Ordered as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Position {
    /// Number of the segment, from 1.
    #[n(0)]
    pub segment: u64,
    /// Offset in the segment in bytes.
    #[n(1)]
    pub offset: u64,
}

/// Where an entry lies: its group, and its place within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct EntryRef {
    /// Number of the segment, from 1.
    #[n(0)]
    pub segment: u64,
    /// Offset of the group in the segment in bytes.
    #[n(1)]
    pub offset: u32,
    /// Place in the group, from 0.
    #[n(2)]
    pub ordinal: u32,
}

/// The journal is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal is damaged at {at}: {kind}")]
pub struct Damage {
    /// Where.
    pub at: Position,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with a journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DamageKind {
    /// The header of a segment is wrong.
    #[error("the header of the segment is wrong: {0}")]
    Header(&'static str),
    /// A segment is missing between others.
    #[error("the segment is missing")]
    Missing,
    /// A group is broken though whole, or broken with valid groups after it.
    #[error("the group is broken: {0}")]
    Group(&'static str),
    /// The chain does not follow from the group before.
    #[error("the chain does not follow from the group before it")]
    Chain,
    /// Generations have a gap.
    #[error("generation {found} follows where {expected} was expected")]
    Generation {
        /// What had to follow.
        expected: u64,
        /// What stands there.
        found: u64,
    },
    /// The bytes are whole but are no list of entries.
    #[error("the payload is no list of entries: {0}")]
    Payload(FormatError),
    /// A position lies where no group begins.
    #[error("no group begins or ends here")]
    NoGroup,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, offset {}", segment_name(self.segment), self.offset)
    }
}

impl EntryRef {
    /// Where the group of the entry begins.
    #[must_use]
    pub const fn group(self) -> Position {
        Position { segment: self.segment, offset: self.offset as u64 }
    }
}

/// Where the first group of segment `number` begins.
#[must_use]
pub const fn first_group(number: u64) -> Position {
    Position { segment: number, offset: HEADER_BYTES as u64 }
}

/// File name of segment `number`.
#[must_use]
pub fn segment_name(number: u64) -> String {
    format!("segment-{number:010}.log")
}

/// The number in a segment's file name.
pub(crate) fn segment_number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("segment-")?.strip_suffix(".log")?;
    let number = digits.parse().ok()?;
    (segment_name(number) == name).then_some(number)
}

/// The header of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub number: u64,
    pub first_generation: u64,
    pub chain: Hash,
}

impl Header {
    pub fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0..8].copy_from_slice(MAGIC);
        bytes[8..10].copy_from_slice(&VERSION.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.number.to_le_bytes());
        bytes[20..28].copy_from_slice(&self.first_generation.to_le_bytes());
        bytes[28..60].copy_from_slice(self.chain.bytes());
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, &'static str> {
        let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk().ok_or("it is cut off")?;
        if &bytes[0..8] != MAGIC {
            return Err("this is no segment");
        }
        if crc32c::crc32c(&bytes[..60]) != le_u32(&bytes[60..]) {
            return Err("its checksum is wrong");
        }
        if u16::from_le_bytes([bytes[8], bytes[9]]) != VERSION {
            return Err(
                "it is of a format that this program does not know; use the program that wrote it, or a newer one",
            );
        }
        let mut chain = [0; 32];
        chain.copy_from_slice(&bytes[28..60]);
        Ok(Self { number: le_u64(&bytes[12..]), first_generation: le_u64(&bytes[20..]), chain: Hash(chain) })
    }
}

/// Where the log stands: what the next group must follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    /// Generation of the next group.
    pub next_generation: u64,
    /// Chain value after the last group.
    pub chain: Hash,
}

impl Link {
    /// Before the first group of a journal.
    pub const START: Self = Self { next_generation: 1, chain: Hash([0; 32]) };

    /// After a group with `payload` was added.
    fn after(self, payload: &[u8]) -> Self {
        let payload = sha256(&[payload]);
        let chain = sha256(&[self.chain.bytes(), &self.next_generation.to_le_bytes(), payload.bytes()]);
        Self { next_generation: self.next_generation + 1, chain }
    }
}

/// Writes a group of `entries` behind what `out` holds. Returns the link after it.
pub(crate) fn encode_group(entries: &[Entry], link: Link, out: &mut Vec<u8>) -> Link {
    let start = out.len();
    out.resize(start + GROUP_HEADER_BYTES, 0);
    let list = out.len();
    write_cbor(&List(entries), out);
    let (head, payload) = out.split_at_mut(list);
    let after = link.after(payload);
    let head = &mut head[start..];
    head[0..4].copy_from_slice(GROUP_MAGIC);
    head[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    head[8..16].copy_from_slice(&link.next_generation.to_le_bytes());
    head[16..48].copy_from_slice(after.chain.bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&head[..48]), payload);
    head[48..52].copy_from_slice(&crc.to_le_bytes());
    after
}

/// A group whose entries were purged, in the length and with the chain value that it had: what is freed is zeros behind the
/// entries. `None` where they take more than there is.
pub(crate) fn encode_purged(entries: &[Entry], was: &Group<'_>) -> Option<Vec<u8>> {
    let mut payload = Vec::with_capacity(was.payload.len());
    write_cbor(&List(entries), &mut payload);
    if payload.len() > was.payload.len() {
        return None;
    }
    payload.resize(was.payload.len(), 0);
    let mut bytes = vec![0; GROUP_HEADER_BYTES];
    bytes[0..4].copy_from_slice(PURGED_MAGIC);
    bytes[4..8].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes[8..16].copy_from_slice(&was.generation.to_le_bytes());
    bytes[16..48].copy_from_slice(was.chain.bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[..48]), &payload);
    bytes[48..52].copy_from_slice(&crc.to_le_bytes());
    bytes.extend_from_slice(&payload);
    Some(bytes)
}

/// A group as it lies in a segment, its checksum proved.
pub(crate) struct Group<'a> {
    pub generation: u64,
    pub chain: Hash,
    /// Purged afterwards: its chain value is carried and cannot be computed again.
    pub purged: bool,
    pub payload: &'a [u8],
    /// Length with header.
    pub bytes: usize,
}

impl<'a> Group<'a> {
    /// Reads the group that begins `bytes`. `None` when no whole and sound group does.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(GROUP_HEADER_BYTES)?;
        let purged = match &head[0..4] {
            magic if magic == GROUP_MAGIC => false,
            magic if magic == PURGED_MAGIC => true,
            _ => return None,
        };
        let payload = rest.get(..le_u32(&head[4..]) as usize)?;
        if crc32c::crc32c_append(crc32c::crc32c(&head[..48]), payload) != le_u32(&head[48..]) {
            return None;
        }
        let mut chain = [0; 32];
        chain.copy_from_slice(&head[16..48]);
        let bytes = GROUP_HEADER_BYTES + payload.len();
        Some(Self { generation: le_u64(&head[8..]), chain: Hash(chain), purged, payload, bytes })
    }

    /// Checks that the group follows `link`, and gives the link after it.
    pub fn follow(&self, link: Link) -> Result<Link, DamageKind> {
        if self.generation != link.next_generation {
            return Err(DamageKind::Generation { expected: link.next_generation, found: self.generation });
        }
        if self.purged {
            return Ok(Link { next_generation: link.next_generation + 1, chain: self.chain });
        }
        let after = link.after(self.payload);
        if after.chain == self.chain { Ok(after) } else { Err(DamageKind::Chain) }
    }

    pub fn entries(&self) -> Result<Vec<Entry>, DamageKind> {
        if !self.purged {
            return read_cbor("group", self.payload).map_err(DamageKind::Payload);
        }
        // What was freed lies behind the entries as zeros.
        let malformed = |why: String| DamageKind::Payload(FormatError { what: "purged group", why });
        let mut decoder = minicbor::Decoder::new(self.payload);
        let entries = decoder.decode().map_err(|error| malformed(error.to_string()))?;
        let rest = self.payload.get(decoder.position()..).unwrap_or_default();
        match rest.iter().all(|byte| *byte == 0) {
            true => Ok(entries),
            false => Err(malformed("something follows it".to_owned())),
        }
    }
}

/// What stands where no sound group begins.
pub(crate) enum Rest {
    /// Only zeros.
    Empty,
    /// The beginning of a group that was never finished, up to the offset given (exclusive).
    Torn { end: usize },
    /// Something that was whole once.
    Damaged(&'static str),
}

/// Judges the rest of a segment from `offset` on, where [`Group::read`] found no group of `next_generation`.
///
/// Segments are zeros before they are written, and one group at most is unsynced, so an unfinished write ends short of the length in
/// its header, or left a whole sector of zeros, and has no sound group after it. Anything else was whole once, and is damage.
pub(crate) fn judge_rest(segment: &[u8], offset: usize, next_generation: u64) -> Rest {
    let rest = segment.get(offset..).unwrap_or_default();
    let Some(last) = rest.iter().rposition(|byte| *byte != 0) else { return Rest::Empty };
    let found = &rest[..=last];
    let end = offset + last + 1;
    for (place, _) in found.windows(4).enumerate().filter(|(_, magic)| *magic == GROUP_MAGIC || *magic == PURGED_MAGIC)
    {
        if Group::read(&rest[place..]).is_some_and(|group| group.generation >= next_generation) {
            return Rest::Damaged("a sound group lies after it");
        }
    }
    if found.len() < GROUP_HEADER_BYTES || has_empty_sector(segment, offset, end) {
        return Rest::Torn { end };
    }
    let length = found.len() - GROUP_HEADER_BYTES;
    if le_u32(&found[4..]) as usize > length {
        // Cut short, unless the length itself was altered: with the true one the checksum is right.
        let mut mended = found.to_vec();
        mended[4..8].copy_from_slice(&(length as u32).to_le_bytes());
        return if Group::read(&mended).is_some() {
            Rest::Damaged("its length was altered")
        } else {
            Rest::Torn { end }
        };
    }
    Rest::Damaged("it is whole, but its checksum is wrong")
}

fn has_empty_sector(segment: &[u8], from: usize, to: usize) -> bool {
    let mut at = from;
    while at < to {
        let next = ((at / SECTOR_BYTES + 1) * SECTOR_BYTES).min(to);
        if segment[at..next].iter().all(|byte| *byte == 0) {
            return true;
        }
        at = next;
    }
    false
}

pub(crate) fn le_u32(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

pub(crate) fn le_u64(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Encodes a slice as a CBOR array.
struct List<'a>(&'a [Entry]);

impl<C> Encode<C> for List<'_> {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(self.0.len() as u64)?;
        self.0.iter().try_for_each(|entry| Encode::encode(entry, e, ctx))
    }
}
