//! What things cost, who answers for damage, and what level of service is promised.

use agreement::language::block_name;
use agreement::{Term, Value};

use super::build::Build;
use super::words::{column, derived, label, same, stated};
use super::{Cell, Register, Row, Tone};

pub(super) fn money(build: &Build<'_>) -> Register {
    build.facts(
        "money",
        label("Priser och fakturering", "Prices and invoicing"),
        &["price", "program", "rate", "fee", "indexation", "invoicing", "late"],
    )
}

pub(super) fn liability(build: &Build<'_>) -> Register {
    let title = label("Ansvar och försäkring", "Liability and insurance");
    let mut register = build.facts("liability", title, &["liability", "insurance"]);
    let mut terms = build.agreement.terms_of("liability").peekable();
    if terms.peek().is_some() && !terms.any(|term| term.value("cap-months").is_some()) {
        register.rows.push(Row {
            id: "liability.no-cap".to_owned(),
            clause: None,
            cells: vec![
                stated(block_name("liability")),
                stated(label("Tak", "Cap")),
                derived(label("inget tak i belopp är angivet", "no amount cap stated"), Tone::Open),
            ],
        });
    }
    register
}

pub(super) fn service_level(build: &Build<'_>) -> Register {
    let mut register = build.facts(
        "service-level",
        label("Tillgänglighet och support", "Availability and support"),
        &["availability", "support-hours", "planned-stop", "receipt", "calendar"],
    );
    let promised = build.agreement.term("availability", "").is_some_and(|term| term.value("at-least").is_some());
    if !promised {
        register.rows.insert(
            0,
            Row {
                id: "availability".to_owned(),
                clause: build.agreement.term("availability", "").map(|term| term.clause.clone()),
                cells: vec![
                    stated(block_name("availability")),
                    Cell::Unsaid,
                    derived(label("ingen tillgänglighet är utlovad", "no availability commitment"), Tone::Open),
                ],
            },
        );
    }
    register
}

/// The table of reductions, with the levels at open edges that no row holds.
pub(super) fn reductions(build: &Build<'_>) -> Register {
    let agreement = build.agreement;
    let mut rows: Vec<Row> = agreement
        .terms_of("reduction")
        .enumerate()
        .map(|(at, term)| Row {
            id: format!("reduction.{at}"),
            clause: Some(term.clause.clone()),
            cells: ["from", "above", "below", "up-to", "reduces"].iter().map(|key| build.cell(term, key)).collect(),
        })
        .collect();
    let all: Vec<&Term> = agreement.terms_of("reduction").collect();
    for (at, term) in all.iter().enumerate() {
        for key in ["below", "above"] {
            let Some(Value::Percent(edge)) = term.value(key) else { continue };
            let held = all.iter().any(|row| holds(row, *edge));
            let promised = agreement
                .term("availability", "")
                .and_then(|term| term.percent("at-least"))
                .is_some_and(|least| *edge >= least);
            let told = rows.iter().any(|row| row.id == format!("gap.{edge}"));
            if !held && !promised && !told {
                let shown = format!("{edge} %");
                let gap = label(
                    format!("{} står i ingen rad; någon måste avgöra", shown.replace('.', ",")),
                    format!("{shown} stands in no row; a person must decide"),
                );
                rows.push(Row {
                    id: format!("gap.{edge}"),
                    clause: all.get(at).map(|term| term.clause.clone()),
                    cells: vec![
                        stated(same(shown.clone())),
                        Cell::Unsaid,
                        Cell::Unsaid,
                        stated(same(shown)),
                        derived(gap, Tone::Stop),
                    ],
                });
            }
        }
    }
    Register {
        id: "reductions",
        title: label("Avdrag vid lägre tillgänglighet", "Reductions for lower availability"),
        note: None,
        columns: vec![
            column("from", "Från och med", "From"),
            column("above", "Över", "Above"),
            column("below", "Under", "Below"),
            column("up-to", "Till och med", "Up to"),
            column("reduces", "Avdrag", "Reduction"),
        ],
        rows,
    }
}

/// Whether a row of the table holds a level.
fn holds(row: &Term, level: rust_decimal::Decimal) -> bool {
    let fits = |key: &str, test: fn(rust_decimal::Decimal, rust_decimal::Decimal) -> bool| {
        row.percent(key).is_none_or(|edge| test(level, edge))
    };
    fits("from", |level, edge| level >= edge)
        && fits("above", |level, edge| level > edge)
        && fits("below", |level, edge| level < edge)
        && fits("up-to", |level, edge| level <= edge)
}
