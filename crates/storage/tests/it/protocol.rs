//! The commit protocol of decision 0002: its order is asserted, and what the committer refuses it refuses.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use journal::faulty::{FaultyDisk, Operation};
use journal::{EntryKind, Outcome, Position, read_group};
use storage::{
    About, ApiKey, Batch, CommitError, Done, Engine, HouseOp, HouseRow, Invitation, Item, LookedAt, Model, Op,
    PutAccount, RowKind, SeeNotice, Session, Sqlite, Step, Store, StoreError,
};
use tempfile::TempDir;
use terms::{Clock, FieldName, Hash, Instant, PersonId, Role, TenantId, Verb};

use crate::house;
use crate::house::{
    ANNA, IN_FORCE, NOON, NORTH, OTHER, SOUTH, STRANGER, Site, WEST, account, adoption, all, begin, event, field, kind,
    log, permit, permit_of, put, read, reading, record, with_once, with_token, write,
};
use crate::together::{Gate, Handed};

/// A house whose committer can be held.
struct Held {
    _folder: TempDir,
    site: Site,
    gate: Gate,
    store: Store,
}

async fn held() -> Held {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let gate = Gate::default();
    let watch = gate.clone();
    site.options.watch = Some(Arc::new(move |step| watch.pass(step)));
    let store = site.begun().await;
    Held { _folder: folder, site, gate, store }
}

