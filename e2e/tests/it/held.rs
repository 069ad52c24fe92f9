//! A legal hold over pages and the interface: placed, seen in the plan and the register, in the way of an erasure, lifted.

use crate::people::{ADMINISTRATOR, Demo, OTHER_ADMINISTRATOR, UNIT_HEAD, WORKER, called, listed, number};

/// What a law demands to be kept is listed with the law and the day on which that ends, and the rest goes.
// runs: E-B3.6.2 E-B31.3b
#[test]
fn an_end_customer_goes_and_the_vouchers_stay_under_a_hold_with_law_and_end() {
    let demo = Demo::start();
    let mut office = demo.enter("Hilma Pärm");
    let customer = listed(&mut office, "/entre/kunder").swap_remove(0);
    let mut boss = demo.enter("Gerd Mutter");
    let register = boss.get("/entre/raderingsstopp").with_status(200);
    let law = "Bokföringslagen 7 kap. 2 §: sju år efter räkenskapsårets slut";
    let fields = [("scope", "customer-invoice"), ("why", "legal-obligation"), ("until", "2033-12-31"), ("words", law)];
    let one = boss.submit(&register, "/raderingsstopp", &fields).with_status(200);
    one.says(&["Kundfakturor, alla", "en lag eller en myndighets beslut", "1 januari 2034", law]);
    boss.get("/entre/raderingsstopp").with_status(200).says(&["Kundfakturor, alla", "1 stopp gäller"]);
    // Research is no ground that this agreement lets anybody hold on.
    let fields = [("scope", "customer-invoice"), ("why", "archiving")];
    boss.submit(&register, "/raderingsstopp", &fields).with_status(403).says(&["B3.6"]);
    let plan = boss.get(&format!("{customer}/radera")).with_status(200);
    plan.says(&["Det här blir kvar", "Kundfakturor", "Radera enligt planen"]);
    boss.submit(&plan, "/radera", &[]).with_status(200).says(&["Oanvändbart här", "Kundfakturor"]);
    assert_eq!(office.get(&customer).status, 404);
    demo.end_well();
}

#[test]
fn a_held_participant_is_not_erased_and_each_page_says_why() {
    let demo = Demo::start();
    let mut head = demo.enter(UNIT_HEAD);
    let participant = called(&mut head, "/matcha/deltagare", "Göran Söderberg");
    let form = head.get(&format!("{participant}/stoppa")).with_status(200);
    form.says(&["Stoppa radering av", "artikel 17.3"]);
    let again = head.submit(&form, "/stoppa", &[("until", "2020-01-01"), ("words", "Tvist i tingsrätten")]);
    again.with_status(422).says(&["välj en dag som inte har varit", "Tvist i tingsrätten"]);
    let placed = head.submit(&form, "/stoppa", &[("words", "Tvist i tingsrätten")]).with_status(200);
    placed.says(&["Det gäller nu", "Tvist i tingsrätten", "rättsliga anspråk"]);
    let hold = head.get("/matcha/raderingsstopp").with_status(200);
    hold.says(&["1 stopp gäller", "Gäller"]).says_nothing_of(&["Tvist i tingsrätten", "Söderberg"]);
    let address = hold.links().into_iter().find(|link| link.starts_with("/matcha/raderingsstopp/")).expect("the hold");

    // In the way of everybody's erasure, over pages and the interface.
    let mut boss = demo.enter(ADMINISTRATOR);
    let plan = boss.get(&format!("{participant}/radera")).with_status(200);
    plan.says(&["Det här står emot", "får inte raderas", "tills det hävs"]).says_nothing_of(&["Radera enligt planen"]);
    let id = number(&participant);
    let at = format!("/api/v1/matcha/deltagare/{id}/erasure");
    let preview = boss.api("POST", &format!("{at}?preview"), &[], "").with_status(200);
    let preview: serde_json::Value = serde_json::from_str(&preview.body).expect("JSON");
    assert_eq!(preview["would"]["against"][0]["what"], "hold");
    let body = format!(r#"{{"plan":{}}}"#, preview["plan"]);
    boss.api("POST", &at, &[], &body).with_status(403).says(&["raderingsstopp"]);
    let package = head.get(&format!("/api/v1/matcha/deltagare/{id}/person")).with_status(200);
    let package: serde_json::Value = serde_json::from_str(&package.body).expect("JSON");
    assert_eq!(package["holds"][0]["ground"], "legal-claims");

    // Who may not hold neither sees the register nor places one; another customer sees nothing of it.
    let mut worker = demo.enter(WORKER);
    drop(worker.get("/matcha/raderingsstopp").with_status(403));
    drop(worker.get(&format!("{participant}/stoppa")).with_status(403));
    let mut other = demo.enter(OTHER_ADMINISTRATOR);
    other.get("/matcha/raderingsstopp").with_status(200).says(&["Inget är stoppat"]);
    assert_eq!(other.get(&address).status, 404);

    // Lifted over the interface; then the erasure goes.
    let id = address.rsplit('/').next().expect("a number");
    let one = boss.api("GET", &format!("/api/v1/matcha/holds/{id}"), &[], "").with_status(200);
    one.says(&["Tvist i tingsrätten"]);
    drop(boss.api("DELETE", &format!("/api/v1/matcha/holds/{id}"), &[], "").with_status(204));
    drop(boss.api("DELETE", &format!("/api/v1/matcha/holds/{id}"), &[], "").with_status(404));
    let wish = r#"{"scope":"kind","kind":"participant","ground":"no-such"}"#;
    drop(boss.api("POST", "/api/v1/matcha/holds", &[], wish).with_status(400));
    let plan = boss.get(&format!("{participant}/radera")).with_status(200);
    boss.submit(&plan, "/radera", &[]).with_status(200).says(&["Oanvändbart här"]);
    demo.end_well();
}
