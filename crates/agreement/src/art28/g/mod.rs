//! G: transfers.

mod g01_basis_today;
mod g02_no_article_6;
mod g03_module;
mod g04_listing;
mod g05_assessment;
mod g06_mandate;
mod g07_parents;
mod g08_reminders;
mod g09_customer_abroad;

use super::Check;
use super::ask::{Ask, is_agreed};
use crate::law::{Basis, Law, Need, Standing};
use crate::term::Subprocessor;
use crate::value::Term;

pub(super) static CHECKS: &[&Check] = &[
    &g01_basis_today::CHECK,
    &g02_no_article_6::CHECK,
    &g03_module::CHECK,
    &g04_listing::CHECK,
    &g05_assessment::CHECK,
    &g06_mandate::CHECK,
    &g07_parents::CHECK,
    &g08_reminders::CHECK,
    &g09_customer_abroad::CHECK,
];

/// Whether the recipient is known to be outside the EEA on the day.
fn standing_outside(ask: &Ask<'_>, recipient: &Subprocessor) -> bool {
    recipient.country.value().is_some_and(|country| !ask.law.lies_in(country, "eea"))
}

/// Whether a basis that holds on the day carries transfers to the recipient where it is, with the paper that it needs.
fn carried(ask: &Ask<'_>, recipient: &Subprocessor) -> bool {
    let Some(country) = recipient.country.value() else { return false };
    ask.terms("transfer").filter(|term| term.text("subprocessor") == Some(recipient.id.as_str())).any(|term| {
        let Standing::Holds(basis) = ask.law.basis(term.text("basis").unwrap_or("")) else { return false };
        let on_paper = basis.needs.is_empty() || term.text("evidence").is_some();
        basis.standing && basis.covers(country) && on_paper
    })
}

/// Whether the term names a basis that is only for those on a list.
fn needs_listing(ask: &Ask<'_>, term: &Term) -> bool {
    let basis = ask.law.basis(term.text("basis").unwrap_or(""));
    matches!(basis, Standing::Holds(basis) if basis.needs.contains(&Need::Listing))
}

/// Whether a basis for the recipient's country is, on the day, only for those on a list.
fn listing_basis(ask: &Ask<'_>, recipient: &Subprocessor) -> bool {
    let Some(country) = recipient.country.value() else { return false };
    let listed = |basis: &&Basis| !basis.countries.is_empty() && basis.needs.contains(&Need::Listing);
    let mut bases = Law::built_in().bases().iter().filter(listed);
    bases.any(|basis| basis.days.hold(ask.on) && basis.covers(country))
}

/// Whether nothing may leave the area, and every recipient is known to be within the EEA.
fn all_within(ask: &Ask<'_>) -> bool {
    let refused = ask.term("transfers", "").is_some_and(|term| term.text("beyond") == Some("refused"));
    let known = |it: &Subprocessor| it.country.value().is_some_and(|country| ask.law.lies_in(country, "eea"));
    refused && ask.agreement.subprocessors().iter().filter(|it| is_agreed(&it.origin)).all(known)
}
