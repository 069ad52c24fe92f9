//! I03: the notice says what happened, how many it concerns, whom to ask, what may follow and what is done.

use crate::art28::ask::{Ask, both, of_processor, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I03",
    source: "GDPR Art. 33(3); (EU) 2021/915 cl. 9.2",
    severity: Severity::Major,
    title: phrase!("Vad beskedet innehåller", "What the notice holds"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "provides = [\"nature\", \"numbers\", \"contact\", \"consequences\", \"measures\"] under [incident.notice]",
        "provides = [\"nature\", \"numbers\", \"contact\", \"consequences\", \"measures\"] under [incident.notice]"
    );
    // What is handed over only when the customer asks is not what it is told.
    let told =
        || ask.duties(&["incident"]).filter(|term| of_processor(term) && said_text(term, "start") != Some("request"));
    let given: Vec<&str> = told().flat_map(|term| said_words(term, "provides")).map(String::as_str).collect();
    let first = told().find(|term| !said_words(term, "provides").is_empty());
    let missing = ask.limits.words("breach-contents").iter().filter(|it| !given.contains(&it.as_str())).count();
    if !given.is_empty() && missing == 0 {
        Finding::pass(both!("Beskedet säger allt som lagen räknar upp.", "The notice says all that the law lists."))
    } else if !given.is_empty() {
        Finding::warn(both!(
            "Biträdet lämnar det underlag det har, men avtalet räknar inte upp vad. Allt som lagen nämner?",
            "The processor gives what information it has, but the agreement does not list what. All that the law names?"
        ))
        .asking()
        .remedy(remedy)
    } else {
        Finding::silent(both!(
            "Avtalet säger inte vad ett besked om en incident innehåller. Vad?",
            "The agreement does not say what a notice of an incident holds. What?"
        ))
        .remedy(remedy)
    }
    .at_some(first.or_else(|| told().next()))
}
