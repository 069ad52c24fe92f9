//! The ceiling of a yearly rise: the price times the rise of the index that the agreement chooses among those it names.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use terms::Label;

use super::{Amount, NoAmount, clause_label, label, money_label, number, rounded};
use crate::agreement::Agreement;

/// The values of each index that the agreement names: at the base month, and now.
pub type IndexValues = BTreeMap<String, (Decimal, Decimal)>;

/// The highest that a price may be after the yearly rise.
///
/// # Errors
/// [`NoAmount`] where prices follow no index, or a value of one is missing or makes no sense.
pub fn ceiling(
    agreement: &Agreement,
    price: Decimal,
    currency: &str,
    values: &IndexValues,
) -> Result<Amount, NoAmount> {
    let Some(term) = agreement.term("indexation", "") else {
        return Err(NoAmount::new(label("Priserna följer inget index.", "Prices follow no index."), None));
    };
    let no = |why: Label, lines: Vec<Label>| NoAmount { why, clause: Some(term.clause.clone()), lines };
    let place = clause_label(agreement, &term.clause);
    let base = term.text("base").unwrap_or_default();
    let mut lines = Vec::new();
    let mut factors = Vec::new();
    for name in term.words("indices") {
        let value = values.get(name).filter(|(then, now)| *then > Decimal::ZERO && *now > Decimal::ZERO);
        let Some(factor) = value.and_then(|(then, now)| now.checked_div(*then)) else {
            return Err(no(
                label(format!("Värdet av {name} saknas."), format!("The value of {name} is missing.")),
                lines,
            ));
        };
        let (then, now, shown) = value
            .map_or_else(Default::default, |(then, now)| (number(*then), number(*now), number(factor.round_dp(6))));
        lines.push(label(
            format!("{name}: {} nu, {} i {base}: faktor {}.", now.sv, then.sv, shown.sv),
            format!("{name}: {} now, {} in {base}: factor {}.", now.en, then.en, shown.en),
        ));
        factors.push(factor);
    }
    let highest = factors.iter().max().copied();
    let (chosen, word) = match term.text("ceiling") {
        Some("lowest") => (factors.iter().min().copied(), label("den lägsta", "the lowest")),
        Some("average") => {
            let sum = factors.iter().try_fold(Decimal::ZERO, |sum, factor| sum.checked_add(*factor));
            (sum.and_then(|sum| sum.checked_div(Decimal::from(factors.len()))), label("medelvärdet", "the average"))
        }
        _ => (highest, label("den högsta", "the highest")),
    };
    let Some(factor) = chosen else {
        return Err(no(label("Inget index är namngivet.", "No index is named."), lines));
    };
    let Some(raised) = price.checked_mul(factor) else {
        return Err(no(label("Beloppet är för stort.", "The amount is too large."), lines));
    };
    let amount = rounded(raised);
    let (was, is, shown) = (money_label(price, currency), money_label(amount, currency), number(factor.round_dp(6)));
    lines.push(label(
        format!("Taket är {} ({}): {} × {} = {}.", word.sv, place.sv, was.sv, shown.sv, is.sv),
        format!("The ceiling is {} ({}): {} × {} = {}.", word.en, place.en, was.en, shown.en, is.en),
    ));
    Ok(Amount { amount, currency: currency.to_owned(), clause: term.clause.clone(), lines })
}
