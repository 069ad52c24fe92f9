//! G09: what the customer's own use from outside the area counts as.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "G09",
    source: "GDPR Art. 44",
    severity: Severity::Info,
    title: phrase!("Kundens egen användning utomlands", "The customer's own use from abroad"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let transfers = ask.term("transfers", "");
    match transfers.map(|term| (said_text(term, "customer-abroad"), said_text(term, "beyond"))) {
        Some((Some("is-instruction"), _)) => Finding::pass(both!("Kundens egen användning utomlands räknas som dess instruktion.", "The customer's own use from abroad counts as its instruction.")),
        Some((_, Some("refused"))) => Finding::warn(both!("Ingenting får lämna området, men kundens folk kan resa. Ska deras inloggning utifrån vägras?", "Nothing may leave the area, but the customer's people may travel. Is their log-in from outside to be refused?"))
            .asking()
            .remedy(phrase!("customer-abroad = \"is-instruction\" under [transfers]", "customer-abroad = \"is-instruction\" under [transfers]")),
        _ => Finding::not_applicable(both!("Avtalet talar inte om kundens egen användning utomlands.", "The agreement does not speak of the customer's own use from abroad.")),
    }
    .at_some(transfers)
}
