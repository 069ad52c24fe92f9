//! A03: those who are told of an incident can be reached: two of them, one a function, verified within the last year.

use crate::art28::ask::{Ask, both, is_derived, phrase, said_flag, said_text};
use crate::art28::limits::before;
use crate::art28::{Check, Finding, IncidentContact, Severity};

pub(super) static CHECK: Check = Check {
    id: "A03",
    source: "GDPR Art. 33(2); (EU) 2021/915 cl. 9.2",
    severity: Severity::Major,
    title: phrase!("Kontakter för incidenter", "Contacts for incidents"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    if let Some(contacts) = &ask.evidence.incident_contacts {
        return registered(ask, contacts);
    }
    let remedy = phrase!(
        "[contact.incident] med address, function-address = true och vem som håller den rätt (kept-by)",
        "[contact.incident] with address, function-address = true and who keeps it right (kept-by)"
    );
    if let Some(contact) = ask.term("contact", "incident") {
        let is_kept = said_text(contact, "kept-by").is_some();
        let is_stated = said_text(contact, "address").is_some() && !is_derived(contact, "address");
        return match (said_flag(contact, "function-address"), is_stated) {
            (Some(true), stated) if stated || is_kept => Finding::pass(both!(
                "Avtalet säger vart besked om en incident går. Att adressen är kontrollerad visar registret.",
                "The agreement says where news of an incident goes. That the address is verified stands in the register."
            )),
            (None, true) => Finding::pass(both!(
                "Avtalet anger en adress för incidenter. Att den är kontrollerad visar registret.",
                "The agreement gives an address for incidents. That it is verified stands in the register."
            )),
            _ => Finding::warn(both!(
                "Avtalet talar om en adress för incidenter, men den är en enda persons eller inte angiven. Vilken är reserven?",
                "The agreement speaks of an address for incidents, but it is one person's or not given. Which is the second one?"
            ))
            .asking()
            .remedy(remedy),
        }
        .at(contact);
    }
    let of_customer = |id| ask.term("contact", id).filter(|term| said_text(term, "at") != Some("processor"));
    if let Some(contact) = of_customer("administrators").or_else(|| of_customer("notices")) {
        return Finding::warn(both!(
            "Avtalet har en adress för meddelanden, men ingen särskild för incidenter. Når den fram dygnet runt?",
            "The agreement has an address for notices, but none for incidents. Is it read around the clock?"
        ))
        .asking()
        .at(contact)
        .remedy(remedy);
    }
    Finding::silent(both!(
        "Avtalet säger inte vart besked om en incident ska gå. Vem ska larmas?",
        "The agreement does not say where news of an incident goes. Who is to be alerted?"
    ))
    .remedy(remedy)
}

/// What the register of contacts says.
fn registered(ask: &Ask<'_>, contacts: &[IncidentContact]) -> Finding {
    let least = ask.limits.count("incident-contacts-least").unwrap_or(1);
    let oldest = ask.limits.period("contact-verified-within").and_then(|period| before(ask.on, &period));
    let fresh =
        |contact: &&IncidentContact| contact.verified.is_some_and(|day| oldest.is_none_or(|oldest| day >= oldest));
    let verified = contacts.iter().filter(fresh).count();
    if u64::try_from(verified).is_ok_and(|verified| verified >= least) && contacts.iter().any(|it| it.function_address)
    {
        Finding::pass(both!(
            "{verified} kontakter för incidenter är kontrollerade, och en av dem är en funktion.",
            "{verified} contacts for incidents are verified, and one of them is a function."
        ))
    } else {
        Finding::fail(both!(
            "Kontakterna för incidenter räcker inte: minst {least} ska vara kontrollerade det senaste året, och en vara en funktion.",
            "The contacts for incidents do not suffice: at least {least} must have been verified within the last year, and one be a function."
        ))
    }
}
