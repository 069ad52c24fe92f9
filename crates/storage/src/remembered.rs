//! Accounts, tenants and the heads of records, which many requests ask for, kept in memory after the first time.
//!
//! The committer notes what it applied, in its order and before anybody is told. A caller that gives up waiting, or two
//! whose answers cross, can therefore leave nothing old behind. No sealed value is kept, let alone an opened one.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxBuildHasher;
use terms::{FieldName, PersonId, RecordHead, RecordId, TenantId};

use crate::engine::{Batch, Engine, StoreError};
use crate::erasing::Restriction;
use crate::op::{Account, Op, PutAccount, Tenant, Token};

/// Most heads of records that are remembered; beyond that the memory begins anew.
const MAX_HEADS: usize = 50_000;

/// Most traces that are looked for in a file; beyond that it is quicker to write the file anew.
pub(crate) const MAX_TRACES: usize = 100_000;

/// A map by ids. They are ours, and only what there is gets in, so that nobody can choose ids which collide: a quick hash will do.
pub(crate) type ById<K, V> = HashMap<K, V, FxBuildHasher>;

/// What is remembered.
#[derive(Default)]
pub(crate) struct Remembered {
    accounts: RwLock<ById<PersonId, Arc<Account>>>,
    tenants: RwLock<ById<TenantId, Arc<Tenant>>>,
    heads: RwLock<Heads>,
}

/// Tokens of fields of one record.
type TokensByField = Vec<(FieldName, Arc<[Token]>)>;

/// The heads of records that were asked for: a customer's parents and cases. Not those that were only written.
#[derive(Default)]
struct Heads {
    known: ById<(TenantId, RecordId), Arc<RecordHead>>,
    /// Tokens of fields that were asked for, record by record: what relations are found by.
    tokens: ById<(TenantId, RecordId), TokensByField>,
    /// Groups that were noted. A reader that met one on its way may have read what was before it, and keeps nothing.
    noted: u64,
}

impl Remembered {
    /// Takes over what was applied. An account is read again, since some operations change a part of it; to leave it out
    /// instead would let a reader that comes late put back what it read before.
    ///
    /// # Errors
    /// The world's.
    pub(crate) fn note(&self, batch: &Batch, engine: &dyn Engine) -> Result<(), StoreError> {
        for (tenant, op) in batch.items.iter().flat_map(|item| item.ops.iter().map(|op| (&item.tenant, op))) {
            match op {
                Op::Erase(erase) => {
                    // A reader that comes with the row it read before puts it back; what it leads to is nothing any more.
                    let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
                    for goes in erase.persons.iter().filter(|goes| goes.wholly()) {
                        if accounts.get(&goes.person).is_some_and(|account| account.home == *tenant) {
                            accounts.remove(&goes.person);
                        }
                    }
                }
                Op::PutAccount(PutAccount { person, .. }) | Op::EndAccount(person) | Op::UsedCode { person, .. } => {
                    let account = engine.account(person)?;
                    let mut accounts = self.accounts.write().unwrap_or_else(PoisonError::into_inner);
                    if let Some(account) = account {
                        accounts.insert(*person, Arc::new(account));
                    }
                }
                Op::PutTenant(tenant) => {
                    let mut tenants = self.tenants.write().unwrap_or_else(PoisonError::into_inner);
                    tenants.insert(tenant.id, Arc::new(tenant.clone()));
                }
                _ => {}
            }
        }
        let mut heads = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        heads.noted += 1;
        for item in &batch.items {
            for op in &item.ops {
                // Rare, and what goes by a person's key is not named record by record.
                if matches!(op, Op::Erase(_) | Op::ErasePortion(_) | Op::PutBack(_) | Op::Withdraw(_)) {
                    heads.known.clear();
                    heads.tokens.clear();
                }
                if let Op::PutRecord(put) = op {
                    heads.tokens.remove(&(item.tenant, put.record));
                }
                if let Op::PutRecord(put) = op
                    && let Some(known) = heads.known.get_mut(&(item.tenant, put.record))
                {
                    *known = Arc::new(RecordHead {
                        record: put.record,
                        kind: put.kind.clone(),
                        version: put.version,
                        person: put.person,
                        parent: put.parent,
                        state: put.state.clone(),
                        written: item.time,
                        author: put.author,
                    });
                }
            }
        }
        Ok(())
    }

    /// An account, remembered or read. A reader that comes with an older row does not overwrite what was noted meanwhile.
    pub(crate) fn account(
        &self,
        person: &PersonId,
        read: impl FnOnce() -> Result<Option<Account>, StoreError>,
    ) -> Result<Option<Arc<Account>>, StoreError> {
        find(&self.accounts, *person, read)
    }

