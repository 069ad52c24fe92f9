//! What must not compile: the doors that types hold shut.
//!
//! Each file in `compile_fail/` is one attempt. Its first line says which crates it knows and with which error the compiler
//! must answer; `control.rs` does what is right with the same crates and must compile. The compiler is asked directly, with
//! the crates that this test was built from, so that nothing is built twice; only the code of an error is compared, because its
//! words change with the compiler. The test lies here because this room alone knows every crate that the attempts name.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what it expected")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crates that attempts may name.
const CRATES: &[&str] = &["agreement", "service", "storage", "terms", "vault"];

#[test]
fn a_permit_cannot_be_forged() {
    check("a_permit_cannot_be_forged");
    check("a_permit_cannot_be_made_anew");
}

#[test]
fn a_permit_cannot_be_copied_or_used_twice() {
    check("a_permit_cannot_be_copied");
    check("a_permit_cannot_be_used_twice");
}

#[test]
fn a_grant_cannot_be_forged() {
    check("a_grant_cannot_be_forged");
}

#[test]
fn a_grant_cannot_be_copied_or_used_twice() {
    check("a_grant_cannot_be_copied");
    check("a_grant_cannot_be_used_twice");
}

#[test]
fn a_permit_opens_nothing() {
    check("a_permit_opens_nothing");
}

#[test]
fn a_service_cannot_reach_the_vault() {
    check("a_service_cannot_reach_the_vault");
    check("a_service_cannot_reach_the_storage");
}

#[test]
fn opened_values_cannot_be_printed_or_copied() {
    check("opened_values_cannot_be_printed");
    check("opened_values_cannot_be_copied");
}

#[test]
fn opened_values_cannot_be_serialized() {
    // Nothing but the vault itself could implement it for its own type, and it knows no serializer.
    let manifest = std::fs::read_to_string(folder().join("../../../vault/Cargo.toml")).unwrap();
    assert!(!manifest.contains("serde"), "crates/vault must not know serde");
}

#[test]
fn every_attempt_is_tried() {
    let here = include_str!("compile_fail.rs");
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(here.contains(&format!("\"{name}\"")), "nobody tries {name}");
    }
}

/// The attempt fails with just the error that its first line names.
#[track_caller]
fn check(name: &str) {
    let text = std::fs::read_to_string(folder().join(name).with_extension("rs")).unwrap();
    let head = text.lines().next().unwrap();
    let (knows, error) = head.strip_prefix("//@ knows: ").unwrap().split_once("; error: ").unwrap();
    let knows: Vec<&str> = knows.split(", ").collect();
    let built = built();
    let externs: Vec<_> = built.iter().filter(|(name, _)| knows.contains(name)).cloned().collect();
    assert_eq!(externs.len(), knows.len(), "{head}");
    let said = compile(name, &externs).expect_err("it compiles, and must not");
    let codes: BTreeSet<&str> =
        said.lines().filter_map(|line| line.strip_prefix("error[")?.split(']').next()).collect();
    let uncoded = said.lines().any(|line| line.starts_with("error: ") && !line.starts_with("error: aborting"));
    assert!(codes == BTreeSet::from([error]) && !uncoded, "{name} must fail with {error}, and said:\n{said}");
}

/// The crates as this test was built from them. Cargo does not tell which of the files in its folder they are, so the newest
/// of each name that fit together are taken: those with which the control compiles.
fn built() -> Vec<(&'static str, PathBuf)> {
    let mut sets = vec![Vec::new()];
    for name in CRATES {
        let candidates = candidates(name);
        assert!(!candidates.is_empty(), "`{name}` is not built where this test was built");
        sets = sets
            .into_iter()
            .flat_map(|set| {
                candidates.iter().map(move |candidate| {
                    let mut longer: Vec<(&'static str, PathBuf)> = set.clone();
                    longer.push((*name, candidate.clone()));
                    longer
                })
            })
            .collect();
    }
    let mut said = String::new();
    for set in sets {
        match compile("control", &set) {
            Ok(()) => return set,
            Err(other) => said = other,
        }
    }
    panic!("the control does not compile:\n{said}");
}

/// Files that may be that crate, the newest first. Two are enough: older ones were left behind by older builds.
fn candidates(name: &str) -> Vec<PathBuf> {
    let begin = format!("lib{name}-");
    let files = std::fs::read_dir(dependencies()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|end| end == "rlib"))
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(&begin))
        .collect();
    let made = |path: &Path| path.metadata().unwrap().modified().unwrap();
    // What is newer than this test was not built for it.
    let this = made(&std::env::current_exe().unwrap());
    found.retain(|path| made(path) <= this);
    found.sort_by_key(|path| std::cmp::Reverse(made(path)));
    found.truncate(2);
    found
}

fn compile(name: &str, externs: &[(&str, PathBuf)]) -> Result<(), String> {
    let out = tempfile::tempdir().unwrap();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args([
        "--edition",
        "2024",
        "--crate-type",
        "lib",
        "--emit",
        "metadata",
        "--color",
        "never",
        "--cap-lints",
        "allow",
    ]);
    rustc.arg("--out-dir").arg(out.path());
    rustc.arg("-L").arg(format!("dependency={}", dependencies().display()));
    for (name, path) in externs {
        rustc.arg("--extern").arg(format!("{name}={}", path.display()));
    }
    let output = rustc.arg(folder().join(name).with_extension("rs")).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail")
}

/// Where cargo laid this test and the crates that it was built from.
fn dependencies() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_path_buf()
}
