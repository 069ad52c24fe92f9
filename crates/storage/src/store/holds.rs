//! Legal holds, asked of the store: placing and lifting one, and which stand against what.

use agreement::Permit;
use terms::{Instant, PersonId, TenantId};

use super::Store;
use crate::committer::{About, CommitError, Entered, Pending, Reply, way};
use crate::engine::StoreError;
use crate::erasing::Reached;
use crate::holding::{EndHold, Hold, covering};
use crate::house_row::{HouseRow, RowKind};
use crate::op::Op;

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
