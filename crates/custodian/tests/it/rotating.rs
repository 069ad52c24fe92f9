//! Rotation and restore of keys, with a stop at every call.

use std::sync::Arc;

use storage::KeyStore;
use vault::custody::{CustodianError, Possession};
use vault::offsite::{OffsiteError, take_back};
use vault::{Root, Vault};

use crate::second_place::{HOUR, Installed, TENANT};

#[test]
fn a_restore_has_the_keys_of_now_and_after_the_next_rotation_nothing_opens_an_older_copy() {
    let here = Installed::new();
    let (stays, goes) = (here.person(), here.person());
    let offsite = here.offsite(false);
    assert!(offsite.ship().is_err(), "nowhere to ship to before the first copy");
    let first = offsite.tick().unwrap().unwrap();
    assert_eq!((first.generation, first.destroyed), (1, 0));
    let late = here.person();
    assert_eq!(offsite.state().unwrap().unshipped, 2);
    assert_eq!(offsite.tick().unwrap(), None);
    assert_eq!(offsite.state().unwrap().unshipped, 0);
    assert_eq!(here.after_a_restore(&[stays, goes, late]), [true, true, true]);
    // What a thief of the second place took away today.
    let taken = here.memory.held.lock().unwrap().clone();
    here.clock.forward(HOUR);
    here.erase(&goes);
    // The erasure is shipped as a change, before any rotation.
    offsite.ship().unwrap();
    assert_eq!(here.after_a_restore(&[stays, goes, late]), [true, false, true]);
    here.clock.forward(22 * HOUR);
    assert_eq!(offsite.tick().unwrap(), None);
    here.clock.forward(HOUR);
    let second = offsite.tick().unwrap().unwrap();
    assert_eq!((second.generation, second.destroyed), (2, 1));
    assert!(second.deleted >= 3, "{second:?}");
    assert_eq!(here.after_a_restore(&[stays, goes, late]), [true, false, true]);
    assert_eq!(offsite.not_entered().unwrap(), Some(second.clone()));
    offsite.entered(second.generation).unwrap();
    assert_eq!(offsite.not_entered().unwrap(), None);
    // The thief comes back with what was taken: the archive key is gone everywhere.
    *here.memory.held.lock().unwrap() = taken;
    let to = here.folder.path().join("thief.db");
    let refused = take_back(&here.root, &here.memory, &*here.custodian, &to);
    assert!(matches!(refused, Err(OffsiteError::Custodian(CustodianError::NotHere(_)))), "{refused:?}");
    assert!(!to.exists());
}

#[test]
fn a_stop_at_any_call_of_a_rotation_loses_no_key_brings_nobody_back_and_is_finished_by_the_next_start() {
    let whole = {
        let here = Installed::new();
        here.person();
        here.offsite(false).tick().unwrap();
        let before = here.fuse.calls();
        here.clock.forward(25 * HOUR);
        here.offsite(false).tick().unwrap();
        here.fuse.calls() - before
    };
    assert!(whole > 10, "{whole}");
    for done_all_the_same in [false, true] {
        for stop in 0..whole {
            let here = Installed::new();
            let (stays, goes) = (here.person(), here.person());
            here.offsite(false).tick().unwrap();
            let late = here.person();
            here.offsite(false).ship().unwrap();
            here.erase(&goes);
            here.clock.forward(25 * HOUR);
            here.fuse.stop_after(stop);
            let stopped = here.offsite(done_all_the_same);
            assert!(stopped.tick().is_err(), "{stop}");
            assert!(stopped.state().unwrap().failing.is_some());
            here.fuse.stop_after(i64::MAX);
            // Whatever lies there: who lives opens. Who is erased does not, once that was shipped.
            let restored = here.after_a_restore(&[stays, late]);
            assert_eq!(restored, [true, true], "{stop} {done_all_the_same}");
            // Others live on meanwhile, and their keys are shipped to whatever is in force.
            let meanwhile = here.person();
            let started = here.offsite(false);
            started.ship().unwrap();
            let persons = [stays, goes, late, meanwhile];
            assert_eq!(here.after_a_restore(&persons), [true, false, true, true], "{stop} {done_all_the_same}");
            let rotated = loop {
                here.clock.forward(HOUR);
                if let Some(rotated) = started.tick().unwrap() {
                    break rotated;
                }
            };
            assert_eq!(here.after_a_restore(&persons), [true, false, true, true], "{stop} {done_all_the_same}");
            let names: Vec<String> = here.memory.held.lock().unwrap().keys().cloned().collect();
            let of = format!("keys/{:010}/", rotated.generation);
            assert!(names.iter().all(|name| name.starts_with(&of)), "{stop}: {names:?}");
            let possession = Possession::of(&here.root).unwrap();
            let keys = here.custodian.list(&here.vault.installation(), &possession).unwrap();
            assert_eq!(keys.len(), 1, "{stop}");
        }
    }
}

