//! Making the rows of a snapshot: all tables as of one moment, copied as they lie, and what is bare sealed on its way. Writers go on
//! meanwhile; only the state's WAL is not begun anew until it is done.

use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, Transaction, params};
use terms::{FieldName, PersonId, RecordId, RetentionClass, TenantId};

use super::{Seals, absent, failed};
use crate::engine::{Schema, StoreError};
use crate::fingerprint::{self, Fingerprint};
use crate::op::AccountSecrets;
use crate::sqlite::{Sqlite, read, written};
use crate::sqlite_rows::name;

/// Tables that are not copied as they lie: they hold bare what only the live state may, or are made anew from the others.
const NOT_COPIED: &[&str] = &["token", "account", "root"];

/// Where those lie in a snapshot, sealed.
const SEALED: &str = "
CREATE TABLE snap.sealed_token (
  tenant BLOB NOT NULL, record BLOB NOT NULL, field TEXT NOT NULL, kind TEXT NOT NULL, sealed BLOB NOT NULL,
  PRIMARY KEY (tenant, record, field, kind, sealed)) STRICT, WITHOUT ROWID;
CREATE TABLE snap.sealed_account (
  person BLOB PRIMARY KEY NOT NULL, home BLOB NOT NULL, sealed BLOB NOT NULL, role TEXT NOT NULL, totp BLOB,
  used_step INTEGER NOT NULL, record BLOB, ended INTEGER) STRICT, WITHOUT ROWID;
";

/// Writes the rows of a state into a file that is not there yet, durable when it returns. Gives what the state held.
pub(crate) fn make(state: &Sqlite, to: &Path, seals: &dyn Seals) -> Result<Fingerprint, StoreError> {
    absent(to).map_err(failed("written"))?;
    let _long = state.reads_long();
    let connection = Sqlite::connect(state.path()).map_err(read)?;
    attach(&connection, to)?;
    // Nobody reads the file before it is whole and synced: it needs no way back.
    connection.execute_batch("PRAGMA snap.journal_mode = OFF; PRAGMA snap.synchronous = OFF;").map_err(written)?;
    let tx = connection.unchecked_transaction().map_err(read)?;
    // The first reading settles the moment.
    let held = fingerprint::inside(&tx).map_err(read)?;
    // Else what was changed from outside would come back from the snapshot as ours.
    state.check_inside(&tx)?;
    copy(&tx).map_err(written)?;
    tx.execute_batch(SEALED).map_err(written)?;
    seal_tokens(&tx, seals)?;
    seal_accounts(&tx, seals)?;
    tx.execute_batch(&format!("PRAGMA snap.user_version = {}", Schema::VERSION)).map_err(written)?;
    tx.commit().map_err(written)?;
    connection.execute_batch("DETACH DATABASE snap").map_err(written)?;
    drop(connection);
    File::open(to).and_then(|file| file.sync_all()).map_err(failed("written"))?;
    Ok(held)
}

pub(super) fn attach(connection: &Connection, file: &Path) -> Result<(), StoreError> {
    let path = file.to_str().ok_or_else(|| StoreError {
        doing: "written",
        cause: "snapshot: the data folder's name is no text; give the folder another".to_owned(),
    })?;
    connection.execute("ATTACH DATABASE ?1 AS snap", [path]).map(drop).map_err(written)
}

/// The tables that are copied as they lie, each with its columns.
pub(super) fn copied(connection: &Connection) -> rusqlite::Result<Vec<(String, Vec<Column>)>> {
    let names: Vec<String> = connection
        .prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let copied = names.into_iter().filter(|name| !NOT_COPIED.contains(&name.as_str()));
    copied.map(|name| Ok((name.clone(), columns(connection, "main", &name)?))).collect()
}

/// A column of a table; those that are computed from the others are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    kind: String,
    filled: bool,
    /// Its place in the primary key, from 1; 0 where it is not of it.
    key: i64,
}

