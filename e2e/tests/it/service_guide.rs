//! The guide for developers of services says what is so: every line that begins with `$` is run by a shell, in order and in an
//! empty folder, and what it shows is compared.

use std::path::Path;
use std::process::Command;

use e2e::{Folder, built, repository};

/// Stands before what each command says.
const MARK: &str = "@@guide@@";

/// A command with the lines that it is shown to say.
struct Step {
    command: String,
    shown: Vec<String>,
}

/// The steps of a guide. A line that begins with `>` goes on with the command before it.
fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in text.split("```console\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or(rest)) {
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                steps.push(Step { command: command.to_owned(), shown: Vec::new() });
            } else if let (Some(more), Some(step)) = (line.strip_prefix('>'), steps.last_mut()) {
                step.command.push('\n');
                step.command.push_str(more.strip_prefix(' ').unwrap_or(more));
            } else if let Some(step) = steps.last_mut() {
                step.shown.push(line.to_owned());
            }
        }
    }
    steps
}

fn check(guide: &str) {
    let text = std::fs::read_to_string(repository().join(guide)).expect("the guide");
    // The guide's port may be somebody's; any free one does.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let steps = steps(&text.replace("8181", &port.to_string()));
    assert!(steps.len() >= 25, "{guide}: {} steps", steps.len());
    let mut script = String::from("set -u\n");
    for step in &steps {
        script.push_str(&format!("echo; echo {MARK}\n{}\n", step.command));
    }
    let folder = Folder::fresh();
    let place = folder.path();
    std::fs::create_dir_all(&place).expect("a folder");
    // The shell knows the program by its name.
    let program = built("BETRODD_BIN", "betrodd");
    let path = format!(
        "{}:{}",
        program.parent().map(Path::display).expect("a folder"),
        std::env::var("PATH").unwrap_or_default()
    );
    let ran = Command::new("bash")
        .args(["-c", &script])
        .current_dir(&place)
        .env("PATH", path)
        .env("BETRODD", repository())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    let complained = String::from_utf8_lossy(&ran.stderr).into_owned();
    let answers: Vec<&str> = said.split(MARK).skip(1).collect();
    assert_eq!(answers.len(), steps.len(), "{guide}: {said}\n{complained}");
    for (step, answer) in steps.iter().zip(answers) {
        let mut lines = answer.lines().filter(|line| !line.is_empty());
        let mut any = false;
        for shown in &step.shown {
            if shown == "…" {
                any = true;
                continue;
            }
            let found = if any { lines.any(|line| line == shown) } else { lines.next() == Some(shown.as_str()) };
            assert!(found, "{guide}: `{}` does not say {shown:?}. It says\n{answer}\n{complained}", step.command);
            any = false;
        }
        assert!(any || lines.next().is_none(), "{guide}: `{}` says more:\n{answer}", step.command);
    }
}

#[test]
fn the_english_guide_for_services_is_so() {
    check("docs/guides/service.md");
}

#[test]
fn the_swedish_guide_for_services_is_so() {
    check("docs/guides/tjanst.md");
}
