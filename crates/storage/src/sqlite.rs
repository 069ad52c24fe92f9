//! The embedded engine: SQLite, bundled, in WAL with `synchronous=NORMAL` and `secure_delete`. It is derived from the
//! journal, so it need not sync on its own; checkpoints of the WAL run in a thread of their own (`publisher.rs`).

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex};

use journal::Position;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use terms::{AgreementHash, FieldName, FileId, Hash, Instant, KindName, PersonId, RecordId, TenantId};

use crate::distrusted;
use crate::engine::{AdoptedAgreement, Batch, Engine, Find, Schema, StoreError};
use crate::erasing::{Erase, Left, PersonGoes, Reached, Restriction, StoredErasure};
use crate::file::StoredFile;
use crate::fingerprint::Fingerprint;
use crate::guarded::{self, Guarded, is_damage, tagged};
use crate::house_row::{self, HouseRow, RowKind};
use crate::import::{self, Import};
use crate::op::{Account, AdoptedFile, Once, Op, PutRecord, Session, StoredRecord, Tenant, Token};
use crate::sets::damaged;
use crate::snapshot::Seals;
use crate::sqlite_accounts;
use crate::sqlite_erasing;
use crate::sqlite_rows::{ACCOUNT, RECORD, TENANT, account, by_id, record, tenant};
use crate::sqlite_wal::{Mover, beside};

/// SQLite before this can lose committed writes when a checkpoint races a writer (the WAL-reset fault).
const LEAST_SQLITE: i32 = 3_051_003;

const TABLES: &str = "
CREATE TABLE record (
  tenant BLOB NOT NULL, record BLOB NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, person BLOB NOT NULL,
  parent BLOB, state TEXT, written INTEGER NOT NULL, author BLOB NOT NULL, sealed BLOB NOT NULL, class TEXT NOT NULL,
  PRIMARY KEY (tenant, record)) STRICT, WITHOUT ROWID;
CREATE INDEX record_by_person ON record (tenant, person, record);
CREATE INDEX record_by_kind ON record (tenant, kind, record);
CREATE INDEX record_by_parent ON record (tenant, parent, kind, record) WHERE parent IS NOT NULL;
CREATE TABLE past (
  tenant BLOB NOT NULL, record BLOB NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, person BLOB NOT NULL,
  parent BLOB, state TEXT, written INTEGER NOT NULL, author BLOB NOT NULL, sealed BLOB NOT NULL, class TEXT NOT NULL,
  PRIMARY KEY (tenant, record, version)) STRICT, WITHOUT ROWID;
CREATE TABLE token (
  tenant BLOB NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, token BLOB NOT NULL, record BLOB NOT NULL,
  PRIMARY KEY (tenant, kind, field, token, record)) STRICT, WITHOUT ROWID;
CREATE INDEX token_of_record ON token (tenant, record, field);
CREATE TABLE once (
  tenant BLOB NOT NULL, key BLOB NOT NULL, record BLOB NOT NULL, version INTEGER NOT NULL, of BLOB,
  PRIMARY KEY (tenant, key)) STRICT, WITHOUT ROWID;
