//! B08: data on criminal offences and convictions: yes or no, and if yes with what protection.

use crate::art28::ask::{Ask, both, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B08",
    source: "GDPR Art. 10",
    severity: Severity::Minor,
    title: phrase!("Uppgifter om brott", "Data on criminal offences"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[sensitive.criminal-offences] stated = \"none\", eller \"occurs\" med safeguards",
        "[sensitive.criminal-offences] stated = \"none\", or \"occurs\" with safeguards"
    );
    let term = ask.term("sensitive", "criminal-offences");
    let stated = term.and_then(|term| said_text(term, "stated"));
    match (term, stated) {
        (Some(_), Some("none")) => Finding::pass(both!(
            "Avtalet säger att uppgifter om brott och domar inte förekommer.",
            "The agreement says that there is no data on criminal offences and convictions."
        )),
        (Some(term), Some(_)) if said_words(term, "safeguards").is_empty() => Finding::warn(both!(
            "Avtalet tillåter uppgifter om brott och domar, men säger inte vad som skyddar dem.",
            "The agreement allows data on criminal offences and convictions, but does not say what protects it."
        ))
        .remedy(remedy),
        (Some(_), Some(_)) => Finding::pass(both!(
            "Avtalet tillåter uppgifter om brott och domar, med skydd.",
            "The agreement allows data on criminal offences and convictions, with protection."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte om uppgifter om brott och domar förekommer. Gör de det?",
            "The agreement does not say whether data on criminal offences and convictions occurs. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(term)
}
