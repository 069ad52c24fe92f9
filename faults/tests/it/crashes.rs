//! A stop at every call to the system, in every step of a writing, an erasure, a rotation, a shipment, a snapshot, a purge of details and
//! a first start: a kill, which leaves everything, and a power cut, which takes any of what was not synced, in whatever order
//! and across all files at once (journal, state, keys, tiles, snapshots, the second place, the custodian's keys). What was acknowledged is
//! there afterwards, nobody who was erased comes back, and the same done again finishes.
//!
//! The short form tries some of the moments. All of them, every step: `BETRODD_CRASHES=all cargo test --release -p faults --test it crashes --
//! --nocapture`.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use faults::{Chosen, Trace, watched};
use service::Asked;
use storage::Engine;
use terms::{Clock, Instant, Purpose, RecordId};

use crate::house::{self, HOUR, Hands, House, NORTH, SOUTH, copy};
use crate::place::Beside;

/// What a step is done in, and which.
const FOLDER: &str = "FAULTS_FOLDER";
const STEP: &str = "FAULTS_STEP";
/// States in the short form, of each step.
const SHORT: usize = 14;

/// Writings that are handed in at once.
const TOGETHER: usize = 12;

/// What the watched process was told is done, in a file of its own below the same folder: in order with everything else.
const TOLD: &str = "told";

/// What stands beside a watched folder, for whoever looks afterwards.
struct Base {
    folder: tempfile::TempDir,
    workers: [Asked; 2],
    root: Vec<u8>,
    living: BTreeMap<RecordId, (&'static str, String)>,
    /// Erased before anything was watched.
    gone: RecordId,
    /// To be erased.
    goes: RecordId,
    at: Instant,
}

fn noon() -> Arc<Hands> {
    Hands::at(house::NOON)
}

/// An installation with a past: two snapshots, an erasure, a rotation, all of it shipped.
async fn base() -> Base {
    let folder = house::folder();
    let clock = noon();
    let beside = Beside::new(folder.path());
    let (house, workers) = House::begin(&folder.path().join("data"), &clock).await;
    let mut living = BTreeMap::new();
    let by = &workers[0];
    for n in 0..3 {
        let name = format!("Levande{n}");
        let email = format!("{name}@example.com");
        let record = house.collect(by, "client", None, &[("name", &name), ("email", &email)]).await;
        living.insert(record, ("client", name.clone()));
        let text = format!("Om {name}.");
        let note = house.collect(by, "note", Some(record), &[("text", &text)]).await;
        living.insert(note, ("note", text));
        clock.forward(60);
    }
    let person = |name: &'static str| [("name", name), ("email", "x@example.com")];
    let gone = house.collect(by, "client", None, &person("Borta")).await;
    let goes = house.collect(by, "client", None, &person("Strax")).await;
    house.collect(by, "note", Some(goes), &[("text", "Om den som raderas strax.")]).await;
    beside.ship(&house, &clock).unwrap();
    beside.snapshot(&house, 9).unwrap();
    house.erase(by, "client", gone).await.unwrap();
    clock.forward(25 * HOUR);
    beside.rotate(&house, &clock).unwrap();
    beside.ship(&house, &clock).unwrap();
    house.event(NORTH, Vec::new()).await;
    beside.snapshot(&house, 9).unwrap();
    house.event(NORTH, Vec::new()).await;
    beside.ship(&house, &clock).unwrap();
    let root = std::fs::read(house.folder.join("root.key")).unwrap();
    let at = clock.now();
    drop(house);
    // The index of a closed segment is written by the follower; a start puts it in order.
    drop(House::open(&folder.path().join("data"), &clock).unwrap());
    Base { folder, workers, root, living, gone, goes, at }
}

/// Not a test of its own: the process that is watched. Without a folder it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn does_a_step_and_is_watched() {
    let (Some(folder), Ok(step)) = (std::env::var_os(FOLDER), std::env::var(STEP)) else { return };
    let folder = Path::new(&folder);
    let mut words = step.split(' ');
    let name = words.next().unwrap();
    let rest: Vec<&str> = words.collect();
    let clock = Hands::at(Instant(rest[0].parse().unwrap()));
    let beside = Beside::new(folder);
    let at = folder.join(TOLD);
    let told = move |what: String| {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&at).unwrap();
        file.write_all(format!("{what}\n").as_bytes()).unwrap();
    };
    if name == "begin" {
        let (house, workers) = House::begin(&folder.join("data"), &clock).await;
        for worker in workers {
            told(format!("worker {} {}", worker.tenant, worker.actor));
        }
        house.collect(&by(&told_workers(folder)), "client", None, &[("name", "Ny"), ("email", "n@example.com")]).await;
        return;
    }
    let house = House::open(&folder.join("data"), &clock).unwrap();
    let actor = rest[1].parse().unwrap();
    let by = Asked { actor, tenant: NORTH, purpose: Purpose::new("provide").unwrap(), case: None };
    match name {
        "write" => {
            for n in 0..2 {
                let name = format!("Skriven{n}");
                let record = house.collect(&by, "client", None, &[("name", &name), ("email", "s@example.com")]).await;
                told(format!("written {record} client {name}"));
                let note = house.collect(&by, "note", Some(record), &[("text", "först")]).await;
                told(format!("written {note} note först"));
                house.alter(&by, "note", note, "text", "sedan").await;
                told(format!("written {note} note sedan"));
            }
        }
        // So many at once that they share groups.
        "together" => {
            let house = Arc::new(house);
            let mut all = Vec::new();
            for n in 0..TOGETHER {
                let (house, by, told) = (Arc::clone(&house), by.clone(), told.clone());
                all.push(tokio::spawn(async move {
                    let name = format!("Samtidig{n}");
                    let fields = [("name", name.as_str()), ("email", "s@example.com")];
                    let record = house.collect(&by, "client", None, &fields).await;
                    told(format!("written {record} client {name}"));
                    let note = house.collect(&by, "note", Some(record), &[("text", "om")]).await;
                    told(format!("written {note} note om"));
                }));
            }
            for one in all {
                one.await.unwrap();
            }
        }
        "erase" => {
            house.erase(&by, "client", rest[2].parse().unwrap()).await.unwrap();
            told("erased".to_owned());
        }
        "ship" => {
            house.collect(&by, "client", None, &[("name", "Skickad"), ("email", "s@example.com")]).await;
            beside.ship(&house, &clock).unwrap();
        }
        "rotate" => {
            beside.rotate(&house, &clock).unwrap();
            told("rotated".to_owned());
        }
        "snapshot" => {
            beside.snapshot(&house, 1).unwrap();
            house.event(NORTH, Vec::new()).await;
        }
        "purge" => {
            house.processing.purge_details().await.unwrap();
            told("purged".to_owned());
        }
        other => panic!("no step {other}"),
    }
}

