//! A candidate's first day, by keyboard alone and in both languages: the link, the consent, a CV, the own file, who has looked,
//! and the consent withdrawn.

use e2e::repository;
use fantoccini::key::Key;

use crate::desk::Desk;
use crate::people::{ADMINISTRATOR, Demo, WORKER, called};

const PASSWORD: &str = "en mening som ingen gissar";

/// Invites the participant and gives the link, which the administrator hands over.
fn invited(demo: &Demo, participant: &str) -> String {
    let mut boss = demo.enter(ADMINISTRATOR);
    let file = boss.get(participant).with_status(200);
    let page = boss.submit(&file, "/inloggningar/bjud-in", &[]).with_status(200);
    let (_, rest) = page.body.split_once("/inbjudan/").expect("a link on the page");
    format!("/inbjudan/{}", rest.split('"').next().expect("it ends"))
}

async fn first_day(language: &'static str) {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Jelena Petrović");
    let link = invited(&demo, &participant);
    let mut desk = Desk::of(&demo, language).await;

    // The link leads to an account of one's own, and from there to the customer's text.
    desk.at(&link).await;
    desk.fill(desk.t("Användarnamn", "User name"), "jelena@prov.example").await;
    desk.fill(desk.t("Lösenord", "Password"), PASSWORD).await;
    desk.fill(desk.t("Lösenordet igen", "The password again"), PASSWORD).await;
    desk.press_key(Key::Enter, 1).await;
    desk.says(&[desk.t("Vi är personuppgiftsansvariga", "We are the controller"), "2"]).await;
    desk.look().await;
    desk.goes(
        desk.t("Jag godkänner", "I accept"),
        &[desk.t("Du har godkänt version 2", "You have accepted version 2")],
    )
    .await;

    // The own file; nobody else's.
    desk.at("/matcha/").await;
    desk.goes(desk.t("Min akt", "My file"), &["Jelena Petrović", desk.t("Närvaro", "Attendance")]).await;
    let page = desk.text().await;
    assert!(!page.contains(desk.t("Lägg till daganteckning", "Add day note")), "a candidate writes no day notes");

    // The CV.
    desk.go(desk.t("Lägg till dokument", "Add document")).await;
    // What is written beside it, and what the file holds, may be other than what the agreement names; the clause says whose matter
    // that is.
    let marks = [
        desk.t("Fri text. Det som skrivs här", "Free text. What is written here"),
        desk.t("Filens innehåll kan ligga utanför", "What the file holds may lie outside"),
        "S.5",
    ];
    desk.says(&marks).await;
    desk.fill(desk.t("Titel", "Title"), "Mitt CV").await;
    let cv = repository().join("services/matcha/demo/meritforteckning-linnea.txt");
    desk.hand_in(desk.t("Fil", "File"), &cv).await;
    desk.go(desk.t("Spara", "Save")).await;
    desk.says(&[desk.t("Sparat.", "Saved."), "Mitt CV"]).await;
    desk.look().await;
    // The case worker reads it while the consent stands.
    worker.get(&participant).with_status(200).says(&["Mitt CV"]);

    // Who has looked: as what, and never who.
    desk.at("/matcha/").await;
    desk.goes(desk.t("Vem har läst om mig", "Who has read about me"), &[desk.t("Handledare", "Case worker")]).await;
    let page = desk.text().await;
    assert!(!page.contains(WORKER), "names of the staff:\n{page}");

    // Withdrawn: nobody reads the documents any longer.
    desk.at("/matcha/samtycke").await;
    desk.goes(
        desk.t("Ta tillbaka samtycket", "Withdraw the consent"),
        &[desk.t("Du har tagit tillbaka ditt samtycke", "You have withdrawn your consent")],
    )
    .await;
    worker.get(&participant).with_status(200).says_nothing_of(&["Mitt CV"]);
    desk.leaves().await;
    demo.end_well();
}

// runs: M-2.2a M-2.2b M-SP.5a M-SP.5c
#[tokio::test]
async fn a_candidates_first_day_by_keyboard_in_swedish() {
    first_day("sv").await;
}

#[tokio::test]
async fn a_candidates_first_day_by_keyboard_in_english() {
    first_day("en").await;
}
