//! Random histories of writing, sharing, shipping, backing up, crashing, restoring and erasing, over all rooms together. After the purge
//! horizon a search of everything for who was erased finds nothing, and nothing opens what was theirs; the same search finds them before.
//! Nobody who lives loses anything, at any time.
//!
//! The short form is part of the tests. The long one:
//! `BETRODD_HISTORIES=10000 cargo test --release -p faults --test it histories -- --nocapture`; from a history on, `BETRODD_FROM=N` too;
//! windows are tried in all of them, or in one of so many (`BETRODD_WINDOWS_EVERY=N`), since they take most of the time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use service::Asked;
use terms::{Instant, PersonId, RecordId, TenantId};

use crate::house::{self, HOUR, Hands, House, NOON, NORTH, person_of};
use crate::place::Beside;
use crate::searching::{Canary, Sealed, Windows, files, found, opens, parts};

/// In the short form.
const HISTORIES: u64 = 12;
const STEPS: u64 = 24;
/// The short form tries all windows of one history in so many.
const WINDOWS_EVERY: u64 = 10;

/// Numbers that look drawn and are the same every time (SplitMix64).
struct Drawn(u64);

impl Drawn {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// What somebody wrote and must be able to read, as long as it is not erased.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Written {
    tenant: TenantId,
    kind: &'static str,
    field: &'static str,
    says: String,
    /// The client whose file it lies in; itself for a client.
    client: RecordId,
}

/// What there is of a record that lies anywhere, in all its versions, and whose it is.
struct Traces {
    tenant: TenantId,
    person: PersonId,
    kind: &'static str,
    client: RecordId,
    canaries: Vec<Canary>,
    sealed: Vec<Sealed>,
}

/// An instant that content goes back to, and whose alone where it is one customer's; none for all of it as it was last.
type Back = Option<(Instant, Option<TenantId>)>;

/// Everything that there is to know about what must be there and what must not.
#[derive(Default)]
struct Model {
    living: BTreeMap<RecordId, Written>,
    traces: BTreeMap<RecordId, Traces>,
    /// What was there since each instant.
    was: Vec<(Instant, BTreeMap<RecordId, Written>)>,
    erased: BTreeSet<RecordId>,
    /// Of a client who was erased while content was gone back to before them, under the keys of others: nothing is claimed of these.
    unsure: BTreeSet<RecordId>,
    gone: Vec<Canary>,
    closed: Vec<Sealed>,
    commitments: HashSet<Vec<u8>>,
}

#[derive(Default, Debug)]
struct Done {
    erasures: u64,
    crashes: u64,
    restores: u64,
    snapshots: u64,
    rotations: u64,
    canaries: u64,
    windows: u64,
    bytes: u64,
    opened: u64,
}

struct History {
    seed: u64,
    base: tempfile::TempDir,
    clock: Arc<Hands>,
    beside: Beside,
    house: Option<House>,
    root: Vec<u8>,
    workers: [Asked; 2],
    model: Model,
    drawn: Drawn,
    folders: u64,
    words: u64,
    /// Private halves that were once at the custodian.
    halves: BTreeSet<Vec<u8>>,
    done: Done,
}

impl History {
    async fn new(seed: u64) -> Self {
        let base = house::folder();
        let clock = Hands::at(NOON);
        let (opened, workers) = House::begin(&base.path().join("data-0"), &clock).await;
        let root = std::fs::read(opened.folder.join("root.key")).unwrap();
        let beside = Beside::new(base.path());
        Self {
            seed,
            clock,
            beside,
            house: Some(opened),
            root,
            workers,
            model: Model::default(),
            drawn: Drawn(seed),
            folders: 0,
            words: 0,
            halves: BTreeSet::new(),
            done: Done::default(),
            base,
        }
    }

    fn house(&self) -> &House {
        self.house.as_ref().unwrap()
    }

    fn by(&self, tenant: TenantId) -> Asked {
        self.workers[usize::from(tenant != NORTH)].clone()
    }

