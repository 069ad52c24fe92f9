//! L04: the processor does not act in the customer's name without a mandate.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "L04",
    source: "GDPR Art. 28(3)(a)",
    severity: Severity::Major,
    title: phrase!("Biträdet företräder inte kunden", "The processor does not represent the customer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "represents-controller = false under [disclosures]",
        "represents-controller = false under [disclosures]"
    );
    let disclosures = ask.term("disclosures", "");
    match disclosures.and_then(|term| said_flag(term, "represents-controller")) {
        Some(false) => Finding::pass(both!(
            "Biträdet uppträder inte i kundens namn.",
            "The processor does not act in the customer's name."
        )),
        Some(true) => Finding::fail(both!(
            "Biträdet får uppträda i kundens namn.",
            "The processor may act in the customer's name."
        ))
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte att biträdet låter bli att uppträda i kundens namn. Gör det det?",
            "The agreement does not say that the processor refrains from acting in the customer's name. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(disclosures)
}
