//! What can be done to personal data: the operations of GDPR Article 4(2) that Betrodd performs.

use core::str::FromStr;

/// One operation of Article 4(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum Verb {
    /// Collection and recording: a new record.
    #[n(0)]
    Collect,
    /// Adaptation or alteration of a record.
    #[n(1)]
    Alter,
    /// Consultation: a reading.
    #[n(2)]
    Consult,
    /// Use without showing, e.g. counting or sending a letter.
    #[n(3)]
    Use,
    /// Disclosure by transmission to a recipient outside.
    #[n(4)]
    Disclose,
    /// Restriction (Art. 18).
    #[n(5)]
    Restrict,
    /// Erasure or destruction.
    #[n(6)]
    Erase,
    /// Retrieval: taking out a record, or all that is kept of a person, to be carried away. Whom it is then given to is the
    /// controller's own doing; a transmission to somebody else is [`Verb::Disclose`].
    #[n(7)]
    Retrieve,
    /// Storage against erasure: a legal hold, and its end (Art. 17(3)). It opens nothing and changes nothing.
    #[n(8)]
    Hold,
    /// Anonymisation: records of several persons are erased in one act, and figures stay that are of none of them (recital 26).
    #[n(9)]
    Anonymise,
}

impl Verb {
    /// All verbs in order.
    pub const ALL: [Self; 10] = [
        Self::Collect,
        Self::Alter,
        Self::Consult,
        Self::Use,
        Self::Disclose,
        Self::Restrict,
        Self::Erase,
        Self::Retrieve,
        Self::Hold,
        Self::Anonymise,
    ];

    /// The word as agreements and entries write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collect => "collect",
            Self::Alter => "alter",
            Self::Consult => "consult",
            Self::Use => "use",
            Self::Disclose => "disclose",
            Self::Restrict => "restrict",
            Self::Erase => "erase",
            Self::Retrieve => "retrieve",
            Self::Hold => "hold",
            Self::Anonymise => "anonymise",
        }
    }
}

impl core::fmt::Display for Verb {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Verb {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == text).ok_or(())
    }
}
