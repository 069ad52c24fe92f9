//! F12: the customer sees the contract with a subprocessor when it asks.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F12",
    source: "(EU) 2021/915 cl. 7.7(c); EDPB Opinion 22/2024",
    severity: Severity::Minor,
    title: phrase!("Kopia av avtalet med underbiträdet", "A copy of the contract with the subprocessor"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy =
        phrase!("copy-on-request = true under [subprocessing]", "copy-on-request = true under [subprocessing]");
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_flag(term, "copy-on-request")) {
        Some(true) => Finding::pass(both!(
            "Kunden får se avtalet med ett underbiträde.",
            "The customer may see the contract with a subprocessor."
        )),
        Some(false) => Finding::fail(both!(
            "Kunden får inte se avtalet med ett underbiträde.",
            "The customer may not see the contract with a subprocessor."
        ))
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte att kunden får se avtalet med ett underbiträde. Får den det?",
            "The agreement does not say that the customer may see the contract with a subprocessor. May it?"
        ))
        .remedy(remedy),
    }
    .at_some(subprocessing)
}
