//! Content goes back to random instants of a random history, and is exactly what it was; what came since is still in the journal,
//! no number of a version is used twice, and an instant that there never was is refused before anything is touched.

use std::collections::{BTreeMap, BTreeSet};

use storage::{BackError, Fingerprint, Op, Store, Wanted, WentBack};
use terms::{Instant, RecordId, TenantId};

use crate::house::{self, NORTH, SOUTH, Site, all, field, kind, log, put, read, record, with_token, write};

/// What a customer has: of each record what it says, its token, and how many versions were before.
type Content = BTreeMap<(TenantId, RecordId), (Vec<u8>, Vec<[u8; 32]>)>;

fn content(store: &Store) -> Content {
    let mut content = Content::new();
    for tenant in [NORTH, SOUTH] {
        for one in all(store, tenant) {
            let tokens = store.tokens_of(&tenant, &one.record, &field()).unwrap();
            for token in tokens.iter() {
                let found = store.with_token(&tenant, &kind(), &field(), token).unwrap();
                assert!(found.contains(&one.record));
            }
            content.insert((tenant, one.record), (one.sealed, tokens.to_vec()));
        }
    }
    content
}

/// The same numbers in the same order for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

async fn back(site: &Site, store: &Store, to: Instant, tenant: Option<TenantId>) -> WentBack {
    let stays = |_: &TenantId, _: &terms::KindName| false;
    let plan = store.back_to(&Wanted { to, tenant, stays: &stays }, &site.tokens).unwrap();
    for ops in plan.changes.values() {
        let named: BTreeSet<RecordId> = ops
            .iter()
            .filter_map(|op| match op {
                Op::PutBack(back) => Some(back.put.record),
                Op::Withdraw(record) => Some(*record),
                _ => None,
            })
            .collect();
        assert_eq!(named.len(), ops.len(), "each record once");
    }
    store.go_back(to, plan).await.unwrap()
}

