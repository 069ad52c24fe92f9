//! Anonymising (recital 26): records of many persons are erased in one act, as every erasure is planned, entered, done and certified,
//! and figures stay beside it. Who may, the verb `anonymise` of a rule says; of what figures may be, and of how many persons each at
//! least, `[anonymising.*]`; by what is counted, the kind.
//!
//! Nothing is made of one person alone, and nothing beside the erasure that somebody asks for: what stayed of one would lead back by
//! its place in the log. Not here: which groups are large enough (`service::large_enough`), and the erasing (`erase.rs`).

use std::collections::{BTreeMap, BTreeSet};

use agreement::{Permit, Term};
use journal::{Detail, Outcome};
use service::{
    Against, AnonymisingPlan, Asked, ErasurePlan, Figures, FiguresKept, FiguresOf, GroupCounted, Kind, No,
    PlannedRecords, ToAnonymise, TooFew, large_enough,
};
use storage::{About, Find, HouseRow, KeptFigures, Reached, RowKind, StoredRecord};
use terms::{
    Category, ClauseId, Extent, FieldName, Hash, Instant, KindName, PersonId, Reason, RecordHead, RecordId, Refusal,
    Render, SubjectCategory, Verb,
};

use crate::Processing;
use crate::acting::Acting;
use crate::erase::{Allowed, against_refusal, plan_hash};
use crate::erasure_plan::whole;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed, unavailable};
use crate::together::Together;

/// Fewer than two persons are one person, whatever a text says.
const LEAST: u64 = 2;
/// Under which index key of a customer's the hash of a plan is made. No kind and field have one of that form.
const PLANS: &str = "anonymising:plan";

impl Processing {
    /// What anonymising would do: how many records go, and by what they are counted. Nothing is erased; that it was counted is an
    /// entry, as an act of the same verb. The hash binds the figures too, which are shown after the act alone.
    pub(crate) async fn plan_of_anonymising(
        &self,
        asked: &Asked,
        kind: &KindName,
        before: Instant,
    ) -> Result<(AnonymisingPlan, Hash), No> {
        let Allowed { plan, hash, .. } = self.may_anonymise(asked, kind, before).await?;
        let ErasurePlan { kind, goes, stays, against, figures, .. } = plan;
        let Figures { rule, clause, number, at_least, before, by, .. } = figures.ok_or(No::Missing)?;
        let totals = |all: Vec<PlannedRecords>| all.into_iter().map(PlannedRecords::without_list).collect();
        let (goes, stays) = (totals(goes), totals(stays));
        Ok((AnonymisingPlan { kind, before, goes, stays, against, rule, clause, number, at_least, by }, hash))
    }

    /// Anonymises as planned; gives the id of the certificate.
    pub(crate) async fn anonymise_as_planned(&self, asked: &Asked, to: ToAnonymise<'_>) -> Result<RecordId, No> {
        let allowed = self.may_anonymise(asked, to.kind, to.before).await?;
        if let Some(against) = allowed.plan.against.first() {
            let refusal = against_refusal(&allowed.acting.agreement, allowed.permit.act(), against);
            let Allowed { acting, kind, permit, about, .. } = allowed;
            let of = RefusedAct { categories: permit.granted(), about };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        }
        self.carry_out(asked, allowed, to.plan).await
    }

