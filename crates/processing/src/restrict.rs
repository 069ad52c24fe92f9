//! Restriction (GDPR Art. 4(3), 18): a person's data is stored, and nothing else is done with it until the restriction is lifted
//! or runs out.
//!
//! What stays allowed is the law's, and not any agreement's: to hand the data to the data subject (`retrieve`, Art. 18(2): with
//! the data subject's consent), to restrict or lift, and to hold against erasure, which is storing. Everything else is refused here with the clause under which it was
//! restricted, and the committer refuses what was decided a moment before.

use agreement::Act;
use service::{Asked, Kind, No, Restricted, ToRestrict};
use storage::{About, Restrict, StoredRecord};
use terms::{Extent, KindName, PersonId, Reason, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::consult::record_about;
use crate::erase::{happened, restricted, restricted_refusal};
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, failed, unavailable};

impl Processing {
    /// Restricts the person whose record it is.
    pub(crate) async fn restrict_person(&self, asked: &Asked, to: ToRestrict<'_>) -> Result<(), No> {
        let (permit, about, person) = self.may_on_person(asked, Verb::Restrict, to.kind, to.record).await?;
        if to.until.is_some_and(|until| until <= permit.instant()) {
            return Err(No::Invalid(Vec::new()));
        }
        let clause = permit.clause().clone();
        let restrict = Restrict { person, by: asked.actor, clause, why: to.why.code().to_owned(), until: to.until };
        self.store.restrict(permit, about, restrict).await.map(|_| ()).map_err(|error| unavailable(&error))
    }

    /// Lifts the restriction of the person whose record it is.
    pub(crate) async fn lift_restriction(&self, asked: &Asked, kind: &KindName, record: RecordId) -> Result<(), No> {
        let (permit, about, person) = self.may_on_person(asked, Verb::Restrict, kind, record).await?;
        if self.store.restriction(&asked.tenant, &person, permit.instant()).is_none() {
            // Nothing is lifted, and that it was tried is entered.
            drop(self.enter(permit, about).await?);
            return Err(No::Missing);
        }
        self.store.lift(permit, about, person).await.map(|_| ()).map_err(|error| unavailable(&error))
    }

    /// Whether the person whose record it is is restricted, since when, why and until when: for whoever may restrict.
    pub(crate) async fn restriction_of(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
    ) -> Result<Option<Restricted>, No> {
        let (permit, about, person) = self.may_on_person(asked, Verb::Restrict, kind, record).await?;
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let mut detail = happened("restriction-read", &acting, kind, permit.clause());
        let _lists = detail.name(about.persons, about.records);
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(self.store.restriction(&asked.tenant, &person, permit.instant()).and_then(|one| restricted(&one)))
    }

    /// Whether somebody may do this to the person whose record it is.
    pub(crate) async fn may_on_person(
        &self,
        asked: &Asked,
        verb: Verb,
        kind: &KindName,
        record: RecordId,
    ) -> Result<(agreement::Permit, About, PersonId), No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Record(record))?;
        let mut about = self.own(&acting, About { rests_on, ..record_about(record) })?;
        about.kind = Some(kind.name.clone());
        let act = acting.act(verb, &kind.subject, kind.categories(), Extent::AsPermitted, facts);
        let permit = match acting.decide(act) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &kind.categories(), about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        let found = self.store.head(&asked.tenant, &record).map_err(failed)?;
        let Some(found) = found.filter(|found| found.kind == kind.name) else {
            drop(self.enter(permit, about).await?);
            return Err(No::Missing);
        };
        Ok((permit, about, found.person))
    }

    /// What stands against an act on these persons: that one of them is restricted. Entered as a refusal.
    pub(crate) async fn barred_by_restriction(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        act: &Act,
        about: &About,
    ) -> Option<No> {
        let tenant = &acting.asked.tenant;
        let of = |person: &PersonId| self.store.restriction(tenant, person, acting.now);
        let restriction = if by_law(act.verb) { None } else { about.persons.iter().find_map(of) };
        let aside = || {
            let person = about.persons.iter().find_map(|person| self.store.closed_by(tenant, Some(person), None));
            person.or_else(|| about.records.iter().find_map(|(one, _)| self.store.closed_by(tenant, None, Some(one))))
        };
        let refusal = match restriction {
            Some(restriction) => restricted_refusal(&acting.agreement, act, &restriction.of.clause),
            None if at_its_end(act.verb) => return None,
            None => {
                let aside = aside()?;
                let mut refusal = acting.agreement.refuse(act, Reason::SetAside);
                refusal.number = acting.agreement.number(&aside.clause).to_owned();
                refusal.clause = aside.clause;
                refusal
            }
        };
        let of = RefusedAct { categories: &act.categories, about: about.clone() };
        Some(self.refused(acting, Some(kind), &of, refusal).await)
    }

    /// Of what was found by looking through many, that whose persons are not restricted; the rest stays closed, and a search or
    /// a count does not tell of it.
    pub(crate) fn unrestricted(
        &self,
        acting: &Acting<'_>,
        verb: Verb,
        found: Vec<StoredRecord>,
    ) -> (Vec<StoredRecord>, Vec<StoredRecord>) {
        let tenant = &acting.asked.tenant;
        let restricted =
            |one: &StoredRecord| !by_law(verb) && self.store.restriction(tenant, &one.person, acting.now).is_some();
        let aside = |one: &StoredRecord| {
            !at_its_end(verb) && self.store.closed_by(tenant, Some(&one.person), Some(&one.record)).is_some()
        };
        found.into_iter().partition(|one| !restricted(one) && !aside(one))
    }

    /// Whether a person is not restricted now, and neither the person nor the record is set aside to be erased.
    pub(crate) fn is_free(&self, acting: &Acting<'_>, person: &PersonId, record: Option<&RecordId>) -> bool {
        let tenant = &acting.asked.tenant;
        self.store.restriction(tenant, person, acting.now).is_none()
            && self.store.closed_by(tenant, Some(person), record).is_none()
    }
}

/// What can be done with what is set aside to be erased: bring it back, hold it, erase it for good.
const fn at_its_end(verb: Verb) -> bool {
    matches!(verb, Verb::Restrict | Verb::Hold | Verb::Erase)
}

/// What the law allows though it is restricted.
const fn by_law(verb: Verb) -> bool {
    matches!(verb, Verb::Retrieve | Verb::Restrict | Verb::Hold)
}