#[test]
fn a_copy_that_does_not_read_back_as_it_was_put_comes_into_no_force() {
    let here = Installed::new();
    let person = here.person();
    here.offsite(false).tick().unwrap();
    here.clock.forward(25 * HOUR);
    struct Half(crate::second_place::Memory);
    impl vault::offsite::Copies for Half {
        fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
            self.0.put(name, &bytes[..bytes.len() / 2])
        }
        fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
            self.0.get(name)
        }
        fn list(&self, begins: &str) -> Result<Vec<String>, String> {
            self.0.list(begins)
        }
        fn delete(&self, name: &str) -> Result<(), String> {
            self.0.delete(name)
        }
    }
    let half = vault::offsite::Offsite::new(
        &here.root,
        &here.vault,
        Arc::clone(&here.keys),
        Arc::new(Half(here.memory.clone())),
        Arc::clone(&here.custodian),
        Arc::clone(&here.clock) as Arc<dyn terms::Clock>,
        0,
    )
    .unwrap();
    assert!(matches!(half.tick(), Err(OffsiteError::NotTheSame(_))));
    let state = half.state().unwrap();
    assert!(state.overdue && state.generation == 1 && state.failing.is_some(), "{state:?}");
    // The copy before is in force, and the half one is passed over.
    assert_eq!(here.after_a_restore(&[person]), [true]);
    assert_eq!(here.offsite(false).tick().unwrap().unwrap().generation, 3);
    assert_eq!(here.after_a_restore(&[person]), [true]);
}

/// A second place that lists, and takes nothing.
struct Full(crate::second_place::Memory);

impl vault::offsite::Copies for Full {
    fn put(&self, _: &str, _: &[u8]) -> Result<(), String> {
        Err("no room".to_owned())
    }
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        self.0.get(name)
    }
    fn list(&self, begins: &str) -> Result<Vec<String>, String> {
        self.0.list(begins)
    }
    fn delete(&self, name: &str) -> Result<(), String> {
        self.0.delete(name)
    }
}

fn keys_of(here: &Installed) -> Vec<vault::custody::ArchiveKeyId> {
    here.custodian.list(&here.vault.installation(), &Possession::of(&here.root).unwrap()).unwrap()
}

#[test]
fn rotations_that_fail_time_after_time_leave_one_archive_key_and_not_one_each() {
    let here = Installed::new();
    let person = here.person();
    here.offsite(false).tick().unwrap();
    here.clock.forward(25 * HOUR);
    let full = vault::offsite::Offsite::new(
        &here.root,
        &here.vault,
        Arc::clone(&here.keys),
        Arc::new(Full(here.memory.clone())),
        Arc::clone(&here.custodian),
        Arc::clone(&here.clock) as Arc<dyn terms::Clock>,
        0,
    )
    .unwrap();
    for _ in 0..20 {
        assert!(matches!(full.tick(), Err(OffsiteError::Copies(_))));
        assert_eq!(keys_of(&here).len(), 2, "the one in force and the one that was tried");
    }
    // Where nothing answers no key is made at all.
    here.fuse.stop_after(0);
    let before = keys_of(&here);
    assert!(here.offsite(false).tick().is_err());
    assert_eq!(keys_of(&here), before);
    here.fuse.stop_after(i64::MAX);
    here.offsite(false).tick().unwrap().unwrap();
    assert_eq!(keys_of(&here).len(), 1);
    assert_eq!(here.after_a_restore(&[person]), [true]);
}

