//! A08: every annex that the text relies on is there and is not empty. Why it is missing is no concern of the check.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "A08",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("Alla bilagor finns", "Every annex is there"),
    run,
};

/// Parts that hold mandatory content of the processing agreement, wherever they stand, and where else that content may be.
fn is_elsewhere(ask: &Ask<'_>, part: &str) -> bool {
    match part {
        "subprocessor-list" => !ask.agreement.subprocessors().is_empty(),
        "security" => ask.terms("measure").next().is_some(),
        "specification" => !ask.agreement.declares().is_empty(),
        "data-processing-agreement" | "instructions" => false,
        _ => true,
    }
}

fn run(ask: &Ask<'_>) -> Finding {
    let lacking: Vec<&Term> =
        ask.terms("document").filter(|term| matches!(term.text("status"), Some("empty" | "missing"))).collect();
    let part = |term: &Term| term.text("part").unwrap_or("").to_owned();
    let remedy = phrase!(
        "Bifoga bilagan, så att den blir en del av den version som godkänns.",
        "Attach the annex, so that it becomes part of the version that is accepted."
    );
    let is_relied_on = |term: &&&Term| {
        let is_annex = part(term) == "annex" && !said_words(term, "needed-for").is_empty();
        is_annex || !is_elsewhere(ask, &part(term))
    };
    if let Some(term) = lacking.iter().find(is_relied_on) {
        let (sv, en) = label(term);
        return Finding::fail(both!(
            "Avtalet bygger på {sv}, som saknas eller är tom.",
            "The agreement relies on {en}, which is missing or empty."
        ))
        .at(term)
        .remedy(remedy);
    }
    if let Some(term) = lacking.iter().find(|term| matches!(part(term).as_str(), "annex" | "main-agreement")) {
        let (sv, en) = label(term);
        return Finding::warn(both!(
            "Avtalet nämner {sv}, som inte finns här. Behövs den?",
            "The agreement mentions {en}, which is not here. Is it needed?"
        ))
        .asking()
        .at(term)
        .remedy(remedy);
    }
    let document = ask.agreement.document();
    let declared = |name: &&String| ask.agreement.term("document", name).is_none();
    if let Some(name) = document.requires.iter().find(declared) {
        return Finding::warn(both!(
            "Till avtalet hör {name}, som inte finns här. Behövs det?",
            "{name} belongs to the agreement and is not here. Is it needed?"
        ))
        .asking()
        .under(&document.clause)
        .remedy(remedy);
    }
    Finding::pass(both!("Inget som avtalet bygger på saknas.", "Nothing that the agreement relies on is missing."))
}

fn label(term: &Term) -> (&str, &str) {
    term.label("label").map_or(("en bilaga", "an annex"), |label| (&label.sv, &label.en))
}
