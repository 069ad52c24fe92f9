//! Erasing and restricting in the embedded engine: the rows that go, what they leave in the files, and what is left of them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use terms::{ClauseId, Instant, KindName, PersonId, RecordId, RetentionClass, TenantId};

use crate::engine::StoreError;
use crate::erasing::{Erase, Left, PersonGoes, Reached, Restrict, Restriction, StoredErasure};
use crate::house_row::{self, HouseRow, RowKind};
use crate::leaving::{ErasePortion, Leaving};
use crate::remembered::MAX_TRACES;
use crate::remnants;
use crate::sqlite::{Sqlite, poisoned, written};
use crate::sqlite_rows::name;

pub(crate) const TABLES: &str = "
CREATE TABLE erasure (
  tenant BLOB NOT NULL, id BLOB NOT NULL, entry INTEGER NOT NULL, time INTEGER NOT NULL, plan BLOB NOT NULL, certificate BLOB,
  everywhere BLOB, PRIMARY KEY (tenant, id)) STRICT, WITHOUT ROWID;
CREATE TABLE restriction (
  tenant BLOB NOT NULL, person BLOB NOT NULL, author BLOB NOT NULL, clause TEXT NOT NULL, why TEXT NOT NULL, until INTEGER,
  since INTEGER NOT NULL, PRIMARY KEY (tenant, person)) STRICT, WITHOUT ROWID;
";

pub(crate) const ERASURE: &str = "SELECT tenant, id, entry, time, plan, certificate, everywhere FROM erasure";
pub(crate) const RESTRICTIONS: &str =
    "SELECT tenant, person, author, clause, why, until, since FROM restriction ORDER BY tenant, person";

/// Bytes of something sealed by which it is known again: the beginning of its first field's name and seal, and its end.
const TRACE_BYTES: usize = 64;
/// How often a WAL that somebody still reads is tried again; readers SQLite itself waits for, some seconds.
const TRIES: u32 = 20;
/// How long is waited between the tries.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(25);

/// The records that go with an erasure's own entry: the single ones, and those that lie under the keys that go, where they do not
/// follow in portions. `by_person` are the records by the index of that name, as the connection reads them: without statistics the
/// planner would walk through all of the tenant's.
fn going(
    connection: &Connection,
    by_person: &str,
    tenant: &TenantId,
    erase: &Erase,
) -> rusqlite::Result<BTreeSet<RecordId>> {
    let mut all: BTreeSet<RecordId> = erase.records.iter().copied().collect();
    if erase.in_portions {
        return Ok(all);
    }
    let find = format!("SELECT record FROM {by_person} WHERE tenant = ?1 AND person = ?2 AND class = ?3");
    let mut find = connection.prepare_cached(&find)?;
    for goes in &erase.persons {
        for class in &goes.classes {
            let found = find.query_map(params![tenant.0, goes.person.0, class.as_str()], |row| row.get(0))?;
            for record in found {
                all.insert(RecordId(record?));
            }
        }
    }
    Ok(all)
}

pub(crate) fn erase(
    tx: &Transaction<'_>,
    tenant: &TenantId,
    entry: u64,
    time: Instant,
    erase: &Erase,
) -> rusqlite::Result<()> {
    for record in going(tx, "main.record INDEXED BY record_by_person", tenant, erase)? {
        delete_wholly(tx, tenant, &record)?;
    }
    for (kind, id) in rows_of(tx, tenant, erase)? {
        tx.prepare_cached("DELETE FROM house WHERE kind = ?1 AND key = ?2")?
            .execute(params![kind as i64, house_row::hold_key(tenant, &id)])?;
    }
    for goes in erase.persons.iter().filter(|goes| goes.wholly()) {
        for table in ["account", "session"] {
            tx.prepare_cached(&format!("DELETE FROM {table} WHERE person = ?1 AND home = ?2"))?
                .execute(params![goes.person.0, tenant.0])?;
        }
        // Keys of programs, invitations, and what the person was told.
        tx.prepare_cached("DELETE FROM house WHERE person = ?1 AND tenant = ?2")?
            .execute(params![goes.person.0, tenant.0])?;
        lift(tx, tenant, &goes.person)?;
    }
    if erase.in_portions {
        house_row::put(tx, &HouseRow::Leaving(Leaving::of(*tenant, erase)))?;
    }
    tx.prepare_cached(
        "INSERT OR REPLACE INTO erasure (tenant, id, entry, time, plan, certificate) VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
    )?
    .execute(params![tenant.0, erase.id.0, entry as i64, time.micros(), erase.plan])?;
    Ok(())
}

