//! Sealed records and the keys of each person. The vault seals for anybody who has the keys' room; it opens for a
//! [`storage::Granted`] alone, and consumes it.
//!
//! Keys: a root in a file, a key per tenant wrapped by it, a key per person and retention class wrapped by that. Each field
//! is sealed on its own (AES-256-GCM-SIV, associated data of tenant, person, record, version, category and field), and each
//! record carries a commitment to its key. What is not here: who may open what (that was decided and entered before).

mod account;
pub mod channel;
pub mod custody;
mod file;
pub mod offsite;
mod released;
mod ring;
mod root;
mod rows;
mod seal;
mod sealed_record;
mod secret;
mod text;
mod token;
mod words;

use std::sync::Arc;

use storage::{Granted, KeyStore, StoreError, StoredRecord};
use terms::{FieldName, PersonId, RetentionClass, TenantId};
use zeroize::Zeroizing;

pub use file::{CHUNK_BYTES, FileKey, FileOpener, FileSealer, SEALED_CHUNK_BYTES};
pub use released::Released;
pub use root::{Root, RootError};
pub use sealed_record::Plain;

use ring::Ring;
use seal::{Context, Key};
use sealed_record::{SealedRecord, SealedView};

/// Why something stays closed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The person's key is gone or was never made.
    #[error("the key of person {0} is not here")]
    NoKey(PersonId),
    /// The key does not fit what is sealed, or what is sealed was changed or moved. Nothing of it is told.
    #[error("record {record} does not open under its person's key: it was changed, moved or sealed under another key")]
    DoesNotOpen {
        /// Which record, or the person for a name, an account or a token.
        record: String,
    },
    /// The root key is another than the one that the file of keys was sealed with.
    #[error(
        "`root.key` is not the key that `keys.db` is sealed with: one of the two is of another installation, or was replaced. \
         Nothing was changed. Put back the one that belongs here, with mode 0600, and start again"
    )]
    WrongRoot,
    /// The grant's entry does not name what was to be opened.
    #[error("the entry of this reading does not name what was to be opened; nothing was opened")]
    NotNamed,
    /// What lies there is not in the vault's form.
    #[error("what lies sealed is not in a known form")]
    Form,
    /// The system gave no random numbers or refused a key.
    #[error("the cryptographic library failed")]
    Library,
    /// The file of keys.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The vault.
pub struct Vault {
    ring: Ring,
    secrets: secret::Secrets,
}

impl Vault {
    /// Opens the vault over its file of keys.
    ///
    /// # Errors
    /// The world's, a root key that does not fit the file, or a file of keys that is not as it was left
    /// ([`StoreError::is_damage`]).
    pub fn open(root: &Root, keys: Arc<KeyStore>) -> Result<Self, VaultError> {
        let secrets = secret::Secrets::open(root, &keys)?;
        // After the secrets: a root key that does not fit is said to be that, and the keys themselves are not taken for changed.
        keys.guard_with(Arc::new(rows::Rows::new(root)?))?;
        Ok(Self { ring: Ring::new(root, keys)?, secrets })
    }

    /// Opens records, once, for what the grant allows. `order` is the order of the fields in each record.
    ///
    /// INVARIANT (one door): takes the grant by value; every record must be named in its entry, in this version.
    ///
    /// # Errors
    /// [`VaultError::NotNamed`] where the entry does not name a record or its person; otherwise what is wrong with key or
    /// seal. Then nothing is released.
    pub fn open_records(
        &self,
        granted: Granted,
        records: &[StoredRecord],
        order: &[&FieldName],
    ) -> Result<Released, VaultError> {
        shows(granted.permit())?;
        self.open_fields(&granted, records, order, false)
    }

    /// Opens of records, once, these fields and no others, for what the grant allows.
    ///
    /// INVARIANT (one door): as [`Vault::open_records`].
    ///
    /// # Errors
    /// The same.
    pub fn open_chosen(
        &self,
        granted: Granted,
        records: &[StoredRecord],
        fields: &[&FieldName],
    ) -> Result<Released, VaultError> {
        shows(granted.permit())?;
        self.open_fields(&granted, records, fields, true)
    }

    /// Opens of records, once, these fields and no others, to be counted by: for a grant of [`terms::Verb::Anonymise`] alone, which shows
    /// nobody anything.
    ///
    /// INVARIANT (one door): as [`Vault::open_records`].
    ///
    /// # Errors
    /// The same.
    pub fn open_to_count(
        &self,
        granted: Granted,
        records: &[StoredRecord],
        fields: &[&FieldName],
    ) -> Result<Released, VaultError> {
        if granted.permit().verb() != terms::Verb::Anonymise {
            return Err(VaultError::NotNamed);
        }
        self.open_fields(&granted, records, fields, true)
    }

    fn open_fields(
        &self,
        granted: &Granted,
        records: &[StoredRecord],
        order: &[&FieldName],
        only: bool,
    ) -> Result<Released, VaultError> {
        let permit = granted.permit();
        let of_tenant = records.iter().all(|record| record.tenant == permit.tenant());
        if !of_tenant || !granted.names_all(records.iter().map(|one| (&one.record, one.version, &one.person))) {
            return Err(VaultError::NotNamed);
        }
        let mut released = Released::with_capacity(records.len());
        for record in records {
            let sealed = SealedView::read(&record.sealed)?;
            let key = self.ring.person(&record.tenant, &record.person, &record.class)?;
            released.push(sealed.open(&key, record, permit, order, only)?);
        }
        Ok(released)
    }

