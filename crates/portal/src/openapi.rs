//! The description of the interface for programs: OpenAPI 3.1, one document for each service and one for all, made from the kinds.
//!
//! Nothing in it is written by hand for a service: a field that `kinds.toml` gains stands here after the next start. What every
//! service has besides its records stands in `addresses.rs`. Each document is made once in each language.

mod addresses;
mod files;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};
use service::{Field, FieldType, Kind, Kinds, Search};
use terms::Language;

use crate::api::problem::Problem;
use crate::ctx::{Ctx, SESSION_COOKIE};
use crate::state::Portal;

/// The documents that were asked for so far, by service (none: all of them) and language. Kinds do not change while it runs.
#[derive(Default)]
pub struct Described(Mutex<BTreeMap<(String, &'static str), Arc<str>>>);

/// `GET /api/v1/openapi.json`: all services. Public, as the agreements are: it holds no data of anybody.
pub async fn document(State(portal): State<Arc<Portal>>, ctx: Ctx) -> Response {
    give(&portal, ctx.language, "")
}

/// `GET /api/v1/{service}/openapi.json`: one of them.
pub async fn of_service(State(portal): State<Arc<Portal>>, Path(service): Path<String>, ctx: Ctx) -> Response {
    if portal.shop(&service).is_none() {
        return Problem::new(ctx.language, "no-such-address").into_response();
    }
    give(&portal, ctx.language, &service)
}

fn give(portal: &Portal, language: Language, service: &str) -> Response {
    let place = (service.to_owned(), language.tag());
    let mut made = portal.described.0.lock().unwrap_or_else(PoisonError::into_inner);
    let body = made.entry(place).or_insert_with(|| {
        let shops = portal.services.iter().map(|shop| &*shop.kinds);
        let services: Vec<&Kinds> =
            shops.filter(|kinds| service.is_empty() || kinds.service.as_str() == service).collect();
        describe(&services, portal.settings.secure_cookies, language).to_string().into()
    });
    let headers =
        [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=600"), (VARY, "accept-language")];
    (headers, body.to_string()).into_response()
}

/// The whole document. Labels are in the language; what is the same for all services is said in English.
pub(crate) fn describe(services: &[&Kinds], secure: bool, language: Language) -> Json {
    let mut paths = Map::new();
    let mut schemas = shared_schemas();
    for kinds in services {
        for kind in &kinds.kinds {
            let of = Of { kinds, kind, language, name: format!("{}.{}", kinds.service, kind.name) };
            of.add(&mut paths, &mut schemas);
        }
        addresses::add(kinds, &mut paths);
    }
    let cookie = crate::ctx::cookie_name(SESSION_COOKIE, secure);
    let title = match services {
        [one] => one.label.text(language),
        _ => "Betrodd",
    };
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "The agreement in force decides every call and the journal enters it. A refusal is an answer: status 403 with the clause.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "key": [] }, { "session": [] }],
        "tags": services.iter().map(|kinds| json!({ "name": kinds.service.as_str(), "description": kinds.about.text(language) })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "a key that a person of the customer's made" },
                "session": { "type": "apiKey", "in": "cookie", "name": cookie, "description": "writings carry X-CSRF besides" },
            },
            "parameters": parameters(),
            "headers": {
                "version": { "description": "the version, for If-Match and If-None-Match", "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" } },
                "next": { "description": "where the next part begins, rel=next; none on the last", "schema": { "type": "string" } },
                "place": { "description": "where it stands", "schema": { "type": "string" } },
            },
            "responses": responses(),
            "schemas": schemas,
        },
    })
}

/// A kind of a service, as it is described.
struct Of<'k> {
    kinds: &'k Kinds,
    kind: &'k Kind,
    language: Language,
    name: String,
}

