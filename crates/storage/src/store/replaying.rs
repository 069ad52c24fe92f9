//! Groups as they are read back from the journal: the same operations as on the day they were written, with what the state holds bare
//! opened again where its person's key is still there.

use journal::{Detail, Entry, EntryKind, Extra, Position, redo_hash};
use terms::TenantId;

use crate::engine::{Batch, Item, StoreError, Tokens};
use crate::going_back::PutBack;
use crate::op::{Op, Redo};

pub(crate) fn visited(error: impl std::error::Error + Send + Sync + 'static) -> journal::OpenError {
    journal::OpenError::Visit(Box::new(error))
}

/// Opens in an operation what the state holds bare. What stays closed because its key is gone is left out.
pub(crate) fn open_sealed(tenant: &TenantId, op: &mut Op, tokens: &dyn Tokens) -> Result<(), StoreError> {
    match op {
        Op::PutRecord(put) | Op::PutBack(PutBack { put, .. }) => {
            for of in &mut put.tokens {
                for token in &mut of.tokens {
                    token.bare = tokens.open(tenant, &put.person, &put.class, &put.record, &of.field, &token.sealed)?;
                }
            }
        }
        Op::PutAccount(put) => put.secrets.bare = tokens.open_account(&put.home, &put.person, &put.secrets.sealed)?,
        _ => {}
    }
    Ok(())
}

/// That no operations were taken out of an entry. A state is made only of what lies after the place up to which they were, which a
/// note says; where that note is lost, what is left is not taken for the whole all the same.
fn lacks_nothing(entry: &Entry) -> Result<(), journal::OpenError> {
    let (Some(salt), Some(detail)) = (&entry.salt, &entry.detail) else { return Ok(()) };
    // What heads hold is no detail, and they change nothing.
    if entry.leaf.kind == EntryKind::Heads {
        return Ok(());
    }
    let named = Detail::decode(detail).map_err(visited)?.redo_hash;
    if named.is_some() && named != entry.redo.as_deref().map(|redo| redo_hash(salt, redo)) {
        return Err(visited(StoreError {
            doing: "read",
            cause: "the operations of an entry were taken out of the journal, and no snapshot was found that holds them; put \
                    `journal/covered` and the archive's `snapshots/` there, or use `betrodd restore`"
                .to_owned(),
        }));
    }
    Ok(())
}

/// A group as the state applies it, read back from the journal. The same operations as on the day it was written.
pub(crate) fn replayed(
    position: Position,
    entries: &[Entry],
    tokens: &dyn Tokens,
) -> Result<Batch, journal::OpenError> {
    Ok(Batch { position, items: replayed_items(entries, Some(tokens))? })
}

/// The same, with what is sealed left so where nobody opens it.
pub(crate) fn replayed_items(entries: &[Entry], tokens: Option<&dyn Tokens>) -> Result<Vec<Item>, journal::OpenError> {
    let read = |entry: &Entry| {
        let mut ops = match &entry.redo {
            None => Vec::new(),
            Some(extra) => {
                let extra = Extra::decode(extra).map_err(|error| journal::OpenError::Visit(Box::new(error)))?;
                match extra.operations {
                    None => Vec::new(),
                    Some(bytes) => Redo::read(&bytes).map_err(|error| journal::OpenError::Visit(Box::new(error)))?.ops,
                }
            }
        };
        if let Some(tokens) = tokens {
            if ops.is_empty() {
                lacks_nothing(entry)?;
            }
            for op in &mut ops {
                open_sealed(&entry.tenant, op, tokens).map_err(visited)?;
            }
        }
        Ok(Item { tenant: entry.tenant, index: entry.index, time: entry.leaf.time, ops })
    };
    entries.iter().map(read).collect()
}
