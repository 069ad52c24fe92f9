//! B13: no purpose is the processor's own. Advertising never is an instruction; development and statistics only where the
//! customer instructs them.

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::PurposeTerm;

pub(super) static CHECK: Check = Check {
    id: "B13",
    source: "GDPR Art. 28(10)",
    severity: Severity::Major,
    title: phrase!("Inga egna ändamål hos biträdet", "No purposes of the processor's own"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Stryk ändamålet och mottagaren, eller låt kunden instruera om det uttryckligen, med anonyma uppgifter.",
        "Strike the purpose and the recipient, or let the customer instruct it in so many words, with anonymous data."
    );
    let purposes = || ask.agreement.purposes().iter().filter(|it| is_agreed(&it.origin));
    let is =
        |list: &str, purpose: &PurposeTerm| purpose.dpv.as_deref().is_some_and(|dpv| ask.limits.is_word(list, dpv));
    if let Some(purpose) = purposes().find(|purpose| is("never-instructed-purposes", purpose)) {
        let (sv, en) = (&purpose.label.sv, &purpose.label.en);
        return Finding::fail(both!(
            "Ändamålet «{sv}» är biträdets eget. För det är biträdet själv ansvarigt.",
            "The purpose «{en}» is the processor's own. For that the processor is itself a controller."
        ))
        .under(&purpose.clause)
        .remedy(remedy);
    }
    let own_task = ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin)).find(|it| {
        [&it.task.sv, &it.task.en].iter().any(|task| ask.limits.first_in("own-purpose-tasks", task).is_some())
    });
    if let Some(recipient) = own_task {
        let (name, sv, en) = (&recipient.name, &recipient.task.sv, &recipient.task.en);
        return Finding::fail(both!(
            "{name} får uppgifter för «{sv}», som inte är kundens ändamål.",
            "{name} receives data for «{en}», which is no purpose of the customer's."
        ))
        .under(&recipient.clause)
        .remedy(remedy);
    }
    match (purposes().find(|purpose| is("own-purposes", purpose)), purposes().next()) {
        (Some(purpose), _) => {
            let (sv, en) = (&purpose.label.sv, &purpose.label.en);
            Finding::warn(both!(
                "Ändamålet «{sv}» tjänar biträdet. Har kunden verkligen instruerat om det?",
                "The purpose «{en}» serves the processor. Has the customer really instructed it?"
            ))
            .asking()
            .under(&purpose.clause)
            .remedy(remedy)
        }
        (None, Some(first)) => {
            Finding::pass(both!("Inget ändamål är biträdets eget.", "No purpose is the processor's own."))
                .under(&first.clause)
        }
        (None, None) => Finding::pass(both!("Inget ändamål är biträdets eget.", "No purpose is the processor's own.")),
    }
}
