//! The guides say what is so: every `toml` example is read, every `$ betrodd …` is run, and what it shows is compared.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expected by stopping")]

use std::path::{Path, PathBuf};
use std::process::Command;

use agreement::{Agreement, Layer};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap()
}

/// The small agreement within which an example is read.
const FRAME: &str = "crates/agreement/tests/bad/frame.md";

/// The fenced blocks of a language in a guide.
fn fenced<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

fn check_toml(guide: &str, block: &str) {
    let (first, rest) = block.split_once('\n').unwrap();
    let from = first.strip_prefix("# ").unwrap_or_else(|| panic!("{guide}: an example begins with a comment: {block}"));
    if from.ends_with(".md") {
        assert!(read(from).contains(rest), "{guide}: this does not stand in {from}:\n{rest}");
        return;
    }
    let frame = read(FRAME);
    let agreement = Agreement::read(FRAME, &frame).unwrap_or_else(|faults| panic!("{faults}"));
    if block.contains("[layer]") {
        let text = format!("# Layer {{#head}}\n\n```toml\n{block}\n```\n");
        Layer::read(guide, &text, &agreement).unwrap_or_else(|faults| panic!("{guide}: {block}\n{faults}"));
    } else {
        let text = format!("{frame}\n## 9 Example {{#example}}\n\n```toml\n{block}\n```\n");
        Agreement::read(guide, &text).unwrap_or_else(|faults| panic!("{guide}: {block}\n{faults}"));
    }
}

/// Runs the command, and holds each line that is shown against what it said, in order. `…` stands for anything.
fn check_command(guide: &str, command: &str, shown: &[&str]) {
    let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
    let mut program = Command::new(env!("CARGO_BIN_EXE_betrodd"));
    let said = program.current_dir(repository("")).args(&arguments).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let mut lines = said.lines();
    let mut any = false;
    for wanted in shown {
        if *wanted == "…" {
            any = true;
            continue;
        }
        // A line may end in `…` too: a date that moves.
        let is = |line: &str| match wanted.strip_suffix('…') {
            Some(begins) => line.starts_with(begins),
            None => line == *wanted,
        };
        let found = if any { lines.any(is) } else { lines.next().is_some_and(is) };
        assert!(found, "{guide}: `{command}` does not say\n{wanted}\nIt says\n{said}");
        any = false;
    }
    assert!(any || lines.all(str::is_empty), "{guide}: `{command}` says more:\n{said}");
}

fn check(guide: &str) {
    let text = read(guide);
    let examples = fenced(&text, "toml");
    assert!(examples.len() >= 8, "{guide}");
    examples.iter().for_each(|block| check_toml(guide, block));
    let mut run = 0;
    for block in fenced(&text, "console") {
        for part in block.split("$ betrodd").skip(1) {
            let part = format!("betrodd{part}");
            let mut lines = part.lines();
            let command = lines.next().unwrap();
            check_command(guide, command, &lines.collect::<Vec<_>>());
            run += 1;
        }
    }
    assert!(run >= 6, "{guide}: {run} commands");
}

#[test]
fn the_swedish_guide_is_so() {
    check("docs/guides/avtal.md");
}

#[test]
fn the_english_guide_is_so() {
    check("docs/guides/agreement.md");
}

#[test]
fn the_schemas_that_are_printed_are_those_in_docs() {
    for (of, file) in [("terms", "agreement-terms"), ("kinds", "kinds")] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_betrodd"));
        let said = program.args(["schema", of]).output().unwrap().stdout;
        assert_eq!(String::from_utf8(said).unwrap(), read(&format!("docs/schemas/{file}.schema.json")));
    }
}
