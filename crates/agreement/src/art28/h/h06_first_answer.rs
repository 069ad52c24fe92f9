//! H06: the customer has a first answer to its request for help within a number.

use crate::art28::ask::{Ask, both, phrase, reaches, said_period, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H06",
    source: "GDPR Art. 12(3)",
    severity: Severity::Minor,
    title: phrase!("Första svaret till kunden", "The first answer to the customer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let asked = || {
        ask.duties(&["request"])
            .filter(|term| reaches(term, "controller") && said_text(term, "start") == Some("request"))
    };
    match asked().find_map(|term| Some((term, said_period(term, "within")?))) {
        Some((term, period)) => Finding::pass(both!("Kunden får hjälp inom {period}.", "The customer has help within {period}."; period)).at(term),
        None => Finding::silent(both!("Avtalet säger inte i siffror hur snart kunden får svar på sin begäran om hjälp. Hur snart?", "The agreement does not say in numbers how soon the customer has an answer to its request for help. How soon?"))
            .at_some(asked().next())
            .remedy(phrase!("within = \"5 working days\" under [request.help]", "within = \"5 working days\" under [request.help]")),
    }
}
