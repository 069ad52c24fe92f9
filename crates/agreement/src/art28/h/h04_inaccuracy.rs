//! H04: the processor tells the customer when it learns that data is inaccurate.

use crate::art28::ask::{Ask, both, is_agreed, of_processor, phrase, reaches, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H04",
    source: "(EU) 2021/915 cl. 8(c)(3)",
    severity: Severity::Minor,
    title: phrase!("Felaktiga uppgifter", "Inaccurate data"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let told = |term: &&crate::value::Term| {
        of_processor(term)
            && reaches(term, "controller")
            && said_words(term, "provides").iter().any(|it| it == "inaccuracy")
    };
    match ask.agreement.general().iter().filter(|term| is_agreed(&term.origin)).find(told) {
        Some(term) => Finding::pass(both!(
            "Biträdet säger till kunden om uppgifter är felaktiga.",
            "The processor tells the customer where data is inaccurate."
        ))
        .at(term),
        None => Finding::silent(both!(
            "Avtalet säger inte att biträdet säger till om uppgifter är felaktiga. Gör det det?",
            "The agreement does not say that the processor speaks up where data is inaccurate. Does it?"
        ))
        .remedy(phrase!(
            "[standing.inaccuracy] till kunden, med provides = [\"inaccuracy\"]",
            "[standing.inaccuracy] to the controller, with provides = [\"inaccuracy\"]"
        )),
    }
}
