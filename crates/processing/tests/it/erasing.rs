//! Erasing: what a plan says, that it is done as it was shown, and that nothing of the person is found anywhere below the data
//! folder afterwards where it must not be, whenever the program was killed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use journal::{Outcome, Position};
use service::{Against, Asked, Change, Door, Draft, ErasurePlan, Ground, No, ToErase, ToRestrict, Why};
use storage::{AccountSecrets, HouseOp, KeyStore, PutAccount, Session, Step};
use tempfile::TempDir;
use terms::{FieldName, Hash, Instant, PersonId, RecordId, RetentionClass, Role, Verb};
use vault::Whose;

use crate::house::{House, asked, kind, refused, seen};

/// What is looked for below the folder: by name, its bytes.
pub(crate) type Canaries = BTreeMap<&'static str, Vec<u8>>;

/// A customer with two participants, of whom one is to go, with everything of that one and canaries in it.
pub(crate) struct Scene {
    pub(crate) house: House,
    pub(crate) head: Asked,
    pub(crate) worker: Asked,
    pub(crate) administrator: Asked,
    pub(crate) gone: RecordId,
    pub(crate) note: RecordId,
    pub(crate) kin: RecordId,
    pub(crate) claim: RecordId,
    pub(crate) case: RecordId,
    pub(crate) neighbour: RecordId,
    pub(crate) canaries: Canaries,
}

const NAME: &str = "Kanariefågelsson";
const NOTE: &str = "Kanariegul anteckning";

pub(crate) async fn scene() -> Scene {
    let house = House::new().await;
    let of = |person: PersonId| asked(person, house.north, "provide");
    let worker = of(house.person(house.north, "case-worker", "Sara").await);
    let head = of(house.person(house.north, "unit-head", "Örjan").await);
    let administrator = of(house.person(house.north, "administrator", "Birgitta").await);
    let economist = of(house.person(house.north, "economist", "Elsa").await);
    let draft =
        || Draft::new().with("given-name", "Åsa").with("family-name", NAME).with("email", "kanarie@example.com");
    let gone = house.collect(&head, "participant", None, draft()).await.unwrap();
    let draft =
        Draft::new().with("given-name", "Göran").with("family-name", "Granne").with("email", "granne@example.com");
    let neighbour = house.collect(&head, "participant", None, draft).await.unwrap();
    let day = |text: &str| Draft::new().with("date", "2026-11-20").with("text", text);
    let note = house.collect(&head, "day-note", Some(gone), day(NOTE)).await.unwrap();
    let draft = Draft::new().with("text", "En senare anteckning.");
    let change = Change {
        kind: &kind("day-note"),
        record: note,
        version: 1,
        draft,
        state: None,
        once: Some("en gång".to_owned()),
    };
    house.processing.alter(&head, change).await.unwrap();
    house.collect(&head, "day-note", Some(neighbour), day("Om grannen.")).await.unwrap();
    let kin =
        house.collect(&head, "next-of-kin", Some(gone), Draft::new().with("name", "Anders Kanarie")).await.unwrap();
    let draft = Draft::new().with("period", "2026-10").with("what", "day").with("amount", "1200.00");
    let claim = house.collect(&economist, "claim", Some(gone), draft).await.unwrap();
    let draft = Draft::new().with("matter", "Kanarieärendet");
    let case = house.collect(&worker, "support-case", Some(gone), draft).await.unwrap();

    // The participant logs in too.
    let tenant = house.north;
    let person = house.store.head(&tenant, &gone).unwrap().unwrap().person;
    house.vault.put_name(&tenant, &person, NAME).unwrap();
    let (login, token) = ([0xc1; 32], [0xc2; 32]);
    let password = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5".to_owned();
    let secrets =
        house.vault.seal_account(&tenant, &person, AccountSecrets { login, password: password.clone() }).unwrap();
    let totp = house.vault.seal_factor(&tenant, &person, &[0xc3; 20]).unwrap();
    let role = Role::new("candidate").unwrap();
    let account = PutAccount { person, home: tenant, role, record: Some(gone), secrets, totp: Some(totp.clone()) };
    house.event(tenant, HouseOp::PutAccount(account)).await;
    let session = Session { token, person, home: tenant, begun: Instant(0), ends: Instant(i64::MAX) };
    house.event(tenant, HouseOp::PutSession(session)).await;

    let tail = |record: &RecordId| {
        let sealed = house.store.record(&tenant, record).unwrap().unwrap().sealed;
        sealed[sealed.len() - 40..].to_vec()
    };
    let past = house.store.past(&tenant, &note).unwrap()[0].sealed.clone();
    let keys = KeyStore::open(&house.folder.path().join("keys.db")).unwrap();
    let key = |person: &PersonId| keys.person_key(&tenant, person, &RetentionClass::default()).unwrap().unwrap();
    let kin_person = house.store.head(&tenant, &kin).unwrap().unwrap().person;
    let blind =
        |field: &str, word: &str| house.vault.token(&tenant, &format!("participant/{field}"), word).unwrap().to_vec();
    let canaries = BTreeMap::from([
        ("plain name", NAME.as_bytes().to_vec()),
        ("plain note", NOTE.as_bytes().to_vec()),
        ("plain name of the kin", b"Anders Kanarie".to_vec()),
        ("plain matter", "Kanarieärendet".as_bytes().to_vec()),
        ("sealed file", tail(&gone)),
        ("sealed note", tail(&note)),
        ("sealed note before", past[past.len() - 40..].to_vec()),
        ("sealed kin", tail(&kin)),
        ("sealed case", tail(&case)),
        ("sealed claim", tail(&claim)),
        ("token of the name", blind("family-name", &NAME.to_lowercase())),
        ("token of the address", blind("email", "kanarie@example.com")),
        ("key", key(&person)),
        ("key of the kin", key(&kin_person)),
        ("link to the name", keys.link(&tenant, &person).unwrap().unwrap()),
        ("login", login.to_vec()),
        ("password", password.as_bytes().to_vec()),
        ("second factor", totp),
        ("session", token.to_vec()),
    ]);
    Scene { house, head, worker, administrator, gone, note, kin, claim, case, neighbour, canaries }
}

