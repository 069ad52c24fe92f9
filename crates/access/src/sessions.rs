//! Sessions in memory, in front of the store: a request with a known cookie is answered without touching the disk.
//!
//! The cookie holds 32 random bytes; only their SHA-256 is kept, here and in the store, so that neither a backup nor a journal
//! lets anybody in. A session has an absolute end, which is stored, and an idle end, which is not: its last use is known here
//! alone. After a restart it counts as used at the start, so that a restart lengthens an idle session by one idle time at most.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::{digest, hmac, rand};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use terms::{Instant, PersonId, Role, TenantId};
use zeroize::Zeroizing;

use crate::NoRandom;

const COOKIE_BYTES: usize = 32;

/// What the browser carries to be known again: 43 characters of base64url. No `Debug`: whoever has it is in.
pub struct Cookie(pub String);

/// SHA-256 of what a cookie holds.
pub(crate) type SessionToken = [u8; 32];

/// Who is signed in. What this person may do, the door finds out again for each act. No `Debug`: it holds the form token.
pub struct SignedIn {
    /// Who.
    pub actor: PersonId,
    /// Where the account lives: a customer, or the provider.
    pub home: TenantId,
    /// Whether of the provider's side.
    pub provider: bool,
    /// As what.
    pub role: Role,
    /// What forms must carry to be believed; the same as long as the session runs.
    pub csrf: String,
    /// When the session ends by itself.
    pub ends: Instant,
}

/// A cookie's bytes.
pub(crate) struct Secret(Zeroizing<[u8; COOKIE_BYTES]>);

impl Secret {
    pub(crate) fn new() -> Result<Self, NoRandom> {
        let mut bytes = Zeroizing::new([0; COOKIE_BYTES]);
        rand::fill(bytes.as_mut()).map_err(|_| NoRandom)?;
        Ok(Self(bytes))
    }

    /// Reads what a browser sent. `None` for anything that we never gave.
    pub(crate) fn read(cookie: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(cookie.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    pub(crate) fn cookie(&self) -> Cookie {
        Cookie(BASE64URL_NOPAD.encode(self.0.as_ref()))
    }

    pub(crate) fn token(&self) -> SessionToken {
        let hash = digest::digest(&digest::SHA256, self.0.as_ref());
        hash.as_ref().try_into().unwrap_or([0; 32])
    }

    /// The form token: an HMAC under the cookie. It does not tell the cookie, and nobody without the cookie can make it.
    pub(crate) fn csrf(&self) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref());
        HEXLOWER.encode(hmac::sign(&key, b"betrodd/csrf/v1").as_ref())
    }
}

/// What is known of a session in memory.
pub(crate) enum Found {
    /// It runs.
    Runs(Arc<SignedIn>),
    /// It is over.
    Over,
    /// Nothing; the store may know it.
    Unknown,
}

struct Seen {
    signed_in: Arc<SignedIn>,
    used_micros: AtomicI64,
}

/// The sessions in memory.
pub(crate) struct Sessions {
    seen: RwLock<HashMap<SessionToken, Seen>>,
    /// How often something was taken out: what was read from the store before that is not put in after it.
    ended: AtomicU64,
    idle_micros: i64,
    began: Instant,
}

impl Sessions {
    pub(crate) fn new(idle_minutes: i64, began: Instant) -> Self {
        let idle_micros = idle_minutes.saturating_mul(60_000_000);
        Self { seen: RwLock::default(), ended: AtomicU64::new(0), idle_micros, began }
    }

    pub(crate) fn find(&self, token: &SessionToken, now: Instant) -> Found {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let Some(one) = seen.get(token) else { return Found::Unknown };
        if self.is_over(one, now) {
            return Found::Over;
        }
        one.used_micros.store(now.micros(), Ordering::Relaxed);
        Found::Runs(Arc::clone(&one.signed_in))
    }

    /// Whether a session that is in the store alone is idle: it was not used since the program began.
    pub(crate) const fn is_idle_since_the_start(&self, now: Instant) -> bool {
        now.micros().saturating_sub(self.began.micros()) >= self.idle_micros
    }

    /// To be taken before reading the store, and given to [`Sessions::keep_read`].
    pub(crate) fn ended_so_far(&self) -> u64 {
        self.ended.load(Ordering::SeqCst)
    }

