//! Many records at once: each is decided, entered and answered for itself, and all wait together for the committer, so that a
//! group shares a sync. Pseudonyms and keys of new persons are made with one sync as well.

use std::sync::{Mutex, PoisonError};

use service::{Asked, New, No, Of};
use terms::{PersonId, RecordId};

use crate::Processing;
use crate::refuse::closed;

impl Processing {
    pub(crate) async fn collect_many(&self, asked: &Asked, new: Vec<New<'_>>) -> Vec<Result<RecordId, No>> {
        // A key that no record comes to need is of nobody; the file of keys may hold it.
        let spare = match self.spare_persons(asked, &new) {
            Ok(spare) => Mutex::new(spare),
            Err(no) => {
                let why = match no {
                    No::Unavailable(why) => why,
                    _ => "no pseudonyms could be made".to_owned(),
                };
                return new.iter().map(|_| Err(No::Unavailable(why.clone()))).collect();
            }
        };
        let person = || {
            let ready = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            ready.map_or_else(|| self.vault.new_person(&asked.tenant).map_err(closed), Ok)
        };
        futures_util::future::join_all(new.into_iter().map(|one| self.collect_with(asked, one, person))).await
    }

    /// As many persons as there are records that are of one of their own. None for a caller who has nothing to do here: that
    /// one is answered before any is needed.
    fn spare_persons(&self, asked: &Asked, new: &[New<'_>]) -> Result<Vec<PersonId>, No> {
        let Ok(acting) = self.acting(asked) else { return Ok(Vec::new()) };
        let own = |new: &&New<'_>| {
            self.kind(&acting.tenant.service, new.kind).is_some_and(|kind| match kind.of {
                Of::Itself => true,
                Of::Parent => new.parent.is_none(),
                Of::Author => false,
            })
        };
        let needed = new.iter().filter(own).count();
        if needed == 0 {
            return Ok(Vec::new());
        }
        self.vault.new_persons(&asked.tenant, needed).map_err(closed)
    }
}
