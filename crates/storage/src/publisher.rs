//! Follows the committer: tiles and checkpoints of each log, the index of *who looked*, the installation log's heads, and
//! the checkpoints of the state's WAL. All of it is derived; dying at any line loses nothing that the next start cannot make.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use journal::{Disk, Entry, EntryRef, Heads, Index, Position, SigningKey, TileWriter, VerifierKey};
use terms::TenantId;
use tokio::sync::watch;

use crate::committer::{Followed, Pending, Queue, Reply, way};
use crate::engine::StoreError;
use crate::log::Looker;
use crate::sqlite::Sqlite;
use crate::store::OpenError;

/// How long the follower sleeps between looks at what came. It is not woken for each group: waking a thread some ten
/// thousand times a second costs the readings more than all that the follower does.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Looks in a second. The follower counts its own sleeps, since only programs read clocks.
const LOOKS_A_SECOND: u64 = 200;
/// Pages, of 4 KiB each, from which on the state's WAL is moved into the state. Looked at once a second.
const MAX_WAL_PAGES: u64 = 8192;

/// Where the follower had come when it last published, so that the next start reads the journal from there.
const PUBLISHED_FILE: &str = "published";

/// The public key that outsiders check the logs with.
const VERIFIER_KEY_FILE: &str = "verifier.key";

pub(crate) struct Publisher {
    logs_folder: PathBuf,
    journal: PathBuf,
    disk: Arc<dyn Disk>,
    signer: SigningKey,
    logs: HashMap<TenantId, TileWriter>,
    published: Option<Position>,
    at: Option<Position>,
    changed: HashSet<TenantId>,
    /// Whether a log could not be followed. How far was published is then no longer noted, so that the next start reads
    /// from where every log was whole.
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
        signer: SigningKey,
        disk: Arc<dyn Disk>,
    ) -> Result<Self, OpenError> {
        keep_verifier_key(journal, &signer.verifier())?;
        let logs_folder = folder.join("logs");
        std::fs::create_dir_all(&logs_folder).map_err(publish)?;
        let mut logs = HashMap::new();
        let mut whole = true;
        for entry in std::fs::read_dir(&logs_folder).map_err(publish)? {
            let entry = entry.map_err(publish)?;
            if let Some(tenant) = entry.file_name().to_str().and_then(|name| name.parse::<TenantId>().ok()) {
                let writer = TileWriter::open(&entry.path()).map_err(publish)?;
                whole &= !writer.found_damage();
                logs.insert(tenant, writer);
            }
        }
        let published = disk.read(&journal.join(PUBLISHED_FILE)).ok().and_then(|bytes| read_position(&bytes));
        // Where tiles were damaged, everything is read again and they are made anew.
        let published = published.filter(|_| whole);
        let (tell, _) = watch::channel(None);
        Ok(Self {
            logs_folder,
            journal: journal.to_owned(),
            disk,
            signer,
            logs,
            published,
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
            self.published = None;
        }
        self.published.min(applied)
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
                    place.insert(TileWriter::open(&folder).map_err(written)?)
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
    pub(crate) fn run(mut self, followed: &Receiver<Followed>, queue: &Queue, heads_every_seconds: u64, state: &Path) {
        self.tell.send_replace(self.at);
        let heads_every = heads_every_seconds.max(1).saturating_mul(LOOKS_A_SECOND);
        // At once what the start read, and the WAL that it found: a program that is killed again and again within its first
        // second would else read more at each start, and its WAL would grow without end.
        self.publish();
        shorten(state, true);
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
                // Where it cannot be told, moving it finds out what is wrong.
                if Sqlite::wal_pages(state).unwrap_or(u64::MAX) >= MAX_WAL_PAGES {
                    shorten(state, false);
                }
            }
            if look % heads_every == 0 {
                self.enter_heads(queue);
            }
        }
        self.publish();
        shorten(state, true);
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

    /// Writes tiles and checkpoints of the logs that changed, then where we are. If we die between the two, the next start
    /// reads some groups again and passes over their leaves.
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
        if left.is_empty()
            && !self.broken
            && self.at != self.published
            && let Some(at) = self.at
        {
            match self.disk.replace(&self.journal.join(PUBLISHED_FILE), &write_position(at)) {
                Ok(()) => self.published = Some(at),
                Err(error) => {
                    tracing::warn!(%error, "how far was published could not be written; the next start reads more")
                }
            }
        }
        self.changed = left;
        if let Some(index) = &self.index
            && let Err(error) = index.settle()
        {
            tracing::warn!(%error, "the index of a closed segment could not be written; its rows stay in memory");
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

/// Moves the state's WAL into the state; `empty` also gives its room back.
fn shorten(state: &Path, empty: bool) {
    if let Err(error) = Sqlite::checkpoint(state, empty) {
        tracing::warn!(%error, "the state's WAL was not shortened this time");
    }
}

fn write_position(at: Position) -> [u8; 16] {
    let mut bytes = [0; 16];
    let (segment, offset) = bytes.split_at_mut(8);
    segment.copy_from_slice(&at.segment.to_le_bytes());
    offset.copy_from_slice(&at.offset.to_le_bytes());
    bytes
}

fn read_position(bytes: &[u8]) -> Option<Position> {
    let (segment, offset) = bytes.split_first_chunk::<8>()?;
    let offset: [u8; 8] = offset.try_into().ok()?;
    Some(Position { segment: u64::from_le_bytes(*segment), offset: u64::from_le_bytes(offset) })
}
