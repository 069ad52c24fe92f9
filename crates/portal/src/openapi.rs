//! The description of the interface for programs: OpenAPI 3.1, generated from the kinds of all services.
//!
//! Nothing in it is written by hand for a service: a field that `kinds.toml` gains stands here after the next start.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use service::{Field, FieldType, Kind, Kinds};

use crate::ctx::SESSION_COOKIE;
use crate::state::Portal;

/// `GET /api/v1/openapi.json`. Public, as the agreements are: it holds no data of anybody.
pub async fn document(State(portal): State<Arc<Portal>>) -> Response {
    let services: Vec<&Kinds> = portal.services.iter().map(|shop| &*shop.kinds).collect();
    let body = describe(&services, portal.settings.secure_cookies).to_string();
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=600")], body).into_response()
}

/// The whole document.
pub(crate) fn describe(services: &[&Kinds], secure: bool) -> Json {
    let mut paths = Map::new();
    let mut schemas = shared_schemas();
    for kinds in services {
        for kind in &kinds.kinds {
            let name = format!("{}.{}", kinds.service, kind.name);
            schemas.insert(format!("{name}.fields"), fields(kind));
            schemas.insert(name.clone(), record(kind, &name));
            let base = format!("/api/v1/{}/{}", kinds.service, kind.path);
            paths.insert(base.clone(), of_all(kinds, kind, &name));
            paths.insert(format!("{base}/{{id}}"), of_one(kinds, kind, &name));
            paths.insert(
                format!("{base}/{{id}}/history"),
                reading(kinds, kind, "history", "every version, newest first", &list_of(&name)),
            );
            paths.insert(
                format!("{base}/{{id}}/export"),
                reading(
                    kinds,
                    kind,
                    "export",
                    "the record, its versions, what belongs to it, and its log",
                    &reference("Export"),
                ),
            );
            paths.insert(
                format!("{base}/{{id}}/person"),
                reading(
                    kinds,
                    kind,
                    "person",
                    "all that is kept of the record's person, and the log",
                    &reference("Export"),
                ),
            );
        }
    }
    let cookie = crate::ctx::cookie_name(SESSION_COOKIE, secure);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Betrodd",
            "version": "1",
            "description": "The agreement in force decides every call and the journal enters it. A refusal is an answer: status 403 with the clause.",
        },
        "security": [{ "session": [] }],
        "tags": services.iter().map(|kinds| json!({ "name": kinds.service.as_str(), "description": kinds.about.en })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": cookie } },
            "parameters": parameters(),
            "responses": responses(),
            "schemas": schemas,
        },
    })
}

fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list_of(name: &str) -> Json {
    json!({ "type": "object", "properties": { "items": { "type": "array", "items": reference(name) } }, "required": ["items"] })
}

fn operation(kinds: &Kinds, kind: &Kind, verb: &str, summary: &str) -> Map<String, Json> {
    Map::from_iter([
        ("operationId".to_owned(), json!(format!("{}.{}.{verb}", kinds.service, kind.name))),
        ("summary".to_owned(), json!(format!("{}: {summary}", kind.label.en))),
        ("tags".to_owned(), json!([kinds.service.as_str()])),
    ])
}

fn answers(good: (&str, &str, Json), writes: bool) -> Json {
    let (status, description, schema) = good;
    let mut answers = Map::from_iter([(
        status.to_owned(),
        json!({ "description": description, "content": { "application/json": { "schema": schema } } }),
    )]);
    let mut add = |status: &str, name: &str| {
        answers.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
    };
    for (status, name) in [("401", "NotSignedIn"), ("403", "Refused"), ("404", "Missing"), ("503", "Unavailable")] {
        add(status, name);
    }
    if writes {
        for (status, name) in
            [("400", "Unreadable"), ("412", "Conflict"), ("422", "Invalid"), ("428", "VersionRequired")]
        {
            add(status, name);
        }
    }
    Json::Object(answers)
}

fn by_name(names: &[&str]) -> Json {
    names.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect()
}

