//! Checking a data folder: an honest one is sound, and who rewrites the past is found, also when every checksum is made right again.

#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use journal::{
    Appender, Detail, Entry, EntryKind, Extra, Fault, Frontier, Heads, Knowledge, Leaf, Outcome, RealDisk, Report,
    SigningKey, TileWriter, commitment, key_name, origin, verify, write_verifier_key,
};
use terms::{Instant, PersonId, TenantId};

const TENANTS: [TenantId; 2] = [TenantId([1; 16]), TenantId([2; 16])];

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&key_name(&[9; 16]), &[seed; 32]).expect("a key")
}

fn act(tenant: TenantId, index: u64, time: i64) -> Entry {
    let refused = index % 5 == 4;
    let mut detail = Detail {
        outcome: if refused { Outcome::Refused } else { Outcome::Granted },
        actor: Some(PersonId([7; 16])),
        ..Detail::default()
    };
    let lists = detail.name((0..index as u8 % 12).map(|n| PersonId([n; 16])).collect(), Vec::new());
    let extra = Extra { operations: index.is_multiple_of(3).then(|| vec![0xa5; 20].into()), lists };
    let kind = if refused { EntryKind::Refusal } else { EntryKind::Act };
    Entry::new(tenant, index, kind, Instant(time), detail, &extra, [index as u8 | 1; 32])
}

/// Groups of entries as an honest server makes them: acts of two tenants, and heads in the installation's log.
fn honest(groups: u64) -> Vec<Vec<Entry>> {
    let mut frontiers = [Frontier::default(), Frontier::default()];
    let mut all = Vec::new();
    for n in 0..groups {
        let mut group = Vec::new();
        for (tenant, frontier) in TENANTS.iter().zip(&mut frontiers) {
            for _ in 0..2 {
                let entry = act(*tenant, frontier.size(), n as i64);
                frontier.push(entry.leaf.hash());
                group.push(entry);
            }
        }
        all.push(group);
        let heads: Vec<_> =
            TENANTS.iter().zip(&frontiers).map(|(tenant, log)| (*tenant, log.size(), log.root())).collect();
        all.push(vec![Heads::build(&heads).expect("random bytes").entry(n, Instant(n as i64), [3; 32])]);
    }
    all
}

fn write_journal(data: &Path, groups: &[Vec<Entry>]) {
    let journal = data.join("journal");
    fs::remove_dir_all(&journal).ok();
    fs::create_dir_all(&journal).expect("a folder");
    write_verifier_key(&journal, &key(1).verifier()).expect("written");
    let mut appender = Appender::open(&journal, Arc::new(RealDisk), 8192, None, &mut |_, _| Ok(())).expect("opens");
    for group in groups {
        let appended = appender.append(group).expect("room");
        let _ = appender.sync(appended).expect("synced");
    }
}

fn publish(data: &Path, groups: &[Vec<Entry>], key: &SigningKey) {
    for tenant in [TenantId::INSTALLATION, TENANTS[0], TENANTS[1]] {
        let mut writer = TileWriter::begin(&data.join("logs").join(tenant.to_string())).expect("opens");
        groups.iter().flatten().filter(|entry| entry.tenant == tenant).for_each(|entry| writer.append(&entry.leaf));
        let _ = writer.publish(key, &origin(key.name(), &tenant)).expect("publishes");
    }
}

fn checked(data: &Path) -> Report {
    verify(data, &Knowledge::default()).expect("it can be checked")
}

fn sound(report: Report) -> Report {
    assert_eq!(report.fault, None);
    report
}

/// A folder of an honest server, and its groups.
fn folder() -> (tempfile::TempDir, Vec<Vec<Entry>>) {
    let data = tempfile::tempdir().expect("a folder");
    let groups = honest(140);
    write_journal(data.path(), &groups);
    publish(data.path(), &groups, &key(1));
    (data, groups)
}

