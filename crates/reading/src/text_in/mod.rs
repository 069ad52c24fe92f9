//! A file → its text. What a file is, is told by its bytes; its name only decides between kinds that look alike.
//!
//! Everything that grows is bounded here: the file, what a compressed part unpacks to, and the text. What cannot be read is told
//! with its reason, and never guessed at.

mod docx;
mod encoding;
mod html;
mod markdown;
mod pdf;

use serde::{Deserialize, Serialize};

use crate::data::Both;
use crate::source::{Format, Source};

/// The largest file in bytes.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// The longest text in bytes: some four thousand pages.
pub const MAX_TEXT_BYTES: usize = 12 * 1024 * 1024;

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Unreadable {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than what is read.
    #[error("the file or its text has more than {most} bytes; split it, or take out what is no agreement")]
    TooLarge {
        /// The limit.
        most: usize,
    },
    /// It is a picture.
    #[error("this is a picture; only texts are read, so have it transcribed first")]
    Picture,
    /// A PDF without a text layer.
    #[error("this PDF has {pages} pages and no text: it is made of pictures, so have it transcribed first")]
    OnlyPictures {
        /// How many pages.
        pages: usize,
    },
    /// It is protected by a password.
    #[error("the file is protected by a password")]
    Locked,
    /// A spreadsheet, slides, an old Word file and so on.
    #[error("this is {}, which is not read; save it as text, DOCX or PDF", what.label().en)]
    OtherFormat {
        /// What it is.
        what: OtherKind,
    },
    /// Bytes that are no text.
    #[error("these bytes are no text")]
    NoText,
    /// The container is broken or unpacks to far too much.
    #[error("the file is damaged or made to harm: {why}")]
    Damaged {
        /// What is wrong.
        why: String,
    },
    /// Reading took longer, or more memory, than a reading may.
    #[error("reading the file took too long or too much memory, and was stopped; save it as text and try again")]
    TooHeavy,
}

/// A kind of file that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OtherKind {
    /// Rows and columns (.xlsx, .ods).
    Spreadsheet,
    /// Slides (.pptx).
    Slides,
    /// A text document of another office suite (.odt).
    OpenDocument,
    /// What older office programs wrote (.doc, .xls).
    OldOffice,
    /// Rich text (.rtf).
    RichText,
    /// Several files in one.
    Archive,
    /// Compressed.
    Compressed,
}

impl OtherKind {
    /// Its name for people.
    #[must_use]
    pub fn label(self) -> Both {
        let (sv, en) = match self {
            Self::Spreadsheet => ("ett kalkylblad", "a spreadsheet"),
            Self::Slides => ("en presentation", "a slide show"),
            Self::OpenDocument => ("ett dokument av OpenDocument-slag (.odt)", "an OpenDocument text (.odt)"),
            Self::OldOffice => ("en äldre Office-fil (.doc, .xls)", "an old Office file (.doc, .xls)"),
            Self::RichText => ("en RTF-fil", "rich text (RTF)"),
            Self::Archive => ("ett arkiv med flera filer", "an archive of several files"),
            Self::Compressed => ("en komprimerad fil", "a compressed file"),
        };
        Both { sv: sv.to_owned(), en: en.to_owned() }
    }
}

impl Unreadable {
    /// A short name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too-large",
            Self::Picture => "picture",
            Self::OnlyPictures { .. } => "only-pictures",
            Self::Locked => "locked",
            Self::OtherFormat { .. } => "other-format",
            Self::NoText => "no-text",
            Self::Damaged { .. } => "damaged",
            Self::TooHeavy => "too-heavy",
        }
    }
}

