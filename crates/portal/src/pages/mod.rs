//! The pages, one matter a file. A handler asks the door, and shows.

pub mod answers;
