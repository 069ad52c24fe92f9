//! The words of the language for people, in both of theirs. They stand in the language's own file; a word that is not there
//! is shown as it stands in the agreement.

use terms::Label;

use crate::language;

/// A word of a closed list, in words.
#[must_use]
pub fn word(text: &str) -> Label {
    language::word_name("", "", text)
}

/// What an event is called.
#[must_use]
pub fn event_label(kind: &str) -> Label {
    language::block_name(kind)
}
