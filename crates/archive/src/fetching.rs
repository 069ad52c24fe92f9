//! Back from the second place: the journal into a folder, as far as it lies there without a gap.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use journal::segment_name;

use crate::layout::{
    ArchiveError, JOURNAL, Piece, TAIL, installation_of, number_of_segment, piece_of, reach, segment_object,
};
use crate::place::{Place, PlaceError};

/// Why a journal is not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A segment is missing before others, or a piece of one before later pieces.
    #[error(
        "the archive lacks segment {0} of the journal or a piece of it, and holds what comes after: somebody took it away. Nothing \
         was restored"
    )]
    Gap(u64),
    /// The folder.
    #[error("`{0}` could not be written: {1}")]
    Folder(String, io::Error),
}

impl From<PlaceError> for FetchError {
    fn from(error: PlaceError) -> Self {
        Self::Archive(error.into())
    }
}

/// What lies there of a journal.
struct Lies {
    /// Closed segments with their lengths.
    closed: BTreeMap<u64, u64>,
    /// Pieces of the open ones.
    tails: BTreeMap<u64, Vec<Piece>>,
}

fn lies(place: &dyn Place) -> Result<Lies, FetchError> {
    // Pieces first: those of a segment that is being closed under our eyes are gone only once it lies there whole.
    let pieces = place.list(TAIL)?;
    let closed: BTreeMap<u64, u64> =
        place.list(JOURNAL)?.into_iter().filter_map(|one| Some((number_of_segment(&one.name)?, one.bytes))).collect();
    let mut tails: BTreeMap<u64, Vec<Piece>> = BTreeMap::new();
    for piece in pieces.into_iter().filter_map(piece_of) {
        // Of a segment that lies there whole, what is left of its pieces says the same.
        if !closed.contains_key(&piece.segment) {
            tails.entry(piece.segment).or_default().push(piece);
        }
    }
    Ok(Lies { closed, tails })
}

/// How many bytes of the journal lie at a place.
///
/// # Errors
/// See [`FetchError`].
pub fn journal_bytes(place: &dyn Place) -> Result<u64, FetchError> {
    let lies = lies(place)?;
    Ok(lies.closed.values().sum::<u64>() + lies.tails.values().map(|pieces| reach(pieces)).sum::<u64>())
}

/// Writes the journal that lies at a place into an empty folder, durably, and calls `told` with the bytes of each piece. What its
/// checksums say is found out by whoever opens it. Gives the installation, in hex.
///
/// # Errors
/// See [`FetchError`]; then what the folder holds is of no use.
pub fn fetch_journal(place: &dyn Place, folder: &Path, told: &mut dyn FnMut(u64)) -> Result<String, FetchError> {
    let installation = installation_of(place)?.ok_or_else(|| ArchiveError::None(place.called()))?;
    let lies = lies(place)?;
    let numbers: Vec<u64> = lies.closed.keys().chain(lies.tails.keys()).copied().collect();
    let last = numbers.iter().max().copied().unwrap_or(0);
    // A journal begins with its first segment, and nobody ever takes one away.
    if let Some(gap) = (1..=last).find(|number| !numbers.contains(number)) {
        return Err(FetchError::Gap(gap));
    }
    // A piece that nothing leads up to is not passed over: the journal would end before what was acknowledged.
    if let Some((gap, _)) = lies.tails.iter().find(|(_, pieces)| pieces.iter().any(|piece| piece.from > reach(pieces)))
    {
        return Err(FetchError::Gap(*gap));
    }
    for number in 1..=last {
        let path = folder.join(segment_name(number));
        let failed = |cause| FetchError::Folder(path.display().to_string(), cause);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        if lies.closed.contains_key(&number) {
            copy(place, &segment_object(number), 0, &mut file, &path, told)?;
        } else {
            let mut at = 0;
            for piece in lies.tails.get(&number).into_iter().flatten() {
                if piece.from > at || piece.from + piece.bytes <= at {
                    continue;
                }
                at += copy(place, &piece.name, at - piece.from, &mut file, &path, told)?;
            }
        }
        file.sync_all().map_err(failed)?;
    }
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|cause| FetchError::Folder(folder.display().to_string(), cause))?;
    Ok(installation)
}

/// Copies an object from a place in it on; how many bytes.
pub(crate) fn copy(
    place: &dyn Place,
    name: &str,
    from: u64,
    into: &mut File,
    path: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<u64, FetchError> {
    let unread = |cause: &dyn core::fmt::Display| PlaceError::new("read", name, cause);
    let mut object = place.open(name)?.ok_or_else(|| unread(&"it was listed and is gone"))?;
    let skipped = io::copy(&mut (&mut object).take(from), &mut io::sink()).map_err(|cause| unread(&cause))?;
    if skipped < from {
        return Err(unread(&"it is shorter than it was").into());
    }
    let mut piece = vec![0; 1 << 20];
    let mut copied = 0;
    loop {
        let read = object.read(&mut piece).map_err(|cause| unread(&cause))?;
        if read == 0 {
            return Ok(copied);
        }
        let written = into.write_all(piece.get(..read).unwrap_or_default());
        written.map_err(|cause| FetchError::Folder(path.display().to_string(), cause))?;
        copied += read as u64;
        told(read as u64);
    }
}
