//! G01: whatever lies in or is reached from outside the EEA has a basis that holds on the day.

use super::{carried, standing_outside};
use crate::art28::ask::{Ask, both, is_agreed, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G01",
    source: "GDPR Art. 44–46",
    severity: Severity::Block,
    title: phrase!("Grund för överföring, i dag", "A basis for transfer, today"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "En [[transfer]] med basis som gäller i dag och evidence, eller en mottagare inom EES.",
        "A [[transfer]] with a basis that holds today and its evidence, or a recipient within the EEA."
    );
    let listed = || ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin));
    if let Some(bare) = listed().find(|it| standing_outside(ask, it) && !carried(ask, it)) {
        let (name, country) = (&bare.name, bare.country.value().map_or("", String::as_str));
        return Finding::fail(both!(
            "{name} är i {country}, utanför EES, och ingen grund för överföring dit gäller i dag.",
            "{name} is in {country}, outside the EEA, and no basis for a transfer there holds today."
        ))
        .under(&bare.clause)
        .remedy(remedy);
    }
    let outside =
        |term: &&crate::value::Term| said_text(term, "country").is_some_and(|country| !ask.law.lies_in(country, "eea"));
    let open = |term: &&crate::value::Term| matches!(said_text(term, "area"), Some("anywhere" | "further-countries"));
    let held =
        |country: &str| listed().any(|it| it.country.value().is_some_and(|it| it == country) && carried(ask, it));
    if let Some(place) = ask.terms("location").filter(outside).find(|it| !said_text(it, "country").is_some_and(held)) {
        return Finding::fail(both!(
            "Uppgifter får finnas i ett land utanför EES, och ingen grund för det gäller i dag.",
            "Data may lie in a country outside the EEA, and no basis for that holds today."
        ))
        .at(place)
        .remedy(remedy);
    }
    if let Some(place) = ask.terms("location").find(open) {
        return Finding::fail(both!(
            "Uppgifter får finnas var som helst, så ingen grund kan täcka platsen.",
            "Data may lie anywhere, so no basis can cover the place."
        ))
        .at(place)
        .remedy(remedy);
    }
    if let Some(unknown) = listed().find(|it| it.country.value().is_none()) {
        let name = &unknown.name;
        return Finding::warn(both!(
            "I vilket land {name} finns står inte. Är det inom EES?",
            "In which country {name} is does not stand there. Is it within the EEA?"
        ))
        .asking()
        .under(&unknown.clause)
        .remedy(remedy);
    }
    if listed().next().is_none() && ask.terms("location").next().is_none() {
        return Finding::warn(both!(
            "Avtalet nämner ingen plats och ingen mottagare. Lämnar något EES?",
            "The agreement names no place and no recipient. Does anything leave the EEA?"
        ))
        .asking()
        .remedy(remedy);
    }
    Finding::pass(both!(
        "Allt finns inom EES, eller har en grund för överföring som gäller i dag.",
        "All lies within the EEA, or has a basis for transfer that holds today."
    ))
}
