//! The facts of an act, read from the state: whether the case that is named is open and covers what is asked for, and how the
//! actor stands to the record (`reaching.rs`).

use agreement::{Act, CaseFact, Facts};
use service::{Field, Kind, No, Value};
use storage::About;
use terms::{PersonId, RecordHead, RecordId};

use crate::Processing;
use crate::acting::Acting;
use crate::refuse::failed;

/// What an act is about, for the questions whether a case covers it and how the actor stands to it.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// This record.
    Record(RecordId),
    /// The records under this one, which are told apart one by one after they are found.
    Under(RecordId),
    /// All records of a kind, taken together: no relation and no consent is found, and only rules hold that ask for none.
    All,
    /// Records of a kind that are told apart one by one after they are found, as `Processing::read` does. The act is decided as
    /// for one that is reached; of what is found the rest is left out.
    Filtered,
}

/// Facts, and the records in the versions that they were read from: the committer takes no act that rests on others.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) rests_on: Vec<(RecordId, u64)>,
}

impl Processing {
    /// Gathers the facts. A case covers the whole customer, or the one record that it belongs to and what belongs to that.
    pub(crate) fn facts(&self, acting: &Acting<'_>, scope: Scope) -> Result<Gathered, No> {
        let mut gathered = self.case(acting, scope)?;
        let asks = acting.asks();
        if asks.is_empty() {
            return Ok(gathered);
        }
        let record = match scope {
            Scope::All => return Ok(gathered),
            Scope::Record(record) | Scope::Under(record) => {
                self.store.head(&acting.asked.tenant, &record).map_err(failed)?
            }
            Scope::Filtered => None,
        };
        let Some(record) = record else {
            // Of what is not there nothing is out of reach, and nothing is found.
            gathered.facts.reached = asks.relations;
            gathered.facts.consents.clone_from(&asks.consents);
            return Ok(gathered);
        };
        let found = self.reaching(acting)?.of(&record)?;
        gathered.facts = found.facts(&gathered.facts);
        gathered.rests_on.extend(found.rests_on);
        if matches!(scope, Scope::Under(_)) && asks.relations.has(terms::Relation::Own) {
            // Whose each of them is shows when it is found.
            gathered.facts.reached = gathered.facts.reached.with(terms::Relation::Own);
        }
        Ok(gathered)
    }

    /// The facts of a record that is about to be made, once its values are known; the case stays as it was found.
    pub(crate) fn facts_of_new(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        person: Option<PersonId>,
        parent: Option<&RecordHead>,
        values: &[(&Field, Value)],
        (act, about): (&mut Act, &mut About),
    ) -> Result<(), No> {
        if acting.asks().is_empty() {
            return Ok(());
        }
        let found = self.reaching(acting)?.of_new(kind, person, parent, values)?;
        act.facts = found.facts(&act.facts);
        for rests_on in found.rests_on {
            if !about.rests_on.contains(&rests_on) {
                about.rests_on.push(rests_on);
            }
        }
        Ok(())
    }

    fn case(&self, acting: &Acting<'_>, scope: Scope) -> Result<Gathered, No> {
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
            (Some(_), Scope::All | Scope::Filtered) => false,
            (Some(of), Scope::Record(asked) | Scope::Under(asked)) => {
                asked == case || asked == of || self.belongs_to(tenant, asked, of)?
            }
        };
        Ok(if open && covers { CaseFact::Open { case: term.id.clone(), id: case } } else { CaseFact::DoesNotCover })
    }

    fn belongs_to(&self, tenant: &terms::TenantId, record: RecordId, of: RecordId) -> Result<bool, No> {
        let parent = self.store.head(tenant, &record).map_err(failed)?.and_then(|record| record.parent);
        Ok(parent == Some(of))
    }
}
