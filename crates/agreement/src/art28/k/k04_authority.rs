//! K04: the supervisory authority may inspect, and is given what it asks for.

use crate::art28::ask::{Ask, both, of_processor, phrase, reaches, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K04",
    source: "GDPR Art. 31, 58(1)",
    severity: Severity::Minor,
    title: phrase!("Myndighetens insyn", "The authority's access"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "by-whom med \"authority\" under [audit.inspection]",
        "by-whom with \"authority\" under [audit.inspection]"
    );
    let inspects = |term: &&crate::value::Term| said_words(term, "by-whom").iter().any(|it| it == "authority");
    let hands_over = |term: &&crate::value::Term| {
        of_processor(term)
            && reaches(term, "supervisory-authority")
            && said_words(term, "evidence").iter().any(|it| it == "document")
    };
    match (ask.duties(&["audit", "authority"]).find(inspects), ask.duties(&["authority"]).find(hands_over)) {
        (Some(term), _) => {
            Finding::pass(both!("Myndigheten får granska hos biträdet.", "The authority may inspect at the processor."))
                .at(term)
        }
        (None, Some(term)) => Finding::warn(both!(
            "Biträdet samarbetar med myndigheten, men att den får granska och se resultat står inte. Får den det?",
            "The processor cooperates with the authority, but that it may inspect and see results is not said. May it?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att myndigheten får granska hos biträdet. Får den det?",
            "The agreement does not say that the authority may inspect at the processor. May it?"
        ))
        .remedy(remedy),
    }
}