/// The rows that go with an erasure and are found by no person: holds of one of its records alone, and what was set aside. There
/// are few of them, so that no index is kept.
fn rows_of(connection: &Connection, tenant: &TenantId, erase: &Erase) -> rusqlite::Result<Vec<(RowKind, RecordId)>> {
    let mut found = Vec::new();
    for row in house_row::of(connection, RowKind::Hold, tenant)? {
        if let HouseRow::Hold(hold) = row
            && hold.scope.single().is_some_and(|record| erase.records.contains(&record))
        {
            found.push((RowKind::Hold, hold.id));
        }
    }
    for row in house_row::of(connection, RowKind::SetAside, tenant)? {
        if let HouseRow::SetAside(one) = row
            && erase.records.contains(&one.record)
        {
            found.push((RowKind::SetAside, one.id));
        }
    }
    Ok(found)
}

/// Takes away the next records of an erasure, and counts them.
pub(crate) fn portion(tx: &Transaction<'_>, tenant: &TenantId, portion: &ErasePortion) -> rusqlite::Result<()> {
    for record in &portion.records {
        delete_wholly(tx, tenant, record)?;
    }
    house_row::leave(tx, tenant, portion)
}

pub(crate) fn leaving_rows(
    connection: &Connection,
    tenant: &TenantId,
    goes: &PersonGoes,
    after: Option<&RecordId>,
    limit: usize,
) -> rusqlite::Result<Vec<RecordId>> {
    // Named, as in `reached`. What only goes need not be held against its tag.
    let mut find = connection.prepare_cached(
        "SELECT record, class FROM main.record INDEXED BY record_by_person
         WHERE tenant = ?1 AND person = ?2 AND record > ?3 ORDER BY record",
    )?;
    let mut found = Vec::new();
    let mut rows = find.query(params![tenant.0, goes.person.0, after.map_or(&[][..], |after| after.0.as_slice())])?;
    while let Some(row) = rows.next()? {
        let class = row.get_ref(1)?.as_str()?;
        if goes.classes.iter().any(|one| one.as_str() == class) {
            found.push(RecordId(row.get(0)?));
            if found.len() == limit {
                break;
            }
        }
    }
    Ok(found)
}

/// Takes away a record with all that is its own, and what somebody has looked at in it.
fn delete_wholly(tx: &Transaction<'_>, tenant: &TenantId, record: &RecordId) -> rusqlite::Result<()> {
    delete(tx, tenant, record)?;
    let (from, until) = house_row::looked_at_in(tenant, record);
    tx.prepare_cached("DELETE FROM house WHERE kind = ?1 AND key >= ?2 AND key < ?3")?.execute(params![
        RowKind::LookedAt as i64,
        from,
        until
    ])?;
    Ok(())
}

/// Takes away a record with all that is its own.
pub(crate) fn delete(tx: &Transaction<'_>, tenant: &TenantId, record: &RecordId) -> rusqlite::Result<()> {
    for table in ["token", "once", "file", "past", "record"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE tenant = ?1 AND record = ?2"))?
            .execute(params![tenant.0, record.0])?;
    }
    Ok(())
}

pub(crate) fn complete(
    tx: &Transaction<'_>,
    tenant: &TenantId,
    id: &RecordId,
    certificate: &[u8],
) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE erasure SET certificate = ?3 WHERE tenant = ?1 AND id = ?2")?.execute(params![
        tenant.0,
        id.0,
        certificate
    ])?;
    house_row::left(tx, tenant, id)
}

