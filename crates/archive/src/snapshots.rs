//! Snapshots at the second place: rows and signed note as they lie in the data folder, the note last; and how far the journal there
//! may lack what a state is made from. Not here: making and trying one (`storage`), and how long it is kept (the program).

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use journal::VerifierKey;
use storage::Snapshot;

use crate::layout::{COVERED, MAX_SMALL_BYTES, SNAPSHOTS};
use crate::place::{Place, PlaceError, get, put_checked, put_stream_checked};

/// Most bytes of a note: some hundred for each customer.
const MAX_NOTE_BYTES: u64 = 64 << 20;

fn rows(one: &Snapshot) -> String {
    format!("{SNAPSHOTS}{}.db", one.name())
}

fn note(one: &Snapshot) -> String {
    format!("{SNAPSHOTS}{}.note", one.name())
}

/// Puts a snapshot of a data folder, and reads back what lies there: it counts only when that is, byte by byte, what the note was
/// signed for. If we die before its note is there, what lies there is no snapshot; the next one that is put clears it.
///
/// # Errors
/// The place's, or that the data folder cannot be read.
pub fn put_snapshot(place: &dyn Place, folder: &Path, one: &Snapshot) -> Result<(), PlaceError> {
    let here = |cause: io::Error| PlaceError::new("read", &rows(one), format!("in the data folder: {cause}"));
    let signed = std::fs::read(one.note_in(folder)).map_err(here)?;
    if get(place, &note(one), MAX_NOTE_BYTES)?.is_some_and(|there| there == signed) && lies(place, one)? {
        return Ok(());
    }
    let mut from = File::open(one.rows_in(folder)).map_err(here)?;
    if put_stream_checked(place, &rows(one), &mut from)? != one.sha256 {
        return Err(PlaceError::new(
            "put",
            &rows(one),
            "the rows in the data folder are not those that its note was signed for",
        ));
    }
    put_checked(place, &note(one), &signed)
}

/// Whether the rows lie there in their length.
fn lies(place: &dyn Place, one: &Snapshot) -> Result<bool, PlaceError> {
    let name = rows(one);
    Ok(place.list(SNAPSHOTS)?.iter().any(|listed| listed.name == name && listed.bytes == one.bytes))
}

/// The snapshots at a place, newest first: those whose rows are as long as their note says. With a key, only those that it signed;
/// nothing is ever restored from another.
///
/// # Errors
/// The place's.
pub fn snapshots(place: &dyn Place, key: Option<&VerifierKey>) -> Result<Vec<Snapshot>, PlaceError> {
    let listed = place.list(SNAPSHOTS)?;
    let mut all = Vec::new();
    for one in listed.iter().filter(|one| one.name.ends_with(".note")) {
        let text = get(place, &one.name, MAX_NOTE_BYTES)?.and_then(|bytes| String::from_utf8(bytes).ok());
        let read = text.and_then(|text| match key {
            Some(key) => Snapshot::open(&text, key),
            None => Snapshot::glance(&text),
        });
        let whole = |found: &Snapshot| {
            let name = rows(found);
            note(found) == one.name && listed.iter().any(|other| other.name == name && other.bytes == found.bytes)
        };
        match read.filter(whole) {
            Some(found) => all.push(found),
            None => {
                tracing::warn!(object = one.name, "this is no whole snapshot of this installation; it is passed over")
            }
        }
    }
    all.sort_unstable_by_key(|one| core::cmp::Reverse(one.at));
    Ok(all)
}

/// Brings a snapshot into a data folder, durably, and calls `told` with the bytes of each piece. Whether its rows are those that were
/// signed is seen by whoever loads them.
///
/// # Errors
/// The place's, or that the folder cannot be written.
pub fn fetch_snapshot(
    place: &dyn Place,
    one: &Snapshot,
    folder: &Path,
    told: &mut dyn FnMut(u64),
) -> Result<(), PlaceError> {
    let name = rows(one);
    let unread = |cause: io::Error| PlaceError::new("read", &name, cause);
    let gone = |name: &str| PlaceError::new("read", name, "it was listed and is gone");
    let put = |path: &Path| OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let into = folder.join(storage::SNAPSHOTS);
    DirBuilder::new().recursive(true).mode(0o700).create(&into).map_err(unread)?;
    let mut from = place.open(&name)?.ok_or_else(|| gone(&name))?;
    let mut file = put(&one.rows_in(folder)).map_err(unread)?;
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = from.read(&mut piece).map_err(unread)?;
        if read == 0 {
            break;
        }
        file.write_all(piece.get(..read).unwrap_or_default()).map_err(unread)?;
        told(read as u64);
    }
    file.sync_all().map_err(unread)?;
    let signed = get(place, &note(one), MAX_NOTE_BYTES)?.ok_or_else(|| gone(&note(one)))?;
    let mut file = put(&one.note_in(folder)).map_err(unread)?;
    file.write_all(&signed).and_then(|()| file.sync_all()).map_err(unread)?;
    File::open(&into).and_then(|into| into.sync_all()).map_err(unread)
}

/// Takes a snapshot away, its note first.
///
/// # Errors
/// The place's.
pub fn remove_snapshot(place: &dyn Place, one: &Snapshot) -> Result<(), PlaceError> {
    place.delete(&note(one))?;
    place.delete(&rows(one))
}

/// Takes away rows that no note lies beside: a program died while it put them, or took them away.
///
/// # Errors
/// The place's.
pub fn clear_snapshots(place: &dyn Place) -> Result<(), PlaceError> {
    let listed = place.list(SNAPSHOTS)?;
    for one in &listed {
        let Some(name) = one.name.strip_suffix(".db") else { continue };
        if listed.iter().all(|other| other.name.strip_suffix(".note") != Some(name)) {
            place.delete(&one.name)?;
        }
    }
    Ok(())
}

/// Puts there how far the journal may lack what a state is made from, as it lies in the data folder. It must lie there before a
/// segment goes that lacks any of it.
///
/// # Errors
/// The place's, or that the data folder cannot be read.
pub fn put_covered(place: &dyn Place, journal: &Path) -> Result<(), PlaceError> {
    match std::fs::read(journal.join(::journal::COVERED)) {
        Ok(note) if get(place, COVERED, MAX_SMALL_BYTES)?.is_some_and(|there| there == note) => Ok(()),
        Ok(note) => put_checked(place, COVERED, &note),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(PlaceError::new("read", COVERED, format!("in the data folder: {cause}"))),
    }
}

/// Brings that note into a journal's folder, where there is one.
///
/// # Errors
/// The place's, or that the folder cannot be written.
pub fn fetch_covered(place: &dyn Place, journal: &Path) -> Result<(), PlaceError> {
    let Some(note) = get(place, COVERED, MAX_SMALL_BYTES)? else { return Ok(()) };
    let put = || -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(journal.join(::journal::COVERED))?;
        file.write_all(&note)?;
        file.sync_all()
    };
    put().map_err(|cause| PlaceError::new("read", COVERED, cause))
}
