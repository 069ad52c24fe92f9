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
mod collect;
mod collect_many;
mod consult;
mod customer_file;
mod door;
mod facts;
mod imports;
mod index;
mod look_up;
mod narrow;
mod refuse;
mod retrieve;
mod select;

use std::sync::{Arc, PoisonError, RwLock};

use agreement::{Agreement, Book};
use service::{Kind, Kinds};
use storage::Store;
use terms::{Instant, KindName, ServiceName, TenantId};
use vault::Vault;

pub use adopt::AdoptError;
pub use customer_file::{AdoptFileNo, file_hash};
pub use look_up::{LogFilter, LoggedAccess, OpenCase};

/// What goes through the door, for all services and customers of the installation.
pub struct Processing {
    store: Arc<Store>,
    vault: Arc<Vault>,
    services: Vec<Arc<Kinds>>,
    book: RwLock<Arc<Book>>,
    files: RwLock<customer_file::FileBook>,
}

impl Processing {
    /// Hangs up the services. The agreements in force are read from the store.
    ///
    /// # Errors
    /// [`AdoptError`] where the store cannot be read or a stored agreement does not read any more.
    pub fn new(store: Arc<Store>, vault: Arc<Vault>, services: Vec<Arc<Kinds>>) -> Result<Self, AdoptError> {
        let book = adopt::read_book(&store)?;
        let files = customer_file::read_files(&store)?;
        Ok(Self { store, vault, services, book: RwLock::new(Arc::new(book)), files: RwLock::new(files) })
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
