//! Snapshots of an open store, and what they allow: operations may be taken out of the journal as far as one covers them.
//!
//! Nobody waits for any of it but who asks. Not here: the second place, and how long a snapshot is kept.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use journal::{Disk, Position, TileReader, VerifierKey};
use terms::{Hash, Instant, TenantId};

use super::{OpenError, Store};
use crate::engine::{Schema, StoreError, Tokens};
use crate::fingerprint::Fingerprint;
use crate::going_back::BackError;
use crate::snapshot::{self, SNAPSHOTS, Seals, Snapshot, cover, failed, load, sha256_of};
use crate::sqlite::Sqlite;

/// What was taken out of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// Up to where, all of it counted.
    pub at: Position,
    /// How many segments were written anew just now.
    pub segments: u64,
    /// Of how many entries the operations went.
    pub entries: u64,
}

impl Store {
    /// Makes a snapshot of the state as it stands, in `snapshots/` of the data folder: durable, signed, and not yet looked at (see
    /// [`Store::try_snapshot`]). Nothing where nothing was ever written. Where nothing was written since the newest one, that one is
    /// given.
    ///
    /// # Errors
    /// The world's; then there is no more than before, and what grew is cleared by the next start.
    pub fn snapshot(&self, seals: &dyn Seals) -> Result<Option<Snapshot>, StoreError> {
        if self.rows_follow()? {
            let cause = "an erasure of many records is being carried out, and what is half gone is no state to go back to; a snapshot \
                         is made when it is done";
            return Err(StoreError { doing: "read", cause: cause.to_owned() });
        }
        let Some(applied) = self.engine.applied()? else { return Ok(None) };
        let newest = self.snapshots()?.into_iter().next();
        if let Some(newest) = newest.filter(|one| one.at == applied && one.form == Schema::VERSION)
            && newest.is_whole(&self.folder)?
        {
            return Ok(Some(newest));
        }
        let place = self.folder.join(SNAPSHOTS);
        DirBuilder::new().recursive(true).mode(0o700).create(&place).map_err(failed("written"))?;
        let grows = place.join("rows.growing");
        let made = self.now();
        let Fingerprint { at, counts, hash } = self.engine.snapshot(&grows, seals)?;
        let Some(at) = at else { return Ok(None) };
        let unread = |cause: journal::OpenError| StoreError { doing: "read", cause: cause.to_string() };
        let group = journal::read_group(&self.looker.journal, &*self.disk, at).map_err(unread)?;
        let commit = group.first().map_or(made, |entry| entry.leaf.time);
        let mut rows = std::fs::File::open(&grows).map_err(failed("read"))?;
        let bytes = rows.metadata().map_err(failed("read"))?.len();
        let sha256 = sha256_of(&mut rows).map_err(failed("read"))?;
        let logs = self.engine.sizes()?.into_iter().map(|(tenant, size)| self.head_at(tenant, size)).collect();
        let one = Snapshot { form: Schema::VERSION, at, commit, made, state: hash, bytes, sha256, counts, logs };
        // Rows first: if we die before the note, they are none of a snapshot and are cleared.
        std::fs::rename(&grows, one.rows_in(&self.folder)).map_err(failed("written"))?;
        snapshot::sync_folder(&self.folder).map_err(failed("written"))?;
        one.put_note(&self.folder, &self.signer)?;
        Ok(Some(one))
    }

    /// A log's size with its root, where its tiles are published that far.
    fn head_at(&self, tenant: TenantId, size: u64) -> (TenantId, u64, Option<Hash>) {
        let folder = self.logs.join(tenant.to_string());
        let whole = TileReader::open(&folder).ok().flatten().filter(|reader| reader.size() >= size);
        let root = whole.and_then(|_| TileReader::at(&folder, size).root().ok());
        (tenant, size, root)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn keys(&self) -> &crate::key_store::KeyStore {
        &self.keys
    }

    /// The key that the installation's logs and snapshots are checked with.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        self.signer.verifier()
    }

