//! Every call to the disk fails once, and then the power goes: what was acknowledged is there, and nothing is half done.
//!
//! The journal lies on the disk that fails. The state lies on the real one, where the run left it: it may lack what the
//! journal has, and must never have what the journal lacks.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::faulty::{FaultyDisk, Keep};
use journal::{EntryKind, read_group};
use storage::{CommitError, Engine, HouseOp, Logged, OpenError, Sqlite, Store, StoredRecord};
use terms::{RecordId, TenantId, Verb};

use crate::house;
use crate::house::{
    NORTH, SOUTH, Site, account, all, begin, copy_data, copy_folder, event, field, kind, log, permit, put, read,
    reading, record, with_once, with_token, write,
};
use crate::together::{Gate, Handed};

/// What the run was told.
#[derive(Default)]
struct Told {
    writings: Vec<(TenantId, RecordId, u64)>,
    entries: Vec<(TenantId, u64)>,
    accounts: Vec<u8>,
    noes: Vec<CommitError>,
}

/// A small run, always the same: both customers, writings with tokens and keys, readings, accounts, over several segments.
async fn run(store: &Store, told: &mut Told) {
    if let Err(no) = begin(store).await {
        told.noes.push(no);
        return;
    }
    for n in 1..=5_u8 {
        for version in 1..=2 {
            let tenant = if n % 2 == 0 { NORTH } else { SOUTH };
            let one = with_once(with_token(put(n, version), true, n), n * 2 + version as u8);
            match write(store, tenant, one).await {
                Ok(done) => {
                    told.writings.push((tenant, done.record, done.version));
                    told.entries.push((tenant, done.entered.unwrap().index()));
                    let found = store.record(&tenant, &record(n)).unwrap().unwrap();
                    assert_eq!(found.version, version, "an acknowledged writing is seen by everybody");
                }
                Err(no) => told.noes.push(no),
            }
            match read(store, tenant, n, version).await {
                Ok(index) => told.entries.push((tenant, index)),
                Err(no) => told.noes.push(no),
            }
        }
        match event(store, NORTH, vec![HouseOp::PutAccount(account(n, n))]).await {
            Ok(entered) => {
                told.entries.push((NORTH, entered.index()));
                told.accounts.push(n);
            }
            Err(no) => told.noes.push(no),
        }
    }
}

/// All that a store answers, to be compared with another's answers.
#[derive(Debug, PartialEq)]
struct Answers {
    records: Vec<(StoredRecord, Vec<StoredRecord>)>,
    tokens: Vec<Vec<RecordId>>,
    accounts: usize,
    adopted: usize,
    logs: Vec<Logged>,
}

async fn answers(store: &Store) -> Answers {
    let mut answers = Answers {
        records: Vec::new(),
        tokens: Vec::new(),
        accounts: store.accounts(&NORTH).unwrap().len(),
        adopted: store.adopted().unwrap().len(),
        logs: Vec::new(),
    };
    for tenant in [NORTH, SOUTH] {
        for record in all(store, tenant) {
            let past = store.past(&tenant, &record.record).unwrap();
            answers.records.push((record, past));
        }
        for token in 1..=5 {
            answers.tokens.push(store.with_token(&tenant, &kind(), &field(), &[token; 32]).unwrap());
        }
        answers.logs.extend(log(store, tenant).await);
    }
    answers
}

