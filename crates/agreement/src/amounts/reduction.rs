//! The reduction for lost availability: which row of the table holds the level. A level that no row holds is told, and nothing
//! is chosen for it (trap T-51): a person decides, and the decision is kept.

use calendar::Percent;
use rust_decimal::Decimal;
use terms::Label;

use super::{Amount, NoAmount, clause_label, label, money_label, number, rounded};
use crate::agreement::Agreement;
use crate::value::Term;

/// What the table says of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reduced {
    /// The promised level was kept; nothing is given back.
    Kept(Vec<Label>),
    /// This much of the fee is given back.
    By {
        /// The percentage of the fee.
        percent: Decimal,
        /// The amount, where a fee was given.
        amount: Option<Amount>,
        /// The calculation.
        lines: Vec<Label>,
    },
    /// No row of the table holds this level, or more than one does: a person decides.
    Undecided(NoAmount),
}

/// What is given back at this level of availability, of `fee` in `currency` where it is known.
#[must_use]
pub fn reduction(agreement: &Agreement, level: Percent, fee: Option<(Decimal, &str)>) -> Reduced {
    let availability = agreement.term("availability", "");
    let shown = level.to_string();
    let mut lines = vec![label(format!("Nivån är {} %.", shown.replace('.', ",")), format!("The level is {shown} %."))];
    let kept = availability
        .and_then(|term| term.percent("at-least"))
        .filter(|least| exactly(*least).is_some_and(|least| level >= least));
    if let (Some(least), Some(term)) = (kept, availability) {
        let (least, place) = (number(least), clause_label(agreement, &term.clause));
        lines.push(label(
            format!("Den lovade nivån är {} % och är hållen ({}).", least.sv, place.sv),
            format!("The promised level is {} % and was kept ({}).", least.en, place.en),
        ));
        return Reduced::Kept(lines);
    }
    let rows: Vec<&Term> = agreement.terms_of("reduction").filter(|row| holds(row, level)).collect();
    let [row] = rows.as_slice() else {
        let clause = agreement.terms_of("reduction").next().map(|row| row.clause.clone());
        let why = if rows.is_empty() {
            label(
                "Ingen rad i tabellen omfattar den här nivån; någon måste avgöra.",
                "No row of the table holds this level; a person must decide.",
            )
        } else {
            label(
                "Flera rader i tabellen omfattar den här nivån; någon måste avgöra.",
                "Several rows of the table hold this level; a person must decide.",
            )
        };
        return Reduced::Undecided(NoAmount { why, clause, lines });
    };
    let percent = row.percent("reduces").unwrap_or_default();
    let place = clause_label(agreement, &row.clause);
    let (edges, shown) = (edges(row), number(percent));
    lines.push(label(
        format!("Raden {} ger {} % av avgiften tillbaka ({}).", edges.sv, shown.sv, place.sv),
        format!("The row {} gives {} % of the fee back ({}).", edges.en, shown.en, place.en),
    ));
    let amount = fee.and_then(|(fee, currency)| {
        let amount = rounded(fee.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?);
        let (of, is) = (money_label(fee, currency), money_label(amount, currency));
        let mut lines = lines.clone();
        lines.push(label(
            format!("{} × {} % = {}.", of.sv, shown.sv, is.sv),
            format!("{} × {} % = {}.", of.en, shown.en, is.en),
        ));
        Some(Amount { amount, currency: currency.to_owned(), clause: row.clause.clone(), lines })
    });
    Reduced::By { percent, amount, lines }
}

fn holds(row: &Term, level: Percent) -> bool {
    let fits = |key: &str, inside: fn(&Percent, &Percent) -> bool| {
        row.percent(key).is_none_or(|edge| exactly(edge).is_some_and(|edge| inside(&level, &edge)))
    };
    fits("from", Percent::ge) && fits("above", Percent::gt) && fits("below", Percent::lt) && fits("up-to", Percent::le)
}

fn edges(row: &Term) -> Label {
    let words = [
        ("from", "från", "from"),
        ("above", "över", "above"),
        ("below", "under", "below"),
        ("up-to", "till och med", "up to and with"),
    ];
    let parts = words.iter().filter_map(|(key, sv, en)| {
        let edge = number(row.percent(key)?);
        Some((format!("{sv} {} %", edge.sv), format!("{en} {} %", edge.en)))
    });
    let (sv, en): (Vec<String>, Vec<String>) = parts.unzip();
    label(sv.join(" "), en.join(" "))
}

/// A percentage of the agreement, exactly, to nine decimals.
fn exactly(percent: Decimal) -> Option<Percent> {
    percent.round_dp(9).normalize().to_string().parse().ok()
}
