//! What the outer tests act with: the program as users run it, a visitor over HTTP, a real browser.
//!
//! These tests stand outside. They know addresses, pages and files, and no room of the house; what they claim holds for the
//! program that is handed out. `cargo xtask test` builds it and says where it lies.

mod axe;
mod browser;
mod keys;
mod program;
mod s3;
mod visitor;

pub use browser::Browser;
pub use program::{Folder, Program, built, command, enters, repository, run_alone, run_to_end, verify};
pub use s3::S3Server;
pub use visitor::{Answer, Form, Visitor};