pub(crate) fn everywhere(tx: &Transaction<'_>, tenant: &TenantId, id: &RecordId, stage: &[u8]) -> rusqlite::Result<()> {
    tx.prepare_cached("UPDATE erasure SET everywhere = ?3 WHERE tenant = ?1 AND id = ?2")?
        .execute(params![tenant.0, id.0, stage])?;
    Ok(())
}

pub(crate) fn restrict(tx: &Transaction<'_>, tenant: &TenantId, time: Instant, of: &Restrict) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO restriction (tenant, person, author, clause, why, until, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        tenant.0,
        of.person.0,
        of.by.0,
        of.clause.as_str(),
        of.why,
        of.until.map(|until| until.micros()),
        time.micros()
    ])?;
    Ok(())
}

pub(crate) fn lift(tx: &Transaction<'_>, tenant: &TenantId, person: &PersonId) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM restriction WHERE tenant = ?1 AND person = ?2")?
        .execute(params![tenant.0, person.0])?;
    Ok(())
}

fn reached_row(row: &Row<'_>) -> rusqlite::Result<Reached> {
    Ok(Reached {
        record: RecordId(row.get(0)?),
        version: row.get::<_, i64>(1)? as u64,
        kind: name(row, 2, KindName::new)?,
        person: PersonId(row.get(3)?),
        parent: row.get::<_, Option<[u8; 16]>>(4)?.map(RecordId),
        state: row.get(5)?,
        class: name(row, 6, RetentionClass::new)?,
    })
}

/// `by_person` and `by_parent` are the records by the index of that name, as the connection reads them.
pub(crate) fn reached(
    connection: &Connection,
    [by_person, by_parent]: [&str; 2],
    tenant: &TenantId,
    persons: &[PersonId],
    records: &[RecordId],
) -> rusqlite::Result<Vec<Reached>> {
    // Both are named: without statistics the planner walks through all of the tenant's records, once for each that is reached.
    let by = |table: &str, column: &str| {
        format!(
            "SELECT record, version, kind, person, parent, state, class FROM {table} WHERE tenant = ?1 AND {column} = ?2"
        )
    };
    let mut of_person = connection.prepare_cached(&by(by_person, "person"))?;
    let mut single = connection.prepare_cached(&by("record", "record"))?;
    let mut children = connection.prepare_cached(&by(by_parent, "parent"))?;
    let mut all: BTreeMap<RecordId, Reached> = BTreeMap::new();
    let mut waiting: Vec<RecordId> = Vec::new();
    let mut take = |found: Reached, waiting: &mut Vec<RecordId>| {
        let record = found.record;
        if all.insert(record, found).is_none() {
            waiting.push(record);
        }
    };
    for person in persons {
        for found in of_person.query_map(params![tenant.0, person.0], reached_row)? {
            take(found?, &mut waiting);
        }
    }
    for record in records {
        for found in single.query_map(params![tenant.0, record.0], reached_row)? {
            take(found?, &mut waiting);
        }
    }
    while let Some(record) = waiting.pop() {
        for found in children.query_map(params![tenant.0, record.0], reached_row)? {
            take(found?, &mut waiting);
        }
    }
    Ok(all.into_values().collect())
}

