//! Checking a whole data folder: everything that can be recomputed is recomputed and compared.
//!
//! Pure reading, also while a server writes. It needs about 64 bytes of memory per entry, for the hashes of all trees.

use core::fmt;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use terms::{Hash, Instant, TenantId};

use crate::append::OpenError;
use crate::checkpoint::{Checkpoint, VERIFIER_KEY_FILE, VerifierKey, origin};
use crate::entry::{commitment, redo_hash};
use crate::proof::{Proved, tenant_of};
use crate::seen::Seen;
use crate::segment::Position;
use crate::tiles::{TILE_WIDTH, TileReader, TilesError};
use crate::{Detail, Entry, EntryKind, Extra, Heads, Outcome, node_hash, scan, stored_root};

/// What else is known to who checks.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// A file that remembers the checkpoints of the last time. It is compared, and brought up to date when all is sound.
    pub seen: Option<PathBuf>,
    /// The verifier key, got from elsewhere. Without it the one in the folder is believed.
    pub key: Option<VerifierKey>,
    /// Files with checkpoints that were kept: signed notes. Each must be one that its log had.
    pub kept: Vec<PathBuf>,
}

/// What was checked, and the first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Report {
    /// Segments whose chain and checksums were followed.
    pub segments: u64,
    /// Groups in them.
    pub groups: u64,
    /// Entries in them.
    pub entries: u64,
    /// Among them acts, refusals, events, heads.
    pub kinds: [u64; 4],
    /// Entries whose detail fits its commitment.
    pub details: u64,
    /// Entries whose detail was purged.
    pub purged: u64,
    /// Entries whose detail is there and whose operations were taken out, since a snapshot covers them.
    pub stripped: u64,
    /// Heads of logs, named in the installation's log, that are the heads which the entries have.
    pub heads: u64,
    /// Logs, of customers and of the installation.
    pub logs: u64,
    /// Checkpoints whose signature and root are right.
    pub checkpoints: u64,
    /// Tiles and bundles that are what the entries make them.
    pub tiles: u64,
    /// Entries that no checkpoint covers yet.
    pub uncovered: u64,
    /// Logs that moved on while being read, so that some of their tiles were already replaced.
    pub moved_on: u64,
    /// Checkpoints of the last time that today's logs continue; `None` when none were given.
    pub continued: Option<u64>,
    /// Where a group was begun and not finished: somebody is writing, or a crash was not cleaned up yet.
    pub unfinished: Option<Position>,
    /// Whether it was checked from outside: from what is published, without the journal.
    pub outside: bool,
    /// Whether the key was found beside what was checked, and nothing else says that it is the right one.
    pub key_believed: bool,
    /// Checkpoints that were kept, each one that its log had.
    pub kept: u64,
    /// What proofs of entries show.
    pub proved: Vec<Proved>,
    /// The first thing that is wrong. What was checked counts only up to it.
    pub fault: Option<Fault>,
}

/// Something is not as it was written, or as it was promised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// In whose log.
    pub tenant: Option<TenantId>,
    /// At which entry of it.
    pub index: Option<u64>,
    /// In which group.
    pub at: Option<Position>,
    /// In which file of the data folder.
    pub file: Option<PathBuf>,
    /// What is wrong, in a sentence without an end.
    pub why: String,
}

/// It could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The verifier key cannot be read.
    #[error("`{0}` holds no verifier key; is this the data folder?")]
    NoKey(PathBuf),
    /// No key is known and none lies there.
    #[error("which key signs is not known: give it with --key, as the provider's page of checkpoints shows it")]
    KeyNeeded,
    /// The file of seen checkpoints is not one.
    #[error("`{0}` is not a file of seen checkpoints; remove it to begin anew")]
    NoSeen(PathBuf),
    /// The system refused.
    #[error("reading `{0}` failed: {1}")]
    Io(PathBuf, io::Error),
}

