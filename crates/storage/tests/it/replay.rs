//! The folder copied while the program runs, after each acknowledged writing, as a kill at that moment would leave it: the
//! copy opens, and everything acknowledged is there.

use std::path::Path;
use std::sync::atomic::Ordering;

use storage::{Engine, HouseOp, Sqlite, Store};
use terms::TenantId;

use crate::house;
use crate::house::{
    ANNA, NORTH, SOUTH, Site, account, all, copy_data, event, field, kind, log, put, read, record, with_once,
    with_token, write,
};

/// Everything that the run was told: each record of `NORTH` and its version.
fn check(store: &Store, versions: &[u64]) {
    for (n, version) in versions.iter().enumerate() {
        let n = n as u8;
        let found = store.record(&NORTH, &record(n)).unwrap().expect("an acknowledged record");
        assert_eq!(found.version, *version);
        assert_eq!(found.sealed, put(n, *version).put.sealed);
        assert_eq!(store.past(&NORTH, &record(n)).unwrap().len() as u64, version - 1);
        assert_eq!(store.with_token(&NORTH, &kind(), &field(), &[n; 32]).unwrap(), [record(n)]);
    }
    assert_eq!(all(store, NORTH).len(), versions.len());
}

#[tokio::test]
async fn whenever_it_is_killed_everything_acknowledged_is_there_after_the_start() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    let mut versions: Vec<u64> = Vec::new();
    let mut entries = log(&store, NORTH).await.len();
    for round in 0..30_u8 {
        // Mostly new records, and every third writing alters one.
        let n = if round % 3 == 2 { round / 3 } else { versions.len() as u8 };
        if usize::from(n) == versions.len() {
            versions.push(0);
        }
        versions[usize::from(n)] += 1;
        let one = with_once(with_token(put(n, versions[usize::from(n)]), true, n), round);
        let told = write(&store, NORTH, one.clone()).await.unwrap();
        read(&store, NORTH, n, told.version).await.unwrap();
        entries += 2;
        let copy = house::folder();
        copy_data(folder.path(), copy.path());
        let killed = Site::new(copy.path());
        let store = killed.open().unwrap();
        check(&store, &versions);
        assert_eq!(log(&store, NORTH).await.len(), entries, "no acknowledged reading is missing either");
        let again = write(&store, NORTH, one).await.unwrap();
        assert_eq!((again.record, again.version, again.entered), (told.record, told.version, None));
    }
    drop(store);
    let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none(), "{:?}", report.fault);
}

/// Takes the state back to how it was when `old` was copied; the journal stays.
fn state_of(old: &Path, folder: &Path) {
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.join(file)));
        if old.join(file).exists() {
            std::fs::copy(old.join(file), folder.join(file)).unwrap();
        }
    }
}

/// Takes the state away; the journal stays.
fn without_state(folder: &Path) {
    state_of(Path::new("nowhere"), folder);
}

#[tokio::test]
async fn the_tail_is_replayed_and_its_tokens_are_opened_again() {
    let (folder, old) = (house::folder(), house::folder());
    let mut site = Site::new(folder.path());
    let store = site.begun().await;
    for n in 0..4 {
        write(&store, NORTH, with_token(put(n, 1), true, n)).await.unwrap();
    }
    copy_data(folder.path(), old.path());
    for n in 0..8 {
        let version = if n < 4 { 2 } else { 1 };
        write(&store, NORTH, with_token(put(n, version), true, n)).await.unwrap();
        read(&store, SOUTH, n, version).await.unwrap();
    }
    event(&store, NORTH, vec![HouseOp::PutAccount(account(1, 1))]).await.unwrap();
    let whole = log(&store, NORTH).await;
    drop(store);
    assert_eq!(site.tokens.opened.load(Ordering::SeqCst), 0, "bare tokens came with the writings");
    state_of(old.path(), folder.path());
    let store = site.open().unwrap();
    check(&store, &[2, 2, 2, 2, 1, 1, 1, 1]);
    assert_eq!(site.tokens.opened.load(Ordering::SeqCst), 9, "those of the tail, and an account, each once");
    let opened = store.account_by_login(&[1; 32]).unwrap().unwrap();
    assert_eq!((opened.person, opened.password.as_str()), (account(1, 1).person, "$hash"));
    assert_eq!(log(&store, NORTH).await, whole);
    drop(store);
    // What was replayed is not replayed again.
    drop(site.open().unwrap());
    assert_eq!(site.tokens.opened.load(Ordering::SeqCst), 9);
    // A person whose key is gone is not found by any word any more; the rest is as it was.
    without_state(folder.path());
    site.tokens.gone = Some(ANNA);
    let store = site.open().unwrap();
    assert!(store.with_token(&NORTH, &kind(), &field(), &[1; 32]).unwrap().is_empty());
    assert_eq!(all(&store, NORTH).len(), 8);
    assert!(store.account_by_login(&[1; 32]).unwrap().is_some());
    drop(store);
    // And whoever had an account has none.
    without_state(folder.path());
    site.tokens.gone = Some(account(1, 1).person);
    let store = site.open().unwrap();
    assert!(store.account(&account(1, 1).person).unwrap().is_none());
    assert_eq!(store.with_token(&NORTH, &kind(), &field(), &[1; 32]).unwrap(), [record(1)]);
    drop(store);
    // A key that is there and cannot be read is another matter: no state is built that lacks what it should have.
    for unread in [ANNA, account(1, 1).person] {
        without_state(folder.path());
        (site.tokens.gone, site.tokens.unread) = (None, Some(unread));
        let Err(refused) = site.open() else { panic!("a store opened without what it should have") };
        assert!(refused.to_string().contains("a disk that fails"), "{refused}");
    }
    without_state(folder.path());
    site.tokens.unread = None;
    check(&site.open().unwrap(), &[2, 2, 2, 2, 1, 1, 1, 1]);
}

