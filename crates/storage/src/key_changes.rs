//! The file of keys on its way elsewhere: its rows part by part, what changed since, and taking both into another file.
//!
//! Only pointers to what changed are noted, never a wrapped key a second time: a key that was destroyed would else lie in the
//! note. What is read for a note is the row as it lies then; where it is gone meanwhile, a later note says so. Nothing is noted
//! before somebody keeps copies. Not here: sealing, and where copies lie (`vault`).

use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Row, params};
use terms::{PersonId, RetentionClass, TenantId};

use crate::engine::StoreError;
use crate::key_store::{KeyStore, NewPerson, failed};

pub(crate) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS change (
  number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, tenant BLOB, person BLOB, name TEXT) STRICT;
CREATE TABLE IF NOT EXISTS offsite (only INTEGER PRIMARY KEY CHECK (only = 1), state BLOB NOT NULL) STRICT;
";

/// A row of the file of keys as it travels: wrapped or sealed as it lies.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub enum KeyRow {
    /// A tenant's wrapped key.
    #[n(0)]
    Tenant {
        /// Whose.
        #[n(0)]
        tenant: TenantId,
        /// The key.
        #[cbor(n(1), with = "minicbor::bytes")]
        wrapped: Vec<u8>,
    },
    /// A person's wrapped key.
    #[n(1)]
    Person {
        /// Whose customer.
        #[n(0)]
        tenant: TenantId,
        /// Whose.
        #[n(1)]
        person: PersonId,
        /// Of which class.
        #[n(2)]
        class: RetentionClass,
        /// The key.
        #[cbor(n(3), with = "minicbor::bytes")]
        wrapped: Vec<u8>,
    },
    /// The sealed name behind a pseudonym.
    #[n(2)]
    Name {
        /// Whose customer.
        #[n(0)]
        tenant: TenantId,
        /// Whose.
        #[n(1)]
        person: PersonId,
        /// The name.
        #[cbor(n(2), with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// A sealed secret of the house.
    #[n(3)]
    House {
        /// Which.
        #[n(0)]
        label: String,
        /// The secret.
        #[cbor(n(1), with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    /// A person's key of a class is destroyed; with the person's own the name too.
    #[n(4)]
    Gone {
        /// Whose customer.
        #[n(0)]
        tenant: TenantId,
        /// Whose.
        #[n(1)]
        person: PersonId,
        /// Of which class.
        #[n(2)]
        class: RetentionClass,
    },
}

/// What is noted of a change: where the row lies.
pub(crate) enum What<'a> {
    Tenant(&'a TenantId),
    Person(&'a TenantId, &'a PersonId, &'a RetentionClass),
    Name(&'a TenantId, &'a PersonId),
    House(&'a str),
    Gone(&'a TenantId, &'a PersonId, &'a RetentionClass),
}

impl<'a> What<'a> {
    pub(crate) fn of(new: &'a NewPerson) -> Self {
        Self::Person(&new.tenant, &new.person, &new.class)
    }
}

/// Notes a change, in the transaction that makes it, where copies are kept.
pub(crate) fn note(connection: &Connection, what: What<'_>) -> rusqlite::Result<()> {
    let (word, tenant, person, name) = match what {
        What::Tenant(tenant) => ("tenant", Some(tenant.0), None, None),
        What::Person(tenant, person, class) => ("person", Some(tenant.0), Some(person.0), Some(class.as_str())),
        What::Name(tenant, person) => ("name", Some(tenant.0), Some(person.0), None),
        What::House(label) => ("house", None, None, Some(label)),
        What::Gone(tenant, person, class) => ("gone", Some(tenant.0), Some(person.0), Some(class.as_str())),
    };
    connection
        .prepare_cached(
            "INSERT INTO change (what, tenant, person, name) SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM offsite)",
        )?
        .execute(params![word, tenant, person, name])?;
    Ok(())
}

/// How far a copy of the whole file has come: the table, and the last row of it that was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopiedTo {
    table: usize,
    last: (Vec<u8>, Vec<u8>, String),
}

/// Each table in pages, by its key: two parts that may be empty and a name.
const PAGES: [&str; 4] = [
    "SELECT CAST(label AS BLOB), x'', '', sealed FROM house WHERE CAST(label AS BLOB) > ?1 AND x'' = ?2 AND '' = ?3
     ORDER BY label LIMIT ?4",
    "SELECT tenant, x'', '', wrapped FROM tenant_key WHERE tenant > ?1 AND x'' = ?2 AND '' = ?3 ORDER BY tenant LIMIT ?4",
    "SELECT tenant, person, class, wrapped FROM person_key WHERE (tenant, person, class) > (?1, ?2, ?3)
     ORDER BY tenant, person, class LIMIT ?4",
    "SELECT tenant, person, '', sealed FROM link WHERE (tenant, person) > (?1, ?2) AND '' = ?3
     ORDER BY tenant, person LIMIT ?4",
];

fn wrong(cause: impl core::fmt::Display) -> StoreError {
    StoreError { doing: "read", cause: format!("file of keys: {cause}") }
}

fn id(bytes: &[u8]) -> Result<[u8; 16], StoreError> {
    bytes.try_into().map_err(|_| wrong("an id of another length"))
}

fn class(name: &str) -> Result<RetentionClass, StoreError> {
    RetentionClass::new(name).map_err(wrong)
}

type Place = (Vec<u8>, Vec<u8>, String, Vec<u8>);

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

/// The number of the last change that was noted. The numbers are never given anew, also where the notes themselves are gone.
pub(crate) fn last(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'change'")?
        .query_row([], |row| row.get::<_, i64>(0))
        .optional()
        .map(|number| number.unwrap_or(0) as u64)
}

impl KeyStore {
    /// The next rows of the whole file after a place, and the place then; none at its end. The file is held for one call at a
    /// time: what changes between two calls is among the changes since the first.
    ///
    /// # Errors
    /// The world's, as for every method.
    pub fn copy_after(&self, after: &CopiedTo, limit: usize) -> Result<Option<(Vec<KeyRow>, CopiedTo)>, StoreError> {
        let connection = self.lock()?;
        let mut to = after.clone();
        while let Some(sql) = PAGES.get(to.table) {
            let (one, other, name) = &to.last;
            let found: Vec<Place> = connection
                .prepare_cached(sql)
                .and_then(|mut page| {
                    page.query_map(params![one, other, name, limit as i64], place)?.collect::<rusqlite::Result<_>>()
                })
                .map_err(failed("read"))?;
            let Some((one, other, name, _)) = found.last() else {
                to = CopiedTo { table: to.table + 1, last: Default::default() };
                continue;
            };
            let last = (one.clone(), other.clone(), name.clone());
            let rows: Vec<KeyRow> = found
                .into_iter()
                .map(|(one, other, name, held)| {
                    Ok(match to.table {
                        0 => KeyRow::House { label: String::from_utf8(one).map_err(wrong)?, sealed: held },
                        1 => KeyRow::Tenant { tenant: TenantId(id(&one)?), wrapped: held },
                        2 => KeyRow::Person {
                            tenant: TenantId(id(&one)?),
                            person: PersonId(id(&other)?),
                            class: class(&name)?,
                            wrapped: held,
                        },
                        _ => KeyRow::Name { tenant: TenantId(id(&one)?), person: PersonId(id(&other)?), sealed: held },
                    })
                })
                .collect::<Result<_, StoreError>>()?;
            return Ok(Some((rows, CopiedTo { table: to.table, last })));
        }
        Ok(None)
    }

    /// The number of the last change that was noted; 0 before the first.
    ///
    /// # Errors
    /// The world's.
    pub fn last_change(&self) -> Result<u64, StoreError> {
        last(&*self.lock()?).map_err(failed("read"))
    }

    /// What changed after a number, at most so many changes, with the number of the last.
    ///
    /// # Errors
    /// The world's.
    pub fn changes_after(&self, number: u64, limit: usize) -> Result<(Vec<KeyRow>, u64), StoreError> {
        type Noted = (i64, String, Option<[u8; 16]>, Option<[u8; 16]>, Option<String>);
        let connection = self.lock()?;
        let noted: Vec<Noted> = connection
            .prepare_cached(
                "SELECT number, what, tenant, person, name FROM change WHERE number > ?1 ORDER BY number LIMIT ?2",
            )
            .and_then(|mut after| {
                let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
                after.query_map(params![number as i64, limit as i64], read)?.collect::<rusqlite::Result<_>>()
            })
            .map_err(failed("read"))?;
        let last = noted.last().map_or(number, |(number, ..)| *number as u64);
        let held = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<Option<Vec<u8>>, StoreError> {
            connection
                .prepare_cached(sql)
                .and_then(|mut one| one.query_row(values, |row| row.get(0)).optional())
                .map_err(failed("read"))
        };
        let mut rows = Vec::with_capacity(noted.len());
        for (_, what, tenant, person, name) in noted {
            let tenant = TenantId(tenant.unwrap_or_default());
            let person = PersonId(person.unwrap_or_default());
            let name = name.unwrap_or_default();
            let row = match what.as_str() {
                "tenant" => held("SELECT wrapped FROM tenant_key WHERE tenant = ?1", &[&tenant.0])?
                    .map(|wrapped| KeyRow::Tenant { tenant, wrapped }),
                "person" => {
                    let sql = "SELECT wrapped FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3";
                    let class = class(&name)?;
                    held(sql, &[&tenant.0, &person.0, &name])?.map(|wrapped| KeyRow::Person {
                        tenant,
                        person,
                        class,
                        wrapped,
                    })
                }
                "name" => held("SELECT sealed FROM link WHERE tenant = ?1 AND person = ?2", &[&tenant.0, &person.0])?
                    .map(|sealed| KeyRow::Name { tenant, person, sealed }),
                "house" => held("SELECT sealed FROM house WHERE label = ?1", &[&name])?
                    .map(|sealed| KeyRow::House { label: name, sealed }),
                "gone" => Some(KeyRow::Gone { tenant, person, class: class(&name)? }),
                other => return Err(wrong(format_args!("a change of an unknown form, `{other}`"))),
            };
            rows.extend(row);
        }
        Ok((rows, last))
    }

    /// Forgets the notes of changes up to a number: they lie in a copy.
    ///
    /// # Errors
    /// The world's.
    pub fn forget_changes(&self, to: u64) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            tx.execute("DELETE FROM change WHERE number <= ?1", params![to as i64]).map(drop)
        })
    }

    /// Goes on numbering changes after a number: for a file that was made from a copy.
    ///
    /// # Errors
    /// The world's.
    pub fn continue_changes_after(&self, number: u64) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            tx.execute("DELETE FROM sqlite_sequence WHERE name = 'change'", [])?;
            tx.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('change', ?1)", params![number as i64])
                .map(drop)
        })
    }

    /// What whoever keeps copies has noted of them, in a form that this room does not know.
    ///
    /// # Errors
    /// The world's.
    pub fn offsite(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.lock()?
            .query_row("SELECT state FROM offsite WHERE only = 1", [], |row| row.get(0))
            .optional()
            .map_err(failed("read"))
    }

    /// Notes the same, durably. From the first time on changes are noted too.
    ///
    /// # Errors
    /// The world's.
    pub fn put_offsite(&self, state: &[u8]) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            tx.execute("INSERT OR REPLACE INTO offsite (only, state) VALUES (1, ?1)", params![state]).map(drop)
        })
    }

    /// Takes rows into this file as they travelled, with one sync: for a file that is made from a copy, and for no other. The
    /// same rows may come twice, and what is gone stays gone where the change that says so comes after.
    ///
    /// # Errors
    /// The world's; then none is taken.
    pub fn take_copied(&self, rows: &[KeyRow]) -> Result<(), StoreError> {
        self.writing(&mut *self.lock()?, |tx| {
            for row in rows {
                match row {
                    KeyRow::Tenant { tenant, wrapped } => {
                        tx.prepare_cached("INSERT OR REPLACE INTO tenant_key (tenant, wrapped) VALUES (?1, ?2)")?
                            .execute(params![tenant.0, wrapped])?;
                    }
                    KeyRow::Person { tenant, person, class, wrapped } => {
                        tx.prepare_cached(
                            "INSERT OR REPLACE INTO person_key (tenant, person, class, wrapped) VALUES (?1, ?2, ?3, ?4)",
                        )?
                        .execute(params![tenant.0, person.0, class.as_str(), wrapped])?;
                    }
                    KeyRow::Name { tenant, person, sealed } => {
                        tx.prepare_cached("INSERT OR REPLACE INTO link (tenant, person, sealed) VALUES (?1, ?2, ?3)")?
                            .execute(params![tenant.0, person.0, sealed])?;
                    }
                    KeyRow::House { label, sealed } => {
                        tx.prepare_cached("INSERT OR REPLACE INTO house (label, sealed) VALUES (?1, ?2)")?
                            .execute(params![label, sealed])?;
                    }
                    KeyRow::Gone { tenant, person, class } => {
                        tx.prepare_cached("DELETE FROM person_key WHERE tenant = ?1 AND person = ?2 AND class = ?3")?
                            .execute(params![tenant.0, person.0, class.as_str()])?;
                        if class.as_str() == RetentionClass::SERVICE {
                            tx.prepare_cached("DELETE FROM link WHERE tenant = ?1 AND person = ?2")?
                                .execute(params![tenant.0, person.0])?;
                        }
                    }
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const TENANT: TenantId = TenantId([1; 16]);

    fn open(folder: &Path, name: &str) -> KeyStore {
        KeyStore::open(&folder.join(name)).unwrap()
    }

    fn person(n: u8) -> NewPerson {
        NewPerson {
            tenant: TENANT,
            person: PersonId([n; 16]),
            class: RetentionClass::default(),
            wrapped: vec![n ^ 0xa5; 60],
        }
    }

    fn all(keys: &KeyStore, limit: usize) -> Vec<KeyRow> {
        let (mut to, mut rows) = (CopiedTo::default(), Vec::new());
        while let Some((more, next)) = keys.copy_after(&to, limit).unwrap() {
            assert!(!more.is_empty() && more.len() <= limit);
            rows.extend(more);
            to = next;
        }
        rows
    }

    fn changes(keys: &KeyStore, mut after: u64) -> Vec<KeyRow> {
        let mut rows = Vec::new();
        loop {
            let (more, last) = keys.changes_after(after, 3).unwrap();
            if last == after {
                return rows;
            }
            rows.extend(more);
            after = last;
        }
    }

    fn fill(keys: &KeyStore) {
        keys.put_house("pepper", b"sealed").unwrap();
        keys.put_tenant_key(&TENANT, b"wrapped").unwrap();
        for n in 1..=9 {
            keys.put_person_key(&person(n)).unwrap();
            keys.put_link(&TENANT, &PersonId([n; 16]), &[n; 30]).unwrap();
        }
        let class = RetentionClass::new("claims").unwrap();
        assert!(keys.put_further_key(&NewPerson { class, ..person(3) }).unwrap());
    }

    #[test]
    fn a_copy_holds_every_row_once_whatever_the_size_of_its_parts() {
        let folder = tempfile::tempdir().unwrap();
        let keys = open(folder.path(), "keys.db");
        fill(&keys);
        for limit in [1, 2, 5, 100] {
            let rows = all(&keys, limit);
            assert_eq!(rows.len(), 1 + 1 + 10 + 9, "{limit}");
            let other = open(folder.path(), &format!("copy-{limit}.db"));
            other.take_copied(&rows).unwrap();
            assert!(all(&other, 7) == all(&keys, 7), "{limit}");
        }
    }

    #[test]
    fn nothing_is_noted_before_copies_are_kept_and_copy_and_changes_come_to_the_file_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let keys = open(folder.path(), "keys.db");
        fill(&keys);
        assert_eq!(keys.last_change().unwrap(), 0);
        keys.put_offsite(b"begun").unwrap();
        let from = keys.last_change().unwrap();
        let before = all(&keys, 4);
        keys.put_person_keys(&[person(20), person(21)]).unwrap();
        keys.put_link(&TENANT, &PersonId([20; 16]), &[7; 30]).unwrap();
        for n in [2, 21] {
            keys.destroy(&TENANT, &PersonId([n; 16]), &[RetentionClass::default()]).unwrap();
        }
        let since = changes(&keys, from);
        // The key that was destroyed lies in no change: only its place was noted.
        assert!(!since.iter().any(|row| matches!(row, KeyRow::Person { person, .. } if person.0 == [21; 16])));
        let other = open(folder.path(), "copy.db");
        other.take_copied(&before).unwrap();
        other.take_copied(&since).unwrap();
        other.take_copied(&since).unwrap();
        assert!(all(&other, 100) == all(&keys, 100));
        // Notes that are forgotten do not give their numbers away.
        let last = keys.last_change().unwrap();
        keys.forget_changes(last).unwrap();
        drop(keys);
        let keys = open(folder.path(), "keys.db");
        assert_eq!(keys.last_change().unwrap(), last);
        assert_eq!(changes(&keys, from).len(), 0);
        keys.put_house("more", b"x").unwrap();
        assert_eq!(keys.changes_after(last, 10).unwrap().1, last + 1);
    }
}