/// Checks the journal and the logs in the data folder `data`.
///
/// # Errors
/// [`VerifyError`] when nothing can be said. That something is wrong is no error but [`Report::fault`].
pub fn verify(data: &Path, knowledge: &Knowledge) -> Result<Report, VerifyError> {
    let journal = data.join("journal");
    let key_file = journal.join(VERIFIER_KEY_FILE);
    let found = fs::read_to_string(&key_file)
        .ok()
        .and_then(|text| text.strip_suffix('\n').unwrap_or(&text).parse::<VerifierKey>().ok());
    let key = found.clone().or_else(|| knowledge.key.clone()).ok_or(VerifyError::NoKey(key_file))?;
    let seen = match &knowledge.seen {
        Some(file) => Seen::read(file).map_err(|_| VerifyError::NoSeen(file.clone()))?,
        None => None,
    };
    let believed = knowledge.key.is_none() && seen.is_none();
    let report = Report { key_believed: believed, ..Report::default() };
    let covered = crate::covered(&journal, &crate::RealDisk)
        .map_err(|error| VerifyError::Io(journal.join(crate::COVERED), error))?;
    let mut check = Check { data, key, report, covered, logs: BTreeMap::new() };
    let outcome = check.all(&journal, knowledge, seen.as_ref());
    match outcome {
        Ok(checkpoints) => {
            if let Some(file) = &knowledge.seen {
                let new = Seen::of(&check.key, &checkpoints, seen.as_ref());
                new.write(file).map_err(|error| VerifyError::Io(file.clone(), error))?;
            }
        }
        Err(Stop::Fault(fault)) => check.report.fault = Some(fault),
        Err(Stop::Io(file, error)) => return Err(VerifyError::Io(file, error)),
    }
    Ok(check.report)
}

struct Check<'a> {
    data: &'a Path,
    key: VerifierKey,
    report: Report,
    /// Up to where operations may have been taken out.
    covered: Option<Position>,
    logs: BTreeMap<TenantId, Log>,
}

enum Stop {
    Fault(Fault),
    Io(PathBuf, io::Error),
}

/// A checkpoint on the disk, its signature checked.
#[derive(Clone)]
pub(crate) struct Published {
    pub tenant: TenantId,
    pub size: u64,
    pub root: Hash,
}

