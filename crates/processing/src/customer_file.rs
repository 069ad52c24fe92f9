//! The customers' files: read from the store, brought into force with an entry, found by instant; and what a field whose values
//! stand in a list may hold.
//!
//! Not here: what is in a file (`service::CustomerFile`), and what its service reads in it.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use agreement::RoleSide;
use aws_lc_rs::digest;
use journal::{Detail, Outcome};
use service::{CustomerFile, Field, FieldFault, FieldProblem, FieldType, No, Value};
use storage::{About, AdoptedFile, HouseOp, Store, StoreError};
use terms::{Hash, Instant, PersonId, Reason, TenantId};

use crate::Processing;
use crate::refuse::{failed, unavailable};

/// Each customer's files, earliest first.
pub(crate) type FileBook = HashMap<TenantId, Vec<Arc<CustomerFile>>>;

/// Why a file was not brought into force.
#[derive(Debug)]
pub enum AdoptFileNo {
    /// Whoever asked does not administer this customer. Entered as a refusal.
    NotAdministrator,
    /// The text is at fault; nothing was entered.
    Faults(Vec<service::FileFault>),
    /// No such customer, or the world did not cooperate.
    No(No),
}

impl From<No> for AdoptFileNo {
    fn from(no: No) -> Self {
        Self::No(no)
    }
}

/// The files in the store. One that this program does not read is told of and left out: its lists then have no values, so that
/// what needs them is refused, and every other customer goes on.
pub(crate) fn read_files(store: &Store) -> Result<FileBook, StoreError> {
    let mut book = FileBook::new();
    for AdoptedFile { tenant, from, hash, text } in store.adopted_files()? {
        match CustomerFile::read(&text, hash, from) {
            Ok(file) => book.entry(tenant).or_default().push(Arc::new(file)),
            Err(faults) => tracing::error!(%hash, faults = faults.len(), "a customer's file does not read any more"),
        }
    }
    Ok(book)
}

/// The SHA-256 of a file, byte for byte.
#[must_use]
pub fn file_hash(bytes: &[u8]) -> Hash {
    let mut hash = Hash([0; 32]);
    hash.0.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

impl Processing {
    /// The customer's file that is in force at an instant.
    #[must_use]
    pub fn customer_file_at(&self, tenant: &TenantId, at: Instant) -> Option<Arc<CustomerFile>> {
        self.customer_files(tenant).into_iter().rev().find(|file| file.from <= at)
    }

    /// All files of a customer, earliest first; also those that begin later.
    #[must_use]
    pub fn customer_files(&self, tenant: &TenantId) -> Vec<Arc<CustomerFile>> {
        let book = self.files.read().unwrap_or_else(PoisonError::into_inner);
        book.get(tenant).cloned().unwrap_or_default()
    }

    /// Whether this person administers the customer: gives accounts, and says what its file holds. The agreement says which
    /// roles do.
    #[must_use]
    pub fn administers(&self, person: &PersonId, tenant: &TenantId) -> bool {
        let Ok(Some(account)) = self.store.account(person) else { return false };
        let Some(agreement) = self.in_force(tenant) else { return false };
        let role = agreement.roles().iter().find(|role| role.id == account.role);
        account.home == *tenant
            && account.ended.is_none_or(|ended| ended > self.now())
            && role.is_some_and(|role| role.administers && role.side == RoleSide::Controller)
    }

    /// Brings a customer's file into force from `from`, or now where that lies before, with one entry: no file governs the time
    /// before it was entered. `by` is an administrator of the customer, or none for the operator. Does nothing where the same
    /// text is in force then. Whether the service reads it whole is asked before, by `CustomerFile::read_whole`.
    ///
    /// # Errors
    /// See [`AdoptFileNo`]; then nothing changed.
    pub async fn adopt_file(
        &self,
        by: Option<PersonId>,
        tenant: TenantId,
        from: Instant,
        text: &str,
    ) -> Result<Arc<CustomerFile>, AdoptFileNo> {
        let customer = self.store.tenant(&tenant).map_err(failed)?.ok_or(No::Missing)?;
        let agreement = self.in_force(&tenant);
        let from = from.max(self.now());
        let hash = file_hash(text.as_bytes());
        let mut detail = Detail {
            event: Some("customer-file-adopted".to_owned()),
            agreement: agreement.as_ref().map(|agreement| agreement.hash()),
            // The customer's own additions are instructions of its (Article 28(3)(a)); the clause is the one on those.
            clause: agreement.as_ref().and_then(|agreement| Some(agreement.term("instructions", "")?.clause.clone())),
            outcome: Outcome::Happened,
            ..Detail::default()
        };
        if let Some(by) = by {
            let account = self.store.account(&by).map_err(failed)?.filter(|account| account.home == tenant);
            let account = account.ok_or(No::Missing)?;
            detail.actor = Some(by);
            detail.role = Some(account.role.clone());
            if !self.administers(&by, &tenant) {
                detail.outcome = Outcome::Refused;
                detail.reason = Some(Reason::NoRule.code().to_owned());
                self.store.refusal(tenant, detail, About::default()).await.map_err(|error| unavailable(&error))?;
                return Err(AdoptFileNo::NotAdministrator);
            }
        }
        let file = Arc::new(CustomerFile::read(text, hash, from).map_err(AdoptFileNo::Faults)?);
        if let Some(current) = self.customer_file_at(&tenant, from).filter(|current| current.hash == hash) {
            return Ok(current);
        }
        if file.service != customer.service {
            return Err(AdoptFileNo::No(No::Missing));
        }
        detail.reason = Some(format!("sha256:{hash}"));
        let op = HouseOp::AdoptFile(AdoptedFile { tenant, from, hash, text: text.to_owned() });
        self.store.event(tenant, detail, vec![op]).await.map_err(|error| unavailable(&error))?;
        let mut book = self.files.write().unwrap_or_else(PoisonError::into_inner);
        let files = book.entry(tenant).or_default();
        files.retain(|one| one.from != from);
        files.push(Arc::clone(&file));
        files.sort_by_key(|one| one.from);
        Ok(file)
    }

    /// What is written into a field of a list is one of the values that the customer's file has now.
    pub(crate) fn listed(&self, tenant: &TenantId, values: &[(&Field, Value)], now: Instant) -> Result<(), No> {
        let mut file = None;
        let mut faults = Vec::new();
        for (field, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            let FieldType::Listed { list } = &field.holds else { continue };
            let file = file.get_or_insert_with(|| self.customer_file_at(tenant, now));
            let list = file.as_ref().and_then(|file| file.list(list));
            if !list.is_some_and(|list| list.values.iter().any(|choice| choice.value == **value)) {
                faults.push(FieldFault { field: field.name.clone(), problem: FieldProblem::NotListed });
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(No::Invalid(faults)) }
    }
}
