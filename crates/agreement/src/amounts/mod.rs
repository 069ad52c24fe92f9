//! What things cost under an agreement, as pure calculations: work by the hour, invoices by the price list, the ceiling of an
//! index, reductions for lost availability, the cap on damages. Every amount carries its calculation, line by line in both
//! languages, and the clause.
//!
//! No price stands here. Nothing is rounded but the final amount, to two decimals, halves away from zero; and where the
//! agreement leaves something open there is no amount but the reason.

mod cap;
mod charge;
mod index;
mod invoice;
mod level;
mod reduction;

pub use cap::{Cap, PaidFee, liability_cap};
pub use charge::{Work, charge};
pub use index::{IndexValues, ceiling};
pub use invoice::{Use, invoice};
pub use level::{Level, MOST_OUTAGES, Outage, level};
pub use reduction::{Reduced, reduction};

use rust_decimal::{Decimal, RoundingStrategy};
use terms::{ClauseId, Label};

use crate::agreement::Agreement;

/// An amount with its calculation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// How much, before VAT, to two decimals.
    pub amount: Decimal,
    /// Which currency, ISO 4217.
    pub currency: String,
    /// The clause that it rests on.
    pub clause: ClauseId,
    /// The calculation.
    pub lines: Vec<Label>,
}

/// Why there is no amount. Never a promise, and never nought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAmount {
    /// The reason, for people.
    pub why: Label,
    /// The clause that leaves it open, where there is one.
    pub clause: Option<ClauseId>,
    /// The calculation as far as it came.
    pub lines: Vec<Label>,
}

impl NoAmount {
    pub(crate) fn new(why: Label, clause: Option<ClauseId>) -> Self {
        Self { why, clause, lines: Vec::new() }
    }
}

/// An amount of money as each language writes it: *1 200 kr*, *SEK 1,200*.
#[must_use]
pub fn money_label(amount: Decimal, currency: &str) -> Label {
    let amount = amount.normalize();
    let digits = if amount.scale() == 0 { amount.to_string() } else { format!("{amount:.2}") };
    let digits = if amount.scale() > 2 { amount.to_string() } else { digits };
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let grouped = |separator: &str| {
        let bytes: Vec<char> = whole.chars().collect();
        let groups: Vec<String> = bytes.rchunks(3).rev().map(|group| group.iter().collect()).collect();
        groups.join(separator)
    };
    let tail = |point: &str| if part.is_empty() { String::new() } else { format!("{point}{part}") };
    let unit = if currency == "SEK" { "kr" } else { currency };
    // A no-break space, so that an amount stays on its line.
    label(
        format!("{sign}{}{}\u{a0}{unit}", grouped("\u{a0}"), tail(",")),
        format!("{currency}\u{a0}{sign}{}{}", grouped(","), tail(".")),
    )
}

/// To two decimals, halves away from zero.
pub(crate) fn rounded(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A number as each language writes it.
pub(crate) fn number(number: Decimal) -> Label {
    let text = number.normalize().to_string();
    label(text.replace('.', ","), text)
}

/// `punkt 3.1` and `clause 3.1`.
pub(crate) fn clause_label(agreement: &Agreement, clause: &ClauseId) -> Label {
    let number = agreement.number(clause);
    label(format!("punkt {number}"), format!("clause {number}"))
}

pub(crate) fn label(sv: impl Into<String>, en: impl Into<String>) -> Label {
    Label { sv: sv.into(), en: en.into() }
}
