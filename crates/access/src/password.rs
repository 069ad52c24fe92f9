//! Passwords: hashed with Argon2id and a pepper, in a small pool of their own so that log-ins cannot starve the service.
//!
//! Not here: who may try how often (`limits.rs`).

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use aws_lc_rs::rand;
use data_encoding::BASE64_NOPAD;
use tokio::sync::Semaphore;
use vault::Vault;

use crate::Value;

/// OWASP Password Storage Cheat Sheet, the least for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The salt that RFC 9106 section 3.1 recommends.
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Shortest password, in characters. NIST SP 800-63B asks for at least eight beside a second factor and fifteen alone; with
/// the limits on attempts we ask for twelve.
pub const MIN_PASSWORD_CHARS: usize = 12;
/// Longest password, in characters: room for every sentence, and no megabytes to hash.
pub const MAX_PASSWORD_CHARS: usize = 200;

/// How many are hashed at a time: each takes a core and 19 MiB.
const AT_A_TIME: usize = 2;
/// How many strangers may wait for that, the hashed ones included.
const MAX_WAITING: usize = 64;

/// Why a password was not hashed or compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashNo {
    /// Too many wait already.
    #[error("too many log-ins wait")]
    Busy,
    /// The library or the runtime failed.
    #[error("a password could not be hashed: {0}")]
    Failed(String),
}

/// The pool.
pub(crate) struct Passwords {
    vault: Arc<Vault>,
    hashing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self { vault, hashing: Arc::new(Semaphore::new(AT_A_TIME)), waiting: Arc::new(Semaphore::new(MAX_WAITING)) }
    }

    /// Whether the password is the one that was hashed. Without a hash, and for a password that none can be, the same work is
    /// done for nothing: the time does not tell whether a log-in name is known.
    pub(crate) async fn is_right(&self, password: Value, hash: Option<String>) -> Result<bool, HashNo> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| HashNo::Busy)?;
        let possible = hash.is_some() && fits(&password);
        let hash = hash.unwrap_or_else(hash_of_nobody);
        let password = if possible { password } else { Value::default() };
        let right = self.hash(move |argon| {
            let _until_done = place;
            let hash = PasswordHash::new(&hash)?;
            match argon.verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(other) => Err(other.into()),
            }
        });
        Ok(right.await? && possible)
    }

    /// Hashes a new password into PHC form. Its length was looked at before.
    pub(crate) async fn new_hash(&self, password: Value) -> Result<String, HashNo> {
        self.hash(move |argon| {
            let mut salt = [0; SALT_BYTES];
            rand::fill(&mut salt).map_err(|_| crate::NoRandom)?;
            let hash: PasswordHash = argon.hash_password_with_salt(password.as_bytes(), &salt)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// A permit of the pool goes with the work, not with the caller: who hangs up does not make room for more.
    async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> Result<T, Box<dyn core::error::Error>> + Send + 'static,
    ) -> Result<T, HashNo> {
        let failed = |error: &dyn core::fmt::Display| HashNo::Failed(error.to_string());
        let place = Arc::clone(&self.hashing).acquire_owned().await.map_err(|error| failed(&error))?;
        let vault = Arc::clone(&self.vault);
        let done = tokio::task::spawn_blocking(move || {
            let _until_done = place;
            let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES)).map_err(|error| error.to_string())?;
            let argon = Argon2::new_with_secret(vault.pepper(), Algorithm::Argon2id, Version::V0x13, params)
                .map_err(|error| error.to_string())?;
            work(&argon).map_err(|error| error.to_string())
        });
        done.await.map_err(|error| failed(&error))?.map_err(HashNo::Failed)
    }
}

/// Whether the length is one that a password may have.
pub(crate) fn fits(password: &str) -> bool {
    // Four bytes are the most that a character takes: what is longer is not counted through.
    password.len() <= 4 * MAX_PASSWORD_CHARS
        && (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&password.chars().count())
}

/// A hash that costs as much as every other and that nobody's password has.
fn hash_of_nobody() -> String {
    let (salt, hash) = (BASE64_NOPAD.encode(&[0; SALT_BYTES]), BASE64_NOPAD.encode(&[0; HASH_BYTES]));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")
}

#[cfg(test)]
impl Passwords {
    /// Holds up all hashing until it is dropped.
    pub(crate) async fn hold(&self) -> tokio::sync::OwnedSemaphorePermit {
        Arc::clone(&self.hashing).acquire_many_owned(AT_A_TIME as u32).await.expect("the pool is never closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_twelve_to_two_hundred_characters() {
        for (password, expected) in [
            ("elva tecken".to_owned(), false),
            ("tolv tecken!".to_owned(), true),
            ("å".repeat(12), true),
            ("🔑".repeat(200), true),
            ("a".repeat(201), false),
        ] {
            assert_eq!(fits(&password), expected, "{} characters", password.chars().count());
        }
    }

    #[test]
    fn the_hash_of_nobody_is_read_like_any_other() {
        let text = hash_of_nobody();
        let hash = PasswordHash::new(&text).expect("a hash");
        let params = Params::try_from(&hash).expect("parameters");
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert_eq!(params.output_len(), Some(HASH_BYTES));
    }
}
