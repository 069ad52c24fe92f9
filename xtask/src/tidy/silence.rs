//! A lint is silenced with a reason, or not at all.

use super::rust_source::RustSource;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "silence",
    why: "`#[expect(…, reason = \"…\")]` says why and complains when it is no longer needed; `#[allow]` does neither. A test that is not run proves nothing",
    check,
};

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let source = RustSource::with_tests(text);
        for (at, attribute) in attributes(&source.code) {
            let line = source.code[..at].matches('\n').count() + 1;
            let begins = attribute.trim_start();
            if begins.starts_with("allow(") {
                faults.push(Fault::new(path, line, "`#[allow]` silences without a reason"));
            } else if begins.starts_with("expect(") && !begins.contains("reason") {
                faults.push(Fault::new(path, line, "`#[expect]` without a reason"));
            } else if begins.starts_with("ignore") {
                faults.push(Fault::new(path, line, "`#[ignore]` skips a test"));
            }
        }
    }
    faults
}

/// Where attributes begin, and what stands in their brackets.
fn attributes(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.match_indices('#').filter_map(|(at, _)| {
        let rest = code[at + 1..].strip_prefix('!').unwrap_or(&code[at + 1..]).strip_prefix('[')?;
        Some((at, &rest[..rest.find(']')?]))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn silence_has_a_reason() {
        check_one(&RULE, &[("a/src/b.rs", "#![allow(clippy::unwrap_used)]")], "a/src/b.rs:1: `#[allow]`");
        check_one(&RULE, &[("a/src/b.rs", "\n#[expect(dead_code)]")], "a/src/b.rs:2: `#[expect]` without a reason");
        check_one(&RULE, &[("a/src/b.rs", "#[test]\n#[ignore]\nfn a() {}")], "a/src/b.rs:2: `#[ignore]`");
        check_clean(&RULE, &[("a/src/b.rs", "#[expect(\n dead_code,\n reason = \"the index is checked above\")]")]);
        check_clean(&RULE, &[("a/src/b.rs", "// #[allow(x)]")]);
    }
}
