//! C07: the customer's own instruction wins over the general specification, openly.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C07",
    source: "GDPR Art. 28(3)(a)",
    severity: Severity::Major,
    title: phrase!("Kundens egen instruktion går före", "The customer's own instruction wins"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy =
        phrase!("own-over-general = true under [instructions]", "own-over-general = true under [instructions]");
    let instructions = ask.term("instructions", "");
    match instructions.and_then(|term| said_flag(term, "own-over-general")) {
        Some(true) => Finding::pass(both!(
            "Kundens egen instruktion går före den allmänna.",
            "The customer's own instruction wins over the general one."
        )),
        Some(false) => Finding::fail(both!(
            "Den allmänna instruktionen går före kundens egen.",
            "The general instruction wins over the customer's own."
        ))
        .remedy(remedy),
        None => Finding::warn(both!(
            "Avtalet säger inte om kundens egen instruktion går före den allmänna. Gör den det?",
            "The agreement does not say whether the customer's own instruction wins over the general one. Does it?"
        ))
        .asking()
        .remedy(remedy),
    }
    .at_some(instructions)
}