impl Check<'_> {
    fn all(&mut self, journal: &Path, knowledge: &Knowledge, seen: Option<&Seen>) -> Result<Vec<Published>, Stop> {
        let expected = knowledge.key.as_ref().or(seen.map(|seen| &seen.key));
        if expected.is_some_and(|expected| *expected != self.key) {
            let file = Some(Path::new("journal").join(VERIFIER_KEY_FILE));
            return Err(Stop::Fault(Fault {
                file,
                why: "this is another key than the one you know".to_owned(),
                ..Fault::default()
            }));
        }
        // Checkpoints before the journal: then the journal holds at least what they cover, whoever writes meanwhile.
        let published = self.checkpoints()?;
        let scanned = scan(journal, &mut |at, entries| {
            entries
                .iter()
                .try_for_each(|entry| self.entry(at, entry))
                .map_err(|fault| OpenError::Visit(Box::new(fault)))
        });
        let scanned = scanned.map_err(|error| match error {
            OpenError::Damage(damage) => {
                Stop::Fault(Fault { at: Some(damage.at), why: damage.kind.to_string(), ..Fault::default() })
            }
            OpenError::Io(error) => Stop::Io(journal.to_owned(), error),
            OpenError::Visit(fault) => match fault.downcast::<Fault>() {
                Ok(fault) => Stop::Fault(*fault),
                Err(other) => Stop::Io(journal.to_owned(), io::Error::other(other)),
            },
        })?;
        (self.report.segments, self.report.groups) = (scanned.segments, scanned.groups);
        self.report.unfinished = scanned.unfinished;
        self.report.logs = self.logs.len() as u64;
        for checkpoint in &published {
            self.root(checkpoint)?;
        }
        for checkpoint in &published {
            self.tiles(checkpoint)?;
        }
        let covered: u64 = published.iter().map(|checkpoint| checkpoint.size).sum();
        self.report.uncovered = self.report.entries.saturating_sub(covered);
        if let Some(seen) = seen {
            self.continues(seen)?;
        }
        for (file, checkpoint) in read_kept(knowledge, &self.key).map_err(Stop::Fault)? {
            self.kept(file, &checkpoint)?;
        }
        Ok(published)
    }

    /// Reads and checks the signature of every checkpoint.
    fn checkpoints(&self) -> Result<Vec<Published>, Stop> {
        let logs = self.data.join("logs");
        let stop = |error| Stop::Io(logs.clone(), error);
        let folders = match fs::read_dir(&logs) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            folders => folders.map_err(stop)?,
        };
        let mut published = Vec::new();
        for folder in folders {
            let folder = folder.map_err(stop)?.path();
            let Some(tenant) = folder.file_name().and_then(|name| name.to_str()?.parse().ok()) else { continue };
            let file = folder.join("checkpoint");
            let note = match fs::read_to_string(&file) {
                // The first publishing has not come yet.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                note => note.map_err(|error| Stop::Io(file.clone(), error))?,
            };
            let fault = |why: String| {
                Stop::Fault(Fault { tenant: Some(tenant), file: Some(self.short(&file)), why, ..Fault::default() })
            };
            let checkpoint = Checkpoint::open(&note, &self.key).map_err(|error| fault(error.to_string()))?;
            if checkpoint.origin != origin(self.key.name(), &tenant) {
                return Err(fault("the checkpoint is of another log".to_owned()));
            }
            published.push(Published { tenant, size: checkpoint.size, root: checkpoint.root });
        }
        published.sort_unstable_by_key(|checkpoint| checkpoint.tenant);
        Ok(published)
    }

    fn entry(&mut self, at: Position, entry: &Entry) -> Result<(), Fault> {
        let fault = |why: &str| Fault {
            tenant: Some(entry.tenant),
            index: Some(entry.index),
            at: Some(at),
            why: why.to_owned(),
            ..Fault::default()
        };
        let log = self.logs.entry(entry.tenant).or_default();
        if entry.index != log.size() {
            return Err(fault(&format!("entry {} was expected", log.size())));
        }
        if log.last.is_some_and(|last| entry.leaf.time < last) {
            return Err(fault("its time lies before that of the entry before it"));
        }
        log.last = Some(entry.leaf.time);
        log.push(entry.leaf.hash());
        match (&entry.salt, &entry.detail) {
            (Some(salt), Some(detail)) if entry.leaf.kind == EntryKind::Heads => {
                if entry.tenant != TenantId::INSTALLATION || entry.redo.is_some() {
                    return Err(fault("heads stand in the installation's log alone, without a redo part"));
                }
                let heads = Heads::decode(detail).map_err(|error| fault(&error.to_string()))?;
                if heads.commitment(salt) != entry.leaf.commitment {
                    return Err(fault("the heads are not those that the leaf commits to"));
                }
                for head in &heads.heads {
                    if self.logs.get(&head.tenant).unwrap_or(&Log::default()).root(head.size) != Some(head.root) {
                        return Err(fault(&format!("it names a head of log {} which that log never had", head.tenant)));
                    }
                }
                self.report.heads += heads.heads.len() as u64;
                self.report.details += 1;
            }
            (Some(salt), Some(detail)) => {
                if commitment(salt, detail) != entry.leaf.commitment {
                    return Err(fault("the detail is not the one that the leaf commits to"));
                }
                let detail = Detail::decode(detail).map_err(|error| fault(&error.to_string()))?;
                if (detail.outcome == Outcome::Refused) != (entry.leaf.kind == EntryKind::Refusal) {
                    return Err(fault("leaf and detail disagree whether it was refused"));
                }
                let extra =
                    entry.redo.as_deref().map(Extra::decode).transpose().map_err(|error| fault(&error.to_string()))?;
                if detail.redo_hash != entry.redo.as_deref().map(|redo| redo_hash(salt, redo)) {
                    // Operations that a snapshot covers are taken out; the lists, which the detail names by a hash of their own, stay.
                    let covered = self.covered.is_some_and(|covered| at <= covered);
                    let stripped = covered && extra.as_ref().is_none_or(|extra| extra.operations.is_none());
                    if detail.redo_hash.is_none() || !stripped {
                        return Err(fault("the redo part is not the one that the detail names"));
                    }
                    self.report.stripped += 1;
                }
                if !detail.fits(&extra.and_then(|extra| extra.lists).unwrap_or_default()) {
                    return Err(fault("the lists of persons and records are not those that the detail names"));
                }
                self.report.details += 1;
            }
            (None, None) if entry.redo.is_none() => self.report.purged += 1,
            _ => return Err(fault("salt, detail and redo part are purged together or not at all")),
        }
        self.report.entries += 1;
        self.report.kinds[entry.leaf.kind as usize - 1] += 1;
        Ok(())
    }

    /// The root at the checkpoint's size is the one that the checkpoint states.
    fn root(&mut self, checkpoint: &Published) -> Result<(), Stop> {
        let none = Log::default();
        let log = self.logs.get(&checkpoint.tenant).unwrap_or(&none);
        let fault = |why| Stop::Fault(Fault { tenant: Some(checkpoint.tenant), why, ..Fault::default() });
        match log.root(checkpoint.size) {
            Some(root) if root == checkpoint.root => {}
            Some(_) => {
                return Err(fault(format!(
                    "its first {} entries are not those that its checkpoint was signed for",
                    checkpoint.size
                )));
            }
            None => {
                return Err(fault(format!(
                    "its checkpoint was signed for {} entries, but the journal holds {}",
                    checkpoint.size,
                    log.size()
                )));
            }
        }
        self.report.checkpoints += 1;
        Ok(())
    }

    /// The published tiles and bundles are what the entries make them.
    fn tiles(&mut self, checkpoint: &Published) -> Result<(), Stop> {
        let dir = self.data.join("logs").join(checkpoint.tenant.to_string());
        let reader = TileReader::at(&dir, checkpoint.size);
        let Some(log) = self.logs.get(&checkpoint.tenant) else { return Ok(()) };
        let file = Some(self.short(&dir));
        let fault = |why: String| Stop::Fault(Fault { tenant: Some(checkpoint.tenant), file, why, ..Fault::default() });
        let mut checked = 0;
        let outcome = log.compare(&reader, &mut checked);
        self.report.tiles += checked;
        match outcome {
            Ok(None) => Ok(()),
            Ok(Some(why)) => Err(fault(why)),
            Err(TilesError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
                // A partial tile goes when the log has grown. Then there is a newer checkpoint.
                match TileReader::open(&dir) {
                    Ok(Some(now)) if now.size() > checkpoint.size => {
                        self.report.moved_on += 1;
                        Ok(())
                    }
                    _ => Err(fault("a tile or bundle is missing".to_owned())),
                }
            }
            Err(TilesError::Io(error)) => Err(Stop::Io(dir, error)),
            Err(damaged) => Err(fault(damaged.to_string())),
        }
    }

    /// Every log continues the checkpoint of it that was seen the last time.
    fn continues(&mut self, seen: &Seen) -> Result<(), Stop> {
        let none = Log::default();
        for (tenant, size, root) in &seen.heads {
            let log = self.logs.get(tenant).unwrap_or(&none);
            let why = match log.root(*size) {
                Some(now) if now == *root => continue,
                Some(_) => format!("its first {size} entries are not those that you saw the last time"),
                None => format!("you saw {size} entries the last time, and now it has {}", log.size()),
            };
            return Err(Stop::Fault(Fault { tenant: Some(*tenant), why, ..Fault::default() }));
        }
        self.report.continued = Some(seen.heads.len() as u64);
        Ok(())
    }

    /// A checkpoint that was kept is one that its log had.
    fn kept(&mut self, file: PathBuf, checkpoint: &Checkpoint) -> Result<(), Stop> {
        let tenant = tenant_of(checkpoint, &self.key).ok();
        let none = Log::default();
        let log = tenant.and_then(|tenant| self.logs.get(&tenant)).unwrap_or(&none);
        let why = match log.root(checkpoint.size) {
            Some(root) if root == checkpoint.root => {
                self.report.kept += 1;
                return Ok(());
            }
            Some(_) => format!("its first {} entries are not those of the checkpoint that you kept", checkpoint.size),
            None => {
                format!("the checkpoint that you kept has {} entries, and now it has {}", checkpoint.size, log.size())
            }
        };
        Err(Stop::Fault(Fault { tenant, file: Some(file), why, ..Fault::default() }))
    }

    /// A path as seen from the data folder.
    fn short(&self, path: &Path) -> PathBuf {
        path.strip_prefix(self.data).unwrap_or(path).to_owned()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut places = Vec::new();
        places.extend(self.index.map(|index| format!("entry {index}")));
        places.extend(self.tenant.map(|tenant| format!("log {tenant}")));
        places.extend(self.at.map(|at| at.to_string()));
        places.extend(self.file.as_ref().map(|file| file.display().to_string()));
        if places.is_empty() {
            return f.write_str(&self.why);
        }
        write!(f, "{}: {}", places.join(", "), self.why)
    }
}

