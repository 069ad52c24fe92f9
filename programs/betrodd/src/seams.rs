//! The real rooms behind what the portal asks for: log-in, registers, agreements in force.

use std::net::IpAddr;
use std::sync::Arc;

use access::Access;
use agreement::art28::Override;
use agreement::{Adoption, Agreement};
use journal::Outcome as Entered;
use portal::{
    AdoptFileNo, Adopting, Agreements, Cookie, Customer, CustomerFiles, Demo, Entering, Entrance, Filter, LogInNo,
    Looked, Lookup, OpenCase, Outcome, Portal, Settings, Shop, SignedIn,
};
use processing::Processing;
use registers::{LogFilter, LoggedAccess, Registers};
use service::{Answer, Asked, CustomerFile, Door, Value};
use storage::Store;
use terms::{AgreementHash, Clock, Hash, Instant, KindName, Language, PersonId, RecordId, ServiceName, TenantId};
use vault::Vault;

use crate::installation::Installation;
use crate::services::Shelf;

/// The log as CSV is asked for in parts; a part that the register cut would be taken for the last.
const _: () = assert!(portal::MAX_LOOKED <= registers::MAX_ENTRIES);

/// Log-in over the store and the vault.
pub fn access(
    store: &Arc<Store>,
    vault: &Arc<Vault>,
    processing: &Arc<Processing>,
    clock: Arc<dyn Clock>,
    demo: bool,
) -> Access {
    let settings = if demo { access::Settings::demo() } else { access::Settings::default() };
    let clauses = Arc::clone(processing) as Arc<dyn access::Clauses>;
    Access::new(Arc::clone(store), Arc::clone(vault), clauses, clock, settings)
}

/// The portal over an installation.
pub fn portal(installation: Installation, demo: Option<Demo>, secure_cookies: bool) -> Portal {
    let door = Arc::clone(&installation.processing) as Arc<dyn Door>;
    portal_behind(installation, door, demo, secure_cookies)
}

/// The portal over an installation, with another door: for measuring what the real one costs.
pub fn portal_behind(
    installation: Installation,
    door: Arc<dyn Door>,
    demo: Option<Demo>,
    secure_cookies: bool,
) -> Portal {
    let Installation { store, processing, access, shelves, .. } = installation;
    let services = shelves
        .iter()
        .map(|shelf| Arc::new(Shop { kinds: Arc::clone(&shelf.kinds), service: shelf.service.clone() }))
        .collect();
    Portal {
        door,
        imports: Arc::clone(&processing) as Arc<dyn service::Imports>,
        described: Arc::default(),
        running: Arc::default(),
        texts: Arc::new(crate::take_text::InAProcess),
        reading_room: Arc::default(),
        access: Arc::new(RealEntrance(Access::clone(&access))),
        registers: Arc::new(RealLookup {
            registers: Registers::new(Arc::clone(&processing)),
            processing: Arc::clone(&processing),
            store: Arc::clone(&store),
        }),
        people: Some(Arc::clone(&access)),
        house: Some(Arc::clone(&processing)),
        operations: None,
        customer_files: Arc::new(RealFiles(Arc::clone(&processing))),
        agreements: Arc::new(RealAgreements { processing, store: Arc::clone(&store), shelves }),
        services,
        clock: Arc::new(StoreClock(store)),
        settings: Settings { demo, secure_cookies },
    }
}

struct StoreClock(Arc<Store>);

impl Clock for StoreClock {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

struct RealEntrance(Access);

fn no(no: access::LogInNo) -> LogInNo {
    match no {
        access::LogInNo::Wrong => LogInNo::Wrong,
        access::LogInNo::CodeNeeded => LogInNo::CodeNeeded,
        access::LogInNo::TooMany { retry_seconds } => LogInNo::TooMany { retry_seconds },
        access::LogInNo::Unavailable(why) => LogInNo::Unavailable(why),
    }
}

impl Entrance for RealEntrance {
    fn log_in<'a>(
        &'a self,
        from: IpAddr,
        login: &'a str,
        password: Value,
        code: Option<Value>,
    ) -> Entering<'a, Cookie> {
        Box::pin(async move {
            let cookie = self.0.log_in(from, login, password, code).await.map_err(no)?;
            Ok(Cookie(cookie.0))
        })
    }

    fn session(&self, cookie: &str) -> Option<Arc<SignedIn>> {
        let session = self.0.session(cookie)?;
        Some(Arc::new(SignedIn {
            actor: session.actor,
            home: session.home,
            provider: session.provider,
            role: session.role.clone(),
            csrf: session.csrf.clone(),
            ends: session.ends,
        }))
    }

    fn log_out<'a>(&'a self, cookie: &'a str) -> Entering<'a, ()> {
        Box::pin(async move { self.0.log_out(cookie).await.map_err(|error| LogInNo::Unavailable(error.to_string())) })
    }

    fn enter_demo(&self, person: PersonId) -> Entering<'_, Cookie> {
        Box::pin(async move {
            let cookie = self.0.enter_demo(person).await.map_err(no)?;
            Ok(Cookie(cookie.0))
        })
    }
}

