//! F15: those in use are those accepted and those published, and no host is called that belongs to nobody on the list.

use crate::art28::ask::{Ask, both, phrase};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "F15",
    source: "GDPR Art. 5(2)",
    severity: Severity::BlockAtRunTime,
    title: phrase!("Registret stämmer med verkligheten", "The register agrees with what is done"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let evidence = ask.evidence;
    let agreed: Vec<&str> = ask.agreement.subprocessors().iter().map(|it| it.id.as_str()).collect();
    let known = [&evidence.subprocessors_in_use, &evidence.subprocessors_accepted, &evidence.subprocessors_published];
    if known.iter().all(|it| it.is_none()) && evidence.hosts_called.is_none() {
        return Finding::not_applicable(both!(
            "Vilka underbiträden som används, är godkända och publicerade står i register, som inte finns här.",
            "Which subprocessors are used, accepted and published stands in registers, which are not at hand here."
        ));
    }
    let in_use = evidence.subprocessors_in_use.as_deref().unwrap_or_default();
    let accepted = |id: &String| {
        evidence.subprocessors_accepted.as_ref().map_or(agreed.contains(&id.as_str()), |it| it.contains(id))
    };
    let published = |id: &String| evidence.subprocessors_published.as_ref().is_none_or(|it| it.contains(id));
    if let Some(id) = in_use.iter().find(|id| !accepted(id)) {
        return Finding::fail(both!(
            "{id} används utan att kunden har godkänt det.",
            "{id} is used and the customer has not accepted it."
        ))
        .remedy(phrase!(
            "Sluta använda det, eller meddela det och vänta ut invändningstiden.",
            "Stop using it, or give notice of it and wait out the time to object."
        ));
    }
    if let Some(id) = in_use.iter().find(|id| !published(id)) {
        return Finding::fail(both!(
            "{id} används men står inte i den publicerade listan.",
            "{id} is used and does not stand in the published list."
        ))
        .remedy(phrase!("Publicera listan på nytt.", "Publish the list again."));
    }
    let belongs = |host: &String| ask.agreement.subprocessors().iter().any(|it| it.hosts.contains(host));
    if evidence.hosts_called.as_ref().is_some_and(|hosts| !hosts.iter().all(belongs)) {
        return Finding::fail(both!(
            "Plattformen har anropat en värd som inte hör till något underbiträde i avtalet.",
            "The platform has called a host that belongs to no subprocessor of the agreement."
        ))
        .remedy(phrase!(
            "Stäng anropet, eller skriv värden under hosts på rätt [[subprocessor]].",
            "Close the call, or write the host under hosts of the right [[subprocessor]]."
        ));
    }
    Finding::pass(both!(
        "De underbiträden som används är de godkända och publicerade.",
        "The subprocessors in use are those accepted and published."
    ))
}
