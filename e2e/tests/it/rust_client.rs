//! The example of a client in Rust works as its text says: run against a real program, with a key of a person's.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::people::{Demo, UNIT_HEAD};

#[test]
fn a_client_in_rust_reads_writes_once_and_tells_a_refusal_by_its_clause() {
    let demo = Demo::start();
    let mut head = demo.enter(UNIT_HEAD);
    let token = head.token();
    let headers = [("content-type", "application/json"), ("x-csrf", token.as_str())];
    let made = head.send("POST", "/api/v1/matcha/keys", &headers, br#"{"name": "klient", "days": 1}"#).with_status(201);
    let made: serde_json::Value = serde_json::from_str(&made.body).expect("JSON");
    let key = made["key"].as_str().expect("a key");
    // Examples are built with the tests, beside their folder.
    let tests = std::env::current_exe().expect("a path");
    let client = tests.ancestors().nth(2).expect("target/debug").join("examples").join("client");
    let mut running = Command::new(client)
        .args([demo.program.address(), "/api/v1/matcha/deltagare"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example runs");
    running.stdin.take().expect("a pipe").write_all(format!("{key}\n").as_bytes()).expect("it reads its key");
    let ended = running.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines[0].strip_prefix("records: ").and_then(|count| count.parse::<u32>().ok()).is_some_and(|n| n > 0),
        "{said}"
    );
    assert_eq!(lines[1..3], ["made: 201 true", "changed: 200 412"]);
    assert!(lines[3].starts_with("refused: 403 \"field-not-declared\" \""), "{said}");
    demo.end_well();
}
