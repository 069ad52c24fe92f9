//! Single records as a snapshot has them, for going back: each with its earlier versions, tokens and files.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use terms::{FieldName, FileId, PersonId, RecordId, TenantId};

use crate::engine::{StoreError, Tokens};
use crate::file::PutFile;
use crate::going_back::{PastVersion, Then};
use crate::op::{PutRecord, SealedToken, TokensOf};
use crate::sqlite::read;
use crate::sqlite_rows::{RECORD, name, record};

/// Those of these records that the snapshot's rows hold.
pub(crate) fn records<'r>(
    rows: &Path,
    wanted: impl Iterator<Item = &'r (TenantId, RecordId)>,
    tokens: &dyn Tokens,
) -> Result<HashMap<(TenantId, RecordId), Then>, StoreError> {
    let connection = Connection::open_with_flags(rows, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(read)?;
    let mut all = HashMap::new();
    for (tenant, id) in wanted {
        if let Some(then) = one(&connection, tenant, id, tokens)? {
            all.insert((*tenant, *id), then);
        }
    }
    Ok(all)
}

fn one(
    connection: &Connection,
    tenant: &TenantId,
    id: &RecordId,
    tokens: &dyn Tokens,
) -> Result<Option<Then>, StoreError> {
    let of = params![tenant.0, id.0];
    let found = connection
        .prepare_cached(&format!("SELECT {RECORD} FROM record WHERE tenant = ?1 AND record = ?2"))
        .and_then(|mut find| find.query_row(of, record).optional())
        .map_err(read)?;
    let Some(found) = found else { return Ok(None) };
    let rest = || -> rusqlite::Result<_> {
        let past: Vec<PastVersion> = connection
            .prepare_cached(&format!("SELECT {RECORD} FROM past WHERE tenant = ?1 AND record = ?2 ORDER BY version"))?
            .query_map(of, |row| {
                let one = record(row)?;
                let (version, state, written, author) = (one.version, one.state, one.written, one.author);
                Ok(PastVersion { version, state, written, author, sealed: one.sealed })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let files: Vec<PutFile> = connection
            .prepare_cached(
                "SELECT field, version, person, file, small FROM file WHERE tenant = ?1 AND record = ?2 ORDER BY field, version",
            )?
            .query_map(of, |row| {
                Ok(PutFile {
                    record: *id,
                    person: PersonId(row.get(2)?),
                    field: name(row, 0, FieldName::new)?,
                    version: row.get::<_, i64>(1)? as u64,
                    file: Some(FileId(row.get(3)?)),
                    small: row.get::<_, Option<[u8; 16]>>(4)?.map(FileId),
                    // Put back one by one, each beside the others.
                    keep_past: true,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let sealed: Vec<(FieldName, Vec<u8>)> = connection
            .prepare_cached("SELECT field, sealed FROM sealed_token WHERE tenant = ?1 AND record = ?2")?
            .query_map(of, |row| Ok((name(row, 0, FieldName::new)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok((past, files, sealed))
    };
    let (past, files, sealed) = rest().map_err(read)?;
    let mut fields: Vec<TokensOf> = Vec::new();
    for (field, sealed) in sealed {
        let bare = tokens.open(tenant, &found.person, &found.class, id, &field, &sealed)?;
        let token = SealedToken { sealed, bare };
        match fields.iter_mut().find(|of| of.field == field) {
            Some(of) => of.tokens.push(token),
            // Whether they had to be unique was asked when they were written.
            None => fields.push(TokensOf { field, unique: false, tokens: vec![token] }),
        }
    }
    let put = PutRecord {
        record: *id,
        kind: found.kind,
        version: found.version,
        person: found.person,
        parent: found.parent,
        state: found.state,
        author: found.author,
        sealed: found.sealed,
        keep_past: false,
        tokens: fields,
        once: None,
        once_of: None,
        class: found.class,
    };
    Ok(Some(Then { put, written: found.written, past, files }))
}
