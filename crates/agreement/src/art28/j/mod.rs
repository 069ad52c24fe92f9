//! J: the end of the processing.

mod j01_choice;
mod j02_copies;
mod j03_days;
mod j04_exception;
mod j05_certificate;
mod j06_format;
mod j07_silence;
mod j08_anonymising;
mod j09_one_period;
mod j10_legal_hold;
mod j11_fee;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &j01_choice::CHECK,
    &j02_copies::CHECK,
    &j03_days::CHECK,
    &j04_exception::CHECK,
    &j05_certificate::CHECK,
    &j06_format::CHECK,
    &j07_silence::CHECK,
    &j08_anonymising::CHECK,
    &j09_one_period::CHECK,
    &j10_legal_hold::CHECK,
    &j11_fee::CHECK,
];
