//! One suite for every engine: what the committer may hand in, in any order, and after each group every question.
//!
//! The generator keeps the committer's promises (a record's version is the one before plus one; no login name is given
//! twice), since applying cannot refuse. What engines do beyond them is not part of the port.

use std::collections::BTreeMap;
use std::path::Path;

use journal::Position;
use proptest::prelude::*;
use proptest::sample::select;
use storage::{
    AdoptedFile, ApiKey, Batch, Confirming, EndHold, Engine, Erase, ErasePortion, Find, Hold, HoldScope, HouseRow,
    Import, Invitation, Item, LookedAt, Model, Notice, NoticeSeen, Op, PersonGoes, PurgedLog, PutAccount, PutFile,
    PutRecord, ReadText, Restrict, RowKind, SeeNotice, Session, SetAside, Sqlite, Tenant, TokensOf,
};
use terms::{
    AgreementHash, ClauseId, FieldName, FileId, Hash, Instant, KindName, PersonId, Purpose, RecordId, RetentionClass,
    Role, ServiceName, TenantId,
};

use crate::house;
use crate::house::{sealed, sealed_account};

/// Few of everything, so that they meet. The first of each is all zeros, and the last is never written.
const TENANTS: u8 = 4;
const RECORDS: u8 = 6;
const PERSONS: u8 = 4;
const TOKENS: u8 = 4;
const KINDS: [&str; 3] = ["note", "person", "case"];
const FIELDS: [&str; 3] = ["word", "name", "unique"];
const STATES: [&str; 2] = ["open", "closed"];
const CLASSES: [&str; 2] = ["service", "claims"];

#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a few hundred of them live for the time of a test")]
enum Change {
    Record {
        record: u8,
        kind: usize,
        person: u8,
        parent: Option<u8>,
        state: Option<&'static str>,
        keep_past: bool,
        tokens: BTreeMap<usize, Vec<u8>>,
        once: Option<u8>,
        bytes: Vec<u8>,
        class: usize,
    },
    KeptFile {
        record: u8,
        person: u8,
        field: usize,
        version: u8,
        file: Option<u8>,
        small: Option<u8>,
        keep_past: bool,
    },
    Tenant {
        name: String,
        number: Option<String>,
        provider: bool,
    },
    Account {
        person: u8,
        login: Option<u8>,
        totp: Option<Vec<u8>>,
        record: Option<u8>,
    },
    Session {
        token: u8,
        person: u8,
        ends: i64,
    },
    EndAccount(u8),
    Erase {
        id: u8,
        persons: Vec<(u8, usize)>,
        records: Vec<u8>,
        complete: bool,
    },
    Portion {
        id: u8,
        records: Vec<u8>,
        files: u8,
    },
    Restrict {
        person: u8,
        until: Option<i64>,
    },
    Lift(u8),
    UsedCode {
        person: u8,
        step: u32,
    },
    EndSession(u8),
    EndSessionsOf(u8),
    EndSessionsBefore(i64),
    Agreement {
        hash: u8,
        text: String,
    },
    Import {
        id: u8,
        parent: Option<u8>,
        ended: Option<i64>,
    },
    Adoption {
        of: u8,
        from: i64,
        hash: u8,
    },
    Row(HouseRow),
    EndCredentialsOf(u8),
    KeyUsed {
        id: u8,
        hour: i64,
    },
    EndHold(u8),
    LetGo {
        record: u8,
        version: u8,
        field: usize,
    },
    BringBack(u8),
    SeeNotice {
        id: u8,
        tenant: u8,
        person: u8,
        read: bool,
    },
    File {
        of: u8,
        from: i64,
        text: String,
    },
}

/// One entry: whose, how much later, and what it changes.
type Written = (u8, i64, Vec<Change>);

