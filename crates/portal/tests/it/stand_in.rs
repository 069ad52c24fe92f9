//! A small house for the tests of the pages: a door in memory under the real agreement of Matcha. It journals nothing and seals
//! nothing; the real rooms meet the portal in the outer tests.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use agreement::{Act, Adoption, Agreement, CaseFact, Facts};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use portal::*;
use service::{
    Against, Certificate, Certified, Counted, ErasurePlan, Everywhere, PersonGoing, PlannedRecords, Restricted,
    ToErase, ToRestrict, Why,
};
use service::{Answer, Asked, Change, Door, Exported, Kind, Kinds, Listed, New, No, Opened, Page, Part, Value, Whole};
use terms::{
    Category, ClauseId, Clock, Extent, FieldName, Hash, Instant, KindName, Label, PersonId, RecordHead, RecordId,
    Refusal, Relation, Render, RetentionClass, Role, ServiceName, SubjectCategory, TenantId, Verb,
};
use tower::ServiceExt;

const KINDS: &str = include_str!("../../../../services/matcha/kinds.toml");
const AGREEMENT: &str = include_str!("../../../../services/matcha/agreement.sv.md");

pub const CUSTOMER: TenantId = TenantId([7; 16]);
pub const PROVIDER: TenantId = TenantId([9; 16]);
pub const CASE_WORKER: PersonId = PersonId([1; 16]);
pub const ADMINISTRATOR: PersonId = PersonId([2; 16]);
pub const SUPPORT: PersonId = PersonId([3; 16]);
/// 21 November 2026, 11:05 in Sweden.
pub const NOW: Instant = Instant(1_795_255_541_000_000);

#[derive(Clone)]
struct Kept {
    id: RecordId,
    kind: KindName,
    parent: Option<RecordId>,
    state: Option<String>,
    versions: Vec<(PersonId, Vec<(String, String)>)>,
}

pub struct House {
    pub agreement: Arc<Agreement>,
    pub kinds: Kinds,
    kept: Mutex<Vec<Kept>>,
    moved: Mutex<Instant>,
    restricted: Mutex<Option<Restricted>>,
    /// What the certificate's second stage says.
    pub everywhere: Mutex<Everywhere>,
}

fn role(actor: PersonId) -> Role {
    let name = match actor {
        CASE_WORKER => "case-worker",
        ADMINISTRATOR => "administrator",
        _ => "support",
    };
    Role::new(name).unwrap()
}

impl House {
    fn decide(&self, asked: &Asked, verb: Verb, kind: &Kind, categories: Vec<Category>) -> Result<(), Refusal> {
        let act = Act {
            tenant: asked.tenant,
            actor: asked.actor,
            role: role(asked.actor),
            verb,
            purpose: asked.purpose.clone(),
            subject: kind.subject.clone(),
            categories,
            extent: Extent::Exactly,
            recipient: None,
            country: None,
            instant: NOW,
            // Who reaches which record is the real door's matter too.
            facts: Facts {
                case: self.case(asked),
                reached: [Relation::Assigned, Relation::Unit].into_iter().collect(),
                ..Facts::default()
            },
        };
        self.agreement.decide(act).map(|_| ())
    }

    /// A case covers everything here; whether one covers a record is the real door's matter and tested there.
    fn case(&self, asked: &Asked) -> CaseFact {
        let Some(id) = asked.case else { return CaseFact::None };
        let kept = self.kept.lock().unwrap();
        let open = kept.iter().any(|one| one.id == id && one.state.as_deref() == Some("open"));
        let case = self.agreement.cases()[0].id.clone();
        if open { CaseFact::Open { case, id } } else { CaseFact::DoesNotCover }
    }

    fn open(&self, asked: &Asked, kind: &KindName, kept: Vec<(Kept, usize)>) -> Result<Box<dyn Opened>, No> {
        let kind = self.kinds.kind(kind).unwrap().clone();
        let mut withheld = Vec::new();
        let mut last = None;
        for category in kind.categories() {
            if let Err(refusal) = self.decide(asked, Verb::Consult, &kind, vec![category.clone()]) {
                withheld.push((category, refusal.clause.clone()));
                last = Some(refusal);
            }
        }
        match last {
            Some(refusal) if withheld.len() == kind.categories().len() => Err(No::Refused(Box::new(refusal))),
            _ => Ok(Box::new(Shown { kind, kept, withheld })),
        }
    }

