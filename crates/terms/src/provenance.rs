//! Where a value of an agreement comes from. *Not found* is not *none*, and neither is a promise.

/// How a value came to stand in the agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provenance {
    /// The text says it.
    Stated,
    /// It follows from the text; the reason is given.
    Derived,
    /// The operator chose it where the text leaves room. It binds our program and is no promise of the agreement.
    SetByOperator,
}

/// A value with its origin, or the knowledge that the agreement is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sourced<T> {
    /// There is a value.
    Found {
        /// The value.
        value: T,
        /// Its origin.
        provenance: Provenance,
        /// Why, where it is derived or set by the operator.
        why: Option<String>,
    },
    /// The agreement says that there is none.
    None,
    /// The agreement does not say. The note tells what was looked for.
    NotFound {
        /// What was looked for, in the language of the agreement.
        note: String,
    },
}

impl<T> Sourced<T> {
    /// The value, where there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Found { value, .. } => Some(value),
            Self::None | Self::NotFound { .. } => None,
        }
    }
}
