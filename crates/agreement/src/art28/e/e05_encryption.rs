//! E05: data is encrypted on the way and where it lies.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E05",
    source: "GDPR Art. 32(1)(a)",
    severity: Severity::Minor,
    title: phrase!("Kryptering", "Encryption"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[measure.ID] med area = \"encryption-in-transit\" och en med \"encryption-at-rest\"",
        "[measure.ID] with area = \"encryption-in-transit\" and one with \"encryption-at-rest\""
    );
    let (on_the_way, at_rest) =
        (ask.measures("encryption-in-transit").next(), ask.measures("encryption-at-rest").next());
    let named = ask.terms("measure").find(|term| term.text("concept").is_some_and(|it| it.contains("Encryption")));
    match (on_the_way, at_rest) {
        (Some(term), Some(_)) => Finding::pass(both!(
            "Uppgifterna krypteras på vägen och där de ligger.",
            "The data is encrypted on the way and where it lies."
        ))
        .at(term),
        (Some(term), None) => Finding::warn(both!(
            "Uppgifterna krypteras på vägen. Krypteras de också där de ligger?",
            "The data is encrypted on the way. Is it encrypted where it lies too?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, Some(term)) => Finding::warn(both!(
            "Uppgifterna krypteras där de ligger. Krypteras de också på vägen?",
            "The data is encrypted where it lies. Is it encrypted on the way too?"
        ))
        .asking()
        .at(term)
        .remedy(remedy),
        (None, None) => match named {
            Some(term) => Finding::warn(both!(
                "Avtalet lovar kryptering, men säger inte av vad. På vägen, där uppgifterna ligger, eller båda?",
                "The agreement promises encryption, but does not say of what. On the way, where the data lies, or both?"
            ))
            .asking()
            .at(term),
            None => Finding::silent(both!(
                "Avtalet säger inget om kryptering. Krypteras uppgifterna?",
                "The agreement says nothing about encryption. Is the data encrypted?"
            )),
        }
        .remedy(remedy),
    }
}
