//! A stop at every call to the second place while a snapshot is taken: what is here starts again as it was, with or without its state,
//! what lies there gives the same, and the next time does the rest.

use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use archive::{Directory, Kept, Listed, Place, PlaceError, Shipper, Shipping, TakeError, Taking, take_snapshot};
use journal::{Detail, Outcome, RealDisk, SigningKey};
use storage::{
    AccountSecrets, Fingerprint, HouseOp, KeyStore, Lock, Options, Seals, Snapshot, Store, StoreError, Tenant, Token,
    Tokens,
};
use terms::{Clock, FieldName, Instant, PersonId, RecordId, RetentionClass, ServiceName, TenantId};

/// A place that does so many calls and no more: the program died, or the place did.
struct Stops {
    place: Directory,
    left: AtomicU64,
}

impl Stops {
    fn call(&self) -> Result<&Directory, PlaceError> {
        let left = self.left.load(Ordering::SeqCst);
        if left == 0 {
            return Err(PlaceError { doing: "put", object: "any".to_owned(), cause: "it stopped".to_owned() });
        }
        self.left.store(left - 1, Ordering::SeqCst);
        Ok(&self.place)
    }
}

impl Place for Stops {
    fn put(&self, name: &str, from: &mut dyn Read) -> Result<(), PlaceError> {
        self.call()?.put(name, from)
    }
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, PlaceError> {
        self.call()?.open(name)
    }
    fn list(&self, under: &str) -> Result<Vec<Listed>, PlaceError> {
        self.call()?.list(under)
    }
    fn delete(&self, name: &str) -> Result<(), PlaceError> {
        self.call()?.delete(name)
    }
    fn called(&self) -> String {
        self.place.called()
    }
}

/// Nobody has tokens or accounts here.
struct Nobody;

impl Tokens for Nobody {
    fn open(
        &self,
        _: &TenantId,
        _: &PersonId,
        _: &RetentionClass,
        _: &RecordId,
        _: &FieldName,
        _: &[u8],
    ) -> Result<Option<Token>, StoreError> {
        Ok(None)
    }
    fn open_account(&self, _: &TenantId, _: &PersonId, _: &[u8]) -> Result<Option<AccountSecrets>, StoreError> {
        Ok(None)
    }
}

impl Seals for Nobody {
    fn seal(
        &self,
        _: &TenantId,
        _: &PersonId,
        _: &RetentionClass,
        _: &RecordId,
        _: &FieldName,
        _: Token,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }
    fn seal_secrets(&self, _: &TenantId, _: &PersonId, _: AccountSecrets) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }
}

struct Stands(AtomicI64);

impl Clock for Stands {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// In memory where the system has such a place: it is looked at what is written, and not at how long a disk takes to sync it.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn tried(folder: &Path) -> Result<Store, storage::OpenError> {
    let options = Options { segment_bytes: 4096, reserve_bytes: 0, heads_every_seconds: 3600, ..Options::default() };
    let lock = Lock::take(folder).unwrap();
    let keys = Arc::new(KeyStore::open(&folder.join("keys.db")).unwrap());
    let signer = SigningKey::from_seed(&journal::key_name(&[0xab; 16]), &[9; 32]).unwrap();
    let clock = Arc::new(Stands(AtomicI64::new(0)));
    Store::open(folder, lock, options, clock, keys, &Nobody, signer)
}

fn open(folder: &Path) -> Store {
    tried(folder).unwrap()
}

