//! What was odd on reading, what is promised and what is not, and that every register stands in both languages.

use super::open_shelf::{changed, of};

// runs: C-SA.9f
#[test]
fn renewal_is_not_defined_and_the_agreement_runs_until_further_notice() {
    let pages = of("cling");
    let parties = pages.register("parties", "");
    assert_eq!(parties.said("duration.agreement.end", "value"), "tills vidare");
    assert!(!parties.column("", "fact").iter().any(|fact| fact.contains("förläng")));
    assert!(pages.register("remarks", "").said("oddity.renewal-not-defined", "what").contains("definieras inte"));
}

// runs: C-SA.12d
#[test]
fn no_availability_is_promised() {
    let level = of("cling").register("service-level", "");
    assert_eq!(level.said("availability", "value"), "ingen tillgänglighet är utlovad");
    assert!(of("entre").register("service-level", "").ids("availability").iter().all(|id| id != "availability"));
}

// runs: C-DPA.4.6b
#[test]
fn the_mandate_is_for_model_clauses_alone() {
    let remarks = of("cling").register("remarks", "");
    assert_eq!(
        remarks.said("oddity.mandate-against-prohibition", "by-reading"),
        "undantaget gäller bara modellklausulerna"
    );
    assert_eq!(remarks.clause("oddity.mandate-against-prohibition"), "PUB.4.6");
}

// runs: E-N
#[test]
fn the_first_204_lines_are_no_clauses_and_the_span_is_told() {
    let pages = of("entre");
    let remarks = pages.register("remarks", "");
    assert!(remarks.said("oddity.other-documents-first", "what").starts_with("Raderna 1 till 204"));
    assert_eq!(remarks.said("oddity.other-documents-first", "decided"), "raderna 1 till 204 är överhoppade");
    // Every clause that any register names is one of the agreement's own.
    let page = pages.page("avtal");
    for id in ["duties", "measures", "money"] {
        let register = pages.register(id, "");
        for row in register.ids("") {
            assert!(page.contains(&register.clause(&row)), "{row}");
        }
    }
}

// runs: E-A3e
#[test]
fn fewer_users_by_two_rules_and_the_one_in_use() {
    let remarks = of("entre").register("remarks", "");
    assert!(
        remarks.said("oddity.fewer-users", "what").contains("A3.3")
            && remarks.said("oddity.fewer-users", "what").contains("A4.1")
    );
    assert!(remarks.said("oddity.fewer-users", "by-reading").contains("hela kalendermånaden"));
}

// runs: E-B3.11.1
#[test]
fn the_duties_hold_until_the_data_is_gone() {
    let remarks = of("entre").register("remarks", "");
    assert!(remarks.said("oddity.gap-after-end", "what").contains("lagras minst 30 dagar därefter"));
    assert_eq!(remarks.said("oddity.gap-after-end", "decided"), "skyldigheterna gäller tills uppgifterna är borta");
}

// runs: E-B3.gap
#[test]
fn the_gap_in_the_annexes_is_told_and_no_page_number_stands_in_a_clause() {
    let pages = of("entre");
    let remarks = pages.register("remarks", "");
    assert!(remarks.said("oddity.no-annex-2", "what").contains("bilaga 2 saknas"));
    assert!(remarks.said("oddity.page-numbers", "by-reading").contains("sidnumren läses inte"));
    let page = pages.page("avtal");
    for number in 1..=18 {
        assert!(!page.contains(&format!("Sida {number} ")) && !page.contains(&format!("{number} (18)")), "{number}");
    }
}

#[test]
fn a_level_that_no_row_holds_is_shown_as_a_gap() {
    let reductions = of("entre").register("reductions", "");
    assert_eq!(reductions.ids("gap.").len(), 4, "{:?}", reductions.ids(""));
    assert!(reductions.column("gap.", "reduces").iter().all(|said| said.contains("står i ingen rad")));
}

