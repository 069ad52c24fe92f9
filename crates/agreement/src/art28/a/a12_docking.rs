//! A12: where others join later, as the companies of a group, the agreement says how.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "A12",
    source: "(EU) 2021/915 cl. 5",
    severity: Severity::Info,
    title: phrase!("Hur fler parter ansluter sig", "How others join"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let acceptance = ask.term("acceptance", "");
    let joined = ask.evidence.other_controllers.unwrap_or(0);
    match (acceptance.and_then(|term| said_flag(term, "others-may-join")), joined) {
        (Some(true), _) => Finding::pass(both!("Avtalet låter fler ansluta sig.", "The agreement lets others join.")),
        (_, 1..) => Finding::fail(both!(
            "{joined} andra ansvariga behandlar under avtalet utan att det säger hur de ansluter sig.",
            "{joined} other controllers act under the agreement, and it does not say how they join."
        ))
        .remedy(phrase!("others-may-join = true under [acceptance]", "others-may-join = true under [acceptance]")),
        (_, 0) => Finding::not_applicable(both!("Ingen annan har anslutit sig.", "Nobody else has joined.")),
    }
    .at_some(acceptance)
}
