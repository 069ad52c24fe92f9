//! The program as a customer runs it: three exit codes, and an answer that says what and where.

#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use journal::{
    Appender, Detail, Entry, EntryKind, Extra, RealDisk, SigningKey, TileWriter, key_name, origin, write_verifier_key,
};
use terms::{Instant, TenantId};

const TENANT: TenantId = TenantId([1; 16]);

fn folder(entries: u64) -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    let journal = data.path().join("journal");
    fs::create_dir_all(&journal).expect("a folder");
    let key = SigningKey::from_seed(&key_name(&[5; 16]), &[6; 32]).expect("a key");
    write_verifier_key(&journal, &key.verifier()).expect("written");
    let mut appender = Appender::open(&journal, Arc::new(RealDisk), 4096, None, &mut |_, _| Ok(())).expect("opens");
    let mut log = TileWriter::begin(&data.path().join("logs").join(TENANT.to_string())).expect("opens");
    for index in 0..entries {
        let entry = Entry::new(
            TENANT,
            index,
            EntryKind::Event,
            Instant(index as i64),
            Detail::default(),
            &Extra::default(),
            [9; 32],
        );
        let appended = appender.append(std::slice::from_ref(&entry)).expect("room");
        let _ = appender.sync(appended).expect("synced");
        log.append(&entry.leaf);
    }
    let _ = log.publish(&key, &origin(key.name(), &TENANT)).expect("publishes");
    data
}

fn verify(data: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_verify")).arg(data).args(arguments).output();
    let Output { status, stdout, stderr } = run.expect("it runs");
    (status.code(), String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
}

#[test]
fn a_sound_folder_gives_0_and_says_what_was_checked() {
    let data = folder(300);
    let (code, text) = verify(data.path(), &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.starts_with("Sound") && text.contains("300 entries in 1 log") && text.contains("1 signed checkpoint"),
        "{text}"
    );
    let (code, text) = verify(data.path(), &["--json"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("{\"sound\":true,") && text.contains("\"entries\":300,"), "{text}");
}

#[test]
fn a_wrong_byte_gives_1_and_names_its_place() {
    let data = folder(300);
    let segment = data.path().join("journal/segment-0000000002.log");
    let mut bytes = fs::read(&segment).expect("a segment");
    bytes[700] ^= 4;
    fs::write(&segment, bytes).expect("written");
    let (code, text) = verify(data.path(), &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("WRONG") && text.contains("segment-0000000002.log, offset "), "{text}");
    let (code, text) = verify(data.path(), &["--json"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.starts_with("{\"sound\":false,") && text.contains("\"at\":{\"segment\":2,"), "{text}");
}

#[test]
fn an_unfinished_group_at_the_end_is_mentioned_and_no_fault() {
    let data = folder(3);
    let segment = data.path().join("journal/segment-0000000001.log");
    let mut bytes = fs::read(&segment).expect("a segment");
    let used = bytes.iter().rposition(|byte| *byte != 0).expect("content") + 1;
    bytes[used..used + 20].copy_from_slice(b"GRP1\x50\0\0\0\x04\0\0\0\0\0\0\0abcd");
    fs::write(&segment, bytes).expect("written");
    let (code, text) = verify(data.path(), &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("not finished yet"), "{text}");
}

#[test]
fn what_is_no_data_folder_gives_2() {
    let empty = tempfile::tempdir().expect("a folder");
    let (code, text) = verify(empty.path(), &[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("is this the data folder?"), "{text}");
}

#[test]
fn a_folder_set_back_is_found_by_who_remembers() {
    let (later, earlier) = (folder(40), folder(30));
    let seen = later.path().join("seen");
    let seen = ["--seen", seen.to_str().expect("a path")];
    assert_eq!(verify(later.path(), &seen).0, Some(0));
    let (code, text) = verify(earlier.path(), &seen);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("you saw 40 entries the last time, and now it has 30"), "{text}");
}

#[test]
fn help_teaches() {
    let (code, text) = verify(Path::new("--help"), &[]);
    assert_eq!(code, Some(0));
    assert!(text.contains("What is checked") && text.contains("Exit code: 0"), "{text}");
}
