//! Accounts changed: another role, another password. Each is one entry, and ends what was given under the one before.
//!
//! Not here: opening and ending accounts (`accounts.rs`), and the record of a person where a service keeps one.

use std::sync::Arc;

use storage::{Account, AccountSecrets, HouseOp, PutAccount};
use terms::{PersonId, Role, TenantId};

use crate::accounts::{Administration, as_actor};
use crate::clauses::Holds;
use crate::log_in::ended;
use crate::password::fits;
use crate::sessions::Secret;
use crate::{Access, Failure, Inner, LogInNo, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Value};

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAccountNo {
    /// No such account in the home of whoever changes it, or it has ended.
    #[error("there is no such account")]
    Missing,
    /// Whoever changes it is not an administrator of the home. Entered as a refusal.
    #[error("only an administrator of the same home changes accounts")]
    NotAdministrator,
    /// The agreement in force knows no such role for the people of this home.
    #[error("the agreement knows no role `{0}` for people of this home")]
    Role(Role),
    /// The role needs a second factor and the account has none: invite the person anew.
    #[error("this role needs a second factor")]
    SecondFactorNeeded,
    /// The last administrator of a home stays one.
    #[error("the last administrator of a home stays one")]
    LastAdministrator,
    /// The password given as the present one is not it.
    #[error("the password is wrong")]
    Wrong,
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_seconds} seconds")]
    TooMany {
        /// Seconds until the next may be tried.
        retry_seconds: u64,
    },
    /// The new password is too short or too long.
    #[error("a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")]
    Password,
    /// The world did not cooperate.
    #[error("the account could not be changed: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for ChangeAccountNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

impl Access {
    /// Gives a person another role, with one entry. Sessions and keys of the person end: nobody goes on as what they no longer are.
    ///
    /// # Errors
    /// See [`ChangeAccountNo`]; then nothing has changed.
    pub async fn change_role(&self, by: PersonId, person: PersonId, role: Role) -> Result<(), ChangeAccountNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.change_role(by, person, role).await }).await
    }

    /// Changes one's own password, with one entry. All other sessions of the person end; the one with `cookie` goes on.
    ///
    /// # Errors
    /// See [`ChangeAccountNo`]; then nothing has changed.
    pub async fn change_password(
        &self,
        person: PersonId,
        cookie: &str,
        present: Value,
        new: Value,
    ) -> Result<(), ChangeAccountNo> {
        let inner = Arc::clone(&self.inner);
        let secret = Secret::read(cookie);
        self.finish(async move { inner.change_password(person, secret, present, new).await }).await
    }
}

impl Inner {
    async fn change_role(&self, by: PersonId, person: PersonId, role: Role) -> Result<(), ChangeAccountNo> {
        let _turn = self.turn.lock().await;
        let account = self.store.account(&person)?.ok_or(ChangeAccountNo::Missing)?;
        let by = match self.administration(Some(by), &account.home, Some(person), "role-changed").await? {
            Administration::Fine(by) => by,
            Administration::Missing => return Err(ChangeAccountNo::Missing),
            Administration::Refused => return Err(ChangeAccountNo::NotAdministrator),
        };
        if ended(&account, self.store.now()) {
            return Err(ChangeAccountNo::Missing);
        }
        if account.role == role {
            return Ok(());
        }
        let home = self.store.tenant(&account.home)?.ok_or(ChangeAccountNo::Missing)?;
        let (before, holds) =
            (Holds::of(&*self.clauses, &home, &account.role), Holds::of(&*self.clauses, &home, &role));
        // A data subject does not become staff by a change of role: whose file it is would be another matter.
        if !holds.knows_role() || holds.is_subject() != before.is_subject() {
            return Err(ChangeAccountNo::Role(role));
        }
        if account.totp.is_none() && holds.needs_second_factor() {
            return Err(ChangeAccountNo::SecondFactorNeeded);
        }
        if before.administers() && !holds.administers() && self.is_last_administrator(&account)? {
            return Err(ChangeAccountNo::LastAdministrator);
        }
        let secrets = AccountSecrets { login: account.login, password: account.password.clone() };
        let put = self.put_again(&account, role, secrets)?;
        let mut detail = Self::happened("role-changed", by.as_deref().map(as_actor), &holds);
        detail.reason = Some(format!("{}:{}", account.role, put.role));
        let _none = detail.name(vec![person], Vec::new());
        let ops = vec![HouseOp::PutAccount(put), HouseOp::EndSessionsOf(person), HouseOp::EndCredentialsOf(person)];
        self.store.event(account.home, detail, ops).await?;
        self.sessions.end_of(&person);
        Ok(())
    }

