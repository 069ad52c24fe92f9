//! Records, asked of the store. Whoever leaves (`leaving.rs`) is gone for whoever asks, though the rows may be there still.

use std::collections::HashSet;
use std::sync::Arc;

use terms::{PersonId, RecordHead, RecordId, TenantId};

use super::Store;
use super::leaving::AT_ONCE;
use crate::engine::{Find, StoreError};
use crate::erasing::Reached;
use crate::file::StoredFile;
use crate::op::{Once, StoredRecord, Token};

impl Store {
    /// One record in its present version.
    ///
    /// # Errors
    /// The world's, as for every reading below.
    pub fn record(&self, tenant: &TenantId, record: &RecordId) -> Result<Option<StoredRecord>, StoreError> {
        Ok(self.engine.record(tenant, record)?.and_then(|one| self.leavers.shown(one)))
    }

    /// What may be known of a record without opening it. Remembered after the first time.
    ///
    /// # Errors
    /// The world's.
    pub fn head(&self, tenant: &TenantId, record: &RecordId) -> Result<Option<Arc<RecordHead>>, StoreError> {
        self.remembered.head(tenant, record, || Ok(self.record(tenant, record)?.as_ref().map(StoredRecord::head)))
    }

    /// The versions before the present one that are kept, newest first.
    ///
    /// # Errors
    /// The world's.
    pub fn past(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredRecord>, StoreError> {
        Ok(self.shown(tenant, self.engine.past(tenant, record)?))
    }

    /// Records of a kind, oldest first.
    ///
    /// # Errors
    /// The world's.
    pub fn find(&self, tenant: &TenantId, find: &Find) -> Result<Vec<StoredRecord>, StoreError> {
        let mut found = self.engine.find(tenant, find)?;
        if !self.leavers.any(tenant) {
            return Ok(found);
        }
        // What is left out is made up for, so that a short page is a last page.
        let mut all = Vec::new();
        let mut next = Find { limit: find.limit.max(AT_ONCE), ..find.clone() };
        loop {
            let (more, last) = (found.len() == next.limit || all.is_empty(), found.last().map(|one| one.record));
            all.extend(self.shown(tenant, found));
            if all.len() >= find.limit || last.is_none() || !more {
                all.truncate(find.limit);
                return Ok(all);
            }
            next.after = last;
            found = self.engine.find(tenant, &next)?;
        }
    }

    /// Records of a kind that carry the token in the field.
    ///
    /// # Errors
    /// The world's.
    pub fn with_token(
        &self,
        tenant: &TenantId,
        kind: &terms::KindName,
        field: &terms::FieldName,
        token: &Token,
    ) -> Result<Vec<RecordId>, StoreError> {
        let found = self.engine.with_token(tenant, kind, field, token)?;
        if !self.leavers.any(tenant) {
            return Ok(found);
        }
        let shown = self.records(tenant, &found)?;
        Ok(shown.into_iter().map(|one| one.record).collect())
    }

    /// Records of a kind that carry any of the tokens in the field; more than `limit` where there are more.
    ///
    /// # Errors
    /// The world's.
    pub fn with_tokens(
        &self,
        tenant: &TenantId,
        kind: &terms::KindName,
        field: &terms::FieldName,
        tokens: &[Token],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        self.shown_of(tenant, limit, |limit| self.engine.with_tokens(tenant, kind, field, tokens, limit))
    }

    /// Those of these records that there are.
    ///
    /// # Errors
    /// The world's.
    pub fn records(&self, tenant: &TenantId, records: &[RecordId]) -> Result<Vec<StoredRecord>, StoreError> {
        Ok(self.shown(tenant, self.engine.records(tenant, records)?))
    }

    /// Records of a kind that belong to any of these; more than `limit` where there are more.
    ///
    /// # Errors
    /// The world's.
    pub fn under(
        &self,
        tenant: &TenantId,
        kind: &terms::KindName,
        parents: &[RecordId],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        self.shown_of(tenant, limit, |limit| self.engine.under(tenant, kind, parents, limit))
    }

    /// The files of a record, by field and version.
    ///
    /// # Errors
    /// The world's.
    pub fn files_of_record(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredFile>, StoreError> {
        let found = self.engine.files_of_record(tenant, record)?;
        Ok(if self.leavers.any(tenant) && self.record(tenant, record)?.is_none() { Vec::new() } else { found })
    }

    /// The files of a person, by record, field and version.
    ///
    /// # Errors
    /// The world's.
    pub fn files_of_person(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<StoredFile>, StoreError> {
        let mut found = self.engine.files_of_person(tenant, person)?;
        if self.leavers.any(tenant) {
            let of: Vec<_> = found.iter().map(|one| one.record).collect();
            let shown: HashSet<_> = self.records(tenant, &of)?.into_iter().map(|one| one.record).collect();
            found.retain(|one| shown.contains(&one.record));
        }
        Ok(found)
    }

    /// What an idempotency key made.
    ///
    /// # Errors
    /// The world's.
    pub fn once(&self, tenant: &TenantId, key: &[u8; 32]) -> Result<Option<Once>, StoreError> {
        let Some(once) = self.engine.once(tenant, key)? else { return Ok(None) };
        let gone = self.leavers.any(tenant) && self.record(tenant, &once.record)?.is_none();
        Ok(Some(once).filter(|_| !gone))
    }

    /// All records of these persons, these single records, and what belongs to any of them.
    ///
    /// # Errors
    /// The world's.
    pub fn reached(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[RecordId],
    ) -> Result<Vec<Reached>, StoreError> {
        let mut reached = self.engine.reached(tenant, persons, records)?;
        if self.leavers.any(tenant) {
            reached.retain(|one| !self.leavers.hides(tenant, &one.person, &one.class));
        }
        Ok(reached)
    }
}
