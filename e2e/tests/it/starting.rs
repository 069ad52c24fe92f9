//! Starts that must not happen, ends in order, and what a person is told: one program on a folder, faults of an agreement, a
//! damaged journal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use e2e::{Folder, Program, verify};

use crate::people::{Demo, OTHER_ADMINISTRATOR, WORKER, listed, number};

/// Every file under `folder` with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("it can be read");
                all.insert(path, bytes);
            }
        }
    }
    all
}

/// The names of the files that differ, so that a failure does not print the files.
fn changed(before: &BTreeMap<PathBuf, Vec<u8>>, after: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<PathBuf> {
    let either = before.keys().chain(after.keys());
    let mut changed: Vec<PathBuf> = either.filter(|path| before.get(*path) != after.get(*path)).cloned().collect();
    changed.dedup();
    changed
}

#[track_caller]
fn refused(command: &str, folder: &Path, arguments: &[&str], expected: &[&str]) {
    let (status, said) = Program::refused(command, folder, arguments);
    assert!(!status.success(), "it ended with {status}");
    for text in expected {
        assert!(said.contains(text), "it does not say {text:?}:\n{said}");
    }
}

#[test]
fn a_second_program_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let demo = Demo::start();
    let folder = demo.folder.path();
    for command in ["demo", "serve"] {
        refused(command, &folder, &[], &["another Betrodd program is using the data folder", "--data"]);
    }
    refused("demo", &folder, &["--fresh"], &["another Betrodd program is using the data folder"]);
    let mut worker = demo.enter(WORKER);
    assert!(!listed(&mut worker, "/matcha/deltagare").is_empty(), "the first one goes on");
    demo.program.stop();
    assert!(verify(&folder).status.success());
}

#[test]
fn all_faults_of_an_agreement_are_told_at_the_start_and_nothing_is_touched() {
    let (demo, services) = Demo::start_on_a_copy();
    let Demo { program, folder } = demo;
    program.stop();
    let file = services.join("matcha/agreement.sv.md");
    let text = std::fs::read_to_string(&file).expect("the agreement");
    // Three faults far apart: an unknown role, an unknown purpose, an unknown category.
    let broken = text
        .replacen("role = \"administrator\"", "role = \"administratorn\"", 1)
        .replacen("purpose = \"provide\"", "purpose = \"provida\"", 1)
        .replacen("categories = [\"next-of-kin\"]", "categories = [\"next-of-kinn\"]", 1);
    std::fs::write(&file, &broken).expect("it can be written");
    let line = |fault: &str| broken.lines().position(|line| line.contains(fault)).expect("the fault") + 1;
    let before = contents(&folder.path());
    let services = services.to_str().expect("a path in UTF-8");
    let places = ["\"administratorn\"", "\"provida\"", "\"next-of-kinn\""]
        .map(|fault| format!("agreement.sv.md:{}", line(fault)));
    let mut expected: Vec<&str> = places.iter().map(String::as_str).collect();
    expected.extend(["administratorn", "provida", "next-of-kinn", "S.10", "Nothing was started"]);
    for command in ["demo", "serve"] {
        refused(command, &folder.path(), &["--services", services], &expected);
        assert_eq!(changed(&before, &contents(&folder.path())), [] as [PathBuf; 0], "`{command}` touched the folder");
    }
    // On a fresh machine not even the folder is made.
    let fresh = Folder::fresh();
    refused("demo", &fresh.path(), &["--services", services], &expected);
    assert!(!fresh.path().exists(), "a folder was made");
    // Mended, it starts, and everything is there.
    std::fs::write(&file, text).expect("it can be written");
    let program = Program::demo(&folder.path(), &["--services", services]);
    program.stop();
    assert!(verify(&folder.path()).status.success());
}

#[test]
fn a_journal_that_was_altered_is_refused_with_segment_and_offset_and_verify_names_the_place() {
    let demo = Demo::start();
    let folder = demo.folder.path();
    let Demo { program, folder: held } = demo;
    program.stop();
    let segment = folder.join("journal/segment-0000000001.log");
    let sound = std::fs::read(&segment).expect("a segment");
    let groups = groups(&sound);
    let (offset, length) = groups[groups.len() / 2];
    let mut altered = sound.clone();
    altered[offset + length / 2] ^= 1;
    std::fs::write(&segment, &altered).expect("it can be written");
    let place = format!("segment-0000000001.log, offset {offset}");

    let checked = verify(&folder);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert_eq!(checked.status.code(), Some(1), "{said}");
    assert!(said.contains("WRONG") && said.contains(&place), "verify does not name {place}:\n{said}");

    let before = contents(&folder);
    refused("serve", &folder, &[], &["the journal is damaged", &place]);
    refused("demo", &folder, &[], &["the journal is damaged", &place]);
    let journal = |all: BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<_, _> {
        all.into_iter().filter(|(path, _)| path.starts_with(folder.join("journal"))).collect()
    };
    assert_eq!(
        changed(&journal(before), &journal(contents(&folder))),
        [] as [PathBuf; 0],
        "a damaged journal is left as it is"
    );

    std::fs::write(&segment, &sound).expect("it can be written");
    Program::demo(&folder, &[]).stop();
    assert!(verify(&folder).status.success());
    drop(held);
}

