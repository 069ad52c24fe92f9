//! A state from a snapshot: the rows into fresh tables of our own, and what is sealed made bare again where its person's key is
//! still there. And at a start, the newest whole snapshot in the place of a state that is missing, damaged or of an older form.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::{Disk, Position, VerifierKey};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, params};
use terms::{FieldName, PersonId, RecordId, RetentionClass, TenantId};

use super::make::{Column, attach, columns, copied, listed};
use super::{LEAST_FORM, Snapshot, absent, clear, failed, snapshots};
use crate::distrusted::{self, database_overwritten};
use crate::engine::{Schema, StoreError, Tokens};
use crate::guarded::Guard;
use crate::sqlite::{Sqlite, poisoned, read, written};
use crate::sqlite_rows::name;

/// Makes a state from the rows of a snapshot, in a file in the place of whatever has that name, durable when it returns. Rows of an
/// older form fill the columns that they have. With a guard the rows get their tags, and the sets their roots.
///
/// # Errors
/// The world's, and a token or an account that does not open though its key is here.
pub(crate) fn load(
    rows: &Path,
    state: &Path,
    tokens: &dyn Tokens,
    guard: Option<Arc<dyn Guard>>,
) -> Result<(), StoreError> {
    database_overwritten(state).map_err(failed("written"))?;
    let fresh = match guard {
        Some(guard) => Sqlite::open_guarded(state, guard)?,
        None => Sqlite::open(state)?,
    };
    {
        let writer = fresh.writer.lock().map_err(|_| poisoned())?;
        // Nobody reads the file before it is whole and synced: it needs no way back.
        writer
            .execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;
                 PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
            )
            .map_err(written)?;
        attach(&writer, rows)?;
        let form: i64 = writer.query_row("PRAGMA snap.user_version", [], |row| row.get(0)).map_err(read)?;
        if !(LEAST_FORM..=Schema::VERSION).contains(&form) {
            return Err(crate::distrusted::newer("snapshot", form, Schema::VERSION));
        }
        let tx = writer.unchecked_transaction().map_err(written)?;
        for (table, ours) in copied(&tx).map_err(read)? {
            copy(&tx, &table, &ours).map_err(written)?;
        }
        open_tokens(&tx, tokens)?;
        open_accounts(&tx, tokens)?;
        fresh.seal_filled(&tx)?;
        tx.commit().map_err(written)?;
        writer.execute_batch("DETACH DATABASE snap; PRAGMA journal_mode = WAL;").map_err(written)?;
    }
    drop(fresh);
    File::open(state).and_then(|file| file.sync_all()).map_err(failed("written"))
}

/// Column by column, by name: what an older snapshot does not have stays as a new row has it.
fn copy(tx: &Transaction<'_>, table: &str, ours: &[Column]) -> rusqlite::Result<()> {
    let theirs = columns(tx, "snap", table)?;
    let both = listed(ours.iter().filter(|one| theirs.iter().any(|other| other.name == one.name)));
    if both.is_empty() {
        return Ok(());
    }
    // In the order of its key there, which is that of the rows here.
    tx.execute_batch(&format!("INSERT INTO main.\"{table}\" ({both}) SELECT {both} FROM snap.\"{table}\""))
}

fn open_tokens(tx: &Transaction<'_>, tokens: &dyn Tokens) -> Result<(), StoreError> {
    let mut find = tx
        .prepare(
            "SELECT t.tenant, t.record, t.field, t.kind, t.sealed, r.person, r.class
             FROM snap.sealed_token t CROSS JOIN main.record r ON r.tenant = t.tenant AND r.record = t.record",
        )
        .map_err(read)?;
    let mut put = tx
        .prepare("INSERT OR IGNORE INTO main.token (tenant, kind, field, token, record) VALUES (?1, ?2, ?3, ?4, ?5)")
        .map_err(written)?;
    let mut rows = find.query([]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        let of = || -> rusqlite::Result<_> {
            let (field, class) = (name(row, 2, FieldName::new)?, name(row, 6, RetentionClass::new)?);
            Ok((TenantId(row.get(0)?), RecordId(row.get(1)?), field, PersonId(row.get(5)?), class))
        };
        let (tenant, record, field, person, class) = of().map_err(read)?;
        let sealed = row.get_ref(4).map_err(read)?.as_blob().unwrap_or_default();
        if let Some(token) = tokens.open(&tenant, &person, &class, &record, &field, sealed)? {
            let kind = row.get_ref(3).map_err(read)?.as_str().unwrap_or_default();
            put.execute(params![tenant.0, kind, field.as_str(), token, record.0]).map_err(written)?;
        }
    }
    Ok(())
}

