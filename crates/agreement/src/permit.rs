//! What a *yes* is worth: the permit. It is made in `decide` alone, cannot be copied, and is used once.

use terms::{
    AgreementHash, Category, ClauseId, Instant, KindName, PersonId, Purpose, RecordId, Relations, Role,
    SubjectCategory, TenantId, Verb,
};

use crate::act::{Act, CaseFact};
use crate::table::Asks;

/// The agreement allows this act. Hand it to the committer; nothing is opened or written on a permit alone.
///
/// INVARIANT (one door): a permit has private fields, is neither `Clone` nor `Copy`, and only `Agreement::decide` makes one.
///
/// ```compile_fail
/// fn twice(permit: agreement::Permit) -> (agreement::Permit, agreement::Permit) {
///     (permit.clone(), permit)
/// }
/// ```
///
/// ```compile_fail
/// fn forged(act: agreement::Act) -> agreement::Permit {
///     agreement::Permit { act }
/// }
/// ```
#[derive(Debug)]
#[must_use = "a permit that nobody hands in has no effect and leaves no entry"]
pub struct Permit {
    act: Act,
    agreement: AgreementHash,
    clause: ClauseId,
    granted: Vec<Category>,
    withheld: Vec<(Category, ClauseId)>,
    reach: Relations,
    consents: Vec<KindName>,
}

impl Permit {
    /// Only for `decide`: see the invariant.
    pub(crate) fn new(
        act: Act,
        agreement: AgreementHash,
        clause: ClauseId,
        granted: Vec<Category>,
        withheld: Vec<(Category, ClauseId)>,
        rests_on: Asks,
    ) -> Self {
        let Asks { relations: reach, consents } = rests_on;
        Self { act, agreement, clause, granted, withheld, reach, consents }
    }

    /// The act as it was asked.
    #[must_use]
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// The customer.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.act.tenant
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> PersonId {
        self.act.actor
    }

    /// As what.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.act.role
    }

    /// Doing what.
    #[must_use]
    pub fn verb(&self) -> Verb {
        self.act.verb
    }

    /// Why.
    #[must_use]
    pub fn purpose(&self) -> &Purpose {
        &self.act.purpose
    }

    /// About whom.
    #[must_use]
    pub fn subject(&self) -> &SubjectCategory {
        &self.act.subject
    }

    /// When it was decided: the act's instant.
    #[must_use]
    pub fn instant(&self) -> Instant {
        self.act.instant
    }

    /// The open case within which it happens.
    #[must_use]
    pub fn case(&self) -> Option<RecordId> {
        match &self.act.facts.case {
            CaseFact::Open { id, .. } => Some(*id),
            CaseFact::None | CaseFact::DoesNotCover => None,
        }
    }

    /// The version of the agreement that allows it.
    #[must_use]
    pub fn agreement(&self) -> AgreementHash {
        self.agreement
    }

    /// The clause of the rule that allows it; of the first granted category where several rules do.
    #[must_use]
    pub fn clause(&self) -> &ClauseId {
        &self.clause
    }

    /// The categories that are allowed, in the order asked. Never empty.
    #[must_use]
    pub fn granted(&self) -> &[Category] {
        &self.granted
    }

    /// The categories that are withheld, each with the clause that does so. Empty where all were demanded.
    #[must_use]
    pub fn withheld(&self) -> &[(Category, ClauseId)] {
        &self.withheld
    }

    /// The relations to the record that the permit rests on; none where it holds for every record of the customer's. It is a
    /// permit for records to which the actor stands so, and for no others.
    #[must_use]
    pub const fn reach(&self) -> Relations {
        self.reach
    }

    /// The kinds of consent that the permit rests on.
    #[must_use]
    pub fn consents(&self) -> &[KindName] {
        &self.consents
    }

    /// Whether this category is allowed.
    #[must_use]
    pub fn allows(&self, category: &Category) -> bool {
        self.granted.contains(category)
    }
}