    fn find(&self, kind: &KindName, id: RecordId) -> Result<Kept, No> {
        let kept = self.kept.lock().unwrap();
        kept.iter().find(|one| one.id == id && one.kind == *kind).cloned().ok_or(No::Missing)
    }

    fn write(
        &self,
        asked: &Asked,
        verb: Verb,
        kind: &Kind,
        draft: &service::Draft,
    ) -> Result<Vec<(String, String)>, No> {
        if let Some(field) = draft.undeclared(kind) {
            let mut refusal =
                self.decide(asked, verb, kind, vec![Category::new("never-declared").unwrap()]).unwrap_err();
            refusal.reason = terms::Reason::FieldNotDeclared(field.to_owned());
            return Err(No::Refused(Box::new(refusal)));
        }
        let today = jiff::civil::date(2026, 11, 21);
        let read = draft.read(kind, today, verb == Verb::Collect).map_err(No::Invalid)?;
        let mut categories: Vec<_> = read.iter().map(|(field, _)| field.category.clone()).collect();
        if categories.is_empty() {
            categories = kind.categories();
        }
        self.decide(asked, verb, kind, categories).map_err(|refusal| No::Refused(Box::new(refusal)))?;
        Ok(read.into_iter().map(|(field, value)| (field.name.to_string(), value.to_string())).collect())
    }
}

struct Shown {
    kind: Kind,
    kept: Vec<(Kept, usize)>,
    withheld: Vec<(Category, ClauseId)>,
}

impl Opened for Shown {
    fn render(&self, sink: &mut dyn Render) {
        for (kept, version) in &self.kept {
            let (author, values) = &kept.versions[*version];
            sink.begin(&RecordHead {
                record: kept.id,
                kind: kept.kind.clone(),
                version: *version as u64 + 1,
                person: PersonId(kept.id.0),
                parent: kept.parent,
                state: kept.state.clone(),
                written: NOW,
                author: *author,
            });
            for (name, value) in values {
                let field = self.kind.field(name).unwrap();
                if !self.withheld.iter().any(|(category, _)| *category == field.category) {
                    sink.field(&FieldName::new(name).unwrap(), &field.category, value);
                }
            }
            for (category, clause) in &self.withheld {
                sink.withheld(category, clause);
            }
            sink.end();
        }
    }
    fn count(&self) -> usize {
        self.kept.len()
    }
}

fn last(kept: Kept) -> (Kept, usize) {
    let version = kept.versions.len() - 1;
    (kept, version)
}

