//! The record of processing, the instructions, sensitive data, measures, how long data is kept.

use super::open_shelf::{changed, of};

// runs: M-1.4
#[test]
fn the_record_names_controller_and_processor() {
    let record = of("matcha").register("processing", "");
    assert_eq!(record.said("processor.name", "what"), "Personuppgiftsbiträde");
    assert_eq!(record.said("processor.name", "value"), "Workbuster Matcha AB");
    // The text names the customer by no name, and the record does not put one there.
    assert_eq!(
        (record.said("controller.name", "what").as_str(), record.said("controller.name", "value").as_str()),
        ("Personuppgiftsansvarig", "not found")
    );
    let named = changed(
        "matcha",
        &[("name = { not-found = \"kundens namn; texten säger bara Kunden\" }", "name = \"Kommunen\"")],
    );
    assert_eq!(named.register("processing", "").said("controller.name", "value"), "Kommunen");
}

// runs: C-SA.7c
#[test]
fn the_customer_is_controller_and_cling_is_processor() {
    let pages = of("cling");
    let record = pages.register("processing", "");
    assert_eq!(record.said("processor.name", "value"), "Cling Group AB");
    assert_eq!(record.said("controller.name", "what"), "Personuppgiftsansvarig");
    let glossary = pages.register("glossary", "");
    assert_eq!(glossary.said("definition.controller", "alias-of"), "personuppgiftsansvarig");
    assert_eq!(glossary.said("definition.processor", "alias-of"), "personuppgiftsbiträdet");
}

// runs: S-1.2
#[test]
fn the_record_prints_name_number_and_address_and_several_agreements_may_be_named() {
    let record = of("senseworks").register("processing", "");
    assert_eq!(record.said("processor.name", "value"), "Senseworks AB");
    assert_eq!(record.said("processor.registration-number", "value"), "559237-6593");
    assert_eq!(record.said("contact.notices.address", "value"), "Tvistevägen 47, 907 29 Umeå");
    let more = changed(
        "senseworks",
        &[(
            "[document.main-agreement]",
            "[document.second-agreement]\nlabel = { sv = \"Konsultavtalet\", en = \"The consulting agreement\" }\npart = \"main-agreement\"\nstatus = \"present\"\n\n[document.main-agreement]",
        )],
    );
    let listed = more.register("documents", "").column("document.", "part");
    assert_eq!(listed.iter().filter(|part| *part == "huvudavtal").count(), 2);
}

// runs: M-3.3b
#[test]
fn the_customer_s_contact_data_is_used_for_delivery() {
    let record = of("matcha").register("processing", "");
    let used = record.said("use.provide.user", "value");
    assert_eq!(record.said("use.provide.user", "fact"), "tillhandahålla tjänsten");
    assert!(used.contains("E-post") && used.contains("Telefonnummer"), "{used}");
}

// runs: M-SP.1
#[test]
fn three_groups_with_their_other_names_and_a_remark() {
    let pages = of("matcha");
    let record = pages.register("processing", "");
    for (group, said) in [
        ("subject.participant", "Kandidater"),
        ("subject.user", "Anställda"),
        ("subject.employer-contact", "Kundkontakter"),
    ] {
        assert!(record.said(group, "value").contains(said), "{group}");
    }
    let listed = record.column("subject.", "value");
    assert_eq!(listed.iter().filter(|group| !group.contains("står inte i avtalet")).count(), 3);
    assert!(pages.register("remarks", "").said("oddity.names-of-groups", "what").contains("kallas olika"));
}

// runs: S-B1.9
#[test]
fn one_group_and_a_remark_about_persons_in_the_ledger() {
    let pages = of("senseworks");
    let groups = pages.register("processing", "").column("subject.", "value");
    assert_eq!(groups.iter().filter(|group| !group.contains("står inte i avtalet")).count(), 1);
    assert!(
        pages
            .register("remarks", "")
            .said("oddity.persons-in-ledger", "what")
            .contains("bokföringen nämner andra personer")
    );
}

// runs: E-B31.2a
#[test]
fn exactly_two_groups() {
    let groups = of("entre").register("processing", "").column("subject.", "value");
    assert_eq!(groups.len(), 2);
    assert!(groups[0].starts_with("Slutkunder") && groups[1].starts_with("Anställda"));
}

// runs: S-B1.10
#[test]
fn three_activities_each_with_the_functions_that_perform_it() {
    let record = of("senseworks").register("processing", "");
    let activities = record.column("activity.", "value");
    assert_eq!(activities.len(), 3);
    assert!(
        activities.iter().all(|said| said.split_once("; ").is_some_and(|(_, functions)| !functions.is_empty())),
        "{activities:?}"
    );
}

