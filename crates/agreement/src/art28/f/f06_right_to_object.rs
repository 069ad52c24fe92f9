//! F06: the customer may object to a new subprocessor, in so many words.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F06",
    source: "GDPR Art. 28(2)",
    severity: Severity::Block,
    title: phrase!("Rätten att invända", "The right to object"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Kunden får invända mot ett nytt underbiträde. (right-to-object = true under [subprocessing])",
        "The customer may object to a new subprocessor. (right-to-object = true under [subprocessing])"
    );
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_flag(term, "right-to-object")) {
        Some(true) => Finding::pass(both!(
            "Kunden får invända mot nya underbiträden.",
            "The customer may object to new subprocessors."
        )),
        Some(false) => Finding::fail(both!(
            "Kunden får inte invända mot nya underbiträden.",
            "The customer may not object to new subprocessors."
        ))
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte att kunden får invända mot ett nytt underbiträde. Får den det?",
            "The agreement does not say that the customer may object to a new subprocessor. May it?"
        ))
        .remedy(remedy),
    }
    .at_some(subprocessing)
}
