//! The keys: made, wrapped, kept, unwrapped, remembered.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use aws_lc_rs::{hmac, rand};
use storage::{KeyStore, NewPerson};
use terms::{PersonId, TenantId};
use zeroize::Zeroizing;

use crate::root::Root;
use crate::seal::{Context, KEY_LEN, Key, RawKey, derive, new_raw_key};
use crate::{PersonKey, VaultError};

/// The one retention class there is until agreements name their own: everything of a person that lives as long as the
/// service. It is part of each key's seal, so that later classes have keys of their own.
pub const RETENTION_CLASS: &str = "service";

/// Most keys of persons remembered unwrapped; beyond that the memory begins anew.
const MAX_REMEMBERED_PERSONS: usize = 200_000;

/// A tenant's keys, unwrapped.
pub(crate) struct TenantKeys {
    wrap: Key,
    index: RawKey,
    fields: RwLock<HashMap<String, Arc<hmac::Key>>>,
}

impl TenantKeys {
    /// The HMAC key of one field's blind index.
    pub(crate) fn index(&self, field: &str) -> Result<Arc<hmac::Key>, VaultError> {
        if let Some(key) = self.fields.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(field) {
            return Ok(Arc::clone(key));
        }
        let info = [b"betrodd/index/v1/", field.as_bytes()].concat();
        let key = Arc::new(hmac::Key::new(hmac::HMAC_SHA256, derive(self.index.as_ref(), &info)?.as_ref()));
        self.fields
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(field.to_owned(), Arc::clone(&key));
        Ok(key)
    }
}

/// All keys, in front of their file.
pub(crate) struct Ring {
    root: Key,
    keys: Arc<KeyStore>,
    tenants: RwLock<HashMap<TenantId, Arc<TenantKeys>>>,
    persons: RwLock<HashMap<(TenantId, PersonId), PersonKey>>,
}

impl Ring {
    pub(crate) fn new(root: &Root, keys: Arc<KeyStore>) -> Result<Self, VaultError> {
        let root = Key::new(&derive(root.bytes(), b"betrodd/root-wrap/v1")?)?;
        Ok(Self { root, keys, tenants: RwLock::default(), persons: RwLock::default() })
    }

    pub(crate) fn keys(&self) -> &KeyStore {
        &self.keys
    }

    pub(crate) fn new_tenant(&self, tenant: &TenantId) -> Result<(), VaultError> {
        if self.keys.tenant_key(tenant)?.is_none() {
            let raw = new_raw_key()?;
            let wrapped = self.root.seal(&Context::TenantKey { tenant }, raw.as_ref())?;
            self.keys.put_tenant_key(tenant, &wrapped)?;
        }
        Ok(())
    }

    pub(crate) fn tenant(&self, tenant: &TenantId) -> Result<Arc<TenantKeys>, VaultError> {
        if let Some(keys) = self.tenants.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(tenant) {
            return Ok(Arc::clone(keys));
        }
        let wrapped = self.keys.tenant_key(tenant)?.ok_or(VaultError::NoKey(PersonId(tenant.0)))?;
        let raw = self.unwrap_with(&self.root, &Context::TenantKey { tenant }, &wrapped, tenant)?;
        let keys = Arc::new(TenantKeys {
            wrap: Key::new(&derive(raw.as_ref(), b"betrodd/tenant-wrap/v1")?)?,
            index: derive(raw.as_ref(), b"betrodd/tenant-index/v1")?,
            fields: RwLock::default(),
        });
        self.tenants.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(*tenant, Arc::clone(&keys));
        Ok(keys)
    }

    pub(crate) fn new_persons(&self, tenant: &TenantId, count: usize) -> Result<Vec<PersonId>, VaultError> {
        let wrap = self.tenant(tenant)?;
        let mut new = Vec::with_capacity(count);
        for _ in 0..count {
            let mut pseudonym = [0; 16];
            rand::fill(&mut pseudonym).map_err(|_| VaultError::Library)?;
            let person = PersonId(pseudonym);
            let raw = new_raw_key()?;
            let context = Context::PersonKey { tenant, person: &person, class: RETENTION_CLASS };
            let wrapped = wrap.wrap.seal(&context, raw.as_ref())?;
            new.push(NewPerson { tenant: *tenant, person, class: RETENTION_CLASS.to_owned(), wrapped });
        }
        self.keys.put_person_keys(&new)?;
        Ok(new.into_iter().map(|one| one.person).collect())
    }

    pub(crate) fn person(&self, tenant: &TenantId, person: &PersonId) -> Result<PersonKey, VaultError> {
        let place = (*tenant, *person);
        if let Some(key) = self.persons.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&place) {
            return Ok(Arc::clone(key));
        }
        let wrapped = self.keys.person_key(tenant, person, RETENTION_CLASS)?.ok_or(VaultError::NoKey(*person))?;
        let context = Context::PersonKey { tenant, person, class: RETENTION_CLASS };
        let raw = self.unwrap_with(&self.tenant(tenant)?.wrap, &context, &wrapped, person)?;
        let key = Arc::new(Key::new(&raw)?);
        let mut persons = self.persons.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if persons.len() >= MAX_REMEMBERED_PERSONS {
            persons.clear();
        }
        persons.insert(place, Arc::clone(&key));
        Ok(key)
    }

    fn unwrap_with(
        &self,
        with: &Key,
        context: &Context<'_>,
        wrapped: &[u8],
        whose: &dyn core::fmt::Display,
    ) -> Result<RawKey, VaultError> {
        let broken = || VaultError::DoesNotOpen { record: format!("key of {whose}") };
        let plain = with.open(context, wrapped).ok_or_else(broken)?;
        let bytes: [u8; KEY_LEN] = plain.as_slice().try_into().map_err(|_| broken())?;
        Ok(Zeroizing::new(bytes))
    }
}
