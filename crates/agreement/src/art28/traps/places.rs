//! Traps of place: the same supplier in two places, a promise of place that recipients break, places that are open.

use terms::Sourced;

use super::{Action, Trap};
use crate::art28::ask::{Ask, both, is_agreed, phrase, said_flag, said_text};
use crate::term::Subprocessor;

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    [two_places(ask), outside_the_promise(ask), nowhere(ask), open(ask)].into_iter().flatten().collect()
}

fn listed<'a>(ask: &Ask<'a>) -> impl Iterator<Item = &'a Subprocessor> + Clone + use<'a> {
    ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin))
}

/// T-22: one supplier stands in the list at two places. The place follows the task, not the supplier.
fn two_places(ask: &Ask<'_>) -> Option<Trap> {
    let place = |it: &Subprocessor| (it.country.value().cloned(), it.place.value().cloned());
    let mut rest = listed(ask);
    while let Some(one) = rest.next() {
        let same = |it: &&Subprocessor| it.name.eq_ignore_ascii_case(&one.name) && place(it) != place(one);
        if let Some(other) = rest.clone().find(same) {
            let name = &one.name;
            let says = both!(
                "{name} står i listan på två olika platser. Platsen följer uppdraget och inte bolaget.",
                "{name} stands in the list at two different places. The place follows the task and not the organisation."
            );
            let remedy = phrase!("Ange för vart uppdrag var det utförs.", "State for each task where it is done.");
            return Some(Trap::at("T-22", Action::Flag, other.clause.clone(), 0, says, remedy));
        }
    }
    None
}

/// T-23: data is promised to lie only in an area, and a recipient is known to be outside the EEA.
fn outside_the_promise(ask: &Ask<'_>) -> Option<Trap> {
    let promise = ask.terms("location").find(|term| said_flag(term, "only") == Some(true))?;
    let within = |it: &&Subprocessor| it.country.value().is_none_or(|country| ask.law.lies_in(country, "eea"));
    let outside = listed(ask).find(|it| !within(it))?;
    let name = &outside.name;
    let says = both!(
        "Avtalet lovar en plats och ingen annan, men {name} i listan är utanför EES.",
        "The agreement promises one place and no other, but {name} of the list is outside the EEA."
    );
    let remedy = phrase!(
        "Skilj på var uppgifter lagras och vart de sänds, och pröva var mottagare för sig.",
        "Tell apart where data is stored and where it is sent, and judge each recipient by itself."
    );
    Some(Trap::computed("T-23", Action::Warn, promise, says, remedy))
}

/// T-35: places are promised or demanded, and a recipient has none at all.
fn nowhere(ask: &Ask<'_>) -> Option<Trap> {
    let is_not = |value: &Sourced<String>| value.value().is_none();
    let bare = listed(ask).find(|it| is_not(&it.country) && is_not(&it.place))?;
    let name = &bare.name;
    let says = both!(
        "{name} har ingen plats, så ingen regel om platser går att pröva.",
        "{name} has no place, so no rule on places can be judged."
    );
    let remedy =
        phrase!("Sänd inget dit förrän platsen är ifylld.", "Send nothing there until the place is filled in.");
    Some(Trap::at("T-35", Action::Block, bare.clause.clone(), 0, says, remedy))
}

/// T-20: places are left open.
fn open(ask: &Ask<'_>) -> Option<Trap> {
    let is_open =
        |term: &&crate::value::Term| matches!(said_text(term, "area"), Some("anywhere" | "further-countries"));
    let place = ask.terms("location").chain(ask.terms("subprocessing")).find(is_open)?;
    let says = both!(
        "Platsen är öppen: uppgifter får finnas i länder som avtalet inte nämner.",
        "The place is open: data may be in countries that the agreement does not name."
    );
    let remedy = phrase!(
        "Räkna upp länderna; visa bara de platser som används.",
        "List the countries; show only the places in use."
    );
    Some(Trap::computed("T-20", Action::Warn, place, says, remedy))
}
