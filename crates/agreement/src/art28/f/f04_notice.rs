//! F04: the processor tells the customer of every addition and replacement before it happens.

use super::notice;
use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F04",
    source: "GDPR Art. 28(2)",
    severity: Severity::Block,
    title: phrase!("Besked om nya underbiträden", "Notice of new subprocessors"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let specific =
        ask.term("subprocessing", "").is_some_and(|term| said_text(term, "authorisation") == Some("specific"));
    match notice(ask) {
        Some(term) => Finding::pass(both!(
            "Biträdet berättar för kunden om nya och bytta underbiträden.",
            "The processor tells the customer of new and replaced subprocessors."
        ))
        .at(term),
        None if specific => Finding::not_applicable(both!(
            "Varje underbiträde kräver kundens godkännande, så ett besked behövs inte särskilt.",
            "Each subprocessor needs the customer's authorisation, so no notice is needed besides."
        )),
        None => Finding::silent(both!(
            "Avtalet säger inte att kunden får veta om ett nytt underbiträde i förväg. Får den det?",
            "The agreement does not say that the customer is told of a new subprocessor in advance. Is it?"
        ))
        .at_some(ask.term("subprocessing", ""))
        .remedy(phrase!(
            "Biträdet berättar för kunden före varje nytt eller bytt underbiträde. ([subprocessor-change.notice])",
            "The processor tells the customer before each new or replaced subprocessor. ([subprocessor-change.notice])"
        )),
    }
}
