//! A register says what it is, what holds for those who are not in it, and who is.

use crate::reading::{Reading, Sort};
use crate::toml_to_terms::Found;

/// The block, and what lacks without it.
const REQUIRED: [(&str, &str, &str); 2] = [
    (
        "register",
        "the text does not say what it is",
        "`service`, `title`, `language`, `published`, `says-it-is` and `of`",
    ),
    (
        "recipients",
        "nothing stands against those who are not in the register",
        "`otherwise = \"refuse\"`, `unless` and `says`",
    ),
];

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    let at = reading.nowhere();
    for (block, lacking, keys) in REQUIRED {
        if !reading.is_defined(Sort::Block, block) {
            let remedy = format!("Add one, with {keys}, under the clause that says it.");
            reading.fault(at, format!("there is no `[{block}]` block: {lacking}"), remedy);
        }
    }
    let rows = found.terms.general.iter().any(|term| term.block == "recipient");
    if !rows && reading.faults.is_empty() {
        reading.fault(at, "the register has no rows", "Add a `[[recipient]]` for each who receives data.");
    }
}
