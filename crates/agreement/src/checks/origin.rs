//! What is derived or set by the operator says why; only what the text states may stand without a reason.

use terms::Provenance;

use crate::checks::unknown_key;
use crate::reading::{Place, Reading};

const WORDS: [&str; 3] = ["derived", "set by the operator", "stated"];

/// Reads the origin of a value or a block and demands its reason.
pub(crate) fn read(
    reading: &mut Reading<'_>,
    at: Place,
    provenance: Option<&(String, Place)>,
    why: Option<&str>,
) -> Option<Provenance> {
    let provenance = match provenance {
        None => Provenance::Stated,
        Some((word, _)) if word == "stated" => Provenance::Stated,
        Some((word, _)) if word == "derived" => Provenance::Derived,
        Some((word, _)) if word == "set by the operator" => Provenance::SetByOperator,
        Some((word, at)) => {
            unknown_key::word(reading, *at, word, "origin of a value", &WORDS);
            return None;
        }
    };
    if provenance != Provenance::Stated && why.is_none() {
        let word = if provenance == Provenance::Derived { "derived" } else { "set by the operator" };
        reading.fault(
            at,
            format!("this is {word}, and does not say why"),
            "Add `why = \"…\"`: from which words it follows, or what the choice rests on.",
        );
        return None;
    }
    Some(provenance)
}