fn open_accounts(tx: &Transaction<'_>, tokens: &dyn Tokens) -> Result<(), StoreError> {
    let mut find = tx
        .prepare("SELECT person, home, sealed, role, totp, used_step, record, ended FROM snap.sealed_account")
        .map_err(read)?;
    let mut put = tx
        .prepare(
            "INSERT INTO main.account (person, home, login, role, password, totp, used_step, record, ended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .map_err(written)?;
    let mut rows = find.query([]).map_err(read)?;
    while let Some(row) = rows.next().map_err(read)? {
        let of =
            || -> rusqlite::Result<_> { Ok((PersonId(row.get(0)?), TenantId(row.get(1)?), row.get::<_, Vec<u8>>(2)?)) };
        let (person, home, sealed) = of().map_err(read)?;
        let Some(secrets) = tokens.open_account(&home, &person, &sealed)? else { continue };
        let mut keep = || -> rusqlite::Result<usize> {
            put.execute(params![
                person.0,
                home.0,
                secrets.login,
                row.get_ref(3)?.as_str()?,
                secrets.password,
                row.get::<_, Option<Vec<u8>>>(4)?,
                row.get::<_, i64>(5)?,
                row.get::<_, Option<[u8; 16]>>(6)?,
                row.get::<_, Option<i64>>(7)?
            ])
        };
        keep().map_err(written)?;
    }
    Ok(())
}

/// What a start did about a state that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Brought {
    /// The state stands, or what to do about it is found out by whoever opens it.
    Stands,
    /// It was made from this snapshot.
    From(Snapshot),
    /// It could not be used, and there is no snapshot that can.
    Nothing,
}

/// Puts the newest whole snapshot in the place of a state that is missing, damaged, of an older form, or set back behind what the
/// journal still holds. A snapshot that is not whole is passed over for the one before.
///
/// It grows beside the state and gets its name last. If we die before that, the next start finds no state, or the one that could
/// not be used, and does the same.
pub(crate) fn bring(
    folder: &Path,
    journal: &Path,
    disk: &dyn Disk,
    key: &VerifierKey,
    tokens: &dyn Tokens,
    guard: Option<Arc<dyn Guard>>,
) -> Result<Brought, StoreError> {
    clear(folder).map_err(failed("written"))?;
    let (state, grows) = (folder.join("state.db"), folder.join("state.db.growing"));
    // What a program that died was making holds bare what only the live state may.
    database_overwritten(&grows).map_err(failed("written"))?;
    let covered = super::covered(journal, disk)?;
    let why = match stands(&state)? {
        Stands::Newer => return Ok(Brought::Stands),
        Stands::At(at) if at >= covered => return Ok(Brought::Stands),
        Stands::At(_) => "is older than what the journal still holds",
        Stands::Not(why) => why,
    };
    for one in snapshots(folder, key)? {
        let passed = |why: &str| tracing::warn!(snapshot = one.name(), why, "a snapshot is passed over");
        if !(LEAST_FORM..=Schema::VERSION).contains(&one.form) {
            passed("it is of another form");
        } else if journal::read_group(journal, disk, one.at).is_err() {
            passed("the journal has no group where it ends");
        } else if Some(one.at) < covered {
            passed("the journal no longer holds all that came after it");
        } else if !one.is_whole(folder)? {
            passed("its rows are not those that its note was signed for");
        } else {
            match why {
                // As after a restore.
                MISSING => tracing::info!(snapshot = one.name(), "the state {why}; it is made from a snapshot"),
                _ => tracing::warn!(snapshot = one.name(), "the state {why}; it is made from a snapshot"),
            }
            load(&one.rows_in(folder), &grows, tokens, guard)?;
            // It may be the last copy of what it holds, until what comes in its place is open.
            distrusted::set_aside(&state)?;
            let put = || -> io::Result<()> {
                std::fs::rename(&grows, &state)?;
                for file in with_suffixes(&grows) {
                    absent(&file)?;
                }
                File::open(folder)?.sync_all()
            };
            put().map_err(failed("written"))?;
            return Ok(Brought::From(one));
        }
    }
    Ok(Brought::Nothing)
}

/// That there is no state.
const MISSING: &str = "is missing";

/// How a state stands before it is opened.
enum Stands {
    At(Option<Position>),
    Newer,
    Not(&'static str),
}

fn stands(state: &Path) -> Result<Stands, StoreError> {
    if std::fs::metadata(state).map_or(0, |about| about.len()) == 0 {
        return Ok(Stands::Not(MISSING));
    }
    let ask = || -> rusqlite::Result<Stands> {
        let connection = Connection::open(state)?;
        let form: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if form > Schema::VERSION {
            return Ok(Stands::Newer);
        }
        if form < Schema::VERSION {
            return Ok(Stands::Not(if form == 0 { "was begun and not finished" } else { "is of an older form" }));
        }
        let at = connection.query_row("SELECT segment, at FROM applied", [], |row| {
            Ok(Position { segment: row.get::<_, i64>(0)? as u64, offset: row.get::<_, i64>(1)? as u64 })
        });
        Ok(Stands::At(at.optional()?))
    };
    match ask() {
        Err(rusqlite::Error::SqliteFailure(error, _))
            if matches!(error.code, ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) =>
        {
            Ok(Stands::Not("is damaged"))
        }
        stands => stands.map_err(read),
    }
}

/// The files of a database.
fn with_suffixes(state: &Path) -> impl Iterator<Item = PathBuf> {
    let state = state.as_os_str().to_owned();
    ["", "-wal", "-shm"].into_iter().map(move |suffix| {
        let mut file = state.clone();
        file.push(suffix);
        PathBuf::from(file)
    })
}