    /// The first instant that can be gone back to, and that of the last group.
    ///
    /// # Errors
    /// See [`BackError`].
    pub fn window(&self) -> Result<(Instant, Instant), BackError> {
        crate::going_back::window(&self.looker.journal)
    }

    /// The whole snapshots of the data folder, newest first.
    ///
    /// # Errors
    /// The world's.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        snapshot::snapshots(&self.folder, &self.signer.verifier())
    }

    /// Makes a state from a snapshot, beside ours, and compares what it holds with what the snapshot's note says. To be done soon after
    /// it was made: of whoever is erased in between the tokens do not open any more, and it differs.
    ///
    /// # Errors
    /// The world's, or that they differ; then the snapshot is not to be relied on.
    pub fn try_snapshot(&self, one: &Snapshot, tokens: &dyn Tokens) -> Result<(), StoreError> {
        let wrong = |cause: &str| StoreError { doing: "read", cause: format!("snapshot {}: {cause}", one.name()) };
        if !one.is_whole(&self.folder)? {
            return Err(wrong("its rows are not those that its note was signed for"));
        }
        let tried = self.folder.join(SNAPSHOTS).join("tried.growing");
        let found = load(&one.rows_in(&self.folder), &tried, tokens, None)
            .and_then(|()| crate::engine::Engine::fingerprint(&Sqlite::open(&tried)?));
        crate::distrusted::database_overwritten(&tried).map_err(failed("written"))?;
        let found = found?;
        if (found.at, found.hash) == (Some(one.at), one.state) {
            Ok(())
        } else {
            Err(wrong("the state that is made from it is not the one that it was made from"))
        }
    }

    /// Takes a snapshot away from the data folder.
    ///
    /// # Errors
    /// The world's.
    pub fn remove_snapshot(&self, one: &Snapshot) -> Result<(), StoreError> {
        one.remove(&self.folder)
    }

    /// Up to where the operations of the journal may go, all of it counted: a snapshot that was tried and lies in both places covers
    /// them, and no instant before it can be restored any more. None as long as that was never said.
    ///
    /// # Errors
    /// The world's.
    pub fn purgeable(&self) -> Result<Option<Position>, StoreError> {
        snapshot::covered(&self.looker.journal, &*self.disk)
    }

    /// Notes that a snapshot covers the journal up to `at`, durably. From then on no state is built from the journal alone, and no
    /// instant before it is restored. Whoever calls has tried that snapshot and knows that it lies wherever it must.
    ///
    /// # Errors
    /// The world's.
    pub fn cover(&self, at: Position) -> Result<(), StoreError> {
        cover(&self.looker.journal, &*self.disk, at)
    }

    /// Takes the operations out of all closed segments as far as a snapshot covers them; details stay. If we die in the middle, what
    /// is left goes the next time.
    ///
    /// # Errors
    /// The world's, or the journal's damage.
    pub fn strip(&self) -> Result<Option<Covered>, StoreError> {
        let Some(at) = self.purgeable()? else { return Ok(None) };
        let mut done = Covered { at, segments: 0, entries: 0 };
        for number in self.looker.index.closed_segments().into_iter().filter(|number| *number <= at.segment) {
            // Who purges details rewrites segments too, and neither may put back what the other took out.
            let _turn = self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let gone = journal::strip(&self.looker.journal, &*self.disk, number, at)
                .map_err(|cause| StoreError { doing: "written", cause: cause.to_string() })?;
            done.segments += u64::from(gone > 0);
            done.entries += gone;
        }
        Ok(Some(done))
    }

    /// Asks that the next group begin another segment, so that the one which is being filled is closed and can be rewritten.
    pub fn end_segment(&self) {
        self.end_segment.store(true, core::sync::atomic::Ordering::Relaxed);
    }
}

/// Whether the journal gives what a state lacks that knows it up to `applied`.
pub(crate) fn known(journal: &Path, disk: &dyn Disk, applied: Option<Position>) -> Result<(), OpenError> {
    match snapshot::covered(journal, disk)? {
        Some(covered) if applied.is_none_or(|applied| applied < covered) => Err(OpenError::NoSnapshot { covered }),
        _ => Ok(()),
    }
}
