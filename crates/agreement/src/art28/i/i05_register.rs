//! I05: the processor keeps a register of incidents of its own.

use crate::art28::ask::{Ask, both, of_processor, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I05",
    source: "GDPR Art. 33(5)",
    severity: Severity::Minor,
    title: phrase!("Biträdets register över incidenter", "The processor's register of incidents"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let kept = |term: &&crate::value::Term| {
        of_processor(term) && said_words(term, "evidence").iter().any(|it| it == "journal-entry")
    };
    match ask.duties(&["incident"]).find(kept) {
        Some(term) => Finding::pass(both!(
            "Biträdet för register över incidenter.",
            "The processor keeps a register of incidents."
        ))
        .at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte att biträdet för register över incidenter. Gör det det?",
            "The agreement does not say that the processor keeps a register of incidents. Does it?"
        ))
        .at_some(super::notice(ask))
        .remedy(phrase!(
            "[incident.register] med kind = \"performed\" och evidence = [\"journal-entry\"]",
            "[incident.register] with kind = \"performed\" and evidence = [\"journal-entry\"]"
        )),
    }
}
