//! Traps of law out of date: acts that are repealed, an authority under its old name, clauses that have ended.

use super::{Action, Trap};
use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::limits::holds;
use crate::law::{DeadName, Law, Standing};
use crate::value::Term;

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    [repealed(ask), old_name(ask), ended_ground(ask)].into_iter().flatten().collect()
}

/// T-17: the text names an act that is repealed.
fn repealed(ask: &Ask<'_>) -> Option<Trap> {
    let by_name = |term: &&Term| written(ask, term).is_some_and(|name| is_act(name.written));
    let ended = |term: &&Term| matches!(ask.law.act(term.text("act").unwrap_or("")), Standing::Ended(..));
    let term = ask.terms("law").find(|term| ended(term) || by_name(term))?;
    let act = term.text("as-written").or_else(|| term.text("act")).unwrap_or("");
    let says = both!("Texten nämner en upphävd lag: {act}.", "The text names a repealed act: {act}.");
    let remedy = phrase!("Läs den som lagen som trätt i stället.", "Read it as the act that came in its place.");
    Some(Trap::computed("T-17", Action::Flag, term, says, remedy))
}

/// T-18: the text uses a name that is dead for an authority that lives on.
fn old_name(ask: &Ask<'_>) -> Option<Trap> {
    let of_term =
        |term| Some((term, written(ask, term).filter(|name| !is_act(name.written) && !is_basis(name.written))?));
    let (term, name) = ask.terms("law").find_map(of_term)?;
    let (sv, en) = (&name.name.sv, &name.name.en);
    let says = both!("Texten använder ett gammalt namn: {sv}.", "The text uses an old name: {en}.");
    let remedy = phrase!("Läs det som det nya namnet.", "Read it as the new name.");
    Some(Trap::computed("T-18", Action::Flag, term, says, remedy))
}

/// The dead name that the text uses for what the term names.
fn written(ask: &Ask<'_>, term: &Term) -> Option<DeadName<'static>> {
    let written = term.text("as-written")?;
    ask.law.dead_names().find(|name| holds(written, name.written))
}

fn is_basis(name: &str) -> bool {
    Law::built_in().bases().iter().any(|basis| basis.written.iter().any(|written| written == name))
}

fn is_act(name: &str) -> bool {
    Law::built_in().acts().iter().any(|act| act.written.iter().any(|written| written == name))
}

/// T-15: the ground for transfers that the text names has ended.
fn ended_ground(ask: &Ask<'_>) -> Option<Trap> {
    let term = ask.term("transfers", "")?;
    let dead = |ground: &String| ask.law.dead_names().find(|name| holds(ground, name.written));
    let name = said_words(term, "grounds").iter().find_map(dead)?;
    let (sv, en, ended) = (&name.name.sv, &name.name.en, name.ended);
    let says = both!(
        "Grunden för överföring är {sv}, som upphörde {ended}.",
        "The basis for transfers is {en}, which ended on {ended}."
    );
    let remedy = phrase!(
        "För inte över något förrän en grund som gäller finns, med dag.",
        "Transfer nothing until there is a basis that holds, with its day."
    );
    // The list has it twice, once for each text that it was found in.
    let named_otherwise = ask.agreement.terms_of("oddity").any(|term| term.text("trap") == Some("T-19"));
    Some(Trap::computed(if named_otherwise { "T-19" } else { "T-15" }, Action::Block, term, says, remedy))
}