    fn how(&self, step: u64) -> String {
        format!("history {}, step {step}", self.seed)
    }

    /// A text that stands nowhere else.
    fn word(&mut self) -> String {
        self.words += 1;
        format!("kanarie{:x}x{}", self.seed.wrapping_mul(0x9e37_79b9) & 0xffff_ffff, self.words)
    }

    /// Notes what of a record lies anywhere now.
    fn trace(&mut self, record: RecordId) {
        let written = self.model.living[&record].clone();
        let house = self.house.as_ref().unwrap();
        let stored = house.store.record(&written.tenant, &record).unwrap().unwrap();
        let what = |part: &str| format!("{part} of {} {record}", written.kind);
        let traces = self.model.traces.entry(record).or_insert_with(|| Traces {
            tenant: written.tenant,
            person: stored.person,
            kind: written.kind,
            client: written.client,
            canaries: Vec::new(),
            sealed: Vec::new(),
        });
        let (_, fields) = parts(&stored.sealed);
        traces.canaries.extend(fields.into_iter().map(|field| Canary::new(what("a sealed field"), field)));
        traces.canaries.push(Canary::new(what("the plain text"), written.says.as_bytes()));
        traces.sealed.push(Sealed { record, version: stored.version, bytes: stored.sealed });
        let own = matches!(written.kind, "client" | "kin");
        if own && stored.version == 1 {
            let key = house.keys.person_key(&written.tenant, &stored.person, &stored.class).unwrap().unwrap();
            traces.canaries.push(Canary::new(what("the wrapped key"), key));
            house.vault.put_name(&written.tenant, &stored.person, &written.says).unwrap();
            let link = house.keys.link(&written.tenant, &stored.person).unwrap().unwrap();
            traces.canaries.push(Canary::new(what("the link to the name"), link));
        }
        if written.kind == "client" && stored.version == 1 {
            for (field, text) in [("name", written.says.clone()), ("email", format!("{}@example.com", written.says))] {
                let token = house.vault.token(&written.tenant, &format!("client/{field}"), &text).unwrap();
                let there =
                    house.store.tokens_of(&written.tenant, &record, &terms::FieldName::new(field).unwrap()).unwrap();
                assert!(there.contains(&token), "the token of {field} is the one that lies there");
                traces.canaries.push(Canary::new(what("a token"), token));
            }
        }
    }

    async fn write(&mut self) {
        let tenant = if self.drawn.below(3) == 0 { house::SOUTH } else { NORTH };
        let by = self.by(tenant);
        let says = self.word();
        let clients: Vec<RecordId> = self
            .model
            .living
            .iter()
            .filter(|(_, one)| one.kind == "client" && one.tenant == tenant)
            .map(|(record, _)| *record)
            .collect();
        if clients.is_empty() || self.drawn.below(3) == 0 {
            let email = format!("{says}@example.com");
            let record = self.house().collect(&by, "client", None, &[("name", &says), ("email", &email)]).await;
            self.model.living.insert(record, Written { tenant, kind: "client", field: "name", says, client: record });
            self.trace(record);
            return;
        }
        let client = clients[self.drawn.below(clients.len())];
        // Altered, or something more in the file: of the client, of its kin, of whoever writes, and what stays when the client goes.
        let notes: Vec<RecordId> = self
            .model
            .living
            .iter()
            .filter(|(_, one)| one.kind == "note" && one.client == client)
            .map(|(record, _)| *record)
            .collect();
        if !notes.is_empty() && self.drawn.below(3) == 0 {
            let note = notes[self.drawn.below(notes.len())];
            self.house().alter(&by, "note", note, "text", &says).await;
            self.model.living.get_mut(&note).unwrap().says = says;
            self.trace(note);
            return;
        }
        let kind = ["note", "note", "kin", "opinion", "invoice"][self.drawn.below(5)];
        let record = self.house().collect(&by, kind, Some(client), &[("text", &says)]).await;
        self.model.living.insert(record, Written { tenant, kind, field: "text", says, client });
        self.trace(record);
    }

