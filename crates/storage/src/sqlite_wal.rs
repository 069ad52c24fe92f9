//! The state's WAL while all of the state is read: it cannot be begun anew then, and whoever tried would hold up every writer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::Connection;

use crate::engine::StoreError;
use crate::sqlite::{Sqlite, written};

/// That all of the state is being read: its WAL cannot be begun anew meanwhile, and who tried would hold up every writer.
pub(crate) struct ReadsLong(Arc<AtomicUsize>);

impl Drop for ReadsLong {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Sqlite {
    /// Notes that all of it is read, until what comes back is dropped.
    pub(crate) fn reads_long(&self) -> ReadsLong {
        self.long.fetch_add(1, Ordering::SeqCst);
        ReadsLong(Arc::clone(&self.long))
    }

    /// How many read all of it just now, for whoever moves the WAL.
    pub(crate) fn long_readers(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.long)
    }

    /// Moves of the WAL what can be moved without waiting for anybody.
    ///
    /// # Errors
    /// The world's.
    pub(crate) fn checkpoint_passively(path: &Path) -> Result<(), StoreError> {
        let connection = Connection::open(path).map_err(written)?;
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(written)
    }
}
