//! What a service may add of its own: computed views over opened records.

use jiff::civil::Date;
use terms::{KindName, Language};

use crate::{CustomerFile, FileFault, Kinds, Opened, Value, View};

/// A service with a crate. One that only keeps records needs none.
pub trait Service: Send + Sync {
    /// Its name, as in its `kinds.toml`.
    fn name(&self) -> &str;
    /// Its computed views.
    fn panels(&self) -> &[Panel];
    /// Its computed pages.
    fn views(&self) -> &'static [&'static dyn View] {
        &[]
    }
    /// The drafts that it can make of a whole file.
    fn composed(&self) -> &[Composed] {
        &[]
    }
    /// Everything that is wrong with what the service reads in a customer's file beyond lists, texts and additions. A table that
    /// it does not read is a fault too: `file.unread(&["programme"])`.
    fn check_file(&self, file: &CustomerFile) -> Vec<FileFault> {
        file.unread(&[])
    }
}

/// A computed view on the page of a record, over the records of a kind that belong to it.
pub struct Panel {
    /// On pages of this kind.
    pub on: &'static str,
    /// Over records of this kind.
    pub over: &'static str,
    /// What it computes. It borrows the opened records and keeps none of them.
    pub compute: fn(&dyn Opened, Language) -> Summary,
}

/// A few lines of result, with a caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What it is.
    pub caption: String,
    /// Name and value of each line.
    pub rows: Vec<(String, String)>,
}

/// A draft of a record that a service makes of what there is already, for a person to read through, change and save.
pub struct Composed {
    /// Drafts of this kind.
    pub kind: &'static str,
    /// From records of these kinds, under the same record.
    pub reads: &'static [&'static str],
    /// What it makes: values by field name.
    pub compute: fn(&Composing<'_>) -> Vec<(&'static str, Value)>,
}

/// What a draft is made of.
pub struct Composing<'a> {
    /// The record that it will belong to.
    pub of: &'a dyn Opened,
    /// What belongs to that, kind by kind, oldest first. A kind that the agreement withholds from the writer is missing.
    pub parts: &'a [(KindName, Box<dyn Opened>)],
    /// The service's kinds, for the words of choices.
    pub kinds: &'a Kinds,
    /// What a value of one of the customer's lists is called.
    pub listed: &'a (dyn Fn(&str, &str) -> Option<String> + Sync),
    /// In which language.
    pub language: Language,
    /// The day.
    pub today: Date,
}
