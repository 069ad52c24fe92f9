//! Log-ins over a real store and a real vault, in a folder of their own.

use core::time::Duration;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use agreement::Agreement;
use journal::{Detail, EntryKind, Outcome, SigningKey};
use processing::Processing;
use storage::{HouseOp, KeyStore, Lock, LogKey, LogQuery, Logged, Options, Store, Tenant};
use tempfile::TempDir;
use terms::{Clock, Instant, PersonId, Role, ServiceName, TenantId};
use vault::{Root, Vault};
use zeroize::Zeroizing;

use crate::log_in::By;
use crate::sessions::{Found, Secret};
use crate::{Access, EndAccountNo, LogInNo, NewAccount, OpenAccountNo, Seed, Settings, Value};

const CUSTOMER: TenantId = TenantId([1; 16]);
const OTHER: TenantId = TenantId([2; 16]);
const PROVIDER: TenantId = TenantId([3; 16]);
const PASSWORD: &str = "en lång och lugn mening";
const SEED: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const SEED_BYTES: &[u8] = b"12345678901234567890";

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

struct House {
    folder: TempDir,
    clock: Arc<TestClock>,
    store: Arc<Store>,
    access: Access,
}

impl House {
    /// A customer and its neighbour under the agreement, and the provider.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_770_000_000_000_000)));
        let (store, access) = open(folder.path(), &clock, Settings::default()).await;
        Self { folder, clock, store, access }
    }

    /// Ends the program and starts it again on the same folder.
    async fn again(self) -> Self {
        let Self { folder, clock, store, access } = self;
        drop(access);
        assert_eq!(Arc::strong_count(&store), 1, "nobody else holds the store");
        drop(store);
        let (store, access) = open(folder.path(), &clock, Settings::default()).await;
        Self { folder, clock, store, access }
    }

    fn later(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    async fn account(&self, home: TenantId, login: &str, role: &str) -> PersonId {
        self.access.open_account(new_account(home, login, role)).await.unwrap()
    }

    async fn log_in(&self, login: &str, password: &str, code: Option<&str>) -> Result<String, LogInNo> {
        self.log_in_from(1, login, password, code).await
    }

    async fn log_in_from(&self, from: u8, login: &str, password: &str, code: Option<&str>) -> Result<String, LogInNo> {
        let from = IpAddr::V4(Ipv4Addr::new(192, 0, 2, from));
        let cookie = self.access.log_in(from, login, value(password), code.map(value)).await?;
        Ok(cookie.0)
    }

    /// The account events and refusals of a log, oldest first.
    async fn entries(&self, tenant: TenantId) -> Vec<Logged> {
        let query = LogQuery { key: LogKey::All, before: None, from: None, limit: 1000 };
        let matches = |entry: &Logged| entry.kind != EntryKind::Act;
        let mut entries = self.store.log(&tenant, &query, &matches).await.unwrap();
        entries.reverse();
        entries.retain(|entry| entry.detail.event.as_deref().is_some_and(|event| !OF_SET_UP.contains(&event)));
        entries
    }

    async fn events(&self, tenant: TenantId) -> Vec<String> {
        self.entries(tenant).await.into_iter().filter_map(|entry| entry.detail.event).collect()
    }
}

const OF_SET_UP: [&str; 2] = ["tenant", "agreement-adopted"];

