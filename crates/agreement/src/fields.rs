//! The keys of one TOML block, read with their places: what is missing, misspelt or misshapen is a fault, and reading goes on.

use terms::{Label, Provenance, Sourced};
use toml_edit::{Item, TableLike, Value};

use crate::checks::clause_id::short;
use crate::checks::{origin, unknown_key, wrong_type};
use crate::fault::WarningCode;
use crate::reading::{Place, Reading, Sort};
use crate::term::Origin;
use crate::text_to_clauses::Block;

/// Longest text of a value in characters.
const MAX_TEXT_CHARS: usize = 2_000;

/// A word and where it stands.
pub(crate) type Spot<T> = (T, Place);

/// One block under the eyes of the reader.
pub(crate) struct Fields<'a, 'r, 't> {
    pub reading: &'r mut Reading<'t>,
    pub block: &'a Block,
    pub table: &'a dyn TableLike,
    /// The block as a whole.
    pub at: Place,
    asked: Vec<&'static str>,
    /// Whether keys that nobody asked for are faults.
    judged: bool,
}

impl<'a, 'r, 't> Fields<'a, 'r, 't> {
    pub fn new(reading: &'r mut Reading<'t>, block: &'a Block, table: &'a dyn TableLike, at: Place) -> Self {
        Self { reading, block, table, at, asked: Vec::new(), judged: true }
    }

    /// The item under a key, with its place.
    fn item(&mut self, key: &'static str) -> Option<Spot<&'a Item>> {
        self.asked.push(key);
        let (name, item) = self.table.get_key_value(key)?;
        let at = self.place(item.span().or(name.span()));
        Some((item, at))
    }

    fn required(&mut self, key: &'static str) -> Option<Spot<&'a Item>> {
        let item = self.item(key);
        if item.is_none() {
            self.lacks(key);
        }
        item
    }

    /// Whether the block has this key.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Whether the value under this key stands in a group that tells its origin.
    pub fn has_origin(&self, key: &str) -> bool {
        let group = self.table.get(key).and_then(Item::as_table_like);
        group.is_some_and(|group| ["value", "not-found", "none"].iter().any(|word| group.contains_key(word)))
    }

    /// The key may be left out, and is.
    pub fn leave_out(&mut self, key: &'static str) {
        self.asked.push(key);
    }

    /// No key of this block is judged.
    pub fn leave_all(&mut self) {
        self.judged = false;
    }

    /// The key must be there, and is not.
    pub fn lacks(&mut self, key: &'static str) {
        self.asked.push(key);
        self.reading.fault(self.at, format!("`{key}` is missing"), format!("Add `{key} = …` to this block."));
    }

    fn place(&self, span: Option<core::ops::Range<usize>>) -> Place {
        match span {
            Some(span) => self.reading.place(self.block.in_file(span), self.at.heading),
            None => self.at,
        }
    }

    fn wrong(&mut self, at: Place, key: &str, demanded: &str, found: &'static str) {
        wrong_type::fault(self.reading, at, key, demanded, found);
    }

    /// A text that must be there.
    pub fn text(&mut self, key: &'static str) -> Option<Spot<String>> {
        let (item, at) = self.required(key)?;
        self.as_text(key, item, at)
    }

    /// A text that may be there.
    pub fn maybe_text(&mut self, key: &'static str) -> Option<Spot<String>> {
        let (item, at) = self.item(key)?;
        self.as_text(key, item, at)
    }

    pub fn as_text(&mut self, key: &str, item: &Item, at: Place) -> Option<Spot<String>> {
        match item.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.wrong(at, key, "a text", "an empty text");
                None
            }
            Some(text) if text.chars().count() > MAX_TEXT_CHARS => {
                self.reading.fault(
                    at,
                    format!("`{key}` is longer than {MAX_TEXT_CHARS} characters"),
                    "Put what a lawyer reads into the prose, and keep the term short.",
                );
                None
            }
            Some(text) => Some((text.to_owned(), at)),
            None => {
                self.wrong(at, key, "a text", wrong_type::of_item(item));
                None
            }
        }
    }

