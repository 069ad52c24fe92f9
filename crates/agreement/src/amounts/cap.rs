//! The most that a party answers for: so many months of the fee that was paid, or since the first order where that is less.

use jiff::civil::Date;
use rust_decimal::Decimal;
use terms::{ClauseId, Label};

use super::{Amount, NoAmount, clause_label, label, money_label, rounded};
use crate::agreement::Agreement;

/// A fee that was paid for one month of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidFee {
    /// The first day of the month that it was for.
    pub month: Date,
    /// How much.
    pub amount: Decimal,
    /// Which currency.
    pub currency: String,
}

/// How far a party answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cap {
    /// Up to this amount; what the cap does not hold for, in words.
    UpTo(Amount, Vec<Label>),
    /// In another way than by an amount: in full, not at all, each its own.
    Otherwise {
        /// How, in words.
        how: Label,
        /// The clause.
        clause: ClauseId,
    },
}

/// The cap of `[liability.ID]` for a damage at `day`, by the fees that were paid for the service.
///
/// # Errors
/// [`NoAmount`] where the term is unknown, or the fees that it counts are not known.
pub fn liability_cap(agreement: &Agreement, id: &str, day: Date, paid: &[PaidFee]) -> Result<Cap, NoAmount> {
    let Some(term) = agreement.term("liability", id) else {
        return Err(NoAmount::new(label("Avtalet har ingen sådan punkt.", "The agreement has no such term."), None));
    };
    let no = |why: Label| NoAmount::new(why, Some(term.clause.clone()));
    let answers = term.text("answers").unwrap_or_default();
    if answers != "up-to-cap" {
        return Ok(Cap::Otherwise { how: crate::arise::word(answers), clause: term.clause.clone() });
    }
    let Some(months) = term.count("cap-months") else {
        return Err(no(label(
            "Avtalet säger inte hur stort taket är.",
            "The agreement does not say how high the cap is.",
        )));
    };
    let first =
        i32::try_from(months).ok().and_then(|months| day.checked_sub(jiff::Span::new().try_months(months).ok()?).ok());
    let Some(first) = first else {
        return Err(no(label(
            "Taket går längre tillbaka än kalendern.",
            "The cap goes further back than the calendar.",
        )));
    };
    let counted: Vec<&PaidFee> = paid.iter().filter(|fee| fee.month >= first && fee.month < day).collect();
    let [one, ..] = counted.as_slice() else {
        return Err(no(label(
            "Inga betalda avgifter är kända för tiden, så taket kan inte räknas ut.",
            "No fees paid for the time are known, so the cap cannot be computed.",
        )));
    };
    let currency = one.currency.clone();
    if counted.iter().any(|fee| fee.currency != currency) {
        return Err(no(label("Avgifterna är i olika valutor.", "The fees are in different currencies.")));
    }
    let place = clause_label(agreement, &term.clause);
    let mut lines = vec![label(
        format!("Taket är {months} månaders avgift ({}), räknat bakåt från {day}.", place.sv),
        format!("The cap is the fee of {months} months ({}), counted back from {day}.", place.en),
    )];
    let since_first = term.flag("cap-since-first-order") == Some(true);
    let complete = u64::try_from(counted.len()).unwrap_or(u64::MAX) >= months;
    if !complete && !since_first {
        lines.push(label(
            format!("Avgifter är kända för {} månader; avtalet säger inte vad som gäller för resten.", counted.len()),
            format!("Fees are known for {} months; the agreement does not say what holds for the rest.", counted.len()),
        ));
    } else if !complete {
        lines.push(label(
            format!(
                "Tjänsten har haft avgift i {} månader sedan första beställningen, och den kortare tiden gäller.",
                counted.len()
            ),
            format!(
                "The service has had a fee for {} months since the first order, and the shorter time holds.",
                counted.len()
            ),
        ));
    }
    let sum = counted.iter().try_fold(Decimal::ZERO, |sum, fee| sum.checked_add(fee.amount));
    let Some(sum) = sum.map(rounded) else {
        return Err(no(label("Beloppet är för stort.", "The amount is too large.")));
    };
    let shown = money_label(sum, &currency);
    lines.push(label(
        format!("Summan av {} betalda månader är {}.", counted.len(), shown.sv),
        format!("The sum of {} months paid is {}.", counted.len(), shown.en),
    ));
    let not_for = term.words("not-for").iter().map(|word| crate::arise::word(word)).collect();
    Ok(Cap::UpTo(Amount { amount: sum, currency, clause: term.clause.clone(), lines }, not_for))
}
