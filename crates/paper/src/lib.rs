//! Documents as PDF: headings, paragraphs, quotations, facts, tables and plots on A4, tagged so that a screen reader follows them, with
//! language, title, outline and page numbers.
//!
//! It knows no record and no page: who fills a [`Document`] stands at the portal's sinks. The same document gives the same
//! bytes, so that the hash of a file that was sent proves it unchanged. Nothing here reads a clock.
//!
//! Not here: photographs, colours of a brand, other sizes of paper.

mod layout;
mod paint;
mod plot;
mod text;

use aws_lc_rs::digest::{SHA256, digest};
use terms::{Hash, Language};
use zeroize::Zeroize;

/// Most characters of a whole document; what is longer is no paper that anybody reads.
pub const MAX_CHARACTERS: usize = 20_000_000;

/// A document to be written. No `Debug` and no `Clone`: it may hold what was opened. Its texts are wiped when it is dropped.
pub struct Document {
    /// What it is; stands first on the paper and in the window of whoever reads it.
    pub title: String,
    /// The language of its texts.
    pub language: Language,
    /// Whether the paper lies on its long side: for tables of many columns.
    pub landscape: bool,
    /// Its parts in reading order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// A document with nothing in it yet.
    #[must_use]
    pub fn new(title: impl Into<String>, language: Language) -> Self {
        Self { title: title.into(), language, landscape: false, blocks: Vec::new() }
    }

    /// With one more block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        self.title.zeroize();
        for block in &mut self.blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph(text) => text.zeroize(),
                Block::Quotation(quotation) => quotation.words.zeroize(),
                Block::Facts(facts) => facts.iter_mut().for_each(|(name, value)| {
                    name.zeroize();
                    value.zeroize();
                }),
                Block::Table(table) => table.rows.iter_mut().flatten().for_each(Zeroize::zeroize),
                Block::Plot(plot) => plot.points.iter_mut().for_each(|(under, value)| {
                    under.zeroize();
                    value.zeroize();
                }),
            }
        }
    }
}

/// A part of a document.
pub enum Block {
    /// A heading. The document's title is of level 1, so these begin with 2.
    Heading {
        /// 2 to 6; others are taken as the nearest.
        level: u8,
        /// Its text.
        text: String,
    },
    /// A paragraph. Line breaks in it stay.
    Paragraph(String),
    /// Words of another text, set off.
    Quotation(Quotation),
    /// Names with their values, one a line.
    Facts(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// A plot, drawn; its description is what a screen reader says of it.
    Plot(Plot),
}

/// Words of another text, and where they stand there.
pub struct Quotation {
    /// The words, as they stand.
    pub words: String,
    /// Where, in the document's language; empty where it stands beside already.
    pub place: String,
    /// The language of the words, where it is another than the document's: ISO 639-1.
    pub language: Option<String>,
}

/// A plot of some figures. They belong into a table beside it: a description cannot say them all.
pub struct Plot {
    /// What it shows, said above it.
    pub title: String,
    /// What it says, in a sentence, for those who do not see it.
    pub description: String,
    /// Bars or a line.
    pub form: PlotForm,
    /// What stands under each point, and its value, in whatever unit. With fewer than two nothing is drawn.
    pub points: Vec<(String, i64)>,
    /// Values that have a line from side to side, each as it is written beside it.
    pub grid: Vec<(i64, String)>,
}

/// How a plot is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotForm {
    /// A bar a point, from nought.
    Bars,
    /// A line through the points.
    Line,
}

/// A table. Its head is repeated on every page that it reaches.
#[derive(Default)]
pub struct Table {
    /// What it shows, said above it.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows. A row that is too short has empty cells, and cells beyond the columns are not shown. The first cell heads its
    /// row.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub label: String,
    /// Whether its values are figures, which stand to the right.
    pub figures: bool,
}

impl Column {
    /// A column of texts.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), figures: false }
    }

    /// A column of figures.
    #[must_use]
    pub fn figures(label: impl Into<String>) -> Self {
        Self { label: label.into(), figures: true }
    }
}

/// Why there is no paper.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// More than [`MAX_CHARACTERS`].
    #[error("the document has {characters} characters (at most {MAX_CHARACTERS})")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// A font that is built in cannot be read: a fault of the build.
    #[error("a font that is built in cannot be read")]
    Font,
    /// The writer found the document against the standard that it claims. It names no text of the document.
    #[error("the document cannot be written: {0}")]
    Standard(&'static str),
}

/// Writes the document as PDF 1.7, checked against PDF/UA-1 as far as a program can check it.
///
/// # Errors
/// When it is too long, or against the standard. Whatever characters a text holds is no error: what no built-in font has is
/// drawn as a replacement mark, and stays as it is for whoever copies, searches or listens.
pub fn write(document: &Document) -> Result<Vec<u8>, PaperError> {
    let characters = characters(document);
    if characters > MAX_CHARACTERS {
        return Err(PaperError::TooLong { characters });
    }
    let fonts = text::Fonts::built_in().ok_or(PaperError::Font)?;
    let laid = layout::lay_out(document, &fonts);
    paint::paint(document, &laid, &fonts)
}

/// The SHA-256 of a paper, by which anybody can tell that it is the one that was sent.
#[must_use]
pub fn fingerprint(pdf: &[u8]) -> Hash {
    let mut hash = Hash([0; 32]);
    for (to, from) in hash.0.iter_mut().zip(digest(&SHA256, pdf).as_ref()) {
        *to = *from;
    }
    hash
}

fn characters(document: &Document) -> usize {
    let of = |text: &String| text.len();
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Heading { text, .. } | Block::Paragraph(text) => of(text),
        Block::Quotation(quotation) => of(&quotation.words) + of(&quotation.place),
        Block::Facts(facts) => facts.iter().map(|(name, value)| of(name) + of(value)).sum(),
        Block::Table(table) => table.rows.iter().flatten().map(of).sum(),
        Block::Plot(plot) => plot.points.iter().map(|(under, _)| of(under)).sum(),
    });
    document.title.len() + blocks.sum::<usize>()
}
