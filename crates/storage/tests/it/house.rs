//! A data folder with two customers, an agreement of a page, and a clock that stands until it is moved.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use agreement::{Act, Agreement, Facts, Permit};
use journal::{Detail, Outcome, SigningKey};
use storage::{
    About, AccountSecrets, CommitError, Done, Entered, Find, FolderError, Guard, HouseOp, KeyStore, Lock, LogKey,
    LogQuery, Logged, NewPerson, OpenError, Options, PutAccount, PutRecord, RecordWrite, SealedAccount, SealedToken,
    Seals, Store, StoreError, StoredRecord, Tag, Tenant, Token, Tokens, TokensOf,
};
use tempfile::TempDir;
use terms::{
    Category, Clock, Extent, FieldName, Instant, KindName, PersonId, Purpose, RecordId, RetentionClass, Role,
    ServiceName, SubjectCategory, TenantId, Verb,
};

/// 2026-11-21 12:00 UTC.
pub const NOON: Instant = Instant(1_795_262_400_000_000);
pub const NORTH: TenantId = TenantId([1; 16]);
pub const SOUTH: TenantId = TenantId([2; 16]);
/// Adopted no agreement.
pub const WEST: TenantId = TenantId([3; 16]);
pub const WORKER: PersonId = PersonId([0xa0; 16]);
/// Has a key with [`NORTH`] and [`SOUTH`].
pub const ANNA: PersonId = PersonId([0xa1; 16]);
/// Has none.
pub const STRANGER: PersonId = PersonId([0xa2; 16]);

pub static IN_FORCE: LazyLock<Agreement> = LazyLock::new(|| agreement("1"));
pub static OTHER: LazyLock<Agreement> = LazyLock::new(|| agreement("2"));

fn agreement(version: &str) -> Agreement {
    let text = format!(
        r#"# An agreement of a page {{#all}}
```toml
[agreement]
service = "register"
title = {{ sv = "Avtal", en = "Agreement" }}
version = "{version}"
language = "en"

[purpose.provide]
label = {{ sv = "tillhandahålla", en = "provide" }}
[subject.person]
label = {{ sv = "Personer", en = "People" }}
[category.name]
label = {{ sv = "Namn", en = "Name" }}
[role.worker]
label = {{ sv = "Arbetare", en = "Worker" }}
side = "controller"

[[declares]]
subject = "person"
categories = ["name"]
[[may]]
role = "worker"
verbs = ["collect", "alter", "consult"]
purpose = "provide"
subject = "person"
categories = "declared"

[in-force]
otherwise = "refuse"
changed-by = "both-parties"
[purposes]
otherwise = "refuse"
changed-by = "both-parties"
[categories]
otherwise = "refuse"
changed-by = "both-parties"
[access]
otherwise = "refuse"
changed-by = "both-parties"
[subprocessors]
otherwise = "refuse"
changed-by = "both-parties"
```
"#
    );
    Agreement::read("agreement.en.md", &text).unwrap()
}

/// A clock that stands until it is moved.
pub struct Moved(AtomicI64);