impl Door for House {
    fn receive<'a>(
        &'a self,
        _: &'a Asked,
        _: service::FileTo<'a>,
        _: &'a mut dyn service::Incoming,
    ) -> Answer<'a, service::Waiting> {
        Box::pin(async { Err(No::Unavailable("this house keeps no files".to_owned())) })
    }

    fn open_file<'a>(&'a self, _: &'a Asked, _: service::FileOf<'a>) -> Answer<'a, Box<dyn service::OpenedFile>> {
        Box::pin(async { Err(No::Missing) })
    }

    fn consult<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(async move {
            if let Some(one) = self.restricted.lock().unwrap().clone().filter(|one| one.person.0 == record.0) {
                let kind = self.kinds.kind(kind).unwrap();
                let nothing = vec![Category::new("never-declared").unwrap()];
                let mut refusal = self.decide(asked, Verb::Consult, kind, nothing).unwrap_err();
                refusal.reason = terms::Reason::Restricted;
                refusal.number = self.agreement.number(&one.clause).to_owned();
                refusal.clause = one.clause;
                return Err(No::Refused(Box::new(refusal)));
            }
            self.open(asked, kind, vec![last(self.find(kind, record)?)])
        })
    }

    fn list<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        parent: Option<RecordId>,
        page: Page,
    ) -> Answer<'a, Listed> {
        Box::pin(async move {
            let kept = self.kept.lock().unwrap().clone();
            let all: Vec<_> = kept
                .into_iter()
                .filter(|one| one.kind == *kind && (parent.is_none() || one.parent == parent))
                .skip_while(|one| page.after.is_some_and(|after| one.id.0 <= after.0))
                .collect();
            let next = (all.len() > page.limit).then(|| all[page.limit - 1].id);
            let opened = self.open(asked, kind, all.into_iter().take(page.limit).map(last).collect())?;
            Ok(Listed { opened, next })
        })
    }

    fn search<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, text: &'a str) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let kept = self.kept.lock().unwrap().clone();
            let found = kept.into_iter().map(last).filter(|(one, version)| {
                one.kind == *kind && one.versions[*version].1.iter().any(|(_, value)| value.eq_ignore_ascii_case(text))
            });
            self.open(asked, kind, found.collect())
        })
    }

    fn history<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let kept = self.find(kind, record)?;
            let versions = (0..kept.versions.len()).rev().map(|version| (kept.clone(), version)).collect();
            self.open(asked, kind, versions)
        })
    }

    fn retrieve<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
        _: Whole,
    ) -> Answer<'a, Exported> {
        Box::pin(async move {
            let declared = self.kinds.kind(kind).unwrap();
            self.decide(asked, Verb::Retrieve, declared, declared.categories())
                .map_err(|refusal| No::Refused(Box::new(refusal)))?;
            let answer = Ok(self.open(asked, kind, vec![last(self.find(kind, record)?)])?);
            Ok(Exported {
                person: PersonId(record.0),
                parts: vec![Part { kind: kind.clone(), answer }],
                holds: Vec::new(),
                conceals: false,
            })
        })
    }

    fn collect<'a>(&'a self, asked: &'a Asked, new: New<'a>) -> Answer<'a, RecordId> {
        Box::pin(async move {
            let kind = self.kinds.kind(new.kind).unwrap();
            let values = self.write(asked, Verb::Collect, kind, &new.draft)?;
            let mut kept = self.kept.lock().unwrap();
            let mut id = [0; 16];
            id[15] = u8::try_from(kept.len() + 1).unwrap();
            kept.push(Kept {
                id: RecordId(id),
                kind: new.kind.clone(),
                parent: new.parent,
                state: kind.states.first().cloned(),
                versions: vec![(asked.actor, values)],
            });
            Ok(RecordId(id))
        })
    }

    fn alter<'a>(&'a self, asked: &'a Asked, change: Change<'a>) -> Answer<'a, u64> {
        Box::pin(async move {
            let kind = self.kinds.kind(change.kind).unwrap();
            let values = self.write(asked, Verb::Alter, kind, &change.draft)?;
            let mut kept = self.kept.lock().unwrap();
            let one = kept.iter_mut().find(|one| one.id == change.record).ok_or(No::Missing)?;
            let version = one.versions.len() as u64;
            if version != change.version {
                return Err(No::Conflict { version });
            }
            let mut next = one.versions.last().unwrap().1.clone();
            next.retain(|(name, _)| values.iter().all(|(other, _)| other != name));
            next.extend(values);
            one.versions.push((asked.actor, next));
            one.state = change.state.or(one.state.take());
            Ok(version + 1)
        })
    }

    fn plan_erasure<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        record: RecordId,
    ) -> Answer<'a, (ErasurePlan, Hash)> {
        Box::pin(async move { Ok((self.plan(asked, kind, record)?, PLAN)) })
    }

    fn erase<'a>(&'a self, asked: &'a Asked, to: ToErase<'a>) -> Answer<'a, RecordId> {
        Box::pin(async move {
            self.plan(asked, to.kind, to.record)?;
            if to.plan == PLAN { Ok(CERTIFICATE) } else { Err(No::Conflict { version: 2 }) }
        })
    }

    fn certificates<'a>(&'a self, asked: &'a Asked) -> Answer<'a, Vec<Certified>> {
        Box::pin(async move {
            let certificate = self.certified(asked)?;
            Ok(vec![Certified { certificate, everywhere: Everywhere::NoCopies, checkpoint: None }])
        })
    }

    fn certificate<'a>(&'a self, asked: &'a Asked, id: RecordId) -> Answer<'a, Certified> {
        Box::pin(async move {
            let certificate = self.certified(asked)?;
            let checkpoint = Some("betrodd/log\n7\n".to_owned());
            let everywhere = self.everywhere.lock().unwrap().clone();
            if id == CERTIFICATE { Ok(Certified { certificate, everywhere, checkpoint }) } else { Err(No::Missing) }
        })
    }

    fn restrict<'a>(&'a self, asked: &'a Asked, to: ToRestrict<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.may(asked, Verb::Restrict, to.kind)?;
            let one = Restricted {
                person: PersonId(to.record.0),
                by: asked.actor,
                since: NOW,
                why: to.why,
                until: to.until,
                clause: ClauseId::new("rights-help").unwrap(),
            };
            *self.restricted.lock().unwrap() = Some(one);
            Ok(())
        })
    }

    fn lift<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, _: RecordId) -> Answer<'a, ()> {
        Box::pin(async move {
            self.may(asked, Verb::Restrict, kind)?;
            self.restricted.lock().unwrap().take().map(|_| ()).ok_or(No::Missing)
        })
    }

    fn restriction<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, _: RecordId) -> Answer<'a, Option<Restricted>> {
        Box::pin(async move {
            self.may(asked, Verb::Restrict, kind)?;
            Ok(self.restricted.lock().unwrap().clone())
        })
    }
}

