//@ knows: agreement, storage; error: E0451
//! A grant for a permit that no entry stands behind.

pub fn forged(permit: agreement::Permit, honest: storage::Granted) -> storage::Granted {
    storage::Granted { permit, ..honest }
}