impl Moved {
    pub fn by_micros(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// Stands in for the vault: a token is sealed by turning it round, every bit of it, behind its person's first byte, and what a person logs in
/// with likewise.
#[derive(Default)]
pub struct Turned {
    pub opened: AtomicUsize,
    /// Whose key is gone.
    pub gone: Option<PersonId>,
    /// Whose key cannot be read.
    pub unread: Option<PersonId>,
}

impl Turned {
    fn turned(&self, person: &PersonId, sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        if self.unread == Some(*person) {
            return Err(StoreError { doing: "read", cause: "a disk that fails".to_owned() });
        }
        let Some((whose, turned)) = sealed.split_first() else { return Ok(None) };
        if *whose != person.0[0] || self.gone == Some(*person) {
            return Ok(None);
        }
        self.opened.fetch_add(1, Ordering::SeqCst);
        Ok(Some(turned.iter().rev().map(|byte| !byte).collect()))
    }
}

impl Tokens for Turned {
    fn open(
        &self,
        _: &TenantId,
        person: &PersonId,
        _: &RetentionClass,
        _: &RecordId,
        _: &FieldName,
        sealed: &[u8],
    ) -> Result<Option<Token>, StoreError> {
        Ok(self.turned(person, sealed)?.map(|token| token.try_into().unwrap()))
    }

    fn open_account(
        &self,
        _: &TenantId,
        person: &PersonId,
        sealed: &[u8],
    ) -> Result<Option<AccountSecrets>, StoreError> {
        Ok(self.turned(person, sealed)?.map(|secrets| AccountSecrets {
            login: secrets[..32].try_into().unwrap(),
            password: String::from_utf8(secrets[32..].to_vec()).unwrap(),
        }))
    }
}

impl Seals for Turned {
    fn seal(
        &self,
        _: &TenantId,
        person: &PersonId,
        _: &RetentionClass,
        _: &RecordId,
        _: &FieldName,
        token: Token,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok((self.gone != Some(*person)).then(|| sealed(*person, token).sealed))
    }

    fn seal_secrets(
        &self,
        _: &TenantId,
        person: &PersonId,
        secrets: AccountSecrets,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        Ok((self.gone != Some(*person)).then(|| sealed_account(*person, secrets.login, &secrets.password).sealed))
    }
}

/// Stands in for the vault's tags and seals: a hash behind a key that everybody can read here, and seals that hide nothing.
pub struct Marked;

impl Marked {
    fn hash(parts: &[&[u8]]) -> [u8; 32] {
        let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        context.update(b"a key");
        for part in parts {
            context.update(&(part.len() as u64).to_le_bytes());
            context.update(part);
        }
        context.finish().as_ref().try_into().unwrap()
    }
}

impl Guard for Marked {
    fn tag(&self, row: &[u8]) -> Tag {
        *Self::hash(&[b"row", row]).first_chunk().unwrap()
    }

    fn element(&self, tag: &Tag) -> [u8; 16] {
        *Self::hash(&[b"element", tag]).first_chunk().unwrap()
    }

    fn seal_root(&self, file: &str, of: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok([plain, &Self::hash(&[file.as_bytes(), of, plain])].concat())
    }

    fn open_root(&self, file: &str, of: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (plain, hash) = sealed.split_last_chunk::<32>()?;
        (*hash == Self::hash(&[file.as_bytes(), of, plain])).then(|| plain.to_vec())
    }
}

/// The file of keys, guarded as the vault does it.
pub fn open_keys(folder: &Path) -> Result<KeyStore, StoreError> {
    let keys = KeyStore::open(&folder.join("keys.db"))?;
    keys.guard_with(Arc::new(Marked))?;
    Ok(keys)
}

pub fn sealed(person: PersonId, token: Token) -> SealedToken {
    let sealed = core::iter::once(person.0[0]).chain(token.into_iter().rev().map(|byte| !byte)).collect();
    SealedToken { sealed, bare: Some(token) }
}

pub fn sealed_account(person: PersonId, login: [u8; 32], password: &str) -> SealedAccount {
    let bare = AccountSecrets { login, password: password.to_owned() };
    let plain = [&login[..], password.as_bytes()].concat();
    let sealed = core::iter::once(person.0[0]).chain(plain.into_iter().rev().map(|byte| !byte)).collect();
    SealedAccount { sealed, bare: Some(bare) }
}

/// A folder in memory where the system has such a place: these tests look at what is written, and not at how long the disk
/// takes to sync it.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// What outlives a store: the folder and the clock.
pub struct Site {
    pub folder: PathBuf,
    pub clock: Arc<Moved>,
    pub options: Options,
    pub tokens: Turned,
}

impl Site {
    pub fn new(folder: &Path) -> Self {
        let options =
            Options { segment_bytes: 4096, reserve_bytes: 0, heads_every_seconds: 3600, ..Options::default() };
        let clock = Arc::new(Moved(AtomicI64::new(NOON.micros())));
        Self { folder: folder.to_owned(), clock, options, tokens: Turned::default() }
    }

    /// Opens the folder. A test beside this one that starts a program holds every lock of this process for the moment until
    /// that program runs, so one that is in use is tried again.
    pub fn open(&self) -> Result<Store, OpenError> {
        let mut lock = Lock::take(&self.folder);
        for _ in 0..100 {
            if !matches!(lock, Err(FolderError::InUse { .. })) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
            lock = Lock::take(&self.folder);
        }
        self.open_with(lock?)
    }

    /// The store with the file of keys that it has open: one alone may write that.
    pub fn open_beside(&self) -> (Store, Arc<KeyStore>) {
        let keys = Arc::new(open_keys(&self.folder).unwrap());
        let store = self.open_on(Lock::take(&self.folder).unwrap(), Arc::clone(&keys)).unwrap();
        (store, keys)
    }

    fn open_with(&self, lock: Lock) -> Result<Store, OpenError> {
        self.open_on(lock, Arc::new(open_keys(&self.folder)?))
    }

    fn open_on(&self, lock: Lock, keys: Arc<KeyStore>) -> Result<Store, OpenError> {
        let signer = SigningKey::from_seed(&journal::key_name(&[7; 16]), &[9; 32]).unwrap();
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        Store::open(&self.folder, lock, self.options.clone(), clock, keys, &self.tokens, signer)
    }

    /// Opens the folder with both customers in it, each with [`IN_FORCE`] adopted.
    pub async fn begun(&self) -> Store {
        self.keys();
        let store = self.open().unwrap();
        begin(&store).await.unwrap();
        store
    }

    /// The keys of [`ANNA`], and of those who have accounts with [`NORTH`].
    pub fn keys(&self) {
        let keys = open_keys(&self.folder).unwrap();
        for tenant in [NORTH, SOUTH] {
            let new = NewPerson { tenant, person: ANNA, class: RetentionClass::default(), wrapped: vec![1] };
            keys.put_person_key(&new).unwrap();
        }
        for person in 1..=5 {
            let (person, class) = (PersonId([person; 16]), RetentionClass::default());
            keys.put_person_key(&NewPerson { tenant: NORTH, person, class, wrapped: vec![1] }).unwrap();
        }
    }
}

pub async fn begin(store: &Store) -> Result<(), CommitError> {
    for id in [NORTH, SOUTH] {
        let service = ServiceName::new("register").unwrap();
        let tenant = Tenant { id, name: "Kund AB".to_owned(), registration_number: None, service, provider: false };
        event(store, id, vec![HouseOp::PutTenant(tenant), adoption(store, id, &IN_FORCE)]).await?;
    }
    Ok(())
}

pub fn adoption(store: &Store, tenant: TenantId, agreement: &Agreement) -> HouseOp {
    let (hash, text) = (agreement.hash(), agreement.text().to_owned());
    HouseOp::AdoptAgreement { tenant, from: store.now(), hash, text }
}

pub async fn event(store: &Store, tenant: TenantId, ops: Vec<HouseOp>) -> Result<Entered, CommitError> {
    let detail = Detail { event: Some("test".to_owned()), outcome: Outcome::Happened, ..Detail::default() };
    store.event(tenant, detail, ops).await
}

pub fn account(person: u8, login: u8) -> PutAccount {
    let person = PersonId([person; 16]);
    PutAccount {
        person,
        home: NORTH,
        role: Role::new("worker").unwrap(),
        record: None,
        secrets: sealed_account(person, [login; 32], "$hash"),
        totp: None,
    }
}

pub fn permit_of(agreement: &Agreement, tenant: TenantId, verb: Verb, instant: Instant) -> Permit {
    let act = Act {
        tenant,
        actor: WORKER,
        role: Role::new("worker").unwrap(),
        verb,
        purpose: Purpose::new("provide").unwrap(),
        subject: SubjectCategory::new("person").unwrap(),
        categories: vec![Category::new("name").unwrap()],
        extent: Extent::Exactly,
        recipient: None,
        country: None,
        instant,
        facts: Facts::default(),
    };
    agreement.decide(act).unwrap()
}

pub fn permit(store: &Store, tenant: TenantId, verb: Verb) -> Permit {
    permit_of(&IN_FORCE, tenant, verb, store.now())
}

pub fn kind() -> KindName {
    KindName::new("note").unwrap()
}

pub fn field() -> FieldName {
    FieldName::new("word").unwrap()
}

pub fn record(n: u8) -> RecordId {
    RecordId([n; 16])
}

/// A writing of a record of [`ANNA`] whose sealed bytes tell record and version.
pub fn put(n: u8, version: u64) -> RecordWrite {
    RecordWrite {
        put: PutRecord {
            record: record(n),
            kind: kind(),
            version,
            person: ANNA,
            parent: None,
            state: None,
            author: WORKER,
            sealed: [vec![n; 40], version.to_be_bytes().to_vec()].concat(),
            keep_past: true,
            tokens: Vec::new(),
            once: None,
            once_of: None,
            class: RetentionClass::default(),
        },
        files: Vec::new(),
    }
}

pub fn with_token(mut write: RecordWrite, unique: bool, token: u8) -> RecordWrite {
    let tokens = vec![sealed(write.put.person, [token; 32])];
    write.put.tokens.push(TokensOf { field: field(), unique, tokens });
    write
}

pub fn with_once(mut write: RecordWrite, key: u8) -> RecordWrite {
    write.put.once = Some([key; 32]);
    write
}

pub async fn write(store: &Store, tenant: TenantId, write: RecordWrite) -> Result<Done, CommitError> {
    let verb = if write.put.version == 1 { Verb::Collect } else { Verb::Alter };
    store.write(permit(store, tenant, verb), About::default(), write).await
}

/// A reading of a record in a version.
pub fn reading(n: u8, version: u64) -> About {
    About {
        kind: Some(kind()),
        fields: vec![field()],
        persons: vec![ANNA],
        records: vec![(record(n), version)],
        ..About::default()
    }
}

/// Enters a reading and gives its index in the log.
pub async fn read(store: &Store, tenant: TenantId, n: u8, version: u64) -> Result<u64, CommitError> {
    let granted = store.enter(permit(store, tenant, Verb::Consult), reading(n, version)).await?;
    Ok(granted.entered().index())
}

pub async fn log(store: &Store, tenant: TenantId) -> Vec<Logged> {
    let query = LogQuery { key: LogKey::All, before: None, from: None, limit: 100_000 };
    let mut log = store.log(&tenant, &query, &|_| true).await.unwrap();
    log.reverse();
    log
}

pub fn all(store: &Store, tenant: TenantId) -> Vec<StoredRecord> {
    store.find(&tenant, &Find { kind: kind(), parent: None, state: None, after: None, limit: usize::MAX }).unwrap()
}

/// Copies a data folder while a program may be using it, as a crash at this moment would leave it: everything that was
/// given to the system, at one moment.
pub fn copy_data(from: &Path, to: &Path) {
    let state = from.join("state.db");
    // While somebody reads, the WAL is not begun anew: what is copied of it then fits to what was copied of the state.
    let reader = state.exists().then(|| rusqlite::Connection::open(&state).unwrap());
    if let Some(reader) = &reader {
        reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema;").unwrap();
    }
    copy_folder(from, to);
}

/// Copies a folder: databases before their WAL, no locks.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            copy_folder(&path, &to.join(&name));
        } else if name != "lock" && !name.ends_with("-shm") {
            match std::fs::copy(&path, to.join(&name)) {
                // A file that is just being renamed is not there yet.
                Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {}
                copied => drop(copied.unwrap()),
            }
        }
    }
}