fn change() -> impl Strategy<Value = Change> {
    let record = (
        (0..RECORDS - 1, 0..KINDS.len() - 1, 0..PERSONS - 1, proptest::option::of(0..RECORDS - 1)),
        (proptest::option::of(select(&STATES[..])), any::<bool>(), proptest::option::of(0..TOKENS)),
        proptest::collection::btree_map(0..FIELDS.len(), proptest::collection::vec(0..TOKENS - 1, 0..3), 0..3),
        (proptest::collection::vec(any::<u8>(), 0..5), 0..CLASSES.len()),
    );
    let record =
        record.prop_map(|((record, kind, person, parent), (state, keep_past, once), tokens, (bytes, class))| {
            Change::Record { record, kind, person, parent, state, keep_past, tokens, once, bytes, class }
        });
    prop_oneof![
        6 => record,
        3 => ((0..RECORDS - 1, 0..PERSONS - 1, 0..FIELDS.len()), (1..4_u8, proptest::option::weighted(0.8, 0..9_u8),
            proptest::option::of(0..9_u8)), any::<bool>())
            .prop_map(|((record, person, field), (version, file, small), keep_past)| {
                Change::KeptFile { record, person, field, version, file, small, keep_past }
            }),
        1 => (".{0,6}", proptest::option::of(".{0,6}"), any::<bool>())
            .prop_map(|(name, number, provider)| Change::Tenant { name, number, provider }),
        3 => (0..PERSONS - 1, proptest::option::weighted(0.8, 0..6_u8), proptest::option::of(any::<[u8; 2]>()),
            proptest::option::of(0..RECORDS))
            .prop_map(|(person, login, totp, record)| Change::Account { person, login, totp: totp.map(Vec::from), record }),
        1 => (0..PERSONS).prop_map(Change::EndAccount),
        2 => (0..3_u8, proptest::collection::vec((0..PERSONS, 0..CLASSES.len()), 0..3),
            proptest::collection::vec(0..RECORDS, 0..3), any::<bool>())
            .prop_map(|(id, persons, records, complete)| Change::Erase { id, persons, records, complete }),
        1 => (0..3_u8, proptest::collection::vec(0..RECORDS, 0..3), 0..3_u8)
            .prop_map(|(id, records, files)| Change::Portion { id, records, files }),
        1 => (0..PERSONS, proptest::option::of(ends())).prop_map(|(person, until)| Change::Restrict { person, until }),
        1 => (0..PERSONS).prop_map(Change::Lift),
        1 => (0..PERSONS, any::<u32>()).prop_map(|(person, step)| Change::UsedCode { person, step }),
        2 => (0..4_u8, 0..PERSONS - 1, ends()).prop_map(|(token, person, ends)| Change::Session { token, person, ends }),
        1 => (0..4_u8).prop_map(Change::EndSession),
        1 => (0..PERSONS).prop_map(Change::EndSessionsOf),
        1 => ends().prop_map(Change::EndSessionsBefore),
        1 => (0..3_u8, ".{0,6}").prop_map(|(hash, text)| Change::Agreement { hash, text }),
        1 => (0..3_u8, proptest::option::of(0..RECORDS), proptest::option::of(-5..5_i64))
            .prop_map(|(id, parent, ended)| Change::Import { id, parent, ended }),
        2 => (0..TENANTS, -50..50_i64, 0..4_u8).prop_map(|(of, from, hash)| Change::Adoption { of, from, hash }),
        3 => row().prop_map(Change::Row),
        1 => (0..PERSONS).prop_map(Change::EndCredentialsOf),
        1 => (0..4_u8, -3..3_i64).prop_map(|(id, hour)| Change::KeyUsed { id, hour }),
        1 => (0..4_u8).prop_map(Change::EndHold),
        2 => (0..RECORDS - 1, 1..4_u8, 0..FIELDS.len())
            .prop_map(|(record, version, field)| Change::LetGo { record, version, field }),
        1 => (0..4_u8).prop_map(Change::BringBack),
        1 => (0..4_u8, 0..TENANTS - 1, 0..PERSONS - 1, any::<bool>())
            .prop_map(|(id, tenant, person, read)| Change::SeeNotice { id, tenant, person, read }),
        1 => (0..TENANTS, -50..50_i64, ".{0,6}").prop_map(|(of, from, text)| Change::File { of, from, text }),
    ]
}