    /// The figures that stayed, newest first, as far as the agreement shows them to this person for this purpose.
    pub(crate) async fn figures_known(&self, asked: &Asked) -> Result<Vec<FiguresKept>, No> {
        let acting = self.acting(asked)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let rules: Vec<&Term> = acting.agreement.terms_of("anonymising").collect();
        let shown = shown_to(&acting);
        let Some(first) = shown.first() else {
            let kind = kinds.kinds.iter().find(|kind| kind.figures.is_some()).ok_or(No::Missing)?;
            let act =
                acting.act(Verb::Anonymise, &kind.subject, kind.categories(), Extent::AsPermitted, Default::default());
            let mut refusal = acting.barred(&act).unwrap_or_else(|| acting.agreement.refuse(&act, Reason::NoRule));
            if let Some(term) = rules.first().filter(|_| refusal.reason == Reason::NoRule) {
                by_clause(&mut refusal, &acting, term.clause_of("shown-to"));
            }
            let of = RefusedAct { categories: &kind.categories(), about: About::default() };
            return Err(self.refused(&acting, Some(kind), &of, refusal).await);
        };
        let names: BTreeSet<String> = shown.iter().map(|term| term.name()).collect();
        let mut all: Vec<FiguresKept> = self
            .store
            .rows(RowKind::Figures, &asked.tenant)
            .map_err(failed)?
            .into_iter()
            .filter_map(|row| match row {
                HouseRow::Figures(KeptFigures { id, kind, made, figures, .. }) => {
                    Some(FiguresKept { id, kind, made, figures: Figures::read(&figures)? })
                }
                _ => None,
            })
            .filter(|one| names.contains(&one.figures.rule))
            .collect();
        all.sort_by_key(|one| core::cmp::Reverse((one.made, one.id)));
        let detail = Detail {
            outcome: Outcome::Happened,
            event: Some("figures-read".to_owned()),
            actor: Some(asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            clause: Some(first.clause_of("shown-to").clone()),
            count: Some(all.len() as u64),
            ..Detail::default()
        };
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(all)
    }

    /// Finds, counts and plans. A refusal is entered.
    async fn may_anonymise<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &KindName,
        before: Instant,
    ) -> Result<Allowed<'a>, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let of = kind.figures.as_ref().ok_or(No::Missing)?;
        let (permit, mut rests_on) = self.asks_to_anonymise(&acting, kind, kind.categories(), None).await?;
        let rule = match rule_of(&acting, kind, of, &permit) {
            Ok(rule) => rule,
            Err(refusal) => {
                let of = RefusedAct { categories: permit.granted(), about: About { rests_on, ..About::default() } };
                return Err(self.refused(&acting, Some(kind), &of, *refusal).await);
            }
        };
        drop(permit);
        let (found, reaches) = self.to_be_anonymised(&acting, kind, of, before)?;
        let mut together = Together::default();
        let mut saw: BTreeMap<RecordId, u64> = BTreeMap::new();
        let mut persons: BTreeSet<PersonId> = BTreeSet::new();
        for (one, reached) in found.iter().zip(&reaches) {
            together.add(self.planned(&acting, kinds, kind, &Reached::of(one), reached)?);
            persons.extend(reached.iter().map(|one| one.person));
            saw.extend(reached.iter().map(|one| (one.record, one.version)));
        }
        let mut plan = together.into_plan(kinds, nothing_yet(kind, asked.actor));
        // A permit is good for seconds, and planning for some thousands takes longer: each is asked for when it is used.
        let figures = self.count(&self.acting(asked)?, kind, of, &rule, &found, before).await?;
        let held = self.held_categories(&asked.tenant, kinds, kind, &plan)?;
        let whose: BTreeSet<PersonId> = found.iter().map(|one| one.person).collect();
        if (whose.len() as u64) < rule.at_least && !found.is_empty() {
            let few = TooFew {
                persons: whose.len() as u64,
                at_least: rule.at_least,
                clause: rule.clause.clone(),
                number: rule.number.clone(),
            };
            plan.against.push(Against::TooFew(few));
        }
        plan.figures = Some(figures);
        // Whoever knows the rest of a plan could else try figures until the hash is the one that was shown.
        let hash = self.vault.token(&asked.tenant, PLANS, &plan_hash(&plan).to_string()).map(Hash).map_err(closed)?;
        let (acting, permit, rests) = self.permit_to_leave(asked, kind, &held).await?;
        rests_on.extend(rests);
        rests_on.sort_unstable();
        rests_on.dedup();
        rests_on.retain(|(record, _)| !saw.contains_key(record));
        let mut about = About { kind: Some(kind.name.clone()), rests_on, ..About::default() };
        about.records = plan.goes.iter().flat_map(|one| one.records.iter().copied()).collect();
        persons.extend(plan.persons.iter().map(|one| one.person));
        about.persons = persons.into_iter().collect();
        Ok(Allowed { acting, kind, plan, hash, permit, about, saw: saw.into_iter().collect(), held, watch: None })
    }

    /// Asks the agreement, group by group of data subjects, for what really lies there, as for every erasure; gives the permit of the
    /// kind's own, as of now. A refusal is entered.
    pub(crate) async fn permit_to_leave<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &Kind,
        held: &BTreeMap<SubjectCategory, Vec<Category>>,
    ) -> Result<(Acting<'a>, Permit, Vec<(RecordId, u64)>), No> {
        let acting = self.acting(asked)?;
        let (mut leave, mut rests_on) = (None, Vec::new());
        for (subject, categories) in held {
            let of_subject = Some((subject, Extent::Exactly));
            let (permit, rests) = self.asks_to_anonymise(&acting, kind, categories.clone(), of_subject).await?;
            rests_on.extend(rests);
            if *subject == kind.subject {
                leave = Some(permit);
            }
        }
        Ok((acting, leave.ok_or(No::Missing)?, rests_on))
    }

    /// Asks the agreement; a refusal is entered. Without a group of data subjects: of the kind's own, as far as permitted. It is asked
    /// of all records of the kind: whoever may only with some of them, or with those who consented, may not.
    async fn asks_to_anonymise(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        categories: Vec<Category>,
        of: Option<(&terms::SubjectCategory, Extent)>,
    ) -> Result<(Permit, Vec<(RecordId, u64)>), No> {
        let Gathered { facts, rests_on } = self.facts(acting, Scope::All)?;
        let (subject, extent) = of.unwrap_or((&kind.subject, Extent::AsPermitted));
        match acting.decide(acting.act(Verb::Anonymise, subject, categories.clone(), extent, facts)) {
            Ok(permit) => Ok((permit, rests_on)),
            Err(refusal) => {
                let about = About { rests_on, ..About::default() };
                Err(self.refused(acting, Some(kind), &RefusedAct { categories: &categories, about }, refusal).await)
            }
        }
    }

    /// The records that go, each with all that it reaches: of the kind, written last before that, in the state that the kind names. A
    /// record stays out of it where anything that would go with it is restricted, held or set aside.
    fn to_be_anonymised(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        of: &FiguresOf,
        before: Instant,
    ) -> Result<(Vec<StoredRecord>, Vec<Vec<Reached>>), No> {
        let tenant = &acting.asked.tenant;
        let limit = self.most_anonymised.saturating_add(1);
        let mut all: Vec<StoredRecord> = Vec::new();
        let mut after = None;
        loop {
            let find = Find { kind: kind.name.clone(), parent: None, state: of.state.clone(), after, limit };
            let part = self.store.find(tenant, &find).map_err(failed)?;
            let whole_part = part.len() == limit;
            after = part.last().map(|one| one.record);
            all.extend(part.into_iter().filter(|one| one.written < before));
            if !whole_part || all.len() >= limit {
                break;
            }
        }
        // Before any is left out: of what was not looked at, nobody knows that it stays out.
        if all.len() > self.most_anonymised {
            return Err(No::Unavailable(format!(
                "more than {} records would be anonymised together; choose an earlier day, and go on from there",
                self.most_anonymised
            )));
        }
        let holds = !self.store.holds(tenant, acting.now).is_empty();
        let (mut going, mut reaches) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        for one in all {
            let persons = if whole(kind) { vec![one.person] } else { Vec::new() };
            let records = if whole(kind) { Vec::new() } else { vec![one.record] };
            let reached = self.store.reached(tenant, &persons, &records).map_err(failed)?;
            let free = |met: &Reached| self.is_free(acting, &met.person, Some(&met.record));
            let stays_out = !self.is_free(acting, &one.person, Some(&one.record))
                || !reached.iter().all(free)
                || holds && !self.store.held(tenant, &[one.person], &reached, acting.now).map_err(failed)?.is_empty();
            if !stays_out {
                going.push(one);
                reaches.push(reached);
            }
        }
        Ok((going, reaches))
    }

    /// Opens, of the records that go, the fields that are counted by and no others, and counts. It shows nothing of them.
    async fn count(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        of: &FiguresOf,
        rule: &Rule,
        found: &[StoredRecord],
        before: Instant,
    ) -> Result<Figures, No> {
        let fields: Vec<FieldName> = of.by.iter().map(|one| one.field.clone()).collect();
        let mut categories: Vec<Category> =
            fields.iter().filter_map(|name| kind.field(name.as_str())).map(|field| field.category.clone()).collect();
        categories.sort();
        categories.dedup();
        let of_subject = Some((&kind.subject, Extent::Exactly));
        let (permit, rests_on) = self.asks_to_anonymise(acting, kind, categories, of_subject).await?;
        let mut persons: Vec<PersonId> = found.iter().map(|one| one.person).collect();
        persons.sort_unstable();
        persons.dedup();
        let records = found.iter().map(|one| (one.record, one.version)).collect();
        let about = About { kind: Some(kind.name.clone()), fields: fields.clone(), persons, records, rests_on };
        // INVARIANT (entry before effect): that these fields are opened is durable before they are.
        let granted = self.enter(permit, about).await?;
        let opened = self.vault.open_to_count(granted, found, &fields.iter().collect::<Vec<_>>()).map_err(closed)?;
        let asked_by = acting.asked.actor;
        let mut counting = Counting { of, whose: asked_by, values: Vec::new(), groups: BTreeMap::new() };
        opened.render(&mut counting);
        let (groups, small, small_records) = large_enough(counting.groups, rule.at_least);
        Ok(Figures {
            rule: rule.name.clone(),
            clause: rule.clause.clone(),
            number: rule.number.clone(),
            at_least: rule.at_least,
            before,
            by: fields,
            groups,
            small,
            small_records,
            withheld: false,
        })
    }
}

