//! The files of a kind's fields, as bytes.

use serde_json::{Value as Json, json};
use service::FieldType;

use super::{Of, answers, by_name, reference, with_headers};

impl Of<'_> {
    /// Reading and sending of files, where the kind has a field for one.
    pub(super) fn files(&self) -> Option<Json> {
        let mut names = Vec::new();
        let mut accepted: Vec<&str> = Vec::new();
        for field in &self.kind.fields {
            if let FieldType::KeptFile(form) = &field.holds {
                names.push(field.name.as_str());
                accepted.extend(form.accept.iter().map(|form| form.media));
            }
        }
        if names.is_empty() {
            return None;
        }
        let field = json!({ "in": "path", "name": "field", "required": true, "description": "the field", "schema": { "enum": names } });
        let of = |name: &str, what: &str, schema: &str| json!({ "in": "query", "name": name, "required": false, "description": what, "schema": { "type": schema } });
        let with = |shared: &[&str], own: Vec<Json>| {
            let mut taken = by_name(shared);
            if let Json::Array(taken) = &mut taken {
                taken.push(field.clone());
                taken.extend(own);
            }
            taken
        };
        let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
        let content = |bytes: &Json| {
            accepted.iter().map(|media| ((*media).to_owned(), bytes.clone())).collect::<serde_json::Map<_, _>>()
        };
        let mut read = self.operation("file.read", "the file of a field");
        let which = of("version", "as of this version of the record", "integer");
        read.insert("parameters".to_owned(), with(&["id", "purpose", "customer", "case", "language"], vec![which]));
        let mut good = answers(("200", "its bytes", reference("Anything")), false);
        if let Some(found) = good.get_mut("200").and_then(Json::as_object_mut) {
            found.insert("content".to_owned(), Json::Object(content(&bytes)));
        }
        read.insert("responses".to_owned(), good);
        let mut put = self.operation("file.put", "a file into a field, as a new version of the record");
        let name = of("name", "what the sender calls it", "string");
        let shared = ["id", "csrf", "version", "purpose", "customer", "case", "language"];
        put.insert("parameters".to_owned(), with(&shared, vec![name]));
        put.insert("requestBody".to_owned(), json!({ "required": true, "content": content(&bytes) }));
        let kept = answers(("200", "it is kept", reference("Written")), true);
        put.insert("responses".to_owned(), with_headers(kept, "200", &["ETag"]));
        Some(json!({ "get": read, "put": put }))
    }
}
