//! B12: free text and uploads can hold anything. The agreement says that they exist, and how they are treated.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B12",
    source: "GDPR Art. 5(1)(c)",
    severity: Severity::Minor,
    title: phrase!("Fritext och uppladdade filer", "Free text and uploads"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "free-text = true på kategorin, och [sensitive.free-text] med vad som får stå där och vem som får se det",
        "free-text = true on the category, and [sensitive.free-text] with what may stand there and who may see it"
    );
    let term = ask.term("sensitive", "free-text");
    let is_stated = |term: &&crate::value::Term| said_text(term, "stated").is_some() && !is_derived(term, "stated");
    if let Some(term) = term.filter(is_stated) {
        return Finding::pass(both!(
            "Avtalet säger hur det är med fritext.",
            "The agreement says how it is with free text."
        ))
        .at(term);
    }
    // What the platform needs for itself, such as a support matter, is derived: the text does not declare it.
    let stated = |it: &&crate::term::CategoryTerm| it.free_text && it.origin.provenance == terms::Provenance::Stated;
    match ask.agreement.categories().iter().find(stated) {
        Some(category) => Finding::warn(both!(
            "Fritext får finnas, men avtalet säger inte vad som får stå där eller vem som får se det. Vad gäller?",
            "Free text may be there, but the agreement does not say what may stand in it, or who may see it. What holds?"
        ))
        .asking()
        .under(&category.clause),
        None => Finding::silent(both!(
            "Avtalet säger inget om fritext och uppladdade filer. Finns det sådana i tjänsten?",
            "The agreement says nothing about free text and uploads. Does the service have them?"
        )),
    }
    .remedy(remedy)
}
