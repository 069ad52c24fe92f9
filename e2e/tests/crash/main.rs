//! `kill -9` under load, again and again, on one folder: what was acknowledged is there after every start, and the logs verify
//! after every kill.
//!
//! `BETRODD_KILLS` says how often (200), `BETRODD_SEED` repeats a run's choices: when it kills, what the clients ask. What the
//! operating system had taken survives such a kill, so this shows that nothing is answered early and that every start finds its
//! way; that a sync is a sync, the fault runs of `journal` and `storage` show on a disk that forgets.
//!
//! A program of its own and not a part of `it`, so that it has the machine to itself.

mod caller;
mod chance;
mod client;
mod entries;

use std::fmt::Display;
use std::io::Write as _;
use std::path::Path;
use std::str::FromStr;
use std::time::{Duration, Instant};

use e2e::{Folder, Program, verify};

use caller::{Caller, Entered, enter};
use chance::Chance;
use client::{Bounds, Client};
use entries::Entries;

/// The customers of the demo: who works, and who checks, of the same unit. Who checks does nothing else, so that counts of the
/// others are exact.
const CUSTOMERS: [(&[&str], &str); 2] =
    [(&["Sara Nyberg", "Mattias Åkerlund"], "Örjan Malmqvist"), (&["Jonas Sköld", "Fatima El-Amin"], "Cecilia Wårdh")];
const CLIENTS_OF_A_CUSTOMER: usize = 8;
/// Milliseconds of load before a kill.
const LOAD_MILLIS: std::ops::Range<usize> = 20..400;
/// One start in so many is itself killed.
const KILLED_START_EVERY: usize = 8;
const KILLED_START_MILLIS: usize = 60;
/// Kills between two countings of all entries. What is missing once, is missing later too; so the last one alone would do.
const COUNT_EVERY: usize = 20;

#[derive(Default)]
struct Seen {
    killed_starts: usize,
    slowest_start: Duration,
    slowest_verify: Duration,
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9_and_every_log_verifies() {
    let kills: usize = given("BETRODD_KILLS", 200);
    let seed: u64 = given("BETRODD_SEED", u64::from(std::process::id()) << 20 ^ clock_seed());
    say(&format!("BETRODD_SEED={seed} BETRODD_KILLS={kills}"));
    let began = Instant::now();
    let mut chance = Chance::new(seed);
    let mut seen = Seen::default();
    let folder = Folder::fresh();
    let folder = folder.path();
    let mut program = Program::demo(&folder, &[]);
    let (mut checkers, mut clients) = everybody(program.address(), &mut chance);
    let before = {
        let entries = Entries::read(&folder);
        for client in &mut clients {
            let refused = entries.refused_to(client);
            client.refusals = Bounds { least: refused, most: refused };
        }
        clients.iter().map(|client| entries.collected_by(&client.actor)).collect::<Vec<_>>()
    };

    for kill in 1..=kills {
        std::thread::scope(|scope| {
            for client in &mut clients {
                scope.spawn(|| client.work());
            }
            std::thread::sleep(millis(LOAD_MILLIS.start + chance.below(LOAD_MILLIS.len())));
            program.kill();
        });
        sound(&folder, &mut seen);
        if kill % COUNT_EVERY == 0 || kill == kills {
            let entries = Entries::read(&folder);
            clients.iter().for_each(|client| entries.check(client));
            tell(kill, kills, &clients, &entries, &seen, began);
        }
        if chance.below(KILLED_START_EVERY) == 0 {
            Program::start_and_kill("demo", &folder, &[], millis(chance.below(KILLED_START_MILLIS)));
            seen.killed_starts += 1;
            sound(&folder, &mut seen);
        }
        program = Program::demo(&folder, &[]);
        seen.slowest_start = seen.slowest_start.max(program.ready_after());
        all_go_to(program.address(), &mut checkers, &mut clients);
        each(&mut clients, &checkers, Client::check);
    }

    // The last start ends in order, and one more finds everything from the first day on.
    program.stop();
    let said = sound(&folder, &mut seen);
    assert!(!said.contains("not yet covered"), "after an end in order the checkpoints cover everything: {said}");
    let program = Program::demo(&folder, &[]);
    all_go_to(program.address(), &mut checkers, &mut clients);
    each(&mut clients, &checkers, Client::check);
    each(&mut clients, &checkers, Client::check_all);
    program.stop();
    sound(&folder, &mut seen);
    let entries = Entries::read(&folder);
    clients.iter().for_each(|client| entries.check(client));
    no_record_too_many(&clients, &before, &entries);
    tell(kills, kills, &clients, &entries, &seen, began);
}

/// The clients of both customers, each with a participant of its own, and who checks for each customer.
fn everybody(address: &str, chance: &mut Chance) -> (Vec<Caller>, Vec<Client>) {
    let mut checkers = Vec::new();
    let mut clients = Vec::new();
    for (workers, checker) in CUSTOMERS {
        let checker = Caller::new(&enter(address, checker), address);
        let workers: Vec<Entered> = workers.iter().map(|worker| enter(address, worker)).collect();
        // Each works on what is assigned to it. All is listed before anybody works, so that no reading of a list is counted.
        let list = |worker: &Entered| {
            let listed = Caller::new(worker, address).get("/api/v1/matcha/deltagare", &[]).expect("an answer");
            listed.with_status(200).json["items"].as_array().expect("a list").clone()
        };
        let assigned: Vec<_> = workers.iter().map(list).collect();
        for place in 0..CLIENTS_OF_A_CUSTOMER {
            let (turn, of) = (place / workers.len(), place % workers.len());
            let worker = &workers[of];
            let caller = Caller::new(worker, address);
            let participant = assigned[of][turn]["id"].as_str().expect("an id");
            let number = clients.len();
            let chance = Chance::new(chance.next());
            clients.push(Client::begin(number, &worker.person, caller, &checker, participant, chance));
        }
        checkers.push(checker);
    }
    assert_eq!(clients.len(), CUSTOMERS.len() * CLIENTS_OF_A_CUSTOMER, "each client has a participant");
    (checkers, clients)
}

fn all_go_to(address: &str, checkers: &mut [Caller], clients: &mut [Client]) {
    checkers.iter_mut().for_each(|checker| checker.goes_to(address));
    clients.iter_mut().for_each(|client| client.goes_to(address));
}

fn each(clients: &mut [Client], checkers: &[Caller], check: fn(&mut Client, &Caller)) {
    std::thread::scope(|scope| {
        for (clients, checker) in clients.chunks_mut(CLIENTS_OF_A_CUSTOMER).zip(checkers) {
            for client in clients {
                scope.spawn(move || check(client, checker));
            }
        }
    });
}

/// The program that customers check with finds nothing wrong. An unfinished group at the end is not wrong.
fn sound(folder: &Path, seen: &mut Seen) -> String {
    let began = Instant::now();
    let checked = verify(folder);
    seen.slowest_verify = seen.slowest_verify.max(began.elapsed());
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    let complained = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "verify ended with {}:\n{said}{complained}", checked.status);
    said
}

