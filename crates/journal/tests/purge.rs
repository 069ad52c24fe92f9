//! Purging: what goes is gone from the bytes, every proof and position holds, and a stop in any step leaves a journal that is sound.

#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use journal::faulty::{FaultyDisk, Keep};
use journal::{
    Appender, Detail, Disk, Entry, EntryKind, Extra, Frontier, Index, IndexKey, Knowledge, Outcome, Position, RealDisk,
    SigningKey, TileWriter, key_name, may_replace, origin, purge, read_entry, strip, verify, write_verifier_key,
};
use terms::{Instant, PersonId, TenantId};

const TENANT: TenantId = TenantId([1; 16]);

fn entry(n: u64) -> Entry {
    let mut detail = Detail {
        outcome: Outcome::Granted,
        actor: Some(PersonId([0xac; 16])),
        reason: Some(format!("canary-{n}-canary")),
        ..Detail::default()
    };
    let lists = detail.name((0..n as u8 % 12).map(|one| PersonId([one + 1; 16])).collect(), Vec::new());
    let extra = Extra { operations: n.is_multiple_of(5).then(|| vec![0xa5; 20].into()), lists };
    Entry::new(TENANT, n, EntryKind::Act, Instant(n as i64), detail, &extra, [n as u8 | 1; 32])
}

/// A journal of groups of three.
fn journal(dir: &Path, disk: Arc<dyn Disk>, entries: u64) {
    let mut appender = Appender::open(dir, disk, 4096, None, &mut |_, _| Ok(())).expect("opens");
    for first in (0..entries).step_by(3) {
        let group: Vec<Entry> = (first..(first + 3).min(entries)).map(entry).collect();
        let appended = appender.append(&group).expect("room");
        let _ = appender.sync(appended).expect("synced");
    }
}

/// What may go: older than 60, and nothing that the state is still rebuilt from.
fn goes(_: Position, entry: &Entry) -> bool {
    entry.leaf.time < Instant(60) && !entry.index.is_multiple_of(5)
}

/// A folder with a journal of 120 entries, its published log, and its index.
fn published() -> (tempfile::TempDir, TileWriter, Index) {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("journal");
    fs::create_dir_all(&dir).expect("a folder");
    let key = SigningKey::from_seed(&key_name(&[5; 16]), &[6; 32]).expect("a key");
    write_verifier_key(&dir, &key.verifier()).expect("written");
    journal(&dir, Arc::new(RealDisk), 120);
    let mut log = TileWriter::begin(&data.path().join("logs").join(TENANT.to_string())).expect("opens");
    (0..120).for_each(|n| log.append(&entry(n).leaf));
    let _ = log.publish(&key, &origin(key.name(), &TENANT)).expect("publishes");
    let index = Index::open(&dir, Arc::new(RealDisk)).expect("opens");
    (data, log, index)
}

#[test]
fn what_is_purged_is_gone_and_every_proof_holds() {
    let (data, log, index) = published();
    let dir = data.path().join("journal");
    let before: Vec<_> = index.find(IndexKey::Tenant(TENANT), None, 1000).expect("found");
    let sizes = |dir: &Path| -> Vec<u64> {
        let mut all: Vec<_> = fs::read_dir(dir).expect("a folder").map(|one| one.expect("a file")).collect();
        all.sort_by_key(fs::DirEntry::file_name);
        all.iter()
            .filter(|one| one.path().extension().is_some_and(|end| end == "log"))
            .map(|one| one.metadata().expect("a file").len())
            .collect()
    };
    let lengths = sizes(&dir);

    let mut purged = 0;
    for segment in index.closed_segments() {
        purged += purge(&dir, &RealDisk, segment, &goes).expect("purged");
    }
    assert_eq!(purged, (0..60).filter(|n| n % 5 != 0).count() as u64);
    // Again: nothing more.
    assert!(
        index.closed_segments().iter().all(|segment| purge(&dir, &RealDisk, *segment, &goes).expect("purged") == 0)
    );

    // Every file of the journal, byte by byte.
    let mut all = Vec::new();
    for file in fs::read_dir(&dir).expect("a folder") {
        all.extend(fs::read(file.expect("a file").path()).expect("a file"));
    }
    for n in 0..120 {
        let canary = format!("canary-{n}-canary");
        let there = all.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert_eq!(there, !(n < 60 && n % 5 != 0), "{canary}");
    }

    // Positions are the same, the rows of what went name nobody any more, and the whole folder is sound.
    assert_eq!(index.find(IndexKey::Tenant(TENANT), None, 1000).expect("found"), before);
    assert_eq!(sizes(&dir), lengths);
    let named = index.find(IndexKey::Actor(TENANT, PersonId([0xac; 16])), None, 1000).expect("found");
    assert_eq!(named.len(), 120 - 48);
    for place in before {
        let read = read_entry(&dir, &RealDisk, place).expect("read");
        assert_eq!(read.detail.is_none(), read.index < 60 && !read.index.is_multiple_of(5));
        assert_eq!(read.leaf, entry(read.index).leaf);
    }
    let report = verify(data.path(), &Knowledge::default()).expect("it can be checked");
    assert_eq!((report.fault, report.purged, report.entries, report.checkpoints), (None, 48, 120, 1));
    // And it goes on.
    let mut seen = Frontier::default();
    let opened = Appender::open(&dir, Arc::new(RealDisk), 4096, None, &mut |_, entries| {
        entries.iter().for_each(|entry| seen.push(entry.leaf.hash()));
        Ok(())
    });
    assert!(opened.is_ok() && seen.root() == log.root());
}