/// The workers that the process was told of.
fn told_workers(folder: &Path) -> Vec<(String, String)> {
    let told = std::fs::read_to_string(folder.join(TOLD)).unwrap_or_default();
    let worker = |line: &str| {
        let (tenant, actor) = line.strip_prefix("worker ")?.split_once(' ')?;
        Some((tenant.to_owned(), actor.to_owned()))
    };
    told.lines().filter_map(worker).collect()
}

fn by(workers: &[(String, String)]) -> Asked {
    let (_, actor) = workers.first().unwrap();
    Asked { actor: actor.parse().unwrap(), tenant: NORTH, purpose: Purpose::new("provide").unwrap(), case: None }
}

fn run(folder: &Path, step: &str) -> Trace {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "crashes::does_a_step_and_is_watched", "--nocapture", "--test-threads=1"]);
    child.env(FOLDER, folder.canonicalize().unwrap()).env(STEP, step);
    watched(folder, &mut child).0
}

/// Numbers that look drawn and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// Which of all moments and losses are tried: all in the long form, and some, drawn evenly, in the short one.
fn states(trace: &Trace) -> Vec<Chosen> {
    let mut drawn = Drawn(7);
    let all: Vec<Chosen> =
        (0..=trace.changes.len()).flat_map(|at| trace.chosen(at, &mut |most| drawn.below(most))).collect();
    match std::env::var("BETRODD_CRASHES").ok().as_deref() {
        Some("all") => all,
        Some(many) => some(all, many.parse().unwrap(), &mut drawn),
        None => some(all, SHORT, &mut drawn),
    }
}

fn some(all: Vec<Chosen>, many: usize, drawn: &mut Drawn) -> Vec<Chosen> {
    let apart = (all.len() / many.max(1)).max(1);
    let first = drawn.below(apart);
    all.into_iter().skip(first).step_by(apart).collect()
}

/// Puts each state on a disk and asks `holds` of it. Gives how many different ones there were.
async fn each<'b, F: AsyncFn(&Path, &str)>(step: &str, trace: &Trace, holds: F) -> usize {
    let mut seen = HashSet::new();
    let all = states(trace);
    for chosen in &all {
        let left = house::folder();
        let folder = left.path().join("left");
        if !seen.insert(trace.leaves(chosen, &folder)) {
            continue;
        }
        let lost: Vec<_> = chosen.lost.iter().map(|one| (one, shown(&trace.changes[*one]))).collect();
        let last = chosen.at.checked_sub(1).map(|last| shown(&trace.changes[last]));
        let how = format!("{step}, after change {} ({last:?}), torn {:?}, lost {lost:?}", chosen.at, chosen.torn);
        holds(&folder, &how).await;
    }
    eprintln!(
        "{step}: {} changes, {} moments and losses tried, {} different states",
        trace.changes.len(),
        all.len(),
        seen.len()
    );
    seen.len()
}

