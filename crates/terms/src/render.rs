//! The one way that an opened value leaves: it is handed, borrowed, to a sink that writes HTML, JSON, CSV or PDF.
//!
//! INVARIANT (opened values cannot leak by accident): what is opened has no `Debug`, no `Serialize` and no `Clone`; it can
//! only be rendered.

use crate::{Category, ClauseId, FieldName, Instant, KindName, PersonId, RecordId};

/// What may be known of a record without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordHead {
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: KindName,
    /// Counts from 1 and grows by one with each alteration.
    pub version: u64,
    /// Whose it is.
    pub person: PersonId,
    /// The record it belongs to, e.g. the participant of an attendance.
    pub parent: Option<RecordId>,
    /// A state that the kind declares, e.g. `open` of a case; never personal data.
    pub state: Option<String>,
    /// When this version was written.
    pub written: Instant,
    /// Who wrote this version.
    pub author: PersonId,
}

/// A sink for opened records. Calls come in order: `begin`, the author where the actor may know, fields, withheld
/// categories, then `end`.
pub trait Render {
    /// A record begins.
    fn begin(&mut self, head: &RecordHead);
    /// The name of who wrote this version, where the kind shows it and the agreement lets the actor know.
    fn author(&mut self, _name: &str) {}
    /// One field in plain. The value must not be kept beyond what is being written.
    fn field(&mut self, name: &FieldName, category: &Category, value: &str);
    /// A category that the agreement withholds from this actor, with the clause that does so.
    fn withheld(&mut self, category: &Category, clause: &ClauseId);
    /// The record ends.
    fn end(&mut self);
}
