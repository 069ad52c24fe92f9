//! A look at a data folder from beside: what its files say of themselves, without opening it, changing it or waiting for whoever
//! serves it. For the doctor.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use terms::{FileId, Instant, TenantId};

use crate::engine::{Schema, StoreError};
use crate::folder::free_bytes;
use crate::house_row::{HouseRow, RowKind};
use crate::key_store;

/// What was seen.
#[derive(Debug, Clone, Default)]
pub struct Glance {
    /// Bytes that may still be written to the disk.
    pub free_bytes: u64,
    /// The format of the state, where there is one.
    pub state_format: Option<i64>,
    /// The format of the file of keys.
    pub keys_format: Option<i64>,
    /// Customers and providers, with their names (legal persons).
    pub tenants: Vec<(TenantId, String)>,
    /// Every file that a record names.
    pub files: Vec<FileId>,
    /// Erasures that have no certificate yet.
    pub unfinished_erasures: u64,
    /// Since when the oldest of them waits.
    pub oldest_unfinished: Option<Instant>,
    /// Legal holds that have a day on which they end and have not ended: of which customer, and when. The earliest first.
    pub holds_end: Vec<(Instant, TenantId)>,
}

impl Glance {
    /// The newest format of the state that this program knows.
    pub const STATE_FORMAT: i64 = Schema::VERSION;
    /// The newest format of the file of keys that this program knows.
    pub const KEYS_FORMAT: i64 = key_store::VERSION;

    /// Looks at the folder.
    ///
    /// # Errors
    /// The world's; a state that is no database.
    pub fn at(folder: &Path) -> Result<Self, StoreError> {
        let unread = |cause: std::io::Error| StoreError { doing: "read", cause: cause.to_string() };
        let mut seen = Self { free_bytes: free_bytes(folder).map_err(unread)?, ..Self::default() };
        seen.keys_format = format_of(&folder.join("keys.db"))?;
        let state = folder.join("state.db");
        seen.state_format = format_of(&state)?;
        // Another format has other tables.
        if seen.state_format == Some(Schema::VERSION) {
            let engine = crate::Sqlite::open(&state)?;
            let port: &dyn crate::Engine = &engine;
            seen.tenants = port.tenants()?.into_iter().map(|tenant| (tenant.id, tenant.name)).collect();
            for (tenant, _) in &seen.tenants {
                seen.holds_end.extend(port.rows(RowKind::Hold, tenant)?.into_iter().filter_map(|row| match row {
                    HouseRow::Hold(hold) if hold.ended.is_none() => Some((hold.until?, *tenant)),
                    _ => None,
                }));
            }
            seen.holds_end.sort_unstable();
            seen.files = port.all_files()?;
            let unfinished = port.unfinished_erasures()?;
            seen.unfinished_erasures = unfinished.len() as u64;
            seen.oldest_unfinished = unfinished.iter().map(|one| one.time).min();
        }
        Ok(seen)
    }
}

/// The `user_version` of a database, opened for reading; none where there is no such file.
fn format_of(file: &Path) -> Result<Option<i64>, StoreError> {
    if !file.exists() {
        return Ok(None);
    }
    let failed = |cause: rusqlite::Error| StoreError { doing: "read", cause: format!("{}: {cause}", file.display()) };
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map(Some).map_err(failed)
}
