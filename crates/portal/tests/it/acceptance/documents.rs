//! Which documents belong together, which wins, what words mean, which law is named, where disputes go.

use super::open_shelf::{changed, of};

// runs: M-1.2b
#[test]
fn the_bundle_lists_the_main_agreement_as_missing_until_it_is_there() {
    let documents = of("matcha").register("documents", "");
    assert_eq!(documents.said("document.main-agreement", "status"), "saknas");
    assert_eq!(documents.standing("document.main-agreement", "status"), "stop");
    let there = changed(
        "matcha",
        &[("part = \"main-agreement\"\nstatus = \"missing\"", "part = \"main-agreement\"\nstatus = \"present\"")],
    );
    assert_eq!(there.register("documents", "").said("document.main-agreement", "status"), "finns");
}

// runs: S-1.1
#[test]
fn the_bundle_of_senseworks_lists_the_main_agreement_as_missing() {
    let documents = of("senseworks").register("documents", "");
    assert_eq!(documents.said("document.main-agreement", "part"), "huvudavtal");
    assert_eq!(documents.said("document.main-agreement", "status"), "saknas");
    assert!(of("senseworks").register_page("documents").contains("Huvudavtalet huvudavtal saknas"));
}

// runs: S-3
#[test]
fn sub_annexes_are_the_annexes_and_the_two_names_are_told_of() {
    let pages = of("senseworks");
    let documents = pages.register("documents", "");
    assert_eq!(
        documents.column("document.annex-1", "what"),
        ["Underbilaga 1, även Bilaga 1: specifikation över behandlingen"]
    );
    assert!(documents.column("document.annex-2", "what")[0].contains("Underbilaga 2, även Bilaga 2"));
    let remark = pages.register("remarks", "").said("oddity.headings-without-numbers", "what");
    assert!(remark.contains("både Underbilaga och Bilaga"), "{remark}");
}

// runs: C-SA.12g
#[test]
fn the_bundle_shows_the_privacy_policy_as_missing() {
    let documents = of("cling").register("documents", "");
    assert_eq!(documents.said("document.privacy-policy", "part"), "integritetspolicy");
    assert_eq!(documents.said("document.privacy-policy", "status"), "länken saknas");
    assert_eq!(documents.standing("document.privacy-policy", "status"), "stop");
}

// runs: C-DPA.2
#[test]
fn the_annexes_are_there_and_the_empty_list_is_told_of() {
    let pages = of("cling");
    let documents = pages.register("documents", "");
    for annex in ["document.annex-1", "document.annex-2"] {
        assert_eq!(documents.said(annex, "status"), "finns");
    }
    assert!(
        pages.register("remarks", "").said("oddity.annex-list-empty", "what").contains("Listan över bilagor är tom")
    );
}

// runs: E-0c
#[test]
fn the_bundle_of_entre_shows_its_parts_and_the_gap() {
    let documents = of("entre").register("documents", "");
    for (part, is) in [
        ("document.terms", "allmänna villkor"),
        ("document.service-levels", "servicenivåer"),
        ("document.dpa", "biträdesavtal"),
        ("document.price-list", "prislista"),
    ] {
        assert_eq!((documents.said(part, "part").as_str(), documents.said(part, "status").as_str()), (is, "finns"));
    }
    assert_eq!(documents.said("document.bilaga-2", "status"), "saknas");
}

// runs: C-DPA.1.2
#[test]
fn a_default_stands_where_no_rule_of_precedence_does_and_says_so() {
    let precedence = of("cling").register("precedence", "");
    assert_eq!(precedence.said("precedes.dpa", "prevails"), "Biträdesavtalet");
    assert_eq!(precedence.provenance("precedes.dpa", "prevails"), "set by the operator");
    assert!(
        precedence.row("precedes.dpa")["cells"]["prevails"]["why"]
            .as_str()
            .unwrap()
            .contains("ingen regel om företräde")
    );
}

