//! ARCHITECTURE.md is true: every path that it names exists, and every crate of the workspace has its sentence there.

use super::manifests::packages;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "architecture",
    why: "a map that names what is gone, or leaves out what is there, is worse than none",
    check,
};

const MAP: &str = "ARCHITECTURE.md";
const READ: &[&str] = &[MAP, "CONTRIBUTING.md"];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for document in READ {
        let Some(text) = tree.text(document) else {
            faults.push(Fault::new(document, None, "is missing"));
            continue;
        };
        for (line, path) in paths(text) {
            if !tree.exists(&path) {
                faults.push(Fault::new(document, line, format!("`{path}` does not exist")));
            }
        }
    }
    let map = tree.text(MAP).unwrap_or_default();
    for package in packages(tree) {
        if !map.contains(&format!("`{}`", package.folder)) {
            faults.push(Fault::new(MAP, None, format!("`{}` has no sentence", package.folder)));
        }
    }
    faults
}

/// What stands in backticks and has the shape of a path in this repository. Addresses begin with `/`; a pattern with `*` and
/// an example with `<…>` or `…` name no file.
fn paths(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let quoted = line.split('`').skip(1).step_by(2);
            let shaped = quoted.filter(|token| {
                let has_path_shape =
                    token.contains('/') || [".md", ".rs", ".toml"].iter().any(|end| token.ends_with(end));
                let is_other = token.starts_with('/') || token.contains(|c: char| " *<>{}…:=$".contains(c));
                has_path_shape && !is_other
            });
            found.extend(shaped.map(|token| (number + 1, token.to_owned())));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    const CRATE: (&str, &str) = ("crates/a/Cargo.toml", "[package]\nname = \"a\"");
    const GUIDE: (&str, &str) =
        ("CONTRIBUTING.md", "Run `cargo xtask test`; pages are at `/matcha/x`, kinds in `services/*/kinds.toml`.");

    #[test]
    fn a_path_that_does_not_exist_fails() {
        check_one(
            &RULE,
            &[CRATE, GUIDE, (MAP, "`crates/a`\nsee `crates/a/src/gone.rs`")],
            "ARCHITECTURE.md:2: `crates/a/src/gone.rs`",
        );
        check_clean(&RULE, &[CRATE, GUIDE, (MAP, "`crates/a` and `crates/a/Cargo.toml`, `crates/<room>/src`")]);
    }

    #[test]
    fn a_crate_without_a_sentence_fails() {
        check_one(
            &RULE,
            &[CRATE, GUIDE, (MAP, "crates/a without backticks")],
            "ARCHITECTURE.md: `crates/a` has no sentence",
        );
    }
}
