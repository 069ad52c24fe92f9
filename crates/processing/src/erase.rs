//! Erasure (GDPR Art. 4(2), 17): planned, decided, entered, done, looked for, certified.
//!
//! The entry is durable before any key is touched; keys go before rows. What a crash interrupts is finished by the next start,
//! which finds the erasures that have no certificate yet. Not here: what goes (`erasure_plan.rs`), and the deleting itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use agreement::{Agreement, LogKept, Permit, Value};
use aws_lc_rs::digest;
use journal::{Detail, Outcome};
use minicbor::{Decode, Encode};
use service::No;
use service::{
    Against, Asked, Certificate, Counted, ErasurePlan, Ground, Kept, Kind, Of, PlannedRecords, Restricted, ToErase, Why,
};
use storage::{
    About, CommitError, Erase, ErasePortion, Erasing, HouseOp, KeptFigures, PersonGoes, Portion, Reached, Restriction,
    Store, StoreError, StoredErasure, Watch,
};
use terms::{
    AgreementHash, Category, ClauseId, Extent, FileId, Hash, Instant, KindName, PersonId, Purpose, Reason, RecordId,
    Refusal, Role, SubjectCategory, TenantId, Verb,
};
use vault::Vault;

use crate::Processing;
use crate::acting::Acting;
use crate::collect::new_record_id;
use crate::consult::record_about;
use crate::erasure_plan::{Basis, plan, whole};
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed, unavailable};

/// What is kept beside an erasure until its certificate: enough for another start to write it.
#[derive(Encode, Decode)]
struct Order {
    #[n(0)]
    plan: ErasurePlan,
    #[n(1)]
    plan_hash: Hash,
    #[n(2)]
    by: PersonId,
    #[n(3)]
    role: Role,
    #[n(4)]
    purpose: Purpose,
    #[n(5)]
    agreement: AgreementHash,
    #[n(6)]
    clause: ClauseId,
    /// The files of the records that go: their rows go with the records, so that nothing else names them afterwards.
    #[n(7)]
    files: Vec<FileId>,
    /// Whether the records of those who go follow in portions; then the log lists them, and the plan counts them.
    #[cbor(n(8), default)]
    in_portions: bool,
}

impl Order {
    /// An entry of what the program does to carry it out.
    fn happened(&self, event: &str, count: u64) -> Detail {
        Detail {
            outcome: Outcome::Happened,
            event: Some(event.to_owned()),
            agreement: Some(self.agreement),
            clause: Some(self.clause.clone()),
            kind: Some(self.plan.kind.clone()),
            count: Some(count),
            ..Detail::default()
        }
    }
}

/// An erasure that the agreement allows, with all that it would do.
pub(crate) struct Allowed<'a> {
    pub(crate) acting: Acting<'a>,
    pub(crate) kind: &'a Kind,
    pub(crate) plan: ErasurePlan,
    pub(crate) permit: Permit,
    pub(crate) about: About,
    pub(crate) saw: Vec<(RecordId, u64)>,
    /// The plan's hash.
    pub(crate) hash: Hash,
    /// The categories that the records which go really hold, by data subjects.
    pub(crate) held: BTreeMap<SubjectCategory, Vec<Category>>,
    /// What tells whether the plan still holds, where it was watched.
    pub(crate) watch: Option<Arc<Watch>>,
}

/// The hash of a plan: whoever confirms an erasure confirms this plan and no other.
#[must_use]
pub fn plan_hash(plan: &ErasurePlan) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"betrodd/erasure-plan/v1");
    context.update(&plan.bytes());
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Hash(hash)
}

impl Processing {
    /// What erasing would do. That it was asked is an entry, since it tells how much there is.
    pub(crate) async fn plan_of_erasure(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
    ) -> Result<(ErasurePlan, Hash), No> {
        let allowed = self.may_erase(self.acting(asked)?, kind, record).await?;
        self.keep_plan(&allowed);
        let Allowed { acting, kind, plan, hash, permit, about, .. } = allowed;
        let mut detail = happened("erasure-planned", &acting, kind, permit.clause());
        detail.purpose = Some(asked.purpose.clone());
        let _lists = detail.name(few(&about.persons), vec![(record, 0)]);
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok((plan, hash))
    }

