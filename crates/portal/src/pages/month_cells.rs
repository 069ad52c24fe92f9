//! The cells of a month: what stands in them, what was typed into them, and how a letter and a code are read.
//!
//! INVARIANT (opened values cannot leak by accident): marks are kept while one page is made, and have no `Debug`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use service::{FieldType, Grid, Kind};
use terms::{Category, ClauseId, FieldName, Language, RecordHead, RecordId, Render};

/// A mark.
pub struct Cell {
    /// The record and its version; none for one that is only typed.
    pub head: Option<(RecordId, u64)>,
    /// The status.
    pub status: String,
    /// The reason.
    pub reason: String,
}

impl Cell {
    /// What was typed, as a mark.
    #[must_use]
    pub fn of((status, reason): (String, Option<String>)) -> Self {
        Self { head: None, status, reason: reason.unwrap_or_default() }
    }

    /// The letter and the code, as they are typed.
    #[must_use]
    pub fn letters(&self, grid: &Grid, language: Language) -> String {
        format!("{}{}", grid.letter(&self.status, language), self.reason)
    }

    /// In full words.
    #[must_use]
    pub fn words(&self, kind: &Kind, grid: &Grid, language: Language) -> String {
        let status = word(kind, &grid.status, &self.status, language);
        match &grid.reason {
            Some(field) if !self.reason.is_empty() => {
                format!("{status}, {}", word(kind, field, &self.reason, language))
            }
            _ => status,
        }
    }
}

fn word(kind: &Kind, field: &FieldName, value: &str, language: Language) -> String {
    choices(kind, field)
        .into_iter()
        .find(|(one, _)| *one == value)
        .map_or_else(|| value.to_owned(), |(_, label)| label.text(language).to_owned())
}

/// The choices of a field: value and label.
#[must_use]
pub fn choices<'k>(kind: &'k Kind, field: &FieldName) -> Vec<(&'k str, &'k terms::Label)> {
    match kind.field(field.as_str()).map(|field| &field.holds) {
        Some(FieldType::Choice(choices)) => {
            choices.iter().map(|choice| (choice.value.as_str(), &choice.label)).collect()
        }
        _ => Vec::new(),
    }
}

/// The marks of a month, by person and day.
pub struct Marks {
    grid: Grid,
    cells: BTreeMap<(RecordId, Date), Cell>,
    head: Option<RecordHead>,
    day: Option<Date>,
    status: String,
    reason: String,
}

impl Marks {
    /// None yet.
    #[must_use]
    pub fn of(grid: &Grid) -> Self {
        Self {
            grid: grid.clone(),
            cells: BTreeMap::new(),
            head: None,
            day: None,
            status: String::new(),
            reason: String::new(),
        }
    }

    /// The mark of a person on a day.
    #[must_use]
    pub fn at(&self, person: RecordId, day: Date) -> Option<&Cell> {
        self.cells.get(&(person, day))
    }
}

impl Render for Marks {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
        self.day = None;
        self.status.clear();
        self.reason.clear();
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        if *name == self.grid.day {
            self.day = value.parse().ok();
        } else if *name == self.grid.status {
            value.clone_into(&mut self.status);
        } else if Some(name) == self.grid.reason.as_ref() {
            value.clone_into(&mut self.reason);
        }
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        if let (Some(head), Some(day)) = (self.head.take(), self.day.take())
            && let Some(person) = head.parent
        {
            let (status, reason) = (core::mem::take(&mut self.status), core::mem::take(&mut self.reason));
            let cell = Cell { head: Some((head.record, head.version)), status, reason };
            self.cells.insert((person, day), cell);
        }
    }
}

/// A cell as a form sends it. Its name says whose it is, which day, and which version of which record its writer saw.
#[derive(Clone)]
pub struct Typed {
    /// Whose.
    pub person: RecordId,
    /// Which day.
    pub day: Date,
    /// The record and the version that stood there; none for an empty cell.
    pub seen: Option<(RecordId, u64)>,
    /// What stood there.
    was: String,
    /// What is typed now.
    pub text: String,
}

impl Typed {
    /// The name of a cell's field.
    #[must_use]
    pub fn name(person: RecordId, day: Date, cell: Option<&Cell>, letters: &str) -> String {
        let (record, version) = cell
            .and_then(|cell| cell.head)
            .map_or_else(|| ("-".to_owned(), 0), |(record, version)| (record.to_string(), version));
        format!("_cell.{person}.{day}.{record}.{version}.{letters}")
    }