/// What must hold after every fault.
async fn check(store: &Store, told: &Told, how: &str) -> Answers {
    let found = answers(store).await;
    for (tenant, record, version) in &told.writings {
        let there = store.record(tenant, record).unwrap().map(|record| record.version);
        assert!(there >= Some(*version), "{how}: an acknowledged writing is lost");
    }
    for person in &told.accounts {
        assert!(
            store.account(&account(*person, 0).person).unwrap().is_some(),
            "{how}: an acknowledged account is lost"
        );
    }
    for tenant in [NORTH, SOUTH] {
        let log = log(store, tenant).await;
        assert!(log.iter().map(|entry| entry.index).eq(0..log.len() as u64), "{how}: a gap in a log");
        for (_, index) in told.entries.iter().filter(|(whose, _)| *whose == tenant) {
            assert!(*index < log.len() as u64, "{how}: an acknowledged entry is lost");
        }
        // Nothing half done: what the state has, an entry wrote, and what an entry wrote, the state has.
        let wrote = |verb: Option<Verb>| matches!(verb, Some(Verb::Collect | Verb::Alter));
        let mut written: Vec<_> = log
            .iter()
            .filter(|one| one.kind == EntryKind::Act && wrote(one.detail.verb))
            .flat_map(|one| one.records.clone())
            .collect();
        written.sort_unstable();
        let mut kept: Vec<_> = found
            .records
            .iter()
            .flat_map(|(now, past)| core::iter::once(now).chain(past))
            .filter(|one| one.tenant == tenant)
            .map(|one| (one.record, one.version))
            .collect();
        kept.sort_unstable();
        assert_eq!(written, kept, "{how}: entries and state differ");
        for (record, past) in found.records.iter().filter(|(now, _)| now.tenant == tenant) {
            for one in core::iter::once(record).chain(past) {
                assert_eq!(one.sealed, put(one.record.0[0], one.version).put.sealed, "{how}");
            }
            let carries = store.with_token(&tenant, &kind(), &field(), &[record.record.0[0]; 32]).unwrap();
            assert_eq!(carries, [record.record], "{how}: a token is lost");
        }
    }
    found
}

/// Puts the folder back to how it was when it was copied.
fn put_back(copy: &Path, folder: &Path) {
    std::fs::remove_dir_all(folder).unwrap();
    copy_folder(copy, folder);
}

/// Where the state says that it is, a durable group lies.
fn check_state(folder: &Path, durable: &FaultyDisk, how: &str) {
    let path = folder.join("state.db");
    if !path.exists() {
        return;
    }
    let applied = Sqlite::open(&path).unwrap().applied().unwrap();
    if let Some(at) = applied {
        let group = read_group(&folder.join("journal"), durable, at);
        assert!(group.is_ok(), "{how}: the state is at {at}, where the journal has nothing durable: {:?}", group.err());
    }
}

/// One run with the `nth` call failing. None when the run asks less of the disk than that.
async fn fault(nth: u64, failure: ErrorKind) -> Option<()> {
    let how = format!("call {nth} fails with {failure}");
    let folder = house::folder();
    let copy = house::folder();
    let mut site = Site::new(&folder.path().join("data"));
    std::fs::create_dir_all(&site.folder).unwrap();
    site.keys();
    let keeps = [Keep::Nothing, Keep::Everything, Keep::Prefix(1), Keep::Prefix(200), Keep::Sectors(nth)];
    let mut left: Vec<FaultyDisk> = Vec::new();
    let disk = FaultyDisk::new();
    disk.fail_call(nth, failure);
    site.options.disk = Arc::new(disk.clone());
    let mut told = Told::default();
    match site.open() {
        Ok(store) => {
            run(&store, &mut told).await;
            check_noes(&store, &told, &how);
            copy_data(&site.folder, copy.path());
            left.extend(keeps.map(|keep| disk.crash(keep)));
            // What it still does while it ends is on disks that nobody looks at any more.
            drop(store);
        }
        Err(OpenError::Journal(_) | OpenError::Publish(_)) => {
            copy_data(&site.folder, copy.path());
            left.extend(keeps.map(|keep| disk.crash(keep)));
        }
        Err(other) => panic!("{how}: {other}"),
    }
    let durable = left[0].clone();
    for (keep, left) in keeps.into_iter().zip(left) {
        let how = format!("{how}, {keep:?}");
        put_back(copy.path(), &site.folder);
        check_state(&site.folder, &durable, &how);
        site.options.disk = Arc::new(left.clone());
        let store = site.open().unwrap_or_else(|error| panic!("{how}: does not open: {error}"));
        let found = check(&store, &told, &how).await;
        if keep == Keep::Nothing || keep == Keep::Everything {
            // The same from the journal alone, and then it goes on.
            drop(store);
            for file in ["state.db", "state.db-wal", "state.db-shm"] {
                drop(std::fs::remove_file(site.folder.join(file)));
            }
            site.options.disk = Arc::new(left);
            let store = site.open().unwrap();
            assert_eq!(check(&store, &told, &how).await, found, "{how}: the journal alone gives other answers");
            if !found.logs.is_empty() && found.adopted == 2 {
                write(&store, NORTH, put(99, 1)).await.unwrap();
            }
        }
    }
    (disk.trace().len() as u64 >= nth).then_some(())
}