/// Where the bytes lie below the folder: in the state, in the file of keys, in the journal, or elsewhere.
fn places(folder: &Path, bytes: &[u8]) -> Vec<String> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, files) } else { files.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(folder, &mut files);
    let mut found: Vec<String> = files
        .into_iter()
        // A derived file may be replaced by another name in this moment.
        .filter(|file| std::fs::read(file).unwrap_or_default().windows(bytes.len()).any(|window| window == bytes))
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            let rooms = [("state.db", "state"), ("keys.db", "keys"), ("journal", "journal")];
            rooms
                .iter()
                .find(|(begins, _)| name.starts_with(begins))
                .map_or(name.clone(), |(_, room)| (*room).to_owned())
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Where each canary is to be, before the erasure and after it. What is sealed and lies in the journal stays there.
fn should(name: &str, erased: bool) -> Vec<&'static str> {
    match (name, erased) {
        (plain, _) if plain.starts_with("plain") => vec![],
        ("sealed claim", _) => vec!["journal", "state"],
        (sealed, true) if sealed.starts_with("sealed") || sealed == "second factor" => vec!["journal"],
        (sealed, false) if sealed.starts_with("sealed") || sealed == "second factor" => vec!["journal", "state"],
        // The hash of a cookie tells nothing and lets nobody in; the entry of the log-in keeps it.
        ("session", true) => vec!["journal"],
        ("session", false) => vec!["journal", "state"],
        (_, true) => vec![],
        (key, false) if key.starts_with("key") || key.starts_with("link") => vec!["keys"],
        (_, false) => vec!["state"],
    }
}

pub(crate) fn check_places(folder: &Path, canaries: &Canaries, erased: bool, when: &str) {
    for (name, bytes) in canaries {
        assert_eq!(places(folder, bytes), should(name, erased), "{name}, {when}");
    }
}

pub(crate) async fn planned(house: &House, asked: &Asked, of: &str, record: RecordId) -> (ErasurePlan, Hash) {
    house.processing.plan_erasure(asked, &kind(of), record).await.ok().unwrap()
}

type Counts = Vec<(String, Why, usize)>;

fn counts(plan: &ErasurePlan) -> (Counts, Counts) {
    let of = |all: &[service::PlannedRecords]| {
        all.iter().map(|one| (one.kind.to_string(), one.why, one.records.len())).collect::<Vec<_>>()
    };
    (of(&plan.goes), of(&plan.stays))
}

