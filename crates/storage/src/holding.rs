//! Legal holds (GDPR Art. 17(3)): that something is not erased, until a day or until somebody lifts it. A row of the house's own;
//! it holds pseudonyms, names of kinds and sealed words, never a value.
//!
//! Not here: who may hold and on which ground (the agreement says, `processing` asks), and restricting (`erasing.rs`), which leaves
//! data unread: what is held is read and written as before.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use minicbor::{Decode, Encode};
use terms::{AgreementHash, ClauseId, Instant, KindName, PersonId, RecordId, TenantId};

use crate::engine::{Batch, Engine, StoreError};
use crate::erasing::Reached;
use crate::house_row::{HouseRow, RowKind};
use crate::op::Op;

/// Most generations of parents that a record is looked up through, so that nothing goes in circles.
const MAX_GENERATIONS: usize = 32;

/// A legal hold.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hold {
    /// Its id.
    #[n(0)]
    pub id: RecordId,
    /// Whose, the customer.
    #[n(1)]
    pub tenant: TenantId,
    /// What is held.
    #[n(2)]
    pub scope: HoldScope,
    /// Who placed it.
    #[n(3)]
    pub by: PersonId,
    /// The clause that allowed it, and that stands against erasing.
    #[n(4)]
    pub clause: ClauseId,
    /// The agreement that the clause is of.
    #[n(5)]
    pub agreement: AgreementHash,
    /// Why, as a code. Free words are sealed apart.
    #[n(6)]
    pub ground: String,
    /// Since when.
    #[n(7)]
    pub since: Instant,
    /// Until when at the latest; none until it is lifted.
    #[n(8)]
    pub until: Option<Instant>,
    /// The data subject is not told of it, because a law forbids that (Art. 23).
    #[n(9)]
    pub untold: bool,
    /// Free words on why, in the vault's form.
    #[n(10)]
    pub words: Option<SealedWords>,
    /// How it ended.
    #[n(11)]
    pub ended: Option<HoldEnd>,
}

/// Free words of a hold, sealed under a person's key and gone with it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedWords {
    /// Under whose key: of whoever is held, or else of whoever placed it.
    #[n(0)]
    pub person: PersonId,
    /// The sealed bytes.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// What a hold covers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum HoldScope {
    /// All that the customer has here.
    #[n(0)]
    Customer,
    /// Every record of a kind, those to come too.
    #[n(1)]
    Kind {
        /// Which.
        #[n(0)]
        kind: KindName,
    },
    /// A person: all that is that person's, and what belongs to any of it.
    #[n(2)]
    Person {
        /// Whom.
        #[n(0)]
        person: PersonId,
        /// The kind of the record that was pointed at.
        #[n(1)]
        kind: KindName,
        /// That record.
        #[n(2)]
        record: RecordId,
    },
    /// A record, and what belongs to it.
    #[n(3)]
    Record {
        /// Which.
        #[n(0)]
        record: RecordId,
        /// Of which kind.
        #[n(1)]
        kind: KindName,
        /// Whose.
        #[n(2)]
        person: PersonId,
    },
}

impl HoldScope {
    /// Whose data it is, where it is one person's.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { person, .. } | Self::Record { person, .. } => Some(*person),
            Self::Customer | Self::Kind { .. } => None,
        }
    }

    /// The record that it is of alone.
    #[must_use]
    pub const fn single(&self) -> Option<RecordId> {
        match self {
            Self::Record { record, .. } => Some(*record),
            Self::Customer | Self::Kind { .. } | Self::Person { .. } => None,
        }
    }

    /// Whether it covers a record by what it is itself, and not by what it belongs to.
    fn is_of(&self, one: &Met) -> bool {
        match self {
            Self::Customer => true,
            Self::Kind { kind } => *kind == one.kind && one.itself,
            Self::Person { person, .. } => *person == one.person,
            Self::Record { record, .. } => *record == one.record,
        }
    }
}

/// A record, or one that it belongs to.
struct Met {
    record: RecordId,
    kind: KindName,
    person: PersonId,
    parent: Option<RecordId>,
    itself: bool,
}

/// How a hold ended.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HoldEnd {
    /// When.
    #[n(0)]
    pub at: Instant,
    /// Who lifted it; none where its day had come.
    #[n(1)]
    pub by: Option<PersonId>,
    /// The clause that allowed lifting it; the hold's own where its day had come.
    #[n(2)]
    pub clause: ClauseId,
}

/// Ends a hold. One that has ended keeps its first end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EndHold {
    /// Which.
    #[n(0)]
    pub id: RecordId,
    /// Who lifts it; none where its day has come.
    #[n(1)]
    pub by: Option<PersonId>,
    /// The clause that allows it.
    #[n(2)]
    pub clause: ClauseId,
}