    /// A tenant, in the same way.
    pub(crate) fn tenant(
        &self,
        tenant: &TenantId,
        read: impl FnOnce() -> Result<Option<Tenant>, StoreError>,
    ) -> Result<Option<Arc<Tenant>>, StoreError> {
        find(&self.tenants, *tenant, read)
    }

    /// The versions of these records, as far as they are remembered. For the committer's thread, which notes what it applies:
    /// between two groups what is remembered is what the state holds.
    pub(crate) fn versions(&self, of: &[(TenantId, RecordId)]) -> Vec<Option<u64>> {
        let heads = self.heads.read().unwrap_or_else(PoisonError::into_inner);
        of.iter().map(|place| heads.known.get(place).map(|head| head.version)).collect()
    }

    /// The head of a record, remembered or read.
    pub(crate) fn head(
        &self,
        tenant: &TenantId,
        record: &RecordId,
        read: impl FnOnce() -> Result<Option<RecordHead>, StoreError>,
    ) -> Result<Option<Arc<RecordHead>>, StoreError> {
        let place = (*tenant, *record);
        let noted = {
            let heads = self.heads.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(head) = heads.known.get(&place) {
                return Ok(Some(Arc::clone(head)));
            }
            heads.noted
        };
        let Some(head) = read()?.map(Arc::new) else { return Ok(None) };
        let mut heads = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        if heads.noted == noted {
            if heads.known.len() >= MAX_HEADS {
                heads.known.clear();
            }
            heads.known.insert(place, Arc::clone(&head));
        }
        Ok(Some(head))
    }
}

impl Remembered {
    /// The tokens that a record carries in a field, remembered or read.
    pub(crate) fn tokens_of(
        &self,
        tenant: &TenantId,
        record: &RecordId,
        field: &FieldName,
        read: impl FnOnce() -> Result<Vec<Token>, StoreError>,
    ) -> Result<Arc<[Token]>, StoreError> {
        let place = (*tenant, *record);
        let noted = {
            let heads = self.heads.read().unwrap_or_else(PoisonError::into_inner);
            let known = heads.tokens.get(&place).and_then(|fields| fields.iter().find(|(name, _)| name == field));
            if let Some((_, tokens)) = known {
                return Ok(Arc::clone(tokens));
            }
            heads.noted
        };
        let tokens: Arc<[Token]> = read()?.into();
        let mut heads = self.heads.write().unwrap_or_else(PoisonError::into_inner);
        if heads.noted == noted {
            if heads.tokens.len() >= MAX_HEADS {
                heads.tokens.clear();
            }
            let fields = heads.tokens.entry(place).or_default();
            if fields.iter().all(|(name, _)| name != field) {
                fields.push((field.clone(), Arc::clone(&tokens)));
            }
        }
        Ok(tokens)
    }
}

fn find<K: Copy + Eq + core::hash::Hash, V>(
    known: &RwLock<ById<K, Arc<V>>>,
    key: K,
    read: impl FnOnce() -> Result<Option<V>, StoreError>,
) -> Result<Option<Arc<V>>, StoreError> {
    if let Some(found) = known.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(Some(Arc::clone(found)));
    }
    let Some(read) = read()? else { return Ok(None) };
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    Ok(Some(Arc::clone(known.entry(key).or_insert_with(|| Arc::new(read)))))
}

/// Who is restricted: asked for every reading, so all are kept in memory. The committer notes what it applied.
#[derive(Default)]
pub(crate) struct Restricted(RwLock<HashMap<(TenantId, PersonId), Restriction>>);

impl Restricted {
    /// What the state holds at the start.
    pub(crate) fn of(all: Vec<(TenantId, Restriction)>) -> Self {
        Self(RwLock::new(all.into_iter().map(|(tenant, one)| ((tenant, one.of.person), one)).collect()))
    }

