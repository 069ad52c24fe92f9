//! Who acts: account, role and agreement, found here and never taken from a request.

use std::sync::Arc;

use agreement::{Act, Agreement, Facts, RoleSide};
use service::{Asked, Kind, No};
use storage::{Account, Tenant};
use terms::{Category, Extent, Instant, Role, SubjectCategory, Verb};

use crate::Processing;

/// A person who acts for a customer's data, as what, under which agreement, when.
pub(crate) struct Acting<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) agreement: Arc<Agreement>,
    pub(crate) role: Role,
    pub(crate) ended: bool,
    pub(crate) now: Instant,
}

impl Processing {
    /// Looks up who asks. Whoever has nothing to do with the customer gets [`No::Missing`], as if there were none: a foreign
    /// customer and no customer are told apart by nobody.
    pub(crate) fn acting<'a>(&self, asked: &'a Asked) -> Result<Acting<'a>, No> {
        let account: Arc<Account> =
            self.store.account(&asked.actor).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
        let tenant = self.store.tenant(&asked.tenant).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
        let now = self.store.now();
        let book = self.book();
        // Before the first agreement begins, that one answers, with its clause on its start.
        let first = || book.versions(asked.tenant).first().map(|adoption| &adoption.agreement);
        let agreement = Arc::clone(book.at(asked.tenant, now).or_else(first).ok_or(No::Missing)?);
        if account.home != asked.tenant {
            let home = self.store.tenant(&account.home).map_err(crate::refuse::failed)?.ok_or(No::Missing)?;
            let side = agreement.roles().iter().find(|term| term.id == account.role).map(|term| term.side);
            if !(home.provider && home.service == tenant.service && side == Some(RoleSide::Processor)) {
                return Err(No::Missing);
            }
        }
        let ended = account.ended.is_some_and(|ended| ended <= now);
        Ok(Acting { asked, tenant, agreement, role: account.role.clone(), ended, now })
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

    /// An act on all categories of a kind, as far as permitted.
    pub(crate) fn reading(&self, kind: &Kind, facts: Facts) -> Act {
        self.act(Verb::Consult, &kind.subject, kind.categories(), Extent::AsPermitted, facts)
    }
}
