//! What an entry tells to those who may read it: who did what, about whom, under which clause, with which outcome.
//!
//! A detail is never a value of personal data and never a search term. It holds pseudonyms, names that the agreement or the
//! service chose, counts and hashes. What does not fit (an act on many persons) lies in the [`Extra`] beside it.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use terms::{
    AgreementHash, Category, ClauseId, FieldName, Hash, KindName, PersonId, Purpose, RecordId, Role, SubjectCategory,
    SubprocessorId, Verb,
};

use crate::entry::{FormatError, read_cbor, sha256, write_cbor};

/// How many persons or records a detail names; above that it holds their count and hash.
pub const FEW: usize = 8;

/// The detail of an act, a refusal or an event: a CBOR map with the numbers below as keys; what is empty is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct Detail {
    /// How it went.
    #[n(0)]
    pub outcome: Outcome,
    /// What was asked for.
    #[n(1)]
    pub verb: Option<Verb>,
    /// Who asked.
    #[n(2)]
    pub actor: Option<PersonId>,
    /// As what.
    #[n(3)]
    pub role: Option<Role>,
    /// Why.
    #[n(4)]
    pub purpose: Option<Purpose>,
    /// Within which case.
    #[n(5)]
    pub case: Option<RecordId>,
    /// The version of the agreement that governed it.
    #[n(6)]
    pub agreement: Option<AgreementHash>,
    /// The clause that permits it or stands against it.
    #[n(7)]
    pub clause: Option<ClauseId>,
    /// The kind of record.
    #[n(8)]
    pub kind: Option<KindName>,
    /// The category of the data subjects.
    #[n(9)]
    pub subject: Option<SubjectCategory>,
    /// The fields that were asked for.
    #[n(10)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub fields: Vec<FieldName>,
    /// The categories of personal data that were processed.
    #[n(11)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// The categories that the agreement withheld.
    #[n(12)]
    #[cbor(default, skip_if = "Vec::is_empty")]
    pub withheld: Vec<Category>,
    /// The data subjects.
    #[n(13)]
    #[cbor(default, skip_if = "Persons::is_empty")]
    pub persons: Persons,
    /// The records, each with the version that was read or written.
    #[n(14)]
    #[cbor(default, skip_if = "Records::is_empty")]
    pub records: Records,
    /// Why it was refused: a code of `terms::Reason`, where needed with a parameter after a colon.
    #[n(15)]
    pub reason: Option<String>,
    /// What happened, in a stable word such as `log-in`.
    #[n(16)]
    pub event: Option<String>,
    /// SHA-256(salt ‖ redo), where there is a redo part. Set by [`crate::Entry::new`].
    #[n(17)]
    pub redo_hash: Option<Hash>,
    /// How many, where one entry tells of many: failed log-ins of strangers in a minute.
    #[n(18)]
    pub count: Option<u64>,
    /// To whom it was disclosed.
    #[n(19)]
    pub recipient: Option<SubprocessorId>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    /// It was permitted.
    #[n(1)]
    Granted,
    /// It was refused.
    #[n(2)]
    Refused,
    /// It was not asked: it happened.
    #[default]
    #[n(3)]
    Happened,
}

/// The data subjects of an entry, sorted, each once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Persons {
    /// Up to [`FEW`], by name.
    #[n(0)]
    Few(#[n(0)] Vec<PersonId>),
    /// More: the list lies in [`Lists`].
    #[n(1)]
    Many {
        /// How many.
        #[n(0)]
        count: u64,
        /// SHA-256 of the sorted pseudonyms, 16 bytes each.
        #[n(1)]
        hash: Hash,
    },
}

/// The records of an entry, sorted, each once, with the version that was read or written.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Records {
    /// Up to [`FEW`].
    #[n(0)]
    Few(#[n(0)] Vec<(RecordId, u64)>),
    /// More: the list lies in [`Lists`].
    #[n(1)]
    Many {
        /// How many.
        #[n(0)]
        count: u64,
        /// SHA-256 of the sorted list: per record its 16 bytes and its version as `u64`, big-endian.
        #[n(1)]
        hash: Hash,
    },
}