const ROW_KINDS: [RowKind; 11] = [
    RowKind::Key,
    RowKind::Invitation,
    RowKind::Notice,
    RowKind::NoticeSeen,
    RowKind::LookedAt,
    RowKind::Hold,
    RowKind::ReadText,
    RowKind::Confirming,
    RowKind::SetAside,
    RowKind::Purged,
    RowKind::Leaving,
];

/// Rows of the house, few of each.
fn row() -> impl Strategy<Value = HouseRow> {
    let some = (0..10_u8, 0..4_u8, 0..TENANTS - 1, 0..PERSONS - 1, proptest::option::of(-3..3_i64));
    some.prop_map(|(kind, id, tenant, person, at)| {
        let (home, person, at) = (tenant_id(tenant), PersonId([person; 16]), at.map(Instant));
        let (role, record, name) = (Role::new("worker").unwrap(), record_id(id), field_name(usize::from(id % 3)));
        let instant = Instant(i64::from(id));
        match kind {
            0 => HouseRow::Key(ApiKey {
                id: [id; 16],
                hash: Hash([id; 32]),
                person,
                home,
                role,
                name,
                made: instant,
                ends: instant,
                used: at,
                ended: at,
            }),
            1 => HouseRow::Invitation(Invitation {
                token: Hash([id; 32]),
                home,
                person,
                role,
                record: Some(record),
                by: None,
                made: instant,
                ends: instant,
                ended: at,
            }),
            2 => HouseRow::Notice(Notice {
                id: [id; 16],
                provider: home,
                by: person,
                to: None,
                made: instant,
                effective: None,
                subject: ("a".to_owned(), "b".to_owned()),
                text: ("c".to_owned(), "d".to_owned()),
            }),
            3 => HouseRow::NoticeSeen(NoticeSeen {
                notice: [id; 16],
                tenant: home,
                person,
                delivered: instant,
                read: at,
            }),
            4 => {
                HouseRow::LookedAt(LookedAt { tenant: home, record, version: 1, field: name, by: person, at: instant })
            }
            5 => HouseRow::Hold(Hold {
                id: record_id(id),
                tenant: home,
                scope: match id {
                    0 => HoldScope::Customer,
                    1 => HoldScope::Kind { kind: kind_name(0) },
                    2 => HoldScope::Person { person, kind: kind_name(0), record },
                    _ => HoldScope::Record { record, kind: kind_name(0), person },
                },
                by: person,
                clause: ClauseId::new("a").unwrap(),
                agreement: AgreementHash([id; 32]),
                ground: "legal-claims".to_owned(),
                since: instant,
                until: at,
                untold: false,
                words: None,
                ended: None,
            }),
            6 => HouseRow::ReadText(ReadText { id: record, home, sealed: vec![id; usize::from(person.0[0])] }),
            7 => HouseRow::SetAside(SetAside {
                id: record_id(id),
                tenant: home,
                kind: kind_name(0),
                record,
                person,
                persons: if id % 2 == 0 { vec![person] } else { Vec::new() },
                records: vec![record],
                by: person,
                purpose: Purpose::new("provide").unwrap(),
                clause: ClauseId::new("a").unwrap(),
                agreement: AgreementHash([id; 32]),
                since: instant,
                until: at.unwrap_or(instant),
            }),
            8 => HouseRow::Purged(PurgedLog {
                tenant: home,
                at: instant,
                before: at.unwrap_or(instant),
                entries: u64::from(person.0[0]),
                agreement: AgreementHash([id; 32]),
                clause: ClauseId::new("a").unwrap(),
            }),
            _ => HouseRow::Confirming(Confirming {
                id: record,
                home,
                by: person,
                begun: instant,
                last_by: person,
                last: instant,
                revision: u64::from(id),
                done: 1,
                of: 2,
                ended: at,
                sealed: vec![id],
            }),
        }
    })
}

/// Few enough to be met exactly, and the ends of time.
fn ends() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -2..3_i64, 1 => Just(i64::MIN), 1 => Just(i64::MAX), 1 => any::<i64>()]
}

