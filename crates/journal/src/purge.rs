//! Purging a closed segment: details (salt, detail and redo part go) or operations alone (the redo part goes, but for its lists); leaf
//! and place stay, so every proof holds as before.
//!
//! A purged group keeps its length, its place and its chain value: what is freed is zeros. So positions that others hold (the
//! state, snapshots, the archive, the index) stay good, and nothing has to change in step. Which entries may go is not decided here.

use std::io;
use std::path::Path;

use crate::append::OpenError;
use crate::index::{rows_of, write_rows};
use crate::segment::{Damage, DamageKind, Group, HEADER_BYTES, Header, Position, encode_purged, segment_name};
use crate::{Disk, Entry, Extra};

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
    rewrite(dir, disk, number, &|at, entry| {
        let goes = entry.detail.is_some() && goes(at, entry);
        if goes {
            (entry.salt, entry.detail, entry.redo) = (None, None, None);
        }
        Ok(goes)
    })
}

/// Takes the storage operations out of the groups of segment `number` that lie at or before `until`, and gives out of how many
/// entries. Salt, detail and lists stay: *who looked* and every proof answer as before, and what is gone is what the state was built
/// from. So a snapshot must cover `until`, and [`cover`] must have noted it; neither is asked here. The segment must be closed, as for [`purge`].
///
/// # Errors
/// As [`purge`].
pub fn strip(dir: &Path, disk: &dyn Disk, number: u64, until: Position) -> Result<u64, OpenError> {
    rewrite(dir, disk, number, &|at, entry| {
        let Some(redo) = entry.redo.as_deref().filter(|_| at <= until) else { return Ok(false) };
        let extra = Extra::decode(redo).map_err(DamageKind::Payload)?;
        if extra.operations.is_none() {
            return Ok(false);
        }
        entry.redo = Extra { operations: None, ..extra }.encode();
        Ok(true)
    })
}

/// The file beside the segments that says how far their operations may be gone.
pub const COVERED: &str = "covered";

/// The place up to which operations may have been taken out of the journal in `dir`, all of it counted; none where they never were.
/// Whoever takes them out has noted it before, durably.
///
/// # Errors
/// As the system says, and `InvalidData` where the note says nothing.
pub fn covered(dir: &Path, disk: &dyn Disk) -> io::Result<Option<Position>> {
    let bytes = match disk.read(&dir.join(COVERED)) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    };
    let place = || {
        let text = core::str::from_utf8(&bytes).ok()?;
        let (segment, offset) = text.strip_prefix("betrodd covered 1\n")?.strip_suffix('\n')?.split_once(' ')?;
        Some(Position { segment: segment.parse().ok()?, offset: offset.parse().ok()? })
    };
    place().map(Some).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "`journal/covered` is damaged"))
}

/// Notes it, durably. It never goes back.
///
/// # Errors
/// As the system says.
pub fn cover(dir: &Path, disk: &dyn Disk, at: Position) -> io::Result<()> {
    if covered(dir, disk)?.is_some_and(|before| before >= at) {
        return Ok(());
    }
    disk.replace(&dir.join(COVERED), format!("betrodd covered 1\n{} {}\n", at.segment, at.offset).as_bytes())
}

/// Writes a segment with what `change` leaves of its entries; how many it changed.
fn rewrite(
    dir: &Path,
    disk: &dyn Disk,
    number: u64,
    change: &dyn Fn(Position, &mut Entry) -> Result<bool, DamageKind>,
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
        for entry in &mut entries {
            changed += u64::from(change(at, entry).map_err(|kind| damaged(offset, kind))?);
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

/// Visits every entry of segment `number`, in order, up to where its groups end; `visit` says whether to go on. For whoever plans a
/// purge: it reads and changes nothing.
///
/// # Errors
/// As [`purge`].
pub fn entries_of(
    dir: &Path,
    disk: &dyn Disk,
    number: u64,
    visit: &mut dyn FnMut(Position, &Entry) -> bool,
) -> Result<(), OpenError> {
    let bytes = disk.read(&dir.join(segment_name(number)))?;
    let mut offset = HEADER_BYTES;
    while let Some(group) = bytes.get(offset..).and_then(Group::read) {
        let at = Position { segment: number, offset: offset as u64 };
        for entry in group.entries().map_err(|kind| Damage { at, kind })? {
            if !visit(at, &entry) {
                return Ok(());
            }
        }
        offset += group.bytes;
    }
    Ok(())
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

/// The redo part without its operations.
fn lists_of(entry: &Entry) -> Option<Vec<u8>> {
    let extra = Extra::decode(entry.redo.as_deref()?).ok()?;
    Extra { operations: None, ..extra }.encode()
}

/// Whether a group is what became of another by a purge.
fn purged_since(was: &Group<'_>, is: &Group<'_>) -> bool {
    let (true, Ok(was), Ok(is)) = (is.purged, was.entries(), is.entries()) else { return false };
    let became = |(was, is): (&Entry, &Entry)| {
        let same = (was.tenant, was.index, &was.leaf) == (is.tenant, is.index, &is.leaf);
        let gone = is.salt.is_none() && is.detail.is_none() && is.redo.is_none();
        let kept = (&was.salt, &was.detail) == (&is.salt, &is.detail);
        same && (gone || (kept && (was.redo == is.redo || lists_of(was) == is.redo)))
    };
    was.len() == is.len() && was.iter().zip(&is).all(became)
}
