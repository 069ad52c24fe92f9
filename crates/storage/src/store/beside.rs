//! The state, opened beside the file of keys: guarded by what guards that, and no newer than it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::committer::Queue;
use crate::engine::StoreError;
use crate::key_store::KeyStore;
use crate::sets::damaged;
use crate::sqlite::Sqlite;
use crate::store::OpenError;

/// By this the error about the keys is known: building the state anew would not mend them.
const OF_THE_KEYS: &str = "`keys.db` is an older copy";

/// Opens the state. One that was written beside more changes of the keys than the file knows tells that an older file was put in
/// its place: who was erased since would be back.
pub(super) fn open_state(path: &Path, keys: &KeyStore) -> Result<Sqlite, StoreError> {
    let Some(guard) = keys.guard() else { return Sqlite::open_in(path, None) };
    let changes = keys.changes();
    let state = Sqlite::trusted(path, guard)?;
    let known = changes.load(Ordering::SeqCst);
    if let Some(beside) = state.head().map(|head| head.beside).filter(|beside| *beside > known) {
        return Err(damaged(format_args!(
            "{OF_THE_KEYS} than the one that belongs here (it was changed {known} times, and {beside} are known): keys that were \
             made since are missing, and persons who were erased since would be back. Nothing was changed. Put back the newer one, \
             or take the folder back from the second place (`betrodd restore`)"
        )));
    }
    Ok(state.write_beside(changes))
}

/// Whether what is wrong is not the state's.
pub(super) fn is_of_the_keys(error: &StoreError) -> bool {
    error.cause.starts_with(OF_THE_KEYS)
}

/// Looks at a state that was too large to be looked at first, while the store is at work. Where it is not as it was written nothing is
/// committed any more, and the next start builds it anew.
pub(super) fn look_later(state: Arc<Sqlite>, queue: &Arc<Queue>) -> Result<(), OpenError> {
    if !state.is_unchecked() {
        return Ok(());
    }
    let queue = Arc::clone(queue);
    let look = move || match state.check() {
        Err(error) if error.is_damage() => queue.end(&format!("{error}; start again: it is built anew")),
        Err(error) => tracing::warn!(%error, "the state could not be looked at; the next start does"),
        Ok(checked) => tracing::info!(checked.rows, checked.sets, "the state is as it was written"),
    };
    let spawned = std::thread::Builder::new().name("check".to_owned()).spawn(look);
    spawned.map(drop).map_err(|cause| OpenError::System { doing: "starting a thread".to_owned(), cause })
}
