//! J07: what happens when the customer does not choose.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J07",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Minor,
    title: phrase!("När kunden inte svarar", "When the customer does not answer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let ending = ask.term("ending", "");
    match ending.and_then(|term| said_text(term, "silence")) {
        Some(_) => Finding::pass(both!(
            "Avtalet säger vad som sker när kunden inte väljer.",
            "The agreement says what happens when the customer does not choose."
        )),
        None => Finding::silent(both!(
            "Avtalet säger inte vad som sker när kunden inte väljer. Raderas uppgifterna då?",
            "The agreement does not say what happens when the customer does not choose. Is data then erased?"
        ))
        .remedy(phrase!(
            "silence = \"erased\" under [ending], efter en påminnelse",
            "silence = \"erased\" under [ending], after a reminder"
        )),
    }
    .at_some(ending)
}
