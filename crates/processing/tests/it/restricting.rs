//! Restricting: stored and nothing else, until it is lifted or runs out.

use service::{Change, Door, Draft, Ground, No, Page, ToRestrict, Whole};
use terms::Instant;

use crate::house::{House, asked, kind, refused, seen};

#[tokio::test]
async fn what_is_restricted_is_stored_and_nothing_else_is_done_with_it() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let named = |name: &str| Draft::new().with("given-name", name).with("family-name", "Prov");
    let closed = house.collect(&head, "participant", None, named("Åsa")).await.unwrap();
    let open = house.collect(&head, "participant", None, named("Göran")).await.unwrap();
    let participant = kind("participant");
    let until = Instant(head_now(&house) + 3_600_000_000);
    let to = || ToRestrict { kind: &participant, record: closed, why: Ground::AccuracyContested, until: Some(until) };
    assert_eq!(refused(house.processing.restrict(&worker, to()).await), ("no-rule".to_owned(), "S.10".to_owned()));
    let past = ToRestrict { until: Some(Instant(0)), ..to() };
    assert!(matches!(house.processing.restrict(&head, past).await, Err(No::Invalid(_))));
    house.processing.restrict(&head, to()).await.ok().unwrap();

    // It outlives a start.
    let house = house.reopened();
    let told = house.processing.restriction(&head, &participant, closed).await.ok().unwrap().unwrap();
    assert_eq!((told.why, told.until, told.by), (Ground::AccuracyContested, Some(until), head.actor));
    let by_clause = || ("restricted".to_owned(), "7.1".to_owned());
    assert_eq!(refused(house.processing.consult(&head, &participant, closed).await), by_clause());
    assert_eq!(refused(house.processing.history(&head, &participant, closed).await), by_clause());
    let page = || Page::default();
    assert_eq!(refused(house.processing.list(&head, &kind("day-note"), Some(closed), page()).await), by_clause());
    let day = Draft::new().with("date", "2026-11-20").with("text", "Nej.");
    assert_eq!(refused(house.collect(&head, "day-note", Some(closed), day).await), by_clause());
    let draft = Draft::new().with("family-name", "Ändrad");
    let change = Change { kind: &participant, record: closed, version: 1, draft, state: None, once: None };
    assert_eq!(refused(house.processing.alter(&head, change).await), by_clause());
    // In a list of many it is there and closed, and no word finds it.
    let listed = house.processing.list(&head, &participant, None, page()).await.ok().unwrap();
    let rows = seen(&*listed.opened);
    assert_eq!(rows.len(), 2);
    let row = rows.iter().find(|row| row.record == Some(closed)).unwrap();
    assert!(row.fields.is_empty() && row.withheld.iter().any(|category| category == "name"));
    assert_eq!(rows.iter().find(|row| row.record == Some(open)).unwrap().field("given-name"), Some("Göran"));
    let found = house.processing.search(&head, &participant, "prov").await.ok().unwrap();
    assert_eq!(seen(&*found).iter().map(|row| row.record).collect::<Vec<_>>(), [Some(open)]);
    // The data subject's own access stays (Article 18(2)).
    assert!(house.processing.retrieve(&head, &participant, closed, Whole::Person).await.is_ok());

    // It runs out by itself, and is lifted before that by whoever may.
    house.later(3_600);
    assert_eq!(house.processing.consult(&head, &participant, closed).await.ok().unwrap().count(), 1);
    assert!(house.processing.restriction(&head, &participant, closed).await.ok().unwrap().is_none());
    let to = ToRestrict { kind: &participant, record: closed, why: Ground::Objected, until: None };
    house.processing.restrict(&head, to).await.ok().unwrap();
    assert!(house.processing.consult(&head, &participant, closed).await.is_err());
    house.processing.lift(&head, &participant, closed).await.ok().unwrap();
    assert_eq!(house.processing.consult(&head, &participant, closed).await.ok().unwrap().count(), 1);
    assert!(matches!(house.processing.lift(&head, &participant, closed).await, Err(No::Missing)));
}

fn head_now(house: &House) -> i64 {
    house.processing.now().micros()
}
