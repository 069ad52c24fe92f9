//! What the levels of Matcha come to: who sees which part of a participant's file, and how soon a change of the agreement holds.

use std::sync::Arc;

use agreement::Agreement;
use service::{Door, Draft, Page};

use crate::house::{AGREEMENT, House, asked, kind, refused, seen};

/// A participant with a mark and a placement, written by a case worker.
async fn file(house: &House) -> (service::Asked, terms::RecordId) {
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    let mark = Draft::new().with("date", "2026-11-20").with("status", "absent").with("reason", "15");
    house.collect(&worker, "attendance", Some(participant), mark).await.unwrap();
    let note = Draft::new().with("date", "2026-11-20").with("text", "En anteckning.");
    house.collect(&worker, "day-note", Some(participant), note).await.unwrap();
    (worker, participant)
}

#[tokio::test]
async fn the_economist_sees_the_name_and_not_the_file() {
    let house = House::new().await;
    let (_, participant) = file(&house).await;
    let economist = asked(house.person(house.north, "economist", "Nils").await, house.north, "provide");
    let opened = house.processing.consult(&economist, &kind("participant"), participant).await.unwrap();
    let one = &seen(&*opened)[0];
    assert_eq!((one.field("given-name"), one.field("birth-date")), (Some("Åsa"), None));
    assert!(one.withheld.iter().any(|category| category == "birth-date"), "{:?}", one.withheld);
    for of in ["attendance", "day-note", "next-of-kin"] {
        let listed = house.processing.list(&economist, &kind(of), Some(participant), Page::default()).await;
        assert_eq!(refused(listed.map(drop)), ("no-rule".to_owned(), "S.10".to_owned()), "{of}");
    }
}

#[tokio::test]
async fn a_candidate_opens_its_own_file_but_not_the_day_notes_and_nobody_elses() {
    let house = House::new().await;
    let (worker, participant) = file(&house).await;
    let other = house.participant(&worker, "Bo").await;
    let person = house.store.head(&house.north, &participant).unwrap().unwrap().person;
    house.account(house.north, person, "candidate", "Åsa", Some(participant)).await;
    let candidate = asked(person, house.north, "provide");
    let listed = house.processing.list(&candidate, &kind("participant"), None, Page::default()).await.unwrap();
    let all = seen(&*listed.opened);
    assert_eq!(all.iter().map(|one| one.record).collect::<Vec<_>>(), [Some(participant)]);
    assert_eq!(all[0].field("birth-date"), Some("1990-01-12"));
    let marks =
        house.processing.list(&candidate, &kind("attendance"), Some(participant), Page::default()).await.unwrap();
    assert_eq!(seen(&*marks.opened)[0].field("reason"), Some("15"));
    let notes = house.processing.list(&candidate, &kind("day-note"), Some(participant), Page::default()).await;
    assert_eq!(refused(notes.map(drop)).0, "no-rule");
    let answer = house.processing.consult(&candidate, &kind("participant"), other).await;
    assert_eq!(refused(answer), ("out-of-reach".to_owned(), "S.10".to_owned()));
    let draft = Draft::new().with("date", "2026-11-20").with("status", "present");
    assert_eq!(refused(house.collect(&candidate, "attendance", Some(participant), draft).await).0, "no-rule");
}

// runs: M-SP.10a
#[tokio::test]
async fn a_grant_that_is_taken_away_holds_from_the_next_request() {
    let house = House::new().await;
    let (worker, participant) = file(&house).await;
    let of = kind("day-note");
    let notes = || house.processing.list(&worker, &of, Some(participant), Page::default());
    assert_eq!(seen(&*notes().await.unwrap().opened).len(), 1);
    let rule = r#""attendance", "day-notes", "next-of-kin",
    "decision-information", "joint-planning", "placement", "economic-follow-up",
]
provenance"#;
    let without = AGREEMENT.replacen(rule, &rule.replace(r#""day-notes", "#, ""), 1);
    assert!(without != *AGREEMENT);
    let without = Arc::new(Agreement::read("agreement.sv.md", &without).unwrap());
    house.processing.adopt(house.north, house.store.now(), &without).await.unwrap();
    assert_eq!(refused(notes().await.map(drop)), ("no-rule".to_owned(), "S.10".to_owned()));
    // Every reading passes there: what was shown and what was refused stand in the log.
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let of_notes = log.iter().filter(|one| one.entry.detail.kind == Some(kind("day-note")));
    let told: Vec<_> = of_notes.map(|one| one.entry.detail.reason.as_deref()).collect();
    assert_eq!(told.first(), Some(&Some("no-rule")));
    assert!(told.len() >= 3, "{told:?}");
}
