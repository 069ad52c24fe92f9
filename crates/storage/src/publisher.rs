//! Follows the committer: tiles and checkpoints of each log, the index of *who looked*, the installation log's heads, and
//! the checkpoints of the state's WAL. All of it is derived; dying at any line loses nothing that the next start cannot make.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use journal::{Disk, Entry, EntryRef, Heads, Index, Position, SigningKey, TileWriter, Unsynced, VerifierKey};
use terms::{Hash, TenantId};
use tokio::sync::watch;

use crate::committer::{Followed, Pending, Queue, Reply, way};
use crate::engine::{Engine, StoreError};
use crate::log::Looker;
use crate::sqlite::Sqlite;
use crate::store::OpenError;

/// How long the follower sleeps between looks at what came. It is not woken for each group: waking a thread some ten
/// thousand times a second costs the readings more than all that the follower does.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Looks in a second. The follower counts its own sleeps, since only programs read clocks.
const LOOKS_A_SECOND: u64 = 200;
/// How often in a second the state's WAL is looked at.
const WAL_LOOKS_A_SECOND: u64 = 10;
/// Pages, of 4 KiB each, from which on the state's WAL is begun anew.
const MAX_WAL_PAGES: u64 = 8192;

/// Seconds between the times when all that was published is made durable. After a power loss the next start reads so much of
/// the journal and writes its tiles again.
const SETTLE_EVERY_SECONDS: u64 = 10;

/// How far everything that was published is durable: the place in the journal and, for each log, size and root there. The next
/// start reads the journal from that place.
const SETTLED_FILE: &str = "published";

/// The public key that outsiders check the logs with.
const VERIFIER_KEY_FILE: &str = "verifier.key";

/// Size and root of each log where everything of it was durable.
type Settled = HashMap<TenantId, (u64, Hash)>;

pub(crate) struct Publisher {
    logs_folder: PathBuf,
    journal: PathBuf,
    disk: Arc<dyn Disk>,
    signer: Arc<SigningKey>,
    logs: HashMap<TenantId, TileWriter>,
    settled: Option<Position>,
    at: Option<Position>,
    changed: HashSet<TenantId>,
    /// Whether a log could not be followed, or what was published could not be made durable. How far is then no longer noted,
    /// so that the next start reads from where every log was whole.
    broken: bool,
    index: Option<Arc<Index>>,
    tell: watch::Sender<Option<Position>>,
}

fn publish(error: impl core::fmt::Display) -> OpenError {
    OpenError::Publish(error.to_string())
}

fn written(error: impl core::fmt::Display) -> StoreError {
    StoreError { doing: "written", cause: format!("log: {error}") }
}

