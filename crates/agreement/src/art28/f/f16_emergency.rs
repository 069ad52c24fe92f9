//! F16: what holds when a subprocessor must be replaced at once.

use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F16",
    source: "GDPR Art. 28(2)",
    severity: Severity::Major,
    title: phrase!("Byte i en nödsituation", "Replacement in an emergency"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.map(|term| said(term, "emergency")) {
        Some(Said::This(_)) => Finding::pass(both!(
            "Avtalet säger vad som gäller när ett underbiträde måste bytas genast.",
            "The agreement says what holds when a subprocessor must be replaced at once."
        )),
        Some(Said::None) => Finding::pass(both!(
            "Avtalet gör inget undantag för brådska: den vanliga tiden gäller alltid.",
            "The agreement makes no exception for haste: the ordinary time always holds."
        )),
        _ => Finding::silent(both!(
            "Avtalet säger inte vad som gäller när ett underbiträde måste bytas genast. Vad gäller?",
            "The agreement does not say what holds when a subprocessor must be replaced at once. What holds?"
        ))
        .remedy(phrase!(
            "emergency under [subprocessing]: kortare besked, av vilken grund, och rätt att lämna i efterhand",
            "emergency under [subprocessing]: shorter notice, on which ground, and a right to leave afterwards"
        )),
    }
    .at_some(subprocessing)
}