#[tokio::test]
async fn bare_tokens_are_in_the_state_and_nowhere_in_the_journal() {
    let folder = house::folder();
    let store = Site::new(folder.path()).begun().await;
    let mut one = with_token(put(1, 1), true, 0);
    let token: [u8; 32] = core::array::from_fn(|n| n as u8 ^ 0x5a);
    one.put.tokens[0].tokens = vec![house::sealed(ANNA, token)];
    write(&store, NORTH, one).await.unwrap();
    drop(store);
    let holds = |path: &Path| std::fs::read(path).unwrap().windows(32).any(|bytes| bytes == token);
    assert!(holds(&folder.path().join("state.db")));
    let journal = std::fs::read_dir(folder.path().join("journal")).unwrap();
    for file in journal.map(|file| file.unwrap().path()) {
        assert!(!holds(&file), "{}", file.display());
    }
}

#[tokio::test]
async fn the_state_ends_where_the_journal_does_though_the_last_groups_were_readings() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    for _ in 0..20 {
        read(&store, NORTH, 1, 1).await.unwrap();
        read(&store, SOUTH, 1, 1).await.unwrap();
    }
    let lengths = [log(&store, NORTH).await.len() as u64, log(&store, SOUTH).await.len() as u64];
    // Killed: the state lags, and the start makes up for it.
    let copy = house::folder();
    copy_data(folder.path(), copy.path());
    assert!(sizes(copy.path()) < lengths.into());
    let killed = Site::new(copy.path());
    let again = killed.open().unwrap();
    assert_eq!(read(&again, NORTH, 1, 1).await, Ok(lengths[0]));
    assert_eq!(read(&again, SOUTH, 1, 1).await, Ok(lengths[1]));
    // Ended: it does not lag.
    drop(store);
    assert_eq!(sizes(folder.path()), lengths);
}

fn sizes(folder: &Path) -> Vec<u64> {
    let state = Sqlite::open(&folder.join("state.db")).unwrap();
    let sizes: Vec<(TenantId, u64)> = state.sizes().unwrap();
    sizes.into_iter().filter(|(tenant, _)| *tenant != TenantId::INSTALLATION).map(|(_, size)| size).collect()
}

#[tokio::test]
async fn damage_is_refused_with_its_place_and_nothing_is_changed() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    for version in 1..=12 {
        write(&store, NORTH, put(1, version)).await.unwrap();
    }
    drop(store);
    let segment = folder.path().join("journal/segment-0000000001.log");
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[200] ^= 1;
    std::fs::write(&segment, &bytes).unwrap();
    // The state knows everything, so only a start that reads from the beginning meets it.
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.path().join(file)));
    }
    let Err(refused) = site.open() else { panic!("a damaged journal opened") };
    assert!(refused.to_string().contains("segment-0000000001.log, offset"), "{refused}");
    bytes[200] ^= 1;
    std::fs::write(&segment, &bytes).unwrap();
    let store = site.open().unwrap();
    assert_eq!(store.record(&NORTH, &record(1)).unwrap().unwrap().version, 12);
}

#[tokio::test]
async fn what_becomes_of_an_account_is_replayed_and_remembered_alike() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    let (one, other) = (account(1, 1), account(2, 2));
    let used = |step| HouseOp::UsedCode { person: one.person, step };
    for put in [&one, &other] {
        event(&store, NORTH, vec![HouseOp::PutAccount(put.clone())]).await.unwrap();
    }
    // Asked for first, so that what is remembered must follow.
    assert_eq!(store.account(&one.person).unwrap().unwrap().used_step, 0);
    let end = |person| vec![HouseOp::EndAccount(person)];
    let ended = event(&store, NORTH, end(other.person)).await.unwrap().time();
    site.clock.by_micros(1_000_000);
    event(&store, NORTH, end(other.person)).await.unwrap();
    for step in [7, 5] {
        event(&store, NORTH, vec![used(step)]).await.unwrap();
        assert_eq!(store.account(&one.person).unwrap().unwrap().used_step, step);
    }
    // Another form of an account keeps the step.
    event(&store, NORTH, vec![HouseOp::PutAccount(account(1, 9))]).await.unwrap();
    let told = |store: &Store| {
        let find = |person| store.account(person).unwrap().unwrap();
        let (one, other) = (find(&one.person), find(&other.person));
        (one.login, one.used_step, one.ended, other.ended)
    };
    let expected = ([9; 32], 5, None, Some(ended));
    assert_eq!(told(&store), expected);
    drop(store);
    without_state(folder.path());
    assert_eq!(told(&site.open().unwrap()), expected);
}
