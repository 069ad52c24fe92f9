//! Blind indexes: equal words give equal tokens under a key per tenant and field, and nothing else can be read from them.

use aws_lc_rs::hmac;
use storage::{AccountSecrets, SealedToken, Seals, StoreError, Token, Tokens};
use terms::{FieldName, PersonId, RecordId, RetentionClass, TenantId};

use crate::account::unread;
use crate::seal::Context;
use crate::{Vault, VaultError, Whose};

impl Vault {
    /// The token of a text in a field.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the tenant has no key.
    pub fn token(&self, tenant: &TenantId, field: &str, text: &str) -> Result<Token, VaultError> {
        let key = self.ring.tenant(tenant)?.index(field)?;
        let tag = hmac::sign(&key, text.as_bytes());
        tag.as_ref().try_into().map_err(|_| VaultError::Library)
    }

    /// A token with the form under which it may lie in the journal: sealed under its person's key.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none.
    pub fn seal_token(&self, whose: &Whose<'_>, field: &FieldName, token: Token) -> Result<SealedToken, VaultError> {
        let key = self.ring.person(whose.tenant, whose.person, whose.class)?;
        let context = Context::Token { tenant: whose.tenant, person: whose.person, record: whose.record, field };
        Ok(SealedToken { sealed: key.seal(&context, &token)?, bare: Some(token) })
    }
}

impl Seals for Vault {
    fn seal(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
        record: &RecordId,
        field: &FieldName,
        token: Token,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        // The version is no part of what a token is bound to.
        let whose = Whose { tenant, person, class, record, version: 0 };
        match self.seal_token(&whose, field, token) {
            Ok(token) => Ok(Some(token.sealed)),
            Err(VaultError::NoKey(_)) => Ok(None),
            Err(error) => Err(unread(error)),
        }
    }

    fn seal_secrets(
        &self,
        home: &TenantId,
        person: &PersonId,
        secrets: AccountSecrets,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        match self.seal_account(home, person, secrets) {
            Ok(account) => Ok(Some(account.sealed)),
            Err(VaultError::NoKey(_)) => Ok(None),
            Err(error) => Err(unread(error)),
        }
    }
}

impl Tokens for Vault {
    fn open(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
        record: &RecordId,
        field: &FieldName,
        sealed: &[u8],
    ) -> Result<Option<Token>, StoreError> {
        let context = Context::Token { tenant, person, record, field };
        let Some(plain) = self.open_of(tenant, person, class, &context, sealed).map_err(unread)? else {
            return Ok(None);
        };
        plain.as_slice().try_into().map(Some).map_err(|_| unread(VaultError::Form))
    }

    fn open_account(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        sealed: &[u8],
    ) -> Result<Option<AccountSecrets>, StoreError> {
        self.account(tenant, person, sealed).map_err(unread)
    }
}
