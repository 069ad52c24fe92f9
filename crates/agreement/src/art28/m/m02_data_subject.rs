//! M02: caps and limits hold between the parties and never against the data subject.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M02",
    source: "GDPR Art. 82",
    severity: Severity::Major,
    title: phrase!("Den registrerades rätt till ersättning", "The data subject's right to compensation"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "only-between-parties = true på varje [liability.ID]",
        "only-between-parties = true on each [liability.ID]"
    );
    let with = |flag| ask.terms("liability").find(|term| said_flag(term, "only-between-parties") == Some(flag));
    match (with(false), with(true), ask.terms("liability").next()) {
        (Some(term), _, _) => Finding::fail(both!(
            "Begränsningen av ansvaret gäller också mot den registrerade. Det får den inte.",
            "The limit of liability holds against the data subject too. It may not."
        ))
        .at(term)
        .remedy(remedy),
        (None, Some(term), _) => Finding::pass(both!(
            "Begränsningar av ansvaret gäller bara mellan parterna.",
            "Limits of liability hold only between the parties."
        ))
        .at(term),
        (None, None, Some(term)) => Finding::warn(both!(
            "Ansvaret är begränsat, och avtalet säger inte att den registrerades rätt är hel. Är den det?",
            "Liability is limited, and the agreement does not say that the data subject's right is whole. Is it?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None, None) => {
            Finding::pass(both!("Avtalet begränsar inget ansvar.", "The agreement limits no liability."))
        }
    }
}
