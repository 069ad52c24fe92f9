//! Accounts: opened for one person each, and ended. Both are entries in the log of the person's home: by whom, as what, and
//! whose account.
//!
//! Not here: the person's own record, where a service keeps one; and names, which lie sealed in the file of keys.

use std::sync::Arc;

use journal::Outcome;
use storage::{About, Account, AccountSecrets, HouseOp, PutAccount, StoreError};
use terms::{PersonId, Reason, RecordId, Role, TenantId};
use vault::{Vault, VaultError};

use crate::clauses::Holds;
use crate::log_in::ended;
use crate::password::{HashNo, fits};
use crate::totp::{Seed, write_seed};
use crate::{Access, Failure, Inner, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Value};

/// Longest log-in name, in bytes: an e-mail address has at most 254 (RFC 5321 section 4.5.3.1.3, less its brackets).
const MAX_LOGIN_BYTES: usize = 254;

/// An account to be opened. No `Debug`: it holds a name, a password and a seed.
pub struct NewAccount {
    /// Who opens it: an administrator of the same home. None for the operator, who sets an installation up.
    pub by: Option<PersonId>,
    /// The customer or provider that the person belongs to.
    pub home: TenantId,
    /// The log-in name, unique in the installation whatever its case.
    pub login: Value,
    /// The person's name.
    pub name: Value,
    /// What the person is under the agreement.
    pub role: Role,
    /// The password.
    pub password: Value,
    /// The seed of one-time codes; required where the agreement asks for a second factor, and of the provider's staff.
    pub totp: Option<Seed>,
    /// The person's own record, where the service keeps one: the account is then of that record's person.
    pub record: Option<RecordId>,
}

/// Why an account was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenAccountNo {
    /// Nothing was given, or more than 254 bytes.
    #[error("a log-in name has 1 to {MAX_LOGIN_BYTES} bytes")]
    Login,
    /// Somebody has the log-in name, or had it.
    #[error("the log-in name is taken")]
    LoginTaken,
    /// The person of the record has an account already: accounts are personal, and one is enough.
    #[error("the person has an account already")]
    HasAccount,
    /// The password is too short or too long.
    #[error("a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")]
    Password,
    /// The role needs a second factor and none was given.
    #[error("this role needs a second factor")]
    SecondFactorNeeded,
    /// The agreement in force knows no such role for the people of this home.
    #[error("the agreement knows no role `{0}` for people of this home")]
    Role(Role),
    /// No such home, record or administrator; which, is not said.
    #[error("there is no such home, record or person")]
    Missing,
    /// Whoever opens it is not an administrator of the home. Entered as a refusal.
    #[error("only an administrator of the same home opens accounts")]
    NotAdministrator,
    /// The world did not cooperate.
    #[error("the account could not be opened: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for OpenAccountNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

/// Why an account was not ended.
#[derive(Debug, thiserror::Error)]
pub enum EndAccountNo {
    /// No such account in the home of whoever ends it.
    #[error("there is no such account")]
    Missing,
    /// Whoever ends it is not an administrator of the home. Entered as a refusal.
    #[error("only an administrator of the same home ends accounts")]
    NotAdministrator,
    /// The last administrator of a home stays.
    #[error("the last administrator of a home stays")]
    LastAdministrator,
    /// The world did not cooperate.
    #[error("the account could not be ended: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for EndAccountNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

impl Access {
    /// Opens an account, with one entry.
    ///
    /// # Errors
    /// See [`OpenAccountNo`]; then there is no account.
    pub async fn open_account(&self, new: NewAccount) -> Result<PersonId, OpenAccountNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.open_account(new).await }).await
    }

    /// Ends an account, all its sessions, keys and invitations, at once and with one entry. `by` is an administrator of the same home, or none
    /// for the operator. An account that is ended stays as it is.
    ///
    /// # Errors
    /// See [`EndAccountNo`]; then nothing has changed.
    pub async fn end_account(&self, by: Option<PersonId>, person: PersonId) -> Result<(), EndAccountNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.end_account(by, person).await }).await
    }
}

