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

    /// The same of at most so many, and one more where there are more.
    pub(super) fn shown_of(
        &self,
        tenant: &TenantId,
        limit: usize,
        read: impl Fn(usize) -> Result<Vec<StoredRecord>, StoreError>,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        if !self.leavers.any(tenant) {
            return read(limit);
        }
        up_to(limit, read, |found| self.shown(tenant, found))
    }

    /// Whether rows are left of anybody who leaves. Whether the certificate is written does not matter: it may have to wait for the
    /// place of files, and nothing half gone is in the state then.
    pub(super) fn rows_follow(&self) -> Result<bool, StoreError> {
        for (tenant, goes) in self.leavers.everybody() {
            if !self.engine.leaving_rows(&tenant, &goes, None, 1)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
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
        let unread = |error: StoreError| CommitError::Stopped(error.to_string());
        let left = self.engine.left(&tenant, &Erase::of(id), &of).map_err(unread)?;
        // Asked for by themselves: `left` counts the rows beside records that are gone, and those of single records that an erasure
        // names, with legal holds on them that have ended. Those stay, and would keep an erasure from its certificate for ever.
        let living = self.engine.records(&tenant, &of).map_err(unread)?.len() as u64;
        Ok(Left { records: left.records + living, ..left })
    }
}

/// Reads at most `limit` that are shown, and one more where there are more. How many of what is read are not shown is known only
/// afterwards, so more is read, twice as much each time, until it is enough or all; never all at once because somebody leaves.
fn up_to(
    limit: usize,
    read: impl Fn(usize) -> Result<Vec<StoredRecord>, StoreError>,
    shown: impl Fn(Vec<StoredRecord>) -> Vec<StoredRecord>,
) -> Result<Vec<StoredRecord>, StoreError> {
    let mut asked = limit;
    loop {
        let found = read(asked)?;
        let cut = found.len() > asked;
        let mut all = shown(found);
        if !cut || all.len() > limit {
            all.truncate(limit.saturating_add(1));
            return Ok(all);
        }
        asked = asked.saturating_mul(2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use terms::{Instant, KindName, RetentionClass};

    use super::*;

    fn stored(n: usize) -> StoredRecord {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(n as u64).to_be_bytes());
        StoredRecord {
            tenant: TenantId([1; 16]),
            record: RecordId(id),
            kind: KindName::new("note").unwrap(),
            version: n as u64,
            person: PersonId([2; 16]),
            parent: None,
            state: None,
            written: Instant(0),
            author: PersonId([3; 16]),
            sealed: Vec::new(),
            class: RetentionClass::default(),
        }
    }

    #[test]
    fn a_limit_holds_while_somebody_leaves() {
        // So many there are, the first so many of them are hidden, and so many are asked for: so many come, read by these limits.
        for (there, hidden, limit, come, limits) in [
            (100_000, 0, 10, 11, vec![10]),
            (100_000, 11, 10, 11, vec![10, 20, 40]),
            (100_000, 1, 10, 11, vec![10, 20]),
            (30, 25, 10, 5, vec![10, 20, 40]),
            (5, 5, 10, 0, vec![10]),
            (3, 0, 0, 1, vec![0]),
            (3, 1, 0, 1, vec![0, 1]),
        ] {
            let asked = RefCell::new(Vec::new());
            let read = |limit: usize| {
                asked.borrow_mut().push(limit);
                Ok((0..there).take(limit + 1).map(stored).collect())
            };
            let shown = |found: Vec<StoredRecord>| found.into_iter().filter(|one| one.version >= hidden).collect();
            let found = up_to(limit, read, shown).unwrap();
            assert_eq!((found.len(), asked.into_inner()), (come, limits), "{there}, {hidden}, {limit}");
        }
    }
}
