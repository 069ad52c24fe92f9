//! A register of recipients, as a controller or a processor publishes it: the same Markdown with terms as an agreement, read
//! by the same tables. It allows nothing. What may be done under it stands elsewhere; see [`Register::under`].

mod basis;
mod judged;
mod row;

use std::sync::Arc;

use jiff::civil::Date;
use terms::{AgreementHash, ClauseId, Label, ServiceName, Sourced};

use crate::checks::{self, size};
use crate::fault::{Faults, Warning};
use crate::language::DocumentKind;
use crate::reading::Reading;
use crate::term::{CategoryTerm, Clause};
use crate::value::{Term, Value};
use crate::{text_to_clauses, toml_to_terms};

pub use judged::Transfer;
pub use row::{Row, Treated};

/// A register that has been read and checked. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Register(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    hash: AgreementHash,
    service: ServiceName,
    published: Date,
    head: Term,
    rule: Term,
    rows: Vec<Row>,
    categories: Vec<CategoryTerm>,
    clauses: Vec<Clause>,
    general: Vec<Term>,
    warnings: Vec<Warning>,
}

impl Register {
    /// Reads a register; `file_name` is how faults name the file.
    ///
    /// # Errors
    /// All [`Faults`] at once. A text that is an agreement is refused as one block after another that does not belong here.
    pub fn read(file_name: &str, text: &str) -> Result<Self, Faults> {
        let mut reading = Reading::new(file_name, text);
        reading.document = DocumentKind::Register;
        if !size::file(&mut reading) {
            return Err(Faults::new(reading.faults));
        }
        let outline = text_to_clauses::read(&mut reading);
        let mut found = toml_to_terms::read(&mut reading, &outline);
        if size::counts(&mut reading, &found) {
            checks::of_register(&mut reading, &found);
        }
        let mut take = |block: &str| {
            let at = found.terms.general.iter().position(|term| term.block == block)?;
            Some(found.terms.general.remove(at))
        };
        let (head, rule) = (take("register"), take("recipients"));
        let mut rows = Vec::new();
        found.terms.general.retain(|term| {
            if term.block != "recipient" {
                return true;
            }
            rows.extend(Row::of(term));
            false
        });
        let (Some(head), Some(rule), true) = (head, rule, reading.faults.is_empty()) else {
            // Whatever kept a required block from being read has left its fault.
            return Err(Faults::new(reading.faults));
        };
        let service = head.text("service").and_then(|name| ServiceName::new(name).ok());
        let (Some(service), Some(published)) = (service, head.date("published")) else {
            let at = reading.nowhere();
            reading.fault(at, "`service` is no name of a service", "Use the letters a-z, digits and `-`.");
            return Err(Faults::new(reading.faults));
        };
        let mut warnings = reading.warnings;
        warnings.sort_by_key(|warning| warning.line);
        Ok(Self(Arc::new(Inner {
            text: text.to_owned(),
            hash: crate::read::hash(text.as_bytes()),
            service,
            published,
            head,
            rule,
            rows,
            categories: found.terms.categories,
            clauses: outline.clauses,
            general: found.terms.general,
            warnings,
        })))
    }

    /// How old it may be before its readers are told, where whoever runs it has said so.
    #[must_use]
    pub fn stale_after(&self) -> Option<&calendar::Period> {
        self.0.head.period("stale-after")
    }

    /// The rows in the order of the text.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.0.rows
    }

    /// The row of this id.
    #[must_use]
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.0.rows.iter().find(|row| row.id() == id)
    }

    /// How many organisations the rows name.
    #[must_use]
    pub fn suppliers(&self) -> usize {
        let all: std::collections::BTreeSet<&str> = self.0.rows.iter().map(Row::supplier).collect();
        all.len()
    }

    /// How many rows name each country, by its code; those whose country is not found stand under an empty one.
    #[must_use]
    pub fn countries(&self) -> std::collections::BTreeMap<&str, usize> {
        let mut all = std::collections::BTreeMap::new();
        for row in &self.0.rows {
            *all.entry(row.country().unwrap_or("")).or_insert(0) += 1;
        }
        all
    }

    /// The service whose people it is about.
    #[must_use]
    pub fn service(&self) -> &ServiceName {
        &self.0.service
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> Option<&Label> {
        self.0.head.label("title")
    }

    /// What the text calls itself.
    #[must_use]
    pub fn calls_itself(&self) -> &str {
        self.0.head.text("says-it-is").unwrap_or_default()
    }

    /// In which role the publisher publishes it: `controller` or `processor`.
    #[must_use]
    pub fn of(&self) -> &str {
        self.0.head.text("of").unwrap_or_default()
    }

    /// Who publishes it, where the text says so.
    #[must_use]
    pub fn publisher(&self) -> Option<&Sourced<Value>> {
        self.0.head.sourced("publisher")
    }

    /// The day it carries.
    #[must_use]
    pub fn published(&self) -> Date {
        self.0.published
    }

    /// What opens the list to somebody who is not in it: a word of `[recipients] unless`.
    #[must_use]
    pub fn opened_by(&self) -> &str {
        self.0.rule.text("unless").unwrap_or_default()
    }

    /// The clause that stands against everybody who is not in it.
    #[must_use]
    pub fn otherwise(&self) -> &ClauseId {
        &self.0.rule.clause
    }

    /// The categories that its rows name.
    #[must_use]
    pub fn categories(&self) -> &[CategoryTerm] {
        &self.0.categories
    }

    /// Everything else that it says: oddities, functions, documents.
    #[must_use]
    pub fn general(&self) -> &[Term] {
        &self.0.general
    }

    /// Its clauses in the order of the text.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.0.clauses
    }

    /// The clause of this id.
    #[must_use]
    pub fn clause(&self, id: &ClauseId) -> Option<&Clause> {
        self.0.clauses.iter().find(|clause| clause.id == *id)
    }

    /// What a person should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.0.warnings
    }

    /// The text, byte for byte.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The SHA-256 of the text.
    #[must_use]
    pub fn hash(&self) -> &AgreementHash {
        &self.0.hash
    }
}
