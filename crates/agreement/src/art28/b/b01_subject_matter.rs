//! B01: what the processing is about.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B01",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("Föremålet för behandlingen", "The subject matter of the processing"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let processing = ask.term("processing", "");
    match processing.map(|term| said(term, "subject-matter")) {
        Some(Said::This(_)) => Finding::pass(both!(
            "Avtalet säger vad behandlingen gäller.",
            "The agreement says what the processing is about."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte vad behandlingen gäller. Vilken tjänst är det?",
            "The agreement does not say what the processing is about. Which service is it?"
        ))
        .remedy(phrase!("subject-matter under [processing]", "subject-matter under [processing]")),
    }
    .at_some(processing)
}