struct RealLookup {
    registers: Registers,
    processing: Arc<Processing>,
    store: Arc<Store>,
}

impl RealLookup {
    /// Which of an entry's records is the one that the others belong to. An entry names one kind; a listing is also about the
    /// record whose parts were listed. Only heads are read.
    fn belongs_to(&self, tenant: &TenantId, kind: Option<&KindName>, records: &[RecordId]) -> Option<RecordId> {
        let first = records.first()?;
        let head = self.store.record(tenant, first).ok()??;
        if kind.is_some_and(|kind| *kind != head.kind) {
            return Some(*first);
        }
        head.parent.filter(|parent| records.contains(parent))
    }
}

const fn outcome(outcome: Entered) -> Outcome {
    match outcome {
        Entered::Granted => Outcome::Granted,
        Entered::Refused => Outcome::Refused,
        Entered::Happened => Outcome::Happened,
    }
}

const fn asked_for(outcome: Outcome) -> Entered {
    match outcome {
        Outcome::Granted => Entered::Granted,
        Outcome::Refused => Entered::Refused,
        Outcome::Happened => Entered::Happened,
    }
}

impl Lookup for RealLookup {
    fn who_looked<'a>(&'a self, asked: &'a Asked, filter: &'a Filter) -> Answer<'a, Vec<Looked>> {
        Box::pin(async move {
            let filter = LogFilter {
                person: filter.person,
                record: filter.record,
                actor: filter.actor,
                outcome: filter.outcome.map(asked_for),
                from: filter.from,
                until: filter.until,
                before: filter.before,
                limit: filter.limit,
                conceals: filter.conceals,
            };
            let found = self.registers.who_looked(asked, &filter).await?;
            let shown = |one: LoggedAccess| {
                let mut records: Vec<RecordId> = one.entry.records.iter().map(|(record, _)| *record).collect();
                let of = self.belongs_to(&asked.tenant, one.entry.detail.kind.as_ref(), &records);
                records.retain(|record| Some(*record) != of);
                Looked {
                    index: one.entry.index,
                    time: one.entry.time,
                    actor: one.entry.detail.actor.unwrap_or(PersonId([0; 16])),
                    actor_name: one.actor_name,
                    role: one.entry.detail.role,
                    verb: one.entry.detail.verb,
                    purpose: one.entry.detail.purpose,
                    case: one.entry.detail.case,
                    kind: one.entry.detail.kind,
                    records,
                    of,
                    persons: one.entry.persons.len(),
                    fields: one.entry.detail.fields,
                    withheld: one.entry.detail.withheld,
                    outcome: outcome(one.entry.detail.outcome),
                    reason: one.entry.detail.reason,
                    event: one.entry.detail.event,
                    clause: one.entry.detail.clause,
                    number: one.number,
                    purged: one.purged,
                }
            };
            Ok(found.into_iter().map(shown).collect())
        })
    }

    fn log_kept(&self, tenant: &TenantId) -> Option<processing::LogStands> {
        self.registers.log_kept(tenant).ok()
    }

    fn names<'a>(&'a self, asked: &'a Asked, persons: &'a [PersonId]) -> Answer<'a, Vec<Option<Value>>> {
        Box::pin(self.processing.names(asked, persons))
    }

    fn proof<'a>(&'a self, asked: &'a Asked, index: u64, about: Option<PersonId>) -> Answer<'a, String> {
        Box::pin(async move { Ok(self.processing.proof(asked, index, about).await?.encode()) })
    }

    fn certificate_proof<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, String> {
        Box::pin(async move { Ok(self.processing.certificate_proof(asked, id).await?.encode()) })
    }

    fn checkpoints<'a>(&'a self, asked: &'a Asked, past: usize) -> Answer<'a, processing::Checkpoints> {
        Box::pin(self.processing.checkpoints(asked, past))
    }

    fn log_file<'a>(&'a self, asked: &'a Asked, path: &'a str) -> Answer<'a, Vec<u8>> {
        Box::pin(self.processing.log_file(asked, path))
    }

    fn continuation<'a>(&'a self, asked: &'a Asked, old: u64) -> Answer<'a, String> {
        Box::pin(async move { Ok(self.processing.continuation(asked, old).await?.encode()) })
    }

    fn open_cases(&self, actor: PersonId) -> Answer<'_, Vec<OpenCase>> {
        Box::pin(async move {
            let cases = self.registers.open_cases(actor).await?;
            Ok(cases
                .into_iter()
                .map(|case| OpenCase {
                    tenant: case.tenant,
                    customer: case.customer,
                    case: case.case,
                    kind: case.kind,
                    opened: case.opened,
                    covers: case.covers,
                })
                .collect())
        })
    }
}

