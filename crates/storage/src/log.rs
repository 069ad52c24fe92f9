//! Looking things up in a tenant's log: *who looked*, by person, actor or record, newest first.

use std::path::PathBuf;
use std::sync::Arc;

use journal::{Detail, Disk, EntryKind, Extra, Index, IndexKey, Position};
use terms::{Instant, PersonId, RecordId, TenantId};
use tokio::sync::watch;

use crate::engine::StoreError;

/// Entries read at a time while looking for those that match.
const STRIDE: usize = 256;

/// By what to look up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKey {
    /// Everything of the tenant.
    All,
    /// What a person did or tried.
    Actor(PersonId),
    /// What was done, or refused, about a person.
    Person(PersonId),
    /// What was done, or refused, with a record, or within a case.
    Record(RecordId),
}

/// A question to a tenant's log.
#[derive(Debug, Clone, Copy)]
pub struct LogQuery {
    /// By what.
    pub key: LogKey,
    /// Only entries older than the one with this index.
    pub before: Option<u64>,
    /// Nothing older than this; reading ends there.
    pub from: Option<Instant>,
    /// At most so many.
    pub limit: usize,
}

/// An entry, read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// Its index in the tenant's log.
    pub index: u64,
    /// When.
    pub time: Instant,
    /// Act, refusal or event.
    pub kind: EntryKind,
    /// What it says. Empty where it was purged.
    pub detail: Detail,
    /// Whether it was: only its place and its time are left.
    pub purged: bool,
    /// All persons it is about, also where the detail carries only their hash.
    pub persons: Vec<PersonId>,
    /// All records it is about, with versions.
    pub records: Vec<(RecordId, u64)>,
}

/// Answers questions to the logs.
pub(crate) struct Looker {
    pub(crate) journal: PathBuf,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) index: Arc<Index>,
    /// How far the index has come.
    pub(crate) followed: watch::Receiver<Option<Position>>,
}

fn unread(error: impl core::fmt::Display) -> StoreError {
    StoreError { doing: "read", cause: format!("journal: {error}") }
}

impl Looker {
    /// Waits until the index has come to `head`, then reads.
    pub(crate) async fn log(
        &self,
        tenant: &TenantId,
        query: &LogQuery,
        head: Option<Position>,
        matches: &(dyn Fn(&Logged) -> bool + Sync),
    ) -> Result<Vec<Logged>, StoreError> {
        let mut followed = self.followed.clone();
        // Where the follower has ended, what it indexed is all there is.
        drop(followed.wait_for(|at| *at >= head).await);
        let key = match query.key {
            LogKey::All => IndexKey::Tenant(*tenant),
            LogKey::Actor(person) => IndexKey::Actor(*tenant, person),
            LogKey::Person(person) => IndexKey::Person(*tenant, person),
            LogKey::Record(record) => IndexKey::Record(*tenant, record),
        };
        let mut found = Vec::new();
        let mut before = query.before;
        loop {
            let places = self.index.find(key, before, STRIDE).map_err(unread)?;
            for place in &places {
                let logged = self.read(tenant, *place)?;
                before = Some(logged.index);
                if query.from.is_some_and(|from| logged.time < from) {
                    return Ok(found);
                }
                if matches(&logged) {
                    found.push(logged);
                    if found.len() >= query.limit {
                        return Ok(found);
                    }
                }
            }
            if places.len() < STRIDE {
                return Ok(found);
            }
            // A question that matches little reads much: others get their turn in between. It is never cut short, since a
            // list that ends would be taken for all there is.
            tokio::task::yield_now().await;
        }
    }

    fn read(&self, tenant: &TenantId, place: journal::EntryRef) -> Result<Logged, StoreError> {
        let entry = journal::read_entry(&self.journal, &*self.disk, place).map_err(unread)?;
        if entry.tenant != *tenant {
            return Err(unread("an index row leads to another customer's entry"));
        }
        let purged = entry.detail.is_none();
        let detail = entry.detail.as_deref().map(Detail::decode).transpose().map_err(unread)?.unwrap_or_default();
        let extra = entry.redo.as_deref().map(Extra::decode).transpose().map_err(unread)?;
        let lists = extra.as_ref().and_then(|extra| extra.lists.as_ref());
        let persons = detail.persons(lists).to_vec();
        let records = detail.records(lists).to_vec();
        Ok(Logged {
            index: entry.index,
            time: entry.leaf.time,
            kind: entry.leaf.kind,
            detail,
            purged,
            persons,
            records,
        })
    }
}
