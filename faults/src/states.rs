//! What may be left at a moment of a run: everything, for who was killed; for who lost the power, what was synced, and of the rest any
//! part. A file that was synced keeps its bytes, and its name only once its folder was synced too: no more than POSIX promises.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::trace::{Change, File, Trace};

/// Bytes that a disk writes whole or not at all.
const SECTOR: usize = 512;
/// All parts of so many changes are tried, and of more some.
const FEW: usize = 4;

/// A moment, and what of the changes before it was lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// So many changes were made.
    pub at: usize,
    /// Those of them that never reached the disk.
    pub lost: BTreeSet<usize>,
    /// The last one reached it in part: so many sectors of what it wrote.
    pub torn: Option<usize>,
}

/// A disk as the next start finds it.
struct Disk {
    folders: BTreeSet<PathBuf>,
    names: BTreeMap<PathBuf, File>,
    bytes: HashMap<File, Vec<u8>>,
}

impl Trace {
    /// The changes before a moment that a power cut may take: not synced by then.
    #[must_use]
    pub fn unsynced(&self, at: usize) -> Vec<usize> {
        let mut of_file: HashMap<File, Vec<usize>> = HashMap::new();
        let above = |path: &PathBuf| path.parent().map(Path::to_owned).unwrap_or_default();
        let mut folders: HashMap<PathBuf, Vec<usize>> = HashMap::new();
        for (index, change) in self.changes[..at].iter().enumerate() {
            match change {
                Change::Wrote(file, ..) | Change::Cut(file, _) => of_file.entry(*file).or_default().push(index),
                Change::Synced(file) => drop(of_file.remove(file)),
                Change::SyncedFolder(folder) => drop(folders.remove(folder)),
                // A rename between folders is made durable by the folder that it leads to.
                Change::Renamed(_, path, _)
                | Change::RenamedFolder(_, path)
                | Change::Made(path, _)
                | Change::Unlinked(path)
                | Change::MadeFolder(path)
                | Change::RemovedFolder(path) => folders.entry(above(path)).or_default().push(index),
            }
        }
        let mut all: Vec<usize> = of_file.into_values().chain(folders.into_values()).flatten().collect();
        all.sort_unstable();
        all
    }

    /// Moments and losses to try at one moment: a kill; the power gone with all of it; each change lost alone and kept alone; parts drawn
    /// by `draw`, which gives a number below another; the last write torn. All parts where there are few.
    pub fn chosen(&self, at: usize, draw: &mut dyn FnMut(usize) -> usize) -> Vec<Chosen> {
        let unsynced = self.unsynced(at);
        let of = |lost: BTreeSet<usize>| Chosen { at, lost, torn: None };
        let mut all = vec![of(BTreeSet::new()), of(unsynced.iter().copied().collect())];
        if unsynced.len() <= FEW {
            for part in 0..1_usize << unsynced.len() {
                let lost = unsynced.iter().enumerate().filter(|(bit, _)| part >> bit & 1 == 1).map(|(_, one)| *one);
                all.push(of(lost.collect()));
            }
        } else {
            for one in &unsynced {
                all.push(of(BTreeSet::from([*one])));
                all.push(of(unsynced.iter().copied().filter(|other| other != one).collect()));
            }
            for _ in 0..FEW {
                all.push(of(unsynced.iter().copied().filter(|_| draw(2) == 0).collect()));
            }
        }
        if let Some(Change::Wrote(_, _, bytes)) = at.checked_sub(1).and_then(|last| self.changes.get(last)) {
            let torn = Some(draw(bytes.len().div_ceil(SECTOR)));
            all.push(Chosen { torn, ..of(BTreeSet::new()) });
            all.push(Chosen { torn, ..of(unsynced.iter().copied().filter(|one| one + 1 != at).collect()) });
        }
        all
    }

    /// Puts what is left on the disk, in a folder that is not there yet. Gives a number that tells whether the same was left before.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    #[must_use]
    pub fn leaves(&self, chosen: &Chosen, to: &Path) -> u64 {
        let disk = self.disk(chosen);
        make(to);
        let mut told = DefaultHasher::new();
        let there = |path: &Path| {
            let above = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
            above.into_iter().all(|above| disk.folders.contains(above))
        };
        for folder in disk.folders.iter().filter(|folder| there(folder)) {
            make(&to.join(folder));
            folder.hash(&mut told);
        }
        for (name, file) in disk.names.iter().filter(|(name, _)| there(name)) {
            let bytes = disk.bytes.get(file).map_or(&[][..], Vec::as_slice);
            write(&to.join(name), bytes);
            (name, bytes).hash(&mut told);
        }
        told.finish()
    }

    fn disk(&self, chosen: &Chosen) -> Disk {
        let bytes = self.bytes.iter().cloned().enumerate().collect();
        let mut disk = Disk { folders: self.folders.clone(), names: self.names.clone(), bytes };
        for (index, change) in self.changes[..chosen.at].iter().enumerate() {
            if !chosen.lost.contains(&index) {
                let torn = chosen.torn.filter(|_| index + 1 == chosen.at);
                disk.take(change, torn);
            }
        }
        disk
    }
}

impl Disk {
    fn take(&mut self, change: &Change, torn: Option<usize>) {
        match change {
            Change::Made(path, file) => {
                self.names.insert(path.clone(), *file);
                self.bytes.entry(*file).or_default();
            }
            Change::Wrote(file, offset, bytes) => {
                let bytes = torn.map_or(&bytes[..], |sectors| &bytes[..(sectors * SECTOR).min(bytes.len())]);
                let into = self.bytes.entry(*file).or_default();
                let from = *offset as usize;
                if into.len() < from + bytes.len() {
                    into.resize(from + bytes.len(), 0);
                }
                into[from..from + bytes.len()].copy_from_slice(bytes);
            }
            Change::Cut(file, length) => self.bytes.entry(*file).or_default().resize(*length as usize, 0),
            Change::Synced(_) | Change::SyncedFolder(_) => {}
            Change::Renamed(from, to, file) => {
                if self.names.get(from) == Some(file) {
                    self.names.remove(from);
                }
                self.names.insert(to.clone(), *file);
                self.bytes.entry(*file).or_default();
            }
            Change::RenamedFolder(from, to) => {
                let moved = |path: &PathBuf| path.strip_prefix(from).ok().map(|rest| to.join(rest));
                let names: Vec<_> =
                    self.names.iter().filter_map(|(path, file)| Some((path.clone(), moved(path)?, *file))).collect();
                for (old, new, file) in names {
                    self.names.remove(&old);
                    self.names.insert(new, file);
                }
                let folders: Vec<_> =
                    self.folders.iter().filter_map(|path| Some((path.clone(), moved(path)?))).collect();
                for (old, new) in folders {
                    self.folders.remove(&old);
                    self.folders.insert(new);
                }
            }
            Change::Unlinked(path) => drop(self.names.remove(path)),
            Change::MadeFolder(path) => drop(self.folders.insert(path.clone())),
            Change::RemovedFolder(path) => drop(self.folders.remove(path)),
        }
    }
}

fn make(folder: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).expect("a folder");
}

fn write(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path).expect("a file");
    file.write_all(bytes).expect("written");
}
