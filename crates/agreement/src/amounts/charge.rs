//! What work costs: hours in the smallest unit that is charged, at the rate that a term names, unless it is free.

use calendar::{Period, Unit};
use rust_decimal::Decimal;
use terms::Sourced;

use super::{Amount, NoAmount, clause_label, label, money_label, number, rounded};
use crate::agreement::Agreement;

/// Work that somebody did for the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// How long it took.
    pub minutes: u32,
    /// It came from the processor's own breach.
    pub own_breach: bool,
    /// The customer could do it, and did it, in the service.
    pub self_service: bool,
}

/// What `work` under the term `term` (as `audit.visit` or `fee.export`) costs.
///
/// # Errors
/// [`NoAmount`] where no term says that it is paid, or the rate has no amount.
pub fn charge(agreement: &Agreement, term: &str, work: Work) -> Result<Amount, NoAmount> {
    let (block, id) = term.split_once('.').unwrap_or((term, ""));
    let Some(found) = agreement.term(block, id) else {
        return Err(NoAmount::new(
            label(format!("`{term}` finns inte i avtalet."), format!("`{term}` is not in the agreement.")),
            None,
        ));
    };
    let Some(rate) = found.text("fee").or_else(|| found.text("rate")) else {
        return Err(NoAmount::new(
            label(
                "Avtalet säger inte att arbetet betalas, så inget tas ut.",
                "The agreement does not say that the work is paid, so nothing is charged.",
            ),
            Some(found.clause.clone()),
        ));
    };
    let Some(rate) = agreement.term("rate", rate) else {
        return Err(NoAmount::new(label("Taxan finns inte.", "The rate is missing."), Some(found.clause.clone())));
    };
    let place = clause_label(agreement, &found.clause);
    let mut lines =
        vec![label(format!("Arbetet betalas enligt {}.", place.sv), format!("The work is paid under {}.", place.en))];
    let free = found.words("free-when").iter().find(|when| match when.as_str() {
        "own-breach" => work.own_breach,
        "self-service" => work.self_service,
        _ => false,
    });
    let currency = rate.money("amount").map_or_else(|| "SEK".to_owned(), |(_, currency)| currency.to_owned());
    if let Some(when) = free {
        let when = crate::arise::word(when);
        lines.push(label(
            format!("Det är ändå fritt: {} ({}).", when.sv, place.sv),
            format!("It is free all the same: {} ({}).", when.en, place.en),
        ));
        return Ok(Amount { amount: Decimal::ZERO, currency, clause: found.clause.clone(), lines });
    }
    let of_rate = clause_label(agreement, &rate.clause);
    let Some((hour, currency)) = rate.money("amount") else {
        let why = match (rate.sourced("amount"), rate.text("standard")) {
            (_, Some(standard)) => {
                let word = crate::arise::word(standard);
                label(
                    format!("Avtalet har inget belopp, bara måttet: {} ({}).", word.sv, of_rate.sv),
                    format!("The agreement has no amount, only the measure: {} ({}).", word.en, of_rate.en),
                )
            }
            (Some(Sourced::NotFound { note }), _) => label(
                format!("Beloppet hittas inte: {note}."),
                format!("The amount is not found (in the agreement's language): {note}."),
            ),
            _ => label("Beloppet hittas inte.", "The amount is not found."),
        };
        return Err(NoAmount { why, clause: Some(rate.clause.clone()), lines });
    };
    let mut minutes = Decimal::from(work.minutes);
    lines.push(label(
        format!("Arbetet tog {} minuter.", work.minutes),
        format!("The work took {} minutes.", work.minutes),
    ));
    match rate.period("smallest-unit").and_then(in_minutes) {
        Some(unit) => {
            minutes = (minutes / unit).ceil() * unit;
            let (unit, minutes) = (number(unit), number(minutes));
            lines.push(label(
                format!("Minsta enhet är {} minuter, så {} minuter debiteras ({}).", unit.sv, minutes.sv, of_rate.sv),
                format!(
                    "The smallest unit is {} minutes, so {} minutes are charged ({}).",
                    unit.en, minutes.en, of_rate.en
                ),
            ));
        }
        None => lines.push(label(
            "Ingen minsta enhet är satt, så tiden räknas som den är.",
            "No smallest unit is set, so the time is counted as it is.",
        )),
    }
    let amount = rounded(hour * minutes / Decimal::from(60));
    let (hour, minutes, sum) = (money_label(hour, currency), number(minutes), money_label(amount, currency));
    lines.push(label(
        format!("{} i timmen ({}) × {} / 60 = {}.", hour.sv, of_rate.sv, minutes.sv, sum.sv),
        format!("{} an hour ({}) × {} / 60 = {}.", hour.en, of_rate.en, minutes.en, sum.en),
    ));
    Ok(Amount { amount, currency: currency.to_owned(), clause: rate.clause.clone(), lines })
}

/// A period of the clock in minutes; nothing for another.
fn in_minutes(period: &Period) -> Option<Decimal> {
    let Period::Counted(counted) = period else { return None };
    let unit = match counted.unit() {
        Unit::Minutes => 1,
        Unit::Hours | Unit::SupportHours => 60,
        _ => return None,
    };
    Some(Decimal::from(u64::from(counted.count()) * unit))
}