/// What the committer has promised so far.
#[derive(Default)]
struct Promised {
    versions: BTreeMap<(u8, u8), u64>,
    whose: BTreeMap<(u8, u8), (u8, usize)>,
    logins: BTreeMap<u8, u8>,
    sizes: BTreeMap<u8, u64>,
    groups: u64,
    now: i64,
}

impl Promised {
    fn batch(&mut self, written: &[Written]) -> Batch {
        let items = written.iter().map(|(tenant, later, changes)| {
            self.now += later;
            let size = self.sizes.entry(*tenant).or_default();
            *size += 1;
            let index = *size - 1;
            let ops = changes.iter().filter_map(|change| self.op(*tenant, change)).collect();
            Item { tenant: tenant_id(*tenant), index, time: Instant(self.now), ops }
        });
        let items = items.collect();
        self.groups += 1;
        Batch { position: Position { segment: 1 + self.groups / 3, offset: self.groups * 64 }, items }
    }

    fn op(&mut self, tenant: u8, change: &Change) -> Option<Op> {
        Some(match change.clone() {
            Change::Record { record, kind, person, parent, state, keep_past, tokens, once, bytes, class } => {
                let version = self.versions.entry((tenant, record)).or_default();
                *version += 1;
                // Whose a record is and of which class is said once; a record that was erased does not come again.
                let (person, class) = *self.whose.entry((tenant, record)).or_insert((person, class));
                let person = PersonId([person; 16]);
                let tokens = tokens.into_iter().map(|(field, tokens)| TokensOf {
                    field: field_name(field),
                    unique: false,
                    tokens: tokens.into_iter().map(|token| sealed(person, [token; 32])).collect(),
                });
                Op::PutRecord(PutRecord {
                    record: record_id(record),
                    kind: kind_name(kind),
                    version: *version,
                    person,
                    parent: parent.map(record_id),
                    state: state.map(str::to_owned),
                    author: PersonId([9; 16]),
                    sealed: bytes,
                    keep_past,
                    tokens: tokens.collect(),
                    once: once.map(|key| [key; 32]),
                    once_of: once.map(|key| [key.wrapping_add(1); 32]),
                    class: class_name(class),
                })
            }
            Change::KeptFile { record, person, field, version, file, small, keep_past } => Op::PutFile(PutFile {
                record: record_id(record),
                person: PersonId([person; 16]),
                field: field_name(field),
                version: u64::from(version),
                file: file.map(|file| FileId([file; 16])),
                small: small.map(|small| FileId([small; 16])),
                keep_past,
            }),
            Change::Tenant { name, number: registration_number, provider } => {
                let service = ServiceName::new("register").unwrap();
                Op::PutTenant(Tenant { id: tenant_id(tenant), name, registration_number, service, provider })
            }
            Change::Account { person, login, totp, record } => {
                if let Some(login) = login {
                    if self.logins.iter().any(|(other, theirs)| *other != person && *theirs == login) {
                        return None;
                    }
                    self.logins.insert(person, login);
                }
                let person = PersonId([person; 16]);
                let mut secrets = sealed_account(person, [login.unwrap_or(0); 32], "hash");
                // Without a login name it is one that was read back after its person's key was gone.
                secrets.bare.take_if(|_| login.is_none());
                let (role, record) = (Role::new("worker").unwrap(), record.map(record_id));
                Op::PutAccount(PutAccount { person, home: tenant_id(tenant), role, record, secrets, totp })
            }
            // Some a second time: then everywhere.
            Change::Erase { id, complete: true, persons, .. } if persons.len() > 1 => {
                Op::UnusableEverywhere { id: record_id(id), stage: vec![id; 4] }
            }
            Change::Erase { id, complete: true, .. } => {
                Op::CompleteErasure { id: record_id(id), certificate: vec![id; 3] }
            }
            Change::Erase { id, persons, records, complete: false } => {
                let goes =
                    |(person, class)| PersonGoes { person: PersonId([person; 16]), classes: vec![class_name(class)] };
                let persons = persons.into_iter().map(goes).collect();
                let records = records.into_iter().map(record_id).collect();
                let in_portions = id == 1;
                Op::Erase(Erase { id: record_id(id), persons, records, plan: vec![id; 2], in_portions })
            }
            Change::Portion { id, records, files } => Op::ErasePortion(ErasePortion {
                id: record_id(id),
                records: records.into_iter().map(record_id).collect(),
                files: files.into(),
                waiting: (0..files / 2).map(|n| FileId([n; 16])).collect(),
            }),
            Change::Restrict { person, until } => Op::Restrict(Restrict {
                person: PersonId([person; 16]),
                by: PersonId([9; 16]),
                clause: ClauseId::new("7.1").unwrap(),
                why: "accuracy-contested".to_owned(),
                until: until.map(Instant),
            }),
            Change::Lift(person) => Op::Lift(PersonId([person; 16])),
            Change::EndAccount(person) => Op::EndAccount(PersonId([person; 16])),
            Change::UsedCode { person, step } => Op::UsedCode { person: PersonId([person; 16]), step: u64::from(step) },
            Change::Session { token, person, ends } => Op::PutSession(Session {
                token: [token; 32],
                person: PersonId([person; 16]),
                home: tenant_id(tenant),
                begun: Instant(self.now),
                ends: Instant(ends),
            }),
            Change::EndSession(token) => Op::EndSession([token; 32]),
            Change::EndSessionsOf(person) => Op::EndSessionsOf(PersonId([person; 16])),
            Change::EndSessionsBefore(instant) => Op::EndSessionsBefore(Instant(instant)),
            Change::Agreement { hash, text } => Op::PutAgreement { hash: AgreementHash([hash; 32]), text },
            Change::Import { id, parent, ended } => Op::PutImport(Import {
                id: record_id(id),
                kind: kind_name(0),
                parent: parent.map(record_id),
                by: PersonId([9; 16]),
                begun: Instant(self.now),
                rows: u64::from(id) + 1,
                ended: ended.map(Instant),
                undone: ended.filter(|at| *at > 0).map(Instant),
            }),
            Change::Row(row) => Op::PutRow(row),
            Change::EndCredentialsOf(person) => Op::EndCredentialsOf(PersonId([person; 16])),
            Change::KeyUsed { id, hour } => Op::KeyUsed { id: [id; 16], hour: Instant(hour) },
            Change::BringBack(id) => Op::BringBack(record_id(id)),
            Change::LetGo { record, version, field } => {
                let (record, version) = (record_id(record), u64::from(version));
                let file = storage::FileOfVersion { record, version, field: field_name(field) };
                Op::LetGo(storage::LetGo { versions: vec![(record, version)], files: vec![file] })
            }
            Change::EndHold(id) => {
                let clause = ClauseId::new("b").unwrap();
                Op::EndHold(EndHold { id: record_id(id), by: None, clause })
            }
            Change::SeeNotice { id, tenant, person, read } => {
                let (tenant, person) = (tenant_id(tenant), PersonId([person; 16]));
                Op::SeeNotice(SeeNotice { notice: [id; 16], tenant, person, read })
            }
            Change::File { of, from, text } => Op::AdoptFile(AdoptedFile {
                tenant: tenant_id(of),
                from: Instant(self.now + from),
                hash: Hash([text.len() as u8; 32]),
                text,
            }),
            Change::Adoption { of, from, hash } => Op::AdoptAgreement {
                tenant: tenant_id(of),
                from: Instant(self.now + from),
                hash: AgreementHash([hash; 32]),
            },
        })
    }
}

