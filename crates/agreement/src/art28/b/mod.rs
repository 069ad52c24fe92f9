//! B: the description of the processing (Art. 28(3), first sentence).

mod b01_subject_matter;
mod b02_duration;
mod b03_operations;
mod b04_purposes;
mod b05_categories;
mod b06_data_subjects;
mod b07_special_categories;
mod b08_criminal_offences;
mod b09_identity_number;
mod b10_locations;
mod b11_rights_of_controller;
mod b12_free_text;
mod b13_own_purposes;
mod b14_children;

use super::Check;

pub(super) static CHECKS: &[&Check] = &[
    &b01_subject_matter::CHECK,
    &b02_duration::CHECK,
    &b03_operations::CHECK,
    &b04_purposes::CHECK,
    &b05_categories::CHECK,
    &b06_data_subjects::CHECK,
    &b07_special_categories::CHECK,
    &b08_criminal_offences::CHECK,
    &b09_identity_number::CHECK,
    &b10_locations::CHECK,
    &b11_rights_of_controller::CHECK,
    &b12_free_text::CHECK,
    &b13_own_purposes::CHECK,
    &b14_children::CHECK,
];
