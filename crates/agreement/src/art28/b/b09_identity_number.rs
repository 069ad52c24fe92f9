//! B09: why personal identity numbers are there, and who may see them. The registration number of a sole trader is one.

use crate::art28::ask::{Ask, both, is_agreed, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "B09",
    source: "GDPR Art. 87; lagen (2018:218) 3 kap. 10 §",
    severity: Severity::Major,
    title: phrase!("Personnummer", "Personal identity numbers"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let category = ask
        .agreement
        .categories()
        .iter()
        .filter(|it| is_agreed(&it.origin))
        .find(|it| it.dpv.as_deref().is_some_and(|dpv| ask.limits.is_word("identity-numbers", dpv)));
    let term = ask.term("sensitive", "personal-identity-number");
    let protected = term.is_some_and(|term| said_text(term, "purpose").is_some());
    match (category, term) {
        (None, None) => {
            Finding::not_applicable(both!("Personnummer förekommer inte.", "There are no personal identity numbers."))
        }
        _ if protected => Finding::pass(both!(
            "Avtalet säger vad personnummer får användas till.",
            "The agreement says what personal identity numbers may be used for."
        ))
        .at_some(term),
        (category, term) => {
            let finding = Finding::warn(both!(
                "Personnummer får finnas, men avtalet säger inte till vad. Är de motiverade?",
                "Personal identity numbers may be there, but the agreement does not say what for. Are they warranted?"
            ))
            .asking()
            .remedy(phrase!(
                "[sensitive.personal-identity-number] med purpose, och safeguards för vem som får se dem",
                "[sensitive.personal-identity-number] with purpose, and safeguards for who may see them"
            ));
            match (term, category) {
                (Some(term), _) => finding.at(term),
                (None, Some(category)) => finding.under(&category.clause),
                (None, None) => finding,
            }
        }
    }
}
