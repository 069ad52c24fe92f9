//! Purging details from a closed segment: salt, detail and redo part go, leaf and place stay, so every proof holds as before.
//!
//! A purged group keeps its length, its place and its chain value: what is freed is zeros. So positions that others hold (the
//! state, snapshots, the archive, the index) stay good, and nothing has to change in step. Which entries may go is not decided here.

use std::path::Path;

use crate::append::OpenError;
use crate::index::{rows_of, write_rows};
use crate::segment::{Damage, DamageKind, Group, HEADER_BYTES, Header, Position, encode_purged, segment_name};
use crate::{Disk, Entry};

/// Purges the entries of segment `number` that `goes` names, and gives how many did. The segment must be closed: nobody appends to
/// it, and its index file is written.
///
/// First the index is put in place without the rows of what goes, then the segment: each whole or not at all, and durable. If we
/// die between the two, the rows are gone and the details are not; the next purge takes them, since it asks by time.
///
/// # Errors
/// As the system says, and [`OpenError::Damage`] when the segment is not what was written; then nothing is changed.
pub fn purge(
    dir: &Path,
    disk: &dyn Disk,
    number: u64,
    goes: &dyn Fn(Position, &Entry) -> bool,
) -> Result<u64, OpenError> {
    let path = dir.join(segment_name(number));
    let mut bytes = disk.read(&path)?;
    let damaged = |offset: usize, kind| Damage { at: Position { segment: number, offset: offset as u64 }, kind };
    let header = Header::decode(&bytes).map_err(|why| damaged(0, DamageKind::Header(why)))?;
    if header.number != number {
        return Err(damaged(0, DamageKind::Header("it bears another number")).into());
    }
    let (mut offset, mut purged) = (HEADER_BYTES, 0);
    while let Some(group) = bytes.get(offset..).and_then(Group::read) {
        let at = Position { segment: number, offset: offset as u64 };
        let mut entries = group.entries().map_err(|kind| damaged(offset, kind))?;
        let mut changed = 0;
        for entry in entries.iter_mut().filter(|entry| entry.detail.is_some() && goes(at, entry)) {
            (entry.salt, entry.detail, entry.redo) = (None, None, None);
            changed += 1;
        }
        let length = group.bytes;
        if changed > 0 {
            let new = encode_purged(&entries, &group)
                .ok_or_else(|| damaged(offset, DamageKind::Group("it is shorter than its leaves")))?;
            bytes[offset..offset + length].copy_from_slice(&new);
            purged += changed;
        }
        offset += length;
    }
    // What is no group though it is not empty was damaged: rewriting it would make it look like ours.
    if bytes.get(offset..).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
        return Err(damaged(offset, DamageKind::NoGroup).into());
    }
    if purged > 0 {
        write_rows(dir, disk, &rows_of(number, &bytes)?)?;
        disk.replace(&path, &bytes)?;
    }
    Ok(purged)
}

/// Whether a copy of a segment may be replaced by what the segment is here: nothing in it says otherwise. Details may have been
/// purged here since, and a group of the copy may be cut off or damaged; whatever is sound there has the generation, the chain
/// value and the leaves that it has here, and what it holds of a detail that is still here is the same.
#[must_use]
pub fn may_replace(copy: &[u8], here: &[u8]) -> bool {
    if copy.len() > here.len() || Header::decode(copy).is_ok_and(|header| Header::decode(here) != Ok(header)) {
        return false;
    }
    let mut offset = HEADER_BYTES;
    while let Some(group) = here.get(offset..).and_then(Group::read) {
        if let Some(other) = copy.get(offset..).and_then(Group::read) {
            let same_place =
                (other.generation, other.chain, other.bytes) == (group.generation, group.chain, group.bytes);
            if !same_place || (other.payload != group.payload && !purged_since(&other, &group)) {
                return false;
            }
        }
        offset += group.bytes;
    }
    true
}

/// Whether a group is what became of another by a purge.
fn purged_since(was: &Group<'_>, is: &Group<'_>) -> bool {
    let (true, Ok(was), Ok(is)) = (is.purged, was.entries(), is.entries()) else { return false };
    let became = |(was, is): (&Entry, &Entry)| {
        let same = (was.tenant, was.index, &was.leaf) == (is.tenant, is.index, &is.leaf);
        let gone = is.salt.is_none() && is.detail.is_none() && is.redo.is_none();
        same && (gone || (&was.salt, &was.detail, &was.redo) == (&is.salt, &is.detail, &is.redo))
    };
    was.len() == is.len() && was.iter().zip(&is).all(became)
}
