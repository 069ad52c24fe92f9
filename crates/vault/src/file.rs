//! Files: sealed in pieces under a key of their own, which lies wrapped under the person's key.
//!
//! Each piece is bound to its file, its place and whether it is the last (the STREAM construction of Hoang, Reyhanitabar,
//! Rogaway and Vizár, 2015, in its nonce-free form: what they put into the nonce stands in the associated data here). A file
//! that is cut, reordered or spliced does not open. The wrapped key is bound to tenant, person, record, field and file; it lies
//! beside the file and never in the journal, so that one file can be destroyed for good.

use storage::{Granted, StoredRecord};
use terms::{FieldName, FileId, TenantId};
use zeroize::Zeroizing;

use crate::seal::{Context, KEY_LEN, Key, RawKey, new_raw_key};
use crate::sealed_record::SealedView;
use crate::{Released, Vault, VaultError, Whose, shows};

/// Plain bytes in a piece; the last may hold fewer.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of a whole sealed piece: nonce, ciphertext, tag.
pub const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + 28;

/// The form of a wrapped key on disk, version 1.
const FORM: u8 = 1;

/// The key of a file that is on its way in. Wiped when dropped; without it nobody opens what was sealed under it.
pub struct FileKey {
    tenant: TenantId,
    file: FileId,
    raw: RawKey,
}

impl FileKey {
    /// Which file.
    #[must_use]
    pub const fn file(&self) -> FileId {
        self.file
    }
}

/// Seals a file piece by piece.
pub struct FileSealer {
    tenant: TenantId,
    file: FileId,
    key: Key,
    next: u64,
}

impl FileSealer {
    /// Seals the next piece: [`CHUNK_BYTES`] of plain bytes, or fewer in the last.
    ///
    /// # Errors
    /// [`VaultError::Library`].
    pub fn seal(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>, VaultError> {
        let context = Context::Chunk { tenant: &self.tenant, file: &self.file, index: self.next, last };
        self.next += 1;
        self.key.seal(&context, plain)
    }
}

/// Opens a file piece by piece, in order. Made for a grant alone.
pub struct FileOpener {
    tenant: TenantId,
    file: FileId,
    key: Key,
    next: u64,
}

impl FileOpener {
    /// Which file.
    #[must_use]
    pub const fn file(&self) -> FileId {
        self.file
    }

    /// Opens the next piece. `last` is whether nothing follows it where the file lies.
    ///
    /// # Errors
    /// [`VaultError::DoesNotOpen`] where the file was cut, reordered or changed.
    pub fn open(&mut self, sealed: &[u8], last: bool) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let context = Context::Chunk { tenant: &self.tenant, file: &self.file, index: self.next, last };
        self.next += 1;
        self.key.open(&context, sealed).ok_or_else(|| VaultError::DoesNotOpen { record: self.file.to_string() })
    }
}