/// The rules whose figures the agreement shows to whoever asks, for the purpose that is asked for.
pub(crate) fn shown_to<'a>(acting: &'a Acting<'_>) -> Vec<&'a Term> {
    let shown = |term: &&Term| {
        term.words("shown-to").iter().any(|role| role == acting.role.as_str())
            && term.text("for") == Some(acting.asked.purpose.as_str())
    };
    acting.agreement.terms_of("anonymising").filter(|_| !acting.ended && !acting.not_yet).filter(shown).collect()
}

/// What the agreement says of figures of a kind.
struct Rule {
    name: String,
    at_least: u64,
    clause: ClauseId,
    number: String,
}

/// The rule that a kind's figures go by. Without it, or where it lets what is counted by be no part of figures, that is a refusal.
fn rule_of(acting: &Acting<'_>, kind: &Kind, of: &FiguresOf, permit: &Permit) -> Result<Rule, Box<Refusal>> {
    let no = |clause: Option<&ClauseId>| {
        let mut refusal = acting.agreement.refuse(permit.act(), Reason::NoRule);
        if let Some(clause) = clause {
            by_clause(&mut refusal, acting, clause);
        }
        Box::new(refusal)
    };
    let term = acting.agreement.terms_of("anonymising").find(|term| term.id == of.rule).ok_or_else(|| no(None))?;
    let may_be_counted = |field: &FieldName| {
        let category = kind.field(field.as_str()).map(|field| field.category.as_str());
        category.is_some_and(|category| term.words("categories").iter().any(|one| one == category))
    };
    if !of.by.iter().all(|one| may_be_counted(&one.field)) {
        return Err(no(Some(term.clause_of("categories"))));
    }
    let clause = term.clause_of("persons-at-least");
    match term.count("persons-at-least") {
        Some(at_least) if at_least >= LEAST => Ok(Rule {
            name: term.name(),
            at_least,
            clause: clause.clone(),
            number: acting.agreement.number(clause).to_owned(),
        }),
        _ => Err(no(Some(clause))),
    }
}

