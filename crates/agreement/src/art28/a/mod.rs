//! A: form, parties, integrity.

mod a01_acceptance;
mod a02_parties;
mod a03_incident_contacts;
mod a04_data_protection_officer;
mod a05_version;
mod a06_precedence;
mod a07_dead_law;
mod a08_annexes;
mod a09_placeholders;
mod a10_numbering;
mod a11_roles_of_signatories;
mod a12_docking;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &a01_acceptance::CHECK,
    &a02_parties::CHECK,
    &a03_incident_contacts::CHECK,
    &a04_data_protection_officer::CHECK,
    &a05_version::CHECK,
    &a06_precedence::CHECK,
    &a07_dead_law::CHECK,
    &a08_annexes::CHECK,
    &a09_placeholders::CHECK,
    &a10_numbering::CHECK,
    &a11_roles_of_signatories::CHECK,
    &a12_docking::CHECK,
];
