//! Looking up what the journal says: who looked, and which cases wait. Reading the log is a reading like any other: it is
//! decided, entered, and only then are names opened.

use journal::Outcome;
use service::{Asked, No, Value};
use storage::{About, Find, LogKey, LogQuery, Logged, StoredRecord};
use terms::{
    Extent, Instant, PersonId, Purpose, Reason, RecordId, Relation, Relations, SubjectCategory, TenantId, Verb,
};

use crate::Processing;
use crate::facts::{Gathered, Scope};
use crate::hold::tells_of_holds;
use crate::purging::purged_by;
use crate::refuse::{RefusedAct, closed, failed};

/// Which entries to look up. All that are given must hold.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// About this person.
    pub person: Option<PersonId>,
    /// About this record.
    pub record: Option<RecordId>,
    /// By this person.
    pub actor: Option<PersonId>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
    /// Older than the entry with this index.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: usize,
    /// Without what tells of holds: it is for a data subject who must not know of one (Art. 23).
    pub conceals: bool,
}

/// One entry, with the name behind the actor's pseudonym where the link is still there. No `Debug`: it holds a name.
pub struct LoggedAccess {
    /// The entry.
    pub entry: Logged,
    /// The actor's name.
    pub actor_name: Option<Value>,
    /// The number of the clause, in the version that governed.
    pub number: String,
    /// When the details of the entry were purged, and by which clause; then nothing else of it is known.
    pub purged: Option<Instant>,
}

/// A case that waits, without anything of what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCase {
    /// Whose.
    pub tenant: TenantId,
    /// The customer's name.
    pub customer: String,
    /// The case.
    pub case: RecordId,
    /// The kind of record that holds it.
    pub kind: terms::KindName,
    /// Since when.
    pub opened: Instant,
    /// The record that it covers; the whole service where there is none.
    pub covers: Option<RecordId>,
}

impl Processing {
    /// Who looked, newest first. The next page is older than the last entry's index.
    ///
    /// # Errors
    /// As for every reading.
    pub async fn who_looked(&self, asked: &Asked, filter: &LogFilter) -> Result<Vec<LoggedAccess>, No> {
        Ok(self.looked(asked, filter).await?.0)
    }

