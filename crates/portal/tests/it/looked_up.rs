//! What the parties look up and are told: the support desk, the customer's cases, the agreement, the subprocessors, who looked,
//! and the refusal.

use axum::http::StatusCode;

use crate::frame::check_structure;
use crate::stand_in::Visitor;

/// A case about a participant, opened by the case worker; gives the participant's file, its number and the case's.
fn opened(worker: &Visitor) -> (String, String, String) {
    let file = worker.participant();
    let participant = file.rsplit('/').next().unwrap().to_owned();
    let offered = format!("/matcha/arenden/nytt?om={participant}");
    assert!(worker.get(&file).body.contains(&offered), "the file offers to open a case about it");
    let form = worker.get(&offered);
    assert!(form.body.contains("Åsa Åkerlund"), "the form names whom the case is about");
    check_structure("the form of a case", &form.body);
    let sent = worker.post("/matcha/arenden/nytt", &[("_parent", &participant), ("matter", "Närvaron syns inte")]);
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/matcha/arenden"), "{}", sent.body);
    let list = worker.get("/matcha/arenden");
    check_structure("the cases", &list.body);
    let case = list.between("href=\"/matcha/arenden/", "\"").to_owned();
    assert!(list.body.contains("Närvaron syns inte"), "{}", list.body);
    (file, participant, case)
}

#[test]
fn support_sees_within_a_case_what_the_agreement_lets_it_and_no_more() {
    let worker = Visitor::signed_in("worker");
    let (_, participant, case) = opened(&worker);
    let note = [("_parent", participant.as_str()), ("date", "2026-11-20"), ("text", "Hemligt om Åsa")];
    assert_eq!(worker.post("/matcha/daganteckningar/new", &note).status, StatusCode::SEE_OTHER);

    let support = worker.also("support");
    let desk = support.get("/matcha/support");
    check_structure("the desk", &desk.body);
    assert!(desk.body.contains("Kunden AB") && !desk.body.contains("Närvaron"), "heads only: {}", desk.body);

    let chosen = support.get(&format!("/matcha/support/{case}?purpose=support"));
    assert_eq!(chosen.header("location"), format!("/matcha/support/{case}/support"));
    let page = support.get(chosen.header("location"));
    check_structure("a case at the desk", &page.body);
    assert!(page.body.contains("Närvaron syns inte") && page.body.contains("Åsa Åkerlund"), "{}", page.body);
    assert!(!page.body.contains("Kvinna"), "gender is withheld");

    let notes = support.get(&format!("/matcha/support/{case}/support/daganteckningar?parent={participant}"));
    assert_eq!(notes.status, StatusCode::FORBIDDEN, "{}", notes.body);
    check_structure("a refusal", &notes.body);
    assert!(notes.body.contains("S.10") && !notes.body.contains("Hemligt"), "{}", notes.body);
}

#[test]
fn no_case_and_no_purpose_are_ever_assumed() {
    let worker = Visitor::signed_in("worker");
    let (_, _, case) = opened(&worker);
    let support = worker.also("support");
    let unchosen = support.get(&format!("/matcha/support/{case}"));
    assert!(unchosen.body.contains("name=\"purpose\"") && !unchosen.body.contains("Närvaron syns inte"));
    assert!(!unchosen.body.contains("selected"), "no purpose is chosen beforehand");
    let other_purpose = support.get(&format!("/matcha/support/{case}/provide/deltagare"));
    assert_eq!(other_purpose.status, StatusCode::FORBIDDEN);
    assert_eq!(worker.get("/matcha/support").status, StatusCode::NOT_FOUND);
    assert_eq!(support.get("/matcha/arenden").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_closed_case_is_gone_from_the_desk_at_once() {
    let worker = Visitor::signed_in("worker");
    let (_, _, case) = opened(&worker);
    let one = worker.get(&format!("/matcha/arenden/{case}"));
    check_structure("a case", &one.body);
    let closed = worker.post(&format!("/matcha/arenden/{case}/stang"), &[("_version", "1")]);
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
    let support = worker.also("support");
    assert_eq!(support.get(&format!("/matcha/support/{case}/support")).status, StatusCode::NOT_FOUND);
    assert!(support.get("/matcha/support").body.contains("Inget ärende är öppet"));
}

#[test]
fn a_case_with_faults_keeps_what_was_written() {
    let worker = Visitor::signed_in("worker");
    let sent = worker.post("/matcha/arenden/nytt", &[("matter", ""), ("description", "Allt <b>stannar</b>")]);
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("Allt &lt;b&gt;stannar&lt;/b&gt;"), "{}", sent.body);
    check_structure("a case with faults", &sent.body);
    let found = worker.get("/matcha/arenden/nytt?sok=Nilsson");
    assert!(found.body.contains("Ingen hittades."));
}

#[test]
fn a_purpose_that_the_agreement_lacks_is_refused_in_whole_sentences() {
    let worker = Visitor::signed_in("worker");
    let seen = worker.get("/matcha/deltagare?purpose=marketing");
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    check_structure("a refusal", &seen.body);
    for said in ["Avtalet har inte det ändamål som angavs.", "marketing", "punkt 3.3", "#purposes", "tillhandahålla"]
    {
        assert!(seen.body.to_lowercase().contains(&said.to_lowercase()), "{said}: {}", seen.body);
    }
}

#[test]
fn the_agreement_and_the_subprocessors_need_no_log_in() {
    let anyone = Visitor::new(false, false);
    for address in ["/matcha/avtal", "/matcha/underbitraden"] {
        let seen = anyone.get(address);
        assert_eq!(seen.status, StatusCode::OK);
        check_structure(address, &seen.body);
        assert!(!seen.body.contains("Kunden AB"), "no customer is named");
    }
    let file = anyone.get("/matcha/avtal.md");
    assert!(file.header("content-type").starts_with("text/markdown") && file.body.starts_with("# "));
    let json: serde_json::Value = serde_json::from_str(&anyone.get("/matcha/underbitraden.json").body).unwrap();
    assert_eq!(json["subprocessors"].as_array().map(Vec::len), Some(8));
    assert!(anyone.get("/matcha/underbitraden.csv").body.contains("Hetzner"));
    assert_eq!(anyone.get("/cling/avtal").status, StatusCode::NOT_FOUND);
}

#[test]
fn a_customer_sees_its_own_version_and_nobody_elses() {
    let worker = Visitor::signed_in("worker");
    let own = worker.get("/matcha/avtal");
    assert!(own.body.contains("Det här är den version som gäller för er.") && own.body.contains("gäller nu"));
    let foreign = worker.get(&format!("/matcha/avtal?version={}", "ab".repeat(32)));
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[test]
fn who_looked_tells_what_the_agreement_promises_and_takes_a_filter() {
    let administrator = Visitor::signed_in("administrator");
    let seen = administrator.get("/matcha/vem-har-sett?outcome=refused&from=2026-11-01");
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    check_structure("who looked", &seen.body);
    assert!(seen.body.contains("punkt S.11") && seen.body.contains("inte hur länge loggen sparas"), "{}", seen.body);
    assert!(
        seen.body.contains("vem-har-sett.csv?outcome=refused&amp;from=2026-11-01"),
        "the sheet has the same filter"
    );
    assert_eq!(administrator.get("/matcha/vem-har-sett?person=eva").status, StatusCode::BAD_REQUEST);
    let sheet = administrator.get("/matcha/vem-har-sett.csv");
    assert!(sheet.body.starts_with("\u{feff}\"Nummer i loggen\""), "{}", sheet.body);
}
