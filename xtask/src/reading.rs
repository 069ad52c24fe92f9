//! The figures of reading: how much of what originals state is found, per field and original, with each miss.
//!
//! The originals and the facts are arguments: they are other people's words and never part of this repository. The counting stands
//! beside the room that is counted, `crates/reading/examples/figures.rs`; here it is only started.

use std::path::Path;
use std::process::Command;

/// Counts, and says whether the counting itself went through.
pub fn run(root: &Path, seeds: &str, facts: &str) -> Result<bool, String> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "-p", "reading", "--example", "figures", "--", seeds, facts])
        .current_dir(root)
        .status()
        .map_err(|error| format!("cargo cannot be started: {error}"))?;
    Ok(status.success())
}
