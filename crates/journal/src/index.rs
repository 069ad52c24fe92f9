//! *Who looked*: where the entries of a tenant, an actor, a person or a record lie, newest first.
//!
//! Derived from the segments. The rows of the open segment are in memory; those of a closed one lie sorted in `segment-N.index`
//! and are made again when that file is missing or damaged. It holds places, never what an entry says.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use terms::{PersonId, RecordId, TenantId};

use crate::append::OpenError;
use crate::segment::{Damage, DamageKind, EntryRef, Group, HEADER_BYTES, Position, segment_name, segment_number};
use crate::{Detail, Disk, DiskFile, Entry, EntryKind, Extra, Lists};

const MAGIC: &[u8; 4] = b"BIDX";
const VERSION: u16 = 1;
const FILE_HEADER_BYTES: usize = 16;
const ROW_BYTES: usize = 49;
/// Kind, tenant and id, with which every row begins.
const KEY_BYTES: usize = 33;
const CRC_BYTES: usize = 4;

/// What is asked for. The tenant is in every key: no question crosses customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexKey {
    /// All entries of a tenant.
    Tenant(TenantId),
    /// What a person did or tried.
    Actor(TenantId, PersonId),
    /// What was done, or refused, about a person.
    Person(TenantId, PersonId),
    /// What was done, or refused, with a record; also what was done within a case.
    Record(TenantId, RecordId),
}

/// Whom and what an entry names, so far as it can be looked up by that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    actor: Option<PersonId>,
    case: Option<RecordId>,
    persons: Vec<PersonId>,
    records: Vec<RecordId>,
}

impl Named {
    /// Taken from the detail, and from its lists where it has any.
    #[must_use]
    pub fn of(detail: &Detail, lists: Option<&Lists>) -> Self {
        Self {
            actor: detail.actor,
            case: detail.case,
            persons: detail.persons(lists).to_vec(),
            records: detail.records(lists).iter().map(|(record, _)| *record).collect(),
        }
    }
}

/// The index over all segments. Shared: adding and finding take `&self`.
pub struct Index {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    rows: RwLock<Rows>,
}

struct Rows {
    open: OpenIndex,
    /// Segments that are closed and whose file is not written yet, oldest first.
    full: Vec<Arc<OpenIndex>>,
    /// Segments whose file is written, oldest first.
    closed: Vec<Arc<ClosedIndex>>,
}

/// The rows of one segment in memory.
#[derive(Default)]
pub(crate) struct OpenIndex {
    segment: u64,
    places: HashMap<IndexKey, Vec<Place>>,
}

/// Where an entry lies: its index in the tenant's log, the offset of its group, its place in the group.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Place {
    index: u64,
    offset: u32,
    ordinal: u32,
}

/// The file of one segment.
struct ClosedIndex {
    segment: u64,
    /// Whether the checksum was proved since the start.
    proved: AtomicBool,
}

impl Index {
    /// Opens the index of the journal in `dir`: makes what is missing, and reads the last segment into memory. To be called after the
    /// appender opened the journal and before it appends.
    ///
    /// # Errors
    /// As the system says, and when a segment is damaged.
    pub fn open(dir: &Path, disk: Arc<dyn Disk>) -> Result<Self, OpenError> {
        let names = disk.list(dir)?;
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| segment_number(name)).collect();
        numbers.sort_unstable();
        let mut open = OpenIndex::default();
        while let Some(last) = numbers.pop() {
            open = index_segment(dir, &*disk, last)?;
            if !open.places.is_empty() {
                break;
            }
        }
        let mut closed = Vec::new();
        for segment in numbers {
            let index = ClosedIndex { segment, proved: AtomicBool::new(false) };
            if !names.contains(&index_name(segment)) || index.file(dir, &*disk).is_err() {
                write_rows(dir, &*disk, &index_segment(dir, &*disk, segment)?)?;
            }
            closed.push(Arc::new(index));
        }
        Ok(Self { dir: dir.to_owned(), disk, rows: RwLock::new(Rows { open, full: Vec::new(), closed }) })
    }

    /// Adds an entry that is durable. Entries come in the order of the journal.
    pub fn add(&self, entry: &Entry, at: EntryRef) {
        self.add_named(&entry.tenant, entry.index, &named(entry), at);
    }

    /// Adds an entry of which the caller knows what it names; see [`Index::add`].
    pub fn add_named(&self, tenant: &TenantId, index: u64, named: &Named, at: EntryRef) {
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if at.segment != rows.open.segment {
            let next = OpenIndex { segment: at.segment, places: HashMap::new() };
            let full = core::mem::replace(&mut rows.open, next);
            if full.segment != 0 {
                rows.full.push(Arc::new(full));
            }
        }
        rows.open.add(tenant, index, named, at);
    }

    /// Writes the files of segments that were closed since. To be called now and then by a thread that may wait; until then their rows
    /// stay in memory, and nothing is missing. Gives how many were written.
    ///
    /// # Errors
    /// As the system says; it can be tried again.
    pub fn settle(&self) -> Result<usize, OpenError> {
        let mut written = 0;
        loop {
            let Some(full) = self.rows.read().unwrap_or_else(PoisonError::into_inner).full.first().cloned() else {
                return Ok(written);
            };
            write_rows(&self.dir, &*self.disk, &full)?;
            let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
            rows.closed.push(Arc::new(ClosedIndex { segment: full.segment, proved: AtomicBool::new(true) }));
            rows.full.retain(|other| other.segment != full.segment);
            written += 1;
        }
    }

    /// The segments that are closed and whose index file is written, oldest first: those that may be purged.
    #[must_use]
    pub fn closed_segments(&self) -> Vec<u64> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        rows.closed.iter().map(|index| index.segment).collect()
    }

    /// Up to `limit` entries with `key`, newest first; with `before` only those whose index in the tenant's log is smaller.
    ///
    /// # Errors
    /// As the system says, and when a segment whose index file is damaged is itself damaged.
    pub fn find(&self, key: IndexKey, before: Option<u64>, limit: usize) -> Result<Vec<EntryRef>, OpenError> {
        let before = before.unwrap_or(u64::MAX);
        let mut found = Vec::new();
        let closed = {
            let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
            rows.open.find(&key, before, limit, &mut found);
            for full in rows.full.iter().rev() {
                full.find(&key, before, limit, &mut found);
            }
            rows.closed.clone()
        };
        for index in closed.iter().rev() {
            if found.len() >= limit {
                break;
            }
            self.find_closed(index, &key, before, limit, &mut found)?;
        }
        Ok(found)
    }

    fn find_closed(
        &self,
        index: &ClosedIndex,
        key: &IndexKey,
        before: u64,
        limit: usize,
        found: &mut Vec<EntryRef>,
    ) -> Result<(), OpenError> {
        if !index.proved.load(Ordering::Relaxed) {
            if !index.is_sound(&self.dir, &*self.disk) {
                write_rows(&self.dir, &*self.disk, &index_segment(&self.dir, &*self.disk, index.segment)?)?;
            }
            index.proved.store(true, Ordering::Relaxed);
        }
        Ok(index.find(&self.dir, &*self.disk, key, before, limit, found)?)
    }
}