    /// Erases as planned; gives the id of the certificate, which is written when what was deleted has been looked for.
    pub(crate) async fn erase_as_planned(&self, asked: &Asked, to: ToErase<'_>) -> Result<RecordId, No> {
        if let Some(until) = to.back_until {
            return self.erase_for_a_time(asked, to, until).await;
        }
        let allowed = match self.kept_plan(asked, &to).await? {
            Some(allowed) => allowed,
            None => self.may_erase(self.acting(asked)?, to.kind, to.record).await?,
        };
        if let Some(against) = allowed.plan.against.first() {
            let refusal = against_refusal(&allowed.acting.agreement, allowed.permit.act(), against);
            let Allowed { acting, kind, permit, about, .. } = allowed;
            let of = RefusedAct { categories: permit.granted(), about };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        }
        self.carry_out(asked, allowed, to.plan).await
    }

    /// Does what a plan says, where it is the plan that was confirmed; gives the id of the certificate.
    pub(crate) async fn carry_out(&self, asked: &Asked, allowed: Allowed<'_>, confirmed: Hash) -> Result<RecordId, No> {
        let Allowed { acting, kind, mut plan, hash, permit, mut about, mut saw, held, watch } = allowed;
        let pointed = plan.record;
        if hash != confirmed || (plan.goes.is_empty() && plan.persons.iter().all(|one| one.classes.is_empty())) {
            let version = self.store.head(&asked.tenant, &pointed).map_err(failed)?.map_or(0, |head| head.version);
            return Err(No::Conflict { version });
        }
        let id = new_record_id(acting.now)?;
        let watch = watch.filter(|_| self.goes_in_portions(&plan));
        let in_portions = watch.is_some();
        if in_portions {
            // So that neither the entry nor what follows from it at once grows with what there is of the persons.
            let listed = |one: PlannedRecords| if one.why == Why::Key { one.without_list() } else { one };
            plan.goes = plan.goes.into_iter().map(listed).collect();
            plan.stays = plan.stays.into_iter().map(PlannedRecords::without_list).collect();
            about.records.retain(|(record, _)| *record == pointed);
            saw = Vec::new();
        }
        let mut files = Vec::new();
        for (record, _) in plan.goes.iter().flat_map(|one| &one.records) {
            let of = self.store.files_of_record(&asked.tenant, record).map_err(failed)?;
            files.extend(of.iter().flat_map(storage::StoredFile::files));
        }
        // Many of many persons: what was done since the permit was given may have taken longer than it is good for.
        let (acting, permit) = match plan.figures {
            None => (acting, permit),
            Some(_) => {
                let (acting, permit, rests_on) = self.permit_to_leave(asked, kind, &held).await?;
                about.rests_on.extend(
                    rests_on
                        .into_iter()
                        .filter(|(record, _)| saw.binary_search_by_key(record, |(one, _)| *one).is_err()),
                );
                about.rests_on.sort_unstable();
                about.rests_on.dedup();
                (acting, permit)
            }
        };
        let order = Order {
            plan,
            plan_hash: hash,
            by: asked.actor,
            role: acting.role.clone(),
            purpose: asked.purpose.clone(),
            agreement: permit.agreement(),
            clause: permit.clause().clone(),
            files,
            in_portions,
        };
        // Writing to a Vec cannot fail.
        let plan = minicbor::to_vec(&order).unwrap_or_default();
        let erase = Erase { plan, in_portions, ..what_goes(id, &order.plan) };
        let figures = order.plan.figures.as_ref().map(|figures| KeptFigures {
            id,
            tenant: asked.tenant,
            kind: order.plan.kind.clone(),
            made: permit.instant(),
            figures: figures.bytes(),
        });
        match self.store.erase(permit, about, Erasing { erase, saw, watch, figures }).await {
            Ok(_) => {}
            Err(CommitError::Stale | CommitError::NotInForce) => {
                let head = self.store.head(&asked.tenant, &pointed).map_err(failed)?;
                return Err(No::Conflict { version: head.map_or(0, |head| head.version) });
            }
            Err(error) => return Err(unavailable(&error)),
        }
        // From here on it is done, whether whoever asked is still there or not; what follows finishes and certifies it.
        for goes in &order.plan.persons {
            self.tell_erased(&goes.person);
        }
        if in_portions {
            // The keys are gone, and copies of them need not wait for the rows.
            self.hurry();
        }
        let stored = self.store.erasures(&asked.tenant).map_err(failed)?;
        if let Some(stored) = stored.into_iter().find(|one| one.id == id) {
            self.finish(&stored).await?;
        }
        Ok(id)
    }

