//! Ciphers only in the vault.

use super::manifests::packages;
use super::rust_source::RustSource;
use super::{Fault, Rule, Tree};

pub const RULE: Rule = Rule {
    name: "ciphers",
    why: "sealing has one place, crates/vault, so that its associated data, commitments and keys are read in one place",
    check,
};

const NAMES: &[&str] = &[
    "aead",
    "LessSafeKey",
    "SealingKey",
    "OpeningKey",
    "UnboundKey",
    "AES_128_GCM",
    "AES_256_GCM",
    "AES_128_GCM_SIV",
    "AES_256_GCM_SIV",
    "CHACHA20_POLY1305",
];

const CRATES: &[&str] = &["aes-gcm", "aes-gcm-siv", "chacha20poly1305", "aes", "ring", "openssl", "sodiumoxide", "age"];

fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages(tree).iter().filter(|package| package.folder != "crates/vault") {
        for name in package.dependencies.iter().filter(|name| CRATES.contains(&name.as_str())) {
            faults.push(Fault::new(&package.manifest(), None, format!("`{name}` is a cipher")));
        }
    }
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !path.starts_with("crates/vault/")) {
        let source = RustSource::new(text);
        for name in NAMES {
            faults
                .extend(source.lines_with(name).map(|line| Fault::new(path, line, format!("`{name}` names a cipher"))));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    #[test]
    fn only_the_vault_names_a_cipher() {
        let text = "use aws_lc_rs::aead;";
        check_one(&RULE, &[("crates/storage/src/keys.rs", text)], "crates/storage/src/keys.rs:1: `aead`");
        check_clean(
            &RULE,
            &[("crates/vault/src/seal.rs", text), ("crates/journal/src/leaf.rs", "use aws_lc_rs::digest; // no aead")],
        );
    }
}