    /// Remembers what was read from the store, unless a session ended meanwhile: it may be that one.
    pub(crate) fn keep_read(&self, token: SessionToken, signed_in: &Arc<SignedIn>, now: Instant, ended_so_far: u64) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        if self.ended.load(Ordering::SeqCst) == ended_so_far {
            seen.insert(token, Seen { signed_in: Arc::clone(signed_in), used_micros: AtomicI64::new(now.micros()) });
        }
    }

    /// Remembers a session that just began.
    pub(crate) fn keep_new(&self, token: SessionToken, signed_in: Arc<SignedIn>, now: Instant) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        seen.insert(token, Seen { signed_in, used_micros: AtomicI64::new(now.micros()) });
    }

    pub(crate) fn end(&self, token: &SessionToken) {
        self.take_out(|one, _| one == token);
    }

    pub(crate) fn end_of(&self, person: &PersonId) {
        self.take_out(|_, one| one.signed_in.actor == *person);
    }

    /// Those that are over by `now`.
    pub(crate) fn over(&self, now: Instant) -> Vec<SessionToken> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.iter().filter(|(_, one)| self.is_over(one, now)).map(|(token, _)| *token).collect()
    }

    fn take_out(&self, which: impl Fn(&SessionToken, &Seen) -> bool) {
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        self.ended.fetch_add(1, Ordering::SeqCst);
        seen.retain(|token, one| !which(token, one));
    }

    fn is_over(&self, one: &Seen, now: Instant) -> bool {
        let unused = now.micros().saturating_sub(one.used_micros.load(Ordering::Relaxed));
        one.signed_in.ends <= now || unused >= self.idle_micros
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn signed_in(person: u8, ends: Instant) -> Arc<SignedIn> {
        Arc::new(SignedIn {
            actor: PersonId([person; 16]),
            home: TenantId([1; 16]),
            provider: false,
            role: Role::new("case-worker").expect("a role"),
            csrf: String::new(),
            ends,
        })
    }

    fn runs(sessions: &Sessions, token: &SessionToken, now: Instant) -> bool {
        matches!(sessions.find(token, now), Found::Runs(_))
    }

    #[test]
    fn a_cookie_is_read_back_and_nothing_else_is() {
        let secret = Secret::new().expect("random");
        let cookie = secret.cookie();
        assert_eq!(cookie.0.len(), 43);
        let read = Secret::read(&cookie.0).expect("ours");
        assert_eq!((read.token(), read.csrf()), (secret.token(), secret.csrf()));
        for wrong in ["", "å", &cookie.0[1..], &format!("{}=", cookie.0), &"a".repeat(10_000)] {
            assert!(Secret::read(wrong).is_none());
        }
    }

    #[test]
    fn the_form_token_is_the_sessions_own() {
        let (one, other) = (Secret::new().expect("random"), Secret::new().expect("random"));
        assert_eq!(one.csrf(), one.csrf());
        assert_ne!(one.csrf(), other.csrf());
        assert_ne!(one.csrf(), HEXLOWER.encode(&one.token()));
        assert_eq!(one.csrf().len(), 64);
    }

    #[test]
    fn a_session_ends_when_it_is_not_used_and_at_its_end() {
        let begun = Instant(0);
        let sessions = Sessions::new(60, begun);
        sessions.keep_new([1; 32], signed_in(1, begun.plus_seconds(3 * HOUR)), begun);
        assert!(runs(&sessions, &[1; 32], begun.plus_seconds(HOUR - 1)));
        assert!(runs(&sessions, &[1; 32], begun.plus_seconds(2 * HOUR - 2)), "it was used");
        assert!(runs(&sessions, &[1; 32], begun.plus_seconds(3 * HOUR - 3)));
        assert!(!runs(&sessions, &[1; 32], begun.plus_seconds(3 * HOUR)), "its end");
        sessions.keep_new([2; 32], signed_in(1, begun.plus_seconds(9 * HOUR)), begun);
        assert!(!runs(&sessions, &[2; 32], begun.plus_seconds(HOUR)), "not used");
        assert_eq!(sessions.over(begun.plus_seconds(HOUR)), [[2; 32]]);
    }

    #[test]
    fn what_ended_while_it_was_read_is_not_kept() {
        let sessions = Sessions::new(60, Instant(0));
        let session = signed_in(1, Instant(i64::MAX));
        let before = sessions.ended_so_far();
        sessions.end(&[1; 32]);
        sessions.keep_read([1; 32], &session, Instant(0), before);
        assert!(matches!(sessions.find(&[1; 32], Instant(0)), Found::Unknown));
        sessions.keep_read([1; 32], &session, Instant(0), sessions.ended_so_far());
        assert!(runs(&sessions, &[1; 32], Instant(0)));
    }

    #[test]
    fn all_sessions_of_a_person_end_together() {
        let sessions = Sessions::new(60, Instant(0));
        for token in 0..4 {
            sessions.keep_new([token; 32], signed_in(token % 2, Instant(i64::MAX)), Instant(0));
        }
        sessions.end_of(&PersonId([0; 16]));
        let left: Vec<bool> = (0..4).map(|token| runs(&sessions, &[token; 32], Instant(0))).collect();
        assert_eq!(left, [false, true, false, true]);
    }
}