fn check_noes(store: &Store, told: &Told, how: &str) {
    let stopped = store.stopped();
    let mut after = false;
    for no in &told.noes {
        match no {
            CommitError::Stopped(why) => {
                assert_eq!(Some(why), stopped.as_ref(), "{how}: who asks is told the same");
                after = true;
            }
            // What a writing that was refused for want of room would have made is missing for the next.
            CommitError::Full(_) | CommitError::Conflict { version: 0 } => {
                assert!(!after, "{how}: answered after the end")
            }
            other => panic!("{how}: {other}"),
        }
    }
    assert_eq!(stopped.is_some(), after, "{how}");
}

#[tokio::test]
async fn whichever_call_fails_nothing_acknowledged_is_lost_and_nothing_is_half_done() {
    for failure in [ErrorKind::StorageFull, ErrorKind::Other] {
        let mut nth = 1;
        while fault(nth, failure).await.is_some() {
            nth += 1;
        }
        assert!(nth > 60, "the run asks more of the disk than {nth} calls");
    }
}

#[tokio::test]
async fn after_a_failed_sync_everything_is_answered_that_it_stopped_and_why() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let disk = FaultyDisk::new();
    site.options.disk = Arc::new(disk.clone());
    site.options.segment_bytes = 1 << 20;
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    // Its write is the next call, and its sync the one after.
    disk.fail_call(2, ErrorKind::Other);
    let Err(CommitError::Stopped(why)) = write(&store, NORTH, put(1, 2)).await else { panic!("answered") };
    assert_eq!(Some(&why), store.stopped().as_ref());
    assert!(why.starts_with("the journal could not be synced"), "{why}");
    let stopped = CommitError::Stopped(why);
    assert_eq!(write(&store, NORTH, put(2, 1)).await, Err(stopped.clone()));
    assert_eq!(read(&store, NORTH, 1, 1).await, Err(stopped.clone()));
    assert_eq!(event(&store, NORTH, Vec::new()).await, Err(stopped));
    assert_eq!(store.record(&NORTH, &record(1)).unwrap().unwrap().version, 1, "the unsynced one is not applied");
    // Whoever asks the log is not left waiting for what never came.
    assert!(!log(&store, NORTH).await.is_empty());
}

#[tokio::test]
async fn of_a_group_whose_sync_failed_nothing_is_applied_though_it_was_prepared_meanwhile() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let (disk, gate) = (FaultyDisk::new(), Gate::default());
    let held = gate.clone();
    site.options.disk = Arc::new(disk.clone());
    site.options.watch = Some(Arc::new(move |step| held.pass(step)));
    site.options.segment_bytes = 1 << 20;
    let store = site.begun().await;
    let all: Vec<Handed<'_, _>> = (1..=8).map(|n| Box::pin(write(&store, NORTH, put(n, 1))) as Handed<'_, _>).collect();
    // The sync of what holds the committer, the group's write, and its sync.
    let answers = gate.together_while(&store, all, || disk.fail_call(3, ErrorKind::Other)).await;
    for answer in answers {
        assert!(matches!(&answer, Err(CommitError::Stopped(why)) if why.contains("could not be synced")), "{answer:?}");
    }
    for n in 1..=8 {
        assert_eq!(store.record(&NORTH, &record(n)).unwrap(), None, "applied before it was durable");
    }
}

