//! What erasing and restricting do to the state: whole persons by their keys, single records by rewriting live data, and
//! restrictions (GDPR Art. 18), which leave everything where it is.
//!
//! Not here: which records go and why (that is a plan, `processing`), and the keys themselves (`key_store.rs`).

use std::sync::Arc;

use crate::house_row::KeptFigures;
use crate::op::StoredRecord;
use crate::watch::Watch;
use minicbor::{Decode, Encode};
use terms::{ClauseId, Instant, KindName, PersonId, RecordId, RetentionClass, TenantId};

/// Erases, in the order: keys, then rows. The plan that was shown lies beside it until the certificate does.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Erase {
    /// The erasure's own id, under which its certificate is found.
    #[n(0)]
    pub id: RecordId,
    /// The persons, each with the classes whose keys are destroyed and whose records go.
    #[n(1)]
    pub persons: Vec<PersonGoes>,
    /// Single records of persons who stay.
    #[n(2)]
    pub records: Vec<RecordId>,
    /// The plan, in a form that this room does not know. Pseudonyms, names of kinds and counts; never a value.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub plan: Vec<u8>,
    /// Whether the rows of these persons follow in portions of their own, and only their keys go with this.
    #[cbor(n(4), default)]
    pub in_portions: bool,
}

impl Erase {
    /// One that erases nothing yet.
    #[must_use]
    pub const fn of(id: RecordId) -> Self {
        Self { id, persons: Vec::new(), records: Vec::new(), plan: Vec::new(), in_portions: false }
    }
}

/// A person whose keys of these classes are destroyed, and whose records of these classes go.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PersonGoes {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// Which classes. With the person's own class go account, sessions and the name behind the pseudonym.
    #[n(1)]
    pub classes: Vec<RetentionClass>,
}

impl PersonGoes {
    /// Whether the person's own key goes, and so all that lies under it beside records.
    #[must_use]
    pub fn wholly(&self) -> bool {
        self.classes.iter().any(|class| class.as_str() == RetentionClass::SERVICE)
    }
}

/// An erasure as processing hands it in.
pub struct Erasing {
    /// What goes.
    pub erase: Erase,
    /// Every record that the plan speaks of, in the version that it saw, sorted: all of the persons, the single records, and
    /// what belongs to any of them. Where the state holds another set by now, nothing is erased.
    pub saw: Vec<(RecordId, u64)>,
    /// What tells instead whether the plan still holds; then `saw` is empty.
    pub watch: Option<Arc<Watch>>,
    /// Figures that stay, entered with it.
    pub figures: Option<KeptFigures>,
}

/// An erasure as it lies in the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredErasure {
    /// Whose data it was, the customer.
    pub tenant: TenantId,
    /// Its id.
    pub id: RecordId,
    /// The entry of the act, in the customer's log.
    pub entry: u64,
    /// When.
    pub time: Instant,
    /// What was planned, and done.
    pub plan: Vec<u8>,
    /// The certificate. None until what was deleted has been looked for and not been found.
    pub certificate: Option<Vec<u8>>,
    /// The second stage of the certificate. None until it is unusable everywhere.
    pub everywhere: Option<Vec<u8>>,
}

/// A record as far as an erasure must know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// Which.
    pub record: RecordId,
    /// In which version.
    pub version: u64,
    /// Of which kind.
    pub kind: KindName,
    /// Whose.
    pub person: PersonId,
    /// What it belongs to.
    pub parent: Option<RecordId>,
    /// Its state.
    pub state: Option<String>,
    /// Its retention class.
    pub class: RetentionClass,
}

impl Reached {
    /// A record, as far as an erasure must know it.
    #[must_use]
    pub fn of(one: &StoredRecord) -> Self {
        Self {
            record: one.record,
            version: one.version,
            kind: one.kind.clone(),
            person: one.person,
            parent: one.parent,
            state: one.state.clone(),
            class: one.class.clone(),
        }
    }
}

/// How much is left of what an erasure was to delete: counted anew, in the state and in the file of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Left {
    /// Records in their present version.
    pub records: u64,
    /// Versions before the present one.
    pub versions: u64,
    /// Tokens of blind indexes.
    pub tokens: u64,
    /// Answers kept under idempotency keys.
    pub answers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Sessions.
    pub sessions: u64,
    /// Keys.
    pub keys: u64,
    /// Names behind pseudonyms.
    pub names: u64,
    /// Rows that say which file belongs to which field.
    pub files: u64,
    /// Rows of the house's own: keys of programs, invitations, notices that were seen, findings that were looked at.
    pub rows: u64,
    /// Restrictions.
    pub restrictions: u64,
}

impl Left {
    /// Whether nothing is left.
    #[must_use]
    pub fn nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Restricts the processing of a person's data. It begins with its entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Restrict {
    /// Whose data.
    #[n(0)]
    pub person: PersonId,
    /// Who restricted it.
    #[n(1)]
    pub by: PersonId,
    /// The clause that allowed it, and that now stands against everything else.
    #[n(2)]
    pub clause: ClauseId,
    /// Why, as a code. Never free text: it would be data of the person's outside the vault.
    #[n(3)]
    pub why: String,
    /// Until when at the latest; none until it is lifted.
    #[n(4)]
    pub until: Option<Instant>,
}

/// A restriction as it lies in the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// What was restricted, by whom, why and until when.
    pub of: Restrict,
    /// Since when.
    pub since: Instant,
}

impl Restriction {
    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds(&self, at: Instant) -> bool {
        self.of.until.is_none_or(|until| at < until)
    }
}
