//! Registers: what the parties may look up, added up from journal and agreement. No second truth is kept here.
//!
//! Looking up is a reading like any other; `processing` decides and enters it. What a register adds is the question's form.
//! The registers of an agreement's own terms hold no personal data and are open to everybody: [`of_agreement`].

mod of_agreement;

use std::sync::Arc;

use processing::Processing;
use service::{Asked, No};
use terms::{PersonId, TenantId};

pub use of_agreement::{Cell, Register, Row, Tone, of_agreement, of_recipients};
pub use processing::{LogFilter, LogStands, LoggedAccess, OpenCase};

/// Most entries in one answer.
pub const MAX_ENTRIES: usize = 500;

/// The registers of an installation.
pub struct Registers {
    processing: Arc<Processing>,
}

impl Registers {
    /// Over the door.
    #[must_use]
    pub const fn new(processing: Arc<Processing>) -> Self {
        Self { processing }
    }

    /// Who looked: the entries of a customer's log that the filter lets through, newest first, at most [`MAX_ENTRIES`].
    ///
    /// # Errors
    /// A refusal where the agreement does not show the log to this role; otherwise as for every reading.
    pub async fn who_looked(&self, asked: &Asked, filter: &LogFilter) -> Result<Vec<LoggedAccess>, No> {
        let filter = LogFilter { limit: filter.limit.clamp(1, MAX_ENTRIES), ..filter.clone() };
        self.processing.who_looked(asked, &filter).await
    }

    /// How a customer's log is kept by its agreement, and what of it was purged; it says nothing of any entry.
    ///
    /// # Errors
    /// The world's.
    pub fn log_kept(&self, tenant: &TenantId) -> Result<LogStands, No> {
        self.processing.log_kept(tenant)
    }

    /// The support desk's list: open cases of every customer, oldest first, heads only.
    ///
    /// # Errors
    /// [`No::Missing`] for whoever is not the provider's.
    pub async fn open_cases(&self, actor: PersonId) -> Result<Vec<OpenCase>, No> {
        self.processing.open_cases(actor).await
    }
}
