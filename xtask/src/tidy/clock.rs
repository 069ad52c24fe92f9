//! No clock outside programs.

use super::rust_source::RustSource;
use super::tree::{is_program, is_test_file};
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "clock",
    why: "the clock is an argument (terms::Clock, terms::Instant), so that a year can be run in a minute and a deadline can be tested",
    check,
};

const CODE: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Zoned::now",
    "Timestamp::now",
    "OffsetDateTime::now_utc",
];

/// Clocks that a database would read for us.
const IN_SQL: &[&str] = &["CURRENT_TIMESTAMP", "datetime('now'", "strftime('%s','now'", "julianday('now'"];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !is_program(path) && !is_test_file(path)) {
        let source = RustSource::new(text);
        for needle in CODE {
            faults.extend(
                source.lines_with(needle).map(|line| Fault::new(path, line, format!("`{needle}` reads a clock"))),
            );
        }
        for (line, content) in &source.strings {
            if IN_SQL.iter().any(|needle| content.contains(needle)) {
                faults.push(Fault::new(path, *line, "this statement reads the clock of the database"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn a_room_must_not_read_a_clock() {
        check_one(
            &RULE,
            &[("crates/a/src/b.rs", "\nlet t = std::time::SystemTime::now();")],
            "crates/a/src/b.rs:2: `SystemTime::now`",
        );
        check_one(
            &RULE,
            &[("crates/a/src/b.rs", "\"SELECT CURRENT_TIMESTAMP\"")],
            "crates/a/src/b.rs:1: this statement",
        );
    }

    #[test]
    fn programs_and_tests_may() {
        let text = "fn t() { Instant::now(); }";
        let in_tests = "#[cfg(test)]\nmod tests { fn t() { Instant::now(); } }";
        check_clean(
            &RULE,
            &[("programs/p/src/main.rs", text), ("crates/a/tests/it/main.rs", text), ("crates/a/src/b.rs", in_tests)],
        );
        check_clean(&RULE, &[("crates/a/src/c.rs", "// Instant::now is not for us\nclock.now();")]);
    }
}
