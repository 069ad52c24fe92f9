//! The language: every block and key that an agreement may hold, as data. What reads them, what explains them, the JSON
//! Schema, the layers and the mutation test all go by these tables, so that no block is known to one and not to another.
//!
//! The blocks that `decide` runs on (purposes, roles, rules, recipients …) are read by hand into types of their own; they
//! stand in `decided`, for schema and reference only. All others become a [`Term`](crate::Term).

mod changing;
mod decided;
mod documents;
mod duties;
mod keeping;
mod layers;
mod money;
mod processing;
mod recipients;
mod register;
mod schema;
mod time;
mod words;

use terms::Verb;

use crate::reading::Sort;

pub use duties::is_event;
pub use schema::terms_schema;
pub use words::{block_name, key_name, value_name, word_name};

/// How a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `[name]`, once.
    Once,
    /// `[name.ID]`.
    Each,
    /// `[[name]]`.
    List,
}

/// The shape of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text for people.
    Text,
    /// A text in Swedish and English.
    Label,
    /// `true` or `false`.
    Flag,
    /// A whole number from 0.
    Count,
    /// A percentage with decimals, as `"99.4 %"`.
    Percent,
    /// An amount with its currency, as `"1200 SEK"`.
    Money,
    /// A period in the contract's own words, as `"5 working days"` or `"without undue delay"`.
    Period,
    /// A day, as `"2026-05-19"`.
    Date,
    /// A time of day, as `"16:00"`.
    Time,
    /// A country, ISO 3166-1 alpha-2.
    Country,
    /// A concept of a vocabulary, as `"dpv:Encryption"`.
    Concept,
    /// One word of a closed list.
    Word(&'static [&'static str]),
    /// Words of a closed list.
    Words(&'static [&'static str]),
    /// Free words, such as names of organisations.
    AnyWords,
    /// The id of something that the agreement defines.
    Name(Of),
    /// Ids of things that the agreement defines.
    Names(Of),
}

/// What an id refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// `[category.*]`.
    Category,
    /// `[subject.*]`.
    Subject,
    /// `[purpose.*]`.
    Purpose,
    /// `[role.*]`.
    Role,
    /// `[[subprocessor]]`.
    Subprocessor,
    /// A block `[name.ID]` of this file.
    Block(&'static str),
}

impl Of {
    pub(crate) fn sort(self) -> Sort {
        match self {
            Self::Category => Sort::Category,
            Self::Subject => Sort::Subject,
            Self::Purpose => Sort::Purpose,
            Self::Role => Sort::Role,
            Self::Subprocessor => Sort::Subprocessor,
            Self::Block(name) => Sort::Term(name),
        }
    }
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Without it the block is a fault.
    Required,
    /// Agreements should say it: without it the value is *not found*, and a person is told.
    Asked,
    /// It may be left out.
    Optional,
}

/// Which of two values of a key binds the processor harder, when layers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stricter {
    /// The shorter period, the lower number or amount, the earlier day.
    Less,
    /// The longer period, the higher number or amount, the later day.
    More,
    /// The list that is contained in the other.
    Fewer,
    /// The list that contains the other.
    Longer,
    /// `true`.
    Yes,
    /// `false`.
    No,
    /// There is no order: a person decides, and until then the act waits.
    Unordered,
}

/// One key of a block.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// As written.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// Whether it must be there.
    pub need: Need,
    /// Which value wins between layers.
    pub stricter: Stricter,
    /// What it says, for people.
    pub doc: &'static str,
}

/// The kind of document that a text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// An agreement, or a layer over one.
    Agreement,
    /// A register of recipients.
    Register,
}

impl DocumentKind {
    /// As in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Agreement => "an agreement",
            Self::Register => "a register",
        }
    }
}

