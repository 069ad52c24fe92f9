//! The tracked files, read once and shared by all rules.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Text files by their path from the root of the repository, with `/` between the parts.
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads what git tracks or would track. A file that is no text counts as an empty one: its path still exists.
    pub fn read(root: &Path) -> Result<Self, String> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("git is needed to list the tracked files: {error}"))?;
        if !listed.status.success() {
            return Err(format!("git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr).trim()));
        }
        let names = String::from_utf8(listed.stdout).map_err(|_| "a tracked path is no UTF-8".to_owned())?;
        let mut files = BTreeMap::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            // Listed and gone: deleted in the working copy, and not our matter.
            let Ok(bytes) = std::fs::read(root.join(name)) else { continue };
            files.insert(name.to_owned(), String::from_utf8(bytes).unwrap_or_default());
        }
        Ok(Self { files })
    }

    /// A small tree for the tests of a rule.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// All files in order of their paths.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files that end so, for example `.rs` or `/Cargo.toml`.
    pub fn ending(&self, end: &str) -> impl Iterator<Item = (&str, &str)> {
        self.all().filter(move |(path, _)| path.ends_with(end))
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether a file or a folder lies there.
    pub fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty() || self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }
}

/// Rust outside every crate's tests folder. Tests may do what rooms may not: read a clock, bend a table, name a number.
pub fn is_test_file(path: &str) -> bool {
    path.starts_with("e2e/") || path.contains("/tests/") || path.contains("/examples/") || path.ends_with("/tests.rs")
}

/// The programs and the tools of the house, which hang the rooms up and may touch the world.
pub fn is_program(path: &str) -> bool {
    ["programs/", "bench/", "xtask/", "e2e/"].iter().any(|start| path.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_when_a_file_lies_in_it() {
        let tree = Tree::of(&[("crates/terms/src/lib.rs", "")]);
        assert!(tree.exists("crates/terms/"));
        assert!(tree.exists("crates/terms/src/lib.rs"));
        assert!(!tree.exists("crates/term"));
    }
}
