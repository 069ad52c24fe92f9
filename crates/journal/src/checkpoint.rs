//! Checkpoints: size and root of a log as a C2SP signed note (`tlog-checkpoint`, `signed-note`), with Ed25519.
//!
//! Anybody can check them with a program that is not ours. Who holds an earlier one can prove that the past was rewritten.

use core::fmt;
use core::str::FromStr;
use std::io;
use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use terms::{Hash, TenantId};

use crate::entry::sha256;
use crate::{Disk, RealDisk};

/// Signature type of the C2SP format: Ed25519.
const ED25519_TYPE: u8 = 1;
/// File beside the segments that holds the verifier key in plain.
pub(crate) const VERIFIER_KEY_FILE: &str = "verifier.key";

/// Size and root of one log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: see [`origin`].
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// The key that signs the checkpoints of an installation. Neither printed nor copied.
pub struct SigningKey {
    name: String,
    pair: Ed25519KeyPair,
}

/// The public half, `<name>+<key id>+<base64 of type and key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: [u8; 32],
}

/// A key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Names are not empty and have neither white space nor `+`.
    #[error("the name of a key is not empty and has neither white space nor `+`")]
    Name,
    /// The text is no verifier key for Ed25519.
    #[error("this is no verifier key: expected `name+id+base64`, for Ed25519, with the id of that name and key")]
    Verifier,
    /// The seed was refused, or the system gave no random bytes.
    #[error("no signing key could be made")]
    Signing,
}

/// A note is not a checkpoint that the key signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is no checkpoint.
    #[error("the text is no checkpoint: {0}")]
    Malformed(&'static str),
    /// There is no signature by this key.
    #[error("the checkpoint bears no signature of the key")]
    NotSigned,
    /// There is one, and it is false.
    #[error("the signature of the checkpoint is false")]
    FalseSignature,
}

/// Name of an installation's key, the first two parts of every origin: `betrodd/<installation hex>`.
#[must_use]
pub fn key_name(installation: &[u8; 16]) -> String {
    format!("betrodd/{}", TenantId(*installation))
}

/// The origin of a tenant's log: `<key name>/<tenant hex>`.
#[must_use]
pub fn origin(key_name: &str, tenant: &TenantId) -> String {
    format!("{key_name}/{tenant}")
}

/// Writes the verifier key into the journal's folder, durable when it returns.
///
/// # Errors
/// As the system says.
pub fn write_verifier_key(journal: &Path, key: &VerifierKey) -> io::Result<()> {
    RealDisk.replace(&journal.join(VERIFIER_KEY_FILE), format!("{key}\n").as_bytes())
}

impl Checkpoint {
    /// The signed note.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> String {
        key.sign_note(&self.text())
    }

    /// Reads a note that `key` signed. Further signatures, of witnesses, are passed over.
    ///
    /// # Errors
    /// [`NoteError`] when it is no checkpoint, or not signed by the key.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        let text = key.open_note(note)?;
        Self::parse_text(text)
    }

    /// Reads a note without looking at its signatures.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse_unverified(note: &str) -> Result<Self, NoteError> {
        Self::parse_text(split(note)?.0)
    }

    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(self.root.bytes()))
    }

    fn parse_text(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines();
        let mut line = || lines.next().ok_or(NoteError::Malformed("it has fewer than three lines"));
        let origin = line()?.to_owned();
        let size = line()?.parse().map_err(|_| NoteError::Malformed("the size is no number"))?;
        let root = BASE64.decode(line()?).map_err(|_| NoteError::Malformed("the root is not base64"))?;
        let root = root.try_into().map_err(|_| NoteError::Malformed("the root is no hash"))?;
        let checkpoint = Self { origin, size, root: Hash(root) };
        // One text for one checkpoint: no leading zeros, no further lines.
        if checkpoint.origin.is_empty() || checkpoint.text() != text {
            return Err(NoteError::Malformed("it is not written as a checkpoint is"));
        }
        Ok(checkpoint)
    }
}

/// Text (with its last line end) and signature lines.
fn split(note: &str) -> Result<(&str, &str), NoteError> {
    let middle = note.rfind("\n\n").ok_or(NoteError::Malformed("it has no blank line"))?;
    Ok((&note[..=middle], &note[middle + 2..]))
}

