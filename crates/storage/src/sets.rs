//! Sets of rows and their roots: for each customer how many rows there are and the sum of their elements, and a head over all
//! customers. Each is kept with the rows, in the same transaction, and costs the same for few rows as for many.
//!
//! An element is made from a row's tag under a key and seen by nobody, and the sums lie sealed. So whoever lacks the key knows none, and
//! cannot find rows whose sum is another set's: he can only guess, and of 2^128 sums one is right. Not here: how the rows come by
//! (`guarded.rs`).

use std::collections::BTreeMap;

use journal::Position;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::engine::StoreError;
use crate::guarded::{Guarded, ROOT, is_damage_untagged, tables};

/// The row of the head among the roots. A customer's id has sixteen bytes, and what is of nobody none.
const HEAD: &[u8] = b"head";
/// Bytes of a sealed head before it is sealed.
const HEAD_BYTES: usize = 5 * 8 + 16;
/// Bytes of a root.
const ROOT_BYTES: usize = 8 + 16;

/// What a row adds to its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element(u128);

impl Element {
    pub(crate) const fn of(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }
}

/// A set: how many rows, and the sum of their elements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Set {
    pub(crate) count: u64,
    sum: u128,
}

impl Set {
    pub(crate) const fn add(&mut self, element: Element) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(element.0);
    }

    const fn remove(&mut self, element: Element) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(element.0);
    }

    const fn and(self, change: Self) -> Self {
        Self { count: self.count.wrapping_add(change.count), sum: self.sum.wrapping_add(change.sum) }
    }

    const fn is_empty(&self) -> bool {
        self.count == 0 && self.sum == 0
    }

    fn bytes(&self) -> [u8; ROOT_BYTES] {
        let mut bytes = [0; ROOT_BYTES];
        bytes[..8].copy_from_slice(&self.count.to_le_bytes());
        bytes[8..].copy_from_slice(&self.sum.to_le_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (count, sum) = bytes.split_first_chunk()?;
        Some(Self { count: u64::from_le_bytes(*count), sum: u128::from_le_bytes(sum.try_into().ok()?) })
    }
}

/// What the head says: where in the journal the file stands, how often it was changed, and which roots there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// The group up to which the state is applied; nothing for the file of keys.
    pub(crate) at: Position,
    /// How many transactions changed the file.
    pub(crate) changes: u64,
    /// Something that must not be less: for the state how often the file of keys was changed when this was written, for the file
    /// of keys the number of the last change that was noted.
    pub(crate) beside: u64,
    /// The roots.
    roots: Set,
}

/// Before the first group.
pub(crate) const NOWHERE: Position = Position { segment: 0, offset: 0 };

impl Default for Head {
    fn default() -> Self {
        Self { at: NOWHERE, changes: 0, beside: 0, roots: Set::default() }
    }
}

impl Head {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD_BYTES);
        for number in [self.at.segment, self.at.offset, self.changes, self.beside] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.roots.bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut numbers = bytes.get(..32)?.chunks_exact(8).map(|one| one.try_into().map_or(0, u64::from_le_bytes));
        let mut next = || numbers.next().unwrap_or(0);
        let at = Position { segment: next(), offset: next() };
        let (changes, beside) = (next(), next());
        Some(Self { at, changes, beside, roots: Set::read(bytes.get(32..)?)? })
    }
}

/// The sets as they were last committed, and what the transaction that runs changes of them.
#[derive(Default)]
pub(crate) struct Sets {
    head: Option<Head>,
    sets: BTreeMap<Vec<u8>, Set>,
    changed: BTreeMap<Vec<u8>, Set>,
}

impl Sets {
    fn of(&mut self, whose: &[u8]) -> &mut Set {
        if !self.changed.contains_key(whose) {
            self.changed.insert(whose.to_vec(), Set::default());
        }
        self.changed.entry(whose.to_vec()).or_default()
    }

    pub(crate) fn add(&mut self, whose: &[u8], element: Element) {
        self.of(whose).add(element);
    }

    pub(crate) fn remove(&mut self, whose: &[u8], element: Element) {
        self.of(whose).remove(element);
    }

    /// What the head said last.
    pub(crate) const fn head(&self) -> Option<Head> {
        self.head
    }
}

/// What a transaction made of the sets, to be kept once it is committed.
#[must_use = "sets that are not kept are those of before the transaction"]
pub(crate) struct Next {
    head: Head,
    sets: BTreeMap<Vec<u8>, Set>,
}

