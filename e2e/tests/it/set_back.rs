//! A journal that was set back, with the program that people run: it refuses and says what happened, touches nothing, and goes on only
//! where somebody says so.

use std::path::Path;

use e2e::{Folder, Program, run_to_end};

use crate::other_services::enter;
use crate::people::ADMINISTRATOR;
use crate::recovery::copy;

/// Name, length and first bytes of everything in a folder, so that a change is seen.
fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            (path.display().to_string(), std::fs::read(&path).unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_program_does_not_start_on_a_journal_that_was_set_back_and_says_why_and_what_to_do() {
    let folder = Folder::fresh();
    let data = folder.path();
    Program::demo(&data, &[]).stop();
    let older = data.with_file_name("older");
    copy(&data.join("journal"), &older);
    // Another start, and somebody who enters: that is signed and published.
    let program = Program::demo(&data, &[]);
    let _ = enter(&program, ADMINISTRATOR, "sv").get("/matcha/").with_status(200);
    program.stop();
    let not = ["--plain-http", "--go-on-from-set-back"];
    let (status, said) = Program::refused("serve", &data, &not);
    assert!(!status.success() && said.contains("was not set back"), "{said}");

    std::fs::remove_dir_all(data.join("journal")).expect("removed");
    copy(&older, &data.join("journal"));
    let (journal, logs) = (listing(&data.join("journal")), data.join("logs"));
    let (status, said) = Program::refused("serve", &data, &["--plain-http"]);
    assert!(!status.success(), "{said}");
    for text in ["the journal was set back", "Nothing was started", "betrodd restore", "--go-on-from-set-back"] {
        assert!(said.contains(text), "`{text}` is not said\n{said}");
    }
    assert!(listing(&data.join("journal")) == journal && logs.exists(), "something was changed");
    // The doctor says it of the same folder.
    let (status, said) = run_to_end("doctor", &data, &["--english"]);
    assert_eq!(status.code(), Some(2), "{said}");

    // Where nothing newer is left: it goes on, once, keeps what was published, and the next start is an ordinary one.
    let program = Program::start("serve", &data, &not);
    assert!(program.said().contains("going on from a journal that was set back"), "{}", program.said());
    program.stop();
    assert!(data.join("logs.set-back-1").is_dir());
    Program::start("serve", &data, &["--plain-http"]).stop();
    let (status, said) = run_to_end("doctor", &data, &["--english"]);
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(said.contains("0 wrong"), "{said}");
}