impl Of<'_> {
    fn add(&self, paths: &mut Map<String, Json>, schemas: &mut Map<String, Json>) {
        let Self { kinds, kind, language, name } = self;
        schemas.insert(format!("{name}.fields"), fields(kind, *language));
        schemas.insert(name.clone(), record(kind, name, *language));
        let base = format!("/api/v1/{}/{}", kinds.service, kind.path);
        paths.insert(base.clone(), self.of_all());
        paths.insert(format!("{base}/{{id}}"), self.of_one());
        let readings = [
            ("history", "every version, newest first", list_of(name)),
            ("export", "the record, its versions, what belongs to it, and its log", reference("Export")),
            ("person", "all that is kept of the record's person, and the log", reference("Export")),
        ];
        for (verb, summary, schema) in readings {
            paths.insert(format!("{base}/{{id}}/{verb}"), self.reading(verb, summary, schema));
        }
        for (verb, summary) in [
            ("export.zip", "the record and what belongs to it as ZIP: page, JSON, log and files"),
            ("person.zip", "all that is kept of the record's person as ZIP: page, JSON, log and files"),
        ] {
            let mut reading = self.reading(verb, summary, reference("Anything"));
            if let Some(content) = reading.pointer_mut("/get/responses/200/content") {
                *content = json!({ "application/zip": { "schema": { "type": "string", "format": "binary" } } });
            }
            paths.insert(format!("{base}/{{id}}/{verb}"), reading);
        }
        paths.insert(format!("{base}/{{id}}/erasure"), self.erasure());
        paths.insert(format!("{base}/{{id}}/restriction"), self.restriction());
        if let Some(files) = self.files() {
            paths.insert(format!("{base}/{{id}}/files/{{field}}"), files);
        }
        paths.insert(format!("{base}/import"), self.imports());
        paths.insert(
            format!("{base}/import/{{id}}"),
            self.reading("import.read", "an import with its records", reference("Import")),
        );
        paths.insert(format!("{base}/import/{{id}}/undo"), self.undoing());
    }

    fn operation(&self, verb: &str, summary: &str) -> Map<String, Json> {
        Map::from_iter([
            ("operationId".to_owned(), json!(format!("{}.{verb}", self.name))),
            ("summary".to_owned(), json!(format!("{}: {summary}", self.kind.label.text(self.language)))),
            ("tags".to_owned(), json!([self.kinds.service.as_str()])),
        ])
    }

    /// Erasing: with `preview` the plan and its hash, without it the erasure of that plan.
    fn erasure(&self) -> Json {
        let mut post = self.operation("erase", "the plan of an erasure (`preview`), or the erasure of that plan");
        let mut taken = by_name(&["id", "csrf", "purpose", "customer", "case", "language"]);
        if let Json::Array(taken) = &mut taken {
            let what = "only the plan, with its hash";
            taken.push(json!({ "in": "query", "name": "preview", "required": false, "description": what, "schema": { "type": "string" } }));
        }
        post.insert("parameters".to_owned(), taken);
        let body = json!({ "type": "object", "properties": { "plan": { "type": "string", "description": "the hash of the plan that was shown" },
            "restorable_until": { "type": ["string", "null"], "format": "date", "description": "the last day on which it can be brought back, where the agreement knows such a thing (202)" } } });
        post.insert("requestBody".to_owned(), json!({ "content": { "application/json": { "schema": body } } }));
        let good = ("201", "the certificate; 200 with the plan", reference("Anything"));
        post.insert("responses".to_owned(), answers(good, true));
        json!({ "post": post })
    }

    fn restriction(&self) -> Json {
        let with = |verb: &str, summary: &str, status: &str, writes: bool| {
            let mut one = self.operation(verb, summary);
            let names: &[&str] = if writes {
                &["id", "csrf", "purpose", "customer", "case", "language"]
            } else {
                &["id", "purpose", "customer", "case", "language"]
            };
            one.insert("parameters".to_owned(), by_name(names));
            one.insert("responses".to_owned(), answers((status, summary, reference("Anything")), writes));
            one
        };
        let grounds: Vec<&str> = service::Ground::ALL.iter().map(|ground| ground.code()).collect();
        let mut put = with("restrict", "restricts the person's data (Art. 18)", "200", true);
        let body = json!({
            "type": "object",
            "required": ["ground"],
            "properties": { "ground": { "enum": grounds }, "until": { "type": ["string", "null"], "format": "date" } },
        });
        put.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": { "application/json": { "schema": body } } }),
        );
        json!({
            "get": with("restriction", "since when, why and until when", "200", false),
            "put": put,
            "delete": with("lift", "lifts the restriction", "204", true),
        })
    }

    fn of_all(&self) -> Json {
        let mut list = self.operation("list", "the records, oldest first; narrowed, or found by words");
        let mut taken = by_name(&["q", "after", "parent", "limit", "purpose", "customer", "case", "language"]);
        if let Json::Array(taken) = &mut taken {
            let of = |name: &str, what: &str, schema: Json| json!({ "in": "query", "name": name, "required": false, "description": what, "schema": schema });
            if !self.kind.states.is_empty() {
                taken.push(of(
                    "state",
                    "only those in this state",
                    json!({ "type": "string", "enum": self.kind.states }),
                ));
            }
            for field in self.kind.fields.iter().filter(|field| field.search == Some(Search::Exact)) {
                taken.push(of(field.name.as_str(), field.label.text(self.language), json!({ "type": "string" })));
            }
        }
        list.insert("parameters".to_owned(), taken);
        let listed = json!({ "type": "object", "required": ["items", "next"], "properties": {
            "items": { "type": "array", "items": reference(&self.name) },
            "next": { "type": ["string", "null"], "description": "where the next part begins: its `after`" },
        } });
        list.insert(
            "responses".to_owned(),
            with_headers(answers(("200", "the records", listed), false), "200", &["Link"]),
        );
        let mut create = self.operation("create", "a new record");
        create.insert("parameters".to_owned(), by_name(&["csrf", "once", "purpose", "customer", "case", "language"]));
        create.insert("requestBody".to_owned(), body(&self.name, self.kind, true));
        let made = answers(("201", "it is there", reference("Written")), true);
        create.insert("responses".to_owned(), with_headers(made, "201", &["ETag", "Location"]));
        json!({ "get": list, "post": create })
    }

    fn of_one(&self) -> Json {
        let mut read = self.operation("read", "one record; its version is the ETag");
        read.insert("parameters".to_owned(), by_name(&["id", "unless", "purpose", "customer", "case", "language"]));
        let mut good = with_headers(answers(("200", "the record", reference(&self.name)), false), "200", &["ETag"]);
        if let Some(good) = good.as_object_mut() {
            let unchanged = json!({ "description": "the caller has this version; entered as a reading all the same" });
            good.insert("304".to_owned(), unchanged);
        }
        read.insert("responses".to_owned(), good);
        let mut change = self.operation("change", "a new version; fields that are not named stay, null clears");
        change.insert(
            "parameters".to_owned(),
            by_name(&["id", "csrf", "version", "once", "purpose", "customer", "case", "language"]),
        );
        change.insert("requestBody".to_owned(), body(&self.name, self.kind, false));
        let changed = answers(("200", "it is changed", reference("Written")), true);
        change.insert("responses".to_owned(), with_headers(changed, "200", &["ETag"]));
        json!({ "get": read, "put": change })
    }

    fn reading(&self, verb: &str, summary: &str, schema: Json) -> Json {
        let mut read = self.operation(verb, summary);
        read.insert("parameters".to_owned(), by_name(&["id", "purpose", "customer", "case", "language"]));
        read.insert("responses".to_owned(), answers(("200", summary, schema), false));
        json!({ "get": read })
    }

    fn undoing(&self) -> Json {
        let mut plan = self.operation("import.plan-undo", "what undoing an import would erase, and what stays and why");
        plan.insert("parameters".to_owned(), by_name(&["id", "purpose", "customer", "case", "language"]));
        plan.insert("responses".to_owned(), answers(("200", "the plan", reference("Undoing")), false));
        let mut undo = self.operation(
            "import.undo",
            "undoes an import as the plan said: erases what is as the import made it; the same call again does nothing more",
        );
        undo.insert("parameters".to_owned(), by_name(&["id", "csrf", "purpose", "customer", "case", "language"]));
        let body = json!({ "type": "object", "required": ["plan"], "additionalProperties": false,
            "properties": { "plan": { "type": "string", "description": "the hash of the plan that was shown" } } });
        undo.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": { "application/json": { "schema": body } } }),
        );
        let good = answers(("200", "undone", reference("Undone")), true);
        undo.insert("responses".to_owned(), with_headers(good, "200", &["Location"]));
        json!({ "get": plan, "post": undo })
    }

    fn imports(&self) -> Json {
        let mut all = self.operation("import.list", "the imports from files, newest first");
        all.insert("parameters".to_owned(), by_name(&["purpose", "customer", "case", "language"]));
        all.insert("responses".to_owned(), answers(("200", "the imports", reference("Items")), false));
        let mut bring =
            self.operation("import.bring", "records from a file of rows, whole or the good ones; or only a look at it");
        let of = |name: &str, what: &str, schema: Json| json!({ "in": "query", "name": name, "required": false, "description": what, "schema": schema });
        let word = |words: &[&str]| json!({ "type": "string", "enum": words });
        let mut taken = by_name(&["parent", "csrf", "once", "purpose", "customer", "case", "language"]);
        if let Json::Array(taken) = &mut taken {
            taken.push(of("preview", "`true`: nothing is written", word(&["true", "false"])));
            taken.push(of("choose", "all, and none where one is bad; or the good ones", word(&["all", "good"])));
            taken.push(of("doubles", "what to do with rows that may be there already", word(&["skip", "take"])));
            taken.push(of(
                "columns",
                "names of fields for the columns, with commas between; empty for one that is not read",
                json!({ "type": "string" }),
            ));
        }
        bring.insert("parameters".to_owned(), taken);
        let text = json!({ "schema": { "type": "string" } });
        bring.insert("requestBody".to_owned(), json!({ "required": true, "content": { "text/csv": text } }));
        let mut good = answers(("201", "what became of each row", reference("Brought")), true);
        if let Some(good) = good.as_object_mut() {
            let seen = json!({ "description": "with preview: what it would come to", "content": { "application/json": { "schema": reference("Brought") } } });
            good.insert("200".to_owned(), seen);
        }
        bring.insert("responses".to_owned(), with_headers(good, "201", &["Location"]));
        json!({ "get": all, "post": bring })
    }
}