/// The head of the roots and each set, by what it is of.
type Roots = (Head, BTreeMap<Vec<u8>, Set>);

/// What was counted when a file was checked against its roots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Rows.
    pub rows: u64,
    /// Sets: one for each customer, and one for what is of none.
    pub sets: u64,
}

pub(crate) fn damaged(cause: impl core::fmt::Display) -> StoreError {
    StoreError { doing: StoreError::TRUSTED, cause: cause.to_string() }
}

pub(crate) fn unread(cause: rusqlite::Error) -> StoreError {
    if is_damage_untagged(&cause) { damaged(cause) } else { StoreError { doing: "read", cause: cause.to_string() } }
}

/// Whose a set is, in words that name nobody.
fn name(whose: &[u8]) -> String {
    if whose.is_empty() {
        return "what is of no customer".to_owned();
    }
    let hex: Vec<String> = whose.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("customer {}", hex.concat())
}

impl Guarded {
    /// Forgets what a transaction that did not end left.
    pub(crate) fn anew(&self) {
        self.sets().changed.clear();
    }

    fn element(&self, whose: &[u8], set: &Set) -> Element {
        let (of, bytes) = (rusqlite::types::ValueRef::Blob(whose), set.bytes());
        let row = [of, rusqlite::types::ValueRef::Blob(&bytes)];
        self.tag_of(crate::guarded::ROOT, &mut row.into_iter()).1
    }

    /// Writes the roots of the sets that this transaction changed, and the head. Just before it is committed.
    pub(crate) fn finish(&self, tx: &Transaction<'_>, at: Position, beside: u64) -> Result<Next, StoreError> {
        let written = |cause: rusqlite::Error| StoreError { doing: "written", cause: cause.to_string() };
        let mut sets = self.sets();
        let before = sets.head.unwrap_or_default();
        let mut head = Head { at, changes: before.changes + 1, beside, roots: before.roots };
        let mut next = BTreeMap::new();
        for (whose, change) in core::mem::take(&mut sets.changed) {
            let was = sets.sets.get(&whose).copied().unwrap_or_default();
            let is = was.and(change);
            if !was.is_empty() {
                head.roots.remove(self.element(&whose, &was));
            }
            if is.is_empty() {
                tx.prepare_cached("DELETE FROM main.root WHERE of = ?1")
                    .and_then(|mut delete| delete.execute(params![whose]))
                    .map_err(written)?;
            } else {
                head.roots.add(self.element(&whose, &is));
                self.put(tx, &whose, &is.bytes())?;
            }
            next.insert(whose, is);
        }
        drop(sets);
        self.put(tx, HEAD, &head.bytes())?;
        Ok(Next { head, sets: next })
    }

    fn put(&self, tx: &Connection, of: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        let sealed = self.guard.seal_root(self.file, of, plain)?;
        tx.prepare_cached("INSERT OR REPLACE INTO main.root (of, sealed) VALUES (?1, ?2)")
            .and_then(|mut put| put.execute(params![of, sealed]))
            .map_err(|cause| StoreError { doing: "written", cause: cause.to_string() })?;
        Ok(())
    }

    /// After the commit.
    pub(crate) fn keep(&self, next: Next) {
        let mut sets = self.sets();
        sets.head = Some(next.head);
        for (whose, set) in next.sets {
            if set.is_empty() {
                sets.sets.remove(&whose);
            } else {
                sets.sets.insert(whose, set);
            }
        }
    }

