//! Traps of rules that cannot both hold: silence as consent, a mandate that another clause forbids, a precedence that names itself.

use super::{Action, Trap};
use crate::art28::ask::{Ask, both, phrase, said_flag, said_text};

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    [silence(ask), mandate(ask), precedence(ask), fines(ask), cap(ask)].into_iter().flatten().collect()
}

/// T-29: terms of the processing change by silence or by going on.
fn silence(ask: &Ask<'_>) -> Option<Trap> {
    let bound = ["data-processing-agreement", "instructions", "specification", "subprocessors", "terms"];
    let by_silence = |term: &&crate::value::Term| {
        bound.contains(&term.id.as_str()) && matches!(said_text(term, "consent"), Some("silence" | "silence-or-use"))
    };
    let change = ask.terms("change").find(by_silence)?;
    let says = both!(
        "Villkor om behandlingen ändras om kunden tiger eller fortsätter använda tjänsten. Tystnad är ingen instruktion.",
        "Terms of the processing change where the customer is silent or goes on using the service. Silence is no instruction."
    );
    let remedy = phrase!(
        "Låt tystnad inte vidga ändamål, kategorier, platser eller mottagare. (may-not-widen)",
        "Let silence not widen purposes, categories, places or recipients. (may-not-widen)"
    );
    Some(Trap::computed("T-29", Action::Warn, change, says, remedy))
}

/// T-25: the processor may sign for the customer, and another clause forbids it to act in the customer's name.
fn mandate(ask: &Ask<'_>) -> Option<Trap> {
    let signs = ask.term("subprocessing", "").filter(|it| said_flag(it, "may-sign-for-controller") == Some(true))?;
    ask.term("disclosures", "").filter(|it| said_flag(it, "represents-controller") == Some(false))?;
    let says = both!(
        "Biträdet får underteckna klausuler åt kunden, men en annan punkt förbjuder det att uppträda i kundens namn.",
        "The processor may sign clauses for the customer, but another clause forbids it to act in the customer's name."
    );
    let remedy = phrase!("Läs fullmakten som ett snävt undantag.", "Read the mandate as a narrow exception.");
    Some(Trap::computed("T-25", Action::Flag, signs, says, remedy))
}

/// T-70: a rule of precedence that cannot be meant as it stands.
fn precedence(ask: &Ask<'_>) -> Option<Trap> {
    let rule = ask.terms("precedes").find(|term| term.text("literally").is_some())?;
    let says = both!(
        "Regeln om vad som går före kan inte menas så som den står.",
        "The rule about what wins cannot be meant as it stands."
    );
    let remedy =
        phrase!("Bekräfta en läsning innan avtalet används.", "Confirm a reading before the agreement is used.");
    Some(Trap::computed("T-70", Action::Refuse, rule, says, remedy))
}

/// T-50: who bears a fine; agreements differ, and the law is uncertain.
fn fines(ask: &Ask<'_>) -> Option<Trap> {
    let of_fines = |term: &&crate::value::Term| term.words("damage").iter().any(|it| it == "fines");
    let fines = ask.terms("liability").find(of_fines)?;
    let says = both!(
        "Avtalet fördelar sanktionsavgifter mellan parterna; andra avtal gör det på annat sätt.",
        "The agreement divides fines between the parties; other agreements do it otherwise."
    );
    let remedy = phrase!("Visa regeln för båda parterna.", "Show the rule to both parties.");
    Some(Trap::computed("T-50", Action::Flag, fines, says, remedy))
}

/// T-60: a cap in relation to fees cannot be computed without the history of invoices.
fn cap(ask: &Ask<'_>) -> Option<Trap> {
    let cap = ask.terms("liability").find(|term| said_text(term, "answers") == Some("up-to-cap"))?;
    let says = both!(
        "Taket räknas på avgifter och kräver fakturahistorik per tjänst.",
        "The cap is counted on fees and needs the history of invoices for each service."
    );
    let remedy = phrase!("Spara fakturorna så länge krav kan komma.", "Keep the invoices as long as claims may come.");
    Some(Trap::computed("T-60", Action::Flag, cap, says, remedy))
}
