//! J01: at the end the customer chooses between having data erased and having it back.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J01",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Block,
    title: phrase!("Radering eller återlämning, efter kundens val", "Erasure or return, as the customer chooses"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy =
        phrase!("choice = [\"erase\", \"return\"] under [ending]", "choice = [\"erase\", \"return\"] under [ending]");
    let ending = ask.term("ending", "");
    let choice = ending.map_or(&[][..], |term| said_words(term, "choice"));
    let may = |what: &str| choice.iter().any(|it| it == what);
    match (may("erase") && may("return"), choice.is_empty()) {
        (true, _) => Finding::pass(both!(
            "Kunden väljer mellan radering och återlämning.",
            "The customer chooses between erasure and return."
        )),
        (false, false) => Finding::warn(both!(
            "Kunden får bara det ena av radering och återlämning att välja. Får den välja det andra?",
            "The customer has only one of erasure and return to choose. May it choose the other?"
        ))
        .asking()
        .remedy(remedy),
        (false, true) => Finding::silent(both!(
            "Avtalet säger inte att kunden väljer mellan radering och återlämning. Gör den det?",
            "The agreement does not say that the customer chooses between erasure and return. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(ending)
}
