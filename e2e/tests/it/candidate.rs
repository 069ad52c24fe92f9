//! A candidate's way in over HTTP: invited from the file, registered, asked for consent, sees the own file and who read it,
//! withdraws and accepts anew.

use crate::people::{ADMINISTRATOR, Demo, WORKER, called};

const PASSWORD: &str = "en mening som ingen gissar";

#[test]
fn a_candidate_registers_consents_sees_its_own_file_and_withdraws() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let participant = called(&mut boss, "/matcha/deltagare", "Åsa Lindqvist");
    let other = called(&mut boss, "/matcha/deltagare", "Göran Söderberg");
    let file = boss.get(&participant).with_status(200);
    let invited = boss.submit(&file, "/inloggningar/bjud-in", &[]).with_status(200);
    let (_, rest) = invited.body.split_once("/inbjudan/").expect("a link on the page");
    let link = format!("/inbjudan/{}", rest.split('"').next().expect("it ends"));
    // A case worker does not invite.
    let mut worker = demo.enter(WORKER);
    worker.get(&participant).with_status(200).says_nothing_of(&["Bjud in till eget konto"]);

    let mut candidate = demo.stranger();
    let form = candidate.get(&link).with_status(200);
    form.says(&["har bjudit in dig som Kandidat"]);
    let chosen = [("login", "kandidat@prov.example"), ("password", PASSWORD), ("again", PASSWORD)];
    let consent = candidate.submit(&form, &link, &chosen).with_status(200);
    assert_eq!(consent.path, "/matcha/samtycke");
    consent.says(&["Du väljer själv", "Vi är personuppgiftsansvariga", "Version 2"]);

    let accepted = candidate.submit(&consent, "/matcha/samtycke", &[]).with_status(200);
    accepted.says(&["Du har godkänt version 2", "Ta tillbaka samtycket"]);
    // Twice is once.
    candidate.get("/matcha/samtycke").says(&["Du har godkänt version 2"]);

    // The own file and nobody else's; who looked, without names.
    let home = candidate.get("/matcha/").with_status(200);
    home.says(&["Min akt", "Vem har läst om mig"]);
    assert!(home.links().contains(&participant), "{:?}", home.links());
    candidate.get(&participant).with_status(200).says(&["Närvaro"]);
    let stranger = candidate.get(&other);
    assert!(matches!(stranger.status, 403 | 404), "{}", stranger.status);
    for page in ["/matcha/inloggningar", "/matcha/var-fil", "/matcha/datakvalitet", "/matcha/underrattelser"] {
        assert!(matches!(candidate.get(page).status, 403 | 404), "{page}");
    }
    let looked = candidate.get("/matcha/vem-har-sett").with_status(200);
    looked.says(&["Handledare"]).says_nothing_of(&["Sara Nyberg"]);

    let page = candidate.get("/matcha/samtycke").with_status(200);
    let withdrawn = candidate.submit(&page, "/samtycke/aterkalla", &[]).with_status(200);
    withdrawn.says(&["Du har tagit tillbaka ditt samtycke", "återkallat"]);
    candidate.submit(&withdrawn, "/matcha/samtycke", &[]).with_status(200).says(&["Du har godkänt version 2"]);
    let english = demo.stranger().speaking("en");
    drop(english);
    demo.end_well();
}
