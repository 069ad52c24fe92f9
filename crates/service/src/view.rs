//! A service's computed pages: what each reads, and the [`Sheet`] that it makes of it.
//!
//! A view borrows opened records while it computes and may keep of them counts, dates, identities, codes and amounts. It sees
//! only the fields that it said it needs, and names are none of them: where a line is of a person it carries the record's
//! identity, and the portal writes the name from the opened record at the moment of showing. Every figure can carry the records
//! that it was computed from, so that a reader can open exactly those.
//!
//! Not here: who may read what (the door decides, need by need), how a sheet looks (the portal), and the clock: the day is an
//! argument.

use jiff::civil::Date;
use terms::{Category, ClauseId, FieldName, Label, RecordHead, RecordId, Render};
use zeroize::Zeroizing;

use crate::{Opened, Sheet};

/// Most records that one need may bring: beyond that the reader is told to choose less.
pub const MAX_SELECTED: usize = 60_000;

/// Which records of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    All,
    /// Those whose exactly searchable field has one of these values.
    With {
        /// The field.
        field: FieldName,
        /// The values, as they are kept.
        values: Vec<String>,
    },
    /// Those that belong to one of these records.
    Under(Vec<RecordId>),
    /// Those that belong to one of these records and whose exactly searchable field has one of these values: a month of a
    /// page's participants.
    UnderWith {
        /// The records that they belong to.
        parents: Vec<RecordId>,
        /// The field.
        field: FieldName,
        /// The values, as they are kept.
        values: Vec<String>,
    },
    /// Those of them that are of this kind.
    These(Vec<RecordId>),
}

/// Records of one kind that a view computes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// What the view calls it. Two needs of one kind have two names.
    pub name: &'static str,
    /// The kind, as in `kinds.toml`.
    pub kind: &'static str,
    /// Which of them.
    pub which: Which,
    /// The fields that the view sees. No other field is opened, and the entry of the reading names just these.
    pub fields: &'static [&'static str],
    /// Whether the portal writes these records' names where the sheet refers to them. The fields that name a record are then
    /// opened too; the view does not see them.
    pub named: bool,
    /// Whether the view goes on without them where the agreement refuses them to the reader. It is then told, with the clause.
    pub optional: bool,
}

impl Need {
    /// All records of a kind.
    #[must_use]
    pub const fn all(kind: &'static str, fields: &'static [&'static str]) -> Self {
        Self { name: kind, kind, which: Which::All, fields, named: false, optional: false }
    }

    /// Only these.
    #[must_use]
    pub fn which(self, which: Which) -> Self {
        Self { which, ..self }
    }

    /// With their names for the portal.
    #[must_use]
    pub fn named(self) -> Self {
        Self { named: true, ..self }
    }

    /// Without which the view can go on.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }
}

/// What a reader can choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name in the address.
    pub name: &'static str,
    /// What people call it.
    pub label: Label,
    /// What it takes.
    pub form: ParameterForm,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterForm {
    /// A month, `2026-10`; the last one that is over where none is chosen.
    Month,
    /// A day, `2026-10-31`; today where none is chosen.
    Date,
    /// A value of one of the customer's lists; all where none is chosen.
    List(&'static str),
    /// A record of this kind, by its identity; all where none is chosen.
    Record(&'static str),
    /// Text that is pasted in, used for this answer and kept nowhere.
    Pasted,
}

/// What a reader chose, each value in the form that its parameter takes.
#[derive(Default)]
pub struct Arguments(Vec<(&'static str, Zeroizing<String>)>);

impl Arguments {
    /// Sets one.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.0.retain(|(other, _)| *other != name);
        self.0.push((name, Zeroizing::new(value.to_owned())));
    }

    /// One that is set and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }

    /// The first day of a month that is set.
    #[must_use]
    pub fn month(&self, name: &str) -> Option<Date> {
        read_month(self.get(name)?)
    }

    /// A day that is set.
    #[must_use]
    pub fn date(&self, name: &str) -> Option<Date> {
        self.get(name)?.parse().ok()
    }

    /// A record that is set.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<RecordId> {
        self.get(name)?.parse().ok()
    }
}

/// The first day of the month `2026-10`.
#[must_use]
pub fn read_month(text: &str) -> Option<Date> {
    if text.len() != 7 {
        return None;
    }
    format!("{text}-01").parse().ok()
}

/// The customer's file that a view computes by: dated facts of the customer's own, and no personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rulebook<'a> {
    /// Its version, as the customer calls it.
    pub version: &'a str,
    /// Its SHA-256, in hexadecimal digits.
    pub hash: &'a str,
    /// The whole text, TOML.
    pub text: &'a str,
}

/// What a view is given.
pub struct Given<'a> {
    /// The day, in Sweden.
    pub today: Date,
    /// What the reader chose.
    pub arguments: &'a Arguments,
    /// The customer's file in force; none where the customer has adopted none.
    pub rulebook: Option<Rulebook<'a>>,
    /// What was opened so far, by the needs' names.
    pub opened: Vec<(&'a Need, &'a dyn Opened)>,
}

impl Given<'_> {
    /// Whether the need of that name is answered: false before it was asked, and where it was refused.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.opened.iter().any(|(need, _)| need.name == name)
    }

    /// Hands each record of a need to `see`, in order. Nothing happens where it is not there.
    pub fn each(&self, name: &str, see: impl FnMut(&Row<'_>)) {
        let Some((need, opened)) = self.opened.iter().find(|(need, _)| need.name == name) else { return };
        opened.render(&mut Rows { fields: need.fields, head: None, values: Vec::new(), filled: 0, see });
    }
}