    /// Finishes what was begun and has no certificate yet: after a start, and once in a while for whoever went away in the
    /// middle. Gives how many were finished.
    ///
    /// # Errors
    /// The world's; what could not be finished is tried again.
    pub async fn finish_erasures(&self) -> Result<usize, No> {
        let unfinished = self.store.unfinished_erasures().map_err(failed)?;
        // One that cannot be finished keeps no other customer's from being.
        let mut failed = None;
        for stored in &unfinished {
            if let Err(no) = self.finish(stored).await {
                failed.get_or_insert(no);
            }
        }
        failed.map_or(Ok(unfinished.len()), Err)
    }

    /// Takes out of the files what was deleted from them, counts what is left, and writes the certificate. If we die anywhere in
    /// here, the next start begins at the top: each step can be done again.
    async fn finish(&self, stored: &StoredErasure) -> Result<(), No> {
        let tenant = stored.tenant;
        let order: Order = minicbor::decode(&stored.plan)
            .map_err(|error| No::Unavailable(format!("the plan of erasure {} does not read: {error}", stored.id)))?;
        if order.in_portions {
            self.take_away(stored, &order).await?;
        }
        let _turn = self.finishing.lock().await;
        let certified = |one: &StoredErasure| one.id == stored.id && one.certificate.is_some();
        if self.store.erasures(&tenant).map_err(failed)?.iter().any(certified) {
            return Ok(());
        }
        let leaving = self.store.leaving(&tenant, &stored.id).map_err(failed)?;
        let erase = what_goes(stored.id, &order.plan);
        let of: Vec<RecordId> = order.plan.goes.iter().flat_map(|one| one.records.iter().map(|(id, _)| *id)).collect();
        let waiting = leaving.iter().flat_map(|one| &one.waiting);
        for file in order.files.iter().chain(waiting) {
            self.destroy_file(file)?;
        }
        let files = order.files.len() as u64 + leaving.as_ref().map_or(0, |one| one.files);
        let left = self.store.clear(&tenant, &erase, &of).await.map_err(failed)?;
        if !left.nothing() {
            tracing::error!(erasure = %stored.id, ?left, "something is left of what was erased; no certificate is written");
            return Err(No::Unavailable("something is left of what was erased; it is tried again".to_owned()));
        }
        let completed = order.happened("erasure-completed", order.plan.count_going() as u64);
        let book = self.book();
        let agreement = book.by_hash(&order.agreement);
        let number = |clause: &ClauseId| agreement.map_or_else(String::new, |one| one.number(clause).to_owned());
        let certificate = Certificate {
            id: stored.id,
            erased: stored.time,
            completed: self.store.now(),
            entry: stored.entry,
            by: order.by,
            role: order.role.clone(),
            purpose: order.purpose,
            agreement: order.agreement,
            version: agreement.map_or_else(String::new, |one| one.version().to_owned()),
            number: number(&order.clause),
            clause: order.clause.clone(),
            plan_hash: order.plan_hash,
            left: Counted {
                records: left.records,
                versions: left.versions,
                tokens: left.tokens,
                accounts: left.accounts,
                sessions: left.sessions,
                keys: left.keys,
                names: left.names,
                files: left.files,
                rows: left.rows,
                restrictions: left.restrictions,
            },
            files,
            backups: agreement.map_or(Kept::Silent, |one| kept(one, "backup")),
            logs: agreement.map_or(Kept::Silent, |one| logs_kept(one, self.store.now())),
            plan: order.plan,
        };
        let mut detail = completed;
        let persons: Vec<PersonId> = certificate.plan.persons.iter().map(|one| one.person).collect();
        let _lists = detail.name(few(&persons), Vec::new());
        let op = HouseOp::CompleteErasure { id: stored.id, certificate: certificate.bytes() };
        self.store.event(tenant, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        self.hurry();
        Ok(())
    }

    /// Destroys a file of who was erased. Its key lies under the person's, and is gone with it; a file that is gone already is no
    /// error. An installation that was started without its room for files cannot say that it is: it is tried again when the room is
    /// there.
    fn destroy_file(&self, file: &FileId) -> Result<(), No> {
        let place = self.files().ok_or_else(crate::waiting::no_room)?;
        place.destroy(file).map_err(|error| No::Unavailable(format!("a file could not be destroyed: {error}")))
    }

    /// It is done whether that was heard or not, and it is asked for again every minute.
    fn hurry(&self) {
        if let Err(no) = self.hurry_rotation() {
            tracing::warn!(?no, "whether a rotation of keys is to be made at once could not be found out");
        }
    }

    /// Takes away the rows of those whose keys are destroyed, portion by portion, and destroys their files first. Each portion is an
    /// entry that lists its records. If we die anywhere in here, the next call goes on with what is left. Where the place of files is
    /// away, the rows do not wait for it: nobody could make a snapshot meanwhile, of any customer. Which files are left is kept.
    async fn take_away(&self, stored: &StoredErasure, order: &Order) -> Result<(), No> {
        let tenant = stored.tenant;
        let mut after = None;
        let mut away = false;
        loop {
            let _turn = self.taking_away.lock().await;
            let next = self.store.next_portion(&tenant, &stored.id, after).map_err(failed)?;
            let Some(Portion { person, records, files }) = next else { return Ok(()) };
            let mut waiting = Vec::new();
            for file in &files {
                // Once it is away it is not asked for each of the rest: that may take as long as it is waited for.
                if !away && let Err(no) = self.destroy_file(file) {
                    tracing::warn!(erasure = %stored.id, ?no, "files of who was erased wait for their place; the rows go");
                    away = true;
                }
                if away {
                    waiting.push(*file);
                }
            }
            after = records.last().map(|last| (person, *last));
            let detail = order.happened("erasure-portion", records.len() as u64);
            let portion = ErasePortion { id: stored.id, records, files: files.len() as u64, waiting };
            let left = self.store.erase_portion(tenant, detail, person, portion).await;
            let left = left.map_err(|error| unavailable(&error))?;
            if !left.nothing() {
                tracing::error!(erasure = %stored.id, ?left, "something is left of a portion of what was erased");
                return Err(No::Unavailable("something is left of what was erased; it is tried again".to_owned()));
            }
        }
    }

    /// Plans, and asks the agreement for each group of data subjects that the plan touches. A refusal is entered.
    pub(crate) async fn may_erase<'a>(
        &'a self,
        acting: Acting<'a>,
        kind: &KindName,
        record: RecordId,
    ) -> Result<Allowed<'a>, No> {
        let asked = acting.asked;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Record(record))?;
        let asked_about = self.own(&acting, About { rests_on: rests_on.clone(), ..record_about(record) })?;
        let act = acting.act(Verb::Erase, &kind.subject, kind.categories(), Extent::AsPermitted, facts.clone());
        let permit = match acting.decide(act) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &kind.categories(), about: asked_about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        // From before anything of it is read.
        let watch = self.store.watch(asked.tenant);
        let single = self.store.reached(&asked.tenant, &[], &[record]).map_err(failed)?;
        let Some(pointed) = single.iter().find(|one| one.record == record && one.kind == kind.name).cloned() else {
            // Nothing is erased, and that it was tried is entered.
            drop(self.enter(permit, asked_about).await?);
            return Err(No::Missing);
        };
        let reached = if whole(kind) {
            self.store.reached(&asked.tenant, &[pointed.person], &[]).map_err(failed)?
        } else {
            single
        };
        let plan = self.planned(&acting, kinds, kind, &pointed, &reached)?;
        let mut permit = None;
        let held = self.held_categories(&asked.tenant, kinds, kind, &plan)?;
        for (subject, categories) in &held {
            let act = acting.act(Verb::Erase, subject, categories.clone(), Extent::Exactly, facts.clone());
            match acting.decide(act) {
                // The entry is of the data subjects that were asked for; the others were asked in the same moment.
                Ok(one) if *subject == kind.subject => permit = Some(one),
                Ok(_) => {}
                Err(refusal) => {
                    let of = RefusedAct { categories, about: asked_about };
                    return Err(self.refused(&acting, Some(kind), &of, refusal).await);
                }
            }
        }
        let permit = permit.ok_or(No::Missing)?;
        let going = plan.goes.iter().flat_map(|one| one.records.iter().copied());
        let mut about = About { kind: Some(kind.name.clone()), records: going.collect(), rests_on, ..About::default() };
        about.records.sort_unstable();
        let whose = reached.iter().filter(|one| about.records.binary_search(&(one.record, one.version)).is_ok());
        about.persons = whose.map(|one| one.person).chain(plan.persons.iter().map(|one| one.person)).collect();
        about.persons.sort_unstable();
        about.persons.dedup();
        let saw: Vec<_> = reached.iter().map(|one| (one.record, one.version)).collect();
        let all = reached.iter().map(|one| one.person).chain(about.persons.iter().copied());
        watch.saw(all.collect(), saw.clone());
        let hash = plan_hash(&plan);
        Ok(Allowed { acting, kind, plan, hash, permit, about, saw, held, watch: Some(watch) })
    }

    pub(crate) fn planned(
        &self,
        acting: &Acting<'_>,
        kinds: &service::Kinds,
        kind: &Kind,
        pointed: &Reached,
        reached: &[Reached],
    ) -> Result<ErasurePlan, No> {
        let tenant = &acting.asked.tenant;
        let ids: BTreeSet<RecordId> = reached.iter().map(|one| one.record).collect();
        let persons: BTreeSet<PersonId> = reached.iter().map(|one| one.person).collect();
        let own = |one: &Reached| kinds.kind(&one.kind).is_some_and(|kind| kind.of == Of::Itself);
        let candidates: BTreeSet<PersonId> = reached.iter().filter(|one| own(one)).map(|one| one.person).collect();
        let (mut elsewhere, mut accounts) = (BTreeSet::new(), BTreeSet::new());
        let mut classes = BTreeMap::new();
        for person in &candidates {
            let account = self.store.account(person).map_err(failed)?.is_some_and(|account| account.home == *tenant);
            if account {
                accounts.insert(*person);
            }
            if *person != pointed.person {
                let all = self.store.reached(tenant, &[*person], &[]).map_err(failed)?;
                if account || all.iter().any(|one| one.person == *person && !ids.contains(&one.record)) {
                    elsewhere.insert(*person);
                }
            }
            classes.insert(*person, self.store.key_classes(tenant, person).map_err(failed)?);
        }
        let against = persons
            .iter()
            .filter_map(|person| self.store.restriction(tenant, person, acting.now))
            .filter_map(|one| restricted(&one).map(Against::Restricted))
            .collect();
        let mut plan = plan(Basis {
            kinds,
            kind,
            record: pointed,
            reached,
            elsewhere: &elsewhere,
            classes: &classes,
            accounts: &accounts,
            against,
        });
        let going: BTreeSet<RecordId> =
            plan.goes.iter().flat_map(|one| one.records.iter().map(|(record, _)| *record)).collect();
        let going: Vec<Reached> = reached.iter().filter(|one| going.contains(&one.record)).cloned().collect();
        let persons: Vec<PersonId> = plan.persons.iter().map(|one| one.person).collect();
        plan.against.extend(self.standing(acting.asked, &persons, &going, acting.now)?.into_iter().map(Against::Held));
        Ok(plan)
    }

    /// The categories that the records which go really hold, by data subjects: nobody needs a rule for what is not there.
    pub(crate) fn held_categories(
        &self,
        tenant: &TenantId,
        kinds: &service::Kinds,
        kind: &Kind,
        plan: &ErasurePlan,
    ) -> Result<BTreeMap<SubjectCategory, Vec<Category>>, No> {
        let mut by_subject: BTreeMap<SubjectCategory, BTreeSet<Category>> = BTreeMap::new();
        by_subject.entry(kind.subject.clone()).or_default();
        for planned in &plan.goes {
            let held = by_subject.entry(planned.subject.clone()).or_default();
            for (record, _) in &planned.records {
                let Some(found) = self.store.record(tenant, record).map_err(failed)? else { continue };
                held.extend(Vault::holds(&found.sealed).map_err(closed)?.into_iter().map(|(_, category)| category));
            }
            if held.is_empty() {
                held.extend(kinds.kind(&planned.kind).into_iter().flat_map(Kind::categories));
            }
        }
        let whole = |(subject, held): (SubjectCategory, BTreeSet<Category>)| {
            let held = if held.is_empty() { kind.categories() } else { held.into_iter().collect() };
            (subject, held)
        };
        Ok(by_subject.into_iter().map(whole).collect())
    }
}