fn shown(change: &faults::Change) -> String {
    let text = format!("{change:?}");
    text.chars().take(90).collect()
}

/// Where the state says that it is, the journal has a group: the state never knows more. Looked at in a copy, since looking puts the state
/// in order.
fn knows_no_more(folder: &Path, how: &str) {
    let aside = house::folder();
    let data = aside.path().join("data");
    copy(&folder.join("data"), &data);
    let state = data.join("state.db");
    let applied = state.exists().then(|| storage::Sqlite::open(&state).and_then(|state| state.applied()));
    if let Some(Ok(Some(at))) = applied {
        let group = journal::read_group(&data.join("journal"), &journal::RealDisk, at);
        assert!(group.is_ok(), "{how}: the state is at {at}, where the journal has nothing: {:?}", group.err());
    }
}

/// A start on what is left. Everybody who lived before is there, what was told is there, who was erased is not.
async fn starts(base: &Base, folder: &Path, clock: &Arc<Hands>, how: &str) -> House {
    knows_no_more(folder, how);
    let house = House::open(&folder.join("data"), clock).unwrap_or_else(|why| panic!("{how}: does not open: {why}"));
    house.processing.finish_erasures().await.unwrap_or_else(|no| panic!("{how}: {no:?}"));
    holds(base, &house, folder, how).await;
    house
}

async fn holds(base: &Base, house: &House, folder: &Path, how: &str) {
    let by = &base.workers[0];
    for (record, (kind, says)) in &base.living {
        let field = if *kind == "client" { "name" } else { "text" };
        assert_eq!(house.says(by, kind, *record, field).await.as_ref(), Some(says), "{how}: {kind} {record} is lost");
    }
    assert!(house.store.record(&NORTH, &base.gone).unwrap().is_none(), "{how}: who was erased is back");
    let told = std::fs::read_to_string(folder.join(TOLD)).unwrap_or_default();
    let mut written = BTreeMap::new();
    for line in told.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["written", record, kind, says] => {
                drop(written.insert(record.to_owned(), (kind.to_owned(), says.to_owned())))
            }
            ["erased"] => {
                assert!(house.store.record(&NORTH, &base.goes).unwrap().is_none(), "{how}: who was erased is back")
            }
            _ => {}
        }
    }
    for (record, (kind, says)) in written {
        let field = if kind == "client" { "name" } else { "text" };
        let there = house.says(by, &kind, record.parse().unwrap(), field).await;
        // What came after it may be there too, told or not.
        let later = there.as_deref() == Some("sedan");
        assert!(
            there.as_ref() == Some(&says) || later,
            "{how}: {kind} {record} says {there:?}, and {says} was acknowledged"
        );
    }
    assert_eq!(house.store.tenants().unwrap().len(), 2, "{how}");
}

