//! Keys that an older file of keys brought back: destroyed again by what the state says of its erasures.
//!
//! A state that lies beside an older file of keys is refused (`beside.rs`). One that is made anew from a snapshot knows of no changes of
//! the keys, and what is replayed after the snapshot destroys only what was erased since.

use terms::{RetentionClass, TenantId};

use super::Store;
use crate::engine::StoreError;
use crate::erasing::Erase;

impl Store {
    /// Destroys what is there again of the keys that an erasure destroyed; how many they were. Asked for every erasure of the state when
    /// the store was opened, before anybody is answered. Mostly there are none, and nothing is written.
    ///
    /// # Errors
    /// The world's; then nobody may be answered.
    pub fn destroy_again(&self, tenant: &TenantId, erase: &Erase) -> Result<u64, StoreError> {
        let mut again: Vec<(terms::PersonId, Vec<RetentionClass>)> = Vec::new();
        for goes in &erase.persons {
            let there = self.keys.classes(tenant, &goes.person)?;
            let mut classes: Vec<_> = there.into_iter().filter(|class| goes.classes.contains(class)).collect();
            if goes.wholly() {
                // The name behind the pseudonym goes with the person's own key.
                if classes.is_empty() && self.keys.link(tenant, &goes.person)?.is_some() {
                    classes.push(RetentionClass::default());
                }
            } else if !classes.is_empty() {
                // Whoever stayed may have been given another key of that class since, for what was written then.
                let written = self.engine.reached(tenant, &[goes.person], &[])?;
                classes.retain(|class| !written.iter().any(|one| one.person == goes.person && one.class == *class));
            }
            if !classes.is_empty() {
                again.push((goes.person, classes));
            }
        }
        if again.is_empty() {
            return Ok(0);
        }
        let all: Vec<_> = again.iter().map(|(person, classes)| (*person, classes.as_slice())).collect();
        self.keys.destroy_all(tenant, &all)?;
        Ok(again.iter().map(|(_, classes)| classes.len() as u64).sum())
    }
}
