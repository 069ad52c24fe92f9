//@ knows: service, terms; error: E0432
//! A service, which knows the contract and the words, and reads what lies on disk.

pub use service::Door;
pub use storage::Granted;
