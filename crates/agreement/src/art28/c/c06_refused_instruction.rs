//! C06: where the processor can refuse an instruction, the agreement says what follows.

use crate::art28::ask::{Ask, Said, both, phrase, said, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C06",
    source: "(EU) 2021/915 cl. 10(c)",
    severity: Severity::Minor,
    title: phrase!("När en instruktion inte följs", "When an instruction is not followed"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let change = ask.term("change", "instructions");
    let ends = |term: &&crate::value::Term| {
        ["remedy", "leave-within", "leave"].iter().any(|key| matches!(said(term, key), Said::This(_)))
    };
    if let Some(term) = ask.terms("instruction").find(ends).or_else(|| change.filter(|term| ends(term))) {
        return Finding::pass(both!(
            "Avtalet säger vad som händer när biträdet inte följer en instruktion.",
            "The agreement says what happens when the processor does not follow an instruction."
        ))
        .at(term);
    }
    // The processor can say no where it must say that an instruction is unlawful, or where both must sign a changed one.
    let instructions = ask.term("instructions", "");
    let can_refuse = instructions.is_some_and(|term| {
        matches!(said(term, "tells-if-unlawful"), Said::This(_)) || said_text(term, "form") == Some("signed-by-both")
    }) || change.is_some_and(|term| said_text(term, "consent") == Some("both-sign"));
    if can_refuse {
        Finding::silent(both!(
            "Biträdet kan säga nej till en instruktion, men avtalet säger inte vad som händer då. Pausas behandlingen?",
            "The processor can say no to an instruction, but the agreement does not say what happens then. Is the processing suspended?"
        ))
        .at_some(instructions.or(change))
        .remedy(phrase!(
            "[instruction.refused] med remedy och leave-within",
            "[instruction.refused] with remedy and leave-within"
        ))
    } else {
        Finding::not_applicable(both!(
            "Avtalet låter inte biträdet säga nej till en instruktion.",
            "The agreement does not let the processor say no to an instruction."
        ))
    }
}
