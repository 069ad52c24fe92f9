//! Erasures of so much that the rows follow the keys: from the entry on nobody finds anything of the person, whatever still lies in
//! the state, and the certificate is the same.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use files::{Folder, Growing, Lying, Place};
use service::{Asked, Door, Draft, Ground, New, No, Page, ToErase, ToRestrict, Why};
use storage::Step;
use terms::{FieldName, FileId, Hash, KindName, RecordId};

use crate::erasing::{Scene, check_living, check_places, copy, planned, scene};
use crate::files::{case_worker, lying, save, send, whole};
use crate::house::{House, asked, kind, refused};

fn to(kind: &KindName, record: RecordId, plan: Hash) -> ToErase<'_> {
    ToErase { kind, record, plan, back_until: None }
}

/// Erases somebody in portions, and gives the folder as a kill leaves it just after the entry and the keys, opened by the next start:
/// not one row is gone.
async fn half(house: House, head: &Asked, gone: RecordId) -> House {
    let from = house.folder.path().to_owned();
    let taken: Arc<Mutex<Option<tempfile::TempDir>>> = Arc::default();
    let take = Arc::clone(&taken);
    let acted = Mutex::new(None);
    let house = house.watched(Arc::new(move |step| {
        // The group in which the keys are destroyed, applied: before any portion.
        let mut acted = acted.lock().unwrap();
        match step {
            Step::KeysDestroyed(position) => *acted = Some(position),
            Step::Applied(position) if *acted == Some(position) => {
                let to = tempfile::tempdir().unwrap();
                copy(&from, to.path());
                take.lock().unwrap().get_or_insert(to);
            }
            _ => {}
        }
    }));
    let house = house.in_portions();
    let (_, hash) = planned(&house, head, "participant", gone).await;
    house.processing.erase(head, to(&kind("participant"), gone, hash)).await.ok().unwrap();
    let folder = taken.lock().unwrap().take().unwrap();
    House::of_copy(folder, &house.clock)
}

/// A place of files from which nothing can be taken away while it is not reached.
struct Away {
    away: AtomicBool,
    folder: Folder,
}

impl Place for Away {
    fn begin(&self, file: &FileId) -> std::io::Result<Box<dyn Growing>> {
        self.folder.begin(file)
    }
    fn put_key(&self, file: &FileId, wrapped: &[u8]) -> std::io::Result<()> {
        self.folder.put_key(file, wrapped)
    }
    fn key(&self, file: &FileId) -> std::io::Result<Option<Vec<u8>>> {
        self.folder.key(file)
    }
    fn open(&self, file: &FileId) -> std::io::Result<Option<Box<dyn Lying>>> {
        Place::open(&self.folder, file)
    }
    fn destroy(&self, file: &FileId) -> std::io::Result<()> {
        if self.away.load(Ordering::SeqCst) { Err(std::io::Error::other("away")) } else { self.folder.destroy(file) }
    }
    fn all(&self) -> std::io::Result<Vec<FileId>> {
        self.folder.all()
    }
}

