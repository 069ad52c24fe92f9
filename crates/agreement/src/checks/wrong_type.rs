//! A value has the shape that its key demands.

use toml_edit::{Item, Value};

use crate::reading::{Place, Reading};

pub(crate) fn fault(reading: &mut Reading<'_>, at: Place, key: &str, demanded: &str, found: &str) {
    reading.fault(at, format!("`{key}` cannot be {found}"), format!("Write {demanded}."));
}

/// What an item is, in words.
pub(crate) fn of_item(item: &Item) -> &'static str {
    match item {
        Item::None => "nothing",
        Item::Value(value) => of_value(value),
        Item::Table(_) => "a block",
        Item::ArrayOfTables(_) => "a list of blocks",
    }
}

/// What a value is, in words.
pub(crate) fn of_value(value: &Value) -> &'static str {
    match value {
        Value::String(text) if text.value().trim().is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Integer(_) | Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a group in braces",
    }
}
