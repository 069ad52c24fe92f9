//! C03: only Union or Member State law may take the place of an instruction, and the customer is told before.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C03",
    source: "GDPR Art. 28(3)(a); EDPB Opinion 22/2024",
    severity: Severity::Block,
    title: phrase!("Undantaget från instruktion", "The exception from instruction"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Undantag gäller bara när unionsrätten eller en medlemsstats rätt kräver det; kunden får då veta det före, om inte den rätten förbjuder det av viktigt allmänintresse.",
        "An exception holds only where Union or Member State law demands it; the customer is then told before, unless that law forbids it on important grounds of public interest."
    );
    let instructions = ask.term("instructions", "");
    let exception = instructions.and_then(|term| said_text(term, "exception"));
    let informs = instructions.and_then(|term| said_flag(term, "informs-before-exception")) == Some(true);
    match (exception, informs) {
        (Some("none"), _) => {
            Finding::pass(both!("Inget undantag görs.", "No exception is made."))
        }
        (Some("union-or-member-state-law"), true) => Finding::pass(both!(
            "Bara unionsrätt eller nationell rätt går före instruktionerna, och kunden får veta det före.",
            "Only Union or Member State law comes before the instructions, and the customer is told before."
        )),
        (Some("union-or-member-state-law"), false) => Finding::warn(both!(
            "Avtalet säger inte att kunden får veta det innan lagen får gå före instruktionen. Får den det?",
            "The agreement does not say that the customer is told before the law comes before the instruction. Is it?"
        ))
        .asking()
        .remedy(remedy),
        (Some(_), true) => Finding::warn(both!(
            "Kunden får veta det före, men undantaget gäller vilken lag som helst, också ett tredje lands.",
            "The customer is told before, but the exception is for any law, a third country's too."
        ))
        .remedy(remedy),
        (Some(_), false) => Finding::fail(both!(
            "Undantaget gäller vilken lag som helst, och avtalet säger inte att kunden får veta det före.",
            "The exception is for any law, and the agreement does not say that the customer is told before."
        ))
        .remedy(remedy),
        (None, _) => Finding::silent(both!(
            "Avtalet säger inte vilken rätt som får gå före instruktionerna, eller att kunden får veta det före. Vad gäller?",
            "The agreement does not say which law may come before the instructions, or that the customer is told before. What holds?"
        ))
        .remedy(remedy),
    }
    .at_some(instructions)
}
