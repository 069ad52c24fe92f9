//! The addresses of the interface that are not those of a kind's records: one line each, whatever the service keeps. A test holds
//! this table against the routes.

use serde_json::{Map, Value as Json, json};
use service::Kinds;

use super::{answers, by_name, reference};

/// One operation under `/api/v1/{service}`.
struct Address {
    method: &'static str,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    /// Parameters of the address, then of the query, each with what it is.
    path_parameters: &'static [(&'static str, &'static str)],
    query: &'static [(&'static str, &'static str)],
    /// The media type of the body and its schema, where there is one.
    body: Option<(&'static str, &'static str)>,
    /// The status of the good answer and its schema; or the media type of bytes.
    good: (&'static str, &'static str),
}

const NONE: &[(&str, &str)] = &[];

const ADDRESSES: &[Address] = &[
    Address {
        method: "get",
        path: "/openapi.json",
        name: "description",
        summary: "this document; public",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/customer-file",
        name: "customer-file.read",
        summary: "the customer's file in force; for administrators",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "CustomerFile"),
    },
    Address {
        method: "put",
        path: "/customer-file",
        name: "customer-file.adopt",
        summary: "brings another file into force, at once or from a day; for administrators",
        path_parameters: NONE,
        query: &[("from", "the day, as 2026-12-01; at once, where nothing is said")],
        body: Some(("text/plain", "Text")),
        good: ("200", "CustomerFile"),
    },
    Address {
        method: "get",
        path: "/keys",
        name: "keys.list",
        summary: "the caller's own keys, newest first; never their text",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "post",
        path: "/keys",
        name: "keys.make",
        summary: "a new key of the caller's, bound to its role; its text stands in this answer and nowhere else",
        path_parameters: NONE,
        query: NONE,
        body: Some(("application/json", "NewKey")),
        good: ("201", "Key"),
    },
    Address {
        method: "delete",
        path: "/keys/{id}",
        name: "keys.end",
        summary: "ends a key of the caller's",
        path_parameters: &[("id", "its id")],
        query: NONE,
        body: None,
        good: ("204", "Anything"),
    },
    Address {
        method: "get",
        path: "/log/checkpoint",
        name: "log.checkpoint",
        summary: "the newest signed checkpoint of the customer's log (C2SP tlog-checkpoint); for the roles that the agreement shows the log to",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Text"),
    },
    Address {
        method: "get",
        path: "/log/checkpoints",
        name: "log.checkpoints",
        summary: "the newest checkpoint, the key that signs, and heads of before, newest first",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/log/verifier.key",
        name: "log.key",
        summary: "the key that checkpoints are checked with",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Text"),
    },
    Address {
        method: "get",
        path: "/log/tile/{path}",
        name: "log.tile",
        summary: "a tile or a bundle of leaves (C2SP tlog-tiles)",
        path_parameters: &[("path", "as C2SP tlog-tiles names it, without the leading tile/")],
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/log/proof/{index}",
        name: "log.proof",
        summary: "the proof that an entry stands in the log (C2SP tlog-proof); entered as a reading of the log",
        path_parameters: &[("index", "its place in the log")],
        query: NONE,
        body: None,
        good: ("200", "Text"),
    },
    Address {
        method: "get",
        path: "/log/consistency/{size}",
        name: "log.consistency",
        summary: "the proof that the log continues itself from a size, with the newest checkpoint",
        path_parameters: &[("size", "of the checkpoint that you kept")],
        query: NONE,
        body: None,
        good: ("200", "Text"),
    },
    Address {
        method: "get",
        path: "/erasures",
        name: "erasures.list",
        summary: "every erasure with its certificate, newest first",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "get",
        path: "/erasures/set-aside",
        name: "erasures.set-aside",
        summary: "what was erased for a time and can be brought back still, by when that ends",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "post",
        path: "/erasures/{id}/bring-back",
        name: "erasures.bring-back",
        summary: "brings back what was erased for a time",
        path_parameters: &[("id", "its id")],
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/erasures/{id}",
        name: "erasures.read",
        summary: "the certificate of an erasure",
        path_parameters: &[("id", "its id")],
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/figures",
        name: "figures.list",
        summary: "every table of figures that stayed when records were anonymised, the newest first",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "post",
        path: "/figures",
        name: "figures.anonymise",
        summary: "anonymises (recital 26) the records of `kind` that were written up to and with the day `until`: without `plan` answers with the plan and its hash, with it erases as that plan said and answers with the certificate",
        path_parameters: NONE,
        query: NONE,
        body: Some(("application/json", "Anything")),
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/holds",
        name: "holds.list",
        summary: "every legal hold, those that ended too, the newest first",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "post",
        path: "/holds",
        name: "holds.place",
        summary: "places a legal hold (Art. 17(3)): `scope` is customer, kind, person or record, with `kind` and `record` where it names one; `ground`, `until` (a day or null), `words` (sealed), `untold`",
        path_parameters: NONE,
        query: NONE,
        body: Some(("application/json", "Anything")),
        good: ("201", "Anything"),
    },
    Address {
        method: "get",
        path: "/holds/{id}",
        name: "holds.read",
        summary: "one hold, with its words for whoever may hold what it covers",
        path_parameters: &[("id", "its id")],
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "delete",
        path: "/holds/{id}",
        name: "holds.lift",
        summary: "lifts a hold",
        path_parameters: &[("id", "its id")],
        query: NONE,
        body: None,
        good: ("204", "Anything"),
    },
    Address {
        method: "get",
        path: "/views",
        name: "views.list",
        summary: "the computed pages that there are for the caller",
        path_parameters: NONE,
        query: NONE,
        body: None,
        good: ("200", "Items"),
    },
    Address {
        method: "get",
        path: "/views/{view}",
        name: "views.read",
        summary: "a computed page as a document; its own parameters stand in the list",
        path_parameters: &[("view", "its name")],
        query: NONE,
        body: None,
        good: ("200", "Anything"),
    },
    Address {
        method: "get",
        path: "/views/{view}/pdf",
        name: "views.pdf",
        summary: "the same on paper, with its plots",
        path_parameters: &[("view", "its name")],
        query: NONE,
        body: None,
        good: ("200", "application/pdf"),
    },
    Address {
        method: "get",
        path: "/views/{view}/csv",
        name: "views.csv",
        summary: "one table of a computed page, in the form that spreadsheets of the language take",
        path_parameters: &[("view", "its name")],
        query: &[("table", "the table's name; the first, where nothing is said")],
        body: None,
        good: ("200", "text/csv"),
    },
    Address {
        method: "post",
        path: "/views/{view}/{act}",
        name: "views.carry-out",
        summary: "writes what a computed page proposes, where it is still as it was seen; the page's parameters stand in the query",
        path_parameters: &[("view", "its name"), ("act", "the name of what it proposes")],
        query: NONE,
        body: Some(("application/json", "Seen")),
        good: ("200", "CarriedOut"),
    },
];

