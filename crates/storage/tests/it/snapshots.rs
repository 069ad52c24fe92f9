//! A state is made again from a snapshot and what came after it, row by row the same; what is bare in the state is sealed in a
//! snapshot; one that is not whole is passed over; and what was taken out of the journal is never taken for nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use storage::{Fingerprint, HouseOp, OpenError, Snapshot, Store};

use crate::house::{
    ANNA, NORTH, SOUTH, Site, account, all, event, field, folder, kind, log, put, read, record, with_once, with_token,
    write,
};

async fn fill(store: &Store, from: u8, to: u8) {
    for n in from..to {
        write(store, NORTH, with_once(with_token(put(n, 1), true, n), n)).await.unwrap();
        read(store, NORTH, n, 1).await.unwrap();
        if n % 2 == 0 {
            write(store, NORTH, with_token(put(n, 2), true, n + 100)).await.unwrap();
        }
    }
}

fn without_state(folder: &Path) {
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(fs::remove_file(folder.join(file)));
    }
}

/// Opened again: readings, which change nothing, are told to the state later; how long the logs are is known after that.
fn settled(site: &Site, store: Store) -> (Store, Fingerprint) {
    drop(store);
    let store = site.open().unwrap();
    let held = store.fingerprint().unwrap();
    (store, held)
}

fn snapshot(site: &Site, store: &Store) -> Snapshot {
    let one = store.snapshot(&site.tokens).unwrap().unwrap();
    store.try_snapshot(&one, &site.tokens).unwrap();
    one
}

fn holds(file: PathBuf, sought: &[u8]) -> bool {
    fs::read(file).unwrap().windows(sought.len()).any(|window| window == sought)
}

#[tokio::test]
async fn a_state_is_made_again_from_a_snapshot_and_what_came_after_it() {
    let folder = folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    fill(&store, 0, 12).await;
    event(&store, NORTH, vec![HouseOp::PutAccount(account(1, 77))]).await.unwrap();
    let one = snapshot(&site, &store);
    assert_eq!(store.snapshot(&site.tokens).unwrap(), Some(one.clone()), "nothing was written since");
    assert!(one.counts.contains(&("record".to_owned(), 12)) && one.counts.contains(&("account".to_owned(), 1)));
    fill(&store, 20, 26).await;
    let (store, held) = settled(&site, store);
    let told = log(&store, NORTH).await;
    drop(store);
    // What is bare in the state is not in the snapshot.
    for bare in [[104; 32], [77; 32]] {
        assert!(holds(folder.path().join("state.db"), &bare), "the test would find it");
        assert!(!holds(one.rows_in(folder.path()), &bare));
    }
    assert!(!holds(one.rows_in(folder.path()), b"$hash"));
    without_state(folder.path());
    let opened = site.tokens.opened.load(Ordering::SeqCst);
    let store = site.open().unwrap();
    let again = store.fingerprint().unwrap();
    assert_eq!((again.counts, again.hash), (held.counts, held.hash), "row by row");
    // Each token and account once: those of the snapshot, and those that were written after it and not before.
    assert_eq!(site.tokens.opened.load(Ordering::SeqCst) - opened, 12 + 1 + 6 + 3);
    assert_eq!(log(&store, NORTH).await, told);
    assert_eq!(store.with_token(&NORTH, &kind(), &field(), &[103; 32]).unwrap().len(), 0);
    assert_eq!(store.with_token(&NORTH, &kind(), &field(), &[3; 32]).unwrap(), [record(3)]);
    assert_eq!(store.past(&NORTH, &record(4)).unwrap().len(), 1);
    assert!(store.account_by_login(&[77; 32]).unwrap().is_some());
    // An idempotency key is answered as before.
    let done = write(&store, NORTH, with_once(with_token(put(3, 1), true, 3), 3)).await.unwrap();
    assert!(done.entered.is_none());
    fill(&store, 30, 32).await;
    drop(store);
    let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none(), "{:?}", report.fault);
}

