//! Chromium and its driver, which the browser tests need from the system: found, installed where that is allowed, or named.

use std::path::PathBuf;

use crate::system::{first_on_path, install};

/// Where the two programs lie.
pub struct Browser {
    pub chromium: PathBuf,
    pub chromedriver: PathBuf,
}

/// Names under which distributions install Chromium; the first one found is taken.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const CHROMEDRIVER: &[&str] = &["chromedriver", "chromium.chromedriver"];
const WHAT_TO_INSTALL: &str = "the browser tests need Chromium and ChromeDriver: install the packages `chromium` and `chromium-driver` (Debian) and run again";

/// Finds the browser, or installs it through apt where we may.
///
/// # Errors
/// One line that names what to install.
pub fn find_or_install() -> Result<Browser, String> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    install(&["chromium", "chromium-driver"], WHAT_TO_INSTALL)?;
    find().ok_or_else(|| WHAT_TO_INSTALL.to_owned())
}

fn find() -> Option<Browser> {
    Some(Browser { chromium: first_on_path(CHROMIUM)?, chromedriver: first_on_path(CHROMEDRIVER)? })
}
