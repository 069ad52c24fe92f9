//! M06: the level has a measure and a fee to be reduced, and each level stands in exactly one row of the table.

use crate::art28::ask::{Ask, Said, both, phrase, said, said_text};
use crate::art28::traps::edge_gaps;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M06",
    source: "no article; the service level",
    severity: Severity::Minor,
    title: phrase!("Servicenivån går att räkna", "The service level can be computed"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let Some(availability) =
        ask.term("availability", "").filter(|term| matches!(said(term, "at-least"), Said::This(_)))
    else {
        return Finding::not_applicable(both!(
            "Avtalet lovar ingen tillgänglighet.",
            "The agreement promises no availability."
        ));
    };
    let rows: Vec<&crate::value::Term> = ask.terms("reduction").collect();
    let gaps = edge_gaps(&rows);
    if !gaps.is_empty() {
        let gaps = gaps.iter().map(|gap| format!("{gap} %")).collect::<Vec<_>>().join(", ");
        return Finding::warn(both!(
            "Nivåerna {gaps} står i ingen rad av nedsättningstabellen. Vilken nedsättning gäller på gränsen?",
            "The levels {gaps} stand in no row of the table of reductions. Which reduction holds at the edge?"
        ))
        .asking()
        .at_some(rows.first().copied())
        .remedy(phrase!(
            "from eller up-to i stället för above och below på ena sidan av var gräns",
            "from or up-to instead of above and below on one side of each edge"
        ));
    }
    if !rows.is_empty() && said_text(availability, "fee-base").is_none() {
        return Finding::warn(both!(
            "Vilken avgift som sätts ned står inte. Månadens, kvartalets eller årets?",
            "Which fee is reduced is not said. The month's, the quarter's or the year's?"
        ))
        .asking()
        .at(availability)
        .remedy(phrase!("fee-base under [availability]", "fee-base under [availability]"));
    }
    Finding::pass(both!("Servicenivån går att räkna.", "The service level can be computed.")).at(availability)
}
