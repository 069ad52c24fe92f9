//! C01: the processor processes only on documented instructions.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C01",
    source: "GDPR Art. 28(3)(a), 29",
    severity: Severity::Block,
    title: phrase!("Bara dokumenterade instruktioner", "Only documented instructions"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Biträdet behandlar personuppgifter bara på kundens dokumenterade instruktioner. (only-documented = true under [instructions])",
        "The processor processes personal data only on the customer's documented instructions. (only-documented = true under [instructions])"
    );
    let instructions = ask.term("instructions", "");
    match instructions.map(|term| (said_flag(term, "only-documented"), is_derived(term, "only-documented"))) {
        Some((Some(true), false)) => Finding::pass(both!(
            "Biträdet behandlar bara på dokumenterade instruktioner.",
            "The processor processes only on documented instructions."
        )),
        Some((Some(true), true)) => Finding::warn(both!(
            "Att bara dokumenterade instruktioner gäller står inte rent ut, men det går att läsa ut.",
            "That only documented instructions count does not stand there in so many words, but can be read out."
        ))
        .remedy(remedy),
        Some((Some(false), _)) => Finding::fail(both!(
            "Biträdet får behandla också utan dokumenterad instruktion.",
            "The processor may process also without a documented instruction."
        ))
        .remedy(remedy),
        _ => Finding::silent(both!(
            "Avtalet säger inte att biträdet behandlar bara på dokumenterade instruktioner. Gäller det?",
            "The agreement does not say that the processor processes only on documented instructions. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(instructions)
}
