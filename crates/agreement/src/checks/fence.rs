//! A block of terms is a fence named `toml`, closed, and stands under a clause.

use core::ops::Range;

use crate::checks::clause_id::short;
use crate::checks::did_you_mean;
use crate::reading::Reading;
use crate::text_to_clauses::Block;

/// Whether the fence holds terms. One that nearly says so is a fault: terms that are silently not read would be no rule at
/// all, and the author would not know.
pub(crate) fn is_toml(reading: &mut Reading<'_>, info: &str, range: &Range<usize>, heading: usize) -> bool {
    let language = info.split([' ', ',']).next().unwrap_or("");
    if language == "toml" {
        return true;
    }
    let body = reading.text.get(range.clone()).unwrap_or("");
    let first = body.lines().skip(1).map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let looks = language.is_empty() && first.is_some_and(|line| line.starts_with('[') && line.ends_with(']'));
    if looks || did_you_mean::nearest(&language.to_lowercase(), ["toml"].into_iter()).is_some() {
        let at = reading.place(range.clone(), heading);
        let message = if looks {
            "this block looks like terms, but its fence does not say so".to_owned()
        } else {
            format!("a fence named `{}` is not read as terms", short(language))
        };
        reading.fault(at, message, "Begin it with ```toml.");
    }
    false
}

/// Closed, and under a clause.
pub(crate) fn check(reading: &mut Reading<'_>, block: &Block) {
    let at = reading.place(block.range.clone(), block.heading);
    let whole = reading.text.get(block.range.clone()).unwrap_or("").trim_end();
    let opening = whole.trim_start();
    let mark = opening.chars().next().unwrap_or('`');
    let width = opening.chars().take_while(|c| *c == mark).count();
    let closing = whole.lines().skip(1).last().unwrap_or("").trim_start_matches([' ', '>', '\t']);
    let closed = closing.chars().all(|c| c == mark) && closing.chars().count() >= width;
    if !closed {
        // It has swallowed what follows, whose blocks are then not missing but hidden.
        reading.unreadable = true;
        reading.fault(
            at,
            "this block is never closed, so the rest of the file would belong to it",
            format!("Close it with a line {}.", String::from(mark).repeat(width.clamp(3, 12))),
        );
    }
    if block.clause.is_none() {
        reading.fault(
            at,
            "this block stands under no clause, so nothing that it says could be attributed",
            "Put it under a heading with an id, such as `## 1 Bakgrund {#background}`.",
        );
    }
}
