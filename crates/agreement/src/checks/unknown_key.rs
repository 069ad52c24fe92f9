//! Every block and key is one that the language knows. An unknown one is never skipped: it would be a promise that nobody keeps.

use crate::checks::clause_id::short;
use crate::checks::did_you_mean;
use crate::reading::{Place, Reading};

/// A key in a block.
pub(crate) fn key(reading: &mut Reading<'_>, at: Place, key: &str, known: &[&'static str]) {
    let remedy = did_you_mean::remedy(key, known.iter().copied());
    reading.fault(at, format!("`{}` is no key of this block", short(key)), remedy);
}

/// A block.
pub(crate) fn block(reading: &mut Reading<'_>, at: Place, name: &str, known: &[&'static str]) {
    let remedy = did_you_mean::remedy(name, known.iter().copied());
    reading.fault(at, format!("`{}` is no block of the agreement language", short(name)), remedy);
}

/// A word of a closed list, such as a verb.
pub(crate) fn word(reading: &mut Reading<'_>, at: Place, word: &str, what: &str, known: &[&'static str]) {
    let remedy = did_you_mean::remedy(word, known.iter().copied());
    reading.fault(at, format!("`{}` is no {what}", short(word)), remedy);
}
