//! Names that agreements and services choose: short, lower-case, comparable, cheap to copy.

use core::fmt;
use std::sync::Arc;

/// Longest name in bytes.
const MAX_NAME_BYTES: usize = 64;

/// A text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no name: use 1 to 64 of the letters a-z, digits, `-`, `.` and `:`, beginning with a letter or digit"
)]
pub struct NameError {
    /// What was given, cut to 80 characters.
    pub text: String,
}

fn check(text: &str) -> Result<(), NameError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let starts_well = text.chars().next().is_some_and(plain);
    if starts_well && text.len() <= MAX_NAME_BYTES && text.chars().all(|c| plain(c) || matches!(c, '-' | '.' | ':')) {
        Ok(())
    } else {
        Err(NameError { text: text.chars().take(80).collect() })
    }
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and takes the name.
            ///
            /// # Errors
            /// [`NameError`] when the text is empty, too long or uses another character than a-z, 0-9, `-`, `.`, `:`.
            pub fn new(text: &str) -> Result<Self, NameError> {
                check(text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), &self.0)
            }
        }

        impl core::str::FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl core::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                Self::new(d.str()?).map_err(|_| minicbor::decode::Error::message("not a name").at(at))
            }
        }
    };
}

name_type!(
    /// Why personal data is processed (Art. 5(1)(b), 28(3)(a)).
    Purpose
);
name_type!(
    /// A category of personal data (Art. 28(3)).
    Category
);
name_type!(
    /// A category of data subjects (Art. 28(3)).
    SubjectCategory
);
name_type!(
    /// What a person is under an agreement; it decides what the person may do.
    Role
);
name_type!(
    /// The stable id of a clause; it outlives renumbering.
    ClauseId
);
name_type!(
    /// A kind of record that a service keeps.
    KindName
);
name_type!(
    /// A field of a kind.
    FieldName
);
name_type!(
    /// A service, as in the first part of its addresses.
    ServiceName
);
name_type!(
    /// A subprocessor in one task at one place.
    SubprocessorId
);
name_type!(
    /// A kind of case that only the customer opens, and within which a rule may hold.
    CaseName
);
name_type!(
    /// How long a record lives: records of one person and one class lie under one key, and are erased together by destroying it.
    RetentionClass
);

impl RetentionClass {
    /// What lives as long as the person is served, where a kind says nothing else. Accounts, names and everything else that a
    /// person's own key seals are of this class.
    pub const SERVICE: &'static str = "service";
}

impl Default for RetentionClass {
    fn default() -> Self {
        static SERVICE: std::sync::LazyLock<Arc<str>> = std::sync::LazyLock::new(|| Arc::from(RetentionClass::SERVICE));
        Self(Arc::clone(&SERVICE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_plain() {
        assert!(Purpose::new("provide").is_ok());
        assert!(ClauseId::new("3.2").is_ok());
        for wrong in ["", "Namn", "två", "a b", "-a", &"x".repeat(65)] {
            assert!(Purpose::new(wrong).is_err(), "{wrong}");
        }
    }
}
