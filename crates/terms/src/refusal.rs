//! The answer *no*: what was asked, which clause stands against it, and who can change that.

use crate::{Category, ClauseId, Purpose, Role, SubjectCategory, Verb};

/// A refusal is an answer, not an error: it is journalled and shown to the person who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Who asked, as what.
    pub role: Role,
    /// To do what.
    pub verb: Verb,
    /// Why.
    pub purpose: Purpose,
    /// About whom.
    pub subject: SubjectCategory,
    /// Why not.
    pub reason: Reason,
    /// The clause that stands against it.
    pub clause: ClauseId,
    /// Its number as printed, e.g. `3.2`.
    pub number: String,
    /// Who can change that.
    pub changer: Changer,
    /// The place of its entry in the customer's log. The door sets it when the refusal is entered; before that there is none.
    pub entry: Option<u64>,
}

/// Why an act is refused. Each variant is one sentence in the portal's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No agreement is in force for this customer at this moment.
    NotInForce,
    /// The agreement has no such purpose.
    PurposeNotAgreed,
    /// The agreement declares no such category for these data subjects.
    CategoryNotDeclared(Category),
    /// A field that the service does not declare; its category is unknown and therefore undeclared. The name is cut to 64
    /// characters and is the only thing of the caller that is kept.
    FieldNotDeclared(String),
    /// The agreement knows no such data subjects.
    SubjectNotDeclared,
    /// The agreement knows no such role.
    RoleNotAgreed,
    /// No rule lets this role do this to these categories.
    NoRule,
    /// This role may do it only within a case that the customer opened.
    CaseRequired,
    /// The case named is closed, unknown, or is about someone else.
    CaseDoesNotCover,
    /// The rule holds only for records that are the actor's own, assigned to it, or of its unit; this one is none of them.
    OutOfReach,
    /// The rule holds only where the data subject has consented; there is no consent, or it was withdrawn.
    NoConsent,
    /// The recipient is no subprocessor of the agreement.
    RecipientNotAgreed,
    /// The recipient is agreed, but not at this place.
    PlaceNotAgreed,
    /// The recipient is outside the agreed area, and no basis for a transfer there holds at this moment (GDPR Chapter V).
    NoTransferBasis,
    /// An instruction or a clause prohibits it, though a rule would allow it.
    Prohibited,
    /// Two layers of the agreement contradict each other, and the act waits until a person has settled it.
    WaitsForDecision,
    /// The person's account is ended or has no role here.
    AccountEnded,
    /// The person's data is restricted (Art. 18): it is stored, and nothing else is done with it.
    Restricted,
    /// A legal hold stands against erasing it (Art. 17(3)).
    Held,
    /// It is erased and can be brought back for a time: until then nobody reads it.
    SetAside,
    /// Too few persons are anonymised together: a figure of them would be of one of them.
    TooFew,
}

impl Reason {
    /// A stable word for entries, problem details and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInForce => "not-in-force",
            Self::PurposeNotAgreed => "purpose-not-agreed",
            Self::CategoryNotDeclared(_) => "category-not-declared",
            Self::FieldNotDeclared(_) => "field-not-declared",
            Self::SubjectNotDeclared => "subject-not-declared",
            Self::RoleNotAgreed => "role-not-agreed",
            Self::NoRule => "no-rule",
            Self::CaseRequired => "case-required",
            Self::CaseDoesNotCover => "case-does-not-cover",
            Self::OutOfReach => "out-of-reach",
            Self::NoConsent => "no-consent",
            Self::RecipientNotAgreed => "recipient-not-agreed",
            Self::PlaceNotAgreed => "place-not-agreed",
            Self::NoTransferBasis => "no-transfer-basis",
            Self::Prohibited => "prohibited",
            Self::WaitsForDecision => "waits-for-decision",
            Self::AccountEnded => "account-ended",
            Self::Restricted => "restricted",
            Self::Held => "held",
            Self::SetAside => "set-aside",
            Self::TooFew => "too-few",
        }
    }
}

/// Who can change what a refusal rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Changer {
    /// The customer, by an addition to the specification or an instruction.
    Controller,
    /// The customer, by opening a support case.
    ControllerByCase,
    /// Both parties, by changing the agreement.
    BothParties,
    /// The provider, by the agreement's own routine for changes.
    Processor,
    /// The customer's administrator, by giving the person another role.
    Administrator,
    /// The customer, by assigning the record to the actor or moving one of them to the other's unit.
    ControllerByAssignment,
    /// The data subject, by consenting.
    DataSubject,
}

impl Changer {
    /// A stable word for words files and tests.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Controller => "controller",
            Self::ControllerByCase => "controller-by-case",
            Self::BothParties => "both-parties",
            Self::Processor => "processor",
            Self::Administrator => "administrator",
            Self::ControllerByAssignment => "controller-by-assignment",
            Self::DataSubject => "data-subject",
        }
    }
}
