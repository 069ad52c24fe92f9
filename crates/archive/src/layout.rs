//! What the archive's objects are called, and whose archive it is. `docs/decisions/0027-archive.md` is this file as a page.

use journal::segment_name;

use crate::place::{Listed, Place, PlaceError, get, put_checked};

/// The form of archive that this program writes, and the newest that it reads.
pub const VERSION: u32 = 1;

/// The object that says what this is.
pub(crate) const FORMAT: &str = "betrodd-archive";
/// Who ships to it now.
pub(crate) const WRITER: &str = "writer";
/// Closed segments of the journal.
pub(crate) const JOURNAL: &str = "journal/";
/// Pieces of the segment that is being filled.
pub(crate) const TAIL: &str = "tail/";
/// Sealed files and their wrapped keys.
pub(crate) const FILES: &str = "files/";
/// Snapshots: rows and signed notes.
pub(crate) const SNAPSHOTS: &str = "snapshots/";
/// How far the journal may lack what a state is made from.
pub(crate) const COVERED: &str = "journal/covered";
/// Copies of the file of keys, sealed for the custodian. Not this room's.
pub const KEYS: &str = "keys/";

/// Most bytes of the small objects that say what is what.
pub(crate) const MAX_SMALL_BYTES: u64 = 64 << 10;

/// Why an archive is not used. Nothing in it was touched.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The place did not do it.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// There is no archive.
    #[error(
        "there is no archive at `{0}`: it holds no object `betrodd-archive`. Name the place that `betrodd serve --archive` ships to"
    )]
    None(String),
    /// It is another installation's.
    #[error(
        "the archive at `{place}` is of installation {found}, and this one is {ours}. Nothing was touched: name another place, or \
         the data folder that the archive belongs to"
    )]
    Foreign {
        /// Which place.
        place: String,
        /// Whose it is.
        found: String,
        /// Who asks.
        ours: String,
    },
    /// A newer program wrote it.
    #[error(
        "the archive at `{place}` has form {found}, and this program knows {VERSION}: use the program that wrote it, or a newer one. Nothing was touched"
    )]
    Newer {
        /// Which place.
        place: String,
        /// Its form.
        found: u32,
    },
    /// It holds something else.
    #[error("`{0}` holds something that is no archive of ours: name an empty place. Nothing was touched")]
    NotOurs(String),
}

/// Whose archive lies here; none where the place is empty.
///
/// # Errors
/// See [`ArchiveError`].
pub fn installation_of(place: &dyn Place) -> Result<Option<String>, ArchiveError> {
    let called = || place.called();
    let Some(bytes) = get(place, FORMAT, MAX_SMALL_BYTES)? else {
        // Copies of keys may have come before it.
        return match place.list("")?.iter().any(|one| !one.name.starts_with(KEYS)) {
            false => Ok(None),
            true => Err(ArchiveError::NotOurs(called())),
        };
    };
    let text = core::str::from_utf8(&bytes).unwrap_or_default();
    let mut lines = text.lines();
    let version = lines.next().and_then(|line| line.strip_prefix("betrodd archive ")?.parse::<u32>().ok());
    match version {
        None => Err(ArchiveError::NotOurs(called())),
        Some(found) if found > VERSION => Err(ArchiveError::Newer { place: called(), found }),
        Some(_) => {
            let of = lines.next().and_then(|line| line.strip_prefix("installation "));
            of.map(|of| Some(of.to_owned())).ok_or_else(|| ArchiveError::NotOurs(called()))
        }
    }
}

/// Makes sure that the archive at a place is of this installation (hex), beginning it where the place is empty.
///
/// # Errors
/// See [`ArchiveError`].
pub fn begin(place: &dyn Place, installation: &str) -> Result<(), ArchiveError> {
    match installation_of(place)? {
        None => {
            let text = format!("betrodd archive {VERSION}\ninstallation {installation}\n");
            Ok(put_checked(place, FORMAT, text.as_bytes())?)
        }
        Some(found) if found == installation => Ok(()),
        Some(found) => Err(ArchiveError::Foreign { place: place.called(), found, ours: installation.to_owned() }),
    }
}

pub(crate) fn segment_object(number: u64) -> String {
    format!("{JOURNAL}{}", segment_name(number))
}

/// Whether an object is a closed segment of the journal: other things lie beside them.
#[must_use]
pub fn is_segment(name: &str) -> bool {
    number_of_segment(name).is_some()
}

/// The number of a closed segment, from its object's name.
pub(crate) fn number_of_segment(name: &str) -> Option<u64> {
    let number = name.strip_prefix(JOURNAL)?.strip_prefix("segment-")?.strip_suffix(".log")?.parse().ok()?;
    (segment_object(number) == name).then_some(number)
}

pub(crate) fn tail_under(number: u64) -> String {
    format!("{TAIL}{number:010}/")
}

pub(crate) fn tail_object(number: u64, from: u64) -> String {
    format!("{}{from:012}", tail_under(number))
}

/// A piece of the segment that is being filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) segment: u64,
    pub(crate) from: u64,
    pub(crate) bytes: u64,
    pub(crate) name: String,
}

pub(crate) fn piece_of(listed: Listed) -> Option<Piece> {
    let (segment, from) = listed.name.strip_prefix(TAIL)?.split_once('/')?;
    let (segment, from) = (segment.parse().ok()?, from.parse().ok()?);
    (tail_object(segment, from) == listed.name).then_some(Piece {
        segment,
        from,
        bytes: listed.bytes,
        name: listed.name,
    })
}

/// How far the pieces of one segment reach from its beginning without a gap. They are sorted by where they begin, and may
/// overlap where several were put together into one.
pub(crate) fn reach(pieces: &[Piece]) -> u64 {
    pieces.iter().fold(0, |at, piece| if piece.from <= at { at.max(piece.from + piece.bytes) } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_and_nothing_else_does() {
        assert_eq!(number_of_segment(&segment_object(17)), Some(17));
        for other in [COVERED, "journal/segment-17.log", "journal/segment-0000000017.index", "tail/0000000017/0"] {
            assert_eq!(number_of_segment(other), None);
            assert!(!is_segment(other));
        }
        let listed = |name: String| Listed { name, bytes: 5 };
        let piece = piece_of(listed(tail_object(3, 64))).unwrap();
        assert_eq!((piece.segment, piece.from, piece.bytes), (3, 64, 5));
        assert_eq!(piece_of(listed("tail/3/64".to_owned())), None);
    }

    #[test]
    fn pieces_reach_as_far_as_there_is_no_gap() {
        let reaches = |pieces: &[(u64, u64)]| {
            let piece = |&(from, bytes): &(u64, u64)| Piece { segment: 1, from, bytes, name: String::new() };
            reach(&pieces.iter().map(piece).collect::<Vec<_>>())
        };
        assert_eq!(reaches(&[]), 0);
        assert_eq!(reaches(&[(1, 5)]), 0);
        assert_eq!(reaches(&[(0, 10), (10, 5), (16, 9)]), 15);
        // Put together, and the small ones not yet taken away.
        assert_eq!(reaches(&[(0, 30), (10, 5), (15, 15), (30, 1)]), 31);
    }
}
