//! Consultation of many records at once, and of each only the fields that are asked for: what computed pages read.
//!
//! One decision and one entry for all. The act is of the categories of the chosen fields and of no others, so that counting days
//! of attendance is no reading of anybody's address. What is found is found by blind tokens and heads, unopened.

use agreement::Act;
use service::{Asked, MAX_SELECTED, No, Opened, Search, Selection, Which, index_whole};
use storage::{About, Find, StoredRecord};
use terms::{Category, FieldName, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::consult::OpenedRecords;
use crate::facts::{Gathered, Scope};
use crate::reaching::Group;
use crate::refuse::{RefusedAct, closed, failed};

impl Processing {
    pub(crate) async fn select_many(&self, asked: &Asked, selection: Selection<'_>) -> Result<Box<dyn Opened>, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, selection.kind).ok_or(No::Missing)?;
        let mut fields: Vec<&service::Field> = Vec::with_capacity(selection.fields.len());
        for name in selection.fields {
            fields.push(kind.field(name.as_str()).ok_or(No::Missing)?);
        }
        let mut categories: Vec<Category> = fields.iter().map(|field| field.category.clone()).collect();
        categories.sort();
        categories.dedup();
        if categories.is_empty() {
            return Err(No::Unavailable("nothing was chosen of the records; name a field".to_owned()));
        }
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Filtered)?;
        let act = acting.act(Verb::Consult, &kind.subject, categories.clone(), terms::Extent::AsPermitted, facts);
        let permit = match acting.decide(act.clone()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &categories, about: About { rests_on, ..About::default() } };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        // Counting is a use like any other: who is restricted is not counted.
        let found = self.selected(&acting, kind, &act, selection.which)?;
        let (found, _) = self.unrestricted(&acting, Verb::Consult, found);
        if found.len() > MAX_SELECTED {
            return Err(No::Unavailable(format!(
                "more than {MAX_SELECTED} records of one kind are needed; choose a shorter time or one unit"
            )));
        }
        let asked_about = About { rests_on, ..About::default() };
        let mut groups = self.groups(&acting, &act, &found, &asked_about)?;
        if let Which::With { field, .. } | Which::UnderWith { field, .. } = selection.which {
            self.only_told(&acting, kind, field, &act, &found, &mut groups)?;
        }
        if groups.is_empty() {
            groups.push(Group { facts: act.facts.clone(), rests_on: asked_about.rests_on, places: Vec::new() });
        }
        // A permit is good for seconds, and looking for some ten thousand records on a busy machine may take longer: it is asked
        // for again now that they are found.
        drop(permit);
        let acting = self.acting(asked)?;
        let act = Act { instant: acting.now, ..act };
        let permit = match acting.decide(act.clone()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &categories, about: About::default() };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        // All that were asked for: of what is withheld the clause is told.
        let order: Vec<&FieldName> = fields.iter().map(|field| &field.name).collect();
        let mut permit = Some(permit);
        let mut opened = Vec::with_capacity(groups.len());
        for group in groups {
            let alike = if group.facts == act.facts { permit.take() } else { None };
            let permit = match alike {
                Some(permit) => permit,
                None => match acting.decide(Act { facts: group.facts.clone(), ..act.clone() }) {
                    Ok(permit) => permit,
                    Err(_) => continue,
                },
            };
            let records: Vec<StoredRecord> =
                group.places.iter().filter_map(|place| found.get(*place)).cloned().collect();
            let mut persons: Vec<_> = records.iter().map(|record| record.person).collect();
            persons.sort_unstable();
            persons.dedup();
            let about = About {
                kind: Some(kind.name.clone()),
                fields: fields
                    .iter()
                    .filter(|field| permit.allows(&field.category))
                    .map(|field| field.name.clone())
                    .collect(),
                persons,
                records: records.iter().map(|record| (record.record, record.version)).collect(),
                rests_on: group.rests_on,
            };
            let granted = self.enter(permit, about).await?;
            opened.push((group.places, self.vault.open_chosen(granted, &records, &order).map_err(closed)?));
        }
        Ok(Box::new(OpenedRecords::without_authors(opened)))
    }

    /// A hit tells the value that was searched for, so only those stay of which that field may be seen.
    fn only_told(
        &self,
        acting: &Acting<'_>,
        kind: &service::Kind,
        field: &FieldName,
        act: &Act,
        found: &[StoredRecord],
        groups: &mut Vec<Group>,
    ) -> Result<(), No> {
        let field = kind.field(field.as_str()).ok_or(No::Missing)?;
        for group in groups.iter_mut() {
            let one = Act { categories: vec![field.category.clone()], facts: group.facts.clone(), ..act.clone() };
            if acting.decide(one).is_err() {
                group.places.clear();
            }
        }
        groups.retain(|group| !group.places.is_empty() || found.is_empty());
        Ok(())
    }

    fn selected(
        &self,
        acting: &Acting<'_>,
        kind: &service::Kind,
        act: &Act,
        which: &Which,
    ) -> Result<Vec<StoredRecord>, No> {
        let tenant = &acting.asked.tenant;
        match which {
            Which::All => {
                let find = Find {
                    kind: kind.name.clone(),
                    parent: None,
                    state: None,
                    after: None,
                    limit: MAX_SELECTED.saturating_add(1),
                };
                self.find_reached(acting, kind, act, find)
            }
            Which::With { field, values } => {
                let field = kind.field(field.as_str()).ok_or(No::Missing)?;
                if field.search != Some(Search::Exact) {
                    return Err(No::Unavailable(format!(
                        "`{}` of `{}` cannot be searched exactly; add `search = \"exact\"` to its kind",
                        field.name, kind.name
                    )));
                }
                // What may not be seen may not be searched either: a hit would tell it.
                let one = |category: &Category| {
                    let act = acting.act(
                        Verb::Consult,
                        &kind.subject,
                        vec![category.clone()],
                        terms::Extent::Exactly,
                        self.facts(acting, Scope::Filtered)?.facts,
                    );
                    Ok::<bool, No>(acting.decide(act).is_ok())
                };
                if !one(&field.category)? {
                    return Ok(Vec::new());
                }
                let place = crate::index::place(&kind.name, &field.name);
                let tokens = values
                    .iter()
                    .map(|value| self.vault.token(tenant, &place, &index_whole(value)))
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(closed)?;
                self.store.with_tokens(tenant, &kind.name, &field.name, &tokens, MAX_SELECTED).map_err(failed)
            }
            Which::Under(parents) => {
                self.store.under(tenant, &kind.name, &each_once(parents), MAX_SELECTED).map_err(failed)
            }
            Which::UnderWith { parents, field, values } => {
                let with = Which::With { field: field.clone(), values: values.clone() };
                let mut found = self.selected(acting, kind, act, &with)?;
                let parents = each_once(parents);
                found.retain(|record| record.parent.is_some_and(|parent| parents.binary_search(&parent).is_ok()));
                Ok(found)
            }
            Which::These(records) => {
                let mut found = self.store.records(tenant, &each_once(records)).map_err(failed)?;
                found.retain(|record| record.kind == kind.name);
                Ok(found)
            }
        }
    }
}

fn each_once(records: &[RecordId]) -> Vec<RecordId> {
    let mut records = records.to_vec();
    records.sort_unstable();
    records.dedup();
    records
}
