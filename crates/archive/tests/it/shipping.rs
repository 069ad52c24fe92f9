//! What is durable here lies at the second place within a moment, whatever that place does, and nothing of another is overwritten.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant as Moment};

use archive::{Companion, Directory, Place, Shipper, Shipping, Status};
use journal::{Appender, Disk, Entry, EntryKind, Leaf, Position, RealDisk, random_salt};
use terms::{Clock, Instant, TenantId};

use crate::objects::{Failing, Fails};

/// A journal that grows.
struct Growing {
    appender: Appender,
    end: Arc<Mutex<Option<Position>>>,
    index: u64,
}

const TENANT: TenantId = TenantId([7; 16]);

impl Growing {
    fn open(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mut index = 0;
        let mut visit = |_: Position, entries: &[Entry]| {
            index += entries.len() as u64;
            Ok(())
        };
        let appender = Appender::open(folder, Arc::new(RealDisk), 16 << 10, None, &mut visit).unwrap();
        let end = Arc::new(Mutex::new(appender.end()));
        Self { appender, end, index }
    }

    /// Adds a group of some bytes.
    fn grow(&mut self, bytes: usize) {
        let entry = Entry {
            tenant: TENANT,
            index: self.index,
            leaf: Leaf { kind: EntryKind::Event, time: Instant(self.index as i64), commitment: terms::Hash([1; 32]) },
            salt: Some(random_salt().unwrap()),
            detail: Some(vec![5; bytes]),
            redo: None,
        };
        self.index += 1;
        let appended = self.appender.append(&[entry]).unwrap();
        let synced = self.appender.sync(appended).unwrap();
        *self.end.lock().unwrap() = Some(synced.end());
    }
}

struct Stands(AtomicI64);