    /// The roots as they lie, opened and held against the head; none where the file was never given any.
    fn roots(&self, connection: &Connection) -> Result<Option<Roots>, StoreError> {
        let open = |of: &[u8], sealed: &[u8]| {
            self.guard.open_root(self.file, of, sealed).ok_or_else(|| {
                damaged(format_args!(
                    "the root of {} does not open: it was changed, or is of another installation",
                    name(of)
                ))
            })
        };
        if !connection.table_exists(Some("main"), ROOT).map_err(unread)? {
            return Ok(None);
        }
        let sealed: Option<Vec<u8>> = connection
            .query_row("SELECT sealed FROM main.root WHERE of = ?1", params![HEAD], |row| row.get(0))
            .optional()
            .map_err(unread)?;
        let Some(sealed) = sealed else { return Ok(None) };
        let head =
            Head::read(&open(HEAD, &sealed)?).ok_or_else(|| damaged("the head of the roots has another form"))?;
        let mut sets = BTreeMap::new();
        let mut roots = Set::default();
        let mut statement = connection.prepare("SELECT of, sealed FROM main.root WHERE of <> ?1").map_err(unread)?;
        let mut rows = statement.query(params![HEAD]).map_err(unread)?;
        while let Some(row) = rows.next().map_err(unread)? {
            let (of, sealed): (Vec<u8>, Vec<u8>) = (row.get(0).map_err(unread)?, row.get(1).map_err(unread)?);
            let set = Set::read(&open(&of, &sealed)?).ok_or_else(|| damaged("a root has another form"))?;
            roots.add(self.element(&of, &set));
            sets.insert(of, set);
        }
        if roots != head.roots {
            return Err(damaged("a customer's root is missing, was added or was put back to an older one"));
        }
        Ok(Some((head, sets)))
    }

    /// Takes the roots over when the file is opened; whether there are any. The rows are not looked at.
    pub(crate) fn load(&self, connection: &Connection) -> Result<bool, StoreError> {
        let Some((head, of)) = self.roots(connection)? else { return Ok(false) };
        let mut sets = self.sets();
        *sets = Sets { head: Some(head), sets: of, ..Sets::default() };
        Ok(true)
    }

    /// The sets as the rows themselves come to.
    fn counted(&self, connection: &Connection) -> Result<BTreeMap<Vec<u8>, Set>, StoreError> {
        let mut counted: BTreeMap<Vec<u8>, Set> = BTreeMap::new();
        for table in tables(connection).map_err(unread)? {
            let mut statement = connection.prepare(&table.all(self.is_tagged())).map_err(unread)?;
            let columns = statement.column_count();
            let mut rows = statement.query([]).map_err(unread)?;
            while let Some(row) = rows.next().map_err(unread)? {
                let value = |at: usize| row.get_ref(at).unwrap_or(rusqlite::types::ValueRef::Null);
                let (tag, element) = self.tag_of(&table.name, &mut (2..columns).map(value));
                if self.is_tagged() && value(1).as_blob().ok() != Some(&tag[..]) {
                    return Err(damaged(format_args!("a row of `{}` was changed or put in from outside", table.name)));
                }
                let whose = value(0).as_blob().unwrap_or_default();
                if !counted.contains_key(whose) {
                    counted.insert(whose.to_vec(), Set::default());
                }
                if let Some(set) = counted.get_mut(whose) {
                    set.add(element);
                }
            }
        }
        Ok(counted)
    }

    /// Begins the roots from the rows as they lie. How many rows that were.
    pub(crate) fn begin_roots(&self, connection: &mut Connection) -> Result<u64, StoreError> {
        let tx = connection.transaction().map_err(unread)?;
        let counted = self.counted(&tx)?;
        let rows = counted.values().map(|set| set.count).sum();
        *self.sets() = Sets { changed: counted, ..Sets::default() };
        let next = self.finish(&tx, NOWHERE, 0)?;
        tx.commit().map_err(|cause| StoreError { doing: "written", cause: cause.to_string() })?;
        self.keep(next);
        Ok(rows)
    }

    /// Looks at every row, every index and every root, and gives the head with what was counted.
    pub(crate) fn check(&self, tx: &Transaction<'_>) -> Result<(Head, Checked), StoreError> {
        let said: String = tx.query_row("PRAGMA main.integrity_check(1)", [], |row| row.get(0)).map_err(unread)?;
        if said != "ok" {
            return Err(damaged(said.lines().collect::<Vec<_>>().join("; ")));
        }
        let (head, roots) = self.roots(tx)?.ok_or_else(|| damaged("the roots are gone"))?;
        let counted = self.counted(tx)?;
        for whose in roots.keys().chain(counted.keys()) {
            let (root, rows) = (roots.get(whose), counted.get(whose));
            if root != rows {
                let [root, rows] = [root, rows].map(|set| set.map_or(0, |set| set.count));
                let what = if root == rows {
                    "rows put back to older ones".to_owned()
                } else {
                    format!("{rows} rows of {root}")
                };
                return Err(damaged(format_args!(
                    "{} has {what}: some were taken out or put in from outside",
                    name(whose)
                )));
            }
        }
        let rows = counted.values().map(|set| set.count).sum();
        Ok((head, Checked { rows, sets: counted.len() as u64 }))
    }
}