impl std::error::Error for Fault {}

/// The checkpoints that were kept, signed by the key.
pub(crate) fn read_kept(knowledge: &Knowledge, key: &VerifierKey) -> Result<Vec<(PathBuf, Checkpoint)>, Fault> {
    let read = |file: &PathBuf| {
        let fault = |why: String| Fault { file: Some(file.clone()), why, ..Fault::default() };
        let note = fs::read_to_string(file).map_err(|error| fault(error.to_string()))?;
        let checkpoint = Checkpoint::open(&note, key).map_err(|error| fault(error.to_string()))?;
        Ok((file.clone(), checkpoint))
    };
    knowledge.kept.iter().map(read).collect()
}

/// One log, made again from its entries: every complete node of its tree.
#[derive(Default)]
pub(crate) struct Log {
    levels: Vec<Vec<Hash>>,
    last: Option<Instant>,
}

impl Log {
    fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let nodes = &mut self.levels[level];
            nodes.push(node);
            match nodes.as_slice() {
                [.., left, right] if nodes.len().is_multiple_of(2) => node = node_hash(left, right),
                _ => return,
            }
        }
    }

    /// The root when the log had `size` entries; `None` when it never had so many.
    pub fn root(&self, size: u64) -> Option<Hash> {
        let node = |level: u32, index: u64| self.levels.get(level as usize)?.get(index as usize).copied();
        stored_root(size, &mut |level, index| node(level, index).ok_or(())).ok()
    }

    /// The nodes that a tile holds.
    pub fn level(&self, tile_level: u32, number: u64, width: u64) -> &[Hash] {
        let nodes = self.levels.get(8 * tile_level as usize).map_or(&[][..], Vec::as_slice);
        let first = (number * TILE_WIDTH) as usize;
        nodes.get(first..first + width as usize).unwrap_or_default()
    }

    /// Compares with what is published; gives what differs first.
    fn compare(&self, reader: &TileReader, checked: &mut u64) -> Result<Option<String>, TilesError> {
        let size = reader.size();
        for (level, nodes) in self.levels.iter().step_by(8).enumerate() {
            let Some(width) = size.checked_shr(8 * level as u32).filter(|width| *width > 0) else { break };
            for (number, expected) in nodes[..width as usize].chunks(TILE_WIDTH as usize).enumerate() {
                if reader.tile(level as u32, number as u64)? != expected {
                    return Ok(Some(format!("tile {number} of level {level} is not what the entries make it")));
                }
                *checked += 1;
            }
        }
        let leaves = self.levels.first().map_or(&[][..], |leaves| &leaves[..size as usize]);
        for (number, expected) in leaves.chunks(TILE_WIDTH as usize).enumerate() {
            let bundle = reader.bundle(number as u64)?;
            if !bundle.iter().map(crate::Leaf::hash).eq(expected.iter().copied()) {
                return Ok(Some(format!("bundle {number} does not hold the leaves of the entries")));
            }
            *checked += 1;
        }
        Ok(None)
    }
}
