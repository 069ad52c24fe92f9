//! C02: an instruction is needed for transfers too. A permission for anywhere is none.

use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "C02",
    source: "GDPR Art. 28(3)(a)",
    severity: Severity::Block,
    title: phrase!("Instruktioner gäller också överföringar", "Instructions cover transfers too"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Uppgifter lämnar EU/EES bara på kundens skriftliga instruktion i varje fall. (covers-transfers = \"case-by-case\" under [instructions])",
        "Data leaves the EU/EEA only on the customer's written instruction in each case. (covers-transfers = \"case-by-case\" under [instructions])"
    );
    let instructions = ask.term("instructions", "");
    let (transfers, subprocessing) = (ask.term("transfers", ""), ask.term("subprocessing", ""));
    let covers = instructions.and_then(|term| said_text(term, "covers-transfers"));
    let beyond = transfers.and_then(|term| said_text(term, "beyond"));
    let area = subprocessing.and_then(|term| said_text(term, "area"));
    let blanket = |term| {
        Finding::fail(both!(
            "Avtalet ger ett allmänt lov att föra ut uppgifter ur EU/EES. Då är det inte kunden som bestämmer.",
            "The agreement gives a blanket permission to take data out of the EU/EEA. Then it is not the customer who decides."
        ))
        .at_some(term)
        .remedy(remedy)
    };
    match (covers, beyond, area) {
        (Some("blanket-permission"), _, _) => blanket(instructions),
        // An instruction in each case, and a rule that is content with a ground: then the rule is what people follow.
        (Some("case-by-case"), Some("ground" | "permitted"), _) => Finding::warn(both!(
            "Kunden instruerar om varje överföring, men regeln om överföringar kräver bara laglig grund.",
            "The customer instructs each transfer, but the rule on transfers is content with a legal ground."
        ))
        .at_some(transfers)
        .remedy(remedy),
        (Some("case-by-case"), _, _) => {
            Finding::pass(both!("Kunden instruerar om varje överföring.", "The customer instructs each transfer."))
                .at_some(instructions)
        }
        (_, Some("refused" | "written-approval" | "written-approval-and-ground"), _) => Finding::pass(both!(
            "Ingen överföring sker utan kundens skriftliga godkännande.",
            "No transfer happens without the customer's written approval."
        ))
        .at_some(transfers),
        (_, Some("permitted"), _) => blanket(transfers),
        (_, _, Some("anywhere" | "further-countries")) => blanket(subprocessing),
        (_, Some(_), _) => Finding::warn(both!(
            "Överföringar kräver laglig grund, men avtalet säger inte att de kräver kundens instruktion.",
            "Transfers need a legal ground, but the agreement does not say that they need the customer's instruction."
        ))
        .at_some(transfers)
        .remedy(remedy),
        _ => Finding::warn(both!(
            "Avtalet säger inte att också överföringar kräver kundens instruktion. Gör de det?",
            "The agreement does not say that transfers too need the customer's instruction. Do they?"
        ))
        .asking()
        .at_some(instructions)
        .remedy(remedy),
    }
}
