//! The file of keys: tenants' and persons' keys, wrapped by the vault, and the links from pseudonyms to names, sealed.
//!
//! It is a file of its own, never in journal, snapshot or PostgreSQL. A key is durable before its first entry:
//! `synchronous=FULL`, one transaction a call. What a row holds only the vault can read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use terms::{PersonId, RetentionClass, TenantId};

use crate::engine::StoreError;
use crate::guarded::{Guard, Guarded, ROOTS, is_damage_untagged};
use crate::key_changes::{self, What};
use crate::remnants;
use crate::sets::{Checked, NOWHERE, damaged};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS tenant_key (tenant BLOB PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person_key (
  tenant BLOB NOT NULL, person BLOB NOT NULL, class TEXT NOT NULL, wrapped BLOB NOT NULL,
  PRIMARY KEY (tenant, person, class)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link (
  tenant BLOB NOT NULL, person BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (tenant, person)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS house (label TEXT PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
";

/// A person's new key, and the name behind the pseudonym where there is one.
pub struct NewPerson {
    /// Whose customer.
    pub tenant: TenantId,
    /// The pseudonym.
    pub person: PersonId,
    /// The retention class that the key is for.
    pub class: RetentionClass,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// Most keys that are known to be there without asking the file; beyond that the memory begins anew.
const MAX_KNOWN: usize = 200_000;

/// Whose key, of which class.
type Place = (TenantId, PersonId, RetentionClass);

/// Told that keys of a person are destroyed.
type Told = Box<dyn Fn(&TenantId, &PersonId) + Send + Sync>;

/// The file of keys.
pub struct KeyStore {
    connection: Mutex<Connection>,
    /// Keys that were seen in the file. What destroys a key must take it out of here before it returns, under the lock of
    /// the connection.
    known: RwLock<HashSet<Place>>,
    /// Who else remembers keys: told under the lock of the connection, after the file and before anybody else.
    told: RwLock<Vec<Told>>,
    path: PathBuf,
    guarded: OnceLock<(Guarded, Arc<dyn Guard>)>,
    /// Whether the file was begun by this program just now: then it had nothing that could have had roots.
    begun: bool,
    /// Whether the file has roots: whoever writes without keeping them would make it one that was changed from outside.
    rooted: AtomicBool,
    /// How often the file was changed since it has roots.
    changes: Arc<AtomicU64>,
}

pub(crate) fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |cause| {
        if is_damage_untagged(&cause) {
            not_ours(&cause)
        } else {
            StoreError { doing, cause: format!("file of keys: {cause}") }
        }
    }
}

/// The keys are derived from nothing: what is wrong with them stops the program.
fn not_ours(why: &dyn core::fmt::Display) -> StoreError {
    damaged(format_args!(
        "`keys.db` is not as this program left it: {why}. Nothing was changed. Keys that are missing cannot be made anew: take \
         the whole folder back from the second place (`betrodd restore`), which takes the keys of now and brings nobody back who \
         was erased; without a second place put back the newest copy of `keys.db` that you have"
    ))
}

/// The form of the file that this program writes, as its `user_version`: from 2 on it has roots.
pub(crate) const VERSION: i64 = 2;

impl KeyStore {
    /// Opens the file, or begins it.
    ///
    /// # Errors
    /// The world's, as for every method.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(failed("read"))?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed("read"))?;
        if version > VERSION {
            return Err(crate::distrusted::newer("keys.db", version, VERSION));
        }
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
                 PRAGMA temp_store = MEMORY;",
            )
            .map_err(failed("written"))?;
        connection.execute_batch(TABLES).map_err(failed("written"))?;
        connection.execute_batch(key_changes::TABLES).map_err(failed("written"))?;
        if version == 0 {
            connection.execute_batch("PRAGMA user_version = 1;").map_err(failed("written"))?;
        }
        let keys = Self {
            connection: Mutex::new(connection),
            known: RwLock::default(),
            told: RwLock::default(),
            path: path.to_owned(),
            guarded: OnceLock::new(),
            begun: version == 0,
            rooted: AtomicBool::new(version >= VERSION),
            changes: Arc::default(),
        };
        // A program that died may have destroyed a key and left it in the WAL.
        keys.empty_wal(&*keys.lock()?)?;
        Ok(keys)
    }

    /// From now on a root is kept over each customer's keys, and what lies in the file is held against the roots at once: every
    /// row, some two million in a second. A file that has none yet is given them; that is done once in its life, and logged.
    ///
    /// # Errors
    /// The world's; [`StoreError::is_damage`] where a row is missing, was changed, put in or put back. Nothing was changed.
    pub fn guard_with(&self, guard: Arc<dyn Guard>) -> Result<Checked, StoreError> {
        let mut connection = self.lock()?;
        let guarded = Guarded::new("keys", Arc::clone(&guard), false);
        guarded.on_writer(&connection).map_err(failed("read"))?;
        let told = |error: StoreError| if error.is_damage() { not_ours(&error.cause) } else { error };
        let checked = if self.rooted.load(Ordering::SeqCst) {
            if !guarded.load(&connection).map_err(told)? {
                return Err(not_ours(&"its roots are gone"));
            }
            let tx = connection.transaction().map_err(failed("read"))?;
            let (head, checked) = guarded.check(&tx).map_err(told)?;
            if key_changes::last(&tx).map_err(failed("read"))? < head.beside {
                return Err(not_ours(&"changes that were noted are not known any more"));
            }
            checked
        } else {
            connection.execute_batch(&format!("{ROOTS} DELETE FROM root;")).map_err(failed("written"))?;
            let rows = guarded.begin_roots(&mut connection)?;
            // If we die before this, the next start begins them again.
            connection.execute_batch(&format!("PRAGMA user_version = {VERSION};")).map_err(failed("written"))?;
            self.rooted.store(true, Ordering::SeqCst);
            if rows > 0 && !self.begun {
                tracing::warn!(rows, "the file of keys had no roots; from now on it has, over what lies in it");
            }
            Checked { rows, ..Checked::default() }
        };
        self.changes.store(guarded.sets().head().map_or(0, |head| head.changes), Ordering::SeqCst);
        drop(self.guarded.set((guarded, guard)));
        Ok(checked)
    }

    /// What guards this file, and the state beside it; none before [`KeyStore::guard_with`].
    #[must_use]
    pub fn guard(&self) -> Option<Arc<dyn Guard>> {
        self.guarded.get().map(|(_, guard)| Arc::clone(guard))
    }

    /// How often the file was changed, as it goes on.
    pub(crate) fn changes(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.changes)
    }

    /// One transaction, with the roots of what it changes. Durable when it returns.
    pub(crate) fn writing<T>(
        &self,
        connection: &mut Connection,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let guarded = self.guarded.get().map(|(guarded, _)| guarded);
        if guarded.is_none() && self.rooted.load(Ordering::SeqCst) {
            return Err(not_ours(&"what it must hold is missing, or it is written without the key of its roots"));
        }
        let tx = connection.transaction().map_err(failed("written"))?;
        if let Some(guarded) = guarded {
            guarded.anew();
        }
        let changed = change(&tx).map_err(failed("written"))?;
        let next = match guarded {
            None => None,
            Some(guarded) => {
                let noted = key_changes::last(&tx).map_err(failed("read"))?;
                Some((guarded, guarded.finish(&tx, NOWHERE, noted)?))
            }
        };
        tx.commit().map_err(failed("written"))?;
        if let Some((guarded, next)) = next {
            guarded.keep(next);
            self.changes.store(guarded.sets().head().map_or(0, |head| head.changes), Ordering::SeqCst);
        }
        Ok(changed)
    }

    fn get(&self, sql: &str, values: impl rusqlite::Params) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.lock()?;
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, |row| row.get(0)).optional())
            .map_err(failed("read"))
    }

    /// Puts a row, and notes for the off-site copy that it is there, in one transaction.
    fn put(&self, sql: &str, values: impl rusqlite::Params, what: What<'_>) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            tx.prepare_cached(sql)?.execute(values)?;
            key_changes::note(tx, what)
        })
    }

    pub(crate) fn lock(&self) -> Result<std::sync::MutexGuard<'_, Connection>, StoreError> {
        self.connection.lock().map_err(|_| StoreError {
            doing: "read",
            cause: "another thread stopped while it held the keys".to_owned(),
        })
    }

    /// A tenant's wrapped key.
    ///
    /// # Errors
    /// The world's.
    pub fn tenant_key(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        self.get("SELECT wrapped FROM tenant_key WHERE tenant = ?1", params![tenant.0])
    }

    /// Keeps a tenant's wrapped key; durable when it returns. A key that is there stays.
    ///
    /// # Errors
    /// The world's.
    pub fn put_tenant_key(&self, tenant: &TenantId, wrapped: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO tenant_key (tenant, wrapped) VALUES (?1, ?2)";
        self.put(sql, params![tenant.0, wrapped], What::Tenant(tenant))
    }

    /// A person's wrapped key.
    ///
    /// # Errors
    /// The world's.
    pub fn person_key(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(
            "SELECT wrapped FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3",
            params![tenant.0, person.0, class.as_str()],
        )
    }

    /// Whether a person has a key of the class. The committer asks for every writing.
    ///
    /// # Errors
    /// The world's.
    pub fn has_person_key(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
    ) -> Result<bool, StoreError> {
        let place = (*tenant, *person, class.clone());
        if self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&place) {
            return Ok(true);
        }
        let connection = self.lock()?;
        let there = connection
            .prepare_cached("SELECT 1 FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3")
            .and_then(|mut statement| statement.exists(params![tenant.0, person.0, class.as_str()]))
            .map_err(failed("read"))?;
        if there {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= MAX_KNOWN {
                known.clear();
            }
            known.insert(place);
        }
        Ok(there)
    }

    /// Whoever has a key, by customer and pseudonym, each once.
    ///
    /// # Errors
    /// The world's.
    pub fn persons(&self) -> Result<Vec<(TenantId, PersonId)>, StoreError> {
        let connection = self.lock()?;
        let all = || -> rusqlite::Result<Vec<_>> {
            connection
                .prepare("SELECT DISTINCT tenant, person FROM person_key ORDER BY tenant, person")?
                .query_map([], |row| Ok((TenantId(row.get(0)?), PersonId(row.get(1)?))))?
                .collect()
        };
        all().map_err(failed("read"))
    }

    /// Keeps a person's wrapped key; durable when it returns. A key that is there stays.
    ///
    /// # Errors
    /// The world's.
    pub fn put_person_key(&self, new: &NewPerson) -> Result<(), StoreError> {
        self.put(
            "INSERT OR IGNORE INTO person_key (tenant, person, class, wrapped) VALUES (?1, ?2, ?3, ?4)",
            params![new.tenant.0, new.person.0, new.class.as_str(), new.wrapped],
            What::of(new),
        )
    }

    /// Keeps many persons' keys with one sync.
    ///
    /// # Errors
    /// The world's; then none is kept.
    pub fn put_person_keys(&self, new: &[NewPerson]) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            for one in new {
                tx.prepare_cached(
                    "INSERT OR IGNORE INTO person_key (tenant, person, class, wrapped) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![one.tenant.0, one.person.0, one.class.as_str(), one.wrapped])?;
                key_changes::note(tx, What::of(one))?;
            }
            Ok(())
        })
    }

    /// Keeps a further key of a person, of another class than its own; durable when it returns. Whether there is one now: none
    /// is kept for a person whose own key is gone, or an erasure would be undone by whoever writes a moment later.
    ///
    /// # Errors
    /// The world's.
    pub fn put_further_key(&self, new: &NewPerson) -> Result<bool, StoreError> {
        let mut connection = self.lock()?;
        let values = params![new.tenant.0, new.person.0, new.class.as_str(), new.wrapped, RetentionClass::SERVICE];
        self.writing(&mut connection, |tx| {
            tx.prepare_cached(
                "INSERT OR IGNORE INTO person_key (tenant, person, class, wrapped) SELECT ?1, ?2, ?3, ?4
                 WHERE EXISTS (SELECT 1 FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?5)",
            )?
            .execute(values)?;
            key_changes::note(tx, What::of(new))
        })?;
        connection
            .prepare_cached("SELECT 1 FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3")
            .and_then(|mut statement| statement.exists(params![new.tenant.0, new.person.0, new.class.as_str()]))
            .map_err(failed("read"))
    }

    /// The classes that a person has keys of.
    ///
    /// # Errors
    /// The world's.
    pub fn classes(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<RetentionClass>, StoreError> {
        let connection = self.lock()?;
        let mut statement = connection
            .prepare_cached("SELECT class FROM person_key WHERE tenant = ?1 AND person = ?2 ORDER BY class")
            .map_err(failed("read"))?;
        let classes: Vec<String> = statement
            .query_map(params![tenant.0, person.0], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(failed("read"))?;
        let name = |class: String| {
            RetentionClass::new(&class)
                .map_err(|error| StoreError { doing: "read", cause: format!("file of keys: {error}") })
        };
        classes.into_iter().map(name).collect()
    }

    /// Who else remembers keys and is to forget a person's when they are destroyed. It must not call back.
    pub fn when_destroyed(&self, told: Told) {
        self.told.write().unwrap_or_else(PoisonError::into_inner).push(told);
    }

    /// Destroys a person's keys of these classes, and with the person's own the name behind the pseudonym. When it returns they
    /// are gone from file, WAL and memory, durably; keys that are gone already are no error, so that a start can do it again.
    ///
    /// If we die before the transaction ends nothing is gone, and the start does it again. If we die after it, the keys are
    /// gone and may lie in the WAL: opening empties that.
    ///
    /// # Errors
    /// The world's. Then what is gone is unknown, and whoever calls must stop.
    pub fn destroy(&self, tenant: &TenantId, person: &PersonId, classes: &[RetentionClass]) -> Result<(), StoreError> {
        self.destroy_all(tenant, &[(*person, classes)])
    }

    /// Destroys the keys of many persons at once: one transaction, one sync and one look through the file for all of them, since an
    /// erasure may be of thousands, and everybody waits for it.
    ///
    /// # Errors
    /// As [`KeyStore::destroy`].
    pub fn destroy_all(&self, tenant: &TenantId, all: &[(PersonId, &[RetentionClass])]) -> Result<(), StoreError> {
        let mut connection = self.lock()?;
        let mut wrapped: Vec<Vec<u8>> = Vec::new();
        self.writing(&mut connection, |tx| {
            for (person, class) in
                all.iter().flat_map(|(person, classes)| classes.iter().map(move |class| (person, class)))
            {
                let values = params![tenant.0, person.0, class.as_str()];
                let of = "FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3";
                let key = tx.query_row(&format!("SELECT wrapped {of}"), values, |row| row.get(0)).optional()?;
                wrapped.extend(key);
                tx.execute(&format!("DELETE {of}"), values)?;
                key_changes::note(tx, What::Gone(tenant, person, class))?;
                if class.as_str() == RetentionClass::SERVICE {
                    let values = params![tenant.0, person.0];
                    let of = "FROM link WHERE tenant = ?1 AND person = ?2";
                    wrapped.extend(tx.query_row(&format!("SELECT sealed {of}"), values, |row| row.get(0)).optional()?);
                    tx.execute(&format!("DELETE {of}"), values)?;
                }
            }
            Ok(())
        })?;
        {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            let gone: std::collections::BTreeMap<&PersonId, &[RetentionClass]> =
                all.iter().map(|(person, classes)| (person, *classes)).collect();
            known.retain(|(whose, one, class)| {
                whose != tenant || gone.get(one).is_none_or(|classes| !classes.contains(class))
            });
        }
        for told in self.told.read().unwrap_or_else(PoisonError::into_inner).iter() {
            all.iter().for_each(|(person, _)| told(tenant, person));
        }
        self.empty_wal(&connection)?;
        if remnants::found(&self.path, &wrapped)? {
            self.rewrite(&connection)?;
            if remnants::found(&self.path, &wrapped)? {
                let cause = "file of keys: a key that was destroyed is still in the file".to_owned();
                return Err(StoreError { doing: "written", cause });
            }
        }
        Ok(())
    }

    /// Writes the whole file anew, so that nothing of what was deleted is left between the rows, whatever was there.
    ///
    /// # Errors
    /// The world's.
    pub fn write_anew(&self) -> Result<(), StoreError> {
        self.rewrite(&*self.lock()?)
    }

    fn rewrite(&self, connection: &Connection) -> Result<(), StoreError> {
        connection.execute_batch("VACUUM").map_err(failed("written"))?;
        self.empty_wal(connection)
    }

    /// Moves the WAL into the file and takes its bytes away, durably.
    fn empty_wal(&self, connection: &Connection) -> Result<(), StoreError> {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed("written"))?;
        remnants::sync_wal(&self.path)
    }

    /// The sealed name behind a pseudonym.
    ///
    /// # Errors
    /// The world's.
    pub fn link(&self, tenant: &TenantId, person: &PersonId) -> Result<Option<Vec<u8>>, StoreError> {
        self.get("SELECT sealed FROM link WHERE tenant = ?1 AND person = ?2", params![tenant.0, person.0])
    }

    /// Keeps or replaces the sealed name behind a pseudonym.
    ///
    /// # Errors
    /// The world's.
    pub fn put_link(&self, tenant: &TenantId, person: &PersonId, sealed: &[u8]) -> Result<(), StoreError> {
        self.put(
            "INSERT OR REPLACE INTO link (tenant, person, sealed) VALUES (?1, ?2, ?3)",
            params![tenant.0, person.0, sealed],
            What::Name(tenant, person),
        )
    }

    /// A sealed secret of the house.
    ///
    /// # Errors
    /// The world's.
    pub fn house(&self, label: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get("SELECT sealed FROM house WHERE label = ?1", params![label])
    }

    /// Keeps a sealed secret of the house. One that is there stays.
    ///
    /// # Errors
    /// The world's.
    pub fn put_house(&self, label: &str, sealed: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO house (label, sealed) VALUES (?1, ?2)";
        self.put(sql, params![label, sealed], What::House(label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: TenantId = TenantId([1; 16]);

    fn class(name: &str) -> RetentionClass {
        RetentionClass::new(name).unwrap()
    }

    /// Whether the bytes lie anywhere in the folder.
    fn lies(folder: &Path, bytes: &[u8]) -> bool {
        std::fs::read_dir(folder).unwrap().any(|entry| {
            let held = std::fs::read(entry.unwrap().path()).unwrap();
            held.windows(bytes.len()).any(|window| window == bytes)
        })
    }

    #[test]
    fn a_destroyed_key_lies_nowhere_and_the_others_stay() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
        let wrapped = |n: u16, class: &str| -> Vec<u8> {
            (0..60_u8).map(|at| (n as u8) ^ at ^ class.len() as u8).chain(n.to_be_bytes()).collect()
        };
        let new = |n: u16, name: &str| NewPerson {
            tenant: TENANT,
            person: PersonId([n.to_be_bytes(); 8].concat().try_into().unwrap()),
            class: class(name),
            wrapped: wrapped(n, name),
        };
        // So many that pages are split and filled anew, in an order that is not theirs.
        for n in (0..150_u32).map(|n| (n * 71 % 150) as u16) {
            keys.put_person_key(&new(n, "service")).unwrap();
            keys.put_link(&TENANT, &new(n, "service").person, &wrapped(n, "link")).unwrap();
            assert!(keys.put_further_key(&new(n, "claims")).unwrap());
        }
        let told = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = std::sync::Arc::clone(&told);
        keys.when_destroyed(Box::new(move |_, _| {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }));
        for n in (0..150).step_by(7) {
            let person = new(n, "service").person;
            assert!(keys.has_person_key(&TENANT, &person, &class("service")).unwrap());
            assert!(lies(folder.path(), &wrapped(n, "service")) && lies(folder.path(), &wrapped(n, "link")));
            for _ in 0..2 {
                keys.destroy(&TENANT, &person, &[class("service")]).unwrap();
            }
            assert!(!keys.has_person_key(&TENANT, &person, &class("service")).unwrap());
            assert!(!lies(folder.path(), &wrapped(n, "service")) && !lies(folder.path(), &wrapped(n, "link")));
            assert!(lies(folder.path(), &wrapped(n, "claims")));
            assert_eq!(keys.classes(&TENANT, &person).unwrap(), [class("claims")]);
            // And no further key is made for whoever is erased.
            assert!(!keys.put_further_key(&new(n, "late")).unwrap());
        }
        assert_eq!(told.load(std::sync::atomic::Ordering::SeqCst), 2 * 150_usize.div_ceil(7));
        for n in (0..150).filter(|n| n % 7 != 0) {
            let held = keys.person_key(&TENANT, &new(n, "service").person, &class("service")).unwrap();
            assert_eq!(held, Some(wrapped(n, "service")));
        }
    }

    #[test]
    fn a_key_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (tenant, person) = (TenantId([1; 16]), PersonId([2; 16]));
        let new = |wrapped: &[u8]| NewPerson { tenant, person, class: class("c"), wrapped: wrapped.to_vec() };
        let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
        keys.put_person_key(&new(b"first")).unwrap();
        keys.put_person_keys(&[new(b"second")]).unwrap();
        drop(keys);
        let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
        assert_eq!(keys.person_key(&tenant, &person, &class("c")).unwrap().as_deref(), Some(&b"first"[..]));
        assert_eq!(keys.person_key(&TenantId([9; 16]), &person, &class("c")).unwrap(), None);
    }
}
