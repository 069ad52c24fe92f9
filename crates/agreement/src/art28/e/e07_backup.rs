//! E07: copies are kept apart, and restoring is tried.

use crate::art28::ask::{Ask, Said, both, phrase, said, said_flag, said_period};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E07",
    source: "GDPR Art. 32(1)(b), 32(1)(c)",
    severity: Severity::Major,
    title: phrase!("Säkerhetskopior och återläsning", "Backups and restoring"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[backup] med every, keep, apart = true och restore-test",
        "[backup] with every, keep, apart = true and restore-test"
    );
    let says_something = |term: &&crate::value::Term| {
        ["every", "keep", "apart", "places", "point-in-time", "restore-test"]
            .iter()
            .any(|key| matches!(said(term, key), Said::This(_)))
    };
    let Some(backup) = ask.term("backup", "").filter(says_something) else {
        let measure = ask.measures("backup").next();
        return match measure {
            Some(measure) => Finding::warn(both!(
                "Avtalet nämner säkerhetskopior, men inte hur ofta, hur länge eller var. Hur är det?",
                "The agreement mentions backups, but not how often, how long or where. How is it?"
            ))
            .asking()
            .at(measure),
            None => Finding::silent(both!(
                "Avtalet säger inget om säkerhetskopior. Tas sådana, och provas återläsning?",
                "The agreement says nothing about backups. Are they taken, and is restoring tried?"
            )),
        }
        .remedy(remedy);
    };
    if said_flag(backup, "apart") == Some(true) && said_period(backup, "restore-test").is_some() {
        Finding::pass(both!(
            "Kopior förvaras skilt, och återläsning provas regelbundet.",
            "Copies are kept apart, and restoring is tried regularly."
        ))
    } else {
        Finding::warn(both!(
            "Kopior tas, men avtalet säger inte att de förvaras skilt och att återläsning provas. Är det så?",
            "Copies are taken, but the agreement does not say that they are kept apart and that restoring is tried. Is it so?"
        ))
        .asking()
        .remedy(remedy)
    }
    .at(backup)
}
