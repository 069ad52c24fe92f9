//! F14: subprocessors of subprocessors are named too.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F14",
    source: "EDPB Opinion 22/2024 paras 31-32",
    severity: Severity::Major,
    title: phrase!("Hela kedjan", "The whole chain"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!("whole-chain = true under [subprocessing]", "whole-chain = true under [subprocessing]");
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_flag(term, "whole-chain")) {
        Some(true) => Finding::pass(both!(
            "Hela kedjan av underbiträden är känd för kunden.",
            "The whole chain of subprocessors is known to the customer."
        )),
        Some(false) => Finding::fail(both!(
            "Underbiträdens egna underbiträden visas inte för kunden.",
            "Subprocessors' own subprocessors are not shown to the customer."
        ))
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte vilka underbiträden som finns i nästa led. Vilka är de?",
            "The agreement does not say which subprocessors stand in the next link. Which are they?"
        ))
        .remedy(remedy),
    }
    .at_some(subprocessing)
}
