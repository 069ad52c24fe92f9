//! Erasing so that it can be taken back: closed to everybody until its day, brought back by whoever may, erased for good after it.

use std::sync::{Arc, LazyLock};

use agreement::Agreement;
use service::{Asked, Change, Door, Draft, HoldGround, No, Page, ToErase, ToHold, ToHoldWhat, Whole};
use storage::{HouseOp, HouseRow, SetAside};
use terms::{Instant, PersonId, RecordId};

use crate::house::{AGREEMENT, House, asked, kind, refused, seen};

/// The agreement, if it let what is erased be brought back for thirty days, and the program erase at the end.
static RESTORABLE: LazyLock<String> = LazyLock::new(|| {
    let with = AGREEMENT.replace(
        "[retention.content-after-end]",
        "[retention.content-in-term]\nof = \"content\"\nphase = \"in-term\"\nkeep = \"30 days\"\nstart = \"request\"\nthen = \"erased\"\n\
         restorable-within = \"60 days\"\n\n[[may]]\nrole = \"platform\"\nverbs = [\"erase\"]\npurpose = \"provide\"\n\
         subject = [\"participant\", \"next-of-kin\", \"user\"]\ncategories = \"declared\"\n\n[retention.content-after-end]",
    );
    assert_ne!(with, *AGREEMENT);
    with
});
const DAY: i64 = 86_400;

struct Scene {
    house: House,
    head: Asked,
    administrator: Asked,
    record: RecordId,
    note: RecordId,
    other: RecordId,
}

async fn scene(agreement: &str) -> Scene {
    let house = House::with(agreement).await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let named = |name: &str| Draft::new().with("given-name", name).with("family-name", "Prov");
    let record = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let other = house.collect(&head, "participant", None, named("Göran")).await.unwrap();
    let note = Draft::new().with("date", "2026-11-20").with("text", "Ringde.");
    let note = house.collect(&head, "day-note", Some(record), note).await.unwrap();
    Scene { house, head, administrator, record, note, other }
}

async fn for_a_time(house: &House, by: &Asked, of: &str, record: RecordId, days: i64) -> Result<RecordId, No> {
    let kind = kind(of);
    let (_, plan) = house.processing.plan_erasure(by, &kind, record).await?;
    let back_until = Some(Instant(house.processing.now().micros() + days * DAY * 1_000_000));
    house.processing.erase(by, ToErase { kind: &kind, record, plan, back_until }).await
}

#[tokio::test]
async fn until_its_day_nobody_reads_it_and_it_is_brought_back_whole() {
    let Scene { house, head, administrator, record, note, other } = scene(&RESTORABLE).await;
    let participant = kind("participant");
    let id = for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    let house = house.reopened();
    let closed = || ("set-aside".to_owned(), "7.1".to_owned());
    for by in [&head, &administrator] {
        assert_eq!(refused(house.processing.consult(by, &participant, record).await), closed());
    }
    assert_eq!(refused(house.processing.consult(&head, &kind("day-note"), note).await), closed());
    assert_eq!(refused(house.processing.history(&head, &participant, record).await), closed());
    assert_eq!(refused(house.processing.list(&head, &kind("day-note"), Some(record), Page::default()).await), closed());
    // Unlike what is restricted it is not handed out either: it counts as erased.
    assert_eq!(refused(house.processing.retrieve(&head, &participant, record, Whole::Person).await), closed());
    let draft = Draft::new().with("family-name", "Ändrad");
    let change = Change { kind: &participant, record, version: 1, draft, state: None, once: None };
    assert_eq!(refused(house.processing.alter(&head, change).await), closed());
    let day = Draft::new().with("date", "2026-11-21").with("text", "Nej.");
    assert_eq!(refused(house.collect(&head, "day-note", Some(record), day).await), closed());
    let found = house.processing.search(&head, &participant, "prov").await.ok().unwrap();
    assert_eq!(seen(&*found).iter().map(|row| row.record).collect::<Vec<_>>(), [Some(other)]);
    // Once is enough.
    assert!(matches!(for_a_time(&house, &head, "participant", record, 5).await, Err(No::Conflict { .. })));

    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    assert!(house.processing.set_aside(&worker).await.unwrap().is_empty());
    assert_eq!(refused(house.processing.bring_back(&worker, id).await).0, "no-rule");
    let south = asked(house.person(house.south, "administrator", "Cecilia").await, house.south, "provide");
    assert!(matches!(house.processing.bring_back(&south, id).await, Err(No::Missing)));
    let listed = house.processing.set_aside(&administrator).await.unwrap();
    assert_eq!((listed.len(), listed[0].id, listed[0].records), (1, id, 2));
    assert_eq!(house.processing.bring_back(&administrator, id).await.unwrap(), record);
    assert!(matches!(house.processing.bring_back(&administrator, id).await, Err(No::Missing)));
    let read = house.processing.consult(&head, &kind("day-note"), note).await.ok().unwrap();
    assert_eq!(seen(&*read)[0].field("text"), Some("Ringde."));
    let house = house.reopened();
    assert!(house.processing.consult(&head, &participant, record).await.is_ok());
    house.later(20 * DAY);
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
}

