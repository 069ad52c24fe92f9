//! The document names itself, and every refusal has a clause: `[agreement]` and the five `otherwise` blocks are there.

use crate::reading::{Reading, Sort};

/// The block, and what lacks without it.
const REQUIRED: [(&str, &str, &str); 6] = [
    ("agreement", "the text does not say what it is", "`service`, `title`, `version` and `language`"),
    ("in-force", "an act before the agreement's start has no clause to be refused under", OTHERWISE),
    ("purposes", "an act for a purpose that is not agreed has no clause to be refused under", OTHERWISE),
    ("categories", "an undeclared category has no clause to be refused under", OTHERWISE),
    ("access", "an act that no rule allows has no clause to be refused under", OTHERWISE),
    ("subprocessors", "an unknown recipient has no clause to be refused under", OTHERWISE),
];
const OTHERWISE: &str = "`otherwise = \"refuse\"` and `changed-by`";

pub(crate) fn check(reading: &mut Reading<'_>) {
    for (block, lacking, keys) in REQUIRED {
        if !reading.is_defined(Sort::Block, block) {
            let at = reading.nowhere();
            reading.fault(
                at,
                format!("there is no `[{block}]` block: {lacking}"),
                format!("Add one, with {keys}, under the clause that says it."),
            );
        }
    }
}
