//! The repository speaks of itself alone: no path of somebody's machine, no host that packages were fetched from.

use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "machine",
    why: "a fresh clone builds on a machine that we do not know; paths of one machine and the addresses of its package sources help nobody there",
    check,
};

/// Beginnings of paths that exist on one machine only.
const PATHS: &[&str] = &["/work/", "/home/", "/root/", "/Users/", "C:\\Users\\", "/tmp/"];

/// Hosts and settings that say where packages were fetched from.
const SOURCES: &[&str] = &[
    "index.crates.io",
    "static.crates.io",
    "registry.npmjs",
    "pypi.org",
    "proxy.golang.org",
    "artifactory",
    "jfrog",
    "replace-with",
    "[registries",
];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    // The rules themselves must name what they look for; the lock file has a rule of its own.
    let read = tree.all().filter(|(path, _)| !path.starts_with("xtask/src/tidy/") && *path != "Cargo.lock");
    for (path, text) in read {
        for (number, line) in text.lines().enumerate() {
            if let Some(needle) = PATHS.iter().find(|needle| begins_a_path(line, needle)) {
                faults.push(Fault::new(path, number + 1, format!("`{needle}` is a path of one machine")));
            }
            if let Some(needle) = SOURCES.iter().find(|needle| line.contains(**needle)) {
                faults.push(Fault::new(path, number + 1, format!("`{needle}` says where packages were fetched from")));
            }
        }
    }
    faults
}

/// `/work/` begins a path in `see /work/x`, and does not in `https://example.com/work/x` or `frame/work/x`.
fn begins_a_path(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '~' | '}' | '>'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn no_path_of_one_machine() {
        check_one(&RULE, &[("README.md", "see `/home/anna/x`")], "README.md:1: `/home/`");
        check_clean(&RULE, &[("README.md", "see https://example.com/home/x and services/work/x")]);
    }

    #[test]
    fn no_package_source() {
        check_one(
            &RULE,
            &[(".cargo/config.toml", "[source.crates-io]\nreplace-with = \"x\"")],
            ".cargo/config.toml:2: `replace-with`",
        );
    }
}