#[tokio::test]
async fn who_goes_in_portions_is_found_nowhere_either_and_the_log_lists_what_the_certificate_counts() {
    let scene = scene().await;
    let living = scene.living();
    let Scene { house, head, administrator, gone, note, kin, case, canaries, .. } = scene;
    let house = house.in_portions();
    let folder = house.folder.path().to_owned();
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    let id = house.processing.erase(&head, to(&kind("participant"), gone, hash)).await.ok().unwrap();
    check_places(&folder, &canaries, true, "after");
    check_living(&house, &living).await;
    for (of, record) in [("participant", gone), ("day-note", note), ("next-of-kin", kin), ("support-case", case)] {
        assert!(matches!(house.processing.consult(&head, &kind(of), record).await, Err(No::Missing)), "{of}");
    }
    let certificate = house.processing.certificate(&administrator, id).await.ok().unwrap().certificate;
    assert_eq!((certificate.plan_hash, &certificate.plan.persons), (hash, &plan.persons));
    assert_eq!(certificate.left, service::Counted::default());
    assert_eq!(certificate.plan.count_going(), plan.count_going());
    for (certified, planned) in certificate.plan.goes.iter().zip(&plan.goes) {
        assert_eq!((&certified.kind, certified.count()), (&planned.kind, planned.count()));
        // Somebody else's records, which are single ones, are listed; what goes by a key is listed portion by portion in the log.
        assert_eq!(certified.records.is_empty(), certified.why == Why::Key, "{}", certified.kind);
    }
    let log = house.log(&administrator).await;
    let portions: Vec<_> =
        log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("erasure-portion")).collect();
    let listed: u64 = portions.iter().filter_map(|one| one.entry.detail.count).sum();
    let by_key = plan.goes.iter().filter(|one| one.why == Why::Key).map(service::PlannedRecords::count).sum::<u64>();
    assert_eq!((portions.len(), listed), (2, by_key), "one portion of each person");
    let of_the_note = portions.iter().filter(|one| one.entry.records.iter().any(|(record, _)| *record == note));
    assert_eq!(of_the_note.count(), 1);

    // A start from the journal alone comes to the same.
    let house = house.reopened();
    let House { folder: kept, clock, store, vault, keys, processing, .. } = house;
    drop((processing, vault, keys, store));
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.join(file)));
    }
    let house = House::of_copy(kept, &clock);
    assert_eq!(house.processing.finish_erasures().await.ok(), Some(0), "it is certified");
    assert!(house.store.record(&house.north, &gone).unwrap().is_none());
    check_living(&house, &living).await;
    assert!(house.store.snapshot(&*house.vault).unwrap().is_some());
}

#[tokio::test]
async fn from_the_entry_on_nothing_is_shown_of_who_goes_though_the_rows_are_there_still() {
    let scene = scene().await;
    let living = scene.living();
    let Scene { house, head, gone, note, kin, case, canaries, .. } = scene;
    let name = FieldName::new("family-name").unwrap();
    assert!(!house.store.tokens_of(&house.north, &gone, &name).unwrap().is_empty());
    let half = half(house, &head, gone).await;
    let tenant = half.north;
    assert!(half.store.tokens_of(&tenant, &gone, &name).unwrap().is_empty());
    let unfinished = half.store.unfinished_erasures().unwrap();
    assert_eq!(unfinished.len(), 1);
    let leaving = half.store.leaving(&tenant, &unfinished[0].id).unwrap().unwrap();
    assert_eq!((leaving.persons.len(), leaving.records), (2, 0), "not one row is gone yet");
    assert!(half.store.next_portion(&tenant, &unfinished[0].id, None).unwrap().is_some());

    for (of, record) in [("participant", gone), ("day-note", note), ("next-of-kin", kin), ("support-case", case)] {
        assert!(matches!(half.processing.consult(&head, &kind(of), record).await, Err(No::Missing)), "{of}");
        assert!(
            half.store.head(&tenant, &record).unwrap().is_none()
                && half.store.past(&tenant, &record).unwrap().is_empty()
        );
        // The claim that belonged to it stays, without the name.
        let reached = half.store.reached(&tenant, &[], &[record]).unwrap();
        assert!(reached.iter().all(|one| one.kind.as_str() == "claim"), "{of}");
    }
    let listed = half.processing.list(&head, &kind("participant"), None, Page::default()).await.ok().unwrap();
    assert_eq!(listed.opened.count(), 1, "the neighbour alone");
    let found = half.processing.search(&head, &kind("participant"), "kanariefågelsson").await.ok().unwrap();
    assert_eq!(found.count(), 0);
    assert!(matches!(half.processing.plan_erasure(&head, &kind("participant"), gone).await, Err(No::Missing)));
    let day = Draft::new().with("date", "2026-11-18").with("text", "För sent.");
    assert!(matches!(half.collect(&head, "day-note", Some(gone), day).await, Err(No::Missing)));
    check_living(&half, &living).await;
    // The same person comes again, as somebody new: nothing of before stands in the way.
    let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Ny").with("email", "kanarie@example.com");
    let anew = half.collect(&head, "participant", None, draft).await.unwrap();
    assert!(half.store.lacking().unwrap().keyless.is_empty(), "rows that only wait to go lack no key");
    let snapshot = half.store.snapshot(&*half.vault);
    assert!(snapshot.is_err_and(|error| error.to_string().contains("being carried out")));
    // The rest.
    assert_eq!(half.processing.finish_erasures().await.ok(), Some(1));
    assert!(half.store.leaving(&tenant, &unfinished[0].id).unwrap().is_none());
    assert_eq!(half.processing.consult(&head, &kind("participant"), anew).await.ok().unwrap().count(), 1);
    for name in ["sealed file", "sealed note", "key", "token of the name"] {
        let only: std::collections::BTreeMap<_, _> = [(name, canaries[name].clone())].into();
        check_places(half.folder.path(), &only, true, "after the rest");
    }
    assert!(half.store.snapshot(&*half.vault).unwrap().is_some());
}

