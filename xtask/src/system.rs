//! Programs that the tests need from the system: found on the path, or installed through apt where we may.

use std::path::PathBuf;
use std::process::Command;

/// The first of `names` that lies on the path.
pub fn first_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// Installs Debian's packages; `or_else` is the line for whoever must do it by hand.
///
/// # Errors
/// `or_else`, where we may not install or it fails.
pub fn install(packages: &[&str], or_else: &str) -> Result<(), String> {
    let Some(apt_get) = may_install() else { return Err(or_else.to_owned()) };
    println!("installing {} through apt", packages.join(" and "));
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    for arguments in [&["update"][..], &install] {
        let done = Command::new(&apt_get[0])
            .args(&apt_get[1..])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status()
            .is_ok_and(|status| status.success());
        if !done {
            return Err(format!("`apt-get {}` failed; {or_else}", arguments.join(" ")));
        }
    }
    Ok(())
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
