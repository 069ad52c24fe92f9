//! K06: auditors are bound by secrecy, and other customers' data is protected from them.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K06",
    source: "GDPR Art. 32",
    severity: Severity::Info,
    title: phrase!("Den som granskar håller hemligt", "Whoever audits keeps secrets"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let bound = ask.duties(&["audit"]).find(|term| said_flag(term, "binds-secrecy") == Some(true));
    let undertaking =
        || ask.terms("confidentiality").find(|term| said_words(term, "binds").iter().any(|it| it == "auditors"));
    match bound.or_else(undertaking) {
        Some(term) => {
            Finding::pass(both!("Den som granskar binds av sekretess.", "Whoever audits is bound by secrecy.")).at(term)
        }
        None => Finding::silent(both!(
            "Avtalet säger inte att den som granskar binds av sekretess. Gör den det?",
            "The agreement does not say that whoever audits is bound by secrecy. Are they?"
        ))
        .at_some(ask.terms("audit").next())
        .remedy(phrase!("binds-secrecy = true under [audit.secrecy]", "binds-secrecy = true under [audit.secrecy]")),
    }
}
