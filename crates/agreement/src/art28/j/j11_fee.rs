//! J11: what return and erasure cost is said, and erasure does not wait for a payment.

use crate::art28::ask::{Ask, Said, both, of_processor, phrase, said, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "J11",
    source: "GDPR Art. 28(3)(g)",
    severity: Severity::Minor,
    title: phrase!("Vad slutet kostar", "What the end costs"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "fee på [termination.return] med ett belopp, och ingen avgift för radering",
        "fee on [termination.return] with an amount, and no fee for erasure"
    );
    let paid = || ask.duties(&["termination"]).filter(|term| of_processor(term) && said_text(term, "fee").is_some());
    let amount = |term: &&crate::value::Term| {
        said_text(term, "fee")
            .and_then(|rate| ask.term("rate", rate))
            .is_some_and(|rate| matches!(said(rate, "amount"), Said::This(_)))
    };
    let erases = |term: &crate::value::Term| said_words(term, "evidence").iter().any(|it| it == "record-erased");
    if let Some(term) = paid().find(|term| erases(term) || !amount(term)) {
        return Finding::warn(both!("Radering eller återlämning kostar, men inte ett angivet belopp, eller så är raderingen inte fri. Raderas det som inte är betalt?", "Erasure or return is paid, but not by a stated amount, or erasure is not free. Is what is not paid erased?"))
            .asking()
            .at(term)
            .remedy(remedy);
    }
    if let Some(term) = paid().next() {
        return Finding::pass(both!(
            "Vad återlämning kostar är sagt, och radering är fri.",
            "What return costs is said, and erasure is free."
        ))
        .at(term);
    }
    match ask.terms("rate").next() {
        Some(rate) => Finding::warn(both!("Avtalet har priser för arbete, men säger inte om de gäller slutet. Kostar radering och återlämning?", "The agreement has prices for work, but does not say whether they hold for the end. Are erasure and return paid?")).asking().at(rate).remedy(remedy),
        None => Finding::silent(both!("Avtalet säger inte vad radering och återlämning kostar. Är de fria?", "The agreement does not say what erasure and return cost. Are they free?")).at_some(ask.term("ending", "")).remedy(remedy),
    }
}