/// What somebody saw happen.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Saw {
    /// The committer's step, when so much had been asked of the disk.
    Step(Step, usize),
    /// The answer to the entry with this index.
    Answer { tenant: TenantId, index: u64, writing: bool },
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn append_then_sync_then_readings_then_apply_then_writings() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let disk = FaultyDisk::new();
    let seen: Arc<Mutex<Vec<Saw>>> = Arc::default();
    let (watched, looked) = (Arc::clone(&seen), disk.clone());
    site.options.disk = Arc::new(disk.clone());
    site.options.watch = Some(Arc::new(move |step| {
        let asked = looked.trace().len();
        watched.lock().unwrap().push(Saw::Step(step, asked));
    }));
    let store = Arc::new(site.begun().await);
    let tasks = (0..12_u8).map(|n| {
        let (store, seen) = (Arc::clone(&store), Arc::clone(&seen));
        tokio::spawn(async move {
            let tenant = if n % 2 == 0 { NORTH } else { SOUTH };
            for version in 1..=12 {
                let done = write(&store, tenant, put(n, version)).await.unwrap();
                let entered = done.entered.unwrap();
                seen.lock().unwrap().push(Saw::Answer { tenant, index: entered.index(), writing: true });
                let found = store.record(&tenant, &record(n)).unwrap().unwrap();
                assert_eq!(found.version, version, "what is acknowledged is there for everybody");
                let index = read(&store, tenant, n, version).await.unwrap();
                seen.lock().unwrap().push(Saw::Answer { tenant, index, writing: false });
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    drop(store);
    check_order(&seen.lock().unwrap(), &disk, &folder.path().join("journal"));
}

fn check_order(seen: &[Saw], disk: &FaultyDisk, journal: &Path) {
    let trace = disk.trace();
    let mut group_of: HashMap<(TenantId, u64), Position> = HashMap::new();
    let mut steps: HashMap<Position, Vec<(Step, usize, usize)>> = HashMap::new();
    let mut order = Vec::new();
    for (when, saw) in seen.iter().enumerate() {
        let Saw::Step(step, asked) = *saw else { continue };
        let (Step::Appended(at)
        | Step::Synced(at)
        | Step::ReadingsAnswered(at)
        | Step::KeysDestroyed(at)
        | Step::Applied(at)
        | Step::WritingsAnswered(at)) = step;
        if step == Step::Appended(at) {
            order.push(at);
            for entry in read_group(journal, disk, at).unwrap() {
                group_of.insert((entry.tenant, entry.index), at);
            }
        }
        assert_eq!(order.last(), Some(&at), "one group at a time");
        steps.entry(at).or_default().push((step, when, asked));
    }
    assert!(order.is_sorted(), "groups are appended in the order of the journal");
    let answers = seen.iter().enumerate().filter_map(|(when, saw)| match *saw {
        Saw::Answer { tenant, index, writing } => Some((when, group_of[&(tenant, index)], writing)),
        Saw::Step(..) => None,
    });
    let answers: Vec<_> = answers.collect();
    assert_eq!(answers.len(), 12 * 12 * 2);
    for at in order {
        let of = &steps[&at];
        let names: Vec<Step> = of.iter().map(|(step, ..)| *step).collect();
        let readings = [Step::Appended(at), Step::Synced(at), Step::ReadingsAnswered(at)];
        let writings = [readings.as_slice(), &[Step::Applied(at), Step::WritingsAnswered(at)]].concat();
        let writes = answers.iter().any(|(_, group, writing)| *group == at && *writing);
        assert!(names == writings || (!writes && names == readings), "{names:?}");
        let (synced_when, synced_asked) = (of[1].1, of[1].2);
        for (when, _, writing) in answers.iter().filter(|(_, group, _)| *group == at) {
            assert!(synced_when < *when, "an answer before its group was synced");
            assert!(!writing || of[3].1 < *when, "a writing was answered before it was applied");
        }
        // The same from the disk: the group's write, and a sync of that file after it, before the step `Synced`.
        let file = format!("segment-{:010}.log", at.segment);
        let begins = |offset: u64| offset == at.offset || (offset == 0 && at.offset == 64);
        let written = trace
            .iter()
            .position(|asked| matches!(asked, Operation::Write(name, offset, _) if *name == file && begins(*offset)))
            .expect("the group was written");
        let synced = trace[written..].iter().position(|asked| *asked == Operation::Sync(file.clone())).unwrap();
        assert!(written < of[0].2, "appended before it was written");
        assert!(written + synced < synced_asked, "told as synced before the disk was asked");
    }
}

#[tokio::test]
async fn a_permit_of_an_agreement_that_is_not_in_force_is_refused_and_entered() {
    let folder = house::folder();
    let store = Site::new(folder.path()).begun().await;
    let before = log(&store, NORTH).await.len();
    let foreign = || permit_of(&OTHER, NORTH, Verb::Collect, store.now());
    let refused = store.write(foreign(), About::default(), put(1, 1)).await;
    assert_eq!(refused, Err(CommitError::NotInForce));
    assert!(matches!(store.enter(foreign(), reading(1, 1)).await, Err(CommitError::NotInForce)));
    assert!(store.record(&NORTH, &record(1)).unwrap().is_none(), "nothing was written");
    let log = log(&store, NORTH).await;
    assert_eq!(log.len(), before + 2);
    for entry in &log[before..] {
        assert_eq!((entry.kind, entry.detail.outcome), (EntryKind::Refusal, Outcome::Refused));
        assert_eq!(entry.detail.reason.as_deref(), Some("not-in-force"));
        assert_eq!(entry.detail.agreement, Some(OTHER.hash()));
        assert_eq!((entry.persons.as_slice(), entry.records.as_slice()), (&[ANNA][..], &[(record(1), 1)][..]));
    }
    // The other customer's agreement is in force for him, and not for one who adopted none.
    let nobodys = store.enter(permit_of(&IN_FORCE, WEST, Verb::Consult, store.now()), reading(1, 1)).await;
    assert!(matches!(nobodys, Err(CommitError::NotInForce)));
    event(&store, SOUTH, vec![adoption(&store, SOUTH, &OTHER)]).await.unwrap();
    let superseded = store.write(permit(&store, SOUTH, Verb::Collect), About::default(), put(1, 1)).await;
    assert_eq!(superseded, Err(CommitError::NotInForce));
    write(&store, NORTH, put(1, 1)).await.unwrap();
}

#[tokio::test]
async fn an_agreement_adopted_for_later_is_in_force_from_then() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    let from = store.now().plus_seconds(60);
    let (hash, text) = (OTHER.hash(), OTHER.text().to_owned());
    event(&store, NORTH, vec![HouseOp::AdoptAgreement { tenant: NORTH, from, hash, text }]).await.unwrap();
    write(&store, NORTH, put(1, 1)).await.unwrap();
    site.clock.by_micros(60_000_000);
    assert_eq!(write(&store, NORTH, put(1, 2)).await, Err(CommitError::NotInForce));
    let next = permit_of(&OTHER, NORTH, Verb::Alter, store.now());
    store.write(next, About::default(), put(1, 2)).await.unwrap();
}

#[tokio::test]
async fn an_old_permit_is_stale_and_leaves_no_entry() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    let before = log(&store, NORTH).await.len();
    for (moved, stale) in [(5_000_000, false), (5_000_001, true), (i64::from(i32::MAX), true)] {
        let permit = permit(&store, NORTH, Verb::Consult);
        site.clock.by_micros(moved);
        assert_eq!(matches!(store.enter(permit, reading(1, 1)).await, Err(CommitError::Stale)), stale, "{moved}");
    }
    let permit = permit(&store, NORTH, Verb::Collect);
    site.clock.by_micros(6_000_000);
    assert_eq!(store.write(permit, About::default(), put(1, 1)).await, Err(CommitError::Stale));
    let early = permit_of(&IN_FORCE, NORTH, Verb::Consult, store.now().plus_seconds(6));
    assert!(matches!(store.enter(early, reading(1, 1)).await, Err(CommitError::Stale)), "from the future");
    assert_eq!(log(&store, NORTH).await.len(), before + 1);
}

#[tokio::test]
async fn an_act_whose_case_has_changed_since_is_stale_also_within_one_generation() {
    let held = held().await;
    let store = &held.store;
    write(store, NORTH, put(1, 1)).await.unwrap();
    let within = |version| -> Handed<'_, ()> {
        Box::pin(async move {
            let about = About { rests_on: vec![(record(1), version)], ..reading(2, 1) };
            store.enter(permit(store, NORTH, Verb::Consult), about).await.map(drop)
        })
    };
    assert_eq!(within(1).await, Ok(()));
    assert_eq!(within(2).await, Err(CommitError::Stale));
    let close: Handed<'_, ()> = Box::pin(async { write(store, NORTH, put(1, 2)).await.map(drop) });
    let answers = held.gate.together(store, vec![within(1), close, within(1), within(2)]).await;
    assert_eq!(answers, [Ok(()), Ok(()), Err(CommitError::Stale), Ok(())]);
}

#[tokio::test]
async fn a_clock_that_is_set_back_makes_nothing_stale_and_no_time_decreases() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    site.clock.by_micros(3_600_000_000);
    write(&store, NORTH, put(1, 1)).await.unwrap();
    let late = store.now();
    site.clock.by_micros(-7_200_000_000);
    assert_eq!(store.now(), late);
    write(&store, NORTH, put(1, 2)).await.unwrap();
    drop(store);
    let store = site.open().unwrap();
    assert_eq!(store.now(), late, "not after a restart either");
    write(&store, NORTH, put(1, 3)).await.unwrap();
    assert!(log(&store, NORTH).await.is_sorted_by_key(|entry| entry.time));
    assert!(site.clock.now() < late);
}

