//! Every operation that the interface's own description names, sent to the real program: an example of it, and what nobody
//! should send. Each answer has a status that is described, and a body that fits its schema; nothing breaks.

use e2e::{Answer, Visitor};
use serde_json::{Map, Value as Json, json};

use crate::people::{Demo, UNIT_HEAD};

/// No record has this number, and it looks like one.
const NOBODY: &str = "01a161faf88070398888888888888888";

struct Described(Json);

impl Described {
    fn resolved(&self, one: &Json) -> Json {
        match one["$ref"].as_str() {
            Some(reference) => self.0.pointer(&reference[1..]).expect("it leads somewhere").clone(),
            None => one.clone(),
        }
    }

    /// The answer has a status that the operation names, and fits its schema.
    fn check(&self, said: &str, operation: &Json, answer: &Answer) {
        assert!(answer.status < 500, "{said}: {}\n{}", answer.status, answer.body);
        let status = answer.status.to_string();
        let response = &operation["responses"][&status];
        let response = if response.is_null() { &operation["responses"]["default"] } else { response };
        let response = self.resolved(response);
        if answer.body.is_empty() {
            return;
        }
        let kind = answer.header("content-type").unwrap_or("").split(';').next().unwrap_or("");
        let schema = &response["content"][kind]["schema"];
        assert!(schema.is_object(), "{said}: {status} {kind} is not described\n{}", answer.body);
        // A signed note, a tile, a package: said to be a text or bytes, and nothing more can be asked of them here.
        if !kind.ends_with("json") {
            return;
        }
        let body: Json =
            serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{said}: no JSON\n{}", answer.body));
        let mut whole = schema.clone();
        whole["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&whole).unwrap_or_else(|error| panic!("{said}: {error}"));
        let faults: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(faults.is_empty(), "{said} {status}: {faults:#?}\n{body:#}");
    }

    /// A record to be, as its schema says.
    fn example(&self, schema: &Json) -> Json {
        let fields = self.resolved(&schema["properties"]["fields"]);
        let required: Vec<&str> =
            fields["x-required-in-a-new-record"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let values: Map<String, Json> =
            required.into_iter().map(|name| (name.to_owned(), value(&fields["properties"][name]))).collect();
        json!({ "fields": values })
    }
}

fn value(schema: &Json) -> Json {
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("date"), _) => json!("2026-01-15"),
        (Some("email"), _) => json!("prova@interface.example"),
        (_, Some(pattern)) if pattern.contains("0-9a-f]{32}") => json!(NOBODY),
        (_, Some(pattern)) if pattern.contains("[0-9 +()-]") => json!("070-174 06 05"),
        (_, Some(pattern)) if pattern.contains("[0-9]") && !pattern.contains("a-z") => json!("1"),
        _ => json!("prova"),
    }
}

/// Sends one operation, with this in the place of an id and these in the query.
fn send(visitor: &mut Visitor, token: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut all = vec![("x-csrf", token), ("accept-language", "en")];
    all.extend_from_slice(headers);
    visitor.send(&method.to_uppercase(), path, &all, body)
}

/// Address, headers and body of a call that nobody should send.
type Hostile<'a> = (String, Vec<(&'a str, &'a str)>, Vec<u8>);

