//! What is gathered while a text is read: faults, warnings, what is defined and what is referred to.
//!
//! It turns byte ranges into lines, columns and excerpts. It judges nothing; the checks do.

use core::ops::Range;
use std::collections::HashMap;

use terms::ClauseId;

use crate::fault::{Fault, Warning, WarningCode};
use crate::language::DocumentKind;

/// Most faults that are kept; a text that breaks everywhere should not fill the terminal or the memory.
pub(crate) const MAX_FAULTS: usize = 500;
/// Longest excerpt in characters.
const MAX_EXCERPT_CHARS: usize = 140;

/// A stretch of the file, in bytes, under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub start: usize,
    pub end: usize,
    /// Index into the headings of the [`Reading`]; the first is *nowhere*.
    pub heading: usize,
}

/// What an id can name. Ids are unique within their sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sort {
    Purpose,
    Subject,
    Category,
    Role,
    Case,
    Subprocessor,
    /// A block that stands once, such as `[agreement]`; its name is its id.
    Block,
    /// A general block `[name.ID]`, by its name.
    Term(&'static str),
}

impl Sort {
    /// As in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Subject => "category of data subjects",
            Self::Category => "category",
            Self::Role => "role",
            Self::Case => "case",
            Self::Subprocessor => "subprocessor",
            Self::Block => "block",
            Self::Term(name) => name,
        }
    }

    /// How one is written.
    pub fn block(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Subject => "subject",
            Self::Category => "category",
            Self::Role => "role",
            Self::Case => "case",
            Self::Subprocessor => "subprocessor",
            Self::Block => "block",
            Self::Term(name) => name,
        }
    }
}

/// A name at a place: where it is defined, or where it is referred to.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub sort: Sort,
    pub name: String,
    pub at: Place,
}

/// Everything found so far.
pub(crate) struct Reading<'t> {
    pub file_name: &'t str,
    pub text: &'t str,
    /// What it is read as; an agreement where nothing else is said.
    pub document: DocumentKind,
    line_starts: Vec<usize>,
    headings: Vec<(Option<ClauseId>, String)>,
    pub faults: Vec<Fault>,
    pub warnings: Vec<Warning>,
    pub defined: Vec<Named>,
    /// Where each thing is first defined.
    first: HashMap<Sort, HashMap<String, Place>>,
    pub referred: Vec<Named>,
    /// What the agreement under a layer defines: the layer may refer to it, and does not define it again.
    pub beneath: Vec<(Sort, String)>,
    /// Whether some block could not be read as TOML; what it would have defined is then unknown.
    pub unreadable: bool,
}

impl<'t> Reading<'t> {
    pub fn new(file_name: &'t str, text: &'t str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self {
            file_name,
            text,
            document: DocumentKind::Agreement,
            line_starts: core::iter::once(0).chain(starts).collect(),
            headings: vec![(None, String::new())],
            faults: Vec::new(),
            warnings: Vec::new(),
            defined: Vec::new(),
            first: HashMap::new(),
            referred: Vec::new(),
            beneath: Vec::new(),
            unreadable: false,
        }
    }

    /// Registers a heading (and block) for places to refer to.
    pub fn heading(&mut self, clause: Option<ClauseId>, words: String) -> usize {
        self.headings.push((clause, words));
        self.headings.len() - 1
    }

    /// The words of a heading.
    pub fn heading_words(&self, heading: usize) -> &str {
        self.headings.get(heading).map_or("", |(_, words)| words)
    }

    pub fn place(&self, range: Range<usize>, heading: usize) -> Place {
        Place { start: range.start, end: range.end, heading }
    }

    /// The place of the file as a whole.
    pub fn nowhere(&self) -> Place {
        Place { start: 0, end: 0, heading: 0 }
    }

    /// The line that holds this byte, from 1.
    pub fn line(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).max(1)
    }

    pub fn fault(&mut self, at: Place, message: impl Into<String>, remedy: impl Into<String>) {
        if self.faults.len() > MAX_FAULTS {
            return;
        }
        let (message, remedy) = if self.faults.len() == MAX_FAULTS {
            (format!("there are more than {MAX_FAULTS} faults"), "Mend these first.".to_owned())
        } else {
            (message.into(), remedy.into())
        };
        let start = floor(self.text, at.start.min(self.text.len()));
        let line = self.line(start);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or(0);
        let rest = self.text.get(line_start..).unwrap_or("");
        let whole = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
        let before = self.text.get(line_start..start).map_or(0, |before| before.chars().count());
        let marked = self.text.get(start..ceil(self.text, at.end.min(self.text.len()))).unwrap_or("");
        let marked = marked.split('\n').next().unwrap_or("").trim_end().chars().count().max(1);
        let (excerpt, caret) = cut(whole, before);
        let width = marked.min(excerpt.chars().count().saturating_sub(caret)).max(1);
        self.faults.push(Fault {
            file: self.file_name.to_owned(),
            line,
            column: before + 1,
            excerpt,
            caret,
            width,
            heading: self.heading_words(at.heading).to_owned(),
            message,
            remedy,
        });
    }

    pub fn warn(&mut self, at: Place, code: WarningCode, message: impl Into<String>) {
        let clause = self.headings.get(at.heading).and_then(|(clause, _)| clause.clone());
        let heading = self.heading_words(at.heading).to_owned();
        let line = self.line(at.start);
        self.warnings.push(Warning { code, line, clause, heading, message: message.into() });
    }

    pub fn define(&mut self, sort: Sort, name: &str, at: Place) {
        self.first.entry(sort).or_default().entry(name.to_owned()).or_insert(at);
        self.defined.push(Named { sort, name: name.to_owned(), at });
    }

    pub fn refer(&mut self, sort: Sort, name: &str, at: Place) {
        self.referred.push(Named { sort, name: name.to_owned(), at });
    }

    pub fn is_defined(&self, sort: Sort, name: &str) -> bool {
        self.first.get(&sort).is_some_and(|names| names.contains_key(name))
            || self.beneath.iter().any(|(known, of)| *known == sort && of == name)
    }

    /// Where a thing is first defined.
    pub fn place_of(&self, sort: Sort, name: &str) -> Place {
        self.first.get(&sort).and_then(|names| names.get(name)).copied().unwrap_or(self.nowhere())
    }

    /// Whether more faults would not be kept, so that looking for them is in vain.
    pub fn is_full(&self) -> bool {
        self.faults.len() > MAX_FAULTS
    }
}

/// Control characters, and those that turn the direction of writing or cannot be seen, become spaces, so that a hostile file
/// cannot steer the terminal or the eyes of those it is shown to.
pub(crate) fn plain(c: char) -> char {
    let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if c.is_control() || hidden { ' ' } else { c }
}

/// A readable piece of the line around the caret.
fn cut(line: &str, caret: usize) -> (String, usize) {
    let length = line.chars().count();
    if length <= MAX_EXCERPT_CHARS {
        return (line.chars().map(plain).collect(), caret);
    }
    let skip = caret.saturating_sub(MAX_EXCERPT_CHARS / 2);
    let lead = if skip > 0 { "…" } else { "" };
    let tail = if skip + MAX_EXCERPT_CHARS < length { "…" } else { "" };
    let middle: String = line.chars().skip(skip).take(MAX_EXCERPT_CHARS).map(plain).collect();
    (format!("{lead}{middle}{tail}"), caret - skip + lead.chars().count())
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
