//! The form of `kinds.toml` as a JSON Schema (2020-12), so that editors help while a service is written. It says what
//! `crate::read` takes, key by key; what only the whole file shows, such as a parent that is no kind, the reader tells.

use serde_json::{Value, json};

/// The schema of a service's `kinds.toml`.
#[must_use]
pub fn kinds_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What a service keeps",
        "description": "kinds.toml: the kinds of record of a service, their fields, whose they are and under which category.",
        "type": "object",
        "additionalProperties": false,
        "required": ["service", "kind"],
        "properties": {
            "service": {
                "description": "The service.",
                "type": "object",
                "additionalProperties": false,
                "required": ["name", "label", "about"],
                "properties": {
                    "name": named("The first part of its addresses; the same as the agreement's `service`."),
                    "label": label("What people call it."),
                    "about": label("One sentence on what it is for."),
                },
            },
            "kind": {
                "description": "The kinds of record, each `[kind.ID]`.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": { "pattern": NAME },
                "additionalProperties": kind(),
            },
        },
        "$defs": {
            "label": {
                "type": "object",
                "additionalProperties": false,
                "required": ["sv", "en"],
                "properties": { "sv": { "type": "string" }, "en": { "type": "string" } },
            },
        },
    })
}

/// A name: kinds, fields, categories, subjects.
const NAME: &str = "^[a-z0-9][a-z0-9.:-]{0,63}$";

fn named(doc: &str) -> Value {
    json!({ "description": doc, "type": "string", "pattern": NAME })
}

fn label(doc: &str) -> Value {
    json!({ "description": doc, "$ref": "#/$defs/label" })
}

fn word(doc: &str, words: &[&str]) -> Value {
    json!({ "description": doc, "enum": words })
}

fn flag(doc: &str) -> Value {
    json!({ "description": doc, "type": "boolean" })
}

fn names(doc: &str) -> Value {
    json!({ "description": doc, "type": "array", "items": { "type": "string", "pattern": NAME } })
}

fn number(doc: &str, least: i64, most: i64) -> Value {
    json!({ "description": doc, "type": "integer", "minimum": least, "maximum": most })
}

fn kind() -> Value {
    json!({
        "description": "One kind of record.",
        "type": "object",
        "additionalProperties": false,
        "required": ["path", "label", "plural", "subject", "field"],
        "properties": {
            "path": { "description": "Its part of an address.", "type": "string", "pattern": "^[a-z0-9-]+$" },
            "label": label("One of them."),
            "plural": label("Several."),
            "subject": named("The data subjects it is of, in the agreement's words."),
            "of": word("Whose it is: a person of its own, the parent's person, or whoever wrote it.", &["self", "parent", "author"]),
            "parent": named("The kind it belongs to."),
            "parent-optional": flag("Whether it may stand without a parent."),
            "about": word("It is also about the parent's person, without being that person's.", &["parent"]),
            "title": names("The fields that name a record in lists."),
            "history": word("Whether every version is kept and shown.", &["kept", "latest"]),
            "unique": names("Fields that together may occur once under one parent."),
            "author": word("Whether the author of each version is shown with it.", &["shown", "hidden"]),
            "erasure": word("What erasing the person does to it.", &["goes", "stays-without-name"]),
            "reach": {
                "description": "The fields by which a rule may reach a record: a reference to the actor's own record, and a value that the actor's own record has too. What is not named is reached through the parent.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "assigned": named("The reference to whom it is assigned."),
                    "unit": named("The field that says of which unit it is."),
                },
            },
            "retention": named(
                "Under which of the person's keys it lies; kinds of one class go together or stay together. `service` where nothing \
                 is said, and `without-name` for what stays without the name.",
            ),
            "states": {
                "description": "States it can have, the first being the one it begins with. Never personal data.",
                "type": "array",
                "items": { "type": "string", "minLength": 1 },
            },
            "locked": {
                "description": "The states in which its values are never altered.",
                "type": "array",
                "items": { "type": "string", "minLength": 1 },
            },
            "transition": {
                "description": "The ways from state to state. Without any, every state may follow every other.",
                "type": "array",
                "items": transition(),
            },
            "grid": grid(),
            "fingerprint": named("The field that gets the SHA-256 of the record as PDF when it goes into a locked state."),
            "figures": figures(),
            "filter": names("Fields by which the records that these belong to are found together."),
            "field": { "description": "Its fields in order.", "type": "array", "minItems": 1, "items": field() },
        },
    })
}

