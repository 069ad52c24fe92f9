//! Going back to an instant, asked of the store: what it would take, and doing it.

use journal::{Detail, EntryKind};
use terms::{Instant, PersonId, RecordId, RetentionClass, TenantId};

use super::Store;
use crate::committer::{About, CommitError, Pending, Reply, way};
use crate::engine::{Schema, StoreError, Tokens};
use crate::erasing::Reached;
use crate::fingerprint::Fingerprint;
use crate::going_back::{self, Back, BackError, Begins, Wanted, WentBack};
use crate::op::{Op, StoredRecord};
use crate::snapshot::{LEAST_FORM, Snapshot};

/// Records that are put back with one entry: so many fit in a group many times over.
const MAX_BACK_TOGETHER: usize = 500;

impl Store {
    /// What must be done so that content is as it was at an instant, compared with the state as it is. Nobody must be writing
    /// meanwhile. It reads the journal from the newest snapshot
    /// before that instant on, twice.
    ///
    /// # Errors
    /// See [`BackError`]; nothing was changed.
    pub fn back_to(&self, wanted: &Wanted<'_>, tokens: &dyn Tokens) -> Result<Back, BackError> {
        let now = |tenant: &TenantId, record: &RecordId| {
            let Some(now) = self.engine.record(tenant, record)? else { return Ok(None) };
            let keeps = !self.engine.past(tenant, record)?.is_empty();
            Ok(Some((now, keeps)))
        };
        let has_key = |tenant: &TenantId, person: &PersonId, class: &RetentionClass| {
            self.keys.has_person_key(tenant, person, class)
        };
        let at = self.now();
        let held = |tenant: &TenantId, is: &StoredRecord| {
            if self.holds(tenant, at).is_empty() {
                return Ok(false);
            }
            Ok(!self.held(tenant, &[], &[Reached::of(is)], at)?.is_empty())
        };
        let mut begins = None;
        let reads = |one: &Snapshot| (LEAST_FORM..=Schema::VERSION).contains(&one.form);
        for one in self.snapshots()?.into_iter().filter(|one| one.commit <= wanted.to && reads(one)) {
            if one.is_whole(&self.folder)? {
                begins = Some(Begins { at: one.at, rows: one.rows_in(&self.folder) });
                break;
            }
        }
        if begins.is_none() && self.purgeable()?.is_some() {
            let (first, last) = going_back::window(&self.looker.journal)?;
            return Err(if wanted.to < first { BackError::Outside { first, last } } else { BackError::NoSnapshot });
        }
        let present = going_back::Present { now: &now, has_key: &has_key, held: &held };
        going_back::compare(&self.looker.journal, begins.as_ref(), wanted, tokens, &present)
    }

    /// Does it: entries of every customer whose content changes, each with what it changes, and the last of them says what it
    /// came to. Where nothing changes for a customer it has no entry. Gives what it came to in all.
    ///
    /// # Errors
    /// See [`CommitError`]; then some customers may be back and others not, and the same can be done again.
    pub async fn go_back(&self, to: Instant, back: Back) -> Result<WentBack, CommitError> {
        let mut all = WentBack { to, commit: back.commit, put_back: 0, withdrawn: 0 };
        for (tenant, ops) in back.changes {
            let withdrawn = ops.iter().filter(|op| matches!(op, Op::Withdraw(_))).count() as u64;
            let of = WentBack { put_back: ops.len() as u64 - withdrawn, withdrawn, ..all };
            let mut ops = ops.into_iter().peekable();
            while ops.peek().is_some() {
                let mut part: Vec<Op> = ops.by_ref().take(MAX_BACK_TOGETHER).collect();
                let records = part.iter().filter_map(|op| match op {
                    Op::PutBack(back) => Some((back.put.record, back.put.version)),
                    Op::Withdraw(record) => Some((*record, 0)),
                    _ => None,
                });
                let about = About { records: records.collect(), ..About::default() };
                let last = ops.peek().is_none();
                let event = if last { "went-back" } else { "goes-back" };
                part.extend(last.then_some(Op::WentBack(of)));
                let detail =
                    Detail { event: Some(event.to_owned()), outcome: journal::Outcome::Happened, ..Detail::default() };
                let (reply, answer) = way();
                let reply = Reply::Entered(reply);
                self.push(Pending::entry(tenant, EntryKind::Event, detail, about, part, reply));
                self.wait(answer).await?;
            }
            all.put_back += of.put_back;
            all.withdrawn += of.withdrawn;
        }
        Ok(all)
    }

    /// What the state holds, as counts and one hash, with the place in the journal up to which it does.
    ///
    /// # Errors
    /// The world's.
    pub fn fingerprint(&self) -> Result<Fingerprint, StoreError> {
        self.engine.fingerprint()
    }
}