    /// Erases a client with its file, the next of kin alone, or a single record.
    async fn erase(&mut self, how: &str) {
        let all: Vec<(RecordId, Written)> = self
            .model
            .living
            .iter()
            .filter(|(_, one)| one.kind != "invoice")
            .map(|(id, one)| (*id, one.clone()))
            .collect();
        if all.is_empty() {
            return;
        }
        // Clients more often than not.
        let clients: Vec<_> = all.iter().filter(|(_, one)| one.kind == "client").cloned().collect();
        let (record, one) = if clients.is_empty() || self.drawn.below(3) == 0 {
            all[self.drawn.below(all.len())].clone()
        } else {
            clients[self.drawn.below(clients.len())].clone()
        };
        let goes: BTreeSet<RecordId> = if one.kind == "client" {
            let of = |other: &Written| other.client == record && other.kind != "invoice";
            self.model.living.iter().filter(|(_, other)| of(other)).map(|(record, _)| *record).collect()
        } else {
            BTreeSet::from([record])
        };
        self.seen_before(&goes, how);
        let went = self
            .house()
            .erase(&self.by(one.tenant), one.kind, record)
            .await
            .unwrap_or_else(|why| panic!("{how}: {why}"));
        assert_eq!(went.into_iter().collect::<BTreeSet<_>>(), goes, "{how}: what goes");
        let persons: BTreeSet<PersonId> = goes
            .iter()
            .map(|record| &self.model.traces[record])
            .filter(|one| matches!(one.kind, "client" | "kin"))
            .map(|one| one.person)
            .collect();
        if one.kind == "client" {
            // What content was gone back to before lies under the key that is gone, or under another's.
            for (other, traces) in self.model.traces.iter().filter(|(_, traces)| traces.client == record) {
                match traces.kind {
                    "note" => drop(self.model.erased.insert(*other)),
                    "kin" | "opinion" if !goes.contains(other) => drop(self.model.unsure.insert(*other)),
                    _ => {}
                }
            }
        }
        for record in &goes {
            self.model.living.remove(record);
            self.model.erased.insert(*record);
            let traces = &self.model.traces[record];
            self.model.gone.extend(traces.canaries.iter().cloned());
            if persons.contains(&traces.person) {
                self.model.closed.extend(traces.sealed.iter().cloned());
                self.model.commitments.extend(traces.sealed.iter().map(|one| parts(&one.bytes).0));
            }
        }
        self.done.erasures += 1;
    }

    /// The same search as at the end, before: it finds each of them, and the keys that are there open what is sealed.
    fn seen_before(&mut self, goes: &BTreeSet<RecordId>, how: &str) {
        let of: Vec<&Traces> = goes.iter().map(|record| &self.model.traces[record]).collect();
        let canaries: Vec<Canary> = of.iter().flat_map(|one| one.canaries.iter().cloned()).collect();
        let all = files(&[self.base.path()]);
        let there = found(&canaries, &all);
        let plain = |one: &Canary| one.what.starts_with("the plain");
        for one in &canaries {
            // What an alteration replaced may be gone already where the journal was relieved of it.
            let there = there.iter().any(|(other, _)| other.bytes == one.bytes);
            assert!(!(plain(one) && there), "{how}: {} lies open", one.what);
            let replaced = one.what.starts_with("a sealed field of note");
            assert!(plain(one) || there || replaced, "{how}: the search does not find {}", one.what);
        }
        let sealed: Vec<Sealed> = of.iter().flat_map(|one| one.sealed.iter().cloned()).collect();
        assert_eq!(opens(self.house.as_ref().unwrap(), &sealed), sealed.len(), "{how}: before, all of it opens");
    }

