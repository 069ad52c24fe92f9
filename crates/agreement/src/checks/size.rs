//! Limits: a file, a number of clauses, a depth and a decision table that a machine can hold.

use core::ops::Range;

use crate::reading::Reading;
use crate::table::{MAX_GRANTS, grants};
use crate::toml_to_terms::Found;

/// Largest file in bytes: a contract of two thousand pages.
pub(crate) const MAX_FILE_BYTES: usize = 2 * 1024 * 1024;
/// Most clauses.
pub(crate) const MAX_CLAUSES: usize = 10_000;
/// Deepest nesting of lists and quotations.
pub(crate) const MAX_NESTING: usize = 40;

/// Whether the text can be taken apart at all.
pub(crate) fn file(reading: &mut Reading<'_>) -> bool {
    let at = reading.nowhere();
    let bytes = reading.text.len();
    if bytes > MAX_FILE_BYTES {
        reading.fault(
            at,
            format!("the file has {bytes} bytes, and at most {MAX_FILE_BYTES} are read"),
            "Split it, or take out what is no agreement.",
        );
        return false;
    }
    if reading.text.starts_with('\u{feff}') {
        reading.fault(
            at,
            "the file begins with a byte order mark, which hides its first heading",
            "Save it as UTF-8 without one.",
        );
        return false;
    }
    true
}

pub(crate) fn too_deep(reading: &mut Reading<'_>, range: Range<usize>) {
    let at = reading.place(range, 0);
    reading.fault(
        at,
        format!("lists or quotations are nested more than {MAX_NESTING} deep here"),
        "Flatten them; the rest of the file was not read.",
    );
    reading.unreadable = true;
}

pub(crate) fn too_many_clauses(reading: &mut Reading<'_>) {
    let at = reading.nowhere();
    reading.fault(
        at,
        format!("there are more than {MAX_CLAUSES} clauses"),
        "Take ids from headings that need none; the rest of the file was not read.",
    );
    reading.unreadable = true;
}

/// Most definitions of one sort, and most rules. Some checks compare each with each.
const MAX_OF_A_SORT: usize = 2_000;

/// No sort of term is there in such numbers that the other checks would take long.
pub(crate) fn counts(reading: &mut Reading<'_>, found: &Found) -> bool {
    let terms = &found.terms;
    let counts = [
        ("purposes", terms.purposes.len()),
        ("categories of data subjects", terms.subjects.len()),
        ("categories", terms.categories.len()),
        ("declarations", terms.declares.len()),
        ("roles", terms.roles.len()),
        ("rules", terms.rules.len()),
        ("cases", terms.cases.len()),
        ("subprocessors", terms.subprocessors.len()),
        ("other terms", terms.general.len()),
    ];
    let mut fits = true;
    for (what, count) in counts.into_iter().filter(|(_, count)| *count > MAX_OF_A_SORT) {
        let at = reading.nowhere();
        reading.fault(
            at,
            format!("there are {count} {what}, and at most {MAX_OF_A_SORT} are read"),
            "Say the same in fewer terms, with lists.",
        );
        fits = false;
    }
    fits
}

/// The rules, spelled out, fit into memory.
pub(crate) fn table(reading: &mut Reading<'_>, found: &Found) {
    let grants = grants(&found.terms);
    if grants > MAX_GRANTS {
        let at = found.rules_at.first().map_or(reading.nowhere(), |rule| rule.at);
        reading.fault(
            at,
            format!("the rules spell out to {grants} permissions, and at most {MAX_GRANTS} are kept"),
            "Write rules with fewer roles, purposes, data subjects and categories each.",
        );
    }
}
