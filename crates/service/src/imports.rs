//! Records that are brought in together from a file, through the door: begun and ended with an entry each, found again by their
//! rows, and undone as a whole.
//!
//! Not here: reading a file. Every record of an import is collected by the door like any other, and decided one by one.

use terms::{Hash, Instant, KindName, PersonId, RecordHead, RecordId};

use crate::{Answer, Asked, No};

/// An import of a customer's, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: RecordId,
    /// Of which kind its records are.
    pub kind: KindName,
    /// Under which record they stand.
    pub parent: Option<RecordId>,
    /// Who brought them in.
    pub by: PersonId,
    /// When that began.
    pub begun: Instant,
    /// How many rows the file had.
    pub rows: u64,
    /// When every row had its answer. None while it runs, and where it was interrupted.
    pub ended: Option<Instant>,
    /// When it was undone.
    pub undone: Option<Instant>,
}

impl Import {
    /// The caller's key of a row, by which its record is made once and found again.
    #[must_use]
    pub fn key_of(&self, row: u64) -> String {
        format!("import/{}/{row}", self.id)
    }
}

/// A record that an import made and that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// From which row, counted from 1 after the heading.
    pub row: u64,
    /// The record as it stands now.
    pub head: RecordHead,
    /// Whether it is as the import made it: in its first version, with nothing under it.
    pub untouched: bool,
}

/// What begins an import.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Under which record.
    pub parent: Option<RecordId>,
    /// How many rows.
    pub rows: u64,
    /// A key of the caller's: the same key again goes on with the same import.
    pub once: &'a str,
}

/// What undoing an import would do, said before it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// The import.
    pub import: Import,
    /// The hash of the plan: whoever confirms it confirms this and nothing else.
    pub plan: Hash,
    /// How many records would be erased: those that are as the import made them.
    pub goes: u64,
    /// What stays, by row.
    pub kept: Vec<KeptRow>,
    /// How many records stay that this person does not reach, or whose person is restricted; nothing else is told of them.
    pub beyond: u64,
}

/// A record of an import that undoing leaves as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptRow {
    /// From which row, counted from 1 after the heading.
    pub row: u64,
    /// The record.
    pub record: RecordId,
    /// Why.
    pub why: KeptWhy,
}

/// Why undoing leaves a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptWhy {
    /// Somebody changed it since.
    Changed,
    /// Something was written that belongs to it.
    Holds,
    /// Another record refers to it.
    Referred,
    /// Its person has an account.
    Account,
    /// Records of its kind stay when they are erased.
    KindStays,
    /// A legal hold stands against it.
    Held,
}

impl KeptWhy {
    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Holds => "holds",
            Self::Referred => "referred",
            Self::Account => "account",
            Self::KindStays => "kind-stays",
            Self::Held => "held",
        }
    }
}

/// An import that was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The import.
    pub import: Import,
    /// The certificate of the erasure; none where nothing was left to erase.
    pub certificate: Option<RecordId>,
    /// How many records were erased.
    pub gone: u64,
}

/// Imports of records, beside the [`Door`](crate::Door) that collects them.
pub trait Imports: Send + Sync {
    /// Begins an import with an entry, or goes on with the one of the same key.
    ///
    /// Answers [`No::Reused`](crate::No::Reused) where the key began another one.
    fn begin<'a>(&'a self, asked: &'a Asked, begin: Begin<'a>) -> Answer<'a, Import>;

    /// Says with an entry that every row has had its answer.
    fn end<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, Import>;

    /// The imports of a kind, newest first. Nothing is opened.
    fn imports<'a>(&'a self, asked: &'a Asked, kind: &'a KindName) -> Answer<'a, Vec<Import>>;

    /// The records of an import that are still there, by row. Nothing is opened.
    fn imported<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, (Import, Vec<Imported>)>;

    /// What undoing an import would do. That it was asked is an entry.
    fn plan_undo<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Answer<'a, Undoing> {
        let _ = (asked, import);
        Box::pin(async { Err(No::Missing) })
    }

    /// Undoes an import as it was planned: erases what is as the import made it, and says with an entry that it is undone. The same
    /// again is answered as the first time and does nothing.
    ///
    /// Answers [`No::Conflict`](crate::No::Conflict) where it would be another plan by now.
    fn undo<'a>(&'a self, asked: &'a Asked, import: RecordId, plan: Hash) -> Answer<'a, Undone> {
        let _ = (asked, import, plan);
        Box::pin(async { Err(No::Missing) })
    }
}