/// Adds the operations of a service.
pub(super) fn add(kinds: &Kinds, paths: &mut Map<String, Json>) {
    for address in ADDRESSES {
        let mut parameters: Vec<Json> = Vec::new();
        for (place, all, required) in [("path", address.path_parameters, true), ("query", address.query, false)] {
            parameters.extend(all.iter().map(|(name, what)| {
                json!({ "in": place, "name": name, "required": required, "description": what, "schema": { "type": "string" } })
            }));
        }
        let writes = address.method != "get";
        if let Json::Array(shared) = by_name(if writes { &["csrf", "language"] } else { &["language"] }) {
            parameters.extend(shared);
        }
        let mut operation = Map::from_iter([
            ("operationId".to_owned(), json!(format!("{}.{}", kinds.service, address.name))),
            ("summary".to_owned(), json!(address.summary)),
            ("tags".to_owned(), json!([kinds.service.as_str()])),
            ("parameters".to_owned(), Json::Array(parameters)),
            ("responses".to_owned(), answered(address, writes)),
        ]);
        if let Some((media, schema)) = address.body {
            let body = json!({ "required": true, "content": { media: { "schema": reference(schema) } } });
            operation.insert("requestBody".to_owned(), body);
        }
        let path = format!("/api/v1/{}{}", kinds.service, address.path);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        if let Some(methods) = entry.as_object_mut() {
            methods.insert(address.method.to_owned(), Json::Object(operation));
        }
    }
}

/// The answers of an operation: a document, or bytes of the media type that stands in the schema's place.
fn answered(address: &Address, writes: bool) -> Json {
    let (status, good) = address.good;
    if !good.contains('/') {
        return answers((status, address.summary, reference(good)), writes);
    }
    let mut all = answers((status, address.summary, reference("Anything")), writes);
    if let Some(found) = all.get_mut(status).and_then(Json::as_object_mut) {
        found.insert("content".to_owned(), json!({ good: { "schema": { "type": "string", "format": "binary" } } }));
    }
    all
}
