//! M: records, liability.

mod m01_record;
mod m02_data_subject;
mod m03_fines;
mod m04_recourse;
mod m05_insurance;
mod m06_service_level;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &m01_record::CHECK,
    &m02_data_subject::CHECK,
    &m03_fines::CHECK,
    &m04_recourse::CHECK,
    &m05_insurance::CHECK,
    &m06_service_level::CHECK,
];
