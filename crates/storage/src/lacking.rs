//! What of a state and a file of keys does not fit together: records that no key opens, and persons of whom there is a key and
//! nothing else. After a restore both are told, by customer, and never who.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::params;
use terms::{FileId, PersonId, RetentionClass, TenantId};

use crate::engine::{Engine, StoreError};
use crate::key_store::KeyStore;
use crate::leaving::Leavers;
use crate::sqlite::Sqlite;
use crate::sqlite_rows::name;
use crate::store::Store;

/// What does not fit together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lacking {
    /// Records whose person has no key of their class: nobody reads them any more. By customer.
    pub keyless: BTreeMap<TenantId, u64>,
    /// Persons who have a key, and neither a record nor an account: they came to be after the instant that was gone back to, or were
    /// begun and never written. By customer.
    pub bare: BTreeMap<TenantId, u64>,
}

impl Lacking {
    /// How many records no key opens.
    #[must_use]
    pub fn keyless(&self) -> u64 {
        self.keyless.values().sum()
    }

    /// How many persons have a key and nothing else.
    #[must_use]
    pub fn bare(&self) -> u64 {
        self.bare.values().sum()
    }
}

/// Compares a state that nobody has open with a file of keys. Gives besides the files that its records name, sorted.
///
/// # Errors
/// The world's.
pub fn lacking(state: &Path, keys: &KeyStore) -> Result<(Lacking, Vec<FileId>), StoreError> {
    let engine = Sqlite::open(state)?;
    Ok((compare(&engine, keys)?, engine.all_files()?))
}

impl Store {
    /// Compares the state with the file of keys.
    ///
    /// # Errors
    /// The world's.
    pub fn lacking(&self) -> Result<Lacking, StoreError> {
        compare(&Sqlite::open(&self.folder().join("state.db"))?, self.keys())
    }
}

fn compare(engine: &Sqlite, keys: &KeyStore) -> Result<Lacking, StoreError> {
    let mut lacking = Lacking::default();
    let owners: Vec<(TenantId, PersonId, RetentionClass, u64)> = engine.many(
        "SELECT tenant, person, class, count(*) FROM record GROUP BY tenant, person, class",
        [],
        |row| {
            let class = name(row, 2, RetentionClass::new)?;
            Ok((TenantId(row.get(0)?), PersonId(row.get(1)?), class, row.get::<_, i64>(3)? as u64))
        },
    )?;
    let leavers = Leavers::of(engine)?;
    for (tenant, person, class, records) in owners {
        // Whoever leaves has no keys, and the rows follow.
        if !leavers.hides(&tenant, &person, &class) && !keys.has_person_key(&tenant, &person, &class)? {
            *lacking.keyless.entry(tenant).or_default() += records;
        }
    }
    let persons = keys.persons()?;
    let bare: Vec<TenantId> = engine.with(|connection| {
        let mut known = connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM record WHERE tenant = ?1 AND person = ?2)
             OR EXISTS (SELECT 1 FROM account WHERE person = ?2)",
        )?;
        let mut bare = Vec::new();
        for (tenant, person) in persons {
            if !known.query_row(params![tenant.0, person.0], |row| row.get::<_, bool>(0))? {
                bare.push(tenant);
            }
        }
        Ok(bare)
    })?;
    for tenant in bare {
        *lacking.bare.entry(tenant).or_default() += 1;
    }
    Ok(lacking)
}
