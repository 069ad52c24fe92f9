//! J09: no two clauses give the same data two periods.

use crate::art28::ask::{Ask, both, phrase, said_period, said_words};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "J09",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Major,
    title: phrase!("En tid för samma uppgifter", "One period for the same data"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Låt en punkt bestämma tiden, och stryk den andra.",
        "Let one clause set the period, and strike the other."
    );
    if let Some(ending) = ask.term("ending", "").filter(|term| !said_words(term, "contradicts").is_empty()) {
        let first = said_words(ending, "contradicts").join("; ");
        return Finding::fail(both!(
            "Andra punkter säger något annat om samma uppgifter: {first}",
            "Other clauses say something else about the same data: {first}"
        ))
        .at(ending)
        .remedy(remedy);
    }
    let rules: Vec<&Term> = ask.terms("retention").collect();
    let class = |term: &Term| {
        (
            term.text("of").map(str::to_owned),
            term.text("phase").map(str::to_owned),
            term.text("start").map(str::to_owned),
        )
    };
    let twice = rules.iter().enumerate().find_map(|(at, term)| {
        let period = said_period(term, "keep")?;
        let others = rules.iter().skip(at + 1).filter(|other| class(other) == class(term));
        others.filter_map(|other| Some((*term, period, said_period(other, "keep")?))).find(|(_, one, two)| one != two)
    });
    match twice {
        Some((term, one, two)) => Finding::fail(both!("Samma uppgifter har två tider: {one} och {two}.", "The same data has two periods: {one} and {two}."; one, two))
        .at(term)
        .remedy(remedy),
        None => Finding::pass(both!("Inga uppgifter har två tider.", "No data has two periods."))
            .at_some(rules.first().copied()),
    }
}
