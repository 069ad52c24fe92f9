//! The archive through its public face.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test says what it expected")]

mod live_files;
mod objects;
mod places;
// One server for these tests and the outer ones.
#[path = "../../../../e2e/src/s3.rs"]
mod s3;
mod shipping;
mod taking;
