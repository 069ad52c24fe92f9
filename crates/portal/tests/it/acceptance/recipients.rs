//! Who else receives data and on which basis on the day; and the register of a controller.

use super::open_shelf::{changed, of};

// runs: C-DPA.6.1a
#[test]
fn cling_has_a_general_authorisation() {
    let page = of("cling").register_page("subprocessing");
    assert!(page.contains("Allmänt förhandstillstånd"), "{page}");
    let specific = changed("cling", &[("authorisation = \"general\"", "authorisation = \"specific\"")]);
    assert_eq!(
        specific.register("subprocessing", "").said("subprocessing.authorisation", "value"),
        "särskilt förhandstillstånd"
    );
}

// runs: S-6.1a
#[test]
fn senseworks_has_a_general_authorisation_with_a_month_to_object() {
    let page = of("senseworks").register_page("subprocessing");
    assert!(page.contains("Allmänt förhandstillstånd, med 1 månad att invända."), "{page}");
}

// runs: C-B2.0
#[test]
fn eighteen_recipients_with_name_service_place_and_data() {
    let transfers = of("cling").register("transfers", "");
    assert_eq!(transfers.ids("").len(), 18);
    for id in transfers.ids("") {
        assert!(!["unsaid", "not found"].contains(&transfers.said(&id, "data").as_str()), "{id}");
        assert!(!transfers.said(&id, "task").is_empty() && !transfers.said(&id, "name").is_empty());
        let place = [transfers.said(&id, "country"), transfers.said(&id, "place")];
        assert!(place.iter().any(|said| !["unsaid", "not found"].contains(&said.as_str())), "{id}: {place:?}");
    }
}

// runs: S-B2.0
#[test]
fn the_annex_is_missing_and_so_the_list_is_empty_and_nobody_beyond_receives() {
    let pages = of("senseworks");
    assert_eq!(pages.register("documents", "").said("document.annex-2", "status"), "saknas");
    let transfers = pages.register("transfers", "");
    assert!(transfers.ids("").is_empty());
    assert_eq!(transfers.note(), "Listan är tom: ingen utanför biträdet får uppgifter.");
    assert_eq!(pages.register("remarks", "").said("oddity.annex-2-missing", "action"), "den delen tas inte i bruk");
}

// runs: M-SP.17c
#[test]
fn an_organisation_that_is_only_mentioned_receives_nothing_until_it_is_listed() {
    let transfers = of("matcha").register("transfers", "");
    assert_eq!(transfers.said("mentioned.Multisoft AB", "basis"), "nämns men är inget underbiträde; får inget");
    assert_eq!(transfers.standing("mentioned.Multisoft AB", "basis"), "stop");
    assert!(!transfers.column("", "name")[..8].contains(&"Multisoft AB".to_owned()));
    assert_eq!(of("matcha").register("remarks", "").said("oddity.unlisted-reader", "action"), "flödet stoppas");
    let listed = changed(
        "matcha",
        &[(
            "[[mentioned]]\norganisation = \"Multisoft AB\"",
            "[[subprocessor]]\nid = \"multisoft\"\nname = \"Multisoft AB\"\ntask = { sv = \"drift\", en = \"operations\" }\ncountry = \"SE\"\ncategories = [\"name\"]\nplace = \"Stockholm\"\n\n[[mentioned]]\norganisation = \"Multisoft i Norden\"",
        )],
    );
    assert_eq!(listed.register("transfers", "").said("multisoft", "basis"), "inom EU/EES");
}

// runs: L-0a
#[test]
fn the_register_shows_its_day_and_says_when_it_is_old() {
    let pages = of("websupport");
    assert_eq!(pages.register("about", "").said("published", "value"), "2020-06-18");
    assert_eq!(pages.register("about", "").standing("age", "value"), "open");
    assert!(pages.register("about", "").said("age", "value").contains("äldre än 1 år"));
    assert_eq!(pages.register("about", "?on=2020-07-01").standing("age", "value"), "plain");
    let patient =
        changed("websupport", &[("stale-after = { value = \"1 year\"", "stale-after = { value = \"20 years\"")]);
    assert_eq!(patient.register("about", "").standing("age", "value"), "plain");
}

// runs: L-0b
#[test]
fn it_is_a_register_only_and_what_article_28_asks_for_is_listed_as_missing() {
    let about = of("websupport").register("about", "");
    let missing = about.said("document.agreement", "value");
    for point in ["instruktioner", "säkerhet", "incidenter", "radering och återlämning", "granskning"] {
        assert!(missing.starts_with("saknas") && missing.contains(point), "{missing}");
    }
    assert!(about.said("oddity.called-agreement", "value").contains("bara som register"));
}

