//! What must be done when something happens, how long things are kept, and what happens at the end.

use agreement::language::{block_name, is_event};

use super::build::{Build, fact_columns};
use super::words::{column, label, stated};
use super::{Cell, Register, Row};

/// Every duty and right, by the event that starts it, in the contract's own words.
pub(super) fn duties(build: &Build<'_>) -> Register {
    let keys = ["does", "who", "to", "by", "within", "ahead", "start", "provides", "remedy", "kind", "when", "unless"];
    let mut register = build.table("duties", label("Skyldigheter och rättigheter", "Duties and rights"), &[], &[]);
    register.columns = vec![column("event", "När", "When")];
    register
        .columns
        .extend(keys.iter().map(|key| super::Column { id: key, name: agreement::language::key_name("incident", key) }));
    for block in agreement::language::blocks().filter(|block| is_event(block.name)) {
        for term in build.agreement.terms_of(block.name) {
            let mut cells = vec![stated(block_name(block.name))];
            cells.extend(keys.iter().map(|key| build.cell(term, key)));
            register.rows.push(Row { id: term.name(), clause: Some(term.clause.clone()), cells });
        }
    }
    register
}

pub(super) fn retention(build: &Build<'_>) -> Register {
    let keys = ["of", "phase", "keep", "start", "then", "or", "or-needs", "at-least", "automatic", "unless"];
    let mut register =
        build.table("retention", label("Hur länge uppgifter sparas", "How long data is kept"), &["retention"], &keys);
    // The class and phase say what a row is about; the id would say it again.
    register.columns.remove(0);
    for row in &mut register.rows {
        row.cells.remove(0);
    }
    register.note = register.rows.is_empty().then(|| {
        label("Avtalet säger inte hur länge uppgifter sparas.", "The agreement does not say how long data is kept.")
    });
    register
}

pub(super) fn ending(build: &Build<'_>) -> Register {
    let mut rows = build.facts_of("ending");
    rows.extend(build.facts_of("legal-hold"));
    rows.extend(build.facts_of("anonymising"));
    rows.extend(build.facts_of("backup"));
    if rows.is_empty() {
        rows.push(Row {
            id: "ending".to_owned(),
            clause: None,
            cells: vec![stated(block_name("ending")), Cell::Unsaid, Cell::NotFound { note: String::new() }],
        });
    }
    Register {
        id: "ending",
        title: label("När avtalet upphör, och säkerhetskopior", "When the agreement ends, and backups"),
        note: None,
        columns: fact_columns(),
        rows,
    }
}
