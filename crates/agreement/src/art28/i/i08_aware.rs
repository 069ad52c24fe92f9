//! I08: from when the processor counts as knowing of an incident.

use super::notice;
use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I08",
    source: "GDPR Art. 33(2)",
    severity: Severity::Minor,
    title: phrase!("När biträdet vet", "When the processor knows"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let defined = ask.terms("definition").find(|term| said_text(term, "alias-of") == Some("knowledge-of-incident"));
    let by_event =
        notice(ask).filter(|term| matches!(said_text(term, "start"), Some("discovery" | "registration" | "report")));
    match defined.or(by_event) {
        Some(term) => Finding::pass(both!("Avtalet säger från när biträdet räknas som underrättat.", "The agreement says from when the processor counts as knowing.")).at(term),
        None => Finding::silent(both!("Tiden räknas från vetskap, men avtalet säger inte när den inträder. När någon anmäler, eller när det är utrett?", "The time counts from knowledge, but the agreement does not say when that begins. When somebody reports, or when it is examined?"))
            .at_some(notice(ask))
            .remedy(phrase!("En [definition.ID] med alias-of = \"knowledge-of-incident\"", "A [definition.ID] with alias-of = \"knowledge-of-incident\"")),
    }
}