#[test]
fn operations_are_taken_out_up_to_a_place_and_what_was_done_is_still_told() {
    let (data, _, index) = published();
    let dir = data.path().join("journal");
    let places: Vec<_> = index.find(IndexKey::Tenant(TENANT), None, 1000).expect("found");
    let until = places.iter().find(|place| place.ordinal == 0 && place.segment == 2).expect("a second segment").group();
    let before: Vec<(u64, Vec<u8>)> =
        (1..4).map(|number| (number, fs::read(dir.join(journal::segment_name(number))).expect("a segment"))).collect();
    let closed = index.closed_segments();
    let goes = |number: &u64| strip(&dir, &RealDisk, *number, until).expect("stripped");
    let stripped: u64 = closed.iter().map(goes).sum();
    assert!(stripped > 2 && closed.iter().map(goes).sum::<u64>() == 0, "{stripped}");
    let mut gone = 0;
    for place in &places {
        let read = read_entry(&dir, &RealDisk, *place).expect("read");
        let was = entry(read.index);
        assert_eq!((read.salt, &read.detail), (was.salt, &was.detail));
        let extra = |entry: &Entry| entry.redo.as_deref().map(|redo| Extra::decode(redo).expect("reads"));
        let lists = |entry: &Entry| extra(entry).and_then(|extra| extra.lists);
        assert_eq!(lists(&read), lists(&was), "whom it was about stays");
        let goes = place.group() <= until;
        assert_eq!(read == was, !goes || !read.index.is_multiple_of(5));
        assert!(!goes || extra(&read).is_none_or(|extra| extra.operations.is_none()));
        gone += u64::from(read != was);
    }
    assert_eq!(gone, stripped);
    // That it may be so is said beside it; without that it is tampered with.
    let report = verify(data.path(), &Knowledge::default()).expect("it can be checked");
    assert!(report.fault.is_some_and(|fault| fault.why.contains("redo part")));
    journal::cover(&dir, &RealDisk, until).expect("noted");
    let report = verify(data.path(), &Knowledge::default()).expect("it can be checked");
    assert_eq!((report.fault, report.stripped, report.entries, report.purged), (None, stripped, 120, 0));
    // A copy elsewhere may be replaced by it, and not the other way round.
    for (number, was) in before {
        let is = fs::read(dir.join(journal::segment_name(number))).expect("a segment");
        assert!(may_replace(&was, &is));
        assert_eq!(may_replace(&is, &was), is == was);
    }
}

#[test]
fn a_segment_that_is_ended_is_closed_and_the_next_group_begins_another() {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path();
    let mut appender = Appender::open(dir, Arc::new(RealDisk), 4096, None, &mut |_, _| Ok(())).expect("opens");
    appender.end_segment();
    for n in 0..3 {
        let appended = appender.append(&[entry(n)]).expect("room");
        assert_eq!(appended.position(), journal::first_group(n + 1));
        let _ = appender.sync(appended).expect("synced");
        appender.end_segment();
    }
    drop(appender);
    let mut seen = 0;
    drop(Appender::open(dir, Arc::new(RealDisk), 4096, None, &mut |_, entries| {
        seen += entries.len();
        Ok(())
    }));
    assert_eq!(seen, 3);
}

