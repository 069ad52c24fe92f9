//! B03: what is done with the data.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B03",
    source: "GDPR Art. 28(3), 4(2)",
    severity: Severity::Block,
    title: phrase!("Behandlingens art", "The nature of the processing"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "nature = [\"collect\", \"store\", \"erase\", …] under [processing]",
        "nature = [\"collect\", \"store\", \"erase\", …] under [processing]"
    );
    let processing = ask.term("processing", "");
    let operations = processing.map_or(&[][..], |term| said_words(term, "nature"));
    let least = ask.limits.count("operations-least").unwrap_or(1);
    let derived = processing.is_some_and(|term| is_derived(term, "nature"));
    if !derived && u64::try_from(operations.len()).is_ok_and(|count| count >= least) {
        return Finding::pass(both!(
            "Avtalet säger vad som görs med uppgifterna.",
            "The agreement says what is done with the data."
        ))
        .at_some(processing);
    }
    if !operations.is_empty() {
        return Finding::warn(both!(
            "Avtalet säger bara i stora drag vad som görs med uppgifterna.",
            "The agreement says only in outline what is done with the data."
        ))
        .at_some(processing)
        .remedy(remedy);
    }
    match ask.agreement.rules().first() {
        Some(rule) => Finding::warn(both!(
            "Avtalet säger inte vad som görs med uppgifterna; det följer bara av reglerna för vem som får vad. Stämmer de?",
            "The agreement does not say what is done with the data; it follows only from the rules of who may do what. Are they right?"
        ))
        .asking()
        .under(&rule.clause),
        None => Finding::silent(both!(
            "Avtalet säger inte vad som görs med uppgifterna. Samlas de in, lagras, lämnas ut?",
            "The agreement does not say what is done with the data. Is it collected, stored, disclosed?"
        ))
        .at_some(processing),
    }
    .remedy(remedy)
}
