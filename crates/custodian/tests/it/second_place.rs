//! A second place and a custodian that stop at any call: before it is done, or after.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use custodian::Folder;
use storage::KeyStore;
use terms::{Clock, Instant, PersonId, RetentionClass, TenantId};
use vault::custody::{ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf};
use vault::offsite::{Copies, Offsite};
use vault::{Root, Vault};
use zeroize::Zeroizing;

pub const TENANT: TenantId = TenantId([1; 16]);
pub const HOUR: i64 = 3600;

/// How many calls are still done. The last one may be done and not be answered, as when the power goes.
pub struct Fuse {
    left: AtomicI64,
    calls: AtomicI64,
}

impl Fuse {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { left: AtomicI64::new(i64::MAX), calls: AtomicI64::new(0) })
    }

    /// From now on so many calls go well, and the next one is done or not as `done` says; those after it are not.
    pub fn stop_after(&self, calls: i64) {
        self.left.store(calls, Ordering::SeqCst);
    }

    pub fn calls(&self) -> i64 {
        self.calls.load(Ordering::SeqCst)
    }

    fn burn<T>(&self, done_all_the_same: bool, call: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return call();
        }
        if left == 0 && done_all_the_same {
            call()?;
        }
        Err("stopped".to_owned())
    }
}

/// A second place in memory.
#[derive(Clone)]
pub struct Memory {
    pub held: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    pub fuse: Arc<Fuse>,
    pub done_all_the_same: bool,
}

impl Copies for Memory {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        self.fuse.burn(self.done_all_the_same, || {
            self.held.lock().unwrap().insert(name.to_owned(), bytes.to_vec());
            Ok(())
        })
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        self.fuse.burn(self.done_all_the_same, || Ok(self.held.lock().unwrap().get(name).cloned()))
    }

    fn list(&self, begins: &str) -> Result<Vec<String>, String> {
        self.fuse.burn(self.done_all_the_same, || {
            Ok(self.held.lock().unwrap().keys().filter(|name| name.starts_with(begins)).cloned().collect())
        })
    }

    fn delete(&self, name: &str) -> Result<(), String> {
        self.fuse.burn(self.done_all_the_same, || {
            self.held.lock().unwrap().remove(name);
            Ok(())
        })
    }
}

/// A custodian that stops with the second place.
pub struct Stopping {
    pub of: Arc<dyn Custodian>,
    pub fuse: Arc<Fuse>,
    pub done_all_the_same: bool,
}

impl Stopping {
    fn burn<T>(&self, call: impl FnOnce() -> Result<T, CustodianError>) -> Result<T, CustodianError> {
        let mut failed = None;
        let done = self.fuse.burn(self.done_all_the_same, || {
            call().map_err(|error| {
                failed = Some(error);
                String::new()
            })
        });
        done.map_err(|why| failed.unwrap_or(CustodianError::Failed(why)))
    }
}

impl Custodian for Stopping {
    fn begin(&self, of: &InstallationId, by: &Possession) -> Result<(ArchiveKeyId, PublicHalf), CustodianError> {
        self.burn(|| self.of.begin(of, by))
    }

    fn open(
        &self,
        of: &InstallationId,
        by: &Possession,
        key: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        self.burn(|| self.of.open(of, by, key, sealer))
    }

    fn destroy(&self, of: &InstallationId, by: &Possession, key: &ArchiveKeyId) -> Result<(), CustodianError> {
        self.burn(|| self.of.destroy(of, by, key))
    }

    fn list(&self, of: &InstallationId, by: &Possession) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        self.burn(|| self.of.list(of, by))
    }

    fn assumption(&self) -> Assumption {
        self.of.assumption()
    }
}

pub struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

impl Hands {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// An installation's keys, its second place and its custodian.
pub struct Installed {
    pub folder: tempfile::TempDir,
    pub root: Root,
    pub keys: Arc<KeyStore>,
    pub vault: Vault,
    pub memory: Memory,
    pub custodian: Arc<dyn Custodian>,
    pub fuse: Arc<Fuse>,
    pub clock: Arc<Hands>,
}

impl Installed {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let custodian: Arc<dyn Custodian> = Arc::new(Folder::beside(&folder.path().join("custodian")).unwrap());
        Self::with(folder, custodian)
    }

    pub fn with(folder: tempfile::TempDir, custodian: Arc<dyn Custodian>) -> Self {
        let root = Root::open_or_begin(&folder.path().join("root.key")).unwrap_or_else(|error| panic!("{error}"));
        let keys = Arc::new(KeyStore::open(&folder.path().join("keys.db")).unwrap());
        let vault = Vault::open(&root, Arc::clone(&keys)).unwrap();
        vault.new_tenant(&TENANT).unwrap();
        let fuse = Fuse::new();
        let memory = Memory { held: Arc::default(), fuse: Arc::clone(&fuse), done_all_the_same: false };
        let clock = Arc::new(Hands(AtomicI64::new(1_700_000_000_000_000)));
        Self { folder, root, keys, vault, memory, custodian, fuse, clock }
    }

    /// As a program has it that was just started.
    pub fn offsite(&self, done_all_the_same: bool) -> Offsite {
        let copies = Memory { done_all_the_same, ..self.memory.clone() };
        let custodian = Stopping { of: Arc::clone(&self.custodian), fuse: Arc::clone(&self.fuse), done_all_the_same };
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let keys = Arc::clone(&self.keys);
        Offsite::new(&self.root, &self.vault, keys, Arc::new(copies), Arc::new(custodian), clock, 24 * HOUR).unwrap()
    }

    pub fn person(&self) -> PersonId {
        let person = self.vault.new_person(&TENANT).unwrap();
        self.vault.put_name(&TENANT, &person, "Åsa").unwrap();
        person
    }

    pub fn erase(&self, person: &PersonId) {
        self.keys.destroy(&TENANT, person, &[RetentionClass::default()]).unwrap();
    }

    /// Whether a person's key is there after a restore from the second place now.
    pub fn after_a_restore(&self, persons: &[PersonId]) -> Vec<bool> {
        self.fuse.stop_after(i64::MAX);
        let to = tempfile::tempdir().unwrap();
        let file = to.path().join("keys.db");
        vault::offsite::take_back(&self.root, &self.memory, &*self.custodian, &file)
            .unwrap_or_else(|error| panic!("{error}"));
        let keys = KeyStore::open(&file).unwrap();
        let class = RetentionClass::default();
        persons.iter().map(|person| keys.has_person_key(&TENANT, person, &class).unwrap()).collect()
    }
}