async fn open(folder: &Path, clock: &Arc<TestClock>, settings: Settings) -> (Arc<Store>, Access) {
    let lock = Lock::take(folder).unwrap();
    let keys = Arc::new(KeyStore::open(&folder.join("keys.db")).unwrap());
    let root = Root::open_or_begin(&folder.join("root.key")).unwrap();
    let vault = Arc::new(Vault::open(&root, Arc::clone(&keys)).unwrap());
    vault.new_tenant(&TenantId::INSTALLATION).unwrap();
    let options = Options { segment_bytes: 1 << 20, reserve_bytes: 0, ..Options::default() };
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    let signer = SigningKey::from_seed("betrodd/test", vault.signing_seed()).unwrap();
    let store = Store::open(folder, lock, options, Arc::clone(&clock), keys, &*vault, signer).unwrap();
    let store = Arc::new(store);
    let processing = Arc::new(Processing::new(Arc::clone(&store), Arc::clone(&vault), Vec::new()).unwrap());
    if store.tenant(&CUSTOMER).unwrap().is_none() {
        let agreement = Arc::new(Agreement::read("agreement", include_str!("../testdata/agreement.en.md")).unwrap());
        for (id, provider) in [(CUSTOMER, false), (OTHER, false), (PROVIDER, true)] {
            vault.new_tenant(&id).unwrap();
            let tenant = Tenant {
                id,
                name: "Firman AB".to_owned(),
                registration_number: None,
                service: ServiceName::new("orders").unwrap(),
                provider,
            };
            let detail = Detail { event: Some("tenant".to_owned()), ..Detail::default() };
            store.event(id, detail, vec![HouseOp::PutTenant(tenant)]).await.unwrap();
            if !provider {
                processing.adopt(id, store.now(), &agreement).await.unwrap();
            }
        }
    }
    let access = Access::new(Arc::clone(&store), vault, processing, clock, settings);
    (store, access)
}

fn new_account(home: TenantId, login: &str, role: &str) -> NewAccount {
    NewAccount {
        by: None,
        home,
        login: value(login),
        name: value("Ett Namn"),
        role: Role::new(role).unwrap(),
        password: value(PASSWORD),
        totp: (home == PROVIDER).then(|| Seed::from_base32(SEED).unwrap()),
        record: None,
    }
}

/// By whom, as what.
fn actor(entry: &Logged) -> Option<(PersonId, &str)> {
    entry.detail.actor.zip(entry.detail.role.as_ref().map(Role::as_str))
}

fn value(text: &str) -> Value {
    Zeroizing::new(text.to_owned())
}

fn code(at: Instant) -> Value {
    Seed::from_base32(SEED).unwrap().code_at(at)
}

/// `unwrap_err` for what cannot be printed.
fn refused<T, E>(answer: Result<T, E>) -> E {
    match answer {
        Ok(_) => panic!("it must be refused"),
        Err(no) => no,
    }
}

#[tokio::test]
async fn a_person_logs_in_works_and_logs_out() {
    let house = House::new().await;
    let person = house.account(CUSTOMER, "Anna@Firman.se", "clerk").await;
    let cookie = house.log_in(" anna@firman.SE ", PASSWORD, None).await.unwrap();
    let me = house.access.session(&cookie).unwrap();
    assert_eq!((me.actor, me.home, me.provider, me.role.as_str()), (person, CUSTOMER, false, "clerk"));
    assert_eq!(me.ends, house.store.now().plus_seconds(12 * 3600));
    assert!(Arc::ptr_eq(&me, &house.access.session(&cookie).unwrap()), "from memory");
    house.access.log_out(&cookie).await.unwrap();
    assert!(house.access.session(&cookie).is_none());
    house.access.log_out(&cookie).await.unwrap();
    let entries = house.entries(CUSTOMER).await;
    let told: Vec<_> = entries.iter().map(|entry| entry.detail.event.as_deref().unwrap()).collect();
    assert_eq!(told, ["account-opened", "log-in", "log-out"]);
    for entry in entries {
        assert_eq!((entry.kind, entry.detail.outcome), (EntryKind::Event, Outcome::Happened));
        // The operator, who opened the account, is no person of the house.
        let by = (entry.detail.event.as_deref() != Some("account-opened")).then_some((person, "clerk"));
        assert_eq!(actor(&entry), by);
        assert_eq!(entry.detail.clause.as_ref().map(|clause| clause.as_str()), Some("accounts"));
        assert!(entry.detail.agreement.is_some());
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    for (login, password) in [
        ("anna", "fel lösenord här"),
        ("ingen", PASSWORD),
        ("anna", ""),
        ("", PASSWORD),
        (&*"a".repeat(300), PASSWORD),
        ("anna", &*"a".repeat(100_000)),
    ] {
        assert_eq!(house.log_in(login, password, None).await, Err(LogInNo::Wrong));
    }
    // All of them go through the hashing: while that is held up, none is answered.
    let _held = house.access.inner.passwords.hold().await;
    for (login, password) in [("anna", "fel lösenord här"), ("ingen alls", PASSWORD), ("", "")] {
        let answer = tokio::time::timeout(Duration::from_millis(50), house.log_in(login, password, None)).await;
        assert!(answer.is_err(), "answered without hashing");
    }
}

#[tokio::test]
async fn a_hash_is_worthless_without_the_pepper_of_its_house() {
    let (house, other) = (House::new().await, House::new().await);
    let hash = house.access.inner.passwords.new_hash(value(PASSWORD)).await.unwrap();
    let is_right = async |house: &House| {
        let passwords = &house.access.inner.passwords;
        passwords.is_right(value(PASSWORD), Some(hash.clone())).await.unwrap()
    };
    assert_eq!((is_right(&house).await, is_right(&other).await), (true, false));
}

#[tokio::test]
async fn the_sixth_attempt_in_a_minute_is_refused_before_hashing() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    for n in 0..5 {
        assert_eq!(house.log_in_from(n, "anna", "fel lösenord här", None).await, Err(LogInNo::Wrong));
        house.later(10);
    }
    let _held = house.access.inner.passwords.hold().await;
    let answer = tokio::time::timeout(Duration::from_secs(5), house.log_in("Anna", PASSWORD, None)).await;
    assert_eq!(answer.expect("it waits for no hashing"), Err(LogInNo::TooMany { retry_seconds: 10 }));
}