/// Writes the key that the logs are checked with, where there is none. Another is never overwritten: whoever has it could no
/// longer check what was published, and the new one would not check what lies here.
fn keep_verifier_key(journal: &Path, key: &VerifierKey) -> Result<(), OpenError> {
    let file = journal.join(VERIFIER_KEY_FILE);
    match std::fs::read_to_string(&file) {
        Ok(kept) if kept.trim_end() == key.to_string() => Ok(()),
        Ok(_) => Err(publish(format_args!(
            "`{}` is of another key than the one in `keys.db`, so this `keys.db` is not the one that belongs to the folder. Put \
             that one back and start again; the journal was left as it is",
            file.display()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            journal::write_verifier_key(journal, key).map_err(publish)
        }
        Err(error) => Err(publish(error)),
    }
}

impl Publisher {
    pub(crate) fn open(
        folder: &Path,
        journal: &Path,
        signer: Arc<SigningKey>,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, OpenError> {
        keep_verifier_key(journal, &signer.verifier())?;
        let logs_folder = folder.join("logs");
        std::fs::create_dir_all(&logs_folder).map_err(publish)?;
        let (settled, heads) = match disk.read(&journal.join(SETTLED_FILE)).ok().and_then(|bytes| read_settled(&bytes))
        {
            Some((settled, heads)) => (Some(settled), heads),
            None => (None, HashMap::new()),
        };
        let mut logs = HashMap::new();
        let mut whole = true;
        for entry in std::fs::read_dir(&logs_folder).map_err(publish)? {
            let entry = entry.map_err(publish)?;
            if let Some(tenant) = entry.file_name().to_str().and_then(|name| name.parse::<TenantId>().ok()) {
                // One that was begun since has no head yet, and all its entries come later.
                let (size, root) = heads.get(&tenant).copied().unwrap_or((0, Hash([0; 32])));
                let writer = TileWriter::open(&entry.path(), size, root).map_err(publish)?;
                whole &= !writer.found_damage();
                logs.insert(tenant, writer);
            }
        }
        // Where tiles were damaged, everything is read again and they are made anew.
        let settled = settled.filter(|_| whole);
        let (tell, _) = watch::channel(None);
        Ok(Self {
            logs_folder,
            journal: journal.to_owned(),
            disk,
            signer,
            logs,
            settled,
            at: None,
            changed: HashSet::new(),
            broken: false,
            index: None,
            tell,
        })
    }

    /// From where the journal must be read, given how far the state has come and how long the logs are that it knows. Where
    /// one of them has no folder any more, from the beginning.
    pub(crate) fn needs_from(&mut self, applied: Option<Position>, sizes: &[(TenantId, u64)]) -> Option<Position> {
        if sizes.iter().any(|(tenant, size)| *size > 0 && !self.logs.contains_key(tenant)) {
            self.settled = None;
        }
        self.settled.min(applied)
    }

    /// Opens the index, once the appender has opened the journal.
    pub(crate) fn open_index(&mut self) -> Result<(), OpenError> {
        self.index = Some(Arc::new(Index::open(&self.journal, Arc::clone(&self.disk))?));
        Ok(())
    }

    /// Who answers questions to the logs.
    pub(crate) fn looker(&self) -> Result<Looker, OpenError> {
        let index = self.index.as_ref().map(Arc::clone).ok_or_else(|| publish("the index is not open"))?;
        Ok(Looker {
            journal: self.journal.clone(),
            disk: Arc::clone(&self.disk),
            index,
            followed: self.tell.subscribe(),
        })
    }

    /// Takes the leaves of a group while the folder is opened. A log that lacks leaves from before waits for
    /// [`Publisher::begin_again`], once all is read.
    pub(crate) fn follow_at_start(&mut self, position: Position, entries: &[Entry]) {
        if !self.broken
            && let Err(error) = self.follow(position, entries)
        {
            tracing::warn!(%error, "a log has lost leaves that were published; the whole journal is read again");
            self.broken = true;
        }
    }

    /// What was signed and published and is not what the journal holds, in words, once all of that was followed. Only what carries our own
    /// signature says so; a damaged file does not.
    pub(crate) fn signed_for_others(&self) -> Option<String> {
        let ours = |tenant: &TenantId| {
            let note = std::fs::read_to_string(self.logs_folder.join(tenant.to_string()).join("checkpoint")).ok()?;
            journal::Checkpoint::open(&note, &self.signer.verifier()).ok()
        };
        self.logs.iter().find_map(|(tenant, writer)| {
            let signed = writer.signed_for_others().filter(|_| ours(tenant).is_some())?;
            let holds = writer.size();
            Some(match signed > holds {
                true => format!(
                    "log {tenant} was signed and published with {signed} entries, and the journal holds {holds} of it"
                ),
                false => {
                    format!("log {tenant} was signed and published with other entries than the journal holds of it")
                }
            })
        })
    }

    /// Whether leaves are missing. Then [`Publisher::follow`] is to be given the whole journal, from its first group.
    pub(crate) fn begin_again(&mut self) -> bool {
        core::mem::take(&mut self.broken)
    }

    /// Takes the leaves of a group. On start-up it meets groups that it has taken before, and passes over those leaves.
    pub(crate) fn follow(&mut self, position: Position, entries: &[Entry]) -> Result<(), StoreError> {
        for entry in entries {
            let writer = match self.logs.entry(entry.tenant) {
                std::collections::hash_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => {
                    let folder = self.logs_folder.join(entry.tenant.to_string());
                    place.insert(TileWriter::begin(&folder).map_err(written)?)
                }
            };
            if entry.index == writer.size() {
                writer.append(&entry.leaf);
                self.changed.insert(entry.tenant);
            } else if entry.index > writer.size() {
                return Err(written(format!(
                    "entry {} of log {} follows {} leaves; the folder `logs` can be removed and is then made anew",
                    entry.index,
                    entry.tenant,
                    writer.size()
                )));
            }
        }
        self.at = Some(position);
        Ok(())
    }

    /// Follows until the committer ends, then publishes a last time.
    pub(crate) fn run(
        mut self,
        followed: &Receiver<Followed>,
        queue: &Queue,
        heads_every_seconds: u64,
        engine: &dyn Engine,
        state: &Path,
    ) {
        self.tell.send_replace(self.at);
        let heads_every = heads_every_seconds.max(1).saturating_mul(LOOKS_A_SECOND);
        // At once what the start read, and the WAL that it found: a program that is killed again and again within its first
        // second would else read more at each start, and its WAL would grow without end. Also the logs that did not grow: the
        // power may have been lost before their checkpoints were durable.
        self.changed.extend(self.logs.keys());
        self.publish();
        self.settle();
        empty(state);
        for look in 1_u64.. {
            std::thread::sleep(LOOK_EVERY);
            let ended = loop {
                match followed.try_recv() {
                    Ok(group) => self.take(&group),
                    Err(TryRecvError::Empty) => break false,
                    Err(TryRecvError::Disconnected) => break true,
                }
            };
            if ended {
                break;
            }
            if look % LOOKS_A_SECOND == 0 {
                self.publish();
                if look % LOOKS_A_SECOND.saturating_mul(SETTLE_EVERY_SECONDS) == 0 {
                    self.settle();
                }
            }
            if look % (LOOKS_A_SECOND / WAL_LOOKS_A_SECOND) == 0 {
                told(engine.shorten(MAX_WAL_PAGES));
            }
            if look % heads_every == 0 {
                self.enter_heads(queue);
            }
        }
        self.publish();
        self.settle();
        empty(state);
    }

    fn take(&mut self, group: &Followed) {
        if let Some(index) = &self.index {
            for (ordinal, (entry, named)) in group.entries.iter().zip(&group.named).enumerate() {
                let ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
                let offset = u32::try_from(group.position.offset).unwrap_or(u32::MAX);
                let at = EntryRef { segment: group.position.segment, offset, ordinal };
                index.add_named(&entry.tenant, entry.index, named, at);
            }
        }
        if let Err(error) = self.follow(group.position, &group.entries) {
            tracing::error!(%error, "a log could not be followed; the next start makes it anew");
            self.broken = true;
        }
        self.tell.send_replace(Some(group.position));
    }

    /// Writes tiles and checkpoints of the logs that changed, without waiting for the disk: a sync for each file made the
    /// journal's own wait. The journal is durable as far as they go, and the next start writes again what came after
    /// [`Publisher::settle`].
    fn publish(&mut self) {
        let mut left = HashSet::new();
        for tenant in core::mem::take(&mut self.changed) {
            let origin = journal::origin(self.signer.name(), &tenant);
            if let Some(writer) = self.logs.get_mut(&tenant)
                && let Err(error) = writer.publish(&self.signer, &origin)
            {
                tracing::error!(%error, %tenant, "a checkpoint could not be written; it is tried again");
                left.insert(tenant);
            }
        }
        self.changed = left;
        if let Some(index) = &self.index
            && let Err(error) = index.settle()
        {
            tracing::warn!(%error, "the index of a closed segment could not be written; its rows stay in memory");
        }
    }

    /// Makes durable what was published, then notes how far. If we die between the two, the next start reads some groups
    /// again and writes the same tiles.
    fn settle(&mut self) {
        let Some(at) = self.at.filter(|at| self.settled != Some(*at)) else { return };
        if self.broken || !self.changed.is_empty() {
            return;
        }
        let mut unsynced = Unsynced::default();
        self.logs.values_mut().for_each(|writer| unsynced.extend(writer.unsynced()));
        let heads = self.logs.iter().filter_map(|(tenant, writer)| Some((*tenant, writer.published()?)));
        let note = write_settled(at, heads);
        if let Err(error) = unsynced.sync(&self.logs_folder) {
            tracing::error!(%error, "the logs could not be made durable; the next start writes them again");
            self.broken = true;
            return;
        }
        match self.disk.replace(&self.journal.join(SETTLED_FILE), &note) {
            Ok(()) => {
                self.settled = Some(at);
                self.logs.values_mut().for_each(TileWriter::settled);
            }
            Err(error) => {
                tracing::warn!(%error, "how far was published could not be written; the next start reads more")
            }
        }
    }

    /// One entry for the heads of all logs, whether anything happened or not, so that its times tell nothing.
    fn enter_heads(&self, queue: &Queue) {
        let logs: Vec<_> = self
            .logs
            .iter()
            .filter(|(tenant, _)| **tenant != TenantId::INSTALLATION)
            .map(|(tenant, writer)| (*tenant, writer.size(), writer.root()))
            .collect();
        let (to, _answer) = way();
        let pending = Heads::build(&logs)
            .and_then(|heads| Ok(Pending::heads(&heads, journal::random_salt()?, Reply::Entered(to))));
        match pending {
            Ok(pending) => queue.push(pending),
            Err(error) => tracing::error!(%error, "the heads could not be blinded; the next tick tries again"),
        }
    }
}

/// Moves the state's WAL into the state and gives its room back.
fn empty(state: &Path) {
    told(Sqlite::checkpoint(state));
}

fn told(shortened: Result<(), StoreError>) {
    if let Err(error) = shortened {
        tracing::warn!(%error, "the state's WAL was not shortened this time");
    }
}

/// Segment and offset of the place, then for each log its id, size and root; the numbers little-endian.
fn write_settled(at: Position, heads: impl Iterator<Item = (TenantId, (u64, Hash))>) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&at.segment.to_le_bytes());
    bytes.extend_from_slice(&at.offset.to_le_bytes());
    for (tenant, (size, root)) in heads {
        bytes.extend_from_slice(&tenant.0);
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(root.bytes());
    }
    bytes
}

fn read_settled(bytes: &[u8]) -> Option<(Position, Settled)> {
    let (segment, rest) = bytes.split_first_chunk()?;
    let (offset, mut rest) = rest.split_first_chunk()?;
    let at = Position { segment: u64::from_le_bytes(*segment), offset: u64::from_le_bytes(*offset) };
    let mut heads = HashMap::new();
    while !rest.is_empty() {
        let (tenant, after) = rest.split_first_chunk()?;
        let (size, after) = after.split_first_chunk()?;
        let (root, after) = after.split_first_chunk()?;
        heads.insert(TenantId(*tenant), (u64::from_le_bytes(*size), Hash(*root)));
        rest = after;
    }
    Some((at, heads))
}
