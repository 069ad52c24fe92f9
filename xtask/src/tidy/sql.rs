//! No SQL outside storage.

use super::manifests::packages;
use super::rust_source::RustSource;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "sql",
    why: "the port of crates/storage is the only way to a database, so that both engines keep the same guarantees",
    check,
};

const DRIVERS: &[&str] = &["rusqlite", "libsqlite3-sys", "tokio-postgres", "postgres", "sqlx", "diesel"];

const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages(tree).iter().filter(|package| package.folder != "crates/storage") {
        for name in
            package.dependencies.iter().chain(&package.dev_dependencies).filter(|name| DRIVERS.contains(&name.as_str()))
        {
            faults.push(Fault::new(&package.manifest(), None, format!("`{name}` is a database driver")));
        }
    }
    for (path, text) in
        tree.ending(".rs").filter(|(path, _)| !path.starts_with("crates/storage/") && !path.starts_with("xtask/"))
    {
        for (line, content) in RustSource::new(text).strings {
            let content = content.trim_start();
            if let Some(word) = STATEMENTS.iter().find(|word| content.starts_with(**word)) {
                faults.push(Fault::new(path, line, format!("a statement that begins with `{}`", word.trim_end())));
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
    fn no_driver_outside_storage() {
        let manifest = "[package]\nname = \"a\"\n[dev-dependencies]\nrusqlite.workspace = true";
        check_one(&RULE, &[("crates/a/Cargo.toml", manifest)], "crates/a/Cargo.toml: `rusqlite`");
        check_clean(&RULE, &[("crates/storage/Cargo.toml", manifest)]);
    }

    #[test]
    fn no_statement_outside_storage() {
        check_one(&RULE, &[("bench/src/lib.rs", "\n\n\"SELECT a FROM b\"")], "bench/src/lib.rs:3: a statement");
        check_clean(&RULE, &[("crates/a/src/lib.rs", "\"Select a person\" // SELECT a")]);
    }
}
