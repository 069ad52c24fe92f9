//! A record put back as it was at an earlier instant, in the embedded engine. Which, `going_back.rs` says.

use rusqlite::{Transaction, params};
use terms::TenantId;

use crate::going_back::PutBack;
use crate::sqlite::put_record;
use crate::sqlite_rows::RECORD;

pub(crate) fn put_back(tx: &Transaction<'_>, tenant: &TenantId, back: &PutBack) -> rusqlite::Result<()> {
    let put = &back.put;
    for table in ["token", "file"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE tenant = ?1 AND record = ?2"))?
            .execute(params![tenant.0, put.record.0])?;
    }
    put_record(tx, tenant, back.written, put)?;
    for past in &back.past {
        tx.prepare_cached(&format!(
            "INSERT OR REPLACE INTO past ({RECORD}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        ))?
        .execute(params![
            tenant.0,
            put.record.0,
            put.kind.as_str(),
            past.version as i64,
            put.person.0,
            put.parent.map(|parent| parent.0),
            past.state,
            past.written.micros(),
            past.author.0,
            past.sealed,
            put.class.as_str()
        ])?;
    }
    back.files.iter().try_for_each(|file| crate::sqlite_files::put(tx, tenant, file))
}
