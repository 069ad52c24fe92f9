//! Invitations: a link that is used once and makes an account, or lets its person choose log-in and password anew. The link is
//! given to whoever invited, once; only its hash is kept.
//!
//! Not here: who may be invited to what page, and the text that somebody accepts on the way in.

use std::net::IpAddr;
use std::sync::Arc;

use storage::{AccountSecrets, HouseOp, HouseRow, Invitation, PutAccount, RowKind};
use terms::{Hash, Instant, PersonId, RecordId, Role, TenantId};

use crate::accounts::{Administration, as_actor, login_token};
use crate::clauses::Holds;
use crate::log_in::{By, ended};
use crate::password::{HashNo, fits};
use crate::sessions::{Cookie, Secret};
use crate::totp::{Seed, take, write_seed};
use crate::{Access, Failure, Inner, LogInNo, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, Value};

/// How long a link holds where the customer's file says nothing, in days.
pub const INVITATION_DAYS: u32 = 7;

/// Whom to invite. No `Debug`: it holds a name.
pub struct NewInvitation {
    /// Who invites: an administrator of the same home. None for the operator.
    pub by: Option<PersonId>,
    /// Where the account will be.
    pub home: TenantId,
    /// As what.
    pub role: Role,
    /// The person's name; needed unless the person has one already.
    pub name: Option<Value>,
    /// The person's own record, where the service keeps one: the account is then of that record's person.
    pub record: Option<RecordId>,
    /// A person who has an account already and is to choose anew.
    pub person: Option<PersonId>,
    /// For how many days the link holds.
    pub days: u32,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteNo {
    /// No such home, record or person.
    #[error("there is no such home, record or person")]
    Missing,
    /// Whoever invites is not an administrator of the home. Entered as a refusal.
    #[error("only an administrator of the same home invites")]
    NotAdministrator,
    /// The agreement in force knows no such role for the people of this home.
    #[error("the agreement knows no role `{0}` for people of this home")]
    Role(Role),
    /// A name is needed.
    #[error("a name is needed")]
    Name,
    /// The world did not cooperate.
    #[error("the invitation could not be made: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for InviteNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

/// What an invitation that holds leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Where.
    pub home: TenantId,
    /// As what.
    pub role: Role,
    /// The person's own record.
    pub record: Option<RecordId>,
    /// Whether of the data subjects' side.
    pub subject: bool,
    /// Whether the account needs a second factor.
    pub second_factor: bool,
    /// Until when the link holds.
    pub ends: Instant,
}

/// What the invited person chose. No `Debug`: it holds a password and a seed.
pub struct Chosen {
    /// The log-in name.
    pub login: Value,
    /// The password.
    pub password: Value,
    /// The seed that was shown, and the code that the person's authenticator made of it.
    pub totp: Option<(Seed, Value)>,
}

/// Why an invitation did not become an account.
#[derive(Debug, thiserror::Error)]
pub enum AcceptNo {
    /// The link holds no longer, or never did.
    #[error("the link does not hold")]
    Over,
    /// Nothing was given, or too much.
    #[error("that cannot be a log-in name")]
    Login,
    /// Somebody has the log-in name.
    #[error("the log-in name is taken")]
    LoginTaken,
    /// The password is too short or too long.
    #[error("a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")]
    Password,
    /// The account needs a second factor, and the code was missing or wrong.
    #[error("the one-time code is missing or wrong")]
    Code,
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_seconds} seconds")]
    TooMany {
        /// Seconds until the next may be tried.
        retry_seconds: u64,
    },
    /// The world did not cooperate.
    #[error("the account could not be opened: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for AcceptNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

impl From<LogInNo> for AcceptNo {
    fn from(no: LogInNo) -> Self {
        match no {
            LogInNo::TooMany { retry_seconds } => Self::TooMany { retry_seconds },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl Access {
    /// Makes an invitation, with one entry, and gives what its link must hold. Invitations of the same person before it end.
    ///
    /// # Errors
    /// See [`InviteNo`].
    pub async fn invite(&self, new: NewInvitation) -> Result<(Cookie, Instant), InviteNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.invite(new).await }).await
    }

