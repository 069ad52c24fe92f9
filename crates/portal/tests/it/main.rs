//! The pages, over a door in memory: what they show, keep and refuse to do.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]

mod acceptance;
mod entrance;
mod erasure;
mod frame;
mod interface;
mod looked_up;
mod reading_from_outside;
mod records;
mod same_event;
mod stand_in;
