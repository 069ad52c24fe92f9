//! Checking what somebody was given who has no journal: a published log (tiles and checkpoint), at an address or in a folder,
//! proofs of single entries, and checkpoints that were kept. No key of anybody's data is needed, and none helps.
//!
//! What it cannot say: whether details that were not opened are what they should be, and whether entries were never made.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use terms::{Hash, Instant, TenantId};

use crate::checkpoint::{Checkpoint, VERIFIER_KEY_FILE, VerifierKey};
use crate::proof::{Proof, tenant_of};
use crate::seen::Seen;
use crate::tiles::{TILE_WIDTH, bundle_path, read_bundle, tile_path};
use crate::verify::{Fault, Knowledge, Log, Published, Report, VerifyError, read_kept};

/// Times that a log is read again because it grew meanwhile and a partial tile was replaced.
const MAX_AGAIN: usize = 5;

/// Where a published log lies: files by their C2SP names.
pub trait Source {
    /// The bytes of a file such as `checkpoint` or `tile/0/000`.
    ///
    /// # Errors
    /// `NotFound` when there is no such file; otherwise as the world says.
    fn get(&self, path: &str) -> io::Result<Vec<u8>>;
    /// Its name, for people.
    fn name(&self) -> String;
}

/// A folder with `checkpoint` and `tile`.
pub struct FolderSource(pub PathBuf);

impl Source for FolderSource {
    fn get(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn name(&self) -> String {
        self.0.display().to_string()
    }
}

/// What somebody was given.
#[derive(Default)]
pub struct Given {
    /// Published logs.
    pub logs: Vec<Box<dyn Source>>,
    /// Files with proofs of entries.
    pub proofs: Vec<PathBuf>,
    /// The provider's key, as it lies beside them; believed only where none is known.
    pub key: Option<VerifierKey>,
}

impl Given {
    /// Finds logs, proofs and the key in a folder: a log's own, or one that holds several, as a stick does.
    ///
    /// # Errors
    /// As the system says.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        let mut given = Self::default();
        let mut wait = vec![(folder.to_owned(), 0)];
        while let Some((dir, depth)) = wait.pop() {
            if dir.join("checkpoint").is_file() {
                given.logs.push(Box::new(FolderSource(dir.clone())));
            }
            let key =
                fs::read_to_string(dir.join(VERIFIER_KEY_FILE)).ok().and_then(|text| text.trim_end().parse().ok());
            given.key = given.key.or(key);
            let mut paths: Vec<PathBuf> = fs::read_dir(&dir)?.filter_map(|one| Some(one.ok()?.path())).collect();
            paths.sort_unstable();
            for path in paths {
                if path.extension().is_some_and(|ending| ending == "tlog-proof") {
                    given.proofs.push(path);
                } else if depth < 3 && path.is_dir() && path.file_name().is_none_or(|name| name != "tile") {
                    wait.push((path, depth + 1));
                }
            }
        }
        Ok(given)
    }
}

/// Checks what was given. The report's `proved` says what each proof shows.
///
/// # Errors
/// [`VerifyError`] when nothing can be said. That something is wrong is no error but [`Report::fault`].
pub fn verify_given(given: &Given, knowledge: &Knowledge) -> Result<Report, VerifyError> {
    let seen = match &knowledge.seen {
        Some(file) => Seen::read(file).map_err(|_| VerifyError::NoSeen(file.clone()))?,
        None => None,
    };
    let known = knowledge.key.as_ref().or(seen.as_ref().map(|seen| &seen.key));
    let key = known.or(given.key.as_ref()).cloned().ok_or(VerifyError::KeyNeeded)?;
    let mut report = Report { outside: true, key_believed: known.is_none(), ..Report::default() };
    if given.key.as_ref().is_some_and(|beside| *beside != key) {
        let why = "the key beside it is another than the one you know".to_owned();
        report.fault = Some(Fault { file: Some(VERIFIER_KEY_FILE.into()), why, ..Fault::default() });
        return Ok(report);
    }
    let mut check = Check { key: &key, report, logs: Vec::new() };
    match check.all(given, knowledge, seen.as_ref()) {
        Ok(()) => {
            let lone = given.logs.is_empty();
            if let Some(file) = knowledge.seen.as_ref().filter(|_| !lone) {
                let published: Vec<Published> = check.logs.iter().map(|(published, _)| published.clone()).collect();
                let new = Seen::of(&key, &published, seen.as_ref());
                new.write(file).map_err(|error| VerifyError::Io(file.clone(), error))?;
            }
        }
        Err(Stop::Fault(fault)) => check.report.fault = Some(*fault),
        Err(Stop::Io(place, error)) => return Err(VerifyError::Io(place.into(), error)),
    }
    Ok(check.report)
}