/// The hash of every plan here.
pub const PLAN: Hash = Hash([8; 32]);
/// The one certificate.
pub const CERTIFICATE: RecordId = RecordId([6; 16]);

impl House {
    fn may(&self, asked: &Asked, verb: Verb, kind: &KindName) -> Result<(), No> {
        let kind = self.kinds.kind(kind).unwrap();
        self.decide(asked, verb, kind, kind.categories()).map_err(|refusal| No::Refused(Box::new(refusal)))
    }

    fn plan(&self, asked: &Asked, kind: &KindName, record: RecordId) -> Result<ErasurePlan, No> {
        self.may(asked, Verb::Erase, kind)?;
        let subject = |name: &str| SubjectCategory::new(name).unwrap();
        let planned = |name: &str, of: &str, why, open| PlannedRecords {
            unlisted: None,
            kind: KindName::new(name).unwrap(),
            subject: subject(of),
            records: vec![(record, 1)],
            why,
            open,
        };
        let person = PersonId(record.0);
        Ok(ErasurePlan {
            kind: kind.clone(),
            record,
            person,
            whole: true,
            persons: vec![PersonGoing {
                person,
                subject: subject("participant"),
                classes: vec![RetentionClass::default()],
                keeps: Vec::new(),
                account: true,
            }],
            goes: vec![
                planned("participant", "participant", Why::Key, 0),
                planned("support-case", "user", Why::Deleted, 1),
            ],
            stays: vec![planned("claim", "participant", Why::WithoutName, 0)],
            import: None,
            figures: None,
            against: self.restricted.lock().unwrap().clone().map(Against::Restricted).into_iter().collect(),
        })
    }

    fn certified(&self, asked: &Asked) -> Result<Certificate, No> {
        Ok(Certificate {
            id: CERTIFICATE,
            erased: NOW,
            completed: NOW,
            entry: 6,
            by: asked.actor,
            role: role(asked.actor),
            purpose: asked.purpose.clone(),
            agreement: self.agreement.hash(),
            version: self.agreement.version().to_owned(),
            clause: ClauseId::new("rights-help").unwrap(),
            number: "7.1".to_owned(),
            plan: self.plan(asked, &KindName::new("participant").unwrap(), RecordId([1; 16]))?,
            plan_hash: PLAN,
            left: Counted::default(),
            files: 0,
            backups: service::Kept::NotFound { clause: ClauseId::new("backup").unwrap(), number: "S.8".to_owned() },
            logs: service::Kept::Silent,
        })
    }
}

/// Imports that are remembered in no place: each is begun anew.
impl service::Imports for House {
    fn begin<'a>(&'a self, asked: &'a Asked, begin: service::Begin<'a>) -> Answer<'a, service::Import> {
        Box::pin(async move {
            Ok(service::Import {
                id: RecordId([8; 16]),
                kind: begin.kind.clone(),
                parent: begin.parent,
                by: asked.actor,
                begun: NOW,
                rows: begin.rows,
                ended: None,
                undone: None,
            })
        })
    }
    fn end<'a>(&'a self, _: &'a Asked, _: RecordId) -> Answer<'a, service::Import> {
        Box::pin(async { Err(No::Missing) })
    }
    fn imports<'a>(&'a self, _: &'a Asked, _: &'a KindName) -> Answer<'a, Vec<service::Import>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    fn imported<'a>(&'a self, _: &'a Asked, _: RecordId) -> Answer<'a, (service::Import, Vec<service::Imported>)> {
        Box::pin(async { Err(No::Missing) })
    }
}

