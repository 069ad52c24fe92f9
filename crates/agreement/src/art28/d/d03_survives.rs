//! D03: secrecy lasts after the end.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_words};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "D03",
    source: "GDPR Art. 28(3)(b)",
    severity: Severity::Minor,
    title: phrase!("Tystnadsplikten består", "Secrecy lasts"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Tystnadsplikten gäller också sedan avtalet upphört. (survives = true under [confidentiality.ID])",
        "Secrecy holds also after the agreement has ended. (survives = true under [confidentiality.ID])"
    );
    // What the customer alone keeps secret is another matter.
    let binds_processor = |term: &&Term| said_words(term, "binds").iter().any(|who| who != "controller");
    let terms: Vec<_> = ask.terms("confidentiality").filter(binds_processor).collect();
    let first = terms.first().copied();
    let said = |flag| terms.iter().copied().find(|term| said_flag(term, "survives") == Some(flag));
    match (said(true), said(false)) {
        (Some(term), _) => Finding::pass(both!(
            "Tystnadsplikten gäller också efter avtalets slut.",
            "Secrecy holds also after the end of the agreement."
        ))
        .at(term),
        (None, Some(term)) => {
            Finding::fail(both!("Tystnadsplikten upphör med avtalet.", "Secrecy ends with the agreement."))
                .at(term)
                .remedy(remedy)
        }
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att tystnadsplikten gäller efter avtalets slut. Gör den det?",
            "The agreement does not say that secrecy holds after its end. Does it?"
        ))
        .at_some(first)
        .remedy(remedy),
    }
}
