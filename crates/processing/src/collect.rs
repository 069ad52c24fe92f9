//! Collection and recording: a new record.

use std::sync::Arc;

use aws_lc_rs::{digest, rand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use service::{Asked, Field, FieldFault, FieldProblem, FieldType, Kind, New, No, Of, Value};
use storage::{About, CommitError, Done, PutRecord, RecordWrite};
use terms::{Category, Extent, FieldName, Instant, PersonId, Reason, RecordHead, RecordId, Verb};
use vault::{Plain, Whose};

use crate::Processing;
use crate::acting::Acting;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed, unavailable};

impl Processing {
    pub(crate) async fn collect_record(&self, asked: &Asked, new: New<'_>) -> Result<RecordId, No> {
        self.collect_with(asked, new, || self.vault.new_person(&asked.tenant).map_err(closed)).await
    }

    /// Collects one record. `new_person` makes the pseudonym and key where the record is a person of its own; many records
    /// are given theirs from a number that was made with one sync.
    pub(crate) async fn collect_with(
        &self,
        asked: &Asked,
        new: New<'_>,
        new_person: impl FnOnce() -> Result<PersonId, No>,
    ) -> Result<RecordId, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, new.kind).ok_or(No::Missing)?;
        let acting = acting.on(kind);
        let parent = self.parent(&acting, kind, new.parent)?;
        let scope = parent.as_ref().map_or(Scope::All, |parent| Scope::Record(parent.record));
        let Gathered { facts, rests_on } = self.facts(&acting, scope)?;
        let mut about = About { rests_on, ..about_parent(parent.as_deref()) };
        let mut act = acting.act(Verb::Collect, &kind.subject, kind.categories(), Extent::Exactly, facts);
        if let Some(no) = self.barred(&acting, kind, &act, &about).await {
            return Err(no);
        }
        if let Some(no) = self.undeclared(&acting, kind, &act, &new.draft, &about).await {
            return Err(no);
        }
        let values = new.draft.read(kind, today(acting.now)?, true).map_err(No::Invalid)?;
        check_parent(kind, parent.as_deref())?;
        // An empty field of a new record is nothing that is written.
        act.categories = categories_of(values.iter().filter(|(_, value)| !value.is_empty()), kind);
        // What is written says whose it will be: whoever creates it must reach it then.
        let whose_it_will_be = match (kind.of, &parent) {
            (Of::Author, _) => Some(asked.actor),
            (Of::Parent, Some(parent)) => Some(parent.person),
            (Of::Itself | Of::Parent, _) => None,
        };
        let facts = (&mut act, &mut about);
        self.facts_of_new(&acting, kind, whose_it_will_be, parent.as_deref(), &values, facts)?;
        let decided = acting.decide(act.clone()).and_then(|permit| {
            if acting.may_open(kind) { Ok(permit) } else { Err(acting.agreement.refuse(&act, Reason::NoRule)) }
        });
        let permit = match decided {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &act.categories, about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        if let Some(no) = self.barred_by_restriction(&acting, kind, permit.act(), &about).await {
            return Err(no);
        }
        let beyond = match parent.as_deref() {
            Some(parent) => self.opens_beyond_reach(&acting, kind, parent)?,
            None => false,
        };
        if beyond {
            let refusal = acting.agreement.refuse(permit.act(), Reason::OutOfReach);
            let of = RefusedAct { categories: &permit.act().categories, about };
            return Err(match self.refused(&acting, Some(kind), &of, refusal).await {
                No::Refused(_) => No::Missing,
                no => no,
            });
        }
        self.listed(&asked.tenant, &values, acting.now)?;
        self.references(asked, &values)?;
        let parent_id = parent.as_ref().map(|parent| parent.record);
        let once = new.once.as_deref().map(|once| once_key(&asked.actor, Verb::Collect, kind, parent_id, once));
        let mut claimed = self.claim(asked, kind, &values, None, once).await?;
        // Files that were made ready for a record before, though nobody was told, are ready for that one alone.
        let keyed = claimed.keyed();
        let person = match (whose_it_will_be, kind.of) {
            (Some(person), _) => person,
            (None, Of::Itself) if keyed.is_some() => keyed.map_or(asked.actor, |(_, person)| person),
            (None, _) => new_person()?,
        };
        let record = match keyed {
            Some((record, _)) => record,
            None => new_record_id(acting.now)?,
        };
        let class = &kind.retention;
        self.vault.key_of_class(&asked.tenant, &person, class).map_err(closed)?;
        let whose = Whose { tenant: &asked.tenant, person: &person, class, record: &record, version: 1 };
        let parent = parent_id;
        let put = PutRecord {
            record,
            kind: kind.name.clone(),
            version: 1,
            person,
            parent,
            state: kind.states.first().cloned(),
            author: asked.actor,
            sealed: self.vault.seal_record(&whose, &plain(&values)).map_err(closed)?,
            keep_past: kind.history,
            tokens: self.tokens(kind, &whose, parent, &values)?,
            once,
            once_of: self.once_of(asked, new.once.as_deref(), &values, None)?,
            class: class.clone(),
        };
        let about = About { fields: names(&values), ..about };
        let files = self.keep_files(&mut claimed, &whose, kind.history).await?;
        let done = self.write(kind, permit, about, RecordWrite { put, files }).await?;
        claimed.saved(once);
        Ok(done.record)
    }

    /// A field that the service does not declare is of no declared category: refused by the clause on categories.
    pub(crate) async fn undeclared(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        act: &agreement::Act,
        draft: &service::Draft,
        about: &About,
    ) -> Option<No> {
        let name: String = draft.undeclared(kind)?.chars().take(64).collect();
        let refusal = acting.agreement.refuse(act, Reason::FieldNotDeclared(name));
        Some(self.refused(acting, Some(kind), &RefusedAct { categories: &[], about: about.clone() }, refusal).await)
    }

    /// What is referred to is a record of this customer and of the right kind. Asked after the agreement has said yes, since the
    /// answer tells whether there is such a record.
    pub(crate) fn references(&self, asked: &Asked, values: &[(&Field, Value)]) -> Result<(), No> {
        let mut faults = Vec::new();
        for (field, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            let FieldType::Reference { to } = &field.holds else { continue };
            let found = match value.parse::<RecordId>() {
                Ok(record) => self.store.head(&asked.tenant, &record).map_err(failed)?,
                Err(_) => None,
            };
            if found.is_none_or(|found| found.kind != *to) {
                faults.push(FieldFault { field: field.name.clone(), problem: FieldProblem::NotARecord });
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(No::Invalid(faults)) }
    }

    /// The record that the new one is to belong to.
    fn parent(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        parent: Option<RecordId>,
    ) -> Result<Option<Arc<RecordHead>>, No> {
        let Some(parent) = parent else { return Ok(None) };
        let found = self.store.head(&acting.asked.tenant, &parent).map_err(failed)?;
        match found.filter(|found| kind.parent.as_ref() == Some(&found.kind)) {
            Some(found) => Ok(Some(found)),
            None => Err(No::Missing),
        }
    }

    /// What a caller's key is used for: a fingerprint of the values under a key of the customer's, with the caller's own key
    /// mixed in, so that whoever holds the journal can neither read nor try values by it. None where there is no key.
    pub(crate) fn once_of(
        &self,
        asked: &Asked,
        once: Option<&str>,
        values: &[(&Field, Value)],
        state: Option<&str>,
    ) -> Result<Option<[u8; 32]>, No> {
        let Some(once) = once else { return Ok(None) };
        let mut sorted: Vec<&(&Field, Value)> = values.iter().collect();
        sorted.sort_by(|one, other| one.0.name.cmp(&other.0.name));
        let mut text = Value::new(once.to_owned());
        for (field, value) in sorted {
            for part in ["\u{1e}", field.name.as_str(), "\u{1f}", value.as_str()] {
                text.push_str(part);
            }
        }
        text.push('\u{1d}');
        text.push_str(state.unwrap_or_default());
        self.vault.token(&asked.tenant, "once/values", &text).map(Some).map_err(closed)
    }

    pub(crate) async fn write(
        &self,
        kind: &Kind,
        permit: agreement::Permit,
        about: About,
        write: RecordWrite,
    ) -> Result<Done, No> {
        self.store.write(permit, about, write).await.map_err(|error| match error {
            CommitError::NotUnique => No::Invalid(
                kind.unique
                    .iter()
                    .map(|field| FieldFault { field: field.clone(), problem: FieldProblem::NotUnique })
                    .collect(),
            ),
            other => unavailable(&other),
        })
    }
}