    async fn change_password(
        &self,
        person: PersonId,
        session: Option<Secret>,
        present: Value,
        new: Value,
    ) -> Result<(), ChangeAccountNo> {
        if !fits(&new) {
            return Err(ChangeAccountNo::Password);
        }
        let account = self.store.account(&person)?.ok_or(ChangeAccountNo::Missing)?;
        // Whoever sits down at an open session may guess as often as at the log-in, and no oftener.
        self.limits.login(&account.login).map_err(|wait| ChangeAccountNo::TooMany { retry_seconds: wait.seconds })?;
        let busy = |no: crate::password::HashNo| match LogInNo::from(no) {
            LogInNo::TooMany { retry_seconds } => ChangeAccountNo::TooMany { retry_seconds },
            other => ChangeAccountNo::Unavailable(other.to_string()),
        };
        if !self.passwords.is_right(present, Some(account.password.clone())).await.map_err(busy)? {
            return Err(ChangeAccountNo::Wrong);
        }
        let password = self.passwords.new_hash(new).await.map_err(busy)?;

        let _turn = self.turn.lock().await;
        let account = self.store.account(&person)?.ok_or(ChangeAccountNo::Missing)?;
        if ended(&account, self.store.now()) {
            return Err(ChangeAccountNo::Missing);
        }
        let home = self.store.tenant(&account.home)?.ok_or(ChangeAccountNo::Missing)?;
        let holds = Holds::of(&*self.clauses, &home, &account.role);
        let put = self.put_again(&account, account.role.clone(), AccountSecrets { login: account.login, password })?;
        let mut detail = Self::happened("password-changed", Some(as_actor(&account)), &holds);
        let _none = detail.name(vec![person], Vec::new());
        let mut ops = vec![HouseOp::PutAccount(put), HouseOp::EndSessionsOf(person), HouseOp::EndCredentialsOf(person)];
        let kept = match session.map(|secret| secret.token()) {
            Some(token) => self.store.session(&token)?.filter(|session| session.person == person),
            None => None,
        };
        // Ended with the others and begun again with the same cookie, in the same entry.
        ops.extend(kept.map(HouseOp::PutSession));
        self.store.event(account.home, detail, ops).await?;
        self.sessions.end_of(&person);
        Ok(())
    }

    /// The account in its present form, but for role and secrets.
    pub(crate) fn put_again(
        &self,
        account: &Account,
        role: Role,
        secrets: AccountSecrets,
    ) -> Result<PutAccount, Failure> {
        Ok(PutAccount {
            person: account.person,
            home: account.home,
            role,
            record: account.record,
            secrets: self.vault.seal_account(&account.home, &account.person, secrets)?,
            totp: account.totp.clone(),
        })
    }

    /// Whether nobody else administers the home: without anyone, nobody could give an account back.
    pub(crate) fn is_last_administrator(&self, account: &Account) -> Result<bool, Failure> {
        let home: TenantId = account.home;
        let Some(tenant) = self.store.tenant(&home)? else { return Ok(false) };
        let now = self.store.now();
        let others = self.store.accounts(&home)?;
        let mut others = others.iter().filter(|other| other.person != account.person && !ended(other, now));
        Ok(!others.any(|other| Holds::of(&*self.clauses, &tenant, &other.role).administers()))
    }
}