fn tenant_id(n: u8) -> TenantId {
    TenantId([n; 16])
}

fn record_id(n: u8) -> RecordId {
    RecordId([n; 16])
}

fn kind_name(n: usize) -> KindName {
    KindName::new(KINDS[n]).unwrap()
}

fn class_name(n: usize) -> RetentionClass {
    RetentionClass::new(CLASSES[n]).unwrap()
}

fn field_name(n: usize) -> FieldName {
    FieldName::new(FIELDS[n]).unwrap()
}

/// Asks both the same, and demands the same answer. Accounts hide their secrets from `Debug`, so equality is asked apart.
macro_rules! same {
    ($judge:expr, $engine:expr, $ask:ident($($with:expr),*)) => {
        let (expected, found) = ($judge.$ask($($with),*).unwrap(), $engine.$ask($($with),*).unwrap());
        prop_assert!(
            expected == found,
            "{} {:?}: the judge says {expected:?}, the engine {found:?}",
            stringify!($ask), ($($with,)*)
        );
    };
}

fn agree(judge: &dyn Engine, engine: &dyn Engine) -> Result<(), TestCaseError> {
    same!(judge, engine, applied());
    same!(judge, engine, sizes());
    same!(judge, engine, tenants());
    same!(judge, engine, adopted());
    same!(judge, engine, adopted_files());
    same!(judge, engine, unfinished_erasures());
    same!(judge, engine, erasures_here_alone());
    same!(judge, engine, restrictions());
    same!(judge, engine, all_files());
    for by in [i64::MIN, -1, 0, 1, i64::MAX] {
        same!(judge, engine, sessions_over(Instant(by)));
    }
    for n in 0..8 {
        same!(judge, engine, session(&[n; 32]));
        same!(judge, engine, account_by_login(&[n; 32]));
        same!(judge, engine, agreement_text(&AgreementHash([n; 32])));
        same!(judge, engine, account(&PersonId([n; 16])));
        for kind in ROW_KINDS {
            same!(judge, engine, row(kind, &[n; 16]));
            same!(judge, engine, row(kind, &[n; 32]));
        }
    }
    let places: Vec<_> = (0..TENANTS)
        .flat_map(|tenant| (0..RECORDS).map(move |record| (tenant_id(tenant), RecordId([record; 16]))))
        .collect();
    same!(judge, engine, versions(&places));
    for tenant in (0..TENANTS).map(tenant_id) {
        same!(judge, engine, tenant(&tenant));
        same!(judge, engine, accounts(&tenant));
        for kind in ROW_KINDS {
            same!(judge, engine, rows(kind, &tenant));
            // What is found by customer and instant.
            for at in 0..4_i64 {
                same!(judge, engine, row(kind, &[&tenant.0[..], &at.to_be_bytes()].concat()));
            }
        }
        same!(judge, engine, with_past(&tenant));
        same!(judge, engine, imports(&tenant));
        same!(judge, engine, erasures(&tenant));
        let (persons, records) = ([PersonId([0; 16]), PersonId([2; 16])], [record_id(1)]);
        let none: [RecordId; 0] = [];
        same!(judge, engine, reached(&tenant, &persons, &none));
        same!(judge, engine, reached(&tenant, &persons[..1], &records));
        let goes = |person: &PersonId| PersonGoes {
            person: *person,
            classes: CLASSES.iter().enumerate().map(|(n, _)| class_name(n)).collect(),
        };
        let erase = Erase {
            id: record_id(0),
            persons: persons.iter().map(goes).collect(),
            records: records.to_vec(),
            plan: Vec::new(),
            in_portions: false,
        };
        for goes in &erase.persons {
            same!(judge, engine, leaving_rows(&tenant, goes, None::<&RecordId>, 2));
            same!(judge, engine, leaving_rows(&tenant, goes, Some(&record_id(1)), 9));
        }
        same!(judge, engine, left(&tenant, &erase, &[record_id(0), record_id(1), record_id(2)]));
        for person in 0..PERSONS {
            same!(judge, engine, files_of_person(&tenant, &PersonId([person; 16])));
        }
        for record in (0..RECORDS).map(record_id) {
            same!(judge, engine, record(&tenant, &record));
            same!(judge, engine, past(&tenant, &record));
            same!(judge, engine, files_of_record(&tenant, &record));
        }
        for key in 0..=TOKENS {
            same!(judge, engine, once(&tenant, &[key; 32]));
        }
        for kind in (0..KINDS.len()).map(kind_name) {
            for field in (0..FIELDS.len()).map(field_name) {
                for token in 0..TOKENS {
                    same!(judge, engine, with_token(&tenant, &kind, &field, &[token; 32]));
                }
                for record in (0..RECORDS).map(record_id) {
                    same!(judge, engine, tokens_of(&tenant, &record, &field));
                }
                let tokens: Vec<[u8; 32]> = (0..TOKENS).rev().chain([0]).map(|token| [token; 32]).collect();
                same!(judge, engine, with_tokens(&tenant, &kind, &field, &tokens, usize::MAX));
            }
            let some: Vec<RecordId> = (0..RECORDS).rev().step_by(2).chain([0]).map(record_id).collect();
            same!(judge, engine, records(&tenant, &some));
            same!(judge, engine, under(&tenant, &kind, &some, usize::MAX));
            for find in finds(&kind) {
                same!(judge, engine, find(&tenant, &find));
            }
        }
    }
    Ok(())
}

