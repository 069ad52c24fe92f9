//! Taking a snapshot, from the state to the second place, and what follows from it: older ones go, and what only they needed goes from
//! the journal. The order of steps is that of `docs/decisions/0031-snapshots.md`; a stop between any two of them loses nothing.
//!
//! Not here: how long a snapshot is kept. Whoever calls says so.

use std::path::Path;

use journal::Position;
use storage::{Covered, Seals, Snapshot, Store, StoreError};

use crate::marks::{Mark, put_mark};
use crate::place::{Place, PlaceError};
use crate::snapshots::{clear_snapshots, put_covered, put_snapshot, remove_snapshot, snapshots};

/// Snapshots in the data folder: the newest, and the one before in case it is not whole.
const KEPT_HERE: usize = 2;

/// How many of all snapshots there, newest first, stay, and up to where they cover the journal; none where all of it stays.
pub type Keeps<'a> = dyn Fn(&[Snapshot]) -> (usize, Option<Position>) + 'a;

/// What is taken, and where it goes.
pub struct Taking<'a> {
    /// The store.
    pub store: &'a Store,
    /// Seals what a snapshot may not hold bare, and opens it again to try it.
    pub seals: &'a dyn Seals,
    /// The data folder.
    pub folder: &'a Path,
    /// The second place. That it is still ours was asked.
    pub place: &'a dyn Place,
    /// The installation, in hex.
    pub installation: &'a str,
    /// What stays.
    pub keeps: &'a Keeps<'a>,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// The newest snapshot; none where nothing was ever written.
    pub newest: Option<Snapshot>,
    /// What was taken out of the journal.
    pub covered: Option<Covered>,
}

/// Why it was not all done. Nothing was taken away that another snapshot does not cover.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// The second place.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The data folder.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The snapshot does not give back what it was made from.
    #[error(
        "{0}. It was taken away again: somebody may have been erased meanwhile, or the disk fails; it is tried again"
    )]
    Tried(StoreError),
}

/// Makes a snapshot, tries it, puts it there with the mark that a drill compares with, takes away what does not stay, and takes out of
/// the journal what only that needed.
///
/// # Errors
/// See [`TakeError`]; the same can be done again.
pub fn take_snapshot(of: &Taking<'_>) -> Result<Kept, TakeError> {
    let (store, place) = (of.store, of.place);
    let Some(one) = store.snapshot(of.seals)? else { return Ok(Kept::default()) };
    // Tried from the bytes that lie here; what is put there is compared with them byte by byte.
    if let Err(error) = store.try_snapshot(&one, of.seals) {
        store.remove_snapshot(&one)?;
        return Err(TakeError::Tried(error));
    }
    put_snapshot(place, of.folder, &one)?;
    // Whatever was taken out of the journal before, for this place or another.
    put_covered(place, &of.folder.join("journal"))?;
    let mark = Mark {
        installation: of.installation.to_owned(),
        at: one.at,
        time: one.made,
        counts: one.counts.clone(),
        hash: one.state,
    };
    put_mark(place, &mark)?;
    let there = snapshots(place, Some(&store.verifier()))?;
    let (kept, covers) = (of.keeps)(&there);
    let mut covered = None;
    if let Some(at) = covers {
        // Said here and there before anything goes: nobody makes a state from what is left and takes it for the whole.
        store.cover(at)?;
        put_covered(place, &of.folder.join("journal"))?;
    }
    // The newest stays, whatever is asked.
    for old in there.iter().skip(kept.max(1)) {
        remove_snapshot(place, old)?;
    }
    clear_snapshots(place)?;
    for old in store.snapshots()?.iter().skip(KEPT_HERE) {
        store.remove_snapshot(old)?;
    }
    if covers.is_some() {
        covered = store.strip()?;
        // What is still being filled can be rewritten once it is closed.
        store.end_segment();
    }
    Ok(Kept { newest: Some(one), covered })
}
