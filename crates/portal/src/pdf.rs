//! The sink for paper: opened records as the blocks of a document.
//!
//! INVARIANT (opened values cannot leak by accident): paper gets at values through this sink alone, and the document wipes them
//! when it is dropped. What a record's paper says depends on the record's own values and nothing else (not on the day, the
//! reader or other records), so that its fingerprint stays the same.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use paper::{Block, Document, PaperError};
use service::{FieldType, Kind, Opened};
use terms::{Category, ClauseId, FieldName, Language, RecordHead, Render};

use crate::html::plain;
use crate::lists::Lists;

/// One record, each field under its label. Empty ones and the fingerprint are left out.
#[must_use]
pub fn of_record(kind: &Kind, lists: &Lists, language: Language, opened: &dyn Opened) -> Document {
    let mut document = Document::new(kind.label.text(language), language);
    let mut values: Vec<(FieldName, String)> = Vec::new();
    opened.render(&mut Values {
        kind,
        lists,
        language,
        left: 1,
        put: &mut |name, value| values.push((name.clone(), value)),
    });
    let mut facts = Vec::new();
    let mut texts = Vec::new();
    for field in kind.fields.iter().filter(|field| kind.fingerprint.as_ref() != Some(&field.name)) {
        let Some(at) = values.iter().position(|(name, value)| *name == field.name && !value.is_empty()) else {
            continue;
        };
        let (_, value) = values.swap_remove(at);
        let label = field.label.text(language).to_owned();
        if field.holds == FieldType::LongText {
            texts.push((label, value));
        } else {
            facts.push((label, value));
        }
    }
    document.push(Block::Facts(facts));
    for (label, text) in texts {
        document.push(Block::Heading { level: 2, text: label });
        document.push(Block::Paragraph(text));
    }
    document
}

/// Hands on each value in words, of the first record only: earlier versions are not on its paper.
struct Values<'a> {
    kind: &'a Kind,
    lists: &'a Lists,
    language: Language,
    /// How many records are still taken.
    left: usize,
    put: &'a mut dyn FnMut(&FieldName, String),
}

impl Render for Values<'_> {
    fn begin(&mut self, _: &RecordHead) {}
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        let Some(field) = self.kind.field(name.as_str()).filter(|_| self.left > 0) else { return };
        (self.put)(name, plain(field, self.lists, self.language, value));
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        self.left = self.left.saturating_sub(1);
    }
}

/// A document as the answer to a request, to be kept under that name.
///
/// # Errors
/// Why there is no paper.
pub fn answer(document: &Document, name: &str) -> Result<Response, PaperError> {
    let pdf = paper::write(document)?;
    let kept: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{kept}.pdf\"")),
    ];
    Ok((headers, pdf).into_response())
}
