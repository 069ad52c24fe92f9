//! H02: a request that reaches the processor is passed on within a number, and the processor does not answer it itself.

use crate::art28::ask::{Ask, both, phrase, said_flag, said_period, said_text};
use crate::art28::limits::within;
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H02",
    source: "GDPR Art. 12(3)",
    severity: Severity::Major,
    title: phrase!("En begäran sänds vidare i tid", "A request is passed on in time"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "within = \"2 working days\" under [request.referral], räknat från mottagandet",
        "within = \"2 working days\" under [request.referral], counted from receipt"
    );
    let received = || {
        ask.duties(&["request"])
            .filter(|term| said_text(term, "start") == Some("receipt") && term.text("who") != Some("controller"))
    };
    let numbered = received().find_map(|term| Some((term, said_period(term, "within")?)));
    if let Some(own) = ask.term("disclosures", "").filter(|term| said_flag(term, "represents-controller") == Some(true))
    {
        return Finding::fail(both!(
            "Biträdet får svara de registrerade i kundens namn.",
            "The processor may answer data subjects in the customer's name."
        ))
        .at(own)
        .remedy(remedy);
    }
    let Some((term, period)) = numbered else {
        return Finding::silent(both!(
            "Avtalet säger inte i siffror hur snart en begäran sänds vidare till kunden. Hur snart?",
            "The agreement does not say in numbers how soon a request is passed on to the customer. How soon?"
        ))
        .at_some(received().next())
        .remedy(remedy);
    };
    match ask.limits.period("request-forwarded-within") {
        Some(most) if !within(period, &most) => Finding::warn(both!("En begäran sänds vidare inom {period}, men {most} brukar rekommenderas. Räcker det?", "A request is passed on within {period}, but {most} is recommended. Is that enough?"; period))
        .asking()
        .remedy(remedy),
        _ => Finding::pass(both!("En begäran sänds vidare inom {period}.", "A request is passed on within {period}."; period)),
    }
    .at(term)
}