#[tokio::test]
async fn an_address_that_tries_many_names_is_refused() {
    let house = House::new().await;
    for n in 0..crate::ATTEMPTS_AN_ADDRESS {
        assert_eq!(house.log_in(&format!("name{n}"), "", None).await, Err(LogInNo::Wrong));
    }
    assert!(matches!(house.log_in("another", "", None).await, Err(LogInNo::TooMany { .. })));
    assert_eq!(house.log_in_from(2, "another", "", None).await, Err(LogInNo::Wrong), "from elsewhere");
}

#[tokio::test]
async fn provider_staff_need_a_code_and_a_code_cannot_be_used_twice() {
    let house = House::new().await;
    let without = NewAccount { totp: None, ..new_account(PROVIDER, "sten", "support") };
    assert!(matches!(refused(house.access.open_account(without).await), OpenAccountNo::SecondFactorNeeded));
    house.account(PROVIDER, "sten", "support").await;
    assert_eq!(house.log_in("sten", PASSWORD, None).await, Err(LogInNo::CodeNeeded));
    let now = house.store.now();
    assert_eq!(house.log_in("sten", "fel lösenord här", Some(&code(now))).await, Err(LogInNo::Wrong));
    let cookie = house.log_in("sten", PASSWORD, Some(&code(now))).await.unwrap();
    assert!(house.access.session(&cookie).unwrap().provider);
    assert_eq!(house.log_in("sten", PASSWORD, Some(&code(now))).await, Err(LogInNo::Wrong), "a second time");
    let house = house.again().await;
    assert_eq!(house.log_in("sten", PASSWORD, Some(&code(now))).await, Err(LogInNo::Wrong), "after a restart");
    house.later(30);
    assert!(house.log_in("sten", PASSWORD, Some(&code(house.store.now()))).await.is_ok());
}

#[tokio::test]
async fn a_code_tried_twice_at_the_same_time_lets_one_in() {
    let house = House::new().await;
    let person = house.account(PROVIDER, "sten", "support").await;
    let code = code(house.store.now());
    let attempt = || house.access.begin(person, By::LogIn { code: Some(code.clone()) });
    let (one, two, three) = tokio::join!(attempt(), attempt(), attempt());
    assert_eq!([one, two, three].iter().filter(|answer| answer.is_ok()).count(), 1);
}