async fn grow(store: &Store, from: u8, to: u8) {
    for n in from..to {
        let (id, service) = (TenantId([n + 1; 16]), ServiceName::new("register").unwrap());
        let tenant = Tenant { id, name: format!("Kund {n} AB"), registration_number: None, service, provider: false };
        let detail = Detail { event: Some("test".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
        store.event(id, detail, vec![HouseOp::PutTenant(tenant)]).await.unwrap();
    }
}

/// Ships everything and ends.
fn ship(folder: &Path, store: &Store, place: &Path) {
    let shipper = Shipper::start(Shipping {
        place: Arc::new(Directory::open(place).unwrap()),
        installation: "ab".repeat(16),
        writer: "w".to_owned(),
        journal: folder.join("journal"),
        disk: Arc::new(RealDisk),
        durable: Box::new(store.durable_end()),
        companions: Vec::new(),
        clock: Arc::new(Stands(AtomicI64::new(0))),
    })
    .unwrap();
    let durable = store.durable_end()();
    for _ in 0..2000 {
        if shipper.status().shipped == durable {
            break;
        }
        shipper.hurry();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert_eq!(shipper.status().shipped, durable);
    shipper.end();
}

fn take(store: &Store, folder: &Path, place: &dyn Place, keep: usize) -> Result<Kept, TakeError> {
    let keeps = |all: &[Snapshot]| {
        let keep = keep.min(all.len());
        (keep, keep.checked_sub(1).and_then(|last| all.get(last)).map(|one| one.at))
    };
    let installation = "ab".repeat(16);
    take_snapshot(&Taking { store, seals: &Nobody, folder, place, installation: &installation, keeps: &keeps })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn without_state(folder: &Path) {
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.join(file)));
    }
}

/// What comes back from a place, into a folder that was not there.
fn restored(place: &Path, keys: &Path) -> Vec<(String, u64)> {
    let place = Directory::open(place).unwrap();
    let folder = folder();
    let journal = folder.path().join("journal");
    std::fs::create_dir(&journal).unwrap();
    archive::fetch_journal(&place, &journal, &mut |_| {}).unwrap();
    archive::fetch_covered(&place, &journal).unwrap();
    std::fs::copy(keys, folder.path().join("keys.db")).unwrap();
    let key = SigningKey::from_seed(&journal::key_name(&[0xab; 16]), &[9; 32]).unwrap().verifier();
    if let Some(newest) = archive::snapshots(&place, Some(&key)).unwrap().first() {
        archive::fetch_snapshot(&place, newest, folder.path(), &mut |_| {}).unwrap();
    }
    open(folder.path()).fingerprint().unwrap().counts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_at_any_call_of_taking_a_snapshot_loses_nothing_and_the_next_time_does_the_rest() {
    let whole = folder();
    let (data, away) = (whole.path().join("data"), whole.path().join("away"));
    let store = open(&data);
    let place = Directory::open(&away).unwrap();
    for round in 0..3 {
        grow(&store, round * 20, round * 20 + 20).await;
        ship(&data, &store, &away);
        // All of them stay so far, and nothing is covered beyond the first.
        let kept = take(&store, &data, &place, 9).unwrap();
        assert!(kept.newest.is_some());
    }
    grow(&store, 60, 70).await;
    ship(&data, &store, &away);
    drop(store);
    let keys = data.join("keys.db");
    let held = restored(&away, &keys);
    assert!(held.contains(&("tenant".to_owned(), 70)));
    let stops = Arc::new(Mutex::new(0_u64));
    for calls in 0.. {
        let copied = folder();
        let (data, away) = (copied.path().join("data"), copied.path().join("away"));
        copy(&whole.path().join("data"), &data);
        copy(&whole.path().join("away"), &away);
        let store = open(&data);
        let stopping = Stops { place: Directory::open(&away).unwrap(), left: AtomicU64::new(calls) };
        let taken = take(&store, &data, &stopping, 2);
        drop(store);
        // What lies there gives all of it, and so does what is here, with and without its state.
        assert_eq!(restored(&away, &keys), held, "{calls} calls");
        let again = |folder: &Path| -> Fingerprint { open(folder).fingerprint().unwrap() };
        assert_eq!(again(&data).counts, held, "{calls} calls");
        without_state(&data);
        assert_eq!(again(&data).counts, held, "{calls} calls, without the state");
        // The next time does the rest: two snapshots there, and what the second covers is gone from the journal.
        let store = open(&data);
        let place = Directory::open(&away).unwrap();
        let kept = take(&store, &data, &place, 2).unwrap();
        assert_eq!(place.list("snapshots/").unwrap().len(), 4, "{calls} calls");
        assert_eq!(store.snapshots().unwrap().len(), 2);
        assert_eq!(store.purgeable().unwrap(), store.snapshots().unwrap().last().map(|one| one.at));
        assert!(kept.covered.is_some());
        ship(&data, &store, &away);
        drop(store);
        assert_eq!(restored(&away, &keys), held, "{calls} calls, and the rest");
        let report = journal::verify(&data, &journal::Knowledge::default()).unwrap();
        assert!(report.fault.is_none() && report.stripped > 20, "{calls} calls: {:?}", report.fault);
        match taken {
            Ok(_) => break,
            Err(_) => *stops.lock().unwrap() += 1,
        }
    }
    let stops = *stops.lock().unwrap();
    assert!(stops > 12, "{stops}");
    println!("{stops} stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_gets_a_journal_from_which_operations_were_taken_out_says_so_before_any_of_it_lies_there() {
    let whole = folder();
    let (data, away, other) = (whole.path().join("data"), whole.path().join("away"), whole.path().join("other"));
    let store = open(&data);
    grow(&store, 0, 20).await;
    ship(&data, &store, &away);
    assert!(take(&store, &data, &Directory::open(&away).unwrap(), 1).unwrap().covered.is_some());
    // The index of a closed segment is written some time after.
    let mut gone = 0;
    for _ in 0..500 {
        gone = journal::verify(&data, &journal::Knowledge::default()).unwrap().stripped;
        if gone > 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
        store.strip().unwrap();
    }
    assert!(gone > 0);
    grow(&store, 20, 25).await;
    let note = std::fs::read(data.join("journal/covered")).unwrap();
    // The operator names another place, and there is no snapshot there yet.
    ship(&data, &store, &other);
    let there = Directory::open(&other).unwrap();
    let covered = || archive::get(&there, "journal/covered", 1 << 10).unwrap();
    assert_eq!(covered(), Some(note.clone()));
    let (back, key) = (folder(), data.join("keys.db"));
    let journal = back.path().join("journal");
    std::fs::create_dir(&journal).unwrap();
    archive::fetch_journal(&there, &journal, &mut |_| {}).unwrap();
    archive::fetch_covered(&there, &journal).unwrap();
    std::fs::copy(&key, back.path().join("keys.db")).unwrap();
    let told = tried(back.path()).map(drop).unwrap_err().to_string();
    assert!(told.contains("no longer holds what it is made from"), "{told}");
    // Nor is it taken for the whole where that note is lost.
    std::fs::remove_file(journal.join("covered")).unwrap();
    let told = tried(back.path()).map(drop).unwrap_err().to_string();
    assert!(told.contains("were taken out of the journal"), "{told}");
    // A snapshot there says it too, and from it all comes back.
    there.delete("journal/covered").unwrap();
    let keeps = |all: &[Snapshot]| (all.len(), None);
    let installation = "ab".repeat(16);
    let taking = Taking {
        store: &store,
        seals: &Nobody,
        folder: &data,
        place: &there,
        installation: &installation,
        keeps: &keeps,
    };
    assert!(take_snapshot(&taking).unwrap().covered.is_none());
    assert_eq!(covered(), Some(note));
    ship(&data, &store, &other);
    drop(store);
    assert!(restored(&other, &key).contains(&("tenant".to_owned(), 25)));
}
