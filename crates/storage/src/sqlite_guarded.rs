//! The embedded engine's state, guarded: opened only where it is as it was written, looked at whole, and each of its transactions with
//! the roots of what it changes. What tags and roots are, `guarded.rs` and `sets.rs` say.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::Position;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior};

use crate::distrusted;
use crate::engine::StoreError;
use crate::guarded::{Guard, Guarded};
use crate::sets::{Checked, Head, NOWHERE, damaged, unread};
use crate::sqlite::{Sqlite, poisoned, read, written};

/// A state of at most so many bytes is looked at whole before anybody is answered from it, which takes a second or two; a larger
/// one while the program runs.
const CHECKED_FIRST_BYTES: u64 = 256 << 20;

impl Sqlite {
    /// Opens the state, or begins it, with a tag in each row and a root over each set. One that is not as it was written is
    /// thrown away, like one of an older schema, and so is one without roots; [`Engine::applied`] then says that it is empty. A
    /// large one is opened before all of it was looked at ([`Sqlite::is_unchecked`]).
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open_guarded(path: &Path, guard: Arc<dyn Guard>) -> Result<Self, StoreError> {
        match Self::trusted(path, Arc::clone(&guard)) {
            Err(error) if error.is_damage() => {
                Self::throw_away(path, &error)?;
                let state = Self::open_in(path, Some(Guarded::new("state", guard, true)))?;
                distrusted::forget(path)?;
                Ok(state)
            }
            found => found,
        }
    }

    /// The same, and one that is not as it was written is left where it is.
    pub(crate) fn trusted(path: &Path, guard: Arc<dyn Guard>) -> Result<Self, StoreError> {
        if distrusted::mark(path).exists() {
            return Err(damaged("something in it was met that is not as it was written"));
        }
        let state = Self::open_in(path, Some(Guarded::new("state", guard, true)))?;
        state.look_first()?;
        Ok(state)
    }

    /// Sets a state aside that is not to be trusted, until one that is stands in its place ([`distrusted::forget`]).
    pub(crate) fn throw_away(path: &Path, why: &StoreError) -> Result<(), StoreError> {
        tracing::error!(%why, "the state is set aside, to be built anew");
        // Also where it was not met by a reading: it may come back.
        std::fs::write(distrusted::mark(path), b"")
            .map_err(|cause| StoreError { doing: "written", cause: cause.to_string() })?;
        distrusted::set_aside(path)
    }

    fn look_first(&self) -> Result<(), StoreError> {
        let bytes = std::fs::metadata(self.path()).map_or(0, |about| about.len());
        if bytes > CHECKED_FIRST_BYTES {
            self.unchecked.store(true, Ordering::Relaxed);
            return Ok(());
        }
        self.check().map(drop)
    }

    /// From now on each group notes beside which count of changes of the file of keys it was applied.
    pub(crate) fn write_beside(mut self, changes: Arc<AtomicU64>) -> Self {
        self.beside = changes;
        self
    }

    /// What the head of the roots said when it was last written; none where there are none.
    pub(crate) fn head(&self) -> Option<Head> {
        self.guarded.as_ref().and_then(|guarded| guarded.sets().head())
    }

    /// Whether the state was too large to be looked at whole before it was opened, and was not since.
    #[must_use]
    pub fn is_unchecked(&self) -> bool {
        self.unchecked.load(Ordering::Relaxed)
    }

    /// Looks at every row, every index and every root of the state as it is at this moment, while others go on. Nothing is found
    /// in a state that carries no tags.
    ///
    /// # Errors
    /// The world's; [`StoreError::is_damage`] where anything is not as it was written, with what that is. Then the next start
    /// builds the state anew.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let connection = Self::connect(self.path()).map_err(read)?;
        let _long = self.reads_long();
        let tx = connection.unchecked_transaction().map_err(read)?;
        let checked = self.check_inside(&tx)?;
        self.unchecked.store(false, Ordering::Relaxed);
        Ok(checked)
    }

    /// The same, as of the moment of a transaction.
    pub(crate) fn check_inside(&self, tx: &Transaction<'_>) -> Result<Checked, StoreError> {
        let Some(guarded) = &self.guarded else { return Ok(Checked::default()) };
        let look = || {
            guarded.begin(tx).map_err(read)?;
            let (head, checked) = guarded.check(tx)?;
            let applied = tx
                .query_row("SELECT segment, at FROM main.applied", [], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
                .map_err(unread)?;
            let said = (head.at.segment as i64, head.at.offset as i64);
            if applied.unwrap_or((0, 0)) != said {
                return Err(damaged("the state says another place in the journal than its roots"));
            }
            Ok(checked)
        };
        look().inspect_err(|error| self.mark(error))
    }

    /// Seals the roots of a state that was filled from a snapshot in one transaction, with the place that it says it is at. The
    /// transaction is then committed and nothing else done, or the state is thrown away.
    pub(crate) fn seal_filled(&self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        let Some(guarded) = &self.guarded else { return Ok(()) };
        let at = tx
            .query_row("SELECT segment, at FROM main.applied", [], |row| {
                Ok(Position { segment: row.get::<_, i64>(0)? as u64, offset: row.get::<_, i64>(1)? as u64 })
            })
            .optional()
            .map_err(read)?;
        let next = guarded.finish(tx, at.unwrap_or(NOWHERE), 0)?;
        guarded.keep(next);
        Ok(())
    }

    /// Notes beside the state that it is not to be trusted, so that the next start builds it anew, whatever its size. Where that
    /// cannot be written, the next who meets the same row tries it again.
    pub(crate) fn mark(&self, error: &StoreError) {
        if self.guarded.is_some() && error.is_damage() {
            tracing::error!(%error, "the state is not as it was written; the next start builds it anew from the journal");
            drop(std::fs::write(distrusted::mark(self.path()), b""));
        }
    }

    /// One transaction, with the roots of what it changes, committed only after `durable` said that it may be. Nobody sees any of
    /// it before.
    pub(crate) fn writing<T>(
        &self,
        at: Position,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
        durable: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer.lock().map_err(|_| poisoned())?;
        // Waits for its turn here; a lock that is asked for in the middle would be refused at once where a checkpoint holds it.
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(written)?;
        if let Some(guarded) = &self.guarded {
            guarded.anew();
        }
        let changed = change(&tx).inspect_err(|error| self.mark(error))?;
        let beside = self.beside.load(Ordering::SeqCst);
        let next = self.guarded.as_ref().map(|guarded| guarded.finish(&tx, at, beside)).transpose()?;
        durable()?;
        tx.commit().map_err(written)?;
        if let (Some(guarded), Some(next)) = (&self.guarded, next) {
            guarded.keep(next);
        }
        Ok(changed)
    }
}