/// Everything of the neighbour's is as it was, and all that stays of the one who went can be read.
pub(crate) async fn check_living(house: &House, scene: &Living) {
    let neighbour = house.processing.consult(&scene.head, &kind("participant"), scene.neighbour).await.ok().unwrap();
    assert_eq!(seen(&*neighbour)[0].field("family-name"), Some("Granne"));
    let found = house.processing.search(&scene.head, &kind("participant"), "granne").await.ok().unwrap();
    assert_eq!(found.count(), 1);
    let page = service::Page::default();
    let notes = house.processing.list(&scene.head, &kind("day-note"), Some(scene.neighbour), page).await.ok().unwrap();
    assert_eq!(seen(&*notes.opened)[0].field("text"), Some("Om grannen."));
    let economist = asked(scene.economist, house.north, "provide");
    let claim = house.processing.consult(&economist, &kind("claim"), scene.claim).await.ok().unwrap();
    assert_eq!(seen(&*claim)[0].field("amount"), Some("1200.00"));
}

pub(crate) struct Living {
    head: Asked,
    neighbour: RecordId,
    claim: RecordId,
    economist: PersonId,
}

impl Scene {
    pub(crate) fn living(&self) -> Living {
        let economist = self.house.store.record(&self.house.north, &self.claim).unwrap().unwrap().author;
        Living { head: self.head.clone(), neighbour: self.neighbour, claim: self.claim, economist }
    }
}

#[tokio::test]
async fn a_plan_says_what_goes_what_stays_and_why_and_erases_nothing() {
    let Scene { house, head, worker, administrator, gone, note, kin, .. } = scene().await;
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    assert!(plan.whole && plan.against.is_empty());
    let (goes, stays) = counts(&plan);
    let name = |kind: &str, why, count| (kind.to_owned(), why, count);
    assert_eq!(
        goes,
        [
            name("participant", Why::Key, 1),
            name("next-of-kin", Why::Key, 1),
            name("day-note", Why::Key, 1),
            name("support-case", Why::Deleted, 1)
        ]
    );
    assert_eq!(stays, [name("claim", Why::WithoutName, 1)]);
    let (own, other): (Vec<_>, Vec<_>) = plan.persons.iter().partition(|one| one.person == plan.person);
    assert!(own[0].account && own[0].keeps.len() == 1 && own[0].classes == [RetentionClass::default()]);
    assert!(other.len() == 1 && other[0].subject.as_str() == "next-of-kin" && other[0].keeps.is_empty());
    assert_eq!(plan.goes[3].open, 1, "an open case goes, and the plan says that it is open");
    assert_eq!(planned(&house, &head, "participant", gone).await, (plan.clone(), hash));
    // The next of kin alone, and a note alone.
    let (alone, _) = planned(&house, &head, "next-of-kin", kin).await;
    assert_eq!((counts(&alone).0, alone.persons.len()), (vec![name("next-of-kin", Why::Key, 1)], 1));
    let (single, _) = planned(&house, &head, "day-note", note).await;
    assert!(!single.whole && single.persons.is_empty());
    assert_eq!(counts(&single).0, [name("day-note", Why::Deleted, 1)]);
    assert_eq!(house.processing.consult(&head, &kind("participant"), gone).await.ok().unwrap().count(), 1);

    // Who may not erase is told so by the clause, and it is entered; so is that a plan was shown.
    let answer = house.processing.plan_erasure(&worker, &kind("participant"), gone).await;
    assert_eq!(refused(answer), ("no-rule".to_owned(), "S.10".to_owned()));
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    assert_eq!(refused(house.processing.erase(&worker, to).await).0, "no-rule");
    let log = house.log(&administrator).await;
    let with = |outcome, verb| {
        log.iter().filter(|one| one.entry.detail.outcome == outcome && one.entry.detail.verb == verb).count()
    };
    assert_eq!(with(Outcome::Refused, Some(Verb::Erase)), 2);
    assert_eq!(with(Outcome::Granted, Some(Verb::Erase)), 0);
    let planned = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("erasure-planned")).count();
    assert_eq!(planned, 4);
    // Another customer's is nobody.
    let south = asked(house.person(house.south, "unit-head", "Cecilia").await, house.south, "provide");
    assert!(matches!(house.processing.plan_erasure(&south, &kind("participant"), gone).await, Err(No::Missing)));
}

