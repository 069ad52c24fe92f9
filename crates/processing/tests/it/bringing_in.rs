//! Many records at once, doubles, narrowed lists, idempotency, and imports that are found again by their rows.

use service::{Begin, Change, Door, Draft, Imports, Narrowed, New, No, Value};
use terms::FieldName;

use crate::house::{House, asked, kind, refused, seen};

fn person(n: usize) -> Draft {
    Draft::new()
        .with("given-name", &format!("Prov{n}"))
        .with("family-name", "Radsson")
        .with("birth-date", "1990-01-12")
        .with("email", &format!("prov{n}@example.se"))
}

#[tokio::test]
async fn many_records_are_entered_one_by_one_and_wait_together() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = kind("participant");
    let begun = house.processing.begin(&worker, Begin { kind: &participant, parent: None, rows: 101, once: "a" });
    let import = begun.await.unwrap();
    let new = || {
        (0..101_usize)
            .map(|n| {
                let draft = if n == 50 { person(n).with("birth-date", "i fjol") } else { person(n) };
                New { kind: &participant, parent: None, draft, once: Some(import.key_of(n as u64 + 1)) }
            })
            .collect()
    };
    let made = house.processing.collect_all(&worker, new()).await;
    assert_eq!(made.iter().filter(|one| one.is_ok()).count(), 100);
    assert!(matches!(made[50], Err(No::Invalid(_))));
    // The same again makes nothing anew: what was interrupted can be gone on with.
    let again = house.processing.collect_all(&worker, new()).await;
    let ids = |all: &[Result<terms::RecordId, No>]| {
        all.iter().filter_map(|one| one.as_ref().ok().copied()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&made), ids(&again));
    let record = made[3].as_ref().copied().unwrap();
    let change = Change { kind: &participant, record, version: 1, draft: person(3), state: None, once: None };
    house.processing.alter(&worker, change).await.unwrap();
    let note = Draft::new().with("date", "2026-11-02").with("text", "Ringde.");
    let with_note = made[4].as_ref().copied().unwrap();
    house.collect(&worker, "day-note", Some(with_note), note).await.unwrap();
    let (shown, records) = house.processing.imported(&worker, import.id).await.unwrap();
    assert_eq!((shown.rows, shown.ended, records.len()), (101, None, 100));
    let touched: Vec<u64> = records.iter().filter(|one| !one.untouched).map(|one| one.row).collect();
    assert_eq!(touched, [4, 5], "one was changed, and one has a note");
    assert!(house.processing.end(&worker, import.id).await.unwrap().ended.is_some());
    let house = house.reopened();
    let all = house.processing.imports(&worker, &participant).await.unwrap();
    assert_eq!((all.len(), all[0].id, all[0].ended.is_some()), (1, import.id, true));
}

#[tokio::test]
async fn an_import_is_its_customers_and_goes_on_under_the_same_key_only() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let other = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let participant = kind("participant");
    let begin = |rows| Begin { kind: &participant, parent: None, rows, once: "key" };
    let import = house.processing.begin(&worker, begin(3)).await.unwrap();
    assert_eq!(house.processing.begin(&worker, begin(3)).await.unwrap(), import);
    assert!(matches!(house.processing.begin(&worker, begin(4)).await, Err(No::Reused)));
    assert_ne!(house.processing.begin(&other, begin(3)).await.unwrap().id, import.id);
    assert!(matches!(house.processing.imported(&other, import.id).await, Err(No::Missing)));
    assert!(matches!(house.processing.end(&other, import.id).await, Err(No::Missing)));
    let support = asked(house.person(house.provider, "support", "Siv").await, house.north, "support");
    refused(house.processing.begin(&support, begin(1)).await);
    refused(house.processing.imports(&support, &participant).await);
}

#[tokio::test]
async fn a_key_that_was_used_for_other_values_is_told_and_writes_nothing() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = kind("participant");
    let new = |n| New { kind: &participant, parent: None, draft: person(n), once: Some("1".to_owned()) };
    let first = house.processing.collect(&worker, new(1)).await.unwrap();
    assert_eq!(house.processing.collect(&worker, new(1)).await.unwrap(), first);
    assert!(matches!(house.processing.collect(&worker, new(2)).await, Err(No::Reused)));
    let change = |name: &str| {
        let draft = Draft::new().with("given-name", name);
        Change { kind: &participant, record: first, version: 1, draft, state: None, once: Some("2".to_owned()) }
    };
    assert_eq!(house.processing.alter(&worker, change("Åsa")).await.unwrap(), 2);
    assert_eq!(house.processing.alter(&worker, change("Åsa")).await.unwrap(), 2);
    assert!(matches!(house.processing.alter(&worker, change("Eva")).await, Err(No::Reused)));
    let house = house.reopened();
    assert!(matches!(house.processing.collect(&worker, new(2)).await, Err(No::Reused)), "also after a restart");
}

#[tokio::test]
async fn a_double_is_known_by_its_words_or_its_address_and_opened_by_nobody() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let other = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let record = house.collect(&worker, "participant", None, person(1)).await.unwrap();
    house.collect(&other, "participant", None, person(2)).await.unwrap();
    let same_name = Draft::new().with("given-name", "PROV1").with("family-name", "radsson");
    let same_address =
        Draft::new().with("given-name", "Annan").with("family-name", "Helt").with("email", "Prov1@Example.se");
    let drafts = [same_name, same_address, person(2), Draft::new().with("family-name", "Radsson-Ek")];
    let alike = house.processing.alike(&worker, &kind("participant"), &drafts).await.unwrap();
    assert_eq!(alike, [vec![record], vec![record], vec![], vec![]]);
}

#[tokio::test]
async fn a_list_is_narrowed_by_a_whole_value_and_only_by_one_that_may_be_seen() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let of = house.participant(&worker, "Åsa").await;
    for day in ["2026-11-02", "2026-11-03"] {
        let draft = Draft::new().with("date", day).with("status", "present");
        house.collect(&worker, "attendance", Some(of), draft).await.unwrap();
    }
    let narrowed = |field: &str, value: &str| Narrowed {
        exactly: vec![(FieldName::new(field).unwrap(), Value::new(value.to_owned()))],
        ..Narrowed::default()
    };
    let attendance = kind("attendance");
    let found = house.processing.narrow(&worker, &attendance, narrowed("date", "2026-11-03")).await.unwrap();
    assert_eq!(seen(&*found.opened)[0].field("date"), Some("2026-11-03"));
    assert_eq!((found.opened.count(), found.next), (1, None));
    let none = house.processing.narrow(&worker, &attendance, narrowed("date", "2026-11-04")).await.unwrap();
    assert_eq!(none.opened.count(), 0);
    let status = house.processing.narrow(&worker, &attendance, narrowed("status", "present")).await;
    assert!(matches!(status, Err(No::Invalid(_))), "not a field that is found by its value");
    let support = asked(house.person(house.provider, "support", "Siv").await, house.north, "support");
    refused(house.processing.narrow(&support, &attendance, narrowed("date", "2026-11-03")).await);
}