    /// A name that must be there.
    pub fn name<N: core::str::FromStr>(&mut self, key: &'static str) -> Option<Spot<N>> {
        let (text, at) = self.text(key)?;
        self.as_name(&text, at).map(|name| (name, at))
    }

    pub fn as_name<N: core::str::FromStr>(&mut self, text: &str, at: Place) -> Option<N> {
        if let Ok(name) = N::from_str(text) {
            return Some(name);
        }
        self.reading.fault(
            at,
            format!("`{}` is no name", short(text)),
            "Use 1 to 64 of the letters a-z, digits, `-`, `.` and `:`, beginning with a letter or digit.",
        );
        None
    }

    /// `true` or `false`, and `default` where the key is not there.
    pub fn flag(&mut self, key: &'static str, default: bool) -> bool {
        let Some((item, at)) = self.item(key) else { return default };
        item.as_bool().unwrap_or_else(|| {
            self.wrong(at, key, "true or false", wrong_type::of_item(item));
            default
        })
    }

    /// A label in both languages.
    pub fn label(&mut self, key: &'static str) -> Option<Label> {
        let (item, at) = self.required(key)?;
        self.as_label(key, item, at)
    }

    pub fn as_label(&mut self, key: &str, item: &Item, at: Place) -> Option<Label> {
        let Some(table) = item.as_table_like() else {
            self.wrong(at, key, "a label, as `{ sv = \"…\", en = \"…\" }`", wrong_type::of_item(item));
            return None;
        };
        let mut fields = Fields::new(self.reading, self.block, table, at);
        let sv = fields.text("sv");
        let en = fields.text("en");
        fields.finish();
        Some(Label { sv: sv?.0, en: en?.0 })
    }

    /// A list of words; where `one_will_do`, a single word too. Missing is an empty list without a fault.
    pub fn maybe_words(&mut self, key: &'static str, one_will_do: bool) -> Option<Vec<Spot<String>>> {
        let (item, at) = self.item(key)?;
        self.as_words(key, item, at, one_will_do)
    }

    /// A list of words that must be there and hold at least one.
    pub fn words(&mut self, key: &'static str, one_will_do: bool) -> Option<Vec<Spot<String>>> {
        let (item, at) = self.required(key)?;
        let words = self.as_words(key, item, at, one_will_do)?;
        if words.is_empty() {
            self.wrong(at, key, "a list with at least one word", "an empty list");
            return None;
        }
        Some(words)
    }

    pub fn as_words(&mut self, key: &str, item: &Item, at: Place, one_will_do: bool) -> Option<Vec<Spot<String>>> {
        let demanded = if one_will_do { "a word or a list of words" } else { "a list of words" };
        match item.as_value() {
            Some(Value::String(_)) if one_will_do => self.as_text(key, item, at).map(|word| vec![word]),
            Some(Value::Array(array)) => {
                let mut words = Vec::with_capacity(array.len());
                let mut whole = true;
                for value in array {
                    let at = self.place(value.span());
                    match value.as_str() {
                        Some(word) if !word.trim().is_empty() => words.push((word.to_owned(), at)),
                        _ => {
                            self.wrong(at, key, demanded, wrong_type::of_value(value));
                            whole = false;
                        }
                    }
                }
                whole.then_some(words)
            }
            _ => {
                self.wrong(at, key, demanded, wrong_type::of_item(item));
                None
            }
        }
    }

    /// A list of names that refer to things of a sort. Repeated ones are kept once.
    pub fn references<N: core::str::FromStr + PartialEq>(
        &mut self,
        key: &'static str,
        sort: Sort,
        one_will_do: bool,
    ) -> Option<(Vec<N>, Vec<Place>)> {
        let words = self.words(key, one_will_do)?;
        self.as_references(words, sort)
    }

