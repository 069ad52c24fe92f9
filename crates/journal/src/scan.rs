//! Reading the journal: from the first segment or a position on, checking the chain; and single groups for look-ups.

use std::io;
use std::path::Path;
use std::time::Duration;

use crate::append::OpenError;
use crate::segment::{
    Damage, DamageKind, EntryRef, GROUP_HEADER_BYTES, Group, HEADER_BYTES, Header, Link, MAX_PAYLOAD_BYTES, Position,
    Rest, judge_rest, le_u32, segment_name, segment_number,
};
use crate::{Disk, Entry, RealDisk};

/// What is done with each group.
pub type Visit<'a> = dyn FnMut(Position, &[Entry]) -> Result<(), OpenError> + 'a;

/// What a scan saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Scan {
    /// Segments that hold something.
    pub segments: u64,
    /// Groups, each with a sound checksum and a chain that follows.
    pub groups: u64,
    /// Among them, groups that were purged.
    pub purged: u64,
    /// Entries.
    pub entries: u64,
    /// Where a group was begun and not finished. Nobody was told of it.
    pub unfinished: Option<Position>,
}

/// Reads the whole journal in `dir` without changing it, also while it is being written, and visits each group that is complete.
///
/// # Errors
/// [`OpenError::Damage`] at the first place that is not what was written; what `visit` or the system says.
pub fn scan(dir: &Path, visit: &mut Visit<'_>) -> Result<Scan, OpenError> {
    let walked = walk(dir, &RealDisk, None, Manner::Watching, visit)?;
    Ok(walked.scan)
}

/// The same from a group on; without one, from the first segment that is there.
///
/// # Errors
/// As [`scan`].
pub fn scan_from(dir: &Path, from: Option<Position>, visit: &mut Visit<'_>) -> Result<Scan, OpenError> {
    Ok(walk(dir, &RealDisk, from, Manner::Watching, visit)?.scan)
}

/// The numbers of the segments in `dir`, also of those that hold nothing yet, in their order.
///
/// # Errors
/// As the system says.
pub fn segments(dir: &Path, disk: &dyn Disk) -> io::Result<Vec<u64>> {
    let mut numbers: Vec<u64> = disk.list(dir)?.iter().filter_map(|name| segment_number(name)).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Where the sound groups of a segment end, given its bytes; none where it does not begin as this segment does. What lies
/// after that was never acknowledged, or is damage: [`scan`] tells which.
#[must_use]
pub fn segment_end(number: u64, bytes: &[u8]) -> Option<u64> {
    let header = Header::decode(bytes).ok().filter(|header| header.number == number)?;
    let mut link = Link { next_generation: header.first_generation, chain: header.chain };
    let mut offset = HEADER_BYTES;
    while let Some(group) = bytes.get(offset..).and_then(Group::read) {
        link = group.follow(link).ok()?;
        offset += group.bytes;
    }
    Some(offset as u64)
}

/// The entries of the sound groups that lie one after the other from the beginning of `bytes` on, and how many bytes those
/// groups take. A segment's header is passed over where `bytes` begin with one.
///
/// # Errors
/// A group whose checksum is right and whose payload is no list of entries.
pub fn read_groups(bytes: &[u8]) -> Result<(Vec<Entry>, usize), DamageKind> {
    let mut at = if Header::decode(bytes).is_ok() { HEADER_BYTES } else { 0 };
    let mut entries = Vec::new();
    while let Some(group) = bytes.get(at..).and_then(Group::read) {
        entries.extend(group.entries()?);
        at += group.bytes;
    }
    Ok((entries, at))
}

/// Reads the group at `position`.
///
/// # Errors
/// [`OpenError::Damage`] when no sound group begins there; what the system says.
pub fn read_group(dir: &Path, disk: &dyn Disk, position: Position) -> Result<Vec<Entry>, OpenError> {
    let damaged = |kind| Damage { at: position, kind };
    let file = disk.open(&dir.join(segment_name(position.segment)))?;
    let mut bytes = vec![0; GROUP_HEADER_BYTES];
    file.read_at(position.offset, &mut bytes).map_err(end_is(damaged(DamageKind::NoGroup)))?;
    let payload = le_u32(&bytes[4..]) as usize;
    if payload > MAX_PAYLOAD_BYTES {
        return Err(damaged(DamageKind::NoGroup).into());
    }
    bytes.resize(GROUP_HEADER_BYTES + payload, 0);
    file.read_at(position.offset + GROUP_HEADER_BYTES as u64, &mut bytes[GROUP_HEADER_BYTES..])
        .map_err(end_is(damaged(DamageKind::NoGroup)))?;
    let group = Group::read(&bytes).ok_or_else(|| damaged(DamageKind::Group("its checksum is wrong")))?;
    Ok(group.entries().map_err(damaged)?)
}

/// Reads one entry.
///
/// # Errors
/// As [`read_group`], and when the group has no such entry.
pub fn read_entry(dir: &Path, disk: &dyn Disk, at: EntryRef) -> Result<Entry, OpenError> {
    let mut entries = read_group(dir, disk, at.group())?;
    let ordinal = at.ordinal as usize;
    if ordinal >= entries.len() {
        return Err(Damage { at: at.group(), kind: DamageKind::Group("it has no such entry") }.into());
    }
    Ok(entries.swap_remove(ordinal))
}

fn end_is(damage: Damage) -> impl FnOnce(io::Error) -> OpenError {
    move |error| match error.kind() {
        io::ErrorKind::UnexpectedEof => damage.into(),
        _ => error.into(),
    }
}

/// Whether somebody else may be writing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// We are the only one: what looks like damage is damage.
    Alone,
    /// A group may grow under our eyes: what looks like damage at the end is read again before it is believed.
    Watching,
}

