//! F03: each entry of the list says who it is, how it is reached, what it does, with which data and where.

use terms::Sourced;

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::Subprocessor;

pub(super) static CHECK: Check = Check {
    id: "F03",
    source: "EDPB Opinion 22/2024; (EU) 2021/915 Annex IV",
    severity: Severity::Major,
    title: phrase!("Vad listan säger om vart och ett", "What the list says of each"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "registration-number, address, contact, data, country och place på varje [[subprocessor]]",
        "registration-number, address, contact, data, country and place on each [[subprocessor]]"
    );
    let listed = || ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin));
    if listed().next().is_none() {
        return Finding::silent(both!(
            "Det finns inga underbiträden i någon lista. Vilka är de, och var?",
            "There are no subprocessors in any list. Which are they, and where?"
        ))
        .at_some(ask.term("subprocessing", ""))
        .remedy(remedy);
    }
    if let Some(bare) = listed().find(|it| !has_place(it) && !has_data(it)) {
        let name = &bare.name;
        return Finding::silent(both!(
            "Om {name} säger avtalet varken var det är eller vilka uppgifter det får. Vilka är de?",
            "Of {name} the agreement says neither where it is nor which data it receives. Which are they?"
        ))
        .under(&bare.clause)
        .remedy(remedy);
    }
    let whole = |it: &&Subprocessor| {
        let named = it.registration_number.is_some() && it.address.is_some() && it.contact.is_some();
        named && has_place(it) && has_data(it)
    };
    match listed().find(|it| !whole(it)) {
        Some(half) => {
            let name = &half.name;
            Finding::warn(both!("Om {name} säger avtalet bara en del: nummer, adress, kontakt, uppgifter eller plats saknas. Vilka är de?", "Of {name} the agreement says only a part: number, address, contact, data or place is missing. Which are they?"))
                .asking()
                .under(&half.clause)
                .remedy(remedy)
        }
        None => Finding::pass(both!(
            "Listan säger om vart och ett vem det är, hur det nås, vad det gör, med vilka uppgifter och var.",
            "The list says of each who it is, how it is reached, what it does, with which data and where."
        )),
    }
}

fn has_place(it: &Subprocessor) -> bool {
    it.country.value().is_some() || it.place.value().is_some()
}

fn has_data(it: &Subprocessor) -> bool {
    it.data.is_some() || matches!(it.categories, Sourced::Found { .. })
}