#[test]
fn every_operation_that_is_described_answers_as_described_and_breaks_at_nothing() {
    let demo = Demo::start();
    let mut visitor = demo.enter(UNIT_HEAD);
    let token = visitor.token();
    let document = visitor.send("GET", "/api/v1/matcha/openapi.json", &[("accept-language", "en")], b"");
    let described = Described(serde_json::from_str(&document.body).expect("JSON"));
    let (mut sent, mut good) = (0, 0);
    for (path, methods) in described.0["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("operations") {
            let said = format!("{method} {path}");
            // Of what there is, one; made anew where it can be.
            let base = path.split("/{id}").next().unwrap_or(path);
            let listed = send(&mut visitor, &token, "get", &format!("{base}?limit=1"), &[], b"");
            let listed: Json = serde_json::from_str(&listed.body).unwrap_or_default();
            let id = listed["items"][0]["id"].as_str().unwrap_or(NOBODY).to_owned();
            let version = format!("\"{}\"", listed["items"][0]["version"].as_u64().unwrap_or(1));
            let at = path.replace("{id}", &id).replace("{view}", "x");
            let content = operation["requestBody"]["content"].as_object();
            let media = content.and_then(|content| content.keys().next()).map(String::as_str);
            let body = match media {
                Some("application/json") => {
                    described.example(&operation["requestBody"]["content"]["application/json"]["schema"]).to_string()
                }
                Some(_) => "Förnamn;Efternamn\nProva;Provsson\n".to_owned(),
                None => String::new(),
            };
            let kind = media.unwrap_or("application/json");
            let headers = [("content-type", kind), ("if-match", version.as_str())];
            let answer = send(&mut visitor, &token, method, &at, &headers, body.as_bytes());
            described.check(&said, operation, &answer);
            good += usize::from(answer.status < 300);
            // And what nobody should send.
            let long = "x".repeat(5_000);
            let mut hostile: Vec<Hostile<'_>> = vec![
                (at.clone(), vec![("accept", "image/png")], body.clone().into_bytes()),
                (at.clone(), vec![("content-type", "image/png")], b"\x89PNG\0".to_vec()),
                (
                    at.clone(),
                    vec![("content-type", kind), ("if-match", "\"99999999999999999999\"")],
                    body.clone().into_bytes(),
                ),
                (
                    at.clone(),
                    vec![("content-type", kind), ("if-match", "W/\"x\""), ("idempotency-key", &long[..300])],
                    body.clone().into_bytes(),
                ),
                (
                    at.clone(),
                    vec![("x-purpose", "no purpose \u{7f}".trim_end_matches('\u{7f}'))],
                    body.clone().into_bytes(),
                ),
                (
                    format!("{at}?limit=-1&after=%ff&q=%00&x=%27;--"),
                    vec![("content-type", kind)],
                    body.clone().into_bytes(),
                ),
                (
                    path.replace("{id}", "..%2f..%2fetc").replace("{view}", "%00"),
                    vec![("content-type", kind)],
                    body.clone().into_bytes(),
                ),
                (
                    path.replace("{id}", NOBODY).replace("{view}", &long),
                    vec![("content-type", kind), ("if-match", "\"1\"")],
                    body.clone().into_bytes(),
                ),
            ];
            for wrong in [
                &b"{"[..],
                b"[]",
                b"null",
                b"{\"fields\": {\"a\": 1}}",
                b"{\"fields\": {\"\": \"\"}, \"state\": \"\\u0000\"}",
                b"\xff\xfe",
                b"\0",
            ] {
                hostile.push((at.clone(), vec![("content-type", kind), ("if-match", &version)], wrong.to_vec()));
            }
            for (address, headers, body) in hostile {
                let body = if media.is_some() { &body[..] } else { b"" };
                let answer = send(&mut visitor, &token, method, &address, &headers, body);
                described.check(&format!("{said}, as {address} {headers:?}"), operation, &answer);
                sent += 1;
            }
            // Without the token or a session nothing is done, and for another method the address says which it has.
            if method != "get" {
                let answer = visitor.send(&method.to_uppercase(), &at, &headers, body.as_bytes());
                assert_eq!(answer.status, 403, "{said} without the token");
            }
            if !path.ends_with("openapi.json") {
                let stranger = demo.stranger().send(&method.to_uppercase(), &at, &headers, body.as_bytes());
                assert_eq!(stranger.status, 401, "{said} by a stranger");
                described.check(&said, operation, &stranger);
            }
            assert_eq!(visitor.send("TRACE", &at, &[], b"").status, 405, "{at}");
        }
    }
    println!("{sent} hostile calls, {good} good examples");
    assert!(sent > 500 && good > 40, "{sent} hostile calls, {good} good examples");
    demo.end_well();
}