/// The redo part of an entry: `[operations | null, lists | null]`. The detail's `redo_hash` covers it whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Extra {
    /// The storage operations, opaque here; sealed values only.
    #[n(0)]
    pub operations: Option<ByteVec>,
    /// The lists that do not fit into the detail.
    #[n(1)]
    pub lists: Option<Lists>,
}

/// The full lists behind [`Persons::Many`] and [`Records::Many`]; what fits into the detail is empty here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct Lists {
    /// The data subjects, sorted.
    #[n(0)]
    pub persons: Vec<PersonId>,
    /// The records, sorted.
    #[n(1)]
    pub records: Vec<(RecordId, u64)>,
}

impl Detail {
    /// Names persons and records, by themselves or by count and hash. The lists that come back belong into the [`Extra`].
    #[must_use]
    pub fn name(&mut self, persons: Vec<PersonId>, records: Vec<(RecordId, u64)>) -> Option<Lists> {
        let mut lists = Lists::default();
        (self.persons, lists.persons) = Persons::of(persons);
        (self.records, lists.records) = Records::of(records);
        (lists != Lists::default()).then_some(lists)
    }

    /// The persons, from the detail or from its lists. Empty when the lists are missing.
    #[must_use]
    pub fn persons<'a>(&'a self, lists: Option<&'a Lists>) -> &'a [PersonId] {
        match (&self.persons, lists) {
            (Persons::Few(persons), _) => persons,
            (Persons::Many { .. }, Some(lists)) => &lists.persons,
            (Persons::Many { .. }, None) => &[],
        }
    }

    /// The records with versions, from the detail or from its lists. Empty when the lists are missing.
    #[must_use]
    pub fn records<'a>(&'a self, lists: Option<&'a Lists>) -> &'a [(RecordId, u64)] {
        match (&self.records, lists) {
            (Records::Few(records), _) => records,
            (Records::Many { .. }, Some(lists)) => &lists.records,
            (Records::Many { .. }, None) => &[],
        }
    }

    /// Whether there are more persons or records than the detail names itself.
    #[must_use]
    pub const fn needs_lists(&self) -> bool {
        matches!(self.persons, Persons::Many { .. }) || matches!(self.records, Records::Many { .. })
    }

    /// Whether `lists` are the ones that count and hash of this detail speak of.
    #[must_use]
    pub fn fits(&self, lists: &Lists) -> bool {
        let persons = match &self.persons {
            Persons::Few(_) => lists.persons.is_empty(),
            many @ Persons::Many { .. } => Persons::of(lists.persons.clone()) == (many.clone(), lists.persons.clone()),
        };
        let records = match &self.records {
            Records::Few(_) => lists.records.is_empty(),
            many @ Records::Many { .. } => Records::of(lists.records.clone()) == (many.clone(), lists.records.clone()),
        };
        persons && records
    }

    /// The CBOR map.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        write_cbor(self, &mut bytes);
        bytes
    }

    /// Reads a detail that fills `bytes`.
    ///
    /// # Errors
    /// [`FormatError`] when the bytes are anything else than one detail.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        read_cbor("detail", bytes)
    }
}

impl Persons {
    /// The persons as a detail holds them, and the list to be kept beside it where they are many.
    #[must_use]
    pub fn of(mut persons: Vec<PersonId>) -> (Self, Vec<PersonId>) {
        persons.sort_unstable();
        persons.dedup();
        if persons.len() <= FEW {
            return (Self::Few(persons), Vec::new());
        }
        let parts: Vec<&[u8]> = persons.iter().map(|person| person.bytes().as_slice()).collect();
        (Self::Many { count: persons.len() as u64, hash: sha256(&parts) }, persons)
    }

    /// How many persons.
    #[must_use]
    pub const fn count(&self) -> u64 {
        match self {
            Self::Few(persons) => persons.len() as u64,
            Self::Many { count, .. } => *count,
        }
    }

    /// Whether nobody is named.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

impl Records {
    /// The records as a detail holds them, and the list to be kept beside it where they are many.
    #[must_use]
    pub fn of(mut records: Vec<(RecordId, u64)>) -> (Self, Vec<(RecordId, u64)>) {
        records.sort_unstable();
        records.dedup();
        if records.len() <= FEW {
            return (Self::Few(records), Vec::new());
        }
        let bytes: Vec<u8> = records
            .iter()
            .flat_map(|(record, version)| record.bytes().iter().copied().chain(version.to_be_bytes()))
            .collect();
        (Self::Many { count: records.len() as u64, hash: sha256(&[&bytes]) }, records)
    }