fn finds(kind: &KindName) -> impl Iterator<Item = Find> + '_ {
    let parents = [None, Some(0), Some(2), Some(RECORDS - 1)];
    let states = [None, Some("open"), Some("gone")];
    let ends = [(None, 0), (None, 2), (None, usize::MAX), (Some(0), 1), (Some(2), usize::MAX), (Some(RECORDS), 9)];
    parents.into_iter().flat_map(move |parent| {
        states.into_iter().flat_map(move |state| {
            ends.into_iter().map(move |(after, limit)| Find {
                kind: kind.clone(),
                parent: parent.map(record_id),
                state: state.map(str::to_owned),
                after: after.map(record_id),
                limit,
            })
        })
    })
}

fn open(folder: &Path) -> Sqlite {
    Sqlite::open_guarded(&folder.join("state.db"), std::sync::Arc::new(house::Marked)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_engine_answers_as_the_model_does(groups in proptest::collection::vec(
        (proptest::collection::vec((0..TENANTS - 1, 0..9_i64, proptest::collection::vec(change(), 0..4)), 0..6), any::<bool>()),
        1..6,
    )) {
        let folder = house::folder();
        let judge = Model::new();
        let mut engine = open(folder.path());
        let mut promised = Promised::default();
        agree(&judge, &engine)?;
        for (written, reopened) in &groups {
            let batch = promised.batch(written);
            judge.apply(&batch).unwrap();
            engine.apply(&batch).unwrap();
            if *reopened {
                drop(engine);
                engine = open(folder.path());
            }
            agree(&judge, &engine)?;
        }
    }
}

/// The committer never lets it come to this; should an old journal hold it, both do the same.
#[test]
fn a_login_name_that_comes_twice_is_the_later_ones() {
    let folder = house::folder();
    let engines: [Box<dyn Engine>; 2] = [Box::new(Model::new()), Box::new(open(folder.path()))];
    for engine in engines {
        let mut promised = Promised::default();
        let account = |person| Change::Account { person, login: Some(3), totp: None, record: None };
        engine.apply(&promised.batch(&[(1, 0, vec![account(1)])])).unwrap();
        promised.logins.clear();
        engine.apply(&promised.batch(&[(2, 0, vec![account(2)])])).unwrap();
        let holder = engine.account_by_login(&[3; 32]).unwrap().map(|account| account.person);
        assert_eq!(holder, Some(PersonId([2; 16])));
        assert!(engine.account(&PersonId([1; 16])).unwrap().is_none());
    }
}

#[test]
fn a_state_of_an_older_schema_is_begun_anew_and_one_of_a_newer_is_left_alone() {
    let folder = house::folder();
    let path = folder.path().join("state.db");
    let engine = Sqlite::open(&path).unwrap();
    engine.apply(&Promised::default().batch(&[(1, 0, Vec::new())])).unwrap();
    drop(engine);
    // The version that SQLite keeps for its user lies at offset 60 of the file, big-endian.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&1_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let engine = Sqlite::open(&path).unwrap();
    assert_eq!((engine.applied().unwrap(), engine.sizes().unwrap()), (None, Vec::new()), "an older one");
    drop(engine);
    bytes[60..64].copy_from_slice(&77_u32.to_be_bytes());
    std::fs::write(&path, &bytes).unwrap();
    assert!(Sqlite::open(&path).is_err(), "what a newer program wrote is not thrown away");
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "nor touched");
}
