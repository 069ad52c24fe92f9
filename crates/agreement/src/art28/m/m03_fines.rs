//! M03: who bears a fine; that another bears it may not hold under Swedish law.

use crate::art28::ask::{Ask, both, phrase, said_text, said_words};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "M03",
    source: "GDPR Art. 83",
    severity: Severity::Info,
    title: phrase!("Sanktionsavgifter", "Fines"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let fines = ask.terms("liability").find(|term| said_words(term, "damage").iter().any(|it| it == "fines"));
    match fines.map(|term| said_text(term, "answers")) {
        Some(Some("bears-own")) => {
            Finding::pass(both!("Var och en bär sina sanktionsavgifter.", "Each bears its own fines."))
        }
        Some(_) => Finding::warn(both!(
            "Sanktionsavgifter fördelas mellan parterna. Om det håller enligt svensk rätt är osäkert; vet båda det?",
            "Fines are divided between the parties. Whether that holds under Swedish law is uncertain; do both know?"
        ))
        .asking()
        .remedy(phrase!("answers = \"bears-own\" för fines", "answers = \"bears-own\" for fines")),
        None => Finding::not_applicable(both!(
            "Avtalet talar inte om sanktionsavgifter.",
            "The agreement does not speak of fines."
        )),
    }
    .at_some(fines)
}
