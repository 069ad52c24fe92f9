//! Support: only the customer opens a case, and staff see within it what the agreement lets them.

use service::{Asked, Change, Door, Draft, No, Page};

use crate::house::{House, asked, kind, refused, seen};

// runs: M-SP.7c
#[tokio::test]
async fn support_sees_within_an_open_case_what_its_role_may_and_no_more() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let staff = house.person(house.provider, "support", "Malin").await;
    let support = asked(staff, house.north, "support");
    let participant = house.participant(&worker, "Åsa").await;
    let other = house.participant(&worker, "Bo").await;
    let note = Draft::new().with("date", "2026-11-20").with("text", "Hemligt.");
    house.collect(&worker, "day-note", Some(participant), note).await.unwrap();

    // Without a case: refused.
    let answer = house.processing.consult(&support, &kind("participant"), participant).await;
    assert_eq!(refused(answer), ("case-required".to_owned(), "S.10".to_owned()));
    // Staff cannot open a case themselves.
    let draft = Draft::new().with("matter", "Nyfiken");
    assert_eq!(refused(house.collect(&support, "support-case", Some(participant), draft).await).0, "no-rule");

    let draft = Draft::new().with("matter", "Fel summa");
    let case = house.collect(&worker, "support-case", Some(participant), draft).await.unwrap();
    let within = Asked { case: Some(case), ..support.clone() };
    let opened = house.processing.consult(&within, &kind("participant"), participant).await.unwrap();
    let one = &seen(&*opened)[0];
    assert_eq!((one.field("given-name"), one.field("birth-date")), (Some("Åsa"), None));
    assert_eq!(one.withheld, ["birth-date"]);
    let matter = house.processing.consult(&within, &kind("support-case"), case).await.unwrap();
    assert_eq!(seen(&*matter)[0].field("matter"), Some("Fel summa"));

    // Not the notes, not another participant, not all of them, not another customer.
    let notes = house.processing.list(&within, &kind("day-note"), Some(participant), Page::default()).await;
    assert_eq!(refused(notes.map(drop)), ("no-rule".to_owned(), "S.10".to_owned()));
    let answer = house.processing.consult(&within, &kind("participant"), other).await;
    assert_eq!(refused(answer).0, "case-does-not-cover");
    let all = house.processing.list(&within, &kind("participant"), None, Page::default()).await;
    assert_eq!(refused(all.map(drop)).0, "case-does-not-cover");
    let elsewhere = Asked { tenant: house.south, ..within.clone() };
    let answer = house.processing.consult(&elsewhere, &kind("participant"), participant).await;
    assert_eq!(refused(answer).0, "case-does-not-cover");

    // Closed by the customer: over.
    let closing = Change {
        kind: &kind("support-case"),
        record: case,
        version: 1,
        draft: Draft::new(),
        state: Some("closed".to_owned()),
        once: None,
    };
    house.processing.alter(&worker, closing).await.unwrap();
    let answer = house.processing.consult(&within, &kind("participant"), participant).await;
    assert_eq!(refused(answer).0, "case-does-not-cover");
}

#[tokio::test]
async fn open_cases_are_listed_for_staff_only_and_tell_nothing_of_their_matter() {
    let house = House::new().await;
    let person = house.person(house.north, "case-worker", "Sara").await;
    let worker = asked(person, house.north, "provide");
    let staff = house.person(house.provider, "support", "Malin").await;
    let case = house.collect(&worker, "support-case", None, Draft::new().with("matter", "Hjälp")).await.unwrap();
    let cases = house.processing.open_cases(staff).await.unwrap();
    assert_eq!(cases.iter().map(|one| (one.case, one.customer.as_str())).collect::<Vec<_>>(), [(case, "Norr")]);
    assert!(matches!(house.processing.open_cases(person).await, Err(No::Missing)));
}
