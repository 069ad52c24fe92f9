//! One event under every agreement: open to everybody, by address, without script.

use axum::http::StatusCode;

use crate::stand_in::Visitor;

#[test]
fn the_page_says_who_by_when_how_it_is_counted_and_by_which_clause() {
    let visitor = Visitor::new(false, false);
    let seen = visitor.get("/same-event?event=incident&at=2026-12-23T16:45");
    assert_eq!(seen.status, StatusCode::OK);
    for told in [
        "Berätta för kunden om incidenten",
        "Utan onödigt dröjsmål",
        "driftens egen gräns: senast torsdag 24 december 2026 kl. 16.45",
        "Operatörens egen gräns är 24 timmar. Den är inget löfte i avtalet.",
        "href=\"/matcha/avtal#incident-notice\"",
        "Hittas inte i avtalet",
    ] {
        assert!(seen.body.contains(told), "{told}");
    }
    assert!(!seen.body.contains("<script") && !seen.body.contains("same-event-"), "{}", seen.body);
}

#[test]
fn another_event_and_moment_give_another_answer() {
    let visitor = Visitor::new(false, false);
    let seen = |address: &str| visitor.get(address).body;
    let (winter, summer) = (seen("/same-event?at=2026-12-23T16:45"), seen("/same-event?at=2026-06-18T16:45"));
    assert!(winter != summer && summer.contains("fredag 19 juni 2026 kl. 16.45"));
    let others = seen("/same-event?event=new-subprocessor&at=2026-12-23T16:45");
    assert!(
        others.contains("<option value=\"subprocessor-change\" selected>")
            && others.contains("Tidigast fredag 22 januari 2027")
    );
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_is_answered_in_its_place() {
    let visitor = Visitor::new(false, false);
    let seen = visitor.get("/same-event?event=incident&at=%3Cb%3Esnart");
    assert_eq!(seen.status, StatusCode::BAD_REQUEST);
    assert!(seen.body.contains("Det här är ingen tidpunkt") && seen.body.contains("value=\"&lt;b&gt;snart\""));
    assert!(!seen.body.contains("Berätta för kunden"));
    for far in ["0001-01-01T00:00", "9999-12-31T23:59"] {
        let seen = visitor.get(&format!("/same-event?at={far}"));
        assert!(seen.status == StatusCode::BAD_REQUEST && !seen.body.contains("Berätta för kunden"), "{far}");
    }
    let seen = visitor.get("/same-event?event=party");
    assert!(seen.body.contains("Det finns ingen sådan händelse") && !seen.body.contains("Berätta för kunden"));
}

#[test]
fn the_first_page_of_a_demo_shows_an_incident_and_asks_about_another_event() {
    let first = Visitor::new(true, false).get("/");
    for told in ["action=\"/same-event\"", "Utan onödigt dröjsmål", "href=\"/same-event#act-0\""] {
        assert!(first.body.contains(told), "{told}");
    }
}