enum Stop {
    Fault(Box<Fault>),
    Io(String, io::Error),
}

fn fault(fault: Fault) -> Stop {
    Stop::Fault(Box::new(fault))
}

struct Check<'a> {
    key: &'a VerifierKey,
    report: Report,
    logs: Vec<(Published, Log)>,
}

impl Check<'_> {
    fn all(&mut self, given: &Given, knowledge: &Knowledge, seen: Option<&Seen>) -> Result<(), Stop> {
        for source in &given.logs {
            let log = self.log(&**source)?;
            self.logs.push(log);
        }
        for file in &given.proofs {
            self.proof(file)?;
        }
        for (file, checkpoint) in read_kept(knowledge, self.key).map_err(|fault| Stop::Fault(Box::new(fault)))? {
            let tenant = tenant_of(&checkpoint, self.key).ok();
            self.report.kept += self
                .fits(tenant, checkpoint.size, &checkpoint.root, "that you kept")
                .map_err(|why| fault(Fault { tenant, file: Some(file), why, ..Fault::default() }))?;
        }
        if let Some(seen) = seen {
            let mut continued = 0;
            for (tenant, size, root) in &seen.heads {
                continued += self
                    .fits(Some(*tenant), *size, root, "that you saw the last time")
                    .map_err(|why| fault(Fault { tenant: Some(*tenant), why, ..Fault::default() }))?;
            }
            self.report.continued = Some(continued);
        }
        Ok(())
    }

    /// Whether a head is one of the log's that was given, or of a proof's; how many it could be compared with.
    fn fits(&mut self, tenant: Option<TenantId>, size: u64, root: &Hash, which: &str) -> Result<u64, String> {
        let mut compared = 0;
        for (published, log) in self.logs.iter().filter(|(published, _)| Some(published.tenant) == tenant) {
            match log.root(size).filter(|_| size <= published.size) {
                Some(now) if now == *root => compared = 1,
                Some(_) => return Err(format!("its first {size} entries are not those of the checkpoint {which}")),
                None => {
                    return Err(format!(
                        "the checkpoint {which} has {size} entries, and now it has {}",
                        published.size
                    ));
                }
            }
        }
        for proved in self.report.proved.iter().filter(|one| Some(one.tenant) == tenant && one.size == size) {
            if proved.root != *root {
                return Err(format!("a proof rests on other {size} entries than the checkpoint {which}"));
            }
            compared = 1;
        }
        Ok(compared)
    }

    /// Reads a whole log and makes its tree again.
    fn log(&mut self, source: &dyn Source) -> Result<(Published, Log), Stop> {
        let mut again = 0;
        loop {
            let note = source.get("checkpoint").map_err(|error| Stop::Io(source.name(), error))?;
            let wrong = |why: String| fault(Fault { file: Some(source.name().into()), why, ..Fault::default() });
            let note = String::from_utf8(note).map_err(|_| wrong("the checkpoint is no text".to_owned()))?;
            let checkpoint = Checkpoint::open(&note, self.key).map_err(|error| wrong(error.to_string()))?;
            let tenant = tenant_of(&checkpoint, self.key).map_err(|error| wrong(error.to_string()))?;
            match self.log_at(source, tenant, &checkpoint) {
                Err(Stop::Io(_, error)) if error.kind() == io::ErrorKind::NotFound && again < MAX_AGAIN => {
                    // A partial tile goes when the log has grown; then there is a newer checkpoint.
                    let grown = source.get("checkpoint").is_ok_and(|now| now != note.as_bytes());
                    if !grown {
                        let why = "a tile or bundle is missing".to_owned();
                        return Err(fault(Fault { tenant: Some(tenant), why, ..Fault::default() }));
                    }
                    again += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn log_at(
        &mut self,
        source: &dyn Source,
        tenant: TenantId,
        checkpoint: &Checkpoint,
    ) -> Result<(Published, Log), Stop> {
        let size = checkpoint.size;
        let file = |path: PathBuf| -> Result<Vec<u8>, Stop> {
            let path = path.to_string_lossy().into_owned();
            source.get(&path).map_err(|error| Stop::Io(format!("{}/{path}", source.name()), error))
        };
        let mut log = Log::default();
        let mut last = Instant(i64::MIN);
        let mut kinds = [0; 4];
        for number in 0..size.div_ceil(TILE_WIDTH) {
            let width = (size - number * TILE_WIDTH).min(TILE_WIDTH);
            let wrong = |index: u64, why: &str| {
                fault(Fault { tenant: Some(tenant), index: Some(index), why: why.to_owned(), ..Fault::default() })
            };
            let first = number * TILE_WIDTH;
            let leaves = read_bundle(&file(bundle_path(Path::new(""), number, width))?)
                .map_err(|error| wrong(first, &error.to_string()))?;
            if leaves.len() as u64 != width {
                return Err(wrong(first, "the bundle has another number of leaves than its name says"));
            }
            for (index, leaf) in (first..).zip(&leaves) {
                if leaf.time < last {
                    return Err(wrong(index, "its time lies before that of the entry before it"));
                }
                last = leaf.time;
                kinds[leaf.kind as usize - 1] += 1;
                log.push(leaf.hash());
            }
            let expected = log.level(0, number, width);
            let tile = file(tile_path(Path::new(""), 0, number, width))?;
            if !same(&tile, expected) {
                // The first leaf that its tile does not have: which of the two is wrong, the root tells below.
                let place = tile.chunks(32).zip(expected).position(|(one, other)| one != other.bytes());
                return Err(wrong(first + place.unwrap_or(0) as u64, "tile and bundle disagree about this entry"));
            }
            self.report.tiles += 2;
        }
        if log.root(size) != Some(checkpoint.root) {
            let why = format!("its {size} entries are not those that its checkpoint was signed for");
            return Err(fault(Fault { tenant: Some(tenant), why, ..Fault::default() }));
        }
        for level in (1..8).take_while(|level| size >> (8 * level) > 0) {
            let all = size >> (8 * level);
            for number in 0..all.div_ceil(TILE_WIDTH) {
                let width = (all - number * TILE_WIDTH).min(TILE_WIDTH);
                if !same(&file(tile_path(Path::new(""), level, number, width))?, log.level(level, number, width)) {
                    let why = format!("tile {number} of level {level} is not what the entries make it");
                    return Err(fault(Fault { tenant: Some(tenant), why, ..Fault::default() }));
                }
                self.report.tiles += 1;
            }
        }
        self.report.entries += size;
        self.report.kinds.iter_mut().zip(kinds).for_each(|(all, one)| *all += one);
        self.report.logs += 1;
        self.report.checkpoints += 1;
        Ok((Published { tenant, size, root: checkpoint.root }, log))
    }

    fn proof(&mut self, file: &Path) -> Result<(), Stop> {
        let bytes = fs::read(file).map_err(|error| Stop::Io(file.display().to_string(), error))?;
        let wrong = |why: String| fault(Fault { file: Some(file.to_owned()), why, ..Fault::default() });
        let text = String::from_utf8(bytes).map_err(|_| wrong("it is no text".to_owned()))?;
        let proof = Proof::decode(&text).map_err(|error| wrong(error.to_string()))?;
        let proved = proof.verify(self.key).map_err(|error| wrong(error.to_string()))?;
        if self.logs.iter().any(|(one, _)| one.tenant == proved.tenant && one.size >= proved.size) {
            self.fits(Some(proved.tenant), proved.size, &proved.root, "in it").map_err(wrong)?;
        }
        self.report.proved.push(proved);
        Ok(())
    }
}

fn same(tile: &[u8], hashes: &[Hash]) -> bool {
    tile.len() == hashes.len() * 32 && tile.chunks(32).zip(hashes).all(|(one, hash)| one == hash.bytes())
}