fn body(name: &str, kind: &Kind, new: bool) -> Json {
    let mut properties = Map::from_iter([("fields".to_owned(), reference(&format!("{name}.fields")))]);
    if new && kind.parent.is_some() {
        properties.insert("parent".to_owned(), id_schema("the record that it belongs to"));
    }
    if !new {
        properties.insert(
            "version".to_owned(),
            json!({ "type": "integer", "description": "the version that was seen, unless If-Match says it" }),
        );
        if !kind.states.is_empty() {
            properties.insert("state".to_owned(), json!({ "type": "string", "enum": kind.states }));
        }
    }
    let schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn of_all(kinds: &Kinds, kind: &Kind, name: &str) -> Json {
    let mut list = operation(kinds, kind, "list", "the records, oldest first, or those found by words");
    list.insert("parameters".to_owned(), by_name(&["q", "after", "parent", "limit", "purpose", "customer", "case"]));
    let listed = json!({ "type": "object", "required": ["items", "next"], "properties": {
        "items": { "type": "array", "items": reference(name) },
        "next": { "type": ["string", "null"], "description": "where the next part begins: its `after`" },
    } });
    list.insert("responses".to_owned(), answers(("200", "the records", listed), false));
    let mut create = operation(kinds, kind, "create", "a new record");
    create.insert("parameters".to_owned(), by_name(&["csrf", "once", "purpose", "customer", "case"]));
    create.insert("requestBody".to_owned(), body(name, kind, true));
    create.insert("responses".to_owned(), answers(("201", "it is there", reference("Written")), true));
    json!({ "get": list, "post": create })
}

fn of_one(kinds: &Kinds, kind: &Kind, name: &str) -> Json {
    let mut read = operation(kinds, kind, "read", "one record; its version is the ETag");
    read.insert("parameters".to_owned(), by_name(&["id", "purpose", "customer", "case"]));
    read.insert("responses".to_owned(), answers(("200", "the record", reference(name)), false));
    let mut change = operation(kinds, kind, "change", "a new version; fields that are not named stay, null clears");
    change.insert("parameters".to_owned(), by_name(&["id", "csrf", "version", "once", "purpose", "customer", "case"]));
    change.insert("requestBody".to_owned(), body(name, kind, false));
    change.insert("responses".to_owned(), answers(("200", "it is changed", reference("Written")), true));
    json!({ "get": read, "put": change })
}

fn reading(kinds: &Kinds, kind: &Kind, verb: &str, summary: &str, schema: &Json) -> Json {
    let mut read = operation(kinds, kind, verb, summary);
    read.insert("parameters".to_owned(), by_name(&["id", "purpose", "customer", "case"]));
    read.insert("responses".to_owned(), answers(("200", summary, schema.clone()), false));
    json!({ "get": read })
}

fn id_schema(description: &str) -> Json {
    json!({ "type": "string", "pattern": "^[0-9a-f]{32}$", "description": description })
}

fn fields(kind: &Kind) -> Json {
    let properties: Map<String, Json> =
        kind.fields.iter().map(|field| (field.name.to_string(), field_schema(field))).collect();
    let required: Vec<&str> =
        kind.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "description": "An answer holds those that the agreement lets the caller see. A field that is not named here is refused.",
        "x-required-in-a-new-record": required,
    })
}

