//! A06: in matters of personal data the processing agreement wins over the main agreement, and the rule can be read.

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "A06",
    source: "(EU) 2021/915 cl. 4",
    severity: Severity::Minor,
    title: phrase!("Biträdesavtalet går före huvudavtalet", "The processing agreement wins over the main agreement"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Säger huvudavtalet och det här avtalet olika om personuppgifter, gäller det här avtalet. ([precedence])",
        "Where the main agreement and this one differ about personal data, this one applies. ([precedence])"
    );
    let rules: Vec<&Term> = ask.terms("precedes").collect();
    if let Some(term) = rules.iter().find(|term| term.text("literally").is_some()) {
        return Finding::warn(both!(
            "Regeln om vad som går före kan inte menas så som den står. Vad är meningen?",
            "The rule about what wins cannot be meant as it stands. What is intended?"
        ))
        .asking()
        .at(term)
        .remedy(remedy);
    }
    if let Some(precedence) = ask.agreement.precedence().filter(|it| is_agreed(&it.origin)) {
        let all = precedence.topic.is_empty() || precedence.topic.contains("personal data");
        return if all {
            Finding::pass(both!(
                "Avtalet går före huvudavtalet i fråga om personuppgifter.",
                "The agreement wins over the main agreement in matters of personal data."
            ))
        } else {
            about_something_else(&precedence.topic).remedy(remedy)
        }
        .under(&precedence.clause);
    }
    let of_all = |term: &&&Term| matches!(term.text("topic"), Some("personal-data" | "everything"));
    if let Some(term) = rules.iter().find(of_all) {
        return Finding::pass(both!(
            "Avtalet säger vilket dokument som går före i fråga om personuppgifter.",
            "The agreement says which document wins in matters of personal data."
        ))
        .at(term);
    }
    match rules.first() {
        Some(term) => about_something_else(term.text("topic").unwrap_or("")).at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte vilket dokument som går före. Vad gäller om huvudavtalet säger annat?",
            "The agreement does not say which document wins. What holds where the main agreement says otherwise?"
        )),
    }
    .remedy(remedy)
}

fn about_something_else(topic: &str) -> Finding {
    Finding::warn(both!(
        "Avtalet säger vilket dokument som går före, men bara om {topic} och inte om personuppgifter.",
        "The agreement says which document wins, but only about {topic} and not about personal data."
    ))
}
