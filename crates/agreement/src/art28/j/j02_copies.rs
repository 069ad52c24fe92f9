//! J02: backups, logs and other copies have an end of their own, in numbers.

use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "J02",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Major,
    title: phrase!("Kopior, var och en med sin tid", "Copies, each with its time"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[retention.ID] för backups och logs, phase = \"after-end\", med keep",
        "[retention.ID] for backups and logs, phase = \"after-end\", with keep"
    );
    let kept = |classes: &'static [&'static str]| {
        ask.terms("retention").find(|term: &&Term| {
            term.text("of").is_some_and(|of| classes.contains(&of)) && said_period(term, "keep").is_some()
        })
    };
    let backups =
        kept(&["backups"]).or_else(|| ask.term("backup", "").filter(|term| said_period(term, "keep").is_some()));
    let logs = kept(&["logs", "security-logs"]);
    let rest = kept(&["copies", "support-copies", "temporary-copies"]);
    match (backups, logs, rest) {
        (Some(term), Some(_), _) => Finding::pass(both!(
            "Säkerhetskopior och loggar har var sin tid.",
            "Backups and logs have each their time."
        ))
        .at(term),
        (backups, logs, rest) => match backups.or(logs).or(rest) {
            Some(term) => Finding::warn(both!(
                "Bara en del av kopiorna har en tid. När försvinner säkerhetskopior och loggar?",
                "Only some of the copies have a time. When do backups and logs go?"
            ))
            .asking()
            .at(term)
            .remedy(remedy),
            None => Finding::silent(both!(
                "Avtalet säger inte när säkerhetskopior, loggar och andra kopior försvinner. När?",
                "The agreement does not say when backups, logs and other copies go. When?"
            ))
            .at_some(ask.term("ending", ""))
            .remedy(remedy),
        },
    }
}
