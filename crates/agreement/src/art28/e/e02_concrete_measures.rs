//! E02: measures that somebody could check, each with its concept.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E02",
    source: "(EU) 2021/915 Annex III; EDPB Guidelines 07/2020",
    severity: Severity::Major,
    title: phrase!("Konkreta åtgärder", "Concrete measures"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "En [measure.ID] för var åtgärd, med area och concept.",
        "One [measure.ID] for each measure, with area and concept."
    );
    let least = ask.limits.count("measures-least").unwrap_or(1);
    let all = ask.terms("measure").count();
    let with_concept = ask.terms("measure").filter(|term| term.text("concept").is_some()).count();
    let first = ask.terms("measure").next();
    let enough = |count: usize| u64::try_from(count).is_ok_and(|count| count >= least);
    if enough(with_concept) {
        Finding::pass(both!(
            "Avtalet räknar upp {all} åtgärder.",
            "The agreement lists {all} measures."
        ))
    } else if first.is_some() {
        Finding::warn(both!(
            "Avtalet räknar upp {all} åtgärder, varav {with_concept} med begrepp; minst {least} väntas. Finns det fler?",
            "The agreement lists {all} measures, {with_concept} of them with a concept; at least {least} are expected. Are there more?"
        ))
        .asking()
        .remedy(remedy)
    } else {
        Finding::silent(both!(
            "Avtalet räknar inte upp några säkerhetsåtgärder. Vilka finns?",
            "The agreement lists no security measures. Which are there?"
        ))
        .remedy(remedy)
    }
    .at_some(first)
}
