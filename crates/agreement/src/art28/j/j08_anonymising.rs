//! J08: anonymising stands for erasing only where the customer instructs it.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J08",
    source: "GDPR Art. 4(5), recital 26",
    severity: Severity::Major,
    title: phrase!("Anonymisering i stället för radering", "Anonymising instead of erasing"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "may-anonymise = \"on-instruction\" under [ending], och ett prov på att ingen går att känna igen",
        "may-anonymise = \"on-instruction\" under [ending], and a test that nobody can be recognised"
    );
    let ending = ask.term("ending", "");
    match ending.and_then(|term| said_text(term, "may-anonymise")) {
        Some("freely") => Finding::fail(both!("Biträdet får anonymisera i stället för att radera, utan att kunden väljer det.", "The processor may anonymise instead of erasing, and the customer does not choose it.")).remedy(remedy),
        Some("on-instruction") => Finding::pass(both!("Uppgifter anonymiseras bara på kundens instruktion.", "Data is anonymised only on the customer's instruction.")),
        Some(_) => Finding::warn(both!("En del får anonymiseras i stället för att raderas, utan kundens instruktion. Prövas det att ingen går att känna igen?", "Some of it may be anonymised instead of erased, without the customer's instruction. Is it tested that nobody can be recognised?")).asking().remedy(remedy),
        None => Finding::pass(both!("Avtalet låter inte anonymisering gå i stället för radering.", "The agreement does not let anonymising stand for erasing.")),
    }
    .at_some(ending)
}