#[tokio::test]
async fn an_ended_accounts_session_ends_at_once() {
    let house = House::new().await;
    let head = house.account(CUSTOMER, "chefen", "head").await;
    let person = house.account(CUSTOMER, "anna", "clerk").await;
    let cookie = house.log_in("anna", PASSWORD, None).await.unwrap();
    assert!(house.access.session(&cookie).is_some());
    house.access.end_account(Some(head), person).await.unwrap();
    assert!(house.access.session(&cookie).is_none());
    let token = Secret::read(&cookie).unwrap().token();
    assert!(matches!(house.access.inner.sessions.find(&token, house.store.now()), Found::Unknown), "not in memory");
    assert!(house.store.session(&token).unwrap().is_none(), "nor in the store");
    assert_eq!(house.log_in("anna", PASSWORD, None).await, Err(LogInNo::Wrong));
    house.access.end_account(Some(head), person).await.unwrap();
    let house = house.again().await;
    assert!(house.access.session(&cookie).is_none());
    let told = house.entries(CUSTOMER).await;
    let ends: Vec<_> = told.iter().filter(|entry| entry.detail.event.as_deref() == Some("account-ended")).collect();
    assert_eq!(ends.len(), 1);
}

#[tokio::test]
async fn entries_of_accounts_name_who_did_it_as_what_and_whose_account_it_is() {
    let house = House::new().await;
    let head = house.account(CUSTOMER, "chefen", "head").await;
    let by_head = NewAccount { by: Some(head), ..new_account(CUSTOMER, "anna", "clerk") };
    let clerk = house.access.open_account(by_head).await.unwrap();
    house.access.end_account(Some(head), clerk).await.unwrap();
    house.access.end_account(None, head).await.unwrap();
    let entries = house.entries(CUSTOMER).await;
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.detail.event.as_deref().unwrap(), actor(entry), entry.persons.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("account-opened", None, vec![head]),
            ("account-opened", Some((head, "head")), vec![clerk]),
            ("account-ended", Some((head, "head")), vec![clerk]),
            ("account-ended", None, vec![head]),
        ]
    );
}

#[tokio::test]
async fn only_an_administrator_of_the_same_home_opens_and_ends_accounts() {
    let house = House::new().await;
    let clerk = house.account(CUSTOMER, "anna", "clerk").await;
    let neighbour = house.account(OTHER, "grannen", "head").await;
    assert!(matches!(refused(house.access.end_account(Some(neighbour), clerk).await), EndAccountNo::Missing));
    assert!(matches!(refused(house.access.end_account(Some(clerk), neighbour).await), EndAccountNo::Missing));
    assert!(matches!(refused(house.access.end_account(Some(clerk), clerk).await), EndAccountNo::NotAdministrator));
    let by = |by| NewAccount { by: Some(by), ..new_account(CUSTOMER, "ny", "clerk") };
    assert!(matches!(refused(house.access.open_account(by(neighbour)).await), OpenAccountNo::Missing));
    assert!(matches!(refused(house.access.open_account(by(clerk)).await), OpenAccountNo::NotAdministrator));
    let refusals = house.entries(CUSTOMER).await;
    let refusals: Vec<_> = refusals.iter().filter(|entry| entry.kind == EntryKind::Refusal).collect();
    assert_eq!(refusals.len(), 2, "each refusal to a person of the home is an entry");
    assert!(refusals.iter().all(|entry| entry.detail.reason.as_deref() == Some("no-rule")));
    let head = house.account(CUSTOMER, "chefen", "head").await;
    house.access.open_account(by(head)).await.unwrap();
}

#[tokio::test]
async fn what_is_wrong_with_a_new_account_is_told() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    let new = |login: &str, role: &str| new_account(CUSTOMER, login, role);
    let no = async |new| refused(house.access.open_account(new).await);
    assert!(matches!(no(new("ANNA", "clerk")).await, OpenAccountNo::LoginTaken));
    assert!(matches!(no(new(" ", "clerk")).await, OpenAccountNo::Login));
    assert!(matches!(no(new("ny", "admiral")).await, OpenAccountNo::Role(_)));
    assert!(matches!(no(new("ny", "support")).await, OpenAccountNo::Role(_)), "a role of the other side");
    assert!(matches!(no(NewAccount { password: value("kort"), ..new("ny", "clerk") }).await, OpenAccountNo::Password));
    let nowhere = NewAccount { home: TenantId([9; 16]), ..new("ny", "clerk") };
    assert!(matches!(no(nowhere).await, OpenAccountNo::Missing));
    let of_nothing = NewAccount { record: Some(terms::RecordId([9; 16])), ..new("ny", "clerk") };
    assert!(matches!(no(of_nothing).await, OpenAccountNo::Missing));
    assert_eq!(house.events(CUSTOMER).await, ["account-opened"]);
}

