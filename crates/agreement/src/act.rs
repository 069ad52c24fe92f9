//! An act as `decide` sees it: who, what, why, about whom, which data, to whom, when, and the facts that were found.

use terms::{
    CaseName, Category, Extent, Instant, KindName, PersonId, Purpose, RecordId, Relations, Role, SubjectCategory,
    SubprocessorId, TenantId, Verb,
};

/// What someone wants to do with personal data. Pseudonyms and names of the agreement only, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The customer whose data it is.
    pub tenant: TenantId,
    /// Who acts.
    pub actor: PersonId,
    /// As what.
    pub role: Role,
    /// Doing what.
    pub verb: Verb,
    /// Why.
    pub purpose: Purpose,
    /// About which data subjects.
    pub subject: SubjectCategory,
    /// Which categories; repeated ones count once.
    pub categories: Vec<Category>,
    /// All of them, or as many as the agreement allows.
    pub extent: Extent,
    /// The recipient outside, if the data leaves. A disclosure always has one.
    pub recipient: Option<SubprocessorId>,
    /// Where the data goes, ISO 3166-1 alpha-2, if it leaves.
    pub country: Option<String>,
    /// When.
    pub instant: Instant,
    /// What was found about it.
    pub facts: Facts,
}

/// The facts of an act. Whoever makes an act gathers them; they are never taken on a caller's word.
///
/// Whoever found nothing has the default: no case, no relation, no consent. Then only rules hold that ask for none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The case within which it happens.
    pub case: CaseFact,
    /// How the actor stands to the records that it is about.
    pub reached: Relations,
    /// The kinds of consent that the person has given and not withdrawn.
    pub consents: Vec<KindName>,
}

/// What was found about the case of an act.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CaseFact {
    /// No case was named.
    #[default]
    None,
    /// The case is open and covers the persons that the act is about.
    Open {
        /// The `[case.*]` that it is of.
        case: CaseName,
        /// The record that holds it.
        id: RecordId,
    },
    /// A case was named, but it is closed, unknown or about someone else.
    DoesNotCover,
}
