//! The program that people run, stopped at any call to the system: a restore, one of a single customer at an instant, and a drill. A kill
//! leaves everything, a power cut takes any of what was not synced. The same command carried out again finishes, or says what to do;
//! once it said that all is there, all is there, whatever the power takes.
//!
//! Some moments are part of the tests; `BETRODD_CRASHES=400` tries so many of each.

use std::collections::HashSet;
use std::path::Path;

use e2e::{command, run_alone, run_to_end, verify};
use faults::{Chosen, Trace, watched};

use crate::desk::write;
use crate::people::number;
use crate::recovery::{moment, opened};

/// Moments and losses in the short form.
const SHORT: usize = 6;

/// What a restore is given, in a folder.
fn given(folder: &Path, more: &[&str]) -> Vec<String> {
    let at = |name: &str| folder.join(name).display().to_string();
    let custodian = format!("folder:{}", at("third"));
    let all = ["restore", "--from", &at("second"), "--root-key", &at("root.key"), "--custodian", &custodian];
    all.iter().chain(more).map(|one| (*one).to_owned()).collect()
}

fn run(folder: &Path, more: &[&str]) -> (bool, String) {
    let all = given(folder, more);
    let (status, said) = run_alone(&all.iter().map(String::as_str).collect::<Vec<_>>());
    (status.success(), said)
}

/// Moments spread over a run, its end among them, each with a loss that is drawn.
fn some(trace: &Trace) -> Vec<Chosen> {
    let many = std::env::var("BETRODD_CRASHES").ok().and_then(|text| text.parse().ok()).unwrap_or(SHORT);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % most.max(1) as u64) as usize
    };
    let mut all = Vec::new();
    for n in 0..many {
        let at = trace.changes.len() * (n + 1) / many;
        let mut chosen = trace.chosen(at, &mut draw);
        // A kill, a power cut, and any other loss in turn.
        let nth = if n + 1 == many { 1 } else { [0, 1, draw(chosen.len())][n % 3] };
        all.push(chosen.swap_remove(nth));
    }
    all
}

/// Watches a restore, and asks of each state that it leaves that the same command finishes.
fn every_stop(folder: &Path, what: &str, more: &dyn Fn(&Path) -> Vec<String>) {
    let more_in = |folder: &Path| more(folder);
    let all = [given(folder, &[]), more_in(folder)].concat();
    let mut program = command(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let (trace, _) = watched(folder, &mut program);
    let mut seen = HashSet::new();
    for chosen in some(&trace) {
        let left = e2e::Folder::fresh();
        let folder = left.path();
        if !seen.insert(trace.leaves(&chosen, &folder)) {
            continue;
        }
        let last = chosen.at.checked_sub(1).map(|last| format!("{:.90}", format!("{:?}", trace.changes[last])));
        let how = format!(
            "{what}, after {} of {} changes ({last:?}), {} lost",
            chosen.at,
            trace.changes.len(),
            chosen.lost.len()
        );
        finishes(&folder, &more_in(&folder), chosen.at == trace.changes.len(), &how);
    }
    eprintln!("{what}: {} changes, {} different states tried", trace.changes.len(), seen.len());
    std::fs::remove_dir_all(folder.join("back")).ok();
}

fn finishes(folder: &Path, more: &[String], done: bool, how: &str) {
    let back = folder.join("back");
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let drill = more.contains(&"--drill");
    let (mut well, mut said) = run(folder, &more);
    if !drill && said.contains("is there and holds something") {
        // It was whole when it was stopped, and has its name.
        assert!(!folder.join("back.restoring").exists(), "{how}: {said}");
        well = true;
    }
    assert!(
        !done || drill || said.contains("is there and holds something"),
        "{how}: it said that all is there, and lost it: {said}"
    );
    if !well && said.contains("move it away") {
        std::fs::rename(folder.join("back.restoring"), folder.join("moved"))
            .unwrap_or_else(|error| panic!("{how}: {error}: {said}"));
        (well, said) = run(folder, &more);
    }
    assert!(well, "{how}: {said}");
    if drill {
        assert!(said.contains("gives back what was there") && !folder.join("scratch").exists(), "{how}: {said}");
        return;
    }
    assert!(verify(&back).status.success(), "{how}");
    let (status, said) = run_to_end("doctor", &back, &["--english"]);
    // Without a second place named it only says that there is none.
    assert!(status.code() != Some(2), "{how}: {said}");
}

#[test]
fn a_restore_that_is_stopped_anywhere_is_finished_by_the_same_command() {
    let (folder, [worker, _]) = opened();
    let base = folder.path().with_file_name("base");
    std::fs::create_dir(&base).expect("a folder");
    let (second, third) = (base.join("second"), base.join("third"));
    let custodian = format!("folder:{}", third.display());
    let second = second.display().to_string();
    let data = folder.path();
    let all = ["--plain-http", "--archive", second.as_str(), "--custodian", &custodian];
    let backup = || {
        let (status, said) = run_to_end("backup", &data, &["--archive", &second, "--custodian", &custodian]);
        assert!(status.success(), "{said}");
    };
    // What is older than the first snapshot goes with it: content goes back to an instant after that.
    backup();
    let served = e2e::Program::start("serve", &data, &all);
    let mut visitor = worker.log_in(served.address());
    let lives = crate::people::called(&mut visitor, "/matcha/deltagare", "Therese Åberg");
    let then = moment();
    std::thread::sleep(std::time::Duration::from_millis(20));
    drop(write(&mut visitor, "daganteckningar", Some(number(&lives)), &[("date", "2026-01-03"), ("text", "Senare")]));
    served.stop();
    backup();
    std::fs::copy(data.join("root.key"), base.join("root.key")).expect("kept apart");
    let to = |folder: &Path| ["--to".to_owned(), folder.join("back").display().to_string()];
    every_stop(&base, "restore", &|folder| to(folder).to_vec());
    let customer = ["--at", &then, "--customer", CUSTOMER].map(str::to_owned);
    every_stop(&base, "restore of one customer", &|folder| [&to(folder)[..], &customer].concat());
    every_stop(&base, "drill", &|folder| {
        ["--drill", "--scratch", &folder.join("scratch").display().to_string()].map(str::to_owned).to_vec()
    });
}

/// A customer of the demo.
const CUSTOMER: &str = "Påhittade Omställningsbyrån AB";
