//! The contract that a service signs: which records it keeps ([`Kinds`], read from its folder), how it asks for them
//! ([`Door`]) and what it may compute of its own ([`Service`]).
//!
//! A service is a folder of data first; a crate beside it only where it does more than keep records. Such a crate depends
//! on this one and on `terms`, and so can reach neither vault nor journal: everything goes through the door.

mod customer_file;
mod door;
mod draft;
mod erasure;
mod fault;
mod figures;
mod file;
mod file_way;
mod flow;
mod free_text;
mod holding;
mod imports;
mod kind;
mod panel;
mod read;
mod read_flow;
mod schema;
mod sheet;
mod value;
mod value_numbers;
mod view;

pub use customer_file::{Addition, ConsentText, CustomerFile, FileFault, List, MAX_FILE_BYTES};
pub use door::{
    Answer, Answers, Asked, Change, Door, Exported, Listed, MAX_LISTED, Narrowed, New, No, Opened, Page, Part,
    Selection, Whole,
};
pub use draft::{Draft, FieldFault, FieldProblem, MeantDay, Value};
pub use erasure::{
    Against, Certificate, Certified, Counted, ErasurePlan, Everywhere, Ground, Kept, PersonGoing, PlannedRecords,
    Restricted, RestsOn, SetAsideShown, ToErase, ToRestrict, TooFew, Unusable, Why,
};
pub use fault::KindFault;
pub use figures::{
    AnonymisingPlan, Coarse, CountedBy, FigureGroup, Figures, FiguresKept, FiguresOf, GroupCounted, MAX_ANONYMISED,
    ToAnonymise, large_enough,
};
pub use file::{FileFacts, FileForm, MediaType, Scanned, bytes_in_words, safe_name, scanned_label};
pub use file_way::{CutOff, FileOf, FileTo, Incoming, OpenedFile, Piece, Waiting};
pub use flow::{Grid, StateProblem, Transition};
pub use free_text::{Finding, finding_label, findings};
pub use holding::{Held, HeldEnd, HeldInFull, HeldScope, HoldGround, MAX_HOLD_WORDS, ToHold, ToHoldWhat};
pub use imports::{Begin, Import, Imported, Imports, KeptRow, KeptWhy, Undoing, Undone};
pub use kind::{Choice, Erasure, Field, FieldType, Kind, Kinds, NumberForm, Of, Search};
pub use panel::{Composed, Composing, Panel, Service, Summary};
pub use schema::kinds_schema;
pub use sheet::{
    At, Cell, Column, Figure, Line, Plot, PlotForm, PlotUnit, Proposal, Sheet, Sources, Table, Tone, Warning, Write,
    both,
};
pub use value::{index_whole, index_words, is_plain_line};
pub use view::{
    Arguments, Given, MAX_SELECTED, MadeUp, Need, Parameter, ParameterForm, Row, Rulebook, View, Which, hundredths,
    read_month,
};
