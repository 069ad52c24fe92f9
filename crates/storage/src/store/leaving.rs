//! Erasures whose rows follow their keys in portions, asked of the store: what is shown meanwhile, which rows come next, and taking
//! them away.

use std::sync::Arc;

use journal::{Detail, EntryKind};
use terms::{FileId, PersonId, RecordId, TenantId};

use super::Store;
use crate::committer::{About, CommitError, Pending, Reply, way};
use crate::engine::StoreError;
use crate::erasing::{Erase, Left};
use crate::file::StoredFile;
use crate::house_row::{HouseRow, RowKind, hold_key};
use crate::leaving::{ErasePortion, Leaving, PORTION};
use crate::op::{Op, StoredRecord};
use crate::watch::Watch;

/// Records that are read at a time while some of them are not shown.
pub(super) const AT_ONCE: usize = 1024;

/// What goes next of an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// Whose records.
    pub person: PersonId,
    /// Which.
    pub records: Vec<RecordId>,
    /// The files that they name.
    pub files: Vec<FileId>,
}

impl Store {
    /// Those that are shown: whoever leaves is gone for whoever asks.
    pub(super) fn shown(&self, tenant: &TenantId, found: Vec<StoredRecord>) -> Vec<StoredRecord> {
        if self.leavers.any(tenant) {
            found.into_iter().filter_map(|one| self.leavers.shown(one)).collect()
        } else {
            found
        }
    }

    /// The same of at most so many. Which of them are not shown is known only when all are read.
    pub(super) fn shown_of(
        &self,
        tenant: &TenantId,
        limit: usize,
        read: impl Fn(usize) -> Result<Vec<StoredRecord>, StoreError>,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        if !self.leavers.any(tenant) {
            return read(limit);
        }
        let mut all = self.shown(tenant, read(usize::MAX - 1)?);
        all.truncate(limit.saturating_add(1));
        Ok(all)
    }

    /// Watches what a plan is made from: to be begun before anything of it is read.
    #[must_use]
    pub fn watch(&self, tenant: TenantId) -> Arc<Watch> {
        self.watches.begin(tenant)
    }

    /// Who leaves with an erasure, and how far it has come; none where it is done, or was never one of portions.
    ///
    /// # Errors
    /// The world's.
    pub fn leaving(&self, tenant: &TenantId, id: &RecordId) -> Result<Option<Leaving>, StoreError> {
        Ok(match self.engine.row(RowKind::Leaving, &hold_key(tenant, id))? {
            Some(HouseRow::Leaving(leaving)) => Some(leaving),
            _ => None,
        })
    }

    /// The next portion of an erasure: the records of one person after a place, and their files. Nothing where none is left.
    ///
    /// # Errors
    /// The world's.
    pub fn next_portion(
        &self,
        tenant: &TenantId,
        id: &RecordId,
        after: Option<(PersonId, RecordId)>,
    ) -> Result<Option<Portion>, StoreError> {
        let persons = self.leavers.with(tenant, id);
        let from = after.map_or(0, |(person, _)| persons.iter().position(|goes| goes.person == person).unwrap_or(0));
        for goes in persons.iter().skip(from) {
            let after = after.filter(|(person, _)| *person == goes.person).map(|(_, record)| record);
            let records = self.engine.leaving_rows(tenant, goes, after.as_ref(), PORTION)?;
            if records.is_empty() {
                continue;
            }
            let mut files = Vec::new();
            for record in &records {
                files.extend(self.engine.files_of_record(tenant, record)?.iter().flat_map(StoredFile::files));
            }
            return Ok(Some(Portion { person: goes.person, records, files }));
        }
        Ok(None)
    }

    /// Enters a portion and takes its rows away, and says what is left of them, counted anew.
    ///
    /// # Errors
    /// See [`CommitError`]; then they may be there still, and the same can be done again.
    pub async fn erase_portion(
        &self,
        tenant: TenantId,
        detail: Detail,
        person: PersonId,
        portion: ErasePortion,
    ) -> Result<Left, CommitError> {
        let (id, of) = (portion.id, portion.records.clone());
        let about = About {
            persons: vec![person],
            records: of.iter().map(|record| (*record, 0)).collect(),
            ..About::default()
        };
        let (to, answer) = way();
        let op = Op::ErasePortion(portion);
        self.push(Pending::entry(tenant, EntryKind::Event, detail, about, vec![op], Reply::Entered(to)));
        self.wait(answer).await?;
        self.engine.left(&tenant, &Erase::of(id), &of).map_err(|error| CommitError::Stopped(error.to_string()))
    }
}
