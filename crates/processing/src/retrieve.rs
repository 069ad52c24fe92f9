//! Retrieval: a record with its versions and all that belongs to it, or all that is kept of one person, taken out to be carried
//! away. Each kind of record is an act and an entry of its own, since each is of its own data subjects.
//!
//! What is first asked for decides whether there is an answer at all. A further kind that the agreement refuses this actor is
//! named in the answer with its clause, and entered as refused: an export never looks whole when it is not.

use std::collections::{BTreeMap, BTreeSet};

use service::{Asked, Exported, Held, Kind, No, Opened, Part, Whole};
use storage::{About, Find, StoredRecord};
use terms::{Extent, KindName, PersonId, RecordId, Verb};

use crate::Processing;
use crate::acting::Acting;
use crate::consult::{Beyond, record_about};
use crate::facts::{Gathered, Scope};
use crate::refuse::failed;

/// Most records, with their versions, of one kind in one export. Ours, so that nobody takes the whole program's memory.
const MAX_EXPORTED: usize = 2_000;
/// Records read at a time while a person's are looked for.
const AT_A_TIME: usize = 500;

impl Processing {
    pub(crate) async fn retrieve_whole(
        &self,
        asked: &Asked,
        kind: &KindName,
        record: RecordId,
        whole: Whole,
    ) -> Result<Exported, No> {
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, kind).ok_or(No::Missing)?;
        let first = self.store.record(&asked.tenant, &record).map_err(failed)?.filter(|found| found.kind == kind.name);
        let person = first.as_ref().map(|found| found.person);
        let of_kind = match (whole, person) {
            (_, None) => Vec::new(),
            (Whole::Record, Some(_)) => first.into_iter().collect(),
            (Whole::Person, Some(person)) => self.of_person(asked, kind, person)?,
        };
        let ids: Vec<RecordId> = of_kind.iter().map(|found| found.record).collect();
        let opened = self.take_out(&acting, kind, record, of_kind).await?;
        let Some(person) = person.filter(|_| opened.count() > 0) else { return Err(No::Missing) };
        let mut parts = vec![Part { kind: kind.name.clone(), answer: Ok(opened) }];
        let further = match whole {
            Whole::Record => self.belonging(asked, kind, &ids)?,
            Whole::Person => self.others_of(&acting, kind, person)?,
        };
        for (kind, found) in further {
            let answer = match self.take_out(&acting, kind, record, found).await {
                Ok(opened) => Ok(opened),
                Err(No::Refused(refusal)) => Err(refusal),
                Err(no) => return Err(no),
            };
            parts.push(Part { kind: kind.name.clone(), answer });
        }
        let (holds, conceals) = self.holds_told(&acting, whole, person, record)?;
        Ok(Exported { person, parts, holds, conceals })
    }

    /// The holds over what was taken out that the data subject may be told of, and whether there are others.
    fn holds_told(
        &self,
        acting: &Acting<'_>,
        whole: Whole,
        person: PersonId,
        record: RecordId,
    ) -> Result<(Vec<Held>, bool), No> {
        let tenant = &acting.asked.tenant;
        if self.store.holds(tenant, acting.now).is_empty() {
            return Ok((Vec::new(), false));
        }
        let persons: &[PersonId] = if whole == Whole::Person { &[person] } else { &[] };
        let reached = self.store.reached(tenant, persons, &[record]).map_err(failed)?;
        let mut holds = self.standing(acting.asked, persons, &reached, acting.now)?;
        let conceals = holds.iter().any(|held| held.untold);
        holds.retain(|held| !held.untold);
        Ok((holds, conceals))
    }

    /// Decides, enters and opens these records of one kind in every version that is kept, newest first.
    async fn take_out(
        &self,
        acting: &Acting<'_>,
        kind: &Kind,
        asked_for: RecordId,
        found: Vec<StoredRecord>,
    ) -> Result<Box<dyn Opened>, No> {
        let Gathered { facts, rests_on } = self.facts(acting, Scope::Record(asked_for))?;
        let act = acting.act(Verb::Retrieve, &kind.subject, kind.categories(), Extent::AsPermitted, facts);
        let with_versions = || {
            let mut all = Vec::new();
            for now in found {
                let past = self.store.past(&now.tenant, &now.record).map_err(failed)?;
                all.push(now);
                all.extend(past);
                within_limit(all.len())?;
            }
            Ok(all)
        };
        let about = About { rests_on, ..record_about(asked_for) };
        self.read_as(acting, kind, act, about, Beyond::Refused, with_versions).await
    }

    /// What belongs to these records, kind by kind, and what belongs to that.
    fn belonging<'k>(
        &'k self,
        asked: &Asked,
        kind: &Kind,
        parents: &[RecordId],
    ) -> Result<Vec<(&'k Kind, Vec<StoredRecord>)>, No> {
        let Some(kinds) = self.store.tenant(&asked.tenant).map_err(failed)?.and_then(|one| self.kinds(&one.service))
        else {
            return Ok(Vec::new());
        };
        let mut belonging: Vec<(&Kind, Vec<StoredRecord>)> = Vec::new();
        let mut waiting: Vec<(KindName, Vec<RecordId>)> = vec![(kind.name.clone(), parents.to_vec())];
        // By record and not by kind: a kind may belong to itself, and an erasure goes down all of it.
        let mut met: BTreeSet<RecordId> = parents.iter().copied().collect();
        while let Some((of, parents)) = waiting.pop() {
            for child in kinds.kinds.iter().filter(|child| child.parent.as_ref() == Some(&of)) {
                let mut found = Vec::new();
                for parent in &parents {
                    found.extend(self.pages(asked, child, *parent)?);
                    within_limit(found.len())?;
                }
                found.retain(|record| met.insert(record.record));
                if found.is_empty() {
                    continue;
                }
                waiting.push((child.name.clone(), found.iter().map(|record| record.record).collect()));
                match belonging.iter_mut().find(|(kind, _)| kind.name == child.name) {
                    Some((_, all)) => {
                        all.extend(found);
                        within_limit(all.len())?;
                    }
                    None => belonging.push((child, found)),
                }
            }
        }
        Ok(belonging)
    }

    /// The person's records of every other kind.
    fn others_of<'k>(
        &'k self,
        acting: &Acting<'_>,
        but: &Kind,
        person: PersonId,
    ) -> Result<Vec<(&'k Kind, Vec<StoredRecord>)>, No> {
        let mut theirs = self.all_of_person(acting.asked, person)?;
        let kinds = self.kinds(&acting.tenant.service).map(|kinds| kinds.kinds.iter()).into_iter().flatten();
        Ok(kinds
            .filter(|kind| kind.name != but.name)
            .filter_map(|kind| theirs.remove(&kind.name).map(|found| (kind, found)))
            .collect())
    }

    /// The records of a kind that are this person's.
    fn of_person(&self, asked: &Asked, kind: &Kind, person: PersonId) -> Result<Vec<StoredRecord>, No> {
        Ok(self.all_of_person(asked, person)?.remove(&kind.name).unwrap_or_default())
    }

    /// The person's records, kind by kind. They are found as an erasure finds them, so that what is taken out is what would go,
    /// and so that it does not grow with what others have.
    fn all_of_person(&self, asked: &Asked, person: PersonId) -> Result<BTreeMap<KindName, Vec<StoredRecord>>, No> {
        let reached = self.store.reached(&asked.tenant, &[person], &[]).map_err(failed)?;
        let ids: Vec<RecordId> = reached.iter().filter(|one| one.person == person).map(|one| one.record).collect();
        let mut theirs: BTreeMap<KindName, Vec<StoredRecord>> = BTreeMap::new();
        for some in ids.chunks(AT_A_TIME) {
            for record in self.store.records(&asked.tenant, some).map_err(failed)? {
                let of_kind = theirs.entry(record.kind.clone()).or_default();
                of_kind.push(record);
                within_limit(of_kind.len())?;
            }
        }
        Ok(theirs)
    }

    fn pages(&self, asked: &Asked, kind: &Kind, parent: RecordId) -> Result<Vec<StoredRecord>, No> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let find = Find { kind: kind.name.clone(), parent: Some(parent), state: None, after, limit: AT_A_TIME };
            let page = self.store.find(&asked.tenant, &find).map_err(failed)?;
            let more = page.len() == AT_A_TIME;
            after = page.last().map(|last| last.record);
            all.extend(page);
            within_limit(all.len())?;
            if !more {
                return Ok(all);
            }
        }
    }
}

fn within_limit(count: usize) -> Result<(), No> {
    if count <= MAX_EXPORTED {
        return Ok(());
    }
    Err(No::Unavailable(format!("more than {MAX_EXPORTED} records of one kind; take out smaller parts")))
}
