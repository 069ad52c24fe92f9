//! Log-in, log-out and the sessions between them.
//!
//! A wrong password and an unknown name are answered alike and cost the same work. A code is asked for only after the password
//! was right, and is used once.

use std::net::IpAddr;
use std::sync::Arc;

use journal::Outcome;
use storage::{About, Account, CommitError, HouseOp, Session, Tenant};
use terms::{Instant, PersonId};

use crate::accounts::{as_actor, login_token};
use crate::clauses::Holds;
use crate::limits::Wait;
use crate::password::HashNo;
use crate::sessions::{Cookie, Found, Secret, SignedIn};
use crate::totp::{Seed, read_seed, take};
use crate::{Access, Failure, Inner, Value};

/// How soon to come back when too many log-ins wait to be hashed.
const RETRY_WHEN_BUSY_SECONDS: u64 = 5;

/// Why there was no log-in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogInNo {
    /// Login, password or code is wrong; which, is not said.
    #[error("the log-in is wrong")]
    Wrong,
    /// The password is right, and the account needs a code of its second factor.
    #[error("a one-time code is needed")]
    CodeNeeded,
    /// Too many attempts.
    #[error("too many attempts; try again in {retry_seconds} seconds")]
    TooMany {
        /// Seconds until the next may be tried.
        retry_seconds: u64,
    },
    /// The world did not cooperate; says what failed, never about whom.
    #[error("log-in is not possible now: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for LogInNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

impl From<Wait> for LogInNo {
    fn from(wait: Wait) -> Self {
        Self::TooMany { retry_seconds: wait.seconds }
    }
}

impl From<HashNo> for LogInNo {
    fn from(no: HashNo) -> Self {
        match no {
            HashNo::Busy => Self::TooMany { retry_seconds: RETRY_WHEN_BUSY_SECONDS },
            HashNo::Failed(why) => Self::Unavailable(why),
        }
    }
}

/// How a session begins.
pub(crate) enum By {
    LogIn {
        code: Option<Value>,
    },
    Demo,
    /// A link that was just used; the code was asked for on the way.
    Invitation,
}

impl Access {
    /// Checks a log-in and begins a session.
    ///
    /// # Errors
    /// See [`LogInNo`]. Every answer but [`LogInNo::CodeNeeded`] and the world's counts as a failure of a stranger.
    pub async fn log_in(
        &self,
        from: IpAddr,
        login: &str,
        password: Value,
        code: Option<Value>,
    ) -> Result<Cookie, LogInNo> {
        let inner = &self.inner;
        let mut attempt = inner.strangers.attempt();
        let answer = self.attempt(from, login, password, code).await;
        if matches!(answer, Ok(_) | Err(LogInNo::CodeNeeded | LogInNo::Unavailable(_))) {
            attempt.is_no_failure();
        }
        answer
    }

    async fn attempt(
        &self,
        from: IpAddr,
        login: &str,
        password: Value,
        code: Option<Value>,
    ) -> Result<Cookie, LogInNo> {
        let inner = &self.inner;
        inner.limits.address(from)?;
        let token = login_token(&inner.vault, login)?;
        let account = match &token {
            Some(token) => {
                inner.limits.login(token)?;
                inner.store.account_by_login(token)?
            }
            None => None,
        };
        let hash = account.as_ref().map(|account| account.password.clone());
        let right = inner.passwords.is_right(password, hash).await?;
        let person = match account {
            Some(account) if right => account.person,
            _ => return Err(LogInNo::Wrong),
        };
        // A code that is empty is one that was not given.
        let code = code.filter(|code| !code.trim().is_empty());
        self.begin(person, By::LogIn { code }).await
    }

    /// Begins a session as a person of the demo.
    ///
    /// # Errors
    /// [`LogInNo::Wrong`] outside a demo folder, and for a person without an account that runs.
    pub async fn enter_demo(&self, person: PersonId) -> Result<Cookie, LogInNo> {
        if !self.inner.settings.demo {
            return Err(LogInNo::Wrong);
        }
        self.begin(person, By::Demo).await
    }

    /// The code that a person's authenticator would show now; in a demo folder only, for its first page and its tests.
    ///
    /// # Errors
    /// [`LogInNo::Wrong`] outside a demo folder, and for an account without a second factor.
    pub fn demo_code(&self, person: PersonId) -> Result<Value, LogInNo> {
        let inner = &self.inner;
        if !inner.settings.demo {
            return Err(LogInNo::Wrong);
        }
        let account = inner.store.account(&person)?.ok_or(LogInNo::Wrong)?;
        let sealed = account.totp.as_ref().ok_or(LogInNo::Wrong)?;
        Ok(inner.seed(&account, sealed)?.code_at(inner.clock.now()))
    }