/// With the headers of the good answer.
fn with_headers(mut answers: Json, status: &str, names: &[&str]) -> Json {
    let of = |name: &str| match name {
        "ETag" => "version",
        "Link" => "next",
        _ => "place",
    };
    let headers: Map<String, Json> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{}", of(name)) })))
        .collect();
    if let Some(good) = answers.get_mut(status).and_then(Json::as_object_mut) {
        good.insert("headers".to_owned(), Json::Object(headers));
    }
    answers
}

fn reference(schema: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list_of(name: &str) -> Json {
    json!({ "type": "object", "properties": { "items": { "type": "array", "items": reference(name) } }, "required": ["items"] })
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
    let always = [
        ("400", "Unreadable"),
        ("401", "NotSignedIn"),
        ("403", "Refused"),
        ("404", "Missing"),
        ("406", "NotAcceptable"),
        ("503", "Unavailable"),
        ("default", "Other"),
    ];
    let of_writings = [
        ("409", "State"),
        ("412", "Conflict"),
        ("413", "TooLarge"),
        ("415", "MediaType"),
        ("422", "Invalid"),
        ("428", "VersionRequired"),
    ];
    always.iter().for_each(|(status, name)| add(status, name));
    if writes {
        of_writings.iter().for_each(|(status, name)| add(status, name));
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

fn id_schema(description: &str) -> Json {
    json!({ "type": "string", "pattern": "^[0-9a-f]{32}$", "description": description })
}

fn fields(kind: &Kind, language: Language) -> Json {
    let properties: Map<String, Json> =
        kind.fields.iter().map(|field| (field.name.to_string(), field_schema(field, language))).collect();
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

fn field_schema(field: &Field, language: Language) -> Json {
    let mut schema = Map::from_iter([
        ("type".to_owned(), json!(["string", "null"])),
        ("title".to_owned(), json!(field.label.text(language))),
        ("maxLength".to_owned(), json!(field.max)),
        ("x-category".to_owned(), json!(field.category.as_str())),
    ]);
    if let Some(help) = &field.help {
        schema.insert("description".to_owned(), json!(help.text(language)));
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

fn record(kind: &Kind, name: &str, language: Language) -> Json {
    json!({
        "type": "object",
        "description": format!("{} ({})", kind.label.text(language), kind.subject),
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
                "entry": { "type": ["integer", "null"], "description": "the place of the refusal in the customer's log" },
            },
        }],
    });
    let brought = json!({
        "type": "object",
        "required": ["encoding", "separator", "columns", "column_faults", "rows", "good", "bad", "doubles", "looked_up"],
        "properties": {
            "encoding": { "enum": ["UTF-8", "Windows-1252"] },
            "separator": text(),
            "columns": { "type": "array", "items": { "type": "object", "properties": { "column": { "type": "integer" }, "field": { "type": ["string", "null"] } } } },
            "column_faults": { "type": "array" },
            "rows": { "type": "integer" }, "good": { "type": "integer" },
            "bad": { "type": "array", "items": reference("Row") },
            "doubles": { "type": "array", "items": reference("Row") },
            "looked_up": { "type": "boolean", "description": "whether it could be looked up who is there already" },
            "import": text(), "written": { "type": "integer" },
            "whole": { "type": "boolean", "description": "false: it was interrupted; the same call with the same key goes on" },
            "failed": { "type": "array", "items": { "type": "object", "required": ["line", "detail"] } },
        },
    });
    let row = json!({
        "type": "object",
        "required": ["line", "faults", "detail"],
        "properties": {
            "line": { "type": "integer" }, "detail": text(), "double_of_line": { "type": ["integer", "null"] }, "alike": { "type": "integer" },
            "faults": { "type": "array", "items": { "type": "object", "properties": {
                "column": { "type": ["integer", "null"] }, "field": { "type": ["string", "null"] }, "problem": text(),
            } } },
        },
    });
    let import = json!({
        "type": "object",
        "required": ["id", "kind", "by", "rows", "begun", "ended", "undone"],
        "properties": {
            "id": id_schema("the import"), "kind": text(), "by": id_schema("the pseudonym of who brought it in"),
            "rows": { "type": "integer" }, "parent": { "type": ["string", "null"] },
            "begun": { "type": "string", "format": "date-time" }, "ended": { "type": ["string", "null"] }, "undone": { "type": ["string", "null"] },
            "records": { "type": "array", "items": { "type": "object", "required": ["row", "id", "version", "untouched"] } },
        },
    });
    let undoing = json!({
        "type": "object",
        "required": ["import", "plan", "goes", "kept", "out_of_reach"],
        "properties": {
            "import": reference("Import"), "plan": { "type": "string", "description": "the hash to confirm" },
            "goes": { "type": "integer", "description": "records that would be erased" },
            "kept": { "type": "array", "items": { "type": "object", "required": ["row", "id", "why", "detail"], "properties": {
                "row": { "type": "integer" }, "id": id_schema("the record"), "detail": text(),
                "why": { "enum": ["changed", "holds", "referred", "account", "kind-stays"] },
            } } },
            "out_of_reach": { "type": "integer", "description": "records that stay and that the caller does not reach" },
        },
    });
    let undone = json!({
        "type": "object",
        "required": ["import", "gone", "certificate"],
        "properties": {
            "import": reference("Import"), "gone": { "type": "integer" },
            "certificate": { "type": ["string", "null"], "description": "the id of the erasure's certificate" },
        },
    });
    let customer_file = json!({
        "type": "object",
        "required": ["service", "version", "hash", "from", "lists", "consents", "specification", "text"],
        "properties": { "service": text(), "version": text(), "hash": text(), "from": { "type": "string", "format": "date-time" }, "text": text() },
    });
    Map::from_iter([
        ("Anything".to_owned(), json!({ "type": "object" })),
        (
            "Items".to_owned(),
            json!({ "type": "object", "required": ["items"], "properties": { "items": { "type": "array" } } }),
        ),
        ("Brought".to_owned(), brought),
        ("Row".to_owned(), row),
        ("Import".to_owned(), import),
        ("Undoing".to_owned(), undoing),
        ("Undone".to_owned(), undone),
        ("CustomerFile".to_owned(), customer_file),
        ("Text".to_owned(), text()),
        (
            "NewKey".to_owned(),
            json!({
                "type": "object", "required": ["name", "days"], "additionalProperties": false,
                "properties": { "name": text(), "days": { "type": "integer", "minimum": 1, "maximum": 365 } },
            }),
        ),
        (
            "Seen".to_owned(),
            json!({ "type": "object", "required": ["seen"], "additionalProperties": false, "properties": { "seen": text() } }),
        ),
        (
            "CarriedOut".to_owned(),
            json!({
                "type": "object", "required": ["written", "left"],
                "properties": {
                    "written": { "type": "integer" },
                    "left": { "type": "integer", "description": "what was not written; the same call again does the rest" },
                },
            }),
        ),
        ("Key".to_owned(), json!({ "type": "object", "required": ["key"], "properties": { "key": text() } })),
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
                "field": text(), "label": { "type": ["string", "null"] }, "problem": text(), "detail": text(), "max": { "type": "integer" }, "given": { "type": "integer" },
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
                    "files": { "type": "array", "description": "each file that a version names: `href`, or in a package `path`; or `refused`", "items": { "type": "object" } },
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
        "limit": of("query", "limit", false, "how many at most, from 1 to 200"),
        "unless": of("header", "If-None-Match", false, "a version that the caller has"),
        "language": of("header", "Accept-Language", false, "sv or en: the language of labels and problems"),
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
        "Refused": json!({ "description": "the agreement says no, with its clause; or the token is missing", "content": { "application/problem+json": {
            "schema": { "anyOf": [reference("Refusal"), reference("Problem")] },
        } } }),
        "NotSignedIn": of("neither key nor session", "Problem"),
        "Missing": of("no such record, or none of this customer's", "Problem"),
        "NotAcceptable": of("no answer in a form that Accept names", "Problem"),
        "Unavailable": of("nothing was half done", "Problem"),
        "Unreadable": of("a body or a parameter that cannot be read", "Problem"),
        "Invalid": of("values that cannot be taken, or a key used for others; nothing was written", "Invalid"),
        "State": of("the state of the record stands against it; nothing was written", "Problem"),
        "Conflict": of("the record has another version; nothing was written", "Conflict"),
        "TooLarge": of("more than is read", "Problem"),
        "MediaType": of("a media type that is not read here", "Problem"),
        "VersionRequired": of("say which version was seen", "Problem"),
        "Other": of("any other problem", "Problem"),
    })
}
