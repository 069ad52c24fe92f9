//! What is wrong with an agreement file, in the house's one format: where, excerpt, what, under which heading, what to do.

use core::fmt;

use terms::ClauseId;

/// One fault. An agreement with a fault is not read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file as it was named to the reader.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line's text, cut to a readable length.
    pub excerpt: String,
    /// Where the caret begins in the excerpt, in characters from 0.
    pub caret: usize,
    /// How many characters the caret marks; at least one.
    pub width: usize,
    /// The clause's number and title, and the block: `3.2 Kategorier › [[may]]`. Empty above the first heading.
    pub heading: String,
    /// What is wrong: lower case, the author's words in backticks.
    pub message: String,
    /// What to do about it: one sentence.
    pub remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, heading, excerpt, message, remedy, .. } = self;
        let number = format!("{line:>5}");
        let heading = if heading.is_empty() { String::new() } else { format!("  {heading}") };
        writeln!(f, "{file}:{line}{heading}")?;
        writeln!(f, "{number} | {excerpt}")?;
        let gutter = " ".repeat(number.len() + 3 + self.caret);
        writeln!(f, "{gutter}{}", "^".repeat(self.width.max(1)))?;
        write!(f, "   {message}. {remedy}")
    }
}

/// All faults of a file, in the order of the text. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        Self(faults)
    }

    /// The faults.
    #[must_use]
    pub fn as_slice(&self) -> &[Fault] {
        &self.0
    }

    /// The faults, one by one.
    pub fn iter(&self) -> core::slice::Iter<'_, Fault> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = core::slice::Iter<'a, Fault>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WarningCode {
    /// The text is silent about a value.
    NotFound,
    /// A document belongs to the agreement and is not part of it.
    Required,
    /// Data about people whom the agreement does not list.
    NotDeclared,
    /// Something is defined and never used.
    Unused,
    /// A recipient's place is vague.
    VaguePlace,
    /// A recipient is flagged.
    Flagged,
    /// An organisation is mentioned and is no recipient.
    Mentioned,
}

impl WarningCode {
    /// A stable word for words files and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Required => "required",
            Self::NotDeclared => "not-declared",
            Self::Unused => "unused",
            Self::VaguePlace => "vague-place",
            Self::Flagged => "flagged",
            Self::Mentioned => "mentioned",
        }
    }
}

/// What a person should know though the agreement runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about, for those who word it in their own language.
    pub code: WarningCode,
    /// The line, from 1.
    pub line: usize,
    /// The clause it is about.
    pub clause: Option<ClauseId>,
    /// The clause's number and title, and the block.
    pub heading: String,
    /// What to know: lower case, the author's words in backticks.
    pub message: String,
}
