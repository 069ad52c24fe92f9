//! Undoing an import: what is as the import made it is erased, the way every erasure goes (planned, confirmed, entered, certified);
//! what somebody changed since stays and is said. It needs the rule of the agreement that lets records of the kind be erased.
//!
//! Not here: the deleting itself (`erase.rs`), and which records an import made (`imports.rs`).

use std::collections::{BTreeMap, BTreeSet};

use service::{
    Asked, Erasure, ErasurePlan, FieldType, Imported, KeptRow, KeptWhy, Kind, Kinds, No, PersonGoing, PlannedRecords,
    Search, Undoing, Undone, Why, index_whole,
};
use storage::{About, Reached};
use terms::{Category, Extent, Hash, PersonId, RecordId, RetentionClass, Verb};
use vault::Vault;

use crate::Processing;
use crate::acting::Acting;
use crate::erase::{Allowed, few, happened, plan_hash, undid};
use crate::erasure_plan::whole;
use crate::facts::{Gathered, Scope};
use crate::imports::shown;
use crate::refuse::{RefusedAct, closed, failed, unavailable};

/// What may be undone, and what stays.
struct MayUndo<'a> {
    allowed: Allowed<'a>,
    import: storage::Import,
    kept: Vec<KeptRow>,
    beyond: u64,
}

impl Processing {
    pub(crate) async fn plan_of_undoing(&self, asked: &Asked, import: RecordId) -> Result<Undoing, No> {
        let MayUndo { allowed, import, kept, beyond } = self.may_undo(asked, import).await?;
        let Allowed { acting, kind, plan, hash, permit, about, .. } = allowed;
        let mut detail = happened("import-undoing-planned", &acting, kind, permit.clause());
        detail.purpose = Some(asked.purpose.clone());
        detail.count = Some(plan.count_going() as u64);
        let _lists = detail.name(few(&about.persons), Vec::new());
        self.store.event(asked.tenant, detail, Vec::new()).await.map_err(|error| unavailable(&error))?;
        let goes = plan.count_going() as u64;
        Ok(Undoing { import: shown(import), plan: hash, goes, kept, beyond })
    }

    /// If we die between the erasure and the entry that the import is undone, the same call again finds the erasure and enters it.
    pub(crate) async fn undo_as_planned(&self, asked: &Asked, import: RecordId, plan: Hash) -> Result<Undone, No> {
        let MayUndo { allowed, import, .. } = self.may_undo(asked, import).await?;
        let before = self.store.erasures(&asked.tenant).map_err(failed)?;
        let before =
            before.iter().find_map(|one| undid(one).filter(|(of, _)| *of == import.id).map(|of| (one.id, of.1)));
        let (certificate, gone) = match before {
            Some(before) => before,
            None => {
                let gone = allowed.plan.count_going() as u64;
                (self.carry_out(asked, allowed, plan).await?, gone)
            }
        };
        let import = match import.undone {
            Some(_) => shown(import),
            None => {
                let acting = self.acting(asked)?;
                let next = storage::Import { undone: Some(self.store.now()), ..import };
                self.note(&acting, "import-undone", next, Some(gone)).await?
            }
        };
        Ok(Undone { import, certificate: Some(certificate), gone })
    }

