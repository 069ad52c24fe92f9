//! The trap of the service level: a table of reductions whose edges stand in no row.

use rust_decimal::Decimal;

use super::{Action, Trap};
use crate::art28::ask::{Ask, both, phrase};
use crate::value::Term;

pub(super) fn all(ask: &Ask<'_>) -> Vec<Trap> {
    let rows: Vec<&Term> = ask.terms("reduction").collect();
    let gaps = edge_gaps(&rows);
    let Some(first) = rows.first().filter(|_| !gaps.is_empty()) else { return Vec::new() };
    let gaps = gaps.iter().map(|gap| format!("{gap} %")).collect::<Vec<_>>().join(", ");
    let says = both!(
        "Exakt {gaps} står i ingen rad av nedsättningstabellen.",
        "Exactly {gaps} stands in no row of the table of reductions."
    );
    let remedy = phrase!(
        "Bestäm vilken rad gränsen hör till, och visa det vid var kreditering.",
        "Decide to which row the edge belongs, and show it at each credit."
    );
    vec![Trap::computed("T-51", Action::Warn, first, says, remedy)]
}

/// The levels between the lowest and the highest edge of the table that stand in none of its rows, the highest first.
pub(crate) fn edge_gaps(rows: &[&Term]) -> Vec<Decimal> {
    let mut edges: Vec<Decimal> =
        rows.iter().flat_map(|row| ["from", "above", "below", "up-to"].map(|key| row.percent(key))).flatten().collect();
    edges.sort_unstable();
    edges.dedup();
    // The highest edge is the promised level itself, which nothing is reduced at.
    edges.pop();
    edges.retain(|level| !rows.iter().any(|row| holds(row, *level)));
    edges.reverse();
    edges
}

fn holds(row: &Term, level: Decimal) -> bool {
    row.percent("from").is_none_or(|from| level >= from)
        && row.percent("above").is_none_or(|above| level > above)
        && row.percent("below").is_none_or(|below| level < below)
        && row.percent("up-to").is_none_or(|up_to| level <= up_to)
}
