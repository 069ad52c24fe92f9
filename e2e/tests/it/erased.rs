//! An administrator's erasure, by keyboard alone and in both languages: the plan, the act, the certificate as page, PDF and JSON,
//! and who looked before it.

use crate::desk::Desk;
use crate::people::{ADMINISTRATOR, Demo, UNIT_HEAD, WORKER, called};

async fn erased(language: &'static str) {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Therese Åberg");
    drop(worker.get(&participant).with_status(200));
    let mut desk = Desk::of(&demo, language).await;
    desk.log_in(&demo, ADMINISTRATOR).await;
    desk.goes(desk.t("Deltagare", "Participants"), &["Therese Åberg"]).await;
    desk.goes("Therese Åberg", &["Therese Åberg", desk.t("Radera", "Erase")]).await;
    let page = desk.text().await;
    assert!(!page.contains("therese.aberg@post.example"), "an administrator sees the name and no more");

    // The plan first: what goes, what stays and why.
    desk.goes(
        desk.t("Radera", "Erase"),
        &[
            desk.t("Inget är raderat ännu", "Nothing is erased yet"),
            desk.t("Det här går", "What goes"),
            desk.t("Närvaro", "Attendance"),
        ],
    )
    .await;
    worker.get(&participant).with_status(200).says(&["Therese"]);

    // Then the act, and its certificate.
    desk.goes(
        desk.t("Radera enligt planen", "Erase as planned"),
        &[desk.t("Intyg om radering", "Certificate of erasure"), desk.t("Oanvändbart här", "Unusable here")],
    )
    .await;
    let page = desk.text().await;
    assert!(!page.contains("Therese"), "a certificate bears no name:\n{page}");
    let certificate = desk.path().await;
    let certificate = certificate.split(['?', '#']).next().expect("a path").to_owned();
    let mut boss = demo.enter(ADMINISTRATOR).speaking(language);
    let paper = boss.get(&format!("{certificate}.pdf")).with_status(200);
    assert!(paper.body.starts_with("%PDF-"), "{:?}", paper.headers);
    let json = boss.get(&format!("{certificate}.json")).with_status(200);
    let read: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
    assert!(read.is_object() && !json.body.contains("Therese"), "{}", json.body);
    desk.at("/matcha/raderingar").await;
    desk.says(&[desk.t("Raderingar", "Erasures")]).await;

    // The file is nowhere any more, and who looked is still told, by the pseudonym.
    assert_eq!(worker.get(&participant).status, 404);
    worker.get("/matcha/deltagare").with_status(200).says_nothing_of(&["Therese Åberg"]);
    let mut head = demo.enter(UNIT_HEAD);
    head.get("/matcha/deltagare?q=Therese").with_status(200).says_nothing_of(&["Therese Åberg"]);
    let record = participant.rsplit('/').next().expect("a number").to_owned();
    desk.at(&format!("/matcha/vem-har-sett?record={record}")).await;
    desk.says(&[WORKER, ADMINISTRATOR]).await;
    assert!(!desk.text().await.contains("Therese"), "the name is gone from the log too");
    desk.leaves().await;
    demo.end_well();
}

// runs: M-7.1a M-SP.11
#[tokio::test]
async fn an_administrators_erasure_by_keyboard_in_swedish() {
    erased("sv").await;
}

#[tokio::test]
async fn an_administrators_erasure_by_keyboard_in_english() {
    erased("en").await;
}