// runs: S-13.3
#[test]
fn clause_13_stands_above_the_main_agreement_and_all_other_damage_below_it() {
    let precedence = of("senseworks").register("precedence", "");
    assert_eq!(precedence.said("precedes.dpa", "topic"), "ansvar");
    assert_eq!(precedence.said("precedes.dpa", "yields"), "Huvudavtalet");
    assert_eq!(precedence.clause("precedes.dpa"), "13.3");
    assert_eq!(precedence.said("recorded.other-damage", "prevails"), "annan skada följer bara huvudavtalet");
    assert_eq!(precedence.clause("recorded.other-damage"), "13.3");
}

// runs: M-2.0
#[test]
fn each_defined_word_stands_with_its_clause_and_the_law_gives_the_rest() {
    let glossary = of("matcha").register("glossary", "");
    for (word, clause) in [
        ("subscription-fee", "2.1"),
        ("other-personal-data", "2.2"),
        ("agreement", "2.3"),
        ("dpa", "2.4"),
        ("applicable-law", "2.5"),
        ("product", "2.6"),
        ("specification", "2.7"),
        ("security-rules", "2.8"),
    ] {
        assert_eq!(glossary.clause(&format!("definition.{word}")), clause, "{word}");
    }
    assert_eq!(glossary.said("gdpr-4-7", "source"), "GDPR, artikel 4.7");
}

// runs: M-2.3
#[test]
fn the_word_agreement_is_the_main_agreement() {
    let pages = of("matcha");
    let found = pages.register("glossary", "?q=huvudavtalet");
    assert_eq!(found.said("definition.agreement", "word"), "Avtalet");
    assert_eq!(found.said("definition.agreement", "alias-of"), "huvudavtalet");
    assert_eq!(pages.register("documents", "").said("document.main-agreement", "what"), "Huvudavtalet");
}

// runs: C-SA.1d
#[test]
fn account_and_website_are_found_in_the_glossary_with_their_section() {
    let pages = of("cling");
    for (asked, row, means) in
        [("konto", "definition.account", "kundens inloggning"), ("webbsida", "definition.website", "www.cling.se")]
    {
        let found = pages.register("glossary", &format!("?q={asked}"));
        assert!(found.said(row, "means").contains(means));
        assert_eq!(found.clause(row), "SA.1");
    }
    let english = pages.register("glossary", "?q=log-in");
    assert_eq!(english.ids("definition."), ["definition.account"]);
}

// runs: C-DPA.1.1
#[test]
fn a_word_that_the_agreement_does_not_define_is_the_law_s() {
    let found = of("cling").register("glossary", "?q=pseudonymisering");
    assert_eq!(found.ids(""), ["gdpr-4-5"]);
    assert_eq!(found.said("gdpr-4-5", "source"), "GDPR, artikel 4.5");
    assert_eq!(found.clause("gdpr-4-5"), "PUB.1.1");
}

// runs: S-2.1
#[test]
fn the_law_s_words_stand_by_clause_2_1() {
    let found = of("senseworks").register("glossary", "?q=samtycke");
    assert_eq!(found.said("gdpr-4-11", "source"), "GDPR, artikel 4.11");
    assert_eq!(found.clause("gdpr-4-11"), "2.1");
}

// runs: S-2.2
#[test]
fn other_words_are_the_main_agreement_s() {
    let glossary = of("senseworks").register("glossary", "");
    assert_eq!(glossary.said("recorded.main-agreement-definitions", "word"), "andra ord");
    assert_eq!(glossary.said("recorded.main-agreement-definitions", "alias-of"), "huvudavtalet");
    assert_eq!(glossary.clause("recorded.main-agreement-definitions"), "2.2");
}

// runs: E-B3.2.1
#[test]
fn the_aliases_are_the_parties() {
    let glossary = of("entre").register("glossary", "");
    assert_eq!(glossary.said("definition.supplier", "word"), "Leverantören");
    assert_eq!(glossary.said("definition.supplier", "alias-of"), "personuppgiftsbiträdet");
    assert_eq!(
        glossary.said("definition.supplier", "means"),
        of("entre").register("parties", "").said("party.processor.name", "value")
    );
    assert_eq!(glossary.said("definition.customer", "alias-of"), "personuppgiftsansvarig");
}