    /// As [`Processing::who_looked`], and whether of each entry only what is the asker's own was given.
    pub(crate) async fn looked(&self, asked: &Asked, filter: &LogFilter) -> Result<(Vec<LoggedAccess>, bool), No> {
        let acting = self.acting(asked)?;
        let logging = acting.agreement.logging();
        let held_as = logging.and_then(|logging| logging.held_as.as_ref()).ok_or(No::Missing)?;
        let shown = logging.is_some_and(|logging| logging.shown_to.contains(&acting.role));
        let Gathered { mut facts, rests_on } = self.facts(&acting, Scope::All)?;
        // Who asks for the log about itself asks for its own, as data of those among whom its own record counts.
        let itself = filter.person == Some(asked.actor);
        if itself {
            facts.reached = acting.asks().relations.and(Relations::NONE.with(Relation::Own));
        }
        let subject = match itself {
            true => self.subject_of_own(&acting)?.unwrap_or_else(|| held_as.subject.clone()),
            false => held_as.subject.clone(),
        };
        // The names of who looked are asked for with the log, where they are data of the same people.
        let named_as = acting.agreement.accounts().and_then(|accounts| accounts.named_as.as_ref());
        let name = named_as.filter(|named_as| named_as.subject == subject).map(|named_as| &named_as.category);
        let categories = [Some(&held_as.category), name].into_iter().flatten().cloned().collect();
        let act = acting.act(Verb::Consult, &subject, categories, Extent::AsPermitted, facts);
        let permit = match acting.decide(act.clone()) {
            Ok(permit) if shown && permit.allows(&held_as.category) => permit,
            Ok(_) => {
                let refusal = acting.agreement.refuse(&act, Reason::NoRule);
                return Err(self.refused_log(&acting, &act, refusal).await);
            }
            Err(refusal) => return Err(self.refused_log(&acting, &act, refusal).await),
        };
        let name = name.filter(|name| permit.allows(name)).cloned();
        // What rests on being one's own shows of an entry only what is.
        let only_own = !permit.reach().is_empty();
        let key = match (filter.person, filter.record, filter.actor) {
            (Some(person), _, _) => LogKey::Person(person),
            (None, Some(record), _) => LogKey::Record(record),
            (None, None, Some(actor)) => LogKey::Actor(actor),
            (None, None, None) => LogKey::All,
        };
        // What was purged says nothing, so that it is found only by who asks for everything.
        let says_all = filter.actor.is_none() && filter.record.is_none() && filter.outcome.is_none();
        let conceals = filter.conceals
            || ((itself || only_own) && self.is_concealed_from(&asked.tenant, asked.actor, acting.now)?);
        let matches = |entry: &Logged| {
            (says_all || !entry.purged)
                && !(conceals && tells_of_holds(&entry.detail))
                && filter.actor.is_none_or(|actor| entry.detail.actor == Some(actor))
                && filter.record.is_none_or(|record| {
                    entry.detail.case == Some(record) || entry.records.iter().any(|(one, _)| *one == record)
                })
                && filter.outcome.is_none_or(|outcome| entry.detail.outcome == outcome)
                && filter.from.is_none_or(|from| entry.time >= from)
                && filter.until.is_none_or(|until| entry.time < until)
        };
        let query = LogQuery { key, before: filter.before, from: filter.from, limit: filter.limit };
        let mut entries = self.store.log(&asked.tenant, &query, &matches).await.map_err(failed)?;
        if only_own {
            for entry in &mut entries {
                self.leave_own(&asked.tenant, asked.actor, entry)?;
            }
        }
        let mut actors: Vec<PersonId> = entries.iter().filter_map(|entry| entry.detail.actor).collect();
        actors.retain(|actor| self.is_free(&acting, actor, None));
        actors.sort_unstable();
        actors.dedup();
        let about = About { persons: actors.clone(), rests_on, ..About::default() };
        let granted = self.enter(permit, about).await?;
        let homes: Vec<(TenantId, PersonId)> = actors
            .iter()
            .map(|actor| {
                let account = self.store.account(actor).map_err(failed)?;
                Ok((account.map_or(asked.tenant, |account| account.home), *actor))
            })
            .collect::<Result<_, No>>()?;
        let mut names: Vec<Option<Value>> = match &name {
            Some(name) => self.vault.open_names(granted, name, &homes).map_err(closed)?,
            // The log without names: the entry stands, and nothing is opened.
            None => {
                drop(granted);
                vec![None; actors.len()]
            }
        };
        let book = self.book();
        let purges = if entries.iter().any(|entry| entry.purged) { self.purges(&asked.tenant)? } else { Vec::new() };
        let found = entries
            .into_iter()
            .map(|mut entry| {
                let purged = purged_by(&purges, entry.time).filter(|_| entry.purged);
                if entry.purged {
                    entry.detail.event = Some("details-purged".to_owned());
                    entry.detail.agreement = purged.map(|purge| purge.agreement);
                    entry.detail.clause = purged.map(|purge| purge.clause.clone());
                }
                let purged = purged.map(|purge| purge.at);
                let place = entry.detail.actor.and_then(|actor| actors.binary_search(&actor).ok());
                let actor_name = place.and_then(|place| names.get_mut(place)).and_then(|name| name.clone());
                let governed = entry.detail.agreement.and_then(|hash| book.by_hash(&hash).cloned());
                let number = match (&entry.detail.clause, governed) {
                    (Some(clause), Some(agreement)) => agreement.number(clause).to_owned(),
                    _ => String::new(),
                };
                LoggedAccess { entry, actor_name, number, purged }
            })
            .collect();
        Ok((found, only_own))
    }

    /// Whether there is a hold over what is kept of this person that the person must not know of.
    fn is_concealed_from(&self, tenant: &TenantId, person: PersonId, at: Instant) -> Result<bool, No> {
        if !self.store.holds(tenant, at).iter().any(|hold| hold.untold) {
            return Ok(false);
        }
        let reached = self.store.reached(tenant, &[person], &[]).map_err(failed)?;
        self.is_held_untold(tenant, &[person], &reached, at)
    }