pub(super) fn columns(connection: &Connection, schema: &str, table: &str) -> rusqlite::Result<Vec<Column>> {
    connection
        .prepare(&format!("PRAGMA {schema}.table_info(\"{table}\")"))?
        .query_map([], |row| {
            let (name, kind, filled, key) = (row.get("name")?, row.get("type")?, row.get("notnull")?, row.get("pk")?);
            Ok(Column { name, kind, filled, key })
        })?
        .collect()
}

/// The names of columns, for a statement.
pub(super) fn listed<'c>(columns: impl IntoIterator<Item = &'c Column>) -> String {
    columns.into_iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
}

fn copy(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for (table, columns) in copied(tx)? {
        let mut key: Vec<&Column> = columns.iter().filter(|column| column.key > 0).collect();
        key.sort_unstable_by_key(|column| column.key);
        let (all, key) = (listed(&columns), listed(key));
        let made: Vec<String> = columns
            .iter()
            .map(|column| {
                format!("\"{}\" {}{}", column.name, column.kind, if column.filled { " NOT NULL" } else { "" })
            })
            .collect();
        tx.execute_batch(&format!(
            "CREATE TABLE snap.\"{table}\" ({}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID;
             INSERT INTO snap.\"{table}\" ({all}) SELECT {all} FROM \"{table}\" ORDER BY {key};",
            made.join(", ")
        ))?;
    }
    Ok(())
}

fn seal_tokens(tx: &Transaction<'_>, seals: &dyn Seals) -> Result<(), StoreError> {
    let mut find = tx
        .prepare(
            "SELECT t.tenant, t.record, t.field, t.kind, t.token, r.person, r.class
             FROM token t CROSS JOIN record r ON r.tenant = t.tenant AND r.record = t.record
             ORDER BY t.tenant, t.record, t.field, t.kind",
        )
        .map_err(read)?;
    let mut put = tx
        .prepare("INSERT INTO snap.sealed_token (tenant, record, field, kind, sealed) VALUES (?1, ?2, ?3, ?4, ?5)")
        .map_err(written)?;
    let mut rows = find.query([]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        let of = || -> rusqlite::Result<_> {
            let field = name(row, 2, FieldName::new)?;
            let class = name(row, 6, RetentionClass::new)?;
            Ok((TenantId(row.get(0)?), RecordId(row.get(1)?), field, row.get(4)?, PersonId(row.get(5)?), class))
        };
        let (tenant, record, field, token, person, class) = of().map_err(read)?;
        if let Some(sealed) = seals.seal(&tenant, &person, &class, &record, &field, token)? {
            let kind = row.get_ref(3).map_err(read)?.as_str().unwrap_or_default();
            put.execute(params![tenant.0, record.0, field.as_str(), kind, sealed]).map_err(written)?;
        }
    }
    Ok(())
}

fn seal_accounts(tx: &Transaction<'_>, seals: &dyn Seals) -> Result<(), StoreError> {
    let mut find = tx
        .prepare(
            "SELECT person, home, login, password, role, totp, used_step, record, ended FROM account ORDER BY person",
        )
        .map_err(read)?;
    let mut put = tx
        .prepare(
            "INSERT INTO snap.sealed_account (person, home, sealed, role, totp, used_step, record, ended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )
        .map_err(written)?;
    let mut rows = find.query([]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        let of = || -> rusqlite::Result<_> {
            let secrets = AccountSecrets { login: row.get(2)?, password: row.get(3)? };
            Ok((PersonId(row.get(0)?), TenantId(row.get(1)?), secrets))
        };
        let (person, home, secrets) = of().map_err(read)?;
        if let Some(sealed) = seals.seal_secrets(&home, &person, secrets)? {
            let mut rest = || -> rusqlite::Result<usize> {
                put.execute(params![
                    person.0,
                    home.0,
                    sealed,
                    row.get_ref(4)?.as_str()?,
                    row.get::<_, Option<Vec<u8>>>(5)?,
                    row.get::<_, i64>(6)?,
                    row.get::<_, Option<[u8; 16]>>(7)?,
                    row.get::<_, Option<i64>>(8)?
                ])
            };
            rest().map_err(written)?;
        }
    }
    Ok(())
}
