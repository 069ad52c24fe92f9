//! PDF documents, read as they arrive and never unpacked whole: refused where anything in them runs, starts or carries
//! another file, and where nobody can look through them.
//!
//! Every name in the file is read, also those that no page refers to, and those within packed streams of objects (ISO 32000-1
//! 7.5.7), of which no more than [`MAX_INFLATED_BYTES`] are unpacked. Names within strings, comments and streams of content are
//! text and mean nothing. What this does not find in a file that was made to deceive two readers differently, a scanner must.

use flate2::{Decompress, FlushDecompress, Status};
use service::FieldProblem;

/// Most bytes that the packed objects of one document may unpack to.
const MAX_INFLATED_BYTES: usize = 64 * 1024 * 1024;
/// Longest name that is kept; longer ones are none that we look for.
const MAX_NAME_BYTES: usize = 64;
/// Longest string: a longer one is a parenthesis that was opened to hide what follows.
const MAX_STRING_BYTES: usize = 64 * 1024;

/// Names of what runs, starts, sends, or carries a file.
const ACTIVE: [&[u8]; 11] = [
    b"JavaScript",
    b"JS",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"XFA",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
];

#[derive(Clone, Copy, PartialEq)]
enum At {
    Plain,
    Name,
    Comment,
    /// How deep in parentheses, after a backslash, how long.
    Text {
        depth: usize,
        escaped: bool,
        bytes: usize,
    },
    /// After `stream`, before its line ends.
    Begins,
    Stream,
}

/// What has been seen so far.
pub(crate) struct Pdf {
    reader: Reader,
    inflater: Option<Box<Inflater>>,
    inflated: usize,
}

struct Inflater {
    flate: Decompress,
    within: Reader,
    ended: bool,
}

/// Reads tokens, whole or packed.
struct Reader {
    at: At,
    packed: bool,
    name: Vec<u8>,
    word: Vec<u8>,
    /// Names of the object that is being read.
    object: Object,
    end: usize,
    problem: Option<FieldProblem>,
}

#[derive(Default, Clone, Copy)]
struct Object {
    of_objects: bool,
    first: bool,
    count: bool,
    flate: bool,
    other_filter: bool,
    predictor: bool,
}

impl Object {
    /// Whether its stream holds objects: readers differ in whether they look at the type, so either sign is enough.
    const fn holds_objects(self) -> bool {
        self.of_objects || (self.first && self.count)
    }
}

impl Default for Pdf {
    fn default() -> Self {
        Self { reader: Reader::new(false), inflater: None, inflated: 0 }
    }
}

impl Pdf {
    /// Reads on.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while !rest.is_empty() && self.problem().is_none() {
            if self.reader.at == At::Stream {
                let (read, ended) = self.reader.skip_stream(rest);
                let (within, after) = rest.split_at(read);
                self.inflate(within);
                if ended {
                    self.inflater = None;
                }
                rest = after;
            } else {
                let read = self.reader.tokens(rest);
                rest = rest.get(read..).unwrap_or_default();
                if self.reader.at == At::Stream {
                    self.stream_begins();
                }
            }
        }
    }

    /// What stands against it.
    pub(crate) fn problem(&self) -> Option<FieldProblem> {
        self.reader.problem.or_else(|| self.inflater.as_ref()?.within.problem)
    }

    fn stream_begins(&mut self) {
        let object = self.reader.object;
        if !object.holds_objects() {
            return;
        }
        if object.other_filter || object.predictor {
            self.reader.problem = Some(FieldProblem::FileLocked);
            return;
        }
        self.inflater =
            Some(Box::new(Inflater { flate: Decompress::new(true), within: Reader::new(true), ended: !object.flate }));
    }

    fn inflate(&mut self, packed: &[u8]) {
        let Some(inflater) = &mut self.inflater else { return };
        if inflater.ended {
            // Not packed, or past the end of what was.
            inflater.within.tokens(packed);
            self.reader.problem = inflater.within.problem;
            return;
        }
        let mut rest = packed;
        let mut out = [0; 16 * 1024];
        loop {
            let (before_in, before_out) = (inflater.flate.total_in(), inflater.flate.total_out());
            let status = inflater.flate.decompress(rest, &mut out, FlushDecompress::None);
            let read = (inflater.flate.total_in() - before_in) as usize;
            let given = (inflater.flate.total_out() - before_out) as usize;
            rest = rest.get(read..).unwrap_or_default();
            inflater.within.tokens(out.get(..given).unwrap_or_default());
            self.inflated += given;
            match status {
                _ if self.inflated > MAX_INFLATED_BYTES => self.reader.problem = Some(FieldProblem::FileLocked),
                Err(_) => self.reader.problem = Some(FieldProblem::FileLocked),
                Ok(Status::StreamEnd) => inflater.ended = true,
                Ok(_) => {}
            }
            self.reader.problem = self.reader.problem.or(inflater.within.problem);
            if self.reader.problem.is_some() || inflater.ended || (rest.is_empty() && given < out.len()) {
                return;
            }
            if read == 0 && given == 0 {
                return;
            }
        }
    }
}

