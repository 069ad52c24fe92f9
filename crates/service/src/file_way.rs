//! How the bytes of a file come in through the door and leave by it: piece by piece, never whole.

use core::future::Future;
use core::pin::Pin;

use terms::{FieldName, FileId, KindName, RecordId};
use zeroize::Zeroizing;

use crate::{No, Value};

/// A piece in a while; nothing after the last.
pub type Piece<'a, P, E> = Pin<Box<dyn Future<Output = Result<Option<P>, E>> + Send + 'a>>;

/// The sender went away before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOff;

/// Bytes on their way in.
pub trait Incoming: Send {
    /// The next bytes.
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff>;
}

/// Where a file is to belong.
pub struct FileTo<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// The field that keeps it.
    pub field: &'a FieldName,
    /// Of this record; none for one that is not there yet.
    pub record: Option<RecordId>,
    /// Under which record, for one that is not there yet.
    pub parent: Option<RecordId>,
    /// What the sender calls it; personal data, and made safe before it is kept.
    pub name: &'a str,
}

/// Which file.
#[derive(Debug)]
pub struct FileOf<'a> {
    /// Of which kind.
    pub kind: &'a KindName,
    /// Of which record.
    pub record: RecordId,
    /// The field that keeps it.
    pub field: &'a FieldName,
    /// As of this version of the record; of the present one where none is named.
    pub version: Option<u64>,
    /// The picture in small.
    pub small: bool,
    /// Whether it is carried away with what else is taken out: a retrieval, and no consultation.
    pub taken_out: bool,
}

/// A file that was let go, on its way out. It can be read once, and nothing else: no `Debug`, no `Clone`.
pub trait OpenedFile: Send {
    /// What stands in the record about it; see [`FileFacts`](crate::FileFacts).
    fn value(&self) -> &Value;
    /// How many bytes come, where that is known: of the small one it is not.
    fn bytes(&self) -> Option<u64>;
    /// The next bytes. After a failure what came before is no file, and whoever passes it on must break off.
    fn next(&mut self) -> Piece<'_, Zeroizing<Vec<u8>>, No>;
}

/// A file that has arrived and waits to be saved with its record, within an hour, by whoever sent it.
pub struct Waiting {
    /// The value to save in the field.
    pub value: Value,
    /// The file.
    pub file: FileId,
}
