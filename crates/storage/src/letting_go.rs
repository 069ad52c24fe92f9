//! Earlier versions that were kept only because a legal hold stood: they go when it has ended, one by one, with the files that
//! only they named.
//!
//! Not here: which they are (`processing` compares kinds, holds and times), and holds themselves (`holding.rs`).

use minicbor::{Decode, Encode};
use rusqlite::{Transaction, params};
use terms::{FieldName, RecordId, TenantId};

/// Earlier versions that go. What is not there is no error; a present version never goes so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub struct LetGo {
    /// Records, each with the number of the version.
    #[n(0)]
    pub versions: Vec<(RecordId, u64)>,
    /// Files that no version names which stays.
    #[n(1)]
    pub files: Vec<FileOfVersion>,
}

/// The file of a field, by the version that named it first.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct FileOfVersion {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// The field.
    #[n(1)]
    pub field: FieldName,
    /// The version.
    #[n(2)]
    pub version: u64,
}

pub(crate) fn let_go(tx: &Transaction<'_>, tenant: &TenantId, of: &LetGo) -> rusqlite::Result<()> {
    for (record, version) in &of.versions {
        tx.prepare_cached("DELETE FROM past WHERE tenant = ?1 AND record = ?2 AND version = ?3")?.execute(params![
            tenant.0,
            record.0,
            *version as i64
        ])?;
    }
    for one in &of.files {
        tx.prepare_cached("DELETE FROM file WHERE tenant = ?1 AND record = ?2 AND field = ?3 AND version = ?4")?
            .execute(params![tenant.0, one.record.0, one.field.as_str(), one.version as i64])?;
    }
    Ok(())
}
