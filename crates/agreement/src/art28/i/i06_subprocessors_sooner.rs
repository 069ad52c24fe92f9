//! I06: a subprocessor tells the processor sooner than the processor must tell the customer.

use super::notice;
use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::limits::within;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I06",
    source: "GDPR Art. 28(4)",
    severity: Severity::Major,
    title: phrase!("Underbiträden säger till före oss", "Subprocessors tell us sooner"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "incident-notice = \"12 hours\" under [subprocessing], kortare än within under [incident.notice]",
        "incident-notice = \"12 hours\" under [subprocessing], shorter than within under [incident.notice]"
    );
    let subprocessing = ask.term("subprocessing", "");
    let theirs = subprocessing.and_then(|term| said_period(term, "incident-notice"));
    let ours = notice(ask).and_then(|term| said_period(term, "within"));
    match (theirs, ours) {
        (Some(theirs), Some(ours)) if theirs == ours || !within(theirs, ours) => Finding::fail(both!("Ett underbiträde har {theirs} på sig och biträdet {ours}: kunden kan få veta för sent.", "A subprocessor has {theirs} and the processor {ours}: the customer may be told too late."; ours, theirs))
        .remedy(remedy),
        (Some(theirs), _) => Finding::pass(both!("Ett underbiträde säger till inom {theirs}.", "A subprocessor speaks up within {theirs}."; theirs)),
        (None, _) => Finding::silent(both!(
            "Avtalet säger inte i siffror hur snart ett underbiträde säger till om en incident. Hur snart?",
            "The agreement does not say in numbers how soon a subprocessor speaks up about an incident. How soon?"
        ))
        .remedy(remedy),
    }
    .at_some(subprocessing)
}