    /// What a link leads to. Strangers' guesses are limited by address and counted.
    ///
    /// # Errors
    /// [`AcceptNo::Over`] or [`AcceptNo::TooMany`].
    pub fn invited(&self, from: IpAddr, link: &str) -> Result<Invited, AcceptNo> {
        let inner = &self.inner;
        let mut attempt = inner.strangers.attempt();
        inner.limits.address(from).map_err(|wait| AcceptNo::TooMany { retry_seconds: wait.seconds })?;
        let invitation = inner.invitation(link)?;
        attempt.is_no_failure();
        inner.leads_to(&invitation)
    }

    /// Makes the account that a link leads to, with what the person chose, and begins a session. The link is used up.
    ///
    /// # Errors
    /// See [`AcceptNo`]; then there is no account, and the link still holds.
    pub async fn accept_invitation(&self, from: IpAddr, link: String, chosen: Chosen) -> Result<Cookie, AcceptNo> {
        self.invited(from, &link)?;
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.accept(&link, chosen).await }).await
    }

    /// The invitations of a home that still hold.
    ///
    /// # Errors
    /// The world's.
    pub fn open_invitations(&self, home: &TenantId) -> Result<Vec<Invitation>, storage::StoreError> {
        let now = self.inner.store.now();
        let rows = self.inner.store.rows(RowKind::Invitation, home)?;
        let open = rows.into_iter().filter_map(|row| match row {
            HouseRow::Invitation(one) if one.ended.is_none() && one.ends > now => Some(one),
            _ => None,
        });
        Ok(open.collect())
    }
}

fn hash_of(secret: &Secret) -> Hash {
    Hash(secret.token())
}

impl Inner {
    async fn invite(&self, new: NewInvitation) -> Result<(Cookie, Instant), InviteNo> {
        let _turn = self.turn.lock().await;
        let home = self.store.tenant(&new.home)?.ok_or(InviteNo::Missing)?;
        let by = match self.administration(new.by, &new.home, new.person, "invited").await? {
            Administration::Fine(by) => by,
            Administration::Missing => return Err(InviteNo::Missing),
            Administration::Refused => return Err(InviteNo::NotAdministrator),
        };
        let holds = Holds::of(&*self.clauses, &home, &new.role);
        if !holds.knows_role() {
            return Err(InviteNo::Role(new.role));
        }
        let known = match new.person {
            Some(person) => {
                let account = self.store.account(&person)?.filter(|account| account.home == new.home);
                Some(account.ok_or(InviteNo::Missing)?)
            }
            None => None,
        };
        let record = new.record.or_else(|| known.as_ref().and_then(|account| account.record));
        let person = match (&known, record) {
            (Some(account), _) => account.person,
            (None, Some(record)) => self.store.record(&new.home, &record)?.ok_or(InviteNo::Missing)?.person,
            (None, None) => self.vault.new_person(&new.home)?,
        };
        // Another role for somebody who has an account is a change of role, with its own guards.
        let there = self.store.account(&person)?.filter(|account| !ended(account, self.store.now()));
        if there.is_some_and(|account| account.role != new.role) {
            return Err(InviteNo::Role(new.role));
        }
        let name = new.name.filter(|name| !name.trim().is_empty());
        match &name {
            // If we die between name and entry, a sealed name is left behind a pseudonym that nothing else mentions.
            Some(name) => self.vault.put_name(&new.home, &person, name)?,
            None if known.is_some() => {}
            None => return Err(InviteNo::Name),
        }
        let (secret, made) = (Secret::new()?, self.store.now());
        let ends = made.plus_seconds(i64::from(new.days.clamp(1, 90)) * 86_400);
        let invitation = Invitation {
            token: hash_of(&secret),
            home: new.home,
            person,
            role: new.role,
            record,
            by: new.by,
            made,
            ends,
            ended: None,
        };
        let mut detail = Self::happened("invited", by.as_deref().map(as_actor), &holds);
        detail.reason = Some(invitation.role.to_string());
        let _none = detail.name(vec![person], Vec::new());
        let mut ops = self.end_invitations_of(&person, &new.home, made)?;
        ops.push(HouseOp::PutRow(HouseRow::Invitation(invitation)));
        self.store.event(new.home, detail, ops).await?;
        Ok((secret.cookie(), ends))
    }

