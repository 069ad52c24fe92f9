//! Reading agreements as they lie in the world: a file → what it is, what it says with quotation and line, and what it does not say.
//!
//! Nothing is invented: a [`Proposal`] can only be made from words of the text and carries the quotation that holds them; everything
//! else is *not found*. The rules and dictionaries are data (`crates/reading/data`), the code knows no agreement.

mod asides;
mod changing;
mod columns;
mod confirmations;
mod data;
mod draft;
mod findings;
mod flow;
mod handed;
mod kinds;
mod levels;
mod lists;
mod money;
mod numbering;
mod parties;
mod places;
mod pointing;
mod proposal;
mod quantities;
mod read;
mod recipients;
pub mod report;
mod rules;
mod sentences;
mod slips;
mod source;
mod stacked;
mod structure;
mod text_in;
pub mod told;
mod units;
mod vocabulary;
mod words;

pub use changing::{MAX_VALUE, OtherValue, ValueForm, WrongValue, form_of, meanings, other_value, others_in_quotation};
pub use confirmations::{
    Applied, Chosen, ComesFrom, Confirmations, MAX_CHOICES_BYTES, Made, Progress, Wanted, WrongChoices,
};
pub use data::Both;
pub use draft::{CONFIRMATIONS, Choice, Choices, File, NoDraft, confirmed_folder, draft, folder, service_id};
pub use findings::{Finding, FindingKind};
pub use handed::{hand_on, take_over};
pub use pointing::{
    MAX_POINTED_BYTES, MAX_POINTED_LINES, NoPointing, POINTED, Pointed, PointedForm, WithPointed, is_pointed,
    pointed_form,
};
pub use proposal::{Proposal, Recipient, Value};
pub use quantities::Quantity;
pub use read::{Reading, Verdict, field_label, fields, kind_label};
pub use source::{Aside, AsideKind, Decoded, Format, Source, Span};
pub use structure::{Clause, Part, Skipped};
pub use text_in::{MAX_FILE_BYTES, MAX_TEXT_BYTES, OtherKind, Unreadable};
pub use vocabulary::concept_of;
