//! Free words of a legal hold, sealed under the key of whoever is held, or else of whoever placed it. They go with that key.
//!
//! They are opened for a grant of [`terms::Verb::Hold`] alone: who may hold may know why it is held.

use storage::{Granted, SealedWords};
use terms::{PersonId, RecordId, RetentionClass, TenantId, Verb};
use zeroize::Zeroizing;

use crate::seal::Context;
use crate::{Vault, VaultError};

impl Vault {
    /// Seals the words of a hold.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none.
    pub fn seal_words(
        &self,
        tenant: &TenantId,
        person: PersonId,
        hold: &RecordId,
        words: &str,
    ) -> Result<SealedWords, VaultError> {
        let key = self.ring.person(tenant, &person, &RetentionClass::default())?;
        let sealed = key.seal(&Context::Words { tenant, person: &person, hold }, words.as_bytes())?;
        Ok(SealedWords { person, sealed })
    }

    /// Opens the words of a hold, once; nothing where their key is gone.
    ///
    /// INVARIANT (one door): takes the grant by value; its entry must name the person under whose key they lie.
    ///
    /// # Errors
    /// [`VaultError::NotNamed`] where the grant is for something else; otherwise what is wrong with key or seal.
    pub fn open_words(
        &self,
        granted: Granted,
        hold: &RecordId,
        words: &SealedWords,
    ) -> Result<Option<Zeroizing<String>>, VaultError> {
        let permit = granted.permit();
        if permit.verb() != Verb::Hold || !granted.names_person(&words.person) {
            return Err(VaultError::NotNamed);
        }
        let (tenant, person) = (permit.tenant(), &words.person);
        let context = Context::Words { tenant: &tenant, person, hold };
        let Some(mut plain) = self.open_of(&tenant, person, &RetentionClass::default(), &context, &words.sealed)?
        else {
            return Ok(None);
        };
        String::from_utf8(core::mem::take(&mut *plain)).map(|text| Some(Zeroizing::new(text))).map_err(|error| {
            // What is no text is wiped like any other value.
            drop(Zeroizing::new(error.into_bytes()));
            VaultError::Form
        })
    }
}
