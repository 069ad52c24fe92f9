//! Who reaches whom at Matcha, on pages and over the interface: lists, searches, computed pages and single files agree.

use crate::desk::write;
use crate::people::{ADMINISTRATOR, Demo, UNIT_HEAD, WORKER, called, listed, number};

const COLLEAGUE: &str = "Mattias Åkerlund";
const OTHER_UNITS_WORKER: &str = "Leyla Demir";
const OTHER_UNITS_HEAD: &str = "Gunnel Åsberg";
const ECONOMIST: &str = "Viktor Hedlund";

// runs: M-SP.3b M-SP.7c
#[test]
fn a_case_worker_finds_its_own_participants_and_a_unit_head_those_of_the_unit() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let mut head = demo.enter(UNIT_HEAD);
    let own = listed(&mut worker, "/matcha/deltagare");
    let unit = listed(&mut head, "/matcha/deltagare");
    let mattias = listed(&mut demo.enter(COLLEAGUE), "/matcha/deltagare");
    assert!(own.iter().chain(&mattias).all(|one| unit.contains(one)), "the unit's people are the unit's");
    assert_eq!(own.len() + mattias.len(), unit.len());
    assert!(own.iter().all(|one| !mattias.contains(one)), "nobody is two case workers'");
    let leyla = listed(&mut demo.enter(OTHER_UNITS_WORKER), "/matcha/deltagare");
    assert_eq!(listed(&mut demo.enter(OTHER_UNITS_HEAD), "/matcha/deltagare").len(), leyla.len());
    assert_eq!(listed(&mut demo.enter(ADMINISTRATOR), "/matcha/deltagare").len(), unit.len() + leyla.len());
    assert_eq!(listed(&mut demo.enter(ECONOMIST), "/matcha/deltagare").len(), unit.len() + leyla.len());

    // A level that keeps no accounts is refused on the pages of those who do.
    for page in ["/matcha/inloggningar", "/matcha/var-fil"] {
        assert!(matches!(worker.get(page).status, 403 | 404), "{page}");
    }

    // A colleague's participant: no page, no list under it, no hit, and the clause of the rule.
    let other = mattias.first().expect("one");
    worker.get(other).with_status(403).says(&["punkt S.10"]);
    let notes = format!("/api/v1/matcha/daganteckningar?parent={}", number(other));
    let _ = worker.send("GET", &notes, &[], b"").with_status(403);
    worker.get("/matcha/deltagare?q=Holmgren").with_status(200).says(&["Inget hittades"]);
    head.get("/matcha/deltagare?q=Holmgren").with_status(200).says(&["Märta Holmgren"]);
    // Nor on a computed page, nor counted there.
    for page in ["arbetslista", "manadsrapport", "ersattning"] {
        let address = format!("/matcha/vy/{page}");
        worker.get(&address).with_status(200).says_nothing_of(&["Märta Holmgren"]);
        head.get(&address).with_status(200).says_nothing_of(&["Lovisa Nordström"]);
    }
    head.get("/matcha/vy/manadsrapport").says(&["Märta Holmgren"]);
    demo.end_well();
}

#[test]
fn a_new_participant_is_proposed_as_ones_own_and_one_is_handed_over() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let form = worker.get("/matcha/deltagare/new").with_status(200);
    let proposed = form.form("/deltagare/new").fields;
    let me = called(&mut worker, "/matcha/anvandare", WORKER);
    let value = |name: &str| proposed.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    assert_eq!((value("case-worker"), value("unit")), (Some(number(&me)), Some("ka-1001")));
    let person = [("given-name", "Nya"), ("family-name", "Deltagarsson")];
    let made = worker.submit(&form, "/deltagare/new", &person).with_status(200);
    made.says(&["Nya Deltagarsson", WORKER, "Västerås"]);
    let file = made.path.split(['?', '#']).next().expect("a path").to_owned();

    // To somebody else's account it is not written; handed over it is the colleague's.
    let colleague = called(&mut worker, "/matcha/anvandare", COLLEAGUE);
    let wrong = [("given-name", "En"), ("family-name", "Annans"), ("case-worker", number(&colleague))];
    let form = worker.get("/matcha/deltagare/new").with_status(200);
    worker.submit(&form, "/deltagare/new", &wrong).with_status(403).says(&["punkt S.10"]);
    let mut head = demo.enter(UNIT_HEAD);
    let edit = head.get(&format!("{file}/edit")).with_status(200);
    head.submit(&edit, "/edit", &[("case-worker", number(&colleague))]).with_status(200).says(&[COLLEAGUE]);
    let _ = worker.get(&file).with_status(403);
    demo.enter(COLLEAGUE).get(&file).with_status(200).says(&["Nya Deltagarsson"]);
    // What the earlier one wrote is still told as theirs.
    let log = demo.enter(ADMINISTRATOR).get(&format!("/matcha/vem-har-sett?record={}", number(&file)));
    log.with_status(200).says(&[WORKER, UNIT_HEAD, COLLEAGUE]);

    // A unit head writes of its own unit.
    let person = [("given-name", "Enhetens"), ("family-name", "Egen"), ("unit", "ka-1001")];
    write(&mut head, "deltagare", None, &person);
    let away = r#"{"fields":{"given-name":"En","family-name":"Annans","unit":"ka-1002"}}"#;
    let refused = head.api("POST", "/api/v1/matcha/deltagare", &[], away).with_status(403);
    refused.says(&["out-of-reach", "S.10"]);
    demo.end_well();
}
