//! Earlier versions that were kept only because a legal hold stood: when no hold covers their record any more they go, as they
//! would have gone on the day they were written over.
//!
//! Not here: keeping them (`alter.rs`), and holds themselves (`hold.rs`). What a kind keeps by itself, and what lay there before the
//! hold began, stays.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use journal::{Detail, Outcome};
use service::No;
use storage::{FileOfVersion, Hold, HouseOp, LetGo, Reached, StoredFile, StoredRecord};
use terms::{FieldName, FileId, Instant, RecordId, TenantId};
use vault::Vault;

use crate::Processing;
use crate::refuse::{closed, failed, unavailable};

/// Versions that one entry lets go at most.
const MAX_TOGETHER: usize = 500;

impl Processing {
    /// Lets go what only a hold kept that stands no more, of every customer, where one has ended since this was asked last. Gives how
    /// many versions went. To be asked once a minute.
    ///
    /// # Errors
    /// The world's; it is tried again by the next call.
    pub async fn let_go_after_holds(&self) -> Result<u64, No> {
        if !self.lets_go.swap(false, Ordering::Relaxed) {
            return Ok(0);
        }
        let mut gone = 0;
        for tenant in self.store.tenants().map_err(failed)? {
            match self.let_go_of(&tenant.id).await {
                Ok(count) => gone += count,
                Err(no) => {
                    self.lets_go.store(true, Ordering::Relaxed);
                    return Err(no);
                }
            }
        }
        Ok(gone)
    }

    /// That a hold has ended: what only it kept is to be looked for.
    pub(crate) fn a_hold_ended(&self) {
        self.lets_go.store(true, Ordering::Relaxed);
    }

    async fn let_go_of(&self, tenant: &TenantId) -> Result<u64, No> {
        let now = self.store.now();
        let (standing, ended): (Vec<Hold>, Vec<Hold>) =
            self.store.all_holds(tenant).map_err(failed)?.into_iter().partition(|hold| hold.stands(now));
        if ended.is_empty() {
            return Ok(0);
        }
        let mut gone = 0;
        let (mut let_go, mut destroyed) = (LetGo::default(), Vec::new());
        for record in self.store.with_past(tenant).map_err(failed)? {
            let Some(head) = self.store.record(tenant, &record).map_err(failed)? else { continue };
            if !self.keeps_one(tenant, &head)? {
                continue;
            }
            let one = Reached::of(&head);
            let covers = self.store.covering(&ended, tenant, &one).map_err(failed)?;
            if covers.is_empty() || !self.store.covering(&standing, tenant, &one).map_err(failed)?.is_empty() {
                continue;
            }
            if self.store.restriction(tenant, &head.person, now).is_some() {
                // Of whoever is restricted nothing goes meanwhile (Art. 18); it is asked again until that ends.
                self.a_hold_ended();
                continue;
            }
            let past = self.store.past(tenant, &record).map_err(failed)?;
            let versions = kept_by(&covers, &head, &past);
            let stays = past.iter().map(|one| one.version).filter(|one| !versions.contains(one)).collect();
            let named = Vault::holds(&head.sealed).map_err(closed)?.into_iter().map(|(field, _)| field).collect();
            let (files, bytes) =
                no_longer_named(self.store.files_of_record(tenant, &record).map_err(failed)?, &stays, &named);
            let_go.versions.extend(versions.into_iter().map(|version| (record, version)));
            let_go.files.extend(files);
            destroyed.extend(bytes);
            if let_go.versions.len() >= MAX_TOGETHER {
                gone += self.enter_gone(tenant, &ended, core::mem::take(&mut let_go)).await?;
                self.destroy_files(core::mem::take(&mut destroyed)).await;
            }
        }
        if !let_go.versions.is_empty() || !let_go.files.is_empty() {
            gone += self.enter_gone(tenant, &ended, let_go).await?;
            // If we die here, the next start sweeps what no row names.
            self.destroy_files(destroyed).await;
        }
        Ok(gone)
    }

    /// Whether the kind of a record keeps its present version alone.
    fn keeps_one(&self, tenant: &TenantId, head: &StoredRecord) -> Result<bool, No> {
        let Some(tenant) = self.store.tenant(tenant).map_err(failed)? else { return Ok(false) };
        Ok(self.kind(&tenant.service, &head.kind).is_some_and(|kind| !kind.history))
    }

    async fn enter_gone(&self, tenant: &TenantId, ended: &[Hold], let_go: LetGo) -> Result<u64, No> {
        let count = let_go.versions.len() as u64;
        let clause = ended.first();
        let mut detail = Detail {
            outcome: Outcome::Happened,
            event: Some("held-versions-gone".to_owned()),
            agreement: clause.map(|hold| hold.agreement),
            clause: clause.map(|hold| hold.clause.clone()),
            count: Some(count),
            ..Detail::default()
        };
        let mut records: Vec<(RecordId, u64)> = let_go.versions.iter().map(|(record, _)| (*record, 0)).collect();
        records.dedup();
        records.truncate(journal::FEW);
        let _lists = detail.name(Vec::new(), records);
        self.store.event(*tenant, detail, vec![HouseOp::LetGo(let_go)]).await.map_err(|error| unavailable(&error))?;
        Ok(count)
    }
}

/// The earlier versions of a record that were written over while one of these holds stood.
fn kept_by(holds: &[Hold], head: &StoredRecord, newest_first: &[StoredRecord]) -> Vec<u64> {
    let mut written_over = head.written;
    let mut kept = Vec::new();
    for one in newest_first {
        if holds.iter().any(|hold| stood(hold, written_over)) {
            kept.push(one.version);
        }
        written_over = one.written;
    }
    kept.sort_unstable();
    kept
}

/// Whether a hold that has ended stood at an instant.
fn stood(hold: &Hold, at: Instant) -> bool {
    let ended = hold.ended.as_ref().map(|end| end.at);
    let end = [ended, hold.until].into_iter().flatten().min();
    hold.since <= at && end.is_none_or(|end| at <= end)
}

/// Of the files of a record those that neither its present version names nor an earlier one that stays, as rows and as they lie.
fn no_longer_named(
    files: Vec<StoredFile>,
    stays: &BTreeSet<u64>,
    named: &BTreeSet<FieldName>,
) -> (Vec<FileOfVersion>, Vec<FileId>) {
    let (mut rows, mut lying) = (Vec::new(), Vec::new());
    for (place, one) in files.iter().enumerate() {
        // By field, then version: a file is its field's until the next one's version.
        let next = files.get(place + 1).filter(|next| next.field == one.field).map(|next| next.version);
        let present = next.is_none() && named.contains(&one.field);
        let earlier = stays.range(one.version..next.unwrap_or(u64::MAX)).next().is_some();
        if !present && !earlier {
            rows.push(FileOfVersion { record: one.record, field: one.field.clone(), version: one.version });
            lying.extend(one.files());
        }
    }
    (rows, lying)
}