// runs: M-7.1a
#[tokio::test]
async fn who_is_erased_is_found_nowhere_and_the_living_lose_nothing() {
    let scene = scene().await;
    let living = scene.living();
    let Scene { house, head, administrator, gone, note, kin, case, canaries, .. } = scene;
    let folder = house.folder.path().to_owned();
    check_places(&folder, &canaries, false, "before");
    let sealed: Vec<_> =
        [gone, note, kin].iter().map(|one| house.store.record(&house.north, one).unwrap().unwrap()).collect();
    // A finding that somebody has looked at, in a record that goes.
    let text = FieldName::new("text").unwrap();
    house.processing.look_at(head.actor, note, 2, text.clone()).await.ok().unwrap();
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let listening = Arc::clone(&told);
    house.processing.when_erased(Box::new(move |person| listening.lock().unwrap().push(*person)));
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    let id = house.processing.erase(&head, to.clone()).await.ok().unwrap();
    check_places(&folder, &canaries, true, "after");
    check_living(&house, &living).await;
    assert!(house.processing.looked_at(&house.north).ok().unwrap().is_empty(), "findings go with their record");
    let late = house.processing.look_at(head.actor, note, 2, text).await;
    assert!(matches!(late, Err(No::Missing)), "and none comes after it");
    assert_eq!(told.lock().unwrap().len(), 2, "sessions in memory are told of both persons");
    assert!(
        house.store.account(&plan.person).unwrap().is_none() && house.store.session(&[0xc2; 32]).unwrap().is_none()
    );
    for (of, record) in [("participant", gone), ("day-note", note), ("next-of-kin", kin), ("support-case", case)] {
        assert!(matches!(house.processing.consult(&head, &kind(of), record).await, Err(No::Missing)), "{of}");
    }
    assert!(matches!(house.processing.erase(&head, to).await, Err(No::Missing)), "once is enough");

    // What the journal still holds opens under no key that is left, whoever's it is and of whichever class.
    let keys = KeyStore::open(&folder.join("keys.db")).unwrap();
    let mut left: Vec<(PersonId, RetentionClass)> = Vec::new();
    for account in house.store.accounts(&house.north).unwrap() {
        left.extend(
            keys.classes(&house.north, &account.person).unwrap().into_iter().map(|class| (account.person, class)),
        );
    }
    let neighbour = house.store.head(&house.north, &living.neighbour).unwrap().unwrap().person;
    left.push((neighbour, RetentionClass::default()));
    left.extend(keys.classes(&house.north, &plan.person).unwrap().into_iter().map(|class| (plan.person, class)));
    assert!(left.len() > 5, "{}", left.len());
    for record in &sealed {
        for (person, class) in &left {
            let whose = Whose { tenant: &house.north, person, class, record: &record.record, version: record.version };
            assert!(house.vault.seal_change(&whose, &record.sealed, &[]).is_err(), "a key that is left fits");
        }
    }

    // The certificate: counted anew, with the pseudonym alone, for whoever may erase or read the log.
    let certified = house.processing.certificate(&administrator, id).await.ok().unwrap();
    let certificate = certified.certificate;
    assert_eq!((certificate.plan.clone(), certificate.plan_hash), (plan, hash));
    assert_eq!(certificate.left, service::Counted::default());
    assert_eq!(certificate.number, "7.1");
    assert!(matches!(&certificate.backups, service::Kept::NotFound { number, .. } if number == "S.8"));
    assert!(matches!(&certificate.logs, service::Kept::NotFound { number, .. } if number == "S.11"));
    assert_eq!(house.processing.certificates(&head).await.ok().unwrap().len(), 1);
    assert_eq!(refused(house.processing.certificates(&scene_worker(&house).await).await).0, "no-rule");
    let log = house.log(&administrator).await;
    let act = log.iter().find(|one| one.entry.index == certificate.entry).unwrap();
    assert_eq!((act.entry.detail.verb, act.entry.detail.outcome), (Some(Verb::Erase), Outcome::Granted));
    assert!(log.iter().any(|one| one.entry.detail.event.as_deref() == Some("erasure-completed")));

    // A start from the journal alone comes to the same.
    let house = house.reopened();
    check_places(&folder, &canaries, true, "after a start");
    let House { folder: kept, clock, store, vault, processing, .. } = house;
    drop((processing, vault, store));
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.join(file)));
    }
    let house = House::of_copy(kept, &clock);
    assert_eq!(house.processing.finish_erasures().await.ok(), Some(0), "it is certified");
    assert!(house.store.record(&house.north, &gone).unwrap().is_none());
    check_living(&house, &living).await;
}

