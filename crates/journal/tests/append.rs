//! The append path against a disk that fails: nothing acknowledged is lost, nothing half done counts, and damage is named.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expected")]

use std::io;
use std::path::Path;
use std::sync::Arc;

use journal::faulty::{FaultyDisk, Keep, Operation};
use journal::{
    AppendError, Appender, DamageKind, Detail, Disk, Entry, EntryKind, Extra, OpenError, Position, Synced, read_entry,
    read_group,
};
use proptest::prelude::*;
use terms::{Instant, TenantId};

type Seen = Vec<(Position, Vec<Entry>)>;

const DIR: &str = "journal";
const SEGMENT_BYTES: u64 = 4096;

/// `count` entries of one tenant from `first` on; the redo part is `redo` bytes long.
fn entries(first: u64, count: u64, redo: usize) -> Vec<Entry> {
    (first..first + count)
        .map(|index| {
            let detail = Detail { count: Some(index), ..Detail::default() };
            let extra = Extra { operations: (redo > 0).then(|| vec![0xa5; redo].into()), lists: None };
            let salt = [index as u8 | 1; 32];
            Entry::new(TenantId([1; 16]), index, EntryKind::Event, Instant(index as i64), detail, &extra, salt)
        })
        .collect()
}

fn open(disk: &FaultyDisk, from: Option<Position>) -> Result<(Appender, Seen), OpenError> {
    let mut seen = Vec::new();
    let disk: Arc<dyn Disk> = Arc::new(disk.clone());
    let appender = Appender::open(Path::new(DIR), disk, SEGMENT_BYTES, from, &mut |at, entries| {
        seen.push((at, entries.to_vec()));
        Ok(())
    })?;
    Ok((appender, seen))
}

fn commit(appender: &mut Appender, entries: &[Entry]) -> Synced {
    let appended = appender.append(entries).expect("room");
    appender.sync(appended).expect("synced")
}

fn indices(seen: &Seen) -> Vec<u64> {
    seen.iter().flat_map(|(_, entries)| entries.iter().map(|entry| entry.index)).collect()
}

/// A journal of `groups` groups of two entries each.
fn journal_of(groups: u64) -> (FaultyDisk, Vec<Synced>) {
    let disk = FaultyDisk::new();
    let (mut appender, _) = open(&disk, None).expect("opens");
    let synced = (0..groups).map(|n| commit(&mut appender, &entries(n * 2, 2, 40))).collect();
    (disk, synced)
}

fn segment(number: u64) -> std::path::PathBuf {
    Path::new(DIR).join(format!("segment-{number:010}.log"))
}

fn damage(outcome: Result<(Appender, Seen), OpenError>) -> journal::Damage {
    match outcome {
        Err(OpenError::Damage(damage)) => damage,
        Err(other) => panic!("expected damage, got {other}"),
        Ok((_, seen)) => panic!("expected damage, but {} groups were read", seen.len()),
    }
}

#[test]
fn what_is_synced_is_there_after_a_crash_and_across_segments() {
    let (disk, synced) = journal_of(40);
    assert!(synced.last().expect("groups").position().segment > 3, "the journal must use several segments");
    for keep in [Keep::Nothing, Keep::Everything, Keep::Sectors(7)] {
        let (_, seen) = open(&disk.crash(keep), None).expect("opens");
        assert_eq!(indices(&seen), (0..80).collect::<Vec<_>>());
        assert!(seen.iter().map(|(at, _)| *at).eq(synced.iter().map(Synced::position)));
    }
}

#[test]
fn a_group_that_was_not_synced_is_there_whole_or_not_at_all() {
    for (groups, redo) in [(0, 0), (3, 40), (3, 3000), (9, 300), (9, 60_000)] {
        let (disk, _) = journal_of(groups);
        let (mut appender, _) = open(&disk, None).expect("opens");
        let _unsynced = appender.append(&entries(groups * 2, 2, redo)).expect("room");
        for seed in 0..50 {
            let after = disk.crash(Keep::Sectors(seed));
            let (mut appender, seen) = open(&after, None).expect("a torn tail is no damage");
            let found = indices(&seen);
            let next = found.len() as u64;
            assert!(next == groups * 2 || next == groups * 2 + 2, "seed {seed}: {found:?}");
            let _ = commit(&mut appender, &entries(next, 2, 40));
            let (_, seen) = open(&after.crash(Keep::Nothing), None).expect("opens");
            assert_eq!(indices(&seen), (0..next + 2).collect::<Vec<_>>(), "seed {seed}");
        }
    }
}

