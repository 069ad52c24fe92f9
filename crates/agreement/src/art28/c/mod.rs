//! C: instructions (Art. 28(3)(a) and last subparagraph).

mod c01_only_documented;
mod c02_transfers;
mod c03_exception;
mod c04_unlawful_instruction;
mod c05_form;
mod c06_refused_instruction;
mod c07_own_over_general;
mod c08_suspension;
mod c09_change_procedure;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &c01_only_documented::CHECK,
    &c02_transfers::CHECK,
    &c03_exception::CHECK,
    &c04_unlawful_instruction::CHECK,
    &c05_form::CHECK,
    &c06_refused_instruction::CHECK,
    &c07_own_over_general::CHECK,
    &c08_suspension::CHECK,
    &c09_change_procedure::CHECK,
];
