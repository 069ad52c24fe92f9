//! What of the logs may leave the house: checkpoints, tiles, and proofs that an entry stands in its log and that a log continues
//! itself. All of it is hashes, signatures and times; only a proof that is asked to carries what its entry says.

use std::io;
use std::time::Duration;

use journal::{
    Checkpoint, Continuation, DETAILS_PURGED, Detail, Entry, EntryKind, Evidence, Heads, Index, IndexKey,
    InstallationProof, Opened, Proof, PurgeProof, TileReader, TilesError,
};
use terms::{Hash, Instant, TenantId};

use crate::engine::StoreError;
use crate::house_row::{HouseRow, RowKind};
use crate::log::Looker;
use crate::store::Store;

/// Times that a log is read again because it grew meanwhile, or because the entry's checkpoint is about to be published.
const MAX_AGAIN: usize = 25;
/// Pause between them. Checkpoints are published about once a second.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// Entries among which that of a purge is looked for, from the instant on at which the purge was noted.
const MAX_BEFORE_PURGE: u64 = 1000;
/// Entries of heads that are tried, newest first, until one is covered by checkpoints.
const MAX_HEADS_TRIED: usize = 8;

/// A head of a log that the installation's log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastHead {
    /// When it was entered.
    pub time: Instant,
    /// Index of the installation's entry.
    pub index: u64,
    /// How many entries the log had.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

fn unread(error: impl core::fmt::Display) -> StoreError {
    StoreError { doing: "read", cause: format!("log: {error}") }
}

