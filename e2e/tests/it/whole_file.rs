//! What a participant's file holds besides attendance and notes, over pages and the interface: competences with their history, a
//! picture that goes with the person, plans by version and on paper, next of kin as somebody of their own, work with an employer's
//! contact, and what a user's record shows to whom.

use e2e::Visitor;

use crate::desk::{day, state, write};
use crate::people::{ADMINISTRATOR, Demo, UNIT_HEAD, WORKER, called, number};

/// The smallest PNG: one point.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0,
    0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 10, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1,
    0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

fn alter(visitor: &mut Visitor, kind: &str, id: &str, version: u32, fields: &str) {
    let seen = format!("\"{version}\"");
    let body = format!(r#"{{"fields":{{{fields}}}}}"#);
    drop(visitor.api("PUT", &format!("/api/v1/matcha/{kind}/{id}"), &[("if-match", &seen)], &body).with_status(200));
}

// runs: M-SP.2b
#[test]
fn a_competence_gets_a_grade_and_keeps_the_earlier_ones() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Göran Söderberg");
    let graded = [("competence", "bokforing"), ("grade", "1"), ("shown-by", "test")];
    let id = write(&mut worker, "kompetenser", Some(number(&participant)), &graded);
    alter(&mut worker, "kompetenser", &id, 1, r#""grade":"3""#);
    worker.get(&participant).with_status(200).says(&["Bokföring", "3 – klarar själv"]);
    let history = worker.get(&format!("/matcha/kompetenser/{id}/history")).with_status(200);
    history.says(&["1 – har prövat", "3 – klarar själv", "2 versioner"]);
    demo.end_well();
}

// runs: M-SP.2c
#[test]
fn a_picture_is_in_the_file_and_goes_with_the_participant() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Göran Söderberg");
    let at = format!("/api/v1/matcha/deltagare/{}/files/picture", number(&participant));
    let token = worker.token();
    let headers = [("x-csrf", token.as_str()), ("if-match", "\"1\"")];
    drop(worker.send("PUT", &format!("{at}?name=bild.png"), &headers, PNG).with_status(200));
    worker.get(&participant).with_status(200).says(&["bild.png", "liten=1"]);
    drop(worker.send("GET", &at, &[], b"").with_status(200));
    let mut boss = demo.enter(ADMINISTRATOR);
    let plan = boss.get(&format!("{participant}/radera")).with_status(200);
    boss.submit(&plan, "/radera", &[]).with_status(200).says(&["Oanvändbart här"]);
    let _ = worker.send("GET", &at, &[], b"").with_status(404);
    let _ = worker.send("GET", &format!("{participant}/filer/picture"), &[], b"").with_status(404);
    demo.end_well();
}

// runs: M-SP.2j
#[test]
fn a_joint_plan_is_drafted_has_versions_and_is_taken_out_on_paper() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Göran Söderberg");
    let today = day(0);
    let drafted = [("date", today.as_str()), ("goal", "Arbete i butik"), ("steps", "Söka två arbeten i veckan.")];
    let id = write(&mut worker, "planeringar", Some(number(&participant)), &drafted);
    alter(&mut worker, "planeringar", &id, 1, r#""goal":"Arbete inom lager""#);
    state(&mut worker, "planeringar", &id, 2, "proposed");
    let history = worker.get(&format!("/matcha/planeringar/{id}/history")).with_status(200);
    history.says(&["Arbete i butik", "Arbete inom lager", "3 versioner"]);
    let paper = worker.get(&format!("/matcha/planeringar/{id}/pdf")).with_status(200);
    assert_eq!(paper.header("content-type"), Some("application/pdf"));
    assert!(paper.body.starts_with("%PDF-"));
    demo.end_well();
}

// runs: M-SP.2i M-SP.4
#[test]
fn an_employers_contact_belongs_to_a_company_and_a_job_to_both_and_is_counted() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let participant = called(&mut worker, "/matcha/deltagare", "Göran Söderberg");
    let company = write(&mut worker, "foretag", None, &[("name", "Prövobageriet AB"), ("town", "Påhittestad")]);
    let contact = [
        ("name", "Ebba Prövo"),
        ("title", "Bagare"),
        ("email", "ebba.provo@arbetsgivare.example"),
        ("company", company.as_str()),
    ];
    let contact = write(&mut worker, "arbetsgivarkontakter", None, &contact);
    worker.get(&format!("/matcha/foretag/{company}")).with_status(200).says(&["Prövobageriet AB", "Ebba Prövo"]);
    let start = day(-20);
    let job = [
        ("company", company.as_str()),
        ("contact", contact.as_str()),
        ("start", start.as_str()),
        ("type", "permanent"),
        ("occupation", "Bagare"),
    ];
    let job = write(&mut worker, "jobb", Some(number(&participant)), &job);
    worker.get(&format!("/matcha/jobb/{job}")).with_status(200).says(&["Prövobageriet AB", "Ebba Prövo", &start]);
    demo.enter(UNIT_HEAD).get("/matcha/vy/resultatrapport").with_status(200).says(&["Göran Söderberg"]);
    demo.end_well();
}

// runs: M-SP.3a
#[test]
fn a_users_personal_identity_number_is_shown_to_the_administrator_alone() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let user = called(&mut boss, "/matcha/anvandare", "Mattias Åkerlund");
    let fields = ["Titel", "E-post", "Telefonnummer", "Personnummer", "Behörighetsnivå"];
    let seen = boss.get(&user).with_status(200);
    seen.says(&fields).says(&["19831217-", "mattias.akerlund@omstallningsbyran.example"]);
    for name in [WORKER, UNIT_HEAD] {
        let seen = demo.enter(name).get(&user).with_status(200);
        seen.says(&["Mattias"]).says_nothing_of(&["19831217", "070-174 06 08"]);
    }
    // Nobody reads a password, and no form asks for somebody else's.
    boss.get(&format!("{user}/edit")).with_status(200).says_nothing_of(&["type=\"password\""]);
    demo.end_well();
}
