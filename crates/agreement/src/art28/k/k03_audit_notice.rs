//! K03: how long in advance an audit is announced, as a number.

use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K03",
    source: "GDPR Art. 28(3)(h)",
    severity: Severity::Minor,
    title: phrase!("Hur långt i förväg en granskning anmäls", "How long in advance an audit is announced"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    match ask.duties(&["audit"]).find_map(|term| Some((term, said_period(term, "ahead")?))) {
        Some((term, period)) => Finding::pass(both!("En granskning anmäls {period} i förväg.", "An audit is announced {period} in advance."; period)).at(term),
        None => Finding::silent(both!("Avtalet säger inte i siffror hur långt i förväg en granskning anmäls. Hur många dagar, och vid en incident?", "The agreement does not say in numbers how long in advance an audit is announced. How many days, and after an incident?"))
            .at_some(ask.terms("audit").next())
            .remedy(phrase!("ahead = \"10 working days\" under [audit.announcement], utom efter en incident eller på en myndighets order", "ahead = \"10 working days\" under [audit.announcement], except after an incident or on an authority's order")),
    }
}