#[tokio::test]
async fn a_snapshot_that_is_not_whole_is_passed_over_for_the_one_before() {
    let folder = folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    fill(&store, 0, 4).await;
    let first = snapshot(&site, &store);
    fill(&store, 10, 14).await;
    let second = snapshot(&site, &store);
    fill(&store, 20, 22).await;
    let (store, held) = settled(&site, store);
    drop(store);
    let place = folder.path().join(storage::SNAPSHOTS);
    let spoil = |file: &Path| {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(file, bytes).unwrap();
    };
    let sound = |how: &str| {
        without_state(folder.path());
        let store = site.open().unwrap_or_else(|error| panic!("{how}: {error}"));
        let again = store.fingerprint().unwrap();
        assert_eq!((again.counts, again.hash), (held.counts.clone(), held.hash), "{how}");
        store.snapshots().unwrap()
    };
    assert_eq!(sound("both are whole"), [second.clone(), first.clone()]);
    // What a program that died in the middle leaves is no snapshot, and is cleared.
    let rows = fs::read(second.rows_in(folder.path())).unwrap();
    fs::write(place.join("rows.growing"), &rows[..rows.len() / 2]).unwrap();
    fs::write(place.join("0000000009-000000000064.db"), &rows).unwrap();
    fs::write(place.join("0000000009-000000000064.growing"), "betrodd snap").unwrap();
    for end in ["", "-wal", "-shm", "-journal"] {
        fs::write(place.join(format!("tried.growing{end}")), &rows).unwrap();
        fs::write(place.join(format!("{}.db{end}.growing", second.name())), &rows).unwrap();
    }
    fs::write(place.join(format!("{}.db-wal", second.name())), &rows).unwrap();
    fs::create_dir(place.join("of the operator")).unwrap();
    // What was loaded for a look holds bare what only the live state may: it is overwritten, not only taken away.
    let seen = fs::File::open(place.join("tried.growing")).unwrap();
    sound("what grew");
    let mut left = Vec::new();
    std::io::Read::read_to_end(&mut &seen, &mut left).unwrap();
    assert!(left.len() == rows.len() && left.iter().all(|byte| *byte == 0));
    assert_eq!(fs::read_dir(&place).unwrap().count(), 5);
    fs::remove_dir(place.join("of the operator")).unwrap();
    // A state that is no database, or is cut to nothing, is made anew too.
    fs::write(folder.path().join("state.db"), vec![0x5a; 8192]).unwrap();
    drop(site.open().unwrap());
    fs::write(folder.path().join("state.db"), "").unwrap();
    drop(site.open().unwrap());
    spoil(&second.rows_in(folder.path()));
    sound("rows that were changed");
    spoil(&first.note_in(folder.path()));
    assert_eq!(
        sound("a note that was changed, and the whole journal"),
        std::slice::from_ref(&second),
        "its length is right"
    );
    // Nobody else signs one.
    let other = journal::SigningKey::from_seed(&journal::key_name(&[7; 16]), &[8; 32]).unwrap();
    fs::write(first.note_in(folder.path()), first.sign(&other)).unwrap();
    assert_eq!(sound("signed by another"), [second]);
}

#[tokio::test]
async fn what_a_snapshot_covers_goes_from_the_journal_and_is_never_taken_for_nothing() {
    let folder = folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    assert_eq!((store.purgeable().unwrap(), store.strip().unwrap()), (None, None));
    fill(&store, 0, 20).await;
    let one = snapshot(&site, &store);
    store.end_segment();
    fill(&store, 30, 34).await;
    let told = log(&store, NORTH).await;
    // The follower writes the index of a closed segment some time after.
    let (store, held) = settled(&site, store);
    store.cover(one.at).unwrap();
    assert_eq!(store.purgeable().unwrap(), Some(one.at));
    let gone = store.strip().unwrap().unwrap();
    assert!(gone.segments > 1 && gone.entries >= 30, "{gone:?}");
    assert_eq!(store.strip().unwrap().unwrap().entries, 0, "once");
    assert_eq!(log(&store, NORTH).await, told, "who did what is told as before");
    drop(store);
    for file in fs::read_dir(folder.path().join("journal")).unwrap() {
        assert!(!holds(file.unwrap().path(), &put(3, 1).put.sealed), "what record 3 said is in no segment any more");
    }
    let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none() && report.stripped == gone.entries, "{:?}", report.fault);
    // Without its state it is made from the snapshot; without that it is not begun, and nothing is changed.
    without_state(folder.path());
    let store = site.open().unwrap();
    let again = store.fingerprint().unwrap();
    assert_eq!((again.counts, again.hash), (held.counts, held.hash));
    drop(store);
    let rows = fs::read(one.rows_in(folder.path())).unwrap();
    fs::remove_file(one.rows_in(folder.path())).unwrap();
    without_state(folder.path());
    for _ in 0..2 {
        assert!(matches!(site.open(), Err(OpenError::NoSnapshot { covered }) if covered == one.at));
    }
    fs::write(one.rows_in(folder.path()), rows).unwrap();
    drop(site.open().unwrap());
    // Nor is a state begun anew beside a snapshot that the journal does not lead up to.
    let other = crate::house::folder();
    let elsewhere = Site::new(other.path());
    drop(elsewhere.begun().await);
    fs::create_dir(other.path().join(storage::SNAPSHOTS)).unwrap();
    for file in [one.rows_in(folder.path()), one.note_in(folder.path())] {
        fs::copy(&file, other.path().join(storage::SNAPSHOTS).join(file.file_name().unwrap())).unwrap();
    }
    without_state(other.path());
    assert_eq!(all(&elsewhere.open().unwrap(), NORTH).len(), 0);
}

