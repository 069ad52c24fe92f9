//! J03: within how many days of the end data is erased.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_period};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J03",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Major,
    title: phrase!("Inom hur många dagar", "Within how many days"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[retention.content-after-end] med keep = \"30 days\"",
        "[retention.content-after-end] with keep = \"30 days\""
    );
    let after = || {
        ask.terms("retention")
            .filter(|term| term.text("of") == Some("content") && term.text("phase") == Some("after-end"))
    };
    match after().find_map(|term| Some((term, said_period(term, "keep")?))) {
        Some((term, period)) if said_flag(term, "at-least") == Some(true) => Finding::warn(both!("Uppgifterna sparas minst {period}. Hur länge högst?", "Data is kept for at least {period}. For how long at most?"; period))
        .asking()
        .at(term)
        .remedy(remedy),
        Some((term, period)) => {
            Finding::pass(both!("Uppgifterna raderas efter {period}.", "Data is erased after {period}."; period)).at(term)
        }
        None => Finding::silent(both!(
            "Avtalet säger inte inom hur många dagar uppgifterna raderas efter slutet. Hur många?",
            "The agreement does not say within how many days of the end data is erased. How many?"
        ))
        .at_some(after().next().or_else(|| ask.term("ending", "")))
        .remedy(remedy),
    }
}
