//! Anonymising (recital 26): what stays of many persons' records when the records themselves are erased in one act. Counts of groups,
//! by fields that the kind names, and of no group that is smaller than the agreement lets it be.
//!
//! A pure function of what was counted, so that it can be shown before it is done, tested, and hashed with the plan of the erasure
//! that it is a part of. Not here: who may (`processing`), and the erasing, which is an erasure like every other.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use terms::{ClauseId, FieldName, Hash, Instant, KindName, PersonId, RecordId};

use crate::{Against, PlannedRecords};

/// Most records that one act anonymises. It is one entry and one writing, for which all other writings wait.
pub const MAX_ANONYMISED: usize = 10_000;

/// Of what a kind's figures are made, as its `figures` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresOf {
    /// The rule of the agreement, `[anonymising.RULE]`.
    pub rule: String,
    /// By which fields records are counted, in this order.
    pub by: Vec<CountedBy>,
    /// Only records in this state; any where none is named.
    pub state: Option<String>,
}

/// A field that records are counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedBy {
    /// The field: a choice, or a date.
    pub field: FieldName,
    /// For a date: into what it is made coarser.
    pub coarse: Option<Coarse>,
}

/// Into what a date is made coarser before anything is counted by it. A day would mostly be one person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coarse {
    /// `2026-11`.
    Month,
    /// `2026-Q4`.
    Quarter,
    /// `2026`.
    Year,
}

impl Coarse {
    /// All, with the word that kinds write.
    pub const ALL: [(&'static str, Self); 3] =
        [("month", Self::Month), ("quarter", Self::Quarter), ("year", Self::Year)];

    /// A date, made coarser; nothing where the text is no date.
    #[must_use]
    pub fn of(self, date: &str) -> Option<String> {
        let (year, rest) = date.split_once('-')?;
        let month: u8 = rest.split('-').next()?.parse().ok()?;
        if year.len() != 4 || !year.bytes().all(|digit| digit.is_ascii_digit()) || !(1..=12).contains(&month) {
            return None;
        }
        Some(match self {
            Self::Month => format!("{year}-{month:02}"),
            Self::Quarter => format!("{year}-Q{}", month.div_ceil(3)),
            Self::Year => year.to_owned(),
        })
    }
}

/// What was counted of one group before anything is left out: of how many records, and whose. Never kept.
#[derive(Default)]
pub struct GroupCounted {
    /// Records.
    pub records: u64,
    /// Whose.
    pub persons: BTreeSet<PersonId>,
}

/// What stays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Figures {
    /// The rule of the agreement, `anonymising.RULE`.
    #[n(0)]
    pub rule: String,
    /// Its clause.
    #[n(1)]
    pub clause: ClauseId,
    /// The clause's number as printed.
    #[n(2)]
    pub number: String,
    /// Of how many persons each figure is at least.
    #[n(3)]
    pub at_least: u64,
    /// Records that were written last before this instant.
    #[n(4)]
    pub before: Instant,
    /// By which fields was counted.
    #[n(5)]
    pub by: Vec<FieldName>,
    /// The groups that are large enough, by their values.
    #[n(6)]
    pub groups: Vec<FigureGroup>,
    /// How many groups leave nothing: those that are too small, and those left out so that what is missing is of enough persons too.
    #[n(7)]
    pub small: u64,
    /// How many records those are of.
    #[n(8)]
    pub small_records: u64,
    /// Whether they are left out here, since the agreement does not show them to whoever reads this, or for another purpose. Never so
    /// where they are kept.
    #[cbor(n(9), default)]
    pub withheld: bool,
}

/// A figure: how many records, of how many persons.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FigureGroup {
    /// The value of each field, as stored; empty where the record had none.
    #[n(0)]
    pub values: Vec<String>,
    /// How many records.
    #[n(1)]
    pub records: u64,
    /// Of how many persons.
    #[n(2)]
    pub persons: u64,
}

impl Figures {
    /// The same with nothing of what was counted, for whom they are not shown to.
    #[must_use]
    pub fn without_counts(self) -> Self {
        Self { groups: Vec::new(), small: 0, small_records: 0, withheld: true, ..self }
    }

    /// The bytes, CBOR.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes; nothing where they are of another form.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}

/// The groups that may stay, and how many leave nothing with how many records.
///
/// A group of fewer than `at_least` persons leaves nothing. What is left out can be reckoned from how many records went in all, so it
/// must be of enough persons too: until it is, the smallest group that would stay is left out with it.
#[must_use]
pub fn large_enough(counted: BTreeMap<Vec<String>, GroupCounted>, at_least: u64) -> (Vec<FigureGroup>, u64, u64) {
    let is_small = |persons: usize| (persons as u64) < at_least;
    let (mut stays, mut leaves): (Vec<_>, Vec<_>) =
        counted.into_iter().partition(|(_, group)| !is_small(group.persons.len()));
    let mut missing: BTreeSet<PersonId> = leaves.iter().flat_map(|(_, group)| group.persons.iter().copied()).collect();
    while !leaves.is_empty() && is_small(missing.len()) {
        let smallest = stays.iter().enumerate().min_by_key(|(_, (_, group))| (group.persons.len(), group.records));
        let Some((place, _)) = smallest else { break };
        let group = stays.remove(place);
        missing.extend(group.1.persons.iter().copied());
        leaves.push(group);
    }
    let records = leaves.iter().map(|(_, group)| group.records).sum();
    let figure = |(values, group): (Vec<String>, GroupCounted)| FigureGroup {
        values,
        records: group.records,
        persons: group.persons.len() as u64,
    };
    (stays.into_iter().map(figure).collect(), leaves.len() as u64, records)
}

/// What anonymising would do, as far as anybody may know it before it is done: how many records go, and by what they are counted.
///
/// Nothing in it depends on what any record holds. Plans may be asked for of every day, and two that differ by one record would tell
/// of that one whatever they tell of the groups: its group where they name groups, whether it is alone in it where they number them.
/// Nor does it say of how many persons the records are: less than the persons of all groups by one, that is one who is in two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnonymisingPlan {
    /// Of which kind.
    pub kind: KindName,
    /// Records that were written last before this instant.
    pub before: Instant,
    /// How many go, kind by kind; none is listed.
    pub goes: Vec<PlannedRecords>,
    /// How many stay of what belongs to them, kind by kind; none is listed.
    pub stays: Vec<PlannedRecords>,
    /// What stands against it: nothing is anonymised while it does.
    pub against: Vec<Against>,
    /// The rule of the agreement, `anonymising.RULE`.
    pub rule: String,
    /// Its clause.
    pub clause: ClauseId,
    /// The clause's number as printed.
    pub number: String,
    /// Of how many persons each figure will be at least.
    pub at_least: u64,
    /// By which fields is counted.
    pub by: Vec<FieldName>,
}

