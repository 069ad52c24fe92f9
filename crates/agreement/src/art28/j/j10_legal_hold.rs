//! J10: who may stop an erasure, of what, and until when.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J10",
    source: "GDPR Art. 18, 17(3)(e)",
    severity: Severity::Minor,
    title: phrase!("När radering får stoppas", "When erasure may be stopped"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let ending = ask.term("ending", "");
    match ending.map(|term| said(term, "legal-hold")) {
        Some(Said::This(_)) => Finding::pass(both!(
            "Avtalet säger vem som får stoppa en radering, och hur länge.",
            "The agreement says who may stop an erasure, and for how long."
        )),
        Some(Said::None) => Finding::pass(both!(
            "Avtalet låter ingen stoppa en radering.",
            "The agreement lets nobody stop an erasure."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte vem som får stoppa en radering, och hur länge. Får någon det?",
            "The agreement does not say who may stop an erasure, and for how long. May anybody?"
        ))
        .remedy(phrase!(
            "legal-hold under [ending]: vem, vad, till när, och att kunden får veta",
            "legal-hold under [ending]: who, what, until when, and that the customer is told"
        )),
    }
    .at_some(ending)
}
