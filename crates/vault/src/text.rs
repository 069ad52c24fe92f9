//! Texts from outside that somebody of a home works on, and what came of it: a contract while it is read and confirmed. Sealed
//! under a key of the home's own.
//!
//! They are opened without a grant, unlike records and names: nobody's record is in them, no agreement says who may read a text that
//! is not an agreement yet, and whoever handed one in reads it back. Who may, and that it is entered, is decided before
//! (`crates/processing/src/confirming.rs`).

use terms::{RecordId, TenantId};
use zeroize::Zeroizing;

use crate::seal::Context;
use crate::{Vault, VaultError};

impl Vault {
    /// Seals a part of a text.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the home has none.
    pub fn seal_text(&self, home: &TenantId, id: &RecordId, part: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.ring.tenant(home)?.texts.seal(&Context::Text { home, id, part }, plain)
    }

    /// Opens what was sealed as that part of that text.
    ///
    /// # Errors
    /// [`VaultError::DoesNotOpen`] where it is another's, or was changed.
    pub fn open_text(
        &self,
        home: &TenantId,
        id: &RecordId,
        part: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let opened = self.ring.tenant(home)?.texts.open(&Context::Text { home, id, part }, sealed);
        opened.ok_or_else(|| VaultError::DoesNotOpen { record: id.to_string() })
    }
}
