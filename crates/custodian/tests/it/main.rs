//! Off-site keys with real parts: a file of keys, a custodian over a socket, a second place in memory that can fail at any call.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expected")]

mod histories;
mod over_a_socket;
mod rotating;
mod second_place;
