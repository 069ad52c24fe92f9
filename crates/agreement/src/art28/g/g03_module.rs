//! G03: where clauses carry a transfer, their module is named and they are filled in.

use super::all_within;
use crate::art28::ask::{Ask, both, phrase, said_text};
use crate::art28::{Check, Finding, Severity};
use crate::law::{BasisKind, Standing};

pub(super) static CHECK: Check = Check {
    id: "G03",
    source: "GDPR Art. 46(2)(c); (EU) 2021/914",
    severity: Severity::Major,
    title: phrase!("Vilka klausuler", "Which clauses"),
    run,
};

fn run(ask: &Ask<'_>) -> Finding {
    let remedy = phrase!(
        "[[transfer]] med basis = \"scc-2021-m3\", module = \"3\" och evidence",
        "[[transfer]] with basis = \"scc-2021-m3\", module = \"3\" and evidence"
    );
    let is_clauses = |term: &&crate::value::Term| matches!(ask.law.basis(term.text("basis").unwrap_or("")), Standing::Holds(basis) if basis.kind == BasisKind::Clauses);
    let half =
        |term: &&crate::value::Term| said_text(term, "module").is_none() || said_text(term, "evidence").is_none();
    let transfers = ask.term("transfers", "");
    if let Some(term) = ask.terms("transfer").filter(is_clauses).find(half) {
        return Finding::warn(both!(
            "Klausulerna nämns, men inte vilken modul, eller var de ifyllda ligger. Vilken, och var?",
            "The clauses are named, but not which module, or where the completed ones lie. Which, and where?"
        ))
        .asking()
        .at(term)
        .remedy(remedy);
    }
    match (ask.terms("transfer").find(is_clauses), ask.terms("transfer").next()) {
        (Some(term), _) => Finding::pass(both!(
            "Klausulernas modul är angiven, och de ifyllda finns.",
            "The module of the clauses is named, and the completed ones are there."
        ))
        .at(term),
        (None, Some(term)) => Finding::not_applicable(both!(
            "Överföringarna vilar inte på klausuler.",
            "The transfers do not rest on clauses."
        ))
        .at(term),
        (None, None) if all_within(ask) => Finding::not_applicable(both!(
            "Ingenting får lämna EES, så inga klausuler behövs.",
            "Nothing may leave the EEA, so no clauses are needed."
        ))
        .at_some(transfers),
        (None, None) => Finding::silent(both!(
            "Avtalet säger inte vilka klausuler och vilken modul en överföring skulle vila på. Vilka?",
            "The agreement does not say which clauses and which module a transfer would rest on. Which?"
        ))
        .at_some(transfers)
        .remedy(remedy),
    }
}