/// How often it went back, and how often operations were taken out of the journal.
async fn history(seed: u64, steps: u64) -> (u64, u64) {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let mut store = site.begun().await;
    let mut dice = Dice(seed);
    // What there was from each instant on, and the greatest number of a version that each record ever had.
    let mut was: Vec<(Instant, Content)> = vec![(store.now(), content(&store))];
    let mut greatest: BTreeMap<(TenantId, RecordId), u64> = BTreeMap::new();
    let (mut went, mut stripped) = (0, 0);
    for step in 0..steps {
        site.clock.by_micros(1 + dice.roll(5_000_000) as i64);
        let tenant = if dice.roll(3) == 0 { SOUTH } else { NORTH };
        let note = |store: &Store, greatest: &mut BTreeMap<(TenantId, RecordId), u64>| {
            for tenant in [NORTH, SOUTH] {
                for one in all(store, tenant) {
                    let before = greatest.entry((tenant, one.record)).or_default();
                    assert!(one.version >= *before, "a number is never used twice");
                    *before = one.version.max(*before);
                }
            }
        };
        match dice.roll(13) {
            0..=6 => {
                let n = dice.roll(12) as u8;
                let version = store.record(&tenant, &record(n)).unwrap().map_or(0, |one| one.version) + 1;
                // Ids are random: what was withdrawn is never made again, only put back.
                if version == 1 && greatest.contains_key(&(tenant, record(n))) {
                    continue;
                }
                let mut one = put(n, version);
                one.put.sealed.extend(step.to_be_bytes());
                one.put.keep_past = n.is_multiple_of(2);
                if version == 1 || dice.roll(2) == 0 {
                    one = with_token(one, false, dice.roll(40) as u8);
                }
                if write(&store, tenant, one).await.is_err() {
                    continue;
                }
            }
            7 => {
                let Some(one) = all(&store, tenant).first().cloned() else { continue };
                let n = (0..12).find(|n| record(*n) == one.record).unwrap();
                read(&store, tenant, n, one.version).await.unwrap();
            }
            8 => {
                // Opened again, the state made anew.
                drop(store);
                if dice.roll(2) == 0 {
                    for file in ["state.db", "state.db-wal", "state.db-shm"] {
                        drop(std::fs::remove_file(folder.path().join(file)));
                    }
                }
                store = site.open().unwrap();
                assert_eq!(Some(&content(&store)), was.last().map(|(_, content)| content), "seed {seed}, step {step}");
            }
            10 => {
                let one = store.snapshot(&site.tokens).unwrap().unwrap();
                store.try_snapshot(&one, &site.tokens).unwrap();
            }
            11 => {
                // The oldest one of several goes, and with it what only it needs.
                let all = store.snapshots().unwrap();
                let [.., before, oldest] = all.as_slice() else { continue };
                store.cover(before.at).unwrap();
                store.remove_snapshot(oldest).unwrap();
                store.strip().unwrap();
                stripped += 1;
            }
            12 => store.end_segment(),
            _ => {
                let (from, _) = was[0];
                let span = store.now().micros() - from.micros();
                let to = Instant(from.micros() + dice.roll(span.max(1) as u64) as i64);
                let (_, then) = was.iter().rev().find(|(since, _)| *since <= to).unwrap();
                let alone = (dice.roll(3) == 0).then_some(tenant);
                let mut expected = then.clone();
                if let Some(alone) = alone {
                    expected.retain(|(whose, _), _| *whose == alone);
                    expected.extend(content(&store).into_iter().filter(|((whose, _), _)| *whose != alone));
                }
                // The last group lies before it, where nothing happened since.
                let window = storage::window(&folder.path().join("journal")).unwrap();
                if to > window.1 {
                    continue;
                }
                if to < window.0 {
                    let stays = |_: &TenantId, _: &terms::KindName| false;
                    let refused = store.back_to(&Wanted { to, tenant: alone, stays: &stays }, &site.tokens);
                    assert!(
                        matches!(refused, Err(BackError::Outside { first, .. }) if first == window.0),
                        "seed {seed}"
                    );
                    continue;
                }
                let entries = log(&store, NORTH).await.len() + log(&store, SOUTH).await.len();
                let done = back(&site, &store, to, alone).await;
                assert_eq!(content(&store), expected, "seed {seed}, step {step}");
                assert!(done.commit <= to);
                assert!(
                    log(&store, NORTH).await.len() + log(&store, SOUTH).await.len() >= entries,
                    "nothing is cut off"
                );
                went += 1;
            }
        }
        note(&store, &mut greatest);
        was.push((store.now(), content(&store)));
    }
    let oldest = store.snapshots().unwrap().pop();
    let held = store.fingerprint().unwrap();
    drop(store);
    // What the journal alone gives is the same, row by row.
    let rebuilt = house::folder();
    let (journal, state) = (folder.path().join("journal"), rebuilt.path().join("state.db"));
    let from = oldest.filter(|_| stripped > 0).map(|one| one.rows_in(folder.path()));
    let again = storage::rebuild(&journal, from.as_deref(), None, &state, &site.tokens).unwrap();
    same(&held, &again);
    let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none(), "{:?}", report.fault);
    (went, stripped)
}

/// Entries that change nothing are told to the state later; how long the logs are is all that may differ.
fn same(held: &Fingerprint, again: &Fingerprint) {
    assert_eq!(held.counts, again.counts);
}

#[tokio::test]
async fn content_is_exactly_what_it_was_at_random_instants_of_random_histories() {
    // Fifty and more instants; `GOING_BACK=1000` runs so many histories.
    let histories = std::env::var("GOING_BACK").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let (mut went, mut stripped) = (0, 0);
    for seed in 1..=histories {
        let (back, gone) = history(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed), 120).await;
        went += back;
        stripped += gone;
    }
    println!("{went} instants, {stripped} times operations were taken out");
    assert!(went >= 50 && stripped >= 10, "{went} instants, {stripped} times operations were taken out");
}

#[tokio::test]
async fn an_instant_before_the_first_group_or_after_the_last_is_refused_with_the_window() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    let before = (content(&store), log(&store, NORTH).await.len());
    let stays = |_: &TenantId, _: &terms::KindName| false;
    for to in [Instant(0), store.now().plus_seconds(3600)] {
        let refused = store.back_to(&Wanted { to, tenant: None, stays: &stays }, &site.tokens);
        let Err(BackError::Outside { first, last }) = refused else { panic!("it was not refused") };
        assert!(first <= last && last <= store.now());
    }
    assert_eq!((content(&store), log(&store, NORTH).await.len()), before);
}

