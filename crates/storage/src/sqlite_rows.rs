//! Rows of the embedded engine as values: which columns, in which order. Nothing is asked or changed here.

use rusqlite::Row;
use terms::{Instant, KindName, PersonId, RecordId, RetentionClass, Role, ServiceName, TenantId};

use crate::op::{Account, StoredRecord, Tenant};

pub(crate) const RECORD: &str = "tenant, record, kind, version, person, parent, state, written, author, sealed, class";

pub(crate) fn name<N>(
    row: &Row<'_>,
    column: usize,
    make: fn(&str) -> Result<N, terms::NameError>,
) -> rusqlite::Result<N> {
    let text = row.get_ref(column)?.as_str()?;
    make(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

pub(crate) fn record(row: &Row<'_>) -> rusqlite::Result<StoredRecord> {
    Ok(StoredRecord {
        tenant: TenantId(row.get(0)?),
        record: RecordId(row.get(1)?),
        kind: name(row, 2, KindName::new)?,
        version: row.get::<_, i64>(3)? as u64,
        person: PersonId(row.get(4)?),
        parent: row.get::<_, Option<[u8; 16]>>(5)?.map(RecordId),
        state: row.get(6)?,
        written: Instant(row.get(7)?),
        author: PersonId(row.get(8)?),
        sealed: row.get(9)?,
        class: name(row, 10, RetentionClass::new)?,
    })
}

pub(crate) fn tenant(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    Ok(Tenant {
        id: TenantId(row.get(0)?),
        name: row.get(1)?,
        registration_number: row.get(2)?,
        service: name(row, 3, ServiceName::new)?,
        provider: row.get(4)?,
    })
}

pub(crate) fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        person: PersonId(row.get(0)?),
        home: TenantId(row.get(1)?),
        login: row.get(2)?,
        role: name(row, 3, Role::new)?,
        password: row.get(4)?,
        totp: row.get(5)?,
        used_step: row.get::<_, i64>(6)? as u64,
        record: row.get::<_, Option<[u8; 16]>>(7)?.map(RecordId),
        ended: row.get::<_, Option<i64>>(8)?.map(Instant),
    })
}

pub(crate) const ACCOUNT: &str =
    "SELECT person, home, login, role, password, totp, used_step, record, ended FROM account";
pub(crate) const TENANT: &str = "SELECT id, name, registration_number, service, provider FROM tenant";

/// By id, each once.
pub(crate) fn by_id(mut found: Vec<StoredRecord>) -> Vec<StoredRecord> {
    found.sort_unstable_by_key(|one| one.record);
    found.dedup_by_key(|one| one.record);
    found
}
