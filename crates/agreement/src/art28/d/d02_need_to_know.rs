//! D02: only those who need the data for their work see it.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "D02",
    source: "GDPR Art. 32(4); (EU) 2021/915 cl. 7.4(b)",
    severity: Severity::Major,
    title: phrase!("Bara den som behöver uppgifterna", "Only those who need the data"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "need-to-know = true under [confidentiality.ID] för personalen",
        "need-to-know = true under [confidentiality.ID] of the staff"
    );
    let limited: Vec<_> =
        ask.terms("confidentiality").filter(|term| said_flag(term, "need-to-know") == Some(true)).collect();
    let of_staff = limited.iter().find(|term| said_words(term, "binds").iter().any(|who| who == "staff"));
    match (of_staff, limited.first()) {
        (Some(term), _) => Finding::pass(both!(
            "Bara den personal som behöver uppgifterna ser dem.",
            "Only those of the staff who need the data see it."
        ))
        .at(term),
        (None, Some(term)) => Finding::warn(both!(
            "Att bara den som behöver uppgifterna ser dem sägs om andra, men inte om biträdets egen personal. Gäller det också dem?",
            "That only those who need the data see it is said of others, but not of the processor's own staff. Does it hold for them too?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte att bara den som behöver uppgifterna ser dem. Är det så?",
            "The agreement does not say that only those who need the data see it. Is it so?"
        ))
        .at_some(ask.terms("confidentiality").next())
        .remedy(remedy),
    }
}
