//! Records through the door: written, read, searched, corrected, refused.

use service::{Change, Door, Draft, FieldProblem, New, No, Page};
use terms::RecordId;

use crate::house::{AGREEMENT, House, asked, kind, refused, seen};

#[tokio::test]
async fn what_is_written_is_read_back_also_after_a_restart() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    let opened = house.processing.consult(&worker, &kind("participant"), record).await.unwrap();
    let one = &seen(&*opened)[0];
    assert_eq!((one.field("given-name"), one.version), (Some("Åsa"), 1));
    drop(opened);
    let house = house.reopened();
    let opened = house.processing.consult(&worker, &kind("participant"), record).await.unwrap();
    assert_eq!(seen(&*opened)[0].field("family-name"), Some("Prov"));
}

#[tokio::test]
async fn no_plain_value_lies_on_the_disk() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Handledarinnan").await, house.north, "provide");
    house.participant(&worker, "Kanariefågeln").await;
    let folder = house.folder.path().to_owned();
    let house = house.reopened();
    let mut files = vec![folder];
    let mut read = 0;
    while let Some(place) = files.pop() {
        if place.is_dir() {
            files.extend(std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&place).unwrap();
        read += bytes.len();
        for canary in ["Kanariefågeln", "kanariefågeln", "Handledarinnan", "1990-01-12"] {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} lies in {}", place.display());
        }
    }
    assert!(read > 10_000, "{read} bytes were looked through");
    drop(house);
}

#[tokio::test]
async fn a_name_is_found_whatever_its_case_and_only_by_its_own_customer() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let other = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let record = house.participant(&worker, "Ann-Sofie").await;
    house.participant(&other, "Ann-Sofie").await;
    for (text, count) in [("sofie", 1), ("SOFIE prov", 1), ("ann", 1), ("sof", 0), ("sofie ek", 0), ("", 0)] {
        let found = house.processing.search(&worker, &kind("participant"), text).await.unwrap();
        assert_eq!(found.count(), count, "{text}");
        assert!(seen(&*found).iter().all(|one| one.record == Some(record)));
    }
    let draft = Draft::new().with("given-name", "Britt");
    let change = Change { kind: &kind("participant"), record, version: 1, draft, state: None, once: None };
    house.processing.alter(&worker, change).await.unwrap();
    let house = house.reopened();
    for (text, count) in [("sofie", 0), ("britt", 1)] {
        let found = house.processing.search(&worker, &kind("participant"), text).await.unwrap();
        assert_eq!(found.count(), count, "{text} after the change and a restart");
    }
}

#[tokio::test]
async fn a_purpose_that_the_agreement_lacks_is_refused_and_entered() {
    let house = House::new().await;
    let person = house.person(house.north, "case-worker", "Sara").await;
    let record = house.participant(&asked(person, house.north, "provide"), "Åsa").await;
    let marketing = asked(person, house.north, "marketing");
    let answer = house.processing.consult(&marketing, &kind("participant"), record).await;
    assert_eq!(refused(answer), ("purpose-not-agreed".to_owned(), "3.3".to_owned()));
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    let refusal = log.iter().find(|one| one.entry.detail.reason.is_some()).unwrap();
    assert_eq!(refusal.entry.detail.reason.as_deref(), Some("purpose-not-agreed"));
    assert_eq!((refusal.number.as_str(), refusal.entry.records[0].0), ("3.3", record));
    assert_eq!(refusal.actor_name.as_deref().map(String::as_str), Some("Sara"));
}

#[tokio::test]
async fn an_undeclared_field_is_refused_by_the_clause_on_categories() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Prov").with("health", "astma");
    let answer = house.collect(&worker, "participant", None, draft).await;
    assert_eq!(refused(answer), ("field-not-declared".to_owned(), "3.2".to_owned()));
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let reasons: Vec<_> =
        house.log(&administrator).await.into_iter().filter_map(|one| one.entry.detail.reason).collect();
    assert_eq!(reasons, ["field-not-declared:health"]);
}

#[tokio::test]
async fn a_category_that_leaves_the_agreement_leaves_the_pages_and_cannot_be_written() {
    let without = AGREEMENT
        .replace("\"name\", \"contact\", \"birth-date\", \"gender\",", "\"name\", \"contact\", \"birth-date\",");
    let count = without.matches("\"gender\"").count();
    assert!(without != *AGREEMENT && count == 0, "{count} mentions are left");
    let house = House::with(&without).await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Prov").with("gender", "woman");
    assert_eq!(refused(house.collect(&worker, "participant", None, draft).await).1, "3.2");
    house.participant(&worker, "Åsa").await;
}