impl Entrance for House {
    fn log_in<'a>(&'a self, _: IpAddr, login: &'a str, password: Value, code: Option<Value>) -> Entering<'a, Cookie> {
        Box::pin(async move {
            match (login, password.as_str(), code) {
                ("often", _, _) => Err(LogInNo::TooMany { retry_seconds: 90 }),
                ("worker", "right", _) => Ok(Cookie("worker".to_owned())),
                ("support", "right", None) => Err(LogInNo::CodeNeeded),
                _ => Err(LogInNo::Wrong),
            }
        })
    }
    fn session(&self, cookie: &str) -> Option<Arc<SignedIn>> {
        let (actor, home) = match cookie {
            "worker" => (CASE_WORKER, CUSTOMER),
            "administrator" => (ADMINISTRATOR, CUSTOMER),
            "support" => (SUPPORT, PROVIDER),
            _ => return None,
        };
        let (provider, csrf) = (home == PROVIDER, "token".to_owned());
        Some(Arc::new(SignedIn { actor, home, provider, role: role(actor), csrf, ends: NOW }))
    }
    fn log_out<'a>(&'a self, _: &'a str) -> Entering<'a, ()> {
        Box::pin(async { Ok(()) })
    }
    fn enter_demo(&self, person: PersonId) -> Entering<'_, Cookie> {
        Box::pin(
            async move { if person == CASE_WORKER { Ok(Cookie("worker".to_owned())) } else { Err(LogInNo::Wrong) } },
        )
    }
}

impl Lookup for House {
    fn who_looked<'a>(&'a self, _: &'a Asked, _: &'a Filter) -> Answer<'a, Vec<Looked>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    fn open_cases(&self, _: PersonId) -> Answer<'_, Vec<OpenCase>> {
        let kept = self.kept.lock().unwrap();
        let open =
            kept.iter().filter(|one| one.kind.as_str() == "support-case" && one.state.as_deref() == Some("open"));
        let cases = open.map(|one| OpenCase {
            tenant: CUSTOMER,
            customer: "Kunden AB".to_owned(),
            case: one.id,
            kind: one.kind.clone(),
            opened: NOW,
            covers: one.parent,
        });
        let cases = cases.collect();
        Box::pin(async { Ok(cases) })
    }
}

impl Agreements for House {
    fn at(&self, tenant: &TenantId) -> Option<Arc<Agreement>> {
        (*tenant == CUSTOMER).then(|| Arc::clone(&self.agreement))
    }
    fn versions(&self, _: &TenantId) -> Vec<Adoption> {
        vec![Adoption { from: NOW, agreement: Arc::clone(&self.agreement) }]
    }
    fn current(&self, service: &ServiceName) -> Option<Arc<Agreement>> {
        (service.as_str() == "matcha").then(|| Arc::clone(&self.agreement))
    }
    fn customer(&self, tenant: &TenantId) -> Option<Customer> {
        let (name, provider) = match *tenant {
            CUSTOMER => ("Kunden AB", false),
            PROVIDER => ("Leverantören AB", true),
            _ => return None,
        };
        Some(Customer { id: *tenant, name: name.to_owned(), service: ServiceName::new("matcha").unwrap(), provider })
    }
    fn customers(&self, _: &ServiceName) -> Vec<Customer> {
        self.customer(&CUSTOMER).into_iter().collect()
    }
}

impl CustomerFiles for House {}

impl Clock for House {
    fn now(&self) -> Instant {
        *self.moved.lock().unwrap()
    }
}

impl DemoClock for House {
    fn now(&self) -> Instant {
        *self.moved.lock().unwrap()
    }
    fn move_to(&self, to: Instant) -> Result<(), String> {
        let mut now = self.moved.lock().unwrap();
        if to < *now {
            return Err("bakåt går inte".to_owned());
        }
        *now = to;
        Ok(())
    }
}

/// A browser of few words: a router, a cookie, and what came back.
pub struct Visitor {
    router: Router,
    pub house: Arc<House>,
    pub cookie: String,
}

pub struct Seen {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
    /// What stands between the first `before` and the next `after`.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let at = self.body.find(before).unwrap_or_else(|| panic!("no {before} in the page"));
        self.body[at + before.len()..].split(after).next().unwrap()
    }
}

