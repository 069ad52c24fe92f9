//! F02: the subprocessors stand in a list from the start, and the customer can tell which of them are its own.

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F02",
    source: "GDPR Art. 28(2); EDPB Opinion 22/2024 para 25",
    severity: Severity::Block,
    title: phrase!("En lista från början", "A list from the start"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "En [[subprocessor]] för vart och ett som används när avtalet ingås.",
        "One [[subprocessor]] for each that is used when the agreement is made."
    );
    let listed = || ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin));
    match listed().next() {
        None => Finding::silent(both!("Avtalet har ingen lista över underbiträden. Vilka är de?", "The agreement has no list of subprocessors. Which are they?"))
            .at_some(ask.term("subprocessing", ""))
            .remedy(remedy),
        Some(first) if listed().all(|it| it.if_chosen) => Finding::warn(both!("Alla i listan används bara av den som väljer dem. Vilka gäller den här kunden, och vem driver tjänsten?", "All in the list are used only by those who choose them. Which are this customer's, and who runs the service?"))
            .asking()
            .under(&first.clause)
            .remedy(remedy),
        Some(first) => {
            let count = listed().count();
            Finding::pass(both!("Avtalet räknar upp {count} underbiträden.", "The agreement lists {count} subprocessors."))
                .under(&first.clause)
        }
    }
}
