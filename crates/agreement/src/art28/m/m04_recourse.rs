//! M04: who has paid a data subject may claim from the other, within a number.

use crate::art28::ask::{Ask, both, phrase, said_period, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M04",
    source: "GDPR Art. 82(5)",
    severity: Severity::Minor,
    title: phrase!("Regress", "Recourse"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[liability.recourse] med claim-within = \"6 months\"",
        "[liability.recourse] with claim-within = \"6 months\""
    );
    let recourse = ask.terms("liability").find(|term| said_words(term, "damage").iter().any(|it| it == "recourse"));
    let within = recourse.and_then(|term| said_period(term, "claim-within")).or_else(|| {
        let mutual = ask.duties(&["claim"]).filter(|term| matches!(said_text(term, "who"), Some("either" | "both")));
        mutual.into_iter().find_map(|term| said_period(term, "within"))
    });
    match (recourse, within) {
        (Some(_), Some(period)) => {
            Finding::pass(both!("Regress krävs inom {period}.", "Recourse is claimed within {period}."; period))
        }
        (Some(_), None) => Finding::warn(both!(
            "Regress finns, men inte inom vilken tid den krävs. Vilken?",
            "There is recourse, but not within what time it is claimed. Which?"
        ))
        .asking()
        .remedy(remedy),
        (None, _) => Finding::silent(both!(
            "Avtalet säger inte att den som betalat en registrerad får kräva den andra. Får den det?",
            "The agreement does not say that whoever has paid a data subject may claim from the other. May they?"
        ))
        .remedy(remedy),
    }
    .at_some(recourse)
}