impl Inner {
    async fn open_account(&self, new: NewAccount) -> Result<PersonId, OpenAccountNo> {
        let home = self.store.tenant(&new.home)?.ok_or(OpenAccountNo::Missing)?;
        let by = match self.administration(new.by, &new.home, None, "account-opened").await? {
            Administration::Fine(by) => by,
            Administration::Missing => return Err(OpenAccountNo::Missing),
            Administration::Refused => return Err(OpenAccountNo::NotAdministrator),
        };
        let token = login_token(&self.vault, &new.login)?.ok_or(OpenAccountNo::Login)?;
        if !fits(&new.password) {
            return Err(OpenAccountNo::Password);
        }
        let holds = Holds::of(&*self.clauses, &home, &new.role);
        if !holds.knows_role() {
            return Err(OpenAccountNo::Role(new.role));
        }
        if new.totp.is_none() && holds.needs_second_factor() {
            return Err(OpenAccountNo::SecondFactorNeeded);
        }
        // Asked before the costly hashing, and again when it is our turn.
        if self.store.account_by_login(&token)?.is_some() {
            return Err(OpenAccountNo::LoginTaken);
        }
        let password = self.passwords.new_hash(new.password).await.map_err(|no| match no {
            HashNo::Busy => OpenAccountNo::Unavailable(HashNo::Busy.to_string()),
            HashNo::Failed(why) => OpenAccountNo::Unavailable(why),
        })?;

        let _turn = self.turn.lock().await;
        if self.store.account_by_login(&token)?.is_some() {
            return Err(OpenAccountNo::LoginTaken);
        }
        let person = match new.record {
            Some(record) => self.store.record(&new.home, &record)?.ok_or(OpenAccountNo::Missing)?.person,
            None => self.vault.new_person(&new.home)?,
        };
        if self.store.account(&person)?.is_some() {
            return Err(OpenAccountNo::HasAccount);
        }
        let totp = match new.totp {
            Some(seed) => Some(self.vault.seal_factor(&new.home, &person, &write_seed(&seed))?),
            None => None,
        };
        let secrets = self.vault.seal_account(&new.home, &person, AccountSecrets { login: token, password })?;
        let account = PutAccount { person, home: new.home, role: new.role, record: new.record, secrets, totp };
        // If we die between name and entry, a sealed name is left behind a pseudonym that nothing else mentions; the other way
        // round there would be an account that nobody can name to the administrator.
        self.vault.put_name(&new.home, &person, &new.name)?;
        let mut detail = Self::happened("account-opened", by.as_deref().map(as_actor), &holds);
        // What it is about is never more than one person.
        let _none = detail.name(vec![person], Vec::new());
        self.store.event(new.home, detail, vec![HouseOp::PutAccount(account)]).await?;
        Ok(person)
    }

    async fn end_account(&self, by: Option<PersonId>, person: PersonId) -> Result<(), EndAccountNo> {
        let _turn = self.turn.lock().await;
        let account = self.store.account(&person)?.ok_or(EndAccountNo::Missing)?;
        let by = match self.administration(by, &account.home, Some(person), "account-ended").await? {
            Administration::Fine(by) => by,
            Administration::Missing => return Err(EndAccountNo::Missing),
            Administration::Refused => return Err(EndAccountNo::NotAdministrator),
        };
        if ended(&account, self.store.now()) {
            return Ok(());
        }
        let home = self.store.tenant(&account.home)?.ok_or(EndAccountNo::Missing)?;
        let holds = Holds::of(&*self.clauses, &home, &account.role);
        // The operator may; for everybody else, somebody must be left who can give an account back.
        if by.is_some() && holds.administers() && self.is_last_administrator(&account)? {
            return Err(EndAccountNo::LastAdministrator);
        }
        let mut detail = Self::happened("account-ended", by.as_deref().map(as_actor), &holds);
        let _none = detail.name(vec![person], Vec::new());
        let ops = vec![HouseOp::EndAccount(person), HouseOp::EndSessionsOf(person), HouseOp::EndCredentialsOf(person)];
        self.store.event(account.home, detail, ops).await?;
        self.sessions.end_of(&person);
        Ok(())
    }

    /// Whether `by` may open and end accounts of `home`. A stranger to the home learns nothing; a refusal is an entry.
    pub(crate) async fn administration(
        &self,
        by: Option<PersonId>,
        home: &TenantId,
        of: Option<PersonId>,
        event: &str,
    ) -> Result<Administration, Failure> {
        let Some(by) = by else { return Ok(Administration::Fine(None)) };
        let Some(account) = self.account_at(&by, home)? else { return Ok(Administration::Missing) };
        let Some(tenant) = self.store.tenant(home)? else { return Ok(Administration::Missing) };
        let holds = Holds::of(&*self.clauses, &tenant, &account.role);
        let reason = match (ended(&account, self.store.now()), holds.administers()) {
            (true, _) => Reason::AccountEnded,
            (false, false) => Reason::NoRule,
            (false, true) => return Ok(Administration::Fine(Some(account))),
        };
        let mut detail = Self::happened(event, Some(as_actor(&account)), &holds);
        detail.outcome = Outcome::Refused;
        detail.reason = Some(reason.code().to_owned());
        let about = About { persons: of.into_iter().collect(), ..About::default() };
        self.store.refusal(*home, detail, about).await?;
        Ok(Administration::Refused)
    }

    fn account_at(&self, person: &PersonId, home: &TenantId) -> Result<Option<Arc<Account>>, StoreError> {
        Ok(self.store.account(person)?.filter(|account| account.home == *home))
    }
}

pub(crate) enum Administration {
    /// By that administrator; by the operator where there is none.
    Fine(Option<Arc<Account>>),
    Missing,
    Refused,
}

/// The token of a log-in name: trimmed, in lower case. None for what cannot be one.
pub(crate) fn login_token(vault: &Vault, login: &str) -> Result<Option<[u8; 32]>, VaultError> {
    let login = login.trim();
    if login.is_empty() || login.len() > MAX_LOGIN_BYTES {
        return Ok(None);
    }
    let lower = Value::new(login.to_lowercase());
    vault.token(&TenantId::INSTALLATION, "login", &lower).map(Some)
}

/// Whoever has the account, as an entry names an actor.
pub(crate) const fn as_actor(account: &Account) -> (PersonId, &Role) {
    (account.person, &account.role)
}