#[tokio::test]
async fn sessions_survive_a_reopening_of_the_store_and_keep_their_form_token() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    let cookie = house.log_in("anna", PASSWORD, None).await.unwrap();
    let csrf = house.access.session(&cookie).unwrap().csrf.clone();
    house.later(1800);
    let house = house.again().await;
    let me = house.access.session(&cookie).unwrap();
    assert_eq!(me.csrf, csrf);
    assert!(Arc::ptr_eq(&me, &house.access.session(&cookie).unwrap()), "from memory again");
    for _ in 0..12 {
        house.later(3000);
        let _in_use = house.access.session(&cookie);
    }
    assert!(house.access.session(&cookie).is_some(), "in use");
    house.later(12 * 3600 - 1800 - 12 * 3000);
    assert!(house.access.session(&cookie).is_none(), "its end is the one that it began with");
}

#[tokio::test]
async fn an_idle_session_ends_and_leaves_the_store() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    let cookie = house.log_in("anna", PASSWORD, None).await.unwrap();
    house.later(3600);
    assert!(house.access.session(&cookie).is_none());
    house.access.tick(house.store.now()).await;
    assert!(house.access.session(&cookie).is_none(), "memory has forgotten it, and it still is over");
    assert_eq!(house.events(TenantId::INSTALLATION).await, ["sessions-over"]);
    let house = house.again().await;
    assert!(house.access.session(&cookie).is_none(), "the store has forgotten it too");
}

#[tokio::test]
async fn sessions_that_ran_out_while_nobody_saw_them_leave_the_store_too() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    let token = |cookie: &str| Secret::read(cookie).unwrap().token();
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(token(&house.log_in("anna", PASSWORD, None).await.unwrap()));
    }
    let house = house.again().await;
    house.later(6 * 3600);
    let later = token(&house.log_in("anna", PASSWORD, None).await.unwrap());
    let there = |house: &House, token: &[u8; 32]| house.store.session(token).unwrap().is_some();
    house.access.tick(house.store.now()).await;
    assert!(tokens.iter().all(|token| there(&house, token)), "they are not at their end yet");
    let house = house.again().await;
    for _ in 0..3 {
        house.later(2 * 3600);
        house.access.tick(house.store.now()).await;
    }
    assert!(!tokens.iter().any(|token| there(&house, token)));
    assert!(there(&house, &later), "one that is not at its end stays");
    house.access.tick(house.store.now()).await;
    let entries = house.entries(TenantId::INSTALLATION).await;
    let counts: Vec<_> = entries.iter().map(|entry| (entry.detail.event.as_deref(), entry.detail.count)).collect();
    assert_eq!(counts, [(Some("sessions-over"), Some(3))]);
}

#[tokio::test]
async fn a_clock_set_back_shuts_nobody_out() {
    let house = House::new().await;
    house.account(PROVIDER, "sten", "support").await;
    house.later(30 * 86_400);
    let shown = |house: &House| code(house.clock.now());
    house.log_in("sten", PASSWORD, Some(&shown(&house))).await.unwrap();
    for n in 0..4 {
        assert_eq!(house.log_in_from(n, "sten", "fel lösenord här", None).await, Err(LogInNo::Wrong));
    }
    house.later(-30 * 86_400);
    let stands = house.store.now();
    // The limit goes on from where it stood, though the store's time stands still.
    assert_eq!(house.log_in("sten", PASSWORD, None).await, Err(LogInNo::TooMany { retry_seconds: 60 }));
    house.later(60);
    let now = shown(&house);
    house.log_in("sten", PASSWORD, Some(&now)).await.unwrap();
    house.later(60);
    assert_eq!(house.log_in("sten", PASSWORD, Some(&now)).await, Err(LogInNo::Wrong), "a second time");
    assert_eq!(house.store.now(), stands);
    drop(house.log_in("nobody", "", None).await);
    house.access.tick(house.store.now()).await;
    let times: Vec<_> = house.entries(PROVIDER).await.iter().map(|entry| entry.time).collect();
    assert!(times.is_sorted() && times.last() == Some(&stands), "no entry is older than the one before");
    assert_eq!(house.events(TenantId::INSTALLATION).await, ["log-ins-failed"]);
}

