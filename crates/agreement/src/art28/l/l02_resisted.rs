//! L02: the processor examines whether a demand is lawful, asks for secrecy, and hands over no more than it must.

use crate::art28::ask::{Ask, both, of_processor, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "L02",
    source: "(EU) 2021/914 cl. 15.1–15.2",
    severity: Severity::Minor,
    title: phrase!("Kravet prövas", "The demand is examined"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "provides = [\"legality-review\", \"secrecy-request\"] på plikten vid tvingat utlämnande",
        "provides = [\"legality-review\", \"secrecy-request\"] on the duty at compelled disclosure"
    );
    let with = |what: &'static str| {
        ask.duties(&["authority", "disclosure"])
            .find(move |term| of_processor(term) && said_words(term, "provides").iter().any(|it| it == what))
    };
    match (with("legality-review"), with("secrecy-request")) {
        (Some(term), Some(_)) => Finding::pass(both!("Biträdet prövar om kravet är lagligt och begär sekretess.", "The processor examines whether the demand is lawful and asks for secrecy.")).at(term),
        (Some(term), None) | (None, Some(term)) => Finding::warn(both!("Biträdet begär sekretess eller prövar kravet, men inte båda. Görs det andra?", "The processor asks for secrecy or examines the demand, but not both. Is the other done?")).asking().at(term).remedy(remedy),
        (None, None) => Finding::silent(both!("Avtalet säger inte att biträdet prövar om ett krav är lagligt innan något lämnas ut. Gör det det?", "The agreement does not say that the processor examines whether a demand is lawful before anything is disclosed. Does it?")).at_some(ask.term("disclosures", "")).remedy(remedy),
    }
}
