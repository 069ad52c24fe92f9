//! H01: the processor helps with the rights of Chapter III, by what the service itself can do.

use crate::art28::ask::{Ask, both, of_processor, phrase, reaches, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "H01",
    source: "GDPR Art. 28(3)(e)",
    severity: Severity::Block,
    title: phrase!("Hjälp med de registrerades rättigheter", "Help with the rights of data subjects"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Biträdet hjälper kunden genom tjänsten: uppgifter rättas, raderas, begränsas och lämnas ut. ([request.help] med evidence)",
        "The processor helps the customer through the service: data is rectified, erased, restricted and handed out. ([request.help] with evidence)"
    );
    let help = || {
        ask.duties(&["request", "erasure"])
            .filter(|term| reaches(term, "controller") && term.text("who") != Some("controller"))
    };
    let done = |term: &&crate::value::Term| {
        said_words(term, "evidence").iter().any(|it| it == "record-exported" || it == "record-erased")
    };
    // A duty that needs an order in writing each time, or that both share, is less than the help that the law demands.
    let whole =
        |term: &&crate::value::Term| of_processor(term) && said_text(term, "form") != Some("written") && done(term);
    match (help().filter(|it| it.block == "request").find(whole), help().next()) {
        (Some(term), _) => Finding::pass(both!("Biträdet hjälper med de registrerades rättigheter, i tjänsten själv.", "The processor helps with the rights of data subjects, in the service itself.")).at(term),
        (None, Some(term)) => Finding::warn(both!("Biträdet hjälper, men bara i allmänna ord, på skriftlig order eller som samverkan. Vad kan tjänsten göra?", "The processor helps, but only in general words, on a written order or as cooperation. What can the service do?"))
            .asking()
            .at(term)
            .remedy(remedy),
        (None, None) => Finding::silent(both!("Avtalet säger inte att biträdet hjälper med de registrerades rättigheter. Gör det det?", "The agreement does not say that the processor helps with the rights of data subjects. Does it?")).remedy(remedy),
    }
}
