//! The plans of many records as one plan: everybody once, each record once, and what stays of one does not stay where it goes with
//! another. What it takes grows with how much there is, and no faster.
//!
//! Not here: what the plan of one record says (`erasure_plan.rs`), and of which records (`anonymise.rs`).

use std::collections::{BTreeMap, BTreeSet};

use service::{Against, ErasurePlan, Kinds, PersonGoing, PlannedRecords, Why};
use terms::{KindName, PersonId, RecordId, SubjectCategory};

/// Records of one fate, in their versions, with their data subjects.
#[derive(Default)]
struct Fate(BTreeMap<(KindName, Why), (SubjectOf, BTreeMap<RecordId, u64>)>);

/// The data subjects of a kind; none only as long as nothing is in it.
type SubjectOf = Option<SubjectCategory>;

impl Fate {
    fn add(&mut self, parts: Vec<PlannedRecords>) {
        for part in parts {
            let (subject, records) = self.0.entry((part.kind, part.why)).or_default();
            subject.get_or_insert(part.subject);
            records.extend(part.records);
        }
    }

    /// In the order of the service's own file. How many are open is not counted: of a few that would be said of each.
    fn in_order(mut self, kinds: &Kinds) -> Vec<PlannedRecords> {
        let mut all = Vec::new();
        for kind in &kinds.kinds {
            for why in [Why::Key, Why::Deleted, Why::WithoutName, Why::KindStays] {
                let Some((Some(subject), records)) = self.0.remove(&(kind.name.clone(), why)) else { continue };
                if !records.is_empty() {
                    let (kind, records) = (kind.name.clone(), records.into_iter().collect());
                    all.push(PlannedRecords { kind, subject, records, why, open: 0, unlisted: None });
                }
            }
        }
        all
    }
}

/// What is gathered so far.
#[derive(Default)]
pub(crate) struct Together {
    persons: BTreeMap<PersonId, PersonGoing>,
    goes: Fate,
    stays: Fate,
    against: Vec<Against>,
    /// As bytes, by which they are told apart.
    seen: BTreeSet<Vec<u8>>,
}

impl Together {
    /// One more.
    pub(crate) fn add(&mut self, one: ErasurePlan) {
        for goes in one.persons {
            self.persons.entry(goes.person).or_insert(goes);
        }
        self.goes.add(one.goes);
        self.stays.add(one.stays);
        for against in one.against {
            // Writing to a Vec cannot fail.
            if self.seen.insert(minicbor::to_vec(&against).unwrap_or_default()) {
                self.against.push(against);
            }
        }
    }

    /// All of it, in a plan that says of whom nothing yet.
    pub(crate) fn into_plan(mut self, kinds: &Kinds, plan: ErasurePlan) -> ErasurePlan {
        let going: BTreeSet<RecordId> = self.goes.0.values().flat_map(|(_, of)| of.keys().copied()).collect();
        for (_, records) in self.stays.0.values_mut() {
            records.retain(|record, _| !going.contains(record));
        }
        ErasurePlan {
            persons: self.persons.into_values().collect(),
            goes: self.goes.in_order(kinds),
            stays: self.stays.in_order(kinds),
            against: self.against,
            ..plan
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use service::TooFew;
    use terms::ClauseId;

    use super::*;

    const KINDS: &str = include_str!("../../../services/senseworks/kinds.toml");

    fn id(number: u32) -> RecordId {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        RecordId(id)
    }

    fn records(kind: &str, why: Why, of: &[u32]) -> PlannedRecords {
        PlannedRecords {
            kind: KindName::new(kind).unwrap(),
            subject: SubjectCategory::new("user").unwrap(),
            records: of.iter().map(|number| (id(*number), 1)).collect(),
            why,
            open: 1,
            unlisted: None,
        }
    }

    fn plan(goes: Vec<PlannedRecords>, stays: Vec<PlannedRecords>) -> ErasurePlan {
        let few = |persons| {
            let clause = ClauseId::new("purpose-develop").unwrap();
            Against::TooFew(TooFew { persons, at_least: 5, clause, number: "1".to_owned() })
        };
        ErasurePlan {
            kind: KindName::new("use-of-service").unwrap(),
            record: RecordId([0; 16]),
            person: PersonId([9; 16]),
            whole: false,
            persons: Vec::new(),
            goes,
            stays,
            against: vec![few(1), few(2)],
            import: None,
            figures: None,
        }
    }

    #[test]
    fn each_record_is_in_it_once_and_what_goes_with_another_does_not_stay() {
        let kinds = Kinds::read("kinds.toml", KINDS).unwrap();
        let of = "use-of-service";
        let mut all = Together::default();
        all.add(plan(vec![records(of, Why::Deleted, &[3, 1])], vec![records("comment", Why::KindStays, &[7, 8])]));
        all.add(plan(vec![records(of, Why::Deleted, &[2, 3]), records("comment", Why::Deleted, &[7])], Vec::new()));
        all.add(plan(vec![records("comment", Why::Deleted, &[8])], Vec::new()));
        let made = all.into_plan(&kinds, plan(Vec::new(), Vec::new()));
        let mut goes: Vec<(&str, Vec<RecordId>, u64)> = made
            .goes
            .iter()
            .map(|one| (one.kind.as_str(), one.records.iter().map(|(record, _)| *record).collect(), one.open))
            .collect();
        goes.sort();
        assert_eq!(goes, [("comment", vec![id(7), id(8)], 0), (of, vec![id(1), id(2), id(3)], 0)]);
        assert!(made.stays.is_empty());
        assert_eq!(made.against, plan(Vec::new(), Vec::new()).against, "the same stands against it once");
    }

    #[test]
    fn thousands_are_gathered_in_a_time_that_grows_with_them_and_not_with_their_square() {
        let kinds = Kinds::read("kinds.toml", KINDS).unwrap();
        let began = Instant::now();
        let mut all = Together::default();
        for number in 0..30_000 {
            let stays = vec![records("comment", Why::KindStays, &[100_000 + number])];
            all.add(plan(vec![records("use-of-service", Why::Deleted, &[number])], stays));
        }
        let made = all.into_plan(&kinds, plan(Vec::new(), Vec::new()));
        assert_eq!((made.count_going(), made.stays.len()), (30_000, 1));
        // With the square of it this took many minutes.
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    }
}