/// Where a walk ended.
pub(crate) struct Walked {
    pub scan: Scan,
    pub link: Link,
    /// The last segment that holds something, where the next group goes in it, and its length.
    pub last: Option<(u64, u64, u64)>,
    /// What was begun and not finished: segment, from, to.
    pub torn: Option<(u64, u64, u64)>,
}

/// Walks the segments from `from` on (or from the first), checks checksums and chain, and visits each group at or after `from`.
pub(crate) fn walk(
    dir: &Path,
    disk: &dyn Disk,
    from: Option<Position>,
    manner: Manner,
    visit: &mut Visit<'_>,
) -> Result<Walked, OpenError> {
    let numbers = segments(dir, disk)?;
    let missing = |segment| Damage { at: Position { segment, offset: 0 }, kind: DamageKind::Missing };
    if let Some(gap) = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1) {
        return Err(missing(gap[0] + 1).into());
    }
    let mut walked = Walked { scan: Scan::default(), link: Link::START, last: None, torn: None };
    // Preallocated segments at the end hold nothing. Whatever is used while we watch comes after what we read.
    let mut used = numbers.as_slice();
    while let Some((last, before)) = used.split_last() {
        if disk.read(&dir.join(segment_name(*last)))?.iter().any(|byte| *byte != 0) {
            break;
        }
        used = before;
    }
    if let Some(from) = from {
        let start = used.iter().position(|number| *number == from.segment).ok_or_else(|| missing(from.segment))?;
        used = &used[start..];
    }
    let mut known = None;
    for (place, number) in used.iter().enumerate() {
        let is_last = place + 1 == used.len();
        let segment = Segment { dir, disk, number: *number, is_last, manner, from };
        known = Some(segment.walk(known, &mut walked, visit)?);
    }
    walked.link = known.unwrap_or(Link::START);
    Ok(walked)
}

/// One segment of a walk.
struct Segment<'a> {
    dir: &'a Path,
    disk: &'a dyn Disk,
    number: u64,
    is_last: bool,
    manner: Manner,
    from: Option<Position>,
}

