//! The door, over a real store and vault and the Matcha agreement.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says so where something is not as it should be")]

mod anonymising;
mod bringing_in;
mod cases;
mod confirming;
mod customer_file;
mod erasing;
mod everywhere;
mod files;
mod holding;
mod house;
mod in_portions;
mod levels;
mod purging;
mod reach_of_matcha;
mod reaching;
mod records;
mod restricting;
mod same_map;
mod selecting;
mod setting_aside;
mod states;
mod taking_out;
mod walls;
mod who_looked;