#[test]
fn a_tail_torn_at_any_byte_is_overwritten() {
    for groups in [0, 2, 6] {
        let (disk, _) = journal_of(groups);
        let (mut appender, _) = open(&disk, None).expect("opens");
        let appended = appender.append(&entries(groups * 2, 2, 40)).expect("room");
        let at = appended.position();
        let whole = disk.crash(Keep::Everything).read(&segment(at.segment)).expect("a segment");
        let written = whole.len() - at.offset as usize;
        for cut in 0..written.min(700) {
            let after = disk.crash(Keep::Prefix(cut));
            let (mut appender, seen) =
                open(&after, None).unwrap_or_else(|error| panic!("{groups} groups, cut at {cut}: {error}"));
            let next = indices(&seen).len() as u64;
            assert!(next == groups * 2 || next == groups * 2 + 2, "cut at {cut}");
            let _ = commit(&mut appender, &entries(next, 1, 40));
            let (_, seen) = open(&after.crash(Keep::Nothing), None).expect("opens");
            assert_eq!(indices(&seen).len() as u64, next + 1, "cut at {cut}");
        }
    }
}

#[test]
fn any_flipped_bit_is_found_and_its_place_is_named() {
    let (disk, synced) = journal_of(12);
    let last = synced.last().expect("groups").end();
    for number in 1..=last.segment {
        let used =
            disk.read(&segment(number)).expect("a segment").iter().rposition(|byte| *byte != 0).expect("content");
        for place in 0..=used {
            for bit in [0x01, 0x80] {
                let harmed = disk.crash(Keep::Everything);
                harmed.tamper(&segment(number), |bytes| bytes[place] ^= bit);
                let damage = damage(open(&harmed, None));
                // A segment whose end is gone shows at the header of the next.
                let near = damage.at.segment == number && damage.at.offset <= place as u64;
                assert!(near || damage.at.segment == number + 1, "{number}, byte {place}: {damage}");
            }
        }
    }
}

#[test]
fn a_journal_without_one_of_its_groups_or_segments_is_damaged() {
    let (disk, synced) = journal_of(30);
    let second = synced.iter().find(|group| group.position().segment == 2).expect("two segments").position();
    let cut = disk.crash(Keep::Everything);
    cut.tamper(&segment(1), |bytes| bytes.truncate(300));
    assert_eq!(damage(open(&cut, None)).at.segment, 1);
    let zeroed = disk.crash(Keep::Everything);
    zeroed.tamper(&segment(2), |bytes| bytes.fill(0));
    assert_eq!(damage(open(&zeroed, None)).at, Position { segment: 2, offset: 0 });
    let swapped = disk.crash(Keep::Everything);
    let third = disk.read(&segment(3)).expect("three segments");
    swapped.tamper(&segment(2), |bytes| *bytes = third);
    assert!(matches!(damage(open(&swapped, Some(second))).kind, DamageKind::Header(_)));
}

#[test]
fn opening_from_a_position_visits_what_lies_at_or_after_it() {
    let (disk, synced) = journal_of(20);
    for (n, group) in synced.iter().enumerate() {
        let (_, seen) = open(&disk, Some(group.position())).expect("opens");
        assert_eq!(seen.len(), 20 - n);
        let (_, seen) = open(&disk, Some(group.end())).expect("opens");
        assert_eq!(seen.len(), 19 - n);
    }
    let Position { segment, offset } = synced[3].position();
    let beside = Position { segment, offset: offset + 1 };
    assert_eq!(damage(open(&disk, Some(beside))).kind, DamageKind::NoGroup);
    let beyond = Position { segment: 99, offset: 64 };
    assert_eq!(damage(open(&disk, Some(beyond))).kind, DamageKind::Missing);
}

