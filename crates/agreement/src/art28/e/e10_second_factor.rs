//! E10: the processor's staff logs in with a second factor.

use terms::{Provenance, Sourced};

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::RoleSide;

pub(super) static CHECK: Check = Check {
    id: "E10",
    source: "GDPR Art. 32",
    severity: Severity::Minor,
    title: phrase!("Flerfaktorsinloggning", "Multi-factor log-in"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    if let Some(measure) = ask.measures("multi-factor").next() {
        return Finding::pass(both!(
            "Avtalet lovar en andra faktor vid inloggning.",
            "The agreement promises a second factor at log-in."
        ))
        .at(measure);
    }
    let accounts = ask.agreement.accounts();
    let remedy = phrase!(
        "Biträdets personal loggar in med en andra faktor. (second-factor = [\"processor\"] under [accounts])",
        "The processor's staff logs in with a second factor. (second-factor = [\"processor\"] under [accounts])"
    );
    let finding = match accounts.map(|it| &it.second_factor) {
        Some(Sourced::Found { value, provenance, .. }) if *provenance != Provenance::SetByOperator => {
            if value.contains(&RoleSide::Processor) {
                Finding::pass(both!(
                    "Biträdets personal loggar in med en andra faktor.",
                    "The processor's staff logs in with a second factor."
                ))
            } else {
                Finding::warn(both!(
                    "En andra faktor krävs, men inte av biträdets personal.",
                    "A second factor is needed, but not of the processor's staff."
                ))
                .remedy(remedy)
            }
        }
        Some(Sourced::Found { .. }) => Finding::silent(both!(
            "Driften kräver en andra faktor vid inloggning, men avtalet lovar den inte. Ska det göra det?",
            "The operator demands a second factor at log-in, but the agreement does not promise it. Should it?"
        ))
        .remedy(remedy),
        _ => Finding::silent(both!(
            "Avtalet säger inget om en andra faktor vid inloggning. Krävs den?",
            "The agreement says nothing about a second factor at log-in. Is it needed?"
        ))
        .remedy(remedy),
    };
    match accounts {
        Some(accounts) => finding.under(&accounts.clause),
        None => finding,
    }
}
