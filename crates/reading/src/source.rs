//! One text as it lies in the world: what it was decoded from, its lines and pages, and what stands in it without belonging to it.
//!
//! Every place is a span of bytes in the decoded text, so that a quotation can always be shown where it stands. The text is never
//! corrected; what hinders reading (page numbers, running headers) is set aside by span and left where it is.

use core::fmt;
use core::ops::Range;

use aws_lc_rs::digest::{SHA256, digest};

/// A stretch of the decoded text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// From a range of bytes.
    #[must_use]
    pub fn of(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end.max(range.start) }
    }

    /// Whether the other lies within this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text without marks.
    Plain,
    /// Markdown.
    Markdown,
    /// A web page.
    Html,
    /// A document of Word's kind (OOXML).
    Docx,
    /// A PDF with a text layer.
    Pdf,
}

impl Format {
    /// A short name for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
        }
    }

    pub(crate) fn of_code(code: &str) -> Option<Self> {
        [Self::Plain, Self::Markdown, Self::Html, Self::Docx, Self::Pdf].into_iter().find(|it| it.code() == code)
    }
}

/// What decoding had to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The encoding, as the standard names it.
    pub encoding: &'static str,
    /// Lines that were in another encoding than the rest.
    pub other_lines: usize,
    /// Lines that had been encoded twice.
    pub twice: usize,
    /// Characters that turn or hide text (direction marks, zero width) and were taken out.
    pub hidden: usize,
    /// Characters that could not be read at all.
    pub lost: usize,
}

/// Why something stands in the text that is no part of what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsideKind {
    /// The number of a page.
    PageNumber,
    /// A line that returns on every page.
    RunningLine,
}

/// Something set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aside {
    /// Where.
    pub span: Span,
    /// Why.
    pub kind: AsideKind,
}

/// A text that has been read in.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file's name, as it was given.
    pub file: String,
    /// What the file is.
    pub format: Format,
    /// What decoding did.
    pub decoded: Decoded,
    hash: String,
    text: String,
    lines: Vec<usize>,
    page_starts: Vec<usize>,
    pub(crate) asides: Vec<Aside>,
}

impl Source {
    pub(crate) fn new(file: &str, format: Format, bytes: &[u8], decoded: Decoded, text: String) -> Self {
        Self::hashed(file, format, hash(bytes), decoded, text)
    }

    pub(crate) fn hashed(file: &str, format: Format, hash: String, decoded: Decoded, text: String) -> Self {
        let mut lines = vec![0];
        let mut page_starts = vec![0];
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'\n' => lines.push(at + 1),
                // A form feed begins a page; the line that it stands on is the page's first.
                0x0c => page_starts.push(at + 1),
                _ => {}
            }
        }
        let mut source =
            Self { file: file.to_owned(), format, decoded, hash, text, lines, page_starts, asides: Vec::new() };
        source.asides = crate::asides::find(&source);
        source
    }

    /// The decoded text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the file's bytes, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// From now on the hash is that of the text and not of the file.
    pub(crate) fn hash_the_text(&mut self) {
        self.hash = hash(self.text.as_bytes());
    }

    /// SHA-256 of the text that was taken out of the file. One file can be taken apart in more than one way.
    #[must_use]
    pub fn text_hash(&self) -> String {
        hash(self.text.as_bytes())
    }

    /// What was set aside, in order.
    #[must_use]
    pub fn asides(&self) -> &[Aside] {
        &self.asides
    }

    /// How many lines there are.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// The line of a byte, from 1.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).max(1)
    }

    /// The lines of a span, first and last, from 1.
    #[must_use]
    pub fn lines_of(&self, span: Span) -> (usize, usize) {
        (self.line_of(span.start), self.line_of(span.end.saturating_sub(1).max(span.start)))
    }

    /// A line's bytes without its end, from 1.
    #[must_use]
    pub fn line(&self, number: usize) -> Span {
        let start = self.lines.get(number.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let next = self.lines.get(number).copied().unwrap_or(self.text.len() + 1);
        Span { start, end: next.saturating_sub(1).clamp(start, self.text.len()) }
    }

    /// The page of a byte, from 1, where the file has pages.
    #[must_use]
    pub fn page_of(&self, offset: usize) -> Option<usize> {
        if self.page_starts.len() < 2 {
            return None;
        }
        Some(self.page_starts.partition_point(|start| *start <= offset).max(1))
    }

    /// The bytes of a span, as they stand.
    #[must_use]
    pub fn raw(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// The words of a span: what is set aside left out, and all white space made one blank.
    #[must_use]
    pub fn words(&self, span: Span) -> String {
        let mut words = String::with_capacity(span.end.saturating_sub(span.start).min(4096));
        let mut at = span.start;
        let from = self.asides.partition_point(|aside| aside.span.end <= span.start);
        let rest = self.asides.get(from..).unwrap_or(&[]).iter().take_while(|aside| aside.span.start < span.end);
        for aside in rest {
            push(&mut words, self.raw(Span::of(at..aside.span.start.max(at))));
            push(&mut words, " ");
            at = aside.span.end.max(at);
        }
        push(&mut words, self.raw(Span::of(at..span.end.max(at))));
        words.truncate(words.trim_end().len());
        words
    }
}

/// SHA-256 in hexadecimal.
fn hash(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
        hex
    })
}

/// Appends, with all white space made one blank and none at the beginning.
fn push(words: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_whitespace() {
            if !words.is_empty() && !words.ends_with(' ') {
                words.push(' ');
            }
        } else {
            words.push(c);
        }
    }
}
