//! Small makers of labels and cells.

use terms::{Label, Provenance};

use super::{Cell, Column, Tone};

pub(super) fn label(sv: impl Into<String>, en: impl Into<String>) -> Label {
    Label { sv: sv.into(), en: en.into() }
}

/// A text that is the same in both languages, as a name.
pub(super) fn same(text: impl Into<String>) -> Label {
    let text = text.into();
    Label { sv: text.clone(), en: text }
}

pub(super) fn column(id: &'static str, sv: &str, en: &str) -> Column {
    Column { id, name: label(sv, en) }
}

/// What the agreement states.
pub(super) fn stated(said: Label) -> Cell {
    Cell::Found { said, provenance: Provenance::Stated, why: None, tone: Tone::Plain }
}

/// What follows from the terms and the day.
pub(super) fn derived(said: Label, tone: Tone) -> Cell {
    Cell::Found { said, provenance: Provenance::Derived, why: None, tone }
}

/// Several labels as one.
pub(super) fn list(labels: &[Label], between: &str) -> Label {
    let join = |text: fn(&Label) -> &str| labels.iter().map(text).collect::<Vec<_>>().join(between);
    Label { sv: join(|it| &it.sv), en: join(|it| &it.en) }
}
