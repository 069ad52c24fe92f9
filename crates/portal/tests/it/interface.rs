//! The interface for programs.

use axum::http::{Request, StatusCode};
use serde_json::Value as Json;

use crate::stand_in::{Seen, Visitor};

fn write(visitor: &Visitor, method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> (Seen, Json) {
    let mut request = Request::builder().method(method).uri(address).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let seen = visitor.send(request, body.to_owned());
    let json = serde_json::from_str(&seen.body).unwrap_or(Json::Null);
    (seen, json)
}

const TOKEN: (&str, &str) = ("x-csrf", "token");
const PERSON: &str = r#"{"fields": {"given-name": "Åsa", "family-name": "Åkerlund"}}"#;

#[test]
fn a_program_writes_reads_and_changes_a_record() {
    let visitor = Visitor::signed_in("worker");
    let (made, json) = write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN], PERSON);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let address = made.header("location").to_owned();
    assert!(address.ends_with(json["id"].as_str().unwrap()));
    let read = visitor.get(&address);
    assert_eq!(read.header("etag"), "\"1\"");
    let record: Json = serde_json::from_str(&read.body).unwrap();
    assert_eq!(record["fields"]["given-name"], "Åsa");
    let (changed, json) =
        write(&visitor, "PUT", &address, &[TOKEN, ("if-match", "\"1\"")], r#"{"fields": {"given-name": "Åse"}}"#);
    assert_eq!((changed.status, json["version"].as_u64()), (StatusCode::OK, Some(2)));
    let (late, json) = write(&visitor, "PUT", &address, &[TOKEN, ("if-match", "\"1\"")], r#"{"fields": {}}"#);
    assert_eq!((late.status, json["version"].as_u64()), (StatusCode::PRECONDITION_FAILED, Some(2)));
    let list: Json = serde_json::from_str(&visitor.get("/api/v1/matcha/deltagare").body).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_refusal_is_a_problem_with_its_clause() {
    let visitor = Visitor::signed_in("worker");
    let body = r#"{"fields": {"given-name": "A", "family-name": "B", "religion": "x"}}"#;
    let (seen, json) = write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN], body);
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    assert_eq!(seen.header("content-type"), "application/problem+json");
    assert_eq!((json["reason"].as_str(), json["field"].as_str()), (Some("field-not-declared"), Some("religion")));
    assert!(json["clause"].is_string() && json["number"].is_string() && json["changer"].is_string());
    let marketing = Request::get("/api/v1/matcha/deltagare").header("x-purpose", "marketing");
    let refused = visitor.send(marketing, String::new());
    assert!(refused.body.contains("purpose-not-agreed"), "{}", refused.body);
}

#[test]
fn faults_name_their_fields_and_never_the_values() {
    let visitor = Visitor::signed_in("worker");
    let body = r#"{"fields": {"given-name": "A", "family-name": "B", "birth-date": "hemligt"}}"#;
    let (seen, json) = write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN], body);
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json["faults"][0]["field"], "birth-date");
    assert!(!seen.body.contains("hemligt"));
}

#[test]
fn a_mistyped_address_is_a_problem_and_never_a_way_to_log_in() {
    for visitor in [Visitor::new(false, false), Visitor::signed_in("worker")] {
        for address in
            ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/matcha", "/api/v2/matcha/deltagare", "/api/v1/a/b/c/d"]
        {
            let seen = visitor.get(address);
            assert_eq!(seen.status, StatusCode::NOT_FOUND, "{address}");
            assert_eq!(seen.header("content-type"), "application/problem+json", "{address}");
        }
    }
}

#[test]
fn without_session_token_or_sense_nothing_is_written() {
    let visitor = Visitor::signed_in("worker");
    let post = |headers: &[(&str, &str)], body: &str| {
        write(&visitor, "POST", "/api/v1/matcha/deltagare", headers, body).0.status
    };
    assert_eq!(post(&[], PERSON), StatusCode::FORBIDDEN);
    assert_eq!(post(&[TOKEN], "{"), StatusCode::BAD_REQUEST);
    assert_eq!(post(&[TOKEN], r#"{"fields": {"given-name": 1}}"#), StatusCode::BAD_REQUEST);
    assert_eq!(post(&[TOKEN], &"a".repeat(300_000)), StatusCode::PAYLOAD_TOO_LARGE);
    let stranger = Visitor::new(false, false).get("/api/v1/matcha/deltagare");
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let support = Visitor::signed_in("support").get("/api/v1/matcha/deltagare");
    assert_eq!(support.status, StatusCode::FORBIDDEN);
}