    /// The machine stops at this moment, and starts again on what is on its disk.
    fn crash(&mut self, how: &str) {
        self.folders += 1;
        let to = self.base.path().join(format!("data-{}", self.folders));
        let before = self.house.take().unwrap();
        house::copy_in_use(&before.folder, &to);
        let old = before.folder.clone();
        drop(before);
        std::fs::remove_dir_all(old).unwrap();
        self.house = Some(House::open(&to, &self.clock).unwrap_or_else(|why| panic!("{how}: {why}")));
        self.done.crashes += 1;
    }

    /// The machine is lost; what lies elsewhere gives it back, as it is or as content was at an instant.
    async fn restore(&mut self, how: &str, back: bool) {
        self.ship(how);
        let (at, expected) = self.instant(back);
        let before = self.house.take().unwrap();
        let old = before.folder.clone();
        drop(before);
        std::fs::remove_dir_all(old).unwrap();
        self.folders += 1;
        let to = self.base.path().join(format!("data-{}", self.folders));
        let (restored, _) = self
            .beside
            .restore(&self.root, &to, &self.clock, at)
            .await
            .unwrap_or_else(|why| panic!("{how}, back to {at:?}: {why}"));
        self.house = Some(restored);
        self.model.living = expected;
        self.done.restores += 1;
    }

    /// An instant that content can go back to, and what must be there then; none where there is none or it is not wanted.
    fn instant(&mut self, back: bool) -> (Back, BTreeMap<RecordId, Written>) {
        let window = self.house().store.window().unwrap();
        let within: Vec<usize> = (0..self.model.was.len())
            .filter(|n| self.model.was[*n].0 >= window.0 && self.model.was[*n].0 <= window.1)
            .collect();
        if !back || within.is_empty() {
            return (None, self.model.living.clone());
        }
        let (at, then) = self.model.was[within[self.drawn.below(within.len())]].clone();
        let alone = (self.drawn.below(3) == 0).then_some(if self.drawn.below(2) == 0 { NORTH } else { house::SOUTH });
        let mut expected: BTreeMap<RecordId, Written> = then
            .into_iter()
            .filter(|(record, _)| !self.model.erased.contains(record) && !self.model.unsure.contains(record))
            .collect();
        if let Some(alone) = alone {
            expected.retain(|_, one| one.tenant == alone);
            expected.extend(
                self.model.living.iter().filter(|(_, one)| one.tenant != alone).map(|(id, one)| (*id, one.clone())),
            );
        }
        (Some((at, alone)), expected)
    }

    /// Everybody who lives can be read, word for word, and nobody who is erased.
    async fn check(&self, house: &House, living: &BTreeMap<RecordId, Written>, how: &str) {
        for (record, one) in living {
            let says = house.says(&self.by(one.tenant), one.kind, *record, one.field).await;
            assert_eq!(says.as_ref(), Some(&one.says), "{how}: {} {record}", one.kind);
        }
        for record in &self.model.erased {
            let one = &self.model.traces[record];
            assert!(house.store.record(&one.tenant, record).unwrap().is_none(), "{how}: {} {record} is back", one.kind);
        }
    }

    fn ship(&mut self, how: &str) {
        self.halves.extend(self.beside.private_halves());
        self.beside.ship(self.house(), &self.clock).unwrap_or_else(|why| panic!("{how}: {why}"));
        self.halves.extend(self.beside.private_halves());
    }

    fn rotate(&mut self, how: &str) {
        self.halves.extend(self.beside.private_halves());
        let done = self.beside.rotate(self.house(), &self.clock).unwrap_or_else(|why| panic!("{how}: {why}"));
        self.halves.extend(self.beside.private_halves());
        self.done.rotations += u64::from(done);
    }

