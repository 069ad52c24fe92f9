//! What the vault lets go: opened values that can be rendered and nothing else.
//!
//! INVARIANT (opened values cannot leak by accident): no `Debug`, no `Serialize`, no `Clone`; wiped when dropped.

use terms::{Category, ClauseId, FieldName, RecordHead, Render};
use zeroize::Zeroizing;

/// Opened records.
pub struct Released {
    records: Vec<OpenedRecord>,
}

pub(crate) struct OpenedRecord {
    pub(crate) head: RecordHead,
    pub(crate) fields: Vec<OpenedField>,
    pub(crate) withheld: Vec<(Category, ClauseId)>,
}

pub(crate) struct OpenedField {
    pub(crate) name: FieldName,
    pub(crate) category: Category,
    pub(crate) value: Zeroizing<String>,
}

impl Released {
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self { records: Vec::with_capacity(count) }
    }

    pub(crate) fn push(&mut self, record: OpenedRecord) {
        self.records.push(record);
    }

    /// How many records.
    #[must_use]
    pub fn count(&self) -> usize {
        self.records.len()
    }

    /// Hands each record to the sink, in order.
    pub fn render(&self, sink: &mut dyn Render) {
        for place in 0..self.records.len() {
            self.render_one(place, sink);
        }
    }

    /// Hands the record at a place to the sink; nothing where there is none.
    pub fn render_one(&self, place: usize, sink: &mut dyn Render) {
        if let Some(record) = self.records.get(place) {
            sink.begin(&record.head);
            for field in &record.fields {
                sink.field(&field.name, &field.category, &field.value);
            }
            for (category, clause) in &record.withheld {
                sink.withheld(category, clause);
            }
            sink.end();
        }
    }
}
