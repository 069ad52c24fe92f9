//! H: assistance.

mod h01_rights;
mod h02_forwarding;
mod h03_articles;
mod h04_inaccuracy;
mod h05_fees;
mod h06_first_answer;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &h01_rights::CHECK,
    &h02_forwarding::CHECK,
    &h03_articles::CHECK,
    &h04_inaccuracy::CHECK,
    &h05_fees::CHECK,
    &h06_first_answer::CHECK,
];
