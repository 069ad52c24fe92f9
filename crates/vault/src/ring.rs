//! The keys: made, wrapped, kept, unwrapped, remembered.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use aws_lc_rs::{hmac, rand};
use rustc_hash::FxBuildHasher;
use storage::{KeyStore, NewPerson};
use terms::{PersonId, RetentionClass, TenantId};
use zeroize::Zeroizing;

use crate::root::Root;
use crate::seal::{Context, KEY_LEN, Key, RawKey, derive, new_raw_key};
use crate::{PersonKey, VaultError};

/// Most keys of persons remembered unwrapped; beyond that the memory begins anew.
const MAX_REMEMBERED_PERSONS: usize = 200_000;

/// A tenant's keys, unwrapped.
pub(crate) struct TenantKeys {
    wrap: Key,
    index: RawKey,
    /// For texts from outside.
    pub(crate) texts: Key,
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
    persons: Arc<RwLock<Unwrapped>>,
}

/// Keys of persons as they were unwrapped.
#[derive(Default)]
struct Unwrapped {
    /// By ids that are ours, so that a quick hash will do.
    keys: HashMap<(TenantId, PersonId), Vec<(RetentionClass, PersonKey)>, FxBuildHasher>,
    count: usize,
    /// How often keys were destroyed. What was read before that is not put in after it.
    destroyed: u64,
}

impl Unwrapped {
    fn find(&self, place: &(TenantId, PersonId), class: &RetentionClass) -> Option<&PersonKey> {
        self.keys.get(place)?.iter().find(|(one, _)| one == class).map(|(_, key)| key)
    }

    fn keep(&mut self, place: (TenantId, PersonId), class: &RetentionClass, key: &PersonKey) {
        if self.count >= MAX_REMEMBERED_PERSONS {
            self.keys.clear();
            self.count = 0;
        }
        let of_person = self.keys.entry(place).or_default();
        if of_person.iter().all(|(one, _)| one != class) {
            of_person.push((class.clone(), Arc::clone(key)));
            self.count += 1;
        }
    }
}

impl Ring {
    pub(crate) fn new(root: &Root, keys: Arc<KeyStore>) -> Result<Self, VaultError> {
        let root = Key::new(&derive(root.bytes(), b"betrodd/root-wrap/v1")?)?;
        let persons = Arc::new(RwLock::new(Unwrapped::default()));
        // A key that is destroyed in the file is not kept in memory either.
        let remembered = Arc::clone(&persons);
        keys.when_destroyed(Box::new(move |tenant, person| {
            let mut persons = remembered.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            persons.destroyed += 1;
            let gone = persons.keys.remove(&(*tenant, *person)).map_or(0, |keys| keys.len());
            persons.count -= gone;
        }));
        Ok(Self { root, keys, tenants: RwLock::default(), persons })
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
            texts: Key::new(&derive(raw.as_ref(), b"betrodd/tenant-texts/v1")?)?,
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
            let class = RetentionClass::default();
            new.push(self.wrapped(&wrap, tenant, &person, class)?);
        }
        self.keys.put_person_keys(&new)?;
        Ok(new.into_iter().map(|one| one.person).collect())
    }

    /// Makes a person's key of a class, if there is none. Durable when it returns, so before the first entry of that class. Whose
    /// own key is gone gets no other any more.
    pub(crate) fn ensure(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
    ) -> Result<(), VaultError> {
        if *class == RetentionClass::default() || self.keys.has_person_key(tenant, person, class)? {
            return Ok(());
        }
        let new = self.wrapped(&*self.tenant(tenant)?, tenant, person, class.clone())?;
        if self.keys.put_further_key(&new)? { Ok(()) } else { Err(VaultError::NoKey(*person)) }
    }

    fn wrapped(
        &self,
        wrap: &TenantKeys,
        tenant: &TenantId,
        person: &PersonId,
        class: RetentionClass,
    ) -> Result<NewPerson, VaultError> {
        let context = Context::PersonKey { tenant, person, class: class.as_str() };
        let wrapped = wrap.wrap.seal(&context, new_raw_key()?.as_ref())?;
        Ok(NewPerson { tenant: *tenant, person: *person, class, wrapped })
    }

    pub(crate) fn person(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
    ) -> Result<PersonKey, VaultError> {
        let place = (*tenant, *person);
        let destroyed = {
            let persons = self.persons.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(key) = persons.find(&place, class) {
                return Ok(Arc::clone(key));
            }
            persons.destroyed
        };
        let wrapped = self.keys.person_key(tenant, person, class)?.ok_or(VaultError::NoKey(*person))?;
        let context = Context::PersonKey { tenant, person, class: class.as_str() };
        let raw = self.unwrap_with(&self.tenant(tenant)?.wrap, &context, &wrapped, person)?;
        let key = Arc::new(Key::new(&raw)?);
        let mut persons = self.persons.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if persons.destroyed == destroyed {
            persons.keep(place, class, &key);
        }
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
