//! Chromium and its driver, which the browser tests need from the system: found, installed where that is allowed, or named.

use std::path::PathBuf;
use std::process::Command;

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
    let Some(apt_get) = may_install() else { return Err(WHAT_TO_INSTALL.to_owned()) };
    println!("Chromium or its driver is missing; installing both through apt");
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"]]
    {
        let done = Command::new(&apt_get[0])
            .args(&apt_get[1..])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .is_ok_and(|status| status.success());
        if !done {
            return Err(format!("`apt-get {}` failed; {WHAT_TO_INSTALL}", arguments.join(" ")));
        }
    }
    find().ok_or_else(|| WHAT_TO_INSTALL.to_owned())
}

fn find() -> Option<Browser> {
    Some(Browser { chromium: first_on_path(CHROMIUM)?, chromedriver: first_on_path(CHROMEDRIVER)? })
}

/// The command that may install: as root, or through a `sudo` that asks nothing.
fn may_install() -> Option<Vec<String>> {
    let apt_get = first_on_path(&["apt-get"])?.display().to_string();
    let says = |program: &str, arguments: &[&str]| Command::new(program).args(arguments).output().ok();
    let is_root = says("id", &["-u"]).is_some_and(|output| output.stdout.trim_ascii() == b"0");
    if is_root {
        return Some(vec![apt_get]);
    }
    let sudo = first_on_path(&["sudo"])?.display().to_string();
    says(&sudo, &["-n", "true"]).filter(|output| output.status.success())?;
    Some(vec![sudo, "-n".to_owned(), apt_get])
}

fn first_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
