//! F01: the agreement says whether the customer authorises subprocessors one by one or in general.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F01",
    source: "GDPR Art. 28(2)",
    severity: Severity::Block,
    title: phrase!("Tillstånd till underbiträden", "Authorisation of subprocessors"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_text(term, "authorisation")) {
        Some("specific") => Finding::pass(both!("Kunden godkänner varje underbiträde särskilt.", "The customer authorises each subprocessor.")),
        Some(_) => Finding::pass(both!("Kunden har gett ett allmänt tillstånd till underbiträden.", "The customer has given a general authorisation of subprocessors.")),
        None => Finding::silent(both!("Avtalet säger inte om kunden godkänner underbiträden ett och ett eller i allmänhet. Vilket gäller?", "The agreement does not say whether the customer authorises subprocessors one by one or in general. Which is it?"))
            .remedy(phrase!("authorisation = \"general\" eller \"specific\" under [subprocessing]", "authorisation = \"general\" or \"specific\" under [subprocessing]")),
    }
    .at_some(subprocessing)
}