#[tokio::test]
async fn keys_that_do_not_hold_are_limited_as_log_ins_are_and_those_that_hold_never() {
    let house = House::new().await;
    let person = house.account(CUSTOMER, "anna", "clerk").await;
    let key = house.access.make_key(person, "robot", 30).await.unwrap();
    let from = |n| IpAddr::V4(Ipv4Addr::new(192, 0, 2, n));
    for _ in 0..crate::ATTEMPTS_AN_ADDRESS {
        assert!(house.access.by_key("bk_0123_x").is_none());
        assert_eq!(house.access.wrong_key(from(1)), Ok(()));
    }
    assert_eq!(house.access.wrong_key(from(1)), Err(2));
    assert_eq!(house.access.wrong_key(from(2)), Ok(()), "another address does not wait");
    assert!(house.access.by_key(&key).is_some(), "an office shares an address");
    let log_in = house.log_in_from(1, "anna", PASSWORD, None).await;
    assert!(matches!(log_in, Err(LogInNo::TooMany { .. })), "one limit for both");
    house.later(2);
    assert_eq!(house.access.wrong_key(from(1)), Ok(()));
}

#[tokio::test]
async fn the_use_of_a_key_that_was_ended_meanwhile_brings_it_not_back() {
    let house = House::new().await;
    let person = house.account(CUSTOMER, "anna", "clerk").await;
    let key = house.access.make_key(person, "robot", 30).await.unwrap();
    assert!(house.access.by_key(&key).is_some());
    let made = house.access.keys(&CUSTOMER).unwrap();
    house.access.end_key(person, made[0].id).await.unwrap();
    house.later(61);
    house.access.tick(house.store.now()).await;
    let told = house.access.keys(&CUSTOMER).unwrap();
    assert!(told[0].ended.is_some() && told[0].used.is_some());
    assert!(house.access.by_key(&key).is_none());
}

#[tokio::test]
async fn strangers_failures_make_one_entry_a_minute() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    house.log_in("anna", PASSWORD, None).await.unwrap();
    for n in 0..50 {
        drop(house.log_in(&format!("name{}", n % 9), "", None).await);
    }
    for _ in 0..5 {
        house.access.tick(house.store.now()).await;
        house.later(10);
    }
    drop(house.log_in("nobody", "", None).await);
    house.access.tick(house.store.now()).await;
    house.later(10);
    house.access.tick(house.store.now()).await;
    house.later(60);
    house.access.tick(house.store.now()).await;
    let entries = house.entries(TenantId::INSTALLATION).await;
    let counts: Vec<_> = entries.iter().map(|entry| (entry.detail.event.as_deref(), entry.detail.count)).collect();
    assert_eq!(counts, [(Some("log-ins-failed"), Some(50)), (Some("log-ins-failed"), Some(1))]);
    assert!(entries.iter().all(|entry| entry.detail.actor.is_none()));
}

