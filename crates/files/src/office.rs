//! Text documents that are archives (DOCX, ODT): they are never unpacked here, so nothing in them can grow. Their entries'
//! names lie in plain, and those of macros and embedded programs are looked for.

/// Names of entries that hold what runs.
const NAMES: [&[u8]; 6] = [
    b"vbaProject.bin",
    b"vbaData.xml",
    b"Basic/script-lc.xml",
    b"/activeX/",
    b"embeddings/oleObject",
    b"Scripts/python",
];
/// The longest of them.
const LONGEST: usize = 20;

/// What has been seen so far.
#[derive(Default)]
pub(crate) struct Office {
    tail: Vec<u8>,
    runs: bool,
}

impl Office {
    pub(crate) fn push(&mut self, piece: &[u8]) {
        // A name may lie across two pieces.
        self.tail.extend_from_slice(piece);
        let holds = |what: &&[u8]| self.tail.windows(what.len()).any(|window| window == *what);
        self.runs = self.runs || NAMES.iter().any(holds);
        let from = self.tail.len().saturating_sub(LONGEST);
        self.tail.drain(..from);
    }

    pub(crate) const fn runs(&self) -> bool {
        self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_found_across_pieces() {
        let mut office = Office::default();
        office.push(b"PK\x03\x04 word/document.xml");
        assert!(!office.runs());
        office.push(b"word/vbaPro");
        office.push(b"ject.bin");
        assert!(office.runs());
        assert!(NAMES.iter().all(|name| name.len() <= LONGEST));
    }
}