impl SigningKey {
    /// The key with this seed.
    ///
    /// # Errors
    /// [`KeyError`] when the name cannot be a key's name.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Signing)?;
        Ok(Self { name: name.to_owned(), pair })
    }

    /// A new key and its seed, which the caller must keep secret.
    ///
    /// # Errors
    /// [`KeyError`] when the name cannot be a key's name, or there are no random bytes.
    pub fn generate(name: &str) -> Result<(Self, [u8; 32]), KeyError> {
        let mut seed = [0; 32];
        aws_lc_rs::rand::fill(&mut seed).map_err(|_| KeyError::Signing)?;
        Ok((Self::from_seed(name, &seed)?, seed))
    }

    /// A text of lines, its last line ended, as a C2SP signed note. Its first line must say what it is: what is signed for one thing
    /// must never read as another.
    #[must_use]
    pub fn sign_note(&self, text: &str) -> String {
        let mut signature = self.verifier().id().to_vec();
        signature.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n— {} {}\n", self.name, BASE64.encode(signature))
    }

    /// The name, the first part of every origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.pair.public_key().as_ref());
        VerifierKey { name: self.name.clone(), key }
    }
}

impl VerifierKey {
    /// The name, the first part of every origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text of a note that this key signed, with its last line end. Further signatures, of witnesses, are passed over.
    ///
    /// # Errors
    /// [`NoteError`] when it is no note, or not signed by the key.
    pub fn open_note<'n>(&self, note: &'n str) -> Result<&'n str, NoteError> {
        let (text, signatures) = split(note)?;
        let mut outcome = Err(NoteError::NotSigned);
        for line in signatures.lines() {
            let line = line.strip_prefix("— ").ok_or(NoteError::Malformed("a signature line begins with a dash"))?;
            let (name, signature) = line.split_once(' ').ok_or(NoteError::Malformed("a signature has two parts"))?;
            let signature = BASE64.decode(signature).map_err(|_| NoteError::Malformed("a signature is not base64"))?;
            let Some((id, signature)) = signature.split_first_chunk::<4>() else { continue };
            if name == self.name && *id == self.id() {
                UnparsedPublicKey::new(&ED25519, self.key)
                    .verify(text.as_bytes(), signature)
                    .map_err(|_| NoteError::FalseSignature)?;
                outcome = Ok(());
            }
        }
        outcome.map(|()| text)
    }

    /// First four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = sha256(&[self.name.as_bytes(), &[b'\n', ED25519_TYPE], &self.key]);
        let [a, b, c, d, ..] = *hash.bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519_TYPE];
        key.extend_from_slice(&self.key);
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), BASE64.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError::Verifier);
        };
        check_name(name)?;
        let key = BASE64.decode(key).map_err(|_| KeyError::Verifier)?;
        let Some((&ED25519_TYPE, key)) = key.split_first() else { return Err(KeyError::Verifier) };
        let key = Self { name: name.to_owned(), key: key.try_into().map_err(|_| KeyError::Verifier)? };
        if key.to_string() == text { Ok(key) } else { Err(KeyError::Verifier) }
    }
}

fn check_name(name: &str) -> Result<(), KeyError> {
    if name.is_empty() || name.contains(|c: char| c == '+' || c.is_whitespace()) { Err(KeyError::Name) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (String, VerifierKey, Checkpoint) {
        let key = SigningKey::from_seed(&key_name(&[0xab; 16]), &[7; 32]).expect("a key");
        let origin = origin(key.name(), &TenantId([1; 16]));
        let checkpoint = Checkpoint { origin, size: 1234, root: Hash([9; 32]) };
        (checkpoint.sign(&key), key.verifier(), checkpoint)
    }

    #[test]
    fn a_checkpoint_reads_back_under_its_key_and_under_no_other() {
        let (note, key, checkpoint) = signed();
        assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint.clone()));
        assert_eq!(Checkpoint::parse_unverified(&note), Ok(checkpoint));
        let other = SigningKey::from_seed(key.name(), &[8; 32]).expect("a key").verifier();
        assert_eq!(Checkpoint::open(&note, &other), Err(NoteError::NotSigned));
    }

    #[test]
    fn any_changed_byte_of_a_checkpoint_is_found() {
        let (note, key, _) = signed();
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(Checkpoint::open(&changed, &key).is_err(), "byte {place} of\n{changed}");
            }
        }
    }

    #[test]
    fn a_signature_of_a_witness_beside_ours_is_passed_over() {
        let (note, key, checkpoint) = signed();
        let witness = SigningKey::from_seed("witness", &[1; 32]).expect("a key");
        let line = checkpoint.sign(&witness).lines().last().expect("a signature").to_owned();
        assert_eq!(Checkpoint::open(&format!("{note}{line}\n"), &key), Ok(checkpoint));
    }

    #[test]
    fn a_verifier_key_reads_back_and_a_changed_one_does_not() {
        let (_, key, _) = signed();
        let text = key.to_string();
        assert_eq!(text.parse(), Ok(key));
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;
            assert!(String::from_utf8(bytes).expect("ascii").parse::<VerifierKey>().is_err(), "byte {place}");
        }
        assert!(SigningKey::from_seed("a+b", &[1; 32]).is_err());
    }
}
