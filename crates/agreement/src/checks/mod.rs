//! The checks, one a file. Each says in its first line what it demands; each has a smallest file in `tests/bad` that breaks it.
//!
//! Some are asked while a text is taken apart, because only then is the place known; the others in [`all`].

pub(crate) mod after;
pub(crate) mod case_opened_by;
pub(crate) mod case_purpose;
pub(crate) mod clause_id;
pub(crate) mod did_you_mean;
pub(crate) mod duplicate;
pub(crate) mod fence;
pub(crate) mod missing_block;
pub(crate) mod no_agreement;
pub(crate) mod no_register;
pub(crate) mod only_in_layer;
pub(crate) mod origin;
pub(crate) mod other_document;
pub(crate) mod reach_of_role;
pub(crate) mod size;
pub(crate) mod undeclared_category;
pub(crate) mod unknown_key;
pub(crate) mod unknown_reference;
pub(crate) mod warnings;
pub(crate) mod wrong_type;

use crate::reading::Reading;
use crate::toml_to_terms::Found;

/// The checks of a layer: what it adds is sound, and what it refers to is there, in it or in the agreement beneath.
pub(crate) fn of_layer(reading: &mut Reading<'_>, found: &Found) {
    duplicate::check(reading);
    only_in_layer::check(reading, found);
    size::table(reading, found);
    if !reading.unreadable {
        unknown_reference::check(reading);
    }
}

/// The checks of a register.
pub(crate) fn of_register(reading: &mut Reading<'_>, found: &Found) {
    duplicate::check(reading);
    if !reading.unreadable {
        no_register::check(reading, found);
        unknown_reference::check(reading);
    }
}

/// All checks that need the whole text.
pub(crate) fn all(reading: &mut Reading<'_>, found: &Found) {
    duplicate::check(reading);
    case_opened_by::check(reading, found);
    case_purpose::check(reading, found);
    reach_of_role::check(reading, found);
    size::table(reading, found);
    // What is missing may stand in a block that could not be read; saying so would send the author the wrong way.
    if !reading.unreadable {
        missing_block::check(reading);
        unknown_reference::check(reading);
        undeclared_category::check(reading, found);
        after::check(reading, found);
    }
    warnings::check(reading, found);
}
