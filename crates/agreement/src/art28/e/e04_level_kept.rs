//! E04: changed security rules may not lower the level, and the customer is told.

use crate::art28::ask::{Ask, Said, both, is_derived, phrase, said, said_flag, said_text};
use crate::art28::{Check, Finding, Severity};

pub(super) static CHECK: Check = Check {
    id: "E04",
    source: "GDPR Art. 32, 28(3)(c)",
    severity: Severity::Major,
    title: phrase!("Säkerhetsnivån sänks inte", "The level of security is not lowered"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Biträdet får ändra säkerhetsreglerna om nivån inte sänks, och talar om det för kunden. (may-not-lower = true under [security])",
        "The processor may change the security rules where the level is not lowered, and tells the customer. (may-not-lower = true under [security])"
    );
    let security = ask.term("security", "");
    let change = ask.term("change", "security-rules").or_else(|| ask.term("change", "internal-rules"));
    let kept = security
        .is_some_and(|term| said_flag(term, "may-not-lower") == Some(true) && !is_derived(term, "may-not-lower"));
    let Some(change) = change else {
        return if kept {
            Finding::pass(both!("Säkerhetsnivån får inte sänkas.", "The level of security may not be lowered."))
                .at_some(security)
        } else {
            Finding::not_applicable(both!(
                "Biträdet får inte ändra säkerhetsreglerna på egen hand.",
                "The processor may not change the security rules on its own."
            ))
        };
    };
    let alone = matches!(said_text(change, "by"), Some("processor" | "either"))
        && matches!(said_text(change, "consent"), None | Some("none" | "notice" | "silence" | "silence-or-use"));
    if !alone {
        return Finding::not_applicable(both!(
            "Biträdet får inte ändra säkerhetsreglerna på egen hand.",
            "The processor may not change the security rules on its own."
        ))
        .at(change);
    }
    if kept {
        return Finding::pass(both!(
            "Biträdet får ändra säkerhetsreglerna, men inte sänka nivån.",
            "The processor may change the security rules, but not lower the level."
        ))
        .at_some(security);
    }
    let silently = said_text(change, "consent") == Some("none") && said(change, "through") == Said::None;
    if silently {
        Finding::fail(both!(
            "Biträdet får ändra säkerhetsreglerna utan att tala om det, och avtalet säger inte att nivån består.",
            "The processor may change the security rules without telling, and the agreement does not say that the level is kept."
        ))
    } else {
        Finding::warn(both!(
            "Biträdet får ändra säkerhetsreglerna, och avtalet säger inte att nivån består. Gör den det?",
            "The processor may change the security rules, and the agreement does not say that the level is kept. Is it?"
        ))
        .asking()
    }
    .at(change)
    .remedy(remedy)
}
