//! The data folder, open: the committer at work, the state to read from, and the journal to look things up in.

mod back;
mod beside;
mod holds;
mod leaving;
mod not_before;
mod records;
mod replaying;
mod revived;
mod snapshots;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use agreement::Permit;
use journal::{Appender, Detail, Disk, Entry, EntryKind, Position, RealDisk, SigningKey};
use terms::{AgreementHash, Clock, FileId, Instant, PersonId, RecordId, RetentionClass, TenantId};

use crate::committer::{
    About, Applier, CommitError, Committer, Done, Entered, Followed, From, Granted, Pending, Queue, Reply, Step,
    destroy_keys, way,
};
use crate::distrusted;
use crate::engine::{AdoptedAgreement, Batch, Engine, StoreError, Tokens};
use crate::erasing::{Erase, Erasing, Left, Restrict, Restriction, StoredErasure};
use crate::folder::{FolderError, Lock};
use crate::holding::Holding;
use crate::house_row::{HouseRow, RowKind};
use crate::import::Import;
use crate::key_store::KeyStore;
use crate::leaving::Leavers;
use crate::log::{LogQuery, Logged, Looker};
use crate::op::{Account, AdoptedFile, HouseOp, Op, RecordWrite, Session, Tenant, Token};
use crate::publisher::Publisher;
use crate::remembered::{ById, Remembered, Restricted, Traces};
use crate::set_back;
use crate::setting_aside::Aside;
use crate::snapshot;
use crate::sqlite::Sqlite;
use crate::watch::Watches;

/// How a store is opened. [`Options::default`] is what programs use.
#[derive(Clone)]
pub struct Options {
    /// Bytes of a segment of the journal.
    pub segment_bytes: u64,
    /// Free bytes that are held in reserve, so that what is acknowledged can be applied.
    pub reserve_bytes: u64,
    /// Seconds between the installation log's entries of all heads.
    pub heads_every_seconds: u64,
    /// Who watches the committer's steps.
    pub watch: Option<Arc<dyn Fn(Step) + Send + Sync>>,
    /// The disk under the journal; another than the real one only in fault runs.
    pub disk: Arc<dyn Disk>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 16 << 20,
            reserve_bytes: 64 << 20,
            heads_every_seconds: 60,
            watch: None,
            disk: Arc::new(RealDisk),
        }
    }
}

/// Why a data folder does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The state.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal is damaged or cannot be read.
    #[error("the journal does not open: {0}")]
    Journal(#[from] journal::OpenError),
    /// There is no state, and the journal alone does not give one any more.
    #[error(
        "the state is missing or older than {covered}, before which the journal no longer holds what it is made from, and no whole \
         snapshot in `snapshots` covers that. Nothing was changed. Put the archive's `snapshots/` there, or use `betrodd restore`"
    )]
    NoSnapshot {
        /// Up to where.
        covered: Position,
    },
    /// The journal was set back behind what was published, or behind the state.
    #[error(
        "the journal was set back: {0}. An older copy of `journal/` lies in the folder, or its end is lost, and whoever went on from \
         here would write over what was promised. Nothing was started. Put the newer journal back, or take the whole folder back from \
         the second place with `betrodd restore`. Where nothing newer is left, `betrodd serve --go-on-from-set-back` goes on from what \
         there is and enters that it did"
    )]
    SetBack(String),
    /// The logs' tiles or checkpoints.
    #[error("the logs cannot be published: {0}")]
    Publish(String),
    /// A file or a thread.
    #[error("{doing} failed: {cause}")]
    System {
        /// What was being done.
        doing: String,
        /// Why it failed.
        cause: std::io::Error,
    },
}

pub use self::leaving::Portion;
pub(crate) use self::not_before::NotBefore;
pub(crate) use self::replaying::{open_sealed, replayed, replayed_items, visited};
pub use self::snapshots::Covered;
pub(crate) use self::snapshots::known;