/// One block of the language.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// As written between the brackets.
    pub name: &'static str,
    /// Once, each with an id, or a list.
    pub form: Form,
    /// The ids it may have; empty where the author chooses them.
    pub ids: &'static [&'static str],
    /// What it says, for people.
    pub doc: &'static str,
    /// Its keys. `provenance` and `why` may stand in every block and are not repeated here.
    pub keys: &'static [&'static [Key]],
    /// Whether it is read by hand into a type of its own.
    pub by_hand: bool,
    /// The kinds of document that may hold it.
    pub documents: &'static [DocumentKind],
}

impl Block {
    /// Every key.
    pub fn each_key(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().copied().flatten()
    }

    /// The key of this name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.each_key().find(|key| key.name == name)
    }
}

/// Every block, in groups by matter.
pub fn blocks() -> impl Iterator<Item = &'static Block> {
    [
        decided::BLOCKS,
        documents::BLOCKS,
        processing::BLOCKS,
        recipients::BLOCKS,
        duties::BLOCKS,
        keeping::BLOCKS,
        time::BLOCKS,
        money::BLOCKS,
        changing::BLOCKS,
        layers::BLOCKS,
        register::BLOCKS,
    ]
    .into_iter()
    .flatten()
}

/// The block of this name.
#[must_use]
pub fn block(name: &str) -> Option<&'static Block> {
    blocks().find(|block| block.name == name)
}

/// The acts that wait while layers contradict each other about a term of this block and nobody has decided.
///
/// Each is an act of Art. 4(2) that the term governs; a block that governs no act of its own holds nothing up.
#[must_use]
pub fn governs(block: &str) -> &'static [Verb] {
    match block {
        "backup" | "location" => &[Verb::Use],
        "disclosures" | "disclosure" | "subprocessing" | "third-country" | "transfer" | "transfers" => {
            &[Verb::Disclose]
        }
        "ending" | "erasure" | "retention" | "termination" => &[Verb::Erase],
        "instructions" | "instruction" => &[Verb::Alter, Verb::Collect, Verb::Disclose, Verb::Erase, Verb::Use],
        "anonymising" => &[Verb::Anonymise],
        "legal-hold" => &[Verb::Hold],
        "sensitive" => &[Verb::Collect, Verb::Alter],
        _ => &[],
    }
}

const fn key(name: &'static str, shape: Shape, need: Need, stricter: Stricter, doc: &'static str) -> Key {
    Key { name, shape, need, stricter, doc }
}

const fn must(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    key(name, shape, Need::Required, Stricter::Unordered, doc)
}

const fn may(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    key(name, shape, Need::Optional, Stricter::Unordered, doc)
}

const fn asked(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    key(name, shape, Need::Asked, Stricter::Unordered, doc)
}

impl Key {
    const fn stricter(mut self, stricter: Stricter) -> Self {
        self.stricter = stricter;
        self
    }
}

const fn once(name: &'static str, doc: &'static str, keys: &'static [&'static [Key]]) -> Block {
    Block { name, form: Form::Once, ids: &[], doc, keys, by_hand: false, documents: &[DocumentKind::Agreement] }
}

const fn each(name: &'static str, doc: &'static str, keys: &'static [&'static [Key]]) -> Block {
    Block { name, form: Form::Each, ids: &[], doc, keys, by_hand: false, documents: &[DocumentKind::Agreement] }
}

const fn list(name: &'static str, doc: &'static str, keys: &'static [&'static [Key]]) -> Block {
    Block { name, form: Form::List, ids: &[], doc, keys, by_hand: false, documents: &[DocumentKind::Agreement] }
}

impl Block {
    const fn ids(mut self, ids: &'static [&'static str]) -> Self {
        self.ids = ids;
        self
    }

    const fn by_hand(mut self) -> Self {
        self.by_hand = true;
        self
    }

    const fn of_register(mut self) -> Self {
        self.documents = &[DocumentKind::Register];
        self
    }

    const fn of_both(mut self) -> Self {
        self.documents = &[DocumentKind::Agreement, DocumentKind::Register];
        self
    }
}