// runs: L-1a
#[test]
fn the_register_stands_under_we_as_controller_and_its_recipients_are_nobody_s_subprocessors() {
    let pages = of("websupport");
    assert!(pages.page("avtal/register").contains("Vi som personuppgiftsansvarig"));
    assert!(pages.register_page("recipients").contains("Vi som personuppgiftsansvarig"));
    assert_eq!(pages.register("about", "").said("of", "value"), "personuppgiftsansvarig");
    assert!(pages.register("about", "").note().contains("inga underbiträden åt någon kund"));
}

// runs: L-1b
#[test]
fn anybody_finds_each_supplier_with_reason_data_country_and_ground() {
    let recipients = of("websupport").register("recipients", "");
    assert_eq!(recipients.ids("").len(), 38);
    for id in recipients.ids("") {
        for column in ["supplier", "reason", "country", "ground"] {
            assert!(!["unsaid", "not found", ""].contains(&recipients.said(&id, column).as_str()), "{id} {column}");
        }
        // One row's data is not stated in the source, and that is said in its place.
        assert!(!recipients.said(&id, "data").is_empty() && recipients.said(&id, "data") != "unsaid", "{id}");
    }
    let found = of("websupport").register("recipients", "?q=zendesk");
    assert_eq!(found.ids(""), ["zendesk"]);
}

// runs: L-3
#[test]
fn the_register_is_counted() {
    let about = of("websupport").register("about", "");
    assert_eq!((about.said("rows", "value").as_str(), about.said("suppliers", "value").as_str()), ("38", "37"));
    let countries = about.said("countries", "value");
    for count in ["SE 14", "US 11", "DE 3", "DK 2", "CA 2", "IE 1", "AU 1", "LU 1", "BE 1", "FI 1", "PL 1"] {
        assert!(countries.split(", ").any(|one| one == count), "{countries}");
    }
    assert_eq!(countries.split(", ").count(), 11);
}

// runs: L-4
#[test]
fn marketing_profiling_and_recording_on_the_contract_alone_wait_for_a_decision() {
    let recipients = of("websupport").register("recipients", "");
    for id in ["apsis", "trustpilot", "uc", "uno-telefoni"] {
        assert!(recipients.said(id, "ground").contains("artikel 6.1 b"), "{id}");
        assert_eq!(recipients.said(id, "treated"), "väntar på beslut", "{id}");
        assert!(recipients.said(id, "flag").contains("på grund av avtal"), "{id}");
    }
}

// runs: L-7
#[test]
fn australia_lacks_a_ground_and_canada_s_is_to_be_recorded() {
    let recipients = of("websupport").register("recipients", "");
    assert_eq!(
        (recipients.said("atlassian", "country").as_str(), recipients.said("atlassian", "transfer").as_str()),
        ("AU", "grund saknas")
    );
    assert_eq!(recipients.standing("atlassian", "treated"), "stop");
    for id in ["tucows-domains", "tucows-certificates"] {
        assert_eq!(
            (recipients.said(id, "country").as_str(), recipients.standing(id, "treated").as_str()),
            ("CA", "open")
        );
    }
    assert!(recipients.said("tucows-domains", "flag").contains("adekvat"));
}

#[test]
fn privacy_shield_carried_until_its_last_day_and_no_longer() {
    let pages = of("websupport");
    let (before, after) =
        (pages.register("recipients", "?on=2020-07-15"), pages.register("recipients", "?on=2020-07-16"));
    assert_eq!(
        before.column("", "transfer").iter().filter(|said| said.starts_with("Privacy Shield gäller, om")).count(),
        8
    );
    assert_eq!(
        after
            .column("", "transfer")
            .iter()
            .filter(|said| *said == "Privacy Shield gäller inte sedan 2020-07-16")
            .count(),
        8
    );
}

// runs: L-R.11
#[test]
fn a_row_in_the_usa_without_a_ground_is_stopped_until_one_is_recorded() {
    let recipients = of("websupport").register("recipients", "");
    assert_eq!(
        (recipients.said("google", "country").as_str(), recipients.said("google", "transfer").as_str()),
        ("US", "grund saknas")
    );
    assert_eq!(
        (recipients.standing("google", "transfer").as_str(), recipients.standing("google", "treated").as_str()),
        ("stop", "stop")
    );
    let recorded = changed(
        "websupport",
        &[(
            "transfer = { not-found = \"grund för överföring; raden anger bara avtalet\" }",
            "transfer = \"scc-2021-m3\"",
        )],
    );
    assert_eq!(recorded.register("recipients", "").standing("google", "transfer"), "open");
}

// runs: C-B2.8
#[test]
fn a_place_that_does_not_fit_the_owner_is_to_be_confirmed() {
    let flag = of("cling").register("transfers", "").said("mandrill", "flag");
    assert!(flag.contains("amerikanskt") && flag.contains("Platsen ska bekräftas"), "{flag}");
}