    /// One open link a person: the one before ends with the new one.
    fn end_invitations_of(&self, person: &PersonId, home: &TenantId, at: Instant) -> Result<Vec<HouseOp>, Failure> {
        let rows = self.store.rows(RowKind::Invitation, home)?;
        let open = rows.into_iter().filter_map(|row| match row {
            HouseRow::Invitation(one) if one.person == *person && one.ended.is_none() => {
                Some(HouseOp::PutRow(HouseRow::Invitation(Invitation { ended: Some(at), ..one })))
            }
            _ => None,
        });
        Ok(open.collect())
    }

    fn invitation(&self, link: &str) -> Result<Invitation, AcceptNo> {
        let secret = Secret::read(link).ok_or(AcceptNo::Over)?;
        let now = self.store.now();
        match self.store.row(RowKind::Invitation, &hash_of(&secret).0)? {
            Some(HouseRow::Invitation(one)) if one.ended.is_none() && one.ends > now => Ok(one),
            _ => Err(AcceptNo::Over),
        }
    }

    fn leads_to(&self, invitation: &Invitation) -> Result<Invited, AcceptNo> {
        let home = self.store.tenant(&invitation.home)?.ok_or(AcceptNo::Over)?;
        let holds = Holds::of(&*self.clauses, &home, &invitation.role);
        // The agreement may have changed since.
        if !holds.knows_role() {
            return Err(AcceptNo::Over);
        }
        Ok(Invited {
            home: invitation.home,
            role: invitation.role.clone(),
            record: invitation.record,
            subject: holds.is_subject(),
            second_factor: holds.needs_second_factor(),
            ends: invitation.ends,
        })
    }

    async fn accept(&self, link: &str, chosen: Chosen) -> Result<Cookie, AcceptNo> {
        let token = login_token(&self.vault, &chosen.login)?.ok_or(AcceptNo::Login)?;
        if !fits(&chosen.password) {
            return Err(AcceptNo::Password);
        }
        let needs = self.leads_to(&self.invitation(link)?)?.second_factor;
        let (seed, step) = match (needs, &chosen.totp) {
            (true, None) => return Err(AcceptNo::Code),
            (_, Some((seed, code))) => {
                let step = take(seed, code.trim(), 0, self.clock.now()).ok_or(AcceptNo::Code)?;
                (Some(write_seed(seed)), Some(step))
            }
            (false, None) => (None, None),
        };
        let password = self.passwords.new_hash(chosen.password).await.map_err(|no| match no {
            HashNo::Busy => AcceptNo::TooMany { retry_seconds: 5 },
            HashNo::Failed(why) => AcceptNo::Unavailable(why),
        })?;
        let person = {
            let _turn = self.turn.lock().await;
            // Looked at again when it is our turn: of two who use one link at once, one comes too late.
            let invitation = self.invitation(link)?;
            let taken = self.store.account_by_login(&token)?;
            if taken.is_some_and(|account| account.person != invitation.person) {
                return Err(AcceptNo::LoginTaken);
            }
            let (home, person) = (invitation.home, invitation.person);
            let tenant = self.store.tenant(&home)?.ok_or(AcceptNo::Over)?;
            let holds = Holds::of(&*self.clauses, &tenant, &invitation.role);
            let totp = match &seed {
                Some(seed) => Some(self.vault.seal_factor(&home, &person, seed)?),
                None => None,
            };
            let secrets = self.vault.seal_account(&home, &person, AccountSecrets { login: token, password })?;
            let role = invitation.role.clone();
            let put = PutAccount { person, home, role: role.clone(), record: invitation.record, secrets, totp };
            let mut detail = Self::happened("invitation-accepted", Some((person, &role)), &holds);
            let _none = detail.name(vec![person], Vec::new());
            let now = self.store.now();
            let used = HouseRow::Invitation(Invitation { ended: Some(now), ..invitation });
            let mut ops = vec![
                HouseOp::PutAccount(put),
                HouseOp::EndSessionsOf(person),
                HouseOp::EndCredentialsOf(person),
                HouseOp::PutRow(used),
            ];
            ops.extend(step.map(|step| HouseOp::UsedCode { person, step }));
            self.store.event(home, detail, ops).await?;
            self.sessions.end_of(&person);
            person
        };
        Ok(self.begin(person, By::Invitation).await?)
    }
}
