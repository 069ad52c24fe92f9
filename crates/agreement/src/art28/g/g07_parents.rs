//! G07: a recipient within the EEA may belong to somebody outside; whether they reach the data is said.

use crate::art28::ask::{Ask, both, is_agreed, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G07",
    source: "GDPR Art. 45–46",
    severity: Severity::Major,
    title: phrase!("Bolaget bakom", "The organisation behind"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "parent-country på varje [[subprocessor]], och onward-access under [transfers]",
        "parent-country on each [[subprocessor]], and onward-access under [transfers]"
    );
    let listed = || ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin));
    let transfers = ask.term("transfers", "");
    if listed().next().is_none() {
        return Finding::silent(both!(
            "Utan lista går det inte att se vem som står bakom mottagarna. Vilka är de?",
            "Without a list nobody can see who stands behind the recipients. Who are they?"
        ))
        .at_some(transfers)
        .remedy(remedy);
    }
    let within =
        |it: &&crate::term::Subprocessor| it.country.value().is_none_or(|country| ask.law.lies_in(country, "eea"));
    if let Some(unknown) = listed().filter(within).find(|it| it.parent_country.is_none()) {
        let name = &unknown.name;
        return Finding::silent(both!(
            "Vem som står bakom {name}, och om de når uppgifterna utifrån, säger avtalet inte. Vem är det?",
            "Who stands behind {name}, and whether they reach the data from outside, the agreement does not say. Who is it?"
        ))
        .under(&unknown.clause)
        .remedy(remedy);
    }
    let outside = |it: &&crate::term::Subprocessor| {
        it.parent_country.as_ref().is_some_and(|country| !ask.law.lies_in(country, "eea"))
    };
    match (listed().filter(within).find(outside), transfers.and_then(|term| said_flag(term, "onward-access"))) {
        (Some(parent), None) => {
            let name = &parent.name;
            Finding::silent(both!(
                "Bolaget bakom {name} finns utanför EES. Når det uppgifterna?",
                "The organisation behind {name} is outside the EEA. Does it reach the data?"
            ))
            .under(&parent.clause)
            .remedy(remedy)
        }
        (_, Some(_)) => Finding::pass(both!(
            "Avtalet säger om bolag utanför EES når uppgifterna.",
            "The agreement says whether organisations outside the EEA reach the data."
        ))
        .at_some(transfers),
        (None, None) => Finding::pass(both!(
            "Inget bolag bakom mottagarna finns utanför EES.",
            "No organisation behind the recipients is outside the EEA."
        ))
        .at_some(transfers),
    }
}
