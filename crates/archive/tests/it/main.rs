//! The archive through its public face.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test says what it expected")]

mod objects;
mod places;
mod shipping;
mod taking;
