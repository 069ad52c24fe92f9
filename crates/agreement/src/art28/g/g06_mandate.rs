//! G06: the processor signs clauses in its own name; a mandate to sign in the customer's has been needless since 2021.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G06",
    source: "GDPR Art. 46",
    severity: Severity::Minor,
    title: phrase!("Ingen fullmakt att underteckna åt kunden", "No mandate to sign for the customer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_flag(term, "may-sign-for-controller")) {
        Some(true) => Finding::fail(both!(
            "Biträdet får underteckna klausuler i kundens namn. Sedan 2021 ingår det dem själv.",
            "The processor may sign clauses in the customer's name. Since 2021 it makes them itself."
        ))
        .remedy(phrase!(
            "Stryk fullmakten. (may-sign-for-controller = false under [subprocessing])",
            "Strike the mandate. (may-sign-for-controller = false under [subprocessing])"
        )),
        Some(false) => Finding::pass(both!(
            "Biträdet undertecknar inte i kundens namn.",
            "The processor does not sign in the customer's name."
        )),
        None => Finding::pass(both!(
            "Avtalet ger ingen fullmakt att underteckna i kundens namn.",
            "The agreement gives no mandate to sign in the customer's name."
        )),
    }
    .at_some(subprocessing)
}
