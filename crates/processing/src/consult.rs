//! Retrieval and consultation: one record, a listing, a search, a history. Each is one entry.

use std::collections::HashSet;

use agreement::Act;
use service::{Asked, Kind, Listed, MAX_LISTED, No, Opened, Page, Search, Value, index_whole, index_words};
use storage::{About, CommitError, Find, Granted, StoredRecord};
use terms::{Category, ClauseId, Extent, FieldName, KindName, PersonId, RecordHead, RecordId, Render, Verb};
use vault::Released;

use crate::Processing;
use crate::acting::Acting;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed, unavailable};

/// Most words of a search that count.
const MAX_SEARCH_WORDS: usize = 8;

/// What the vault let go, as services and pages see it.
pub(crate) struct OpenedRecords {
    records: Released,
    authors: Vec<(PersonId, Value)>,
}

impl OpenedRecords {
    /// Records whose authors nobody asked for.
    pub(crate) fn without_authors(records: Released) -> Self {
        Self { records, authors: Vec::new() }
    }
}

impl Opened for OpenedRecords {
    fn render(&self, sink: &mut dyn Render) {
        self.records.render(&mut WithAuthors { sink, authors: &self.authors });
    }

    fn count(&self) -> usize {
        self.records.count()
    }
}

/// A sink that is told the author's name after each beginning.
struct WithAuthors<'a> {
    sink: &'a mut dyn Render,
    authors: &'a [(PersonId, Value)],
}

impl Render for WithAuthors<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.sink.begin(head);
        if let Some((_, name)) = self.authors.iter().find(|(person, _)| *person == head.author) {
            self.sink.author(name);
        }
    }

    fn field(&mut self, name: &FieldName, category: &Category, value: &str) {
        self.sink.field(name, category, value);
    }

    fn withheld(&mut self, category: &Category, clause: &ClauseId) {
        self.sink.withheld(category, clause);
    }

    fn end(&mut self) {
        self.sink.end();
    }
}

impl Processing {
    pub(crate) async fn consult_one(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
    ) -> Result<Box<dyn Opened>, No> {
        self.consult_versions(asked, kind, record, |_| Ok(Vec::new())).await
    }

    pub(crate) async fn consult_history(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
    ) -> Result<Box<dyn Opened>, No> {
        let past = |now: &StoredRecord| self.store.past(&now.tenant, &now.record).map_err(failed);
        self.consult_versions(asked, kind, record, past).await
    }

