//! A small real house: the Matcha agreement and kinds, two customers and a provider, over a folder of its own.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use agreement::Agreement;
use journal::{Detail, Outcome};
use processing::{LogFilter, LoggedAccess, Processing};
use service::{Asked, Door, Draft, Kinds, New, No, Opened};
use storage::{AccountSecrets, HouseOp, KeyStore, Lock, Options, PutAccount, Step, Store, Tenant};
use tempfile::TempDir;
use terms::{
    Category, ClauseId, Clock, FieldName, Instant, KindName, PersonId, Purpose, RecordHead, RecordId, Render, Role,
    TenantId,
};
use vault::{Root, Vault};

/// The agreement of Matcha as it is.
pub const MATCHA: &str = include_str!("../../../../services/matcha/agreement.sv.md");
/// The same, but case workers and unit heads reach all: for tests of what is done to records, whoever has them. Who reaches which
/// is `reaching.rs` and `reach_of_matcha.rs`.
pub static AGREEMENT: LazyLock<String> = LazyLock::new(|| {
    let staff = |line: &&str| !matches!(*line, "reach = \"assigned\"" | "reach = \"unit\"");
    MATCHA.lines().filter(staff).flat_map(|line| [line, "\n"]).collect()
});
pub const KINDS: &str = include_str!("../../../../services/matcha/kinds.toml");
/// 2026-11-21 12:00 UTC.
const NOON: i64 = 1_795_262_400_000_000;

/// A clock that stands until it is moved.
pub struct Still(AtomicI64);

impl Clock for Still {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

pub struct House {
    kinds: &'static str,
    pub folder: TempDir,
    pub clock: Arc<Still>,
    pub store: Arc<Store>,
    pub vault: Arc<Vault>,
    /// The file of keys: one alone may write it.
    pub keys: Arc<KeyStore>,
    pub processing: Arc<Processing>,
    pub north: TenantId,
    pub south: TenantId,
    pub provider: TenantId,
}

pub fn kind(name: &str) -> KindName {
    KindName::new(name).unwrap()
}

impl House {
    pub async fn new() -> Self {
        Self::with(&AGREEMENT).await
    }

    pub async fn with(agreement: &str) -> Self {
        Self::of(agreement, KINDS).await
    }

    pub async fn of(agreement: &str, kinds: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Still(AtomicI64::new(NOON)));
        let (store, vault, processing, keys) = open(&folder, &clock, kinds);
        let house = Self {
            kinds,
            folder,
            clock,
            store,
            vault,
            keys,
            processing,
            north: TenantId([1; 16]),
            south: TenantId([2; 16]),
            provider: TenantId([3; 16]),
        };
        let agreement = Arc::new(Agreement::read("agreement.sv.md", agreement).unwrap());
        for (id, name, provider) in
            [(house.north, "Norr", false), (house.south, "Söder", false), (house.provider, "Vi", true)]
        {
            house.vault.new_tenant(&id).unwrap();
            let tenant = Tenant {
                id,
                name: name.to_owned(),
                registration_number: None,
                service: agreement.service().clone(),
                provider,
            };
            house.event(id, HouseOp::PutTenant(tenant)).await;
            if !provider {
                house.processing.adopt(id, house.store.now(), &agreement).await.unwrap();
            }
        }
        house
    }

    /// One more customer, whose agreement begins at `from`.
    pub async fn customer(&self, id: TenantId, name: &str, from: Instant) {
        let agreement = Arc::new(Agreement::read("agreement.sv.md", &AGREEMENT).unwrap());
        self.vault.new_tenant(&id).unwrap();
        let tenant = Tenant {
            id,
            name: name.to_owned(),
            registration_number: None,
            service: agreement.service().clone(),
            provider: false,
        };
        self.event(id, HouseOp::PutTenant(tenant)).await;
        self.processing.adopt(id, from, &agreement).await.unwrap();
    }

