//! Erasures that can be taken back for a time: until then nobody reads what is to go and its keys live; then it is erased for good.
//! A row of the house's own.
//!
//! Not here: whether there is such a thing (the agreement says for how long), and erasing at the end (`processing`).

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use minicbor::{Decode, Encode};
use terms::{AgreementHash, ClauseId, Instant, KindName, PersonId, Purpose, RecordId, TenantId};

use crate::engine::{Batch, Engine, StoreError};
use crate::erasing::Erase;
use crate::house_row::{HouseRow, RowKind};
use crate::op::Op;

/// Something that is set aside to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetAside {
    /// Its id.
    #[n(0)]
    pub id: RecordId,
    /// Whose, the customer.
    #[n(1)]
    pub tenant: TenantId,
    /// The kind of the record that was pointed at.
    #[n(2)]
    pub kind: KindName,
    /// That record.
    #[n(3)]
    pub record: RecordId,
    /// Whose it is.
    #[n(4)]
    pub person: PersonId,
    /// The persons who go, each with all that is theirs.
    #[n(5)]
    pub persons: Vec<PersonId>,
    /// The records that go, sorted; what comes to belong to them later goes too.
    #[n(6)]
    pub records: Vec<RecordId>,
    /// Who asked for it.
    #[n(7)]
    pub by: PersonId,
    /// For which purpose.
    #[n(8)]
    pub purpose: Purpose,
    /// The clause that allowed the erasure.
    #[n(9)]
    pub clause: ClauseId,
    /// The agreement that the clause is of.
    #[n(10)]
    pub agreement: AgreementHash,
    /// Since when.
    #[n(11)]
    pub since: Instant,
    /// From when on it cannot be brought back.
    #[n(12)]
    pub until: Instant,
}

impl SetAside {
    /// Whether it closes a person's data or a record.
    pub(crate) fn closes(&self, person: Option<&PersonId>, record: Option<&RecordId>) -> bool {
        person.is_some_and(|person| self.persons.contains(person))
            || record.is_some_and(|record| self.records.binary_search(record).is_ok())
    }
}

/// What is set aside: asked for by every reading, so all is kept in memory. The committer notes what it applied.
#[derive(Default)]
pub(crate) struct Aside(RwLock<HashMap<TenantId, Vec<SetAside>>>);

impl Aside {
    /// What the state holds at the start.
    pub(crate) fn of(engine: &dyn Engine) -> Result<Self, StoreError> {
        let mut all: HashMap<TenantId, Vec<SetAside>> = HashMap::new();
        for tenant in engine.tenants()? {
            for row in engine.rows(RowKind::SetAside, &tenant.id)? {
                if let HouseRow::SetAside(one) = row {
                    all.entry(one.tenant).or_default().push(one);
                }
            }
        }
        Ok(Self(RwLock::new(all)))
    }

    pub(crate) fn note(&self, batch: &Batch) {
        for item in &batch.items {
            for op in &item.ops {
                if !matches!(op, Op::PutRow(HouseRow::SetAside(_)) | Op::BringBack(_) | Op::Erase(_)) {
                    continue;
                }
                let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
                let of = all.entry(item.tenant).or_default();
                match op {
                    Op::PutRow(HouseRow::SetAside(one)) => {
                        of.retain(|other| other.id != one.id);
                        of.push(one.clone());
                    }
                    Op::BringBack(id) => of.retain(|one| one.id != *id),
                    Op::Erase(erase) => of.retain(|one| !goes_with(one, erase)),
                    _ => {}
                }
                if of.is_empty() {
                    all.remove(&item.tenant);
                }
            }
        }
    }

    /// What closes a person's data or a record, if anything does.
    pub(crate) fn closing(
        &self,
        tenant: &TenantId,
        person: Option<&PersonId>,
        record: Option<&RecordId>,
    ) -> Option<SetAside> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // Mostly nothing is.
        if all.is_empty() {
            return None;
        }
        all.get(tenant)?.iter().find(|one| one.closes(person, record)).cloned()
    }

    /// Whether a tenant has any.
    pub(crate) fn any(&self, tenant: &TenantId) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        !all.is_empty() && all.contains_key(tenant)
    }

    /// A tenant's, or everybody's, by when they end.
    pub(crate) fn all(&self, tenant: Option<&TenantId>) -> Vec<SetAside> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of = |one: &&SetAside| tenant.is_none_or(|tenant| one.tenant == *tenant);
        let mut found: Vec<SetAside> = all.values().flatten().filter(of).cloned().collect();
        found.sort_by_key(|one| (one.until, one.id));
        found
    }
}

/// Whether the row goes with an erasure: the record that was pointed at is erased, by its key or by itself.
pub(crate) fn goes_with(one: &SetAside, erase: &Erase) -> bool {
    erase.records.contains(&one.record) || erase.persons.iter().any(|goes| goes.wholly() && goes.person == one.person)
}
