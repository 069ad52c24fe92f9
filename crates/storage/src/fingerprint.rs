//! What a state holds, as counts and one hash, so that what was restored can be compared with what there was without showing
//! either; and a state built from a journal up to a place in it, for comparing.

use std::path::Path;

use aws_lc_rs::digest;
use journal::{Entry, Position, RealDisk, scan_from};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use terms::Hash;

use crate::engine::{Engine, Tokens};
use crate::sqlite::Sqlite;
use crate::store::{replayed, visited};

/// What a state holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Up to which group it was applied; none where it is empty.
    pub at: Option<Position>,
    /// How many rows each table has, by name.
    pub counts: Vec<(String, u64)>,
    /// SHA-256 over every row of every table, in the tables' own order.
    pub hash: Hash,
}

/// Tables that say where the state stands, and what must be there, and not what it holds.
const NOT_CONTENT: &[&str] = &["applied", "root"];

pub(crate) fn of(connection: &Connection) -> rusqlite::Result<Fingerprint> {
    // All of it as of one moment.
    let tx = connection.unchecked_transaction()?;
    let fingerprint = inside(&tx)?;
    tx.finish()?;
    Ok(fingerprint)
}

/// The same, where the moment is settled already.
pub(crate) fn inside(tx: &Connection) -> rusqlite::Result<Fingerprint> {
    let names: Vec<String> = tx
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut context = digest::Context::new(&digest::SHA256);
    let mut counts = Vec::new();
    for name in names.into_iter().filter(|name| !NOT_CONTENT.contains(&name.as_str())) {
        context.update(name.as_bytes());
        // In the order of its key, said outright: an index that holds all columns would be walked in its own order, and which one
        // does differs between a state with tags and one without.
        let key: Vec<String> = tx
            .prepare("SELECT name FROM pragma_table_info(?1, 'main') WHERE pk > 0 ORDER BY pk")?
            .query_map([&name], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let order = if key.is_empty() { String::new() } else { format!(" ORDER BY {}", key.join(", ")) };
        let mut statement = tx.prepare(&format!("SELECT * FROM \"{name}\"{order}"))?;
        let columns: Vec<usize> = (0..statement.column_count())
            .filter(|column| statement.column_name(*column).is_ok_and(|name| name != crate::guarded::TAG))
            .collect();
        let mut rows = statement.query([])?;
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            for column in &columns {
                add(&mut context, row.get_ref(*column)?);
            }
        }
        context.update(&count.to_le_bytes());
        counts.push((name, count));
    }
    let at = tx.query_row("SELECT segment, at FROM applied", [], |row| {
        Ok(Position { segment: row.get::<_, i64>(0)? as u64, offset: row.get::<_, i64>(1)? as u64 })
    });
    let at = match at {
        Ok(at) => Some(at),
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        Err(error) => return Err(error),
    };
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Ok(Fingerprint { at, counts, hash: Hash(hash) })
}

/// A value with its type and length, so that no two rows say the same.
fn add(context: &mut digest::Context, value: ValueRef<'_>) {
    let mut tagged = |tag: u8, bytes: &[u8]| {
        context.update(&[tag]);
        context.update(&(bytes.len() as u64).to_le_bytes());
        context.update(bytes);
    };
    match value {
        ValueRef::Null => tagged(0, &[]),
        ValueRef::Integer(number) => tagged(1, &number.to_le_bytes()),
        ValueRef::Real(number) => tagged(2, &number.to_le_bytes()),
        ValueRef::Text(text) => tagged(3, text),
        ValueRef::Blob(bytes) => tagged(4, bytes),
    }
}

/// Builds a state from the journal in a folder, up to and with the group at `until` (to the end without it), in a file that is not
/// there yet; and says what it holds. Where `from` gives the rows of a snapshot, it is made from those and what came after. The file is
/// nobody's afterwards.
///
/// # Errors
/// The journal's, or the world's; and a journal whose operations were taken out beyond what `from` knows.
pub fn rebuild(
    journal: &Path,
    from: Option<&Path>,
    until: Option<Position>,
    state: &Path,
    tokens: &dyn Tokens,
) -> Result<Fingerprint, journal::OpenError> {
    if let Some(rows) = from {
        crate::snapshot::load(rows, state, tokens, None).map_err(visited)?;
    }
    let engine = Sqlite::open(state).map_err(visited)?;
    let begins = engine.applied().map_err(visited)?;
    crate::store::known(journal, &RealDisk, begins).map_err(visited)?;
    scan_from(journal, begins, &mut |position: Position, entries: &[Entry]| {
        if begins.is_some_and(|begins| position <= begins) || until.is_some_and(|until| position > until) {
            return Ok(());
        }
        engine.apply(&replayed(position, entries, tokens)?).map_err(visited)
    })?;
    engine.fingerprint().map_err(visited)
}