#[test]
fn an_old_copy_of_the_file_of_keys_deletes_no_newer_generation_and_destroys_no_key() {
    let here = Installed::new();
    let person = here.person();
    here.offsite(false).tick().unwrap();
    // The folder as it was now comes back later, by mistake.
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("keys.db");
    take_back(&here.root, &here.memory, &*here.custodian, &file).unwrap();
    here.clock.forward(25 * HOUR);
    let late = here.person();
    here.offsite(false).tick().unwrap().unwrap();
    let (held, keys) = (here.memory.held.lock().unwrap().clone(), keys_of(&here));
    let old = Arc::new(KeyStore::open(&file).unwrap());
    let vault = Vault::open(&here.root, Arc::clone(&old)).unwrap();
    let old = vault::offsite::Offsite::new(
        &here.root,
        &vault,
        old,
        Arc::new(here.memory.clone()),
        Arc::clone(&here.custodian),
        Arc::clone(&here.clock) as Arc<dyn terms::Clock>,
        0,
    )
    .unwrap();
    let refused = old.tick();
    assert!(matches!(refused, Err(OffsiteError::Newer { known: 1, .. })), "{refused:?}");
    assert_eq!((here.memory.held.lock().unwrap().clone(), keys_of(&here)), (held, keys));
    assert_eq!(here.after_a_restore(&[person, late]), [true, true]);
}

#[test]
fn where_the_second_place_is_anothers_nothing_is_made_deleted_or_destroyed() {
    let here = Installed::new();
    here.person();
    let nothing = here.offsite(false).only_where(Box::new(|| Err("another ships there".to_owned())));
    assert!(matches!(nothing.tick(), Err(OffsiteError::NotOurs(_))));
    assert!(here.memory.held.lock().unwrap().is_empty() && keys_of(&here).is_empty());
    here.offsite(false).tick().unwrap().unwrap();
    let (first, before) = (keys_of(&here), here.memory.held.lock().unwrap().clone());
    here.clock.forward(25 * HOUR);
    // Taken by another while the copy was made: the one before stays, with what opens it.
    let asked = std::sync::atomic::AtomicBool::new(false);
    let once = move || {
        let again = asked.swap(true, std::sync::atomic::Ordering::SeqCst);
        if again { Err("another ships there".to_owned()) } else { Ok(()) }
    };
    assert!(matches!(here.offsite(false).only_where(Box::new(once)).tick(), Err(OffsiteError::NotOurs(_))));
    assert!(first.iter().all(|key| keys_of(&here).contains(key)));
    let held = here.memory.held.lock().unwrap().clone();
    assert!(before.keys().all(|name| held.contains_key(name)));
}

#[test]
fn another_root_key_a_changed_part_and_an_empty_place_are_each_told_and_leave_no_file() {
    let here = Installed::new();
    let person = here.person();
    here.offsite(false).tick().unwrap();
    let to = here.folder.path().join("back.db");
    let told = |here: &Installed, root: &Root| {
        let error = take_back(root, &here.memory, &*here.custodian, &to).err().map(|error| error.to_string());
        assert!(!to.exists());
        error.unwrap_or_default()
    };
    let other = Root::open_or_begin(&here.folder.path().join("other.key")).unwrap_or_else(|error| panic!("{error}"));
    assert!(told(&here, &other).contains("root key"), "{}", told(&here, &other));
    let whole = here.memory.held.lock().unwrap().clone();
    for name in whole.keys() {
        let mut held = whole.clone();
        let bytes = held.get_mut(name).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        *here.memory.held.lock().unwrap() = held.clone();
        assert!(told(&here, &here.root).contains(name.as_str()), "{name}");
        held.remove(name);
        *here.memory.held.lock().unwrap() = held;
        assert!(!told(&here, &here.root).is_empty(), "{name}");
    }
    here.memory.held.lock().unwrap().clear();
    assert!(told(&here, &here.root).contains("there is none"));
    *here.memory.held.lock().unwrap() = whole;
    assert_eq!(here.after_a_restore(&[person]), [true]);
}

