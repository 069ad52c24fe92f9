//! A whole small installation: a data folder, a second place and a custodian's folder, under one folder, with a service of five kinds
//! whose records are of several persons.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use agreement::Agreement;
use journal::{Detail, Outcome};
use processing::Processing;
use service::{Asked, Change, Door, Draft, Kinds, New, Opened, ToErase};
use storage::{AccountSecrets, HouseOp, KeyStore, Lock, Options, PutAccount, Store, Tenant};
use tempfile::TempDir;
use terms::{
    Category, ClauseId, Clock, FieldName, Instant, KindName, PersonId, Purpose, RecordHead, RecordId, Render, Role,
    TenantId,
};
use vault::{Root, Vault};

static AGREEMENT: LazyLock<Arc<Agreement>> =
    LazyLock::new(|| Arc::new(Agreement::read("register.sv.md", include_str!("register.sv.md")).unwrap()));
static KINDS: LazyLock<Arc<Kinds>> =
    LazyLock::new(|| Arc::new(Kinds::read("register.toml", include_str!("register.toml")).unwrap()));

/// 2026-11-21 12:00 UTC.
pub const NOON: Instant = Instant(1_795_262_400_000_000);
pub const HOUR: i64 = 3600;
pub const NORTH: TenantId = TenantId([1; 16]);
pub const SOUTH: TenantId = TenantId([2; 16]);

/// A clock that stands until it is moved.
pub struct Hands(AtomicI64);

impl Hands {
    pub fn at(instant: Instant) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(instant.micros())))
    }

    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// In memory where the system has such a place: it is looked at what is written, and not at how long a disk takes to sync it.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// A data folder, open.
pub struct House {
    pub folder: PathBuf,
    pub root: Root,
    pub keys: Arc<KeyStore>,
    pub vault: Arc<Vault>,
    pub store: Arc<Store>,
    pub processing: Arc<Processing>,
}

impl House {
    /// Opens a data folder as a start does.
    ///
    /// # Errors
    /// What the start said.
    pub fn open(folder: &Path, clock: &Arc<Hands>) -> Result<Self, String> {
        let lock = Lock::take(folder).map_err(|error| error.to_string())?;
        let root = Root::open_or_begin(&folder.join("root.key")).map_err(|error| error.to_string())?;
        let keys = Arc::new(KeyStore::open(&folder.join("keys.db")).map_err(|error| error.to_string())?);
        let vault = Arc::new(Vault::open(&root, Arc::clone(&keys)).map_err(|error| error.to_string())?);
        let name = journal::key_name(&vault.installation());
        let signer = journal::SigningKey::from_seed(&name, vault.signing_seed()).unwrap();
        let options =
            Options { segment_bytes: 64 << 10, reserve_bytes: 0, heads_every_seconds: 3600, ..Options::default() };
        let clock = Arc::clone(clock) as Arc<dyn Clock>;
        let store = Store::open(folder, lock, options, clock, Arc::clone(&keys), &*vault, signer)
            .map_err(|error| error.to_string())?;
        let store = Arc::new(store);
        let processing = Processing::new(Arc::clone(&store), Arc::clone(&vault), vec![Arc::clone(&KINDS)])
            .map_err(|error| error.to_string())?;
        Ok(Self { folder: folder.to_owned(), root, keys, vault, store, processing: Arc::new(processing) })
    }

    /// Begins one: two customers under the agreement, and a worker for each.
    pub async fn begin(folder: &Path, clock: &Arc<Hands>) -> (Self, [Asked; 2]) {
        let house = Self::open(folder, clock).unwrap();
        let mut workers = Vec::new();
        for (id, name) in [(NORTH, "Norr"), (SOUTH, "Söder")] {
            house.vault.new_tenant(&id).unwrap();
            let service = AGREEMENT.service().clone();
            let tenant = Tenant { id, name: name.to_owned(), registration_number: None, service, provider: false };
            house.event(id, vec![HouseOp::PutTenant(tenant)]).await;
            house.processing.adopt(id, house.store.now(), &AGREEMENT).await.unwrap();
            let person = house.vault.new_person(&id).unwrap();
            house.vault.put_name(&id, &person, "Sara").unwrap();
            let login = [person.0, person.0].concat().try_into().unwrap();
            let secrets = AccountSecrets { login, password: String::new() };
            let secrets = house.vault.seal_account(&id, &person, secrets).unwrap();
            let role = Role::new("worker").unwrap();
            let account = PutAccount { person, home: id, role, record: None, secrets, totp: None };
            house.event(id, vec![HouseOp::PutAccount(account)]).await;
            workers.push(Asked { actor: person, tenant: id, purpose: Purpose::new("provide").unwrap(), case: None });
        }
        (house, workers.try_into().unwrap_or_else(|_| unreachable!()))
    }