fn figures() -> Value {
    json!({
        "description": "By what its records are counted when they are anonymised: erased in one act, with figures that stay.",
        "type": "object",
        "additionalProperties": false,
        "required": ["rule", "by"],
        "properties": {
            "rule": { "description": "The agreement's rule, `[anonymising.RULE]`.", "type": "string", "minLength": 1 },
            "by": {
                "description": "Fields: a choice, or a date made coarser, as `date:month`, `date:quarter` or `date:year`.",
                "type": "array",
                "minItems": 1,
                "items": { "type": "string", "pattern": "^[a-z][a-z0-9-]*(:(month|quarter|year))?$" },
            },
            "state": { "description": "Only records in this state; demanded of kinds that are persons.", "type": "string", "minLength": 1 },
        },
    })
}

fn transition() -> Value {
    json!({
        "description": "A way from one state to another.",
        "type": "object",
        "additionalProperties": false,
        "required": ["from", "to", "label"],
        "properties": {
            "from": { "description": "The state that it leads from.", "type": "string", "minLength": 1 },
            "to": { "description": "The state that it leads to.", "type": "string", "minLength": 1 },
            "by": names("The roles that may go it, in the agreement's words; without it, all who may alter the record."),
            "label": label("What the button says."),
            "sign": flag("Whether going it is a signature, shown with who, when and which version."),
        },
    })
}

fn grid() -> Value {
    json!({
        "description": "A kind with one record a day is shown as a grid of a month.",
        "type": "object",
        "additionalProperties": false,
        "required": ["day", "status"],
        "properties": {
            "day": named("The field that holds the day."),
            "status": named("The choice that is marked."),
            "reason": named("The choice that says why."),
            "reason-for": { "description": "The statuses that ask for a reason.", "type": "array", "items": { "type": "string" } },
            "letters": {
                "description": "The letter of each status.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/label" },
            },
        },
    })
}

fn field() -> Value {
    json!({
        "description": "One field.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "label", "category", "type"],
        "properties": {
            "name": named("Its name."),
            "label": label("What people call it."),
            "help": label("A line of help under it."),
            "category": named("Its category in the agreement's words."),
            "type": word(
                "What it holds.",
                &[
                    "text", "long-text", "date", "choice", "listed", "email", "phone", "personnummer", "organisation-number",
                    "number", "money", "file", "reference",
                ],
            ),
            "past": flag("A date that may not lie in the future."),
            "choices": {
                "description": "The values of a choice.",
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["value", "label"],
                    "properties": { "value": { "type": "string" }, "label": label("As shown.") },
                },
            },
            "decimals": number("Digits after the point of a number, at most.", 0, 6),
            "at-least": { "description": "The least number.", "type": "integer" },
            "at-most": { "description": "The greatest number.", "type": "integer" },
            "currency": { "description": "The currency of an amount, ISO 4217.", "type": "string", "pattern": "^[A-Z]{3}$" },
            "accept": {
                "description": "For a file that is kept here: the media types that are taken. Told by content, never by name. Without it the field only describes a file that lies elsewhere.",
                "type": "array",
                "minItems": 1,
                "items": { "enum": crate::file::known_media() },
            },
            "max-bytes": number("Most bytes of a file that is kept here.", 1, 1_000_000_000),
            "to": named("The kind that a reference points to."),
            "list": named("The list in the customer's file whose values it takes."),
            "max": number("Longest value in characters.", 1, 100_000),
            "required": flag("Whether it must be filled."),
            "search": word("How it can be searched: each word, or the whole value.", &["words", "exact"]),
            "free-text": flag("Whether people may write anything in it."),
            "remind": { "description": "How long before this date people are reminded of it, e.g. `2 weeks`.", "type": "string", "pattern": "^[1-9][0-9]{0,2} (day|days|week|weeks|month|months)$" },
        },
        "allOf": [
            needs("choice", "choices"),
            needs("money", "currency"),
            needs("reference", "to"),
            needs("listed", "list"),
        ],
    })
}