pub(crate) fn traces(
    connection: &Connection,
    by_person: &str,
    tenant: &TenantId,
    erase: &Erase,
) -> rusqlite::Result<Option<Vec<Vec<u8>>>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for record in going(connection, by_person, tenant, erase)? {
        let place = params![tenant.0, record.0];
        let tokens = "SELECT DISTINCT token FROM token WHERE tenant = ?1 AND record = ?2";
        for token in connection.prepare_cached(tokens)?.query_map(place, |row| row.get(0))? {
            all.push(token?);
        }
        let sealed = "SELECT sealed FROM record WHERE tenant = ?1 AND record = ?2
                      UNION ALL SELECT sealed FROM past WHERE tenant = ?1 AND record = ?2";
        for sealed in connection.prepare_cached(sealed)?.query_map(place, |row| row.get::<_, Vec<u8>>(0))? {
            // The end: it is the last field's seal, and nothing else ends so. Beginnings are alike under one key.
            let sealed = sealed?;
            all.push(sealed.get(sealed.len().saturating_sub(TRACE_BYTES)..).unwrap_or(&sealed).to_vec());
        }
        if all.len() > MAX_TRACES {
            return Ok(None);
        }
    }
    for goes in erase.persons.iter().filter(|goes| goes.wholly()) {
        let values = params![goes.person.0, tenant.0];
        let account = connection
            .prepare_cached("SELECT login, password, totp FROM account WHERE person = ?1 AND home = ?2")?
            .query_row(values, |row| {
                let (login, password): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
                // The hash itself, at its end; how it was made stands before it and is everybody's.
                let hash = password.rsplit('$').next().unwrap_or("").as_bytes().to_vec();
                Ok([Some(login), Some(hash), row.get::<_, Option<Vec<u8>>>(2)?])
            })
            .optional()?;
        all.extend(account.into_iter().flatten().flatten());
        let sessions = "SELECT token FROM session WHERE person = ?1 AND home = ?2";
        for session in connection.prepare_cached(sessions)?.query_map(values, |row| row.get(0))? {
            all.push(session?);
        }
        let house = "SELECT body FROM house WHERE person = ?1 AND tenant = ?2";
        for row in connection.prepare_cached(house)?.query_map(values, |row| row.get(0))? {
            all.push(row?);
        }
    }
    Ok(Some(all))
}

/// See [`crate::Engine::clear`]. The writer is held only while the WAL is emptied or the file is written anew.
pub(crate) fn clear(state: &Sqlite, traces: Option<&[Vec<u8>]>) -> Result<(), StoreError> {
    empty_wal(state, &*state.writer.lock().map_err(|_| poisoned())?)?;
    // Every token is read, and nobody who writes is to wait for that.
    let _long = state.reads_long();
    let still_there = || remnants::found(state.path(), &state.with(|reader| gone(reader, traces.unwrap_or(&[])))?);
    if traces.is_some() && !still_there()? {
        return Ok(());
    }
    {
        let writer = state.writer.lock().map_err(|_| poisoned())?;
        writer.execute_batch("VACUUM").map_err(written)?;
        empty_wal(state, &writer)?;
    }
    if still_there()? {
        let cause = "what was erased is still in the file of the state".to_owned();
        return Err(StoreError { doing: "written", cause });
    }
    Ok(())
}

/// Of the traces, those that no living row carries: a word in one person's record may be a word in another's.
fn gone(connection: &Connection, traces: &[Vec<u8>]) -> rusqlite::Result<Vec<Vec<u8>>> {
    if traces.is_empty() {
        return Ok(Vec::new());
    }
    let sought: BTreeSet<&[u8]> = traces.iter().map(Vec::as_slice).collect();
    let mut living: BTreeSet<Vec<u8>> = BTreeSet::new();
    let mut statement = connection.prepare("SELECT token FROM token")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let token = row.get_ref(0)?.as_blob()?;
        if sought.contains(token) {
            living.insert(token.to_vec());
        }
    }
    Ok(traces.iter().filter(|trace| !living.contains(*trace)).cloned().collect())
}

/// Moves the WAL into the file and takes its bytes away. Readers that are in the middle of something are waited for; the writer
/// is held.
fn empty_wal(state: &Sqlite, writer: &Connection) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        let busy: i64 = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).map_err(written)?;
        if busy == 0 {
            return remnants::sync_wal(state.path());
        }
        // The follower moves the WAL too, and SQLite does not wait for another that does.
        std::thread::sleep(PAUSE);
    }
    Err(StoreError { doing: "written", cause: "the WAL could not be emptied: it was read all the time".to_owned() })
}

