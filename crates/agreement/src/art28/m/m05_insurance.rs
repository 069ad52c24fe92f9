//! M05: where insurance is promised it is there, and has not run out.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M05",
    source: "no article; a promise of the agreement",
    severity: Severity::Info,
    title: phrase!("Försäkring", "Insurance"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let Some(insurance) = ask.term("insurance", "") else {
        return Finding::not_applicable(both!(
            "Avtalet lovar ingen försäkring.",
            "The agreement promises no insurance."
        ));
    };
    match insurance.date("valid-to") {
        Some(last) if last < ask.on => {
            Finding::fail(both!("Försäkringen gällde till {last}.", "The insurance held until {last}.")).remedy(
                phrase!(
                    "Förnya försäkringen, och skriv den nya dagen under valid-to.",
                    "Renew the insurance, and write the new day under valid-to."
                ),
            )
        }
        _ => Finding::pass(both!("Avtalet lovar en försäkring.", "The agreement promises an insurance.")),
    }
    .at(insurance)
}
