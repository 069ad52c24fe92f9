//! I: personal data breaches.

mod i01_without_delay;
mod i02_number;
mod i03_contents;
mod i04_phases;
mod i05_register;
mod i06_subprocessors_sooner;
mod i07_attempts;
mod i08_aware;

use super::Check;
use super::ask::{Ask, of_processor, reaches};
use crate::value::Term;

pub(super) static CHECKS: &[&Check] = &[
    &i01_without_delay::CHECK,
    &i02_number::CHECK,
    &i03_contents::CHECK,
    &i04_phases::CHECK,
    &i05_register::CHECK,
    &i06_subprocessors_sooner::CHECK,
    &i07_attempts::CHECK,
    &i08_aware::CHECK,
];

/// The duty to tell the customer of an incident.
fn notice<'a>(ask: &Ask<'a>) -> Option<&'a Term> {
    let is_notice = |term: &&Term| of_processor(term) && reaches(term, "controller");
    let notice = ask.term("incident", "notice").filter(is_notice);
    notice.or_else(|| ask.terms("incident").filter(is_notice).find(|it| it.text("start") == Some("knowledge")))
}