    /// Lets go of the folder and opens it again, as a restart does.
    pub fn reopened(self) -> Self {
        let Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider } = self;
        drop(processing);
        drop((vault, keys));
        assert_eq!(Arc::strong_count(&store), 1, "nobody else holds the store");
        drop(store);
        let (store, vault, processing, keys) = open(&folder, &clock, kinds);
        Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider }
    }

    /// The same, with a state that is made anew from the journal.
    pub fn rebuilt(self) -> Self {
        let Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider } = self;
        drop((processing, vault, keys, store));
        for file in ["state.db", "state.db-wal", "state.db-shm"] {
            std::fs::remove_file(folder.path().join(file)).ok();
        }
        let (store, vault, processing, keys) = open(&folder, &clock, kinds);
        Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider }
    }

    /// With another room for files.
    pub fn with_files(self, files: files::Files) -> Self {
        let processing = processing(&self.store, &self.vault, self.kinds).with_files(files).unwrap();
        Self { processing: Arc::new(processing), ..self }
    }

    /// Lets go of the folder and opens it with so many bytes of the disk held in reserve.
    pub fn with_reserve(self, reserve_bytes: u64) -> Self {
        let Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider } = self;
        drop((processing, vault, keys, store));
        let options = Options { reserve_bytes, ..options(None) };
        let (store, vault, processing, keys) = open_with(&folder, &clock, kinds, options);
        Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider }
    }

    /// With rows that follow their keys in portions, however few they are.
    pub fn in_portions(self) -> Self {
        let place = files::Folder::open(&self.folder.path().join("files")).unwrap();
        self.in_portions_with(Arc::new(place))
    }

    /// The same, with another place of files.
    pub fn in_portions_with(self, place: Arc<dyn files::Place>) -> Self {
        let files = files::Files::new(place, None);
        let processing = processing(&self.store, &self.vault, self.kinds).with_files(files).unwrap();
        Self { processing: Arc::new(processing.with_portions_from(0)), ..self }
    }

    /// With no more than so many records anonymised in one act.
    pub fn anonymising_at_most(self, records: usize) -> Self {
        let processing = processing(&self.store, &self.vault, self.kinds);
        Self { processing: Arc::new(processing.with_most_anonymised(records)), ..self }
    }

    /// Started without a room for files, and what was there before stays where it lies.
    pub fn without_files(self) -> Self {
        let processing = processing(&self.store, &self.vault, self.kinds);
        Self { processing: Arc::new(processing), ..self }
    }

    /// So many seconds later.
    pub fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Lets go of the folder and opens it again under somebody's eyes.
    pub fn watched(self, watch: Watch) -> Self {
        let Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider } = self;
        drop((processing, vault, keys, store));
        let (store, vault, processing, keys) = open_watched(&folder, &clock, kinds, Some(watch));
        Self { kinds, folder, clock, store, vault, keys, processing, north, south, provider }
    }

    /// Opens a copy of the folder, as the next start after a kill does.
    pub fn of_copy(folder: TempDir, clock: &Arc<Still>) -> Self {
        let (store, vault, processing, keys) = open(&folder, clock, KINDS);
        let (north, south, provider) = (TenantId([1; 16]), TenantId([2; 16]), TenantId([3; 16]));
        Self { kinds: KINDS, folder, clock: Arc::clone(clock), store, vault, keys, processing, north, south, provider }
    }

    pub async fn event(&self, tenant: TenantId, op: HouseOp) {
        let detail = Detail { event: Some("test".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
        self.store.event(tenant, detail, vec![op]).await.unwrap();
    }

    pub async fn person(&self, home: TenantId, role: &str, name: &str) -> PersonId {
        let person = self.vault.new_person(&home).unwrap();
        self.account(home, person, role, name, None).await;
        person
    }

    /// An account of a person, with the record that is its own.
    pub async fn account(&self, home: TenantId, person: PersonId, role: &str, name: &str, record: Option<RecordId>) {
        self.vault.put_name(&home, &person, name).unwrap();
        let login = [person.0, person.0].concat().try_into().unwrap();
        let secrets = AccountSecrets { login, password: String::new() };
        let secrets = self.vault.seal_account(&home, &person, secrets).unwrap();
        let account = PutAccount { person, home, role: Role::new(role).unwrap(), record, secrets, totp: None };
        self.event(home, HouseOp::PutAccount(account)).await;
    }

    pub async fn end(&self, person: PersonId) {
        let home = self.store.account(&person).unwrap().unwrap().home;
        self.event(home, HouseOp::EndAccount(person)).await;
    }

    pub async fn participant(&self, asked: &Asked, name: &str) -> RecordId {
        let draft = Draft::new().with("given-name", name).with("family-name", "Prov").with("birth-date", "1990-01-12");
        self.collect(asked, "participant", None, draft).await.unwrap()
    }

    pub async fn collect(
        &self,
        asked: &Asked,
        of: &str,
        parent: Option<RecordId>,
        draft: Draft,
    ) -> Result<RecordId, No> {
        self.processing.collect(asked, New { kind: &kind(of), parent, draft, once: None }).await
    }

    /// The whole log of a customer, newest first, as its administrator reads it.
    pub async fn log(&self, administrator: &Asked) -> Vec<LoggedAccess> {
        let filter = LogFilter { limit: 10_000, ..LogFilter::default() };
        self.processing.who_looked(administrator, &filter).await.unwrap()
    }
}

type Rooms = (Arc<Store>, Arc<Vault>, Arc<Processing>, Arc<KeyStore>);

/// Who is told of the committer's steps.
pub type Watch = Arc<dyn Fn(Step) + Send + Sync>;

fn open(folder: &TempDir, clock: &Arc<Still>, kinds: &str) -> Rooms {
    open_watched(folder, clock, kinds, None)
}

fn open_watched(folder: &TempDir, clock: &Arc<Still>, kinds: &str, watch: Option<Watch>) -> Rooms {
    open_with(folder, clock, kinds, options(watch))
}

fn options(watch: Option<Watch>) -> Options {
    Options { segment_bytes: 64 << 10, reserve_bytes: 0, watch, ..Options::default() }
}

fn open_with(folder: &TempDir, clock: &Arc<Still>, kinds: &str, options: Options) -> Rooms {
    let lock = Lock::take(folder.path()).unwrap();
    let keys = Arc::new(KeyStore::open(&folder.path().join("keys.db")).unwrap());
    let root = Root::open_or_begin(&folder.path().join("root.key")).unwrap();
    let vault = Arc::new(Vault::open(&root, Arc::clone(&keys)).unwrap());
    let signer =
        journal::SigningKey::from_seed(&journal::key_name(&vault.installation()), vault.signing_seed()).unwrap();
    let store = Store::open(
        folder.path(),
        lock,
        options,
        Arc::clone(clock) as Arc<dyn Clock>,
        Arc::clone(&keys),
        &*vault,
        signer,
    )
    .unwrap();
    let store = Arc::new(store);
    let processing = processing(&store, &vault, kinds);
    let place = files::Folder::open(&folder.path().join("files")).unwrap();
    let processing = processing.with_files(files::Files::new(Arc::new(place), None)).unwrap();
    (store, vault, Arc::new(processing), keys)
}

fn processing(store: &Arc<Store>, vault: &Arc<Vault>, kinds: &str) -> Processing {
    let kinds = if kinds == KINDS { [KINDS, crate::files::PAPERS].concat() } else { kinds.to_owned() };
    let kinds = Arc::new(Kinds::read("kinds.toml", &kinds).unwrap());
    Processing::new(Arc::clone(store), Arc::clone(vault), vec![kinds]).unwrap()
}

pub fn asked(actor: PersonId, tenant: TenantId, purpose: &str) -> Asked {
    Asked { actor, tenant, purpose: Purpose::new(purpose).unwrap(), case: None }
}

/// What an opened record shows.
#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub record: Option<RecordId>,
    pub version: u64,
    pub author: Option<String>,
    pub fields: Vec<(String, String)>,
    pub withheld: Vec<String>,
}

impl Seen {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct All(Vec<Seen>);

impl Render for All {
    fn begin(&mut self, head: &RecordHead) {
        self.0.push(Seen { record: Some(head.record), version: head.version, ..Seen::default() });
    }
    fn author(&mut self, name: &str) {
        self.0.last_mut().unwrap().author = Some(name.to_owned());
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        self.0.last_mut().unwrap().fields.push((name.to_string(), value.to_owned()));
    }
    fn withheld(&mut self, category: &Category, _: &ClauseId) {
        self.0.last_mut().unwrap().withheld.push(category.to_string());
    }
    fn end(&mut self) {}
}

pub fn seen(opened: &dyn Opened) -> Vec<Seen> {
    let mut all = All::default();
    opened.render(&mut all);
    all.0
}

/// The code and the clause number of a refusal.
pub fn refused<T>(answer: Result<T, No>) -> (String, String) {
    match answer {
        Err(No::Refused(refusal)) => (refusal.reason.code().to_owned(), refusal.number),
        Err(other) => panic!("refused was expected, not {other:?}"),
        Ok(_) => panic!("refused was expected, and it was allowed"),
    }
}
