//! Where other rooms meet the portal: log-in, registers, agreements in force. Each is a trait, because the program
//! hangs up the real ones and the tests of the pages hang up small ones.

use core::future::Future;
use core::pin::Pin;
use std::net::IpAddr;
use std::sync::Arc;

use agreement::art28::Override;
use agreement::register::Register;
use agreement::{Adoption, Agreement};
use processing::Checkpoints;
use service::{Answer, Asked, CustomerFile, FileFault, No, Value};
use terms::{
    AgreementHash, Category, ClauseId, FieldName, Hash, Instant, KindName, Language, PersonId, Purpose, RecordId, Role,
    ServiceName, TenantId, Verb,
};

/// An answer of the entrance in a while.
pub type Entering<'a, T> = Pin<Box<dyn Future<Output = Result<T, LogInNo>> + Send + 'a>>;

/// Log-in and sessions.
pub trait Entrance: Send + Sync {
    /// Checks a log-in and begins a session. Strangers' failures are limited by address.
    fn log_in<'a>(&'a self, from: IpAddr, login: &'a str, password: Value, code: Option<Value>)
    -> Entering<'a, Cookie>;
    /// The session that a cookie names, if it still runs. Called on every request, and quick.
    fn session(&self, cookie: &str) -> Option<Arc<SignedIn>>;
    /// Ends the session.
    fn log_out<'a>(&'a self, cookie: &'a str) -> Entering<'a, ()>;
    /// Begins a session as a person of the demo; refused outside a demo folder.
    fn enter_demo(&self, person: PersonId) -> Entering<'_, Cookie>;
}

/// Takes the text out of a file from outside.
pub trait Texts: Send + Sync {
    /// The text of a file with this name. Called where waiting hinders nobody; bounded in time and memory, whatever the file is.
    ///
    /// # Errors
    /// Why there is no text.
    fn take(&self, name: &str, bytes: &[u8]) -> Result<reading::Source, reading::Unreadable>;
}

/// How the installation stands.
pub trait Operations: Send + Sync {
    /// As of now. Quick: it is asked for a page, and waits for no place.
    fn state(&self) -> OperationsState;
}

/// How the installation stands. It says nothing of any customer.
pub struct OperationsState {
    /// The archive; none where none is set up.
    pub archive: Option<ArchiveState>,
    /// Bytes that may still be written to the disk of the data folder.
    pub free_bytes: Option<u64>,
    /// The copies of keys at the second place; none where none are kept.
    pub keys: Option<KeysState>,
    /// How many legal holds end within thirty days, of all customers.
    pub holds_ending: usize,
    /// How many erasures have had no certificate for hours, of all customers; none where that cannot be read.
    pub erasures_late: Option<usize>,
}

/// How the copies of keys stand.
pub struct KeysState {
    /// The generation in force; 0 before the first.
    pub generation: u64,
    /// When the last rotation was finished.
    pub rotated: Option<Instant>,
    /// When the next one is due.
    pub due: Instant,
    /// Whether it should have been made by now.
    pub overdue: bool,
    /// Hours between two: so long after an erasure a copy elsewhere may open at most.
    pub hours: i64,
    /// Changes that do not lie there yet.
    pub unshipped: u64,
    /// Whether a custodian keeps what opens them, and not a plain folder.
    pub custodian: bool,
    /// What went wrong the last time.
    pub failing: Option<String>,
}

/// How the archive stands.
pub struct ArchiveState {
    /// Where it lies, as people call it.
    pub place: String,
    /// Whether that is in the data folder itself, as in a demo.
    pub inside: bool,
    /// The last place in the journal that lies there.
    pub shipped: Option<String>,
    /// Bytes that are durable here and not there.
    pub behind_bytes: u64,
    /// How far it is behind, in microseconds: since when something waits, or the longest of late.
    pub lag_micros: i64,
    /// When something was last sent.
    pub sent: Option<Instant>,
    /// The newest whole segment of the journal that was sent since the start.
    pub segment: Option<(u64, Instant)>,
    /// The newest mark that a restore can be compared with.
    pub mark: Option<Instant>,
    /// When the newest snapshot there was made, and its bytes.
    pub snapshot: Option<(Instant, u64)>,
    /// The first instant that can be restored.
    pub first: Option<Instant>,
    /// How long copies may live, where somebody limits it.
    pub limit: Option<CopiesLimit>,
    /// When a restore was last tried, and whether everything came back.
    pub drill: Option<(Instant, bool)>,
    /// Why it is not reached, since when.
    pub failing: Option<(String, Instant)>,
    /// Why nothing is sent any more.
    pub stopped: Option<String>,
}

