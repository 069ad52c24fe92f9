//! Who acts: account, role and agreement, found here and never taken from a request.

use std::sync::Arc;

use agreement::{Act, Agreement, Asks, Facts, Permit, RoleSide};
use service::{Asked, Kind, No};
use storage::{Account, Tenant};
use terms::{Category, Extent, Instant, Reason, RecordId, Refusal, Role, SubjectCategory, Verb};

use crate::Processing;

/// A person who acts for a customer's data, as what, under which agreement, when.
pub(crate) struct Acting<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) agreement: Arc<Agreement>,
    pub(crate) role: Role,
    /// The actor's own record, where the account names one. Whether it is this customer's is found out where it is used.
    pub(crate) own_record: Option<RecordId>,
    pub(crate) ended: bool,
    /// The customer's first agreement has not begun; its clause on its start stands against everything.
    pub(crate) not_yet: bool,
    pub(crate) now: Instant,
    /// What about single records the rules ask for, see [`Acting::asks`].
    asks: Asks,
}

impl Processing {
    /// Looks up who asks. Whoever has nothing to do with the customer gets [`No::Missing`], as if there were none: a foreign
    /// customer and no customer are told apart by nobody.
    pub(crate) fn acting<'a>(&self, asked: &'a Asked) -> Result<Acting<'a>, No> {
        let account: Arc<Account> =
            self.store.account(&asked.actor).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
        let tenant = self.store.tenant(&asked.tenant).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
        let now = self.store.now();
        let ended = account.ended.is_some_and(|ended| ended <= now);
        let (agreement, not_yet) = self.agreement_for(asked, now)?;
        if account.home != asked.tenant {
            let home = self.store.tenant(&account.home).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
            let side = agreement.roles().iter().find(|term| term.id == account.role).map(|term| term.side);
            if !(home.provider && home.service == tenant.service && side == Some(RoleSide::Processor)) {
                return Err(No::Missing);
            }
        }
        let (role, own_record) = (account.role.clone(), account.record);
        let asks = agreement.asks_of(&role);
        Ok(Acting { asked, tenant, agreement, role, own_record, ended, not_yet, now, asks })
    }

    /// Somebody who has no account, in a role that the agreement in force gives: the program itself.
    pub(crate) fn acting_in<'a>(
        &self,
        asked: &'a Asked,
        role: impl FnOnce(&Agreement) -> Option<Role>,
    ) -> Result<Acting<'a>, No> {
        let tenant = self.store.tenant(&asked.tenant).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
        let now = self.store.now();
        let (agreement, not_yet) = self.agreement_for(asked, now)?;
        let role = role(&agreement).ok_or(No::Missing)?;
        let asks = agreement.asks_of(&role);
        Ok(Acting { asked, tenant, agreement, role, own_record: None, ended: false, not_yet, now, asks })
    }

    /// The agreement that governs a customer now, and whether it has not begun.
    fn agreement_for(&self, asked: &Asked, now: Instant) -> Result<(Arc<Agreement>, bool), No> {
        let book = self.book();
        // Before the first agreement begins, that one answers, with its clause on its start.
        let first = || book.versions(asked.tenant).first().map(|adoption| &adoption.agreement);
        let in_force = book.at(asked.tenant, now);
        let agreement = Arc::clone(in_force.or_else(first).ok_or(No::Missing)?);
        Ok((agreement, in_force.is_none()))
    }
}

impl Acting<'_> {
    /// The act as the agreement is asked about it.
    pub(crate) fn act(
        &self,
        verb: Verb,
        subject: &SubjectCategory,
        categories: Vec<Category>,
        extent: Extent,
        facts: Facts,
    ) -> Act {
        Act {
            tenant: self.asked.tenant,
            actor: self.asked.actor,
            role: self.role.clone(),
            verb,
            purpose: self.asked.purpose.clone(),
            subject: subject.clone(),
            categories,
            extent,
            recipient: None,
            country: None,
            instant: self.now,
            facts,
        }
    }

    /// What stands against whatever this person asks, before any rule is read.
    pub(crate) fn barred(&self, act: &Act) -> Option<Refusal> {
        if self.not_yet {
            return Some(self.agreement.not_in_force(act));
        }
        self.ended.then(|| self.agreement.refuse(act, Reason::AccountEnded))
    }

    /// Whether this person may open a record of the kind: who opens a case the agreement says, and a rule that lets others
    /// write one does not make them openers.
    pub(crate) fn may_open(&self, kind: &Kind) -> bool {
        let case = self.agreement.cases().iter().find(|case| case.kind == kind.name);
        case.is_none_or(|case| case.opened_by.contains(&self.role))
    }

    /// What about single records any rule for this role asks for; mostly nothing, and then nobody looks for it. After
    /// [`Acting::on`], what those rules ask that such an act can meet.
    pub(crate) const fn asks(&self) -> &Asks {
        &self.asks
    }

    /// For acts on records of this kind alone, of some or all of its fields: a consent that rules ask for data which the kind
    /// does not hold is not looked for.
    pub(crate) fn on(mut self, kind: &Kind) -> Self {
        if !self.asks.is_empty() {
            let categories = kind.fields.iter().map(|field| &field.category);
            self.asks = self.agreement.asks_about(&self.role, &kind.subject, categories);
        }
        self
    }

    /// Asks the agreement.
    pub(crate) fn decide(&self, act: Act) -> Result<Permit, Refusal> {
        match self.barred(&act) {
            Some(refusal) => Err(refusal),
            None => self.agreement.decide(act),
        }
    }

    /// An act on all categories of a kind, as far as permitted.
    pub(crate) fn reading(&self, kind: &Kind, facts: Facts) -> Act {
        self.act(Verb::Consult, &kind.subject, kind.categories(), Extent::AsPermitted, facts)
    }
}
