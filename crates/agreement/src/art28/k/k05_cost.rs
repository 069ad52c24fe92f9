//! K05: who pays for an audit, and that the customer does not pay for one that finds a breach.

use crate::art28::ask::{Ask, both, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K05",
    source: "EDPB Guidelines 07/2020",
    severity: Severity::Major,
    title: phrase!("Vad en granskning kostar", "What an audit costs"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!("free-when = [\"own-breach\"] vid avgiften", "free-when = [\"own-breach\"] at the fee");
    let paid = || ask.duties(&["audit"]).filter(|term| said_text(term, "fee").is_some());
    let breach_is_paid =
        |term: &&crate::value::Term| !said_words(term, "free-when").iter().any(|it| it == "own-breach");
    match (paid().find(breach_is_paid), paid().next()) {
        (Some(term), _) => Finding::warn(both!(
            "Granskningen kostar, också när den visar ett brott mot avtalet. Ska kunden betala då?",
            "The audit is paid, also when it finds a breach of the agreement. Is the customer to pay then?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, Some(term)) => Finding::pass(both!(
            "Granskningen kostar, utom när den visar ett brott.",
            "The audit is paid, except when it finds a breach."
        ))
        .at(term),
        (None, None) => Finding::not_applicable(both!(
            "Ingen avgift för granskning står i avtalet.",
            "No fee for audits stands in the agreement."
        )),
    }
}