CREATE INDEX once_of_record ON once (tenant, record);
CREATE TABLE tenant (
  id BLOB PRIMARY KEY NOT NULL, name TEXT NOT NULL, registration_number TEXT, service TEXT NOT NULL,
  provider INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE account (
  person BLOB PRIMARY KEY NOT NULL, home BLOB NOT NULL, login BLOB NOT NULL UNIQUE, role TEXT NOT NULL,
  password TEXT NOT NULL, totp BLOB, used_step INTEGER NOT NULL, record BLOB, ended INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX account_by_home ON account (home, person);
CREATE TABLE session (
  token BLOB PRIMARY KEY NOT NULL, person BLOB NOT NULL, home BLOB NOT NULL, begun INTEGER NOT NULL,
  ends INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);
CREATE INDEX session_by_end ON session (ends);
CREATE TABLE agreement (hash BLOB PRIMARY KEY NOT NULL, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE adopted (
  tenant BLOB NOT NULL, since INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (tenant, since)) STRICT, WITHOUT ROWID;
CREATE TABLE adopted_file (
  tenant BLOB NOT NULL, since INTEGER NOT NULL, hash BLOB NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (tenant, since)) STRICT, WITHOUT ROWID;
CREATE TABLE log (tenant BLOB PRIMARY KEY NOT NULL, size INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE applied (only INTEGER PRIMARY KEY CHECK (only = 1), segment INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
";

/// The embedded engine.
pub struct Sqlite {
    path: PathBuf,
    pub(crate) writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Who moves the WAL.
    pub(crate) mover: Mutex<Option<Mover>>,
    pub(crate) guarded: Option<Guarded>,
    /// How often the file of keys was changed: what a state is written beside.
    pub(crate) beside: Arc<AtomicU64>,
    pub(crate) unchecked: AtomicBool,
    /// How many read all of it just now.
    pub(crate) long: Arc<AtomicUsize>,
}

pub(crate) fn read(cause: rusqlite::Error) -> StoreError {
    let doing = if is_damage(&cause) { StoreError::TRUSTED } else { "read" };
    StoreError { doing, cause: cause.to_string() }
}

pub(crate) fn written(cause: rusqlite::Error) -> StoreError {
    let doing = if is_damage(&cause) { StoreError::TRUSTED } else { "written" };
    StoreError { doing, cause: cause.to_string() }
}

pub(crate) fn poisoned() -> StoreError {
    StoreError { doing: "read", cause: "another thread stopped while it held the state".to_owned() }
}

impl Sqlite {
    /// Opens the state, or begins it. A state of an older schema goes: the journal builds it anew. Its rows carry no
    /// tags: for whoever has no keys, and for looking at a state that has them without judging it.
    ///
    /// # Errors
    /// The world's, a state of a newer schema, or a SQLite too old to be trusted.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let before = distrusted::aside(path).exists();
        let state = Self::open_in(path, None)?;
        // What somebody else set aside is his.
        if !before {
            distrusted::forget(path)?;
        }
        Ok(state)
    }

    /// Opens the state, or begins it; one of an older schema is set aside ([`distrusted`]), and whoever calls says what becomes of it.
    pub(crate) fn open_in(path: &Path, guarded: Option<Guarded>) -> Result<Self, StoreError> {
        if rusqlite::version_number() < LEAST_SQLITE {
            return Err(StoreError {
                doing: "read",
                cause: format!("SQLite {} can lose committed writes; 3.51.3 or later is needed", rusqlite::version()),
            });
        }
        let mut writer = Self::connect(path).map_err(written)?;
        let version: i64 = writer.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(read)?;
        if version > Schema::VERSION {
            return Err(distrusted::newer("state.db", version, Schema::VERSION));
        }
        if version != 0 && version != Schema::VERSION {
            drop(writer);
            distrusted::set_aside(path)?;
            writer = Self::connect(path).map_err(written)?;
        }
        if let Some(guarded) = &guarded {
            guarded.begin(&writer).map_err(written)?;
        }
        if version != Schema::VERSION {
            Self::begin(&writer, guarded.is_some()).map_err(written)?;
        }
        if let Some(guarded) = &guarded {
            guarded.on_writer(&writer).map_err(written)?;
            if version == Schema::VERSION {
                // A state whose rows carry no tags was made by somebody who has no keys.
                if !guarded.load(&writer)? {
                    return Err(damaged("its roots are gone"));
                }
            } else {
                guarded.begin_roots(&mut writer)?;
            }
        }
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            mover: Mutex::new(None),
            long: Arc::default(),
            guarded,
            beside: Arc::default(),
            unchecked: AtomicBool::new(false),
        })
    }

    /// Opens a state that is itself durable after each [`Engine::apply`] (`synchronous=FULL`), for those who have no journal
    /// in front of it: the measurements' unprotected variant.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub fn open_durable(path: &Path) -> Result<Self, StoreError> {
        let state = Self::open(path)?;
        state
            .writer
            .lock()
            .map_err(|_| poisoned())?
            .execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000;")
            .map_err(written)?;
        Ok(state)
    }

    fn begin(connection: &Connection, guarded: bool) -> rusqlite::Result<()> {
        let plain = format!(
            "{TABLES} {} {} {} {}",
            import::TABLE,
            house_row::TABLE,
            sqlite_erasing::TABLES,
            crate::sqlite_files::TABLE,
        );
        let tables = if guarded { tagged(&plain)? } else { plain };
        connection.execute_batch(&format!("BEGIN; {tables} PRAGMA user_version = {}; COMMIT;", Schema::VERSION))
    }

    pub(crate) fn connect(path: &Path) -> rusqlite::Result<Connection> {
        let connection = beside(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
             PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;
             PRAGMA journal_size_limit = 67108864;",
        )?;
        // Not mapped into memory: each reader would give its map back after every writing, which stops all threads.
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// Where the state lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn with<T>(&self, ask: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let free = self.readers.lock().map_err(|_| poisoned())?.pop();
        let connection = match free {
            Some(connection) => connection,
            None => {
                let connection = Self::connect(&self.path).map_err(read)?;
                if let Some(guarded) = &self.guarded {
                    guarded.on_reader(&connection).map_err(read)?;
                }
                connection
            }
        };
        let answer = ask(&connection).map_err(read).inspect_err(|error| self.mark(error));
        self.readers.lock().map_err(|_| poisoned())?.push(connection);
        answer
    }

    pub(crate) fn many<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        make: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.with(|connection| connection.prepare_cached(sql)?.query_map(values, make)?.collect())
    }

    /// Records, found by their parents: a table with the index's name, or the view with that name in it.
    const fn by_parent(&self) -> &'static str {
        if self.guarded.is_some() { guarded::RECORD_BY_PARENT } else { "record INDEXED BY record_by_parent" }
    }

    /// The same by person.
    const fn by_person(&self) -> &'static str {
        if self.guarded.is_some() { guarded::RECORD_BY_PERSON } else { "record INDEXED BY record_by_person" }
    }

    fn one<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        make: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.with(|connection| connection.prepare_cached(sql)?.query_row(values, make).optional())
    }
}