/// What is left goes on: it ships, and what lies at the second place gives it back.
async fn goes_on(base: &Base, house: House, folder: &Path, clock: &Arc<Hands>, how: &str) {
    let beside = Beside::new(folder);
    clock.forward(60);
    let late = house.collect(&base.workers[0], "client", None, &[("name", "Sist"), ("email", "l@example.com")]).await;
    beside.rotate(&house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
    beside.ship(&house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
    drop(house);
    let report = journal::verify(&folder.join("data"), &journal::Knowledge::default()).unwrap();
    assert!(report.fault.is_none(), "{how}: {:?}", report.fault);
    let back = folder.with_file_name("back");
    let (restored, _) =
        beside.restore(&base.root, &back, clock, None).await.unwrap_or_else(|why| panic!("{how}: restored: {why}"));
    holds(base, &restored, folder, how).await;
    let there = restored.says(&base.workers[0], "client", late, "name").await;
    assert_eq!(there.as_deref(), Some("Sist"), "{how}: restored");
}

/// Does a step under watch on a copy of the base, and asks of each state that the start finds all, that the same done again finishes, and
/// that the second place gives it back.
async fn every_stop(step: &str, more: i64, again: impl AsyncFn(&Base, &House, &Beside, &Arc<Hands>, &str)) {
    let base = base().await;
    let clock = || {
        let clock = Hands::at(base.at);
        clock.forward(more);
        clock
    };
    let words = format!("{step} {} {} {}", clock().now().micros(), base.workers[0].actor, base.goes);
    let run_in = house::folder();
    let folder = run_in.path().join("run");
    copy(base.folder.path(), &folder);
    let trace = run(&folder, &words);
    let states = each(step, &trace, async |left, how| {
        let clock = clock();
        let house = starts(&base, left, &clock, how).await;
        again(&base, &house, &Beside::new(left), &clock, how).await;
        holds(&base, &house, left, how).await;
        goes_on(&base, house, left, &clock, how).await;
    })
    .await;
    assert!(states > 5, "{step}: {states} states");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_while_it_writes_loses_nothing_that_was_acknowledged() {
    every_stop("write", 60, async |_, _, _, _, _| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_while_many_write_at_once_loses_nothing_and_the_state_never_knows_more_than_the_journal()
{
    every_stop("together", 60, async |_, _, _, _, _| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_in_an_erasure_is_finished_and_brings_nobody_back() {
    every_stop("erase", 60, async |base, house, beside, clock, how| {
        // Whoever asked for it asks again, where it was not begun.
        let by = &base.workers[0];
        let person = house.store.head(&NORTH, &base.goes).unwrap().map(|head| head.person);
        if person.is_some() {
            house.erase(by, "client", base.goes).await.unwrap_or_else(|why| panic!("{how}: {why}"));
        }
        assert!(house.store.record(&NORTH, &base.goes).unwrap().is_none(), "{how}");
        assert!(house.store.unfinished_erasures().unwrap().is_empty(), "{how}");
        if let Some(person) = person {
            assert!(house.keys.classes(&NORTH, &person).unwrap().is_empty(), "{how}");
        }
        beside.ship(house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_while_it_ships_is_caught_up_with() {
    every_stop("ship", 60, async |_, house, beside, clock, how| {
        beside.ship(house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_in_a_rotation_loses_no_key_and_leaves_no_old_one() {
    every_stop("rotate", 26 * HOUR, async |_, house, beside, clock, how| {
        beside.rotate(house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
        assert_eq!(beside.private_halves().len(), 1, "{how}: one archive key is left");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_while_a_snapshot_is_taken_loses_nothing_and_the_next_one_does_the_rest() {
    every_stop("snapshot", HOUR, async |_, house, beside, clock, how| {
        for _ in 0..2 {
            beside.snapshot(house, 1).unwrap_or_else(|why| panic!("{how}: {why}"));
            beside.ship(house, clock).unwrap_or_else(|why| panic!("{how}: {why}"));
        }
        let there = crate::searching::files(&[&beside.second.join("snapshots")]);
        assert_eq!(there.len(), 2, "{how}: rows and note of one snapshot are left");
        // A state that is lost is made anew from it.
        let here = crate::searching::files(&[&house.folder.join("snapshots")]);
        assert!(here.iter().all(|(path, _)| !path.to_string_lossy().contains("growing")), "{how}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_in_a_purge_of_details_leaves_a_sound_log_and_the_next_one_finishes() {
    every_stop("purge", 20 * 24 * HOUR, async |_, house, _, _, how| {
        house.processing.purge_details().await.unwrap_or_else(|no| panic!("{how}: {no:?}"));
        let plan = house.processing.plan_purge().await.unwrap_or_else(|no| panic!("{how}: {no:?}"));
        let left: u64 = plan.iter().map(|one| one.entries).sum();
        assert_eq!(left, 0, "{how}: nothing is left that may go");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stop_or_a_power_cut_in_the_first_start_leaves_a_folder_that_starts() {
    let run_in = house::folder();
    let folder = run_in.path().join("run");
    std::fs::create_dir(&folder).unwrap();
    let trace = run(&folder, &format!("begin {}", house::NOON.micros()));
    let states = each("begin", &trace, async |left, how| {
        let house =
            House::open(&left.join("data"), &noon()).unwrap_or_else(|why| panic!("{how}: does not open: {why}"));
        for (tenant, actor) in told_workers(left) {
            let tenant = if tenant == NORTH.to_string() { NORTH } else { SOUTH };
            let account = house.store.account(&actor.parse().unwrap()).unwrap();
            assert!(account.is_some_and(|one| one.home == tenant), "{how}: who was told is there");
            house
                .vault
                .put_name(&tenant, &actor.parse().unwrap(), "Sara")
                .unwrap_or_else(|error| panic!("{how}: {error}"));
        }
        drop(house);
        let report = journal::verify(&left.join("data"), &journal::Knowledge::default()).unwrap();
        assert!(report.fault.is_none(), "{how}: {:?}", report.fault);
    })
    .await;
    assert!(states > 5, "{states} states");
}
