//! J04: only Union or Member State law keeps data from being erased.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J04",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Block,
    title: phrase!("Vad som får sparas ändå", "What may be kept all the same"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "exception = \"union-or-member-state-law\" under [ending]",
        "exception = \"union-or-member-state-law\" under [ending]"
    );
    let ending = ask.term("ending", "");
    match (ending, ending.and_then(|term| said_text(term, "exception"))) {
        (_, Some("union-or-member-state-law" | "none")) => Finding::pass(both!("Bara unionsrätt eller nationell rätt får hindra att uppgifter raderas.", "Only Union or Member State law may keep data from being erased.")),
        (_, Some(_)) => Finding::warn(both!("Vilken lag som helst får hindra att uppgifter raderas, också ett tredje lands. Menas det?", "Any law may keep data from being erased, a third country's too. Is that meant?")).asking().remedy(remedy),
        (Some(_), None) => Finding::warn(both!("Avtalet nämner inget som får sparas efter slutet. Menas att inte ens lagen får kräva det?", "The agreement names nothing that may be kept after the end. Does it mean that not even the law may demand it?")).asking().remedy(remedy),
        (None, None) => Finding::silent(both!("Avtalet säger inte vad som sker med uppgifterna när det slutar. Vad får sparas?", "The agreement does not say what happens with data when it ends. What may be kept?")).remedy(remedy),
    }
    .at_some(ending)
}
