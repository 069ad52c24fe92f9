//! Consultation of the records of a kind that are in a state, or hold exactly a value: by the blind index, without opening one
//! that is not shown.

use agreement::Act;
use service::{Asked, FieldFault, FieldProblem, Kind, Listed, MAX_LISTED, Narrowed, No, Search, index_whole};
use storage::{About, Find, StoredRecord};
use terms::{Extent, KindName, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::consult::record_about;
use crate::facts::{Gathered, Scope};
use crate::refuse::{RefusedAct, closed, failed};

impl Processing {
    pub(crate) async fn consult_narrowed(
        &self,
        asked: &Asked,
        kind: &KindName,
        narrowed: Narrowed,
    ) -> Result<Listed, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let scope = narrowed.parent.map_or(Scope::Filtered, Scope::Under);
        let Gathered { facts, rests_on } = self.facts(&acting, scope)?;
        let about = About { rests_on, ..narrowed.parent.map_or_else(About::default, record_about) };
        let mut readings = Vec::new();
        for (name, _) in &narrowed.exactly {
            let field = kind.field(name.as_str()).filter(|field| field.search == Some(Search::Exact));
            let Some(field) = field else {
                let fault = FieldFault { field: name.clone(), problem: FieldProblem::NotSearched };
                return Err(No::Invalid(vec![fault]));
            };
            // Whether a record carries a value tells the value, so it is a reading of that field.
            let act =
                acting.act(Verb::Consult, &kind.subject, vec![field.category.clone()], Extent::Exactly, facts.clone());
            if let Err(refusal) = acting.decide(act.clone()) {
                let categories = [field.category.clone()];
                let of = RefusedAct { categories: &categories, about: self.own(&acting, about)? };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
            readings.push(act);
        }
        readings.push(acting.reading(kind, facts.clone()));
        let limit = narrowed.page.limit.clamp(1, MAX_LISTED);
        let mut more = None;
        let find = || {
            let mut found = self.find_narrowed(&acting, kind, &readings, &narrowed, limit + 1)?;
            if found.len() > limit {
                found.truncate(limit);
                more = found.last().map(|last| last.record);
            }
            Ok(found)
        };
        let opened = self.read(&acting, kind, acting.reading(kind, facts), about, find).await?;
        Ok(Listed { opened, next: more })
    }

    fn find_narrowed(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        readings: &[Act],
        narrowed: &Narrowed,
        limit: usize,
    ) -> Result<Vec<StoredRecord>, No> {
        let tenant = &acting.asked.tenant;
        let after = narrowed.page.after;
        let Some(matching) = self.with_all(acting, kind, narrowed)? else {
            let state = narrowed.state.clone();
            let find = Find { kind: kind.name.clone(), parent: narrowed.parent, state, after, limit };
            return match readings.last() {
                Some(act) => self.find_reached(acting, kind, act, find),
                None => Ok(Vec::new()),
            };
        };
        let apart = !acting.asks().is_empty();
        let mut reaching = self.reaching(acting)?;
        let mut found = Vec::new();
        for record in matching.into_iter().filter(|record| after.is_none_or(|after| *record > after)) {
            let stored = self.store.record(tenant, &record).map_err(failed)?;
            let wanted = stored.filter(|stored| {
                (narrowed.parent.is_none() || stored.parent == narrowed.parent)
                    && (narrowed.state.is_none() || stored.state == narrowed.state)
            });
            // Whoever is restricted is found by nothing that is kept of them.
            let Some(stored) = wanted.filter(|stored| self.is_free(acting, &stored.person, Some(&stored.record)))
            else {
                continue;
            };
            // Whether it carries the value may be told of it, and it may be shown.
            let mut told = true;
            for act in readings.iter().filter(|_| apart) {
                told = told && reaching.allows(acting, act, &stored.head())?;
            }
            if told {
                found.push(stored);
            }
            if found.len() == limit {
                break;
            }
        }
        Ok(found)
    }

    /// The records that carry every value, in order; none where no value is asked for.
    fn with_all(&self, acting: &Acting<'_>, kind: &Kind, narrowed: &Narrowed) -> Result<Option<Vec<RecordId>>, No> {
        let tenant = &acting.asked.tenant;
        let mut matching: Option<Vec<RecordId>> = None;
        for (field, value) in &narrowed.exactly {
            let place = crate::index::place(&kind.name, field);
            let token = self.vault.token(tenant, &place, &index_whole(value)).map_err(closed)?;
            let mut found = self.store.with_token(tenant, &kind.name, field, &token).map_err(failed)?;
            if let Some(before) = &matching {
                found.retain(|record| before.contains(record));
            }
            found.sort_unstable();
            found.dedup();
            matching = Some(found);
        }
        Ok(matching)
    }
}