fn field_schema(field: &Field) -> Json {
    let mut schema = Map::from_iter([
        ("type".to_owned(), json!(["string", "null"])),
        ("title".to_owned(), json!(field.label.en)),
        ("maxLength".to_owned(), json!(field.max)),
        ("x-category".to_owned(), json!(field.category.as_str())),
        ("x-label-sv".to_owned(), json!(field.label.sv)),
    ]);
    if let Some(help) = &field.help {
        schema.insert("description".to_owned(), json!(help.en));
    }
    if field.free_text {
        schema.insert("x-free-text".to_owned(), json!(true));
    }
    let (key, value) = match &field.holds {
        FieldType::Text | FieldType::LongText => return Json::Object(schema),
        FieldType::Date { .. } => ("format", json!("date")),
        FieldType::Email => ("format", json!("email")),
        FieldType::Choice(choices) => {
            let values = choices.iter().map(|choice| json!(choice.value)).chain([Json::Null]);
            ("enum", values.collect())
        }
        FieldType::Listed { list } => {
            schema.insert("x-list".to_owned(), json!(list));
            ("pattern", json!("^[a-z0-9][a-z0-9.:-]{0,63}$"))
        }
        FieldType::Phone => ("pattern", json!("^[0-9 +()-]*$")),
        FieldType::Personnummer => ("pattern", json!("^[0-9]{8}-?[0-9]{4}$")),
        FieldType::OrganisationNumber => ("pattern", json!("^[0-9]{6}-?[0-9]{4}$")),
        FieldType::Number(form) => {
            let point = if form.decimals == 0 { String::new() } else { format!("(\\.[0-9]{{1,{}}})?", form.decimals) };
            ("pattern", json!(format!("^-?[0-9]+{point}$")))
        }
        FieldType::Money { currency } => {
            schema.insert("x-currency".to_owned(), json!(currency));
            ("pattern", json!("^-?[0-9]+(\\.[0-9]{1,2})?$"))
        }
        FieldType::File => ("description", json!("name; media type; size in bytes; SHA-256")),
        FieldType::KeptFile(form) => {
            schema.insert("x-accept".to_owned(), form.accept.iter().map(|one| json!(one.media)).collect());
            schema.insert("x-max-bytes".to_owned(), json!(form.max_bytes));
            (
                "description",
                json!("name; media type; size in bytes; SHA-256; id; whether scanned. The bytes are under `files`"),
            )
        }
        FieldType::Reference { to } => {
            schema.insert("x-refers-to".to_owned(), json!(to.as_str()));
            ("pattern", json!("^[0-9a-f]{32}$"))
        }
    };
    schema.insert(key.to_owned(), value);
    Json::Object(schema)
}

fn record(kind: &Kind, name: &str) -> Json {
    json!({
        "type": "object",
        "description": format!("{} ({})", kind.label.en, kind.subject),
        "required": ["id", "kind", "version", "person", "fields", "withheld"],
        "properties": {
            "id": id_schema("the record"),
            "kind": { "const": kind.name.as_str() },
            "version": { "type": "integer" },
            "person": id_schema("the pseudonym of whose it is"),
            "parent": { "type": ["string", "null"] },
            "state": if kind.states.is_empty() { json!({ "type": "null" }) } else { json!({ "enum": kind.states }) },
            "written": { "type": "string", "format": "date-time" },
            "author": id_schema("the pseudonym of who wrote this version"),
            "author_name": { "type": "string" },
            "fields": reference(&format!("{name}.fields")),
            "withheld": { "type": "array", "items": reference("Withheld") },
        },
    })
}

fn shared_schemas() -> Map<String, Json> {
    let text = || json!({ "type": "string" });
    let problem = json!({
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": { "type": text(), "title": text(), "status": { "type": "integer" }, "detail": text() },
    });
    let refusal = json!({
        "allOf": [reference("Problem"), {
            "type": "object",
            "description": "The agreement says no: which clause, why, and who can change that. Entered in the log.",
            "required": ["reason", "clause", "number", "changer", "role", "verb", "purpose", "subject"],
            "properties": {
                "reason": { "type": "string", "description": "as `no-rule`, `purpose-not-agreed`, `category-not-declared`, `case-required`" },
                "clause": { "type": "string", "description": "the clause's id, which outlives renumbering" },
                "number": { "type": "string", "description": "the clause's number as printed" },
                "changer": { "enum": ["controller", "controller-by-case", "both-parties", "processor", "administrator"] },
                "role": text(), "verb": text(), "purpose": text(), "subject": text(),
                "category": { "type": "string", "description": "which category is not declared" },
                "field": { "type": "string", "description": "which field is of no declared category" },
                "agreement": { "type": "string", "description": "SHA-256 of the agreement that answered" },
            },
        }],
    });
    Map::from_iter([
        ("Problem".to_owned(), problem),
        ("Refusal".to_owned(), refusal),
        (
            "Withheld".to_owned(),
            json!({
                "type": "object",
                "description": "A category that the agreement withholds from the caller.",
                "properties": { "category": text(), "clause": text(), "number": { "type": ["string", "null"] } },
            }),
        ),
        (
            "Invalid".to_owned(),
            json!({ "allOf": [reference("Problem"), { "type": "object", "properties": {
            "faults": { "type": "array", "items": { "type": "object", "properties": {
                "field": text(), "problem": text(), "max": { "type": "integer" }, "given": { "type": "integer" },
            } } },
        } }] }),
        ),
        (
            "Conflict".to_owned(),
            json!({ "allOf": [reference("Problem"), { "type": "object", "properties": { "version": { "type": "integer" } } }] }),
        ),
        (
            "Written".to_owned(),
            json!({ "type": "object", "required": ["id", "version"], "properties": {
            "id": id_schema("the record"), "version": { "type": "integer" },
        } }),
        ),
        (
            "Export".to_owned(),
            json!({
                "type": "object",
                "required": ["format", "taken", "by", "role", "purpose", "of", "parts", "log"],
                "properties": {
                    "format": { "const": "betrodd-export-1" },
                    "taken": { "type": "string", "format": "date-time" },
                    "by": id_schema("the pseudonym of who took it out"),
                    "role": text(), "purpose": text(), "service": text(), "customer": { "type": ["string", "null"] },
                    "agreement": { "type": ["object", "null"], "properties": { "version": text(), "hash": text() } },
                    "of": { "type": "object", "properties": { "kind": text(), "record": text(), "person": text(), "whole": { "enum": ["record", "person"] } } },
                    "parts": { "type": "array", "description": "kind by kind: `records`, each version by itself; or `refused`", "items": {
                        "type": "object", "required": ["kind"],
                        "properties": { "kind": text(), "label": { "type": "object" }, "records": { "type": "array" }, "refused": { "type": "object" } },
                    } },
                    "log": { "type": ["object", "null"], "description": "`entries`, or `refused`" },
                },
            }),
        ),
    ])
}