impl Visitor {
    /// In a demo folder or not, with cookies over a secure connection or not.
    pub fn new(demo: bool, secure_cookies: bool) -> Self {
        let house = Arc::new(House {
            agreement: Arc::new(
                Agreement::read("agreement.sv.md", AGREEMENT).unwrap_or_else(|faults| panic!("{faults}")),
            ),
            kinds: Kinds::read("kinds.toml", KINDS).unwrap(),
            kept: Mutex::new(Vec::new()),
            moved: Mutex::new(NOW),
            restricted: Mutex::default(),
            everywhere: Mutex::new(Everywhere::NoCopies),
        });
        let person = DemoPerson {
            service: ServiceName::new("matcha").unwrap(),
            person: CASE_WORKER,
            name: "Hanna Ek".to_owned(),
            role: Label { sv: "Handledare".to_owned(), en: "Case worker".to_owned() },
            organisation: "Kunden AB".to_owned(),
            provider: false,
            login: "worker".to_owned(),
            password: "right".to_owned(),
            totp: None,
            what_to_try: Label { sv: "Skriv en daganteckning.".to_owned(), en: "Write a day note.".to_owned() },
        };
        let clock: Arc<dyn DemoClock> = house.clone();
        let portal = Arc::new(Portal {
            door: house.clone(),
            imports: house.clone(),
            described: Arc::default(),
            running: Arc::default(),
            texts: Arc::new(InHouse),
            reading_room: Arc::default(),
            access: house.clone(),
            registers: house.clone(),
            agreements: house.clone(),
            people: None,
            house: None,
            operations: None,
            customer_files: house.clone(),
            services: vec![Arc::new(Shop { kinds: Arc::new(house.kinds.clone()), service: None })],
            clock: house.clone(),
            settings: Settings { demo: demo.then(|| Demo { persons: vec![person], clock }), secure_cookies },
        });
        Self { router: router(portal), house, cookie: String::new() }
    }

    /// Over other agreements and services, for the pages that are open to everybody.
    pub fn open(agreements: Arc<dyn Agreements>, services: Vec<Arc<Shop>>) -> Self {
        let Self { house, cookie, .. } = Self::new(false, false);
        let portal = Arc::new(Portal {
            door: house.clone(),
            imports: house.clone(),
            described: Arc::default(),
            running: Arc::default(),
            texts: Arc::new(InHouse),
            reading_room: Arc::default(),
            access: house.clone(),
            registers: house.clone(),
            agreements,
            people: None,
            house: None,
            operations: None,
            customer_files: house.clone(),
            services,
            clock: house.clone(),
            settings: Settings { demo: None, secure_cookies: false },
        });
        Self { router: router(portal), house, cookie }
    }

    /// Signed in as `worker`, `administrator` or `support`.
    pub fn signed_in(who: &str) -> Self {
        let mut visitor = Self::new(false, false);
        visitor.cookie = format!("session={who}");
        visitor
    }

    /// Another person in the same house.
    pub fn also(&self, who: &str) -> Self {
        Self { router: self.router.clone(), house: Arc::clone(&self.house), cookie: format!("session={who}") }
    }

    pub fn get(&self, address: &str) -> Seen {
        self.send(Request::get(address), String::new())
    }

    /// Posts a form with the session's token.
    pub fn post(&self, address: &str, fields: &[(&str, &str)]) -> Seen {
        let mut all = vec![("csrf", "token")];
        all.extend_from_slice(fields);
        self.post_bare(address, &all)
    }

    pub fn post_bare(&self, address: &str, fields: &[(&str, &str)]) -> Seen {
        let plain = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", plain(name), plain(value))).collect();
        self.send(
            Request::post(address).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            body.join("&"),
        )
    }

    pub fn send(&self, request: axum::http::request::Builder, body: String) -> Seen {
        self.send_bytes(request, body.into_bytes())
    }

    pub fn send_bytes(&self, request: axum::http::request::Builder, body: Vec<u8>) -> Seen {
        let request = request.header(header::COOKIE, &self.cookie).body(Body::from(body)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Seen { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }

    /// A participant, through the form; gives the address of its file.
    pub fn participant(&self) -> String {
        let seen = self
            .post("/matcha/deltagare/new", &[("given-name", "Åsa"), ("family-name", "Åkerlund"), ("gender", "woman")]);
        assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
        seen.header("location").split('?').next().unwrap().to_owned()
    }
}

/// Takes texts out of files without a process of its own.
struct InHouse;

impl portal::Texts for InHouse {
    fn take(&self, name: &str, bytes: &[u8]) -> Result<reading::Source, reading::Unreadable> {
        reading::Source::read(name, bytes)
    }
}
