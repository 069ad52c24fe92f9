//! What an agreement says, as registers that anybody may look up: computed from its terms on a day, each row with its clause,
//! each value with its origin. No number of a contract stands here, and nothing is kept.
//!
//! *Not found* (the text is silent), *none* (the text says that there is none) and a key that nobody had to state are three
//! things, and are shown as three.

mod build;
mod documents;
mod duties;
mod money;
mod others;
mod processing;
mod recipients;
mod words;

use agreement::Agreement;
use jiff::civil::Date;
use terms::{ClauseId, Label, Provenance};

use build::Build;

/// One register: a table with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Its name in addresses.
    pub id: &'static str,
    /// Its title.
    pub title: Label,
    /// What a reader should know before reading it.
    pub note: Option<Label>,
    /// What stands in each cell of a row.
    pub columns: Vec<Column>,
    /// The rows, in the order of the agreement.
    pub rows: Vec<Row>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs.
    pub id: &'static str,
    /// Its name for people.
    pub name: Label,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is about: a term as `retention.logs`, or a name of this register's own.
    pub id: String,
    /// The clause that states it; none for what is law and not contract.
    pub clause: Option<ClauseId>,
    /// As many as there are columns.
    pub cells: Vec<Cell>,
}

/// What stands in one place of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A value.
    Found {
        /// The value, for people.
        said: Label,
        /// Where it comes from.
        provenance: Provenance,
        /// Why, where it is derived or set by the operator.
        why: Option<String>,
        /// How a reader should take it.
        tone: Tone,
    },
    /// The agreement says that there is none.
    None,
    /// The agreement should say it and is silent.
    NotFound {
        /// What was looked for, in the agreement's language.
        note: String,
    },
    /// Nobody had to say it, and nobody did.
    Unsaid,
}

/// How a reader should take a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it stands.
    Plain,
    /// Something is open: nobody has shown or decided it yet.
    Open,
    /// It stops something: a flow, an activation.
    Stop,
}

/// Every register of an agreement, on a day; bases and acts are judged by the law of that day.
#[must_use]
pub fn of_agreement(agreement: &Agreement, on: Date) -> Vec<Register> {
    let build = Build { agreement, on };
    let mut all = vec![
        documents::parties(&build),
        documents::documents(&build),
        documents::precedence(&build),
        documents::effective(&build),
        documents::glossary(&build),
        documents::law(&build),
        documents::disputes(&build),
        processing::record(&build),
        processing::instructions(&build),
        processing::sensitive(&build),
        processing::measures(&build),
        recipients::engaging(&build),
        recipients::recipients(&build),
        recipients::places(&build),
        duties::duties(&build),
        duties::retention(&build),
        duties::ending(&build),
        money::money(&build),
        money::liability(&build),
        money::service_level(&build),
        money::reductions(&build),
        others::changes(&build),
        others::functions(&build),
        others::limits(&build),
        others::oddities(&build),
        others::legal_text(&build),
    ];
    // What an agreement does not speak of at all has no page of its own; what it should speak of has rows all the same.
    all.retain(|register| !register.rows.is_empty() || register.note.is_some());
    all
}

/// The registers of a register of recipients, on a day.
#[must_use]
pub fn of_recipients(register: &agreement::register::Register, on: Date) -> Vec<Register> {
    others::of_recipients(register, on)
}
