//! E06: access is logged, readings too, and the customer can follow up.

use terms::Provenance;

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::Origin;

pub(super) static CHECK: Check = Check {
    id: "E06",
    source: "GDPR Art. 32(1)(b)",
    severity: Severity::Major,
    title: phrase!("Åtkomst loggas", "Access is logged"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Varje läsning och ändring loggas, och kunden får se loggen. ([logging] access = \"every request\")",
        "Each reading and change is logged, and the customer may see the log. ([logging] access = \"every request\")"
    );
    let logging = ask.agreement.logging().filter(|it| is_agreed(&it.origin));
    let measure = ask.measures("logging").next();
    let is_stated = |origin: &Origin| origin.provenance == Provenance::Stated;
    match (logging, measure) {
        (Some(logging), _) if is_stated(&logging.origin) && ask.limits.is_word("reads-are-logged", &logging.access) => Finding::pass(both!(
            "Varje åtkomst loggas, också läsning.",
            "Each access is logged, readings too."
        ))
        .under(&logging.clause),
        (Some(logging), _) => Finding::warn(both!(
            "Åtkomst loggas, men avtalet säger inte att läsning gör det. Gör den det?",
            "Access is logged, but the agreement does not say that readings are. Are they?"
        ))
        .asking()
        .under(&logging.clause)
        .remedy(remedy),
        (None, Some(measure)) => Finding::warn(both!(
            "Något loggas, men avtalet säger inte att läsning gör det eller att kunden får se loggen. Är det så?",
            "Something is logged, but the agreement does not say that readings are, or that the customer may see the log. Is it so?"
        ))
        .asking()
        .at(measure)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att åtkomst till uppgifterna loggas. Loggas den?",
            "The agreement does not say that access to the data is logged. Is it?"
        ))
        .remedy(remedy),
    }
}