    pub(crate) fn note(&self, batch: &Batch) {
        for item in &batch.items {
            for op in &item.ops {
                match op {
                    Op::Restrict(of) => {
                        let restriction = Restriction { of: of.clone(), since: item.time };
                        self.write().insert((item.tenant, of.person), restriction);
                    }
                    Op::Lift(person) => drop(self.write().remove(&(item.tenant, *person))),
                    Op::Erase(erase) => {
                        for goes in erase.persons.iter().filter(|goes| goes.wholly()) {
                            self.write().remove(&(item.tenant, goes.person));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<(TenantId, PersonId), Restriction>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A person's restriction, also where it has run out.
    pub(crate) fn read(&self, place: &(TenantId, PersonId)) -> Option<Restriction> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // Mostly nobody is.
        if all.is_empty() { None } else { all.get(place).cloned() }
    }

    /// Whether a tenant has any.
    pub(crate) fn any(&self, tenant: &TenantId) -> bool {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        !all.is_empty() && all.keys().any(|(whose, _)| whose == tenant)
    }

    /// A tenant's restrictions, by when they began.
    pub(crate) fn all(&self, tenant: &TenantId) -> Vec<Restriction> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut of: Vec<Restriction> =
            all.iter().filter(|((whose, _), _)| whose == tenant).map(|(_, one)| one.clone()).collect();
        of.sort_by_key(|one| (one.since, one.of.person));
        of
    }
}

/// What a record said in the fields that leave a trace.
type Values = Vec<Vec<u8>>;

/// How what erasures deleted would be known again in a file, until it was looked for. A start has none of it, and has the files
/// written anew instead.
#[derive(Default)]
pub(crate) struct Traces(RwLock<HashMap<(TenantId, RecordId), Values>>);

impl Traces {
    pub(crate) fn keep(&self, tenant: TenantId, erasure: RecordId, traces: Option<Vec<Vec<u8>>>) {
        if let Some(traces) = traces {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert((tenant, erasure), traces);
        }
    }

    /// Those of one more portion, which may be too many: then none are known any more.
    pub(crate) fn keep_more(&self, tenant: TenantId, erasure: RecordId, traces: Option<Vec<Vec<u8>>>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = all.get_mut(&(tenant, erasure)) else { return };
        match traces.filter(|more| known.len() + more.len() <= MAX_TRACES) {
            Some(more) => known.extend(more),
            None => drop(all.remove(&(tenant, erasure))),
        }
    }

    pub(crate) fn take(&self, tenant: TenantId, erasure: RecordId) -> Option<Vec<Vec<u8>>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, erasure))
    }
}

#[cfg(test)]
mod tests {
    use terms::{Instant, KindName};

    use super::*;
    use crate::engine::Item;
    use crate::op::PutRecord;
    use crate::{Model, StoredRecord};

    const TENANT: TenantId = TenantId([1; 16]);
    const RECORD: RecordId = RecordId([2; 16]);

    fn version(version: u64) -> Batch {
        let put = PutRecord {
            record: RECORD,
            kind: KindName::new("case").unwrap(),
            version,
            person: PersonId([3; 16]),
            parent: None,
            state: Some(format!("state {version}")),
            author: PersonId([4; 16]),
            sealed: Vec::new(),
            keep_past: false,
            tokens: Vec::new(),
            once: None,
            once_of: None,
            class: terms::RetentionClass::default(),
        };
        let position = journal::Position { segment: 1, offset: version };
        let item = Item { tenant: TENANT, index: version, time: Instant(0), ops: vec![Op::PutRecord(put)] };
        Batch { position, items: vec![item] }
    }

    #[test]
    fn a_head_that_was_read_before_a_change_is_never_kept_after_it() {
        let (model, remembered) = (Model::default(), Remembered::default());
        let read = || Ok(model.record(&TENANT, &RECORD)?.as_ref().map(StoredRecord::head));
        let apply = |number| {
            model.apply(&version(number)).unwrap();
            remembered.note(&version(number), &model).unwrap();
        };
        let head = || remembered.head(&TENANT, &RECORD, read).unwrap().map(|head| head.version);
        assert_eq!(head(), None);
        apply(1);
        // Read, and overtaken before it could be remembered.
        let late = remembered.head(&TENANT, &RECORD, || {
            let before = read();
            apply(2);
            before
        });
        assert_eq!(late.unwrap().unwrap().version, 1);
        assert_eq!(head(), Some(2));
        apply(3);
        assert_eq!(head(), Some(3));
        assert!(remembered.head(&TenantId([9; 16]), &RECORD, || Ok(None)).unwrap().is_none());
    }

    #[test]
    fn tokens_that_were_read_before_a_change_are_never_kept_after_it() {
        let (model, remembered) = (Model::default(), Remembered::default());
        let field = FieldName::new("reach:unit").unwrap();
        let note = |number| remembered.note(&version(number), &model).unwrap();
        let tokens = |byte: u8| remembered.tokens_of(&TENANT, &RECORD, &field, || Ok(vec![[byte; 32]])).unwrap()[0][0];
        assert_eq!((tokens(1), tokens(2)), (1, 1), "remembered");
        note(1);
        assert_eq!((tokens(3), tokens(4)), (3, 3), "read anew");
        note(2);
        let late = remembered.tokens_of(&TENANT, &RECORD, &field, || {
            note(3);
            Ok(vec![[5; 32]])
        });
        assert_eq!(late.unwrap()[0][0], 5);
        assert_eq!(tokens(6), 6, "what was overtaken is not kept");
        let elsewhere = remembered.tokens_of(&TenantId([9; 16]), &RECORD, &field, || Ok(Vec::new()));
        assert!(elsewhere.unwrap().is_empty());
    }
}
