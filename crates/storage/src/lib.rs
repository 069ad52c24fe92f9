//! What lies on disk: the committer, the derived state behind one port, the file of keys, and the look-ups in the journal.
//!
//! This is the only room that knows SQL. It never sees a plain value of personal data: records, tokens and names reach it
//! sealed. It knows no business rules either; what may be done was decided before, and an operation that is applied cannot
//! refuse.
//!
//! INVARIANT (entry before effect): [`Granted`] is made in `committer.rs` alone, after the sync of the group that carries
//! its entry. INVARIANT (strict order): append, then sync, then apply; the types `Appended` and `Synced` hold it.

pub use agreement::Permit;

mod committer;
mod distrusted;
mod engine;
mod erasing;
mod file;
mod fingerprint;
mod folder;
mod glance;
mod going_back;
mod guarded;
mod holding;
mod house_row;
mod import;
mod key_changes;
mod key_store;
mod lacking;
mod leaving;
mod letting_go;
mod log;
mod model;
mod op;
mod proofs;
mod publisher;
mod purging;
mod remembered;
mod remnants;
mod set_back;
mod sets;
mod setting_aside;
mod snapshot;
mod sqlite;
mod sqlite_accounts;
mod sqlite_back;
mod sqlite_erasing;
mod sqlite_files;
mod sqlite_guarded;
mod sqlite_rows;
mod sqlite_wal;
mod store;
mod watch;

pub use committer::{About, CommitError, Done, Entered, Granted, MAX_PERMIT_AGE_SECONDS, Step};
pub use engine::{AdoptedAgreement, Batch, Engine, Find, Item, Schema, StoreError, Tokens};
pub use erasing::{Erase, Erasing, Left, PersonGoes, Reached, Restrict, Restriction, StoredErasure};
pub use file::{PutFile, StoredFile};
pub use fingerprint::{Fingerprint, rebuild};
pub use folder::{FolderError, Lock, free_bytes};
pub use glance::Glance;
pub use going_back::{Back, BackError, PastVersion, PutBack, Wanted, WentBack, window};
pub use guarded::{Guard, Tag};
pub use holding::{EndHold, Hold, HoldEnd, HoldScope, SealedWords};
pub use house_row::{
    ApiKey, Confirming, HouseRow, Invitation, KeptFigures, LookedAt, Notice, NoticeSeen, PurgedLog, ReadText, RowKind,
};
pub use import::Import;
pub use key_changes::{CopiedTo, KeyRow};
pub use key_store::{KeyStore, NewPerson};
pub use lacking::{Lacking, lacking};
pub use leaving::{ErasePortion, Leaving, PORTION};
pub use letting_go::{FileOfVersion, LetGo};
pub use log::{LogKey, LogQuery, Logged};
pub use model::Model;
pub use op::{
    Account, AccountSecrets, AdoptedFile, HouseOp, Once, Op, PutAccount, PutRecord, RecordWrite, Redo, SealedAccount,
    SealedToken, SeeNotice, Session, StoredRecord, Tenant, Token, TokensOf,
};
pub use proofs::PastHead;
pub use purging::{Going, ToPurge};
pub use set_back::{go_on_from_set_back, is_entered, is_to_be_entered};
pub use sets::Checked;
pub use setting_aside::SetAside;
pub use snapshot::{SNAPSHOTS, Seals, Snapshot, snapshots};
pub use sqlite::Sqlite;
pub use store::{Covered, OpenError, Options, Portion, Store};
pub use watch::Watch;
