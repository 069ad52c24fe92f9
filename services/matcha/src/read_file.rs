//! Reading rows of the customer's file one value at a time: every fault is collected, with its line, and what to do about it.

use core::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use service::FileFault;
use terms::Label;
use toml_edit::{Item, TableLike};

use crate::programme::span_of;

/// Where a row or value stands in the text.
type At = Option<Range<usize>>;

/// The text that is read, and what is wrong with it.
pub(crate) struct Reader<'t> {
    text: &'t str,
    pub(crate) faults: Vec<FileFault>,
}

impl<'t> Reader<'t> {
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, faults: Vec::new() }
    }

    /// Tells a fault: what, and what to do, in Swedish and English.
    pub(crate) fn fault(
        &mut self,
        at: At,
        what: (impl Into<String>, impl Into<String>),
        remedy: (impl Into<String>, impl Into<String>),
    ) {
        let before = at.map(|at| self.text.get(..at.start).unwrap_or(self.text));
        self.faults.push(FileFault {
            line: before.map_or(0, |before| before.matches('\n').count() + 1),
            what: Label { sv: what.0.into(), en: what.1.into() },
            remedy: Label { sv: remedy.0.into(), en: remedy.1.into() },
        });
    }

    pub(crate) fn unknown(&mut self, at: At, key: &str) {
        self.fault(
            at,
            (format!("`{key}` är inget som läses här"), format!("`{key}` is nothing that is read here")),
            ("ta bort raden eller rätta namnet", "take the line out or mend the name"),
        );
    }

    /// A key that nobody reads is a rule that nobody follows.
    pub(crate) fn known(&mut self, table: &dyn TableLike, known: &[&str]) {
        for (key, item) in table.iter().filter(|(key, _)| !known.contains(key)) {
            self.unknown(item.span(), key);
        }
    }

    fn missing(&mut self, at: &At, name: &str) {
        self.fault(
            at.clone(),
            (format!("`{name}` saknas"), format!("`{name}` is missing")),
            (format!("lägg till `{name}`"), format!("add `{name}`")),
        );
    }

    pub(crate) fn text(&mut self, row: &dyn TableLike, name: &str, at: &At) -> Option<String> {
        match row.get(name) {
            None => {
                self.missing(at, name);
                None
            }
            Some(item) => match item.as_str().map(str::trim) {
                Some(text) if !text.is_empty() => Some(text.to_owned()),
                _ => {
                    self.fault(
                        span_of(row, name, at),
                        (format!("`{name}` är ingen text"), format!("`{name}` is no text")),
                        ("skriv texten inom citattecken", "write the text within quotation marks"),
                    );
                    None
                }
            },
        }
    }

    pub(crate) fn texts(&mut self, row: &dyn TableLike, name: &str, at: At) -> Vec<String> {
        let Some(array) = row.get(name).and_then(Item::as_array) else {
            self.fault(
                span_of(row, name, &at),
                (format!("`{name}` är ingen lista"), format!("`{name}` is no list")),
                ("skriv [\"…\", \"…\"]", "write [\"…\", \"…\"]"),
            );
            return Vec::new();
        };
        array.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
    }

    pub(crate) fn label(&mut self, row: &dyn TableLike, at: At) -> Label {
        let table = row.get("label").and_then(Item::as_table_like);
        let text = |name: &str| table.and_then(|table| table.get(name)).and_then(Item::as_str).map(str::to_owned);
        match (text("sv"), text("en")) {
            (Some(sv), Some(en)) => Label { sv, en },
            _ => {
                self.fault(
                    span_of(row, "label", &at),
                    ("namnet saknas på något av språken", "the name is missing in one of the languages"),
                    ("skriv label = { sv = \"…\", en = \"…\" }", "write label = { sv = \"…\", en = \"…\" }"),
                );
                Label::default()
            }
        }
    }

    pub(crate) fn date(&mut self, row: &dyn TableLike, name: &str, at: &At) -> Option<Date> {
        let item = row.get(name);
        let Some(item) = item else {
            self.missing(at, name);
            return None;
        };
        let text = item.as_str().map(str::to_owned).or_else(|| item.as_datetime().map(ToString::to_string));
        let day = text.filter(|text| text.len() == 10).and_then(|text| text.parse::<Date>().ok());
        let fits = day.filter(|day| (1990..=2100).contains(&day.year()));
        if fits.is_none() {
            self.fault(
                span_of(row, name, at),
                (format!("`{name}` är inget datum"), format!("`{name}` is no date")),
                ("skriv år, månad och dag: \"2026-07-01\"", "write year, month and day: \"2026-07-01\""),
            );
        }
        fits
    }

    pub(crate) fn whole(
        &mut self,
        row: &dyn TableLike,
        name: &str,
        at: &At,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let Some(item) = row.get(name) else {
            self.missing(at, name);
            return None;
        };
        let number = item.as_integer().filter(|number| range.contains(number));
        if number.is_none() {
            let (least, most) = (range.start(), range.end());
            self.fault(
                span_of(row, name, at),
                (format!("`{name}` är inget helt tal som går"), format!("`{name}` is no whole number that will do")),
                (format!("skriv ett tal från {least} till {most}"), format!("write a number from {least} to {most}")),
            );
        }
        number
    }

    /// A number with at most `decimals` decimals, in units of the last. Written as text, so that no digit is lost on the way.
    pub(crate) fn decimal(&mut self, row: &dyn TableLike, name: &str, decimals: usize, at: &At) -> Option<i64> {
        let text = self.text(row, name, at)?;
        let units = units(&text, decimals);
        if units.is_none() {
            self.fault(
                span_of(row, name, at),
                (format!("`{name}` är inget tal"), format!("`{name}` is no number")),
                (
                    format!("skriv talet inom citattecken med punkt och högst {decimals} decimaler"),
                    format!("write the number within quotation marks with a point and at most {decimals} decimals"),
                ),
            );
        }
        units
    }

    /// An amount in kronor, in öre.
    pub(crate) fn amount(&mut self, row: &dyn TableLike, name: &str, at: &At) -> Option<i64> {
        self.decimal(row, name, 2, at)
    }

    /// Each row of a list of tables.
    pub(crate) fn rows(
        &mut self,
        table: &dyn TableLike,
        name: &str,
        mut read: impl FnMut(&mut Self, &dyn TableLike, At) -> Option<()>,
    ) {
        let Some(item) = table.get(name) else { return };
        if let Some(rows) = item.as_array_of_tables() {
            for row in rows.iter() {
                read(self, row, row.span());
            }
        } else if let Some(rows) = item.as_array() {
            for value in rows.iter() {
                if let Some(row) = value.as_inline_table() {
                    read(self, row, value.span());
                }
            }
        } else {
            self.fault(
                item.span(),
                (format!("`{name}` är inga rader"), format!("`{name}` has no rows")),
                (format!("skriv [[programme.namn.{name}]]"), format!("write [[programme.name.{name}]]")),
            );
        }
    }
}

fn units(text: &str, decimals: usize) -> Option<i64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let fine = !whole.is_empty() && whole.len() <= 9 && digits(whole) && digits(rest) && rest.len() <= decimals;
    if !fine || (text.contains('.') && rest.is_empty()) {
        return None;
    }
    format!("{whole}{rest:0<decimals$}").parse().ok()
}
