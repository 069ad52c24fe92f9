//! The only file that names a cipher: AES-256-GCM-SIV, with a fresh random nonce, associated data and a key commitment.
//!
//! GCM-SIV because restoring is an everyday act here: a machine that repeats a nonce then reveals equality and nothing
//! more. Neither mode commits to its key, so every key also derives a commitment that is kept beside what it seals.

use core::cell::RefCell;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hkdf, rand};
use terms::{FieldName, FileId, PersonId, RecordId, TenantId};
use zeroize::Zeroizing;

use crate::VaultError;

/// Bytes of every key.
pub(crate) const KEY_LEN: usize = 32;

/// Raw key bytes, wiped when dropped. No `Debug`.
pub(crate) type RawKey = Zeroizing<[u8; KEY_LEN]>;

/// A fresh key from the system's randomness.
pub(crate) fn new_raw_key() -> Result<RawKey, VaultError> {
    let mut bytes = Zeroizing::new([0; KEY_LEN]);
    rand::fill(bytes.as_mut()).map_err(|_| VaultError::Library)?;
    Ok(bytes)
}

/// Nonces that a thread asks the library for at a time: each asking draws on the processor's own generator and makes a new
/// state, which costs more than a seal.
const NONCES_AT_A_TIME: usize = 64;

/// Random nonces that nobody has yet; each is handed out once and wiped here.
struct Nonces {
    bytes: [[u8; NONCE_LEN]; NONCES_AT_A_TIME],
    left: usize,
}

impl Nonces {
    fn next(&mut self) -> Result<[u8; NONCE_LEN], VaultError> {
        if self.left == 0 {
            rand::fill(self.bytes.as_flattened_mut()).map_err(|_| VaultError::Library)?;
            self.left = NONCES_AT_A_TIME;
        }
        self.left -= 1;
        self.bytes.get_mut(self.left).map(core::mem::take).ok_or(VaultError::Library)
    }
}

thread_local! {
    static NONCES: RefCell<Nonces> =
        const { RefCell::new(Nonces { bytes: [[0; NONCE_LEN]; NONCES_AT_A_TIME], left: 0 }) };
}

