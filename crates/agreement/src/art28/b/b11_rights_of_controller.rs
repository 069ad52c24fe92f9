//! B11: the rights and duties of the controller stand in the agreement.

use crate::art28::ask::{Ask, both, phrase, said_flag};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B11",
    source: "GDPR Art. 28(3)",
    severity: Severity::Block,
    title: phrase!("Kundens rättigheter och skyldigheter", "Rights and duties of the controller"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Kunden svarar för att behandlingen är laglig, instruerar biträdet och får granska det. (controller-rights-stated under [processing])",
        "The customer answers for the lawfulness of the processing, instructs the processor and may audit it. (controller-rights-stated under [processing])"
    );
    let processing = ask.term("processing", "");
    match (processing.and_then(|term| said_flag(term, "controller-rights-stated")), ask.term("instructions", "")) {
        (Some(true), _) => Finding::pass(both!(
            "Avtalet säger vad kunden har rätt till och svarar för.",
            "The agreement says what the customer has a right to and answers for."
        ))
        .at_some(processing),
        (_, Some(instructions)) => Finding::warn(both!(
            "Kundens rättigheter följer bara av reglerna om instruktioner; vad den svarar för står inte samlat. Räcker det?",
            "The customer's rights follow only from the rules on instructions; what it answers for is not set out. Is that enough?"
        ))
        .asking()
        .at(instructions)
        .remedy(remedy),
        (_, None) => Finding::silent(both!(
            "Avtalet säger inte vad kunden har rätt till och svarar för. Vad är det?",
            "The agreement does not say what the customer has a right to and answers for. What is it?"
        ))
        .at_some(processing)
        .remedy(remedy),
    }
}
