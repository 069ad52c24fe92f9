//! Files: looked through on their way in, sealed in pieces, kept behind a small port, streamed on their way out.
//!
//! A file comes in through [`Arriving`], which tells its form by its content, refuses what runs, strips pictures of what the
//! camera wrote into them and seals piece by piece. It is kept once its key is wrapped ([`Files::keep`]) and a record's entry
//! names it; a file that no record names is garbage and is swept. The cipher is the vault's. Not here: who may send or open a
//! file (processing asks the agreement) and which record a file belongs to (storage knows).

mod arriving;
mod clam;
mod folder;
mod form;
mod office;
mod pdf;
mod picture;
mod place;
mod text;

use std::io;
use std::sync::Arc;

use terms::FileId;
use vault::{FileOpener, SEALED_CHUNK_BYTES, VaultError};
use zeroize::Zeroizing;

pub use arriving::{Arrived, Arriving, Part, Wrong};
pub use clam::{Scanner, ScannerError};
pub use folder::Folder;
pub use place::{Growing, Lying, Place};

/// Why a file that is kept cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The place where files lie.
    #[error("the file could not be read: {0}")]
    Place(#[from] io::Error),
    /// It was cut, reordered or changed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The room's face: where files lie, and who looks through them.
#[derive(Clone)]
pub struct Files {
    place: Arc<dyn Place>,
    scanner: Option<Scanner>,
}

impl Files {
    /// Over a place, with a scanner for malware where one is configured.
    #[must_use]
    pub fn new(place: Arc<dyn Place>, scanner: Option<Scanner>) -> Self {
        Self { place, scanner }
    }

    /// Whether arriving files are scanned for malware.
    #[must_use]
    pub const fn scans(&self) -> bool {
        self.scanner.is_some()
    }

    /// Keeps the wrapped key of a file that has arrived. Durable when it returns, the file's pieces with it; so this comes
    /// before the entry that names the file. If we die between the two, the file is garbage and the next start sweeps it.
    ///
    /// # Errors
    /// The place's; then the file is not kept.
    pub fn keep(&self, file: &FileId, wrapped: &[u8]) -> io::Result<()> {
        self.place.put_key(file, wrapped)
    }

    /// The wrapped key of a file; nothing where there is no such file any more.
    ///
    /// # Errors
    /// The place's.
    pub fn key(&self, file: &FileId) -> io::Result<Option<Vec<u8>>> {
        self.place.key(file)
    }

    /// Reads a file that the vault gave the way to.
    ///
    /// # Errors
    /// The place's, also where the file is gone.
    pub fn read(&self, opener: FileOpener) -> Result<Reading, ReadError> {
        let lying = self.place.open(&opener.file())?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Reading { left: lying.bytes(), lying, opener })
    }

    /// Destroys a file: its key first, then its bytes, each overwritten before it is unlinked. Nothing is no fault, so a
    /// crash in the middle is finished by asking again. What overwriting is worth depends on the disk (decision 0014); that
    /// the key is gone makes the rest unreadable.
    ///
    /// # Errors
    /// The place's.
    pub fn destroy(&self, file: &FileId) -> io::Result<()> {
        self.place.destroy(file)
    }

    /// Destroys every file that is not among `kept`, which must be sorted. Only for a start, before files arrive. How many.
    ///
    /// # Errors
    /// The place's.
    pub fn sweep(&self, kept: &[FileId]) -> io::Result<usize> {
        let mut swept = 0;
        for file in self.place.all()?.iter().filter(|file| kept.binary_search(file).is_err()) {
            self.place.destroy(file)?;
            swept += 1;
        }
        Ok(swept)
    }
}

/// A file on its way out, piece by piece. No `Debug`: what it gives is somebody's.
pub struct Reading {
    lying: Box<dyn Lying>,
    opener: FileOpener,
    left: u64,
}

impl Reading {
    /// The next piece; nothing after the last.
    ///
    /// # Errors
    /// See [`ReadError`]. What was given before stands, so whoever passes it on must break off.
    #[expect(clippy::should_implement_trait, reason = "an iterator would have to clone or collect what is opened")]
    pub fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, ReadError> {
        if self.left == 0 {
            return Ok(None);
        }
        let sealed = self.lying.read(SEALED_CHUNK_BYTES)?;
        self.left = self.left.saturating_sub(sealed.len() as u64);
        if sealed.is_empty() {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(Some(self.opener.open(&sealed, self.left == 0)?))
    }
}
