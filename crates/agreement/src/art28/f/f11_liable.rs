//! F11: the processor answers for its subprocessors as for itself.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F11",
    source: "GDPR Art. 28(4)",
    severity: Severity::Major,
    title: phrase!("Ansvar för underbiträden", "Liability for subprocessors"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_text(term, "liable")) {
        Some("as-for-itself") => Finding::pass(both!(
            "Biträdet svarar för underbiträden som för sig självt.",
            "The processor answers for subprocessors as for itself."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte att biträdet svarar för underbiträden som för sig självt. Gör det det?",
            "The agreement does not say that the processor answers for subprocessors as for itself. Does it?"
        ))
        .remedy(phrase!(
            "Biträdet svarar fullt ut för sina underbiträden. (liable = \"as-for-itself\" under [subprocessing])",
            "The processor is fully liable for its subprocessors. (liable = \"as-for-itself\" under [subprocessing])"
        )),
    }
    .at_some(subprocessing)
}