// runs: S-B1.19b
#[tokio::test]
async fn at_its_end_the_program_erases_it_by_the_same_plan_and_certificate_and_it_never_comes_back() {
    let Scene { house, head, administrator, record, note, other } = scene(&RESTORABLE).await;
    let id = for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
    house.later(10 * DAY);
    // Its time is over, whether the job has come to it or not.
    assert!(matches!(house.processing.bring_back(&administrator, id).await, Err(No::Missing)));
    let house = house.reopened();
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 1);
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
    for one in [record, note] {
        assert!(house.store.record(&house.north, &one).unwrap().is_none());
    }
    assert!(house.store.record(&house.north, &other).unwrap().is_some());
    let certificate = house.processing.certificates(&administrator).await.ok().unwrap().remove(0).certificate;
    assert_eq!(
        (certificate.by, certificate.role.as_str(), certificate.purpose.as_str()),
        (PersonId::PROGRAM, "platform", "provide")
    );
    assert_eq!(certificate.left, service::Counted::default());
    assert!(house.store.all_set_aside(None).is_empty());
}

#[tokio::test]
async fn a_hold_in_between_stops_it_and_is_said() {
    let Scene { house, head, administrator, record, .. } = scene(&RESTORABLE).await;
    let participant = kind("participant");
    for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    let what = ToHoldWhat::Person(&participant, record);
    let wish = ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
    let hold = house.processing.hold(&administrator, wish).await.unwrap();
    house.later(11 * DAY);
    for _ in 0..2 {
        assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
    }
    assert_eq!(house.processing.set_aside(&administrator).await.unwrap()[0].held.len(), 1);
    assert_eq!(
        refused(house.processing.consult(&head, &participant, record).await).0,
        "set-aside",
        "and nobody reads it"
    );
    let log = house.log(&administrator).await;
    let waits = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("erasure-waits"));
    assert_eq!(waits.count(), 1, "once, and not every minute");
    house.processing.lift_hold(&administrator, hold).await.unwrap();
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 1);
    assert!(house.store.record(&house.north, &record).unwrap().is_none());
}

#[tokio::test]
async fn there_is_none_where_the_agreement_says_nothing_and_none_longer_than_it_says() {
    let Scene { house, head, record, .. } = scene(&AGREEMENT).await;
    assert_eq!(refused(for_a_time(&house, &head, "participant", record, 10).await).0, "prohibited");
    assert!(house.store.record(&house.north, &record).unwrap().is_some());
    drop(house);
    // What must be erased within thirty days cannot be brought back for sixty.
    let Scene { house, head, record, .. } = scene(&RESTORABLE).await;
    assert_eq!(
        refused(for_a_time(&house, &head, "participant", record, 31).await),
        ("prohibited".to_owned(), "14.2".to_owned())
    );
    assert!(matches!(for_a_time(&house, &head, "participant", record, -1).await, Err(No::Invalid(_))));
    for_a_time(&house, &head, "participant", record, 29).await.unwrap();
    drop(house);
    // Nor where nobody would ever erase it for good.
    let nobody =
        RESTORABLE.replace("role = \"platform\"\nverbs = [\"erase\"]", "role = \"platform\"\nverbs = [\"use\"]");
    let Scene { house, head, record, .. } = scene(&nobody).await;
    assert_eq!(refused(for_a_time(&house, &head, "participant", record, 10).await).0, "no-rule");
}

#[tokio::test]
async fn a_single_record_is_closed_and_goes_alone_and_can_be_erased_for_good_before_its_day() {
    let Scene { house, head, record, note, .. } = scene(&RESTORABLE).await;
    let of_note = kind("day-note");
    for_a_time(&house, &head, "day-note", note, 10).await.unwrap();
    assert_eq!(refused(house.processing.consult(&head, &of_note, note).await).0, "set-aside");
    let listed = house.processing.list(&head, &of_note, Some(record), Page::default()).await.ok().unwrap();
    assert!(seen(&*listed.opened).iter().all(|row| row.fields.is_empty()), "it is there and closed");
    assert!(house.processing.consult(&head, &kind("participant"), record).await.is_ok());
    let (_, plan) = house.processing.plan_erasure(&head, &of_note, note).await.ok().unwrap();
    house.processing.erase(&head, ToErase { kind: &of_note, record: note, plan, back_until: None }).await.ok().unwrap();
    assert!(house.store.all_set_aside(None).is_empty());
    house.later(11 * DAY);
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
}

