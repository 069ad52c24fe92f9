//! An erasure that can be taken back, in the service whose agreement knows one: chosen in the dialog, closed to everybody, brought
//! back, and after its day erased for good by the program.

use crate::people::{Demo, listed, number};

const ADMINISTRATOR: &str = "Astrid Balans";

// runs: S-B1.19b
#[test]
fn what_is_erased_for_a_time_is_read_by_nobody_and_brought_back_until_its_day() {
    let demo = Demo::start();
    let mut boss = demo.enter(ADMINISTRATOR);
    let mut economist = demo.enter("Elis Debet");
    let company = listed(&mut economist, "/senseworks/foretag").swap_remove(0);
    let id = number(&company).to_owned();
    let plan = boss.get(&format!("{company}/radera")).with_status(200);
    plan.says(&["Radera enligt planen", "Radera, men kunna återta en tid", "Sista dag att återta"]);
    // The choice is demanded: a way back without a day, or later than the agreement lets it be, erases nothing.
    let form = plan.forms().into_iter().find(|form| form.fields.iter().any(|(_, value)| value == "for-a-time"));
    let form = form.expect("the form for a time");
    let with = |until: &str| {
        let mut fields: Vec<(String, String)> = form.fields.clone();
        fields.retain(|(name, _)| name != "until");
        fields.push(("until".to_owned(), until.to_owned()));
        fields
    };
    let post = |boss: &mut e2e::Visitor, until: &str| {
        let fields = with(until);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        boss.post(&form.action, &fields)
    };
    post(&mut boss, "").with_status(422).says(&["Inget är raderat"]);
    let _ = post(&mut boss, "2099-01-01").with_status(403);
    let _ = economist.get(&company).with_status(200);
    post(&mut boss, &crate::desk::day(10)).with_status(200).says(&["Kan återtas", "Återta"]);
    assert_eq!(economist.get(&company).status, 403);
    let set_aside = boss.api("GET", "/api/v1/senseworks/erasures/set-aside", &[], "").with_status(200);
    let set_aside: serde_json::Value = serde_json::from_str(&set_aside.body).expect("JSON");
    assert_eq!(set_aside["items"][0]["record"], id.as_str());
    let page = boss.get("/senseworks/raderingar").with_status(200);
    boss.submit(&page, "/aterta", &[]).with_status(200).says_nothing_of(&["Kan återtas"]);
    let _ = economist.get(&company).with_status(200);
    demo.end_well();
}
