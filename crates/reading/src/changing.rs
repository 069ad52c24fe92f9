//! The value that a person puts in the place of a proposed one: in which form a field takes it, which others its quotation holds, and
//! whether what was written is one.
//!
//! A value that the quotation holds is still the text's. Any other is that person's, and is marked as one for good (`draft/mod.rs`).

use crate::data;
use crate::proposal::{Proposal, Value};
use crate::quantities::{self, Quantity};

/// The longest value in characters.
pub const MAX_VALUE: usize = 400;

/// In which form the value of a proposal is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueForm {
    /// Words of one's own.
    Words,
    /// A period: `30 days`, `30 dagar`, `without undue delay`.
    Period,
    /// A period after which something returns.
    Every,
    /// An amount with its currency.
    Money,
    /// A percentage.
    Percent,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// From a time of day to another.
    Hours,
    /// A number of an organisation.
    Organisation,
    /// So many gigabytes.
    Gigabytes,
    /// One of several meanings that the field has.
    Meaning,
    /// It is right or not here; there is nothing to put in its place.
    Fixed,
}

/// A value that can be put in the place of a proposed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherValue {
    /// As the language of agreements writes it.
    pub value: String,
    /// Whether the quotation holds it.
    pub from_text: bool,
}

/// Why a value is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongValue {
    /// There is none.
    Empty,
    /// It is longer than [`MAX_VALUE`].
    TooLong,
    /// It is not of the field's form.
    Form(ValueForm),
}

/// The form in which a proposal's value is given.
#[must_use]
pub fn form_of(it: &Proposal) -> ValueForm {
    let of = |quantity: &Quantity| match quantity {
        Quantity::Period(_) => ValueForm::Period,
        Quantity::Every(_) => ValueForm::Every,
        Quantity::Money(..) => ValueForm::Money,
        Quantity::Percent(_) => ValueForm::Percent,
        Quantity::Date(_) => ValueForm::Date,
        Quantity::Time(_) => ValueForm::Time,
        Quantity::Hours(..) => ValueForm::Hours,
        Quantity::Organisation(_) => ValueForm::Organisation,
        Quantity::Gigabytes(_) => ValueForm::Gigabytes,
        Quantity::Disagrees => ValueForm::Fixed,
    };
    match it.value() {
        Value::Words(_) | Value::Recipient(_) => ValueForm::Words,
        Value::Quantity(quantity) | Value::Price { amount: quantity, .. } => of(quantity),
        Value::Meaning(_) if meanings(it.field()).len() > 1 => ValueForm::Meaning,
        Value::Meaning(_) | Value::Reduction { .. } => ValueForm::Fixed,
    }
}

/// The short names of what a field can mean.
#[must_use]
pub fn meanings(field: &str) -> Vec<String> {
    static CODES: std::sync::LazyLock<Vec<(String, String)>> = std::sync::LazyLock::new(|| {
        let rules = data::rules().into_iter();
        rules.filter_map(|rule| rule.code.map(|code| (rule.field, code))).collect()
    });
    let mut all: Vec<String> = CODES.iter().filter(|(of, _)| of == field).map(|(_, code)| code.clone()).collect();
    all.sort();
    all.dedup();
    all
}

/// The values of the same form that the quotation holds besides the proposed one, as they are shown and taken.
#[must_use]
pub fn others_in_quotation(it: &Proposal) -> Vec<String> {
    let proposed = match it.value() {
        Value::Quantity(quantity) | Value::Price { amount: quantity, .. } => text_of(quantity),
        _ => return Vec::new(),
    };
    let form = form_of(it);
    let mut all: Vec<String> = Vec::new();
    for found in quantities::find(it.quote()) {
        if let Some(text) = text_of(&found.quantity).filter(|_| fits(form, &found.quantity))
            && Some(&text) != proposed.as_ref()
            && !all.contains(&text)
        {
            all.push(text);
        }
    }
    all
}

/// What a person wrote, as a value of the proposal's form.
///
/// # Errors
/// Why it is none.
pub fn other_value(it: &Proposal, written: &str) -> Result<OtherValue, WrongValue> {
    let form = form_of(it);
    let words = written.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Err(WrongValue::Empty);
    }
    if words.chars().count() > MAX_VALUE {
        return Err(WrongValue::TooLong);
    }
    let wrong = WrongValue::Form(form);
    let value = match form {
        ValueForm::Fixed => return Err(wrong),
        ValueForm::Words if words.chars().any(char::is_control) => return Err(wrong),
        ValueForm::Words => words,
        ValueForm::Meaning => meanings(it.field()).into_iter().find(|code| *code == words).ok_or(wrong)?,
        form => read_as(form, &words).ok_or(wrong)?,
    };
    Ok(OtherValue { from_text: holds(it, &value), value })
}

/// Written words as a number, period, amount or day of a form, as the language of agreements writes it; nothing where they are none.
pub(crate) fn read_as(form: ValueForm, words: &str) -> Option<String> {
    if matches!(form, ValueForm::Period | ValueForm::Every) && words.parse::<calendar::Period>().is_ok() {
        return Some(words.to_owned());
    }
    let mut found = quantities::find(words);
    match (found.pop(), found.is_empty()) {
        // All of it and nothing else: beside a number there may stand a word that turns its sense.
        (Some(only), true) if only.range == (0..words.len()) && fits(form, &only.quantity) => text_of(&only.quantity),
        _ => None,
    }
}

/// Whether the quotation of a proposal holds a value, in these words or in others that come to the same.
pub(crate) fn holds(it: &Proposal, value: &str) -> bool {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let quote = it.quote().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let in_words = quote.match_indices(&value).any(|(at, found)| {
        // `8 hours` does not stand in `48 hours`.
        let before = quote.get(..at).and_then(|before| before.chars().next_back());
        let after = quote.get(at + found.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    });
    let form = form_of(it);
    let counted = !matches!(form, ValueForm::Words | ValueForm::Meaning | ValueForm::Fixed);
    !value.is_empty()
        && (in_words
            || counted
                && quantities::find(it.quote()).iter().any(|found| {
                    fits(form, &found.quantity)
                        && text_of(&found.quantity).is_some_and(|text| text.to_lowercase() == value)
                }))
}

/// Whether a quantity is of a form.
pub(crate) fn fits(form: ValueForm, quantity: &Quantity) -> bool {
    match quantity {
        Quantity::Period(_) | Quantity::Every(_) => matches!(form, ValueForm::Period | ValueForm::Every),
        Quantity::Money(..) => form == ValueForm::Money,
        Quantity::Percent(_) => form == ValueForm::Percent,
        Quantity::Date(_) => form == ValueForm::Date,
        Quantity::Time(_) => form == ValueForm::Time,
        Quantity::Hours(..) => form == ValueForm::Hours,
        Quantity::Organisation(_) => form == ValueForm::Organisation,
        Quantity::Gigabytes(_) => form == ValueForm::Gigabytes,
        Quantity::Disagrees => false,
    }
}

/// A quantity as the language of agreements writes it; hours as `08:00–17:00`.
pub(crate) fn text_of(quantity: &Quantity) -> Option<String> {
    match quantity {
        Quantity::Gigabytes(count) => Some(format!("{count} GB")),
        Quantity::Hours(from, to) => Some(format!("{from}–{to}")),
        quantity => crate::draft::written(quantity),
    }
}
