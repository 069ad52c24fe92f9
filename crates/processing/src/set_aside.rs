//! Erasing so that it can be taken back: a restriction with an end. Until then nobody reads what is to go, and whoever may restrict
//! can bring it back; at the end the program's own job erases it for good, by the plan and certificate of every erasure.
//!
//! For how long, the agreement says (`restorable-within`); where it says nothing there is no such thing. Not here: the erasure
//! itself (`erase.rs`), and what is closed meanwhile (`restrict.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use agreement::{Agreement, RoleSide};
use journal::{Detail, Outcome};
use service::{Against, Asked, No, SetAsideShown, ToErase};
use storage::{HouseOp, SetAside};
use terms::{AgreementHash, Extent, Instant, PersonId, Reason, RecordId, Refusal, Verb};

use crate::Processing;
use crate::collect::new_record_id;
use crate::erase::{Allowed, against_refusal, few};
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, failed, unavailable};

/// How long what the agreement does not let the program erase waits until it is asked again, where the agreement is the same.
const ASKED_AGAIN_SECONDS: i64 = 86_400;

impl Processing {
    /// Sets aside what a plan says goes, and gives the id under which it can be brought back.
    pub(crate) async fn erase_for_a_time(
        &self,
        asked: &Asked,
        to: ToErase<'_>,
        until: Instant,
    ) -> Result<RecordId, No> {
        let acting = self.acting(asked)?;
        let Allowed { acting, kind, plan, hash, permit, about, .. } =
            self.may_erase(acting, to.kind, to.record).await?;
        let latest = acting.agreement.restorable_until(acting.now);
        let against = match latest {
            _ if !plan.against.is_empty() => {
                plan.against.first().map(|one| against_refusal(&acting.agreement, permit.act(), one))
            }
            None => Some(self.no_way_back(&acting.agreement, permit.act())),
            Some(latest) if until > latest => Some(self.no_way_back(&acting.agreement, permit.act())),
            Some(_) => self.refused_at_the_end(asked, &plan)?,
        };
        if let Some(refusal) = against {
            let of = RefusedAct { categories: permit.granted(), about };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        }
        if until <= permit.instant() {
            return Err(No::Invalid(Vec::new()));
        }
        let nothing = plan.goes.is_empty() && plan.persons.iter().all(|one| one.classes.is_empty());
        let already = self.store.closed_by(&asked.tenant, Some(&plan.person), Some(&plan.record)).is_some();
        if hash != to.plan || nothing || already {
            let version = self.store.head(&asked.tenant, &plan.record).map_err(failed)?.map_or(0, |head| head.version);
            return Err(No::Conflict { version });
        }
        let mut records: Vec<RecordId> =
            plan.goes.iter().flat_map(|one| one.records.iter().map(|(record, _)| *record)).collect();
        records.sort_unstable();
        let id = new_record_id(acting.now)?;
        let aside = SetAside {
            id,
            tenant: asked.tenant,
            kind: kind.name.clone(),
            record: plan.record,
            person: plan.person,
            persons: plan.persons.iter().map(|one| one.person).collect(),
            records,
            by: asked.actor,
            purpose: asked.purpose.clone(),
            clause: permit.clause().clone(),
            agreement: permit.agreement(),
            since: permit.instant(),
            until,
        };
        self.store.set_aside(permit, about, aside).await.map_err(|error| unavailable(&error))?;
        Ok(id)
    }

