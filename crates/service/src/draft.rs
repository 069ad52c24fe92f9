//! Values on their way in: read against the kind, refused field by field, never kept in plain longer than needed.

use jiff::civil::Date;
use terms::FieldName;
use zeroize::Zeroizing;

use crate::{Field, Kind, value};

/// A value in plain, wiped when dropped. No `Debug`: it is personal data.
pub type Value = Zeroizing<String>;

/// Values by field name, as a form or an interface gave them. Names may be unknown; the door refuses those by clause.
#[derive(Default)]
pub struct Draft {
    values: Vec<(String, Value)>,
}

impl Draft {
    /// An empty draft.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    pub fn set(&mut self, name: &str, text: &str) {
        self.values.push((name.to_owned(), Zeroizing::new(text.to_owned())));
    }

    /// With a value added, for building in one expression.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.set(name, text);
        self
    }

    /// The first value of that name, as it was given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The first name that `kind` has no field for.
    #[must_use]
    pub fn undeclared(&self, kind: &Kind) -> Option<&str> {
        self.values.iter().map(|(name, _)| name.as_str()).find(|name| kind.field(name).is_none())
    }

    /// Reads every value in its field's form. `today` bounds dates that may not lie in the future. With `whole`, missing
    /// required fields are faults too. Empty values clear a field; a field that is named twice is a fault.
    ///
    /// # Errors
    /// Every fault, by field.
    pub fn read<'k>(
        &self,
        kind: &'k Kind,
        today: Date,
        whole: bool,
    ) -> Result<Vec<(&'k Field, Value)>, Vec<FieldFault>> {
        let mut read: Vec<(&'k Field, Value)> = Vec::with_capacity(self.values.len());
        let mut faults = Vec::new();
        for (name, text) in &self.values {
            let Some(field) = kind.field(name) else { continue };
            if read.iter().any(|(other, _)| other.name == field.name) {
                faults.push(FieldFault { field: field.name.clone(), problem: FieldProblem::Twice });
                continue;
            }
            match value::read(field, text, today) {
                Ok(value) if value.is_empty() && field.required => {
                    faults.push(FieldFault { field: field.name.clone(), problem: FieldProblem::Required });
                }
                Ok(value) => read.push((field, value)),
                Err(problem) => faults.push(FieldFault { field: field.name.clone(), problem }),
            }
        }
        let named = |field: &Field| self.values.iter().any(|(name, _)| name == field.name.as_str());
        if whole {
            faults.extend(
                kind.fields
                    .iter()
                    .filter(|field| field.required && !named(field))
                    .map(|field| FieldFault { field: field.name.clone(), problem: FieldProblem::Required }),
            );
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }
}

/// What is wrong with the value of one field. The value itself is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// Which field.
    pub field: FieldName,
    /// What is wrong.
    pub problem: FieldProblem,
}

/// The ways a value can be wrong; each is one sentence in the portal's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// It must be filled.
    Required,
    /// It was given twice.
    Twice,
    /// Longer than `max` characters.
    TooLong {
        /// The most characters.
        max: usize,
        /// How many were given.
        given: usize,
    },
    /// Not a date of the form 2026-11-21.
    NotADate,
    /// A date written in another order or with other signs, which can be read as one day only.
    DateInAnotherForm {
        /// The day that was probably meant.
        meant: MeantDay,
    },
    /// A date whose day and month can be taken for each other.
    DateUnclear,
    /// A date that may not lie in the future does.
    InTheFuture,
    /// None of the choices.
    NotAChoice,
    /// None of the values of the list in the customer's file; or there is no such list.
    NotListed,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a telephone number.
    NotAPhone,
    /// Not a personnummer: twelve digits with a right check digit.
    NotAPersonnummer,
    /// A personnummer where the agreement knows only a birth date.
    APersonnummer,
    /// Not an organisation number: ten digits with a right check digit.
    NotAnOrganisationNumber,
    /// Not a number, or with more decimals than the field takes.
    NotANumber,
    /// A number outside what the field takes.
    OutOfRange,
    /// Not an amount of money.
    NotAnAmount,
    /// Not name, media type, size and SHA-256 of a file.
    NotAFile,
    /// A file with more bytes than the field takes.
    FileTooLarge {
        /// The most bytes.
        max_bytes: u64,
    },
    /// A file without a byte.
    FileEmpty,
    /// A file whose content is of a form that the field does not take, whatever its name says.
    FileForm,
    /// A file that begins as a picture and cannot be read as one.
    NotAPicture,
    /// A picture of more points than are decoded here.
    PictureTooLarge,
    /// A document that does something when it is opened: a script, a start of a program, a file within it.
    FileActive,
    /// A document under a password, so that nobody can look through it.
    FileLocked,
    /// A text document with macros.
    FileMacros,
    /// The scanner found malware. Entered in the log.
    FileMalware,
    /// The file came broken off: less arrived than was sent.
    FileCutOff,
    /// A file that was sent a while ago and was not saved with its record in time.
    FileGone,
    /// Not the id of a record that there is for this customer, of the kind that the field refers to.
    NotARecord,
    /// Control characters, or a line break in a field of one line.
    NotPlainText,
    /// Another record under the same parent has this already.
    NotUnique,
    /// Not a field by whose whole value records can be found.
    NotSearched,
    /// A state that the kind does not declare.
    NoSuchState,
    /// The record needs a parent, or a parent of another kind.
    NoParent,
}

/// A day that somebody probably meant: told to whoever wrote it, and to nobody else. It prints nothing, since it may be
/// somebody's day of birth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MeantDay(pub Date);

impl core::fmt::Debug for MeantDay {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("MeantDay")
    }
}

impl FieldProblem {
    /// A stable word for words files and problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Twice => "twice",
            Self::TooLong { .. } => "too-long",
            Self::NotADate => "not-a-date",
            Self::DateInAnotherForm { .. } => "date-in-another-form",
            Self::DateUnclear => "date-unclear",
            Self::InTheFuture => "in-the-future",
            Self::NotAChoice => "not-a-choice",
            Self::NotListed => "not-listed",
            Self::NotAnEmail => "not-an-email",
            Self::NotAPhone => "not-a-phone",
            Self::NotAPersonnummer => "not-a-personnummer",
            Self::APersonnummer => "a-personnummer",
            Self::NotAnOrganisationNumber => "not-an-organisation-number",
            Self::NotANumber => "not-a-number",
            Self::OutOfRange => "out-of-range",
            Self::NotAnAmount => "not-an-amount",
            Self::NotAFile => "not-a-file",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::FileEmpty => "file-empty",
            Self::FileForm => "file-form",
            Self::NotAPicture => "not-a-picture",
            Self::PictureTooLarge => "picture-too-large",
            Self::FileActive => "file-active",
            Self::FileLocked => "file-locked",
            Self::FileMacros => "file-macros",
            Self::FileMalware => "file-malware",
            Self::FileCutOff => "file-cut-off",
            Self::FileGone => "file-gone",
            Self::NotARecord => "not-a-record",
            Self::NotPlainText => "not-plain-text",
            Self::NotUnique => "not-unique",
            Self::NotSearched => "not-searched",
            Self::NoSuchState => "no-such-state",
            Self::NoParent => "no-parent",
        }
    }
}