#[tokio::test]
async fn a_kept_plan_that_does_not_hold_any_more_is_not_carried_out() {
    let Scene { house, head, worker, gone, note, .. } = scene().await;
    let house = house.in_portions();
    let participant = kind("participant");
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    // Who may not erase does not by knowing the hash, and the plan is not used up for whoever may.
    assert_eq!(refused(house.processing.erase(&worker, to(&participant, gone, hash)).await).0, "no-rule");
    let day = Draft::new().with("date", "2026-11-19").with("text", "Ny.");
    house.collect(&head, "day-note", Some(gone), day).await.unwrap();
    assert!(matches!(house.processing.erase(&head, to(&participant, gone, hash)).await, Err(No::Conflict { .. })));
    let (_, hash) = planned(&house, &head, "participant", gone).await;
    let restrict = ToRestrict { kind: &participant, record: gone, why: Ground::LegalClaims, until: None };
    house.processing.restrict(&head, restrict).await.ok().unwrap();
    assert_eq!(refused(house.processing.erase(&head, to(&participant, gone, hash)).await).0, "restricted");
    assert!(house.store.record(&house.north, &note).unwrap().is_some());
    house.processing.lift(&head, &participant, gone).await.ok().unwrap();
    // What others write meanwhile is no reason to be shown the plan again.
    let (anew, hash) = planned(&house, &head, "participant", gone).await;
    assert_eq!(anew.count_going(), plan.count_going() + 1);
    house.participant(&head, "Någon annan").await;
    house.processing.erase(&head, to(&participant, gone, hash)).await.ok().unwrap();
    assert!(house.store.record(&house.north, &note).unwrap().is_none());
    let south = asked(house.person(house.south, "unit-head", "Cecilia").await, house.south, "provide");
    assert!(matches!(house.processing.erase(&south, to(&participant, gone, hash)).await, Err(No::Missing)));
}

#[tokio::test]
async fn what_is_many_goes_portion_by_portion_with_its_files() {
    let Scene { house, head, gone, administrator, .. } = scene().await;
    let notes = storage::PORTION * 2;
    for n in 0..notes {
        let day = Draft::new().with("date", "2026-11-19").with("text", &format!("Anteckning {n}."));
        house.collect(&head, "day-note", Some(gone), day).await.unwrap();
    }
    let (plan, hash) = planned(&house, &head, "participant", gone).await;
    assert_eq!(plan.count_going(), notes + 4);
    let id = house.processing.erase(&head, to(&kind("participant"), gone, hash)).await.ok().unwrap();
    let certificate = house.processing.certificate(&administrator, id).await.ok().unwrap().certificate;
    assert_eq!((certificate.plan.count_going(), certificate.left), (notes + 4, service::Counted::default()));
    let log = house.log(&administrator).await;
    let portions = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("erasure-portion")).count();
    assert_eq!(portions, 4, "three of the one person, one of the next of kin");
}

