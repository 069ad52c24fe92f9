//! What was once a hole in a wall, and is a test since.

use processing::LogFilter;
use service::{Asked, Change, Door, Draft, New, No, Page};
use terms::{Instant, RecordId};

use crate::house::{AGREEMENT, House, asked, kind, refused};

#[tokio::test]
async fn clearing_a_field_is_an_alteration_of_its_category() {
    let only_names = AGREEMENT.replace(
        r#"categories = ["name", "title", "email", "phone", "access-level", "employment-rate", "personal-identity-number"]"#,
        r#"categories = ["name", "title", "email", "access-level"]"#,
    );
    assert!(only_names != *AGREEMENT);
    // What the administrator may collect is not what is tried here, so the record is made under the whole agreement.
    let house = House::with(&AGREEMENT).await;
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let draft = Draft::new()
        .with("given-name", "Ulla")
        .with("family-name", "Prov")
        .with("email", "ulla@prov.example")
        .with("phone", "070-174 06 05")
        .with("access-level", "case-worker");
    let record = house.collect(&administrator, "user", None, draft).await.unwrap();
    let narrower = std::sync::Arc::new(agreement::Agreement::read("agreement.sv.md", &only_names).unwrap());
    house.processing.adopt(house.north, house.store.now(), &narrower).await.unwrap();
    let clearing = Change {
        kind: &kind("user"),
        record,
        version: 1,
        draft: Draft::new().with("title", "Chef").with("phone", ""),
        state: None,
        once: None,
    };
    assert_eq!(refused(house.processing.alter(&administrator, clearing).await).0, "no-rule");
}

#[tokio::test]
async fn a_key_of_one_act_is_no_answer_to_another() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let (participant, note) = (kind("participant"), kind("day-note"));
    let once = || Some("samma".to_owned());
    let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Prov");
    let new = New { kind: &participant, parent: None, draft, once: once() };
    let person = house.processing.collect(&worker, new).await.unwrap();
    let draft = Draft::new().with("date", "2026-11-20").with("text", "En anteckning.");
    let new = New { kind: &note, parent: Some(person), draft, once: once() };
    assert_ne!(house.processing.collect(&worker, new).await.unwrap(), person);
    let draft = Draft::new().with("given-name", "Britt");
    let change = Change { kind: &participant, record: person, version: 1, draft, state: None, once: once() };
    assert_eq!(house.processing.alter(&worker, change).await.unwrap(), 2);
}

#[tokio::test]
async fn a_version_that_is_not_there_yet_cannot_be_altered() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    let draft = Draft::new().with("given-name", "Britt");
    let change = Change { kind: &kind("participant"), record, version: 2, draft, state: None, once: None };
    assert!(matches!(house.processing.alter(&worker, change).await, Err(No::Conflict { version: 1 })));
}

#[tokio::test]
async fn a_foreign_case_leaves_no_trace_in_this_customers_log() {
    let house = House::new().await;
    let here = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let there = asked(house.person(house.south, "case-worker", "Leo").await, house.south, "provide");
    let staff = house.person(house.provider, "support", "Malin").await;
    let record = house.participant(&here, "Åsa").await;
    let foreign = house.collect(&there, "support-case", None, Draft::new().with("matter", "Annat")).await.unwrap();
    let within = Asked { case: Some(foreign), ..asked(staff, house.north, "support") };
    assert_eq!(refused(house.processing.consult(&within, &kind("participant"), record).await).0, "case-does-not-cover");
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    assert!(house.log(&administrator).await.iter().all(|one| one.entry.detail.case != Some(foreign)));
}

#[tokio::test]
async fn what_happened_within_a_case_is_found_by_the_case() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let staff = house.person(house.provider, "support", "Malin").await;
    let record = house.participant(&worker, "Åsa").await;
    let draft = Draft::new().with("matter", "Fel summa");
    let case = house.collect(&worker, "support-case", Some(record), draft).await.unwrap();
    let within = Asked { case: Some(case), ..asked(staff, house.north, "support") };
    house.processing.consult(&within, &kind("participant"), record).await.unwrap();
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let filter = LogFilter { record: Some(case), limit: 10, ..LogFilter::default() };
    let found = house.processing.who_looked(&administrator, &filter).await.unwrap();
    assert!(found.iter().any(|one| one.entry.detail.case == Some(case) && one.entry.detail.actor == Some(staff)));
    // Whoever asks for the participant finds the opening of the case, for it is about that person too.
    let filter = LogFilter { record: Some(record), limit: 10, ..LogFilter::default() };
    let found = house.processing.who_looked(&administrator, &filter).await.unwrap();
    assert!(found.iter().any(|one| one.entry.records.iter().any(|(one, _)| *one == case)));
}

