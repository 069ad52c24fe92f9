//! Of which records new ones may be doubles: found by the blind indexes, entered as the reading that it is, and nothing opened.

use agreement::Act;
use service::{Asked, Draft, Field, Kind, No, Search, index_whole, index_words};
use storage::About;
use terms::{Extent, KindName, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::consult::record_about;
use crate::facts::{Gathered, Scope};
use crate::reaching::Reaching;
use crate::refuse::{RefusedAct, closed, failed};

/// Most records that one draft is told to be like.
const MAX_ALIKE: usize = 5;

impl Processing {
    pub(crate) async fn find_alike(
        &self,
        asked: &Asked,
        kind: &KindName,
        drafts: &[Draft],
    ) -> Result<Vec<Vec<RecordId>>, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Filtered)?;
        let act = acting.reading(kind, facts);
        let permit = match acting.decide(act.clone()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let about = About { rests_on, ..About::default() };
                let of = RefusedAct { categories: &kind.categories(), about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        // What may not be seen may not be searched either: a hit would tell it.
        let searched: Vec<&Field> =
            kind.fields.iter().filter(|field| field.search.is_some() && permit.allows(&field.category)).collect();
        let categories = searched.iter().map(|field| field.category.clone()).collect();
        let whole = acting.act(Verb::Consult, &kind.subject, categories, Extent::Exactly, act.facts.clone());
        let mut reaching = self.reaching(&acting)?;
        let mut all = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let mut alike = self.alike_one(&acting, kind, &searched, draft)?;
            // Whoever is restricted is found by no value, here as in every search; and an entry about one of them would be refused,
            // which would leave all other rows without an answer.
            self.keep_free(&acting, &mut alike)?;
            all.push(self.told_of(&acting, &mut reaching, &whole, alike)?);
        }
        // A permit is good for seconds, and thousands of drafts on a busy machine may take longer: it is asked for again now.
        drop(permit);
        let acting = self.acting(asked)?;
        let permit = match acting.decide(Act { instant: acting.now, ..act.clone() }) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &kind.categories(), about: About::default() };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        let fields = searched.iter().map(|field| field.name.clone()).collect();
        let mut about = About { kind: Some(kind.name.clone()), fields, rests_on, ..About::default() };
        let mut met: Vec<RecordId> = all.iter().flatten().copied().collect();
        met.sort_unstable();
        met.dedup();
        for record in met {
            let own = self.own(&acting, record_about(record))?;
            about.records.extend(own.records);
            about.persons.extend(own.persons);
        }
        about.persons.sort_unstable();
        about.persons.dedup();
        drop(self.enter(permit, about).await?);
        Ok(all)
    }

    /// The same words in all fields that are found by words, or one value that is found exactly.
    fn alike_one(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        searched: &[&Field],
        draft: &Draft,
    ) -> Result<Vec<RecordId>, No> {
        let tenant = &acting.asked.tenant;
        let with = |field: &Field, text: &str| {
            let place = crate::index::place(&kind.name, &field.name);
            let token = self.vault.token(tenant, &place, text).map_err(closed)?;
            self.store.with_token(tenant, &kind.name, &field.name, &token).map_err(failed)
        };
        let given = |field: &Field| draft.get(field.name.as_str()).map(str::trim).filter(|text| !text.is_empty());
        let by = |how: Search| searched.iter().copied().filter(move |field| field.search == Some(how));
        let mut alike: Vec<RecordId> = Vec::new();
        let mut by_words: Option<Vec<RecordId>> = None;
        for field in by(Search::Words) {
            for word in given(field).map(index_words).unwrap_or_default() {
                let found = with(field, &word)?;
                by_words = Some(match by_words {
                    None => found,
                    Some(before) => before.into_iter().filter(|record| found.contains(record)).collect(),
                });
            }
        }
        alike.extend(by_words.unwrap_or_default());
        // One who identifies: a value that is found exactly and shared with few. A date of a mark or a unit says nothing of who.
        for field in by(Search::Exact).filter(|field| field.identifies()) {
            if let Some(text) = given(field) {
                alike.extend(with(field, &index_whole(text))?);
            }
        }
        alike.sort_unstable();
        alike.dedup();
        Ok(alike)
    }

    /// Without those of restricted persons.
    fn keep_free(&self, acting: &Acting<'_>, records: &mut Vec<RecordId>) -> Result<(), No> {
        let tenant = &acting.asked.tenant;
        if records.is_empty() || !self.store.restricts(tenant) {
            return Ok(());
        }
        let mut free = Vec::with_capacity(records.len());
        for record in records.drain(..) {
            if let Some(head) = self.store.head(tenant, &record).map_err(failed)?
                && self.is_free(acting, &head.person, Some(&head.record))
            {
                free.push(record);
            }
        }
        *records = free;
        Ok(())
    }

    /// Of these records those of which every searched field may be seen: a record out of reach is no double of anything.
    fn told_of(
        &self,
        acting: &Acting<'_>,
        reaching: &mut Reaching<'_>,
        whole: &Act,
        mut alike: Vec<RecordId>,
    ) -> Result<Vec<RecordId>, No> {
        if !acting.asks().is_empty() {
            let mut told = Vec::new();
            for record in alike {
                if let Some(head) = self.store.head(&acting.asked.tenant, &record).map_err(failed)?
                    && reaching.allows(acting, whole, &head)?
                {
                    told.push(record);
                }
            }
            alike = told;
        }
        alike.truncate(MAX_ALIKE);
        Ok(alike)
    }
}
