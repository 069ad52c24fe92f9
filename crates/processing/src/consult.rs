//! Retrieval and consultation: one record, a listing, a search, a history. Each is one entry.

use std::collections::HashSet;

use agreement::{Act, Facts};
use service::{Asked, Kind, Listed, MAX_LISTED, No, Opened, Page, Search, Value, index_whole, index_words};
use storage::{About, CommitError, Find, Granted, StoredRecord};
use terms::{Category, ClauseId, Extent, FieldName, KindName, PersonId, RecordHead, RecordId, Render, Verb};
use vault::Released;

use crate::Processing;
use crate::acting::Acting;
use crate::facts::{Gathered, Scope};
use crate::reaching::{Found, Group, allowed};
use crate::refuse::{RefusedAct, closed, failed, unavailable};

/// What is answered where the facts of an act changed between decision and entry. Nothing was opened.
pub(crate) const CHANGED: &str = "the agreement, the case or the record changed in this moment; ask again";
/// Records read at a time while those that are reached are looked for.
const AT_A_TIME: usize = 500;
/// Most words of a search that count.
const MAX_SEARCH_WORDS: usize = 8;

/// What becomes of a record that is found and for which the act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// It is left out: a list shows what is reached.
    LeftOut,
    /// The whole is refused: it would look whole when it is not.
    Refused,
    /// There is none: what is found is the one record, in this version or that, whose facts the act was decided on.
    Nothing,
}

/// What the vault let go, as services and pages see it.
pub(crate) struct OpenedRecords {
    /// What was decided alike, and opened under one grant.
    groups: Vec<Released>,
    /// Group and place of each record, in the order in which they were found.
    order: Vec<(usize, usize)>,
    authors: Vec<(PersonId, Value)>,
    /// Records of restricted persons: that they are there, and which clause keeps them closed.
    kept_closed: Vec<ClosedRow>,
}

/// A record that stays closed, the categories that it holds and the clause that withholds them.
struct ClosedRow {
    head: RecordHead,
    categories: Vec<Category>,
    clause: ClauseId,
}

impl OpenedRecords {
    /// Records whose authors nobody asked for; each group with the places of its records in the order found.
    pub(crate) fn without_authors(opened: Vec<(Vec<usize>, Released)>) -> Self {
        let mut placed = Vec::new();
        let mut groups = Vec::with_capacity(opened.len());
        for (group, (places, released)) in opened.into_iter().enumerate() {
            placed.extend(places.into_iter().enumerate().map(|(at, place)| (place, (group, at))));
            groups.push(released);
        }
        placed.sort_unstable();
        let order = placed.into_iter().map(|(_, at)| at).collect();
        Self { groups, order, authors: Vec::new(), kept_closed: Vec::new() }
    }
}

impl Opened for OpenedRecords {
    fn render(&self, sink: &mut dyn Render) {
        let mut sink = WithAuthors { sink, authors: &self.authors };
        for (group, at) in &self.order {
            if let Some(released) = self.groups.get(*group) {
                released.render_one(*at, &mut sink);
            }
        }
        for row in &self.kept_closed {
            sink.begin(&row.head);
            for category in &row.categories {
                sink.withheld(category, &row.clause);
            }
            sink.end();
        }
    }

