//! The accessibility check that the browser tests run in the pages: axe-core, in the version of `e2e/axe`, from the npm
//! registry. It is another's work under another licence and is never checked in.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::system::{first_on_path, install};

const WHAT_TO_INSTALL: &str = "the accessibility tests need axe-core from the npm registry: install the packages `nodejs` and `npm` (Debian) and run again";

/// Fetches the script into the folder of what is built, unless it lies there in the version that is asked for.
///
/// # Errors
/// One line that names what to install.
pub fn find_or_fetch(root: &Path, target: &Path) -> Result<PathBuf, String> {
    let (asked, folder) = (root.join("e2e/axe"), target.join("axe"));
    let script = folder.join("node_modules/axe-core/axe.min.js");
    let same = |name: &str| {
        let read = |folder: &Path| std::fs::read(folder.join(name)).ok();
        read(&folder).is_some_and(|kept| Some(kept) == read(&asked))
    };
    let files = ["package.json", "package-lock.json"];
    if script.is_file() && files.iter().all(|name| same(name)) {
        return Ok(script);
    }
    if first_on_path(&["npm"]).is_none() {
        install(&["nodejs", "npm"], WHAT_TO_INSTALL)?;
    }
    let failed = |cause: &dyn core::fmt::Display| format!("axe-core cannot be fetched ({cause}); {WHAT_TO_INSTALL}");
    std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    for name in files {
        std::fs::copy(asked.join(name), folder.join(name)).map_err(|error| failed(&error))?;
    }
    // The lock file says its hash, so that what comes is what was looked at.
    let fetched = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .status()
        .map_err(|error| failed(&error))?;
    if fetched.success() && script.is_file() { Ok(script) } else { Err(failed(&"npm failed")) }
}
