//! Legal holds (GDPR Art. 17(3)): placed and lifted by whom a rule of the agreement lets hold, shown to them and to whoever sees the
//! whole log. What is held is not erased, whoever asks: not by an erasure, not by undoing an import, not at the end of a period.
//!
//! Not here: what a hold covers (`storage::holding`), and what stands against an erasure (`erase.rs`, which asks for it).

use std::collections::BTreeSet;

use agreement::{Facts, Permit, Value as TermValue};
use journal::{Detail, Outcome};
use service::{Asked, Held, HeldEnd, HeldInFull, HeldScope, HoldGround, Kind, MAX_HOLD_WORDS, No, ToHold, ToHoldWhat};
use storage::{About, EndHold, Hold, HoldScope, HouseOp, Reached, StoredRecord};
use terms::{ClauseId, Extent, Instant, KindName, PersonId, Reason, RecordId, Refusal, TenantId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::certificates;
use crate::collect::new_record_id;
use crate::erase::few;
use crate::facts::Scope;
use crate::refuse::{RefusedAct, closed, failed, unavailable};

/// The events that tell of a hold.
const HOLD_EVENTS: [&str; 4] = ["holds-read", "hold-ended", "held-versions-gone", "erasure-waits"];

/// What the agreement lets a person hold.
struct MayHold {
    permit: Permit,
    about: About,
    scope: HoldScope,
}

/// The holds that a person may know of.
struct Readable {
    clause: ClauseId,
    /// The whole log is this person's to see, and with it all of them.
    log: bool,
    /// The kinds of which this person may hold every record, and whether that is all kinds.
    kinds: BTreeSet<KindName>,
    all: bool,
}

impl Processing {
    /// Places a hold, and gives its id.
    pub(crate) async fn place_hold(&self, asked: &Asked, to: ToHold<'_>) -> Result<RecordId, No> {
        let acting = self.acting(asked)?;
        let MayHold { permit, about, scope } = self.may_hold(&acting, to.what).await?;
        let until = match self.within_term(&acting, &permit, to.ground, to.until) {
            Ok(until) => until,
            Err(refusal) => {
                let of = RefusedAct { categories: permit.granted(), about };
                return Err(self.refused(&acting, self.kind_of(&acting, &scope), &of, *refusal).await);
            }
        };
        let words = to.words.filter(|words| !words.trim().is_empty());
        let too_long = words.as_ref().is_some_and(|words| words.chars().count() > MAX_HOLD_WORDS);
        if too_long || until.is_some_and(|until| until <= permit.instant()) {
            return Err(No::Invalid(Vec::new()));
        }
        let id = new_record_id(acting.now)?;
        let whose = scope.person().unwrap_or(asked.actor);
        let home = match scope.person() {
            Some(_) => asked.tenant,
            // The provider's own people have their keys at home.
            None => self.store.account(&asked.actor).map_err(failed)?.map_or(asked.tenant, |account| account.home),
        };
        let words = match words {
            Some(_) if home != asked.tenant => return Err(No::Invalid(Vec::new())),
            Some(words) => Some(self.vault.seal_words(&asked.tenant, whose, &id, words.trim()).map_err(closed)?),
            None => None,
        };
        let hold = Hold {
            id,
            tenant: asked.tenant,
            scope,
            by: asked.actor,
            clause: permit.clause().clone(),
            agreement: permit.agreement(),
            ground: to.ground.code().to_owned(),
            since: permit.instant(),
            until,
            untold: to.untold,
            words,
            ended: None,
        };
        self.store.hold(permit, about, hold).await.map_err(|error| unavailable(&error))?;
        Ok(id)
    }

    /// Lifts a hold.
    pub(crate) async fn lift_placed_hold(&self, asked: &Asked, id: RecordId) -> Result<(), No> {
        let acting = self.acting(asked)?;
        let found = self.hold_of(asked, id)?;
        let Some((hold, MayHold { permit, about, .. })) = self.may_hold_again(&acting, found.as_ref())? else {
            // Of one that it may know of it is told why it may not lift it; else whether there is one is not told.
            let readable = self.readable_holds(&acting).await?;
            let known = found.filter(|hold| readable.allows(asked, hold)).ok_or(No::Missing)?;
            drop(self.may_hold(&acting, pointed(&known.scope)).await?);
            return Err(No::Missing);
        };
        if !hold.stands(permit.instant()) {
            // Nothing is lifted, and that it was tried is entered.
            drop(self.enter(permit, about).await?);
            return Err(No::Missing);
        }
        let end = EndHold { id, by: Some(asked.actor), clause: permit.clause().clone() };
        self.store.end_hold(permit, about, end).await.map_err(|error| unavailable(&error))?;
        self.a_hold_ended();
        // It is lifted whether this succeeds or not; what could not go now goes within a minute.
        if let Err(no) = self.let_go_after_holds().await {
            tracing::warn!(?no, "what only a hold kept could not be let go; it is tried again in a minute");
        }
        Ok(())
    }

    /// The register: the customer's holds that this person may know of.
    pub(crate) async fn holds_known(&self, asked: &Asked) -> Result<Vec<Held>, No> {
        let acting = self.acting(asked)?;
        let readable = self.readable_holds(&acting).await?;
        self.enter_holds_read(&acting, &readable.clause, None).await?;
        let all = self.store.all_holds(&asked.tenant).map_err(failed)?;
        Ok(all.iter().filter(|hold| readable.allows(asked, hold)).map(|hold| self.held_as(hold)).collect())
    }

    /// One hold, with its words for whoever may hold what it covers. One that is not this person's to know and none are answered
    /// alike.
    pub(crate) async fn hold_in_full(&self, asked: &Asked, id: RecordId) -> Result<HeldInFull, No> {
        let acting = self.acting(asked)?;
        let found = self.hold_of(asked, id)?;
        let Some((hold, MayHold { permit, mut about, .. })) = self.may_hold_again(&acting, found.as_ref())? else {
            // Whoever may know of none is refused before it is told whether there is one.
            let readable = self.readable_holds(&acting).await?;
            // What is not read is not entered as read.
            let hold = found.filter(|hold| readable.allows(asked, hold)).ok_or(No::Missing)?;
            let held = self.held_as(&hold);
            self.enter_holds_read(&acting, &readable.clause, Some(&hold)).await?;
            return Ok(HeldInFull { held, words: None, withheld: hold.words.is_some() });
        };
        let held = self.held_as(hold);
        let Some(words) = &hold.words else {
            drop(self.enter(permit, about).await?);
            return Ok(HeldInFull { held, words: None, withheld: false });
        };
        if !about.persons.contains(&words.person) {
            about.persons.push(words.person);
        }
        let granted = self.enter(permit, about).await?;
        let words = self.vault.open_words(granted, &hold.id, words).map_err(closed)?;
        Ok(HeldInFull { held, words, withheld: false })
    }

    /// The holds that stand against erasing a record or its person.
    pub(crate) async fn holds_against(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
    ) -> Result<Vec<Held>, No> {
        let acting = self.acting(asked)?;
        let MayHold { permit, about, .. } = self.may_hold(&acting, ToHoldWhat::Record(kind, record)).await?;
        self.enter_holds_read_about(&acting, permit.clause(), &about).await?;
        let reached = self.store.reached(&asked.tenant, &about.persons, &[record]).map_err(failed)?;
        self.standing(asked, &about.persons, &reached, acting.now)
    }

    /// The holds that cover any of these, as they are shown.
    pub(crate) fn standing(
        &self,
        asked: &Asked,
        persons: &[PersonId],
        records: &[Reached],
        at: Instant,
    ) -> Result<Vec<Held>, No> {
        let holds = self.store.held(&asked.tenant, persons, records, at).map_err(failed)?;
        Ok(holds.iter().map(|hold| self.held_as(hold)).collect())
    }

    /// Whether any of this is covered by a hold of which the data subject must not know.
    pub(crate) fn is_held_untold(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[Reached],
        at: Instant,
    ) -> Result<bool, No> {
        if !self.store.holds(tenant, at).iter().any(|hold| hold.untold) {
            return Ok(false);
        }
        let holds = self.store.held(tenant, persons, records, at).map_err(failed)?;
        Ok(holds.iter().any(|hold| hold.untold))
    }

    /// Whether a hold covers a record: then what it says now is not lost when it is altered.
    pub(crate) fn is_held(&self, asked: &Asked, one: &StoredRecord) -> Result<bool, No> {
        let now = self.store.now();
        if self.store.holds(&asked.tenant, now).is_empty() {
            return Ok(false);
        }
        let held = self.store.held(&asked.tenant, &[], &[Reached::of(one)], now).map_err(failed)?;
        Ok(!held.is_empty())
    }

    /// Enters the end of every hold whose day has come, and gives how many. It stands against nothing from its day on; this says so
    /// in the log and in the register.
    ///
    /// # Errors
    /// The world's; what could not be entered is entered by the next call.
    pub async fn end_holds(&self) -> Result<usize, No> {
        let over = self.store.holds_over(self.store.now());
        for hold in &over {
            let mut detail = Detail {
                outcome: Outcome::Happened,
                event: Some("hold-ended".to_owned()),
                agreement: Some(hold.agreement),
                clause: Some(hold.clause.clone()),
                kind: pointed_kind(&hold.scope).cloned(),
                ..Detail::default()
            };
            let records = hold.scope.single().map(|record| (record, 0));
            let _lists = detail.name(hold.scope.person().into_iter().collect(), records.into_iter().collect());
            let end = EndHold { id: hold.id, by: None, clause: hold.clause.clone() };
            let entered = self.store.event(hold.tenant, detail, vec![HouseOp::EndHold(end)]).await;
            entered.map_err(|error| unavailable(&error))?;
            self.a_hold_ended();
        }
        Ok(over.len())
    }

    /// Decides; a refusal is entered.
    async fn may_hold(&self, acting: &Acting<'_>, what: ToHoldWhat<'_>) -> Result<MayHold, No> {
        match self.asks_to_hold(acting, what)? {
            Ok(may) => Ok(may),
            Err(refused) => {
                let (kind, refusal, about) = *refused;
                let of = RefusedAct { categories: &kind.categories(), about };
                Err(self.refused(acting, Some(kind), &of, refusal).await)
            }
        }
    }

    /// Asks the agreement whether this may be held: of all kinds, where it is all that the customer has.
    #[expect(
        clippy::type_complexity,
        reason = "a refusal with what is entered beside it; a name for it would be used once"
    )]
    fn asks_to_hold<'k>(
        &'k self,
        acting: &Acting<'_>,
        what: ToHoldWhat<'_>,
    ) -> Result<Result<MayHold, Box<(&'k Kind, Refusal, About)>>, No> {
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let decide = |kind: &Kind, facts: Facts| {
            acting.decide(acting.act(Verb::Hold, &kind.subject, kind.categories(), Extent::AsPermitted, facts))
        };
        let (name, record) = match what {
            ToHoldWhat::Customer => {
                let facts = self.facts(acting, Scope::All)?;
                let mut first = None;
                for kind in &kinds.kinds {
                    match decide(kind, facts.facts.clone()) {
                        Ok(permit) => drop(first.get_or_insert(permit)),
                        Err(refusal) => return Ok(Err(Box::new((kind, refusal, About::default())))),
                    }
                }
                let permit = first.ok_or(No::Missing)?;
                let about = About { rests_on: facts.rests_on, ..About::default() };
                return Ok(Ok(MayHold { permit, about, scope: HoldScope::Customer }));
            }
            ToHoldWhat::Kind(name) => (name, None),
            ToHoldWhat::Person(name, record) | ToHoldWhat::Record(name, record) => (name, Some(record)),
        };
        let kind = kinds.kind(name).ok_or(No::Missing)?;
        let scope = record.map_or(Scope::All, Scope::Record);
        let facts = self.facts(acting, scope)?;
        let mut about = About { rests_on: facts.rests_on, kind: Some(kind.name.clone()), ..About::default() };
        let found = match record {
            Some(record) => self.store.head(&acting.asked.tenant, &record).map_err(failed)?,
            None => None,
        };
        if let Some(found) = &found {
            about.records.push((found.record, found.version));
            about.persons.push(found.person);
        }
        let permit = match decide(kind, facts.facts) {
            Ok(permit) => permit,
            Err(refusal) => return Ok(Err(Box::new((kind, refusal, about)))),
        };
        let scope = match (what, found) {
            (ToHoldWhat::Kind(_), _) | (ToHoldWhat::Customer, _) => HoldScope::Kind { kind: kind.name.clone() },
            (_, None) => return Err(No::Missing),
            (_, Some(found)) if found.kind != kind.name => return Err(No::Missing),
            (ToHoldWhat::Person(..), Some(found)) => {
                HoldScope::Person { person: found.person, kind: kind.name.clone(), record: found.record }
            }
            (ToHoldWhat::Record(..), Some(found)) => {
                HoldScope::Record { record: found.record, kind: kind.name.clone(), person: found.person }
            }
        };
        Ok(Ok(MayHold { permit, about, scope }))
    }

    /// Until when it stands, by what the agreement says of holds: on these grounds alone, and so long at most. What it does not
    /// say it does not limit.
    fn within_term(
        &self,
        acting: &Acting<'_>,
        permit: &Permit,
        ground: HoldGround,
        until: Option<Instant>,
    ) -> Result<Option<Instant>, Box<Refusal>> {
        let Some(term) = acting.agreement.terms_of("legal-hold").next() else { return Ok(until) };
        let against = |key: &str| {
            let mut refusal = acting.agreement.refuse(permit.act(), Reason::Prohibited);
            let clause = term.clause_of(key).clone();
            refusal.number = acting.agreement.number(&clause).to_owned();
            refusal.clause = clause;
            Box::new(refusal)
        };
        let grounds = term.words("grounds");
        if !grounds.is_empty() && !grounds.iter().any(|word| word == ground.code()) {
            return Err(against("grounds"));
        }
        let latest = match term.value("at-most") {
            Some(TermValue::Period(period)) => acting.agreement.over_after(permit.instant(), period),
            _ => None,
        };
        match (until, latest) {
            (Some(until), Some(latest)) if until > latest => Err(against("at-most")),
            (until, latest) => Ok(until.or(latest)),
        }
    }

    async fn readable_holds(&self, acting: &Acting<'_>) -> Result<Readable, No> {
        let certificates::Readable { clause, log, whole } = self.readable(acting, Verb::Hold).await?;
        let all =
            self.kinds(&acting.tenant.service).ok_or(No::Missing)?.kinds.iter().all(|kind| whole.contains(&kind.name));
        Ok(Readable { clause, log, kinds: whole, all })
    }

    async fn enter_holds_read(&self, acting: &Acting<'_>, clause: &ClauseId, one: Option<&Hold>) -> Result<(), No> {
        let persons = one.and_then(|hold| hold.scope.person()).into_iter().collect();
        let records = one.and_then(|hold| hold.scope.single()).map(|record| (record, 0)).into_iter().collect();
        self.enter_holds_read_about(acting, clause, &About { persons, records, ..About::default() }).await
    }

    async fn enter_holds_read_about(&self, acting: &Acting<'_>, clause: &ClauseId, about: &About) -> Result<(), No> {
        let mut detail = Detail {
            outcome: Outcome::Happened,
            event: Some("holds-read".to_owned()),
            actor: Some(acting.asked.actor),
            role: Some(acting.role.clone()),
            purpose: Some(acting.asked.purpose.clone()),
            agreement: Some(acting.agreement.hash()),
            clause: Some(clause.clone()),
            ..Detail::default()
        };
        let _lists = detail.name(few(&about.persons), about.records.clone());
        self.store.event(acting.asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        Ok(())
    }

    fn hold_of(&self, asked: &Asked, id: RecordId) -> Result<Option<Hold>, No> {
        Ok(self.store.all_holds(&asked.tenant).map_err(failed)?.into_iter().find(|hold| hold.id == id))
    }

    /// A hold that was found, with the leave to place it again; nothing where there is none, or no such leave. Nothing is entered.
    fn may_hold_again<'h>(
        &self,
        acting: &Acting<'_>,
        found: Option<&'h Hold>,
    ) -> Result<Option<(&'h Hold, MayHold)>, No> {
        let Some(hold) = found else { return Ok(None) };
        match self.asks_to_hold(acting, pointed(&hold.scope)) {
            Ok(Ok(may)) => Ok(Some((hold, may))),
            Ok(Err(_)) | Err(No::Missing) => Ok(None),
            Err(no) => Err(no),
        }
    }

    fn kind_of(&self, acting: &Acting<'_>, scope: &HoldScope) -> Option<&Kind> {
        self.kind(&acting.tenant.service, pointed_kind(scope)?)
    }

    /// A hold as it is shown. One on a ground that this program does not know is of another program, and stands all the same.
    fn held_as(&self, hold: &Hold) -> Held {
        let number = self.book().by_hash(&hold.agreement).map(|one| one.number(&hold.clause).to_owned());
        let scope = match &hold.scope {
            HoldScope::Customer => HeldScope::Customer,
            HoldScope::Kind { kind } => HeldScope::Kind(kind.clone()),
            HoldScope::Person { person, kind, record } => {
                HeldScope::Person { person: *person, kind: kind.clone(), record: *record }
            }
            HoldScope::Record { record, kind, .. } => HeldScope::Record { kind: kind.clone(), record: *record },
        };
        Held {
            id: hold.id,
            scope,
            by: hold.by,
            since: hold.since,
            ground: HoldGround::of(&hold.ground).unwrap_or(HoldGround::LegalObligation),
            until: hold.until,
            clause: hold.clause.clone(),
            number: number.unwrap_or_default(),
            untold: hold.untold,
            ended: hold.ended.as_ref().map(|end| HeldEnd { at: end.at, by: end.by, clause: end.clause.clone() }),
        }
    }
}

