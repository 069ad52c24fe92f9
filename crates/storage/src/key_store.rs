//! The file of keys: tenants' and persons' keys, wrapped by the vault, and the links from pseudonyms to names, sealed.
//!
//! It is a file of its own, never in journal, snapshot or PostgreSQL. A key is durable before its first entry:
//! `synchronous=FULL`, one transaction a call. What a row holds only the vault can read.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension, params};
use terms::{PersonId, TenantId};

use crate::engine::StoreError;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS tenant_key (tenant BLOB PRIMARY KEY NOT NULL, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person_key (
  tenant BLOB NOT NULL, person BLOB NOT NULL, class TEXT NOT NULL, wrapped BLOB NOT NULL,
  PRIMARY KEY (tenant, person, class)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link (
  tenant BLOB NOT NULL, person BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (tenant, person)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS house (label TEXT PRIMARY KEY NOT NULL, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = 1;
";

/// A person's new key, and the name behind the pseudonym where there is one.
pub struct NewPerson {
    /// Whose customer.
    pub tenant: TenantId,
    /// The pseudonym.
    pub person: PersonId,
    /// The retention class that the key is for.
    pub class: String,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

/// Most keys that are known to be there without asking the file; beyond that the memory begins anew.
const MAX_KNOWN: usize = 200_000;

/// Whose key, of which class.
type Place = (TenantId, PersonId, String);

/// The file of keys.
pub struct KeyStore {
    connection: Mutex<Connection>,
    /// Keys that were seen in the file. What destroys a key must take it out of here before it returns, under the lock of
    /// the connection.
    known: RwLock<HashSet<Place>>,
}

fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |cause| StoreError { doing, cause: format!("file of keys: {cause}") }
}

impl KeyStore {
    /// Opens the file, or begins it.
    ///
    /// # Errors
    /// The world's, as for every method.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path).map_err(failed("read"))?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
            .map_err(failed("written"))?;
        connection.execute_batch(TABLES).map_err(failed("written"))?;
        Ok(Self { connection: Mutex::new(connection), known: RwLock::default() })
    }

    fn get(&self, sql: &str, values: impl rusqlite::Params) -> Result<Option<Vec<u8>>, StoreError> {
        let connection = self.lock()?;
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(values, |row| row.get(0)).optional())
            .map_err(failed("read"))
    }

    fn put(&self, sql: &str, values: impl rusqlite::Params) -> Result<(), StoreError> {
        let connection = self.lock()?;
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(values))
            .map(|_| ())
            .map_err(failed("written"))
    }

    fn lock(&self) -> Result<std::sync::MutexGuard<'_, Connection>, StoreError> {
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
        self.put("INSERT OR IGNORE INTO tenant_key (tenant, wrapped) VALUES (?1, ?2)", params![tenant.0, wrapped])
    }

    /// A person's wrapped key.
    ///
    /// # Errors
    /// The world's.
    pub fn person_key(&self, tenant: &TenantId, person: &PersonId, class: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(
            "SELECT wrapped FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3",
            params![tenant.0, person.0, class],
        )
    }

    /// Whether a person has a key of the class. The committer asks for every writing.
    ///
    /// # Errors
    /// The world's.
    pub fn has_person_key(&self, tenant: &TenantId, person: &PersonId, class: &str) -> Result<bool, StoreError> {
        let place = (*tenant, *person, class.to_owned());
        if self.known.read().unwrap_or_else(PoisonError::into_inner).contains(&place) {
            return Ok(true);
        }
        let connection = self.lock()?;
        let there = connection
            .prepare_cached("SELECT 1 FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3")
            .and_then(|mut statement| statement.exists(params![tenant.0, person.0, class]))
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

    /// Keeps a person's wrapped key; durable when it returns. A key that is there stays.
    ///
    /// # Errors
    /// The world's.
    pub fn put_person_key(&self, new: &NewPerson) -> Result<(), StoreError> {
        self.put(
            "INSERT OR IGNORE INTO person_key (tenant, person, class, wrapped) VALUES (?1, ?2, ?3, ?4)",
            params![new.tenant.0, new.person.0, new.class, new.wrapped],
        )
    }

    /// Keeps many persons' keys with one sync.
    ///
    /// # Errors
    /// The world's; then none is kept.
    pub fn put_person_keys(&self, new: &[NewPerson]) -> Result<(), StoreError> {
        let mut connection = self.lock()?;
        let mut keep = || -> rusqlite::Result<()> {
            let tx = connection.transaction()?;
            for one in new {
                tx.prepare_cached(
                    "INSERT OR IGNORE INTO person_key (tenant, person, class, wrapped) VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute(params![one.tenant.0, one.person.0, one.class, one.wrapped])?;
            }
            tx.commit()
        };
        keep().map_err(failed("written"))
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
        self.put("INSERT OR IGNORE INTO house (label, sealed) VALUES (?1, ?2)", params![label, sealed])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (tenant, person) = (TenantId([1; 16]), PersonId([2; 16]));
        let new = |wrapped: &[u8]| NewPerson { tenant, person, class: "c".to_owned(), wrapped: wrapped.to_vec() };
        let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
        keys.put_person_key(&new(b"first")).unwrap();
        keys.put_person_keys(&[new(b"second")]).unwrap();
        drop(keys);
        let keys = KeyStore::open(&folder.path().join("keys.db")).unwrap();
        assert_eq!(keys.person_key(&tenant, &person, "c").unwrap().as_deref(), Some(&b"first"[..]));
        assert_eq!(keys.person_key(&TenantId([9; 16]), &person, "c").unwrap(), None);
    }
}
