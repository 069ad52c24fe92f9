//! L01: where an authority or a law demands data, the customer is told before, unless the law forbids it.

use crate::art28::ask::{Ask, both, of_processor, phrase, reaches, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "L01",
    source: "GDPR Art. 48; (EU) 2021/914 cl. 15",
    severity: Severity::Major,
    title: phrase!("Kunden får veta före ett tvingat utlämnande", "The customer is told before a compelled disclosure"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[disclosure.compelled] till kunden, med unless = [\"law-forbids\"]",
        "[disclosure.compelled] to the controller, with unless = [\"law-forbids\"]"
    );
    let told = || {
        let duties = ask.duties(&["authority", "disclosure", "third-country"]);
        duties.filter(|term| {
            of_processor(term) && reaches(term, "controller") && said_text(term, "kind") == Some("performed")
        })
    };
    let unless_forbidden = |term: &&crate::value::Term| said_words(term, "unless").iter().any(|it| it == "law-forbids");
    match (told().find(unless_forbidden), told().next()) {
        (Some(term), _) => Finding::pass(both!("Kunden får veta om ett krav på uppgifter, om inte lagen förbjuder det.", "The customer is told of a demand for data, unless the law forbids it.")).at(term),
        (None, Some(term)) => Finding::warn(both!("Kunden får veta, men bara om en del av kraven, eller utan undantag för förbud i lag. Vad gäller andra krav?", "The customer is told, but only of some demands, or without an exception where the law forbids it. What of other demands?")).asking().at(term).remedy(remedy),
        (None, None) => Finding::silent(both!("Avtalet säger inte att kunden får veta när någon med lagens stöd kräver uppgifter. Får den det?", "The agreement does not say that the customer is told when somebody demands data by law. Is it?")).remedy(remedy),
    }
}