/// What these people made is what they know of: a request that was made twice made one record.
fn no_record_too_many(clients: &[Client], before: &[u64], entries: &Entries) {
    for (client, before) in clients.iter().zip(before) {
        let theirs = clients.iter().filter(|other| other.actor == client.actor);
        let known: usize = theirs.map(|other| other.notes.len()).sum();
        assert_eq!(entries.collected_by(&client.actor), before + known as u64, "records made by {}", client.actor);
    }
}

fn tell(kill: usize, kills: usize, clients: &[Client], entries: &Entries, seen: &Seen, began: Instant) {
    let sum = |of: fn(&Client) -> u64| clients.iter().map(of).sum::<u64>();
    say(&format!(
        "{kill} of {kills} kills, {} starts killed too, {:.0} s: acknowledged {} notes, {} changes, {} openings, {} refusals; \
         {} writings without an answer, {} of them kept; {} entries; slowest start {:.2} s, slowest verify {:.2} s",
        seen.killed_starts,
        began.elapsed().as_secs_f64(),
        sum(|client| client.notes.len() as u64),
        sum(|client| client.changes.len() as u64),
        sum(|client| client.readings.values().map(|bounds| bounds.least).sum()),
        sum(|client| client.refusals.least),
        sum(|client| client.lost.writings),
        sum(|client| client.lost.kept),
        entries.total,
        seen.slowest_start.as_secs_f64(),
        seen.slowest_verify.as_secs_f64(),
    ));
}

/// Tells at once: what a test prints by macro is shown only when it has failed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn given<T: FromStr>(name: &str, otherwise: T) -> T
where
    T::Err: Display,
{
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")),
        Err(_) => otherwise,
    }
}

fn clock_seed() -> u64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| u64::from(since.subsec_nanos()))
}

const fn millis(millis: usize) -> Duration {
    Duration::from_millis(millis as u64)
}
