//! Legal holds and what is set aside to be erased, asked of the store: placing and ending them, and which stand against what.

use agreement::Permit;
use terms::{Instant, PersonId, RecordId, TenantId};

use super::Store;
use crate::committer::{About, CommitError, Entered, Pending, Reply, way};
use crate::engine::StoreError;
use crate::erasing::Reached;
use crate::holding::{EndHold, Hold, covering};
use crate::house_row::{HouseRow, RowKind};
use crate::op::Op;
use crate::setting_aside::SetAside;

impl Store {
    /// Enters a permitted legal hold, which begins with its entry.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing is held.
    pub async fn hold(&self, permit: Permit, about: About, hold: Hold) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::PutRow(HouseRow::Hold(hold)), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters that a legal hold is lifted.
    ///
    /// # Errors
    /// See [`CommitError`]; then it stands on.
    pub async fn end_hold(&self, permit: Permit, about: About, end: EndHold) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::EndHold(end), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters a permitted erasure that can be taken back: what it is of is closed from its entry on.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing is set aside.
    pub async fn set_aside(&self, permit: Permit, about: About, aside: SetAside) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::PutRow(HouseRow::SetAside(aside)), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters that what was set aside is back.
    ///
    /// # Errors
    /// See [`CommitError`]; then it is set aside still.
    pub async fn bring_back(&self, permit: Permit, about: About, id: RecordId) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::BringBack(id), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// What is set aside and closes a person's data or a record, if anything does.
    #[must_use]
    pub fn closed_by(
        &self,
        tenant: &TenantId,
        person: Option<&PersonId>,
        record: Option<&RecordId>,
    ) -> Option<SetAside> {
        self.aside.closing(tenant, person, record)
    }

    /// All that is set aside, of one tenant or of all, by when it ends.
    #[must_use]
    pub fn all_set_aside(&self, tenant: Option<&TenantId>) -> Vec<SetAside> {
        self.aside.all(tenant)
    }

    /// A tenant's holds that stand at an instant, by when they began.
    #[must_use]
    pub fn holds(&self, tenant: &TenantId, at: Instant) -> Vec<Hold> {
        self.holding.standing(tenant, at)
    }

    /// Every hold of a tenant, those that ended too, the newest first.
    ///
    /// # Errors
    /// The world's.
    pub fn all_holds(&self, tenant: &TenantId) -> Result<Vec<Hold>, StoreError> {
        let of = |row| match row {
            HouseRow::Hold(hold) => Some(hold),
            _ => None,
        };
        let mut all: Vec<Hold> = self.engine.rows(RowKind::Hold, tenant)?.into_iter().filter_map(of).collect();
        all.sort_by_key(|hold| core::cmp::Reverse((hold.since, hold.id)));
        Ok(all)
    }

    /// The records of a tenant of which an earlier version is kept.
    ///
    /// # Errors
    /// The world's.
    pub fn with_past(&self, tenant: &TenantId) -> Result<Vec<terms::RecordId>, StoreError> {
        self.engine.with_past(tenant)
    }

    /// Of these holds, also of those that have ended, the ones that cover a record: by what it is and by all that it belongs to now.
    ///
    /// # Errors
    /// The world's.
    pub fn covering(&self, holds: &[Hold], tenant: &TenantId, one: &Reached) -> Result<Vec<Hold>, StoreError> {
        covering(holds, &*self.engine, tenant, &[], core::slice::from_ref(one))
    }

    /// The holds of all tenants whose day has come and whose end is not entered yet.
    #[must_use]
    pub fn holds_over(&self, at: Instant) -> Vec<Hold> {
        self.holding.over(at)
    }

    /// The holds that stand against erasing these persons and records at an instant: the records by what they are and by all that
    /// they belong to.
    ///
    /// # Errors
    /// The world's.
    pub fn held(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[Reached],
        at: Instant,
    ) -> Result<Vec<Hold>, StoreError> {
        covering(&self.holding.standing(tenant, at), &*self.engine, tenant, persons, records)
    }
}
