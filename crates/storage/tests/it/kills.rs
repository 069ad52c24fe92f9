//! A process of its own writes and is killed, again and again on one folder. After each kill everything that it was told is there is
//! there, the state and the logs say the same, and the journal verifies.
//!
//! A short form is part of the tests; `BETRODD_KILLS=10000 cargo test --release -p storage --test it kills -- --nocapture` the long one.
//! The whole program under load over HTTP is killed by `cargo test --release -p e2e --test crash`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use journal::EntryKind;
use terms::{RecordId, TenantId, Verb};

use crate::house;
use crate::house::{NORTH, SOUTH, Site, all, begin, log, put, read, record, with_once, with_token, write};

/// Which folder the process that is killed writes to.
const FOLDER: &str = "BETRODD_KILLED_IN";
/// In the short form.
const KILLS: usize = 20;
/// Kills on one folder before a new one is begun.
const ON_ONE_FOLDER: usize = 100;
const RECORDS: u8 = 12;

fn site(folder: &Path) -> Site {
    let mut site = Site::new(folder);
    site.options.segment_bytes = 64 << 10;
    site
}

fn tenant(n: u8) -> TenantId {
    if n.is_multiple_of(2) { NORTH } else { SOUTH }
}

/// Not a test of its own: the process that is killed. Without a folder it does nothing.
#[tokio::test]
async fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = site(Path::new(&folder)).open().unwrap();
    let mut out = std::io::stdout();
    let mut told = |line: String| out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
    let mut step = 0_u64;
    loop {
        for n in 1..=RECORDS {
            let version = store.record(&tenant(n), &record(n)).unwrap().map_or(0, |one| one.version) + 1;
            let mut one = put(n, version);
            one.put.keep_past = n.is_multiple_of(3);
            if version == 1 {
                one = with_once(with_token(one, true, n), n);
            }
            let done = write(&store, tenant(n), one).await.unwrap();
            told(format!("\nwritten {n} {} {}\n", done.version, done.entered.unwrap().index()));
            step += 1;
            if step.is_multiple_of(3) {
                let index = read(&store, tenant(n), n, version).await.unwrap();
                told(format!("\nread {n} 0 {index}\n"));
            }
        }
    }
}

/// Numbers that look drawn and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Starts it, kills it, and gives what it was told until then.
fn killed(folder: &Path, after: Duration) -> Vec<(String, u8, u64, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills::writes_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut told = Vec::new();
    let mut take = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [what @ ("written" | "read"), n, version, index] = words[..] {
            told.push((what.to_owned(), n.parse().unwrap(), version.parse().unwrap(), index.parse().unwrap()));
        }
    };
    // Some are killed while they open the folder, most while they write.
    if after >= Duration::from_millis(5) {
        let mut line = String::new();
        while !line.starts_with("written") {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended by itself");
            take(&line);
        }
    }
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    for line in out.lines() {
        // The last one may be cut.
        let Ok(line) = line else { break };
        if line.split_whitespace().count() == 4 {
            take(&line);
        }
    }
    told
}

#[tokio::test]
async fn whatever_it_was_told_is_there_after_each_kill_and_nothing_is_half_done() {
    let many = std::env::var("BETRODD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let mut drawn = Drawn(7);
    let (mut acknowledged, mut starts) = (0_usize, 0_usize);
    let mut folder = house::folder();
    let mut versions: BTreeMap<u8, u64> = BTreeMap::new();
    let mut lengths: BTreeMap<TenantId, u64> = BTreeMap::new();
    for kill in 0..many {
        if kill % ON_ONE_FOLDER == 0 {
            folder = house::folder();
            versions.clear();
            lengths.clear();
            let site = site(folder.path());
            site.keys();
            begin(&site.open().unwrap()).await.unwrap();
        }
        let told = killed(folder.path(), Duration::from_micros(drawn.below(20_000)));
        acknowledged += told.len();
        starts += usize::from(told.is_empty());
        for (what, n, version, index) in told {
            if what == "written" {
                let before = versions.entry(n).or_default();
                *before = version.max(*before);
            }
            let length = lengths.entry(tenant(n)).or_default();
            *length = (index + 1).max(*length);
        }
        let store = site(folder.path()).open().unwrap_or_else(|error| panic!("kill {kill}: {error}"));
        for (n, version) in &versions {
            let there = store.record(&tenant(*n), &record(*n)).unwrap().map_or(0, |one| one.version);
            assert!(there >= *version, "kill {kill}: record {n} is of version {there}, and {version} was acknowledged");
        }
        for tenant in [NORTH, SOUTH] {
            let log = log(&store, tenant).await;
            assert!(log.len() as u64 >= lengths.get(&tenant).copied().unwrap_or(0), "kill {kill}: an entry is lost");
            assert!(log.iter().map(|one| one.index).eq(0..log.len() as u64), "kill {kill}: a gap");
            let mut wrote: BTreeMap<RecordId, u64> = BTreeMap::new();
            for one in &log {
                if one.kind == EntryKind::Act && matches!(one.detail.verb, Some(Verb::Collect | Verb::Alter)) {
                    wrote.extend(one.records.iter().copied());
                }
            }
            let kept: BTreeMap<RecordId, u64> =
                all(&store, tenant).into_iter().map(|one| (one.record, one.version)).collect();
            assert_eq!(wrote, kept, "kill {kill}: the state and the log differ");
        }
        drop(store);
        if kill % 10 == 9 {
            let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
            assert!(report.fault.is_none(), "kill {kill}: {:?}", report.fault);
        }
        // A long form that somebody stops has been seen so far.
        if kill % 50 == 49 && kill + 1 < many {
            eprintln!(
                "{} kills, {starts} of them before anything was acknowledged; {acknowledged} acknowledgements, none lost",
                kill + 1
            );
        }
    }
    eprintln!(
        "{many} kills, {starts} of them before anything was acknowledged; {acknowledged} acknowledgements, none lost"
    );
    assert!(acknowledged > many);
}
