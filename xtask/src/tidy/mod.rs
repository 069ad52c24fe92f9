//! The rules of the house as tests: one rule, one file, with the sentence that explains it.
//!
//! A rule reads the tracked files and nothing else. It is rough on purpose: it reads text, not types, and what it cannot see
//! is left to review. A rule that cries wolf is mended here, never silenced where it cried.

mod agreement_languages;
mod architecture;
mod arrows;
mod ciphers;
mod clause_coverage;
mod clause_numbers;
mod clock;
mod environment;
mod length;
mod links;
mod lock;
mod machine;
mod manifests;
mod personnummer;
mod rust_source;
mod silence;
mod sql;
mod trace;
mod tree;
mod words;

use std::path::Path;

pub use tree::{Tree, is_test_file};

/// One rule: its name, the sentence that explains it, and the check.
struct Rule {
    name: &'static str,
    why: &'static str,
    check: fn(&Tree) -> Vec<Fault>,
}

/// The rules in the order in which they are printed.
const RULES: &[Rule] = &[
    arrows::RULE,
    clock::RULE,
    sql::RULE,
    ciphers::RULE,
    environment::RULE,
    silence::RULE,
    length::RULE,
    machine::RULE,
    lock::RULE,
    architecture::RULE,
    links::RULE,
    words::RULE,
    clause_numbers::RULE,
    personnummer::RULE,
    agreement_languages::RULE,
    clause_coverage::RULE,
    trace::RULE,
];

/// What a rule found.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    path: String,
    line: Option<usize>,
    message: String,
    /// A warning is printed and does not fail.
    warning: bool,
}

impl Fault {
    fn new(path: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: line.into(), message: message.into(), warning: false }
    }
}

/// Runs all rules over the tracked files under `root` and prints what they find. True when nothing fails.
///
/// # Errors
/// When the files cannot be listed or read.
pub fn run(root: &Path) -> Result<bool, String> {
    let tree = Tree::read(root)?;
    let mut failed = 0;
    for rule in RULES {
        let faults = (rule.check)(&tree);
        if faults.is_empty() {
            continue;
        }
        println!("{}: {}", rule.name, rule.why);
        for fault in &faults {
            let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
            let mark = if fault.warning { "warning: " } else { "" };
            println!("  {}{line}: {mark}{}", fault.path, fault.message);
        }
        failed += faults.iter().filter(|fault| !fault.warning).count();
    }
    println!("tidy: {} rules over {} files, {failed} faults", RULES.len(), tree.len());
    Ok(failed == 0)
}

#[cfg(test)]
fn faults(rule: &Rule, files: &[(&str, &str)]) -> Vec<String> {
    (rule.check)(&Tree::of(files))
        .into_iter()
        .map(|fault| match fault.line {
            Some(line) => format!("{}:{line}: {}", fault.path, fault.message),
            None => format!("{}: {}", fault.path, fault.message),
        })
        .collect()
}

/// The rule finds exactly one fault in `files`, and its line begins so.
#[cfg(test)]
#[track_caller]
fn check_one(rule: &Rule, files: &[(&str, &str)], begins: &str) {
    let found = faults(rule, files);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(begins), "{found:?}");
}

/// The rule finds nothing in `files`.
#[cfg(test)]
#[track_caller]
fn check_clean(rule: &Rule, files: &[(&str, &str)]) {
    assert_eq!(faults(rule, files), Vec::<String>::new());
}