    /// What the customer has set aside, as far as this person may bring it back, by when it ends.
    pub(crate) async fn set_aside_known(&self, asked: &Asked) -> Result<Vec<SetAsideShown>, No> {
        let acting = self.acting(asked)?;
        let mut shown = Vec::new();
        let mut clause = None;
        for one in self.store.all_set_aside(Some(&asked.tenant)) {
            let Some(kind) = self.kind(&acting.tenant.service, &one.kind) else { continue };
            let Gathered { facts, .. } = self.facts(&acting, Scope::Record(one.record))?;
            let extent = Extent::AsPermitted;
            let act = acting.act(Verb::Restrict, &kind.subject, kind.categories(), extent, facts);
            if let Ok(permit) = acting.decide(act) {
                clause.get_or_insert_with(|| permit.clause().clone());
                let held = self.standing_on(asked, &one)?;
                shown.push(SetAsideShown {
                    id: one.id,
                    kind: one.kind,
                    record: one.record,
                    records: one.records.len() as u64,
                    by: one.by,
                    since: one.since,
                    until: one.until,
                    clause: one.clause,
                    held,
                });
            }
        }
        let Some(clause) = clause else { return Ok(shown) };
        let mut detail = Detail {
            outcome: Outcome::Happened,
            event: Some("set-aside-read".to_owned()),
            actor: Some(asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            clause: Some(clause),
            count: Some(shown.len() as u64),
            ..Detail::default()
        };
        let _lists = detail.name(Vec::new(), shown.iter().map(|one| (one.record, 0)).take(journal::FEW).collect());
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(shown)
    }

    /// Brings back what was set aside: by whoever may restrict it, since it is a restriction until its end.
    pub(crate) async fn bring_back_aside(&self, asked: &Asked, id: RecordId) -> Result<RecordId, No> {
        let one = self.store.all_set_aside(Some(&asked.tenant)).into_iter().find(|one| one.id == id);
        let one = one.ok_or(No::Missing)?;
        let (permit, about, _) = self.may_on_person(asked, Verb::Restrict, &one.kind, one.record).await?;
        if permit.instant() >= one.until {
            // Never after its end, also where the job has not come to it yet.
            drop(self.enter(permit, about).await?);
            return Err(No::Missing);
        }
        self.store.bring_back(permit, about, id).await.map_err(|error| unavailable(&error))?;
        Ok(one.record)
    }

    /// Erases for good what was set aside and whose time is over: the program itself acts, by a rule of the agreement, with the plan
    /// of now. What a hold or a restriction stands against waits, and that is entered once for as long as the program runs. What the
    /// agreement refuses is asked again a day later, or at once where another agreement is in force. Where there is nothing left to
    /// erase, that is entered and nobody is closed any more. Gives how many were erased.
    ///
    /// # Errors
    /// The world's, and the agreement's no; what could not be erased is tried again by the next call.
    pub async fn end_set_aside(&self) -> Result<usize, No> {
        let now = self.store.now();
        let mut ended = 0;
        let mut failed = None;
        for one in self.store.all_set_aside(None).into_iter().filter(|one| one.until <= now) {
            match self.end_one(&one).await {
                Ok(true) => ended += 1,
                Ok(false) => {}
                // One that cannot be ended keeps no other from being.
                Err(no) => drop(failed.get_or_insert(no)),
            }
        }
        failed.map_or(Ok(ended), Err)
    }

    async fn end_one(&self, one: &SetAside) -> Result<bool, No> {
        let asked = Asked { actor: PersonId::PROGRAM, tenant: one.tenant, purpose: one.purpose.clone(), case: None };
        let acting = self.acting_as_program(&asked)?;
        let (agreement, now, role) = (acting.agreement.hash(), acting.now, acting.role.clone());
        if self.store.head(&one.tenant, &one.record).map_err(failed)?.is_none() {
            let detail = Detail {
                outcome: Outcome::Happened,
                event: Some("set-aside-void".to_owned()),
                actor: Some(asked.actor),
                role: Some(role),
                purpose: Some(asked.purpose.clone()),
                agreement: Some(one.agreement),
                clause: Some(one.clause.clone()),
                kind: Some(one.kind.clone()),
                ..Detail::default()
            };
            let back = vec![HouseOp::BringBack(one.id)];
            self.store.event(one.tenant, detail, back).await.map_err(|error| unavailable(&error))?;
            return Ok(false);
        }
        let waits = || self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let again = |since: Instant| now >= since.plus_seconds(ASKED_AGAIN_SECONDS);
        if waits().refused.get(&one.id).is_some_and(|(of, since)| *of == agreement && !again(*since)) {
            return Ok(false);
        }
        let allowed = match self.may_erase(acting, &one.kind, one.record).await {
            Err(no @ (No::Refused(_) | No::Missing)) => {
                // The refusal is entered: not once more each minute.
                waits().refused.insert(one.id, (agreement, now));
                return Err(no);
            }
            allowed => allowed?,
        };
        if let Some(against) = allowed.plan.against.first() {
            let told = waits().told.insert(one.id);
            if told {
                let clause = match against {
                    Against::Restricted(restricted) => &restricted.clause,
                    Against::Held(held) => &held.clause,
                    Against::TooFew(few) => &few.clause,
                };
                let mut detail = crate::erase::happened("erasure-waits", &allowed.acting, allowed.kind, clause);
                detail.purpose = Some(asked.purpose.clone());
                let _lists = detail.name(few(&one.persons), vec![(one.record, 0)]);
                self.store.event(one.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
            }
            return Ok(false);
        }
        let hash = allowed.hash;
        self.carry_out(&asked, allowed, hash).await?;
        Ok(true)
    }

    /// Whether the program's job would be refused at the end: then there is no erasure that can be taken back, since nobody would
    /// ever make it one for good.
    fn refused_at_the_end(&self, asked: &Asked, plan: &service::ErasurePlan) -> Result<Option<Refusal>, No> {
        let program = Asked { actor: PersonId::PROGRAM, case: None, ..asked.clone() };
        let acting = self.acting_as_program(&program)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let kind = kinds.kind(&plan.kind).ok_or(No::Missing)?;
        for (subject, categories) in self.held_categories(&asked.tenant, kinds, kind, plan)? {
            let act = acting.act(Verb::Erase, &subject, categories, Extent::Exactly, agreement::Facts::default());
            if let Err(refusal) = acting.decide(act) {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }

    /// That the agreement knows no way back, or none so long: under the clause of the term where there is one.
    fn no_way_back(&self, agreement: &Agreement, act: &agreement::Act) -> Refusal {
        let term = agreement
            .terms_of("retention")
            .find(|term| term.text("of") == Some("content") && term.text("phase") == Some("in-term"));
        let mut refusal = agreement.refuse(act, Reason::Prohibited);
        if let Some(term) = term {
            let clause = term.clause_of("restorable-within").clone();
            refusal.number = agreement.number(&clause).to_owned();
            refusal.clause = clause;
        }
        refusal
    }

    fn standing_on(&self, asked: &Asked, one: &SetAside) -> Result<Vec<service::Held>, No> {
        let now = self.store.now();
        if self.store.holds(&asked.tenant, now).is_empty() {
            return Ok(Vec::new());
        }
        let reached = self.store.reached(&asked.tenant, &[], &one.records).map_err(failed)?;
        self.standing(asked, &one.persons, &reached, now)
    }

    /// Who acts where nobody asks: the program, in the one role that the agreement gives the platform.
    pub(crate) fn acting_as_program<'a>(&self, asked: &'a Asked) -> Result<crate::acting::Acting<'a>, No> {
        let platform = |agreement: &Agreement| {
            let role = agreement.roles().iter().find(|role| role.side == RoleSide::Platform);
            role.map(|role| role.id.clone())
        };
        self.acting_in(asked, platform)
    }
}

/// What waits at the end of its time, for as long as the program runs.
#[derive(Default)]
pub(crate) struct Waiting {
    /// What was entered as waiting, each once.
    told: BTreeSet<RecordId>,
    /// What was refused, under which agreement and when.
    refused: BTreeMap<RecordId, (AgreementHash, Instant)>,
}

pub(crate) type Waits = std::sync::Mutex<Waiting>;