#[tokio::test]
async fn a_demo_is_entered_by_one_click_and_nothing_else_is() {
    let house = House::new().await;
    let person = house.account(PROVIDER, "sten", "support").await;
    assert_eq!(refused(house.access.enter_demo(person).await), LogInNo::Wrong);
    assert_eq!(refused(house.access.demo_code(person)), LogInNo::Wrong);
    let House { folder, clock, store, access } = house;
    drop((store, access));
    let (store, access) = open(folder.path(), &clock, Settings::demo()).await;
    let house = House { folder, clock, store, access };
    let cookie = match house.access.enter_demo(person).await {
        Ok(cookie) => cookie.0,
        Err(no) => panic!("{no}"),
    };
    let code = house.access.demo_code(person).unwrap();
    house.log_in("sten", PASSWORD, Some(&code)).await.unwrap();
    house.later(40 * 366 * 86_400);
    assert_eq!(house.access.session(&cookie).unwrap().actor, person, "a moved clock puts nobody out");
    assert_eq!(refused(house.access.enter_demo(PersonId([9; 16])).await), LogInNo::Wrong);
    assert_eq!(house.events(PROVIDER).await, ["account-opened", "demo-entered", "log-in"]);
}

#[tokio::test]
async fn a_log_in_whose_client_hangs_up_is_finished_or_counted() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna", "clerk").await;
    let held = house.access.inner.passwords.hold().await;
    let hung_up = tokio::time::timeout(Duration::from_millis(20), house.log_in("anna", PASSWORD, None)).await;
    assert!(hung_up.is_err());
    drop(held);
    house.access.tick(house.store.now()).await;
    let entries = house.entries(TenantId::INSTALLATION).await;
    assert_eq!(entries.first().and_then(|entry| entry.detail.count), Some(1));
}

#[tokio::test]
async fn neither_logins_nor_passwords_nor_cookies_lie_on_disk() {
    let house = House::new().await;
    house.account(CUSTOMER, "anna-log-in-name", "clerk").await;
    house.account(PROVIDER, "sten-log-in-name", "support").await;
    let cookie = house.log_in("anna-log-in-name", PASSWORD, None).await.unwrap();
    let House { folder, clock: _, store, access } = house;
    drop((store, access));
    let secret = data_encoding::BASE64URL_NOPAD.decode(cookie.as_bytes()).unwrap();
    let needles: [&[u8]; 7] =
        [b"log-in-name", PASSWORD.as_bytes(), cookie.as_bytes(), &secret, SEED.as_bytes(), SEED_BYTES, b"Ett Namn"];
    let files = files(folder.path());
    assert!(files.len() >= 4, "journal, state, keys and root were looked through");
    for (path, bytes) in files {
        assert!(!needles.iter().any(|needle| holds(&bytes, needle)), "{} holds a secret", path.display());
    }
}

/// What an account is compared with may lie in the state, which forgets; the journal, which does not, holds it under the
/// person's key alone.
#[tokio::test]
async fn the_journal_lets_a_person_log_in_again_and_tells_nobody_with_what() {
    let house = House::new().await;
    let person = house.account(PROVIDER, "sten", "support").await;
    let used = code(house.clock.now());
    house.log_in("sten", PASSWORD, Some(&used)).await.unwrap();
    let account = house.store.account(&person).unwrap().unwrap();
    let House { folder, clock, store, access } = house;
    drop((store, access));
    let needles: [&[u8]; 5] = [&account.login, account.password.as_bytes(), b"$argon2id$", SEED_BYTES, SEED.as_bytes()];
    let state = std::fs::read(folder.path().join("state.db")).unwrap();
    assert!(holds(&state, needles[0]) && holds(&state, needles[1]) && !holds(&state, SEED_BYTES));
    let journal = files(&folder.path().join("journal"));
    assert!(journal.iter().any(|(_, bytes)| holds(bytes, &person.0)), "the account is entered");
    for (path, bytes) in journal {
        assert!(!needles.iter().any(|needle| holds(&bytes, needle)), "{} holds a secret", path.display());
    }
    for name in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.path().join(name)));
    }
    let (store, access) = open(folder.path(), &clock, Settings::default()).await;
    let house = House { folder, clock, store, access };
    assert_eq!(*house.store.account(&person).unwrap().unwrap(), *account);
    assert_eq!(house.log_in("sten", PASSWORD, Some(&used)).await, Err(LogInNo::Wrong), "a code is used once");
    house.later(30);
    let cookie = house.log_in("Sten", PASSWORD, Some(&code(house.clock.now()))).await.unwrap();
    assert_eq!(house.access.session(&cookie).unwrap().actor, person);
}

/// Every file under a folder, with its bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