impl Readable {
    fn allows(&self, asked: &Asked, hold: &Hold) -> bool {
        let by_kind = || match pointed_kind(&hold.scope) {
            Some(kind) => self.kinds.contains(kind),
            None => self.all,
        };
        self.log || hold.by == asked.actor || by_kind()
    }
}

/// Whether an entry tells that something is held, or that somebody asked whether it is.
pub(crate) fn tells_of_holds(detail: &Detail) -> bool {
    detail.verb == Some(Verb::Hold)
        || detail.event.as_deref().is_some_and(|event| HOLD_EVENTS.contains(&event))
        || detail.reason.as_deref() == Some(Reason::Held.code())
}

fn pointed_kind(scope: &HoldScope) -> Option<&KindName> {
    match scope {
        HoldScope::Customer => None,
        HoldScope::Kind { kind } | HoldScope::Person { kind, .. } | HoldScope::Record { kind, .. } => Some(kind),
    }
}

/// What would be asked for to place the same again.
fn pointed(scope: &HoldScope) -> ToHoldWhat<'_> {
    match scope {
        HoldScope::Customer => ToHoldWhat::Customer,
        HoldScope::Kind { kind } => ToHoldWhat::Kind(kind),
        HoldScope::Person { kind, record, .. } => ToHoldWhat::Person(kind, *record),
        HoldScope::Record { kind, record, .. } => ToHoldWhat::Record(kind, *record),
    }
}
