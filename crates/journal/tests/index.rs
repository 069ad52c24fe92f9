//! *Who looked* gives what a search through every entry would give, over open, just closed and written segments.

#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::path::Path;
use std::sync::Arc;

use journal::faulty::{FaultyDisk, Keep};
use journal::{Appender, Detail, Disk, Entry, EntryKind, EntryRef, Extra, Index, IndexKey, read_entry};
use proptest::prelude::*;
use terms::{Instant, PersonId, RecordId, TenantId};

const DIR: &str = "journal";

/// An act: tenant, actor, how many persons, the first of them, and the case where there is one.
type Act = (u8, u8, u8, u8, Option<u8>);

fn entry((tenant, actor, persons, first, case): Act, index: u64) -> Entry {
    let people = (first..first + persons).map(|n| PersonId([n; 16])).collect();
    let records = (first..first + persons).map(|n| (RecordId([n; 16]), index)).collect();
    let mut detail =
        Detail { actor: Some(PersonId([actor; 16])), case: case.map(|case| RecordId([case; 16])), ..Detail::default() };
    let lists = detail.name(people, records);
    let extra = Extra { operations: None, lists };
    Entry::new(TenantId([tenant; 16]), index, EntryKind::Act, Instant(0), detail, &extra, [7; 32])
}

fn matches((tenant, actor, persons, first, case): Act, key: IndexKey) -> bool {
    let (of, id) = match key {
        IndexKey::Tenant(of) => (of, None),
        IndexKey::Actor(of, id) | IndexKey::Person(of, id) => (of, Some(id.0[0])),
        IndexKey::Record(of, id) => (of, Some(id.0[0])),
    };
    let named = |id| (first..first + persons).contains(&id);
    TenantId([tenant; 16]) == of
        && match (key, id) {
            (IndexKey::Actor(..), Some(id)) => actor == id,
            (IndexKey::Person(..), Some(id)) => named(id),
            (IndexKey::Record(..), Some(id)) => named(id) || case == Some(id),
            _ => true,
        }
}

fn keys() -> Vec<IndexKey> {
    let mut keys = Vec::new();
    for tenant in [1, 2, 3].map(|n| TenantId([n; 16])) {
        keys.push(IndexKey::Tenant(tenant));
        for id in [1, 2, 5, 9, 14, 30] {
            keys.push(IndexKey::Actor(tenant, PersonId([id; 16])));
            keys.push(IndexKey::Person(tenant, PersonId([id; 16])));
            keys.push(IndexKey::Record(tenant, RecordId([id; 16])));
        }
    }
    keys
}

/// Compares every key, limit and cursor with a search through `acts`.
fn check(index: &Index, acts: &[(Act, u64, EntryRef)]) {
    for key in keys() {
        let all: Vec<_> = acts.iter().rev().filter(|(act, ..)| matches(*act, key)).collect();
        for limit in [1, 3, usize::MAX] {
            for before in [None, Some(0), Some(4), Some(11)] {
                let expected: Vec<EntryRef> = all
                    .iter()
                    .filter(|(_, at, _)| before.is_none_or(|before| *at < before))
                    .take(limit)
                    .map(|(.., place)| *place)
                    .collect();
                assert_eq!(index.find(key, before, limit).expect("found"), expected, "{key:?} {limit} {before:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn answers_equal_a_search_through_everything(
        acts in proptest::collection::vec((1..3_u8, 1..4_u8, 0..12_u8, 1..20_u8, proptest::option::of(1..20_u8)), 1..90),
        settled in 0..90_usize,
    ) {
        let (dir, disk) = (Path::new(DIR), FaultyDisk::new());
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        let mut appender = Appender::open(dir, Arc::clone(&shared), 4096, None, &mut |_, _| Ok(())).expect("opens");
        let index = Index::open(dir, Arc::clone(&shared)).expect("opens");
        let mut next = [0_u64; 4];
        let mut placed = Vec::new();
        for (n, act) in acts.iter().enumerate() {
            let at = next[usize::from(act.0)];
            next[usize::from(act.0)] += 1;
            let entry = entry(*act, at);
            let appended = appender.append(std::slice::from_ref(&entry)).expect("room");
            let place = appender.sync(appended).expect("synced").entry(0);
            index.add(&entry, place);
            placed.push((*act, at, place));
            if n == settled {
                index.settle().expect("written");
                check(&index, &placed);
            }
        }
        check(&index, &placed);
        for (.., at, place) in &placed {
            prop_assert_eq!(read_entry(dir, &disk, *place).expect("an entry").index, *at);
        }
        // A new start, with what the power left; then with every index file damaged in another way.
        let after = disk.crash(Keep::Nothing);
        check(&Index::open(dir, Arc::new(after.clone())).expect("opens"), &placed);
        for (n, name) in after.list(dir).expect("names").iter().filter(|name| name.ends_with(".index")).enumerate() {
            after.tamper(&dir.join(name), |bytes| match n % 3 {
                0 => bytes.truncate(30),
                1 => bytes[20] ^= 1,
                _ => bytes[8] ^= 1,
            });
        }
        check(&Index::open(dir, Arc::new(after)).expect("opens"), &placed);
    }
}
