//! Taking back: a file of keys made from the newest whole copy and what changed since. It holds the keys of now, as far as they
//! were shipped: keys that were destroyed before are in none of it.

use std::collections::HashMap;
use std::path::Path;

use storage::KeyStore;
use terms::Instant;

use super::part::{End, Object, Rows};
use super::rotate::{hash, part, read};
use super::{Copies, Generation, OffsiteError, State, generation_of, under};
use crate::Vault;
use crate::custody::{ArchiveKeyId, Custodian, CustodianError, InstallationId, Possession, PublicHalf};
use crate::root::Root;
use crate::seal::Key;

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// Whose keys they are.
    pub installation: InstallationId,
    /// Of which generation.
    pub generation: u64,
    /// When its copy was begun.
    pub copy_began: Instant,
    /// Rows of the copy.
    pub rows: u64,
    /// Changes since.
    pub changes: u64,
}

/// Makes the file of keys at `to`, which must not be there, from the second place. It opens with the same root key alone.
///
/// # Errors
/// [`OffsiteError`]: nothing there, an archive key that is gone, a part that is missing or changed, a root key of another
/// installation. Then there is no file.
pub fn take_back(
    root: &Root,
    copies: &dyn Copies,
    custodian: &dyn Custodian,
    to: &Path,
) -> Result<TakenBack, OffsiteError> {
    let there = to.try_exists().map_err(|cause| OffsiteError::Unusable(format!("{}: {cause}", to.display())))?;
    if there {
        return Err(OffsiteError::Unusable(format!("{} is there already, and is not written over", to.display())));
    }
    let names = copies.list("keys/").map_err(OffsiteError::Copies)?;
    // Newest first. One that is being made has no end yet; one whose end lies there and that is not whole was never in force, or
    // was damaged since: the one before it, with all changes since, comes to the same.
    let mut whole: Vec<u64> =
        names.iter().filter(|name| name.ends_with("/copy-end")).filter_map(|name| generation_of(name)).collect();
    whole.sort_unstable_by(|one, other| other.cmp(one));
    let mut failed = None;
    for generation in whole {
        match make(root, copies, custodian, to, &names, generation) {
            Ok(taken) => return Ok(taken),
            Err(error) => {
                for end in ["", "-wal", "-shm"] {
                    let mut file = to.as_os_str().to_owned();
                    file.push(end);
                    // What was never begun cannot be removed.
                    drop(std::fs::remove_file(file));
                }
                // Only where the copy itself is the trouble may another one help.
                let other_may_help =
                    matches!(error, OffsiteError::Unusable(_) | OffsiteError::Custodian(CustodianError::NotHere(_)));
                failed.get_or_insert(error);
                if !other_may_help {
                    break;
                }
            }
        }
    }
    Err(failed.unwrap_or_else(|| OffsiteError::Unusable("there is none at the second place".to_owned())))
}

fn make(
    root: &Root,
    copies: &dyn Copies,
    custodian: &dyn Custodian,
    to: &Path,
    names: &[String],
    number: u64,
) -> Result<TakenBack, OffsiteError> {
    let get = |name: &str| -> Result<Vec<u8>, OffsiteError> {
        let bytes = copies.get(name).map_err(OffsiteError::Copies)?;
        bytes.ok_or_else(|| OffsiteError::Unusable(format!("`{name}` is missing at the second place")))
    };
    let possession = Possession::of(root)?;
    let mut opened = Opening { custodian, possession: &possession, known: HashMap::new() };
    let end_name = format!("{}copy-end", under(number));
    let end_object = Object::read(&end_name, &get(&end_name)?)?;
    let end: End = read(&end_name, &opened.open(&end_name, &end_object)?)?;
    let keys = KeyStore::open(to)?;
    let mut rows = 0;
    for (place, hashed) in end.parts.iter().enumerate() {
        let name = part(number, place);
        let bytes = get(&name)?;
        if hash(&bytes) != *hashed {
            return Err(OffsiteError::Unusable(format!("`{name}` is not what the copy's end names")));
        }
        let held: Rows = read(&name, &opened.open(&name, &Object::read(&name, &bytes)?)?)?;
        rows += held.rows.len() as u64;
        keys.take_copied(&held.rows)?;
    }
    // Changes are numbered through all generations: those after this copy lie under it, or under the one before while that was
    // still in force.
    let mut changed: Vec<(u64, u64, &String)> =
        names.iter().filter_map(|name| changes_of(name).map(|(after, last)| (after, last, name))).collect();
    changed.retain(|(_, last, _)| *last > end.from);
    changed.sort_unstable();
    let (mut reached, mut changes) = (end.from, 0);
    for (after, last, name) in changed {
        if after > reached {
            return Err(OffsiteError::Unusable(format!("the changes between {reached} and {after} are missing")));
        }
        let held: Rows = read(name, &opened.open(name, &Object::read(name, &get(name)?)?)?)?;
        if (held.after, held.last) != (after, last) {
            return Err(OffsiteError::Unusable(format!("`{name}` holds other changes than it says")));
        }
        reached = reached.max(last);
        changes += held.rows.len() as u64;
        keys.take_copied(&held.rows)?;
    }
    // Who goes on from here begins a generation of its own, and numbers no change a second time. Nor a generation: what lies there of
    // one that never came into force is known, and is ended like any that is older.
    let last = names.iter().filter_map(|name| generation_of(name)).max().unwrap_or(number);
    keys.continue_changes_after(reached)?;
    let current =
        Generation { number: last, key: end_object.key, public: [0; 32], began: Instant(i64::MIN / 2), from: end.from };
    State { current: Some(current), shipped: reached, ..State::default() }.keep(&keys)?;
    let keys = std::sync::Arc::new(keys);
    let vault = Vault::open(root, std::sync::Arc::clone(&keys))
        .map_err(|error| OffsiteError::Unusable(format!("the root key is not the one of these keys: {error}")))?;
    let installation = vault.installation();
    if installation != end_object.installation {
        return Err(OffsiteError::Unusable("it says that it is another installation's than its keys".to_owned()));
    }
    Ok(TakenBack { installation, generation: number, copy_began: end.began, rows, changes })
}

/// Which changes an object holds, by its name.
fn changes_of(name: &str) -> Option<(u64, u64)> {
    generation_of(name)?;
    let (after, last) = name.rsplit('/').next()?.strip_prefix("changes-")?.split_once('-')?;
    Some((after.parse().ok()?, last.parse().ok()?))
}

/// Asks the custodian once for each sealer: a program that was started ten times since the copy has ten.
struct Opening<'a> {
    custodian: &'a dyn Custodian,
    possession: &'a Possession,
    known: HashMap<(ArchiveKeyId, PublicHalf), Key>,
}

impl Opening<'_> {
    fn open(&mut self, name: &str, object: &Object) -> Result<zeroize::Zeroizing<Vec<u8>>, OffsiteError> {
        let place = (object.key, object.sealer);
        if !self.known.contains_key(&place) {
            let given = self.custodian.open(&object.installation, self.possession, &object.key, &object.sealer)?;
            self.known.insert(place, Key::new(&given)?);
        }
        match self.known.get(&place) {
            Some(key) => object.open(name, key),
            None => Err(OffsiteError::Unusable(name.to_owned())),
        }
    }
}
