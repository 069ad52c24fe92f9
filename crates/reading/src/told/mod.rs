//! A reading told: to people as text, to programs as JSON, and the words of both for whoever shows it on a page.

mod choices;
mod json;
mod people;
mod words;

pub use choices::{meaning, no_pointing, wrong_choices, wrong_value};
pub use json::json;
pub use people::people;
pub use words::{found_by_group, shown, unreadable, value, verdict};
