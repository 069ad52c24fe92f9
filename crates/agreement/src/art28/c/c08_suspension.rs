//! C08: the customer may suspend the processing.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C08",
    source: "(EU) 2021/915 cl. 10(a)",
    severity: Severity::Minor,
    title: phrase!("Kunden får pausa behandlingen", "The customer may suspend the processing"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Följer biträdet inte avtalet, får kunden kräva att behandlingen pausas tills det gör det. (suspend = true under [instructions])",
        "Where the processor does not follow the agreement, the customer may have the processing suspended until it does. (suspend = true under [instructions])"
    );
    let instructions = ask.term("instructions", "");
    match instructions.and_then(|term| said_flag(term, "suspend")) {
        Some(true) => {
            Finding::pass(both!("Kunden får pausa behandlingen.", "The customer may suspend the processing."))
        }
        Some(false) => {
            Finding::fail(both!("Kunden får inte pausa behandlingen.", "The customer may not suspend the processing."))
                .remedy(remedy)
        }
        None => Finding::silent(both!(
            "Avtalet säger inte om kunden får pausa behandlingen. Får den det?",
            "The agreement does not say whether the customer may suspend the processing. May it?"
        ))
        .remedy(remedy),
    }
    .at_some(instructions)
}