    /// The names behind pseudonyms, in the order asked; nothing for a pseudonym whose link or key is gone. `category` is what a
    /// name is in the agreement's words, and must be granted.
    ///
    /// # Errors
    /// [`VaultError::NotNamed`] where the grant's entry does not name a person, or the grant is not for names.
    pub fn open_names(
        &self,
        granted: Granted,
        category: &terms::Category,
        tenant_of: &[(TenantId, PersonId)],
    ) -> Result<Vec<Option<Zeroizing<String>>>, VaultError> {
        shows(granted.permit())?;
        let named = tenant_of.iter().all(|(_, person)| granted.names_person(person));
        if !named || !granted.permit().allows(category) {
            return Err(VaultError::NotNamed);
        }
        tenant_of
            .iter()
            .map(|(tenant, person)| {
                let Some(sealed) = self.ring.keys().link(tenant, person)? else { return Ok(None) };
                let key = match self.ring.person(tenant, person, &RetentionClass::default()) {
                    Ok(key) => key,
                    Err(VaultError::NoKey(_)) => return Ok(None),
                    Err(error) => return Err(error),
                };
                let plain = key
                    .open(&Context::Name { tenant, person }, &sealed)
                    .ok_or_else(|| VaultError::DoesNotOpen { record: person.to_string() })?;
                let text = core::str::from_utf8(&plain).map_err(|_| VaultError::Form)?;
                Ok(Some(Zeroizing::new(text.to_owned())))
            })
            .collect()
    }

    /// Seals a new record.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none.
    pub fn seal_record(&self, whose: &Whose<'_>, fields: &[Plain<'_>]) -> Result<Vec<u8>, VaultError> {
        let key = self.ring.person(whose.tenant, whose.person, whose.class)?;
        Ok(SealedRecord::seal(&key, whose, fields)?.write())
    }

    /// Seals changed fields into a record; the others stay as they lie, unopened. An empty value removes its field.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none; [`VaultError::DoesNotOpen`] where the record lies under another key.
    pub fn seal_change(&self, whose: &Whose<'_>, before: &[u8], fields: &[Plain<'_>]) -> Result<Vec<u8>, VaultError> {
        let key = self.ring.person(whose.tenant, whose.person, whose.class)?;
        let mut record = SealedRecord::read(before)?;
        record.change(&key, whose, fields)?;
        Ok(record.write())
    }

    /// The categories that a sealed record holds, without opening it, each field's with its name.
    ///
    /// # Errors
    /// [`VaultError::Form`].
    pub fn holds(sealed: &[u8]) -> Result<Vec<(FieldName, terms::Category)>, VaultError> {
        Ok(SealedRecord::read(sealed)?.into_names())
    }

    /// Makes a key for a tenant, if it has none. Durable when it returns.
    ///
    /// # Errors
    /// The world's.
    pub fn new_tenant(&self, tenant: &TenantId) -> Result<(), VaultError> {
        self.ring.new_tenant(tenant)
    }

    /// Makes a pseudonym and its key. Durable when it returns, so before the person's first entry.
    ///
    /// # Errors
    /// The world's.
    pub fn new_person(&self, tenant: &TenantId) -> Result<PersonId, VaultError> {
        Ok(self.new_persons(tenant, 1)?.remove(0))
    }

    /// Makes several pseudonyms and keys with one sync.
    ///
    /// # Errors
    /// The world's; then none is made.
    pub fn new_persons(&self, tenant: &TenantId, count: usize) -> Result<Vec<PersonId>, VaultError> {
        self.ring.new_persons(tenant, count)
    }

    /// Makes a person's key of a retention class, if there is none. Durable when it returns, so before the first entry of a record
    /// of that class.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person is erased or was never made; otherwise the world's.
    pub fn key_of_class(&self, tenant: &TenantId, person: &PersonId, class: &RetentionClass) -> Result<(), VaultError> {
        self.ring.ensure(tenant, person, class)
    }

    /// Keeps the name behind a pseudonym, sealed under the person's key, in the file of keys.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] or the world's.
    pub fn put_name(&self, tenant: &TenantId, person: &PersonId, name: &str) -> Result<(), VaultError> {
        let key = self.ring.person(tenant, person, &RetentionClass::default())?;
        let sealed = key.seal(&Context::Name { tenant, person }, name.as_bytes())?;
        Ok(self.ring.keys().put_link(tenant, person, &sealed)?)
    }
}

/// Only a consultation and a retrieval show anything; another verb's grant opens nothing.
fn shows(permit: &storage::Permit) -> Result<(), VaultError> {
    if matches!(permit.verb(), terms::Verb::Consult | terms::Verb::Retrieve) {
        Ok(())
    } else {
        Err(VaultError::NotNamed)
    }
}

/// Whose a record is: what its seal is bound to.
pub struct Whose<'a> {
    /// The customer.
    pub tenant: &'a TenantId,
    /// The person.
    pub person: &'a PersonId,
    /// The retention class of the record: under which of the person's keys it lies.
    pub class: &'a RetentionClass,
    /// The record.
    pub record: &'a terms::RecordId,
    /// The version being written.
    pub version: u64,
}

/// A person's key, as the ring hands it out.
type PersonKey = Arc<Key>;