#[tokio::test]
async fn while_the_place_of_files_is_away_the_rows_go_and_everybodys_snapshots_are_made() {
    let (house, worker, participant) = case_worker().await;
    let value = send(&house, &worker, "paper", &mut whole(b"Plan")).await.unwrap();
    save(&house, &worker, "paper", participant, &value).await.unwrap();
    let lay = lying(&house).len();
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let folder = Folder::open(&house.folder.path().join("files")).unwrap();
    let place = Arc::new(Away { away: AtomicBool::new(false), folder });
    let house = house.in_portions_with(Arc::clone(&place) as Arc<dyn Place>);
    let (_, hash) = planned(&house, &head, "participant", participant).await;
    place.away.store(true, Ordering::SeqCst);
    let answer = house.processing.erase(&head, to(&kind("participant"), participant, hash)).await;
    assert!(matches!(answer, Err(No::Unavailable(_))));
    let unfinished = house.store.unfinished_erasures().unwrap();
    let id = unfinished[0].id;
    assert!(house.store.next_portion(&house.north, &id, None).unwrap().is_none(), "no row waits");
    let leaving = house.store.leaving(&house.north, &id).unwrap().unwrap();
    assert_eq!((leaving.records, leaving.files as usize), (2, leaving.waiting.len()));
    assert!(house.processing.certificates(&head).await.ok().unwrap().is_empty(), "nobody says that it is done");
    assert_eq!((lying(&house).len(), leaving.waiting.is_empty()), (lay, false));
    // Of what is there then a state can be made again, though it is not certified.
    let snapshot = house.store.snapshot(&*house.vault).unwrap().unwrap();
    house.store.try_snapshot(&snapshot, &*house.vault).unwrap();
    assert!(matches!(house.processing.finish_erasures().await, Err(No::Unavailable(_))), "it is away still");

    place.away.store(false, Ordering::SeqCst);
    assert_eq!(house.processing.finish_erasures().await.ok(), Some(1));
    let certificate = house.processing.certificate(&head, id).await.ok().unwrap().certificate;
    assert_eq!((certificate.files, certificate.left), (leaving.files, service::Counted::default()));
    assert_eq!(lying(&house).len(), 0);
}

#[tokio::test]
async fn a_key_that_was_used_for_somebody_who_leaves_neither_refuses_nor_writes_twice() {
    let Scene { house, head, .. } = scene().await;
    let participant = kind("participant");
    let new = |name: &str| New {
        kind: &participant,
        parent: None,
        draft: Draft::new().with("given-name", name).with("family-name", "Prov").with("birth-date", "1990-01-12"),
        once: Some("samma".to_owned()),
    };
    let gone = house.processing.collect(&head, new("Åsa")).await.unwrap();
    let half = half(house, &head, gone).await;
    assert!(half.store.head(&half.north, &gone).unwrap().is_none());
    // Other values are no other values than those of nobody.
    let anew = half.processing.collect(&head, new("Göran")).await.unwrap();
    assert_ne!(anew, gone);
    assert_eq!(half.processing.collect(&head, new("Göran")).await.unwrap(), anew, "while the rows wait");
    assert!(matches!(half.processing.collect(&head, new("Åsa")).await, Err(No::Reused)));
    assert_eq!(half.processing.finish_erasures().await.ok(), Some(1));
    assert_eq!(half.processing.collect(&head, new("Göran")).await.unwrap(), anew, "when they are gone");
    let half = half.rebuilt();
    assert_eq!(half.processing.collect(&head, new("Göran")).await.unwrap(), anew, "from the journal alone");
}
