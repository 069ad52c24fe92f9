//! Anonymising over pages and the interface: the plan with its figures, the confirmation, the certificate, what stays; and who is
//! refused.

use serde_json::Value;

use crate::people::{Demo, listed};

const ADMINISTRATOR: &str = "Astrid Balans";

#[test]
fn records_of_use_become_figures_and_the_certificate_says_which() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let users = listed(&mut boss, "/senseworks/anvandare").len();
    let page = boss.get("/senseworks/statistik").with_status(200);
    page.says(&["Inga uppgifter har avidentifierats ännu", "Visa vad som skulle hända", "Inloggningar och användning"]);
    let today = crate::desk::day(0);
    let _ = boss.get("/senseworks/statistik/anvandning?day=i+maj").with_status(422);
    let plan = boss.get(&format!("/senseworks/statistik/anvandning?day={today}")).with_status(200);
    // A plan tells how much goes, and no figure: of two plans a person could be reckoned.
    plan.says(&[
        "Vad som räknas",
        "Det här går",
        "Bara grupper om minst 5 personer",
        "Radera posterna och behåll siffrorna",
    ]);
    plan.says_nothing_of(&["Siffror som stannar", "lämnar ingen siffra"]);
    let certificate = boss.submit(&plan, "/statistik/anvandning", &[]).with_status(200);
    certificate.says(&["Siffror som stannar", "Oanvändbart här", "minst 5 personer"]);
    let left = boss.get("/senseworks/statistik").with_status(200);
    left.says(&["Intyg om raderingen", "Hämta siffrorna"]).says_nothing_of(&["Provrad", "@redovisning.example"]);
    assert_eq!(listed(&mut boss, "/senseworks/anvandare").len(), users, "the people stay");
    // Nothing is left to be anonymised: the page says so, and gives no button.
    let again = boss.get(&format!("/senseworks/statistik/anvandning?day={today}")).with_status(200);
    again.says(&["Ingenting skulle raderas"]).says_nothing_of(&["Radera posterna och behåll siffrorna"]);
    let csv = boss.get("/senseworks/statistik.csv").with_status(200);
    csv.says(&["made,kind,until,by,values,records,persons,persons_at_least", "use-of-service"]);

    // The same over the interface.
    let kept = boss.api("GET", "/api/v1/senseworks/figures", &[], "").with_status(200);
    let kept: Value = serde_json::from_str(&kept.body).expect("JSON");
    let figures = &kept["items"][0];
    assert_eq!((&figures["kind"], &figures["persons_at_least"]), (&Value::from("use-of-service"), &Value::from(5)));
    let groups = figures["groups"].as_array().expect("groups");
    assert!(groups.iter().all(|group| group["persons"].as_u64().is_some_and(|persons| persons >= 5)), "{groups:?}");
    let at = "/api/v1/senseworks/figures";
    let wish = |kind: &str, until: &str| format!(r#"{{"kind":"{kind}","until":"{until}"}}"#);
    let planned = boss.api("POST", at, &[], &wish("use-of-service", &today)).with_status(200);
    let planned: Value = serde_json::from_str(&planned.body).expect("JSON");
    assert!(planned["would"]["goes"].as_array().is_some_and(Vec::is_empty), "{planned}");
    assert_eq!(planned["would"]["persons_at_least"], Value::from(5), "{planned}");
    for of_groups in ["figures", "groups", "left_out", "persons"] {
        assert!(planned["would"].get(of_groups).is_none(), "{planned}");
    }
    let _ = boss.api("POST", at, &[], &wish("comment", &today)).with_status(400);
    let _ = boss.api("POST", at, &[], &wish("use-of-service", "i maj")).with_status(400);

    // In English, and for nobody else.
    let mut english = demo.enter(ADMINISTRATOR).speaking("en");
    english.get("/senseworks/statistik").with_status(200).says(&["Counts, where each figure", "Persons"]);
    let mut economist = demo.enter("Elis Debet");
    let _ = economist.get("/senseworks/statistik").with_status(403);
    let _ = economist.get(&format!("/senseworks/statistik/anvandning?day={today}")).with_status(403);
    let _ = demo.enter(crate::people::ADMINISTRATOR).get("/matcha/statistik").with_status(404);
    demo.end_well();
}
