//! Which file belongs to which field of which record. The bytes lie sealed in a room of their own; a file that no row here names
//! is garbage there.

use minicbor::{Decode, Encode};
use terms::{FieldName, FileId, PersonId, RecordId, TenantId};

/// The file of a field from one version of its record on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PutFile {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Whose it is; under that person's key the file's own key lies.
    #[n(1)]
    pub person: PersonId,
    /// The field.
    #[n(2)]
    pub field: FieldName,
    /// The version that names it.
    #[n(3)]
    pub version: u64,
    /// The file; none where the field was emptied.
    #[n(4)]
    pub file: Option<FileId>,
    /// The same picture in small, a file of its own.
    #[n(5)]
    pub small: Option<FileId>,
    /// Whether the files of earlier versions stay.
    #[n(6)]
    pub keep_past: bool,
}

/// A file as the state knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Whose data, the customer.
    pub tenant: TenantId,
    /// The record.
    pub record: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// The field.
    pub field: FieldName,
    /// The version that first named it.
    pub version: u64,
    /// The file.
    pub file: FileId,
    /// The same picture in small.
    pub small: Option<FileId>,
}

impl StoredFile {
    /// The files that lie on disk for it.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        core::iter::once(self.file).chain(self.small)
    }
}