    pub(crate) async fn begin(&self, person: PersonId, by: By) -> Result<Cookie, LogInNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.begin(person, by).await }).await
    }

    /// The session that a cookie names, if it runs and its account does. Called on every request: a known one is answered
    /// from memory.
    #[must_use]
    pub fn session(&self, cookie: &str) -> Option<Arc<SignedIn>> {
        let inner = &self.inner;
        let secret = Secret::read(cookie)?;
        let token = secret.token();
        let now = inner.store.now();
        let signed_in = match inner.sessions.find(&token, now) {
            Found::Runs(signed_in) => signed_in,
            Found::Over => return None,
            Found::Unknown => return inner.read_session(&secret, now),
        };
        // The account is looked at each time, in memory: nobody goes on as what they no longer are.
        let account = inner.store.account(&signed_in.actor).ok()??;
        if ended(&account, now) {
            return None;
        }
        if account.role != signed_in.role {
            inner.sessions.end(&token);
            return inner.read_session(&secret, now);
        }
        Some(signed_in)
    }

    /// Ends the session that a cookie names. One that does not run is ended already.
    ///
    /// # Errors
    /// The committer's; then the session still runs.
    pub async fn log_out(&self, cookie: &str) -> Result<(), CommitError> {
        let Some(signed_in) = self.session(cookie) else { return Ok(()) };
        let Some(secret) = Secret::read(cookie) else { return Ok(()) };
        let inner = Arc::clone(&self.inner);
        let work = async move {
            let home = inner.store.tenant(&signed_in.home).map_err(|error| CommitError::Stopped(error.to_string()))?;
            let token = secret.token();
            let mut detail = journal::Detail { event: Some("log-out".to_owned()), ..Default::default() };
            if let Some(home) = home {
                let holds = Holds::of(&*inner.clauses, &home, &signed_in.role);
                detail = Inner::happened("log-out", Some((signed_in.actor, &signed_in.role)), &holds);
            }
            inner.store.event(signed_in.home, detail, vec![HouseOp::EndSession(token)]).await?;
            inner.sessions.end(&token);
            Ok(())
        };
        self.finish(async move { work.await.map_err(NotOut::Commit) }).await.map_err(|no| match no {
            NotOut::Commit(error) => error,
            NotOut::Failed(why) => CommitError::Stopped(why),
        })
    }
}

enum NotOut {
    Commit(CommitError),
    Failed(String),
}

impl From<Failure> for NotOut {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure.0)
    }
}

impl Inner {
    /// Begins a session with one entry. The turn is held until it is applied, so that a code cannot be used twice and an
    /// account that ends meanwhile begins nothing more.
    pub(crate) async fn begin(&self, person: PersonId, by: By) -> Result<Cookie, LogInNo> {
        let _turn = self.turn.lock().await;
        let now = self.store.now();
        let account = self.store.account(&person)?.ok_or(LogInNo::Wrong)?;
        let home = self.store.tenant(&account.home)?.ok_or(LogInNo::Wrong)?;
        if ended(&account, now) {
            return Err(LogInNo::Wrong);
        }
        let holds = Holds::of(&*self.clauses, &home, &account.role);
        let mut ops = Vec::with_capacity(2);
        let event = match by {
            By::Demo => "demo-entered",
            By::Invitation => "log-in",
            By::LogIn { code } => {
                ops.extend(self.second_factor(&account, &holds, code).await?);
                "log-in"
            }
        };
        let secret = Secret::new()?;
        let ends = now.plus_seconds(self.settings.session_hours.saturating_mul(3600));
        let session = Session { token: secret.token(), person, home: account.home, begun: now, ends };
        let signed_in = signed_in(&account, &home, &secret, &session);
        ops.push(HouseOp::PutSession(session));
        // If we die before the entry is durable, there was no log-in; if after it, a session that nobody has the cookie of.
        self.store.event(account.home, Self::happened(event, Some(as_actor(&account)), &holds), ops).await?;
        self.sessions.keep_new(secret.token(), signed_in, now);
        Ok(secret.cookie())
    }

    /// Asks for the second factor where the account has one. What comes back marks its code as used.
    async fn second_factor(
        &self,
        account: &Account,
        holds: &Holds,
        code: Option<Value>,
    ) -> Result<Option<HouseOp>, LogInNo> {
        let Some(sealed) = &account.totp else {
            if !holds.needs_second_factor() {
                return Ok(None);
            }
            // The agreement came to ask for one after the account was opened. No code will do; an administrator must act.
            let mut detail = Self::happened("log-in", Some(as_actor(account)), holds);
            detail.outcome = Outcome::Refused;
            detail.reason = Some("second-factor-missing".to_owned());
            self.store.refusal(account.home, detail, About::default()).await?;
            return Err(LogInNo::CodeNeeded);
        };
        let Some(code) = code else { return Err(LogInNo::CodeNeeded) };
        self.limits.code(account.person)?;
        let seed = self.seed(account, sealed)?;
        let step = take(&seed, code.trim(), account.used_step, self.clock.now()).ok_or(LogInNo::Wrong)?;
        Ok(Some(HouseOp::UsedCode { person: account.person, step }))
    }

    fn seed(&self, account: &Account, sealed: &[u8]) -> Result<Seed, LogInNo> {
        let opened = self.vault.open_factor(&account.home, &account.person, sealed)?;
        let seed = opened.and_then(|opened| read_seed(&opened));
        seed.ok_or_else(|| LogInNo::Unavailable("a second factor does not open".to_owned()))
    }

    /// A session that memory does not know, from the store; after a restart, every one once.
    fn read_session(&self, secret: &Secret, now: Instant) -> Option<Arc<SignedIn>> {
        if self.sessions.is_idle_since_the_start(now) {
            return None;
        }
        let ended_so_far = self.sessions.ended_so_far();
        let token = secret.token();
        let session = self.store.session(&token).ok()??;
        let account = self.store.account(&session.person).ok()??;
        if session.ends <= now || ended(&account, now) {
            return None;
        }
        let home: Arc<Tenant> = self.store.tenant(&account.home).ok()??;
        let signed_in = signed_in(&account, &home, secret, &session);
        self.sessions.keep_read(token, &signed_in, now, ended_so_far);
        Some(signed_in)
    }
}

fn signed_in(account: &Account, home: &Tenant, secret: &Secret, session: &Session) -> Arc<SignedIn> {
    Arc::new(SignedIn {
        actor: account.person,
        home: account.home,
        provider: home.provider,
        role: account.role.clone(),
        csrf: secret.csrf(),
        ends: session.ends,
    })
}

pub(crate) fn ended(account: &Account, now: Instant) -> bool {
    account.ended.is_some_and(|ended| ended <= now)
}