    /// One record in its present version, and those before it that are asked for.
    async fn consult_versions(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
        past: impl FnOnce(&StoredRecord) -> Result<Vec<StoredRecord>, No>,
    ) -> Result<Box<dyn Opened>, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Record(record))?;
        let act = acting.reading(kind, facts);
        let find = || {
            let found = self.store.record(&asked.tenant, &record).map_err(failed)?;
            let Some(now) = found.filter(|found| found.kind == kind.name) else { return Ok(Vec::new()) };
            let before = past(&now)?;
            let mut all = vec![now];
            all.extend(before);
            Ok(all)
        };
        let opened = self.read(&acting, kind, act, About { rests_on, ..record_about(record) }, find).await?;
        if opened.count() == 0 { Err(No::Missing) } else { Ok(opened) }
    }

    pub(crate) async fn consult_list(
        &self,
        asked: &Asked,
        kind: &KindName,
        parent: Option<RecordId>,
        page: Page,
    ) -> Result<Listed, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, parent.map_or(Scope::All, Scope::Record))?;
        let act = acting.reading(kind, facts);
        let limit = page.limit.clamp(1, MAX_LISTED);
        let find = || {
            let find = Find { kind: kind.name.clone(), parent, state: None, after: page.after, limit: limit + 1 };
            self.store.find(&asked.tenant, &find).map_err(failed)
        };
        let mut more = None;
        let cut = || {
            let mut found = find()?;
            if found.len() > limit {
                found.truncate(limit);
                more = found.last().map(|last| last.record);
            }
            Ok(found)
        };
        // It is about whom was asked, also when it is refused or finds nothing: who looks up that person in the log finds it.
        let about = About { rests_on, ..parent.map_or_else(About::default, record_about) };
        let opened = self.read(&acting, kind, act, about, cut).await?;
        Ok(Listed { opened, next: more })
    }

    pub(crate) async fn consult_search(
        &self,
        asked: &Asked,
        kind: &KindName,
        text: &str,
    ) -> Result<Box<dyn Opened>, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::All)?;
        let act = acting.reading(kind, facts);
        // What may not be seen may not be searched either: a hit would tell it.
        let searchable: Vec<&service::Field> = kind.fields.iter().filter(|field| field.search.is_some()).collect();
        let permitted = |category: &terms::Category| {
            let mut one = act.clone();
            one.categories = vec![category.clone()];
            acting.agreement.decide(one).is_ok()
        };
        let searched: Vec<_> = searchable.into_iter().filter(|field| permitted(&field.category)).collect();
        let find = || self.find_words(&acting, kind, &searched, text);
        self.read(&acting, kind, act.clone(), About { rests_on, ..About::default() }, find).await
    }

    fn find_words(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        searched: &[&service::Field],
        text: &str,
    ) -> Result<Vec<StoredRecord>, No> {
        let tenant = &acting.asked.tenant;
        let mut matching: Option<Vec<RecordId>> = None;
        let with = |field: &FieldName, text: &str| {
            let token = self.vault.token(tenant, &crate::index::place(&kind.name, field), text).map_err(closed)?;
            self.store.with_token(tenant, &kind.name, field, &token).map_err(failed)
        };
        for word in index_words(text).iter().take(MAX_SEARCH_WORDS) {
            let mut found = Vec::new();
            for field in searched.iter().filter(|field| field.search == Some(Search::Words)) {
                found.extend(with(&field.name, word)?);
            }
            matching = Some(match matching {
                None => found,
                Some(before) => before.into_iter().filter(|record| found.contains(record)).collect(),
            });
        }
        let mut matching = matching.unwrap_or_default();
        for field in searched.iter().filter(|field| field.search == Some(Search::Exact)) {
            matching.extend(with(&field.name, &index_whole(text))?);
        }
        matching.sort_unstable();
        matching.dedup();
        let mut records = Vec::new();
        for record in matching.into_iter().take(MAX_LISTED) {
            records.extend(self.store.record(tenant, &record).map_err(failed)?);
        }
        Ok(records)
    }

    /// Decide, find, enter, open: the whole of a reading. What is found is sealed; it is opened after the entry.
    pub(crate) async fn read(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        act: Act,
        asked_about: About,
        find: impl FnOnce() -> Result<Vec<StoredRecord>, No>,
    ) -> Result<Box<dyn Opened>, No> {
        let facts = act.facts.clone();
        let permit = match acting.decide(act) {
            Ok(permit) => permit,
            Err(refusal) => {
                // Only ids of this customer's records may stand in its log.
                let about = self.own(acting, asked_about)?;
                // What every reading asks for, see `Acting::reading`.
                let of = RefusedAct { categories: &kind.categories(), about };
                return Err(self.refused(acting, Some(kind), &of, refusal).await);
            }
        };
        let found = find()?;
        let fields =
            kind.fields.iter().filter(|field| permit.allows(&field.category)).map(|field| field.name.clone()).collect();
        // What was asked about is mostly what was found; only where it is something else must it be looked up.
        let ids: HashSet<RecordId> = found.iter().map(|record| record.record).collect();
        let is_found = |asked: &(RecordId, u64)| ids.contains(&asked.0);
        let asked_about = if asked_about.records.iter().all(is_found) {
            About { rests_on: asked_about.rests_on, ..About::default() }
        } else {
            self.own(acting, asked_about)?
        };
        let mut about = About { kind: Some(kind.name.clone()), fields, ..asked_about };
        about.persons.extend(found.iter().map(|record| record.person));
        about.persons.sort_unstable();
        about.persons.dedup();
        let mut named: HashSet<(RecordId, u64)> = about.records.iter().copied().collect();
        about.records.extend(found.iter().map(|one| (one.record, one.version)).filter(|one| named.insert(*one)));
        let rests_on = about.rests_on.clone();
        let granted = self.enter(permit, about).await?;
        let order: Vec<&FieldName> = kind.fields.iter().map(|field| &field.name).collect();
        let records = self.vault.open_records(granted, &found, &order).map_err(closed)?;
        let authors = if kind.author_shown {
            self.authors(acting, kind, Gathered { facts, rests_on }, &found).await?
        } else {
            Vec::new()
        };
        Ok(Box::new(OpenedRecords { records, authors }))
    }

    /// The names of who wrote, where the agreement lets the actor know them: a reading of its own, with its own entry.
    /// Where it does not, the record is shown without, which is no refusal: nobody asked for the name.
    async fn authors(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        Gathered { facts, rests_on }: Gathered,
        found: &[StoredRecord],
    ) -> Result<Vec<(PersonId, Value)>, No> {
        let Some(named_as) = acting.agreement.accounts().and_then(|accounts| accounts.named_as.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut persons: Vec<PersonId> = found.iter().map(|record| record.author).collect();
        persons.sort_unstable();
        persons.dedup();
        let act = acting.act(Verb::Consult, &named_as.subject, vec![named_as.category.clone()], Extent::Exactly, facts);
        let Ok(permit) = acting.decide(act) else { return Ok(Vec::new()) };
        if persons.is_empty() {
            return Ok(Vec::new());
        }
        let about = About { kind: Some(kind.name.clone()), persons: persons.clone(), rests_on, ..About::default() };
        let granted = self.enter(permit, about).await?;
        let homes: Vec<_> = persons.iter().map(|person| (acting.asked.tenant, *person)).collect();
        let names = self.vault.open_names(granted, &named_as.category, &homes).map_err(closed)?;
        Ok(persons.into_iter().zip(names).filter_map(|(person, name)| Some((person, name?))).collect())
    }

    pub(crate) async fn enter(&self, permit: agreement::Permit, about: About) -> Result<Granted, No> {
        self.store.enter(permit, about).await.map_err(|error| match error {
            CommitError::NotInForce | CommitError::Stale => {
                No::Unavailable("the agreement or the case changed in this moment; ask again".to_owned())
            }
            other => unavailable(&other),
        })
    }

    /// Of what was asked about, that which is this customer's.
    pub(crate) fn own(&self, acting: &Acting<'_>, asked_about: About) -> Result<About, No> {
        let mut about = About { rests_on: asked_about.rests_on, ..About::default() };
        for (record, _) in asked_about.records {
            if let Some(found) = self.store.head(&acting.asked.tenant, &record).map_err(failed)? {
                about.records.push((found.record, found.version));
                about.persons.push(found.person);
            }
        }
        Ok(about)
    }
}

pub(crate) fn record_about(record: RecordId) -> About {
    About { records: vec![(record, 0)], ..About::default() }
}