    async fn may_undo<'a>(&'a self, asked: &'a Asked, import: RecordId) -> Result<MayUndo<'a>, No> {
        let (acting, import) = self.import_of(asked, import)?;
        // Somebody else's under a record that this person does not reach would tell that the record is there.
        if import.by != asked.actor && !self.reaches_parent(&acting, import.parent)? {
            return Err(No::Missing);
        }
        let kind = self.kind(&acting.tenant.service, &import.kind).ok_or(No::Missing)?;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let records = self.records_of(&acting, kind, &import)?;
        let referred = self.referred(&acting, kinds, kind, &records)?;
        let several = self.several(&acting, kind, &records)?;
        let held = self.held_of(&acting, kind, &records)?;
        let (mut kept, mut candidates, mut beyond) = (Vec::new(), Vec::new(), 0);
        for one in &records {
            let account = || -> Result<bool, No> {
                let account = self.store.account(&one.head.person).map_err(failed)?;
                Ok(whole(kind) && account.is_some_and(|account| account.home == asked.tenant))
            };
            let why = if one.head.version != 1 {
                Some(KeptWhy::Changed)
            } else if !one.untouched || several.contains(&one.head.person) {
                Some(KeptWhy::Holds)
            } else if kinds.erasure_of(&kind.retention) != Erasure::Goes {
                Some(KeptWhy::KindStays)
            } else if referred.contains(&one.head.record) {
                Some(KeptWhy::Referred)
            } else if account()? {
                Some(KeptWhy::Account)
            } else if held.contains(&one.head.record) {
                Some(KeptWhy::Held)
            } else {
                None
            };
            match why {
                Some(why) => kept.push((one, why)),
                None => candidates.push(one),
            }
        }
        let categories = self.held_by(&acting, kind, &candidates)?;
        let Gathered { facts, mut rests_on } = self.facts(&acting, Scope::Filtered)?;
        let act = acting.act(Verb::Erase, &kind.subject, categories.clone(), Extent::Exactly, facts);
        let permit = match acting.decide(act.clone()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let about = About { rests_on, ..About::default() };
                let of = RefusedAct { categories: &categories, about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        let mut reaching = self.reaching(&acting)?;
        let mut reaches = |one: &Imported| -> Result<bool, No> {
            Ok(self.is_free(&acting, &one.head.person, Some(&one.head.record))
                && reaching.allows(&acting, &act, &one.head)?)
        };
        let mut told = Vec::with_capacity(kept.len());
        for (one, why) in kept {
            if reaches(one)? {
                told.push(KeptRow { row: one.row, record: one.head.record, why });
            } else {
                beyond += 1;
            }
        }
        let mut going: Vec<&Imported> = Vec::with_capacity(candidates.len());
        for one in candidates {
            if reaches(one)? {
                going.push(one);
            } else {
                beyond += 1;
            }
        }
        for one in &going {
            rests_on.extend(reaching.of(&one.head)?.rests_on);
        }
        rests_on.sort_unstable();
        rests_on.dedup();
        // What goes is in the list of records, whose versions the committer compares; it need not rest on itself.
        let goes: BTreeSet<RecordId> = going.iter().map(|one| one.head.record).collect();
        rests_on.retain(|(record, _)| !goes.contains(record));
        let plan = self.plan_of(&acting, kind, &import, &going)?;
        let mut about = About { kind: Some(kind.name.clone()), rests_on, ..About::default() };
        about.records = plan.goes.iter().flat_map(|one| one.records.iter().copied()).collect();
        about.persons = going.iter().map(|one| one.head.person).collect();
        about.persons.sort_unstable();
        about.persons.dedup();
        let saw = self.reached_by(&acting, kind, &going)?.iter().map(|one| (one.record, one.version)).collect();
        let hash = plan_hash(&plan);
        let held = BTreeMap::new();
        let allowed = Allowed { acting, kind, plan, hash, permit, about, saw, held, watch: None };
        Ok(MayUndo { allowed, import, kept: told, beyond })
    }

    fn plan_of(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        import: &storage::Import,
        going: &[&Imported],
    ) -> Result<ErasurePlan, No> {
        let tenant = &acting.asked.tenant;
        let kinds = self.kinds(&acting.tenant.service).ok_or(No::Missing)?;
        let whole = whole(kind);
        let mut persons = BTreeMap::new();
        for one in going.iter().filter(|_| whole) {
            let has = self.store.key_classes(tenant, &one.head.person).map_err(failed)?;
            let goes = |class: &RetentionClass| kinds.erasure_of(class) == Erasure::Goes;
            let (classes, keeps) = has.into_iter().partition(goes);
            let person = one.head.person;
            persons
                .insert(person, PersonGoing { person, subject: kind.subject.clone(), classes, keeps, account: false });
        }
        let mut records: Vec<(RecordId, u64)> = going.iter().map(|one| (one.head.record, one.head.version)).collect();
        records.sort_unstable();
        let opens_as = kind.states.first();
        let open = going.iter().filter(|one| opens_as.is_some() && one.head.state.as_ref() == opens_as).count() as u64;
        let why = if whole { Why::Key } else { Why::Deleted };
        let goes = PlannedRecords {
            kind: kind.name.clone(),
            subject: kind.subject.clone(),
            records,
            why,
            open,
            unlisted: None,
        };
        Ok(ErasurePlan {
            kind: kind.name.clone(),
            record: import.id,
            person: import.by,
            whole,
            persons: persons.into_values().collect(),
            goes: Some(goes).filter(|goes| !goes.records.is_empty()).into_iter().collect(),
            stays: Vec::new(),
            against: Vec::new(),
            import: Some(import.id),
            figures: None,
        })
    }

    /// All that the erasure reaches; the committer compares it with the head.
    fn reached_by(&self, acting: &Acting<'_>, kind: &Kind, going: &[&Imported]) -> Result<Vec<Reached>, No> {
        let tenant = &acting.asked.tenant;
        let reached = if whole(kind) {
            let persons: Vec<PersonId> = going.iter().map(|one| one.head.person).collect();
            self.store.reached(tenant, &persons, &[])
        } else {
            let records: Vec<RecordId> = going.iter().map(|one| one.head.record).collect();
            self.store.reached(tenant, &[], &records)
        };
        reached.map_err(failed)
    }

    /// Of persons who came with the import those of whom there is more by now than the record that it made.
    fn several(&self, acting: &Acting<'_>, kind: &Kind, records: &[Imported]) -> Result<BTreeSet<PersonId>, No> {
        if !whole(kind) {
            return Ok(BTreeSet::new());
        }
        let all: Vec<&Imported> = records.iter().collect();
        let mut count: BTreeMap<PersonId, usize> = BTreeMap::new();
        for one in self.reached_by(acting, kind, &all)? {
            *count.entry(one.person).or_default() += 1;
        }
        Ok(count.into_iter().filter(|(_, count)| *count > 1).map(|(person, _)| person).collect())
    }

    /// The records against whose erasure a legal hold stands.
    fn held_of(&self, acting: &Acting<'_>, kind: &Kind, records: &[Imported]) -> Result<BTreeSet<RecordId>, No> {
        let tenant = &acting.asked.tenant;
        if self.store.holds(tenant, acting.now).is_empty() {
            return Ok(BTreeSet::new());
        }
        let all: Vec<&Imported> = records.iter().collect();
        let mut held = BTreeSet::new();
        for one in self.reached_by(acting, kind, &all)? {
            let persons: &[PersonId] = if whole(kind) { &[one.person] } else { &[] };
            if !self.store.held(tenant, persons, core::slice::from_ref(&one), acting.now).map_err(failed)?.is_empty() {
                held.insert(one.record);
            }
        }
        Ok(held)
    }

    /// The records to which another refers in a field by which it can be found.
    fn referred(
        &self,
        acting: &Acting<'_>,
        kinds: &Kinds,
        kind: &Kind,
        records: &[Imported],
    ) -> Result<BTreeSet<RecordId>, No> {
        let tenant = &acting.asked.tenant;
        let mut referred = BTreeSet::new();
        for other in &kinds.kinds {
            for field in other.fields.iter().filter(|field| field.search == Some(Search::Exact)) {
                if !matches!(&field.holds, FieldType::Reference { to } if *to == kind.name) {
                    continue;
                }
                let place = crate::index::place(&other.name, &field.name);
                for one in records {
                    let text = index_whole(&one.head.record.to_string());
                    let token = self.vault.token(tenant, &place, &text).map_err(closed)?;
                    let found = self.store.with_token(tenant, &other.name, &field.name, &token).map_err(failed)?;
                    if found.iter().any(|by| *by != one.head.record) {
                        referred.insert(one.head.record);
                    }
                }
            }
        }
        Ok(referred)
    }

    /// The categories that these records really hold; all of the kind's where there are none.
    fn held_by(&self, acting: &Acting<'_>, kind: &Kind, records: &[&Imported]) -> Result<Vec<Category>, No> {
        let mut held = BTreeSet::new();
        for one in records {
            let Some(found) = self.store.record(&acting.asked.tenant, &one.head.record).map_err(failed)? else {
                continue;
            };
            held.extend(Vault::holds(&found.sealed).map_err(closed)?.into_iter().map(|(_, category)| category));
        }
        Ok(if held.is_empty() { kind.categories() } else { held.into_iter().collect() })
    }
}