fn check_parent(kind: &Kind, parent: Option<&RecordHead>) -> Result<(), No> {
    if kind.parent.is_none() || kind.parent_optional || parent.is_some() {
        return Ok(());
    }
    let field = kind.fields.first().map(|field| field.name.clone());
    Err(No::Invalid(field.map(|field| FieldFault { field, problem: FieldProblem::NoParent }).into_iter().collect()))
}

fn about_parent(parent: Option<&RecordHead>) -> About {
    About {
        persons: parent.iter().map(|parent| parent.person).collect(),
        records: parent.iter().map(|parent| (parent.record, parent.version)).collect(),
        ..About::default()
    }
}

/// The categories of these fields; all of the kind's where there is none, so that an empty record is decided too.
pub(crate) fn categories_of<'v>(values: impl Iterator<Item = &'v (&'v Field, Value)>, kind: &Kind) -> Vec<Category> {
    let mut all: Vec<_> = values.map(|(field, _)| field.category.clone()).collect();
    if all.is_empty() {
        return kind.categories();
    }
    all.sort();
    all.dedup();
    all
}

pub(crate) fn plain<'v>(values: &'v [(&'v Field, Value)]) -> Vec<Plain<'v>> {
    values.iter().map(|(field, value)| Plain { field: &field.name, category: &field.category, value }).collect()
}

/// The idempotency key of a caller, bound to who asks and what for: the same word for another act is another key, since an
/// answer to something else would be a writing that was acknowledged and never made.
pub(crate) fn once_key(actor: &PersonId, verb: Verb, kind: &Kind, of: Option<RecordId>, once: &str) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"betrodd/once/v1");
    context.update(&actor.0);
    for part in [verb.as_str(), kind.name.as_str(), once] {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part.as_bytes());
    }
    context.update(&of.map_or([0; 16], |of| of.0));
    let mut key = [0; 32];
    key.copy_from_slice(context.finish().as_ref());
    key
}

/// The day in Sweden, where these agreements' parties are.
pub(crate) fn today(now: Instant) -> Result<Date, No> {
    let told = |error: jiff::Error| No::Unavailable(error.to_string());
    static STOCKHOLM: std::sync::LazyLock<Option<TimeZone>> =
        std::sync::LazyLock::new(|| TimeZone::get("Europe/Stockholm").ok());
    let zone = STOCKHOLM.clone().unwrap_or(TimeZone::UTC);
    Ok(Timestamp::from_microsecond(now.micros()).map_err(told)?.to_zoned(zone).date())
}

/// A version 7 UUID (RFC 9562): the time in milliseconds first, so that records of one kind lie in order of making.
pub(crate) fn new_record_id(now: Instant) -> Result<RecordId, No> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| No::Unavailable("the system gave no random numbers".to_owned()))?;
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0).to_be_bytes();
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6] = bytes[6] & 0x0f | 0x70;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Ok(RecordId(bytes))
}

/// The names of the fields that are written.
pub(crate) fn names(values: &[(&Field, Value)]) -> Vec<FieldName> {
    values.iter().map(|(field, _)| field.name.clone()).collect()
}
