//! E03: what is done *regularly* says how often: restoring tried, staff trained, routines reviewed.

use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E03",
    source: "GDPR Art. 32(1)(d), 5(2)",
    severity: Severity::Major,
    title: phrase!("Hur ofta åtgärderna görs", "How often the measures are done"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "restore-test under [backup], och every på åtgärderna för training och evaluation",
        "restore-test under [backup], and every on the measures of training and evaluation"
    );
    let backup = ask.term("backup", "");
    let of_backup = |key| backup.filter(|term| said_period(term, key).is_some());
    let numbered = [
        of_backup("restore-test"),
        // How far back a restore reaches is a number that somebody can try, though not how often it is tried.
        of_backup("point-in-time"),
        ask.periodic_measure(&["training"]),
        ask.periodic_measure(&["evaluation", "policies"]),
    ];
    let found = numbered.iter().flatten().count();
    let least = ask.limits.count("periodic-measures-least").unwrap_or(1);
    let first = numbered.into_iter().flatten().next();
    if u64::try_from(found).is_ok_and(|found| found >= least) {
        Finding::pass(both!(
            "Avtalet säger i siffror hur ofta återläsning provas, personal utbildas och rutiner ses över.",
            "The agreement says in numbers how often restoring is tried, staff trained and routines reviewed."
        ))
        .at_some(first)
    } else if found > 0 {
        Finding::warn(both!(
            "Bara en del av det som görs regelbundet har en siffra. Hur ofta görs resten?",
            "Only a part of what is done regularly has a number. How often is the rest done?"
        ))
        .asking()
        .at_some(first)
        .remedy(remedy)
    } else {
        Finding::silent(both!(
            "Avtalet säger inte hur ofta återläsning provas, personal utbildas eller rutiner ses över. Hur ofta?",
            "The agreement does not say how often restoring is tried, staff trained or routines reviewed. How often?"
        ))
        .at_some(backup)
        .remedy(remedy)
    }
}
