//! A disk that really runs full: a small file system in memory, mounted for the test. Where that is not allowed the test says
//! so and runs over the disk that only plays to be full, which shows the same of the journal, though not of the state.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use journal::faulty::FaultyDisk;
use storage::{CommitError, RecordWrite, Store};
use tempfile::TempDir;

use crate::house::{NORTH, SOUTH, Site, all, log, put, read, record, write};

const DISK_BYTES: u64 = 6 << 20;
/// Removed when the operator frees some room.
const BALLAST_BYTES: usize = 2 << 20;

/// A place that runs full.
struct Place {
    folder: TempDir,
    disk: Disk,
}

enum Disk {
    Mounted,
    Played(FaultyDisk),
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let size = format!("size={DISK_BYTES}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()).output();
        let disk = match mounted {
            Ok(output) if output.status.success() => {
                std::fs::write(folder.path().join("ballast"), vec![1; BALLAST_BYTES]).unwrap();
                Disk::Mounted
            }
            _ => {
                say(
                    "NO REAL FULL DISK: mounting a tmpfs is not allowed here (it needs root); a played one stands in for it",
                );
                let disk = FaultyDisk::new();
                disk.set_room(Some(DISK_BYTES - BALLAST_BYTES as u64));
                Disk::Played(disk)
            }
        };
        Self { folder, disk }
    }

    fn site(&self, reserve_bytes: u64) -> Site {
        let mut site = Site::new(&self.data());
        std::fs::create_dir_all(&site.folder).unwrap();
        site.options.segment_bytes = 256 << 10;
        site.options.reserve_bytes = reserve_bytes;
        if let Disk::Played(disk) = &self.disk {
            site.options.disk = Arc::new(disk.clone());
            site.options.reserve_bytes = 0;
        }
        site
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn free_room(&self) {
        match &self.disk {
            Disk::Mounted => std::fs::remove_file(self.folder.path().join("ballast")).unwrap(),
            Disk::Played(disk) => disk.set_room(None),
        }
    }

    fn is_real(&self) -> bool {
        matches!(self.disk, Disk::Mounted)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_real() {
            let unmounted = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
            if !unmounted.is_ok_and(|status| status.success()) {
                say(&format!(
                    "the tmpfs at {} could not be unmounted; unmount it by hand",
                    self.folder.path().display()
                ));
            }
        }
    }
}

/// Straight to stderr: what a test prints in the usual way is shown only when it fails.
fn say(line: &str) {
    use std::io::Write;
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The `n`th writing of the run: 4 KiB, a new record each time.
fn large(n: u32) -> RecordWrite {
    let mut one = put(1, 1);
    one.put.record.0[..4].copy_from_slice(&n.to_be_bytes());
    one.put.sealed = [n.to_be_bytes().to_vec(), vec![7; 4096]].concat();
    one
}

/// Writes until refused. How many were acknowledged, and the refusal.
async fn fill(store: &Store, from: u32) -> (u32, CommitError) {
    for n in from.. {
        match write(store, NORTH, large(n)).await {
            Ok(_) => assert!(u64::from(n) * 4096 < DISK_BYTES, "the disk never runs full"),
            Err(no) => return (n, no),
        }
    }
    unreachable!("a disk has an end")
}

fn check(store: &Store, acknowledged: u32) {
    let found = all(store, NORTH);
    let has = |n: u32| found.iter().any(|one| one.record == large(n).put.record && one.sealed == large(n).put.sealed);
    assert!((0..acknowledged).all(has), "an acknowledged writing is lost");
    assert!(found.len() as u32 <= acknowledged + 1, "more than was handed in");
}

fn verified(folder: &Path) {
    let report = journal::verify(folder, &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none(), "{:?}", report.fault);
}

#[tokio::test]
async fn a_full_disk_refuses_writings_cleanly_and_loses_nothing() {
    let place = Place::new();
    let site = place.site(1 << 20);
    let store = site.begun().await;
    let (acknowledged, no) = fill(&store, 0).await;
    assert!(matches!(no, CommitError::Full(_)), "{no}");
    assert!(acknowledged > 20, "only {acknowledged} writings had room");
    assert_eq!(store.stopped(), None);
    for n in 0..20 {
        assert!(matches!(write(&store, NORTH, large(acknowledged + n)).await, Err(CommitError::Full(_))));
    }
    if place.is_real() {
        // The reserve is for what follows from what was acknowledged, and for the entries of readings.
        for _ in 0..50 {
            read(&store, SOUTH, 1, 1).await.expect("a reading has its entry though nothing can be written");
        }
    }
    check(&store, acknowledged);
    let entries = log(&store, NORTH).await.len();
    drop(store);
    // A restart on the full disk.
    let store = site.open().expect("opens though the disk is full");
    check(&store, acknowledged);
    assert_eq!(log(&store, NORTH).await.len(), entries);
    // The end before made some room, since it moved the state's WAL into the state; then it is full again.
    let (acknowledged, no) = fill(&store, acknowledged).await;
    assert!(matches!(no, CommitError::Full(_)), "{no}");
    place.free_room();
    write(&store, NORTH, large(acknowledged)).await.expect("there is room again");
    write(&store, SOUTH, put(1, 1)).await.expect("there is room again");
    drop(store);
    let store = site.open().unwrap();
    check(&store, acknowledged + 1);
    assert!(store.record(&SOUTH, &record(1)).unwrap().is_some());
    drop(store);
    if place.is_real() {
        verified(&place.data());
    }
}

/// Without a reserve the state itself may find no room for what the journal has. Then it stops; that too loses nothing.
#[tokio::test]
async fn a_disk_without_any_reserve_loses_nothing_either() {
    let place = Place::new();
    let site = place.site(0);
    let store = site.begun().await;
    let (acknowledged, no) = fill(&store, 0).await;
    assert!(matches!(no, CommitError::Full(_) | CommitError::Stopped(_)), "{no}");
    assert_eq!(matches!(no, CommitError::Stopped(_)), store.stopped().is_some());
    drop(store);
    place.free_room();
    let store = site.open().expect("opens when there is room again");
    check(&store, acknowledged);
    let next = acknowledged + u32::from(all(&store, NORTH).len() as u32 > acknowledged);
    write(&store, NORTH, large(next)).await.expect("there is room again");
    drop(store);
    if place.is_real() {
        verified(&place.data());
    }
}