impl Source {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// Why there is nothing to read.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(Unreadable::TooLarge { most: MAX_FILE_BYTES });
        }
        if bytes.starts_with(b"%PDF-") || bytes.get(..1024).is_some_and(|head| find(head, b"%PDF-").is_some()) {
            let text = pdf::text(bytes)?;
            return Self::of_text(file, Format::Pdf, bytes, text);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            let text = docx::text(bytes)?;
            return Self::of_text(file, Format::Docx, bytes, text);
        }
        if let Some(unreadable) = by_its_first_bytes(bytes) {
            return Err(unreadable);
        }
        if bytes.len() > MAX_TEXT_BYTES * 2 {
            return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
        }
        let (text, decoded) = encoding::decode(bytes)?;
        let name = file.to_lowercase();
        if looks_like_html(&name, &text) {
            let plain = html::text(&text);
            return Self::checked(file, Format::Html, bytes, decoded, plain);
        }
        if name.ends_with(".md") || name.ends_with(".markdown") {
            let plain = markdown::text(&text);
            return Self::checked(file, Format::Markdown, bytes, decoded, plain);
        }
        Self::checked(file, Format::Plain, bytes, decoded, spaced(piped(text)))
    }

    /// Text that another program took out of a file, such as `pdftotext`; the hash is the file's.
    ///
    /// # Errors
    /// Why there is nothing to read.
    pub fn of_text(file: &str, format: Format, bytes: &[u8], text: String) -> Result<Self, Unreadable> {
        let (text, decoded) = encoding::decode(text.as_bytes())?;
        Self::checked(file, format, bytes, decoded, text)
    }

    fn checked(
        file: &str,
        format: Format,
        bytes: &[u8],
        decoded: crate::source::Decoded,
        text: String,
    ) -> Result<Self, Unreadable> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
        }
        if text.trim().is_empty() {
            return Err(Unreadable::Empty);
        }
        Ok(Self::new(file, format, bytes, decoded, text))
    }
}

/// Rows whose cells are parted by upright strokes become rows parted by tabs, as all other tables are.
fn piped(text: String) -> String {
    if !text.contains(" | ") {
        return text;
    }
    let row = |line: &str| if line.matches(" | ").count() >= 2 { line.replace(" | ", "\t") } else { line.to_owned() };
    text.split('\n').map(row).collect::<Vec<_>>().join("\n")
}

/// Rows whose columns are held apart by white space, as programs lay out tables in plain text, become rows parted by tabs: where under
/// headings that are known at least two lines follow one another that have equally many gaps of three blanks or more.
fn spaced(text: String) -> String {
    const GAP: &str = "   ";
    const ROWS: usize = 3;
    if !text.contains(GAP) {
        return text;
    }
    let gaps = |line: &str| {
        let line = line.trim();
        let cells = line.split(GAP).filter(|cell| !cell.trim().is_empty()).count();
        let long = line.split(GAP).any(|cell| cell.trim().chars().count() > 80);
        // A line to be filled in is no row.
        let filled = line.contains('\t') || line.contains("....") || line.contains("____");
        if long || filled { 0 } else { cells.saturating_sub(1) }
    };
    let lines: Vec<&str> = text.split('\n').collect();
    let counts: Vec<usize> = lines.iter().map(|line| gaps(line)).collect();
    let mut rows = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let count = counts.get(at).copied().unwrap_or(0);
        let own = if count == 0 { 0 } else { counts.iter().skip(at).take_while(|here| **here == count).count() };
        // Under headings that are known: lines of a letter that was set to both margins, or of signatures, are none.
        let headings = lines.get(at).map_or("", |line| line).to_lowercase();
        let headings: Vec<&str> = headings.split(GAP).map(str::trim).filter(|cell| !cell.is_empty()).collect();
        if own >= ROWS && crate::columns::header(&headings, false).is_some() {
            rows.iter_mut().skip(at).take(own).for_each(|row| *row = true);
        }
        at += own.max(1);
    }
    let line = |(line, row): (&&str, &bool)| {
        if !row {
            return (*line).to_owned();
        }
        let cells = line.split(GAP).map(str::trim).filter(|cell| !cell.is_empty());
        cells.collect::<Vec<_>>().join("\t")
    };
    lines.iter().zip(&rows).map(line).collect::<Vec<_>>().join("\n")
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn by_its_first_bytes(bytes: &[u8]) -> Option<Unreadable> {
    const PICTURES: [&[u8]; 5] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"];
    if PICTURES.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(Unreadable::Picture);
    }
    const OTHERS: [(&[u8], OtherKind); 5] = [
        (b"\xd0\xcf\x11\xe0", OtherKind::OldOffice),
        (b"{\\rtf", OtherKind::RichText),
        (b"7z\xbc\xaf", OtherKind::Archive),
        (b"Rar!", OtherKind::Archive),
        (b"\x1f\x8b", OtherKind::Compressed),
    ];
    OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| Unreadable::OtherFormat { what: *what })
}

fn looks_like_html(name: &str, text: &str) -> bool {
    if name.ends_with(".html") || name.ends_with(".htm") || name.ends_with(".xhtml") {
        return true;
    }
    let head: String = text.chars().take(600).collect::<String>().to_lowercase();
    ["<!doctype html", "<html", "<body", "<head>"].iter().any(|mark| head.contains(mark))
}
