//! F05: how long before a new subprocessor is engaged the customer is told, as a number.

use super::{lead_time, notice};
use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F05",
    source: "(EU) 2021/915 cl. 7.7(a)",
    severity: Severity::Major,
    title: phrase!("Hur långt i förväg", "How long in advance"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    match lead_time(ask) {
        Some((term, period)) => Finding::pass(both!("Kunden får veta {period} i förväg.", "The customer is told {period} in advance."; period)).at(term),
        None => Finding::silent(both!("Avtalet säger inte i siffror hur långt i förväg kunden får veta om ett nytt underbiträde. Hur många dagar?", "The agreement does not say in numbers how long in advance the customer is told of a new subprocessor. How many days?"))
            .at_some(notice(ask))
            .remedy(phrase!("ahead = \"30 days\" och of = \"engagement\" under [subprocessor-change.notice]", "ahead = \"30 days\" and of = \"engagement\" under [subprocessor-change.notice]")),
    }
}
