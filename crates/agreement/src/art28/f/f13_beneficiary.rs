//! F13: where the processor is insolvent or gone, the customer may end the contract with the subprocessor and have data erased.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F13",
    source: "(EU) 2021/915 cl. 7.7(e)",
    severity: Severity::Minor,
    title: phrase!("Kunden träder in vid obestånd", "The customer steps in on insolvency"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "third-party-beneficiary = true under [subprocessing]",
        "third-party-beneficiary = true under [subprocessing]"
    );
    let subprocessing = ask.term("subprocessing", "");
    match subprocessing.and_then(|term| said_flag(term, "third-party-beneficiary")) {
        Some(true) => Finding::pass(both!("Kunden får träda in mot underbiträdet om biträdet försvinner.", "The customer may step in towards the subprocessor where the processor is gone.")),
        Some(false) => Finding::fail(both!("Kunden får inte träda in mot underbiträdet om biträdet försvinner.", "The customer may not step in towards the subprocessor where the processor is gone.")).remedy(remedy),
        None => Finding::silent(both!("Avtalet säger inte vad kunden får göra mot ett underbiträde om biträdet går i konkurs. Vad gäller?", "The agreement does not say what the customer may do towards a subprocessor where the processor is insolvent. What holds?")).remedy(remedy),
    }
    .at_some(subprocessing)
}
