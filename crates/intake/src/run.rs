//! The rows into the door: begun with an entry, in groups that share a sync, each row under a key of its own, and ended with an
//! entry.
//!
//! If we die between two groups, the import has begun and not ended, and what was written is found by the keys of its rows: the
//! same file under the same key goes on where it stopped, and what stands can be undone.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use service::{Asked, Begin, Door, FieldFault, Import, Imports, Kind, New, No};
use terms::{RecordId, Refusal, TenantId};

use crate::rows::{Checked, CheckedRow};

/// Rows that wait for the committer together.
const GROUP: usize = 250;
/// Imports whose progress is remembered; the oldest are forgotten.
const MAX_REMEMBERED: usize = 500;

/// Which rows are brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choose {
    /// The good ones, though others are bad. Otherwise all, and none where one is bad.
    pub good_only: bool,
    /// Those too that somebody like them is there for already.
    pub doubles_too: bool,
}

impl Choose {
    /// Whether this row is brought in.
    #[must_use]
    pub fn takes(&self, row: &CheckedRow) -> bool {
        row.is_good() && (self.doubles_too || !row.is_double())
    }
}

/// How far an import has come.
#[derive(Default)]
pub struct Progress {
    /// Rows that are to be brought in.
    wanted: AtomicU64,
    /// Those that have had their answer.
    done: AtomicU64,
    /// Those that became records.
    written: AtomicU64,
    failed: Mutex<Vec<Failed>>,
    ended: Mutex<Option<Outcome>>,
}

/// A row that was good and was not taken all the same.
#[derive(Debug, Clone)]
pub struct Failed {
    /// The line on which it begins.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// Why a row was not taken.
#[derive(Debug, Clone)]
pub enum Why {
    /// The agreement says no.
    Refused(Box<Refusal>),
    /// Its values cannot be taken, which only the door could see.
    Invalid(Vec<FieldFault>),
    /// What it belongs to is not there.
    Missing,
    /// It was written before with other values.
    Reused,
    /// The world did not cooperate; nothing of it was written.
    Unavailable,
}

/// How an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every row had its answer.
    Whole,
    /// It stopped before; the same file under the same key goes on.
    Interrupted,
}

impl Progress {
    /// Wanted, done and written so far.
    #[must_use]
    pub fn counts(&self) -> (u64, u64, u64) {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (of(&self.wanted), of(&self.done), of(&self.written))
    }

    /// How it ended, once it has.
    #[must_use]
    pub fn ended(&self) -> Option<Outcome> {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows that were not taken.
    #[must_use]
    pub fn failed(&self) -> Vec<Failed> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn end(&self, outcome: Outcome) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    }
}

/// The imports that run, or ended a while ago, in this program. Counts and lines only.
#[derive(Default)]
pub struct Running(Mutex<BTreeMap<(TenantId, RecordId), Arc<Progress>>>);

impl Running {
    /// The progress of a customer's import.
    #[must_use]
    pub fn of(&self, tenant: &TenantId, import: &RecordId) -> Option<Arc<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(*tenant, *import)).cloned()
    }

    /// How far all imports that run have come together: rows wanted and done.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = all.values().filter(|progress| progress.ended().is_none());
        running.fold((0, 0), |(wanted, done), progress| {
            let (more, of_them, _) = progress.counts();
            (wanted + more, done + of_them)
        })
    }

    /// A place for the progress of an import; none where it runs already.
    #[must_use]
    pub fn begin(&self, tenant: TenantId, import: RecordId) -> Option<Arc<Progress>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(&(tenant, import)).is_some_and(|before| before.ended().is_none()) {
            return None;
        }
        if all.len() >= MAX_REMEMBERED {
            all.retain(|_, progress| progress.ended().is_none());
        }
        let progress = Arc::new(Progress::default());
        all.insert((tenant, import), Arc::clone(&progress));
        Some(progress)
    }
}

/// What is brought in.
pub struct Bring<'a> {
    /// Who asks.
    pub asked: &'a Asked,
    /// Records of which kind.
    pub kind: &'a Kind,
    /// Under which record.
    pub parent: Option<RecordId>,
    /// The rows.
    pub checked: Checked,
    /// Which of them.
    pub choose: Choose,
}

impl Bring<'_> {
    /// Begins the import, with its entry. The same `once` goes on with the same import.
    ///
    /// # Errors
    /// The door's.
    pub async fn begin(&self, imports: &dyn Imports, once: &str) -> Result<Import, No> {
        let rows = self.checked.rows.len() as u64;
        imports.begin(self.asked, Begin { kind: &self.kind.name, parent: self.parent, rows, once }).await
    }
}

/// Brings the rows in and ends the import.
pub async fn run(door: &dyn Door, imports: &dyn Imports, bring: Bring<'_>, import: &Import, progress: &Progress) {
    let Bring { asked, kind, parent, checked, choose } = bring;
    let mut rows: Vec<CheckedRow> = checked.rows.into_iter().filter(|row| choose.takes(row)).collect();
    progress.wanted.store(rows.len() as u64, Ordering::Relaxed);
    let mut stopped = false;
    while !rows.is_empty() && !stopped {
        let later = rows.split_off(rows.len().min(GROUP));
        let group = core::mem::replace(&mut rows, later);
        let lines: Vec<u64> = group.iter().map(|row| row.line).collect();
        let new = group.into_iter().map(|row| New {
            kind: &kind.name,
            parent,
            once: Some(import.key_of(row.number)),
            draft: row.draft,
        });
        let answers = door.collect_all(asked, new.collect()).await;
        for (line, answer) in lines.into_iter().zip(answers) {
            let why = match answer {
                Ok(_) => {
                    progress.written.fetch_add(1, Ordering::Relaxed);
                    None
                }
                Err(No::Refused(refusal)) => Some(Why::Refused(refusal)),
                Err(No::Invalid(faults)) => Some(Why::Invalid(faults)),
                Err(No::Missing) => Some(Why::Missing),
                Err(No::Reused | No::Conflict { .. } | No::State { .. }) => Some(Why::Reused),
                Err(No::Unavailable(_)) => {
                    stopped = true;
                    Some(Why::Unavailable)
                }
            };
            progress.done.fetch_add(1, Ordering::Relaxed);
            if let Some(why) = why {
                progress.failed.lock().unwrap_or_else(PoisonError::into_inner).push(Failed { line, why });
            }
        }
    }
    // What had no answer because the world did not cooperate is left to go on with; an end would say that there is nothing left.
    let ended = !stopped && imports.end(asked, import.id).await.is_ok();
    progress.end(if ended { Outcome::Whole } else { Outcome::Interrupted });
}
