//! The language as a JSON Schema (2020-12), so that editors help while terms are written: a `toml` block read as JSON is an
//! object of this schema. It is made from the tables, and says nothing that they do not.

use serde_json::{Map, Value, json};

use super::{Block, Form, Key, Need, Of, Shape, blocks};

/// The schema of the terms of an agreement or layer.
#[must_use]
pub fn terms_schema() -> Value {
    let properties: Map<String, Value> = blocks().map(|block| (block.name.to_owned(), of_block(block))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Terms of an agreement",
        "description": "One toml block of an agreement file, or several. The clause above a block states it.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "$defs": {
            "label": {
                "type": "object",
                "additionalProperties": false,
                "required": ["sv", "en"],
                "properties": { "sv": { "type": "string", "minLength": 1 }, "en": { "type": "string", "minLength": 1 } },
            },
            "provenance": { "enum": ["stated", "derived", "set by the operator"] },
            "not-found": {
                "description": "The agreement does not say it. Not found is not none.",
                "type": "object",
                "additionalProperties": false,
                "required": ["not-found"],
                "properties": { "not-found": { "type": "string", "minLength": 1 } },
            },
            "none": {
                "description": "The agreement says that there is none.",
                "type": "object",
                "additionalProperties": false,
                "required": ["none"],
                "properties": { "none": { "const": true } },
            },
        },
    })
}

fn of_block(block: &Block) -> Value {
    let one = of_table(block);
    match block.form {
        Form::Once => one,
        Form::List => json!({ "description": block.doc, "type": "array", "items": one }),
        Form::Each if block.ids.is_empty() => json!({
            "description": block.doc,
            "type": "object",
            "propertyNames": { "pattern": NAME },
            "additionalProperties": one,
        }),
        Form::Each => {
            let properties: Map<String, Value> = block.ids.iter().map(|id| ((*id).to_owned(), one.clone())).collect();
            json!({
                "description": block.doc, "type": "object", "additionalProperties": false, "properties": properties,
            })
        }
    }
}

/// A name of the agreement.
const NAME: &str = "^[a-z0-9][a-z0-9.:-]{0,63}$";

fn of_table(block: &Block) -> Value {
    let mut properties: Map<String, Value> = block.each_key().map(|key| (key.name.to_owned(), of_key(key))).collect();
    properties.insert("provenance".to_owned(), json!({ "$ref": "#/$defs/provenance" }));
    properties.insert("why".to_owned(), json!({ "type": "string", "minLength": 1 }));
    let required: Vec<&str> = block.each_key().filter(|key| key.need == Need::Required).map(|key| key.name).collect();
    json!({
        "description": block.doc,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

fn of_key(key: &Key) -> Value {
    let shape = of_shape(key.shape);
    json!({
        "description": key.doc,
        "anyOf": [
            shape,
            {
                "type": "object",
                "additionalProperties": false,
                "required": ["value"],
                "properties": {
                    "value": shape,
                    "provenance": { "$ref": "#/$defs/provenance" },
                    "why": { "type": "string", "minLength": 1 },
                },
            },
            { "$ref": "#/$defs/not-found" },
            { "$ref": "#/$defs/none" },
        ],
    })
}

fn of_shape(shape: Shape) -> Value {
    let list = |items: Value| json!({ "anyOf": [items.clone(), { "type": "array", "items": items }] });
    match shape {
        Shape::Text | Shape::Period => json!({ "type": "string", "minLength": 1 }),
        Shape::Label => json!({ "$ref": "#/$defs/label" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count => json!({ "type": "integer", "minimum": 0 }),
        Shape::Percent => json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? ?%$" }),
        Shape::Money => json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)? [A-Z]{3}$" }),
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Time => json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" }),
        Shape::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        Shape::Concept => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Words(words) => list(json!({ "enum": words })),
        Shape::AnyWords => list(json!({ "type": "string", "minLength": 1 })),
        Shape::Name(of) => name(of),
        Shape::Names(of) => list(name(of)),
    }
}

fn name(of: Of) -> Value {
    json!({ "type": "string", "pattern": NAME, "description": format!("The id of a `{}` of the agreement.", of.sort().word()) })
}
