//! H03: the processor helps with security, notification, communication, impact assessment and prior consultation, each named.

use crate::arise::word;
use crate::art28::ask::{Ask, both, is_agreed, phrase, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H03",
    source: "GDPR Art. 28(3)(f)",
    severity: Severity::Block,
    title: phrase!("Hjälp med artikel 32 till 36", "Help with Articles 32 to 36"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Biträdet hjälper med säkerhet, anmälan och underrättelse om incidenter, konsekvensbedömning och förhandssamråd. (helps-with)",
        "The processor helps with security, notification and communication of breaches, impact assessment and prior consultation. (helps-with)"
    );
    let named: Vec<&str> = ask
        .agreement
        .general()
        .iter()
        .filter(|term| is_agreed(&term.origin))
        .flat_map(|term| said_words(term, "helps-with"))
        .map(String::as_str)
        .collect();
    let first = ask
        .agreement
        .general()
        .iter()
        .find(|term| is_agreed(&term.origin) && !said_words(term, "helps-with").is_empty());
    let missing: Vec<&str> =
        ask.limits.words("assistance-matters").iter().map(String::as_str).filter(|it| !named.contains(it)).collect();
    if !named.is_empty() && missing.is_empty() {
        Finding::pass(both!(
            "Avtalet nämner allt som biträdet ska hjälpa med.",
            "The agreement names all that the processor is to help with."
        ))
    } else if named.contains(&"all-duties") {
        Finding::warn(both!(
            "Biträdet hjälper med kundens skyldigheter i allmänhet; vilka nämns inte. Alla i artikel 32 till 36?",
            "The processor helps with the customer's duties in general; which is not said. All of Articles 32 to 36?"
        ))
        .asking()
        .remedy(remedy)
    } else {
        let of =
            |text: fn(terms::Label) -> String| missing.iter().map(|it| text(word(it))).collect::<Vec<_>>().join(", ");
        let (sv, en) = (of(|it| it.sv), of(|it| it.en));
        Finding::silent(both!(
            "Avtalet nämner inte hjälp med allt som artikel 28.3 f räknar upp. Vad gäller för {sv}?",
            "The agreement does not name help with all that Article 28(3)(f) lists. What holds for {en}?"
        ))
        .remedy(remedy)
    }
    .at_some(first)
}
