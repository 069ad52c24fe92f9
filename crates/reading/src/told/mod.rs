//! A reading told: to people as text, to programs as JSON.

mod json;
mod people;
mod words;

pub use json::json;
pub use people::people;
pub use words::value;
