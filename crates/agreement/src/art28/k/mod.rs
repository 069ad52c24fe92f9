//! K: evidence and audit.

mod k01_information;
mod k02_inspection;
mod k03_audit_notice;
mod k04_authority;
mod k05_cost;
mod k06_secrecy;
mod k07_certificates;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &k01_information::CHECK,
    &k02_inspection::CHECK,
    &k03_audit_notice::CHECK,
    &k04_authority::CHECK,
    &k05_cost::CHECK,
    &k06_secrecy::CHECK,
    &k07_certificates::CHECK,
];