/// A state that was made anew does not know how often the keys were changed; it knows who was erased.
#[tokio::test]
async fn an_older_file_of_keys_beside_a_state_made_from_a_snapshot_brings_nobody_back() {
    let Scene { house, head, gone, .. } = scene().await;
    let folder = house.folder.path().to_owned();
    let house = house.reopened();
    let older = tempfile::tempdir().unwrap();
    copy(&folder, older.path());
    let whose = house.store.head(&house.north, &gone).unwrap().unwrap().person;
    let others = house.keys.persons().unwrap().len() - 1;
    assert!(!house.keys.classes(&house.north, &whose).unwrap().is_empty());
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    house.processing.erase(&head, to).await.ok().unwrap();
    let stays = house.keys.classes(&house.north, &whose).unwrap();
    house.store.snapshot(&*house.vault).unwrap().unwrap();
    let House { folder: kept, clock, store, vault, keys, processing, .. } = house;
    drop((processing, vault, keys, store));
    for file in ["state.db", "state.db-wal", "state.db-shm", "keys.db-wal", "keys.db-shm"] {
        drop(std::fs::remove_file(folder.join(file)));
    }
    for file in ["keys.db", "keys.db-wal"].into_iter().filter(|file| older.path().join(file).exists()) {
        std::fs::copy(older.path().join(file), folder.join(file)).unwrap();
    }
    let house = House::of_copy(kept, &clock);
    assert_eq!(house.keys.classes(&house.north, &whose).unwrap(), stays);
    assert!(house.keys.link(&house.north, &whose).unwrap().is_none());
    let gone = plan.persons.iter().filter(|one| !one.classes.is_empty());
    for one in gone {
        let kept = house.keys.classes(&house.north, &one.person).unwrap();
        assert!(!kept.iter().any(|class| one.classes.contains(class)));
    }
    assert!(house.keys.persons().unwrap().len() >= others, "nobody else's went");
}

async fn scene_worker(house: &House) -> Asked {
    asked(house.person(house.north, "case-worker", "Sture").await, house.north, "provide")
}

#[tokio::test]
async fn what_came_after_the_plan_was_shown_must_be_seen_first() {
    let Scene { house, head, gone, .. } = scene().await;
    let (_, hash) = planned(&house, &head, "participant", gone).await;
    let day = Draft::new().with("date", "2026-11-19").with("text", "Ny.");
    let late = house.collect(&head, "day-note", Some(gone), day).await.unwrap();
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    assert!(matches!(house.processing.erase(&head, to).await, Err(No::Conflict { version: 1 })));
    assert_eq!(house.processing.consult(&head, &kind("day-note"), late).await.ok().unwrap().count(), 1);
    let (_, hash) = planned(&house, &head, "participant", gone).await;
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    assert!(house.processing.erase(&head, to).await.is_ok());
    // Nothing new is written about who is gone, under the old file or elsewhere.
    let day = Draft::new().with("date", "2026-11-18").with("text", "För sent.");
    assert!(matches!(house.collect(&head, "day-note", Some(gone), day).await, Err(No::Missing)));
}

#[tokio::test]
async fn a_single_record_goes_from_the_live_data_and_its_person_stays() {
    let Scene { house, head, gone, note, canaries, .. } = scene().await;
    let (_, hash) = planned(&house, &head, "day-note", note).await;
    let id = house
        .processing
        .erase(&head, ToErase { kind: &kind("day-note"), record: note, plan: hash, back_until: None })
        .await
        .ok()
        .unwrap();
    let certificate = house.processing.certificate(&head, id).await.ok().unwrap().certificate;
    // What the journal holds of it lies under a key that lives on, and the certificate says so.
    assert_eq!(certificate.plan.goes[0].why, Why::Deleted);
    for name in ["sealed note", "sealed note before"] {
        assert_eq!(places(house.folder.path(), &canaries[name]), ["journal"]);
    }
    for name in ["sealed file", "key", "token of the name"] {
        assert_eq!(places(house.folder.path(), &canaries[name]), should(name, false), "{name}");
    }
    let file = house.processing.consult(&head, &kind("participant"), gone).await.ok().unwrap();
    assert_eq!(seen(&*file)[0].field("family-name"), Some(NAME));
}

#[tokio::test]
async fn a_restriction_stands_against_erasure() {
    let Scene { house, head, gone, .. } = scene().await;
    let to = ToRestrict { kind: &kind("participant"), record: gone, why: Ground::LegalClaims, until: None };
    house.processing.restrict(&head, to).await.ok().unwrap();
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    assert!(matches!(&plan.against[..], [Against::Restricted(one)] if one.why == Ground::LegalClaims));
    let participant = kind("participant");
    let to = ToErase { kind: &participant, record: gone, plan: hash, back_until: None };
    assert_eq!(refused(house.processing.erase(&head, to).await), ("restricted".to_owned(), "7.1".to_owned()));
    house.processing.lift(&head, &participant, gone).await.ok().unwrap();
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    assert!(plan.against.is_empty());
    assert!(
        house
            .processing
            .erase(&head, ToErase { kind: &participant, record: gone, plan: hash, back_until: None })
            .await
            .is_ok()
    );
}

