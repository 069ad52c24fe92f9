//! J06: in which format data is returned.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J06",
    source: "GDPR Art. 20, 28(3)(g)",
    severity: Severity::Minor,
    title: phrase!("I vilket format", "In which format"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!("format under [ending], som csv eller json", "format under [ending], such as csv or json");
    let ending = ask.term("ending", "");
    match ending.and_then(|term| said_text(term, "format")) {
        Some(format) if ask.limits.first_in("format-words", format).is_some() => {
            Finding::pass(both!("Formatet är bestämt: {format}.", "The format is set: {format}."))
        }
        Some(format) => Finding::warn(both!(
            "Hur uppgifterna lämnas är sagt ({format}), men inte formatet. Vilket?",
            "How data is handed over is said ({format}), but not the format. Which?"
        ))
        .asking()
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte i vilket format uppgifterna lämnas tillbaka. Vilket?",
            "The agreement does not say in which format data is returned. Which?"
        ))
        .remedy(remedy),
    }
    .at_some(ending)
}
