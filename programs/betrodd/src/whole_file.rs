//! A small file, written whole or not at all: whoever dies in the middle leaves the one before.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Puts a file with this text in the place of whatever has that name; durable when it returns, except for the name.
///
/// # Errors
/// The system's; then the file is as it was.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_is_replaced_and_nothing_lies_about() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, "ett").unwrap();
        write(&path, "två").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "två");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