#[test]
fn every_register_of_every_service_stands_in_both_languages_with_a_heading_and_its_rows() {
    for service in ["matcha", "cling", "senseworks", "entre", "websupport"] {
        let pages = of(service);
        let index = pages.raw("avtal/register");
        let ids: Vec<&str> = index
            .split(&format!("href=\"/{service}/avtal/register/"))
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert!(ids.len() > 15, "{service}: {ids:?}");
        for id in ids {
            let html = pages.raw(&format!("avtal/register/{id}"));
            assert_eq!(html.matches("<h1>").count(), 1);
            assert!(!html.contains("agreement-registers-") && !html.contains("<script"), "{service} {id}");
            let register = pages.register(id, "");
            assert!(
                html.matches("<tr>").count() > register.ids("").len() || register.ids("").is_empty(),
                "{service} {id}"
            );
            assert!(pages.raw(&format!("avtal/register/{id}.csv")).lines().count() > register.ids("").len());
        }
    }
}

#[test]
fn what_is_asked_wrongly_is_said() {
    let pages = of("matcha");
    assert_eq!(pages.status("avtal/register/nothing"), 404);
    assert_eq!(pages.status("avtal/register/law?on=soon"), 400);
    assert_eq!(pages.status("avtal/register/law.json?on=soon"), 400);
    assert!(pages.register_page("law?q=%3Cb%3E").contains("Inga rader passar"));
    let other = changed("matcha", &[("as-written = \"Datainspektionen\"", "as-written = \"<b>Inspektionen</b>\"")]);
    assert!(other.raw("avtal/register/law").contains("&lt;b&gt;Inspektionen"));
}

/// Rows that are only legal text, by the service whose agreement carries them.
const LEGAL: [(&str, &[&str]); 2] = [
    ("cling", &["C-SA.7d", "C-SA.12c", "C-SA.14b"]),
    ("entre", &["E-A2e", "E-A2l", "E-A4j", "E-A6e", "E-A7b", "E-A7e", "E-A10h", "E-A10l"]),
];

// runs: M-13.2
#[test]
fn each_bears_its_own_fines() {
    let liability = of("matcha").register("liability", "");
    let said = liability.column("liability.", "value");
    assert!(said.contains(&"var och en bär sin egen".to_owned()), "{said:?}");
}

// runs: M-13.1a
#[test]
fn clause_13_1_stands_in_the_liability_section() {
    let liability = of("matcha").register("liability", "");
    assert!(liability.ids("liability.").iter().any(|row| liability.clause(row) == "13.1"));
}

// runs: C-SA.12a
#[test]
fn only_gross_negligence_or_intent_and_the_wording_is_told_of() {
    let pages = of("cling");
    let said = pages.register("liability", "").column("liability.", "value");
    assert!(said.contains(&"bara vid grov vårdslöshet eller uppsåt".to_owned()), "{said:?}");
    assert!(pages.register("remarks", "").said("oddity.direct-among-indirect", "what").contains("Direkt skada"));
}

// runs: C-SA.12b
#[test]
fn no_cap_in_an_amount_is_stated() {
    assert_eq!(
        of("cling").register("liability", "").said("liability.no-cap", "value"),
        "inget tak i belopp är angivet"
    );
    assert!(of("matcha").register("liability", "").ids("liability.no-cap").is_empty());
}

// runs: C-SA.7d C-SA.12c C-SA.14b E-A2e E-A2l E-A4j E-A6e E-A7b E-A7e E-A10h E-A10l
#[test]
fn legal_text_is_recorded_with_its_text_and_hash_and_not_enforced() {
    for (service, rows) in LEGAL {
        let legal = of(service).register("legal-text", "");
        assert_eq!(legal.0["title"]["en"], "Recorded, not enforced");
        for row in rows {
            let listed = legal.ids("recorded.");
            let found = listed.iter().find(|id| legal.said(id, "rows").split(", ").any(|source| source == *row));
            let found = found.unwrap_or_else(|| panic!("{row} is not listed"));
            assert!(!legal.said(found, "text").is_empty() && legal.said(found, "hash").len() == 64, "{row}");
        }
    }
}
