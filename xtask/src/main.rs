//! The commands of the house: `cargo xtask tidy` holds its rules, `cargo xtask test` runs every test there is.
//!
//! It depends on nothing of ours, so that it runs in seconds on a fresh clone and also when the workspace is broken.

mod axe;
mod browser;
mod reading;
mod s3_server;
mod system;
mod test;
mod tidy;
mod trace;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy   the rules of the house\n       cargo xtask trace  how far every demand has come; with --write into docs/trace.tsv\n       cargo xtask reading SEEDS FACTS  how much of what originals state a reading finds, with every miss\n       cargo xtask test   every test: tidy, format, lints, unit, compile-fail, crash, HTTP, browser";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = root().and_then(|root| match words.as_slice() {
        ["tidy"] => tidy::run(&root),
        ["test"] => test::run(&root),
        ["trace"] => trace::run(&root, false),
        ["trace", "--write"] => trace::run(&root, true),
        ["reading", seeds, facts] => reading::run(&root, seeds, facts),
        _ => Err(USAGE.to_owned()),
    });
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository. Cargo tells where this program's manifest lies; the root is the folder above.
fn root() -> Result<PathBuf, String> {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").ok_or("run this as `cargo xtask …`")?;
    let manifest = PathBuf::from(manifest);
    manifest.parent().map(Path::to_path_buf).ok_or_else(|| "the manifest has no folder above it".to_owned())
}
