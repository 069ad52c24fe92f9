//! A04: the data protection officer is named, or the agreement says that there is none.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "A04",
    source: "GDPR Art. 37–39, 27",
    severity: Severity::Minor,
    title: phrase!("Dataskyddsombud", "Data protection officer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let contact = ask.term("contact", "data-protection-officer");
    match contact.map(|term| said(term, "address")) {
        Some(Said::This(_)) => Finding::pass(both!(
            "Avtalet säger hur dataskyddsombudet nås.",
            "The agreement says how the data protection officer is reached."
        )),
        Some(Said::None) => Finding::pass(both!(
            "Avtalet säger att inget dataskyddsombud är utsett.",
            "The agreement says that no data protection officer is appointed."
        )),
        Some(Said::Silent) | None => Finding::silent(both!(
            "Avtalet säger inget om dataskyddsombud. Finns det ett, och hur nås det?",
            "The agreement says nothing about a data protection officer. Is there one, and how are they reached?"
        ))
        .remedy(phrase!(
            "[contact.data-protection-officer] med address, eller address = { none = true } om inget är utsett",
            "[contact.data-protection-officer] with address, or address = { none = true } where none is appointed"
        )),
    }
    .at_some(contact)
}
