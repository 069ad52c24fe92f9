//! The journal: an append-only file that every tenant's log and the derived state are made from, and the proofs over it.
//!
//! The formats are laid down in `docs/decisions/0001-journal-format.md`; this crate is that page as a program. It holds no value
//! of personal data: entries carry pseudonyms, names from the agreement, counts and hashes. It reads no clock, decides nothing,
//! and knows no storage operation: those pass through it as sealed bytes.

mod append;
mod checkpoint;
mod detail;
mod disk;
mod entry;
pub mod faulty;
mod heads;
mod index;
mod outside;
mod proof;
mod purge;
mod scan;
mod seen;
mod segment;
mod tiles;
mod tree;
mod unsynced;
mod verify;

pub use append::{AppendError, Appended, Appender, OpenError, Synced};
pub use checkpoint::{Checkpoint, KeyError, NoteError, SigningKey, VerifierKey, key_name, origin, write_verifier_key};
pub use detail::{Detail, Extra, FEW, Lists, Outcome, Persons, Records};
pub use disk::{Disk, DiskFile, RealDisk};
pub use entry::{
    Entry, EntryKind, FormatError, LEAF_BYTES, Leaf, RandomError, Salt, commitment, random_salt, redo_hash,
};
pub use heads::{Head, HeadProof, Heads};
pub use index::{Index, IndexKey, Named};
pub use outside::{FolderSource, Given, Source, verify_given};
pub use proof::{
    Continuation, DETAILS_PURGED, Evidence, InstallationProof, Opened, Proof, ProofError, Proved, PurgeProof, PurgedOn,
};
pub use purge::{COVERED, cover, covered, entries_of, may_replace, purge, strip};
pub use scan::{Scan, Visit, read_entry, read_group, read_groups, scan, scan_from, segment_end, segments};
pub use segment::{Damage, DamageKind, EntryRef, Position, first_group, segment_name};
pub use tiles::{TileReader, TileWriter, TilesError};
pub use tree::{
    Frontier, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, stored_root, verify_consistency,
    verify_inclusion,
};
pub use unsynced::Unsynced;
pub use verify::{Fault, Knowledge, Report, VerifyError, verify};
