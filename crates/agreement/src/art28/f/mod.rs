//! F: subprocessors.

mod f01_authorisation;
mod f02_list;
mod f03_entries;
mod f04_notice;
mod f05_lead_time;
mod f06_right_to_object;
mod f07_objection_window;
mod f08_on_objection;
mod f09_active_notice;
mod f10_same_duties;
mod f11_liable;
mod f12_copy;
mod f13_beneficiary;
mod f14_whole_chain;
mod f15_lists_agree;
mod f16_emergency;

use calendar::Period;

use super::Check;
use super::ask::{Ask, of_processor, reaches, said_period};
use crate::value::Term;

pub(super) static CHECKS: &[&Check] = &[
    &f01_authorisation::CHECK,
    &f02_list::CHECK,
    &f03_entries::CHECK,
    &f04_notice::CHECK,
    &f05_lead_time::CHECK,
    &f06_right_to_object::CHECK,
    &f07_objection_window::CHECK,
    &f08_on_objection::CHECK,
    &f09_active_notice::CHECK,
    &f10_same_duties::CHECK,
    &f11_liable::CHECK,
    &f12_copy::CHECK,
    &f13_beneficiary::CHECK,
    &f14_whole_chain::CHECK,
    &f15_lists_agree::CHECK,
    &f16_emergency::CHECK,
];

/// The duty to tell of a new subprocessor.
fn notice<'a>(ask: &Ask<'a>) -> Option<&'a Term> {
    let is_notice = |term: &&Term| of_processor(term) && reaches(term, "controller");
    let notice = ask.term("subprocessor-change", "notice").filter(is_notice);
    notice.or_else(|| ask.terms("subprocessor-change").filter(is_notice).find(|it| it.text("of") == Some("engagement")))
}

/// How long before the engagement the customer is told, where the agreement says it in a number.
fn lead_time<'a>(ask: &Ask<'a>) -> Option<(&'a Term, &'a Period)> {
    let of = |term: Option<&'a Term>| term.and_then(|term| Some((term, said_period(term, "ahead")?)));
    of(notice(ask)).or_else(|| of(ask.term("change", "subprocessors")))
}

/// The right to object.
fn objection<'a>(ask: &Ask<'a>) -> Option<&'a Term> {
    let rights = || ask.terms("subprocessor-change").filter(|term| term.text("who") == Some("controller"));
    rights().find(|term| term.id == "objection").or_else(|| rights().find(|term| term.sourced("within").is_some()))
}
