//! One row of a register. What its ground is worth on a day is not said here: the ids are those of the dated law, which is
//! asked for that day.

use terms::{ClauseId, Label, Sourced};

use crate::value::{Term, Value};

/// One organisation that receives data, for one reason at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    term: Term,
    treated: Treated,
}

/// How the platform treats a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Treated {
    /// It may receive what the row says.
    Open,
    /// It may, and somebody must decide something about it.
    Warned,
    /// It receives nothing until a person has recorded what is missing.
    Blocked,
}

impl Row {
    pub(super) fn of(term: &Term) -> Option<Self> {
        let treated = match term.text("treated")? {
            "open" => Treated::Open,
            "warned" => Treated::Warned,
            _ => Treated::Blocked,
        };
        Some(Self { term: term.clone(), treated })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.term.text("id").unwrap_or_default()
    }

    /// The organisation, as written.
    #[must_use]
    pub fn name(&self) -> &str {
        self.term.text("name").unwrap_or_default()
    }

    /// The id of the first row of the same organisation; its own where it has no other.
    #[must_use]
    pub fn supplier(&self) -> &str {
        self.term.text("supplier").unwrap_or_else(|| self.id())
    }

    /// Why it receives data.
    #[must_use]
    pub fn reason(&self) -> Option<&Label> {
        self.term.label("reason")
    }

    /// The country, where the text names one.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.term.text("country")
    }

    /// The categories that it may receive; none where the text states no data.
    #[must_use]
    pub fn categories(&self) -> &[String] {
        self.term.words("categories")
    }

    /// The grounds as stated, by their ids in the dated law. A ground of Article 6 is never a basis for a transfer.
    #[must_use]
    pub fn grounds(&self) -> &[String] {
        self.term.words("grounds")
    }

    /// The basis for a transfer as stated, by its id in the dated law; nothing where the row states none.
    #[must_use]
    pub fn transfer(&self) -> Option<&str> {
        self.term.text("transfer")
    }

    /// What the text says that it is: `processor`, `controller` or `joint-controller`.
    #[must_use]
    pub fn stated_role(&self) -> Option<&str> {
        self.term.text("stated-role")
    }

    /// What the platform treats it as.
    #[must_use]
    pub fn treated_role(&self) -> Option<&str> {
        self.term.text("treated-role")
    }

    /// For what alone, such as top-level domains; empty where nothing is said.
    #[must_use]
    pub fn only_for(&self) -> &[String] {
        self.term.words("for")
    }

    /// For what not.
    #[must_use]
    pub fn not_for(&self) -> &[String] {
        self.term.words("not-for")
    }

    /// Whether it takes nothing new.
    #[must_use]
    pub fn only_existing(&self) -> bool {
        self.term.flag("only-existing").unwrap_or(false)
    }

    /// How the platform treats it.
    #[must_use]
    pub const fn treated(&self) -> Treated {
        self.treated
    }

    /// What a reader should be told.
    #[must_use]
    pub fn flag(&self) -> Option<&str> {
        self.term.text("flag")
    }

    /// Any value of the row with its origin, by its key in the language.
    #[must_use]
    pub fn sourced(&self, key: &str) -> Option<&Sourced<Value>> {
        self.term.sourced(key)
    }

    /// The clause that states it.
    #[must_use]
    pub fn clause(&self) -> &ClauseId {
        &self.term.clause
    }

    /// The line of its block, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.term.line
    }
}
