//! G08: somebody is reminded before a basis for transfers ends.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G08",
    source: "GDPR Art. 45(5), 45(9)",
    severity: Severity::MajorAtRunTime,
    title: phrase!("Påminnelse innan en grund upphör", "A reminder before a basis ends"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    match ask.evidence.basis_reminders {
        None => Finding::not_applicable(both!(
            "Om någon påminns innan en grund upphör står i ett register, som inte finns här.",
            "Whether somebody is reminded before a basis ends stands in a register, which is not at hand here."
        )),
        Some(true) => Finding::pass(both!(
            "En påminnelse finns innan varje grund upphör.",
            "There is a reminder before each basis ends."
        )),
        Some(false) => Finding::fail(both!(
            "Ingen påminns innan en grund för överföring upphör.",
            "Nobody is reminded before a basis for transfer ends."
        ))
        .remedy(phrase!(
            "Lägg in påminnelser för varje grunds sista dag.",
            "Enter reminders for the last day of each basis."
        )),
    }
}