    fn count(&self) -> usize {
        self.order.len() + self.kept_closed.len()
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

/// The records of a group: mostly all that were found, and then none is copied.
enum Chosen<'f> {
    All(&'f [StoredRecord]),
    Some(Vec<StoredRecord>),
}

impl<'f> Chosen<'f> {
    /// `places` are in the order in which the records were found, each once.
    fn of(found: &'f [StoredRecord], places: &[usize]) -> Self {
        if places.len() == found.len() {
            Self::All(found)
        } else {
            Self::Some(places.iter().filter_map(|place| found.get(*place)).cloned().collect())
        }
    }

    fn all(&self) -> &[StoredRecord] {
        match self {
            Self::All(all) => all,
            Self::Some(some) => some,
        }
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
        let acting = acting.on(kind);
        // Of what is not there yet no facts can be found; should it come to be in this moment, they are looked for then.
        let known = acting.asks().is_empty() || self.store.head(&asked.tenant, &record).map_err(failed)?.is_some();
        let beyond = if known { Beyond::Nothing } else { Beyond::LeftOut };
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
        let about = About { rests_on, ..record_about(record) };
        let opened = self.read_as(&acting, kind, act, about, beyond, find).await?;
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
        let acting = acting.on(kind);
        let Gathered { facts, rests_on } = self.facts(&acting, parent.map_or(Scope::Filtered, Scope::Under))?;
        let act = acting.reading(kind, facts);
        let limit = page.limit.clamp(1, MAX_LISTED);
        let reached = act.clone();
        let find = || {
            let find = Find { kind: kind.name.clone(), parent, state: None, after: page.after, limit: limit + 1 };
            self.find_reached(&acting, kind, &reached, find)
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
        let acting = acting.on(kind);
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Filtered)?;
        let act = acting.reading(kind, facts);
        let find = || self.find_permitted(&acting, kind, &act, text);
        self.read(&acting, kind, act.clone(), About { rests_on, ..About::default() }, find).await
    }

    /// What is found by words in the fields that may be seen. What may not be seen may not be searched either: a hit would tell
    /// it. Where records are told apart one by one, so are the fields that are searched.
    fn find_permitted(&self, acting: &Acting<'_>, kind: &Kind, act: &Act, text: &str) -> Result<Vec<StoredRecord>, No> {
        let searchable = || kind.fields.iter().filter(|field| field.search.is_some());
        let one = |category: &Category| Act { categories: vec![category.clone()], ..act.clone() };
        let searched: Vec<_> =
            searchable().filter(|field| acting.agreement.decide(one(&field.category)).is_ok()).collect();
        let matching = self.find_words(acting, kind, &searched, text)?;
        let tenant = &acting.asked.tenant;
        let asks = acting.asks();
        if asks.is_empty() {
            return self.free(acting, matching.get(..MAX_LISTED).unwrap_or(&matching));
        }
        let mut reaching = self.reaching(acting)?;
        // Which records are found, by the facts of their group: a group sees fewer fields, and finds by those alone.
        let mut by_group: Vec<(Found, Vec<RecordId>)> = Vec::new();
        let mut found = Vec::new();
        for record in matching {
            let Some(head) = self.store.head(tenant, &record).map_err(failed)? else { continue };
            let group = Found { rests_on: Vec::new(), ..reaching.of(&head)? };
            let known = by_group.iter().position(|(one, _)| *one == group);
            let at = match known {
                Some(at) => at,
                None => {
                    let fields: Vec<_> =
                        searchable().filter(|field| allowed(acting, &one(&field.category), &group)).collect();
                    let matching = self.find_words(acting, kind, &fields, text)?;
                    by_group.push((group, matching));
                    by_group.len() - 1
                }
            };
            if by_group.get(at).is_some_and(|(_, matching)| matching.contains(&record)) {
                found.push(record);
            }
            if found.len() == MAX_LISTED {
                break;
            }
        }
        self.free(acting, &found)
    }

    /// These records but those of restricted persons, who are found by no word.
    fn free(&self, acting: &Acting<'_>, records: &[RecordId]) -> Result<Vec<StoredRecord>, No> {
        let mut found = self.store.records(&acting.asked.tenant, records).map_err(failed)?;
        found.retain(|one| self.is_free(acting, &one.person, Some(&one.record)));
        Ok(found)
    }

    fn find_words(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        searched: &[&service::Field],
        text: &str,
    ) -> Result<Vec<RecordId>, No> {
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
        Ok(matching)
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
        self.read_as(acting, kind, act, asked_about, Beyond::LeftOut, find).await
    }

    /// As [`Self::read`]; `beyond` says what becomes of a record that is found and for which the act is not allowed.
    pub(crate) async fn read_as(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        act: Act,
        asked_about: About,
        beyond: Beyond,
        find: impl FnOnce() -> Result<Vec<StoredRecord>, No>,
    ) -> Result<Box<dyn Opened>, No> {
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
        // A list under a restricted person, or that person's record itself, is refused; in a list of many the record stays closed.
        if self.store.restricts(&acting.asked.tenant) {
            let asked_own = self.own(acting, asked_about.clone())?;
            if let Some(no) = self.barred_by_restriction(acting, kind, permit.act(), &asked_own).await {
                return Err(no);
            }
        }
        let (found, kept_closed) = self.unrestricted(acting, permit.verb(), find()?);
        // Each record by itself, where the rules tell them apart; those for which the act is decided alike are one entry.
        let mut groups = match beyond {
            Beyond::Nothing => vec![Group::of_all(permit.act(), &found, &asked_about)],
            Beyond::LeftOut | Beyond::Refused => self.groups(acting, permit.act(), &found, &asked_about)?,
        };
        let beyond_reach = groups.iter().map(|group| group.places.len()).sum::<usize>() < found.len();
        if beyond_reach && beyond == Beyond::Refused {
            let refusal = self.first_refusal(acting, permit.act(), &found)?;
            if let Some(refusal) = refusal {
                let about = self.own(acting, asked_about)?;
                let of = RefusedAct { categories: &kind.categories(), about };
                return Err(self.refused(acting, Some(kind), &of, refusal).await);
            }
        }
        let facts = permit.act().facts.clone();
        if groups.is_empty() {
            // Nothing was found, and that is entered under what would have been decided.
            groups.push(Group { facts: facts.clone(), rests_on: asked_about.rests_on.clone(), places: Vec::new() });
        }
        // Mostly one group, which is decided as the whole was. Only for others is the act needed again.
        let again = if groups.iter().all(|group| group.facts == facts) { None } else { Some(permit.act().clone()) };
        let mut permit = Some(permit);
        let mut authors: Vec<PersonId> = Vec::new();
        if kind.author_shown {
            let shown = groups.iter().flat_map(|group| &group.places).filter_map(|place| found.get(*place));
            authors.extend(shown.map(|record| record.author));
            authors.sort_unstable();
            authors.dedup();
        }
        let order: Vec<&FieldName> = kind.fields.iter().map(|field| &field.name).collect();
        let mut opened = Vec::with_capacity(groups.len());
        for group in groups {
            let alike = if group.facts == facts { permit.take() } else { None };
            let permit = match (alike, &again) {
                (Some(permit), _) => permit,
                // The same was decided a moment ago, when the groups were made; an agreement does not change under a reading.
                (None, Some(act)) => match acting.decide(Act { facts: group.facts, ..act.clone() }) {
                    Ok(permit) => permit,
                    Err(_) => continue,
                },
                // Groups differ in their facts, so no two are alike.
                (None, None) => continue,
            };
            let records = Chosen::of(&found, &group.places);
            let about = self.about_found(acting, kind, &permit, &asked_about, records.all(), group.rests_on)?;
            let granted = self.enter(permit, about).await?;
            opened.push((group.places, self.vault.open_records(granted, records.all(), &order).map_err(closed)?));
        }
        let mut opened = OpenedRecords::without_authors(opened);
        opened.kept_closed = self.closed_rows(acting, kind, &kept_closed);
        if kind.author_shown {
            let facts = Facts { case: facts.case, ..Facts::default() };
            let gathered = Gathered { facts, rests_on: asked_about.rests_on };
            opened.authors = self.authors(acting, kind, gathered, authors).await?;
        }
        Ok(Box::new(opened))
    }

    fn closed_rows(&self, acting: &Acting<'_>, kind: &Kind, records: &[StoredRecord]) -> Vec<ClosedRow> {
        let row = |one: &StoredRecord| {
            let restriction = self.store.restriction(&acting.asked.tenant, &one.person, acting.now)?;
            Some(ClosedRow { head: one.head(), categories: kind.categories(), clause: restriction.of.clause })
        };
        records.iter().filter_map(row).collect()
    }

    /// What was found in groups: one of all, where no rule tells records apart.
    pub(crate) fn groups(
        &self,
        acting: &Acting<'_>,
        act: &Act,
        found: &[StoredRecord],
        asked_about: &About,
    ) -> Result<Vec<Group>, No> {
        if acting.asks().is_empty() {
            return Ok(vec![Group::of_all(act, found, asked_about)]);
        }
        let mut groups = self.reaching(acting)?.groups(acting, act, found)?;
        for group in &mut groups {
            group.rests_on.extend(&asked_about.rests_on);
            group.rests_on.sort_unstable();
            group.rests_on.dedup();
        }
        Ok(groups)
    }

    /// What the agreement says to the first record for which the act is not allowed.
    fn first_refusal(
        &self,
        acting: &Acting<'_>,
        act: &Act,
        found: &[StoredRecord],
    ) -> Result<Option<terms::Refusal>, No> {
        let mut reaching = self.reaching(acting)?;
        for record in found {
            let facts = reaching.of(&record.head())?.facts(&act.facts);
            if let Err(refusal) = acting.decide(Act { facts, ..act.clone() }) {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }

    /// What the entry of a reading says of what it shows.
    fn about_found(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        permit: &agreement::Permit,
        asked_about: &About,
        found: &[StoredRecord],
        rests_on: Vec<(RecordId, u64)>,
    ) -> Result<About, No> {
        let fields =
            kind.fields.iter().filter(|field| permit.allows(&field.category)).map(|field| field.name.clone()).collect();
        // What was asked about is mostly what was found; only where it is something else must it be looked up.
        let all_found = match asked_about.records.as_slice() {
            [] => true,
            [(asked, _)] => found.iter().any(|record| record.record == *asked),
            many => {
                let ids: HashSet<RecordId> = found.iter().map(|record| record.record).collect();
                many.iter().all(|(asked, _)| ids.contains(asked))
            }
        };
        let asked_about = if all_found { About::default() } else { self.own(acting, asked_about.clone())? };
        let mut about = About { kind: Some(kind.name.clone()), fields, rests_on, ..asked_about };
        about.persons.extend(found.iter().map(|record| record.person));
        about.persons.sort_unstable();
        about.persons.dedup();
        if let [one] = found
            && about.records.is_empty()
        {
            about.records.push((one.record, one.version));
            return Ok(about);
        }
        let mut named: HashSet<(RecordId, u64)> = about.records.iter().copied().collect();
        about.records.extend(found.iter().map(|one| (one.record, one.version)).filter(|one| named.insert(*one)));
        Ok(about)
    }

    /// Records of a kind, oldest first, as far as the act is allowed for each. Those that nobody may be told of are not counted
    /// either: a page is full when so many were found that are.
    pub(crate) fn find_reached(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        act: &Act,
        find: Find,
    ) -> Result<Vec<StoredRecord>, No> {
        let tenant = &acting.asked.tenant;
        // Where rules without a reach allow the act, every record is partly allowed.
        if acting.asks().is_empty() || allowed(acting, act, &Found::default()) {
            return self.store.find(tenant, &find).map_err(failed);
        }
        let mut reaching = self.reaching(acting)?;
        let (limit, mut after) = (find.limit, find.after);
        let mut all = Vec::new();
        let candidates = if find.parent.is_none() { reaching.candidates(kind)? } else { None };
        if let Some(ids) = candidates {
            for id in ids.into_iter().filter(|id| after.is_none_or(|after| *id > after)) {
                let Some(record) = self.store.record(tenant, &id).map_err(failed)? else { continue };
                let wanted = find.state.is_none() || record.state == find.state;
                if wanted && reaching.allows(acting, act, &record.head())? {
                    all.push(record);
                }
                if all.len() == limit {
                    break;
                }
            }
            return Ok(all);
        }
        loop {
            let part = Find { after, limit: AT_A_TIME, ..find.clone() };
            let found = self.store.find(tenant, &part).map_err(failed)?;
            let more = found.len() == AT_A_TIME;
            after = found.last().map(|last| last.record);
            for record in found {
                if reaching.allows(acting, act, &record.head())? {
                    all.push(record);
                }
                if all.len() == limit {
                    return Ok(all);
                }
            }
            if !more {
                return Ok(all);
            }
        }
    }

    /// The names of who wrote, where the agreement lets the actor know them: a reading of its own, with its own entry.
    /// Where it does not, the record is shown without, which is no refusal: nobody asked for the name.
    async fn authors(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        Gathered { facts, rests_on }: Gathered,
        mut persons: Vec<PersonId>,
    ) -> Result<Vec<(PersonId, Value)>, No> {
        persons.retain(|person| self.is_free(acting, person, None));
        let Some(named_as) = acting.agreement.accounts().and_then(|accounts| accounts.named_as.as_ref()) else {
            return Ok(Vec::new());
        };
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
            CommitError::NotInForce | CommitError::Stale => No::Unavailable(CHANGED.to_owned()),
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