#[test]
fn a_folder_whose_keys_are_missing_is_refused_and_left_as_it_is() {
    let demo = Demo::start();
    let Demo { program, folder: held } = demo;
    program.stop();
    let folder = held.path();
    let elsewhere = tempfile::tempdir().expect("a folder");
    for (name, needed_for) in [("keys.db", "holds a journal"), ("root.key", "holds `keys.db`")] {
        let moved = elsewhere.path().join(name);
        std::fs::copy(folder.join(name), &moved).expect("it can be copied");
        std::fs::remove_file(folder.join(name)).expect("it can be removed");
        let before = contents(&folder);
        for command in ["serve", "demo"] {
            let missing = format!("{name}` is missing");
            refused(command, &folder, &[], &[&missing, needed_for, "Put the file back"]);
            let touched = changed(&before, &contents(&folder));
            assert_eq!(touched, [] as [PathBuf; 0], "`{command}` touched the folder");
        }
        // With its mode, as `mv` keeps it.
        std::fs::copy(&moved, folder.join(name)).expect("it can be copied");
    }
    Program::demo(&folder, &[]).stop();
    assert!(verify(&folder).status.success());
}

#[test]
fn the_keys_of_another_folder_are_refused_and_the_published_key_stays() {
    let (one, other) = (Demo::start(), Demo::start());
    let (folder, foreign) = (one.folder.path(), other.folder.path());
    one.program.stop();
    other.program.stop();
    let published = std::fs::read(folder.join("journal/verifier.key")).expect("a key");
    for name in ["keys.db", "root.key"] {
        std::fs::copy(foreign.join(name), folder.join(name)).expect("it can be copied");
    }
    refused("serve", &folder, &[], &["verifier.key` is of another key", "Put that one back"]);
    assert!(std::fs::read(folder.join("journal/verifier.key")).expect("a key") == published, "it was overwritten");
}

/// Where the groups of a segment lie, and how long they are, as decision 0001 lays them down.
fn groups(segment: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut offset = 64;
    while segment[offset..].starts_with(b"GRP1") {
        let length = u32::from_le_bytes(segment[offset + 4..offset + 8].try_into().expect("four bytes")) as usize + 52;
        found.push((offset, length));
        offset += length;
    }
    found
}

#[test]
fn an_end_in_order_is_a_success_and_everything_is_there() {
    let demo = Demo::start();
    let mut worker = demo.enter(WORKER);
    let file = listed(&mut worker, "/matcha/deltagare").swap_remove(0);
    let form = format!("/matcha/daganteckningar/new?parent={}", number(&file));
    let page = worker.get(&form).with_status(200);
    let fields = [("date", "2026-01-02"), ("text", "Skrivet just före slutet.")];
    worker.submit(&page, "/matcha/daganteckningar/new", &fields).says(&["Skrivet just före slutet."]);
    let folder = demo.folder;
    // `stop` asks with SIGTERM and wants exit status 0.
    demo.program.stop();
    let checked = verify(&folder.path());
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && !said.contains("not yet covered"), "{said}");
    // The same cookie goes on, too: a session is not the program's but the folder's.
    let demo = Demo { program: Program::demo(&folder.path(), &[]), folder };
    let cookie = worker.cookies()["session"].clone();
    let mut worker = demo.stranger();
    worker.keep_cookie("session", &cookie);
    worker.get(&file).with_status(200).says(&["Skrivet just före slutet."]);
    demo.end_well();
}

#[test]
fn a_folder_whose_making_was_killed_is_begun_anew() {
    let demo = Folder::fresh();
    // The making takes half a second; the last of these kills comes near its end, or after it.
    for after in [2, 8, 25, 60, 120, 200, 300, 500] {
        Program::start_and_kill("demo", &demo.path(), &[], Duration::from_millis(after));
    }
    drop(Program::demo(&demo.path(), &[]));
    // A folder that is there is removed bit by bit, and the making follows.
    for after in [2, 4, 6, 8, 10, 15, 30, 100] {
        Program::start_and_kill("demo", &demo.path(), &["--fresh"], Duration::from_millis(after));
    }
    let demo = Demo { program: Program::demo(&demo.path(), &[]), folder: demo };
    let mut worker = demo.enter(WORKER);
    let first = listed(&mut worker, "/matcha/deltagare");
    assert!(first.len() > 5, "half a month would be believed: {first:?}");
    demo.enter(OTHER_ADMINISTRATOR);
    let folder = demo.folder;
    demo.program.stop();
    assert!(verify(&folder.path()).status.success());

    let plain = Folder::fresh();
    for after in [1, 2, 4, 6, 8, 10, 12, 15, 20, 30] {
        Program::start_and_kill("serve", &plain.path(), &[], Duration::from_millis(after));
    }
    Program::start("serve", &plain.path(), &[]).stop();
    assert!(verify(&plain.path()).status.success());
}
