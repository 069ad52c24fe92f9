//! K01: the customer is given all information that shows that the agreement is kept.

use crate::art28::ask::{Ask, both, of_processor, phrase, reaches, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "K01",
    source: "GDPR Art. 28(3)(h)",
    severity: Severity::Block,
    title: phrase!("All information som visar att avtalet följs", "All information that shows compliance"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[audit.information] till kunden, med provides = [\"documents\", \"log\", \"measures\"]",
        "[audit.information] to the controller, with provides = [\"documents\", \"log\", \"measures\"]"
    );
    let duties = || ask.duties(&["audit"]).filter(|term| of_processor(term));
    let given = |term: &&crate::value::Term| {
        reaches(term, "controller")
            && !said_words(term, "provides").is_empty()
            && said_words(term, "by-whom").is_empty()
    };
    match (duties().find(given), duties().next()) {
        (Some(term), _) => Finding::pass(both!("Kunden får den information som visar att avtalet följs.", "The customer is given the information that shows that the agreement is kept.")).at(term),
        (None, Some(term)) => Finding::warn(both!("Biträdet bistår vid granskning, men att kunden själv får all information står inte. Får den det?", "The processor helps with audits, but that the customer itself is given all information is not said. Is it?")).asking().at(term).remedy(remedy),
        (None, None) => Finding::silent(both!("Avtalet säger inte att kunden får den information som visar att avtalet följs. Får den det?", "The agreement does not say that the customer is given the information that shows that the agreement is kept. Is it?")).remedy(remedy),
    }
}