pub(crate) fn left(
    connection: &Connection,
    by_person: &str,
    tenant: &TenantId,
    erase: &Erase,
    of: &[RecordId],
) -> rusqlite::Result<Left> {
    // At the end nothing may be left, however it was to go.
    let going = going(connection, by_person, tenant, &Erase { in_portions: false, ..erase.clone() })?;
    let count = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<u64> {
        Ok(connection.prepare_cached(sql)?.query_row(values, |row| row.get::<_, i64>(0))? as u64)
    };
    let lives = "SELECT count(*) FROM record WHERE tenant = ?1 AND record = ?2";
    let mut left = Left::default();
    let mut past: BTreeSet<(RecordId, i64)> = BTreeSet::new();
    let mut versions = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> rusqlite::Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        for row in statement.query_map(values, |row| Ok((RecordId(row.get(0)?), row.get(1)?)))? {
            past.insert(row?);
        }
        Ok(())
    };
    for record in &going {
        left.records += count(lives, &[&tenant.0, &record.0])?;
        versions("SELECT record, version FROM past WHERE tenant = ?1 AND record = ?2", &[&tenant.0, &record.0])?;
    }
    for goes in &erase.persons {
        for class in &goes.classes {
            versions(
                "SELECT record, version FROM past WHERE tenant = ?1 AND person = ?2 AND class = ?3",
                &[&tenant.0, &goes.person.0, &class.as_str()],
            )?;
        }
        if goes.wholly() {
            let values: [&dyn rusqlite::ToSql; 2] = [&goes.person.0, &tenant.0];
            left.accounts += count("SELECT count(*) FROM account WHERE person = ?1 AND home = ?2", &values)?;
            left.sessions += count("SELECT count(*) FROM session WHERE person = ?1 AND home = ?2", &values)?;
            left.rows += count("SELECT count(*) FROM house WHERE person = ?1 AND tenant = ?2", &values)?;
            left.restrictions += count("SELECT count(*) FROM restriction WHERE person = ?1 AND tenant = ?2", &values)?;
        }
    }
    left.versions = past.len() as u64;
    left.rows += rows_of(connection, tenant, erase)?.len() as u64;
    for record in of {
        let place: [&dyn rusqlite::ToSql; 2] = [&tenant.0, &record.0];
        if count(lives, &place)? == 0 {
            left.tokens += count("SELECT count(*) FROM token WHERE tenant = ?1 AND record = ?2", &place)?;
            left.answers += count("SELECT count(*) FROM once WHERE tenant = ?1 AND record = ?2", &place)?;
            left.files += count("SELECT count(*) FROM file WHERE tenant = ?1 AND record = ?2", &place)?;
            let (from, until) = house_row::looked_at_in(tenant, record);
            let looked_at: [&dyn rusqlite::ToSql; 3] = [&(RowKind::LookedAt as i64), &from, &until];
            left.rows += count("SELECT count(*) FROM house WHERE kind = ?1 AND key >= ?2 AND key < ?3", &looked_at)?;
        }
    }
    Ok(left)
}

pub(crate) fn erasure(row: &Row<'_>) -> rusqlite::Result<StoredErasure> {
    Ok(StoredErasure {
        tenant: TenantId(row.get(0)?),
        id: RecordId(row.get(1)?),
        entry: row.get::<_, i64>(2)? as u64,
        time: Instant(row.get(3)?),
        plan: row.get(4)?,
        certificate: row.get(5)?,
        everywhere: row.get(6)?,
    })
}

pub(crate) fn restriction(row: &Row<'_>) -> rusqlite::Result<(TenantId, Restriction)> {
    let of = Restrict {
        person: PersonId(row.get(1)?),
        by: PersonId(row.get(2)?),
        clause: name(row, 3, ClauseId::new)?,
        why: row.get(4)?,
        until: row.get::<_, Option<i64>>(5)?.map(Instant),
    };
    Ok((TenantId(row.get(0)?), Restriction { of, since: Instant(row.get(6)?) }))
}