#[test]
fn what_was_taken_back_opens_everything_and_begins_a_generation_of_its_own() {
    let here = Installed::new();
    let person = here.person();
    let offsite = here.offsite(false);
    offsite.tick().unwrap();
    let late = here.person();
    offsite.ship().unwrap();
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("keys.db");
    let taken = take_back(&here.root, &here.memory, &*here.custodian, &file).unwrap();
    assert_eq!((taken.generation, taken.changes), (1, 2));
    assert_eq!(taken.installation, here.vault.installation());
    let keys = Arc::new(KeyStore::open(&file).unwrap());
    let vault = Vault::open(&here.root, Arc::clone(&keys)).unwrap();
    assert_eq!(vault.signing_seed(), here.vault.signing_seed());
    let restored = Installed { keys, vault, folder: to, ..here };
    let offsite = restored.offsite(false);
    assert!(offsite.ship().is_err(), "two programs never ship to one generation");
    assert_eq!(offsite.tick().unwrap().unwrap().generation, 2);
    let newest = restored.vault.new_person(&TENANT).unwrap();
    offsite.ship().unwrap();
    assert_eq!(restored.after_a_restore(&[person, late, newest]), [true, true, true]);
}

#[test]
fn another_second_place_gets_a_whole_copy_before_any_change_and_another_custodian_a_key() {
    let here = Installed::new();
    let person = here.person();
    here.offsite(false).tick().unwrap();
    // The folder is served with another second place: what lies at the first is not there.
    here.memory.held.lock().unwrap().clear();
    let second = here.person();
    let offsite = here.offsite(false);
    assert!(offsite.ship().is_err(), "no change is shipped to a copy without its beginning");
    assert!(here.memory.held.lock().unwrap().is_empty());
    assert_eq!(offsite.tick().unwrap().unwrap().generation, 2);
    offsite.ship().unwrap();
    assert_eq!(here.after_a_restore(&[person, second]), [true, true]);
    // Another custodian: nobody would open the copy in force.
    assert!(here.offsite(false).tick().unwrap().is_none(), "all is where it was");
    for kept in std::fs::read_dir(here.folder.path().join("custodian")).unwrap() {
        std::fs::remove_dir_all(kept.unwrap().path()).unwrap();
    }
    assert_eq!(here.offsite(false).tick().unwrap().unwrap().generation, 3);
    assert_eq!(here.after_a_restore(&[person, second]), [true, true]);
}

#[test]
fn a_rotation_that_was_asked_for_is_made_at_once_and_one_asked_meanwhile_follows() {
    let here = Installed::new();
    here.offsite(false).tick().unwrap();
    let offsite = here.offsite(false);
    assert!(offsite.tick().unwrap().is_none());
    here.clock.forward(1);
    offsite.ask();
    here.clock.forward(1);
    assert_eq!(offsite.tick().unwrap().unwrap().generation, 2);
    assert!(offsite.tick().unwrap().is_none(), "once");
    // Asked at the very instant in which a copy is begun: it may hold what was erased then.
    offsite.ask();
    assert_eq!(offsite.tick().unwrap().unwrap().generation, 3);
    here.clock.forward(1);
    assert_eq!(offsite.tick().unwrap().unwrap().generation, 4);
    assert!(offsite.tick().unwrap().is_none());
}