/// What the store is told to erase.
fn what_goes(id: RecordId, plan: &ErasurePlan) -> Erase {
    let persons = plan.persons.iter().filter(|one| !one.classes.is_empty());
    let singles = plan.goes.iter().filter(|one| one.why == Why::Deleted);
    Erase {
        id,
        persons: persons.map(|one| PersonGoes { person: one.person, classes: one.classes.clone() }).collect(),
        records: singles.flat_map(|one| one.records.iter().map(|(record, _)| *record)).collect(),
        plan: Vec::new(),
        in_portions: false,
    }
}

/// At a start: destroys again whatever key of an erased person is back, which an older file of keys brings where the state was made anew.
pub(crate) fn destroy_again(store: &Store) -> Result<(), StoreError> {
    for tenant in store.tenants()? {
        for stored in store.erasures(&tenant.id)? {
            let Ok(order) = minicbor::decode::<Order>(&stored.plan) else {
                tracing::error!(erasure = %stored.id, "the plan of an erasure does not read: whether its keys are gone is not known");
                continue;
            };
            let keys = store.destroy_again(&tenant.id, &what_goes(stored.id, &order.plan))?;
            if keys > 0 {
                tracing::error!(erasure = %stored.id, keys, "keys of who was erased were there again; they are destroyed again");
            }
        }
    }
    Ok(())
}

