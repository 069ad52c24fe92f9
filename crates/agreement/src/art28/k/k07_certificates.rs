//! K07: a certificate may count as proof, and does not take the place of the customer's own audit.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K07",
    source: "GDPR Art. 28(5)",
    severity: Severity::Info,
    title: phrase!("Intyg ersätter inte granskning", "Certificates do not replace audits"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let Some(term) =
        ask.duties(&["audit"]).find(|term| said_words(term, "evidence").iter().any(|it| it == "certificate"))
    else {
        return Finding::not_applicable(both!(
            "Avtalet låter inget intyg räknas vid granskning.",
            "The agreement lets no certificate count in audits."
        ));
    };
    let own = |term: &crate::value::Term| {
        said_words(term, "by-whom").iter().any(|it| it == "controller" || it == "mandated-auditor")
    };
    if ask.duties(&["audit"]).any(own) {
        Finding::pass(both!(
            "Intyg räknas, och kunden får granska ändå.",
            "Certificates count, and the customer may audit all the same."
        ))
    } else {
        Finding::fail(both!(
            "Intyget träder i stället för kundens egen granskning.",
            "The certificate takes the place of the customer's own audit."
        ))
        .remedy(phrase!(
            "by-whom = [\"controller\"] på rätten att granska",
            "by-whom = [\"controller\"] on the right to audit"
        ))
    }
    .at(term)
}
