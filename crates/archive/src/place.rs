//! The port behind which the second place lies: whole objects under names, nothing else. A directory and an S3-compatible store
//! implement it; both promise what each method says. Whoever calls sends sealed bytes, hashes and numbers, and never a key in
//! plain.
//!
//! Not here: what the objects mean (`layout.rs`), when they are sent (`shipping.rs`) and how often it is tried again.

use std::io::{self, Read};

use aws_lc_rs::digest;
use terms::Hash;

/// Why the second place did not do it. Nothing of an object that was being put is there then, or all of it.
#[derive(Debug, thiserror::Error)]
#[error("the archive could not {doing} `{object}`: {cause}")]
pub struct PlaceError {
    /// `put`, `read`, `list` or `delete`.
    pub doing: &'static str,
    /// The object's name, or the beginning of names that was listed.
    pub object: String,
    /// What the place said. It holds no secret: those are sent in headers alone.
    pub cause: String,
}

impl PlaceError {
    pub(crate) fn new(doing: &'static str, object: &str, cause: impl core::fmt::Display) -> Self {
        Self { doing, object: object.to_owned(), cause: cause.to_string() }
    }
}

/// An object as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
}

/// Where the archive lies. Names are words of `a–z`, `0–9`, `-` and `.`, set apart by `/`.
///
/// Every method waits until it is done, so none is called from a task that answers somebody.
pub trait Place: Send + Sync {
    /// Puts an object, in place of an earlier one of that name. Durable when it returns; whoever reads meanwhile, and whoever
    /// reads after a crash, finds the old object or the new one and never half of one.
    ///
    /// # Errors
    /// The place's, as for every method below.
    fn put(&self, name: &str, from: &mut dyn Read) -> Result<(), PlaceError>;
    /// An object, to be read from its beginning; nothing where there is none.
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + Send>>, PlaceError>;
    /// The objects whose names begin so, sorted by name. `under` is empty or ends with `/`.
    fn list(&self, under: &str) -> Result<Vec<Listed>, PlaceError>;
    /// How many bytes an object has; nothing where there is none.
    fn length(&self, name: &str) -> Result<Option<u64>, PlaceError> {
        let under = name.rsplit_once('/').map_or(String::new(), |(under, _)| format!("{under}/"));
        Ok(self.list(&under)?.into_iter().find(|one| one.name == name).map(|one| one.bytes))
    }
    /// Takes an object away, durably. Where there is none, that is fine.
    fn delete(&self, name: &str) -> Result<(), PlaceError>;
    /// What people call this place: a path or an address, without credentials.
    fn called(&self) -> String;
}

/// A whole object in memory; nothing where there is none. Larger ones than `most` bytes are refused.
///
/// # Errors
/// The place's.
pub fn get(place: &dyn Place, name: &str, most: u64) -> Result<Option<Vec<u8>>, PlaceError> {
    let Some(from) = place.open(name)? else { return Ok(None) };
    let mut bytes = Vec::new();
    let read = from.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|cause| PlaceError::new("read", name, cause))?;
    if bytes.len() as u64 > most {
        return Err(PlaceError::new("read", name, format!("it is larger than {most} bytes")));
    }
    Ok(Some(bytes))
}

/// Puts an object and reads it back: it counts as put only when what lies there is what was sent. A place that keeps half an
/// object, or another, is found out here and not on the day of the restore.
///
/// # Errors
/// The place's, or that it gave back something else.
pub fn put_checked(place: &dyn Place, name: &str, bytes: &[u8]) -> Result<(), PlaceError> {
    place.put(name, &mut &*bytes)?;
    check(place, name, &sha256(bytes))
}

/// The same for what is too large to be held in memory. Gives the SHA-256 of what was put.
///
/// # Errors
/// As [`put_checked`].
pub fn put_stream_checked(place: &dyn Place, name: &str, from: &mut dyn Read) -> Result<Hash, PlaceError> {
    let mut counted = Hashing { from, context: digest::Context::new(&digest::SHA256) };
    place.put(name, &mut counted)?;
    let sent = finished(counted.context);
    check(place, name, &sent)?;
    Ok(sent)
}

fn check(place: &dyn Place, name: &str, sent: &Hash) -> Result<(), PlaceError> {
    let Some(mut lies) = place.open(name)? else {
        return Err(PlaceError::new("put", name, "it was put and is not there"));
    };
    let found = hash_of(&mut *lies).map_err(|cause| PlaceError::new("read", name, cause))?;
    if found == *sent {
        Ok(())
    } else {
        Err(PlaceError::new("put", name, "what lies there is not what was sent; it is sent again"))
    }
}

/// SHA-256 of all that a reader gives.
pub(crate) fn hash_of(from: &mut dyn Read) -> io::Result<Hash> {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut piece = vec![0; 256 << 10];
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok(finished(context));
        }
        context.update(piece.get(..read).unwrap_or_default());
    }
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(bytes);
    finished(context)
}

fn finished(context: digest::Context) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Hash(hash)
}

/// Hashes what passes.
struct Hashing<'a> {
    from: &'a mut dyn Read,
    context: digest::Context,
}

impl Read for Hashing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.context.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Whether a name is one that every place can keep, and none of them as something else.
pub(crate) fn named(doing: &'static str, name: &str) -> Result<(), PlaceError> {
    let sound = |part: &str| {
        let known = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, '-' | '.');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
    };
    if name.split('/').all(sound) { Ok(()) } else { Err(PlaceError::new(doing, name, "that is no name of an object")) }
}
