//! B07: special categories are excluded in so many words, or listed and protected more. Health or union membership among
//! the ordinary data is neither.

use std::collections::HashSet;

use crate::art28::ask::{Ask, both, is_agreed, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "B07",
    source: "GDPR Art. 9; (EU) 2021/915 cl. 7.5",
    severity: Severity::Block,
    title: phrase!("Känsliga personuppgifter", "Special categories of data"),
    run,
};

/// The terms that speak of data under Art. 9.
const IDS: &[&str] = &["special-categories", "union-membership", "sickness"];

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[sensitive.special-categories] stated = \"none\", eller \"occurs\" med categories och safeguards",
        "[sensitive.special-categories] stated = \"none\", or \"occurs\" with categories and safeguards"
    );
    let terms: Vec<&Term> = IDS.iter().filter_map(|id| ask.term("sensitive", id)).collect();
    let stated: Vec<_> = terms.iter().filter_map(|term| Some((*term, said_text(term, "stated")?))).collect();
    let listed: HashSet<&String> = stated
        .iter()
        .filter(|(_, word)| *word != "none")
        .flat_map(|(term, _)| said_words(term, "categories"))
        .collect();
    let hidden = ask.agreement.categories().iter().filter(|it| is_agreed(&it.origin)).find(|it| {
        let special = it.dpv.as_deref().is_some_and(|dpv| ask.limits.is_word("special-categories", dpv));
        special && !listed.iter().any(|name| name.as_str() == it.id.as_str())
    });
    if let Some(category) = hidden {
        let (sv, en) = (&category.label.sv, &category.label.en);
        return Finding::fail(both!(
            "{sv} är en känslig uppgift enligt artikel 9, men avtalet behandlar den som en vanlig.",
            "{en} is a special category under Article 9, but the agreement treats it as ordinary data."
        ))
        .under(&category.clause)
        .remedy(remedy);
    }
    let bare = stated.iter().find(|(term, word)| *word != "none" && said_words(term, "safeguards").is_empty());
    if let Some((term, _)) = bare {
        return Finding::fail(both!(
            "Känsliga uppgifter får finnas, men avtalet säger inte vad som skyddar dem mer än de andra.",
            "Special categories may be there, but the agreement does not say what protects them beyond the rest."
        ))
        .at(term)
        .remedy(remedy);
    }
    match stated.first() {
        Some((term, _)) => Finding::pass(both!(
            "Avtalet säger hur det är med känsliga uppgifter.",
            "The agreement says how it is with special categories."
        ))
        .at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte om känsliga uppgifter, som hälsa eller facklig tillhörighet, förekommer. Gör de det?",
            "The agreement does not say whether special categories, such as health or union membership, occur. Do they?"
        ))
        .at_some(terms.first().copied())
        .remedy(remedy),
    }
}
