//! How much of what is asked for an actor wants.

/// Whether an act needs every category it names, or takes those that the agreement allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// All of the named categories, or a refusal. Every writing asks so: half a record would be another record.
    Exactly,
    /// The categories that the agreement allows the actor; the rest are withheld by name, and none at all is a refusal.
    AsPermitted,
}
