//! C05: how an instruction is given, and how it is kept.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_flag, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C05",
    source: "GDPR Art. 28(3)(a); EDPB Guidelines 07/2020",
    severity: Severity::Major,
    title: phrase!("Instruktionernas form", "The form of instructions"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "form och who under [instructions], och documented = true under [change.instructions]",
        "form and who under [instructions], and documented = true under [change.instructions]"
    );
    let instructions = ask.term("instructions", "");
    let form = instructions.and_then(|term| said_text(term, "form"));
    let is_kept = ["instructions", "specification"].iter().filter_map(|id| ask.term("change", id)).any(|change| {
        (said_flag(change, "documented") == Some(true) && !is_derived(change, "documented"))
            || said_text(change, "consent") == Some("both-sign")
    });
    match (form, is_kept || form == Some("signed-by-both")) {
        (Some(_), true) => Finding::pass(both!(
            "Avtalet säger vilken form en instruktion har, och att ändringar dokumenteras.",
            "The agreement says which form an instruction has, and that changes are documented."
        )),
        (Some(_), false) => Finding::warn(both!(
            "Avtalet säger vilken form en instruktion har, men inte hur den sparas. Var finns de?",
            "The agreement says which form an instruction has, but not how it is kept. Where are they?"
        ))
        .asking()
        .remedy(remedy),
        (None, _) => Finding::silent(both!(
            "Avtalet säger inte hur en instruktion ges. Räcker ett telefonsamtal?",
            "The agreement does not say how an instruction is given. Is a phone call enough?"
        ))
        .remedy(remedy),
    }
    .at_some(instructions)
}
