//! Accounts and tenants, which every request asks for, kept in memory after the first time.
//!
//! The committer notes what it applied, in its order and before anybody is told. A caller that gives up waiting, or two
//! whose answers cross, can therefore leave nothing old behind.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use terms::{PersonId, TenantId};

use crate::engine::{Engine, StoreError};
use crate::op::{Account, Op, PutAccount, Tenant};

/// What is remembered.
#[derive(Default)]
pub(crate) struct Remembered {
    accounts: RwLock<HashMap<PersonId, Arc<Account>>>,
    tenants: RwLock<HashMap<TenantId, Arc<Tenant>>>,
}

impl Remembered {
    /// Takes over what was applied. An account is read again, since some operations change a part of it; to leave it out
    /// instead would let a reader that comes late put back what it read before.
    ///
    /// # Errors
    /// The world's.
    pub(crate) fn note(&self, op: &Op, engine: &dyn Engine) -> Result<(), StoreError> {
        match op {
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
}

fn find<K: Copy + Eq + core::hash::Hash, V>(
    known: &RwLock<HashMap<K, Arc<V>>>,
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
