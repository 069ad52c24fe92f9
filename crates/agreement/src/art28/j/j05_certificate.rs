//! J05: the erasure is certified in writing.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J05",
    source: "(EU) 2021/915 cl. 10(d)",
    severity: Severity::Major,
    title: phrase!("Intyg om radering", "A certificate of erasure"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!("certificate = \"always\" under [ending]", "certificate = \"always\" under [ending]");
    let ending = ask.term("ending", "");
    match ending.map(|term| said(term, "certificate")) {
        Some(Said::This(value)) if value.to_string() != "none" => {
            Finding::pass(both!("Radering intygas skriftligen.", "Erasure is certified in writing."))
        }
        Some(Said::This(_) | Said::None) => {
            Finding::fail(both!("Ingen intygar att uppgifterna är raderade.", "Nobody certifies that data is erased."))
                .remedy(remedy)
        }
        _ => Finding::silent(both!(
            "Avtalet säger inte att radering intygas. Får kunden ett intyg?",
            "The agreement does not say that erasure is certified. Does the customer get a certificate?"
        ))
        .remedy(remedy),
    }
    .at_some(ending)
}