#[test]
fn a_full_disk_is_found_before_anything_is_written_and_the_appender_goes_on_later() {
    let disk = FaultyDisk::new();
    let (mut appender, _) = open(&disk, None).expect("opens");
    disk.set_room(Some(3 * SEGMENT_BYTES));
    let mut acknowledged = 0;
    let refused = loop {
        match appender.append(&entries(acknowledged, 1, 100)) {
            Ok(appended) => {
                let _ = appender.sync(appended).expect("synced");
                acknowledged += 1;
            }
            Err(refused) => break refused,
        }
    };
    assert!(matches!(&refused, AppendError::Full(error) if error.kind() == io::ErrorKind::StorageFull), "{refused}");
    let before = disk.trace().iter().filter(|done| matches!(done, Operation::Write(..))).count();
    assert!(matches!(appender.append(&entries(acknowledged, 1, 100)), Err(AppendError::Full(_))));
    let after = disk.trace().iter().filter(|done| matches!(done, Operation::Write(..))).count();
    assert_eq!(before, after, "a refused group writes nothing");
    disk.set_room(None);
    for n in 0..40 {
        let _ = commit(&mut appender, &entries(acknowledged + n, 1, 100));
    }
    let (_, seen) = open(&disk.crash(Keep::Nothing), None).expect("opens");
    assert_eq!(indices(&seen), (0..acknowledged + 40).collect::<Vec<_>>());
}

#[test]
fn a_group_larger_than_a_segment_gets_one_of_its_own_size() {
    let (disk, _) = journal_of(1);
    let (mut appender, _) = open(&disk, None).expect("opens");
    let large = commit(&mut appender, &entries(2, 3, 10_000));
    let next = commit(&mut appender, &entries(5, 1, 0));
    assert_eq!((large.position().segment, next.position().segment), (2, 3));
    let (_, seen) = open(&disk.crash(Keep::Nothing), None).expect("opens");
    assert_eq!(indices(&seen), (0..6).collect::<Vec<_>>());
}

#[test]
fn order_is_write_then_sync_and_a_segment_is_durable_before_the_next_begins() {
    let (disk, _) = journal_of(30);
    let mut unsynced: Option<String> = None;
    for done in disk.trace() {
        match done {
            Operation::Write(name, ..) => {
                assert_eq!(unsynced.replace(name), None, "a second group before the sync of the first")
            }
            Operation::Sync(name) if unsynced.as_deref() == Some(name.as_str()) => unsynced = None,
            _ => {}
        }
    }
}

#[test]
fn one_entry_or_one_group_is_read_by_its_place() {
    let (disk, synced) = journal_of(5);
    let dir = Path::new(DIR);
    assert_eq!(read_group(dir, &disk, synced[2].position()).expect("a group").len(), 2);
    assert_eq!(read_entry(dir, &disk, synced[3].entry(1)).expect("an entry").index, 7);
    assert!(read_entry(dir, &disk, synced[3].entry(2)).is_err());
    let beside = Position { offset: synced[3].position().offset + 1, ..synced[3].position() };
    assert!(matches!(read_group(dir, &disk, beside), Err(OpenError::Damage(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever call fails and whatever a crash keeps: what was acknowledged is there, in order, and nothing follows but the last group.
    #[test]
    fn no_fault_loses_what_was_acknowledged(
        sizes in proptest::collection::vec((1..5_u64, 0..2000_usize), 1..25),
        nth in 1..80_u64,
        full in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let disk = FaultyDisk::new();
        let (mut appender, _) = open(&disk, None).expect("opens");
        disk.fail_call(nth, if full { io::ErrorKind::StorageFull } else { io::ErrorKind::Other });
        let (mut acknowledged, mut offered) = (0, 0);
        for (count, redo) in sizes {
            match appender.append(&entries(acknowledged, count, redo)) {
                Ok(appended) => {
                    offered = acknowledged + count;
                    if appender.sync(appended).is_err() {
                        break;
                    }
                    acknowledged = offered;
                }
                Err(AppendError::Full(_)) => {}
                Err(AppendError::Failed(_)) => {
                    offered = acknowledged + count;
                    prop_assert!(matches!(appender.append(&[]), Err(AppendError::Failed(_))), "it must stay failed");
                    break;
                }
            }
        }
        for keep in [Keep::Nothing, Keep::Everything, Keep::Sectors(seed)] {
            let after = disk.crash(keep);
            let (mut again, seen) = open(&after, None).expect("opens");
            let found = indices(&seen);
            let next = found.len() as u64;
            prop_assert_eq!(&found, &(0..next).collect::<Vec<_>>());
            prop_assert!(next == acknowledged || next == offered, "{} of {} or {}", next, acknowledged, offered);
            let _ = commit(&mut again, &entries(next, 1, 10));
        }
    }
}