/// What a seal is bound to. A sealed value that is moved elsewhere does not open.
pub(crate) enum Context<'a> {
    /// A tenant's key under the root.
    TenantKey { tenant: &'a TenantId },
    /// A person's key under the tenant's.
    PersonKey { tenant: &'a TenantId, person: &'a PersonId, class: &'a str },
    /// A field of a record.
    Field {
        tenant: &'a TenantId,
        person: &'a PersonId,
        record: &'a RecordId,
        since: u64,
        category: &'a str,
        field: &'a str,
    },
    /// A blind-index token on its way through the journal.
    Token { tenant: &'a TenantId, person: &'a PersonId, record: &'a RecordId, field: &'a FieldName },
    /// The name behind a pseudonym.
    Name { tenant: &'a TenantId, person: &'a PersonId },
    /// What a person logs in with.
    Account { home: &'a TenantId, person: &'a PersonId },
    /// The seed of a person's second factor.
    Factor { home: &'a TenantId, person: &'a PersonId },
    /// A file's own key under its person's.
    FileKey { tenant: &'a TenantId, person: &'a PersonId, record: &'a RecordId, field: &'a FieldName, file: &'a FileId },
    /// A piece of a file under the file's own key: which one, and whether it is the last.
    Chunk { tenant: &'a TenantId, file: &'a FileId, index: u64, last: bool },
    /// The free words of a legal hold.
    Words { tenant: &'a TenantId, person: &'a PersonId, hold: &'a RecordId },
    /// A secret of the house.
    Secret { label: &'a str },
    /// A text from outside that somebody of a home works on, and what came of it: a part of it.
    Text { home: &'a TenantId, id: &'a RecordId, part: &'a str },
    /// A root over a set of rows, in a file.
    SetRoot { file: &'a str, of: &'a [u8] },
    /// A message between a program and its custodian.
    Message { number: u64 },
    /// A part of an off-site copy of the file of keys, under an archive key.
    Offsite { installation: &'a [u8; 16], generation: u64, name: &'a str },
}

impl Context<'_> {
    /// The associated data: a domain, then each part with its length, so that no two contexts read alike.
    fn associated(&self) -> Associated {
        let join = |domain: &[u8], parts: &[&[u8]]| {
            let mut all = Associated::default();
            all.push(domain);
            for part in parts {
                all.push(&(part.len() as u32).to_le_bytes());
                all.push(part);
            }
            all
        };
        match self {
            Self::TenantKey { tenant } => join(b"betrodd/tenant-key/v1", &[&tenant.0]),
            Self::PersonKey { tenant, person, class } => {
                join(b"betrodd/person-key/v1", &[&tenant.0, &person.0, class.as_bytes()])
            }
            Self::Field { tenant, person, record, since, category, field } => join(
                b"betrodd/field/v1",
                &[&tenant.0, &person.0, &record.0, &since.to_le_bytes(), category.as_bytes(), field.as_bytes()],
            ),
            Self::Token { tenant, person, record, field } => {
                join(b"betrodd/token/v1", &[&tenant.0, &person.0, &record.0, field.as_str().as_bytes()])
            }
            Self::Name { tenant, person } => join(b"betrodd/name/v1", &[&tenant.0, &person.0]),
            Self::Account { home, person } => join(b"betrodd/account/v1", &[&home.0, &person.0]),
            Self::Factor { home, person } => join(b"betrodd/factor/v1", &[&home.0, &person.0]),
            Self::FileKey { tenant, person, record, field, file } => {
                join(b"betrodd/file-key/v1", &[&tenant.0, &person.0, &record.0, field.as_str().as_bytes(), &file.0])
            }
            Self::Chunk { tenant, file, index, last } => {
                join(b"betrodd/chunk/v1", &[&tenant.0, &file.0, &index.to_le_bytes(), &[u8::from(*last)]])
            }
            Self::Words { tenant, person, hold } => join(b"betrodd/hold-words/v1", &[&tenant.0, &person.0, &hold.0]),
            Self::Secret { label } => join(b"betrodd/secret/v1", &[label.as_bytes()]),
            Self::Text { home, id, part } => join(b"betrodd/text/v1", &[&home.0, &id.0, part.as_bytes()]),
            Self::SetRoot { file, of } => join(b"betrodd/set-root/v1", &[file.as_bytes(), of]),
            Self::Message { number } => join(b"betrodd/custodian-message/v1", &[&number.to_le_bytes()]),
            Self::Offsite { installation, generation, name } => {
                join(b"betrodd/offsite/v1", &[*installation, &generation.to_le_bytes(), name.as_bytes()])
            }
        }
    }
}

/// Associated data, on the stack as long as it is no longer than names are: it is made for every field.
struct Associated {
    short: [u8; ASSOCIATED_BYTES],
    length: usize,
    /// All of it, once it is longer.
    long: Vec<u8>,
}

/// Four ids with their lengths, a domain, a category and the name of a field.
const ASSOCIATED_BYTES: usize = 256;

impl Default for Associated {
    fn default() -> Self {
        Self { short: [0; ASSOCIATED_BYTES], length: 0, long: Vec::new() }
    }
}

impl Associated {
    fn push(&mut self, part: &[u8]) {
        if self.long.is_empty()
            && let Some(place) = self.short.get_mut(self.length..self.length + part.len())
        {
            place.copy_from_slice(part);
            self.length += part.len();
            return;
        }
        if self.long.is_empty() {
            self.long.extend_from_slice(self.short.get(..self.length).unwrap_or_default());
        }
        self.long.extend_from_slice(part);
    }
}

impl AsRef<[u8]> for Associated {
    fn as_ref(&self) -> &[u8] {
        if self.long.is_empty() { self.short.get(..self.length).unwrap_or_default() } else { &self.long }
    }
}

/// A key that seals and opens.
pub(crate) struct Key {
    cipher: LessSafeKey,
    commitment: [u8; 32],
}

impl Key {
    /// From raw bytes: the sealing key and the commitment are derived apart.
    pub(crate) fn new(raw: &RawKey) -> Result<Self, VaultError> {
        let sealing = derive(raw.as_ref(), b"betrodd/seal/v1")?;
        let cipher = UnboundKey::new(&AES_256_GCM_SIV, sealing.as_ref()).map_err(|_| VaultError::Library)?;
        Ok(Self { cipher: LessSafeKey::new(cipher), commitment: *derive(raw.as_ref(), b"betrodd/commit/v1")? })
    }

    /// What is kept beside a sealed record, so that another key is noticed before anything is opened.
    pub(crate) const fn commitment(&self) -> &[u8; 32] {
        &self.commitment
    }

    /// Seals: nonce, then ciphertext and tag.
    pub(crate) fn seal(&self, context: &Context<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let nonce = NONCES.with_borrow_mut(Nonces::next)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + 16);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self
            .cipher
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context.associated()),
                &mut sealed[NONCE_LEN..],
            )
            .map_err(|_| VaultError::Library)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens, or nothing: what does not open tells nothing of why.
    pub(crate) fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let length = self.cipher.open_in_place(nonce, Aad::from(context.associated()), &mut plain).ok()?.len();
        plain.truncate(length);
        Some(plain)
    }
}

/// HKDF-SHA-256 without salt; the info names the use.
pub(crate) fn derive(raw: &[u8], info: &[u8]) -> Result<RawKey, VaultError> {
    let mut out = Zeroizing::new([0; KEY_LEN]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
        .extract(raw)
        .expand(&[info], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(out.as_mut()))
        .map_err(|_| VaultError::Library)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_associated_data_is_what_its_parts_are() {
        for length in [0, 1, ASSOCIATED_BYTES - 40, ASSOCIATED_BYTES, 4 * ASSOCIATED_BYTES] {
            let label = "n".repeat(length);
            let mut parts = b"betrodd/secret/v1".to_vec();
            parts.extend_from_slice(&(length as u32).to_le_bytes());
            parts.extend_from_slice(label.as_bytes());
            assert_eq!(Context::Secret { label: &label }.associated().as_ref(), parts, "{length}");
        }
    }

    #[test]
    fn no_two_seals_of_a_key_share_a_nonce() {
        let key = Key::new(&new_raw_key().unwrap()).unwrap();
        let here = Context::Secret { label: "same" };
        let mut nonces: Vec<_> =
            (0..3 * NONCES_AT_A_TIME).map(|_| key.seal(&here, b"same").unwrap()[..NONCE_LEN].to_vec()).collect();
        nonces.sort_unstable();
        nonces.dedup();
        assert_eq!(nonces.len(), 3 * NONCES_AT_A_TIME);
        assert!(nonces.iter().all(|nonce| nonce.iter().any(|byte| *byte != 0)));
    }

    #[test]
    fn a_value_opens_only_where_it_was_sealed_and_only_whole() {
        let key = Key::new(&new_raw_key().unwrap()).unwrap();
        let other = Key::new(&new_raw_key().unwrap()).unwrap();
        let (tenant, elsewhere, person) = (TenantId([1; 16]), TenantId([2; 16]), PersonId([3; 16]));
        let here = Context::Name { tenant: &tenant, person: &person };
        let sealed = key.seal(&here, "Åsa".as_bytes()).unwrap();
        assert_eq!(key.open(&here, &sealed).unwrap().as_slice(), "Åsa".as_bytes());
        assert!(key.open(&Context::Name { tenant: &elsewhere, person: &person }, &sealed).is_none());
        assert!(other.open(&here, &sealed).is_none());
        assert_ne!(key.commitment(), other.commitment());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(key.open(&here, &bad).is_none(), "byte {at}");
            assert!(key.open(&here, &sealed[..at]).is_none(), "cut at {at}");
        }
    }
}