/// When the state and its WAL were written last, and how long they are.
fn stamp(folder: &Path) -> Vec<Option<(u64, std::time::SystemTime)>> {
    let of =
        |name: &str| std::fs::metadata(folder.join(name)).ok().map(|about| (about.len(), about.modified().unwrap()));
    ["state.db", "state.db-wal", "keys.db", "keys.db-wal"].map(of).to_vec()
}

/// Where the group lies that a step is of.
fn place_of(step: &Step) -> Position {
    match step {
        Step::Appended(position)
        | Step::Synced(position)
        | Step::ReadingsAnswered(position)
        | Step::KeysDestroyed(position)
        | Step::Applied(position)
        | Step::WritingsAnswered(position) => *position,
    }
}

/// Copies a folder as a kill leaves it: databases before their WAL.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
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

#[tokio::test]
async fn whenever_it_is_killed_the_next_start_finishes_what_was_begun() {
    every_kill(false).await;
}

#[tokio::test]
async fn whenever_it_is_killed_between_two_portions_the_next_start_goes_on_with_what_is_left() {
    every_kill(true).await;
}

async fn every_kill(in_portions: bool) {
    let scene = scene().await;
    let living = scene.living();
    let Scene { house, head, gone, canaries, .. } = scene;
    let from = house.folder.path().to_owned();
    let copies: Arc<Mutex<Vec<(Step, TempDir)>>> = Arc::default();
    let armed = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (taken, is_armed) = (Arc::clone(&copies), Arc::clone(&armed));
    let house = house.watched(Arc::new(move |step| {
        if is_armed.load(std::sync::atomic::Ordering::SeqCst) {
            // The committer stands here; only the follower may still move the state's WAL, and then it is copied again.
            let to = loop {
                let to = tempfile::tempdir().unwrap();
                let before = stamp(&from);
                copy(&from, to.path());
                if stamp(&from) == before {
                    break to;
                }
            };
            taken.lock().unwrap().push((step, to));
        }
    }));
    let house = if in_portions { house.in_portions() } else { house };
    let (_, hash) = planned(&house, &head, "participant", gone).await;
    armed.store(true, std::sync::atomic::Ordering::SeqCst);
    let to = ToErase { kind: &kind("participant"), record: gone, plan: hash, back_until: None };
    house.processing.erase(&head, to).await.ok().unwrap();
    armed.store(false, std::sync::atomic::Ordering::SeqCst);
    let mut copies = core::mem::take(&mut *copies.lock().unwrap());
    // The heads of all logs are entered once in a while, in a group of their own. Before the act's group nothing is begun.
    let act = copies.iter().find(|(step, _)| matches!(step, Step::KeysDestroyed(_))).map(|(step, _)| place_of(step));
    copies.retain(|(step, _)| Some(place_of(step)) >= act);
    let met = |wanted: fn(&Step) -> bool| copies.iter().filter(|(step, _)| wanted(step)).count();
    assert_eq!(met(|step| matches!(step, Step::KeysDestroyed(_))), 1);
    let portions = if in_portions { 2 } else { 0 };
    assert_eq!(
        met(|step| matches!(step, Step::Applied(_))),
        2 + portions,
        "the act, its portions, and that it is complete"
    );
    let mut unfinished = 0;
    for (step, folder) in copies {
        let when = format!("{step:?}");
        let place = folder.path().to_owned();
        let killed = House::of_copy(folder, &house.clock);
        let mut finished = killed.processing.finish_erasures().await;
        // A program tries again in a minute; here the follower only needs a moment to leave the WAL alone.
        for _ in 0..40 {
            if finished.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
            finished = killed.processing.finish_erasures().await;
        }
        unfinished += finished.unwrap_or_else(|no| panic!("{when}: {no:?}"));
        check_places(&place, &canaries, true, &when);
        check_living(&killed, &living).await;
        assert_eq!(killed.processing.certificates(&head).await.ok().unwrap().len(), 1, "{when}");
        // And once more, for nothing.
        let again = killed.reopened();
        assert_eq!(again.processing.finish_erasures().await.ok(), Some(0), "{when}");
    }
    assert!(unfinished >= 5, "{unfinished} starts finished something");
}
