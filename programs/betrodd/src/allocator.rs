//! What programs that run for long tell their allocator. It reads that from the environment before `main` runs, so that such a
//! program begins once more with it; the process stays the same one.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// After how many milliseconds the allocator gives back to the system what is free.
const SETTING: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "10");

/// Gives free memory back soon: a program that waits for requests else holds for good what its start needed (decision 0025). Whoever
/// has set the delay keeps it. Where beginning once more is impossible, the program goes on and holds more.
pub fn give_back_soon() {
    let (name, value) = SETTING;
    if std::env::var_os(name).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let cause = Command::new(program).args(std::env::args_os().skip(1)).env(name, value).exec();
        tracing::debug!(%cause, "the program could not begin once more with the allocator's setting");
    }
}
