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

#[test]
fn a_problem_speaks_the_callers_language_and_its_type_is_a_page() {
    let visitor = Visitor::signed_in("worker");
    for (language, word) in [("sv", "Finns inte"), ("en", "Not there")] {
        let request = Request::get("/api/v1/matcha/deltagare/0").header("accept-language", language);
        let seen = visitor.send(request, String::new());
        let json: Json = serde_json::from_str(&seen.body).unwrap();
        assert_eq!((seen.status, json["title"].as_str()), (StatusCode::NOT_FOUND, Some(word)));
        assert_eq!((seen.header("content-language"), json["status"].as_u64()), (language, Some(404)));
        let page = visitor
            .send(Request::get(json["type"].as_str().unwrap()).header("accept-language", language), String::new());
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(word));
    }
    assert_eq!(visitor.get("/problems").status, StatusCode::OK);
    assert_eq!(visitor.get("/problems/none").status, StatusCode::NOT_FOUND);
}

#[test]
fn faults_are_sentences_for_people_too() {
    let visitor = Visitor::signed_in("worker");
    let body = r#"{"fields": {"given-name": "A", "family-name": "B", "birth-date": "x"}}"#;
    let (_, json) = write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN, ("accept-language", "en")], body);
    assert_eq!(json["faults"][0]["label"], "Date of birth");
    assert!(json["faults"][0]["detail"].as_str().unwrap().starts_with("Date of birth is"), "{json}");
}

#[test]
fn a_method_a_form_and_a_media_type_that_are_not_there_are_problems() {
    let visitor = Visitor::signed_in("worker");
    let of = |method: &str, headers: &[(&str, &str)], body: &str| {
        let mut all = vec![TOKEN];
        all.extend_from_slice(headers);
        let mut request = Request::builder().method(method).uri("/api/v1/matcha/deltagare");
        for (name, value) in all {
            request = request.header(name, value);
        }
        visitor.send(request, body.to_owned())
    };
    let deleted = of("DELETE", &[], "");
    assert_eq!(
        (deleted.status, deleted.header("content-type")),
        (StatusCode::METHOD_NOT_ALLOWED, "application/problem+json")
    );
    assert!(deleted.header("allow").contains("POST"), "{}", deleted.header("allow"));
    assert_eq!(of("GET", &[("accept", "text/html")], "").status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(of("GET", &[("accept", "text/html, */*;q=0.1")], "").status, StatusCode::OK);
    assert_eq!(of("POST", &[("content-type", "text/plain")], PERSON).status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(of("POST", &[("content-type", "application/json; charset=utf-8")], PERSON).status, StatusCode::CREATED);
    assert_eq!(of("HEAD", &[], "").status, StatusCode::OK);
    assert_eq!(visitor.send(Request::post("/problems"), String::new()).status, StatusCode::METHOD_NOT_ALLOWED);
    for key in ["", &"k".repeat(256)] {
        assert_eq!(
            of("POST", &[("content-type", "application/json"), ("idempotency-key", key)], PERSON).status,
            StatusCode::BAD_REQUEST
        );
    }
    let foreign = of("POST", &[("origin", "https://elsewhere.example"), ("host", "here.example")], PERSON);
    assert_eq!((foreign.status, foreign.header("content-type")), (StatusCode::FORBIDDEN, "application/problem+json"));
}

#[test]
fn a_change_names_the_version_that_was_seen() {
    let visitor = Visitor::signed_in("worker");
    let (made, _) = write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN], PERSON);
    assert_eq!(made.header("etag"), "\"1\"");
    let address = made.header("location").to_owned();
    let change = |more: &[(&str, &str)], body: &str| {
        let mut all = vec![TOKEN];
        all.extend_from_slice(more);
        write(&visitor, "PUT", &address, &all, body)
    };
    let body = r#"{"fields": {"given-name": "Åse"}}"#;
    for none in [&[][..], &[("if-match", "*")]] {
        let (seen, json) = change(none, body);
        assert_eq!(
            (seen.status, json["type"].as_str()),
            (StatusCode::PRECONDITION_REQUIRED, Some("/problems/version-required"))
        );
    }
    for wrong in ["x", "\"1\", \"2\""] {
        assert_eq!(change(&[("if-match", wrong)], body).0.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let both = r#"{"fields": {}, "version": 2}"#;
    assert_eq!(change(&[("if-match", "\"1\"")], both).0.status, StatusCode::BAD_REQUEST);
    assert_eq!(change(&[("if-match", "\"7\"")], body).1["version"], 1);
    assert_eq!(change(&[("if-match", "\"1\"")], body).0.header("etag"), "\"2\"");
    let again = |tag: &str| visitor.send(Request::get(&address).header("if-none-match", tag), String::new());
    let unchanged = again("\"2\"");
    assert_eq!(
        (unchanged.status, unchanged.body.as_str(), unchanged.header("etag")),
        (StatusCode::NOT_MODIFIED, "", "\"2\"")
    );
    assert_eq!(again("W/\"1\", W/\"2\"").status, StatusCode::NOT_MODIFIED);
    assert_eq!(again("\"1\"").status, StatusCode::OK);
}

#[test]
fn a_listing_goes_on_where_its_link_leads() {
    let visitor = Visitor::signed_in("worker");
    for _ in 0..3 {
        write(&visitor, "POST", "/api/v1/matcha/deltagare", &[TOKEN], PERSON);
    }
    let first = visitor.get("/api/v1/matcha/deltagare?limit=2");
    let json: Json = serde_json::from_str(&first.body).unwrap();
    let link = first.header("link").strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
    assert!(link.contains(json["next"].as_str().unwrap()));
    let second = visitor.get(link);
    let json: Json = serde_json::from_str(&second.body).unwrap();
    assert_eq!((json["items"].as_array().unwrap().len(), json["next"].is_null(), second.header("link")), (1, true, ""));
    for wrong in [
        "limit=0",
        "limit=201",
        "limit=x",
        "after=x",
        "parent=1",
        "x=1",
        "given-name=a",
        "state=x",
        "limit=1&limit=2",
        "q=a&state=open",
    ] {
        let seen = visitor.get(&format!("/api/v1/matcha/deltagare?{wrong}"));
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(seen.body.contains("/problems/parameter"), "{}", seen.body);
    }
}