fn by_clause(refusal: &mut Refusal, acting: &Acting<'_>, clause: &ClauseId) {
    refusal.number = acting.agreement.number(clause).to_owned();
    refusal.clause = clause.clone();
}

/// A plan of which nobody was pointed at, before anything is in it.
fn nothing_yet(kind: &Kind, by: PersonId) -> ErasurePlan {
    ErasurePlan {
        kind: kind.name.clone(),
        record: RecordId([0; 16]),
        person: by,
        whole: whole(kind),
        persons: Vec::new(),
        goes: Vec::new(),
        stays: Vec::new(),
        against: Vec::new(),
        import: None,
        figures: None,
    }
}

/// Counts what is opened. Values are kept coarse, and no longer than it takes to find their group.
struct Counting<'a> {
    of: &'a FiguresOf,
    /// Whose the record is that is being rendered.
    whose: PersonId,
    values: Vec<String>,
    groups: BTreeMap<Vec<String>, GroupCounted>,
}

impl Render for Counting<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.whose = head.person;
        self.values = vec![String::new(); self.of.by.len()];
    }

    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        for (place, by) in self.of.by.iter().enumerate().filter(|(_, by)| by.field == *name) {
            let coarse = match by.coarse {
                None => Some(value.to_owned()),
                Some(coarse) => coarse.of(value),
            };
            if let Some(own) = self.values.get_mut(place) {
                *own = coarse.unwrap_or_default();
            }
        }
    }

    fn withheld(&mut self, _: &Category, _: &ClauseId) {}

    fn end(&mut self) {
        let group = self.groups.entry(core::mem::take(&mut self.values)).or_default();
        group.records += 1;
        group.persons.insert(self.whose);
    }
}
