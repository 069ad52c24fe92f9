//! A11: it is settled in which role each side accepts. A customer that is itself a processor needs the processor chain.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "A11",
    source: "GDPR Art. 28(3), 28(4); (EU) 2021/914 module 3",
    severity: Severity::Major,
    title: phrase!("I vilken roll kunden godkänner", "In which role the customer accepts"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let acceptance = ask.term("acceptance", "");
    let roles = acceptance.map_or(&[][..], |term| said_words(term, "customer-acts-as"));
    let chain = roles.iter().any(|role| role == "processor");
    match (roles.is_empty(), chain, ask.evidence.customer_is_processor) {
        (true, _, _) => Finding::silent(both!(
            "Avtalet frågar inte om kunden själv är ansvarig eller biträde åt någon annan. Vilket är den?",
            "The agreement does not ask whether the customer is controller or itself a processor for somebody else. Which is it?"
        ))
        .remedy(phrase!(
            "customer-acts-as = [\"controller\"] under [acceptance]; också \"processor\" om kunden får vara biträde åt andra",
            "customer-acts-as = [\"controller\"] under [acceptance]; also \"processor\" where the customer may be processor for others"
        )),
        (false, false, Some(true)) => Finding::fail(both!(
            "Kunden är själv biträde, men avtalet godkänns bara av den som är ansvarig.",
            "The customer is itself a processor, but the agreement is accepted only by a controller."
        )),
        (false, _, _) => Finding::pass(both!(
            "Avtalet säger i vilken roll kunden godkänner.",
            "The agreement says in which role the customer accepts."
        )),
    }
    .at_some(acceptance)
}
