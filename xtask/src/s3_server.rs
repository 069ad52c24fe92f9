//! An S3 server of somebody else's making, for the archive's tests: moto, from the Python package index, in an environment of its
//! own among what is built. It is in no program that we hand out.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::system::first_on_path;

/// What is installed, in a version that was looked at.
const ASKED: &str = "crates/archive/tests/s3-server.txt";

/// The server, installed where it is not; none, and a line that says so, where Python or the index cannot be had. The tests that
/// want it say that they were not run.
pub fn find_or_install(root: &Path, target: &Path) -> Option<PathBuf> {
    let (asked, folder) = (root.join(ASKED), target.join("s3-server"));
    let (server, kept) = (folder.join("bin/moto_server"), folder.join("asked.txt"));
    let read = |path: &Path| std::fs::read(path).ok();
    if server.is_file() && read(&kept).is_some() && read(&kept) == read(&asked) {
        return Some(server);
    }
    let told = |why: &str| {
        println!("the archive is not tried against an S3 server: {why}");
        None
    };
    let Some(python) = first_on_path(&["python3"]) else { return told("there is no `python3`") };
    let run = |program: &Path, arguments: &[&std::ffi::OsStr]| {
        Command::new(program).args(arguments).status().is_ok_and(|status| status.success())
    };
    if !run(&python, &["-m".as_ref(), "venv".as_ref(), folder.as_os_str()]) {
        return told("`python3 -m venv` failed (Debian: install `python3-venv`)");
    }
    let pip = ["install", "--quiet", "--disable-pip-version-check", "-r"].map(std::ffi::OsStr::new);
    if !run(&folder.join("bin/pip"), &[&pip[..], &[asked.as_os_str()]].concat()) {
        return told("its packages could not be fetched");
    }
    std::fs::copy(&asked, &kept).ok()?;
    Some(server)
}
