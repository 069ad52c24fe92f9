//! The door: one file per verb of GDPR Article 4(2). Processing is the only room that holds both a permit and the keys to
//! the vault, and it has the entry written first.
//!
//! Every verb goes the same way: who acts is looked up (`acting.rs`), the facts are gathered (`facts.rs`), the agreement in
//! force decides, the entry is made durable, and only then is anything opened or changed. A refusal is an entry too.
//!
//! Not here: pages, log-ins, SQL, ciphers, and any number or role of an agreement.

mod acting;
mod adopt;
mod alike;
mod alter;
mod anonymise;
mod certificates;
mod collect;
mod collect_many;
mod confirming;
mod consult;
mod customer_file;
mod door;
mod erase;
mod erasure_plan;
mod everywhere;
mod facts;
mod held_versions;
mod hold;
mod imports;
mod index;
mod kept_plans;
mod look_up;
mod names;
mod narrow;
mod notices;
mod open_file;
mod proofs;
mod purging;
mod reaching;
mod receive;
mod refuse;
mod restrict;
mod retrieve;
mod select;
mod set_aside;
mod together;
mod undo;
mod waiting;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use agreement::{Agreement, Book};
use files::Files;
use service::{Kind, Kinds};
use storage::Store;
use terms::{Instant, KindName, PersonId, ServiceName, TenantId};
use vault::Vault;

pub use adopt::AdoptError;
pub use confirming::{Chosen, ConfirmingNo, MAX_CONFIRMED_TEXT_BYTES, MAX_TEXTS, UnderWay};
pub use customer_file::{AdoptFileNo, file_hash};
pub use erase::plan_hash;
pub use look_up::{LogFilter, LoggedAccess, OpenCase};
pub use notices::{NewNotice, NoticeFor};
pub use proofs::Checkpoints;
pub use purging::{LogPlan, LogStands, Purge, Stays};
pub use storage::{LookedAt, Notice, NoticeSeen};

/// What goes through the door, for all services and customers of the installation.
pub struct Processing {
    store: Arc<Store>,
    vault: Arc<Vault>,
    services: Vec<Arc<Kinds>>,
    book: RwLock<Arc<Book>>,
    files: RwLock<customer_file::FileBook>,
    kept: Option<Files>,
    waiting: waiting::WaitingFiles,
    /// Held while an erasure is finished, so that it is certified once.
    finishing: tokio::sync::Mutex<()>,
    /// Held while the next rows of a great erasure are taken away.
    taking_away: tokio::sync::Mutex<()>,
    /// From more than so many records on their rows follow the keys in portions.
    portions_from: usize,
    /// Most records that one act anonymises.
    most_anonymised: usize,
    /// Plans of such erasures, for whoever confirms one.
    plans: kept_plans::KeptPlans,
    /// Held while details are purged.
    purging: tokio::sync::Mutex<()>,
    /// Held while what was chosen of a text is compared with what is there and written.
    confirming: tokio::sync::Mutex<()>,
    /// What waits at the end of its time, so that it is entered once.
    waits: set_aside::Waits,
    /// Who is told that a person is erased.
    erased: RwLock<Vec<ErasedTold>>,
    /// By which token records are assigned to the actor, see `reaching.rs`.
    assigned: reaching::AssignedTokens,
    /// The off-site copies of keys, where the program keeps any.
    copies: OnceLock<everywhere::Copies>,
    /// Whether what only a hold kept is to be looked for: since a hold was lifted, and since the start.
    lets_go: AtomicBool,
}

/// Told that a person is erased.
type ErasedTold = Box<dyn Fn(&PersonId) + Send + Sync>;

impl Processing {
    /// Hangs up the services. The agreements in force are read from the store. Keys of erased persons that an older file of keys brought
    /// back are destroyed again, before anybody can ask.
    ///
    /// # Errors
    /// [`AdoptError`] where the store cannot be read or a stored agreement does not read any more.
    pub fn new(store: Arc<Store>, vault: Arc<Vault>, services: Vec<Arc<Kinds>>) -> Result<Self, AdoptError> {
        let book = adopt::read_book(&store)?;
        let files = customer_file::read_files(&store)?;
        erase::destroy_again(&store)?;
        Ok(Self {
            store,
            vault,
            services,
            book: RwLock::new(Arc::new(book)),
            files: RwLock::new(files),
            kept: None,
            waiting: waiting::WaitingFiles::default(),
            finishing: tokio::sync::Mutex::default(),
            taking_away: tokio::sync::Mutex::default(),
            portions_from: kept_plans::GREAT,
            most_anonymised: service::MAX_ANONYMISED,
            plans: kept_plans::KeptPlans::default(),
            purging: tokio::sync::Mutex::default(),
            confirming: tokio::sync::Mutex::default(),
            waits: set_aside::Waits::default(),
            erased: RwLock::default(),
            assigned: reaching::AssignedTokens::default(),
            copies: OnceLock::new(),
            lets_go: AtomicBool::new(true),
        })
    }

    /// With another number of records from which on the rows of an erasure follow its keys in portions.
    #[must_use]
    pub fn with_portions_from(mut self, records: usize) -> Self {
        self.portions_from = records;
        self
    }

    /// With another number of records that one act anonymises at most, for tests.
    #[must_use]
    pub fn with_most_anonymised(mut self, records: usize) -> Self {
        self.most_anonymised = records;
        self
    }

    /// Who else remembers a person and is to forget when that one is erased: sessions in memory.
    pub fn when_erased(&self, told: Box<dyn Fn(&PersonId) + Send + Sync>) {
        self.erased.write().unwrap_or_else(PoisonError::into_inner).push(told);
    }

    fn tell_erased(&self, person: &PersonId) {
        self.assigned.forget();
        self.let_plans_go();
        for told in self.erased.read().unwrap_or_else(PoisonError::into_inner).iter() {
            told(person);
        }
    }

    /// With a room for files. Without one every file is refused. What lies there and no record names is swept: it arrived and
    /// was never saved, or its record is gone and the program ended before the file was.
    ///
    /// # Errors
    /// [`AdoptError`] where the store cannot be read; a file that cannot be swept is told in the log alone.
    pub fn with_files(mut self, files: Files) -> Result<Self, AdoptError> {
        let named = self.store.all_files()?;
        match files.sweep(&named) {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files without a record are gone"),
            Err(error) => tracing::warn!(%error, "files without a record could not all be swept"),
        }
        self.kept = Some(files);
        Ok(self)
    }

    /// The room for files, for whoever erases.
    #[must_use]
    pub const fn files(&self) -> Option<&Files> {
        self.kept.as_ref()
    }

    /// The agreements in force, as of now.
    #[must_use]
    pub fn book(&self) -> Arc<Book> {
        Arc::clone(&self.book.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The agreement in force for a customer now.
    #[must_use]
    pub fn in_force(&self, tenant: &TenantId) -> Option<Arc<Agreement>> {
        self.book().at(*tenant, self.store.now()).cloned()
    }

    /// The installation's time.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.store.now()
    }

    /// The store, for the rooms beside this one (access, registers).
    #[must_use]
    pub const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The kinds of a service.
    #[must_use]
    pub fn kinds(&self, service: &ServiceName) -> Option<&Arc<Kinds>> {
        self.services.iter().find(|kinds| kinds.service == *service)
    }

    fn kind<'a>(&'a self, service: &ServiceName, kind: &KindName) -> Option<&'a Kind> {
        self.kinds(service)?.kind(kind)
    }
}
