//! What is wrong with a service's `kinds.toml`.

use core::fmt;

/// One fault in a kinds file; all of them are reported at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindFault {
    /// The file as named by the caller.
    pub file: String,
    /// Line, from 1; 0 where the fault is of the file as a whole.
    pub line: usize,
    /// What is wrong and what to do, lower case.
    pub message: String,
}

impl fmt::Display for KindFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}  {}", self.file, self.line, self.message)
    }
}