/// How long copies may live.
pub struct CopiesLimit {
    /// In so many days what is erased is gone from all of them.
    pub days: u32,
    /// The customer whose agreement says so, with the number of its clause; none where the operator set it.
    pub by: Option<(String, String)>,
}

/// Who is signed in. What this person may do, the door finds out again for each act.
pub struct SignedIn {
    /// Who.
    pub actor: PersonId,
    /// Where the account lives: a customer, or the provider.
    pub home: TenantId,
    /// Whether of the provider's side.
    pub provider: bool,
    /// As what.
    pub role: Role,
    /// What forms must carry to be believed.
    pub csrf: String,
    /// When the session ends by itself.
    pub ends: Instant,
}

/// What the browser carries to be known again.
pub struct Cookie(pub String);

/// Why there was no log-in.
#[derive(Debug)]
pub enum LogInNo {
    /// Login, password or code is wrong; which, is not said.
    Wrong,
    /// The role needs a second factor.
    CodeNeeded,
    /// Too many attempts.
    TooMany {
        /// Seconds until the next may be tried.
        retry_seconds: u64,
    },
    /// The world did not cooperate.
    Unavailable(String),
}

/// Most entries that a register is asked for at a time, and as many as every register must be able to give: fewer than were
/// asked for means that there are no more.
pub const MAX_LOOKED: usize = 500;

/// What the parties may look up.
pub trait Lookup: Send + Sync {
    /// The entries about the customer's data that `filter` lets through, newest first.
    fn who_looked<'a>(&'a self, asked: &'a Asked, filter: &'a Filter) -> Answer<'a, Vec<Looked>>;
    /// How the customer's log is kept, and what of it was purged; none where that is not known.
    fn log_kept(&self, tenant: &TenantId) -> Option<processing::LogStands> {
        let _ = tenant;
        None
    }
    /// The names of people of the customer, in the order in which they are asked for.
    fn names<'a>(&'a self, asked: &'a Asked, persons: &'a [PersonId]) -> Answer<'a, Vec<Option<Value>>> {
        let _ = (asked, persons);
        Box::pin(async { Err(No::Missing) })
    }
    /// The proof of an entry of the log, as the text of a `.tlog-proof`; `about` where the asker sees only what is about it.
    fn proof<'a>(&'a self, asked: &'a Asked, index: u64, about: Option<PersonId>) -> Answer<'a, String> {
        let _ = (asked, index, about);
        Box::pin(async { Err(No::Missing) })
    }
    /// The proof of the entry that a certificate of erasure rests on.
    fn certificate_proof<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, String> {
        let _ = (asked, id);
        Box::pin(async { Err(No::Missing) })
    }
    /// The newest checkpoint of the customer's log, the key that signs, and so many heads of before.
    fn checkpoints<'a>(&'a self, asked: &'a Asked, past: usize) -> Answer<'a, Checkpoints> {
        let _ = (asked, past);
        Box::pin(async { Err(No::Missing) })
    }
    /// A published file of the customer's log by its C2SP name.
    fn log_file<'a>(&'a self, asked: &'a Asked, path: &'a str) -> Answer<'a, Vec<u8>> {
        let _ = (asked, path);
        Box::pin(async { Err(No::Missing) })
    }
    /// The proof that the customer's log continues itself from a size, with the newest checkpoint.
    fn continuation<'a>(&'a self, asked: &'a Asked, old: u64) -> Answer<'a, String> {
        let _ = (asked, old);
        Box::pin(async { Err(No::Missing) })
    }
    /// The cases that customers have open, oldest first, for a person of the provider. Heads only: nothing is opened.
    fn open_cases(&self, actor: PersonId) -> Answer<'_, Vec<OpenCase>> {
        let _ = actor;
        Box::pin(async { Err(No::Unavailable("no register of open cases is hung up".to_owned())) })
    }
}

/// A case that a customer has open, as much as may be known without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCase {
    /// Whose.
    pub tenant: TenantId,
    /// The customer's name, a legal person's.
    pub customer: String,
    /// The record that holds it.
    pub case: RecordId,
    /// The kind of that record.
    pub kind: KindName,
    /// When it was opened.
    pub opened: Instant,
    /// The record that it is about; none for the service as such.
    pub covers: Option<RecordId>,
}

/// Which entries.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// About this person.
    pub person: Option<PersonId>,
    /// About this record.
    pub record: Option<RecordId>,
    /// By this person.
    pub actor: Option<PersonId>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Not before.
    pub from: Option<Instant>,
    /// Before.
    pub until: Option<Instant>,
    /// Before this index: the next part of a listing.
    pub before: Option<u64>,
    /// At most so many.
    pub limit: usize,
    /// Without what tells of holds: it is for a data subject who must not know of one.
    pub conceals: bool,
}

