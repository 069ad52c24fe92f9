//! Which agreement governs which customer, when. A list of adoptions and nothing more; adopting is entered elsewhere.

use std::collections::HashMap;
use std::sync::Arc;

use terms::{AgreementHash, Instant, Refusal, TenantId};

use crate::act::Act;
use crate::agreement::Agreement;
use crate::permit::Permit;

/// An agreement as it governs a customer from an instant until the next one's.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// From when it governs, this instant included.
    pub from: Instant,
    /// What governs.
    pub agreement: Arc<Agreement>,
}

/// The adoptions of all customers.
///
/// INVARIANT (the version at the act's instant governs): each customer's adoptions are sorted by their start, and the last
/// one that has begun is the one in force.
#[derive(Debug, Default, Clone)]
pub struct Book {
    adoptions: HashMap<TenantId, Vec<Adoption>>,
    by_hash: HashMap<AgreementHash, Arc<Agreement>>,
}

impl Book {
    /// An empty book: no agreement governs anybody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From `from` on, `agreement` governs `tenant`. Of two adoptions with the same start the later call governs.
    pub fn adopt(&mut self, tenant: TenantId, from: Instant, agreement: Arc<Agreement>) {
        self.by_hash.entry(agreement.hash()).or_insert_with(|| Arc::clone(&agreement));
        let adoptions = self.adoptions.entry(tenant).or_default();
        let at = adoptions.partition_point(|adoption| adoption.from <= from);
        adoptions.insert(at, Adoption { from, agreement });
    }

    /// The agreement that governs `tenant` at `instant`.
    #[must_use]
    pub fn at(&self, tenant: TenantId, instant: Instant) -> Option<&Arc<Agreement>> {
        let adoptions = self.versions(tenant);
        let begun = adoptions.partition_point(|adoption| adoption.from <= instant);
        begun.checked_sub(1).and_then(|at| adoptions.get(at)).map(|adoption| &adoption.agreement)
    }

    /// An agreement that some customer adopted at some time.
    #[must_use]
    pub fn by_hash(&self, hash: &AgreementHash) -> Option<&Arc<Agreement>> {
        self.by_hash.get(hash)
    }

    /// The customer's adoptions, earliest first.
    #[must_use]
    pub fn versions(&self, tenant: TenantId) -> &[Adoption] {
        self.adoptions.get(&tenant).map_or(&[], Vec::as_slice)
    }

    /// Decides the act under the agreement in force at its instant; before the first one begins, that one's clause on its
    /// start refuses. `None` where the customer never adopted any: then there is no clause to name, and the caller must take
    /// the path of a thing that does not exist.
    #[must_use]
    pub fn decide(&self, act: Act) -> Option<Result<Permit, Refusal>> {
        if let Some(agreement) = self.at(act.tenant, act.instant) {
            return Some(agreement.decide(act));
        }
        self.versions(act.tenant).first().map(|adoption| Err(adoption.agreement.not_in_force(&act)))
    }
}