    async fn step(&mut self, step: u64) {
        let how = self.how(step);
        self.clock.forward(1 + self.drawn.below(600) as i64);
        match self.drawn.below(16) {
            0..=6 => self.write().await,
            7 | 8 => self.erase(&how).await,
            9 => self.ship(&how),
            10 => {
                self.clock.forward(self.drawn.below(26) as i64 * HOUR);
                self.rotate(&how);
            }
            11 => {
                self.ship(&how);
                let keep = 1 + self.drawn.below(4);
                self.beside.snapshot(self.house(), keep).unwrap_or_else(|why| panic!("{how}: {why}"));
                self.done.snapshots += 1;
            }
            12 => self.crash(&how),
            13 => {
                self.restore(&how, false).await;
            }
            14 => {
                self.restore(&how, true).await;
            }
            _ => drop(self.house().store.strip().unwrap()),
        }
        self.check(self.house(), &self.model.living, &how).await;
        self.model.was.push((self.house().store.now(), self.model.living.clone()));
    }

    /// Time passes until nothing that was erased may lie anywhere: daily rounds, each with a rotation and a snapshot, of which one stays.
    async fn horizon(&mut self) {
        for round in 0..4 {
            let how = self.how(1000 + round);
            self.clock.forward(25 * HOUR);
            let _finished = self.house().processing.finish_erasures().await;
            self.house().event(NORTH, Vec::new()).await;
            self.ship(&how);
            self.rotate(&how);
            self.beside.snapshot(self.house(), 1).unwrap_or_else(|why| panic!("{how}: {why}"));
            self.house().event(NORTH, Vec::new()).await;
            // The follower writes the index of a closed segment some time after.
            self.settle();
            self.house().store.strip().unwrap();
            self.ship(&how);
        }
    }

    fn settle(&mut self) {
        let before = self.house.take().unwrap();
        let folder = before.folder.clone();
        drop(before);
        self.house = Some(House::open(&folder, &self.clock).unwrap());
    }

