//! A tenant's log as files that anybody can read: C2SP `tlog-tiles` with tiles of height 8.
//!
//! All of it is derived from the journal. So it is written without a sync for each file, and what was written since all of it
//! was last durable is written again after a start; who finds more missing or damaged begins anew with every leaf.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use terms::Hash;

use crate::checkpoint::{Checkpoint, SigningKey};
use crate::entry::LEAF_BYTES;
use crate::{Frontier, Leaf, Unsynced, consistency_proof, inclusion_proof, node_hash, stored_root};

/// Hashes in a full tile, leaves in a full bundle.
pub(crate) const TILE_WIDTH: u64 = 256;
const TILE_HEIGHT: u32 = 8;
/// Tiles of 2^64 leaves have this many levels.
const MAX_TILE_LEVELS: u32 = 8;
const CHECKPOINT_FILE: &str = "checkpoint";

/// Writes one tenant's log.
pub struct TileWriter {
    dir: PathBuf,
    frontier: Frontier,
    /// Size and root of the checkpoint on the disk, where this writer knows that it is the right one.
    published: Option<(u64, Hash)>,
    /// What the checkpoint was signed for that was found on the disk, as long as the log is not as long again.
    claimed: Option<(u64, Hash)>,
    /// Whether the leaves are others than the checkpoint was signed for that was found.
    forked: bool,
    damaged: bool,
    /// Per level the tile that is being filled: fewer than [`TILE_WIDTH`] hashes.
    levels: Vec<Vec<Hash>>,
    bundle: Vec<u8>,
    /// Full tiles and bundles that wait for the next publishing.
    full: Vec<(PathBuf, Vec<u8>)>,
    /// Partial tiles of earlier checkpoints. They are removed one publishing late, for who is just reading them.
    superseded: Vec<PathBuf>,
    current: Vec<PathBuf>,
    /// Partial tiles that a start after a power loss reads: of what was last [settled](TileWriter::settled).
    kept: Vec<PathBuf>,
    /// Files and directories that were written since, and may be lost with the power.
    unsynced: Unsynced,
}

/// Reads one tenant's log at one size.
#[derive(Debug, Clone)]
pub struct TileReader {
    dir: PathBuf,
    size: u64,
}

