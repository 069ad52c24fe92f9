//! I04: what is not known at once follows in phases.

use crate::art28::ask::{Ask, both, of_processor, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I04",
    source: "GDPR Art. 33(4)",
    severity: Severity::Major,
    title: phrase!("Uppgifter i omgångar", "Information in phases"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    match ask.duties(&["incident"]).find(|term| of_processor(term) && said_flag(term, "in-stages") == Some(true)) {
        Some(term) => Finding::pass(both!(
            "Det som inte är känt genast följer i omgångar.",
            "What is not known at once follows in phases."
        ))
        .at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte att uppgifter om en incident får lämnas i omgångar. Får de det?",
            "The agreement does not say that information on an incident may be given in phases. May it?"
        ))
        .at_some(super::notice(ask))
        .remedy(phrase!(
            "in-stages = true på den plikt som lämnar resten",
            "in-stages = true on the duty that gives the rest"
        )),
    }
}
