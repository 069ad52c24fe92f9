//! Who is there: accounts of people, log-in, sessions, and how often strangers may try.
//!
//! What a person may do is not decided here: that is asked of the agreement for each act, by `processing`. What is here holds
//! no record of anybody. A log-in name is kept as a blind token, a password as a peppered hash, a cookie as its hash, the seed
//! of one-time codes sealed; and none of them is ever logged, printed or entered. What an account holds of them lies in the
//! journal under its person's key, and so ends with it.
//!
//! INVARIANT (entry before effect): a log-in, a log-out, an account opened or ended and an entry of the demo are each one entry
//! in the log of the person's home, durable before the answer, and what they change is applied with it. Failures of strangers
//! are limited before any work is done and counted into one entry a minute ([`Access::tick`]), so that they cannot fill the disk.

mod accounts;
mod changes;
mod clauses;
mod invitations;
mod keys;
mod limits;
mod log_in;
mod password;
mod sessions;
mod strangers;
mod totp;

use std::sync::Arc;

use journal::{Detail, Outcome};
use storage::{CommitError, Store, StoreError};
use terms::{Clock, PersonId, Role};
use vault::{Vault, VaultError};
use zeroize::Zeroizing;

pub use accounts::{EndAccountNo, NewAccount, OpenAccountNo};
pub use changes::ChangeAccountNo;
pub use clauses::Clauses;
pub use invitations::{AcceptNo, Chosen, INVITATION_DAYS, InviteNo, Invited, NewInvitation};
pub use keys::{KeyNo, MAX_KEY_DAYS};
pub use limits::{ATTEMPTS_A_LOGIN, ATTEMPTS_AN_ADDRESS, ATTEMPTS_AT_A_CODE};
pub use log_in::LogInNo;
pub use password::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS};
pub use sessions::{Cookie, SignedIn};
pub use storage::{Account, ApiKey, Invitation};
pub use totp::{NoRandom, Seed};

use clauses::Holds;
use limits::Limits;
use password::Passwords;
use sessions::Sessions;
use strangers::{Every, Strangers};

/// A password, a code or a name on its way in: wiped when dropped.
pub type Value = Zeroizing<String>;

/// What the operator may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Whether this is a demo folder, where a person can be entered by one click.
    pub demo: bool,
    /// How long a session runs at the most, in hours.
    pub session_hours: i64,
    /// After how many minutes without a request a session ends.
    pub idle_minutes: i64,
}

impl Default for Settings {
    /// Within what NIST SP 800-63B-4 section 2.2.3 asks of its second level: 24 hours at most, one hour idle.
    fn default() -> Self {
        Self { demo: false, session_hours: 12, idle_minutes: 60 }
    }
}

impl Settings {
    /// For a demo folder: its clock can be moved by years, and that should not put everybody out.
    #[must_use]
    pub const fn demo() -> Self {
        let hours = 100 * 366 * 24;
        Self { demo: true, session_hours: hours, idle_minutes: hours * 60 }
    }
}

/// The entrance. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

/// What runs on when a caller hangs up: a change that was begun is finished, and what is remembered follows it.
struct Inner {
    store: Arc<Store>,
    vault: Arc<Vault>,
    clauses: Arc<dyn Clauses>,
    /// The clock as the world has it, for limits and one-time codes. The store's time stands still while the clock is behind
    /// the last entry; codes of that time nobody's authenticator shows, and a limit would never be over.
    clock: Arc<dyn Clock>,
    settings: Settings,
    passwords: Passwords,
    limits: Limits,
    sessions: Sessions,
    strangers: Strangers,
    /// The hours in which keys were used.
    used: keys::Used,
    /// How often sessions that ran out are looked for in the store.
    unseen: Every,
    /// Held while accounts are read to be changed, so that of two changes neither is lost and no code is used twice.
    turn: tokio::sync::Mutex<()>,
}

impl Access {
    /// Opens the entrance over an open store. The key of [`terms::TenantId::INSTALLATION`], under which log-in names become
    /// tokens, must have been made in the vault. `clock` is the one that the store was opened with.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        vault: Arc<Vault>,
        clauses: Arc<dyn Clauses>,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> Self {
        let began = store.now();
        let limits_clock = Arc::clone(&clock);
        let inner = Inner {
            passwords: Passwords::new(Arc::clone(&vault)),
            limits: Limits::new(move || limits_clock.now()),
            sessions: Sessions::new(settings.idle_minutes, began),
            strangers: Strangers::new(clock.now()),
            used: keys::Used::default(),
            unseen: Every::hour(clock.now()),
            turn: tokio::sync::Mutex::new(()),
            store,
            vault,
            clauses,
            clock,
            settings,
        };
        Self { inner: Arc::new(inner) }
    }

    /// Ends in memory the sessions of somebody who is erased; in the store they are gone.
    pub fn forget(&self, person: &PersonId) {
        self.inner.sessions.end_of(person);
    }

    /// Finishes `work` even if the caller goes away: a client that hangs up must not leave an entry made and the memory of it
    /// not brought up to date.
    async fn finish<T, E>(&self, work: impl Future<Output = Result<T, E>> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Failure> + Send + 'static,
    {
        tokio::spawn(work).await.unwrap_or_else(|error| Err(Failure(error.to_string()).into()))
    }
}

impl Access {
    /// One person's account.
    #[must_use]
    pub fn account(&self, person: &PersonId) -> Option<Arc<Account>> {
        self.inner.store.account(person).ok().flatten()
    }

    /// The accounts at home with a tenant, those that have ended too.
    ///
    /// # Errors
    /// The world's.
    pub fn accounts(&self, home: &terms::TenantId) -> Result<Vec<Account>, StoreError> {
        self.inner.store.accounts(home)
    }
}

impl Inner {
    /// The detail of something that somebody did, as what, at the home whose agreement `holds`; nobody is the operator.
    fn happened(event: &str, by: Option<(PersonId, &Role)>, holds: &Holds) -> Detail {
        Detail {
            outcome: Outcome::Happened,
            event: Some(event.to_owned()),
            actor: by.map(|(actor, _)| actor),
            role: by.map(|(_, role)| role.clone()),
            clause: holds.clause(),
            agreement: holds.agreement(),
            ..Detail::default()
        }
    }
}

/// The world did not cooperate. Says what failed and never about whom.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

macro_rules! failures {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        })+
    };
}
failures!(StoreError, CommitError, VaultError, NoRandom);

#[cfg(test)]
mod tests;
