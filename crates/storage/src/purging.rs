//! Purging details of the logs: which entries would go, and taking them out of closed segments.
//!
//! An entry whose redo part holds operations is what the state is built from, and waits for a snapshot. Readings, refusals and events
//! that change nothing do not. The heads of the installation's log say nothing of anybody and stay. Not here: which log is kept for
//! how long, and the entry that says that it was purged, which is durable before any of this.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use journal::{Disk, Entry, EntryKind, Extra, Index, Position};
use terms::{Instant, TenantId};

use crate::engine::StoreError;
use crate::store::Store;

/// Which details may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToPurge {
    /// Of whose log.
    pub tenant: TenantId,
    /// Of entries before this.
    pub before: Instant,
}

/// What a purge of a log takes, or took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Going {
    /// Whose log.
    pub tenant: TenantId,
    /// Entries whose details go.
    pub entries: u64,
    /// Entries that are old enough and wait: the state is built from what lies beside them, until a snapshot holds that.
    pub wait: u64,
}

/// Times that a segment which was just closed is looked for, until its index is written.
const MAX_LOOKS: usize = 100;
/// Pause between them: the index is written about once a second.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What a thread of its own reads and writes.
struct Work {
    journal: PathBuf,
    disk: Arc<dyn Disk>,
    index: Arc<Index>,
    spent: Arc<std::sync::Mutex<std::collections::HashSet<u64>>>,
    of: HashMap<TenantId, Instant>,
    /// Up to where a verified snapshot holds what the state is built from.
    covered: Option<Position>,
}

fn failed(doing: &'static str) -> impl Fn(journal::OpenError) -> StoreError {
    move |error| StoreError { doing, cause: format!("journal: {error}") }
}

impl Work {
    /// Whether an entry is old enough, and whether it may go now.
    fn of(&self, at: Position, entry: &Entry) -> Option<bool> {
        let before = self.of.get(&entry.tenant)?;
        let old = entry.leaf.time < *before && entry.leaf.kind != EntryKind::Heads && entry.detail.is_some();
        old.then(|| self.covered.is_some_and(|covered| at <= covered) || !holds_operations(entry))
    }

    /// Whether it could ever be purged.
    fn could(entry: &Entry) -> bool {
        entry.detail.is_some() && entry.leaf.kind != EntryKind::Heads
    }

    fn newest(&self) -> Option<Instant> {
        self.of.values().max().copied()
    }

    fn is_spent(&self, segment: u64) -> bool {
        self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(&segment)
    }

    /// Counts what would go. Of the segment that is being filled too, which the purge closes first; and whether it must be.
    fn plan(&self) -> Result<(Vec<Going>, bool), StoreError> {
        let closed = self.index.closed_segments();
        let all = journal::segments(&self.journal, &*self.disk).map_err(|error| failed("read")(error.into()))?;
        let Some(newest) = self.newest() else { return Ok((Vec::new(), false)) };
        let mut found: HashMap<TenantId, Going> = HashMap::new();
        let mut open = false;
        for segment in all.into_iter().filter(|segment| !self.is_spent(*segment)) {
            let mut left = false;
            let mut younger = false;
            let mut visit = |at: Position, entry: &Entry| {
                left |= Self::could(entry);
                // Times never decrease in a log, and those of all logs come from one clock: nothing that follows is old enough.
                younger = entry.leaf.time >= newest;
                if let Some(goes) = self.of(at, entry) {
                    let going = Going { tenant: entry.tenant, entries: 0, wait: 0 };
                    let going = found.entry(entry.tenant).or_insert(going);
                    *(if goes { &mut going.entries } else { &mut going.wait }) += 1;
                    open |= goes && !closed.contains(&segment);
                }
                !younger
            };
            journal::entries_of(&self.journal, &*self.disk, segment, &mut visit).map_err(failed("read"))?;
            if younger {
                break;
            }
            if !left && closed.contains(&segment) {
                self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(segment);
            }
        }
        let mut all: Vec<Going> = found.into_values().collect();
        all.sort_unstable_by_key(|going| going.tenant);
        Ok((all, open))
    }