/// The agreement that governed an erasure, certified or not.
pub(crate) fn governed_by(stored: &StoredErasure) -> Option<AgreementHash> {
    minicbor::decode::<Order>(&stored.plan).ok().map(|order| order.agreement)
}

/// Which import an erasure undid, and how many records went with it.
pub(crate) fn undid(stored: &StoredErasure) -> Option<(RecordId, u64)> {
    let order: Order = minicbor::decode(&stored.plan).ok()?;
    Some((order.plan.import?, order.plan.count_going() as u64))
}

/// As many as a detail names itself: an event carries no list beside it.
pub(crate) fn few(persons: &[PersonId]) -> Vec<PersonId> {
    persons.iter().take(journal::FEW).copied().collect()
}

pub(crate) fn happened(event: &str, acting: &Acting<'_>, kind: &Kind, clause: &ClauseId) -> Detail {
    Detail {
        outcome: Outcome::Happened,
        event: Some(event.to_owned()),
        actor: Some(acting.asked.actor),
        role: Some(acting.role.clone()),
        agreement: Some(acting.agreement.hash()),
        clause: Some(clause.clone()),
        kind: Some(kind.name.clone()),
        subject: Some(kind.subject.clone()),
        ..Detail::default()
    }
}

/// A restriction as it is shown. One of a ground that this program does not know is of an older one, and holds all the same.
pub(crate) fn restricted(one: &Restriction) -> Option<Restricted> {
    let why = Ground::of(&one.of.why).unwrap_or(Ground::AccuracyContested);
    let Restriction { of, since } = one.clone();
    Some(Restricted { person: of.person, by: of.by, since, why, until: of.until, clause: of.clause })
}

