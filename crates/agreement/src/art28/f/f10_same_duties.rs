//! F10: subprocessors are bound by contract to the same duties.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F10",
    source: "GDPR Art. 28(4)",
    severity: Severity::Block,
    title: phrase!("Samma skyldigheter för underbiträden", "The same duties for subprocessors"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Varje underbiträde binds i avtal av samma skyldigheter. (duties = \"same\" under [subprocessing])",
        "Each subprocessor is bound by contract to the same duties. (duties = \"same\" under [subprocessing])"
    );
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.map(|term| (said_text(term, "duties"), is_derived(term, "duties"))) {
        Some((Some("same" | "equivalent"), false)) => Finding::pass(both!(
            "Underbiträden binds i avtal av samma skyldigheter.",
            "Subprocessors are bound by contract to the same duties."
        )),
        Some((Some("same" | "equivalent"), true)) => Finding::warn(both!(
            "Att underbiträden får samma skyldigheter står inte rent ut, men det går att läsa ut.",
            "That subprocessors get the same duties does not stand there in so many words, but can be read out."
        ))
        .remedy(remedy),
        Some((Some(_), _)) => Finding::warn(both!(
            "Underbiträden får ett avtal, men det sägs inte vilka skyldigheter det innehåller. Är det samma?",
            "Subprocessors get a contract, but it is not said which duties it holds. Are they the same?"
        ))
        .asking()
        .remedy(remedy),
        _ => Finding::silent(both!(
            "Avtalet säger inte att underbiträden binds av samma skyldigheter. Gör de det?",
            "The agreement does not say that subprocessors are bound to the same duties. Are they?"
        ))
        .remedy(remedy),
    }
    .at_some(subprocessing)
}