    /// How many records.
    #[must_use]
    pub const fn count(&self) -> u64 {
        match self {
            Self::Few(records) => records.len() as u64,
            Self::Many { count, .. } => *count,
        }
    }

    /// Whether none is named.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

impl Default for Persons {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Default for Records {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Extra {
    /// The bytes of the redo part, or `None` when there is nothing to hold.
    #[must_use]
    pub fn encode(&self) -> Option<Vec<u8>> {
        if self.operations.is_none() && self.lists.is_none() {
            return None;
        }
        let mut bytes = Vec::with_capacity(16 + self.operations.as_ref().map_or(0, |operations| operations.len()));
        write_cbor(self, &mut bytes);
        Some(bytes)
    }

    /// Reads a redo part that fills `bytes`.
    ///
    /// # Errors
    /// [`FormatError`] when the bytes are anything else than one redo part.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        read_cbor("redo part", bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(count: u8) -> Vec<PersonId> {
        (0..count).rev().map(|n| PersonId([n; 16])).collect()
    }

    #[test]
    fn eight_persons_are_named_and_nine_are_hashed_with_their_list_beside() {
        let mut detail = Detail::default();
        assert_eq!(detail.name(people(8), Vec::new()), None);
        assert_eq!(detail.persons(None).len(), 8);
        let records: Vec<_> = (0..30).map(|n| (RecordId([n; 16]), u64::from(n))).collect();
        let lists = detail.name(people(9), records).expect("lists");
        assert_eq!((detail.persons.count(), detail.records.count()), (9, 30));
        assert_eq!((detail.persons(Some(&lists)).len(), detail.records(Some(&lists)).len()), (9, 30));
        assert!(detail.fits(&lists));
        let mut other = lists.clone();
        other.persons[3] = PersonId([200; 16]);
        assert!(!detail.fits(&other), "another person does not fit");
        let mut other = lists;
        other.records.swap(0, 1);
        assert!(!detail.fits(&other), "a list out of order does not fit");
    }

    #[test]
    fn a_detail_reads_back_and_an_empty_one_is_two_numbers() {
        let mut detail = Detail {
            outcome: Outcome::Granted,
            verb: Some(Verb::Consult),
            actor: Some(PersonId([1; 16])),
            role: Role::new("case-worker").ok(),
            purpose: Purpose::new("provide").ok(),
            case: Some(RecordId([2; 16])),
            agreement: Some(AgreementHash([3; 32])),
            clause: ClauseId::new("3.2").ok(),
            kind: KindName::new("participant").ok(),
            subject: SubjectCategory::new("participant").ok(),
            fields: FieldName::new("name").into_iter().collect(),
            categories: Category::new("identity").into_iter().collect(),
            withheld: Category::new("health").into_iter().collect(),
            reason: Some("no-rule".to_owned()),
            event: Some("log-in".to_owned()),
            count: Some(3),
            recipient: SubprocessorId::new("cloud").ok(),
            ..Detail::default()
        };
        assert_eq!(detail.name(people(3), vec![(RecordId([9; 16]), 4)]), None);
        assert_eq!(Detail::decode(&detail.encode()), Ok(detail));
        assert_eq!(Detail::default().encode(), [0xa1, 0x00, 0x03]);
        assert_eq!(Detail::decode(&[0xa1, 0x00, 0x03]), Ok(Detail::default()));
        assert!(Detail::decode(&[0xa0]).is_err(), "no outcome");
    }

    #[test]
    fn a_redo_part_reads_back() {
        assert_eq!(Extra::default().encode(), None);
        let lists = Lists { persons: people(2), records: vec![(RecordId([1; 16]), 1)] };
        for extra in [
            Extra { operations: Some(vec![1, 2].into()), lists: None },
            Extra { operations: None, lists: Some(lists.clone()) },
            Extra { operations: Some(vec![].into()), lists: Some(lists) },
        ] {
            let bytes = extra.encode().expect("something to hold");
            assert_eq!(Extra::decode(&bytes), Ok(extra));
        }
    }
}