    /// Reads a field; none where it is no cell.
    #[must_use]
    pub fn read(name: &str, text: &str) -> Option<Self> {
        let mut parts = name.strip_prefix("_cell.")?.splitn(5, '.');
        let person = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        let record = parts.next()?;
        let version: u64 = parts.next()?.parse().ok()?;
        let seen = if record == "-" { None } else { Some((record.parse().ok()?, version)) };
        let was = parts.next()?.to_owned();
        let text: String = text.trim().chars().take(40).collect();
        Some(Self { person, day, seen, was, text })
    }

    /// Whether anything was changed.
    #[must_use]
    pub fn differs(&self) -> bool {
        folded(&self.text) != folded(&self.was)
    }
}

/// Large letters without spaces.
fn folded(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// Why a cell cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// No letter of a status.
    Letter,
    /// No code of a reason.
    Code,
    /// A code where the status asks for none.
    CodeNotAsked,
    /// A mark that was there cannot be taken away, only corrected.
    Empty,
    /// The day cannot be marked: it lies in the future.
    Day,
}

impl Unreadable {
    /// The key of its sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Letter => "month-wrong-letter",
            Self::Code => "month-wrong-code",
            Self::CodeNotAsked => "month-wrong-code-not-asked",
            Self::Empty => "month-wrong-empty",
            Self::Day => "month-wrong-day",
        }
    }
}

/// Reads a letter with or without a code: `N`, `a15`, `A 15`.
///
/// # Errors
/// Why it cannot be read.
pub fn letters(
    kind: &Kind,
    grid: &Grid,
    language: Language,
    text: &str,
) -> Result<(String, Option<String>), Unreadable> {
    let text = folded(text);
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    let statuses = choices(kind, &grid.status);
    // The longest letter first, so that one that begins another does not hide it.
    let mut found: Vec<(&str, String)> =
        statuses.iter().map(|(value, _)| (*value, folded(grid.letter(value, language)))).collect();
    found.sort_by_key(|(_, letter)| core::cmp::Reverse(letter.chars().count()));
    let (status, code) = found
        .iter()
        .find_map(|(value, letter)| text.strip_prefix(letter.as_str()).map(|rest| (*value, rest.to_owned())))
        .ok_or(Unreadable::Letter)?;
    if code.is_empty() {
        return Ok((status.to_owned(), None));
    }
    if !grid.reason_for.iter().any(|one| one == status) {
        return Err(Unreadable::CodeNotAsked);
    }
    let reasons = grid.reason.as_ref().map(|field| choices(kind, field)).unwrap_or_default();
    let reason = reasons.iter().find(|(value, _)| folded(value) == code).ok_or(Unreadable::Code)?;
    Ok((status.to_owned(), Some(reason.0.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Option<String>), Unreadable> {
        let kinds = include_str!("../../../../services/matcha/kinds.toml");
        let kinds = service::Kinds::read("kinds.toml", kinds).unwrap();
        let kind = kinds.by_path("narvaro").unwrap();
        letters(kind, kind.grid.as_ref().unwrap(), Language::Sv, text)
    }

    #[test]
    fn a_letter_and_a_code_are_read_however_they_are_typed() {
        assert_eq!(read("n"), Ok(("present".to_owned(), None)));
        assert_eq!(read(" a 15 "), Ok(("absent-notified".to_owned(), Some("15".to_owned()))));
        assert_eq!(read("F"), Ok(("absent".to_owned(), None)));
        assert_eq!(read("x"), Err(Unreadable::Letter));
        assert_eq!(read("A99"), Err(Unreadable::Code));
        assert_eq!(read("N15"), Err(Unreadable::CodeNotAsked));
        assert_eq!(read(""), Err(Unreadable::Empty));
    }

    #[test]
    fn a_cell_comes_back_as_it_was_sent() {
        let (person, day) = (RecordId([7; 16]), jiff::civil::date(2026, 11, 3));
        let cell = Cell { head: Some((RecordId([9; 16]), 3)), status: "absent".to_owned(), reason: "15".to_owned() };
        let name = Typed::name(person, day, Some(&cell), "F15");
        let same = Typed::read(&name, "f 15").unwrap();
        assert!(!same.differs());
        assert!(same.seen == Some((RecordId([9; 16]), 3)) && same.person == person && same.day == day);
        assert!(Typed::read(&name, "N").unwrap().differs());
        assert!(Typed::read(&Typed::name(person, day, None, ""), "").is_some_and(|cell| !cell.differs()));
        assert!(Typed::read("_cell.x", "N").is_none() && Typed::read("csrf", "N").is_none());
    }
}
