//! E: security (Art. 28(3)(c), 32).

mod e01_all_measures;
mod e02_concrete_measures;
mod e03_periodic_measures;
mod e04_level_kept;
mod e05_encryption;
mod e06_logging;
mod e07_backup;
mod e08_evaluation;
mod e09_training;
mod e10_second_factor;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &e01_all_measures::CHECK,
    &e02_concrete_measures::CHECK,
    &e03_periodic_measures::CHECK,
    &e04_level_kept::CHECK,
    &e05_encryption::CHECK,
    &e06_logging::CHECK,
    &e07_backup::CHECK,
    &e08_evaluation::CHECK,
    &e09_training::CHECK,
    &e10_second_factor::CHECK,
];