#[tokio::test]
async fn holds_and_what_is_set_aside_are_built_again_from_the_journal_alone() {
    let Scene { house, head, administrator, record, other, .. } = scene(&RESTORABLE).await;
    let participant = kind("participant");
    let (first, second) = (house.north, house.south);
    for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    let wish = |what| ToHold { what, ground: HoldGround::LegalClaims, until: None, words: None, untold: false };
    let ended = house.processing.hold(&head, wish(ToHoldWhat::Person(&participant, other))).await.unwrap();
    house.processing.lift_hold(&administrator, ended).await.unwrap();
    house.processing.hold(&head, wish(ToHoldWhat::Record(&participant, other))).await.unwrap();
    let before = (house.store.all_holds(&first).unwrap(), house.store.all_set_aside(None));
    assert_eq!((before.0.len(), before.1.len()), (2, 1));
    let House { folder, clock, store, vault, processing, .. } = house;
    drop((processing, vault, store));
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        drop(std::fs::remove_file(folder.path().join(file)));
    }
    let house = House::of_copy(folder, &clock);
    assert_eq!((house.store.all_holds(&first).unwrap(), house.store.all_set_aside(None)), before);
    assert!(house.store.all_holds(&second).unwrap().is_empty());
    assert_eq!(refused(house.processing.consult(&head, &participant, record).await).0, "set-aside");
    let (plan, _) = house.processing.plan_erasure(&head, &participant, other).await.ok().unwrap();
    assert_eq!(plan.against.len(), 1);
}

#[tokio::test]
async fn what_the_agreement_does_not_let_the_program_erase_is_refused_once_a_day_and_not_every_minute() {
    let Scene { house, head, administrator, record, .. } = scene(&RESTORABLE).await;
    for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    // Meanwhile another agreement takes the program's rule away.
    let nobody =
        RESTORABLE.replace("role = \"platform\"\nverbs = [\"erase\"]", "role = \"platform\"\nverbs = [\"use\"]");
    let adopt = async |text: &str| {
        house.later(1);
        let agreement = Arc::new(Agreement::read("agreement.sv.md", text).unwrap());
        house.processing.adopt(house.north, house.store.now(), &agreement).await.unwrap();
    };
    adopt(&nobody).await;
    house.later(11 * DAY);
    let refusals = async || {
        let log = house.log(&administrator).await;
        log.iter().filter(|one| one.entry.detail.actor == Some(PersonId::PROGRAM)).count()
    };
    assert_eq!(refused(house.processing.end_set_aside().await).0, "no-rule");
    for _ in 0..3 {
        house.later(60);
        assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
    }
    assert_eq!(refusals().await, 1);
    house.later(DAY);
    assert_eq!(refused(house.processing.end_set_aside().await).0, "no-rule");
    assert_eq!(refusals().await, 2);
    assert!(house.store.record(&house.north, &record).unwrap().is_some());
    // An agreement that lets it is asked at once.
    adopt(&RESTORABLE).await;
    house.later(60);
    assert_eq!(house.processing.end_set_aside().await.unwrap(), 1);
    assert!(house.store.record(&house.north, &record).unwrap().is_none());
}

#[tokio::test]
async fn where_nothing_is_left_to_erase_nobody_stays_closed() {
    let Scene { house, head, administrator, record, .. } = scene(&RESTORABLE).await;
    for_a_time(&house, &head, "participant", record, 10).await.unwrap();
    // As if the record had gone some other way; whoever is named in it is there.
    let one = house.store.all_set_aside(None).remove(0);
    house.event(house.north, HouseOp::BringBack(one.id)).await;
    let gone = SetAside { record: RecordId([0xee; 16]), ..one };
    house.event(house.north, HouseOp::PutRow(HouseRow::SetAside(gone))).await;
    let participant = kind("participant");
    assert_eq!(refused(house.processing.consult(&head, &participant, record).await).0, "set-aside");
    house.later(11 * DAY);
    for _ in 0..2 {
        assert_eq!(house.processing.end_set_aside().await.unwrap(), 0);
    }
    let house = house.reopened();
    assert!(house.store.all_set_aside(None).is_empty());
    assert!(house.processing.consult(&head, &participant, record).await.is_ok());
    let log = house.log(&administrator).await;
    let void = log.iter().filter(|one| one.entry.detail.event.as_deref() == Some("set-aside-void"));
    assert_eq!(void.count(), 1);
}
