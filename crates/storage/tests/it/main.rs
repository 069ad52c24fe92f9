//! The tests of storage, one binary: engines against their judge, the protocol's order, and what is left after every fault.

#![expect(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test says what it expected")]

mod conformance;
mod faults;
mod flipped_bits;
mod going_back;
mod guarded;
mod house;
mod kills;
mod lock;
mod protocol;
mod real_full_disk;
mod replay;
mod snapshots;
mod together;
mod wal;
