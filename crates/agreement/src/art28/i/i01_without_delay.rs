//! I01: the customer is told of an incident without undue delay after the processor has learnt of it.

use super::notice;
use crate::art28::ask::{Ask, Said, both, phrase, said};
use crate::art28::limits::within;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "I01",
    source: "GDPR Art. 33(2)",
    severity: Severity::Block,
    title: phrase!("Besked om incidenter utan onödigt dröjsmål", "Notice of incidents without undue delay"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "within = \"without undue delay\" och start = \"knowledge\" under [incident.notice]",
        "within = \"without undue delay\" and start = \"knowledge\" under [incident.notice]"
    );
    let Some(notice) = notice(ask) else {
        return Finding::silent(both!(
            "Avtalet säger inte att kunden får veta om en incident. Får den det?",
            "The agreement does not say that the customer is told of an incident. Is it?"
        ))
        .remedy(remedy);
    };
    let most = ask.limits.period("incident-notice-most");
    match said(notice, "within") {
        Said::This(crate::value::Value::Period(period)) if ask.limits.is_word("undue-delay-words", &period.to_string()) => {
            Finding::pass(both!("Kunden får veta om en incident utan onödigt dröjsmål.", "The customer is told of an incident without undue delay."))
        }
        Said::This(crate::value::Value::Period(period)) if most.is_some_and(|most| within(period, &most)) => {
            Finding::pass(both!("Kunden får veta om en incident inom {period}.", "The customer is told of an incident within {period}."; period))
        }
        Said::This(crate::value::Value::Period(period)) => Finding::warn(both!("Kunden får veta: {period}. Det är svagare än lagens ord, utan onödigt dröjsmål. Menas lagens?", "The customer is told: {period}. That is weaker than the law's words, without undue delay. Are the law's meant?"; period))
        .asking()
        .remedy(remedy),
        _ => Finding::silent(both!("Avtalet säger inte hur snart kunden får veta om en incident. Hur snart?", "The agreement does not say how soon the customer is told of an incident. How soon?")).remedy(remedy),
    }
    .at(notice)
}
