//! E09: the staff is trained, and the agreement says how often.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E09",
    source: "GDPR Art. 32(4)",
    severity: Severity::Minor,
    title: phrase!("Personalen utbildas", "The staff is trained"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[measure.ID] med area = \"training\" och every = \"1 year\"",
        "[measure.ID] with area = \"training\" and every = \"1 year\""
    );
    match (ask.periodic_measure(&["training"]), ask.measures("training").next()) {
        (Some(term), _) => Finding::pass(both!(
            "Avtalet säger hur ofta personalen utbildas.",
            "The agreement says how often the staff is trained."
        ))
        .at(term),
        (None, Some(term)) => Finding::warn(both!(
            "Avtalet säger att personalen utbildas, men inte hur ofta. Hur ofta?",
            "The agreement says that the staff is trained, but not how often. How often?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att personalen utbildas. Är det så, och hur ofta?",
            "The agreement does not say that the staff is trained. Is it so, and how often?"
        ))
        .remedy(remedy),
    }
}
