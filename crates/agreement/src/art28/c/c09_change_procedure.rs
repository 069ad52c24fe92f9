//! C09: the processor cannot change the agreement by publishing it. A change needs a yes, or a dated right to say no and leave.

use crate::art28::ask::{Ask, both, phrase, said_period, said_text};
use crate::art28::{Check, Finding, Severity};
use crate::value::Term;

pub(super) static CHECK: Check = Check {
    id: "C09",
    source: "EDPB Guidelines 07/2020 para 110",
    severity: Severity::Major,
    title: phrase!("Hur avtalet ändras", "How the agreement is changed"),
    run,
};

/// What the agreement on processing consists of, whose change changes it.
const OBJECTS: &[&str] = &["data-processing-agreement", "instructions", "specification", "terms"];

/// How well a change rule binds the processor; the weakest rule answers for the agreement.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Binds {
    Nothing,
    Unsaid,
    Click,
    Agreement,
}

fn binds(change: &Term) -> Binds {
    let dated = said_period(change, "ahead").is_some();
    let may_leave = matches!(said_text(change, "leave"), Some("free" | "yes"));
    match said_text(change, "consent") {
        // What only the customer changes cannot be changed by publishing.
        _ if said_text(change, "by") == Some("controller") => Binds::Agreement,
        Some("agreement" | "both-sign") => Binds::Agreement,
        Some("click") => Binds::Click,
        Some(_) if dated && may_leave => Binds::Agreement,
        Some(_) => Binds::Nothing,
        None => Binds::Unsaid,
    }
}

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Ändringar av biträdesavtalet gäller när båda godkänt dem; eller de meddelas en bestämd tid före, och kunden får invända och lämna avtalet utan kostnad.",
        "Changes to the processing agreement hold when both have agreed; or they are told a fixed time before, and the customer may object and leave free of charge."
    );
    let weakest = OBJECTS.iter().filter_map(|id| ask.term("change", id)).min_by_key(|change| binds(change));
    let Some(change) = weakest else {
        return Finding::silent(both!(
            "Avtalet säger inte hur det ändras. Får biträdet ändra det ensamt?",
            "The agreement does not say how it is changed. May the processor change it alone?"
        ))
        .remedy(remedy);
    };
    match binds(change) {
        Binds::Agreement => Finding::pass(both!(
            "Biträdet kan inte ändra avtalet ensamt.",
            "The processor cannot change the agreement alone."
        )),
        Binds::Click => Finding::warn(both!(
            "En ändring gäller genom ett klick. Är den som klickar behörig?",
            "A change binds by a click. Is the one who clicks authorised?"
        ))
        .asking()
        .remedy(remedy),
        Binds::Unsaid => Finding::silent(both!(
            "Avtalet säger inte vad som krävs för att en ändring ska gälla. Måste kunden säga ja?",
            "The agreement does not say what makes a change bind. Must the customer say yes?"
        ))
        .remedy(remedy),
        Binds::Nothing => Finding::fail(both!(
            "Biträdet kan ändra avtalet ensamt, genom att meddela eller publicera.",
            "The processor can change the agreement alone, by telling or publishing."
        ))
        .remedy(remedy),
    }
    .at(change)
}