/// A program that died left a group unsynced; the next start saw it, and the power went before it was made durable.
#[tokio::test]
async fn the_state_never_knows_more_than_the_journal_even_after_two_crashes() {
    for nth in 1..4 {
        let folder = house::folder();
        let (first, second) = (house::folder(), house::folder());
        let mut site = Site::new(&folder.path().join("data"));
        site.options.segment_bytes = 1 << 20;
        std::fs::create_dir_all(&site.folder).unwrap();
        let disk = FaultyDisk::new();
        site.options.disk = Arc::new(disk.clone());
        let store = site.begun().await;
        write(&store, NORTH, put(1, 1)).await.unwrap();
        disk.fail_call(2, ErrorKind::Other);
        write(&store, NORTH, put(1, 2)).await.unwrap_err();
        copy_data(&site.folder, first.path());
        let disk = disk.crash(Keep::Everything);
        drop(store);
        put_back(first.path(), &site.folder);
        site.options.disk = Arc::new(disk.clone());
        // `crash` makes durable what it keeps; what only the cache kept is written again, and not synced.
        let at = unsync_last_group(&disk, &site.folder.join("journal"));
        disk.fail_call(nth, ErrorKind::Other);
        let opened = site.open();
        copy_data(&site.folder, second.path());
        let disk = disk.crash(Keep::Nothing);
        drop(opened);
        put_back(second.path(), &site.folder);
        site.options.disk = Arc::new(disk.clone());
        check_state(&site.folder, &disk, &format!("call {nth}, group at {at}"));
        let store = site.open().expect("opens after two crashes");
        assert!(store.record(&NORTH, &record(1)).unwrap().unwrap().version >= 1);
    }
}

/// Leaves the last group of the only segment written and not synced. Gives its offset.
fn unsync_last_group(disk: &FaultyDisk, journal: &Path) -> usize {
    use journal::Disk;
    let path = journal.join("segment-0000000001.log");
    let bytes = disk.read(&path).unwrap();
    let starts: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, four)| *four == b"GRP1").map(|(at, _)| at).collect();
    let at = *starts.last().unwrap();
    let group = bytes[at..].to_vec();
    disk.tamper(&path, |bytes| bytes[at..].fill(0));
    disk.open(&path).unwrap().write_at(at as u64, &group).unwrap();
    at
}

#[tokio::test]
async fn a_full_disk_refuses_writings_and_takes_them_again_when_there_is_room() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let disk = FaultyDisk::new();
    site.options.disk = Arc::new(disk.clone());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    disk.set_room(Some(disk.used_bytes()));
    let mut version = 1;
    let full = loop {
        match write(&store, NORTH, put(1, version + 1)).await {
            Ok(done) => version = done.version,
            Err(full) => break full,
        }
    };
    assert!(matches!(full, CommitError::Full(_)), "{full}");
    assert_eq!(store.stopped(), None, "it goes on");
    assert_eq!(store.record(&NORTH, &record(1)).unwrap().unwrap().version, version, "the state still answers");
    assert!(log(&store, NORTH).await.len() as u64 > version, "and so does the log");
    // A reading that can have no entry is not granted either.
    assert!(matches!(
        store.enter(permit(&store, NORTH, Verb::Consult), reading(1, 1)).await,
        Err(CommitError::Full(_))
    ));
    disk.set_room(None);
    assert_eq!(write(&store, NORTH, put(1, version + 1)).await.unwrap().version, version + 1);
    read(&store, NORTH, 1, version + 1).await.unwrap();
    drop(store);
    let store = site.open().unwrap();
    assert_eq!(store.record(&NORTH, &record(1)).unwrap().unwrap().version, version + 1);
}

