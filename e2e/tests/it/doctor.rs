//! `betrodd doctor` on a folder that is well, and on one that is not: it names the matter and what to do, and changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use e2e::{Folder, Program, run_to_end};

fn doctor(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let (status, said) = run_to_end("doctor", folder, arguments);
    (status.code(), said)
}

/// Changes a file, asks, and puts the file back.
fn with(folder: &Path, file: &str, change: impl FnOnce(&mut Vec<u8>), codes: &[i32], says: &[&str]) {
    let path = folder.join(file);
    let before = fs::read(&path).expect("a file");
    let mode = fs::metadata(&path).expect("a file").permissions();
    let mut bytes = before.clone();
    change(&mut bytes);
    fs::write(&path, &bytes).expect("written");
    let (code, said) = doctor(folder, &["--english"]);
    assert!(codes.contains(&code.expect("it ends")), "{file}: {said}");
    for text in says {
        assert!(said.contains(text), "{file}: `{text}` is not said\n{said}");
    }
    fs::write(&path, before).expect("written");
    fs::set_permissions(&path, mode).expect("put back");
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let folder = Folder::fresh();
    let folder = folder.path();
    let program = Program::demo(&folder, &[]);
    // Beside a program that serves the folder.
    let (code, said) = doctor(&folder, &["--quick"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Ett program har mappen öppen") && said.contains("SE TILL"), "{said}");
    program.stop();

    let (code, said) = doctor(&folder, &["--english"]);
    // Only that there is no second place.
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("0 wrong") && said.contains("The journal holds together"), "{said}");
    assert!(said.contains("root.key opens keys.db") && said.contains("No second place was named"), "{said}");
    let (_, json) = doctor(&folder, &["--json"]);
    assert!(json.contains("\"worst\": \"care\"") && json.contains("\"second-place\""), "{json}");

    with(&folder, "root.key", |key| key[0] ^= 1, &[2], &["`root.key` is not the key", "What to do: Put back"]);
    with(&folder, "root.key", |key| key.truncate(31), &[2], &["is 31 bytes long"]);
    let segment = "journal/segment-0000000001.log";
    with(
        &folder,
        segment,
        |bytes| bytes[5000] ^= 4,
        &[2],
        &["The journal is not what was written", "segment-0000000001.log", "restore"],
    );
    with(&folder, segment, |bytes| bytes[8] = 9, &[2], &["segment-0000000001.log"]);
    // The format of a database lies at byte 60 of its header, big-endian.
    let newer = |bytes: &mut Vec<u8>| bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    with(&folder, "state.db", newer, &[2], &["state.db is of format 999", "newer program"]);
    with(&folder, "keys.db", newer, &[2], &["keys.db is of format 999", "newer program"]);
    let verifier = "journal/verifier.key";
    let (_, other) = ("", "betrodd/00+00000000+AA==\n");
    with(&folder, verifier, |key| *key = other.as_bytes().to_vec(), &[2], &["The journal could not be checked"]);

    // Open to others.
    let key = folder.join("root.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("changed");
    let (code, said) = doctor(&folder, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("root.key kan läsas av andra") && said.contains("chmod 600"), "{said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("changed");

    // A program of a newer format is not started over, and nothing is thrown away.
    let state = folder.join("state.db");
    let before = fs::read(&state).expect("a state");
    let mut bytes = before.clone();
    newer(&mut bytes);
    fs::write(&state, &bytes).expect("written");
    let (status, said) = Program::refused("serve", &folder, &["--plain-http"]);
    assert!(!status.success() && said.contains("written by a newer one"), "{said}");
    assert_eq!(fs::read(&state).expect("a state"), bytes, "left as it was");
    fs::write(&state, before).expect("put back");

    // As well as before.
    assert_eq!(doctor(&folder, &[]).0, Some(1));
    let (code, said) = doctor(&folder.join("elsewhere"), &[]);
    assert!(code == Some(2) && said.contains("is no data folder"), "{said}");
}