fn parameters() -> Json {
    let of = |place: &str, name: &str, required: bool, what: &str| json!({ "in": place, "name": name, "required": required, "description": what, "schema": { "type": "string" } });
    json!({
        "id": of("path", "id", true, "the record, 32 hexadecimal digits"),
        "q": of("query", "q", false, "whole words to be found in searchable fields"),
        "after": of("query", "after", false, "the last record of the part before"),
        "parent": of("query", "parent", false, "only what belongs to this record"),
        "limit": of("query", "limit", false, "how many at most"),
        "csrf": of("header", "X-CSRF", true, "the session's token, as every form of its pages carries it"),
        "once": of("header", "Idempotency-Key", false, "the same key again gives the same answer and no second record"),
        "version": of("header", "If-Match", false, "the version that was seen"),
        "purpose": of("header", "X-Purpose", false, "a purpose of the agreement, instead of the proposed one"),
        "customer": of("header", "X-Customer", false, "for the provider's staff: whose data, with X-Case"),
        "case": of("header", "X-Case", false, "for the provider's staff: the case that the customer opened"),
    })
}

fn responses() -> Json {
    let of = |what: &str, schema: &str| json!({ "description": what, "content": { "application/problem+json": { "schema": reference(schema) } } });
    json!({
        "Refused": of("the agreement says no, with its clause; or the token is missing", "Refusal"),
        "NotSignedIn": of("no session", "Problem"),
        "Missing": of("no such record, or none of this customer's", "Problem"),
        "Unavailable": of("nothing was half done", "Problem"),
        "Unreadable": of("no JSON of the expected kind", "Problem"),
        "Invalid": of("values that cannot be taken; nothing was written", "Invalid"),
        "Conflict": of("the record has another version; nothing was written", "Conflict"),
        "VersionRequired": of("say which version was seen", "Problem"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` of the document, for a look at whether it leads somewhere.
    fn references<'j>(json: &'j Json, found: &mut Vec<&'j str>) {
        match json {
            Json::Object(members) => {
                found.extend(members.get("$ref").and_then(Json::as_str));
                members.values().for_each(|member| references(member, found));
            }
            Json::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_kind_has_its_addresses_and_every_reference_leads_somewhere() {
        let kinds = Kinds::read("kinds.toml", include_str!("../../../services/matcha/kinds.toml")).unwrap();
        let document = describe(&[&kinds], false);
        for kind in &kinds.kinds {
            for more in ["", "/{id}", "/{id}/history", "/{id}/export", "/{id}/person"] {
                assert!(document["paths"].get(format!("/api/v1/matcha/{}{more}", kind.path)).is_some());
            }
        }
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            assert!(document.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference} leads nowhere");
        }
    }
}