#[tokio::test]
async fn where_the_reserve_is_touched_writings_are_refused_and_readings_go_on() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    drop(store);
    site.options.reserve_bytes = u64::MAX;
    let store = site.open().unwrap();
    for refused in [write(&store, NORTH, put(1, 2)).await.map(drop), begin(&store).await] {
        let Err(CommitError::Full(why)) = refused else { panic!("{refused:?}") };
        assert!(why.contains("free some room"), "{why}");
    }
    read(&store, NORTH, 1, 1).await.expect("a reading has its entry");
    event(&store, NORTH, Vec::new()).await.expect("an event that changes nothing");
    store.refusal(NORTH, journal::Detail::default(), reading(1, 1)).await.expect("a refusal");
    assert_eq!(store.record(&NORTH, &record(1)).unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn one_writing_too_large_for_any_group_is_refused_alone() {
    let folder = house::folder();
    let mut site = Site::new(folder.path());
    site.options.disk = Arc::new(FaultyDisk::new());
    let store = site.begun().await;
    let mut large = put(1, 1);
    large.put.sealed = vec![1; 257 << 20];
    let (large, other) = tokio::join!(write(&store, NORTH, large), write(&store, NORTH, put(2, 1)));
    other.expect("the others are not refused with it");
    assert!(matches!(large, Err(CommitError::Full(_))));
    assert_eq!(store.stopped(), None);
}

/// As the message says that it can be; and a folder of logs from before, as an incomplete restore leaves it, does as well.
#[tokio::test]
async fn the_folder_of_logs_can_be_removed_or_lag_and_is_made_anew() {
    let (folder, old) = (house::folder(), house::folder());
    let site = Site::new(folder.path());
    let logs = folder.path().join("logs");
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    drop(store);
    copy_folder(&logs, old.path());
    let store = site.open().unwrap();
    for version in 2..=20 {
        write(&store, NORTH, put(1, version)).await.unwrap();
    }
    drop(store);
    for lags in [false, true] {
        std::fs::remove_dir_all(&logs).unwrap();
        if lags {
            copy_folder(old.path(), &logs);
        }
        drop(site.open().expect("opens without its logs"));
        let report = journal::verify(folder.path(), &journal::Knowledge::default()).unwrap();
        assert!(report.fault.is_none(), "{:?}", report.fault);
        assert_eq!(report.groups, 22);
    }
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

/// Tiles and checkpoints are published without a sync for each: what a power loss may take of them is made again from the
/// journal, which was durable before.
#[tokio::test]
async fn tiles_that_were_published_and_not_yet_durable_are_made_again() {
    let folder = house::folder();
    let site = Site::new(folder.path());
    let store = site.begun().await;
    write(&store, NORTH, put(1, 1)).await.unwrap();
    drop(store);
    let (logs, noted) = (folder.path().join("logs"), folder.path().join("journal/published"));
    let below = |folder: &Path| {
        let files = files_below(&folder.join("logs"));
        files.into_iter().map(|file| file.strip_prefix(folder).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let checkpoint = logs.join(NORTH.to_string()).join("checkpoint");
    let store = site.open().unwrap();
    // On a slow machine the moment may come between in which all is made durable; then once more.
    for _ in 0..10 {
        let (durable, noted_before) = (below(folder.path()), std::fs::read(&noted).unwrap());
        let signed = std::fs::read(&checkpoint).unwrap();
        for _ in 0..600 {
            read(&store, NORTH, 1, 1).await.unwrap();
        }
        while std::fs::read(&checkpoint).unwrap() == signed {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let copy = house::folder();
        copy_data(folder.path(), copy.path());
        if std::fs::read(copy.path().join("journal/published")).unwrap() != noted_before {
            continue;
        }
        let lost: Vec<_> = below(copy.path()).into_iter().filter(|file| !durable.contains(file)).collect();
        assert!(lost.len() > 4, "{lost:?}");
        for (nth, file) in lost.iter().enumerate() {
            let file = copy.path().join(file);
            match nth % 3 {
                0 => std::fs::remove_file(file).unwrap(),
                1 => std::fs::write(file, b"").unwrap(),
                _ => std::fs::write(file, [0; 512]).unwrap(),
            }
        }
        std::fs::write(copy.path().join(checkpoint.strip_prefix(folder.path()).unwrap()), b"").unwrap();
        drop(Site::new(copy.path()).open().expect("opens without what was not durable"));
        let report = journal::verify(copy.path(), &journal::Knowledge::default()).unwrap();
        assert!(report.fault.is_none(), "{:?}", report.fault);
        assert_eq!(report.uncovered, 0);
        return;
    }
    panic!("it was made durable between, ten times");
}
