//! What the agreement in force says about accounts: its clause, whom it asks for a second factor, who gives and ends accounts.
//!
//! No clause, role or side stands in Rust; where no agreement is in force for a home, an entry carries no clause.

use std::sync::Arc;

use agreement::{Agreement, RoleSide, RoleTerm};
use processing::Processing;
use storage::Tenant;
use terms::{AgreementHash, ClauseId, Role, TenantId};

/// Where the agreement in force for a home is found. Processing is the one that programs hang up.
pub trait Clauses: Send + Sync {
    /// The agreement in force now for the people of `home`.
    fn in_force(&self, home: &TenantId) -> Option<Arc<Agreement>>;
}

impl Clauses for Processing {
    /// The provider's own people act under what its customers have agreed to: the newest of those agreements says which roles
    /// there are and who of them gives accounts.
    fn in_force(&self, home: &TenantId) -> Option<Arc<Agreement>> {
        self.governing(home)
    }
}

/// What holds for an account.
pub(crate) struct Holds {
    agreement: Option<Arc<Agreement>>,
    role: Option<RoleTerm>,
    provider: bool,
}

impl Holds {
    pub(crate) fn of(clauses: &dyn Clauses, home: &Tenant, role: &Role) -> Self {
        let agreement = clauses.in_force(&home.id);
        let role =
            agreement.as_ref().and_then(|agreement| agreement.roles().iter().find(|term| term.id == *role)).cloned();
        Self { agreement, role, provider: home.provider }
    }

    /// The clause on accounts, for entries.
    pub(crate) fn clause(&self) -> Option<ClauseId> {
        Some(self.agreement.as_ref()?.accounts()?.clause.clone())
    }

    /// The agreement that governs, for entries.
    pub(crate) fn agreement(&self) -> Option<AgreementHash> {
        Some(self.agreement.as_ref()?.hash())
    }

    /// Whether an account in this role needs a second factor: the agreement asks its side for one, or it is of the provider's
    /// staff, who reach more than one customer's data (the house's own rule, which no agreement lowers).
    pub(crate) fn needs_second_factor(&self) -> bool {
        let accounts = self.agreement.as_ref().and_then(|agreement| agreement.accounts());
        let sides = accounts.and_then(|accounts| accounts.second_factor.value());
        let side = self.role.as_ref().map(|role| role.side);
        self.provider || sides.is_some_and(|sides| side.is_some_and(|side| sides.contains(&side)))
    }

    /// Whether the agreement knows the role for the people of this home. Where none is in force, nothing is known of any role,
    /// and every act will be refused until one is.
    pub(crate) fn knows_role(&self) -> bool {
        self.agreement.is_none() || self.role.as_ref().is_some_and(|role| self.is_of_this_side(role))
    }

    /// Whether the role gives and ends accounts here.
    pub(crate) fn administers(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.administers && self.is_of_this_side(role))
    }

    /// Whether the role is of the data subjects' own side.
    pub(crate) fn is_subject(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.side == RoleSide::Subject)
    }

    fn is_of_this_side(&self, role: &RoleTerm) -> bool {
        matches!(role.side, RoleSide::Controller | RoleSide::Subject) != self.provider
    }
}
