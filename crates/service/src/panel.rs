//! What a service may add of its own: computed views over opened records.

use terms::Language;

use crate::{CustomerFile, FileFault, Opened, View};

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