/// How an act went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Permitted and done.
    Granted,
    /// Refused.
    Refused,
    /// Not an act but something that happened.
    Happened,
}

/// One entry, for reading.
pub struct Looked {
    /// Its place in the customer's log.
    pub index: u64,
    /// When.
    pub time: Instant,
    /// Who.
    pub actor: PersonId,
    /// The name behind the pseudonym, while the link lives.
    pub actor_name: Option<Value>,
    /// As what.
    pub role: Option<Role>,
    /// Doing what.
    pub verb: Option<Verb>,
    /// Why.
    pub purpose: Option<Purpose>,
    /// In which case.
    pub case: Option<RecordId>,
    /// With which kind of record.
    pub kind: Option<KindName>,
    /// Which records, of that kind.
    pub records: Vec<RecordId>,
    /// The record that they belong to, where the act was about that one too: the participant whose notes were listed.
    pub of: Option<RecordId>,
    /// How many persons.
    pub persons: usize,
    /// Which fields.
    pub fields: Vec<FieldName>,
    /// Which categories were withheld.
    pub withheld: Vec<Category>,
    /// How it went.
    pub outcome: Outcome,
    /// Why not.
    pub reason: Option<String>,
    /// What happened, where it is no act.
    pub event: Option<String>,
    /// The clause that answered.
    pub clause: Option<ClauseId>,
    /// Its number as printed in the version that governed.
    pub number: String,
    /// When the details of the entry were purged; then `clause` is the one by which, and only place and time are left.
    pub purged: Option<Instant>,
}

/// Which agreement governs whom, and who the customers are. A customer is a legal person; its name is no personal data.
pub trait Agreements: Send + Sync {
    /// The agreement in force for a customer now.
    fn at(&self, tenant: &TenantId) -> Option<Arc<Agreement>>;
    /// The customer's adoptions, earliest first.
    fn versions(&self, tenant: &TenantId) -> Vec<Adoption>;
    /// The agreement that the service offers now, for public pages and the provider's own.
    fn current(&self, service: &ServiceName) -> Option<Arc<Agreement>>;
    /// In spite of what the service's agreement went live: who decided it, why, and until when.
    fn overrides(&self, service: &ServiceName) -> Vec<Override> {
        let _ = service;
        Vec::new()
    }
    /// An organisation of the installation.
    fn customer(&self, tenant: &TenantId) -> Option<Customer>;
    /// The customers of a service, by name; the provider itself is none of them.
    fn customers(&self, service: &ServiceName) -> Vec<Customer>;
    /// The agreement of this hash retold in another language, where somebody has done so. A help that never governs.
    fn reading(&self, agreement: &AgreementHash, language: Language) -> Option<Arc<str>> {
        let _ = (agreement, language);
        None
    }
    /// The register of recipients that the service's controller publishes, where it has one instead of an agreement.
    fn register(&self, service: &ServiceName) -> Option<Arc<Register>> {
        let _ = service;
        None
    }
}

/// An answer about a customer's file in a while.
pub type Adopting<'a> = Pin<Box<dyn Future<Output = Result<Arc<CustomerFile>, AdoptFileNo>> + Send + 'a>>;

/// Why a customer's file was not brought into force.
#[derive(Debug)]
pub enum AdoptFileNo {
    /// Whoever asked does not administer the customer.
    NotAdministrator,
    /// The text is at fault.
    Faults(Vec<FileFault>),
    /// No such customer, or the world did not cooperate.
    No(No),
}

/// The customers' own files: lists, texts that people accept, additions to the Specification. They hold no personal data.
pub trait CustomerFiles: Send + Sync {
    /// The file that is in force at an instant.
    fn at(&self, tenant: &TenantId, at: Instant) -> Option<Arc<CustomerFile>> {
        self.all(tenant).into_iter().rev().find(|file| file.from <= at)
    }
    /// All files, earliest first; also those that begin later.
    fn all(&self, tenant: &TenantId) -> Vec<Arc<CustomerFile>> {
        let _ = tenant;
        Vec::new()
    }
    /// The hash by which a text is named.
    fn hash(&self, text: &str) -> Hash {
        let _ = text;
        Hash([0; 32])
    }
    /// Brings a file into force from an instant, for an administrator of the customer.
    fn adopt<'a>(&'a self, by: PersonId, tenant: TenantId, from: Instant, text: &'a str) -> Adopting<'a> {
        let _ = (by, tenant, from, text);
        Box::pin(async { Err(AdoptFileNo::NotAdministrator) })
    }
}

/// An organisation of the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its identity.
    pub id: TenantId,
    /// The legal person's name.
    pub name: String,
    /// Its service.
    pub service: ServiceName,
    /// Whether it is the provider itself.
    pub provider: bool,
}
