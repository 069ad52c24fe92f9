//! I02: how soon the customer is told stands in a number that leaves it time to report.

use super::notice;
use crate::art28::ask::{Ask, both, phrase, said_period};
use crate::art28::limits::within;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I02",
    source: "EDPB Guidelines 9/2022",
    severity: Severity::Major,
    title: phrase!("En siffra för beskedet", "A number for the notice"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy =
        phrase!("within = \"24 hours\" under [incident.notice]", "within = \"24 hours\" under [incident.notice]");
    let notice = notice(ask);
    let no_longer =
        |period: &calendar::Period, id: &str| ask.limits.period(id).is_none_or(|most| within(period, &most));
    match notice.and_then(|term| said_period(term, "within")) {
        Some(period) if no_longer(period, "incident-notice-most") => {
            Finding::pass(both!("Kunden får veta inom {period}.", "The customer is told within {period}."; period))
        }
        Some(period) if no_longer(period, "controller-reports-within") => Finding::warn(both!("Kunden får veta först inom {period}, och ska själv hinna anmäla. Räcker det?", "The customer is told only within {period}, and must itself have time to report. Is that enough?"; period))
        .asking()
        .remedy(remedy),
        Some(period) => Finding::fail(both!("Kunden får veta först inom {period}. Då är dess egen tid att anmäla ute.", "The customer is told only within {period}. By then its own time to report is over."; period))
        .remedy(remedy),
        None => Finding::silent(both!(
            "Avtalet säger inte i siffror hur snart kunden får veta om en incident. Hur många timmar?",
            "The agreement does not say in numbers how soon the customer is told of an incident. How many hours?"
        ))
        .remedy(remedy),
    }
    .at_some(notice)
}
