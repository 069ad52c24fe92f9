//! A02: the processor is named with a registration number that is right. The customer is named when it accepts.

use terms::Sourced;

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};
use crate::term::PartySide;

pub(super) static CHECK: Check = Check {
    id: "A02",
    source: "GDPR Art. 28(3); (EU) 2021/915 Annex I",
    severity: Severity::Major,
    title: phrase!("Parterna går att identifiera", "The parties can be identified"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let processor = ask.agreement.parties().iter().find(|party| party.side == PartySide::Processor);
    let Some(processor) = processor.filter(|party| party.name.value().is_some()) else {
        return Finding::silent(both!(
            "Avtalet säger inte vem som är biträde. Vilket företag är det?",
            "The agreement does not say who the processor is. Which organisation is it?"
        ))
        .remedy(phrase!(
            "[party.processor] med name och registration-number",
            "[party.processor] with name and registration-number"
        ));
    };
    match &processor.registration_number {
        Sourced::Found { value, .. } if is_swedish_form(value) && !check_digit_is_right(value) => Finding::fail(both!(
            "Biträdets organisationsnummer {value} är fel: kontrollsiffran stämmer inte.",
            "The processor's registration number {value} is wrong: its check digit does not fit."
        )),
        Sourced::Found { .. } => Finding::pass(both!(
            "Biträdet är namngivet, med organisationsnummer. Kunden namnges när den godkänner avtalet.",
            "The processor is named, with its registration number. The customer is named when it accepts the agreement."
        )),
        Sourced::None | Sourced::NotFound { .. } => Finding::warn(both!(
            "Biträdet är namngivet, men vilket är dess organisationsnummer?",
            "The processor is named, but what is its registration number?"
        ))
        .asking()
        .remedy(phrase!("registration-number under [party.processor]", "registration-number under [party.processor]")),
    }
    .under(&processor.clause)
}

/// Six digits, a hyphen, four digits.
fn is_swedish_form(number: &str) -> bool {
    number.split_once('-').is_some_and(|(first, last)| {
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
        digits(first, 6) && digits(last, 4)
    })
}

/// The modulus-10 rule that Swedish registration numbers and personal identity numbers share.
fn check_digit_is_right(number: &str) -> bool {
    let digits = number.chars().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit) {
            (0, digit) if digit > 4 => digit * 2 - 9,
            (0, digit) => digit * 2,
            (_, digit) => digit,
        })
        .sum();
    sum.is_multiple_of(10)
}
