//! A heading's id is a plain name, and no two headings have the same.

use core::ops::Range;

use terms::ClauseId;

use crate::reading::{Reading, plain};
use crate::term::Clause;
use crate::text_to_clauses::Outline;

/// A heading taken apart.
pub(crate) struct HeadingParts {
    pub level: u8,
    pub id: Option<String>,
    pub number: String,
    pub title: String,
    pub range: Range<usize>,
}

/// The clause that the heading begins, if it has a usable id. Registers the heading for places: clause `n` gets heading `n + 1`.
pub(crate) fn clause(reading: &mut Reading<'_>, outline: &Outline, parts: HeadingParts) -> Option<Clause> {
    let HeadingParts { level, id, number, title, range } = parts;
    let words = if number.is_empty() { title.clone() } else { format!("{number} {title}") };
    let under = outline.clauses.len();
    let at = reading.place(range.clone(), under);
    let Some(id) = id else {
        if title.contains("{#") || title.contains("{ #") {
            reading.fault(
                at,
                "the id of this heading cannot be read",
                "Write it last on the line, as `{#an-id}`, without spaces.",
            );
        }
        return None;
    };
    let Ok(id) = ClauseId::new(&id) else {
        reading.fault(
            at,
            format!("`{}` is no id for a clause", short(&id)),
            "Use 1 to 64 of the letters a-z, digits, `-`, `.` and `:`, beginning with a letter or digit.",
        );
        return None;
    };
    // Looked up in the list of what is defined: ids of clauses share it with nothing else.
    if let Some(first) = outline.clauses.iter().find(|clause| clause.id == id) {
        let line = first.line;
        reading.fault(
            at,
            format!("two headings have the id `{id}`, the other on line {line}"),
            "Give this one another id; the first keeps it.",
        );
        return None;
    }
    if words.is_empty() {
        reading.fault(at, format!("the clause `{id}` has no title"), "Write a number and a title before the id.");
    }
    reading.heading(Some(id.clone()), words);
    let line = reading.line(range.start);
    Some(Clause { id, number, title, level, prose: String::new(), terms: Vec::new(), line, sources: Vec::new() })
}

/// An author's word in a message, cut.
pub(crate) fn short(word: &str) -> String {
    word.chars().map(plain).take(60).collect()
}
