//! A01: who accepted what, when, how and with what authority is on record, for exactly this text.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "A01",
    source: "GDPR Art. 28(9)",
    severity: Severity::Block,
    title: phrase!("Godkännandet är bevisat", "The acceptance is proven"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let Some(acceptances) = &ask.evidence.acceptances else {
        return Finding::not_applicable(both!(
            "Vem som har godkänt avtalet står i ett register, och det finns inte här.",
            "Who accepted the agreement stands in a register, which is not at hand here."
        ));
    };
    let hash = ask.agreement.hash();
    let Some(accepted) = acceptances.iter().find(|it| it.text == Some(hash)) else {
        return Finding::fail(both!(
            "Ingen har godkänt just den här texten.",
            "Nobody has accepted exactly this text."
        ))
        .remedy(phrase!(
            "Låt en behörig person godkänna versionen, så att person, organisation, behörighet, tid, sätt och textens hash antecknas.",
            "Let an authorised person accept this version, so that person, organisation, authority, time, method and the hash of the text are recorded."
        ));
    };
    if accepted.person && accepted.organisation && accepted.authority && accepted.time && accepted.method {
        Finding::pass(both!("Godkännandet är antecknat helt.", "The acceptance is recorded in full."))
    } else {
        Finding::fail(both!(
            "Godkännandet är antecknat, men det saknas vem, för vem, med vilken behörighet, när eller hur.",
            "The acceptance is recorded, but who, for whom, with what authority, when or how is missing."
        ))
    }
}
