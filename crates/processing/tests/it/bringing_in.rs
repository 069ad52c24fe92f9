//! Many records at once, doubles, narrowed lists, idempotency, and imports that are found again by their rows.

use service::{
    Asked, Begin, Change, Door, Draft, FieldProblem, Ground, Import, Imports, KeptWhy, Narrowed, New, No, ToRestrict,
    Value,
};
use terms::{FieldName, RecordId};

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

#[tokio::test]
async fn a_restricted_double_is_told_to_nobody_and_keeps_no_other_row_from_being_looked_up() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let participant = kind("participant");
    let open = house.collect(&head, "participant", None, person(1)).await.unwrap();
    let closed = house.collect(&head, "participant", None, person(2)).await.unwrap();
    let to = ToRestrict { kind: &participant, record: closed, why: Ground::AccuracyContested, until: None };
    house.processing.restrict(&head, to).await.ok().unwrap();
    let alike = house.processing.alike(&head, &participant, &[person(1), person(2), person(3)]).await.unwrap();
    assert_eq!(alike, [vec![open], vec![], vec![]]);
}

#[tokio::test]
async fn two_who_freeze_the_same_line_at_once_freeze_it_once() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let of = house.participant(&head, "Åsa").await;
    let claim = |line: Option<&str>| {
        let draft = Draft::new().with("period", "2026-10").with("what", "day").with("amount", "1200.00");
        line.map_or_else(
            || draft,
            |line| {
                Draft::new().with("period", "2026-10").with("what", "day").with("amount", "900.00").with("line", line)
            },
        )
    };
    let mut freeze = Vec::new();
    for name in ["Elsa", "Erik"] {
        let economist = asked(house.person(house.north, "economist", name).await, house.north, "provide");
        let (house, line) = (&house, claim(Some("2026-10/a/b/c/day/1")));
        freeze.push(async move {
            let new = New { kind: &kind("claim"), parent: Some(of), draft: line, once: Some("same".to_owned()) };
            house.processing.collect(&economist, new).await
        });
    }
    let (second, first) = (freeze.pop().unwrap(), freeze.pop().unwrap());
    let (first, second) = tokio::join!(first, second);
    let (made, no): (Vec<_>, Vec<_>) = [first, second].into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1, "one of the two");
    let Some(Err(No::Invalid(faults))) = no.into_iter().next() else { panic!("the other is told why") };
    assert_eq!((faults[0].field.as_str(), faults[0].problem), ("line", FieldProblem::NotUnique));
    // Claims that are written by hand name no line, and are like no other.
    let economist = asked(house.person(house.north, "economist", "Eva").await, house.north, "provide");
    for _ in 0..2 {
        house.collect(&economist, "claim", Some(of), claim(None)).await.unwrap();
        house.collect(&economist, "claim", Some(of), claim(None).with("line", "")).await.unwrap();
    }
}

/// An import of four participants by a unit head.
async fn brought(house: &House, head: &Asked) -> (Import, Vec<RecordId>) {
    let participant = kind("participant");
    let begin = Begin { kind: &participant, parent: None, rows: 4, once: "undo" };
    let import = house.processing.begin(head, begin).await.unwrap();
    let mut records = Vec::new();
    for row in 1..=4 {
        let once = Some(import.key_of(row));
        let new = New { kind: &participant, parent: None, draft: person(row as usize), once };
        records.push(house.processing.collect(head, new).await.unwrap());
    }
    (house.processing.end(head, import.id).await.unwrap(), records)
}