impl Reader {
    const fn new(packed: bool) -> Self {
        Self {
            at: At::Plain,
            packed,
            name: Vec::new(),
            word: Vec::new(),
            object: Object {
                of_objects: false,
                first: false,
                count: false,
                flate: false,
                other_filter: false,
                predictor: false,
            },
            end: 0,
            problem: None,
        }
    }

    /// Reads until a stream begins or the bytes end; how many it read.
    fn tokens(&mut self, bytes: &[u8]) -> usize {
        for (place, byte) in bytes.iter().copied().enumerate() {
            match self.at {
                At::Stream => return place,
                At::Begins if byte == b'\n' => {
                    self.at = At::Stream;
                    self.end = 0;
                    return place + 1;
                }
                At::Begins if byte == b'\r' || byte == b' ' => {}
                At::Begins => {
                    self.at = At::Stream;
                    self.end = 0;
                    return place;
                }
                At::Comment if matches!(byte, b'\r' | b'\n') => self.at = At::Plain,
                At::Comment => {}
                At::Text { depth, escaped, bytes } => self.text(byte, depth, escaped, bytes),
                At::Name if is_regular(byte) => {
                    if self.name.len() < MAX_NAME_BYTES {
                        self.name.push(byte);
                    }
                }
                At::Name => {
                    self.name_ends();
                    self.plain(byte);
                }
                At::Plain => self.plain(byte),
            }
            if self.problem.is_some() {
                return place + 1;
            }
        }
        bytes.len()
    }

    fn plain(&mut self, byte: u8) {
        self.at = At::Plain;
        if is_regular(byte) {
            if self.word.len() < 16 {
                self.word.push(byte);
            }
            return;
        }
        let word = core::mem::take(&mut self.word);
        match word.as_slice() {
            b"obj" | b"endobj" => self.object = Object::default(),
            b"stream" if !self.packed => {
                self.at = if byte == b'\n' { At::Stream } else { At::Begins };
                self.end = 0;
                return;
            }
            _ => {}
        }
        match byte {
            b'/' => {
                self.at = At::Name;
                self.name.clear();
            }
            b'%' => self.at = At::Comment,
            b'(' => self.at = At::Text { depth: 1, escaped: false, bytes: 0 },
            _ => {}
        }
    }

    fn text(&mut self, byte: u8, depth: usize, escaped: bool, bytes: usize) {
        let depth = match byte {
            b'(' if !escaped => depth + 1,
            b')' if !escaped => depth - 1,
            _ => depth,
        };
        let escaped = byte == b'\\' && !escaped;
        let over = depth == 0 || bytes > MAX_STRING_BYTES;
        self.at = if over { At::Plain } else { At::Text { depth, escaped, bytes: bytes + 1 } };
    }

    fn name_ends(&mut self) {
        let name = unescaped(&self.name);
        let object = &mut self.object;
        match name.as_slice() {
            b"ObjStm" => object.of_objects = true,
            b"First" => object.first = true,
            b"N" => object.count = true,
            b"FlateDecode" | b"Fl" => object.flate = true,
            b"Predictor" => object.predictor = true,
            b"ASCIIHexDecode" | b"AHx" | b"ASCII85Decode" | b"A85" | b"LZWDecode" | b"LZW" | b"RunLengthDecode"
            | b"RL" | b"Crypt" => object.other_filter = true,
            b"Encrypt" => self.problem = Some(FieldProblem::FileLocked),
            active if ACTIVE.contains(&active) => self.problem = Some(FieldProblem::FileActive),
            _ => {}
        }
    }

