//! What may stand in Cargo.lock. The same bans stand in deny.toml for `cargo deny`, which knows licences and advisories too;
//! this rule needs nothing installed.

use super::manifests::packages;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "lock",
    why: "one TLS and one cipher library, no sources but the public registry, and a cold build that stays affordable",
    check,
};

const BANNED: &[&str] = &["openssl", "openssl-sys", "native-tls"];
const BANNED_DIRECT: &[&str] = &["chrono", "time"];
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
const MAX_PACKAGES: usize = 600;

fn check(tree: &Tree) -> Vec<Fault> {
    const PATH: &str = "Cargo.lock";
    let mut faults = Vec::new();
    for package in packages(tree) {
        for name in package.dependencies.iter().filter(|name| BANNED_DIRECT.contains(&name.as_str())) {
            faults.push(Fault::new(&package.manifest(), None, format!("`{name}`: dates and times are jiff's")));
        }
    }
    let Some(text) = tree.text(PATH) else {
        faults.push(Fault::new(PATH, None, "is not tracked"));
        return faults;
    };
    let Ok(document) = text.parse::<toml_edit::DocumentMut>() else {
        faults.push(Fault::new(PATH, None, "is no TOML"));
        return faults;
    };
    let locked: Vec<(&str, Option<&str>)> = document
        .get("package")
        .and_then(toml_edit::Item::as_array_of_tables)
        .into_iter()
        .flatten()
        .filter_map(|table| {
            Some((table.get("name")?.as_str()?, table.get("source").and_then(|source| source.as_str())))
        })
        .collect();
    for (name, source) in &locked {
        if BANNED.contains(name) {
            faults.push(Fault::new(PATH, None, format!("`{name}` is banned: TLS and ciphers are those of aws-lc-rs")));
        }
        if source.is_some_and(|source| source != REGISTRY) {
            faults.push(Fault::new(PATH, None, format!("`{name}` comes from another source than the public registry")));
        }
    }
    if locked.len() > MAX_PACKAGES {
        faults.push(Fault::new(PATH, None, format!("{} packages (at most {MAX_PACKAGES})", locked.len())));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn banned_packages_and_git_sources_fail() {
        check_one(
            &RULE,
            &[("Cargo.lock", "[[package]]\nname = \"openssl-sys\"")],
            "Cargo.lock: `openssl-sys` is banned",
        );
        let git = "[[package]]\nname = \"x\"\nsource = \"git+https://example.com/x\"";
        check_one(&RULE, &[("Cargo.lock", git)], "Cargo.lock: `x` comes from another source");
        check_clean(&RULE, &[("Cargo.lock", "[[package]]\nname = \"terms\"")]);
    }

    #[test]
    fn dates_are_jiffs() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nchrono = \"1\"";
        check_one(&RULE, &[("Cargo.lock", ""), ("crates/a/Cargo.toml", manifest)], "crates/a/Cargo.toml: `chrono`");
    }
}
