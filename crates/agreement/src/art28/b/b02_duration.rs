//! B02: how long the processing lasts.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B02",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("Hur länge behandlingen pågår", "How long the processing lasts"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let places = [("processing", "", "duration"), ("duration", "dpa", "end"), ("duration", "agreement", "end")];
    let stated = places
        .iter()
        .find_map(|(block, id, key)| ask.term(block, id).filter(|term| matches!(said(term, key), Said::This(_))));
    match stated {
        Some(term) => Finding::pass(both!(
            "Avtalet säger hur länge behandlingen pågår.",
            "The agreement says how long the processing lasts."
        ))
        .at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte hur länge behandlingen pågår. Upphör den med tjänsten eller när uppgifterna är borta?",
            "The agreement does not say how long the processing lasts. Does it end with the service or when the data is gone?"
        ))
        .at_some(ask.term("processing", ""))
        .remedy(phrase!(
            "Avtalet gäller så länge biträdet behandlar uppgifter för kunden. ([duration.dpa] end = \"until-data-is-gone\")",
            "The agreement holds as long as the processor processes data for the customer. ([duration.dpa] end = \"until-data-is-gone\")"
        )),
    }
}