#[tokio::test]
async fn whoever_has_no_key_any_more_does_not_come_back_with_a_snapshot() {
    let folder = folder();
    let mut site = Site::new(folder.path());
    let store = site.begun().await;
    fill(&store, 0, 4).await;
    event(&store, NORTH, vec![HouseOp::PutAccount(account(1, 1))]).await.unwrap();
    snapshot(&site, &store);
    write(&store, SOUTH, put(9, 1)).await.unwrap();
    drop(store);
    without_state(folder.path());
    site.tokens.gone = Some(ANNA);
    let store = site.open().unwrap();
    assert!(store.with_token(&NORTH, &kind(), &field(), &[1; 32]).unwrap().is_empty());
    assert!(store.account_by_login(&[1; 32]).unwrap().is_some());
    drop(store);
    without_state(folder.path());
    site.tokens.gone = Some(account(1, 1).person);
    let store = site.open().unwrap();
    assert!(store.account(&account(1, 1).person).unwrap().is_none());
    drop(store);
    // A key that is there and cannot be read is another matter.
    without_state(folder.path());
    site.tokens.gone = None;
    site.tokens.unread = Some(ANNA);
    assert!(site.open().is_err());
    site.tokens.unread = None;
    drop(site.open().unwrap());
}

#[tokio::test]
async fn a_state_is_never_taken_away_before_another_stands_in_its_place() {
    let folder = folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    fill(&store, 0, 10).await;
    let older = snapshot(&site, &store);
    fill(&store, 10, 20).await;
    let one = snapshot(&site, &store);
    store.end_segment();
    fill(&store, 30, 34).await;
    let (store, held) = settled(&site, store);
    store.cover(one.at).unwrap();
    store.strip().unwrap().unwrap();
    drop(store);
    let of = |name: &str| folder.path().join(name);
    let state = of("state.db");
    let rows = fs::read(one.rows_in(folder.path())).unwrap();
    let same = |how: &str| {
        let again = site.open().unwrap_or_else(|error| panic!("{how}: {error}")).fingerprint().unwrap();
        assert_eq!((again.counts, again.hash), (held.counts.clone(), held.hash), "{how}");
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("aside") || name.contains("distrusted"))
            .collect();
        assert!(left.is_empty(), "{how}: {left:?}");
    };
    let refused = |how: &str| {
        for _ in 0..2 {
            let refused = site.open().map(drop);
            assert!(
                matches!(refused, Err(OpenError::NoSnapshot { covered }) if covered == one.at),
                "{how}: {refused:?}"
            );
        }
        assert!(!of("state.db.aside").exists(), "{how}");
    };
    let version = |to: i64| {
        rusqlite::Connection::open(&state).unwrap().pragma_update(None, "user_version", to).unwrap();
    };
    let known = storage::Schema::VERSION;
    // The one snapshot that reaches far enough is not whole; the one before it is, and would give less than there is.
    assert!(older.is_whole(folder.path()).unwrap() && older.at < one.at);
    fs::write(one.rows_in(folder.path()), vec![0; rows.len()]).unwrap();
    fs::write(of("state.distrusted"), "").unwrap();
    refused("a false alarm");
    assert!(of("state.distrusted").exists(), "it is no more trusted than before");
    fs::remove_file(of("state.distrusted")).unwrap();
    same("after a false alarm");
    version(known - 1);
    refused("another version");
    assert_eq!(fs::read_dir(folder.path().join(storage::SNAPSHOTS)).unwrap().count(), 4);
    version(known);
    same("after an update that could not be");
    // Whoever dies in between leaves it beside.
    fs::rename(&state, of("state.db.aside")).unwrap();
    same("set aside, and nothing begun");
    fs::copy(&state, of("state.db.aside-going")).unwrap();
    same("another stood already");
    // With a snapshot another is made, and what was set aside goes.
    fs::write(one.rows_in(folder.path()), rows).unwrap();
    fs::write(of("state.distrusted"), "").unwrap();
    same("distrusted");
    version(known - 1);
    same("another version");
    fs::copy(&state, of("state.db.aside")).unwrap();
    same("another was begun");
}