/// That something is restricted: the clause under which it was stands against it.
pub(crate) fn restricted_refusal(agreement: &Agreement, act: &agreement::Act, clause: &ClauseId) -> Refusal {
    let mut refusal = agreement.refuse(act, Reason::Restricted);
    refusal.number = agreement.number(clause).to_owned();
    refusal.clause = clause.clone();
    refusal
}

/// What stands against an erasure, as the refusal of it.
pub(crate) fn against_refusal(agreement: &Agreement, act: &agreement::Act, against: &Against) -> Refusal {
    match against {
        Against::Restricted(restricted) => restricted_refusal(agreement, act, &restricted.clause),
        Against::Held(held) => {
            let mut refusal = agreement.refuse(act, Reason::Held);
            refusal.number.clone_from(&held.number);
            refusal.clause = held.clause.clone();
            refusal
        }
        Against::TooFew(few) => {
            let mut refusal = agreement.refuse(act, Reason::TooFew);
            refusal.number.clone_from(&few.number);
            refusal.clause = few.clause.clone();
            refusal
        }
    }
}

/// How long something is kept by the agreement.
fn kept(agreement: &Agreement, block: &'static str) -> Kept {
    let Some(term) = agreement.terms_of(block).next() else { return Kept::Silent };
    let clause = term.clause_of("keep").clone();
    let number = agreement.number(&clause).to_owned();
    match term.value("keep") {
        Some(Value::Period(period)) => {
            let label = period.label();
            Kept::For { sv: label.sv, en: label.en, clause, number }
        }
        _ => Kept::NotFound { clause, number },
    }
}

/// How long the log is kept by the agreement, while it runs.
fn logs_kept(agreement: &Agreement, now: Instant) -> Kept {
    let number = |clause: &ClauseId| agreement.number(clause).to_owned();
    match agreement.log_kept(now) {
        LogKept::Silent => Kept::Silent,
        LogKept::NotFound { clause } => Kept::NotFound { number: number(&clause), clause },
        LogKept::Stays { keep, clause } | LogKept::For { keep, clause, .. } => {
            Kept::For { sv: keep.sv, en: keep.en, number: number(&clause), clause }
        }
    }
}