#[test]
fn a_stop_at_any_call_leaves_a_sound_journal_and_the_next_purge_finishes() {
    let dir = Path::new("journal");
    let whole = FaultyDisk::new();
    journal(dir, Arc::new(whole.clone()), 60);
    drop(Index::open(dir, Arc::new(whole.clone())).expect("opens"));
    let mut stops = 0;
    for nth in 1.. {
        let disk = whole.crash(Keep::Everything);
        disk.fail_call(nth, io::ErrorKind::Other);
        let index = Index::open(dir, Arc::new(disk.clone())).expect("opens");
        let end = Position { segment: u64::MAX, offset: 0 };
        let one = |segment| {
            strip(dir, &disk, segment, end)?;
            purge(dir, &disk, segment, &goes)
        };
        let outcome: Result<Vec<u64>, _> = index.closed_segments().into_iter().map(one).collect();
        for keep in [Keep::Nothing, Keep::Everything, Keep::Sectors(nth)] {
            let after = disk.crash(keep);
            let mut leaves = Vec::new();
            let appender = Appender::open(dir, Arc::new(after.clone()), 4096, None, &mut |_, entries| {
                leaves.extend(entries.iter().map(|entry| entry.leaf));
                Ok(())
            });
            assert!(appender.is_ok(), "call {nth}, {keep:?}");
            drop(appender);
            assert!(
                leaves.iter().eq((0..60).map(|n| entry(n).leaf).collect::<Vec<_>>().iter()),
                "call {nth}, {keep:?}"
            );
            let index = Index::open(dir, Arc::new(after.clone())).expect("opens");
            for segment in index.closed_segments() {
                let _ = purge(dir, &after, segment, &goes).expect("purged");
            }
            let named = index.find(IndexKey::Actor(TENANT, PersonId([0xac; 16])), None, 1000).expect("found");
            for place in index.find(IndexKey::Tenant(TENANT), None, 1000).expect("found") {
                let read = read_entry(dir, &after, place).expect("read");
                let closed = index.closed_segments().contains(&place.segment);
                assert_eq!(read.detail.is_none(), closed && !read.index.is_multiple_of(5), "call {nth}, {keep:?}");
                assert_eq!(named.contains(&place), read.detail.is_some(), "call {nth}, {keep:?}");
            }
        }
        if outcome.is_ok() {
            break;
        }
        stops += 1;
    }
    assert!(stops > 4, "{stops}");
}

#[test]
fn the_room_of_what_was_purged_is_given_back_and_every_place_stays() {
    use std::os::unix::fs::MetadataExt;

    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("journal");
    fs::create_dir_all(&dir).expect("a folder");
    let key = SigningKey::from_seed(&key_name(&[5; 16]), &[6; 32]).expect("a key");
    write_verifier_key(&dir, &key.verifier()).expect("written");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let mut appender = Appender::open(&dir, Arc::clone(&disk), 1 << 20, None, &mut |_, _| Ok(())).expect("opens");
    let mut log = TileWriter::begin(&data.path().join("logs").join(TENANT.to_string())).expect("opens");
    for first in (0..9000).step_by(300) {
        let group: Vec<Entry> = (first..first + 300).map(entry).collect();
        let appended = appender.append(&group).expect("room");
        let _ = appender.sync(appended).expect("synced");
        group.iter().for_each(|entry| log.append(&entry.leaf));
    }
    let _ = log.publish(&key, &origin(key.name(), &TENANT)).expect("publishes");
    let index = Index::open(&dir, disk).expect("opens");
    let closed = index.closed_segments();
    let takes = || -> (u64, u64) {
        let of = |segment: &u64| fs::metadata(dir.join(journal::segment_name(*segment))).expect("a file");
        closed.iter().map(of).fold((0, 0), |(bytes, room), one| (bytes + one.len(), room + one.blocks() * 512))
    };
    let (bytes, room) = takes();
    let all: Vec<_> = closed.iter().map(|one| purge(&dir, &RealDisk, *one, &|_, _| true).expect("purged")).collect();
    assert!(closed.len() >= 2 && all.iter().all(|gone| *gone > 0));
    let (after, left) = takes();
    assert_eq!(after, bytes, "every place stays");
    assert!(room >= bytes && left < room / 2, "{left} of {room} bytes of room are still taken");
    let report = verify(data.path(), &Knowledge::default()).expect("it can be checked");
    assert_eq!((report.fault, report.entries), (None, 9000));
}
