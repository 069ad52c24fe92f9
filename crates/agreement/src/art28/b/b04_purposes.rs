//! B04: purposes that say something. *To fulfil the agreement* says nothing that is not said already.

use terms::Label;

use crate::art28::ask::{Ask, both, is_agreed, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::PurposeTerm;

pub(super) static CHECK: Check = Check {
    id: "B04",
    source: "GDPR Art. 28(3), 5(1)(b)",
    severity: Severity::Block,
    title: phrase!("Särskilda ändamål", "Specific purposes"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Ett [purpose.ID] för var sak som tjänsten gör, med vad den gör i ord.",
        "One [purpose.ID] for each thing that the service does, saying in words what it does."
    );
    let purposes: Vec<&PurposeTerm> = ask.agreement.purposes().iter().filter(|it| is_agreed(&it.origin)).collect();
    let is =
        |list: &str, purpose: &PurposeTerm| purpose.dpv.as_deref().is_some_and(|dpv| ask.limits.is_word(list, dpv));
    let Some(first) = purposes.first() else {
        return Finding::silent(both!(
            "Avtalet anger inga ändamål. Vad får uppgifterna användas till?",
            "The agreement names no purposes. What may the data be used for?"
        ))
        .remedy(remedy);
    };
    if purposes.iter().all(|purpose| is("contract-purposes", purpose)) {
        return Finding::fail(both!(
            "Ändamålet är bara att fullgöra avtalet. Det säger inte vad uppgifterna får användas till.",
            "The only purpose is to fulfil the agreement. That does not say what the data may be used for."
        ))
        .under(&first.clause)
        .remedy(remedy);
    }
    // A general purpose is told apart by what stands with it: the functions of the service under the same clause,
    // where the clause has no other purpose to which they may belong.
    let is_alone = |purpose: &PurposeTerm| purposes.iter().filter(|it| it.clause == purpose.clause).count() == 1;
    let has_functions =
        |purpose: &PurposeTerm| is_alone(purpose) && ask.terms("function").any(|term| term.clause == purpose.clause);
    let is_general = |purpose: &PurposeTerm| is("general-purposes", purpose) && !has_functions(purpose);
    let specific = purposes.iter().filter(|purpose| !is_general(purpose)).count();
    let least = ask.limits.count("specific-purposes-least").unwrap_or(1);
    let general = purposes.iter().find(|purpose| is_general(purpose));
    match general {
        Some(general) if u64::try_from(specific).is_ok_and(|count| count < least) => {
            let Label { sv, en } = &general.label;
            Finding::warn(both!(
                "Ändamålet «{sv}» är allmänt. Läsaren får inte veta vad tjänsten gör med uppgifterna.",
                "The purpose «{en}» is general. The reader is not told what the service does with the data."
            ))
            .under(&general.clause)
            .remedy(remedy)
        }
        _ => Finding::pass(both!("Ändamålen är särskilda.", "The purposes are specific.")).under(&first.clause),
    }
}