#[tokio::test]
async fn consents_stay_and_the_erased_stay_away() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let store = site.begun().await;
    for n in 1..4 {
        write(&store, NORTH, with_token(put(n, 1), false, n)).await.unwrap();
    }
    let then = store.now();
    site.clock.by_micros(1_000_000);
    for n in 1..4 {
        write(&store, NORTH, with_token(put(n, 2), false, n + 50)).await.unwrap();
    }
    let now = content(&store);
    let stays = |_: &TenantId, one: &terms::KindName| *one == kind();
    let plan = store.back_to(&Wanted { to: then, tenant: None, stays: &stays }, &site.tokens).unwrap();
    assert!(plan.changes.is_empty());
    // A person without a key is not put back, whatever the journal still holds.
    drop(store);
    let keys = house::open_keys(folder.path()).unwrap();
    let person = put(1, 1).put.person;
    keys.destroy(&NORTH, &person, &[put(1, 1).put.class]).unwrap();
    drop(keys);
    site.tokens.gone = Some(person);
    let store = site.open().unwrap();
    let nobody = |_: &TenantId, _: &terms::KindName| false;
    let plan = store.back_to(&Wanted { to: then, tenant: None, stays: &nobody }, &site.tokens).unwrap();
    assert!(plan.changes.is_empty(), "all of them are that person's");
    assert_eq!(content(&store).len(), now.len());
}

#[tokio::test]
async fn what_is_held_is_not_withdrawn_and_what_it_says_now_stays_as_an_earlier_version() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    let then = store.now();
    site.clock.by_micros(1_000_000);
    write(&store, NORTH, put(1, 2)).await.unwrap();
    write(&store, NORTH, put(2, 1)).await.unwrap();
    let (first, second) = (put(1, 1).put.record, put(2, 1).put.record);
    let nobody = |_: &TenantId, _: &terms::KindName| false;
    let wanted = || Wanted { to: then, tenant: None, stays: &nobody };
    let withdrawn = |store: &storage::Store| {
        let plan = store.back_to(&wanted(), &site.tokens).unwrap();
        plan.changes.values().flatten().any(|op| matches!(op, storage::Op::Withdraw(record) if *record == second))
    };
    assert!(withdrawn(&store));
    let hold = storage::Hold {
        id: terms::RecordId([9; 16]),
        tenant: NORTH,
        scope: storage::HoldScope::Customer,
        by: put(1, 1).put.author,
        clause: terms::ClauseId::new("end").unwrap(),
        agreement: terms::AgreementHash([1; 32]),
        ground: "legal-claims".to_owned(),
        since: store.now(),
        until: None,
        untold: false,
        words: None,
        ended: None,
    };
    let detail = journal::Detail { event: Some("test".to_owned()), ..journal::Detail::default() };
    let op = storage::HouseOp::PutRow(storage::HouseRow::Hold(hold));
    store.event(NORTH, detail, vec![op]).await.unwrap();
    assert!(!withdrawn(&store), "a hold is of now, and going back is no way round it");
    let before = store.past(&NORTH, &first).unwrap().len();
    let back = store.back_to(&wanted(), &site.tokens).unwrap();
    store.go_back(then, back).await.unwrap();
    assert_eq!(store.past(&NORTH, &first).unwrap().len(), before + 1);
    assert!(store.record(&NORTH, &second).unwrap().is_some());
    // The hold itself is authority, and stands.
    assert_eq!(store.holds(&NORTH, store.now()).len(), 1);
}

#[tokio::test]
async fn after_an_update_a_snapshot_of_the_form_before_still_leads_back() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    for n in 1..=4 {
        write(&store, NORTH, with_token(put(n, 1), false, n)).await.unwrap();
    }
    site.clock.by_micros(1_000_000);
    let (was, to) = (content(&store), store.now());
    let mut one = store.snapshot(&site.tokens).unwrap().unwrap();
    site.clock.by_micros(1_000_000);
    store.end_segment();
    for n in 1..=4 {
        write(&store, NORTH, put(n, 2)).await.unwrap();
    }
    drop(store);
    // As the program before made it.
    one.form = storage::Schema::VERSION - 1;
    let signer = journal::SigningKey::from_seed(&journal::key_name(&[7; 16]), &[9; 32]).unwrap();
    std::fs::write(one.note_in(folder.path()), one.sign(&signer)).unwrap();
    let store = site.open().unwrap();
    store.cover(one.at).unwrap();
    store.strip().unwrap().unwrap();
    assert_eq!(store.snapshots().unwrap(), [one]);
    back(&site, &store, to, None).await;
    assert_eq!(content(&store), was);
}