impl Vault {
    /// A key for a file to be, and what seals under it. The file's id is random and tells nothing.
    ///
    /// # Errors
    /// [`VaultError::Library`].
    pub fn new_file(&self, tenant: &TenantId) -> Result<(FileKey, FileSealer), VaultError> {
        let raw = new_raw_key()?;
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).map_err(|_| VaultError::Library)?;
        let (tenant, file) = (*tenant, FileId(id));
        let sealer = FileSealer { tenant, file, key: Key::new(&raw)?, next: 0 };
        Ok((FileKey { tenant, file, raw }, sealer))
    }

    /// The file's key as it lies on disk: wrapped under the key of the person whose record names the file.
    ///
    /// # Errors
    /// [`VaultError::NoKey`] where the person has none.
    pub fn wrap_file_key(&self, key: &FileKey, whose: &Whose<'_>, field: &FieldName) -> Result<Vec<u8>, VaultError> {
        let person = self.ring.person(whose.tenant, whose.person, whose.class)?;
        let context = Context::FileKey {
            tenant: &key.tenant,
            person: whose.person,
            record: whose.record,
            field,
            file: &key.file,
        };
        let mut wrapped = vec![FORM];
        wrapped.extend_from_slice(person.commitment());
        wrapped.extend(person.seal(&context, key.raw.as_ref())?);
        Ok(wrapped)
    }

    /// Opens the one field that names a file, and the way to the file's bytes.
    ///
    /// INVARIANT (one door): takes the grant by value; the record must be named in its entry, in this version.
    ///
    /// # Errors
    /// [`VaultError::NotNamed`] where the entry does not name the record, or the field's category is not granted; otherwise
    /// what is wrong with key or seal.
    pub fn open_file(
        &self,
        granted: Granted,
        record: &StoredRecord,
        field: &FieldName,
        file: FileId,
        wrapped: &[u8],
    ) -> Result<(Released, FileOpener), VaultError> {
        let permit = granted.permit();
        shows(permit)?;
        let named = record.tenant == permit.tenant()
            && granted.names(&record.record, record.version)
            && granted.names_person(&record.person);
        if !named {
            return Err(VaultError::NotNamed);
        }
        let person = self.ring.person(&record.tenant, &record.person, &record.class)?;
        let opened = SealedView::read(&record.sealed)?.open(&person, record, permit, &[field], true)?;
        if opened.fields.is_empty() {
            return Err(VaultError::NotNamed);
        }
        let broken = || VaultError::DoesNotOpen { record: record.record.to_string() };
        let (head, sealed) = wrapped.split_at_checked(1 + 32).ok_or(VaultError::Form)?;
        if head.first() != Some(&FORM) {
            return Err(VaultError::Form);
        }
        if head.get(1..) != Some(&person.commitment()[..]) {
            return Err(broken());
        }
        let context = Context::FileKey {
            tenant: &record.tenant,
            person: &record.person,
            record: &record.record,
            field,
            file: &file,
        };
        let plain = person.open(&context, sealed).ok_or_else(broken)?;
        let bytes: [u8; KEY_LEN] = plain.as_slice().try_into().map_err(|_| broken())?;
        let key = Key::new(&Zeroizing::new(bytes))?;
        let mut released = Released::with_capacity(1);
        released.push(opened);
        Ok((released, FileOpener { tenant: record.tenant, file, key, next: 0 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(raw: &RawKey, file: u8) -> FileSealer {
        FileSealer { tenant: TenantId([1; 16]), file: FileId([file; 16]), key: Key::new(raw).unwrap(), next: 0 }
    }

    fn opens(raw: &RawKey, pieces: &[&[u8]]) -> bool {
        let key = Key::new(raw).unwrap();
        let mut opener = FileOpener { tenant: TenantId([1; 16]), file: FileId([2; 16]), key, next: 0 };
        let count = pieces.len();
        pieces.iter().enumerate().all(|(place, piece)| opener.open(piece, place + 1 == count).is_ok())
    }

    #[test]
    fn a_file_opens_whole_and_in_order_and_not_otherwise() {
        let raw = new_raw_key().unwrap();
        let mut seal = sealer(&raw, 2);
        let (one, two, three) =
            (seal.seal(b"one", false).unwrap(), seal.seal(b"two", false).unwrap(), seal.seal(b"three", true).unwrap());
        let mut other = sealer(&raw, 3);
        let foreign = [other.seal(b"one", false).unwrap(), other.seal(b"two", false).unwrap()];
        assert!(opens(&raw, &[&one, &two, &three]));
        for wrong in [
            &[&one[..], &two][..],
            &[&one],
            &[&two, &one, &three],
            &[&one, &three],
            &[&one, &two, &three, &three],
            &[&one, &foreign[1], &three],
            &[&foreign[0], &two, &three],
            &[&one, &two[..two.len() - 1], &three],
        ] {
            assert!(!opens(&raw, wrong));
        }
        assert!(!opens(&new_raw_key().unwrap(), &[&one, &two, &three]));
    }
}
