//! A channel between a program and its custodian: both hold the same secret, and each connection has keys of its own.
//!
//! Each side gives 32 random bytes; from these and the secret two keys are derived, one for each direction. Messages are sealed with
//! their number, so that none can be read, changed, left out, repeated or sent back. It gives no secrecy after the fact: whoever
//! recorded a connection and later learns the secret can read it. Not here: sockets (the `custodian` crate).

use crate::VaultError;
use crate::seal::{Context, KEY_LEN, Key, RawKey, derive};

/// What both sides give at the beginning.
pub type Hello = [u8; KEY_LEN];

/// Which side we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The program that asks.
    Asks,
    /// The custodian.
    Answers,
}

/// One end of a channel.
pub struct Channel {
    out: Key,
    inward: Key,
    sent: u64,
    received: u64,
}

impl Channel {
    /// The random bytes that one side gives.
    ///
    /// # Errors
    /// The system gave no random numbers.
    pub fn hello() -> Result<Hello, VaultError> {
        Ok(*crate::seal::new_raw_key()?)
    }

    /// A channel over the secret that both hold and what both gave.
    ///
    /// # Errors
    /// The cryptographic library's.
    pub fn new(secret: &RawKey, side: Side, asks: &Hello, answers: &Hello) -> Result<Self, VaultError> {
        let key = |direction: &[u8]| -> Result<Key, VaultError> {
            let info = [b"betrodd/custodian-channel/v1/", direction, asks.as_slice(), answers].concat();
            Key::new(&derive(secret.as_ref(), &info)?)
        };
        let (there, back) = (key(b"asks")?, key(b"answers")?);
        let (out, inward) = if side == Side::Asks { (there, back) } else { (back, there) };
        Ok(Self { out, inward, sent: 0, received: 0 })
    }

    /// Seals the next message.
    ///
    /// # Errors
    /// The cryptographic library's.
    pub fn seal(&mut self, message: &[u8]) -> Result<Vec<u8>, VaultError> {
        let sealed = self.out.seal(&Context::Message { number: self.sent }, message)?;
        self.sent += 1;
        Ok(sealed)
    }

    /// Opens the next message; nothing where it is not the next one of the other side, or that side holds another secret.
    #[must_use]
    pub fn open(&mut self, sealed: &[u8]) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        let opened = self.inward.open(&Context::Message { number: self.received }, sealed)?;
        self.received += 1;
        Some(opened)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn a_message_is_read_once_by_the_other_side_of_this_channel_alone() {
        let (secret, other) = (Zeroizing::new([1; 32]), Zeroizing::new([2; 32]));
        let pair = |secret: &RawKey, asks: u8| {
            [Side::Asks, Side::Answers].map(|side| Channel::new(secret, side, &[asks; 32], &[9; 32]).unwrap())
        };
        let [mut asks, mut answers] = pair(&secret, 3);
        let sealed = asks.seal(b"open").unwrap();
        for [mut foreign, mut same] in [pair(&other, 3), pair(&secret, 4)] {
            assert!(same.open(&sealed).is_none() && foreign.open(&sealed).is_none());
        }
        assert!(asks.open(&sealed).is_none(), "sent back");
        assert_eq!(answers.open(&sealed).unwrap().as_slice(), b"open");
        assert!(answers.open(&sealed).is_none(), "repeated");
        let (first, second) = (answers.seal(b"1").unwrap(), answers.seal(b"2").unwrap());
        assert!(asks.open(&second).is_none(), "left out");
        assert_eq!(asks.open(&first).unwrap().as_slice(), b"1");
        assert_eq!(asks.open(&second).unwrap().as_slice(), b"2");
    }
}
