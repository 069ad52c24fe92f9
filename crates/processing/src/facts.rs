//! The facts of an act, read from the state: whether the case that is named is open and covers what is asked for.

use agreement::{CaseFact, Facts};
use service::No;
use terms::{RecordHead, RecordId};

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

/// Facts, and the record in the version that they were read from: the committer takes no act that rests on another.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) rests_on: Vec<(RecordId, u64)>,
}

impl Processing {
    /// Gathers the facts. A case covers the whole customer, or the one record that it belongs to and what belongs to that.
    pub(crate) fn facts(&self, acting: &Acting<'_>, scope: Scope) -> Result<Gathered, No> {
        let tenant = &acting.asked.tenant;
        let Some(case) = acting.asked.case else {
            return Ok(Gathered { facts: Facts::default(), rests_on: Vec::new() });
        };
        let record = self.store.head(tenant, &case).map_err(failed)?;
        let rests_on = record.iter().map(|record| (record.record, record.version)).collect();
        let case = match record {
            Some(record) => self.case_fact(acting, &record, scope)?,
            None => CaseFact::DoesNotCover,
        };
        Ok(Gathered { facts: Facts { case, ..Facts::default() }, rests_on })
    }

    fn case_fact(&self, acting: &Acting<'_>, record: &RecordHead, scope: Scope) -> Result<CaseFact, No> {
        let (tenant, case) = (&acting.asked.tenant, record.record);
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
        let parent = self.store.head(tenant, &record).map_err(failed)?.and_then(|record| record.parent);
        Ok(parent == Some(of))
    }
}
