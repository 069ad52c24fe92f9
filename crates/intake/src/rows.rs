//! Rows to drafts: every cell is read in its field's form, and every fault is told with line, column and what to do.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{Draft, Field, FieldProblem, FieldType, Kind, Search, Value, index_whole, index_words};
use terms::FieldName;

use crate::columns::{Columns, plain};
use crate::sheet::{Row, Sheet};

/// The rows of a sheet, checked. No `Debug`: the drafts are personal data.
pub struct Checked {
    /// In their order.
    pub rows: Vec<CheckedRow>,
}

/// A row with what is wrong with it.
pub struct CheckedRow {
    /// Its place among the rows, from 1.
    pub number: u64,
    /// The line on which it begins.
    pub line: u64,
    /// The record to be.
    pub draft: Draft,
    /// What is wrong; nothing, where it is good.
    pub faults: Vec<RowFault>,
    /// The line of an earlier row that is the same person, as far as a file tells.
    pub double_of: Option<u64>,
    /// Into how many existing records it would double. The door says it.
    pub alike: usize,
}

impl CheckedRow {
    /// Whether it can be taken.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether somebody like it is there already, or stands in the file before.
    #[must_use]
    pub const fn is_double(&self) -> bool {
        self.double_of.is_some() || self.alike > 0
    }
}

/// What is wrong with a row. The value is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column, from 1; none for a fault of the row as a whole.
    pub column: Option<usize>,
    /// The field, where it is one's.
    pub field: Option<FieldName>,
    /// What is wrong.
    pub problem: RowProblem,
}

/// The ways in which a row can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowProblem {
    /// A value that its field cannot take.
    Value(FieldProblem),
    /// More cells than the heading has: most often a separator in a cell without quotes.
    TooManyCells,
}

impl RowProblem {
    /// A stable word for words files and problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Value(problem) => problem.code(),
            Self::TooManyCells => "too-many-cells",
        }
    }
}

impl Checked {
    /// How many rows can be taken.
    #[must_use]
    pub fn good(&self) -> usize {
        self.rows.iter().filter(|row| row.is_good()).count()
    }
}

/// Checks every row. `today` bounds dates that may not lie in the future.
#[must_use]
pub fn check(kind: &Kind, sheet: &Sheet, columns: &Columns, today: Date) -> Checked {
    let mut met: BTreeMap<String, u64> = BTreeMap::new();
    let rows = sheet.rows.iter().map(|row| {
        let mut one = check_row(kind, row, columns, sheet.headings.len(), today);
        for key in keys(kind, &one.draft) {
            match met.get(&key) {
                Some(line) => {
                    one.double_of.get_or_insert(*line);
                }
                None => {
                    met.insert(key, row.line);
                }
            }
        }
        one
    });
    Checked { rows: rows.collect() }
}

fn check_row(kind: &Kind, row: &Row, columns: &Columns, width: usize, today: Date) -> CheckedRow {
    let mut draft = Draft::new();
    let mut column_of: BTreeMap<&FieldName, usize> = BTreeMap::new();
    for (at, (cell, name)) in row.cells.iter().zip(&columns.fields).enumerate() {
        let Some(field) = name.as_ref().and_then(|name| kind.field(name.as_str())) else { continue };
        column_of.insert(&field.name, at + 1);
        // An empty cell is a field that nobody filled.
        if !cell.is_empty() {
            draft.set(field.name.as_str(), &value_of(field, cell));
        }
    }
    let mut faults = Vec::new();
    if row.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
        faults.push(RowFault { column: Some(width + 1), field: None, problem: RowProblem::TooManyCells });
    }
    if let Err(wrong) = draft.read(kind, today, true) {
        faults.extend(wrong.into_iter().map(|fault| RowFault {
            column: column_of.get(&fault.field).copied(),
            field: Some(fault.field),
            problem: RowProblem::Value(fault.problem),
        }));
    }
    faults.sort_by_key(|fault| fault.column);
    CheckedRow { number: row.number, line: row.line, draft, faults, double_of: None, alike: 0 }
}

/// A choice may stand as people call it, in either language.
fn value_of(field: &Field, cell: &str) -> Value {
    let FieldType::Choice(choices) = &field.holds else {
        // A sheet breaks an address over lines; a field of one line has them beside each other.
        let one_line = field.holds != FieldType::LongText && cell.contains(['\r', '\n']);
        return if one_line { one_line_of(cell) } else { Value::new(cell.to_owned()) };
    };
    if choices.iter().any(|choice| choice.value == cell) {
        return Value::new(cell.to_owned());
    }
    let wanted = plain(cell);
    let called = |text: &str| !wanted.is_empty() && plain(text) == wanted;
    let found =
        choices.iter().find(|choice| called(&choice.value) || called(&choice.label.sv) || called(&choice.label.en));
    Value::new(found.map_or_else(|| cell.to_owned(), |choice| choice.value.clone()))
}

fn one_line_of(cell: &str) -> Value {
    let mut line = Value::new(String::with_capacity(cell.len()));
    for part in cell.lines().map(str::trim).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

/// By what two rows are known as the same: all fields that are found by words, with the dates beside them; or one value that is
/// of one person only. They stay in memory as long as the check.
fn keys(kind: &Kind, draft: &Draft) -> Vec<String> {
    let given = |field: &Field| draft.get(field.name.as_str()).map(str::trim).filter(|text| !text.is_empty());
    let mut keys = Vec::new();
    let by_words: Vec<&Field> = kind.fields.iter().filter(|field| field.search == Some(Search::Words)).collect();
    if !by_words.is_empty() && by_words.iter().all(|field| given(field).is_some()) {
        let mut key = String::from("words");
        for field in by_words {
            for word in given(field).map(index_words).unwrap_or_default() {
                key.push('\u{1f}');
                key.push_str(&word);
            }
            key.push('\u{1e}');
        }
        for field in kind.fields.iter().filter(|field| matches!(field.holds, FieldType::Date { past: true })) {
            key.push('\u{1e}');
            key.push_str(given(field).unwrap_or_default());
        }
        keys.push(key);
    }
    for field in kind.fields.iter().filter(|field| field.search == Some(Search::Exact) && field.identifies()) {
        keys.extend(given(field).map(|text| format!("{}\u{1e}{}", field.name, *index_whole(text))));
    }
    keys
}