/// What is found when the server writes another journal, every chain and checksum right, under the checkpoints it once signed.
fn after_rewriting(change: impl FnOnce(&mut Vec<Vec<Entry>>)) -> Fault {
    let (data, mut groups) = folder();
    change(&mut groups);
    write_journal(data.path(), &groups);
    checked(data.path()).fault.expect("a fault")
}

fn commit_to(entry: &mut Entry, detail: &Detail) {
    let bytes = detail.encode();
    entry.leaf = Leaf { commitment: commitment(&entry.salt.expect("a salt"), &bytes), ..entry.leaf };
    entry.detail = Some(bytes);
}

#[test]
fn an_honest_folder_is_sound_and_the_report_says_what_was_checked() {
    let (data, groups) = folder();
    let report = sound(checked(data.path()));
    assert_eq!((report.groups, report.entries, report.kinds), (280, 700, [448, 112, 0, 140]));
    assert_eq!((report.details, report.heads, report.logs, report.checkpoints, report.uncovered), (700, 280, 3, 3, 0));
    assert!(report.segments > 5 && report.tiles > 10, "{report:?}");
    let mut more = groups;
    more.push(vec![act(TENANTS[0], 280, 500)]);
    write_journal(data.path(), &more);
    assert_eq!(sound(checked(data.path())).uncovered, 1);
}

#[test]
fn a_changed_detail_is_found() {
    let fault = after_rewriting(|groups| groups[20][1].detail = Some(Detail::default().encode()));
    assert_eq!((fault.tenant, fault.index), (Some(TENANTS[0]), Some(21)));
    assert!(fault.why.contains("commits to"), "{fault}");
}

#[test]
fn a_changed_detail_with_a_new_leaf_is_found_by_the_next_heads() {
    let fault = after_rewriting(|groups| {
        let detail = Detail { outcome: Outcome::Granted, actor: Some(PersonId([8; 16])), ..Detail::default() };
        let entry = &mut groups[20][1];
        entry.redo = None;
        commit_to(entry, &detail);
    });
    assert_eq!((fault.tenant, fault.index), (Some(TenantId::INSTALLATION), Some(10)));
}

#[test]
fn a_past_rewritten_with_its_heads_is_found_by_the_checkpoint() {
    let fault = after_rewriting(|groups| {
        groups.retain(|group| group[0].tenant != TenantId::INSTALLATION);
        let detail = Detail { outcome: Outcome::Granted, actor: Some(PersonId([8; 16])), ..Detail::default() };
        let entry = &mut groups[10][1];
        entry.redo = None;
        commit_to(entry, &detail);
    });
    assert!(fault.why.contains("checkpoint was signed for"), "{fault}");
}

#[test]
fn entries_left_out_swapped_or_set_back_in_time_are_found() {
    let fault = after_rewriting(|groups| drop(groups[20].remove(0)));
    assert!(fault.why.contains("entry 20 was expected"), "{fault}");
    let fault = after_rewriting(|groups| groups[20].swap(0, 1));
    assert!(fault.why.contains("entry 20 was expected"), "{fault}");
    let fault = after_rewriting(|groups| groups[20][0].leaf.time = Instant(-1));
    assert!(fault.why.contains("time"), "{fault}");
    let fault = after_rewriting(|groups| groups.truncate(100));
    assert!(fault.why.contains("but the journal holds"), "{fault}");
}

#[test]
fn redo_parts_and_lists_must_be_those_that_the_detail_names() {
    let fault = after_rewriting(|groups| groups[6][0].redo = None);
    assert!(fault.why.contains("redo part"), "{fault}");
    let fault = after_rewriting(|groups| {
        let entry = groups.iter_mut().flatten().find(|entry| entry.index % 12 == 11).expect("eleven persons");
        let mut detail = Detail::decode(entry.detail.as_deref().expect("a detail")).expect("a detail");
        let other = Extra { operations: None, lists: None };
        detail.redo_hash = None;
        entry.redo = other.encode();
        commit_to(entry, &detail);
    });
    assert!(fault.why.contains("lists"), "{fault}");
}

