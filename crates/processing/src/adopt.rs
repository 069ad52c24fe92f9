//! The agreements in force: read from the store, and brought into force with an entry.

use std::sync::{Arc, PoisonError};

use agreement::{Agreement, Book, Faults};
use journal::{Detail, Outcome};
use storage::{CommitError, HouseOp, Store, StoreError};
use terms::{Instant, TenantId};

use crate::Processing;

/// Why an agreement could not be brought into force, or the book not read.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entry could not be made.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A stored agreement does not read: it was written by another version of the program.
    #[error("an agreement that is in force does not read any more:\n{0}")]
    Reads(Faults),
    /// A stored agreement is gone.
    #[error("the text of an agreement that is in force is missing")]
    Missing,
}

pub(crate) fn read_book(store: &Store) -> Result<Book, AdoptError> {
    let mut book = Book::new();
    for adopted in store.adopted()? {
        let agreement = match book.by_hash(&adopted.hash) {
            Some(read) => Arc::clone(read),
            None => {
                let text = store.agreement_text(&adopted.hash)?.ok_or(AdoptError::Missing)?;
                Arc::new(Agreement::read("agreement", &text).map_err(AdoptError::Reads)?)
            }
        };
        book.adopt(adopted.tenant, adopted.from, agreement);
    }
    Ok(book)
}

impl Processing {
    /// Brings an agreement into force for a customer from `from`, or now where that lies before: no version governs the time
    /// before it was entered. Does nothing where it is in force already.
    ///
    /// # Errors
    /// The world's; then nothing changed.
    pub async fn adopt(&self, tenant: TenantId, from: Instant, agreement: &Arc<Agreement>) -> Result<bool, AdoptError> {
        let now = self.store.now();
        if self.book().at(tenant, now.max(from)).is_some_and(|current| current.hash() == agreement.hash()) {
            return Ok(false);
        }
        let from = from.max(now);
        let detail = Detail {
            event: Some("agreement-adopted".to_owned()),
            agreement: Some(agreement.hash()),
            clause: Some(agreement.in_force_terms().clause.clone()),
            outcome: Outcome::Happened,
            ..Detail::default()
        };
        let op = HouseOp::AdoptAgreement { tenant, from, hash: agreement.hash(), text: agreement.text().to_owned() };
        self.store.event(tenant, detail, vec![op]).await?;
        let mut book = self.book.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Book::clone(&book);
        next.adopt(tenant, from, Arc::clone(agreement));
        *book = Arc::new(next);
        Ok(true)
    }
}
