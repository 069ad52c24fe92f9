//! What a power cut or a kill leaves of a program's files, made from a run that was watched: every call that changes a file or a folder is
//! noted in its order (`traced.c`), and any moment of it is put on a disk again, with what was not synced by then kept, lost, torn or
//! swapped, across all files at once.
//!
//! Not here: what must hold of what is left. The tests of this room ask it of all rooms together, those of `e2e` of the programs.

mod states;
mod trace;

pub use states::Chosen;
pub use trace::{Change, Trace, watched};
