//! Persons who leave: one entry of constant size destroys their keys, whatever there is of them, and their rows follow in portions.
//! Between the two nobody is shown such a row: for whoever asks the store it is gone already. A row of the house's own says who
//! leaves, until the certificate is written.
//!
//! Not here: single records that go with them and are somebody else's, which go with the first entry; and who carries the portions
//! out (`processing`).

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use minicbor::{Decode, Encode};
use terms::{FileId, PersonId, RecordId, RetentionClass, TenantId};

use crate::engine::{Batch, Engine, StoreError};
use crate::erasing::{Erase, PersonGoes};
use crate::house_row::{HouseRow, RowKind};
use crate::op::{Op, StoredRecord};

/// Who leaves with an erasure, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Leaving {
    /// The erasure.
    #[n(0)]
    pub id: RecordId,
    /// Whose data, the customer.
    #[n(1)]
    pub tenant: TenantId,
    /// Who, each with the classes whose keys are destroyed.
    #[n(2)]
    pub persons: Vec<PersonGoes>,
    /// How many records are gone so far.
    #[n(3)]
    pub records: u64,
    /// How many files go with them.
    #[n(4)]
    pub files: u64,
    /// Those of them that could not be destroyed yet, since the place of files was away. No row names them any more.
    #[cbor(n(5), default)]
    pub waiting: Vec<FileId>,
}

/// The next rows of an erasure whose keys are destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ErasePortion {
    /// The erasure.
    #[n(0)]
    pub id: RecordId,
    /// Which records.
    #[n(1)]
    pub records: Vec<RecordId>,
    /// How many files of theirs go. They were destroyed before this was entered, but for those that wait.
    #[n(2)]
    pub files: u64,
    /// The files that could not be destroyed yet. The rows do not wait for them; the certificate does.
    #[cbor(n(3), default)]
    pub waiting: Vec<FileId>,
}

/// Most records of a portion: so many are deleted in a few milliseconds, for which writers wait.
pub const PORTION: usize = 256;

impl Leaving {
    /// As it begins.
    pub(crate) fn of(tenant: TenantId, erase: &Erase) -> Self {
        Self { id: erase.id, tenant, persons: erase.persons.clone(), records: 0, files: 0, waiting: Vec::new() }
    }

    /// One portion further.
    pub(crate) fn after(self, portion: &ErasePortion) -> Self {
        let records = self.records + portion.records.len() as u64;
        let mut waiting = self.waiting;
        waiting.extend(&portion.waiting);
        Self { records, files: self.files + portion.files, waiting, ..self }
    }
}

fn hides(all: &[Leaving], person: &PersonId, class: &RetentionClass) -> bool {
    all.iter().flat_map(|one| &one.persons).any(|goes| goes.person == *person && goes.classes.contains(class))
}

/// Who leaves: asked for by every reading of records, so all are kept in memory. The committer notes who begins to before the keys
/// are destroyed, and who has left after the state knows.
#[derive(Default)]
pub(crate) struct Leavers(RwLock<HashMap<TenantId, Vec<Leaving>>>);

impl Leavers {
    /// What the state holds at the start.
    pub(crate) fn of(engine: &dyn Engine) -> Result<Self, StoreError> {
        let mut all: HashMap<TenantId, Vec<Leaving>> = HashMap::new();
        for tenant in engine.tenants()? {
            for row in engine.rows(RowKind::Leaving, &tenant.id)? {
                if let HouseRow::Leaving(one) = row {
                    all.entry(one.tenant).or_default().push(one);
                }
            }
        }
        Ok(Self(RwLock::new(all)))
    }

    /// Notes who begins to leave.
    pub(crate) fn begin(&self, batch: &Batch) {
        for (tenant, erase) in batch.erasures().filter(|(_, erase)| erase.in_portions) {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let of = all.entry(*tenant).or_default();
            of.retain(|one| one.id != erase.id);
            of.push(Leaving::of(*tenant, erase));
        }
    }

    /// Notes who has left.
    pub(crate) fn end(&self, batch: &Batch) {
        for item in &batch.items {
            for op in &item.ops {
                let Op::CompleteErasure { id, .. } = op else { continue };
                let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
                if let Some(of) = all.get_mut(&item.tenant) {
                    of.retain(|one| one.id != *id);
                    if of.is_empty() {
                        all.remove(&item.tenant);
                    }
                }
            }
        }
    }

    /// Whether anybody of a tenant leaves. Mostly nobody does, and nothing more need be asked.
    pub(crate) fn any(&self, tenant: &TenantId) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        !all.is_empty() && all.contains_key(tenant)
    }

    /// All who leave, of every tenant.
    pub(crate) fn everybody(&self) -> Vec<(TenantId, PersonGoes)> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let of = |one: &Leaving| one.persons.iter().map(|goes| (one.tenant, goes.clone())).collect::<Vec<_>>();
        all.values().flatten().flat_map(of).collect()
    }

    /// Whether a record is of somebody who leaves, and goes.
    pub(crate) fn hides(&self, tenant: &TenantId, person: &PersonId, class: &RetentionClass) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(tenant).is_some_and(|of| hides(of, person, class))
    }

    /// A record, unless it goes.
    pub(crate) fn shown(&self, one: StoredRecord) -> Option<StoredRecord> {
        (!self.hides(&one.tenant, &one.person, &one.class)).then_some(one)
    }

    /// Those who leave with an erasure.
    pub(crate) fn with(&self, tenant: &TenantId, id: &RecordId) -> Vec<PersonGoes> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(tenant)
            .into_iter()
            .flatten()
            .find(|one| one.id == *id)
            .map(|one| one.persons.clone())
            .unwrap_or_default()
    }
}
