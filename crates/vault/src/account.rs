//! What a person's account holds, sealed under that person's key: what the person logs in with, for the journal, and the seed
//! of the second factor, for journal and state. When the key is gone, so are they, wherever copies lie.
//!
//! They are opened without a grant, unlike records and names: what comes out is compared with what somebody types, inside the
//! program, and is never shown, rendered or answered. Comparing is no consultation of anybody's data, and the log-in that it
//! leads to has an entry of its own. Not here: comparing, hashing and codes (`access`).

use storage::{AccountSecrets, SealedAccount, StoreError};
use terms::{PersonId, RetentionClass, TenantId};
use zeroize::Zeroizing;

use crate::seal::Context;
use crate::{Vault, VaultError};

impl Vault {
    /// What a person logs in with, in the form under which it may lie in the journal.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none at this home.
    pub fn seal_account(
        &self,
        home: &TenantId,
        person: &PersonId,
        secrets: AccountSecrets,
    ) -> Result<SealedAccount, VaultError> {
        let key = self.ring.person(home, person, &RetentionClass::default())?;
        // Writing to a Vec cannot fail.
        let plain = Zeroizing::new(minicbor::to_vec(&secrets).unwrap_or_default());
        let sealed = key.seal(&Context::Account { home, person }, &plain)?;
        Ok(SealedAccount { sealed, bare: Some(secrets) })
    }

    /// What was sealed by [`Vault::seal_account`]; nothing where the key is gone.
    pub(crate) fn account(
        &self,
        home: &TenantId,
        person: &PersonId,
        sealed: &[u8],
    ) -> Result<Option<AccountSecrets>, VaultError> {
        let Some(plain) =
            self.open_of(home, person, &RetentionClass::default(), &Context::Account { home, person }, sealed)?
        else {
            return Ok(None);
        };
        minicbor::decode(&plain).map(Some).map_err(|_| VaultError::Form)
    }

    /// Seals the seed of a person's second factor.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none at this home.
    pub fn seal_factor(&self, home: &TenantId, person: &PersonId, seed: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.ring.person(home, person, &RetentionClass::default())?.seal(&Context::Factor { home, person }, seed)
    }

    /// Opens the seed of a person's second factor; nothing where the key is gone. It must not leave the program.
    ///
    /// # Errors
    /// [`VaultError::DoesNotOpen`] where it is another's, or was changed; otherwise the world's.
    pub fn open_factor(
        &self,
        home: &TenantId,
        person: &PersonId,
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.open_of(home, person, &RetentionClass::default(), &Context::Factor { home, person }, sealed)
    }

    /// Opens what lies under a person's key. Nothing where that key is gone, and only then.
    pub(crate) fn open_of(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
        context: &Context<'_>,
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let key = match self.ring.person(tenant, person, class) {
            Ok(key) => key,
            Err(VaultError::NoKey(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        key.open(context, sealed).map(Some).ok_or_else(|| VaultError::DoesNotOpen { record: person.to_string() })
    }
}

/// Why a start-up cannot go on. It names a pseudonym at the most.
pub(crate) fn unread(error: VaultError) -> StoreError {
    match error {
        VaultError::Store(error) => error,
        other => StoreError { doing: "read", cause: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use storage::{KeyStore, Tokens};

    use super::*;
    use crate::Root;

    const HOME: TenantId = TenantId([1; 16]);

    #[test]
    fn what_an_account_holds_is_nothing_without_its_key_and_an_error_where_it_was_changed_or_moved() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open_or_begin(&folder.path().join("root.key")).unwrap();
        let keys = Arc::new(KeyStore::open(&folder.path().join("keys.db")).unwrap());
        let vault = Vault::open(&root, keys).unwrap();
        vault.new_tenant(&HOME).unwrap();
        let [person, other] = vault.new_persons(&HOME, 2).unwrap().try_into().unwrap();
        let secrets = AccountSecrets { login: [7; 32], password: "$argon2id$".to_owned() };
        let account = vault.seal_account(&HOME, &person, secrets.clone()).unwrap().sealed;
        let factor = vault.seal_factor(&HOME, &person, &[9; 20]).unwrap();
        assert_eq!(vault.open_account(&HOME, &person, &account).unwrap(), Some(secrets));
        assert_eq!(vault.open_factor(&HOME, &person, &factor).unwrap().as_deref(), Some(&vec![9; 20]));
        let gone = PersonId([3; 16]);
        for (home, person) in [(&HOME, &gone), (&TenantId([2; 16]), &person)] {
            assert_eq!(vault.open_account(home, person, &account).unwrap(), None);
            assert!(vault.open_factor(home, person, &factor).unwrap().is_none());
        }
        assert!(
            vault.open_account(&HOME, &other, &account).is_err() && vault.open_factor(&HOME, &other, &factor).is_err()
        );
        assert!(
            vault.open_account(&HOME, &person, &factor).is_err()
                && vault.open_factor(&HOME, &person, &account).is_err()
        );
        assert!(vault.open_account(&HOME, &person, &account[..account.len() - 1]).is_err());
        assert!(vault.seal_factor(&HOME, &gone, &[9; 20]).is_err());
    }
}