    pub fn as_references<N: core::str::FromStr + PartialEq>(
        &mut self,
        words: Vec<Spot<String>>,
        sort: Sort,
    ) -> Option<(Vec<N>, Vec<Place>)> {
        let (mut names, mut places) = (Vec::with_capacity(words.len()), Vec::with_capacity(words.len()));
        let mut seen = std::collections::HashSet::new();
        let mut whole = true;
        for (word, at) in words {
            match self.as_name::<N>(&word, at) {
                Some(name) => {
                    if seen.insert(word.clone()) {
                        self.reading.refer(sort, &word, at);
                        names.push(name);
                        places.push(at);
                    }
                }
                None => whole = false,
            }
        }
        whole.then_some((names, places))
    }

    /// A value that may carry its origin. A key that is not there is *not found*, and a person is told.
    pub fn sourced<T>(
        &mut self,
        key: &'static str,
        plain: impl Fn(&mut Self, &'a Item, Place) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let Some((item, at)) = self.item(key) else {
            self.reading.warn(
                self.at,
                WarningCode::NotFound,
                format!("the block does not say `{key}`; it counts as not found"),
            );
            return Some(Sourced::NotFound { note: key.to_owned() });
        };
        let Some(table) = item.as_table_like() else {
            let value = plain(self, item, at)?;
            return Some(Sourced::Found { value, provenance: Provenance::Stated, why: None });
        };
        let mut fields = Fields::new(self.reading, self.block, table, at);
        if table.contains_key("not-found") {
            let note = fields.text("not-found").map(|(note, _)| note);
            fields.finish();
            let note = note?;
            self.reading.warn(at, WarningCode::NotFound, format!("not found: {note}"));
            return Some(Sourced::NotFound { note });
        }
        if table.contains_key("none") {
            let none = fields.flag("none", true);
            fields.finish();
            if !none {
                self.reading.fault(
                    at,
                    "`none = false` says nothing",
                    "Give the value, or `{ not-found = \"…\" }` where the text is silent.",
                );
                return None;
            }
            return Some(Sourced::None);
        }
        let value = fields.required("value");
        let origin = fields.origin();
        fields.finish();
        let (value, at) = value?;
        let value = plain(self, value, at)?;
        let origin = origin?;
        Some(Sourced::Found { value, provenance: origin.provenance, why: origin.why })
    }

    /// A text that may carry its origin.
    pub fn sourced_text(&mut self, key: &'static str) -> Option<Sourced<String>> {
        self.sourced(key, |fields, item, at| fields.as_text(key, item, at).map(|(text, _)| text))
    }

    /// A list of words that may carry its origin.
    pub fn sourced_words(&mut self, key: &'static str) -> Option<Sourced<Vec<Spot<String>>>> {
        self.sourced(key, |fields, item, at| fields.as_words(key, item, at, true))
    }

    /// `provenance` and `why` of the block.
    pub fn origin(&mut self) -> Option<Origin> {
        let provenance = self.maybe_text("provenance");
        let why = self.maybe_text("why").map(|(why, _)| why);
        let at = provenance.as_ref().map_or(self.at, |(_, at)| *at);
        let provenance = origin::read(self.reading, at, provenance.as_ref(), why.as_deref())?;
        Some(Origin { provenance, why })
    }

    /// Every key that nobody asked for is a fault.
    pub fn finish(mut self) {
        if !self.judged {
            return;
        }
        let keys: Vec<_> = self.table.iter().map(|(key, _)| key.to_owned()).collect();
        self.asked.sort_unstable();
        for key in keys {
            if !self.asked.contains(&key.as_str()) {
                let at = self.place(self.table.key(&key).and_then(toml_edit::Key::span));
                unknown_key::key(self.reading, at, &key, &self.asked);
            }
        }
    }
}
