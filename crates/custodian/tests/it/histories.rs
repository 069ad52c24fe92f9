//! Random histories of keys: made, shipped, erased, rotated, stopped at any call, started again, taken back. Whoever lives opens after
//! every restore; whoever is erased opens after none once that was shipped; and after the next rotation no 32 bytes of any file open what
//! a thief had taken before.
//!
//! The short form is part of the tests. The long one: `BETRODD_HISTORIES=1000 cargo test --release -p custodian --test it histories`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use terms::PersonId;
use vault::custody::{
    ArchiveKey, ArchiveKeyId, Assumption, Custodian, CustodianError, InstallationId, Possession, PublicHalf,
};
use vault::offsite::take_back;
use zeroize::Zeroizing;

use crate::second_place::{HOUR, Installed, Memory};

/// Numbers that look drawn and are the same every time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

#[test]
fn histories_bring_back_all_who_live_and_nobody_who_is_erased() {
    let many = std::env::var("BETRODD_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    for seed in 0..many {
        let here = Installed::new();
        let mut drawn = Drawn(seed);
        here.offsite(false).tick().unwrap();
        let (mut living, mut erased): (Vec<PersonId>, Vec<PersonId>) = (vec![here.person()], Vec::new());
        for step in 0..14 {
            match drawn.below(6) {
                0 | 1 => living.push(here.person()),
                2 if living.len() > 1 => {
                    let gone = living.swap_remove(drawn.below(living.len() as u64) as usize);
                    here.erase(&gone);
                    erased.push(gone);
                }
                // A program that is stopped at some call of whatever was due, and started again.
                3 => {
                    here.clock.forward(drawn.below(30) as i64 * HOUR);
                    here.fuse.stop_after(drawn.below(24) as i64);
                    drop(here.offsite(drawn.below(2) == 0).tick());
                    here.fuse.stop_after(i64::MAX);
                }
                4 => {
                    here.clock.forward(drawn.below(30) as i64 * HOUR);
                    here.offsite(false).tick().unwrap();
                }
                _ => drop(here.offsite(false).ship().unwrap()),
            }
            if step % 5 == 4 {
                // What was shipped is what a disaster leaves.
                here.offsite(false).ship().unwrap();
                assert!(here.after_a_restore(&living).iter().all(|there| *there), "history {seed}, step {step}");
                assert!(here.after_a_restore(&erased).iter().all(|there| !there), "history {seed}, step {step}");
            }
        }
    }
}

/// A custodian that has only what a thief found: some 32 bytes.
struct Found(Zeroizing<[u8; 32]>);

impl Custodian for Found {
    fn begin(&self, _: &InstallationId, _: &Possession) -> Result<(ArchiveKeyId, PublicHalf), CustodianError> {
        Err(CustodianError::Failed("a thief makes none".to_owned()))
    }

    fn open(
        &self,
        installation: &InstallationId,
        _: &Possession,
        _: &ArchiveKeyId,
        sealer: &PublicHalf,
    ) -> Result<Zeroizing<[u8; 32]>, CustodianError> {
        ArchiveKey::from_private(&self.0)
            .and_then(|key| key.open(installation, sealer))
            .map_err(|error| CustodianError::Failed(error.to_string()))
    }

    fn destroy(&self, _: &InstallationId, _: &Possession, _: &ArchiveKeyId) -> Result<(), CustodianError> {
        Ok(())
    }

    fn list(&self, _: &InstallationId, _: &Possession) -> Result<Vec<ArchiveKeyId>, CustodianError> {
        Ok(Vec::new())
    }

    fn assumption(&self) -> Assumption {
        Assumption::PlainFile
    }
}

/// Every 32 bytes that lie in a row in any file below a folder, and at the second place.
fn windows(folder: &Path, held: &BTreeMap<String, Vec<u8>>) -> BTreeSet<[u8; 32]> {
    fn add(all: &mut BTreeSet<[u8; 32]>, bytes: &[u8]) {
        // What is mostly zeros is the empty room of a page, and no key.
        let key = |window: &&[u8]| window.iter().filter(|byte| **byte == 0).count() < 12;
        all.extend(bytes.windows(32).filter(key).filter_map(|window| <[u8; 32]>::try_from(window).ok()));
    }
    fn below(all: &mut BTreeSet<[u8; 32]>, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { below(all, &path) } else { add(all, &std::fs::read(&path).unwrap()) }
        }
    }
    let mut all = BTreeSet::new();
    below(&mut all, folder);
    held.values().for_each(|bytes| add(&mut all, bytes));
    all
}

/// Whether any of these opens what a thief took, with the root key in hand.
fn opens(here: &Installed, taken: &BTreeMap<String, Vec<u8>>, windows: &BTreeSet<[u8; 32]>) -> bool {
    let thief = Installed::new();
    let memory = Memory { held: std::sync::Arc::new(std::sync::Mutex::new(taken.clone())), ..thief.memory.clone() };
    let to = thief.folder.path().join("taken.db");
    windows.iter().any(|window| take_back(&here.root, &memory, &Found(Zeroizing::new(*window)), &to).is_ok())
}

#[test]
fn after_the_next_rotation_no_bytes_of_any_file_open_what_was_taken_before_and_before_it_they_do() {
    let here = Installed::new();
    let gone = here.person();
    here.offsite(false).tick().unwrap();
    here.person();
    here.offsite(false).ship().unwrap();
    let taken = here.memory.held.lock().unwrap().clone();
    let before = windows(here.folder.path(), &taken);
    assert!(opens(&here, &taken, &before), "the search finds the private half while it is there");
    here.erase(&gone);
    here.clock.forward(25 * HOUR);
    here.offsite(false).tick().unwrap();
    let mut held = here.memory.held.lock().unwrap().clone();
    held.extend(taken.iter().map(|(name, bytes)| (format!("taken/{name}"), bytes.clone())));
    let after = windows(here.folder.path(), &held);
    assert!(after.len() > 2_000, "{}", after.len());
    assert!(!opens(&here, &taken, &after));
    // With the copy that is in force the search finds it still: it looks where it should.
    let now = here.memory.held.lock().unwrap().clone();
    assert!(opens(&here, &now, &after));
}