/// An open data folder.
pub struct Store {
    engine: Arc<dyn Engine>,
    queue: Arc<Queue>,
    clock: Arc<NotBefore>,
    pub(crate) looker: Looker,
    head: tokio::sync::watch::Receiver<Option<Position>>,
    durable: tokio::sync::watch::Receiver<Option<Position>>,
    remembered: Arc<Remembered>,
    restricted: Arc<Restricted>,
    holding: Arc<Holding>,
    aside: Arc<Aside>,
    leavers: Arc<Leavers>,
    watches: Arc<Watches>,
    traces: Arc<Traces>,
    keys: Arc<KeyStore>,
    folder: PathBuf,
    reserve_bytes: u64,
    disk: Arc<dyn Disk>,
    signer: Arc<SigningKey>,
    /// Asks the committer that the next group begin another segment.
    end_segment: Arc<AtomicBool>,
    /// Closed segments in which nothing is left to be purged, since the start. Held by whoever rewrites a segment.
    pub(crate) spent: Arc<Mutex<HashSet<u64>>>,
    pub(crate) logs: PathBuf,
    threads: Mutex<Vec<JoinHandle<()>>>,
    _lock: Lock,
}

impl Store {
    /// Opens the folder that `lock` holds: reads the tail of the journal, applies what the state lacks, and begins to commit.
    ///
    /// # Errors
    /// See [`OpenError`]; a damaged journal is refused with segment and offset, and nothing is changed.
    pub fn open(
        folder: &Path,
        lock: Lock,
        options: Options,
        clock: Arc<dyn Clock>,
        keys: Arc<KeyStore>,
        tokens: &dyn Tokens,
        signer: SigningKey,
    ) -> Result<Self, OpenError> {
        let path = folder.join("state.db");
        distrusted::after_death(&path)?;
        match Self::open_trusted(folder, lock, options, clock, keys, tokens, signer) {
            Ok(store) => {
                distrusted::forget(&path)?;
                Ok(store)
            }
            Err(error) => {
                // Nothing came to stand in the place of what was set aside.
                if let Err(error) = distrusted::put_back(&path) {
                    tracing::error!(%error, "what was set aside of the state is not back yet; the next start does it");
                }
                Err(error)
            }
        }
    }