impl Sqlite {
    /// One statement for many values, on one connection and as of one moment, until there are more than `limit` records.
    fn many_for<V>(
        &self,
        sql: &str,
        values: &[V],
        limit: usize,
        ask: impl Fn(&mut rusqlite::CachedStatement<'_>, &V, &mut dyn FnMut(StoredRecord) -> bool) -> rusqlite::Result<()>,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        self.with(|connection| {
            let tx = connection.unchecked_transaction()?;
            let mut found: Vec<StoredRecord> = Vec::new();
            {
                let mut statement = tx.prepare_cached(sql)?;
                for value in values {
                    ask(&mut statement, value, &mut |one| {
                        found.push(one);
                        found.len() <= limit
                    })?;
                    if found.len() > limit {
                        break;
                    }
                }
            }
            tx.finish()?;
            Ok(found)
        })
    }
}

fn apply_op(tx: &Transaction<'_>, tenant: &TenantId, index: u64, time: Instant, op: &Op) -> rusqlite::Result<()> {
    match op {
        Op::PutRecord(put) => put_record(tx, tenant, time, put)?,
        Op::PutTenant(one) => {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO tenant (id, name, registration_number, service, provider) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![one.id.0, one.name, one.registration_number, one.service.as_str(), one.provider])?;
        }
        Op::PutAccount(one) => sqlite_accounts::put(tx, one)?,
        Op::EndAccount(person) => {
            tx.prepare_cached("UPDATE account SET ended = ?2 WHERE person = ?1 AND ended IS NULL")?
                .execute(params![person.0, time.micros()])?;
        }
        Op::UsedCode { person, step } => {
            tx.prepare_cached("UPDATE account SET used_step = ?2 WHERE person = ?1")?
                .execute(params![person.0, *step as i64])?;
        }
        Op::PutSession(one) => {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO session (token, person, home, begun, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                one.token,
                one.person.0,
                one.home.0,
                one.begun.micros(),
                one.ends.micros()
            ])?;
        }
        Op::EndSession(token) => {
            tx.prepare_cached("DELETE FROM session WHERE token = ?1")?.execute(params![token])?;
        }
        Op::EndSessionsOf(person) => {
            tx.prepare_cached("DELETE FROM session WHERE person = ?1")?.execute(params![person.0])?;
        }
        Op::EndSessionsBefore(instant) => {
            tx.prepare_cached("DELETE FROM session WHERE ends <= ?1")?.execute(params![instant.micros()])?;
        }
        Op::PutFile(file) => crate::sqlite_files::put(tx, tenant, file)?,
        Op::PutAgreement { hash, text } => {
            tx.prepare_cached("INSERT OR REPLACE INTO agreement (hash, text) VALUES (?1, ?2)")?
                .execute(params![hash.0, text])?;
        }
        Op::PutRow(row) => house_row::put(tx, row)?,
        Op::EndCredentialsOf(person) => house_row::end_of(tx, person, time)?,
        Op::KeyUsed { id, hour } => house_row::use_key(tx, id, *hour)?,
        Op::SeeNotice(seen) => house_row::see_notice(tx, seen, time)?,
        Op::BringBack(id) => house_row::bring_back(tx, tenant, id)?,
        Op::LetGo(of) => crate::letting_go::let_go(tx, tenant, of)?,
        Op::EndHold(end) => house_row::end_hold(tx, tenant, end, time)?,
        Op::AdoptFile(file) => {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO adopted_file (tenant, since, hash, text) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![file.tenant.0, file.from.max(time).micros(), file.hash.0, file.text])?;
        }
        Op::AdoptAgreement { tenant, from, hash } => {
            tx.prepare_cached("INSERT OR REPLACE INTO adopted (tenant, since, hash) VALUES (?1, ?2, ?3)")?
                .execute(params![tenant.0, (*from).max(time).micros(), hash.0])?;
        }
        Op::PutImport(one) => import::put(tx, tenant, one)?,
        Op::Erase(erase) => sqlite_erasing::erase(tx, tenant, index, time, erase)?,
        Op::ErasePortion(portion) => sqlite_erasing::portion(tx, tenant, portion)?,
        Op::CompleteErasure { id, certificate } => sqlite_erasing::complete(tx, tenant, id, certificate)?,
        Op::UnusableEverywhere { id, stage } => sqlite_erasing::everywhere(tx, tenant, id, stage)?,
        Op::Restrict(of) => sqlite_erasing::restrict(tx, tenant, time, of)?,
        Op::Lift(person) => sqlite_erasing::lift(tx, tenant, person)?,
        Op::PutBack(back) => crate::sqlite_back::put_back(tx, tenant, back)?,
        Op::Withdraw(record) => sqlite_erasing::delete(tx, tenant, record)?,
        Op::WentBack(_) => {}
    }
    Ok(())
}