impl Clock for Stands {
    fn now(&self) -> Instant {
        Instant(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

fn ship(
    folder: &Path,
    place: &Arc<dyn Place>,
    growing: &Growing,
    writer: &str,
    beside: &[Arc<dyn Companion>],
) -> Shipper {
    let end = Arc::clone(&growing.end);
    Shipper::start(Shipping {
        place: Arc::clone(place),
        installation: "ab".repeat(16),
        writer: writer.to_owned(),
        journal: folder.to_owned(),
        disk: Arc::new(RealDisk) as Arc<dyn Disk>,
        durable: Box::new(move || *end.lock().unwrap()),
        companions: beside.to_vec(),
        clock: Arc::new(Stands(AtomicI64::new(0))),
    })
    .unwrap()
}

/// Waits until it holds, for some seconds at most.
fn until(shipper: &Shipper, what: &str, holds: impl Fn(&Status) -> bool) -> Status {
    let begun = Moment::now();
    loop {
        let status = shipper.status();
        if holds(&status) {
            return status;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}: {status:?}");
        shipper.hurry();
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn all_there(shipper: &Shipper, growing: &Growing) {
    let end = *growing.end.lock().unwrap();
    until(shipper, "all is there", |status| status.shipped == end && status.behind_bytes == 0);
}

/// What the archive and the folder hold, entry by entry.
fn same(place: &dyn Place, folder: &Path) {
    let fetched = tempfile::tempdir().unwrap();
    archive::fetch_journal(place, fetched.path(), &mut |_| {}).unwrap();
    let entries = |folder: &Path| {
        let mut all = Vec::new();
        journal::scan(folder, &mut |position, entries| {
            all.extend(entries.iter().map(|entry| (position, entry.index, entry.detail.clone())));
            Ok(())
        })
        .unwrap();
        all
    };
    assert_eq!(entries(fetched.path()), entries(folder));
}

fn directory(path: &Path) -> Arc<dyn Place> {
    Arc::new(Directory::open(path).unwrap())
}

#[test]
fn what_is_durable_lies_there_and_goes_on_after_a_stop() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let mut growing = Growing::open(folder.path());
    for round in 0..4 {
        let shipper = ship(folder.path(), &place, &growing, &format!("writer {round}"), &[]);
        // Many pieces in a segment, whole segments at once, and a group larger than a segment.
        for bytes in [10, 100, 3000, 9000, 40_000, 200] {
            growing.grow(bytes);
            all_there(&shipper, &growing);
            same(&*place, folder.path());
        }
        for _ in 0..80 {
            growing.grow(50);
            all_there(&shipper, &growing);
        }
        for _ in 0..20 {
            growing.grow(4000);
        }
        all_there(&shipper, &growing);
        same(&*place, folder.path());
        growing.grow(77);
        // Ending sends what waits.
        drop(shipper);
        same(&*place, folder.path());
        // What happens while nobody ships is sent by the next.
        for _ in 0..10 {
            growing.grow(4000);
        }
        if round % 2 == 1 {
            growing = Growing::open(folder.path());
        }
    }
    let pieces = place.list("tail/").unwrap();
    assert!(pieces.len() <= 65, "{} pieces", pieces.len());
}

#[test]
fn a_place_that_fails_holds_nobody_up_and_is_caught_up_with() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let failing = Arc::new(Failing::new(second.path()));
    let place = Arc::clone(&failing) as Arc<dyn Place>;
    let mut growing = Growing::open(folder.path());
    let shipper = ship(folder.path(), &place, &growing, "one", &[]);
    growing.grow(100);
    all_there(&shipper, &growing);
    for fails in [Fails::Error, Fails::Half, Fails::Nothing] {
        failing.will(&[fails; 2]);
        growing.grow(500);
        let status = until(&shipper, "it is told", |status| status.failing.is_some());
        assert!(status.failing.unwrap().0.contains("could not put") && status.behind_since.is_some());
        assert!(status.behind_bytes >= 500);
        all_there(&shipper, &growing);
        let status = until(&shipper, "it is well again", |status| status.failing.is_none());
        assert!(status.lag_micros.is_some() && status.stopped.is_none());
        same(&*place, folder.path());
    }
}

#[test]
fn an_archive_of_another_a_newer_one_and_something_else_are_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut growing = Growing::open(folder.path());
    growing.grow(10);
    for (name, text, told) in [
        (
            "betrodd-archive",
            format!("betrodd archive 1\ninstallation {}\n", "cd".repeat(16)),
            "is of installation cdcd",
        ),
        ("betrodd-archive", "betrodd archive 2\nwhatever\n".to_owned(), "has form 2"),
        ("betrodd-archive", "something".to_owned(), "no archive of ours"),
        ("holiday.jpg", "x".to_owned(), "no archive of ours"),
    ] {
        let second = tempfile::tempdir().unwrap();
        let place = directory(second.path());
        place.put(name, &mut text.as_bytes()).unwrap();
        let shipper = ship(folder.path(), &place, &growing, "one", &[]);
        let status = until(&shipper, "it stops", |status| status.stopped.is_some());
        assert!(status.stopped.as_ref().unwrap().contains(told), "{status:?}");
        drop(shipper);
        assert_eq!(place.list("").unwrap().len(), 1, "{told}");
    }
}

#[test]
fn a_folder_that_lost_something_or_went_on_otherwise_overwrites_nothing() {
    let (folder, second, old) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let mut growing = Growing::open(folder.path());
    growing.grow(100);
    let copy = |from: &Path, to: &Path| {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    };
    copy(folder.path(), old.path());
    let shipper = ship(folder.path(), &place, &growing, "one", &[]);
    growing.grow(100);
    growing.grow(300);
    all_there(&shipper, &growing);
    drop(shipper);
    let before = place.list("").unwrap();
    let mut older = Growing::open(old.path());
    let stops = |growing: &Growing, told: &str| {
        let shipper = ship(old.path(), &place, growing, "other", &[]);
        let status = until(&shipper, "it stops", |status| status.stopped.is_some());
        assert!(status.stopped.as_ref().unwrap().contains(told), "{status:?}");
    };
    stops(&older, "holds more of this journal");
    // Longer than what lies there, and another.
    for _ in 0..3 {
        older.grow(900);
    }
    stops(&older, "another continuation");
    for _ in 0..20 {
        older.grow(4000);
    }
    stops(&older, "another continuation");
    assert_eq!(place.list("").unwrap(), before);
}

#[test]
fn damage_here_leaves_the_whole_archive_as_it_is_and_is_told() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let mut growing = Growing::open(folder.path());
    let shipper = ship(folder.path(), &place, &growing, "one", &[]);
    for _ in 0..20 {
        growing.grow(4000);
    }
    all_there(&shipper, &growing);
    drop(shipper);
    let all = |place: &dyn Place| -> Vec<(String, Vec<u8>)> {
        let listed = place.list("journal/").unwrap().into_iter().chain(place.list("tail/").unwrap());
        listed.map(|one| (one.name.clone(), std::fs::read(second.path().join(&one.name)).unwrap())).collect()
    };
    let before = all(&*place);
    let stops = || {
        let shipper = ship(folder.path(), &place, &growing, "two", &[]);
        let status = until(&shipper, "it stops", |status| status.stopped.is_some());
        drop(shipper);
        assert_eq!(all(&*place), before);
        status.stopped.unwrap()
    };
    let closed = journal::segments(folder.path(), &RealDisk).unwrap();
    let shipped = place.list("journal/").unwrap().len();
    assert!(shipped > 2);
    // The first, and the newest closed one, which is looked at before anything else.
    for number in [closed[0], closed[shipped - 1]] {
        let path = folder.path().join(journal::segment_name(number));
        let sound = std::fs::read(&path).unwrap();
        let mut damaged = sound.clone();
        damaged[5000] ^= 1;
        std::fs::write(&path, &damaged).unwrap();
        let told = stops();
        assert!(
            told.contains(&journal::segment_name(number)) && told.contains("is damaged in the data folder"),
            "{told}"
        );
        std::fs::write(&path, &sound).unwrap();
    }
    // A segment that ends earlier than the archive's is no purge either.
    let path = folder.path().join(journal::segment_name(closed[0]));
    let sound = std::fs::read(&path).unwrap();
    let mut shorter = sound.clone();
    shorter[5000..].fill(0);
    let sound_end = journal::segment_end(closed[0], &shorter).unwrap() as usize;
    shorter[sound_end..].fill(0);
    std::fs::write(&path, &shorter).unwrap();
    let told = stops();
    assert!(told.contains("they differ in"), "{told}");
    std::fs::write(&path, &sound).unwrap();
    // A segment that was being filled when the damage came is not closed over its sound pieces.
    let open = *closed.iter().find(|number| **number == shipped as u64 + 1).unwrap();
    let path = folder.path().join(journal::segment_name(open));
    let sound = std::fs::read(&path).unwrap();
    assert!(!place.list("tail/").unwrap().is_empty());
    for _ in 0..8 {
        growing.grow(4000);
    }
    let mut damaged = std::fs::read(&path).unwrap();
    assert_ne!(sound, damaged);
    damaged[200] ^= 1;
    std::fs::write(&path, &damaged).unwrap();
    let shipper = ship(folder.path(), &place, &growing, "three", &[]);
    until(&shipper, "it stops", |status| status.stopped.is_some());
    drop(shipper);
    assert_eq!(all(&*place), before);
}

#[test]
fn a_purge_here_is_a_purge_there() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let mut growing = Growing::open(folder.path());
    for _ in 0..20 {
        growing.grow(4000);
    }
    let shipper = ship(folder.path(), &place, &growing, "one", &[]);
    all_there(&shipper, &growing);
    drop(shipper);
    let purged = journal::purge(folder.path(), &RealDisk, 1, &|_, entry| entry.index % 2 == 0).unwrap();
    assert!(purged > 0);
    let here = |shipper: &Shipper| {
        all_there(shipper, &growing);
        until(shipper, "it is there", |status| {
            assert_eq!(status.stopped, None);
            let there = std::fs::read(second.path().join("journal").join(journal::segment_name(1))).unwrap();
            std::fs::read(folder.path().join(journal::segment_name(1))).unwrap().starts_with(&there)
        });
    };
    let shipper = ship(folder.path(), &place, &growing, "two", &[]);
    here(&shipper);
    drop(shipper);
    same(&*place, folder.path());
    // What is damaged there is mended from here.
    let damaged = second.path().join("journal").join(journal::segment_name(1));
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[300] ^= 1;
    std::fs::write(&damaged, &bytes).unwrap();
    let shipper = ship(folder.path(), &place, &growing, "three", &[]);
    here(&shipper);
}