// runs: S-4.1b
#[test]
fn the_instructions_have_their_six_elements() {
    let instructions = of("senseworks").register("instructions", "");
    let elements = instructions.column("element.", "value");
    assert_eq!(elements.len(), 6);
    assert!(elements.iter().all(|said| !["not found", "unsaid", ""].contains(&said.as_str())), "{elements:?}");
    let without =
        changed("senseworks", &[("[subject.user]\nlabel = { sv = \"", "[subject.user]\nlabel = { sv = \"Andra: ")]);
    assert!(without.register("instructions", "").said("element.subjects", "value").contains("Andra: "));
}

// runs: E-B31.2i
#[test]
fn sickness_is_a_special_category_with_its_safeguards() {
    let pages = of("entre");
    let sensitive = pages.register("sensitive", "");
    assert_eq!(sensitive.said("sensitive.sickness", "treated-as"), "särskild kategori");
    let safeguards = sensitive.said("sensitive.sickness", "safeguards");
    assert!(safeguards.contains("bara lön ser den"), "{safeguards}");
    let remarks = pages.register("remarks", "");
    assert!(remarks.said("oddity.sickness-is-health", "what").contains("uppgift om hälsa"));
    assert_eq!(remarks.said("oddity.sickness-is-health", "decided"), "sjukdom skyddas som känslig uppgift");
    // By the table of who may see what, only payroll sees it.
    let record = pages.register("processing", "");
    let uses: Vec<String> = record
        .ids("use.")
        .into_iter()
        .filter(|id| !id.ends_with(".end-customer") && record.said(id, "value").contains("Sjukdom"))
        .collect();
    assert!(
        uses.contains(&"use.payroll.employee".to_owned()) && !uses.contains(&"use.provide.employee".to_owned()),
        "{uses:?}"
    );
}

// runs: S-7.1
#[test]
fn the_measures_are_published_and_nothing_unproven_looks_done() {
    let pages = of("senseworks");
    let measures = pages.register("measures", "");
    assert!(measures.ids("measure.").len() > 10);
    for id in measures.ids("measure.") {
        if measures.said(&id, "kind") == "bevisas av en person" {
            assert_eq!(
                (measures.said(&id, "now").as_str(), measures.standing(&id, "now").as_str()),
                ("inget bevis ännu", "open"),
                "{id}"
            );
        }
    }
    assert!(pages.register_page("measures").contains("inget bevis ännu"));
}

// runs: S-B1.19c
#[test]
fn after_the_term_clause_11_and_its_days_hold() {
    let pages = of("senseworks");
    let retention = pages.register("retention", "");
    for (row, days) in [("retention.content-after-end", "30 dagar"), ("retention.logs-after-end", "90 dagar")] {
        assert_eq!(retention.said(row, "phase"), "efter avtalets slut");
        assert_eq!((retention.said(row, "keep").as_str(), retention.clause(row).as_str()), (days, "11.1"));
    }
    let link = pages.raw("avtal/register/retention");
    assert!(link.contains("href=\"/senseworks/avtal#"), "{link}");
    let longer = changed(
        "senseworks",
        &[("phase = \"after-end\"\nkeep = \"30 days\"", "phase = \"after-end\"\nkeep = \"45 days\"")],
    );
    assert_eq!(longer.register("retention", "").said("retention.content-after-end", "keep"), "45 dagar");
}

// runs: E-B31.3a
#[test]
fn content_is_kept_as_long_as_needed() {
    let retention = of("entre").register("retention", "");
    assert_eq!(retention.said("retention.content", "keep"), "så länge det behövs");
    assert_eq!(
        (retention.said("retention.content", "of").as_str(), retention.clause("retention.content").as_str()),
        ("innehållet", "3:1.3")
    );
    assert_eq!(
        retention.ids("retention.").iter().filter(|id| retention.said(id, "keep") == "så länge det behövs").count(),
        1
    );
}

// runs: C-DPA.11c
#[test]
fn the_circle_is_told_of_and_the_days_count_from_the_end_of_the_service() {
    let pages = of("cling");
    assert!(
        pages
            .register("remarks", "")
            .said("oddity.circular-end", "by-reading")
            .contains("den dag då tjänsten upphörde")
    );
    assert_eq!(pages.register("retention", "").said("retention.content-after-end", "start"), "tjänstens slut");
}

// runs: E-B31.3d
#[test]
fn programs_server_processes_and_backups_with_their_place() {
    let record = of("entre").register("processing", "");
    assert_eq!(record.ids("activity."), ["activity.programs", "activity.server-processes", "activity.backups"]);
    for (place, is_for) in [("location.server", "drift"), ("location.backup", "säkerhetskopiering")] {
        assert_eq!((record.said(place, "fact").as_str(), record.said(place, "value").as_str()), (is_for, "SE"));
    }
}