    fn open_trusted(
        folder: &Path,
        lock: Lock,
        options: Options,
        clock: Arc<dyn Clock>,
        keys: Arc<KeyStore>,
        tokens: &dyn Tokens,
        signer: SigningKey,
    ) -> Result<Self, OpenError> {
        let journal = folder.join("journal");
        let path = folder.join("state.db");
        let bring = || snapshot::bring(folder, &journal, &*options.disk, &signer.verifier(), tokens, keys.guard());
        bring()?;
        let state = match beside::open_state(&path, &keys) {
            // A snapshot in its place, where there is one; else the journal.
            Err(error) if error.is_damage() && !beside::is_of_the_keys(&error) => {
                Sqlite::throw_away(&path, &error)?;
                bring()?;
                beside::open_state(&path, &keys)
            }
            found => found,
        };
        let state = Arc::new(state?);
        known(&journal, &*options.disk, state.applied()?)?;
        let engine: Arc<dyn Engine> = Arc::clone(&state) as _;
        let store = Self::open_on(engine, folder, lock, options, clock, keys, tokens, signer)?;
        beside::look_later(state, &store.queue)?;
        Ok(store)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a store is made of these; a struct for one call would only rename them"
    )]
    fn open_on(
        engine: Arc<dyn Engine>,
        folder: &Path,
        lock: Lock,
        options: Options,
        clock: Arc<dyn Clock>,
        keys: Arc<KeyStore>,
        tokens: &dyn Tokens,
        signer: SigningKey,
    ) -> Result<Self, OpenError> {
        let journal = folder.join("journal");
        let system = |doing: &str| {
            let doing = doing.to_owned();
            move |cause| OpenError::System { doing, cause }
        };
        std::fs::create_dir_all(&journal).map_err(system("making the journal's folder"))?;
        let signer = Arc::new(signer);
        let mut publisher = Publisher::open(folder, &journal, Arc::clone(&signer), Arc::clone(&options.disk))?;
        let applied = engine.applied()?;
        let from = publisher.needs_from(applied, &engine.sizes()?);
        let mut last = Instant(i64::MIN);
        // The last group may be one that a program which died wrote and did not sync. It is applied when the appender has
        // made it durable, and not before: the state must never know more than the journal.
        let mut held: Option<Batch> = None;
        let mut visit = |position: Position, entries: &[Entry]| {
            last = entries.iter().map(|entry| entry.leaf.time).fold(last, Instant::max);
            if applied.is_none_or(|applied| position > applied)
                && let Some(batch) = held.replace(replayed(position, entries, tokens)?)
            {
                // What an erasure had begun is done again: keys that are gone are no error.
                destroy_keys(&keys, &batch).map_err(visited)?;
                engine.apply(&batch).map_err(visited)?;
            }
            publisher.follow_at_start(position, entries);
            Ok(())
        };
        let begin = |from, visit: &mut journal::Visit<'_>| {
            Appender::open(&journal, Arc::clone(&options.disk), options.segment_bytes, from, visit)
        };
        let mut appender = begin(from, &mut visit).map_err(|error| match set_back::while_reading(from, &error) {
            Some(why) => OpenError::SetBack(why),
            None => error.into(),
        })?;
        if publisher.begin_again() {
            drop(appender);
            appender = begin(None, &mut |position, entries| publisher.follow(position, entries).map_err(visited))?;
        }
        if let Some(why) = set_back::after_reading(applied, appender.end(), publisher.signed_for_others()) {
            return Err(OpenError::SetBack(why));
        }
        if let Some(batch) = held {
            destroy_keys(&keys, &batch)?;
            engine.apply(&batch)?;
        }
        publisher.open_index()?;
        let clock = Arc::new(NotBefore::new(clock, last));
        let remembered = Arc::new(Remembered::default());
        let restricted = Arc::new(Restricted::of(engine.restrictions()?));
        let holding = Arc::new(Holding::of(&*engine)?);
        let aside = Arc::new(Aside::of(&*engine)?);
        let leavers = Arc::new(Leavers::of(&*engine)?);
        let watches = Arc::new(Watches::default());
        let traces = Arc::new(Traces::default());
        let mut in_force: ById<TenantId, Vec<(Instant, AgreementHash)>> = ById::default();
        for adopted in engine.adopted()? {
            in_force.entry(adopted.tenant).or_default().push((adopted.from, adopted.hash));
        }
        let queue = Arc::new(Queue::default());
        let (follow, followed) = mpsc::channel::<Followed>();
        let looker = publisher.looker()?;
        let (tell_head, head) = tokio::sync::watch::channel(None);
        let (tell_durable, durable) = tokio::sync::watch::channel(appender.end());
        let end_segment = Arc::new(AtomicBool::new(false));
        let committer = Committer {
            queue: Arc::clone(&queue),
            appender,
            engine: Arc::clone(&engine),
            applier: Applier::start(Arc::clone(&engine)).map_err(system("starting a thread"))?,
            keys: Arc::clone(&keys),
            restricted: Arc::clone(&restricted),
            holding: Arc::clone(&holding),
            aside: Arc::clone(&aside),
            leavers: Arc::clone(&leavers),
            watches: Arc::clone(&watches),
            traces: Arc::clone(&traces),
            clock: Arc::clone(&clock),
            folder: folder.to_owned(),
            sizes: engine.sizes()?.into_iter().collect(),
            in_force,
            remembered: Arc::clone(&remembered),
            follow,
            behind: None,
            head: tell_head,
            durable: tell_durable,
            end_segment: Arc::clone(&end_segment),
            options: options.clone(),
        };
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new().name(name.to_owned()).spawn(run).map_err(system("starting a thread"))
        };
        let heads = (Arc::clone(&queue), options.heads_every_seconds);
        let (state, shortened): (PathBuf, _) = (folder.join("state.db"), Arc::clone(&engine));
        let threads = vec![
            spawn("committer", Box::new(move || committer.run()))?,
            spawn("publisher", Box::new(move || publisher.run(&followed, &heads.0, heads.1, &*shortened, &state)))?,
        ];
        let logs = folder.join("logs");
        let threads = Mutex::new(threads);
        Ok(Self {
            engine,
            queue,
            clock,
            looker,
            head,
            durable,
            remembered,
            restricted,
            holding,
            aside,
            leavers,
            watches,
            traces,
            keys,
            folder: folder.to_owned(),
            reserve_bytes: options.reserve_bytes,
            disk: options.disk,
            signer,
            end_segment,
            spent: Arc::default(),
            logs,
            threads,
            _lock: lock,
        })
    }

    /// The installation's time: never before the last entry there was when the folder was opened.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Whether so many bytes can be written beside the journal without touching the reserve that it holds: asked before anything
    /// large is taken in, since writings are refused once the reserve is touched.
    ///
    /// # Errors
    /// [`CommitError::Full`], with how much is left.
    pub fn has_room_for(&self, bytes: u64) -> Result<(), CommitError> {
        let needed = self.reserve_bytes.saturating_add(bytes);
        crate::folder::room(&self.folder, needed).map_or(Ok(()), |why| Err(CommitError::Full(why)))
    }

    /// Enters a permitted reading; the grant opens the vault once.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing may be opened.
    pub async fn enter(&self, permit: Permit, about: About) -> Result<Granted, CommitError> {
        let (to, answer) = way();
        self.push(Pending::reading(permit, about, Reply::Granted(to)));
        self.wait(answer).await
    }

    /// Enters and applies a permitted writing.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing was written.
    pub async fn write(&self, permit: Permit, about: About, write: RecordWrite) -> Result<Done, CommitError> {
        let (to, answer) = way();
        self.push(Pending::writing(permit, about, write, Reply::Done(to)));
        self.wait(answer).await
    }

    /// Enters a permitted erasure and does it: keys, then rows. It is answered when both are gone here; what they left in the
    /// files [`Store::clear`] takes out.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing was erased. [`CommitError::Stale`] where the records are others than the plan saw.
    pub async fn erase(&self, permit: Permit, about: About, erasing: Erasing) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::erasing(permit, about, erasing, Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters a permitted restriction, which begins with its entry.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing is restricted.
    pub async fn restrict(&self, permit: Permit, about: About, restrict: Restrict) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::Restrict(restrict), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters that a person's restriction ends.
    ///
    /// # Errors
    /// See [`CommitError`]; then it holds on.
    pub async fn lift(&self, permit: Permit, about: About, person: PersonId) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::on_person(permit, about, Op::Lift(person), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Takes out of the files what an erasure deleted from them, and says what is left of it, counted anew. It takes as long as
    /// reading the state's file, or writing it anew.
    ///
    /// # Errors
    /// The world's, or what was deleted is still in a file.
    pub async fn clear(&self, tenant: &TenantId, erase: &Erase, of: &[RecordId]) -> Result<Left, StoreError> {
        let traces = self.traces.take(*tenant, erase.id);
        let (engine, keys) = (Arc::clone(&self.engine), Arc::clone(&self.keys));
        let clear = move || {
            if traces.is_none() {
                // A start finishes what another program began, and does not know what that one looked for.
                keys.write_anew()?;
            }
            engine.clear(traces.as_deref())
        };
        // In a thread of its own: it may read a file of gigabytes.
        let (to, told) = tokio::sync::oneshot::channel();
        let spawned = std::thread::Builder::new().name("clear".to_owned()).spawn(move || drop(to.send(clear())));
        let ended = |cause: String| StoreError { doing: "written", cause };
        spawned.map_err(|cause| ended(cause.to_string()))?;
        told.await.map_err(|_| ended("the thread that clears the files ended".to_owned()))??;
        let mut left = self.engine.left(tenant, erase, of)?;
        for goes in &erase.persons {
            let kept = self.keys.classes(tenant, &goes.person)?;
            left.keys += kept.iter().filter(|class| goes.classes.contains(class)).count() as u64;
            left.names += u64::from(goes.wholly() && self.keys.link(tenant, &goes.person)?.is_some());
        }
        Ok(left)
    }

    /// Enters a refusal.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn refusal(&self, tenant: TenantId, detail: Detail, about: About) -> Result<Entered, CommitError> {
        let (to, answer) = way();
        self.push(Pending::entry(tenant, EntryKind::Refusal, detail, about, Vec::new(), Reply::Entered(to)));
        self.wait(answer).await
    }

    /// Enters something that happened, with what it changes in the house's own matters.
    ///
    /// # Errors
    /// See [`CommitError`]; then nothing changed.
    pub async fn event(&self, tenant: TenantId, detail: Detail, ops: Vec<HouseOp>) -> Result<Entered, CommitError> {
        let now = self.now();
        let ops: Vec<Op> = ops.into_iter().flat_map(|op| op.into_ops(now)).collect();
        let (to, answer) = way();
        let about = About { persons: detail.persons(None).to_vec(), ..About::default() };
        self.push(Pending::entry(tenant, EntryKind::Event, detail, about, ops, Reply::Entered(to)));
        self.wait(answer).await
    }

    fn push(&self, item: Result<Pending, (CommitError, Reply)>) {
        match item {
            Ok(item) => self.queue.push(item),
            Err((error, reply)) => reply.refuse(error),
        }
    }

    async fn wait<T>(&self, answer: From<T>) -> Result<T, CommitError> {
        match answer.await {
            Ok(told) => told.take(),
            Err(_) => {
                Err(CommitError::Stopped(self.queue.stopped().unwrap_or_else(|| "the committer ended".to_owned())))
            }
        }
    }

    /// Why nothing is committed any more; none while all is well.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        self.queue.stopped()
    }

    /// Tells the place up to which the journal is durable: just after the last group that was synced. None before the first.
    /// It goes on telling for as long as the store commits, and then the last of it.
    pub fn durable_end(&self) -> impl Fn() -> Option<Position> + Send + Sync + 'static {
        let durable = self.durable.clone();
        move || *durable.borrow()
    }

    /// Entries of a tenant's log, newest first, for which `matches` holds. Waits until all that was acknowledged before
    /// the call can be found.
    ///
    /// # Errors
    /// The world's.
    pub async fn log(
        &self,
        tenant: &TenantId,
        query: &LogQuery,
        matches: &(dyn Fn(&Logged) -> bool + Sync),
    ) -> Result<Vec<Logged>, StoreError> {
        let head = *self.head.borrow();
        self.looker.log(tenant, query, head, matches).await
    }

    /// The tokens that a record carries in the field now; none of whoever leaves. Remembered after the first time.
    ///
    /// # Errors
    /// The world's.
    pub fn tokens_of(
        &self,
        tenant: &TenantId,
        record: &RecordId,
        field: &terms::FieldName,
    ) -> Result<Arc<[Token]>, StoreError> {
        self.remembered.tokens_of(tenant, record, field, || {
            if self.leavers.any(tenant) && self.record(tenant, record)?.is_none() {
                return Ok(Vec::new());
            }
            self.engine.tokens_of(tenant, record, field)
        })
    }

    /// One account. Remembered after the first time.
    ///
    /// # Errors
    /// The world's.
    pub fn account(&self, person: &PersonId) -> Result<Option<Arc<Account>>, StoreError> {
        self.remembered.account(person, || self.engine.account(person))
    }

    /// The account with that log-in token.
    ///
    /// # Errors
    /// The world's.
    pub fn account_by_login(&self, login: &[u8; 32]) -> Result<Option<Account>, StoreError> {
        self.engine.account_by_login(login)
    }

    /// The accounts at home with a tenant.
    ///
    /// # Errors
    /// The world's.
    pub fn accounts(&self, home: &TenantId) -> Result<Vec<Account>, StoreError> {
        self.engine.accounts(home)
    }

    /// One session.
    ///
    /// # Errors
    /// The world's.
    pub fn session(&self, token: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        self.engine.session(token)
    }

    /// How many sessions have run out by an instant and are still there.
    ///
    /// # Errors
    /// The world's.
    pub fn sessions_over(&self, by: Instant) -> Result<u64, StoreError> {
        self.engine.sessions_over(by)
    }

    /// Every file that a record of anybody names, sorted.
    ///
    /// # Errors
    /// The world's.
    pub fn all_files(&self) -> Result<Vec<FileId>, StoreError> {
        self.engine.all_files()
    }

    /// One tenant. Remembered after the first time.
    ///
    /// # Errors
    /// The world's.
    pub fn tenant(&self, tenant: &TenantId) -> Result<Option<Arc<Tenant>>, StoreError> {
        self.remembered.tenant(tenant, || self.engine.tenant(tenant))
    }

    /// All tenants.
    ///
    /// # Errors
    /// The world's.
    pub fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.engine.tenants()
    }

    /// The imports of a tenant, earliest first.
    ///
    /// # Errors
    /// The world's.
    pub fn imports(&self, tenant: &TenantId) -> Result<Vec<Import>, StoreError> {
        self.engine.imports(tenant)
    }

    /// All agreements in force for anybody.
    ///
    /// # Errors
    /// The world's.
    pub fn adopted(&self) -> Result<Vec<AdoptedAgreement>, StoreError> {
        self.engine.adopted()
    }

    /// The rows of the house of one kind that are a tenant's, by key.
    ///
    /// # Errors
    /// The world's.
    pub fn rows(&self, kind: RowKind, tenant: &TenantId) -> Result<Vec<HouseRow>, StoreError> {
        self.engine.rows(kind, tenant)
    }

    /// One row of the house.
    ///
    /// # Errors
    /// The world's.
    pub fn row(&self, kind: RowKind, key: &[u8]) -> Result<Option<HouseRow>, StoreError> {
        self.engine.row(kind, key)
    }

    /// All customers' files, by tenant and time.
    ///
    /// # Errors
    /// The world's.
    pub fn adopted_files(&self) -> Result<Vec<AdoptedFile>, StoreError> {
        self.engine.adopted_files()
    }

    /// The classes that a person has keys of; none where the person is erased wholly, or was never here.
    ///
    /// # Errors
    /// The world's.
    pub fn key_classes(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<RetentionClass>, StoreError> {
        self.keys.classes(tenant, person)
    }

    /// The erasures of a tenant, newest first.
    ///
    /// # Errors
    /// The world's.
    pub fn erasures(&self, tenant: &TenantId) -> Result<Vec<StoredErasure>, StoreError> {
        self.engine.erasures(tenant)
    }

    /// The erasures that no certificate was written for yet, of all tenants.
    ///
    /// # Errors
    /// The world's.
    pub fn unfinished_erasures(&self) -> Result<Vec<StoredErasure>, StoreError> {
        self.engine.unfinished_erasures()
    }

    /// The erasures that are certified here and not everywhere yet, of all tenants, oldest first.
    ///
    /// # Errors
    /// The world's.
    pub fn erasures_here_alone(&self) -> Result<Vec<StoredErasure>, StoreError> {
        self.engine.erasures_here_alone()
    }

    /// A person's restriction that holds at an instant.
    #[must_use]
    pub fn restriction(&self, tenant: &TenantId, person: &PersonId, at: Instant) -> Option<Restriction> {
        self.restricted.read(&(*tenant, *person)).filter(|restriction| restriction.holds(at))
    }

    /// Whether anybody of a tenant is restricted, or was until it ran out, or anything is set aside: mostly there is nothing of the
    /// kind, and nothing more need be asked.
    #[must_use]
    pub fn restricts(&self, tenant: &TenantId) -> bool {
        self.restricted.any(tenant) || self.aside.any(tenant)
    }

    /// A tenant's restrictions that hold at an instant, by when they began.
    #[must_use]
    pub fn restrictions(&self, tenant: &TenantId, at: Instant) -> Vec<Restriction> {
        self.restricted.all(tenant).into_iter().filter(|one| one.holds(at)).collect()
    }

    /// The text of an agreement.
    ///
    /// # Errors
    /// The world's.
    pub fn agreement_text(&self, hash: &AgreementHash) -> Result<Option<String>, StoreError> {
        self.engine.agreement_text(hash)
    }
}

impl Drop for Store {
    /// Finishes what waits, publishes the last checkpoints, and lets the folder go.
    fn drop(&mut self) {
        self.queue.stop();
        let threads = core::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A thread that panicked has nothing more to finish.
            drop(thread.join());
        }
    }
}