/// One opened record, as far as the view said that it needs it.
pub struct Row<'r> {
    /// What may be known of it unopened.
    pub head: &'r RecordHead,
    values: &'r [(&'static str, Zeroizing<String>)],
}

impl Row<'_> {
    /// The value of a field; empty where there is none or it is withheld.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.values.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value.as_str())
    }

    /// A day.
    #[must_use]
    pub fn date(&self, field: &str) -> Option<Date> {
        self.text(field).parse().ok()
    }

    /// A record that is referred to.
    #[must_use]
    pub fn record(&self, field: &str) -> Option<RecordId> {
        self.text(field).parse().ok()
    }

    /// A number in hundredths: an amount in öre, hours in hundredths of one. `None` where it is none or has more decimals.
    #[must_use]
    pub fn hundredths(&self, field: &str) -> Option<i64> {
        hundredths(self.text(field))
    }
}

/// A number with at most two decimals after a point, in hundredths.
#[must_use]
pub fn hundredths(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 15 || decimals.len() > 2 || !digits(whole) || !digits(decimals) {
        return None;
    }
    let units: i64 = format!("{whole}{decimals:0<2}").parse().ok()?;
    Some(if negative { -units } else { units })
}

/// The sink behind [`Given::each`]. Its buffers are used again for the next record and wiped at the end.
struct Rows<F> {
    fields: &'static [&'static str],
    head: Option<RecordHead>,
    values: Vec<(&'static str, Zeroizing<String>)>,
    filled: usize,
    see: F,
}

impl<F: FnMut(&Row<'_>)> Render for Rows<F> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
        self.filled = 0;
    }

    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        // INVARIANT: a view sees what it said that it needs, and nothing else of what was opened beside it.
        let Some(name) = self.fields.iter().find(|field| **field == name.as_str()) else { return };
        match self.values.get_mut(self.filled) {
            Some(place) => {
                place.0 = name;
                place.1.clear();
                place.1.push_str(value);
            }
            None => self.values.push((name, Zeroizing::new(value.to_owned()))),
        }
        self.filled += 1;
    }

    fn withheld(&mut self, _: &Category, _: &ClauseId) {}

    fn end(&mut self) {
        if let Some(head) = self.head.take() {
            let values = self.values.get(..self.filled).unwrap_or_default();
            (self.see)(&Row { head: &head, values });
        }
    }
}

/// A computed page.
pub trait View: Send + Sync {
    /// Its part of an address.
    fn path(&self) -> &'static str;
    /// What people call it.
    fn label(&self) -> Label;
    /// One sentence on what it answers.
    fn about(&self) -> Label;
    /// What a reader can choose.
    fn parameters(&self) -> Vec<Parameter>;
    /// The kind whose readers find this view in their navigation: the one that it is most of all about.
    fn kind(&self) -> &'static str;
    /// What it needs, knowing what it has. Asked again after each round until nothing new is named; each round is opened before
    /// the next. The same name is asked for once.
    fn needs(&self, given: &Given<'_>) -> Vec<Need>;
    /// What it makes of it.
    ///
    /// # Errors
    /// A sentence in both languages that says what is missing and what to do; nothing was computed.
    fn sheet(&self, given: &Given<'_>) -> Result<Sheet, Label>;
}

/// Records that are opened only to be counted over, for tests of views: rows of field and value.
#[derive(Default)]
pub struct MadeUp(Vec<MadeUpRecord>);

type MadeUpRecord = (RecordHead, Vec<(FieldName, Category, String)>);

impl MadeUp {
    /// Adds a record. Fields whose names are none are left out.
    pub fn add(&mut self, head: RecordHead, values: &[(&str, &str)]) {
        let category = Category::new("made-up").ok();
        let fields = values
            .iter()
            .filter_map(|(name, value)| Some((FieldName::new(name).ok()?, category.clone()?, (*value).to_owned())));
        self.0.push((head, fields.collect()));
    }
}

impl Opened for MadeUp {
    fn render(&self, sink: &mut dyn Render) {
        for (head, fields) in &self.0 {
            sink.begin(head);
            for (name, category, value) in fields {
                sink.field(name, category, value);
            }
            sink.end();
        }
    }

    fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use terms::{Instant, KindName, PersonId};

    fn head(byte: u8) -> RecordHead {
        RecordHead {
            record: RecordId([byte; 16]),
            kind: KindName::new("activity").unwrap(),
            version: 1,
            person: PersonId([byte; 16]),
            parent: None,
            state: None,
            written: Instant(0),
            author: PersonId([0; 16]),
        }
    }

    #[test]
    fn a_view_sees_the_fields_that_it_named_and_no_others() {
        let mut records = MadeUp::default();
        records.add(head(1), &[("date", "2026-10-01"), ("note", "hemligt"), ("hours", "1.5")]);
        records.add(head(2), &[("date", "2026-10-02")]);
        let need = Need::all("activity", &["date", "hours"]);
        let arguments = Arguments::default();
        let given = Given {
            today: Date::constant(2026, 11, 1),
            arguments: &arguments,
            rulebook: None,
            opened: vec![(&need, &records)],
        };
        let mut seen = Vec::new();
        given.each("activity", |row| {
            seen.push((row.date("date").unwrap().day(), row.hundredths("hours"), row.text("note").to_owned()));
        });
        assert_eq!(seen, [(1, Some(150), String::new()), (2, None, String::new())]);
    }

    #[test]
    fn numbers_are_read_to_the_hundredth_and_never_rounded() {
        for (text, expected) in [
            ("1200.50", Some(120_050)),
            ("-0.5", Some(-50)),
            ("7", Some(700)),
            ("1.234", None),
            ("", None),
            ("a", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }
}
