//! Every single bit of a small journal and its published log, flipped: found by `verify`, or the journal reads as before.
//!
//! A short form takes some of the bits; `BETRODD_LONG=1 cargo test --release -p journal --test flipped_bits` takes all.

#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::{
    Appender, Detail, Entry, EntryKind, Extra, Knowledge, RealDisk, SigningKey, TileWriter, key_name, origin, verify,
    write_verifier_key,
};
use terms::{Instant, TenantId};

const TENANT: TenantId = TenantId([1; 16]);
const ENTRIES: u64 = 14;
/// A damaged end is read again some times before it is believed, with pauses; so many folders are tried beside each other.
const THREADS: usize = 16;

fn entry(n: u64) -> Entry {
    let detail = Detail { event: Some(format!("event-{n}")), ..Detail::default() };
    let extra = Extra { operations: n.is_multiple_of(3).then(|| vec![0xa5; 20].into()), lists: None };
    Entry::new(TENANT, n, EntryKind::Event, Instant(n as i64), detail, &extra, [n as u8 | 1; 32])
}

fn folder() -> tempfile::TempDir {
    let data = tempfile::tempdir().expect("a folder");
    let dir = data.path().join("journal");
    fs::create_dir_all(&dir).expect("a folder");
    let key = SigningKey::from_seed(&key_name(&[5; 16]), &[6; 32]).expect("a key");
    write_verifier_key(&dir, &key.verifier()).expect("written");
    let mut appender = Appender::open(&dir, Arc::new(RealDisk), 4096, None, &mut |_, _| Ok(())).expect("opens");
    let mut log = TileWriter::begin(&data.path().join("logs").join(TENANT.to_string())).expect("opens");
    for n in 0..ENTRIES {
        let appended = appender.append(&[entry(n)]).expect("room");
        let _ = appender.sync(appended).expect("synced");
        log.append(&entry(n).leaf);
    }
    let _ = log.publish(&key, &origin(key.name(), &TENANT)).expect("publishes");
    data
}

/// The files, as seen from the folder.
fn files(data: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut wait = vec![data.to_owned()];
    while let Some(folder) = wait.pop() {
        for one in fs::read_dir(folder).expect("a folder") {
            let path = one.expect("a file").path();
            if path.is_dir() {
                wait.push(path);
            } else {
                found.push(path.strip_prefix(data).expect("within").to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_flipped_bit_of_a_small_journal_is_found() {
    let step = if std::env::var_os("BETRODD_LONG").is_some() { 1 } else { 41 };
    let (found, harmless) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (found, harmless) = (&found, &harmless);
            scope.spawn(move || {
                let data = folder();
                let mut number = 0;
                for file in files(data.path()) {
                    let path = data.path().join(&file);
                    let honest = fs::read(&path).expect("a file");
                    let used = honest.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
                    for bit in (0..used * 8).step_by(step) {
                        number += 1;
                        if number % THREADS != thread {
                            continue;
                        }
                        let mut bytes = honest.clone();
                        bytes[bit / 8] ^= 1 << (bit % 8);
                        fs::write(&path, &bytes).expect("written");
                        let sound =
                            verify(data.path(), &Knowledge::default()).is_ok_and(|report| report.fault.is_none());
                        if sound {
                            harmless.fetch_add(1, Ordering::Relaxed);
                            let mut all = Vec::new();
                            let scan = journal::scan(&data.path().join("journal"), &mut |_, entries| {
                                all.extend(entries.iter().cloned());
                                Ok(())
                            });
                            let same = all == (0..ENTRIES).map(entry).collect::<Vec<_>>();
                            assert!(scan.is_ok() && same, "{}, bit {bit}: a wrong answer", file.display());
                        } else {
                            found.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    fs::write(&path, &honest).expect("written");
                }
            });
        }
    });
    let (found, harmless) = (found.into_inner(), harmless.into_inner());
    println!("{found} flipped bits found, {harmless} harmless");
    assert!(found > 500 && harmless * 100 < found, "{found} found, {harmless} harmless");
}