// runs: M-2.5
#[test]
fn the_authority_s_old_name_is_read_as_its_present_one_and_told_of() {
    let pages = of("matcha");
    let law = pages.register("law", "");
    assert_eq!(law.said("law.authority", "act"), "Integritetsskyddsmyndigheten");
    assert_eq!(law.said("law.authority", "as-written"), "Datainspektionen");
    assert_eq!(law.said("law.authority", "old-name"), "namnet upphörde 2021-01-01");
    let remarks = pages.register("remarks", "");
    assert_eq!(remarks.said("oddity.old-name-of-authority", "action"), "visas för båda parter");
    assert_eq!(remarks.clause("oddity.old-name-of-authority"), "2.5");
}

// runs: E-B3.1.1 E-A2f
#[test]
fn a_repealed_act_is_read_as_what_replaced_it() {
    let pages = of("entre");
    let law = pages.register("law", "");
    assert_eq!(law.said("law.pul", "standing"), "upphävd sedan 2018-05-25; ersatt av dataskyddsförordningen");
    assert_eq!(law.said("law.gdpr", "role"), "gäller, eller det som ersätter den");
    assert_eq!(law.clause("law.gdpr"), "B3.1.1");
    let remark = pages.register("remarks", "").said("oddity.repealed-act", "by-reading");
    assert!(remark.contains("dataskyddsförordningen") && remark.contains("B3.1.1"), "{remark}");
    // On a day when it still held, it is not shown as repealed.
    assert_eq!(pages.register("law", "?on=2018-05-24").said("law.pul", "standing"), "gäller");
}

// runs: M-15.1
#[test]
fn governing_law_is_the_main_agreement_s_which_is_not_here() {
    let disputes = of("matcha").register("disputes", "");
    assert_eq!(disputes.said("dispute.law", "value"), "not found");
    assert_eq!(disputes.said("dispute.elsewhere", "value"), "enligt huvudavtalet (inte inläst)");
    assert!(of("matcha").register_page("disputes").contains("enligt huvudavtalet (inte inläst)"));
}

// runs: S-14
#[test]
fn law_and_disputes_are_the_main_agreement_s_with_a_warning() {
    let disputes = of("senseworks").register("disputes", "");
    assert_eq!(disputes.said("dispute.elsewhere", "value"), "enligt huvudavtalet (inte inläst)");
    assert_eq!(disputes.standing("dispute.elsewhere", "value"), "stop");
    let loaded = changed(
        "senseworks",
        &[("part = \"main-agreement\"\nstatus = \"missing\"", "part = \"main-agreement\"\nstatus = \"present\"")],
    );
    assert!(loaded.register("disputes", "").ids("dispute.elsewhere").is_empty());
}

// runs: C-SA.14c
#[test]
fn swedish_law_negotiation_first_and_then_the_court_of_stockholm() {
    let disputes = of("cling").register("disputes", "");
    assert_eq!(disputes.said("dispute.law", "value"), "svensk rätt");
    assert_eq!(disputes.said("dispute.first", "value"), "förhandling, därefter Stockholms tingsrätt");
    let elsewhere = changed("cling", &[("därefter Stockholms tingsrätt", "därefter Umeå tingsrätt")]);
    assert!(elsewhere.register_page("disputes").contains("därefter Umeå tingsrätt"));
}

// runs: E-A10j
#[test]
fn each_claimant_has_its_forum() {
    let disputes = of("entre").register("disputes", "");
    assert_eq!(disputes.said("dispute.law", "value"), "SE");
    assert_eq!(disputes.said("dispute.sued-by-processor-at", "value"), "domstolen där kunden har sitt säte");
    assert_eq!(disputes.said("dispute.sued-by-controller-at", "value"), "Stockholms tingsrätt");
}

// runs: E-A10k
#[test]
fn what_survives_is_listed() {
    let said = of("entre").register("parties", "").said("duration.agreement.survives", "value");
    assert_eq!(said.split(", ").count(), 9, "{said}");
    assert!(said.contains("sekretess") && said.contains("ansvarsbegränsning"));
}

// runs: M-2.7b
#[test]
fn a_stranger_reads_the_specification_with_its_version_and_date() {
    let page = of("matcha").page("avtal");
    assert!(page.contains("2026-05-19") && page.contains("Specifikation"));
}
