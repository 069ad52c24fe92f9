//! Legal holds: that something is not erased (GDPR Art. 17(3)), as it is asked for and shown. Pseudonyms, codes and clauses; free
//! words are sealed, and handed out for whoever may hold.
//!
//! Not here: placing and lifting (`processing`), restriction (`erasure.rs`): what is held is read and written as before.

use minicbor::{Decode, Encode};
use terms::{ClauseId, Instant, KindName, PersonId, RecordId};

use crate::Value;

/// Longest free words of a hold, in characters.
pub const MAX_HOLD_WORDS: usize = 2_000;

/// Why something is held: the five grounds of Article 17(3). A code; free words are kept sealed beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HoldGround {
    /// The right of freedom of expression and information: Article 17(3)(a).
    #[n(0)]
    Expression,
    /// A legal obligation, or a task in the public interest: Article 17(3)(b). An authority's order to preserve is one.
    #[n(1)]
    LegalObligation,
    /// Public interest in the area of public health: Article 17(3)(c).
    #[n(2)]
    PublicHealth,
    /// Archiving in the public interest, research, statistics: Article 17(3)(d).
    #[n(3)]
    Archiving,
    /// The establishment, exercise or defence of legal claims: Article 17(3)(e).
    #[n(4)]
    LegalClaims,
}

impl HoldGround {
    /// All, the most usual first.
    pub const ALL: [Self; 5] =
        [Self::LegalClaims, Self::LegalObligation, Self::Expression, Self::PublicHealth, Self::Archiving];

    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expression => "expression",
            Self::LegalObligation => "legal-obligation",
            Self::PublicHealth => "public-health",
            Self::Archiving => "archiving",
            Self::LegalClaims => "legal-claims",
        }
    }

    /// The ground of that word.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.code() == code)
    }
}

/// What is held.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum HeldScope {
    /// All that the customer has here.
    #[n(0)]
    Customer,
    /// Every record of a kind, those to come too.
    #[n(1)]
    Kind(#[n(0)] KindName),
    /// A person: all that is that person's, and what belongs to any of it.
    #[n(2)]
    Person {
        /// Whom.
        #[n(0)]
        person: PersonId,
        /// The kind of the record that was pointed at.
        #[n(1)]
        kind: KindName,
        /// That record.
        #[n(2)]
        record: RecordId,
    },
    /// A record, and what belongs to it.
    #[n(3)]
    Record {
        /// Of which kind.
        #[n(0)]
        kind: KindName,
        /// Which.
        #[n(1)]
        record: RecordId,
    },
}

impl HeldScope {
    /// A stable word.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Kind(_) => "kind",
            Self::Person { .. } => "person",
            Self::Record { .. } => "record",
        }
    }

    /// The kind, where it names one, and the record.
    #[must_use]
    pub const fn pointed(&self) -> (Option<&KindName>, Option<RecordId>) {
        match self {
            Self::Customer => (None, None),
            Self::Kind(kind) => (Some(kind), None),
            Self::Person { kind, record, .. } | Self::Record { kind, record } => (Some(kind), Some(*record)),
        }
    }
}

/// A legal hold, without its free words.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    /// Its id.
    #[n(0)]
    pub id: RecordId,
    /// What is held.
    #[n(1)]
    pub scope: HeldScope,
    /// Who placed it.
    #[n(2)]
    pub by: PersonId,
    /// Since when.
    #[n(3)]
    pub since: Instant,
    /// On which ground.
    #[n(4)]
    pub ground: HoldGround,
    /// Until when at the latest; none until it is lifted.
    #[n(5)]
    pub until: Option<Instant>,
    /// The clause that allowed it.
    #[n(6)]
    pub clause: ClauseId,
    /// Its number as printed, in the version that governed.
    #[n(7)]
    pub number: String,
    /// The data subject is not told, because a law forbids that (Art. 23).
    #[n(8)]
    pub untold: bool,
    /// How it ended.
    #[n(9)]
    pub ended: Option<HeldEnd>,
}

impl Held {
    /// Whether it stands at an instant.
    #[must_use]
    pub fn stands(&self, at: Instant) -> bool {
        self.ended.is_none() && self.until.is_none_or(|until| at < until)
    }
}

/// How a hold ended.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HeldEnd {
    /// When.
    #[n(0)]
    pub at: Instant,
    /// Who lifted it; none where its day had come.
    #[n(1)]
    pub by: Option<PersonId>,
    /// The clause that allowed lifting it.
    #[n(2)]
    pub clause: ClauseId,
}

/// A hold with its free words, for whoever may hold. No `Debug`: the words are somebody's.
pub struct HeldInFull {
    /// The hold.
    pub held: Held,
    /// Its words. None where there are none, where their key is gone, or where only the register may be read.
    pub words: Option<Value>,
    /// Whether the words are there and were kept back.
    pub withheld: bool,
}

/// What is to be held.
#[derive(Debug, Clone, Copy)]
pub enum ToHoldWhat<'a> {
    /// All that the customer has here.
    Customer,
    /// Every record of a kind.
    Kind(&'a KindName),
    /// The person whose record it is.
    Person(&'a KindName, RecordId),
    /// A record, and what belongs to it.
    Record(&'a KindName, RecordId),
}

/// A wish to hold. No `Debug`: the words are somebody's.
pub struct ToHold<'a> {
    /// What.
    pub what: ToHoldWhat<'a>,
    /// Why.
    pub ground: HoldGround,
    /// Until when at the latest; none until it is lifted, or as long as the agreement lets it stand.
    pub until: Option<Instant>,
    /// Free words on why; at most [`MAX_HOLD_WORDS`] characters.
    pub words: Option<Value>,
    /// The data subject is not told, because a law forbids that.
    pub untold: bool,
}