    /// Nothing of the erased lies anywhere, and nothing opens what was theirs.
    async fn search(&mut self, windows: bool) {
        let how = self.how(2000);
        let mut folders: Vec<PathBuf> = Vec::new();
        // What else comes back from the second place: all of it, and content of an earlier instant.
        let mut houses = Vec::new();
        for back in [false, true] {
            let (at, expected) = self.instant(back);
            self.folders += 1;
            let to = self.base.path().join(format!("data-{}", self.folders));
            let restored = self.beside.restore(&self.root, &to, &self.clock, at).await;
            let (restored, _) = restored.unwrap_or_else(|why| panic!("{how}, back to {at:?}: {why}"));
            self.check(&restored, &expected, &how).await;
            folders.push(to);
            houses.push(restored);
        }
        let before = houses.len();
        houses.extend(self.house.take());
        let opened: usize = houses.iter().map(|house| opens(house, &self.model.closed)).sum();
        assert_eq!(opened, 0, "{how}: a key that is left opens what was erased");
        assert_eq!(houses.len(), before + 1);
        self.house = houses.pop();
        drop(houses);
        let everything = files(&[self.base.path()]);
        let mut canaries = self.model.gone.clone();
        let kept: BTreeSet<Vec<u8>> = self.beside.private_halves().into_iter().collect();
        canaries.extend(
            self.halves.difference(&kept).map(|half| Canary::new("the private half of an archive key", half.clone())),
        );
        if let Some((one, path)) = found(&canaries, &everything).first() {
            panic!("{how}: {} lies in {}", one.what, path.strip_prefix(self.base.path()).unwrap().display());
        }
        // What is in force is found: the search looks where it should.
        let in_force: Vec<Canary> = kept.iter().map(|half| Canary::new("in force", half.clone())).collect();
        assert_eq!(found(&in_force, &everything).len(), in_force.len(), "{how}");
        self.done.canaries += canaries.len() as u64;
        self.done.bytes += everything.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
        self.done.opened += self.model.closed.len() as u64;
        if windows {
            // One key that is planted is found, and no other.
            let planted: Vec<u8> = (0..32_u8).map(|n| n.wrapping_mul(37).wrapping_add(11)).collect();
            let mut search = Windows::new(self.model.commitments.clone());
            let commitment = search.commitment(&planted);
            search = Windows::new(self.model.commitments.iter().cloned().chain([commitment]).collect());
            let mut everything = everything;
            let plant = [&[0; 77][..], &planted, &[1; 5]].concat();
            everything.push((PathBuf::from("planted"), plant));
            assert_eq!(search.found(&everything), [PathBuf::from("planted")], "{how}: a key lies there");
            self.done.windows += search.tried;
        }
        // And the living go on.
        self.check(self.house(), &self.model.living, &how).await;
        let report = journal::verify(&self.house().folder, &journal::Knowledge::default()).unwrap();
        assert!(report.fault.is_none(), "{how}: {:?}", report.fault);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn after_the_purge_horizon_nothing_is_found_of_the_erased_and_nobody_who_lives_lost_anything() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let from: u64 = number("BETRODD_FROM").unwrap_or(0);
    let long: Option<u64> = number("BETRODD_HISTORIES");
    let many = long.unwrap_or(HISTORIES);
    let windows_every = number("BETRODD_WINDOWS_EVERY").unwrap_or(if long.is_some() { 1 } else { WINDOWS_EVERY });
    let mut all = Done::default();
    for seed in from..from + many {
        let mut history = History::new(seed).await;
        for step in 0..STEPS {
            history.step(step).await;
        }
        history.horizon().await;
        history.search(seed % windows_every == 0).await;
        let Done { erasures, crashes, restores, snapshots, rotations, canaries, windows, bytes, opened } = history.done;
        all.erasures += erasures;
        all.crashes += crashes;
        all.restores += restores;
        all.snapshots += snapshots;
        all.rotations += rotations;
        all.canaries += canaries;
        all.windows += windows;
        all.bytes += bytes;
        all.opened += opened;
        if long.is_some() && seed % 25 == 24 {
            eprintln!("up to history {seed}: {all:?}");
        }
    }
    eprintln!("{many} histories: {all:?}");
    assert!(all.erasures > many && all.crashes > 0 && all.restores > many / 2 && all.windows > 10_000, "{all:?}");
}

/// The search can fail: soon after an erasure the journal still holds what was sealed, here and at the second place.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_search_finds_what_is_not_over_its_horizon_yet_and_nothing_after_it() {
    let mut history = History::new(3).await;
    for _ in 0..8 {
        history.write().await;
    }
    history.ship("before");
    history.erase("at once").await;
    assert!(!history.model.gone.is_empty());
    for place in [&history.house().folder, &history.beside.second] {
        let there = files(&[place]);
        let found = found(&history.model.gone, &there);
        assert!(found.iter().any(|(one, _)| one.what.starts_with("a sealed field")), "{}", place.display());
    }
    let there = files(&[history.base.path()]);
    let keys = ["a token", "the wrapped key", "the link"];
    let sealed = |one: &Canary| keys.iter().all(|key| !one.what.starts_with(key));
    assert!(found(&history.model.gone, &there).iter().all(|(one, _)| sealed(one)), "keys, links and tokens go at once");
    history.horizon().await;
    assert!(found(&history.model.gone, &files(&[history.base.path()])).is_empty());
    assert_eq!(opens(history.house(), &history.model.closed), 0);
}

/// The person of a record is the one that the store says: what the traces rest on.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_opinion_lies_under_the_key_of_who_wrote_it_and_goes_with_whom_it_is_about() {
    let mut history = History::new(1).await;
    let by = history.by(NORTH);
    let client = history.house().collect(&by, "client", None, &[("name", "Åsa"), ("email", "a@example.com")]).await;
    let opinion = history.house().collect(&by, "opinion", Some(client), &[("text", "Om Åsa.")]).await;
    assert_eq!(person_of(history.house(), &NORTH, &opinion), by.actor);
    let went = history.house().erase(&by, "client", client).await.unwrap();
    assert!(went.contains(&opinion) && went.contains(&client));
    history.crash("after it");
    assert!(history.house().says(&by, "opinion", opinion, "text").await.is_none());
}