fn needs(holds: &str, key: &str) -> Value {
    json!({
        "if": { "properties": { "type": { "const": holds } }, "required": ["type"] },
        "then": { "required": [key] },
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::read::{FIELD_KEYS, KIND_KEYS};

    fn repository(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
    }

    fn keys(of: &Value) -> Vec<String> {
        of["properties"].as_object().unwrap().keys().cloned().collect()
    }

    fn sorted(keys: &[&str]) -> Vec<String> {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort();
        keys
    }

    #[test]
    fn the_schema_has_the_keys_that_the_reader_takes() {
        assert_eq!(keys(&kind()), sorted(KIND_KEYS));
        assert_eq!(keys(&field()), sorted(FIELD_KEYS));
    }

    #[test]
    fn the_schema_in_docs_is_current() {
        let path = repository("docs/schemas/kinds.schema.json");
        let schema = format!("{}\n", serde_json::to_string_pretty(&kinds_schema()).unwrap());
        if std::env::var_os("BETRODD_ACCEPT").is_some_and(|value| value == "1") {
            std::fs::write(&path, schema).unwrap();
            return;
        }
        assert!(
            std::fs::read_to_string(&path).unwrap_or_default() == schema,
            "docs/schemas/kinds.schema.json is not that of the reader; write it with BETRODD_ACCEPT=1"
        );
    }

    /// The part of JSON Schema that `kinds_schema` uses, as faults.
    fn faults(schema: &Value, value: &toml_edit::Item, at: &str, found: &mut Vec<String>) {
        let schema = if schema["$ref"].is_string() { &kinds_schema()["$defs"]["label"] } else { schema };
        if let Some(words) = schema["enum"].as_array() {
            let word = value.as_str().unwrap_or_default();
            if !words.iter().any(|one| one == word) {
                found.push(format!("{at}: {word}"));
            }
        }
        match schema["type"].as_str() {
            Some("object") => {
                let Some(table) = value.as_table_like() else { return found.push(format!("{at} is no table")) };
                for (key, item) in table.iter() {
                    let known = &schema["properties"][key];
                    let known = if known.is_null() { &schema["additionalProperties"] } else { known };
                    if known.is_object() {
                        faults(known, item, &format!("{at}.{key}"), found)
                    } else {
                        found.push(format!("{at}.{key} is not known"))
                    }
                }
                for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if !table.contains_key(key) {
                        found.push(format!("{at}.{key} is missing"));
                    }
                }
            }
            Some("array") => {
                let tables =
                    value.as_array_of_tables().map(|all| all.iter().cloned().map(toml_edit::Item::Table).collect());
                let values = || value.as_array().map(|all| all.iter().cloned().map(toml_edit::Item::Value).collect());
                let Some(items): Option<Vec<toml_edit::Item>> = tables.or_else(values) else {
                    return found.push(format!("{at} is no list"));
                };
                items.iter().for_each(|item| faults(&schema["items"], item, at, found));
            }
            Some("string") if value.as_str().is_none() => found.push(format!("{at} is no text")),
            Some("integer") if value.as_integer().is_none() => found.push(format!("{at} is no number")),
            Some("boolean") if value.as_bool().is_none() => found.push(format!("{at} is no flag")),
            _ => {}
        }
    }

    #[test]
    fn every_kinds_file_of_ours_fits_the_schema() {
        let mut read = 0;
        for folder in ["services", "examples/services"] {
            for service in std::fs::read_dir(repository(folder)).unwrap() {
                let file = service.unwrap().path().join("kinds.toml");
                let Ok(text) = std::fs::read_to_string(&file) else { continue };
                let document: toml_edit::DocumentMut = text.parse().unwrap();
                let mut found = Vec::new();
                faults(&kinds_schema(), document.as_item(), "", &mut found);
                assert!(found.is_empty(), "{}: {found:?}", file.display());
                read += 1;
            }
        }
        assert!(read >= 7, "{read} files");
        let mut found = Vec::new();
        let bad: toml_edit::DocumentMut = "[service]\nname = 1\n[kind.a]\npaht = \"b\"\nof = \"mine\"".parse().unwrap();
        faults(&kinds_schema(), bad.as_item(), "", &mut found);
        assert!(found.len() > 5, "{found:?}");
    }
}
