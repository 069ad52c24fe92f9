//! G05: transfers are assessed first, with the measures that they need besides.

use super::all_within;
use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G05",
    source: "GDPR Art. 46; CJEU C-311/18",
    severity: Severity::Major,
    title: phrase!("Bedömning före överföring", "Assessment before transfer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "impact-assessment = true under [transfers], och bedömningen som handling",
        "impact-assessment = true under [transfers], and the assessment as a document"
    );
    let transfers = ask.term("transfers", "");
    match transfers.and_then(|term| said_flag(term, "impact-assessment")) {
        Some(true) => {
            Finding::pass(both!("Överföringar bedöms innan de görs.", "Transfers are assessed before they are made."))
        }
        Some(false) => {
            Finding::fail(both!("Överföringar görs utan bedömning.", "Transfers are made without an assessment."))
                .remedy(remedy)
        }
        None if all_within(ask) => {
            Finding::not_applicable(both!("Ingenting får lämna EES.", "Nothing may leave the EEA."))
        }
        None => Finding::silent(both!(
            "Avtalet säger inte att en överföring bedöms innan den görs. Görs det?",
            "The agreement does not say that a transfer is assessed before it is made. Is it?"
        ))
        .remedy(remedy),
    }
    .at_some(transfers)
}
