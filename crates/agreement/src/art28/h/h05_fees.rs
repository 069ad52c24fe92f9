//! H05: what the help costs stands in a number, and is free for the processor's own breach and for what the customer does itself.

use crate::art28::ask::{Ask, Said, both, of_processor, phrase, said, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H05",
    source: "EDPB Guidelines 07/2020",
    severity: Severity::Major,
    title: phrase!("Vad hjälpen kostar", "What the help costs"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Ett belopp på taxan, och free-when = [\"own-breach\", \"self-service\"]",
        "An amount of the rate, and free-when = [\"own-breach\", \"self-service\"]"
    );
    let paid = || {
        ask.duties(&["request", "erasure", "incident", "authority", "disclosure", "standing"])
            .filter(|term| of_processor(term) && said_text(term, "fee").is_some())
    };
    let half = |term: &&crate::value::Term| {
        let rate = said_text(term, "fee").and_then(|rate| ask.term("rate", rate));
        let has_amount = rate.is_some_and(|rate| matches!(said(rate, "amount"), Said::This(_)));
        let free = said_words(term, "free-when");
        !(has_amount && free.iter().any(|it| it == "own-breach") && free.iter().any(|it| it == "self-service"))
    };
    match (paid().find(half), paid().next()) {
        (Some(term), _) => Finding::warn(both!("Hjälpen kostar, men beloppet eller när den är fri står inte. Vad kostar det, och är biträdets egna fel fria?", "The help is paid, but the amount or when it is free is not said. What does it cost, and is the processor's own breach free?"))
            .asking()
            .at(term)
            .remedy(remedy),
        (None, Some(term)) => Finding::pass(both!("Hjälpen har ett pris, och är fri vid biträdets egna fel och för det kunden gör själv.", "The help has a price, and is free for the processor's own breach and for what the customer does itself.")).at(term),
        (None, None) => Finding::pass(both!("Ingen avgift för hjälpen står i avtalet.", "No fee for the help stands in the agreement.")),
    }
}