    /// Among which data subjects the actor's own record counts.
    fn subject_of_own(&self, acting: &crate::acting::Acting<'_>) -> Result<Option<SubjectCategory>, No> {
        let Some(own) = acting.own_record else { return Ok(None) };
        let head = self.store.head(&acting.asked.tenant, &own).map_err(failed)?;
        let head = head.filter(|head| head.person == acting.asked.actor);
        Ok(head.and_then(|head| self.kind(&acting.tenant.service, &head.kind).map(|kind| kind.subject.clone())))
    }

    /// Takes out of an entry the persons and records that are not this person's: a list was of many.
    fn leave_own(&self, tenant: &TenantId, person: PersonId, entry: &mut Logged) -> Result<(), No> {
        let mut own = Vec::new();
        for (record, version) in entry.records.drain(..) {
            let head = self.store.head(tenant, &record).map_err(failed)?;
            if head.is_some_and(|head| head.person == person) {
                own.push((record, version));
            }
        }
        entry.records = own;
        entry.persons.retain(|one| *one == person);
        drop(entry.detail.name(entry.persons.clone(), entry.records.clone()));
        Ok(())
    }

    async fn refused_log(
        &self,
        acting: &crate::acting::Acting<'_>,
        act: &agreement::Act,
        refusal: terms::Refusal,
    ) -> No {
        let of = RefusedAct { categories: &act.categories, about: About::default() };
        self.refused(acting, None, &of, refusal).await
    }

    /// The open cases of the customers of the service that the provider's person works for, as far as each agreement lets
    /// the person read its cases; one entry a customer. Heads only: nothing is opened.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever is not the provider's.
    pub async fn open_cases(&self, actor: PersonId) -> Result<Vec<OpenCase>, No> {
        let account = self.store.account(&actor).map_err(failed)?.ok_or(No::Missing)?;
        let home = self.store.tenant(&account.home).map_err(failed)?.ok_or(No::Missing)?;
        if !home.provider || account.ended.is_some() {
            return Err(No::Missing);
        }
        let mut cases = Vec::new();
        for tenant in self.store.tenants().map_err(failed)? {
            if tenant.provider || tenant.service != home.service {
                continue;
            }
            let Some(agreement) = self.in_force(&tenant.id) else { continue };
            for term in agreement.cases() {
                let asked = Asked { actor, tenant: tenant.id, purpose: Purpose::clone(&term.purpose), case: None };
                let found = self.cases_of(&asked, &term.kind).await?;
                cases.extend(found.into_iter().map(|record| OpenCase {
                    tenant: tenant.id,
                    customer: tenant.name.clone(),
                    case: record.record,
                    kind: record.kind,
                    opened: opened_at(&record.record),
                    covers: record.parent,
                }));
            }
        }
        cases.sort_by_key(|case| case.opened);
        Ok(cases)
    }
}

impl Processing {
    /// The open cases of one customer, entered as read. Where the agreement does not let this person read them there are
    /// none for this person; nobody asked for that customer's in particular, so it is no refusal.
    async fn cases_of(&self, asked: &Asked, kind: &terms::KindName) -> Result<Vec<StoredRecord>, No> {
        let acting = self.acting(asked)?;
        let Some(kind) = self.kind(&acting.tenant.service, kind) else { return Ok(Vec::new()) };
        let Gathered { facts, .. } = self.facts(&acting, Scope::All)?;
        let Ok(permit) = acting.decide(acting.reading(kind, facts)) else { return Ok(Vec::new()) };
        let state = kind.states.first().cloned();
        let find = Find { kind: kind.name.clone(), parent: None, state, after: None, limit: service::MAX_LISTED };
        let mut found = self.store.find(&asked.tenant, &find).map_err(failed)?;
        found.retain(|one| self.is_free(&acting, &one.person, Some(&one.record)));
        let about = About {
            kind: Some(kind.name.clone()),
            persons: found.iter().map(|record| record.person).collect(),
            records: found.iter().map(|record| (record.record, record.version)).collect(),
            ..About::default()
        };
        drop(self.enter(permit, about).await?);
        Ok(found)
    }
}

/// When a record was made: the milliseconds that lead its version 7 UUID.
fn opened_at(record: &RecordId) -> Instant {
    let mut millis = [0; 8];
    millis[2..].copy_from_slice(&record.0[..6]);
    Instant(i64::from_be_bytes(millis).saturating_mul(1000))
}