impl core::fmt::Debug for Index {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl OpenIndex {
    fn add(&mut self, tenant: &TenantId, index: u64, named: &Named, at: EntryRef) {
        let place = Place { index, offset: at.offset, ordinal: at.ordinal };
        self.put(IndexKey::Tenant(*tenant), place);
        named.actor.iter().for_each(|actor| self.put(IndexKey::Actor(*tenant, *actor), place));
        named.persons.iter().for_each(|person| self.put(IndexKey::Person(*tenant, *person), place));
        named.case.iter().for_each(|case| self.put(IndexKey::Record(*tenant, *case), place));
        named.records.iter().for_each(|record| self.put(IndexKey::Record(*tenant, *record), place));
    }

    fn put(&mut self, key: IndexKey, place: Place) {
        let places = self.places.entry(key).or_default();
        // A case that is also the record, or a record in two versions, is still one entry.
        if places.last() != Some(&place) {
            places.push(place);
        }
    }

    fn find(&self, key: &IndexKey, before: u64, limit: usize, found: &mut Vec<EntryRef>) {
        let Some(places) = self.places.get(key) else { return };
        let end = places.partition_point(|place| place.index < before);
        let wanted = limit.saturating_sub(found.len());
        found.extend(places[..end].iter().rev().take(wanted).map(|place| place.at(self.segment)));
    }

