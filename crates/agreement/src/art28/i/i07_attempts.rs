//! I07: whether attempts count too, and what that does to those who must read the notices.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_period};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check =
    Check {
        id: "I07", source: "GDPR Art. 33(2)", severity: Severity::Info, title: phrase!("Försök", "Attempts"), run
    };

fn run(ask: &Ask<'_>) -> Finding {
    let Some(term) = ask.duties(&["incident"]).find(|term| said_flag(term, "includes-attempts") == Some(true)) else {
        return Finding::not_applicable(both!(
            "Avtalet talar inte om försök.",
            "The agreement does not speak of attempts."
        ));
    };
    match said_period(term, "within") {
        Some(period) => Finding::warn(both!("Också varje försök ska meddelas inom {period}. Får försök samlas i ett besked?", "Each attempt too must be told within {period}. May attempts be gathered in one notice?"; period))
        .asking()
        .remedy(phrase!("Låt försök meddelas samlade, för sig.", "Let attempts be told together, by themselves.")),
        None => Finding::pass(both!(
            "Också försök meddelas; de får samlas för sig.",
            "Attempts are told too; they may be gathered by themselves."
        )),
    }
    .at(term)
}
