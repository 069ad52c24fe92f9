//! F08: an objection stops the subprocessor for this customer, or lets it leave without a penalty.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F08",
    source: "EDPB Guidelines 07/2020",
    severity: Severity::Major,
    title: phrase!("Vad en invändning leder till", "What an objection leads to"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Invänder kunden anlitas underbiträdet inte för den, eller så får kunden lämna utan kostnad. (remedy = \"not-engaged\" eller \"leave-free\")",
        "Where the customer objects the subprocessor is not engaged for it, or it may leave at no cost. (remedy = \"not-engaged\" or \"leave-free\")"
    );
    let rights = || ask.terms("subprocessor-change");
    let judged = rights().find(|term| matches!(said_text(term, "standard"), Some("objective" | "reasonable")));
    let with = |of: &'static [&'static str]| {
        rights().find(move |term| said_text(term, "remedy").is_some_and(|it| of.contains(&it)))
    };
    match (with(&["not-engaged", "leave-free"]), judged, with(&["leave", "leave-paying-in-full"])) {
        (Some(term), None, _) => Finding::pass(both!("En invändning stoppar underbiträdet, eller låter kunden lämna utan kostnad.", "An objection stops the subprocessor, or lets the customer leave at no cost.")).at(term),
        (Some(_), Some(term), _) => Finding::warn(both!("Bara invändningar med vissa skäl räknas. Vem avgör det?", "Only objections with certain reasons count. Who decides that?")).asking().at(term).remedy(remedy),
        (None, _, Some(term)) => Finding::warn(both!("Kunden får lämna, men det är allt: ingenting stoppar underbiträdet, och kostnaden är inte utesluten. Vad gäller?", "The customer may leave, and that is all: nothing stops the subprocessor, and the cost is not ruled out. What holds?"))
            .asking()
            .at(term)
            .remedy(remedy),
        (None, _, None) => Finding::silent(both!("Avtalet säger inte vad en invändning leder till. Vad händer?", "The agreement does not say what an objection leads to. What happens?"))
            .at_some(ask.term("subprocessing", ""))
            .remedy(remedy),
    }
}