#[tokio::test]
async fn an_import_is_undone_but_for_what_somebody_changed_since() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let participant = kind("participant");
    let neighbour = house.collect(&head, "participant", None, person(9)).await.unwrap();
    let (import, records) = brought(&house, &head).await;
    let change =
        Change { kind: &participant, record: records[0], version: 1, draft: person(7), state: None, once: None };
    house.processing.alter(&head, change).await.unwrap();
    let note = Draft::new().with("date", "2026-11-02").with("text", "Ringde.");
    house.collect(&head, "day-note", Some(records[1]), note).await.unwrap();
    let undoing = house.processing.plan_undo(&head, import.id).await.unwrap();
    let kept: Vec<_> = undoing.kept.iter().map(|one| (one.row, one.why)).collect();
    assert_eq!((undoing.goes, kept, undoing.beyond), (2, vec![(1, KeptWhy::Changed), (2, KeptWhy::Holds)], 0));
    // By the rule that lets records be erased, and by no other.
    let no = refused(house.processing.plan_undo(&worker, import.id).await);
    assert_eq!(no, ("no-rule".to_owned(), "S.10".to_owned()));
    assert_eq!(refused(house.processing.undo(&worker, import.id, undoing.plan).await), no);
    let south = asked(house.person(house.south, "unit-head", "Cecilia").await, house.south, "provide");
    assert!(matches!(house.processing.plan_undo(&south, import.id).await, Err(No::Missing)));
    // What comes in between makes another plan of it, and nothing is erased.
    let note = Draft::new().with("date", "2026-11-03").with("text", "Ringde igen.");
    house.collect(&head, "day-note", Some(records[2]), note).await.unwrap();
    assert!(matches!(house.processing.undo(&head, import.id, undoing.plan).await, Err(No::Conflict { .. })));
    let undoing = house.processing.plan_undo(&head, import.id).await.unwrap();
    assert_eq!(undoing.goes, 1);
    let undone = house.processing.undo(&head, import.id, undoing.plan).await.unwrap();
    assert!(undone.gone == 1 && undone.import.undone.is_some());
    for (record, there) in records.iter().zip([true, true, true, false]).chain([(&neighbour, true)]) {
        assert_eq!(house.store.record(&house.north, record).unwrap().is_some(), there);
    }
    // A certificate, as of every erasure; and the same again does nothing more.
    let id = undone.certificate.unwrap();
    let certified = house.processing.certificate(&administrator, id).await.ok().unwrap().certificate;
    assert_eq!((certified.plan.import, certified.plan.count_going()), (Some(import.id), 1));
    let house = house.reopened();
    assert_eq!(house.processing.undo(&head, import.id, undoing.plan).await.unwrap(), undone);
    let all = house.processing.imports(&head, &participant).await.unwrap();
    assert!(all.len() == 1 && all[0].undone.is_some());
    let begin = Begin { kind: &participant, parent: None, rows: 4, once: "undo" };
    assert!(matches!(house.processing.begin(&head, begin).await, Err(No::Reused)), "it is not gone on with");
    let log = house.log(&administrator).await;
    let events = |event: &str| log.iter().filter(|one| one.entry.detail.event.as_deref() == Some(event)).count();
    assert_eq!((events("import-undone"), events("erasure-completed")), (1, 1));
}

#[tokio::test]
async fn a_crash_between_erasing_and_entering_that_it_is_undone_is_finished_by_the_same_call() {
    let house = House::new().await;
    let head = asked(house.person(house.north, "unit-head", "Örjan").await, house.north, "provide");
    let (import, records) = brought(&house, &head).await;
    let undoing = house.processing.plan_undo(&head, import.id).await.unwrap();
    assert_eq!(undoing.goes, 4);
    let undone = house.processing.undo(&head, import.id, undoing.plan).await.unwrap();
    // As if we had died before the last entry.
    let before = storage::Import {
        id: import.id,
        kind: import.kind.clone(),
        parent: None,
        by: import.by,
        begun: import.begun,
        rows: import.rows,
        ended: import.ended,
        undone: None,
    };
    house.event(house.north, storage::HouseOp::PutImport(before)).await;
    let again = house.processing.undo(&head, import.id, undoing.plan).await.unwrap();
    assert!(again.import.undone.is_some());
    assert_eq!((again.certificate, again.gone), (undone.certificate, 4));
    assert!(records.iter().all(|record| house.store.record(&house.north, record).unwrap().is_none()));
}
