//! The rows about files, in the embedded engine.

use rusqlite::{Row, Transaction, params};
use terms::{FieldName, FileId, PersonId, RecordId, TenantId};

use crate::engine::StoreError;
use crate::file::{PutFile, StoredFile};
use crate::sqlite::Sqlite;
use crate::sqlite_rows::name;

/// There is no index by person: it would tell a thief of disks who has how much, and only an erasure asks.
pub(crate) const TABLE: &str = "
CREATE TABLE file (
  tenant BLOB NOT NULL, record BLOB NOT NULL, field TEXT NOT NULL, version INTEGER NOT NULL, person BLOB NOT NULL,
  file BLOB NOT NULL, small BLOB, PRIMARY KEY (tenant, record, field, version)) STRICT, WITHOUT ROWID;
";

const FILE: &str = "SELECT tenant, record, field, version, person, file, small FROM file";

pub(crate) fn put(tx: &Transaction<'_>, tenant: &TenantId, put: &PutFile) -> rusqlite::Result<()> {
    if !put.keep_past {
        tx.prepare_cached("DELETE FROM file WHERE tenant = ?1 AND record = ?2 AND field = ?3")?.execute(params![
            tenant.0,
            put.record.0,
            put.field.as_str()
        ])?;
    }
    let Some(file) = put.file else { return Ok(()) };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO file (tenant, record, field, version, person, file, small) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        tenant.0,
        put.record.0,
        put.field.as_str(),
        put.version as i64,
        put.person.0,
        file.0,
        put.small.map(|small| small.0)
    ])?;
    Ok(())
}

fn file(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        tenant: TenantId(row.get(0)?),
        record: RecordId(row.get(1)?),
        field: name(row, 2, FieldName::new)?,
        version: row.get::<_, i64>(3)? as u64,
        person: PersonId(row.get(4)?),
        file: FileId(row.get(5)?),
        small: row.get::<_, Option<[u8; 16]>>(6)?.map(FileId),
    })
}

impl Sqlite {
    pub(crate) fn read_files_of_record(
        &self,
        tenant: &TenantId,
        record: &RecordId,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let sql = format!("{FILE} WHERE tenant = ?1 AND record = ?2 ORDER BY field, version");
        self.many(&sql, params![tenant.0, record.0], file)
    }

    pub(crate) fn read_files_of_person(
        &self,
        tenant: &TenantId,
        person: &PersonId,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let sql = format!("{FILE} WHERE tenant = ?1 AND person = ?2 ORDER BY record, field, version");
        self.many(&sql, params![tenant.0, person.0], file)
    }

    pub(crate) fn read_all_files(&self) -> Result<Vec<FileId>, StoreError> {
        let rows = self.many("SELECT file, small FROM file", [], |row| {
            Ok((FileId(row.get(0)?), row.get::<_, Option<[u8; 16]>>(1)?.map(FileId)))
        })?;
        let mut all: Vec<FileId> = rows.into_iter().flat_map(|(file, small)| [Some(file), small]).flatten().collect();
        all.sort_unstable();
        Ok(all)
    }
}
