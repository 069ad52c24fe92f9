//! The lines of an invoice by the price list: users and months, whole months where the agreement says so, pieces with the
//! most that is charged for them.

use jiff::civil::Date;
use rust_decimal::Decimal;
use terms::Sourced;

use super::{Amount, NoAmount, clause_label, label, money_label, number, rounded};
use crate::agreement::Agreement;

/// What was used under one price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The id of `[price.ID]`.
    pub price: String,
    /// For how many users, or licences.
    pub users: u32,
    /// For how many months; a part of one is a fraction.
    pub months: Decimal,
    /// How many pieces.
    pub pieces: u64,
    /// On which day it was used, for a price that holds from a day on.
    pub day: Option<Date>,
}

/// What one use costs.
///
/// # Errors
/// [`NoAmount`] where the price is unknown, has no amount or does not hold yet, or where the most is charged for a measure that
/// does not fit.
pub fn invoice(agreement: &Agreement, used: &Use) -> Result<Amount, NoAmount> {
    let Some(price) = agreement.term("price", &used.price) else {
        return Err(NoAmount::new(
            label(
                format!("Priset `{}` finns inte i avtalet.", used.price),
                format!("The price `{}` is not in the agreement.", used.price),
            ),
            None,
        ));
    };
    let no = |why| NoAmount::new(why, Some(price.clause.clone()));
    let Some((each, currency)) = price.money("amount") else {
        return Err(no(match price.sourced("amount") {
            Some(Sourced::NotFound { note }) => label(
                format!("Priset hittas inte: {note}."),
                format!("The price is not found (in the agreement's language): {note}."),
            ),
            _ => label("Priset hittas inte.", "The price is not found."),
        }));
    };
    if let (Some(from), Some(day)) = (price.date("from"), used.day)
        && day < from
    {
        return Err(no(label(format!("Priset gäller från {from}."), format!("The price holds from {from}."))));
    }
    let place = clause_label(agreement, &price.clause);
    let money = |amount: Decimal| money_label(amount, currency);
    let mut lines = Vec::new();
    let whole = price.flag("whole-months") == Some(true);
    let months = if whole { used.months.max(Decimal::ZERO).ceil() } else { used.months.max(Decimal::ZERO) };
    if whole && months != used.months {
        let (was, is) = (number(used.months), number(months));
        lines.push(label(
            format!("Bara hela månader debiteras: {} blir {} ({}).", was.sv, is.sv, place.sv),
            format!("Only whole months are charged: {} become {} ({}).", was.en, is.en, place.en),
        ));
    }
    let (users, pieces) = (Decimal::from(used.users), Decimal::from(used.pieces));
    let (count, sv, en) = match price.text("per") {
        Some("user-and-month") => (
            users.checked_mul(months),
            format!("{} användare × {} månader", number(users).sv, number(months).sv),
            format!("{} users × {} months", number(users).en, number(months).en),
        ),
        Some("month") => {
            (Some(months), format!("{} månader", number(months).sv), format!("{} months", number(months).en))
        }
        Some("licence") => (Some(users), format!("{users} licenser"), format!("{users} licences")),
        _ => (Some(pieces), format!("{pieces} stycken"), format!("{pieces} pieces")),
    };
    let Some(mut sum) = count.and_then(|count| each.checked_mul(count)) else {
        return Err(no(label("Beloppet är för stort.", "The amount is too large.")));
    };
    let (each_label, before) = (money(each), money(sum));
    lines.push(label(
        format!("{sv} × {} = {} ({}).", each_label.sv, before.sv, place.sv),
        format!("{en} × {} = {} ({}).", each_label.en, before.en, place.en),
    ));
    if let Some((most, _)) = price.money("at-most") {
        let measure = match price.text("at-most-per") {
            Some("user") => Some((users, format!("{users} användare"), format!("{users} users"))),
            Some("month") => {
                Some((months, format!("{} månader", number(months).sv), format!("{} months", number(months).en)))
            }
            Some("user-and-month") => users.checked_mul(months).map(|count| {
                (
                    count,
                    format!("{users} användare × {} månader", number(months).sv),
                    format!("{users} users × {} months", number(months).en),
                )
            }),
            _ => Some((Decimal::ONE, "allt".to_owned(), "all of it".to_owned())),
        };
        let Some((most_in_all, sv, en)) =
            measure.and_then(|(count, sv, en)| most.checked_mul(count).map(|most| (most, sv, en)))
        else {
            return Err(no(label("Taket är för stort att räkna.", "The most is too large to count.")));
        };
        let (of, all) = (money(most), money(most_in_all));
        let reached = sum > most_in_all;
        let (then_sv, then_en) = if reached {
            ("så taket gäller", "so the most holds")
        } else {
            ("som inte nås", "which is not reached")
        };
        lines.push(label(
            format!("Högst {} × {sv} = {}, {then_sv}.", of.sv, all.sv),
            format!("At most {} × {en} = {}, {then_en}.", of.en, all.en),
        ));
        sum = sum.min(most_in_all);
    }
    Ok(Amount { amount: rounded(sum), currency: currency.to_owned(), clause: price.clause.clone(), lines })
}
