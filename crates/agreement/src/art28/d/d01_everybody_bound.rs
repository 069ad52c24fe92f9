//! D01: everybody who works with the data for the processor is bound by secrecy.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "D01",
    source: "GDPR Art. 28(3)(b)",
    severity: Severity::Block,
    title: phrase!("Alla har tystnadsplikt", "Everybody is bound by secrecy"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Alla som för biträdet kommer i kontakt med uppgifterna, också konsulter, har tystnadsplikt. ([confidentiality.ID] binds = [\"staff\", \"consultants\"])",
        "All who for the processor come into contact with the data, consultants too, are bound by secrecy. ([confidentiality.ID] binds = [\"staff\", \"consultants\"])"
    );
    let binds =
        |who: &str| ask.terms("confidentiality").find(|term| said_words(term, "binds").iter().any(|it| it == who));
    match (binds("staff"), ask.terms("confidentiality").next()) {
        (Some(term), _) => {
            Finding::pass(both!("Personalen har tystnadsplikt.", "The staff is bound by secrecy.")).at(term)
        }
        (None, Some(term)) => Finding::fail(both!(
            "Avtalet ålägger andra tystnadsplikt, men inte biträdets personal.",
            "The agreement binds others to secrecy, but not the processor's staff."
        ))
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att personalen har tystnadsplikt. Har den det?",
            "The agreement does not say that the staff is bound by secrecy. Is it?"
        ))
        .remedy(remedy),
    }
}
