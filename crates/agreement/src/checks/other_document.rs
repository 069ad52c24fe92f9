//! A block stands in the kind of document that it belongs to: a register allows nothing, and an agreement is no list.

use crate::language::Block;
use crate::reading::{Place, Reading};

pub(crate) fn block(reading: &mut Reading<'_>, at: Place, known: &Block) {
    let read_as = reading.document.words();
    let belongs: Vec<_> = known.documents.iter().map(|kind| kind.words()).collect();
    reading.fault(
        at,
        format!("`{}` belongs to {}, and this text is read as {read_as}", known.name, belongs.join(" or ")),
        "Take it out, or load the text as what it is.",
    );
}
