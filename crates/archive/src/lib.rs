//! The archive: a second place that holds everything from which an installation can be brought back, except what opens it.
//!
//! Journal and files lie there sealed, as they lie in the data folder; keys never in plain. The formats are those of
//! `docs/decisions/0027-archive.md`. The room decides nothing, reads no clock and knows no agreement: how long what is kept is
//! told by whoever calls.

mod bucket;
mod directory;
mod fetching;
mod layout;
mod live_files;
mod marks;
mod place;
mod shipped_files;
mod shipping;
mod snapshots;
mod taking;

pub use bucket::{Bucket, BucketSettings};
pub use directory::Directory;
pub use fetching::{FetchError, fetch_journal, journal_bytes};
pub use layout::{ArchiveError, KEYS, VERSION, begin, installation_of, is_segment};
pub use live_files::LiveFiles;
pub use marks::{Mark, last_drill, last_mark, put_drill, put_mark};
pub use place::{Listed, Place, PlaceError, get, put_checked, put_stream_checked};
pub use shipped_files::{Named, ShippedFiles, Stays, fetch_files, file_bytes};
pub use shipping::{Companion, Holding, Shipper, Shipping, Status};
pub use snapshots::{
    clear_snapshots, fetch_covered, fetch_snapshot, put_covered, put_snapshot, remove_snapshot, snapshots,
};
pub use taking::{Kept, TakeError, Taking, take_snapshot};
