//! G02: a ground for processing (Art. 6), such as the performance of a contract, never carries a transfer.

use crate::art28::ask::{Ask, both, phrase, said_words};
use crate::art28::limits::holds;
use crate::art28::{Check, Finding, Severity};
use crate::law::{BasisKind, Law, Standing};

pub(super) static CHECK: Check = Check {
    id: "G02",
    source: "GDPR Art. 44",
    severity: Severity::Block,
    title: phrase!("Laglig grund är ingen överföringsgrund", "A ground for processing is no basis for transfer"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "Ange en grund ur kapitel V: beslut om adekvat skyddsnivå, standardavtalsklausuler eller bindande företagsbestämmelser.",
        "Name a basis of Chapter V: an adequacy decision, standard contractual clauses or binding corporate rules."
    );
    let none = |id: &str| matches!(ask.law.basis(id), Standing::Holds(basis) | Standing::Ended(basis, _) | Standing::NotYet(basis) if basis.kind == BasisKind::NoBasis);
    if let Some(term) = ask.terms("transfer").find(|term| term.text("basis").is_some_and(none)) {
        return Finding::fail(both!(
            "En laglig grund för behandling har tagits för grund för överföring.",
            "A ground for processing has been taken for a basis for transfer."
        ))
        .at(term)
        .remedy(remedy);
    }
    let transfers = ask.term("transfers", "");
    let grounds = transfers.map_or(&[][..], |term| said_words(term, "grounds"));
    let rows = || Law::built_in().bases().iter().filter(|basis| basis.kind == BasisKind::NoBasis);
    if grounds.iter().any(|ground| rows().flat_map(|basis| &basis.written).any(|written| holds(ground, written))) {
        return Finding::fail(both!(
            "Avtalet nämner en laglig grund för behandling som grund för överföring.",
            "The agreement names a ground for processing as a basis for transfer."
        ))
        .at_some(transfers)
        .remedy(remedy);
    }
    Finding::pass(both!(
        "Ingen laglig grund för behandling har tagits för grund för överföring.",
        "No ground for processing has been taken for a basis for transfer."
    ))
    .at_some(transfers)
}
