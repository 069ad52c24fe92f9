//! D04: where the customer is a public body, the secrecy that the law lays on it is spoken of.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "D04",
    source: "offentlighets- och sekretesslagen (2009:400); sector law",
    severity: Severity::Info,
    title: phrase!("Sekretess hos offentliga kunder", "Secrecy of public customers"),
    run,
};

const ACT: &str = "se-osl-2009";

fn run(ask: &Ask<'_>) -> Finding {
    let term = ask.terms("law").find(|term| term.text("act") == Some(ACT));
    match (term, ask.evidence.customer_is_public) {
        (Some(term), _) => Finding::pass(both!(
            "Avtalet tar upp offentlighets- och sekretesslagen.",
            "The agreement speaks of the Public Access to Information and Secrecy Act."
        ))
        .at(term),
        (None, Some(true)) => Finding::fail(both!(
            "Kunden är en myndighet eller liknande, och avtalet säger inget om sekretess enligt lag. Vilken gäller?",
            "The customer is a public body, and the agreement says nothing of secrecy by law. Which holds?"
        ))
        .asking()
        .remedy(phrase!(
            "[law.ID] act = \"se-osl-2009\", och vad biträdet åtar sig",
            "[law.ID] act = \"se-osl-2009\", and what the processor undertakes"
        )),
        (None, _) => Finding::not_applicable(both!(
            "Kunden är inte känd som en offentlig verksamhet.",
            "The customer is not known to be a public body."
        )),
    }
}
