//! B14: data on children: yes or no, and if yes with what protection.

use crate::art28::ask::{Ask, both, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B14",
    source: "GDPR Art. 8, 28",
    severity: Severity::Minor,
    title: phrase!("Uppgifter om barn", "Data on children"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[sensitive.children] stated = \"none\", eller \"occurs\" med safeguards",
        "[sensitive.children] stated = \"none\", or \"occurs\" with safeguards"
    );
    let term = ask.term("sensitive", "children");
    let stated = term.and_then(|term| said_text(term, "stated"));
    match (term, stated) {
        (Some(_), Some("none")) => Finding::pass(both!(
            "Avtalet säger att uppgifter om barn inte förekommer.",
            "The agreement says that there is no data on children."
        )),
        (Some(term), Some(_)) if said_words(term, "safeguards").is_empty() => Finding::warn(both!(
            "Avtalet tillåter uppgifter om barn, men säger inte vad som skyddar dem.",
            "The agreement allows data on children, but does not say what protects it."
        ))
        .remedy(remedy),
        (Some(_), Some(_)) => Finding::pass(both!(
            "Avtalet tillåter uppgifter om barn, med skydd.",
            "The agreement allows data on children, with protection."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte om uppgifter om barn förekommer. Gör de det?",
            "The agreement does not say whether data on children occurs. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(term)
}
