//! The portal: server-rendered pages and a small interface for programs, over the door.
//!
//! The answer first, the clause beside it, the proof one click away. The portal computes nothing and decides nothing: it asks
//! the [`Door`](service::Door), shows what comes, and says no in words. What it guesses from the agreement (a link that is
//! left out, a purpose that is proposed) is courtesy; the door decides every act again.

mod api;
mod api_customer_file;
mod api_erasure;
mod api_export;
mod api_figures;
mod api_files;
mod api_holds;
mod api_import;
mod api_keys;
mod api_log;
mod bringing_in;
mod ctx;
mod form;
mod form_files;
mod frame;
mod guard;
mod hint;
mod html;
mod lists;
mod moment;
mod openapi;
mod pages;
mod paper_page;
mod pdf;
mod reading_report;
mod reading_room;
mod routes;
mod seams;
mod state;
mod svg;
mod views;
mod words;

pub use ctx::SESSION_COOKIE;
pub use openapi::Described;
pub use pages::first::introduction;
pub use paper_page::alone;
pub use reading_report::document as reading_report;
pub use routes::{router, taken};
pub use seams::{
    AdoptFileNo, Adopting, Agreements, ArchiveState, Cookie, CopiesLimit, Customer, CustomerFiles, Entering, Entrance,
    Filter, KeysState, LogInNo, Looked, Lookup, MAX_LOOKED, OpenCase, Operations, OperationsState, Outcome, SignedIn,
    Texts,
};
pub use state::{Demo, DemoClock, DemoPerson, Portal, Settings, Shop};
