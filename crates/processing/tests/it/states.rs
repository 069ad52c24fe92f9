//! What the state of a record stands against: a locked one is never altered, and states follow one another as the kind says.

use service::{Change, Door, Draft, No, StateProblem};
use terms::RecordId;

use crate::house::{House, asked, kind, seen};

async fn change(
    house: &House,
    by: &service::Asked,
    of: &str,
    record: RecordId,
    version: u64,
    draft: Draft,
    state: Option<&str>,
) -> Result<u64, No> {
    let state = state.map(str::to_owned);
    let kind = kind(of);
    house.processing.alter(by, Change { kind: &kind, record, version, draft, state, once: None }).await
}

#[tokio::test]
async fn a_final_report_that_was_sent_is_never_changed_or_opened_again() {
    let house = House::new().await;
    let person = house.person(house.north, "case-worker", "Sara").await;
    let worker = asked(person, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    let draft = Draft::new().with("participant", "Åsa").with("date", "2026-11-20").with("assessment", "Klar.");
    let report = house.collect(&worker, "final-report", Some(participant), draft).await.unwrap();
    let text = |text: &str| Draft::new().with("assessment", text);
    let of = "final-report";
    assert_eq!(change(&house, &worker, of, report, 1, text("Klar och i arbete."), None).await.unwrap(), 2);
    // The last values may come together with the sending, as the hash of what was sent does.
    let hash = Draft::new().with("document-hash", &"ab".repeat(32));
    assert_eq!(change(&house, &worker, of, report, 2, hash, Some("sent")).await.unwrap(), 3);
    for (draft, state, version) in
        [(text("Något annat."), None, 3), (text("En gammal flik."), None, 2), (Draft::new(), Some("draft"), 3)]
    {
        let answer = change(&house, &worker, of, report, version, draft, state).await;
        assert!(matches!(answer, Err(No::State { why: StateProblem::Locked, state: Some(state) }) if state == "sent"));
    }
    let after = seen(&*house.processing.consult(&worker, &kind(of), report).await.unwrap());
    assert_eq!(after[0].version, 3);
    assert_eq!(after[0].field("assessment"), Some("Klar och i arbete."));
}

#[tokio::test]
async fn a_plan_goes_from_hand_to_hand_as_its_kind_says() {
    let house = House::new().await;
    let person = house.person(house.north, "case-worker", "Sara").await;
    let worker = asked(person, house.north, "provide");
    let participant = house.participant(&worker, "Åsa").await;
    let draft = Draft::new().with("date", "2026-11-20").with("goal", "Arbete").with("steps", "Söka");
    let plan = house.collect(&worker, "plan", Some(participant), draft).await.unwrap();
    let to = async |version, state| change(&house, &worker, "plan", plan, version, Draft::new(), Some(state)).await;
    assert!(matches!(to(1, "agreed").await, Err(No::State { why: StateProblem::NoWay, .. })));
    to(1, "proposed").await.unwrap();
    let other = Draft::new().with("goal", "Studier");
    let answer = change(&house, &worker, "plan", plan, 2, other, None).await;
    assert!(matches!(answer, Err(No::State { why: StateProblem::Locked, .. })));
    to(2, "accepted").await.unwrap();
    to(3, "agreed").await.unwrap();
    to(4, "draft").await.unwrap();
    let versions = seen(&*house.processing.history(&worker, &kind("plan"), plan).await.unwrap());
    assert_eq!(versions.len(), 5);
    assert!(versions.iter().all(|one| one.author.as_deref() == Some("Sara")));
}
