//! The port behind which sealed files lie. Whoever implements it sees sealed bytes and random ids, and promises what each
//! method says; a directory does today, an object store may later, so nothing is ever written into the middle of a file.

use std::io;

use terms::FileId;

/// Where files lie.
pub trait Place: Send + Sync {
    /// Begins a file. Until its key is put it is nobody's.
    ///
    /// # Errors
    /// The world's, as for every method below.
    fn begin(&self, file: &FileId) -> io::Result<Box<dyn Growing>>;
    /// Puts a file's wrapped key beside it, in place of an earlier one. When it returns, key and file are durable, and there is
    /// the old key or the new one and never half of one.
    fn put_key(&self, file: &FileId, wrapped: &[u8]) -> io::Result<()>;
    /// A file's wrapped key; nothing where there is none.
    fn key(&self, file: &FileId) -> io::Result<Option<Vec<u8>>>;
    /// A file; nothing where there is none.
    fn open(&self, file: &FileId) -> io::Result<Option<Box<dyn Lying>>>;
    /// Destroys a file and its key, the key first. Durable when it returns. Where there is none, that is fine.
    fn destroy(&self, file: &FileId) -> io::Result<()>;
    /// Every file there is, also those without a key and keys without a file; each once.
    fn all(&self) -> io::Result<Vec<FileId>>;
}

/// A file that is being written.
pub trait Growing: Send {
    /// Adds bytes.
    ///
    /// # Errors
    /// The world's.
    fn append(&mut self, sealed: &[u8]) -> io::Result<()>;
    /// Ends it; durable when it returns.
    ///
    /// # Errors
    /// The world's.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A file that is being read.
pub trait Lying: Send {
    /// How many bytes there are.
    fn bytes(&self) -> u64;
    /// The next bytes, `most` of them or all that are left.
    ///
    /// # Errors
    /// The world's.
    fn read(&mut self, most: usize) -> io::Result<Vec<u8>>;
}
