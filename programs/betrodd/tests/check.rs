//! `betrodd check` as users run it: its exit status, and its three forms.

#![expect(clippy::unwrap_used, reason = "a test says what it expected by stopping")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// From the root of the repository, as the paths in the arguments are.
fn check(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_betrodd"));
    command.current_dir(root).arg("check").args(["--on", "2026-11-21"]).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&text(output)).unwrap()
}

const GOOD: &str = "crates/agreement/tests/art28/whole/blocks-nothing.md";
const BLOCKED: &str = "services/matcha/agreement.sv.md";
const FAULTY: &str = "crates/agreement/tests/bad/no-title.md";

#[test]
fn the_exit_status_says_whether_anything_blocks() {
    for (files, status) in [
        (vec![GOOD], 0),
        (vec![BLOCKED], 1),
        (vec![FAULTY], 1),
        (vec![GOOD, BLOCKED], 1),
        (vec!["no-such-file.md"], 2),
        (vec![GOOD, "no-such-file.md"], 2),
        (vec![], 2),
    ] {
        assert_eq!(check(&files).status.code(), Some(status), "{files:?}");
    }
}

#[test]
fn people_are_told_in_swedish_and_when_asked_in_english() {
    let swedish = text(&check(&[BLOCKED]));
    assert!(
        swedish.contains("HINDRAR att avtalet används") && swedish.contains("B07  Känsliga personuppgifter"),
        "{swedish}"
    );
    let english = text(&check(&[BLOCKED, "--english"]));
    assert!(
        english.contains("KEEPS the agreement from being used") && english.contains("B07  Special categories"),
        "{english}"
    );
    assert!(text(&check(&[FAULTY])).contains("fault"));
}

#[test]
fn json_holds_every_check_and_every_fault() {
    let told = json(&check(&[BLOCKED, FAULTY, "--json"]));
    let files = told["files"].as_array().unwrap();
    let findings = files[0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), agreement::art28::checks().count());
    assert!(findings.iter().all(|it| it["says"]["sv"].is_string() && it["says"]["en"].is_string()));
    assert_eq!(files[0]["blocks"], true);
    assert!(!files[1]["faults"].as_array().unwrap().is_empty());
}

/// What SARIF 2.1.0 demands of the parts that are used here.
#[test]
fn sarif_is_sarif() {
    let told = json(&check(&[BLOCKED, FAULTY, "--sarif"]));
    assert_eq!(told["version"], "2.1.0");
    let run = &told["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(run["tool"]["driver"]["name"].is_string());
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!([BLOCKED, FAULTY].contains(&file), "{file}");
    }
    assert!(results.iter().any(|it| it["ruleId"] == "B07" && it["level"] == "error"));
    assert!(results.iter().any(|it| it["ruleId"] == "reader"));
}

#[test]
fn an_old_day_is_answered_by_the_law_of_that_day() {
    let verdict = |day: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new(env!("CARGO_BIN_EXE_betrodd"));
        let output = command.current_dir(root).args(["check", BLOCKED, "--json", "--on", day]).output().unwrap();
        let told = json(&output);
        let findings = told["files"][0]["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|it| it["id"] == "A07").unwrap()["verdict"].clone()
    };
    // The authority had that name until the end of 2020.
    assert_eq!(verdict("2020-12-31"), "pass");
    assert_eq!(verdict("2021-01-01"), "warn");
}