    /// Reads to the end of the stream's data, if it is there: how many bytes, and whether it ended.
    fn skip_stream(&mut self, bytes: &[u8]) -> (usize, bool) {
        const END: &[u8] = b"endstream";
        for (place, byte) in bytes.iter().enumerate() {
            if END.get(self.end) == Some(byte) {
                self.end += 1;
            } else {
                // No proper beginning of the word repeats within it but its first letter, and `e` only after `endstr`.
                self.end = usize::from(*byte == b'e');
            }
            if self.end == END.len() {
                self.at = At::Plain;
                self.word.clear();
                self.object = Object::default();
                return (place + 1, true);
            }
        }
        (bytes.len(), false)
    }
}

/// A name with its `#xx` read (7.3.5).
fn unescaped(name: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut all = Vec::with_capacity(name.len());
    let mut at = 0;
    while let Some(byte) = name.get(at) {
        match (byte, digit(name.get(at + 1)), digit(name.get(at + 2))) {
            (b'#', Some(high), Some(low)) => {
                all.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                all.push(*byte);
                at += 1;
            }
        }
    }
    all
}

const fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use FieldProblem::{FileActive, FileLocked};

    /// The same whatever the pieces.
    fn check(bytes: &[u8], expected: Option<FieldProblem>) {
        for size in [1, 7, bytes.len()] {
            let mut pdf = Pdf::default();
            bytes.chunks(size).for_each(|piece| pdf.push(piece));
            assert_eq!(pdf.problem(), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut all = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        all.write_all(plain).unwrap();
        all.finish().unwrap()
    }

    fn with_stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
        let mut all = format!("%PDF-1.7\n1 0 obj\n<<{dictionary}>>\nstream\n").into_bytes();
        all.extend_from_slice(data);
        all.extend_from_slice(b"\nendstream\nendobj\n2 0 obj\n<</Type/Catalog>>\nendobj\n%%EOF\n");
        all
    }

    #[test]
    fn what_runs_is_found_wherever_it_lies() {
        check(b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>\nendobj\n", Some(FileActive));
        check(b"%PDF-1.7\n1 0 obj\n<</S /Java#53cript >>\nendobj\n", Some(FileActive));
        check(b"%PDF-1.7\n1 0 obj\n<</S/Launch/F(cmd.exe)>>\nendobj\n", Some(FileActive));
        check(b"%PDF-1.7\n1 0 obj\n<</Type/EmbeddedFile>>\nstream\nx\nendstream\n", Some(FileActive));
        check(b"%PDF-1.7\ntrailer\n<</Encrypt 5 0 R>>\n", Some(FileLocked));
        let action = packed(b"5 0 <</S/JavaScript>> ");
        check(&with_stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &action), Some(FileActive));
        check(&with_stream("/N 1/First 4/Filter/FlateDecode", &action), Some(FileActive));
        check(&with_stream("/Type/ObjStm/N 1/First 4", b"5 0 <</S/JavaScript>> "), Some(FileActive));
        check(&with_stream("/Type/ObjStm/N 1/Filter[/ASCIIHexDecode/FlateDecode]", b"00>"), Some(FileLocked));
        check(&with_stream("/Type/ObjStm/N 1/Filter/FlateDecode", b"not packed at all"), Some(FileLocked));
        let after = [with_stream("", b"abc"), b"3 0 obj <</S/Launch>> endobj\n".to_vec()].concat();
        check(&after, Some(FileActive));
    }

    #[test]
    fn text_about_scripts_is_text() {
        check(b"%PDF-1.7\n% /JavaScript\n1 0 obj\n<</Title(HTML/JavaScript \\( /JS )>>\nendobj\n", None);
        check(&with_stream("/Length 40", b"BT (HTML /JavaScript /Launch) Tj ET"), None);
        let page = packed(b"BT /F1 12 Tf (C++ /JavaScript) Tj ET");
        check(&with_stream("/Filter/FlateDecode", &page), None);
        check(&with_stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &packed(b"5 0 <</Type/Page>> ")), None);
    }

    #[test]
    fn what_unpacks_without_end_is_not_unpacked() {
        let bomb = packed(&vec![b' '; MAX_INFLATED_BYTES + 1_000_000]);
        assert!(bomb.len() < 200_000);
        let mut pdf = Pdf::default();
        pdf.push(&with_stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &bomb));
        assert_eq!(pdf.problem(), Some(FileLocked));
        assert!(pdf.inflated <= MAX_INFLATED_BYTES + 16 * 1024);
    }
}
