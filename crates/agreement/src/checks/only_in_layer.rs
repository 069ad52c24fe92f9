//! A layer adds and restricts; it does not say anew what the document is, when it governs, or where refusals rest. And what
//! the agreement has, the layer does not define a second time.

use crate::reading::{Reading, Sort};
use crate::toml_to_terms::Found;

/// Blocks of the agreement alone.
const OF_THE_AGREEMENT: [&str; 9] =
    ["access", "accounts", "agreement", "categories", "in-force", "logging", "precedence", "purposes", "subprocessors"];

pub(crate) fn check(reading: &mut Reading<'_>, found: &Found) {
    for defined in reading.defined.clone() {
        if defined.sort == Sort::Block && OF_THE_AGREEMENT.contains(&defined.name.as_str()) {
            reading.fault(
                defined.at,
                format!("`[{}]` belongs to the agreement and not to a layer", defined.name),
                "Take it out; change the agreement itself where it must say something else.",
            );
        }
        let decided = matches!(
            defined.sort,
            Sort::Purpose | Sort::Subject | Sort::Category | Sort::Role | Sort::Case | Sort::Subprocessor
        );
        if decided && reading.beneath.contains(&(defined.sort, defined.name.clone())) {
            reading.fault(
                defined.at,
                format!("the agreement has the {} `{}` already", defined.sort.word(), defined.name),
                "Refer to it, or give this one another id.",
            );
        }
    }
    if !found.terms.parties.is_empty() {
        let at = reading.nowhere();
        reading.fault(at, "a layer names no parties", "They are those of the agreement; take the block out.");
    }
}