/// Tiles cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TilesError {
    /// The system refused.
    #[error("reading or writing tiles failed: {0}")]
    Io(#[from] io::Error),
    /// A file is not what a tile, bundle or checkpoint is.
    #[error("the log is damaged: {0}")]
    Damaged(&'static str),
}

impl TileWriter {
    /// Begins the log in `dir` (which is made when missing) at size 0: it is to be given every leaf.
    ///
    /// # Errors
    /// As the system says.
    pub fn begin(dir: &Path) -> Result<Self, TilesError> {
        let mut unsynced = Unsynced::default();
        unsynced.make_dir(dir)?;
        let claimed = match TileReader::open(dir) {
            Ok(found) => found.map(|reader| reader.checkpoint()).transpose().unwrap_or_default(),
            // One that a power loss left unfinished. It is written again.
            Err(TilesError::Damaged(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            dir: dir.to_owned(),
            frontier: Frontier::default(),
            published: None,
            claimed: claimed.map(|checkpoint| (checkpoint.size, checkpoint.root)),
            forked: false,
            damaged: false,
            levels: Vec::new(),
            bundle: Vec::new(),
            full: Vec::new(),
            superseded: Vec::new(),
            current: Vec::new(),
            kept: Vec::new(),
            unsynced,
        })
    }

    /// Opens the log in `dir` as it was when it had `size` leaves with `root` and everything of it was durable. What lies there
    /// beyond is written again. Where the tiles do not bear that out, it begins anew; then [`TileWriter::found_damage`] tells.
    ///
    /// # Errors
    /// As the system says.
    pub fn open(dir: &Path, size: u64, root: Hash) -> Result<Self, TilesError> {
        let new = Self::begin(dir)?;
        if size == 0 {
            return Ok(new);
        }
        match new.load(size, root) {
            Ok(loaded) => Ok(loaded),
            Err(TilesError::Io(error)) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Err(_) => Ok(Self { damaged: true, ..new }),
        }
    }

    /// How many leaves were appended; the next one must be the entry with this index.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Size and root of the last checkpoint that was written; `None` before the first.
    #[must_use]
    pub const fn published(&self) -> Option<(u64, Hash)> {
        self.published
    }

    /// The root over the leaves that were appended.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Whether the tiles were not what they had been when all was durable.
    #[must_use]
    pub const fn found_damage(&self) -> bool {
        self.damaged
    }

    /// For how many entries the checkpoint that was found was signed, where it was signed for others or more than were appended.
    #[must_use]
    pub fn signed_for_others(&self) -> Option<u64> {
        self.claimed.map(|(size, _)| size).or_else(|| self.forked.then_some(self.frontier.size()))
    }

    /// Appends the leaf of a durable entry. Nothing is written before [`TileWriter::publish`].
    pub fn append(&mut self, leaf: &Leaf) {
        let bytes = leaf.encode();
        let index = self.frontier.size();
        self.bundle.extend_from_slice(&(LEAF_BYTES as u16).to_be_bytes());
        self.bundle.extend_from_slice(&bytes);
        if (index + 1).is_multiple_of(TILE_WIDTH) {
            let path = bundle_path(&self.dir, index / TILE_WIDTH, TILE_WIDTH);
            self.full.push((path, core::mem::take(&mut self.bundle)));
        }
        let mut hash = leaf.hash();
        self.frontier.push(hash);
        self.meet_claim();
        for level in 0..MAX_TILE_LEVELS {
            let at = level as usize;
            if self.levels.len() <= at {
                self.levels.push(Vec::new());
            }
            self.levels[at].push(hash);
            if self.levels[at].len() < TILE_WIDTH as usize {
                break;
            }
            let tile = core::mem::take(&mut self.levels[at]);
            let number = index >> (TILE_HEIGHT * (level + 1));
            self.full.push((tile_path(&self.dir, level, number, TILE_WIDTH), join(&tile)));
            hash = perfect_root(&tile);
        }
    }

    /// Writes tiles and bundles, then the signed checkpoint: whoever reads the checkpoint finds its tiles. `None` when there is
    /// nothing new. All of it may be lost with the power until it is [settled](TileWriter::settled).
    ///
    /// # Errors
    /// As the system says; the checkpoint on the disk is then the old one, and publishing can be tried again. Or the checkpoint
    /// on the disk was signed for leaves that this log has not, and it is left as it is.
    pub fn publish(&mut self, key: &SigningKey, origin: &str) -> Result<Option<Checkpoint>, TilesError> {
        let size = self.frontier.size();
        if size == self.published.map_or(0, |(size, _)| size) {
            return Ok(None);
        }
        if self.forked || self.claimed.is_some() {
            return Err(TilesError::Damaged("its checkpoint was signed for entries that the journal does not hold"));
        }
        // What fails is written again as a whole the next time.
        for (path, bytes) in &self.full {
            self.unsynced.write(path, bytes)?;
        }
        let mut partial = Vec::new();
        if !self.bundle.is_empty() {
            partial.push((bundle_path(&self.dir, size / TILE_WIDTH, size % TILE_WIDTH), self.bundle.clone()));
        }
        for (level, hashes) in (0..MAX_TILE_LEVELS).zip(&self.levels).filter(|(_, hashes)| !hashes.is_empty()) {
            let path = tile_path(&self.dir, level, size >> (TILE_HEIGHT * (level + 1)), hashes.len() as u64);
            partial.push((path, join(hashes)));
        }
        // Where a higher tile did not grow, it lies there already.
        for (path, bytes) in partial.iter().filter(|(path, _)| !self.current.contains(path)) {
            self.unsynced.write(path, bytes)?;
        }
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root: self.frontier.root() };
        // If we die here, tiles beyond the old checkpoint lie about; the next start writes the same again.
        self.unsynced.put(&self.dir.join(CHECKPOINT_FILE), checkpoint.sign(key).as_bytes())?;
        self.published = Some((size, checkpoint.root));
        self.full.clear();
        self.retire(partial.into_iter().map(|(path, _)| path).collect());
        Ok(Some(checkpoint))
    }

    /// What may be lost with the power of that which was published. Who has made it durable tells [`TileWriter::settled`]; who
    /// could not, must not: what a failed sync left behind is not known, and the next start writes it again.
    pub fn unsynced(&mut self) -> Unsynced {
        core::mem::take(&mut self.unsynced)
    }

    /// What was published is durable, and it is noted elsewhere that a start takes the log up from there. Partial tiles of what
    /// was settled before can go.
    pub fn settled(&mut self) {
        let before = core::mem::replace(&mut self.kept, self.current.clone());
        self.superseded.extend(before.into_iter().filter(|path| !self.kept.contains(path)));
    }

    /// Removes the partial tiles of the checkpoints before last, as far as no newer checkpoint uses them and no start needs them.
    fn retire(&mut self, partial: Vec<PathBuf>) {
        let used = |path: &PathBuf| partial.contains(path) || self.current.contains(path) || self.kept.contains(path);
        for path in self.superseded.drain(..).filter(|path| !used(path)) {
            // A file that cannot be removed is only superfluous.
            fs::remove_file(&path).ok();
            path.parent().map(fs::remove_dir);
        }
        self.superseded = core::mem::replace(&mut self.current, partial);
        self.superseded.retain(|path| !self.kept.contains(path));
    }

    /// Whether the leaves are those that the checkpoint was signed for which was found, once there are as many.
    fn meet_claim(&mut self) {
        if let Some((size, root)) = self.claimed.filter(|(size, _)| *size <= self.frontier.size()) {
            self.forked = size == self.frontier.size() && root != self.frontier.root();
            self.claimed = None;
        }
    }

    fn load(&self, size: u64, root: Hash) -> Result<Self, TilesError> {
        let reader = TileReader::at(&self.dir, size);
        let frontier = Frontier::of(size, &mut |level, index| reader.node(level, index))?;
        if frontier.root() != root {
            return Err(TilesError::Damaged("the tiles have another root than was noted"));
        }
        let mut current = Vec::new();
        let mut levels = Vec::new();
        for level in (0..MAX_TILE_LEVELS).take_while(|level| size >> (TILE_HEIGHT * level) > 0) {
            let width = (size >> (TILE_HEIGHT * level)) % TILE_WIDTH;
            let number = (size >> (TILE_HEIGHT * level)) / TILE_WIDTH;
            levels.push(if width == 0 { Vec::new() } else { reader.tile(level, number)? });
            current.extend((width > 0).then(|| tile_path(&self.dir, level, number, width)));
        }
        let width = size % TILE_WIDTH;
        let bundle = if width == 0 { Vec::new() } else { fs::read(bundle_path(&self.dir, size / TILE_WIDTH, width))? };
        current.extend((width > 0).then(|| bundle_path(&self.dir, size / TILE_WIDTH, width)));
        if read_bundle(&bundle)?.len() as u64 != width {
            return Err(TilesError::Damaged("a bundle has another number of leaves than its name says"));
        }
        let mut loaded = Self {
            dir: self.dir.clone(),
            frontier,
            // Where another checkpoint lies there, or none, this one is to be written again.
            published: self.claimed.filter(|claimed| *claimed == (size, root)),
            claimed: self.claimed,
            forked: false,
            damaged: false,
            levels,
            bundle,
            full: Vec::new(),
            superseded: Vec::new(),
            kept: current.clone(),
            current,
            unsynced: Unsynced::default(),
        };
        loaded.meet_claim();
        Ok(loaded)
    }
}

impl TileReader {
    /// The log in `dir` at the size of its checkpoint; `None` when there is no checkpoint yet. Signatures are not checked here.
    ///
    /// # Errors
    /// As the system says, and when the checkpoint is malformed.
    pub fn open(dir: &Path) -> Result<Option<Self>, TilesError> {
        let mut reader = Self { dir: dir.to_owned(), size: 0 };
        match reader.checkpoint() {
            Ok(checkpoint) => {
                reader.size = checkpoint.size;
                Ok(Some(reader))
            }
            Err(TilesError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The log in `dir` at `size`.
    #[must_use]
    pub fn at(dir: &Path, size: u64) -> Self {
        Self { dir: dir.to_owned(), size }
    }

    /// How many leaves are seen.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The checkpoint as a signed note.
    ///
    /// # Errors
    /// As the system says.
    pub fn note(&self) -> Result<String, TilesError> {
        Ok(fs::read_to_string(self.dir.join(CHECKPOINT_FILE))?)
    }

    /// The root.
    ///
    /// # Errors
    /// [`TilesError`] when tiles are missing or damaged.
    pub fn root(&self) -> Result<Hash, TilesError> {
        stored_root(self.size, &mut |level, index| self.node(level, index))
    }

    /// Proof that leaf `index` is in the log.
    ///
    /// # Errors
    /// [`TilesError`] when there is no such leaf, or tiles are missing or damaged.
    pub fn inclusion(&self, index: u64) -> Result<Vec<Hash>, TilesError> {
        if index >= self.size {
            return Err(TilesError::Damaged("the log has no such leaf"));
        }
        inclusion_proof(index, self.size, &mut |level, index| self.node(level, index))
    }

    /// Proof that the log begins with the one of `old` leaves.
    ///
    /// # Errors
    /// [`TilesError`] when `old` is larger than the log, or tiles are missing or damaged.
    pub fn consistency(&self, old: u64) -> Result<Vec<Hash>, TilesError> {
        if old > self.size {
            return Err(TilesError::Damaged("the log is smaller than that"));
        }
        consistency_proof(old, self.size, &mut |level, index| self.node(level, index))
    }

    /// The root of the complete subtree of 2^`level` leaves with number `index`.
    ///
    /// # Errors
    /// [`TilesError`] when tiles are missing or damaged.
    pub fn node(&self, level: u32, index: u64) -> Result<Hash, TilesError> {
        let (tile_level, inner) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
        let first = index << inner;
        let tile = self.tile(tile_level, first / TILE_WIDTH)?;
        let start = (first % TILE_WIDTH) as usize;
        let hashes = tile.get(start..start + (1 << inner)).ok_or(TilesError::Damaged("a tile is too short"))?;
        Ok(perfect_root(hashes))
    }

    /// The hashes of one tile, as wide as the log's size makes it.
    pub(crate) fn tile(&self, level: u32, number: u64) -> Result<Vec<Hash>, TilesError> {
        let width = (self.size >> (TILE_HEIGHT * level)).saturating_sub(number * TILE_WIDTH).min(TILE_WIDTH);
        let bytes = fs::read(tile_path(&self.dir, level, number, width))?;
        let (hashes, over) = bytes.as_chunks();
        if !over.is_empty() || hashes.len() as u64 != width {
            return Err(TilesError::Damaged("a tile has another width than its name says"));
        }
        Ok(hashes.iter().map(|hash| Hash(*hash)).collect())
    }

    /// The newest leaf; none in an empty log.
    ///
    /// # Errors
    /// [`TilesError`] when its bundle is missing or damaged.
    pub fn last_leaf(&self) -> Result<Option<Leaf>, TilesError> {
        let Some(last) = self.size.checked_sub(1) else { return Ok(None) };
        Ok(self.bundle(last / TILE_WIDTH)?.pop())
    }

    /// The leaves of one bundle, as many as the log's size makes it hold.
    pub(crate) fn bundle(&self, number: u64) -> Result<Vec<Leaf>, TilesError> {
        let width = self.size.saturating_sub(number * TILE_WIDTH).min(TILE_WIDTH);
        let leaves = read_bundle(&fs::read(bundle_path(&self.dir, number, width))?)?;
        if leaves.len() as u64 == width {
            Ok(leaves)
        } else {
            Err(TilesError::Damaged("a bundle has another number of leaves than its name says"))
        }
    }

    /// The checkpoint, its signature not checked.
    ///
    /// # Errors
    /// As the system says, and when it is malformed.
    pub fn checkpoint(&self) -> Result<Checkpoint, TilesError> {
        Checkpoint::parse_unverified(&self.note()?).map_err(|_| TilesError::Damaged("the checkpoint is malformed"))
    }
}

pub(crate) fn read_bundle(bytes: &[u8]) -> Result<Vec<Leaf>, TilesError> {
    let mut leaves = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk() {
        let (leaf, after) = after
            .split_at_checked(usize::from(u16::from_be_bytes(*length)))
            .ok_or(TilesError::Damaged("a bundle is cut short"))?;
        leaves.push(Leaf::decode(leaf).map_err(|_| TilesError::Damaged("a bundle holds what is no leaf"))?);
        rest = after;
    }
    if rest.is_empty() { Ok(leaves) } else { Err(TilesError::Damaged("a bundle is cut short")) }
}

pub(crate) fn tile_path(dir: &Path, level: u32, number: u64, width: u64) -> PathBuf {
    numbered(dir.join("tile").join(level.to_string()), number, width)
}

pub(crate) fn bundle_path(dir: &Path, number: u64, width: u64) -> PathBuf {
    numbered(dir.join("tile").join("entries"), number, width)
}

/// `x001/x234/067`, with `.p/<width>` when it is not full.
fn numbered(mut path: PathBuf, number: u64, width: u64) -> PathBuf {
    let mut parts = vec![format!("{:03}", number % 1000)];
    let mut rest = number / 1000;
    while rest > 0 {
        parts.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    if let (Some(last), true) = (parts.first_mut(), width < TILE_WIDTH) {
        last.push_str(".p");
    }
    path.extend(parts.iter().rev());
    if width < TILE_WIDTH { path.join(width.to_string()) } else { path }
}

fn join(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.bytes()).collect()
}

/// The root over 2^n hashes, n at least 0.
fn perfect_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&perfect_root(left), &perfect_root(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use terms::Instant;

    use super::*;
    use crate::{EntryKind, verify_consistency, verify_inclusion};

    fn leaf(n: u64) -> Leaf {
        Leaf { kind: EntryKind::Act, time: Instant(n as i64), commitment: crate::leaf_hash(&n.to_be_bytes()) }
    }

    fn key() -> SigningKey {
        SigningKey::from_seed("betrodd/test", &[3; 32]).expect("a key")
    }

    #[test]
    fn a_log_that_grows_over_many_publishings_and_starts_proves_every_leaf() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut frontier = Frontier::default();
        let mut earlier: Vec<(u64, Hash)> = Vec::new();
        for (start, end) in [(0, 1), (1, 255), (255, 256), (256, 257), (257, 900), (900, 66_000), (66_000, 66_001)] {
            let mut writer = TileWriter::open(dir.path(), start, frontier.root()).expect("opens");
            assert_eq!((writer.size(), writer.found_damage()), (start, false));
            for n in start..end {
                writer.append(&leaf(n));
                frontier.push(leaf(n).hash());
            }
            let checkpoint = writer.publish(&key(), "betrodd/test/a").expect("publishes").expect("something new");
            assert_eq!((checkpoint.size, checkpoint.root), (end, frontier.root()));
            assert!(writer.publish(&key(), "betrodd/test/a").expect("publishes").is_none());
            writer.unsynced().sync(dir.path()).expect("synced");
            writer.settled();
            let reader = TileReader::open(dir.path()).expect("opens").expect("a checkpoint");
            assert_eq!(Checkpoint::open(&reader.note().expect("a note"), &key().verifier()), Ok(checkpoint.clone()));
            for index in [0, start, end / 2, end - 1] {
                let proof = reader.inclusion(index).expect("a proof");
                assert!(
                    verify_inclusion(&leaf(index).hash(), index, end, &proof, &checkpoint.root),
                    "{index} of {end}"
                );
            }
            for (old, root) in &earlier {
                let proof = reader.consistency(*old).expect("a proof");
                assert!(verify_consistency(*old, root, end, &checkpoint.root, &proof), "{old} in {end}");
            }
            earlier.push((end, checkpoint.root));
        }
        assert!(dir.path().join("tile/1/001.p/1").exists() && dir.path().join("tile/entries/257.p/209").exists());
    }

    #[test]
    fn superseded_partial_tiles_go_one_publishing_late() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut writer = TileWriter::begin(dir.path()).expect("opens");
        let exists = |width: u64| dir.path().join(format!("tile/0/000.p/{width}")).exists();
        for n in 0..3 {
            writer.append(&leaf(n));
            let _ = writer.publish(&key(), "betrodd/test/a").expect("publishes");
        }
        assert_eq!((exists(1), exists(2), exists(3)), (false, true, true));
    }

    #[test]
    fn a_log_with_a_damaged_tile_begins_anew() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut writer = TileWriter::begin(dir.path()).expect("opens");
        (0..300).for_each(|n| writer.append(&leaf(n)));
        let _ = writer.publish(&key(), "betrodd/test/a").expect("publishes");
        let tile = dir.path().join("tile/0/000");
        let mut bytes = fs::read(&tile).expect("a tile");
        bytes[77] ^= 1;
        fs::write(&tile, bytes).expect("writes");
        // The frontier of 300 leaves takes node (8, 0), which lies in the tile above; leaf hashes are checked by `verify`.
        fs::remove_file(dir.path().join("tile/1/000.p/1")).expect("removes");
        let writer = TileWriter::open(dir.path(), 300, writer.root()).expect("opens");
        assert_eq!((writer.size(), writer.found_damage()), (0, true));
    }

    /// Every file below `dir`.
    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
        }
        found.sort();
        found
    }

    #[test]
    fn whatever_a_power_loss_takes_of_what_was_not_settled_is_written_again() {
        // The widest of these leave no partial tile, or one that fills up afterwards.
        for settled in [1_u64, 255, 256, 300, 70_000] {
            let dir = tempfile::tempdir().expect("a folder");
            let mut writer = TileWriter::begin(dir.path()).expect("begins");
            let publish = |writer: &mut TileWriter| writer.publish(&key(), "betrodd/test/a").expect("publishes");
            (0..settled).for_each(|n| writer.append(&leaf(n)));
            let _ = publish(&mut writer);
            let root = writer.root();
            writer.unsynced().sync(dir.path()).expect("synced");
            writer.settled();
            let durable = files(dir.path());
            // Several publishings, so that partial tiles are superseded meanwhile.
            for end in [settled + 1, settled + 2, settled + 700, settled + 1000] {
                (writer.size()..end).for_each(|n| writer.append(&leaf(n)));
                let _ = publish(&mut writer);
            }
            let end = writer.size();
            let lost: Vec<PathBuf> = files(dir.path()).into_iter().filter(|file| !durable.contains(file)).collect();
            assert!(lost.len() > 4 && durable.iter().all(|file| file.exists()), "{settled}");
            for (nth, file) in lost.iter().enumerate() {
                match nth % 3 {
                    0 => fs::remove_file(file).expect("removed"),
                    1 => fs::write(file, b"").expect("emptied"),
                    _ => fs::write(file, vec![0; 8192]).expect("zeros"),
                }
            }
            for checkpoint in [None, Some(""), Some("half a li")] {
                let file = dir.path().join(CHECKPOINT_FILE);
                checkpoint.map_or_else(|| fs::remove_file(&file), |text| fs::write(&file, text)).expect("changed");
                // One start that dies before it publishes, and one that finds nothing new.
                drop(TileWriter::open(dir.path(), settled, root).expect("opens"));
                let mut writer = TileWriter::open(dir.path(), settled, root).expect("opens");
                assert_eq!((writer.size(), writer.found_damage()), (settled, false));
                assert_eq!(publish(&mut writer).map(|checkpoint| checkpoint.size), Some(settled));
            }
            let mut writer = TileWriter::open(dir.path(), settled, root).expect("opens");
            (settled..end).for_each(|n| writer.append(&leaf(n)));
            let checkpoint = publish(&mut writer).expect("something new");
            let reader = TileReader::open(dir.path()).expect("opens").expect("a checkpoint");
            assert_eq!((reader.size(), reader.root().expect("a root")), (end, checkpoint.root));
            for number in 0..end.div_ceil(TILE_WIDTH) {
                let first = number * TILE_WIDTH;
                let leaves: Vec<Leaf> = (first..end.min(first + TILE_WIDTH)).map(leaf).collect();
                let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash).collect();
                assert!(reader.bundle(number).expect("a bundle") == leaves, "bundle {number} after {settled}");
                assert!(reader.tile(0, number).expect("a tile") == hashes, "tile {number} after {settled}");
            }
        }
    }

    #[test]
    fn a_checkpoint_for_other_or_more_leaves_than_there_are_is_not_overwritten() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut writer = TileWriter::begin(dir.path()).expect("begins");
        (0..10).for_each(|n| writer.append(&leaf(n)));
        let signed = writer.publish(&key(), "betrodd/test/a").expect("publishes").expect("something new");
        let mut shorter = TileWriter::begin(dir.path()).expect("begins");
        (0..9).for_each(|n| shorter.append(&leaf(n)));
        for n in [77, 78] {
            assert!(matches!(shorter.publish(&key(), "betrodd/test/a"), Err(TilesError::Damaged(_))));
            shorter.append(&leaf(n));
        }
        assert!(matches!(shorter.publish(&key(), "betrodd/test/a"), Err(TilesError::Damaged(_))));
        let reader = TileReader::open(dir.path()).expect("opens").expect("a checkpoint");
        assert_eq!(Checkpoint::open(&reader.note().expect("a note"), &key().verifier()), Ok(signed));
    }

    #[test]
    fn tile_numbers_are_written_in_threes() {
        assert_eq!(numbered(PathBuf::new(), 1_234_067, 256), Path::new("x001/x234/067"));
        assert_eq!(numbered(PathBuf::new(), 5, 3), Path::new("005.p/3"));
        assert_eq!(numbered(PathBuf::new(), 1000, 3), Path::new("x001/000.p/3"));
    }
}