#[tokio::test]
async fn a_wrong_version_is_a_conflict_and_leaves_no_entry() {
    let held = held().await;
    let store = &held.store;
    assert_eq!(write(store, NORTH, put(1, 2)).await, Err(CommitError::Conflict { version: 0 }));
    write(store, NORTH, put(1, 1)).await.unwrap();
    assert_eq!(write(store, NORTH, put(1, 1)).await, Err(CommitError::Conflict { version: 1 }));
    assert_eq!(write(store, NORTH, put(1, 3)).await, Err(CommitError::Conflict { version: 1 }));
    // The same id with another customer is another record.
    write(store, SOUTH, put(1, 1)).await.unwrap();
    let before = log(store, NORTH).await.len();
    // Two in one generation that both saw version 1, and one that follows the first of them.
    let handed = [put(1, 2), put(1, 2), put(1, 3)].map(|one| Box::pin(write(store, NORTH, one)) as Handed<'_, Done>);
    let answers = held.gate.together(store, handed.into()).await;
    assert_eq!(answers[0].as_ref().map(|done| done.version), Ok(2));
    assert_eq!(answers[1], Err(CommitError::Conflict { version: 2 }));
    assert_eq!(answers[2].as_ref().map(|done| done.version), Ok(3));
    assert_eq!(log(store, NORTH).await.len(), before + 3, "the one that held the committer, and two writings");
    assert_eq!(store.past(&NORTH, &record(1)).unwrap().len(), 2);
}

#[tokio::test]
async fn values_that_must_be_unique_are_so_within_one_generation_too() {
    let held = held().await;
    let store = &held.store;
    let unique = |n, version, token| with_token(put(n, version), true, token);
    write(store, NORTH, unique(1, 1, 7)).await.unwrap();
    assert_eq!(write(store, NORTH, unique(2, 1, 7)).await, Err(CommitError::NotUnique));
    write(store, SOUTH, unique(2, 1, 7)).await.unwrap();
    let handed = [
        unique(3, 1, 8),
        // The same values twice, of two records.
        unique(4, 1, 8),
        // The same record again with what it has.
        unique(3, 2, 8),
        // A record that gives its values up, and one that takes them.
        unique(1, 2, 9),
        unique(5, 1, 7),
        // Taken before it was given up.
        unique(6, 1, 9),
    ];
    let handed = handed.map(|one| Box::pin(write(store, NORTH, one)) as Handed<'_, Done>);
    let answers = held.gate.together(store, handed.into()).await;
    let taken: Vec<bool> = answers.iter().map(|answer| *answer == Err(CommitError::NotUnique)).collect();
    assert_eq!(taken, [false, true, false, false, false, true], "{answers:?}");
    let carries = |token| store.with_token(&NORTH, &kind(), &field(), &[token; 32]).unwrap();
    assert_eq!([carries(7), carries(8), carries(9)], [[record(5)], [record(3)], [record(1)]]);
}

#[tokio::test]
async fn a_person_without_a_key_is_not_written_about() {
    let folder = house::folder();
    let store = Site::new(folder.path()).begun().await;
    let before = log(&store, NORTH).await.len();
    let mut about = put(1, 1);
    about.put.person = STRANGER;
    assert_eq!(write(&store, NORTH, about).await, Err(CommitError::NoKey));
    assert_eq!(log(&store, NORTH).await.len(), before);
}

#[tokio::test]
async fn nothing_about_somebody_who_is_not_here_comes_into_the_state() {
    let held = held().await;
    let store = &held.store;
    let (home, person, at) = (NORTH, STRANGER, store.now());
    let role = Role::new("worker").unwrap();
    let account = PutAccount { person, ..account(1, 1) };
    let session = Session { token: [1; 32], person, home, begun: at, ends: at };
    let key = api_key(person, at);
    let (token, record) = (Hash([2; 32]), None);
    let invitation = Invitation { token, home, person, role, record, by: None, made: at, ends: at, ended: None };
    let seen = SeeNotice { notice: [3; 16], tenant: home, person, read: true };
    for op in [
        HouseOp::PutAccount(account),
        HouseOp::PutSession(session),
        HouseOp::PutRow(HouseRow::Key(key)),
        HouseOp::PutRow(HouseRow::Invitation(invitation)),
        HouseOp::SeeNotice(seen),
    ] {
        let told = format!("{op:?}");
        assert_eq!(event(store, NORTH, vec![op]).await.map(drop), Err(CommitError::NoKey), "{told}");
    }
    let looked_at = |record| {
        HouseOp::PutRow(HouseRow::LookedAt(LookedAt { tenant: home, record, version: 1, field: field(), by: ANNA, at }))
    };
    let gone = event(store, NORTH, vec![looked_at(house::record(9))]).await.map(drop);
    assert_eq!(gone, Err(CommitError::Conflict { version: 0 }), "a finding in a record that is not there");
    write(store, NORTH, put(9, 1)).await.unwrap();
    event(store, NORTH, vec![looked_at(house::record(9))]).await.unwrap();
}

#[tokio::test]
async fn noting_a_use_takes_nothing_back_that_was_changed_meanwhile() {
    let held = held().await;
    let store = &held.store;
    let key = api_key(ANNA, NOON);
    let (id, hours) = (key.id, |n: i64| NOON.plus_seconds(3600 * n));
    let put = vec![HouseOp::PutRow(HouseRow::Key(key))];
    event(store, NORTH, put).await.unwrap();
    let used = |hour| vec![HouseOp::KeyUsed { id, hour }];
    event(store, NORTH, used(hours(1))).await.unwrap();
    let ended = event(store, NORTH, vec![HouseOp::EndCredentialsOf(ANNA)]).await.unwrap().time();
    // Whoever counted uses had seen the key while it ran.
    event(store, NORTH, used(hours(2))).await.unwrap();
    event(store, NORTH, used(hours(1))).await.unwrap();
    event(store, NORTH, vec![HouseOp::KeyUsed { id: [9; 16], hour: hours(1) }]).await.unwrap();
    let Some(HouseRow::Key(key)) = store.row(RowKind::Key, &id).unwrap() else { panic!("the key is there") };
    assert_eq!((key.ended, key.used), (Some(ended), Some(hours(2))));
    assert!(store.row(RowKind::Key, &[9; 16]).unwrap().is_none(), "no key comes of a use");
    // A notice: two windows of one person show and read it in any order; the first time of each stands.
    let see = |read| vec![HouseOp::SeeNotice(SeeNotice { notice: [3; 16], tenant: NORTH, person: ANNA, read })];
    let mut times = Vec::new();
    for read in [false, true, false, true] {
        held.site.clock.by_micros(1_000_000);
        times.push(event(store, NORTH, see(read)).await.unwrap().time());
    }
    let seen = store.rows(RowKind::NoticeSeen, &NORTH).unwrap();
    let [HouseRow::NoticeSeen(one)] = &seen[..] else { panic!("one row a person: {seen:?}") };
    assert_eq!((one.delivered, one.read), (times[0], Some(times[1])));
}

fn api_key(person: PersonId, made: terms::Instant) -> ApiKey {
    ApiKey {
        id: [1; 16],
        hash: Hash([1; 32]),
        person,
        home: NORTH,
        role: Role::new("worker").unwrap(),
        name: FieldName::new("robot").unwrap(),
        made,
        ends: made.plus_seconds(86_400),
        used: None,
        ended: None,
    }
}

#[tokio::test]
async fn an_idempotency_key_is_answered_twice_the_same() {
    let held = held().await;
    let store = &held.store;
    let first = write(store, NORTH, with_once(put(1, 1), 5)).await.unwrap();
    assert!(first.entered.is_some());
    // What the second would write does not matter, nor that its version has passed.
    for again in [put(1, 1), put(2, 1), put(1, 2)] {
        let done = write(store, NORTH, with_once(again, 5)).await.unwrap();
        assert_eq!((done.record, done.version, done.entered), (record(1), 1, None));
    }
    let elsewhere = write(store, SOUTH, with_once(put(2, 1), 5)).await.unwrap();
    assert_eq!(elsewhere.record, record(2), "another customer's key is another key");
    let before = log(store, NORTH).await.len();
    let handed = [put(3, 1), put(4, 1), put(3, 2)]
        .map(|one| Box::pin(write(store, NORTH, with_once(one, 6))) as Handed<'_, Done>);
    let answers = held.gate.together(store, handed.into()).await;
    let told: Vec<_> = answers.into_iter().map(|done| done.map(|done| (done.record, done.version))).collect();
    assert_eq!(told, vec![Ok((record(3), 1)); 3]);
    assert_eq!((log(store, NORTH).await.len(), all(store, NORTH).len()), (before + 2, 2));
}

#[tokio::test]
async fn an_idempotency_key_is_not_answered_for_other_values() {
    let held = held().await;
    let store = &held.store;
    let of = |n: u8, of: Option<u8>| {
        let mut one = with_once(put(n, 1), 5);
        one.put.once_of = of.map(|of| [of; 32]);
        one
    };
    write(store, NORTH, of(1, Some(1))).await.unwrap();
    let before = log(store, NORTH).await.len();
    assert_eq!(write(store, NORTH, of(2, Some(1))).await.unwrap().record, record(1));
    assert_eq!(write(store, NORTH, of(2, Some(2))).await.map(drop), Err(CommitError::Reused));
    // An entry that is older than fingerprints answers as it did.
    assert_eq!(write(store, NORTH, of(2, None)).await.unwrap().record, record(1));
    assert_eq!((log(store, NORTH).await.len(), all(store, NORTH).len()), (before, 1), "nothing was written");
}

#[tokio::test]
async fn a_repeated_writing_is_not_acknowledged_when_the_first_one_is_lost() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let (gate, disk) = (Gate::default(), FaultyDisk::new());
    let watch = gate.clone();
    site.options.disk = Arc::new(disk.clone());
    site.options.segment_bytes = 1 << 20;
    site.options.watch = Some(Arc::new(move |step| watch.pass(step)));
    let store = site.begun().await;
    let handed =
        [put(3, 1), put(4, 1)].map(|one| Box::pin(write(&store, NORTH, with_once(one, 6))) as Handed<'_, Done>);
    // The sync of the one that holds the committer, their write, and then their sync, which fails.
    let fails = || disk.fail_call(3, std::io::ErrorKind::Other);
    for answer in gate.together_while(&store, handed.into(), fails).await {
        assert!(matches!(answer, Err(CommitError::Stopped(_))), "{answer:?}");
    }
}

#[tokio::test]
async fn a_login_name_is_one_persons_in_the_whole_installation() {
    let held = held().await;
    let store = &held.store;
    let open = |person, login| Box::pin(event(store, NORTH, vec![HouseOp::PutAccount(account(person, login))]));
    open(1, 1).await.unwrap();
    assert_eq!(open(2, 1).await.map(drop), Err(CommitError::NotUnique));
    open(1, 1).await.unwrap();
    let answers = held.gate.together(store, vec![open(3, 3) as Handed<'_, _>, open(4, 3), open(3, 3)]).await;
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(store.account_by_login(&[1; 32]).unwrap().unwrap().person, account(1, 1).person);
    assert_eq!(store.accounts(&NORTH).unwrap().len(), 2);
}

#[tokio::test]
async fn an_adoption_counts_for_what_comes_after_it_in_its_generation() {
    let held = held().await;
    let store = &held.store;
    let adopt: Handed<'_, ()> =
        Box::pin(async { event(store, NORTH, vec![adoption(store, NORTH, &OTHER)]).await.map(drop) });
    let old = |n| -> Handed<'_, ()> { Box::pin(async move { write(store, NORTH, put(n, 1)).await.map(drop) }) };
    let new: Handed<'_, ()> = Box::pin(async {
        let permit = permit_of(&OTHER, NORTH, Verb::Collect, store.now());
        store.write(permit, About::default(), put(3, 1)).await.map(drop)
    });
    let answers = held.gate.together(store, vec![old(1), adopt, old(2), new]).await;
    assert_eq!(answers, [Ok(()), Ok(()), Err(CommitError::NotInForce), Ok(())]);
}

#[tokio::test]
async fn an_adoption_begins_no_earlier_than_its_entry() {
    let held = held().await;
    let store = &held.store;
    let adopt: Handed<'_, _> = Box::pin(event(store, NORTH, vec![adoption(store, NORTH, &OTHER)]));
    let later = || held.site.clock.by_micros(1_000_000);
    let entered = held.gate.together_while(store, vec![adopt], later).await.remove(0).unwrap();
    let adopted = store.adopted().unwrap();
    let from = adopted.iter().find(|one| one.hash == OTHER.hash()).unwrap().from;
    assert_eq!(from, entered.time());
    assert_eq!(from, NOON.plus_seconds(1));
}

#[tokio::test]
async fn a_caller_that_gives_up_leaves_no_old_account_behind() {
    let held = held().await;
    let store = &held.store;
    event(store, NORTH, vec![HouseOp::PutAccount(account(1, 1))]).await.unwrap();
    assert!(store.account(&account(1, 1).person).unwrap().unwrap().ended.is_none());
    let ended = vec![HouseOp::EndAccount(account(1, 1).person)];
    let mut gives_up: Handed<'_, _> = Box::pin(event(store, NORTH, ended));
    held.gate.given_up(store, &mut gives_up).await;
    drop(gives_up);
    // A writing that came later is answered when all before it is applied.
    event(store, NORTH, vec![HouseOp::PutAccount(account(2, 2))]).await.unwrap();
    assert!(store.account(&account(1, 1).person).unwrap().unwrap().ended.is_some());
}

#[tokio::test]
async fn what_an_event_names_can_be_looked_up() {
    let folder = house::folder();
    let store = Site::new(folder.path()).open().unwrap();
    begin(&store).await.unwrap();
    let mut detail = journal::Detail { event: Some("told".to_owned()), ..journal::Detail::default() };
    assert!(detail.name(vec![ANNA], Vec::new()).is_none());
    store.event(NORTH, detail, Vec::new()).await.unwrap();
    let query = storage::LogQuery { key: storage::LogKey::Person(ANNA), before: None, from: None, limit: 9 };
    assert_eq!(store.log(&NORTH, &query, &|_| true).await.unwrap().len(), 1);
    assert!(store.log(&SOUTH, &query, &|_| true).await.unwrap().is_empty(), "no look-up crosses customers");
}

#[test]
fn what_is_prepared_beside_a_sync_counts_for_nobody_before_the_group_is_durable() {
    let folder = house::folder();
    let engines: [Box<dyn Engine>; 2] =
        [Box::new(Model::new()), Box::new(Sqlite::open(&folder.path().join("state.db")).unwrap())];
    for engine in engines {
        let item = Item { tenant: NORTH, index: 0, time: Instant(1), ops: vec![Op::PutRecord(put(1, 1).put)] };
        let batch = Batch { position: Position { segment: 1, offset: 64 }, items: vec![item] };
        let nothing = || {
            assert_eq!(engine.applied().unwrap(), None);
            assert_eq!(engine.record(&NORTH, &record(1)).unwrap(), None);
        };
        let mut lost = || {
            nothing();
            Err(StoreError { doing: "written", cause: "the sync failed".to_owned() })
        };
        engine.apply_once_durable(&batch, &mut lost).unwrap_err();
        nothing();
        let mut durable = || {
            nothing();
            Ok(())
        };
        engine.apply_once_durable(&batch, &mut durable).unwrap();
        assert_eq!(engine.applied().unwrap(), Some(batch.position));
        assert_eq!(engine.record(&NORTH, &record(1)).unwrap().map(|found| found.version), Some(1));
    }
}
