//! The door, over a real store and vault and the Matcha agreement.

mod cases;
mod house;
mod records;
mod walls;
mod who_looked;
