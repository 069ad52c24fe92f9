//@ knows: service, terms; error: E0432
//! A service, which knows the contract and the words, and goes behind the door.

pub use service::Door;
pub use terms::Purpose;
pub use vault::Vault;
