//! Where data may go: by the country's days in the agreed area, or by a basis that holds on the day of the act.

use agreement::Agreement;
use terms::{Instant, SubprocessorId, Verb};

use crate::model::act;

/// The answer to a disclosure to a recipient in `country` at `day`, under these further terms.
fn answer(country: &str, terms: &str, day: &str) -> String {
    let frame = include_str!("../bad/frame.md").replace("country = \"SE\"", &format!("country = \"{country}\""));
    let text = format!("{frame}\n## 6 Transfers {{#transfers}}\n\n```toml\n{terms}\n```\n");
    let agreement = Agreement::read("frame.md", &text).unwrap_or_else(|faults| panic!("{faults}"));
    let mut act = act("case-worker disclose provide participant: name");
    assert_eq!(act.verb, Verb::Disclose);
    act.recipient = Some(SubprocessorId::new("post").unwrap());
    act.country = Some(country.to_owned());
    let day: jiff::civil::Date = day.parse().unwrap();
    let noon = day.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
    act.instant = Instant(noon.timestamp().as_microsecond());
    match agreement.decide(act) {
        Ok(_) => "yes".to_owned(),
        Err(refusal) => format!("{} {}", refusal.reason.code(), refusal.clause),
    }
}

const AREA: &str = "[transfers]\narea = \"eu-eea\"\nbeyond = \"ground\"\n";

fn basis(id: &str, evidence: &str) -> String {
    format!("{AREA}\n[[transfer]]\nsubprocessor = \"post\"\nbasis = \"{id}\"\n{evidence}\n")
}

#[test]
fn within_the_area_data_may_go_and_beyond_it_takes_a_basis() {
    for (country, expected) in
        [("SE", "yes"), ("NO", "yes"), ("US", "no-transfer-basis transfers"), ("AU", "no-transfer-basis transfers")]
    {
        assert_eq!(answer(country, AREA, "2026-11-21"), expected, "{country}");
    }
    assert_eq!(answer("US", "", "2026-11-21"), "no-transfer-basis recipients", "Chapter V holds without a clause");
}

#[test]
fn the_area_of_the_agreement_is_the_one_that_counts() {
    let area = |area: &str| AREA.replace("eu-eea", area);
    assert_eq!(answer("NO", &area("eu"), "2026-11-21"), "no-transfer-basis transfers");
    assert_eq!(answer("DE", &area("eu"), "2026-11-21"), "yes");
    assert_eq!(answer("DE", &area("se"), "2026-11-21"), "no-transfer-basis transfers");
}

#[test]
fn a_country_that_left_the_area_is_outside_from_that_day() {
    assert_eq!(answer("GB", AREA, "2020-12-31"), "yes");
    assert_eq!(answer("GB", AREA, "2021-01-01"), "no-transfer-basis transfers");
}

#[test]
fn a_basis_carries_a_transfer_on_its_days_and_no_longer() {
    let shield = basis("privacy-shield-2016", "evidence = \"listing\"");
    assert_eq!(answer("US", &shield, "2020-07-15"), "yes");
    assert_eq!(answer("US", &shield, "2020-07-16"), "no-transfer-basis transfers");
    assert_eq!(answer("US", &basis("eu-us-dpf-2023", "evidence = \"listing\""), "2026-11-21"), "yes");
    assert_eq!(
        answer("AU", &basis("eu-us-dpf-2023", "evidence = \"listing\""), "2026-11-21"),
        "no-transfer-basis transfers"
    );
    assert_eq!(
        answer("US", &basis("eu-us-dpf-2023", ""), "2026-11-21"),
        "no-transfer-basis transfers",
        "no listing at hand"
    );
    assert_eq!(answer("US", &basis("handshake", "evidence = \"x\""), "2026-11-21"), "no-transfer-basis transfers");
}

#[test]
fn where_the_agreement_asks_for_approval_a_basis_without_it_is_none() {
    let approval = |evidence: &str| {
        basis("scc-2021-m3", evidence).replace("beyond = \"ground\"", "beyond = \"written-approval-and-ground\"")
    };
    assert_eq!(answer("US", &approval(""), "2026-11-21"), "no-transfer-basis transfers");
    assert_eq!(answer("US", &approval("evidence = \"signed 2026-03-01\""), "2026-11-21"), "yes");
    let never = basis("scc-2021-m3", "evidence = \"x\"").replace("beyond = \"ground\"", "beyond = \"refused\"");
    assert_eq!(answer("US", &never, "2026-11-21"), "no-transfer-basis transfers");
}
