//! What the journal costs, beside the bare thing, in one run: appends beside a file that is written and synced the same way,
//! verification beside hashing the same bytes, and *who looked* at one person among many entries.
//!
//! `cargo run --release -p journal --example log_speed` takes seconds; `-- ENTRIES` takes as many entries for the last two.

#![expect(clippy::expect_used, reason = "a measurement ends where it cannot go on")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant as Watch};

use aws_lc_rs::digest::{SHA256, digest};
use journal::{
    Appender, Detail, Disk, Entry, EntryKind, Extra, Index, IndexKey, Knowledge, RealDisk, SigningKey, TileWriter,
    key_name, origin, read_entry, verify, write_verifier_key,
};
use terms::{Instant, PersonId, TenantId};

const TENANT: TenantId = TenantId([1; 16]);
/// One entry in so many is about the person that is looked for.
const ABOUT_EVERY: u64 = 10_000;

fn person(n: u64) -> PersonId {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    PersonId(id)
}

/// Some 200 bytes of detail.
fn entry(n: u64) -> Entry {
    let mut detail = Detail { actor: Some(person(n % 50)), event: Some("x".repeat(100)), ..Detail::default() };
    let about = if n.is_multiple_of(ABOUT_EVERY) { person(u64::MAX) } else { person(n) };
    let lists = detail.name(vec![about], Vec::new());
    Entry::new(TENANT, n, EntryKind::Act, Instant(n as i64), detail, &Extra { operations: None, lists }, [7; 32])
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn appends(group: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut appender =
        Appender::open(folder.path(), Arc::new(RealDisk), 16 << 20, None, &mut |_, _| Ok(())).expect("opens");
    let bare = RealDisk.prepare(&folder.path().join("bare"), 16 << 20).expect("a file");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut at = 0;
    for round in 0..400 {
        let entries: Vec<Entry> = (round * group..(round + 1) * group).map(entry).collect();
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| entry.encode(&mut bytes));
        let began = Watch::now();
        let appended = appender.append(&entries).expect("room");
        let _ = appender.sync(appended).expect("synced");
        ours.push(began.elapsed());
        if at + bytes.len() as u64 > 16 << 20 {
            at = 0;
        }
        let began = Watch::now();
        bare.write_at(at, &bytes).and_then(|()| bare.sync_data()).expect("written");
        theirs.push(began.elapsed());
        at += bytes.len() as u64;
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("appends, groups of {group}: journal {ours:.1?}, bare file {theirs:.1?}, ratio {ratio:.2}");
}

fn folder(data: &Path, entries: u64) {
    let dir = data.join("journal");
    fs::create_dir_all(&dir).expect("a folder");
    let key = SigningKey::from_seed(&key_name(&[5; 16]), &[6; 32]).expect("a key");
    write_verifier_key(&dir, &key.verifier()).expect("written");
    let mut appender = Appender::open(&dir, Arc::new(RealDisk), 16 << 20, None, &mut |_, _| Ok(())).expect("opens");
    let mut log = TileWriter::begin(&data.join("logs").join(TENANT.to_string())).expect("a log");
    for first in (0..entries).step_by(500) {
        let group: Vec<Entry> = (first..(first + 500).min(entries)).map(entry).collect();
        let appended = appender.append(&group).expect("room");
        let _ = appender.sync(appended).expect("synced");
        group.iter().for_each(|entry| log.append(&entry.leaf));
    }
    let _ = log.publish(&key, &origin(key.name(), &TENANT)).expect("publishes");
}

fn main() {
    let entries: u64 = std::env::args().nth(1).and_then(|given| given.parse().ok()).unwrap_or(100_000);
    for group in [1, 8, 64, 512] {
        appends(group);
    }
    let data = tempfile::tempdir().expect("a folder");
    folder(data.path(), entries);
    let dir = data.path().join("journal");
    let files = fs::read_dir(&dir).expect("a folder").filter_map(|one| fs::read(one.ok()?.path()).ok());
    let segments: Vec<Vec<u8>> = files.filter(|bytes| bytes.starts_with(b"BETRODD")).collect();
    let used = |bytes: &Vec<u8>| bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let bytes: usize = segments.iter().map(used).sum();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let began = Watch::now();
        let report = verify(data.path(), &Knowledge::default()).expect("checked");
        assert!(report.fault.is_none() && report.entries == entries, "{:?}", report.fault);
        ours.push(began.elapsed());
        let began = Watch::now();
        for segment in &segments {
            std::hint::black_box(digest(&SHA256, &segment[..used(segment)]));
        }
        theirs.push(began.elapsed());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let (mib, ratio) = (bytes >> 20, theirs.as_secs_f64() / ours.as_secs_f64());
    println!(
        "verification of {entries} entries, {mib} MiB: {ours:.1?}, hashing them once {theirs:.1?}, ratio {ratio:.2}"
    );
    let index = Index::open(&dir, Arc::new(RealDisk)).expect("opens");
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..21 {
        let began = Watch::now();
        let places = index.find(IndexKey::Person(TENANT, person(u64::MAX)), None, 50).expect("found");
        found = places.len();
        places.iter().for_each(|place| drop(read_entry(&dir, &RealDisk, *place).expect("read")));
        times.push(began.elapsed());
    }
    println!("who looked at one person, {found} of {entries} entries, with their details: {:.1?}", median(times));
}
