//! Plans of great erasures, kept for whoever has seen one and confirms it: what was read for it need not be read again where nothing
//! of it was touched meanwhile. Who may erase is asked again all the same.
//!
//! A plan that is not kept any more, or that does not hold, is made anew; so nothing depends on this but how long it takes. Not
//! here: what a plan says (`erasure_plan.rs`), and the erasure itself (`erase.rs`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use service::{Asked, ErasurePlan, No, PersonGoing, ToErase};
use storage::{About, Watch};
use terms::{Category, Extent, Hash, Instant, KindName, PersonId, RecordId, SubjectCategory, TenantId, Verb};

use crate::Processing;
use crate::consult::record_about;
use crate::erase::Allowed;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, failed};

/// From more than so many records on an erasure is a great one: below, reading all of them once more costs less than a sync.
pub(crate) const GREAT: usize = 16;
/// Most plans that are kept.
const MAX_KEPT: usize = 8;
/// Most records that all of them list together.
const MAX_RECORDS: usize = 4_000_000;
/// For how long a plan is kept.
const KEPT_SECONDS: i64 = 900;

/// The categories that the records which go really hold, by data subjects.
type Held = BTreeMap<SubjectCategory, Vec<Category>>;

/// A plan, with all that was read for it.
struct Kept {
    tenant: TenantId,
    kind: KindName,
    record: RecordId,
    since: Instant,
    plan: ErasurePlan,
    hash: Hash,
    persons: Vec<PersonId>,
    records: Vec<(RecordId, u64)>,
    held: Held,
    watch: Arc<Watch>,
}

impl Kept {
    fn is(&self, tenant: &TenantId, to: &ToErase<'_>) -> bool {
        self.tenant == *tenant && self.kind == *to.kind && self.record == to.record && self.hash == to.plan
    }

    fn holds(&self, now: Instant) -> bool {
        !self.watch.changed() && self.since.plus_seconds(KEPT_SECONDS) > now
    }
}

/// The plans that are kept.
#[derive(Default)]
pub(crate) struct KeptPlans(Mutex<Vec<Kept>>);

impl KeptPlans {
    fn keep(&self, new: Kept) {
        self.sweep(new.since);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| (one.tenant, &one.kind, one.record) != (new.tenant, &new.kind, new.record));
        all.push(new);
        // The oldest first.
        while all.len() > MAX_KEPT || all.iter().map(|one| one.plan.count_going()).sum::<usize>() > MAX_RECORDS {
            all.remove(0);
        }
    }

    /// Keeps no more what is of no use to anybody: what is too old, and what does not hold.
    fn sweep(&self, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.holds(now));
    }

    /// What must be asked again of the plan of that hash, where it still holds.
    fn find(&self, tenant: &TenantId, to: &ToErase<'_>, now: Instant) -> Option<(Vec<PersonGoing>, Held)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.iter().find(|one| one.is(tenant, to))?;
        kept.holds(now).then(|| (kept.plan.persons.clone(), kept.held.clone()))
    }

    /// That plan, which is then kept no more: it is carried out once.
    fn take(&self, tenant: &TenantId, to: &ToErase<'_>) -> Option<Kept> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|one| one.is(tenant, to))?;
        Some(all.remove(place))
    }
}

impl Processing {
    /// Whether so much goes that the rows follow the keys in portions.
    pub(crate) fn goes_in_portions(&self, plan: &ErasurePlan) -> bool {
        plan.import.is_none()
            && plan.persons.iter().any(|one| !one.classes.is_empty())
            && plan.count_going() > self.portions_from
    }

    /// Keeps a plan that was just shown, where it is a great one and nothing stands against it.
    pub(crate) fn keep_plan(&self, allowed: &Allowed<'_>) {
        let Allowed { acting, kind, plan, hash, about, held, watch, .. } = allowed;
        let Some(watch) = watch else { return };
        if !self.goes_in_portions(plan) || !plan.against.is_empty() {
            return;
        }
        self.plans.keep(Kept {
            tenant: acting.asked.tenant,
            kind: kind.name.clone(),
            record: plan.record,
            since: acting.now,
            plan: plan.clone(),
            hash: *hash,
            persons: about.persons.clone(),
            records: about.records.iter().filter(|(record, _)| *record == plan.record).copied().collect(),
            held: held.clone(),
            watch: Arc::clone(watch),
        });
    }

    /// Lets the plans go that nobody can confirm any more, with the pseudonyms in them. To be called once in a while.
    pub fn let_plans_go(&self) {
        self.plans.sweep(self.store.now());
    }

    /// The plan that is confirmed, where it is kept and still holds, and the agreement allows it now. A refusal is entered.
    pub(crate) async fn kept_plan<'a>(&'a self, asked: &'a Asked, to: &ToErase<'_>) -> Result<Option<Allowed<'a>>, No> {
        let acting = self.acting(asked)?;
        let Some((persons, held)) = self.plans.find(&asked.tenant, to, acting.now) else { return Ok(None) };
        for person in &persons {
            let mut classes: Vec<_> = person.classes.iter().chain(&person.keeps).cloned().collect();
            let mut now = self.store.key_classes(&asked.tenant, &person.person).map_err(failed)?;
            classes.sort_unstable();
            now.sort_unstable();
            if classes != now || self.store.restriction(&asked.tenant, &person.person, acting.now).is_some() {
                return Ok(None);
            }
        }
        let kind = self.kind(&acting.tenant.service, to.kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Record(to.record))?;
        let mut permit = None;
        for (subject, categories) in &held {
            match acting.decide(acting.act(Verb::Erase, subject, categories.clone(), Extent::Exactly, facts.clone())) {
                Ok(one) if *subject == kind.subject => permit = Some(one),
                Ok(_) => {}
                Err(refusal) => {
                    let about = self.own(&acting, About { rests_on, ..record_about(to.record) })?;
                    let of = RefusedAct { categories, about };
                    return Err(self.refused(&acting, Some(kind), &of, refusal).await);
                }
            }
        }
        let permit = permit.ok_or(No::Missing)?;
        // Somebody else may have confirmed it in this moment.
        let Some(kept) = self.plans.take(&asked.tenant, to) else { return Ok(None) };
        let (persons, records) = (kept.persons, kept.records);
        let about = About { kind: Some(kind.name.clone()), persons, records, rests_on, ..About::default() };
        let (saw, held, watch) = (Vec::new(), kept.held, Some(kept.watch));
        Ok(Some(Allowed { acting, kind, plan: kept.plan, hash: kept.hash, permit, about, saw, held, watch }))
    }
}