struct RealFiles(Arc<Processing>);

impl CustomerFiles for RealFiles {
    fn all(&self, tenant: &TenantId) -> Vec<Arc<CustomerFile>> {
        self.0.customer_files(tenant)
    }

    fn hash(&self, text: &str) -> Hash {
        processing::file_hash(text.as_bytes())
    }

    fn adopt<'a>(&'a self, by: PersonId, tenant: TenantId, from: Instant, text: &'a str) -> Adopting<'a> {
        Box::pin(async move {
            self.0.adopt_file(Some(by), tenant, from, text).await.map_err(|no| match no {
                processing::AdoptFileNo::NotAdministrator => AdoptFileNo::NotAdministrator,
                processing::AdoptFileNo::Faults(faults) => AdoptFileNo::Faults(faults),
                processing::AdoptFileNo::No(no) => AdoptFileNo::No(no),
            })
        })
    }
}

struct RealAgreements {
    processing: Arc<Processing>,
    store: Arc<Store>,
    shelves: Vec<Shelf>,
}

impl RealAgreements {
    fn shelf(&self, service: &ServiceName) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| shelf.kinds.service == *service)
    }
}

impl Agreements for RealAgreements {
    fn at(&self, tenant: &TenantId) -> Option<Arc<Agreement>> {
        self.processing.in_force(tenant)
    }

    fn versions(&self, tenant: &TenantId) -> Vec<Adoption> {
        self.processing.book().versions(*tenant).to_vec()
    }

    fn current(&self, service: &ServiceName) -> Option<Arc<Agreement>> {
        self.shelf(service).map(|shelf| Arc::clone(&shelf.agreement))
    }

    fn register(&self, service: &ServiceName) -> Option<Arc<agreement::register::Register>> {
        self.shelf(service)?.register.clone()
    }

    fn overrides(&self, service: &ServiceName) -> Vec<Override> {
        self.shelf(service).map(|shelf| shelf.overrides.clone()).unwrap_or_default()
    }

    fn customer(&self, tenant: &TenantId) -> Option<Customer> {
        let tenant = self.store.tenant(tenant).ok()??;
        Some(Customer {
            id: tenant.id,
            name: tenant.name.clone(),
            service: tenant.service.clone(),
            provider: tenant.provider,
        })
    }

    fn customers(&self, service: &ServiceName) -> Vec<Customer> {
        let mut customers: Vec<Customer> = self
            .store
            .tenants()
            .unwrap_or_default()
            .into_iter()
            .filter(|tenant| !tenant.provider && tenant.service == *service)
            .map(|tenant| Customer { id: tenant.id, name: tenant.name, service: tenant.service, provider: false })
            .collect();
        customers.sort_by(|one, other| one.name.cmp(&other.name));
        customers
    }

    fn reading(&self, agreement: &AgreementHash, language: Language) -> Option<Arc<str>> {
        let shelf = self.shelves.iter().find(|shelf| shelf.agreement.hash() == *agreement)?;
        if shelf.agreement.document().language == language.tag() { None } else { shelf.reading.clone() }
    }
}
