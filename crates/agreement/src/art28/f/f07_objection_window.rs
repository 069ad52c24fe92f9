//! F07: the customer has a number of days to object, and they end before the subprocessor is engaged.

use super::{lead_time, objection};
use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::limits::within;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F07",
    source: "GDPR Art. 28(2)",
    severity: Severity::Major,
    title: phrase!("Hur länge kunden får invända", "How long the customer may object"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let objection = objection(ask);
    let window = objection.and_then(|term| said_period(term, "within"));
    match (window, lead_time(ask)) {
        (Some(window), Some((_, lead))) if !within(window, lead) => Finding::fail(both!("Kunden får invända i {window}, men får veta bara {lead} i förväg: underbiträdet kan vara i bruk före invändningen.", "The customer may object for {window}, but is told only {lead} in advance: the subprocessor may be in use before the objection."; lead, window))
        .remedy(phrase!("ahead under [subprocessor-change.notice] minst så lång som within under [subprocessor-change.objection]", "ahead under [subprocessor-change.notice] at least as long as within under [subprocessor-change.objection]")),
        (Some(window), _) => Finding::pass(both!("Kunden har på sig: {window}.", "The customer has this long: {window}."; window)),
        (None, _) => Finding::silent(both!("Avtalet säger inte i siffror hur länge kunden får invända. Hur många dagar, och från vad?", "The agreement does not say in numbers how long the customer may object. How many days, and from what?"))
            .remedy(phrase!("within = \"30 days\" och start = \"receipt\" under [subprocessor-change.objection]", "within = \"30 days\" and start = \"receipt\" under [subprocessor-change.objection]")),
    }
    .at_some(objection)
}
