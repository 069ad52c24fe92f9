//! B10: where data lies, is copied and is reached from, in countries.

use terms::Sourced;

use crate::art28::ask::{Ask, both, is_agreed, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B10",
    source: "GDPR Art. 30(2)(c), 44",
    severity: Severity::Major,
    title: phrase!("Platser", "Places"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[location.ID] med for och country, och country för varje [[subprocessor]]",
        "[location.ID] with for and country, and country for each [[subprocessor]]"
    );
    let open = |area: &str| matches!(area, "anywhere" | "europe" | "further-countries");
    let vague = ask.terms("location").find(|term| match (said_text(term, "country"), said_text(term, "area")) {
        (_, Some(area)) => open(area),
        (country, None) => country.is_none(),
    });
    if let Some(term) = vague {
        return Finding::warn(both!(
            "En plats är vag: avtalet säger inte i vilket land. Vilket är det?",
            "A place is vague: the agreement does not say in which country. Which is it?"
        ))
        .asking()
        .at(term)
        .remedy(remedy);
    }
    let subprocessors = || ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin));
    let is_found = |value: &Sourced<String>| value.value().is_some();
    if let Some(nowhere) = subprocessors().find(|it| !is_found(&it.country) && !is_found(&it.place)) {
        let name = &nowhere.name;
        return Finding::warn(both!(
            "Avtalet säger inte var {name} behandlar uppgifter. Var är det?",
            "The agreement does not say where {name} processes data. Where is it?"
        ))
        .asking()
        .under(&nowhere.clause)
        .remedy(remedy);
    }
    if let Some(term) = ask.terms("location").next() {
        return Finding::pass(both!("Avtalet säger var uppgifterna finns.", "The agreement says where the data is."))
            .at(term);
    }
    match subprocessors().next() {
        Some(first) => Finding::pass(both!(
            "Avtalet säger för varje underbiträde var det behandlar uppgifter.",
            "The agreement says for each subprocessor where it processes data."
        ))
        .under(&first.clause),
        None => Finding::silent(both!(
            "Avtalet säger inte var uppgifterna finns. I vilket land lagras de?",
            "The agreement does not say where the data is. In which country is it stored?"
        ))
        .remedy(remedy),
    }
}