    pub async fn event(&self, tenant: TenantId, ops: Vec<HouseOp>) {
        let detail = Detail { event: Some("test".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
        self.store.event(tenant, detail, ops).await.unwrap();
    }

    pub async fn collect(&self, by: &Asked, of: &str, parent: Option<RecordId>, fields: &[(&str, &str)]) -> RecordId {
        let draft = fields.iter().fold(Draft::new(), |draft, (name, value)| draft.with(name, value));
        self.processing.collect(by, New { kind: &kind(of), parent, draft, once: None }).await.unwrap()
    }

    pub async fn alter(&self, by: &Asked, of: &str, record: RecordId, field: &str, value: &str) {
        let version = self.store.head(&by.tenant, &record).unwrap().unwrap().version;
        let draft = Draft::new().with(field, value);
        let change = Change { kind: &kind(of), record, version, draft, state: None, once: None };
        self.processing.alter(by, change).await.unwrap();
    }

    /// Erases what belongs to a record; gives the ids of what went.
    ///
    /// # Errors
    /// Why not.
    pub async fn erase(&self, by: &Asked, of: &str, record: RecordId) -> Result<Vec<RecordId>, String> {
        let kind = kind(of);
        let (plan, hash) = self.processing.plan_erasure(by, &kind, record).await.map_err(|no| format!("{no:?}"))?;
        let to = ToErase { kind: &kind, record, plan: hash, back_until: None };
        self.processing.erase(by, to).await.map_err(|no| format!("{no:?}"))?;
        Ok(plan.goes.iter().flat_map(|one| one.records.iter().map(|(record, _)| *record)).collect())
    }

    /// What a record says in its field, as whoever may read it gets it; none where there is none.
    pub async fn says(&self, by: &Asked, of: &str, record: RecordId, field: &str) -> Option<String> {
        let opened = self.processing.consult(by, &kind(of), record).await.ok()?;
        read(&*opened, field)
    }
}

pub fn kind(name: &str) -> KindName {
    KindName::new(name).unwrap()
}

struct One<'a>(&'a str, Option<String>);

impl Render for One<'_> {
    fn begin(&mut self, _: &RecordHead) {}
    fn author(&mut self, _: &str) {}
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if name.as_str() == self.0 {
            self.1 = Some(value.to_owned());
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {}
}

fn read(opened: &dyn Opened, field: &str) -> Option<String> {
    let mut one = One(field, None);
    opened.render(&mut one);
    one.1
}

/// The person of a record.
pub fn person_of(house: &House, tenant: &TenantId, record: &RecordId) -> PersonId {
    house.store.head(tenant, record).unwrap().unwrap().person
}

/// Copies a folder as a kill leaves it: databases before their WAL, no locks, and what nobody keeps of a WAL's index.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_owned();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else if name != "lock" && !name.to_string_lossy().ends_with("-shm") {
            // A derived file may be replaced in this moment.
            drop(std::fs::copy(&path, to.join(name)));
        }
    }
}

/// The same, of a folder that is in use: the state and its WAL are of one moment.
pub fn copy_in_use(from: &Path, to: &Path) {
    let stamp = || {
        ["state.db", "state.db-wal", "keys.db", "keys.db-wal"]
            .map(|name| std::fs::metadata(from.join(name)).ok().map(|about| (about.len(), about.modified().unwrap())))
    };
    loop {
        let before = stamp();
        drop(std::fs::remove_dir_all(to));
        copy(from, to);
        if stamp() == before {
            return;
        }
    }
}
