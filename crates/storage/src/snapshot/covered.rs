//! How far the journal may lack the operations that the state was made from: what lies at or before that place is known to a
//! snapshot alone. The note is durable before the first operation is taken out, so that nobody builds a state from what is left
//! and takes it for the whole. Its form is the journal's ([`journal::covered`]).

use std::path::Path;

use journal::{Disk, Position};

use crate::engine::StoreError;

fn wrong(doing: &'static str) -> impl Fn(std::io::Error) -> StoreError {
    move |cause| StoreError {
        doing,
        cause: format!("journal/covered: {cause}; put it back from the archive, where it has that name too"),
    }
}

/// The place up to which operations may have been taken out of the journal; none where they never were.
///
/// # Errors
/// The world's, or a note that says nothing.
pub(crate) fn covered(journal: &Path, disk: &dyn Disk) -> Result<Option<Position>, StoreError> {
    journal::covered(journal, disk).map_err(wrong("read"))
}

/// Notes it, durably. It never goes back.
pub(crate) fn cover(journal: &Path, disk: &dyn Disk, at: Position) -> Result<(), StoreError> {
    journal::cover(journal, disk, at).map_err(wrong("written"))
}
