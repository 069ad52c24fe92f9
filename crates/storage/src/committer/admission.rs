//! Whether an item may be entered: checked by the one committer against the head, counting what earlier items of the same
//! generation did. What passes here cannot be refused later; applying never says no.

use std::collections::{HashMap, HashSet};

use terms::{AgreementHash, FieldName, Instant, KindName, RecordId, TenantId};

use super::pending::Pending;
use super::{CommitError, Committer, MAX_PERMIT_AGE_SECONDS};
use crate::engine::StoreError;
use crate::folder;
use crate::op::{Op, Token};

/// What earlier items of the same generation did, since the state does not show it yet.
#[derive(Default)]
pub(super) struct Ahead {
    versions: HashMap<(TenantId, RecordId), u64>,
    tokens: HashSet<(TenantId, KindName, FieldName, Token)>,
    once: HashMap<(TenantId, [u8; 32]), (RecordId, u64)>,
}

/// How an item passes.
pub(super) enum Admitted {
    /// It gets an entry.
    New,
    /// Its idempotency key was answered before.
    Before(RecordId, u64),
}

impl Committer {
    /// Why nothing may be written now.
    pub(super) fn no_room(&self) -> Option<String> {
        match folder::free_bytes(&self.folder) {
            Ok(free) if free >= self.options.reserve_bytes => None,
            Ok(free) => Some(format!(
                "{free} bytes are left and {} are held in reserve, so that what is acknowledged can be applied; free some room",
                self.options.reserve_bytes
            )),
            Err(cause) => Some(format!("the free room could not be read: {cause}")),
        }
    }

    /// Checks an item against the head.
    pub(super) fn admit(&self, item: &Pending, now: Instant, ahead: &mut Ahead, full: Option<&str>) -> Result<Admitted, CommitError> {
        if let Some(permit) = &item.permit {
            let age = now.micros().saturating_sub(permit.instant().micros());
            if age.abs() > MAX_PERMIT_AGE_SECONDS * 1_000_000 {
                return Err(CommitError::Stale);
            }
            if self.in_force_at(item.tenant, now) != Some(permit.agreement()) {
                return Err(CommitError::NotInForce);
            }
        }
        if item.ops.is_empty() {
            return Ok(Admitted::New);
        }
        if let Some(why) = full {
            return Err(CommitError::Full(why.to_owned()));
        }
        for op in &item.ops {
            if let Op::PutRecord(put) = op
                && let Some((record, version)) = self.admit_record(item.tenant, put, ahead)?
            {
                return Ok(Admitted::Before(record, version));
            }
        }
        Ok(Admitted::New)
    }

    fn admit_record(
        &self,
        tenant: TenantId,
        put: &crate::op::PutRecord,
        ahead: &mut Ahead,
    ) -> Result<Option<(RecordId, u64)>, CommitError> {
        let unread = |error: StoreError| CommitError::Stopped(error.to_string());
        if let Some(key) = put.once {
            let before = match ahead.once.get(&(tenant, key)) {
                Some(before) => Some(*before),
                None => self.engine.once(&tenant, &key).map_err(unread)?,
            };
            if before.is_some() {
                return Ok(before);
            }
        }
        let has = match ahead.versions.get(&(tenant, put.record)) {
            Some(version) => *version,
            None => self.engine.record(&tenant, &put.record).map_err(unread)?.map_or(0, |record| record.version),
        };
        if has + 1 != put.version {
            return Err(CommitError::Conflict { version: has });
        }
        if self.keys.person_key(&tenant, &put.person, &self.options.key_class).map_err(unread)?.is_none() {
            return Err(CommitError::NoKey);
        }
        let unique = put.tokens.iter().filter(|of| of.unique);
        for (field, token) in unique.flat_map(|of| of.tokens.iter().filter_map(|one| one.bare).map(|token| (&of.field, token))) {
            let place = (tenant, put.kind.clone(), field.clone(), token);
            let others = self.engine.with_token(&tenant, &put.kind, field, &token).map_err(unread)?;
            if others.iter().any(|other| *other != put.record) || !ahead.tokens.insert(place) {
                return Err(CommitError::NotUnique);
            }
        }
        ahead.versions.insert((tenant, put.record), put.version);
        if let Some(key) = put.once {
            ahead.once.insert((tenant, key), (put.record, put.version));
        }
        Ok(None)
    }

    fn in_force_at(&self, tenant: TenantId, now: Instant) -> Option<AgreementHash> {
        let adopted = self.in_force.get(&tenant)?;
        adopted.iter().rev().find(|(from, _)| *from <= now).map(|(_, hash)| *hash)
    }
}