#[tokio::test]
async fn a_closed_case_is_opened_again_only_by_those_who_may_open_one() {
    let rule = r#"role = "support"
verbs = ["consult"]
purpose = "support"
subject = "user"
categories = ["support-matter"]"#;
    let lax = AGREEMENT.replace(rule, &rule.replace(r#"verbs = ["consult"]"#, r#"verbs = ["consult", "alter"]"#));
    assert!(lax != *AGREEMENT);
    let house = House::with(&lax).await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let support = asked(house.person(house.provider, "support", "Malin").await, house.north, "support");
    let draft = Draft::new().with("matter", "Fel summa");
    let case = house.collect(&worker, "support-case", None, draft).await.unwrap();
    let cases = kind("support-case");
    let to = |state: &str, version| Change {
        kind: &cases,
        record: case,
        version,
        draft: Draft::new(),
        state: Some(state.to_owned()),
        once: None,
    };
    house.processing.alter(&worker, to("closed", 1)).await.unwrap();
    assert_eq!(refused(house.processing.alter(&support, to("open", 2)).await).0, "no-rule");
    house.processing.alter(&worker, to("open", 2)).await.unwrap();
}

#[tokio::test]
async fn a_number_of_a_person_in_the_place_of_a_field_is_not_kept() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    for field in ["18900112-9817", "x189001129817", "1890-01-12", "halsa"] {
        let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Prov").with(field, "x");
        assert_eq!(refused(house.collect(&worker, "participant", None, draft).await).1, "3.2");
    }
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let mut kept: Vec<_> =
        house.log(&administrator).await.into_iter().filter_map(|one| one.entry.detail.reason).collect();
    kept.sort();
    kept.dedup();
    assert_eq!(kept, ["field-not-declared", "field-not-declared:halsa"]);
}

#[tokio::test]
async fn before_its_start_an_agreement_allows_nothing() {
    let house = House::new().await;
    let east = terms::TenantId([5; 16]);
    let later = Instant(house.store.now().micros()).plus_seconds(3600);
    house.customer(east, "Öst", later).await;
    let worker = asked(house.person(east, "case-worker", "Sara").await, east, "provide");
    let listed = house.processing.list(&worker, &kind("participant"), None, Page::default()).await;
    assert_eq!(refused(listed.map(drop)), ("not-in-force".to_owned(), "1.2".to_owned()));
    let draft = Draft::new().with("given-name", "Åsa").with("family-name", "Prov");
    assert_eq!(refused(house.collect(&worker, "participant", None, draft).await).0, "not-in-force");
}

#[tokio::test]
async fn an_empty_listing_is_about_the_person_whose_it_would_be() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    let record = house.participant(&worker, "Åsa").await;
    house.processing.list(&worker, &kind("day-note"), Some(record), Page::default()).await.unwrap();
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let filter = LogFilter { record: Some(record), limit: 10, ..LogFilter::default() };
    let found = house.processing.who_looked(&administrator, &filter).await.unwrap();
    assert_eq!(found[0].entry.detail.kind, Some(kind("day-note")));
}

#[tokio::test]
async fn the_desks_list_is_entered_and_only_for_those_who_may_read_cases() {
    let house = House::new().await;
    let worker = asked(house.person(house.north, "case-worker", "Sara").await, house.north, "provide");
    house.collect(&worker, "support-case", None, Draft::new().with("matter", "Hjälp")).await.unwrap();
    let support = house.person(house.provider, "support", "Malin").await;
    let operations = house.person(house.provider, "operations", "Tomas").await;
    assert_eq!(house.processing.open_cases(support).await.unwrap().len(), 1);
    assert_eq!(house.processing.open_cases(operations).await.unwrap(), []);
    let administrator = asked(house.person(house.north, "administrator", "Birgitta").await, house.north, "provide");
    let log = house.log(&administrator).await;
    assert!(log.iter().any(|one| one.entry.detail.actor == Some(support)));
    let altered = Change {
        kind: &kind("participant"),
        record: RecordId([7; 16]),
        version: 1,
        draft: Draft::new().with("given-name", "X"),
        state: None,
        once: None,
    };
    assert!(matches!(house.processing.alter(&worker, altered).await, Err(No::Missing)));
    assert_eq!(house.log(&administrator).await.len(), log.len() + 2, "that it was tried, and the reading before");
}
