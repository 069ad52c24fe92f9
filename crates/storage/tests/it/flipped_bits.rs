//! Every single bit of a small state and of a small file of keys, flipped: noticed when the file is opened, or everything is
//! answered as before.
//!
//! A short form takes some of the bits; `BETRODD_LONG=1 cargo test --release -p storage --test it flipped_bits -- --nocapture` all.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use journal::Position;
use rusqlite::Connection;
use storage::{Batch, CopiedTo, Engine, Find, HouseOp, Item, KeyStore, NewPerson, Op, Sqlite};
use terms::{PersonId, RetentionClass};

use crate::house;
use crate::house::{
    ANNA, Marked, NOON, NORTH, SOUTH, Site, account, event, field, kind, open_keys, put, record, with_once, with_token,
    write,
};

/// In the short form.
const EVERY: usize = 1499;
/// Small pages, so that a small file has few bytes that nobody uses.
const PAGE_BYTES: usize = 512;
const THREADS: usize = 2;

/// What came of a flip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// The file is refused, or not used.
    Noticed,
    /// Everything is answered as before.
    Harmless,
    /// An older state of affairs, which says that it is one: the journal makes up for it.
    Older,
    Wrong,
}

/// Flips bit after bit of `files` in copies of `folder`, and counts what comes of it.
fn flip(folder: &Path, files: &[&str], judge: &(dyn Fn(&Path) -> Came + Sync)) -> [usize; 4] {
    let all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("-shm"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    let every = if std::env::var_os("BETRODD_LONG").is_some() { 1 } else { EVERY };
    let bits: Vec<(usize, usize)> = all
        .iter()
        .enumerate()
        .filter(|(_, (name, _))| files.contains(&name.as_str()))
        .flat_map(|(file, (_, bytes))| (0..bytes.len() * 8).map(move |bit| (file, bit)))
        .step_by(every)
        .collect();
    let came: [AtomicUsize; 4] = Default::default();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (all, bits, came) = (&all, &bits, &came);
            scope.spawn(move || {
                for (file, bit) in bits.iter().skip(thread).step_by(THREADS) {
                    let copy = house::folder();
                    for (at, (name, bytes)) in all.iter().enumerate() {
                        let mut bytes = bytes.clone();
                        if at == *file {
                            bytes[bit / 8] ^= 1 << (bit % 8);
                        }
                        std::fs::write(copy.path().join(name), bytes).unwrap();
                    }
                    let of = judge(copy.path());
                    if of == Came::Wrong {
                        let (name, byte) = (&all[*file].0, bit / 8);
                        eprintln!("{name}, byte {byte} (page {}), bit {}", byte / PAGE_BYTES + 1, bit % 8);
                    }
                    came[of as usize].fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let came = came.map(AtomicUsize::into_inner);
    eprintln!(
        "{}: {} bits flipped, {} noticed, {} harmless, {} older and saying so, {} wrong",
        files.join(", "),
        bits.len(),
        came[0],
        came[1],
        came[2],
        came[3]
    );
    came
}

/// Begins a database with small pages.
fn small_pages(file: &Path) {
    let connection = Connection::open(file).unwrap();
    connection
        .execute_batch(&format!("PRAGMA page_size = {PAGE_BYTES}; CREATE TABLE one (two TEXT); DROP TABLE one;"))
        .unwrap();
}

async fn small(folder: &Path) -> Site {
    small_pages(&folder.join("state.db"));
    let site = Site::new(folder);
    let store = site.begun().await;
    for n in 1..=3 {
        let tenant = if n == 2 { NORTH } else { SOUTH };
        write(&store, tenant, with_once(with_token(put(n, 1), true, n), n)).await.unwrap();
        event(&store, NORTH, vec![HouseOp::PutAccount(account(n, n))]).await.unwrap();
    }
    write(&store, NORTH, with_token(put(2, 2), true, 9)).await.unwrap();
    site
}

/// All that the engine answers, by every way in.
fn answers(state: &Sqlite) -> Option<String> {
    let mut all = format!("{:?} {:?}", state.fingerprint().ok()?, state.sizes().ok()?);
    for tenant in [NORTH, SOUTH] {
        let find = Find { kind: kind(), parent: None, state: None, after: None, limit: 100 };
        all += &format!("{:?}", state.find(&tenant, &find).ok()?);
        all += &format!("{:?}", state.reached(&tenant, &[ANNA], &[]).ok()?);
        all += &format!("{:?}", state.accounts(&tenant).ok()?);
        for n in 1..=9 {
            all += &format!("{:?}", state.record(&tenant, &record(n)).ok()?);
            all += &format!("{:?}", state.with_token(&tenant, &kind(), &field(), &[n; 32]).ok()?);
            all += &format!("{:?}", state.tokens_of(&tenant, &record(n), &field()).ok()?);
            all += &format!("{:?}", state.once(&tenant, &[n; 32]).ok()?);
            all += &format!("{:?}", state.past(&tenant, &record(n)).ok()?);
        }
    }
    for n in 1..=4 {
        all += &format!("{:?}", state.account_by_login(&[n; 32]).ok()?);
    }
    all += &format!("{:?} {:?}", state.adopted().ok()?, state.tenants().ok()?);
    Some(all)
}

fn open(folder: &Path) -> Option<Sqlite> {
    Sqlite::open_guarded(&folder.join("state.db"), Arc::new(Marked)).ok()
}

#[tokio::test]
async fn every_bit_of_a_small_state_is_noticed_or_harmless() {
    let folder = house::folder();
    let _site = small(folder.path()).await;
    let alone = house::folder();
    std::fs::copy(folder.path().join("state.db"), alone.path().join("state.db")).unwrap();
    let held = answers(&open(alone.path()).unwrap()).unwrap();
    // As it lies after that opening.
    let came = flip(alone.path(), &["state.db"], &|copy| {
        let Some(state) = open(copy) else { return Came::Noticed };
        match (state.applied(), answers(&state)) {
            (Ok(None) | Err(_), _) | (_, None) => Came::Noticed,
            (_, Some(now)) if now == held => Came::Harmless,
            _ => Came::Wrong,
        }
    });
    assert_eq!(came[3], 0);
    assert!(came[0] > came[1] / 4, "{came:?}");
}

#[tokio::test]
async fn a_bit_of_the_states_wal_is_noticed_or_makes_it_an_older_one() {
    let folder = house::folder();
    let _site = small(folder.path()).await;
    let state = open(folder.path()).unwrap();
    let write = with_token(put(1, 2), true, 7).put;
    for group in 1..=3 {
        let item = Item { tenant: SOUTH, index: 90 + group, time: NOON, ops: vec![Op::PutRecord(write.clone())] };
        let position = Position { segment: 9, offset: 64 * group };
        state.apply(&Batch { position, items: vec![item] }).unwrap();
    }
    let killed = house::folder();
    house::copy_folder(folder.path(), killed.path());
    drop(state);
    let alone = house::folder();
    for file in ["state.db", "state.db-wal"] {
        std::fs::copy(killed.path().join(file), alone.path().join(file)).unwrap();
    }
    let now = open(killed.path()).unwrap();
    let (held, at) = (answers(&now).unwrap(), now.applied().unwrap());
    let came = flip(alone.path(), &["state.db-wal"], &|copy| {
        let Some(state) = open(copy) else { return Came::Noticed };
        match (state.applied(), answers(&state)) {
            (Ok(None) | Err(_), _) | (_, None) => Came::Noticed,
            (_, Some(now)) if now == held => Came::Harmless,
            (Ok(earlier), _) if earlier < at => Came::Older,
            _ => Came::Wrong,
        }
    });
    assert_eq!(came[3], 0);
    assert!(came[2] > 0, "{came:?}");
}

/// All that the file of keys answers.
fn keys_answer(keys: &KeyStore) -> Option<String> {
    let mut all = format!("{:?} {:?}", keys.last_change().ok()?, keys.offsite().ok()?);
    for tenant in [NORTH, SOUTH] {
        all += &format!("{:?}", keys.tenant_key(&tenant).ok()?);
        for n in 0..=9 {
            let person = if n == 0 { ANNA } else { PersonId([n; 16]) };
            all += &format!("{:?} {:?}", keys.classes(&tenant, &person).ok()?, keys.link(&tenant, &person).ok()?);
            all += &format!("{:?}", keys.person_key(&tenant, &person, &RetentionClass::default()).ok()?);
        }
    }
    all += &format!("{:?}", keys.house("pepper").ok()?);
    all += &format!("{:?}", keys.copy_after(&CopiedTo::default(), 100).ok()?.map(|(rows, _)| rows.len()));
    all += &format!("{:?}", keys.changes_after(0, 100).ok()?.0.len());
    Some(all)
}

#[test]
fn every_bit_of_a_small_file_of_keys_is_noticed_or_harmless() {
    let folder = house::folder();
    small_pages(&folder.path().join("keys.db"));
    let keys = open_keys(folder.path()).unwrap();
    let person = |n: u8| NewPerson {
        tenant: if n.is_multiple_of(2) { NORTH } else { SOUTH },
        person: PersonId([n; 16]),
        class: RetentionClass::default(),
        wrapped: (0..60).map(|at| at ^ n).collect(),
    };
    keys.put_house("pepper", &[5; 60]).unwrap();
    keys.put_tenant_key(&NORTH, &[1; 60]).unwrap();
    keys.put_person_keys(&[person(1), person(2), person(3)]).unwrap();
    keys.put_link(&NORTH, &PersonId([2; 16]), &[7; 40]).unwrap();
    keys.put_offsite(b"kept").unwrap();
    keys.put_person_key(&person(4)).unwrap();
    keys.destroy(&SOUTH, &PersonId([3; 16]), &[RetentionClass::default()]).unwrap();
    drop(keys);
    let held = keys_answer(&open_keys(folder.path()).unwrap()).unwrap();
    let judge = |copy: &Path| {
        let Ok(keys) = open_keys(copy) else { return Came::Noticed };
        match keys_answer(&keys) {
            None => Came::Noticed,
            Some(now) if now == held => Came::Harmless,
            Some(_) => Came::Wrong,
        }
    };
    let came = flip(folder.path(), &["keys.db"], &judge);
    assert_eq!(came[3], 0);
    assert!(came[0] > came[1] / 4, "{came:?}");
}

/// What a flip takes from the WAL of the keys the state beside them misses.
#[tokio::test]
async fn a_bit_of_the_keys_wal_is_noticed_by_the_state_beside_it() {
    let folder = house::folder();
    let site = small(folder.path()).await;
    let (store, keys) = site.open_beside();
    let added =
        NewPerson { tenant: NORTH, person: PersonId([9; 16]), class: RetentionClass::default(), wrapped: vec![3; 60] };
    keys.put_person_key(&added).unwrap();
    write(&store, SOUTH, put(1, 2)).await.unwrap();
    let killed = house::folder();
    house::copy_data(folder.path(), killed.path());
    drop((store, keys));
    let whole: Vec<(PathBuf, Vec<u8>)> = ["keys.db", "keys.db-wal"]
        .map(|name| killed.path().join(name))
        .into_iter()
        .filter(|path| path.exists())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    let Some((wal, bytes)) = whole.iter().find(|(path, _)| path.ends_with("keys.db-wal")) else {
        panic!("the key lies in the WAL");
    };
    let every = if std::env::var_os("BETRODD_LONG").is_some() { 1 } else { 3001 };
    let (mut noticed, mut harmless) = (0, 0);
    for bit in (0..bytes.len() * 8).step_by(every) {
        for (path, bytes) in &whole {
            std::fs::write(path, bytes).unwrap();
        }
        drop(std::fs::remove_file(killed.path().join("keys.db-shm")));
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(wal, bytes).unwrap();
        let site = Site::new(killed.path());
        match site.open() {
            Err(_) => noticed += 1,
            Ok(store) => {
                drop(store);
                let keys = open_keys(killed.path()).unwrap();
                let there = keys.person_key(&NORTH, &added.person, &added.class).unwrap();
                assert_eq!(there.as_ref(), Some(&added.wrapped), "bit {bit}: a key is gone and nobody says so");
                harmless += 1;
            }
        }
    }
    assert!(noticed > 0);
    eprintln!("keys.db-wal: {} bits flipped, {noticed} noticed, {harmless} harmless", noticed + harmless);
}