impl Store {
    /// The proof that an entry stands in a tenant's log; `open` gives its detail with it, unless that is purged. None where there is
    /// no such entry. An entry of the last moment waits for its checkpoint.
    ///
    /// # Errors
    /// The world's.
    pub async fn proof(&self, tenant: &TenantId, index: u64, open: bool) -> Result<Option<Proof>, StoreError> {
        let Some(entry) = self.looker.entry(tenant, index)? else { return Ok(None) };
        let opened = match (entry.salt, entry.detail.clone()) {
            (Some(salt), Some(detail)) if open => Some(Opened { salt, detail }),
            _ => None,
        };
        for _ in 0..MAX_AGAIN {
            let attempt = self.reader(tenant).and_then(|found| match found {
                Some((reader, note)) if index < reader.size() => {
                    let path = reader.inclusion(index)?;
                    Ok(Some((reader, note, path)))
                }
                _ => Ok(None),
            });
            match attempt {
                Ok(Some((reader, note, path))) => {
                    let installation = self.held_by_installation(tenant, &reader)?;
                    let purged = match entry.detail {
                        None => self.purge_of(tenant, &entry, &reader)?,
                        Some(_) => None,
                    };
                    let evidence = Evidence { leaf: entry.leaf.encode().to_vec(), opened, installation, purged };
                    return Ok(Some(Proof { index, path, note, evidence }));
                }
                Ok(None) => {}
                Err(TilesError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unread(error)),
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        Err(unread("no checkpoint covers the entry yet"))
    }

    /// The proof that a tenant's log continues itself from a size; none where it never had so many entries.
    ///
    /// # Errors
    /// The world's.
    pub async fn continuation(&self, tenant: &TenantId, old: u64) -> Result<Option<Continuation>, StoreError> {
        for _ in 0..MAX_AGAIN {
            let Some((reader, note)) = self.reader(tenant).map_err(unread)? else { return Ok(None) };
            if old > reader.size() {
                return Ok(None);
            }
            match reader.consistency(old) {
                Ok(path) => return Ok(Some(Continuation { old, path, note })),
                Err(TilesError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(unread(error)),
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        Err(unread("the log grew faster than it could be read"))
    }

    /// The heads of a tenant's log that the installation's log holds, newest first, each size once.
    ///
    /// # Errors
    /// The world's.
    pub fn past_heads(&self, tenant: &TenantId, limit: usize) -> Result<Vec<PastHead>, StoreError> {
        let mut heads: Vec<PastHead> = Vec::new();
        // A log that is still repeats its head at every tick.
        let looked_at = limit.saturating_mul(20);
        for entry in self.looker.newest(&TenantId::INSTALLATION, looked_at)? {
            let Some(found) =
                heads_of(&entry).and_then(|heads| heads.heads.into_iter().find(|one| one.tenant == *tenant))
            else {
                continue;
            };
            let head = PastHead { time: entry.leaf.time, index: entry.index, size: found.size, root: found.root };
            if let Some(last) = heads.last_mut().filter(|last| last.size == head.size) {
                *last = head;
            } else if heads.len() < limit {
                heads.push(head);
            } else {
                break;
            }
        }
        Ok(heads)
    }

    /// A published file of a tenant's log by its C2SP name, `checkpoint` or `tile/…`; none where there is no such file.
    ///
    /// # Errors
    /// The world's.
    pub fn log_file(&self, tenant: &TenantId, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        // INVARIANT (customers are walls): a path stays within the tenant's own folder.
        let part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_digit() || b"xp.".contains(&b))
                && part != ".."
                && part != "."
        };
        let mut parts = path.split('/');
        let good = match parts.next() {
            Some("checkpoint") => parts.next().is_none(),
            Some("tile") => {
                let rest: Vec<&str> = parts.collect();
                rest.len() >= 2
                    && rest.len() < 12
                    && (rest[0] == "entries" || part(rest[0]))
                    && rest[1..].iter().all(|one| part(one))
            }
            _ => false,
        };
        if !good {
            return Ok(None);
        }
        let file = self.logs.join(tenant.to_string()).join(path);
        match std::fs::read(file) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(unread(error)),
        }
    }

    /// The signed checkpoint of a tenant's log that was published last, as it lies there; none before the first.
    ///
    /// # Errors
    /// The world's.
    pub fn checkpoint(&self, tenant: &TenantId) -> Result<Option<String>, StoreError> {
        match std::fs::read_to_string(self.logs.join(tenant.to_string()).join("checkpoint")) {
            Ok(text) => Ok(Some(text)),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(StoreError { doing: "read", cause: cause.to_string() }),
        }
    }

    /// The key that checkpoints are checked with, `name+id+base64`.
    ///
    /// # Errors
    /// The world's.
    pub fn verifier_key(&self) -> Result<String, StoreError> {
        let text = std::fs::read_to_string(self.looker.journal.join("verifier.key")).map_err(unread)?;
        Ok(text.trim_end().to_owned())
    }

    /// A tenant's log at its checkpoint; none before the first.
    fn reader(&self, tenant: &TenantId) -> Result<Option<(TileReader, String)>, TilesError> {
        let folder = self.logs.join(tenant.to_string());
        let Some(reader) = TileReader::open(&folder)? else { return Ok(None) };
        let note = reader.note()?;
        let size =
            Checkpoint::parse_unverified(&note).map_err(|_| TilesError::Damaged("the checkpoint is malformed"))?.size;
        Ok(Some((TileReader::at(&folder, size), note)))
    }

    /// The entry that says that the detail of another was purged, as far as the log's checkpoint covers it and it was not purged itself.
    fn purge_of(&self, tenant: &TenantId, entry: &Entry, log: &TileReader) -> Result<Option<PurgeProof>, StoreError> {
        let reached = self.rows(RowKind::Purged, tenant)?.into_iter().find_map(|row| match row {
            HouseRow::Purged(row) if entry.leaf.time < row.before => Some(row.at),
            _ => None,
        });
        let Some(at) = reached else { return Ok(None) };
        // Times of a log never go back: the first entry that is not before it is found by halving.
        let (mut before, mut from) = (entry.index, log.size());
        while from - before > 1 {
            let middle = before + (from - before) / 2;
            match self.looker.entry(tenant, middle)? {
                Some(one) if one.leaf.time < at => before = middle,
                _ => from = middle,
            }
        }
        for index in from..log.size().min(from.saturating_add(MAX_BEFORE_PURGE)) {
            let Some(one) = self.looker.entry(tenant, index)? else { return Ok(None) };
            let (Some(salt), Some(detail)) = (one.salt, one.detail) else { continue };
            let says = Detail::decode(&detail).ok().and_then(|detail| detail.event);
            if says.as_deref() == Some(DETAILS_PURGED) {
                // A partial tile that is just replaced: the proof stands without this part.
                let Ok(path) = log.inclusion(index) else { return Ok(None) };
                let opened = Opened { salt, detail };
                return Ok(Some(PurgeProof { index, leaf: one.leaf.encode().to_vec(), path, opened }));
            }
        }
        Ok(None)
    }

    /// The newest head of the tenant's log that both its checkpoint and the installation's cover.
    fn held_by_installation(
        &self,
        tenant: &TenantId,
        log: &TileReader,
    ) -> Result<Option<InstallationProof>, StoreError> {
        let Ok(Some((whole, note))) = self.reader(&TenantId::INSTALLATION) else { return Ok(None) };
        for entry in self.looker.newest(&TenantId::INSTALLATION, MAX_HEADS_TRIED)? {
            let (Some(heads), Some(salt)) = (heads_of(&entry), entry.salt) else { continue };
            let Some(among) = heads.proof(tenant) else { continue };
            if entry.index >= whole.size() || among.head.size > log.size() || among.head.size == 0 {
                continue;
            }
            // A partial tile that is just replaced: the proof stands without this part.
            let (Ok(path), Ok(consistency)) = (whole.inclusion(entry.index), log.consistency(among.head.size)) else {
                return Ok(None);
            };
            return Ok(Some(InstallationProof {
                note,
                index: entry.index,
                leaf: entry.leaf.encode().to_vec(),
                path,
                salt,
                root: heads.root(),
                head: among.head,
                place: among.index,
                count: among.count,
                head_path: among.path,
                consistency,
            }));
        }
        Ok(None)
    }
}

fn heads_of(entry: &Entry) -> Option<Heads> {
    let detail = entry.detail.as_deref().filter(|_| entry.leaf.kind == EntryKind::Heads)?;
    Heads::decode(detail).ok()
}

impl Looker {
    /// One entry of a tenant's log; none where there is none.
    pub(crate) fn entry(&self, tenant: &TenantId, index: u64) -> Result<Option<Entry>, StoreError> {
        let Some(before) = index.checked_add(1) else { return Ok(None) };
        let found = self.entries(tenant, Some(before), 1)?;
        Ok(found.into_iter().next().filter(|entry| entry.index == index))
    }

    fn newest(&self, tenant: &TenantId, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.entries(tenant, None, limit)
    }

    fn entries(&self, tenant: &TenantId, before: Option<u64>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let index: &Index = &self.index;
        let places = index.find(IndexKey::Tenant(*tenant), before, limit).map_err(unread)?;
        let read = |place| journal::read_entry(&self.journal, &*self.disk, place).map_err(unread);
        let entries: Vec<Entry> = places.into_iter().map(read).collect::<Result<_, _>>()?;
        match entries.iter().all(|entry| entry.tenant == *tenant) {
            true => Ok(entries),
            false => Err(unread("an index row leads to another customer's entry")),
        }
    }
}
