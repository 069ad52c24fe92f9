//! `betrodd new agreement` as users run it: with a file of answers, and question by question.

#![expect(clippy::unwrap_used, reason = "a test says what it expected by stopping")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn betrodd(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_betrodd")).args(arguments).output().unwrap()
}

/// With this typed, and then the end of the input.
fn typed(arguments: &[&str], lines: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_betrodd"));
    let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().unwrap();
    program.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    program.wait_with_output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn answers(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers").join(name).display().to_string()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_filled_form_gives_a_folder_that_nothing_blocks_in_both_languages() {
    for (file, agreement) in [("korskolan.toml", "agreement.sv.md"), ("choir.toml", "agreement.en.md")] {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("new");
        let made = betrodd(&["new", "agreement", folder.to_str().unwrap(), "--answers", &answers(file)]);
        assert!(made.status.success(), "{file}: {}", text(&made));
        assert_eq!(names(&folder), ["README.md", agreement, "answers.toml", "demo.toml", "kinds.toml"]);
        let checked = betrodd(&["check", folder.join(agreement).to_str().unwrap()]);
        assert!(checked.status.success(), "{file}: {}", text(&checked));
        for made in names(&folder) {
            let made = std::fs::read_to_string(folder.join(made)).unwrap();
            assert!(!made.contains("{{") && !made.contains("}}"), "{file}: {made}");
        }
        // The answers that lie there make the same folder again.
        let again = place.path().join("again");
        let kept = folder.join("answers.toml").display().to_string();
        assert!(betrodd(&["new", "agreement", again.to_str().unwrap(), "--answers", &kept]).status.success());
        for name in names(&folder) {
            let read = |folder: &Path| std::fs::read_to_string(folder.join(&name)).unwrap();
            assert_eq!(read(&folder), read(&again), "{name}");
        }
        // Nothing is written over.
        let refused = betrodd(&["new", "agreement", folder.to_str().unwrap(), "--answers", &answers(file)]);
        assert!(!refused.status.success() && text(&refused).contains("nothing is written over"), "{}", text(&refused));
    }
}

#[test]
fn every_fault_of_the_answers_is_told_at_once_and_nothing_is_written() {
    let good = std::fs::read_to_string(answers("korskolan.toml")).unwrap();
    let bad = good
        .replace("556000-0001", "556000-0002")
        .replace("name = \"korskolan\"", "name = \"Kör Skolan\"")
        .replace("[agreement]", "[agreement]\nnotice = \"tre månader\"")
        .replace("[location]", "[location]\ncountry = \"se\"")
        .replace("about = [\"pupil\"]\nprotected", "about = [\"nobody\"]\nprotected")
        .replace("id = \"teacher\"", "id = \"pupil\"")
        .replace("type = \"phone\"", "typ = \"phone\"");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("bad.toml");
    std::fs::write(&file, bad).unwrap();
    let folder = place.path().join("new");
    let told = betrodd(&["new", "agreement", folder.to_str().unwrap(), "--answers", file.to_str().unwrap()]);
    assert_eq!(told.status.code(), Some(1));
    for part in [
        "[service] name",
        "Menade du `3 months`?",
        "[processor] registration-number",
        "kontrollsiffra",
        "Menade du `SE`?",
        "[[category]] eyesight about",
        "[[subject]] pupil finns två gånger",
        "[[category]] typ?",
    ] {
        assert!(text(&told).contains(part), "{part} in {}", text(&told));
    }
    assert!(!folder.exists());
}

#[test]
fn the_empty_form_holds_every_question_and_is_read_as_answers() {
    for language in [&[][..], &["--english"]] {
        let form = betrodd(&[&["new", "agreement", "--form"], language].concat());
        assert!(form.status.success());
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("form.toml");
        std::fs::write(&file, &form.stdout).unwrap();
        let folder = place.path().join("new");
        let told = betrodd(&["new", "agreement", folder.to_str().unwrap(), "--answers", file.to_str().unwrap()]);
        // What is left empty is asked for, and nothing else is wrong.
        assert!(
            text(&told).contains("[service] name") && text(&told).contains("[[subprocessor]] contact"),
            "{}",
            text(&told)
        );
        assert!(!text(&told).contains("[agreement] notice"), "{}", text(&told));
    }
}

/// What is typed in each run until the whole form is answered. An empty line takes what the form proposes.
const RUNS: [&[&str]; 6] = [
    &["korskolan", "Körskolan | The driving school"],
    &["Elever och prov. | Pupils and tests.", "2026-11-01", "", "", "", "", "utbildning | education", "", "teach"],
    &["lektioner | lessons", "nej", "", "omedelbart", "immediately", "", "", "", ""],
    // To the end of clause 10, and the first two of annex I.
    &["", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "Exempel Körskola AB", ""],
    &["556000-0002", "556000-0001", "Provgatan 1", "incident@korskolan.example", "", "pupil", "Elev | Pupil"],
    &[
        "Elever | Pupils",
        "",
        "",
        "",
        "",
        "Luleå",
        "",
        "hall",
        "Exempel Datahall AB",
        "",
        "",
        "",
        "Luleå",
        "Provgatan 2",
        "kontakt@datahall.example",
        "drift | hosting",
        "",
    ],
];

#[test]
fn whoever_is_interrupted_goes_on_where_they_were() {
    let place = tempfile::tempdir().unwrap();
    let folder: PathBuf = place.path().join("new");
    let arguments = ["new", "agreement", folder.to_str().unwrap()];
    for (at, lines) in RUNS.iter().enumerate() {
        let before = kept(&folder);
        let said = typed(&arguments, &format!("{}\n", lines.join("\n")));
        assert!(kept(&folder).len() > before.len(), "{}", text(&said));
        let ended = at + 1 == RUNS.len();
        assert_eq!(said.status.success(), ended, "run {at}: {}", text(&said));
        assert!(ended || text(&said).contains("fortsätter där"), "{}", text(&said));
        if at == 2 {
            assert!(text(&said).contains("Menade du `immediately`?"), "{}", text(&said));
        }
        if at == 4 {
            assert!(text(&said).contains("kontrollsiffra"), "{}", text(&said));
        }
    }
    assert_eq!(names(&folder).len(), 5);
    let checked = betrodd(&["check", folder.join("agreement.sv.md").to_str().unwrap()]);
    assert!(checked.status.success(), "{}", text(&checked));
}

fn kept(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("answers.toml")).unwrap_or_default()
}