    /// Takes them out, segment by segment, oldest first. If we die in between, the next purge goes on: it asks by time.
    fn purge(&self) -> Result<u64, StoreError> {
        let mut purged = 0;
        let goes = |at: Position, entry: &Entry| self.of(at, entry) == Some(true);
        for segment in self.index.closed_segments() {
            if self.is_spent(segment) {
                continue;
            }
            let mut any = false;
            let mut visit = |at: Position, entry: &Entry| {
                any |= goes(at, entry);
                !any
            };
            journal::entries_of(&self.journal, &*self.disk, segment, &mut visit).map_err(failed("read"))?;
            if any {
                // Who takes out operations rewrites segments too, and neither may put back what the other took out.
                let _turn = self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                purged += journal::purge(&self.journal, &*self.disk, segment, &goes).map_err(failed("written"))?;
            }
        }
        Ok(purged)
    }
}

/// Whether the state is built from what lies beside it. What does not read is left alone.
fn holds_operations(entry: &Entry) -> bool {
    entry.redo.as_deref().is_some_and(|redo| Extra::decode(redo).map_or(true, |extra| extra.operations.is_some()))
}

impl Store {
    fn work(&self, of: &[ToPurge], covered: Option<Position>) -> Work {
        Work {
            journal: self.looker.journal.clone(),
            disk: Arc::clone(&self.looker.disk),
            index: Arc::clone(&self.looker.index),
            spent: Arc::clone(&self.spent),
            of: of.iter().map(|one| (one.tenant, one.before)).collect(),
            covered,
        }
    }

    /// What a purge of these logs would take now. It reads the journal as far as something may be old enough, and changes nothing.
    /// `covered` is what [`Store::purgeable`] says: asked once by whoever purges, so that nothing goes that was not planned.
    ///
    /// # Errors
    /// The world's.
    pub async fn plan_purge(&self, of: &[ToPurge], covered: Option<Position>) -> Result<Vec<Going>, StoreError> {
        let work = self.work(of, covered);
        Ok(apart(move || work.plan()).await?.0)
    }

    /// To be called before the entry that says that details are purged: where some of them lie in the segment that is being filled,
    /// that entry begins the next one.
    ///
    /// # Errors
    /// The world's.
    pub async fn prepare_purge(&self, of: &[ToPurge], covered: Option<Position>) -> Result<(), StoreError> {
        let work = self.work(of, covered);
        let (_, open) = apart(move || work.plan()).await?;
        if open {
            self.end_segment();
        }
        Ok(())
    }

    /// Takes the details of these logs' entries out of every closed segment, durably. Waits until the segment that was closed for
    /// it has its index. Gives how many.
    ///
    /// # Errors
    /// The world's; what was not purged goes with the next call.
    pub async fn purge(&self, of: &[ToPurge], covered: Option<Position>) -> Result<u64, StoreError> {
        let mut purged = 0;
        for _ in 0..MAX_LOOKS {
            let work = self.work(of, covered);
            let (done, left) = apart(move || {
                let done = work.purge()?;
                Ok((done, work.plan()?.0.iter().any(|going| going.entries > 0)))
            })
            .await?;
            purged += done;
            if !left {
                break;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(purged)
    }
}

/// In a thread of its own: it may read gigabytes.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let ended = |cause: String| StoreError { doing: "read", cause };
    let (to, told) = tokio::sync::oneshot::channel();
    let spawned = std::thread::Builder::new().name("purge".to_owned()).spawn(move || drop(to.send(work())));
    spawned.map_err(|cause| ended(cause.to_string()))?;
    told.await.map_err(|_| ended("the thread that purges ended".to_owned()))?
}
