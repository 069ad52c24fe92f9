//! Terms → rows, by the tables of the language alone.

use agreement::language::{Of, Shape, block, block_name, key_name, value_name};
use agreement::{Agreement, Origin, Term, Value};
use jiff::civil::Date;
use terms::{Label, Provenance, Sourced};

use super::words::{column, list, same};
use super::{Cell, Column, Register, Row, Tone};

/// An agreement on a day.
pub(super) struct Build<'a> {
    pub agreement: &'a Agreement,
    pub on: Date,
}

/// Keys that name a term and are therefore no fact about it.
const NAMES: [&str; 3] = ["label", "word", "does"];

impl Build<'_> {
    /// A register whose rows are the terms of `blocks`, and whose columns are their keys.
    pub fn table(&self, id: &'static str, title: Label, blocks: &[&'static str], keys: &[&'static str]) -> Register {
        let of = blocks.first().copied().unwrap_or("");
        let mut columns = vec![column("what", "Vad", "What")];
        columns.extend(keys.iter().map(|key| Column { id: key, name: key_name(of, key) }));
        let terms = self.agreement.general().iter().filter(|term| blocks.contains(&term.block));
        let rows = terms
            .map(|term| {
                let mut cells = vec![self.what(term)];
                cells.extend(keys.iter().map(|key| self.cell(term, key)));
                Row { id: term.name(), clause: Some(term.clause.clone()), cells }
            })
            .collect();
        Register { id, title, note: None, columns, rows }
    }

    /// A register of single facts, for terms that are of different kinds: a row a value, each with its own clause.
    pub fn facts(&self, id: &'static str, title: Label, blocks: &[&str]) -> Register {
        let rows = blocks.iter().flat_map(|block| self.facts_of(block)).collect();
        Register { id, title, note: None, columns: fact_columns(), rows }
    }

    /// The facts of one block.
    pub fn facts_of(&self, block: &str) -> Vec<Row> {
        let mut rows = Vec::new();
        for term in self.agreement.general().iter().filter(|term| term.block == block) {
            for (key, _) in term.values.iter().filter(|(key, _)| !NAMES.contains(key)) {
                rows.push(Row {
                    id: format!("{}.{key}", term.name()),
                    clause: Some(term.clause_of(key).clone()),
                    cells: vec![self.what(term), stated_name(key_name(term.block, key)), self.cell(term, key)],
                });
            }
        }
        rows
    }

    /// What a term is about, for people, with the term's own origin.
    pub fn what(&self, term: &Term) -> Cell {
        let named = NAMES.iter().find_map(|key| match term.value(key) {
            Some(Value::Label(label)) => Some(label.clone()),
            Some(Value::Text(text)) => Some(same(text.clone())),
            _ => None,
        });
        let said = match named {
            Some(name) => name,
            None if term.id.is_empty() => block_name(term.block),
            None => {
                let (block, id) = (block_name(term.block), agreement::language::word_name("", "", &term.id));
                list(&[block, id], ": ")
            }
        };
        self.of_origin(said, &term.origin)
    }

    /// A value under a key, with its origin; the term's own where the value has none.
    pub fn cell(&self, term: &Term, key: &str) -> Cell {
        match term.sourced(key) {
            None => Cell::Unsaid,
            Some(Sourced::None) => Cell::None,
            Some(Sourced::NotFound { note }) => Cell::NotFound { note: note.clone() },
            Some(Sourced::Found { value, provenance, why }) => {
                let said = self.value(term, key, value);
                match provenance {
                    Provenance::Stated => self.of_origin(said, &term.origin),
                    _ => Cell::Found { said, provenance: *provenance, why: why.clone(), tone: Tone::Plain },
                }
            }
        }
    }

    pub fn of_origin(&self, said: Label, origin: &Origin) -> Cell {
        Cell::Found { said, provenance: origin.provenance, why: origin.why.clone(), tone: Tone::Plain }
    }

    /// A value that is read by hand.
    pub fn sourced<T>(&self, value: &Sourced<T>, show: impl FnOnce(&T) -> Label) -> Cell {
        match value {
            Sourced::Found { value, provenance, why } => {
                Cell::Found { said: show(value), provenance: *provenance, why: why.clone(), tone: Tone::Plain }
            }
            Sourced::None => Cell::None,
            Sourced::NotFound { note } => Cell::NotFound { note: note.clone() },
        }
    }

    fn value(&self, term: &Term, key: &str, value: &Value) -> Label {
        let shape = block(term.block).and_then(|block| block.key(key)).map(|key| key.shape);
        match (shape, value) {
            (Some(Shape::Name(of)), Value::Text(id)) => self.named(of, id),
            (Some(Shape::Names(of)), Value::Words(ids)) => {
                list(&ids.iter().map(|id| self.named(of, id)).collect::<Vec<_>>(), ", ")
            }
            _ => value_name(term.block, key, value),
        }
    }

    /// What the agreement calls something that it defines.
    pub fn named(&self, of: Of, id: &str) -> Label {
        let agreement = self.agreement;
        let found = match of {
            Of::Category => agreement.categories().iter().find(|it| it.id.as_str() == id).map(|it| it.label.clone()),
            Of::Subject => agreement.subjects().iter().find(|it| it.id.as_str() == id).map(|it| it.label.clone()),
            Of::Purpose => agreement.purposes().iter().find(|it| it.id.as_str() == id).map(|it| it.label.clone()),
            Of::Role => agreement.roles().iter().find(|it| it.id.as_str() == id).map(|it| it.label.clone()),
            Of::Subprocessor => {
                agreement.subprocessors().iter().find(|it| it.id.as_str() == id).map(|it| same(it.name.clone()))
            }
            Of::Block(block) => agreement.term(block, id).and_then(|term| term.label("label").cloned()),
        };
        found.unwrap_or_else(|| same(id))
    }
}

pub(super) fn fact_columns() -> Vec<Column> {
    vec![
        column("what", "Vad", "What"),
        column("fact", "Uppgift", "Fact"),
        column("value", "Så sägs det", "What is said"),
    ]
}

/// The name of a fact: the language's word, and nothing that anybody stated.
pub(super) fn stated_name(name: Label) -> Cell {
    super::words::stated(name)
}