impl Segment<'_> {
    fn walk(&self, known: Option<Link>, walked: &mut Walked, visit: &mut Visit<'_>) -> Result<Link, OpenError> {
        let mut bytes = self.read()?;
        let mut link = match self.header(&bytes, known) {
            Ok(link) => link,
            Err(damage) => return self.header_fails(&bytes, damage, known, walked),
        };
        walked.scan.segments += 1;
        let mut offset = HEADER_BYTES;
        let mut from_is_group = self.from.is_none_or(|from| from.segment != self.number);
        let mut readings = 0;
        loop {
            from_is_group |= self.from.is_some_and(|from| from.offset == offset as u64);
            let Some(group) = bytes.get(offset..).and_then(Group::read) else {
                match judge_rest(&bytes, offset, link.next_generation) {
                    Rest::Empty => break,
                    Rest::Torn { end } if self.is_last => {
                        walked.torn = Some((self.number, offset as u64, end as u64));
                        walked.scan.unfinished = Some(self.at(offset));
                        break;
                    }
                    Rest::Torn { .. } => {
                        return Err(self.damage(offset, DamageKind::Group("it is cut short, and a segment follows")));
                    }
                    Rest::Damaged(_) if self.is_last && self.manner == Manner::Watching && readings < 5 => {
                        readings += 1;
                        std::thread::sleep(Duration::from_millis(20));
                        bytes = self.read()?;
                        continue;
                    }
                    Rest::Damaged(why) => return Err(self.damage(offset, DamageKind::Group(why))),
                }
            };
            let at = self.at(offset);
            link = group.follow(link).map_err(|kind| self.damage(offset, kind))?;
            if self.from.is_none_or(|from| from <= at) {
                let entries = group.entries().map_err(|kind| self.damage(offset, kind))?;
                walked.scan.groups += 1;
                walked.scan.purged += u64::from(group.purged);
                walked.scan.entries += entries.len() as u64;
                visit(at, &entries)?;
            }
            offset += group.bytes;
        }
        if let (false, Some(from)) = (from_is_group, self.from) {
            return Err(Damage { at: from, kind: DamageKind::NoGroup }.into());
        }
        walked.last = Some((self.number, offset as u64, bytes.len() as u64));
        Ok(link)
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        self.disk.read(&self.dir.join(segment_name(self.number)))
    }

    fn header(&self, bytes: &[u8], known: Option<Link>) -> Result<Link, DamageKind> {
        let header = Header::decode(bytes).map_err(DamageKind::Header)?;
        if header.number != self.number {
            return Err(DamageKind::Header("it bears another number"));
        }
        let link = Link { next_generation: header.first_generation, chain: header.chain };
        match known.or((self.number == 1).then_some(Link::START)) {
            Some(expected) if expected.next_generation != link.next_generation => {
                Err(DamageKind::Generation { expected: expected.next_generation, found: link.next_generation })
            }
            Some(expected) if expected.chain != link.chain => Err(DamageKind::Chain),
            _ => Ok(link),
        }
    }

    /// Header and first group are one write. It was never finished when the header never came, or nothing came after it.
    fn header_fails(
        &self,
        bytes: &[u8],
        kind: DamageKind,
        known: Option<Link>,
        walked: &mut Walked,
    ) -> Result<Link, OpenError> {
        let (header, rest) = bytes.split_at(bytes.len().min(HEADER_BYTES));
        let next_generation = known.map_or(0, |link| link.next_generation);
        let unfinished = match judge_rest(bytes, header.len(), next_generation) {
            Rest::Empty => matches!(kind, DamageKind::Header(_)),
            Rest::Torn { .. } => header.iter().all(|byte| *byte == 0),
            Rest::Damaged(_) => false,
        };
        match known.or((self.number == 1).then_some(Link::START)) {
            Some(link) if unfinished && self.is_last && self.from.is_none_or(|from| from.segment != self.number) => {
                let end = rest.iter().rposition(|byte| *byte != 0).map_or(header.len(), |last| header.len() + last + 1);
                walked.torn = Some((self.number, 0, end as u64));
                walked.scan.unfinished = Some(self.at(0));
                Ok(link)
            }
            _ => Err(self.damage(0, kind)),
        }
    }

    const fn at(&self, offset: usize) -> Position {
        Position { segment: self.number, offset: offset as u64 }
    }

    fn damage(&self, offset: usize, kind: DamageKind) -> OpenError {
        OpenError::Damage(Damage { at: self.at(offset), kind })
    }
}
