//! What is left after every fault, with all rooms together: random histories and a search for who was erased, and what a power cut
//! or a kill leaves at any call to the system.

#[cfg(target_os = "linux")]
mod crashes;
mod histories;
mod house;
mod place;
mod searching;
