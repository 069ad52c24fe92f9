//! C04: the processor says at once that an instruction breaks the law.

use crate::art28::ask::{Ask, Said, both, phrase, said, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C04",
    source: "GDPR Art. 28(3), last subparagraph",
    severity: Severity::Block,
    title: phrase!("Olagliga instruktioner", "Unlawful instructions"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Anser biträdet att en instruktion är olaglig, säger det det omedelbart till kunden. (tells-if-unlawful = \"immediately\" under [instructions])",
        "Where the processor thinks that an instruction is unlawful, it says so to the customer immediately. (tells-if-unlawful = \"immediately\" under [instructions])"
    );
    let instructions = ask.term("instructions", "");
    let about = instructions.and_then(|term| said_text(term, "tells-if-unlawful-about"));
    match (instructions.map(|term| said(term, "tells-if-unlawful")), about) {
        (Some(Said::This(_)), Some("security-measures")) => Finding::fail(both!(
            "Biträdet säger till bara om säkerhetsåtgärder strider mot lagen, inte om andra instruktioner gör det.",
            "The processor speaks up only where security measures break the law, not where other instructions do."
        ))
        .remedy(remedy),
        (Some(Said::This(period)), _) if ask.limits.is_word("at-once-words", &period.to_string()) => {
            Finding::pass(both!(
                "Biträdet säger omedelbart till om en instruktion är olaglig.",
                "The processor says immediately that an instruction is unlawful."
            ))
        }
        (Some(Said::This(period)), _) => Finding::warn(both!(
            "Biträdet säger till om en instruktion är olaglig, men inte omedelbart: «{period}».",
            "The processor says that an instruction is unlawful, but not immediately: «{period}»."
        ))
        .remedy(remedy),
        (Some(Said::None), _) => Finding::fail(both!(
            "Enligt avtalet behöver biträdet inte säga till om en instruktion är olaglig.",
            "Under the agreement the processor need not say that an instruction is unlawful."
        ))
        .remedy(remedy),
        (Some(Said::Silent) | None, _) => Finding::silent(both!(
            "Avtalet säger inte att biträdet säger till när en instruktion är olaglig. Gör det det?",
            "The agreement does not say that the processor speaks up where an instruction is unlawful. Does it?"
        ))
        .remedy(remedy),
    }
    .at_some(instructions)
}
