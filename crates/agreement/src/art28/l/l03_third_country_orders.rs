//! L03: an order of a third country's court or authority is followed only under an international agreement.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "L03",
    source: "GDPR Art. 48",
    severity: Severity::Minor,
    title: phrase!("Order från ett tredje land", "Orders of a third country"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "third-country-orders = \"international-agreement\" under [disclosures]",
        "third-country-orders = \"international-agreement\" under [disclosures]"
    );
    let disclosures = ask.term("disclosures", "");
    match disclosures.and_then(|term| said_text(term, "third-country-orders")) {
        Some("as-others") => Finding::fail(both!(
            "En order från ett tredje land följs som vilken annan som helst.",
            "An order of a third country is followed as any other."
        ))
        .remedy(remedy),
        Some(_) => Finding::pass(both!(
            "En order från ett tredje land följs inte utan en internationell överenskommelse.",
            "An order of a third country is not followed without an international agreement."
        )),
        None => Finding::silent(both!(
            "Avtalet säger inte hur en order från ett tredje lands domstol eller myndighet möts. Hur?",
            "The agreement does not say how an order of a third country's court or authority is met. How?"
        ))
        .remedy(remedy),
    }
    .at_some(disclosures)
}
