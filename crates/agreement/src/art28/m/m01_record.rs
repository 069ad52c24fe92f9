//! M01: the processor's record of processing can be produced from the agreement and the registers.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M01",
    source: "GDPR Art. 30(2)",
    severity: Severity::BlockAtRunTime,
    title: phrase!("Registret över behandling går att ta fram", "The record of processing can be produced"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    match ask.evidence.record_of_processing {
        None => Finding::not_applicable(both!(
            "Om registret över behandling går att ta fram svarar plattformen på, och den är inte här.",
            "Whether the record of processing can be produced the platform answers, which is not at hand here."
        )),
        Some(true) => Finding::pass(both!(
            "Registret över behandling går att ta fram.",
            "The record of processing can be produced."
        )),
        Some(false) => Finding::fail(both!(
            "Registret över behandling går inte att ta fram: något som lagen kräver saknas.",
            "The record of processing cannot be produced: something that the law demands is missing."
        ))
        .remedy(phrase!(
            "Ange ansvarig, ombud, behandlingar, överföringar och åtgärder i avtalet.",
            "State controller, officer, activities, transfers and measures in the agreement."
        )),
    }
}