impl Hold {
    /// Whether it stands at an instant.
    #[must_use]
    pub fn stands(&self, at: Instant) -> bool {
        self.ended.is_none() && self.until.is_none_or(|until| at < until)
    }

    /// Ends it, if it has not ended; whether that changed anything.
    pub(crate) fn end(&mut self, end: &EndHold, at: Instant) -> bool {
        let changes = self.ended.is_none();
        self.ended.get_or_insert_with(|| HoldEnd { at, by: end.by, clause: end.clause.clone() });
        changes
    }
}

/// The holds that have not ended: asked for by every erasure, so all are kept in memory. The committer notes what it applied.
#[derive(Default)]
pub(crate) struct Holding(RwLock<HashMap<TenantId, Vec<Hold>>>);

impl Holding {
    /// What the state holds at the start.
    pub(crate) fn of(engine: &dyn Engine) -> Result<Self, StoreError> {
        let mut all: HashMap<TenantId, Vec<Hold>> = HashMap::new();
        for tenant in engine.tenants()? {
            for row in engine.rows(RowKind::Hold, &tenant.id)? {
                if let HouseRow::Hold(hold) = row
                    && hold.ended.is_none()
                {
                    all.entry(hold.tenant).or_default().push(hold);
                }
            }
        }
        Ok(Self(RwLock::new(all)))
    }

    pub(crate) fn note(&self, batch: &Batch) {
        for item in &batch.items {
            for op in &item.ops {
                match op {
                    Op::PutRow(HouseRow::Hold(hold)) => {
                        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
                        let of = all.entry(hold.tenant).or_default();
                        of.retain(|one| one.id != hold.id);
                        if hold.ended.is_none() {
                            of.push(hold.clone());
                        }
                    }
                    Op::EndHold(end) => {
                        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
                        all.entry(item.tenant).or_default().retain(|one| one.id != end.id);
                    }
                    // Nothing that is held is erased; what was erased in spite of that, by an older program, is held no more.
                    Op::Erase(erase) => {
                        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
                        all.entry(item.tenant).or_default().retain(|hold| !goes_with(&hold.scope, erase));
                    }
                    _ => {}
                }
            }
        }
    }

    /// A tenant's holds that stand at an instant, by when they began.
    pub(crate) fn standing(&self, tenant: &TenantId, at: Instant) -> Vec<Hold> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut of: Vec<Hold> = all.get(tenant).into_iter().flatten().filter(|hold| hold.stands(at)).cloned().collect();
        of.sort_by_key(|hold| (hold.since, hold.id));
        of
    }

    /// The holds of all tenants whose day has come.
    pub(crate) fn over(&self, at: Instant) -> Vec<Hold> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut over: Vec<Hold> = all.values().flatten().filter(|hold| !hold.stands(at)).cloned().collect();
        over.sort_by_key(|hold| (hold.until, hold.id));
        over
    }
}

/// Whether the row of a hold goes with an erasure: its person goes wholly, or its record is erased by itself.
pub(crate) fn goes_with(scope: &HoldScope, erase: &crate::erasing::Erase) -> bool {
    let person = scope.person();
    erase.persons.iter().any(|goes| goes.wholly() && person == Some(goes.person))
        || scope.single().is_some_and(|record| erase.records.contains(&record))
}

/// Of these holds those that cover any of these persons or records: the records by what they are and by what they belong to, in
/// every generation.
pub(crate) fn covering(
    holds: &[Hold],
    engine: &dyn Engine,
    tenant: &TenantId,
    persons: &[PersonId],
    records: &[Reached],
) -> Result<Vec<Hold>, StoreError> {
    if holds.is_empty() {
        return Ok(Vec::new());
    }
    let by_person = |hold: &Hold| match &hold.scope {
        HoldScope::Customer => true,
        HoldScope::Person { person, .. } => persons.contains(person),
        HoldScope::Kind { .. } | HoldScope::Record { .. } => false,
    };
    let mut covers: Vec<bool> = holds.iter().map(by_person).collect();
    for one in records {
        let mut next = Some(Met {
            record: one.record,
            kind: one.kind.clone(),
            person: one.person,
            parent: one.parent,
            itself: true,
        });
        for _ in 0..MAX_GENERATIONS {
            let Some(met) = next else { break };
            for (hold, covers) in holds.iter().zip(&mut covers) {
                *covers |= hold.scope.is_of(&met);
            }
            if covers.iter().all(|covers| *covers) {
                return Ok(holds.to_vec());
            }
            next = match met.parent {
                None => None,
                Some(parent) => engine.record(tenant, &parent)?.map(|above| Met {
                    record: above.record,
                    kind: above.kind,
                    person: above.person,
                    parent: above.parent,
                    itself: false,
                }),
            };
        }
    }
    Ok(holds.iter().zip(covers).filter(|(_, covers)| *covers).map(|(hold, _)| hold.clone()).collect())
}