impl AnonymisingPlan {
    /// How many records go.
    #[must_use]
    pub fn count_going(&self) -> u64 {
        self.goes.iter().map(PlannedRecords::count).sum()
    }
}

/// A wish to anonymise, after its plan was shown.
#[derive(Debug, Clone)]
pub struct ToAnonymise<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Records that were written last before this.
    pub before: Instant,
    /// The hash of the plan that was shown.
    pub plan: Hash,
}

/// Figures that stayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiguresKept {
    /// The erasure that they were made with; its certificate has this id.
    pub id: RecordId,
    /// Of which kind.
    pub kind: KindName,
    /// When.
    pub made: Instant,
    /// The figures.
    pub figures: Figures,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, records: u64, persons: core::ops::Range<u8>) -> (Vec<String>, GroupCounted) {
        let persons = persons.map(|n| PersonId([n; 16])).collect();
        (vec![name.to_owned()], GroupCounted { records, persons })
    }

    /// What stays of groups, by name, and how many leave nothing with how many records.
    fn stays(groups: Vec<(Vec<String>, GroupCounted)>, at_least: u64) -> (Vec<String>, u64, u64) {
        let (stays, small, records) = large_enough(groups.into_iter().collect(), at_least);
        assert!(stays.iter().all(|one| one.persons >= at_least));
        (stays.into_iter().map(|one| one.values.concat()).collect(), small, records)
    }

    #[test]
    fn a_group_that_is_too_small_leaves_nothing_and_cannot_be_reckoned_from_the_rest() {
        let name = |text: &str| vec![text.to_owned()];
        assert_eq!(stays(vec![group("a", 9, 0..5), group("b", 7, 5..12)], 5), ([name("a"), name("b")].concat(), 0, 0));
        // Both small ones together are of enough persons.
        assert_eq!(stays(vec![group("a", 9, 0..5), group("b", 3, 5..8), group("c", 2, 8..10)], 5), (name("a"), 2, 5));
        // One person alone would be told by the sum: the smallest other group goes with it.
        assert_eq!(
            stays(vec![group("a", 9, 0..5), group("b", 20, 0..9), group("c", 1, 20..21)], 5),
            (name("b"), 2, 10)
        );
        // The same person twice is one person.
        assert_eq!(
            stays(vec![group("a", 9, 0..6), group("b", 1, 7..8), group("c", 1, 7..8)], 5),
            (Vec::<String>::new(), 3, 11)
        );
        assert_eq!(stays(vec![group("a", 1, 0..1)], 5), (Vec::<String>::new(), 1, 1));
        assert_eq!(stays(Vec::new(), 5), (Vec::<String>::new(), 0, 0));
    }

    #[test]
    fn what_is_left_out_is_of_enough_persons_or_nothing_stays_whatever_the_groups() {
        // Every way to put some persons into three groups.
        for code in 0..4_u32.pow(7) {
            let mut groups: BTreeMap<Vec<String>, GroupCounted> = BTreeMap::new();
            for person in 0..7_u32 {
                let place = code / 4_u32.pow(person) % 4;
                if place < 3 {
                    let group = groups.entry(vec![place.to_string()]).or_default();
                    group.records += 1;
                    group.persons.insert(PersonId([person as u8; 16]));
                }
            }
            let all: u64 = groups.values().map(|one| one.records).sum();
            let (stays, small, missing) = large_enough(groups, 3);
            assert!(stays.iter().all(|one| one.persons >= 3), "{code}");
            assert_eq!(stays.iter().map(|one| one.records).sum::<u64>() + missing, all, "{code}");
            assert!(small == 0 || missing >= 3 || stays.is_empty(), "{code}");
        }
    }

    #[test]
    fn a_date_is_made_coarser_and_what_is_no_date_is_nothing() {
        let made = |coarse: Coarse| coarse.of("2026-11-21");
        assert_eq!(made(Coarse::Month).as_deref(), Some("2026-11"));
        assert_eq!(made(Coarse::Quarter).as_deref(), Some("2026-Q4"));
        assert_eq!(made(Coarse::Year).as_deref(), Some("2026"));
        for wrong in ["", "2026", "2026-13-01", "åååå-01-01", "26-01-01", "2026-x-01"] {
            assert_eq!(Coarse::Month.of(wrong), None, "{wrong}");
        }
    }
}
