//! The one test command. Steps run in order, each under a heading and with its time; a step that fails does not hide what the
//! later ones would say. Tests are built in the development profile, the program that the outer tests start in the release
//! profile, as users run it: each thing once.
//!
//! The last line is `N passed, M failed`: the tests that cargo counted, and each other step that failed as one more.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::{axe, browser, s3_server, system, tidy};

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    const FAILED: Self = Self { passed: 0, failed: 1, ignored: 0 };

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }
}

/// Runs every test. True when none failed.
///
/// # Errors
/// When a step cannot even be tried, e.g. because cargo cannot be started.
pub fn run(root: &Path) -> Result<bool, String> {
    let begun = Instant::now();
    let mut all = Count::default();
    let mut failed_steps = Vec::new();
    let mut step = |name: &str, run: &mut dyn FnMut() -> Result<Count, String>| -> Result<bool, String> {
        println!("\n=== {name}");
        let began = Instant::now();
        let count = run()?;
        println!(
            "--- {name}: {:.1} s{}",
            began.elapsed().as_secs_f64(),
            if count.failed == 0 { "" } else { ", FAILED" }
        );
        all.add(count);
        if count.failed > 0 {
            failed_steps.push(name.to_owned());
        }
        Ok(count.failed == 0)
    };

    step("tidy: the rules of the house", &mut || tidy::run(root).map(gate))?;
    step("format", &mut || cargo(root, &["fmt", "--all", "--check"]).map(gate))?;
    step("lints", &mut || {
        cargo(root, &["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]).map(gate)
    })?;
    if Command::new("cargo").args(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        step("cargo deny: licences, advisories, bans, sources", &mut || cargo(root, &["deny", "check"]).map(gate))?;
    } else {
        println!(
            "\n=== cargo deny is not installed: bans and sources were checked by tidy, licences and advisories were not"
        );
    }
    step("unit and compile-fail tests", &mut || {
        let server = s3_server::find_or_install(root, &target_folder(root)?);
        let places: Vec<_> = server.map(|path| ("S3_SERVER_BIN", path.display().to_string())).into_iter().collect();
        cargo_test(root, &["--workspace", "--exclude", "e2e"], &places)
    })?;

    let built = step("the program as users run it", &mut || {
        cargo(root, &["build", "--locked", "--release", "-p", "betrodd", "-p", "verify"]).map(gate)
    })?;
    if built {
        step("crash, HTTP and browser tests", &mut || {
            let target = target_folder(root)?;
            let found = go_or_install()
                .and_then(|()| browser::find_or_install())
                .and_then(|browser| Ok((browser, axe::find_or_fetch(root, &target)?)));
            let (browser, axe) = match found {
                Ok(found) => found,
                Err(message) => {
                    println!("{message}");
                    return Ok(Count::FAILED);
                }
            };
            let release = target.join("release");
            let program = |name: &str| release.join(name).with_extension(std::env::consts::EXE_EXTENSION);
            let places = [
                ("BETRODD_BIN", program("betrodd")),
                ("VERIFY_BIN", program("verify")),
                ("CHROMIUM_BIN", browser.chromium),
                ("CHROMEDRIVER_BIN", browser.chromedriver),
                ("AXE_CORE", axe),
            ];
            let server = s3_server::find_or_install(root, &target).map(|server| ("S3_SERVER_BIN", server));
            let places: Vec<_> =
                places.into_iter().chain(server).map(|(name, path)| (name, path.display().to_string())).collect();
            cargo_test(root, &["-p", "e2e"], &places)
        })?;
    } else {
        println!("\n=== crash, HTTP and browser tests: not run, because the program did not build");
    }

    println!("\nAll steps together: {:.0} s", begun.elapsed().as_secs_f64());
    for name in &failed_steps {
        println!("failed: {name}");
    }
    if all.ignored > 0 {
        println!("{} tests are marked as ignored and were not run", all.ignored);
    }
    println!("{} passed, {} failed", all.passed, all.failed);
    Ok(all.failed == 0)
}

/// Go with its libraries for transparency logs, which give a second opinion on ours.
///
/// # Errors
/// One line that names what to install.
fn go_or_install() -> Result<(), String> {
    let there = || {
        system::first_on_path(&["go"]).is_some()
            && Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog").is_dir()
    };
    if there() || std::env::var_os("BETRODD_GOPATH").is_some() {
        return Ok(());
    }
    let packages = ["golang-go", "golang-golang-x-mod-dev"];
    let or_else = format!(
        "the tests of tampering ask Go's libraries: install the packages `{}` (Debian) and run again",
        packages.join("` and `")
    );
    system::install(&packages, &or_else)
}

/// A step that counts no tests: nothing when it holds, one failure when it does not.
fn gate(holds: bool) -> Count {
    if holds { Count::default() } else { Count::FAILED }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<bool, String> {
    let status = Command::new("cargo").args(arguments).current_dir(root).status();
    status.map(|status| status.success()).map_err(|error| format!("cargo could not be started: {error}"))
}

/// Runs `cargo test`, lets its output through and adds up what it counts.
fn cargo_test(root: &Path, arguments: &[&str], environment: &[(&str, String)]) -> Result<Count, String> {
    let mut child = Command::new("cargo")
        .args(["test", "--locked", "--no-fail-fast"])
        .args(arguments)
        .envs(environment.iter().map(|(name, value)| (*name, value.as_str())))
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    let mut count = Count::default();
    let mut out = std::io::stdout();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(|error| format!("the output of cargo test could not be read: {error}"))?;
            let line = String::from_utf8_lossy(&line);
            writeln!(out, "{line}").map_err(|error| format!("nothing can be printed: {error}"))?;
            count.add(counted(&line).unwrap_or_default());
        }
    }
    let status = child.wait().map_err(|error| format!("cargo test was lost: {error}"))?;
    // Tests that did not compile, or a test program that crashed, are in no count.
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn counted(line: &str) -> Option<Count> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let of = |word: &str| {
        let part = counts.split("; ").find(|part| part.ends_with(word))?;
        part.split(' ').next()?.parse().ok()
    };
    Some(Count { passed: of("passed")?, failed: of("failed")?, ignored: of("ignored")? })
}

/// Where cargo builds to; a variable or a configuration may have moved it.
fn target_folder(root: &Path) -> Result<std::path::PathBuf, String> {
    let output = Command::new("cargo")
        .args(["metadata", "--locked", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo could not be started: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (_, rest) = text.split_once("\"target_directory\":\"").ok_or("cargo metadata names no target directory")?;
    let path = rest.split('"').next().unwrap_or_default();
    Ok(path.replace("\\\\", "\\").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_cargo_test_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s";
        assert_eq!(counted(line), Some(Count { passed: 12, failed: 3, ignored: 1 }));
        assert_eq!(counted("test tests::a ... ok"), None);
    }
}
