//! E08: the security is tested and evaluated, and the agreement says how often.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E08",
    source: "GDPR Art. 32(1)(d)",
    severity: Severity::Major,
    title: phrase!("Åtgärderna utvärderas", "The measures are evaluated"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[measure.ID] med area = \"evaluation\" och every = \"1 year\"",
        "[measure.ID] with area = \"evaluation\" and every = \"1 year\""
    );
    match (ask.periodic_measure(&["evaluation"]), ask.measures("evaluation").next()) {
        (Some(term), _) => Finding::pass(both!(
            "Avtalet säger hur ofta säkerheten prövas och utvärderas.",
            "The agreement says how often the security is tested and evaluated."
        ))
        .at(term),
        (None, Some(term)) => Finding::warn(both!(
            "Avtalet säger att säkerheten prövas och utvärderas, men inte hur ofta. Hur ofta?",
            "The agreement says that the security is tested and evaluated, but not how often. How often?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att säkerheten prövas och utvärderas. Är det så, och hur ofta?",
            "The agreement does not say that the security is tested and evaluated. Is it so, and how often?"
        ))
        .remedy(remedy),
    }
}