    /// The file: header, rows in order, CRC-32C of everything before it.
    fn encode(&self) -> Vec<u8> {
        // The places of a key lie in order already: entries come in the order of the journal.
        let first = |(key, places): (&'_ IndexKey, &Vec<Place>)| places.first().map(|place| row(key, *place));
        let mut keys: Vec<_> = self.places.iter().map(|at| (first(at), at)).collect();
        keys.sort_unstable_by_key(|(first, _)| *first);
        let rows: usize = self.places.values().map(Vec::len).sum();
        let mut bytes = Vec::with_capacity(FILE_HEADER_BYTES + rows * ROW_BYTES + CRC_BYTES);
        bytes.extend_from_slice(&file_header(self.segment));
        for (key, places) in keys.into_iter().map(|(_, at)| at) {
            places.iter().for_each(|place| bytes.extend_from_slice(&row(key, *place)));
        }
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }
}

impl Place {
    const fn at(self, segment: u64) -> EntryRef {
        EntryRef { segment, offset: self.offset, ordinal: self.ordinal }
    }
}

impl ClosedIndex {
    /// The open file and its number of rows, when header and length are right.
    fn file(&self, dir: &Path, disk: &dyn Disk) -> io::Result<(Box<dyn DiskFile>, u64)> {
        let file = disk.open(&dir.join(index_name(self.segment)))?;
        let mut header = [0; FILE_HEADER_BYTES];
        file.read_at(0, &mut header)?;
        let rows_bytes = file.size()?.checked_sub((FILE_HEADER_BYTES + CRC_BYTES) as u64);
        match rows_bytes {
            Some(bytes) if bytes.is_multiple_of(ROW_BYTES as u64) && header == file_header(self.segment) => {
                Ok((file, bytes / ROW_BYTES as u64))
            }
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn is_sound(&self, dir: &Path, disk: &dyn Disk) -> bool {
        let Ok(bytes) = disk.read(&dir.join(index_name(self.segment))) else { return false };
        let Some((content, crc)) = bytes.split_last_chunk() else { return false };
        self.file(dir, disk).is_ok() && crc32c::crc32c(content) == u32::from_le_bytes(*crc)
    }

    fn find(
        &self,
        dir: &Path,
        disk: &dyn Disk,
        key: &IndexKey,
        before: u64,
        limit: usize,
        found: &mut Vec<EntryRef>,
    ) -> io::Result<()> {
        let (file, rows) = self.file(dir, disk)?;
        let read = |number: u64| -> io::Result<[u8; ROW_BYTES]> {
            let mut bytes = [0; ROW_BYTES];
            file.read_at(FILE_HEADER_BYTES as u64 + number * ROW_BYTES as u64, &mut bytes)?;
            Ok(bytes)
        };
        let end = row(key, Place { index: before, offset: 0, ordinal: 0 });
        let (mut low, mut high) = (0, rows);
        while low < high {
            let middle = low + (high - low) / 2;
            if read(middle)? < end {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        while low > 0 && found.len() < limit {
            low -= 1;
            let row = read(low)?;
            if row[..KEY_BYTES] != end[..KEY_BYTES] {
                break;
            }
            let number = |at: usize| row[at..].first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
            found.push(EntryRef {
                segment: self.segment,
                offset: number(KEY_BYTES + 8),
                ordinal: number(KEY_BYTES + 12),
            });
        }
        Ok(())
    }
}

fn index_name(segment: u64) -> String {
    format!("segment-{segment:010}.index")
}

fn file_header(segment: u64) -> [u8; FILE_HEADER_BYTES] {
    let mut header = [0; FILE_HEADER_BYTES];
    header[0..4].copy_from_slice(MAGIC);
    header[4..6].copy_from_slice(&VERSION.to_le_bytes());
    header[8..16].copy_from_slice(&segment.to_le_bytes());
    header
}

/// One row. Its numbers are big-endian, so that rows sort as bytes.
fn row(key: &IndexKey, place: Place) -> [u8; ROW_BYTES] {
    let (kind, tenant, id) = match key {
        IndexKey::Tenant(tenant) => (0, tenant, &[0; 16]),
        IndexKey::Actor(tenant, person) => (1, tenant, person.bytes()),
        IndexKey::Person(tenant, person) => (2, tenant, person.bytes()),
        IndexKey::Record(tenant, record) => (3, tenant, record.bytes()),
    };
    let mut bytes = [0; ROW_BYTES];
    bytes[0] = kind;
    bytes[1..17].copy_from_slice(tenant.bytes());
    bytes[17..33].copy_from_slice(id);
    bytes[33..41].copy_from_slice(&place.index.to_be_bytes());
    bytes[41..45].copy_from_slice(&place.offset.to_be_bytes());
    bytes[45..49].copy_from_slice(&place.ordinal.to_be_bytes());
    bytes
}

pub(crate) fn write_rows(dir: &Path, disk: &dyn Disk, index: &OpenIndex) -> io::Result<()> {
    disk.replace(&dir.join(index_name(index.segment)), &index.encode())
}

/// What an entry names; a purged entry nobody any more, and heads never.
fn named(entry: &Entry) -> Named {
    let detail = entry.detail.as_deref().filter(|_| entry.leaf.kind != EntryKind::Heads);
    let Some(detail) = detail.and_then(|bytes| Detail::decode(bytes).ok()) else { return Named::default() };
    let redo = entry.redo.as_deref().filter(|_| detail.needs_lists());
    let lists = redo.and_then(|bytes| Extra::decode(bytes).ok()).and_then(|extra| extra.lists);
    Named::of(&detail, lists.as_ref())
}

/// The rows of a segment from the segment itself, up to where its groups end. Checking the chain is the appender's matter.
fn index_segment(dir: &Path, disk: &dyn Disk, segment: u64) -> Result<OpenIndex, OpenError> {
    Ok(rows_of(segment, &disk.read(&dir.join(segment_name(segment)))?)?)
}

/// The rows of a segment from its bytes.
pub(crate) fn rows_of(segment: u64, bytes: &[u8]) -> Result<OpenIndex, Damage> {
    let mut index = OpenIndex { segment, places: HashMap::new() };
    let mut offset = HEADER_BYTES;
    while let Some(group) = bytes.get(offset..).and_then(Group::read) {
        let damaged = |kind: DamageKind| Damage { at: Position { segment, offset: offset as u64 }, kind };
        for (ordinal, entry) in (0..).zip(group.entries().map_err(damaged)?) {
            let at = EntryRef { segment, offset: offset as u32, ordinal };
            index.add(&entry.tenant, entry.index, &named(&entry), at);
        }
        offset += group.bytes;
    }
    Ok(index)
}
