//! A05: the agreement tells its version, so that one text can be told from another.

use terms::Sourced;

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "A05",
    source: "GDPR Art. 5(2)",
    severity: Severity::Major,
    title: phrase!("Version och datum", "Version and date"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let version = ask.agreement.version();
    let clause = &ask.agreement.document().clause;
    let has_digit = version.contains(|c: char| c.is_ascii_digit());
    let is_plain = version.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let remedy = phrase!(
        "version = \"2026-01-01\" under [agreement], och dagen i texten",
        "version = \"2026-01-01\" under [agreement], and the day in the text"
    );
    if !has_digit {
        return Finding::silent(both!(
            "Avtalet har varken version eller datum. Vilken lydelse är det kunden har godkänt?",
            "The agreement has neither version nor date. Which wording has the customer accepted?"
        ))
        .under(clause)
        .remedy(remedy);
    }
    if is_plain {
        return match &ask.agreement.in_force_terms().from {
            Sourced::Found { value, .. } => Finding::pass(both!(
                "Versionen är {version}, och avtalet gäller från: {value}.",
                "The version is {version}, and the agreement governs from: {value}."
            )),
            Sourced::None | Sourced::NotFound { .. } => Finding::pass(both!(
                "Versionen är {version}. Från vilken dag den gäller anges när kunden läggs in.",
                "The version is {version}. The day from which it governs is given when the customer is entered."
            )),
        }
        .under(clause);
    }
    Finding::warn(both!(
        "Bara en del av avtalet har ett datum: {version}.",
        "Only a part of the agreement has a date: {version}."
    ))
    .under(clause)
    .remedy(remedy)
}
