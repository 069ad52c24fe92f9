//! Keys with which programs act for a person: `bk_<id>_<secret>`. The secret is random and shown once; only its SHA-256 is kept,
//! which is enough for 256 random bits. A key is bound to the role that the person had, and ends with it, with the account, or by
//! itself.
//!
//! Not here: what it may do, which is asked of the agreement for each act as for everybody.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, rand};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use storage::{ApiKey, HouseOp, HouseRow, RowKind};
use terms::{FieldName, Hash, Instant, PersonId, TenantId};
use zeroize::Zeroizing;

use crate::accounts::{Administration, as_actor};
use crate::clauses::Holds;
use crate::log_in::ended;
use crate::sessions::SignedIn;
use crate::{Access, Failure, Inner, NoRandom, Value};

/// Longest time that a key runs, in days.
pub const MAX_KEY_DAYS: u32 = 365;
/// Most keys of one person that run at a time.
const MAX_KEYS: usize = 20;
const BEGINNING: &str = "bk_";
const HOUR_MICROS: i64 = 3_600_000_000;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyNo {
    /// No such key or account.
    #[error("there is no such key")]
    Missing,
    /// Somebody else's key, and whoever ends it is not an administrator. Entered as a refusal.
    #[error("only the key's person or an administrator of the home ends it")]
    NotAdministrator,
    /// The name is none: a word of small letters, digits and hyphens.
    #[error("a key's name is a word of small letters, digits and hyphens")]
    Name,
    /// No days, or more than a year.
    #[error("a key runs for 1 to {MAX_KEY_DAYS} days")]
    Days,
    /// The person has too many.
    #[error("a person has at most {MAX_KEYS} keys that run")]
    TooMany,
    /// The world did not cooperate.
    #[error("the key could not be made or ended: {0}")]
    Unavailable(String),
}

impl<F: Into<Failure>> From<F> for KeyNo {
    fn from(failure: F) -> Self {
        Self::Unavailable(failure.into().0)
    }
}

/// The hours in which keys were used and that the store does not know yet.
#[derive(Default)]
pub(crate) struct Used(Mutex<HashMap<[u8; 16], Instant>>);

impl Access {
    /// Makes a key for a person, with one entry; gives its text, which is never seen again.
    ///
    /// # Errors
    /// See [`KeyNo`].
    pub async fn make_key(&self, person: PersonId, name: &str, days: u32) -> Result<Value, KeyNo> {
        let name = FieldName::new(name.trim()).map_err(|_| KeyNo::Name)?;
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.make_key(person, name, days).await }).await
    }

    /// Ends a key, with one entry: one's own, or any of the home for an administrator.
    ///
    /// # Errors
    /// See [`KeyNo`].
    pub async fn end_key(&self, by: PersonId, id: [u8; 16]) -> Result<(), KeyNo> {
        let inner = Arc::clone(&self.inner);
        self.finish(async move { inner.end_key(by, id).await }).await
    }

    /// The keys of a home, newest first; those that are over too.
    ///
    /// # Errors
    /// The world's.
    pub fn keys(&self, home: &TenantId) -> Result<Vec<ApiKey>, storage::StoreError> {
        let rows = self.inner.store.rows(RowKind::Key, home)?;
        let used = self.inner.used.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut keys: Vec<ApiKey> = rows
            .into_iter()
            .filter_map(|row| match row {
                HouseRow::Key(key) => Some(ApiKey { used: used.get(&key.id).copied().or(key.used), ..key }),
                _ => None,
            })
            .collect();
        keys.sort_by_key(|key| core::cmp::Reverse(key.made));
        Ok(keys)
    }

    /// Whoever a key acts for, if it holds. One that does not is counted like a failed log-in.
    #[must_use]
    pub fn by_key(&self, text: &str) -> Option<Arc<SignedIn>> {
        let inner = &self.inner;
        let mut attempt = inner.strangers.attempt();
        let signed_in = inner.read_key(text);
        if signed_in.is_some() {
            attempt.is_no_failure();
        }
        signed_in
    }

    /// Notes that an address sent a key that does not hold; by the same limit as failed log-ins from there. A key that holds is
    /// never held up by somebody else's that do not: an office shares an address.
    ///
    /// # Errors
    /// The seconds until another wrong one is answered as such, where there were too many.
    pub fn wrong_key(&self, from: IpAddr) -> Result<(), u64> {
        self.inner.limits.address(from).map_err(|wait| wait.seconds)
    }

    /// Enters in which hours keys were used, with one entry a home. Called about once a minute.
    pub(crate) async fn enter_key_uses(&self) {
        let inner = &self.inner;
        let uses: Vec<([u8; 16], Instant)> = {
            let mut used = inner.used.0.lock().unwrap_or_else(PoisonError::into_inner);
            used.drain().collect()
        };
        let mut by_home: HashMap<TenantId, Vec<HouseOp>> = HashMap::new();
        for (id, hour) in uses {
            if let Ok(Some(HouseRow::Key(key))) = inner.store.row(RowKind::Key, &id) {
                // The key's row is read for its home alone: by the time this is applied the key may have been ended.
                by_home.entry(key.home).or_default().push(HouseOp::KeyUsed { id, hour });
            }
        }
        for (home, ops) in by_home {
            let detail = journal::Detail {
                outcome: journal::Outcome::Happened,
                event: Some("keys-used".to_owned()),
                count: Some(ops.len() as u64),
                ..journal::Detail::default()
            };
            // Lost if it fails: when a key was last used is a help, and what was done with it is entered act by act.
            if let Err(error) = inner.store.event(home, detail, ops).await {
                tracing::warn!(%error, "the last use of keys could not be entered");
            }
        }
    }
}

