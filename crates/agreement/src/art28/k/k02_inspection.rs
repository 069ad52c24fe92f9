//! K02: the customer or somebody it mandates may audit, inspections included; a third party alone, or documents alone, is too little.

use crate::art28::ask::{Ask, both, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K02",
    source: "GDPR Art. 28(3)(h)",
    severity: Severity::Block,
    title: phrase!("Kunden får granska, också på plats", "The customer may audit, on site too"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "by-whom = [\"controller\", \"mandated-auditor\"] och on-site = \"always\" under [audit.inspection]",
        "by-whom = [\"controller\", \"mandated-auditor\"] and on-site = \"always\" under [audit.inspection]"
    );
    let audits = || ask.duties(&["audit"]).filter(|term| !said_words(term, "by-whom").is_empty());
    let Some(first) = audits().next() else {
        return Finding::silent(both!(
            "Avtalet säger inte att kunden får granska biträdet. Får den det?",
            "The agreement does not say that the customer may audit the processor. May it?"
        ))
        .at_some(ask.terms("audit").next())
        .remedy(remedy);
    };
    let own = |term: &&crate::value::Term| {
        said_words(term, "by-whom").iter().any(|it| it == "controller" || it == "mandated-auditor")
    };
    let Some(own_audit) = audits().find(own) else {
        return Finding::fail(both!(
            "Bara en oberoende tredje part får granska, inte kunden eller den som kunden utser.",
            "Only an independent third party may audit, not the customer or whom it mandates."
        ))
        .at(first)
        .remedy(remedy);
    };
    let on_site = || ask.duties(&["audit"]).filter_map(|term| Some((term, said_text(term, "on-site")?)));
    match (on_site().find(|(_, it)| *it != "never"), on_site().next()) {
        (Some((term, "always")), _) => Finding::pass(both!(
            "Kunden eller den som kunden utser får granska, också på plats.",
            "The customer or whom it mandates may audit, on site too."
        ))
        .at(term),
        (Some((term, _)), _) => Finding::warn(both!(
            "Kunden får granska, men på plats bara av särskilda skäl. Vilka?",
            "The customer may audit, but on site only for special reasons. Which?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, Some((term, _))) => Finding::fail(both!(
            "Kunden får granska bara handlingar, aldrig på plats.",
            "The customer may audit only documents, never on site."
        ))
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::warn(both!(
            "Kunden får granska, men om det gäller också på plats står inte. Gör det det?",
            "The customer may audit, but whether on site too is not said. May it?"
        ))
        .asking()
        .at(own_audit)
        .remedy(remedy),
    }
}
