//! The facts of an act, read from the state: whether the case that is named is open and covers what is asked for.

use agreement::{CaseFact, Facts};
use service::No;
use terms::RecordId;

use crate::Processing;
use crate::acting::Acting;
use crate::refuse::failed;

/// What an act is about, for the question whether a case covers it.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// This record.
    Record(RecordId),
    /// All records of a kind.
    All,
}

impl Processing {
    /// Gathers the facts. A case covers the whole customer, or the one record that it belongs to and what belongs to that.
    pub(crate) fn facts(&self, acting: &Acting<'_>, scope: Scope) -> Result<Facts, No> {
        let case = match acting.asked.case {
            Some(case) => self.case_fact(acting, case, scope)?,
            None => CaseFact::None,
        };
        Ok(Facts { case })
    }

    fn case_fact(&self, acting: &Acting<'_>, case: RecordId, scope: Scope) -> Result<CaseFact, No> {
        let tenant = &acting.asked.tenant;
        let Some(record) = self.store.record(tenant, &case).map_err(failed)? else { return Ok(CaseFact::DoesNotCover) };
        let Some(term) = acting.agreement.cases().iter().find(|term| term.kind == record.kind) else {
            return Ok(CaseFact::DoesNotCover);
        };
        let opens_as = self.kind(&acting.tenant.service, &record.kind).and_then(|kind| kind.states.first());
        let open = opens_as.is_some() && record.state.as_ref() == opens_as;
        let covers = match (record.parent, scope) {
            (None, _) => true,
            (Some(_), Scope::All) => false,
            (Some(of), Scope::Record(asked)) => asked == case || asked == of || self.belongs_to(tenant, asked, of)?,
        };
        Ok(if open && covers { CaseFact::Open { case: term.id.clone(), id: case } } else { CaseFact::DoesNotCover })
    }

    fn belongs_to(&self, tenant: &terms::TenantId, record: RecordId, of: RecordId) -> Result<bool, No> {
        let parent = self.store.record(tenant, &record).map_err(failed)?.and_then(|record| record.parent);
        Ok(parent == Some(of))
    }
}
