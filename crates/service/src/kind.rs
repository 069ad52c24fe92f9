//! Record kinds: what a service keeps, as data. Each field says what it is, of which category and whose.

use crate::FileForm;
use terms::{Category, FieldName, KindName, Label, Relation, RetentionClass, ServiceName, SubjectCategory};

/// All kinds of one service, as its `kinds.toml` says.
#[derive(Debug, Clone)]
pub struct Kinds {
    /// The service; the first part of its addresses.
    pub service: ServiceName,
    /// What people call it.
    pub label: Label,
    /// One sentence on what it is for.
    pub about: Label,
    /// The kinds, in the order of the file.
    pub kinds: Vec<Kind>,
}

impl Kinds {
    /// The kind of that name.
    #[must_use]
    pub fn kind(&self, name: &KindName) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.name == *name)
    }

    /// The kind with that part of an address.
    #[must_use]
    pub fn by_path(&self, path: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.path == path)
    }

    /// The customer's lists that fields refer to, each once.
    #[must_use]
    pub fn lists(&self) -> Vec<&str> {
        let fields = self.kinds.iter().flat_map(|kind| &kind.fields);
        let mut lists: Vec<&str> = fields
            .filter_map(|field| match &field.holds {
                FieldType::Listed { list } => Some(list.as_str()),
                _ => None,
            })
            .collect();
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    /// What erasing a person does to that person's records of a retention class. A class that no kind has goes: it was a kind's
    /// once, and nothing says any more that it may stay.
    #[must_use]
    pub fn erasure_of(&self, class: &RetentionClass) -> Erasure {
        self.kinds.iter().find(|kind| kind.retention == *class).map_or(Erasure::Goes, |kind| kind.erasure)
    }

    /// The kinds that belong to `parent`, in the order of the file.
    pub fn children<'a>(&'a self, parent: &'a KindName) -> impl Iterator<Item = &'a Kind> {
        self.kinds.iter().filter(move |kind| kind.parent.as_ref() == Some(parent))
    }
}

/// One kind of record.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its name.
    pub name: KindName,
    /// Its part of an address.
    pub path: String,
    /// One of them.
    pub label: Label,
    /// Several.
    pub plural: Label,
    /// The data subjects it is of, in the agreement's words.
    pub subject: SubjectCategory,
    /// Whose it is; under that person's key its fields are sealed.
    pub of: Of,
    /// The kind it belongs to.
    pub parent: Option<KindName>,
    /// Whether it may stand without a parent.
    pub parent_optional: bool,
    /// Whether it is also *about* the parent's person, without being that person's.
    pub about_parent: bool,
    /// The fields that name a record in lists.
    pub title: Vec<FieldName>,
    /// Whether every version is kept and shown.
    pub history: bool,
    /// Fields that together may occur once under one parent.
    pub unique: Vec<FieldName>,
    /// Whether the author of each version is shown with it.
    pub author_shown: bool,
    /// What erasing the person does to it.
    pub erasure: Erasure,
    /// For each relation by which a rule may reach a record, the field that carries it: a reference to the actor's own record,
    /// or a value that the actor's own record has too. What is not named here is reached through the parent.
    pub reach: Vec<(Relation, FieldName)>,
    /// Under which of the person's keys it lies: kinds of one class go together when the person is erased, or stay together.
    pub retention: RetentionClass,
    /// States it can have, the first being the one it begins with. Never personal data.
    pub states: Vec<String>,
    /// The states in which its values are never altered.
    pub locked: Vec<String>,
    /// The ways from state to state; with none, every state may follow every other.
    pub transitions: Vec<crate::Transition>,
    /// How it is shown as a month, where it is kept by the day.
    pub grid: Option<crate::Grid>,
    /// The field that gets the fingerprint (SHA-256) of the record as PDF when it goes into a locked state.
    pub fingerprint: Option<FieldName>,
    /// The fields by which the records that these belong to can be found together: a competence and its grade.
    pub filter: Vec<FieldName>,
    /// Of what figures are made when its records are anonymised; none where they cannot be.
    pub figures: Option<crate::FiguresOf>,
    /// Its fields in order.
    pub fields: Vec<Field>,
}

impl Kind {
    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }

    /// The field that carries this relation.
    #[must_use]
    pub fn reached_by(&self, relation: Relation) -> Option<&FieldName> {
        self.reach.iter().find(|(one, _)| *one == relation).map(|(_, field)| field)
    }

    /// The categories of its fields, sorted, each once.
    #[must_use]
    pub fn categories(&self) -> Vec<Category> {
        let mut all: Vec<Category> = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            if !all.contains(&field.category) {
                all.push(field.category.clone());
            }
        }
        all.sort_unstable();
        all
    }
}

/// Whose a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A person of its own, with a key of its own.
    Itself,
    /// The person of the record it belongs to.
    Parent,
    /// The person who wrote it.
    Author,
}

/// What erasing the person does to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// It goes.
    Goes,
    /// It stays, without the name.
    StaysWithoutName,
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// What people call it.
    pub label: Label,
    /// A line of help under it.
    pub help: Option<Label>,
    /// Its category in the agreement's words.
    pub category: Category,
    /// Whether people may write anything in it, so that it can hold other personal data.
    pub free_text: bool,
    /// What it holds.
    pub holds: FieldType,
    /// Longest value in characters.
    pub max: usize,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether and how it can be searched, through a blind index.
    pub search: Option<Search>,
    /// How long before this date people are reminded of it, as a period of the calendar: `2 weeks`.
    pub remind: Option<String>,
}

impl Field {
    /// Whether its value is of one person or firm and mostly of no other, so that two records that share it may be doubles.
    #[must_use]
    pub const fn identifies(&self) -> bool {
        matches!(
            self.holds,
            FieldType::Email | FieldType::Phone | FieldType::Personnummer | FieldType::OrganisationNumber
        )
    }
}

/// What a field holds. Values are text in one form each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A date, `2026-11-21`. `past`: it may not lie in the future.
    Date {
        /// Whether it may not lie in the future.
        past: bool,
    },
    /// One of these.
    Choice(Vec<Choice>),
    /// One of the values of a list in the customer's file in force.
    Listed {
        /// The list, `[list.NAME]`.
        list: String,
    },
    /// An e-mail address.
    Email,
    /// A telephone number: digits, spaces, `+`, `-`, parentheses.
    Phone,
    /// A Swedish personnummer or samordningsnummer, twelve digits.
    Personnummer,
    /// A Swedish organisation number, `556000-0000`: ten digits with a right check digit, and none of a natural person.
    OrganisationNumber,
    /// A number, written with a point: `-12.5`.
    Number(NumberForm),
    /// An amount in one currency, with two decimals: `1200.50`.
    Money {
        /// ISO 4217.
        currency: String,
    },
    /// What is known of a file that lies elsewhere: name, media type, size in bytes and SHA-256, with `; ` between them.
    File,
    /// A file that is kept here, sealed; see [`FileFacts`](crate::FileFacts) for its value.
    KeptFile(FileForm),
    /// Another record of the same customer, by its id.
    Reference {
        /// Of this kind.
        to: KindName,
    },
}

/// What numbers a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NumberForm {
    /// Digits after the point, at most.
    pub decimals: usize,
    /// The least.
    pub at_least: Option<i64>,
    /// The most.
    pub at_most: Option<i64>,
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As stored.
    pub value: String,
    /// As shown.
    pub label: Label,
}

/// How a field is indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// Each word of its own.
    Words,
    /// The whole value.
    Exact,
}
