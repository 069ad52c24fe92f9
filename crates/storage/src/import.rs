//! Records that were brought in together from a file: that it was begun, how many rows it had, and how it ended, so that what a
//! crash interrupted can be gone on with or undone. Which records came of it the idempotency keys of its rows tell.
//!
//! Not here: the rows. They are personal data and lie in their records alone.

use minicbor::{Decode, Encode};
use rusqlite::{Row, Transaction, params};
use terms::{Instant, KindName, PersonId, RecordId, TenantId};

/// An import of one customer's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Import {
    /// Its id, made like a record's.
    #[n(0)]
    pub id: RecordId,
    /// Of which kind its records are.
    #[n(1)]
    pub kind: KindName,
    /// Under which record they stand.
    #[n(2)]
    pub parent: Option<RecordId>,
    /// Who brought them in.
    #[n(3)]
    pub by: PersonId,
    /// When that began.
    #[n(4)]
    pub begun: Instant,
    /// How many rows the file had.
    #[n(5)]
    pub rows: u64,
    /// When every row had its answer.
    #[n(6)]
    pub ended: Option<Instant>,
    /// When it was undone.
    #[n(7)]
    pub undone: Option<Instant>,
}

pub(crate) const TABLE: &str = "
CREATE TABLE import (
  tenant BLOB NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL, parent BLOB, author BLOB NOT NULL, begun INTEGER NOT NULL,
  rows INTEGER NOT NULL, ended INTEGER, undone INTEGER, PRIMARY KEY (tenant, id)) STRICT, WITHOUT ROWID;
";

pub(crate) const SELECT: &str =
    "SELECT id, kind, parent, author, begun, rows, ended, undone FROM import WHERE tenant = ?1";

pub(crate) fn put(tx: &Transaction<'_>, tenant: &TenantId, one: &Import) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO import (tenant, id, kind, parent, author, begun, rows, ended, undone)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        tenant.0,
        one.id.0,
        one.kind.as_str(),
        one.parent.map(|parent| parent.0),
        one.by.0,
        one.begun.micros(),
        one.rows as i64,
        one.ended.map(|at| at.micros()),
        one.undone.map(|at| at.micros())
    ])?;
    Ok(())
}

pub(crate) fn row(row: &Row<'_>) -> rusqlite::Result<Import> {
    let kind: String = row.get(1)?;
    let kind = KindName::new(&kind)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(Import {
        id: RecordId(row.get(0)?),
        kind,
        parent: row.get::<_, Option<[u8; 16]>>(2)?.map(RecordId),
        by: PersonId(row.get(3)?),
        begun: Instant(row.get(4)?),
        rows: row.get::<_, i64>(5)? as u64,
        ended: row.get::<_, Option<i64>>(6)?.map(Instant),
        undone: row.get::<_, Option<i64>>(7)?.map(Instant),
    })
}