impl Inner {
    async fn make_key(&self, person: PersonId, name: FieldName, days: u32) -> Result<Value, KeyNo> {
        if !(1..=MAX_KEY_DAYS).contains(&days) {
            return Err(KeyNo::Days);
        }
        let _turn = self.turn.lock().await;
        let now = self.store.now();
        let account = self.store.account(&person)?.filter(|account| !ended(account, now)).ok_or(KeyNo::Missing)?;
        let running = self.store.rows(RowKind::Key, &account.home)?.into_iter().filter(
            |row| matches!(row, HouseRow::Key(key) if key.person == person && key.ended.is_none() && key.ends > now),
        );
        if running.count() >= MAX_KEYS {
            return Err(KeyNo::TooMany);
        }
        let home = self.store.tenant(&account.home)?.ok_or(KeyNo::Missing)?;
        let holds = Holds::of(&*self.clauses, &home, &account.role);
        let (mut id, mut secret) = ([0; 16], Zeroizing::new([0; 32]));
        rand::fill(&mut id).map_err(|_| NoRandom)?;
        rand::fill(secret.as_mut()).map_err(|_| NoRandom)?;
        let key = ApiKey {
            id,
            hash: hash(secret.as_ref()),
            person,
            home: account.home,
            role: account.role.clone(),
            name,
            made: now,
            ends: now.plus_seconds(i64::from(days) * 86_400),
            used: None,
            ended: None,
        };
        let mut detail = Self::happened("key-made", Some(as_actor(&account)), &holds);
        detail.reason = Some(format!("{}:{}", key.name, HEXLOWER.encode(&id)));
        self.store.event(account.home, detail, vec![HouseOp::PutRow(HouseRow::Key(key))]).await?;
        let secret = Zeroizing::new(BASE64URL_NOPAD.encode(secret.as_ref()));
        Ok(Zeroizing::new(format!("{BEGINNING}{}_{}", HEXLOWER.encode(&id), *secret)))
    }

    async fn end_key(&self, by: PersonId, id: [u8; 16]) -> Result<(), KeyNo> {
        let _turn = self.turn.lock().await;
        let account = self.store.account(&by)?.ok_or(KeyNo::Missing)?;
        let Some(HouseRow::Key(key)) = self.store.row(RowKind::Key, &id)? else { return Err(KeyNo::Missing) };
        if key.home != account.home {
            return Err(KeyNo::Missing);
        }
        if key.person != by {
            match self.administration(Some(by), &key.home, Some(key.person), "key-ended").await? {
                Administration::Fine(_) => {}
                Administration::Missing => return Err(KeyNo::Missing),
                Administration::Refused => return Err(KeyNo::NotAdministrator),
            }
        }
        if key.ended.is_some() {
            return Ok(());
        }
        let home = self.store.tenant(&key.home)?.ok_or(KeyNo::Missing)?;
        let holds = Holds::of(&*self.clauses, &home, &account.role);
        let mut detail = Self::happened("key-ended", Some(as_actor(&account)), &holds);
        detail.reason = Some(format!("{}:{}", key.name, HEXLOWER.encode(&id)));
        let _none = detail.name(vec![key.person], Vec::new());
        let tenant = key.home;
        let row = HouseRow::Key(ApiKey { ended: Some(self.store.now()), ..key });
        self.store.event(tenant, detail, vec![HouseOp::PutRow(row)]).await?;
        Ok(())
    }

    fn read_key(&self, text: &str) -> Option<Arc<SignedIn>> {
        let (id, secret) = text.trim().strip_prefix(BEGINNING)?.split_once('_')?;
        let id: [u8; 16] = HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()?;
        let secret = Zeroizing::new(BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?);
        let now = self.store.now();
        let Some(HouseRow::Key(key)) = self.store.row(RowKind::Key, &id).ok()? else { return None };
        let given = hash(&secret);
        if verify_slices_are_equal(&given.0, &key.hash.0).is_err() {
            // A right key is never held up by somebody's guesses at it; a wrong one is not even looked at when there are many.
            return None;
        }
        let account = self.store.account(&key.person).ok()??;
        if key.ended.is_some() || key.ends <= now || ended(&account, now) || account.role != key.role {
            return None;
        }
        let home = self.store.tenant(&key.home).ok()??;
        let hour = Instant(now.micros().div_euclid(HOUR_MICROS) * HOUR_MICROS);
        if key.used != Some(hour) {
            self.used.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, hour);
        }
        Some(Arc::new(SignedIn {
            actor: key.person,
            home: key.home,
            provider: home.provider,
            role: key.role,
            csrf: String::new(),
            ends: key.ends,
        }))
    }
}

fn hash(secret: &[u8]) -> Hash {
    let mut hash = Hash([0; 32]);
    hash.0.copy_from_slice(digest::digest(&digest::SHA256, secret).as_ref());
    hash
}