#[test]
fn an_archive_that_lacks_its_beginning_or_a_piece_is_no_shorter_journal() {
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let mut growing = Growing::open(folder.path());
    let shipper = ship(folder.path(), &place, &growing, "one", &[]);
    for _ in 0..9 {
        growing.grow(4000);
        all_there(&shipper, &growing);
    }
    for _ in 0..3 {
        growing.grow(100);
        all_there(&shipper, &growing);
    }
    drop(shipper);
    let pieces = place.list("tail/").unwrap();
    assert!(pieces.len() > 2);
    for gone in ["journal/segment-0000000001.log", &pieces[1].name] {
        let path = second.path().join(gone);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let fetched = tempfile::tempdir().unwrap();
        let no = archive::fetch_journal(&*place, fetched.path(), &mut |_| {}).unwrap_err();
        assert!(matches!(no, archive::FetchError::Gap(_)), "{no}");
        std::fs::write(&path, bytes).unwrap();
    }
    same(&*place, folder.path());
}

#[test]
fn nothing_is_sent_before_what_it_needs() {
    struct Needs(Mutex<(Vec<u64>, u32)>);
    impl Companion for Needs {
        fn before(&self, place: &dyn Place, entries: &[Entry]) -> Result<(), String> {
            let mut kept = self.0.lock().unwrap();
            kept.1 += 1;
            if kept.1.is_multiple_of(2) {
                return Err("the custodian does not answer".to_owned());
            }
            // Not there yet.
            let fetched = tempfile::tempdir().unwrap();
            archive::fetch_journal(place, fetched.path(), &mut |_| {}).unwrap();
            journal::scan(fetched.path(), &mut |_, there| {
                assert!(entries.iter().all(|one| there.iter().all(|other| other.index != one.index)));
                Ok(())
            })
            .unwrap();
            kept.0.extend(entries.iter().map(|entry| entry.index));
            Ok(())
        }
        fn tidy(&self, _: &dyn Place) -> Result<(), String> {
            Ok(())
        }
    }
    let (folder, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = directory(second.path());
    let needs = Arc::new(Needs(Mutex::default()));
    let mut growing = Growing::open(folder.path());
    growing.grow(10);
    let shipper = ship(folder.path(), &place, &growing, "one", &[Arc::clone(&needs) as Arc<dyn Companion>]);
    for bytes in [100, 9000, 9000, 50] {
        growing.grow(bytes);
        all_there(&shipper, &growing);
    }
    drop(shipper);
    let mut seen = needs.0.lock().unwrap().0.clone();
    seen.dedup();
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    same(&*place, folder.path());
}