#[test]
fn purged_entries_keep_their_log_whole() {
    let (data, mut groups) = folder();
    for entry in groups.iter_mut().take(30).flatten() {
        (entry.salt, entry.detail, entry.redo) = (None, None, None);
    }
    write_journal(data.path(), &groups);
    assert_eq!(sound(checked(data.path())).purged, 75);
    groups[3][0].salt = Some([1; 32]);
    write_journal(data.path(), &groups);
    assert!(checked(data.path()).fault.is_some());
}

#[test]
fn bytes_flipped_anywhere_in_the_folder_are_found() {
    let (data, _) = folder();
    let mut files = Vec::new();
    let mut folders = vec![data.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(folder).expect("a folder") {
            let path = file.expect("a file").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 15);
    for file in files {
        let bytes = fs::read(&file).expect("a file");
        let Some(used) = bytes.iter().rposition(|byte| *byte != 0) else { continue };
        for place in [0, 9, 30, used / 2, used] {
            let mut harmed = bytes.clone();
            harmed[place] ^= 0x01;
            fs::write(&file, harmed).expect("written");
            let outcome = verify(data.path(), &Knowledge::default());
            assert!(
                outcome.is_err() || outcome.is_ok_and(|report| report.fault.is_some()),
                "{}, byte {place}",
                file.display()
            );
        }
        fs::write(&file, bytes).expect("written");
    }
    sound(checked(data.path()));
}

#[test]
fn who_remembers_sees_a_rollback_and_another_key() {
    let (data, groups) = folder();
    let knowledge = Knowledge { seen: Some(data.path().join("seen")), ..Knowledge::default() };
    let check = || verify(data.path(), &knowledge).expect("it can be checked");
    assert_eq!(sound(check()).continued, None);
    assert_eq!(sound(check()).continued, Some(3));
    let mut more = groups.clone();
    more.push(vec![act(TENANTS[0], 280, 500)]);
    write_journal(data.path(), &more);
    publish(data.path(), &more, &key(1));
    assert_eq!(sound(check()).continued, Some(3));
    // Everything is set back together, as from a backup: by itself the folder is sound.
    fs::remove_dir_all(data.path().join("logs")).expect("removed");
    write_journal(data.path(), &groups);
    publish(data.path(), &groups, &key(1));
    sound(checked(data.path()));
    let fault = check().fault.expect("a fault");
    assert!(fault.tenant == Some(TENANTS[0]) && fault.why.contains("you saw 281 entries"), "{fault}");
    // And a new key for a new past.
    fs::remove_dir_all(data.path().join("logs")).expect("removed");
    publish(data.path(), &more, &key(2));
    write_verifier_key(&data.path().join("journal"), &key(2).verifier()).expect("written");
    write_journal(data.path(), &more);
    write_verifier_key(&data.path().join("journal"), &key(2).verifier()).expect("written");
    sound(checked(data.path()));
    assert!(check().fault.expect("a fault").why.contains("another key"));
    let known = Knowledge { key: Some(key(1).verifier()), ..Knowledge::default() };
    assert!(verify(data.path(), &known).expect("it can be checked").fault.is_some());
}

#[test]
fn a_folder_that_is_being_written_is_never_called_damaged() {
    let data = tempfile::tempdir().expect("a folder");
    write_journal(data.path(), &[]);
    let (journal, groups) = (data.path().join("journal"), honest(400));
    let mut appender = Appender::open(&journal, Arc::new(RealDisk), 16_384, None, &mut |_, _| Ok(())).expect("opens");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..groups.len() {
                let appended = appender.append(&groups[n]).expect("room");
                let _ = appender.sync(appended).expect("synced");
                if n % 7 == 0 {
                    publish(data.path(), &groups[..=n], &key(1));
                }
            }
        });
        let mut times = 0;
        while !writer.is_finished() {
            sound(checked(data.path()));
            times += 1;
        }
        assert!(times > 3, "it was checked only {times} times while being written");
    });
    assert_eq!(sound(checked(data.path())).entries, 2000);
}
