//! L: authorities and third parties.

mod l01_told_before;
mod l02_resisted;
mod l03_third_country_orders;
mod l04_no_representation;

use super::Check;

pub(super) static CHECKS: &[&Check] =
    &[&l01_told_before::CHECK, &l02_resisted::CHECK, &l03_third_country_orders::CHECK, &l04_no_representation::CHECK];