#[tokio::test]
async fn a_foreign_record_is_answered_as_one_that_does_not_exist() {
    let house = House::new().await;
    let here = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let there = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let foreign = house.participant(&there, "Åsa").await;
    let nothing = RecordId([9; 16]);
    let participant = kind("participant");
    for record in [foreign, nothing] {
        assert!(matches!(house.processing.consult(&here, &participant, record).await, Err(No::Missing)));
        assert!(matches!(house.processing.history(&here, &participant, record).await, Err(No::Missing)));
        let change = Change {
            kind: &participant,
            record,
            version: 1,
            draft: Draft::new().with("given-name", "X"),
            state: None,
            once: None,
        };
        assert!(matches!(house.processing.alter(&here, change).await, Err(No::Missing)));
        let under = house.collect(&here, "next-of-kin", Some(record), Draft::new().with("name", "X")).await;
        assert!(matches!(under, Err(No::Missing)));
        let listed = house.processing.list(&here, &kind("attendance"), Some(record), Page::default()).await.unwrap();
        assert_eq!(listed.opened.count(), 0);
    }
    // Nor may a person act for a customer where they have no place.
    let elsewhere = asked(here.actor, house.south, "provide");
    assert!(matches!(house.processing.consult(&elsewhere, &participant, foreign).await, Err(No::Missing)));
}

#[tokio::test]
async fn attendance_is_corrected_with_its_history_and_marked_once_a_day() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    let mark = |status: &str| Draft::new().with("date", "2026-11-20").with("status", status);
    let record = house.collect(&worker, "attendance", Some(participant), mark("absent")).await.unwrap();
    let again = house.collect(&worker, "attendance", Some(participant), mark("present")).await;
    assert!(matches!(&again, Err(No::Invalid(faults)) if faults[0].problem == FieldProblem::NotUnique), "{again:?}");
    let attendance = kind("attendance");
    let change = |version| Change {
        kind: &attendance,
        record,
        version,
        draft: Draft::new().with("status", "present"),
        state: None,
        once: None,
    };
    assert_eq!(house.processing.alter(&worker, change(1)).await.unwrap(), 2);
    assert!(matches!(house.processing.alter(&worker, change(1)).await, Err(No::Conflict { version: 2 })));
    let versions = seen(&*house.processing.history(&worker, &attendance, record).await.unwrap());
    let told: Vec<_> = versions.iter().map(|one| (one.version, one.field("status").unwrap())).collect();
    assert_eq!(told, [(2, "present"), (1, "absent")]);
    assert!(
        versions.iter().all(|one| one.author.as_deref() == Some("Sara") && one.field("date") == Some("2026-11-20"))
    );
}

#[tokio::test]
async fn the_same_key_makes_one_record_and_gives_the_same_answer() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    let note = kind("day-note");
    let again = || {
        let draft = Draft::new().with("date", "2026-11-20").with("text", "En gång.");
        house
            .processing
            .collect(&worker, New { kind: &note, parent: Some(participant), draft, once: Some("k1".to_owned()) })
    };
    let first = again().await.unwrap();
    assert_eq!(again().await.unwrap(), first);
    let house = house.reopened();
    let draft = Draft::new().with("date", "2026-11-20").with("text", "En gång.");
    let new = New { kind: &note, parent: Some(participant), draft, once: Some("k1".to_owned()) };
    assert_eq!(house.processing.collect(&worker, new).await.unwrap(), first);
    let listed = house.processing.list(&worker, &note, Some(participant), Page::default()).await.unwrap();
    assert_eq!(listed.opened.count(), 1);
    for _ in 0..2 {
        let draft = Draft::new().with("text", "Ändrad en gång.");
        let once = Some("k2".to_owned());
        let change = Change { kind: &note, record: first, version: 1, draft, state: None, once };
        assert_eq!(house.processing.alter(&worker, change).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn wrong_values_are_told_field_by_field_and_write_nothing() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let draft = Draft::new().with("given-name", &"å".repeat(81)).with("birth-date", "2026-11-22").with("gender", "x");
    let Err(No::Invalid(faults)) = house.collect(&worker, "participant", None, draft).await else { panic!("taken") };
    let told: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.problem.code())).collect();
    assert_eq!(
        told,
        [
            ("given-name", "too-long"),
            ("birth-date", "in-the-future"),
            ("gender", "not-a-choice"),
            ("family-name", "required")
        ]
    );
    let listed = house.processing.list(&worker, &kind("participant"), None, Page::default()).await.unwrap();
    assert_eq!(listed.opened.count(), 0);
}

#[tokio::test]
async fn a_person_whose_account_ended_is_refused() {
    let house = House::new().await;
    let person = house.person(house.north, "case-worker", "Sara").await;
    let worker = asked(person, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    house.end(person).await;
    let answer = house.processing.consult(&worker, &kind("participant"), record).await;
    assert_eq!(refused(answer).0, "account-ended");
}