pub(crate) fn put_record(
    tx: &Transaction<'_>,
    tenant: &TenantId,
    time: Instant,
    put: &PutRecord,
) -> rusqlite::Result<()> {
    if put.keep_past && put.version > 1 {
        tx.prepare_cached(&format!(
            "INSERT OR REPLACE INTO past ({RECORD}) SELECT {RECORD} FROM record WHERE tenant = ?1 AND record = ?2"
        ))?
        .execute(params![tenant.0, put.record.0])?;
    }
    tx.prepare_cached(&format!(
        "INSERT OR REPLACE INTO record ({RECORD}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    ))?
    .execute(params![
        tenant.0,
        put.record.0,
        put.kind.as_str(),
        put.version as i64,
        put.person.0,
        put.parent.map(|parent| parent.0),
        put.state,
        time.micros(),
        put.author.0,
        put.sealed,
        put.class.as_str()
    ])?;
    for of in &put.tokens {
        if put.version > 1 {
            tx.prepare_cached("DELETE FROM token WHERE tenant = ?1 AND record = ?2 AND field = ?3")?
                .execute(params![tenant.0, put.record.0, of.field.as_str()])?;
        }
        for token in of.tokens.iter().filter_map(|token| token.bare) {
            tx.prepare_cached(
                "INSERT OR IGNORE INTO token (tenant, kind, field, token, record) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![tenant.0, put.kind.as_str(), of.field.as_str(), token, put.record.0])?;
        }
    }
    if let Some(key) = put.once {
        // It was admitted, so what was answered before under this key was of somebody who leaves.
        tx.prepare_cached(
            "INSERT OR REPLACE INTO once (tenant, key, record, version, of) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![tenant.0, key, put.record.0, put.version as i64, put.once_of])?;
    }
    Ok(())
}

impl Engine for Sqlite {
    fn apply_once_durable(
        &self,
        batch: &Batch,
        durable: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let change = |tx: &Transaction<'_>| {
            let mut sizes: Vec<(TenantId, u64)> = Vec::new();
            for item in &batch.items {
                for op in &item.ops {
                    apply_op(tx, &item.tenant, item.index, item.time, op).map_err(written)?;
                }
                match sizes.iter_mut().find(|(tenant, _)| *tenant == item.tenant) {
                    Some((_, size)) => *size = item.index + 1,
                    None => sizes.push((item.tenant, item.index + 1)),
                }
            }
            let finish = || -> rusqlite::Result<()> {
                for (tenant, size) in &sizes {
                    tx.prepare_cached("INSERT OR REPLACE INTO log (tenant, size) VALUES (?1, ?2)")?
                        .execute(params![tenant.0, *size as i64])?;
                }
                tx.prepare_cached("INSERT OR REPLACE INTO applied (only, segment, at) VALUES (1, ?1, ?2)")?
                    .execute(params![batch.position.segment as i64, batch.position.offset as i64])?;
                Ok(())
            };
            finish().map_err(written)
        };
        self.writing(batch.position, change, durable)
    }

    fn shorten(&self, from_pages: u64) -> Result<(), StoreError> {
        self.shorten_wal(from_pages)
    }

    fn applied(&self) -> Result<Option<Position>, StoreError> {
        self.one("SELECT segment, at FROM applied", [], |row| {
            Ok(Position { segment: row.get::<_, i64>(0)? as u64, offset: row.get::<_, i64>(1)? as u64 })
        })
    }

    fn sizes(&self) -> Result<Vec<(TenantId, u64)>, StoreError> {
        self.many("SELECT tenant, size FROM log ORDER BY tenant", [], |row| {
            Ok((TenantId(row.get(0)?), row.get::<_, i64>(1)? as u64))
        })
    }

    fn record(&self, tenant: &TenantId, id: &RecordId) -> Result<Option<StoredRecord>, StoreError> {
        // Not through the view that compares its tag: that would be paid by every reading (decision 0029), and what the record
        // holds opens only where it belongs.
        self.one(
            "SELECT tenant, record, kind, version, person, parent, state, written, author, sealed, class
             FROM main.record WHERE tenant = ?1 AND record = ?2",
            params![tenant.0, id.0],
            record,
        )
    }

    fn versions(&self, of: &[(TenantId, RecordId)]) -> Result<Vec<u64>, StoreError> {
        // One transaction for all: a lock taken and given back for each costs more than the search itself. On the writer's own
        // connection, whose pages stay in memory while it alone writes; a reader's are stale after every group.
        let mut writer = self.writer.lock().map_err(|_| poisoned())?;
        let mut find_all = || -> rusqlite::Result<Vec<u64>> {
            let tx = writer.transaction()?;
            let versions = {
                let mut find = tx.prepare_cached("SELECT version FROM record WHERE tenant = ?1 AND record = ?2")?;
                of.iter()
                    .map(|(tenant, record)| {
                        let version = find.query_row(params![tenant.0, record.0], |row| row.get::<_, i64>(0));
                        Ok(version.optional()?.unwrap_or(0) as u64)
                    })
                    .collect::<rusqlite::Result<_>>()?
            };
            tx.commit()?;
            Ok(versions)
        };
        find_all().map_err(read)
    }

    fn past(&self, tenant: &TenantId, id: &RecordId) -> Result<Vec<StoredRecord>, StoreError> {
        self.many(
            &format!("SELECT {RECORD} FROM past WHERE tenant = ?1 AND record = ?2 ORDER BY version DESC"),
            params![tenant.0, id.0],
            record,
        )
    }

    fn with_past(&self, tenant: &TenantId) -> Result<Vec<RecordId>, StoreError> {
        let sql = "SELECT DISTINCT record FROM past WHERE tenant = ?1 ORDER BY record";
        self.many(sql, params![tenant.0], |row| row.get(0).map(RecordId))
    }

    fn find(&self, tenant: &TenantId, find: &Find) -> Result<Vec<StoredRecord>, StoreError> {
        // Nothing sorts before an empty blob, not even the record of sixteen zeros.
        let after = find.after.as_ref().map_or(&[][..], |after| after.0.as_slice());
        let limit = i64::try_from(find.limit).unwrap_or(i64::MAX);
        let by_parent = self.by_parent();
        match find.parent {
            // Named, as in `under`: without statistics the planner walks through all of the tenant's records.
            Some(parent) => self.many(
                &format!(
                    "SELECT {RECORD} FROM {by_parent}
                     WHERE tenant = ?1 AND parent = ?2 AND kind = ?3 AND record > ?4
                     AND (?5 IS NULL OR state = ?5) ORDER BY record LIMIT ?6"
                ),
                params![tenant.0, parent.0, find.kind.as_str(), after, find.state, limit],
                record,
            ),
            None => self.many(
                &format!(
                    "SELECT {RECORD} FROM record WHERE tenant = ?1 AND kind = ?2 AND record > ?3
                     AND (?4 IS NULL OR state = ?4) ORDER BY record LIMIT ?5"
                ),
                params![tenant.0, find.kind.as_str(), after, find.state, limit],
                record,
            ),
        }
    }

    fn with_token(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        token: &Token,
    ) -> Result<Vec<RecordId>, StoreError> {
        self.many(
            "SELECT record FROM token WHERE tenant = ?1 AND kind = ?2 AND field = ?3 AND token = ?4 ORDER BY record",
            params![tenant.0, kind.as_str(), field.as_str(), token],
            |row| Ok(RecordId(row.get(0)?)),
        )
    }

    fn with_tokens(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        tokens: &[Token],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let found = self.many_for(
            "SELECT r.tenant, r.record, r.kind, r.version, r.person, r.parent, r.state, r.written, r.author, r.sealed, r.class
             FROM token t CROSS JOIN record r ON r.tenant = t.tenant AND r.record = t.record
             WHERE t.tenant = ?1 AND t.kind = ?2 AND t.field = ?3 AND t.token = ?4",
            tokens,
            limit,
            |statement, token, take| {
                let mut rows = statement.query(params![tenant.0, kind.as_str(), field.as_str(), token])?;
                while let Some(row) = rows.next()? {
                    if !take(record(row)?) {
                        break;
                    }
                }
                Ok(())
            },
        )?;
        Ok(by_id(found))
    }

    fn records(&self, tenant: &TenantId, of: &[RecordId]) -> Result<Vec<StoredRecord>, StoreError> {
        let found = self.many_for(
            &format!("SELECT {RECORD} FROM record WHERE tenant = ?1 AND record = ?2"),
            of,
            usize::MAX,
            |statement, id, take| {
                if let Some(found) = statement.query_row(params![tenant.0, id.0], record).optional()? {
                    take(found);
                }
                Ok(())
            },
        )?;
        Ok(by_id(found))
    }

    fn under(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        parents: &[RecordId],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        // Named, because without statistics the planner would rather walk through the tenant for each parent.
        let by_parent = self.by_parent();
        let found = self.many_for(
            &format!("SELECT {RECORD} FROM {by_parent} WHERE tenant = ?1 AND parent = ?2 AND kind = ?3"),
            parents,
            limit,
            |statement, parent, take| {
                let mut rows = statement.query(params![tenant.0, parent.0, kind.as_str()])?;
                while let Some(row) = rows.next()? {
                    if !take(record(row)?) {
                        break;
                    }
                }
                Ok(())
            },
        )?;
        Ok(by_id(found))
    }

    fn tokens_of(&self, tenant: &TenantId, record: &RecordId, field: &FieldName) -> Result<Vec<Token>, StoreError> {
        self.many(
            "SELECT token FROM token WHERE tenant = ?1 AND record = ?2 AND field = ?3 ORDER BY token",
            params![tenant.0, record.0, field.as_str()],
            |row| row.get(0),
        )
    }

    fn once(&self, tenant: &TenantId, key: &[u8; 32]) -> Result<Option<Once>, StoreError> {
        self.one("SELECT record, version, of FROM once WHERE tenant = ?1 AND key = ?2", params![tenant.0, key], |row| {
            Ok(Once { record: RecordId(row.get(0)?), version: row.get::<_, i64>(1)? as u64, of: row.get(2)? })
        })
    }

    fn imports(&self, tenant: &TenantId) -> Result<Vec<Import>, StoreError> {
        self.many(&format!("{} ORDER BY id", import::SELECT), params![tenant.0], import::row)
    }

    fn tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        self.one(&format!("{TENANT} WHERE id = ?1"), params![id.0], tenant)
    }

    fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.many(&format!("{TENANT} ORDER BY id"), [], tenant)
    }

    fn account(&self, person: &PersonId) -> Result<Option<Account>, StoreError> {
        self.one(&format!("{ACCOUNT} WHERE person = ?1"), params![person.0], account)
    }

    fn account_by_login(&self, login: &[u8; 32]) -> Result<Option<Account>, StoreError> {
        self.one(&format!("{ACCOUNT} WHERE login = ?1"), params![login], account)
    }

    fn accounts(&self, home: &TenantId) -> Result<Vec<Account>, StoreError> {
        self.many(&format!("{ACCOUNT} WHERE home = ?1 ORDER BY person"), params![home.0], account)
    }

    fn session(&self, token: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        self.one("SELECT token, person, home, begun, ends FROM session WHERE token = ?1", params![token], |row| {
            Ok(Session {
                token: row.get(0)?,
                person: PersonId(row.get(1)?),
                home: TenantId(row.get(2)?),
                begun: Instant(row.get(3)?),
                ends: Instant(row.get(4)?),
            })
        })
    }

    fn sessions_over(&self, by: Instant) -> Result<u64, StoreError> {
        let count =
            self.one("SELECT count(*) FROM session WHERE ends <= ?1", params![by.micros()], |row| row.get(0))?;
        Ok(count.map_or(0, |count: i64| count as u64))
    }

    fn adopted(&self) -> Result<Vec<AdoptedAgreement>, StoreError> {
        self.many("SELECT tenant, since, hash FROM adopted ORDER BY tenant, since", [], |row| {
            Ok(AdoptedAgreement {
                tenant: TenantId(row.get(0)?),
                from: Instant(row.get(1)?),
                hash: AgreementHash(row.get(2)?),
            })
        })
    }

    fn rows(&self, kind: RowKind, tenant: &TenantId) -> Result<Vec<HouseRow>, StoreError> {
        self.with(|connection| house_row::of(connection, kind, tenant))
    }

    fn row(&self, kind: RowKind, key: &[u8]) -> Result<Option<HouseRow>, StoreError> {
        self.with(|connection| house_row::one(connection, kind, key))
    }

    fn adopted_files(&self) -> Result<Vec<AdoptedFile>, StoreError> {
        self.many("SELECT tenant, since, hash, text FROM adopted_file ORDER BY tenant, since", [], |row| {
            Ok(AdoptedFile {
                tenant: TenantId(row.get(0)?),
                from: Instant(row.get(1)?),
                hash: Hash(row.get(2)?),
                text: row.get(3)?,
            })
        })
    }

    fn reached(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[RecordId],
    ) -> Result<Vec<Reached>, StoreError> {
        let by = [self.by_person(), self.by_parent()];
        self.with(|connection| sqlite_erasing::reached(connection, by, tenant, persons, records))
    }

    fn leaving_rows(
        &self,
        tenant: &TenantId,
        goes: &PersonGoes,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError> {
        self.with(|connection| sqlite_erasing::leaving_rows(connection, tenant, goes, after, limit))
    }

    fn traces(&self, tenant: &TenantId, erase: &Erase) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        self.with(|connection| sqlite_erasing::traces(connection, self.by_person(), tenant, erase))
    }

    fn clear(&self, traces: Option<&[Vec<u8>]>) -> Result<(), StoreError> {
        sqlite_erasing::clear(self, traces)
    }

    fn left(&self, tenant: &TenantId, erase: &Erase, of: &[RecordId]) -> Result<Left, StoreError> {
        self.with(|connection| sqlite_erasing::left(connection, self.by_person(), tenant, erase, of))
    }

    fn erasures(&self, tenant: &TenantId) -> Result<Vec<StoredErasure>, StoreError> {
        let of = "WHERE tenant = ?1 ORDER BY entry DESC";
        self.many(&format!("{} {of}", sqlite_erasing::ERASURE), params![tenant.0], sqlite_erasing::erasure)
    }

    fn unfinished_erasures(&self) -> Result<Vec<StoredErasure>, StoreError> {
        let of = "WHERE certificate IS NULL ORDER BY time, tenant, entry";
        self.many(&format!("{} {of}", sqlite_erasing::ERASURE), [], sqlite_erasing::erasure)
    }

    fn erasures_here_alone(&self) -> Result<Vec<StoredErasure>, StoreError> {
        let of = "WHERE certificate IS NOT NULL AND everywhere IS NULL ORDER BY time, tenant, entry";
        self.many(&format!("{} {of}", sqlite_erasing::ERASURE), [], sqlite_erasing::erasure)
    }

    fn restrictions(&self) -> Result<Vec<(TenantId, Restriction)>, StoreError> {
        self.many(sqlite_erasing::RESTRICTIONS, [], sqlite_erasing::restriction)
    }

    fn files_of_record(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredFile>, StoreError> {
        self.read_files_of_record(tenant, record)
    }

    fn files_of_person(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<StoredFile>, StoreError> {
        self.read_files_of_person(tenant, person)
    }

    fn all_files(&self) -> Result<Vec<FileId>, StoreError> {
        self.read_all_files()
    }

    fn fingerprint(&self) -> Result<Fingerprint, StoreError> {
        let _long = self.reads_long();
        self.with(crate::fingerprint::of)
    }

    fn snapshot(&self, to: &Path, seals: &dyn Seals) -> Result<Fingerprint, StoreError> {
        crate::snapshot::make(self, to, seals)
    }

    fn agreement_text(&self, hash: &AgreementHash) -> Result<Option<String>, StoreError> {
        self.one("SELECT text FROM agreement WHERE hash = ?1", params![hash.0], |row| row.get(0))
    }
}
