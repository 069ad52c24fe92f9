//! What an erasure would do, from the kinds and from what there is: a pure function of both.
//!
//! Access and erasure go by the same map of kinds: whose a record is, what it belongs to, what erasing does to it. Not here:
//! asking whether it may be done, and doing it (`erase.rs`).

use std::collections::{BTreeMap, BTreeSet};

use service::{Against, Erasure, ErasurePlan, Kind, Kinds, Of, PersonGoing, PlannedRecords, Why};
use storage::Reached;
use terms::{KindName, PersonId, RecordId, RetentionClass, SubjectCategory};

/// What a plan is made from.
pub(crate) struct Basis<'a> {
    pub(crate) kinds: &'a Kinds,
    /// The kind of the record that was pointed at, and the record.
    pub(crate) kind: &'a Kind,
    pub(crate) record: &'a Reached,
    /// All that the erasure reaches: of the person, or the record; and what belongs to any of it.
    pub(crate) reached: &'a [Reached],
    /// Of the persons in `reached`: every record of each, to tell who is kept for another reason too.
    pub(crate) elsewhere: &'a BTreeSet<PersonId>,
    /// The classes that each of these persons has keys of.
    pub(crate) classes: &'a BTreeMap<PersonId, Vec<RetentionClass>>,
    /// Who has an account.
    pub(crate) accounts: &'a BTreeSet<PersonId>,
    pub(crate) against: Vec<Against>,
}

/// Whether erasing the record means erasing its person: it is the record that the person is there for.
pub(crate) const fn whole(kind: &Kind) -> bool {
    matches!(kind.of, Of::Itself)
}

/// Records of one fate in their versions, and how many of them are open.
type Alike = (Vec<(RecordId, u64)>, u64);

pub(crate) fn plan(basis: Basis<'_>) -> ErasurePlan {
    let Basis { kinds, kind, record, reached, elsewhere, classes, accounts, against } = basis;
    let whole = whole(kind);
    let of_kind = |name: &KindName| kinds.kind(name);
    let is_own = |one: &Reached| of_kind(&one.kind).is_some_and(|kind| kind.of == Of::Itself);
    // Persons of their own in the file, kept only because of it, go too: a next of kin. Who is kept for another reason stays.
    let mut going: BTreeMap<PersonId, SubjectCategory> = BTreeMap::new();
    if whole {
        going.insert(record.person, kind.subject.clone());
    }
    for one in reached.iter().filter(|one| is_own(one) && !elsewhere.contains(&one.person)) {
        if let Some(own) = of_kind(&one.kind).filter(|_| whole || one.person != record.person) {
            going.entry(one.person).or_insert_with(|| own.subject.clone());
        }
    }
    let persons = going
        .iter()
        .map(|(person, subject)| {
            let has = classes.get(person).map_or(&[][..], Vec::as_slice);
            let goes = |class: &&RetentionClass| kinds.erasure_of(class) == Erasure::Goes;
            PersonGoing {
                person: *person,
                subject: subject.clone(),
                classes: has.iter().filter(goes).cloned().collect(),
                keeps: has.iter().filter(|class| !goes(class)).cloned().collect(),
                account: accounts.contains(person),
            }
        })
        .collect();
    let mut fates: BTreeMap<(bool, KindName, Why), Alike> = BTreeMap::new();
    for one in reached {
        let by_key = going.contains_key(&one.person);
        let goes = kinds.erasure_of(&one.class) == Erasure::Goes;
        let why = match (by_key, goes) {
            (true, true) => Why::Key,
            (true, false) => Why::WithoutName,
            (false, true) => Why::Deleted,
            (false, false) => Why::KindStays,
        };
        let opens_as = of_kind(&one.kind).and_then(|kind| kind.states.first());
        let (records, open) = fates.entry((goes, one.kind.clone(), why)).or_default();
        records.push((one.record, one.version));
        *open += u64::from(opens_as.is_some() && one.state.as_ref() == opens_as);
    }
    let mut plan = ErasurePlan {
        kind: kind.name.clone(),
        record: record.record,
        person: record.person,
        whole,
        persons,
        goes: Vec::new(),
        stays: Vec::new(),
        against,
        import: None,
        figures: None,
    };
    // In the order of the service's own file, as everything is shown.
    for kind in &kinds.kinds {
        for ((goes, name, why), (records, open)) in &fates {
            if *name == kind.name {
                let mut records = records.clone();
                records.sort_unstable();
                let subject = kind.subject.clone();
                let (kind, why, open) = (name.clone(), *why, *open);
                let planned = PlannedRecords { kind, subject, records, why, open, unlisted: None };
                if *goes { plan.goes.push(planned) } else { plan.stays.push(planned) }
            }
        }
    }
    plan
}
