//! Storage operations: the redo record of the journal. Versioned, never business logic; applying them cannot refuse.

use minicbor::{Decode, Encode};
use terms::{
    AgreementHash, FieldName, Hash, Instant, KindName, PersonId, RecordHead, RecordId, RetentionClass, Role,
    ServiceName, TenantId,
};

use crate::erasing::{Erase, Restrict};
use crate::holding::EndHold;
use crate::house_row::HouseRow;
use crate::import::Import;
use crate::leaving::ErasePortion;
use crate::letting_go::LetGo;

use crate::file::PutFile;
use crate::going_back::{PutBack, WentBack};

/// The version of the redo record that this program writes.
pub const REDO_VERSION: u16 = 1;

/// A blind-index token: an HMAC under a key per tenant and field.
pub type Token = [u8; 32];

/// What an entry changes in the derived state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Redo {
    /// The version of this form.
    #[n(0)]
    pub version: u16,
    /// The operations, in order.
    #[n(1)]
    pub ops: Vec<Op>,
}

impl Redo {
    /// The bytes, CBOR.
    pub(crate) fn write(&self) -> Vec<u8> {
        // Writing to a Vec cannot fail.
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// Where they are no redo record of a known version.
    pub fn read(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        let redo: Self = minicbor::decode(bytes)?;
        if redo.version == REDO_VERSION {
            Ok(redo)
        } else {
            Err(minicbor::decode::Error::message("a redo record of another version"))
        }
    }
}

/// One operation on the derived state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Op {
    /// A record, new or in a new version.
    #[n(0)]
    PutRecord(#[n(0)] PutRecord),
    /// A customer or the provider.
    #[n(1)]
    PutTenant(#[n(0)] Tenant),
    /// A person's account, opened or given another form.
    #[n(2)]
    PutAccount(#[n(0)] PutAccount),
    /// A session.
    #[n(3)]
    PutSession(#[n(0)] Session),
    /// The end of a session.
    #[n(4)]
    EndSession(#[cbor(n(0), with = "minicbor::bytes")] [u8; 32]),
    /// The end of all sessions of a person.
    #[n(5)]
    EndSessionsOf(#[n(0)] PersonId),
    /// The text of an agreement.
    #[n(6)]
    PutAgreement {
        /// Its hash.
        #[n(0)]
        hash: AgreementHash,
        /// Its exact text.
        #[n(1)]
        text: String,
    },
    /// An agreement comes into force for a tenant.
    #[n(7)]
    AdoptAgreement {
        /// For whom.
        #[n(0)]
        tenant: TenantId,
        /// From when.
        #[n(1)]
        from: Instant,
        /// Which.
        #[n(2)]
        hash: AgreementHash,
    },
    /// The end of a person's account, at the entry's time. One that is ended keeps its first end.
    #[n(8)]
    EndAccount(#[n(0)] PersonId),
    /// The code of a step of a person's second factor was used.
    #[n(9)]
    UsedCode {
        /// Whose.
        #[n(0)]
        person: PersonId,
        /// Which step, in the count of RFC 6238; the last one used, also where a greater one was used before.
        #[n(1)]
        step: u64,
    },
    /// The end of all sessions that have run out by an instant.
    #[n(10)]
    EndSessionsBefore(#[n(0)] Instant),
    /// An import, begun or in another state.
    #[n(35)]
    PutImport(#[n(0)] Import),
    /// A row of the house's own matters, new or in the place of the one before.
    #[n(21)]
    PutRow(#[n(0)] HouseRow),
    /// The end of all keys and invitations of a person.
    #[n(22)]
    EndCredentialsOf(#[n(0)] PersonId),
    /// A customer's file comes into force.
    #[n(20)]
    AdoptFile(#[n(0)] AdoptedFile),
    /// Persons or single records are erased. The keys are destroyed before it is applied.
    #[n(11)]
    Erase(#[n(0)] Erase),
    /// What was erased is gone everywhere here, as its certificate says.
    #[n(12)]
    CompleteErasure {
        /// Which erasure.
        #[n(0)]
        id: RecordId,
        /// The certificate, in a form that this room does not know.
        #[cbor(n(1), with = "minicbor::bytes")]
        certificate: Vec<u8>,
    },
    /// What was erased is unusable everywhere, as the second stage of its certificate says.
    #[n(45)]
    UnusableEverywhere {
        /// Which erasure.
        #[n(0)]
        id: RecordId,
        /// The second stage, in a form that this room does not know.
        #[cbor(n(1), with = "minicbor::bytes")]
        stage: Vec<u8>,
    },
    /// A person's data is restricted; a restriction that stands is replaced.
    #[n(13)]
    Restrict(#[n(0)] Restrict),
    /// A person's restriction ends.
    #[n(14)]
    Lift(#[n(0)] PersonId),
    /// The file of a field, another one or none.
    #[n(30)]
    PutFile(#[n(0)] PutFile),
    /// A record as it was at an earlier instant, put back.
    #[n(53)]
    PutBack(#[n(0)] PutBack),
    /// A record that came to be after the instant that was gone back to. It is no erasure: its key lives.
    #[n(54)]
    Withdraw(#[n(0)] RecordId),
    /// That content is as it was at an instant. It changes nothing by itself.
    #[n(55)]
    WentBack(#[n(0)] WentBack),
    /// A key of a program was used. Nothing else of the key changes, and a key that is not there stays away.
    #[n(40)]
    KeyUsed {
        /// Which.
        #[cbor(n(0), with = "minicbor::bytes")]
        id: [u8; 16],
        /// In which hour; an earlier one than is known changes nothing.
        #[n(1)]
        hour: Instant,
    },
    /// A person was shown a notice, or has read it, at the entry's time. The first time of each stands.
    #[n(41)]
    SeeNotice(#[n(0)] SeeNotice),
    /// A legal hold ends, at the entry's time. It is placed as a row of the house.
    #[n(60)]
    EndHold(#[n(0)] EndHold),
    /// What was set aside to be erased is back as it was.
    #[n(61)]
    BringBack(#[n(0)] RecordId),
    /// The next rows of an erasure whose keys are destroyed already.
    #[n(67)]
    ErasePortion(#[n(0)] ErasePortion),
    /// Earlier versions that only a legal hold kept go, since it has ended.
    #[n(65)]
    LetGo(#[n(0)] LetGo),
}

/// That a person was shown a notice, or has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct SeeNotice {
    /// Which notice.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub notice: [u8; 16],
    /// Of which customer.
    #[n(1)]
    pub tenant: TenantId,
    /// Who.
    #[n(2)]
    pub person: PersonId,
    /// Whether it was read, and not only shown.
    #[n(3)]
    pub read: bool,
}

/// Writes a record. The time of writing is the entry's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PutRecord {
    /// The record.
    #[n(0)]
    pub record: RecordId,
    /// Its kind.
    #[n(1)]
    pub kind: KindName,
    /// The new version, from 1.
    #[n(2)]
    pub version: u64,
    /// Whose it is.
    #[n(3)]
    pub person: PersonId,
    /// What it belongs to.
    #[n(4)]
    pub parent: Option<RecordId>,
    /// Its state, never personal data.
    #[n(5)]
    pub state: Option<String>,
    /// Who wrote it.
    #[n(6)]
    pub author: PersonId,
    /// The sealed fields, in the vault's form.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// Whether the version before is kept.
    #[n(8)]
    pub keep_past: bool,
    /// The tokens of the fields that changed; they replace that field's tokens.
    #[n(9)]
    pub tokens: Vec<TokensOf>,
    /// The caller's idempotency key, hashed with the actor.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub once: Option<[u8; 32]>,
    /// What that key was used for: a keyed fingerprint of the values, in which the caller's own key is mixed. The same key with
    /// another fingerprint is refused. None where the entry is older than fingerprints are.
    #[cbor(n(15), with = "minicbor::bytes")]
    pub once_of: Option<[u8; 32]>,
    /// Its retention class: under which of the person's keys it is sealed. Entries from before there were classes say none.
    #[cbor(n(11), default)]
    pub class: RetentionClass,
}

/// What an idempotency key was answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// The record that it made or changed.
    pub record: RecordId,
    /// In which version.
    pub version: u64,
    /// The fingerprint of what was written.
    pub of: Option<[u8; 32]>,
}

impl Once {
    /// Whether the key may be answered again for these values.
    #[must_use]
    pub fn fits(&self, of: Option<[u8; 32]>) -> bool {
        self.of.is_none() || of.is_none() || self.of == of
    }
}

/// The tokens of one field of one record.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TokensOf {
    /// The field, or the word `unique` for the token of all unique fields together.
    #[n(0)]
    pub field: FieldName,
    /// Whether no other record of the kind may carry the same token.
    #[n(1)]
    pub unique: bool,
    /// The tokens.
    #[n(2)]
    pub tokens: Vec<SealedToken>,
}

/// A token: sealed under its person's key for the journal, bare only in memory and in the live state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedToken {
    /// As it lies in the journal.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// As the index holds it. Absent after reading from the journal, until the vault opens it.
    #[cbor(skip)]
    pub bare: Option<Token>,
}

/// A record as it lies in the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Whose data, the customer.
    pub tenant: TenantId,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: KindName,
    /// Its version, from 1.
    pub version: u64,
    /// Whose it is.
    pub person: PersonId,
    /// What it belongs to.
    pub parent: Option<RecordId>,
    /// Its state.
    pub state: Option<String>,
    /// When this version was written.
    pub written: Instant,
    /// Who wrote this version.
    pub author: PersonId,
    /// The sealed fields.
    pub sealed: Vec<u8>,
    /// Its retention class: under which of the person's keys it is sealed.
    pub class: RetentionClass,
}

impl StoredRecord {
    /// What may be known of it without opening it.
    #[must_use]
    pub fn head(&self) -> RecordHead {
        RecordHead {
            record: self.record,
            kind: self.kind.clone(),
            version: self.version,
            person: self.person,
            parent: self.parent,
            state: self.state.clone(),
            written: self.written,
            author: self.author,
        }
    }
}

/// A customer, or the provider itself. A legal person: no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Tenant {
    /// Its id.
    #[n(0)]
    pub id: TenantId,
    /// The legal person's name.
    #[n(1)]
    pub name: String,
    /// Its registration number, where known.
    #[n(2)]
    pub registration_number: Option<String>,
    /// The service it uses.
    #[n(3)]
    pub service: ServiceName,
    /// Whether it is the provider, at home to its own staff.
    #[n(4)]
    pub provider: bool,
}

/// Opens a person's account, or gives it another form: then it is not ended, and the last used step of its second factor
/// stays. Steps count time, so that holds for a new seed too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PutAccount {
    /// The person.
    #[n(0)]
    pub person: PersonId,
    /// The customer or provider that the person belongs to.
    #[n(1)]
    pub home: TenantId,
    /// What the person is under the agreement.
    #[n(2)]
    pub role: Role,
    /// The person's own record, where the service keeps one.
    #[n(3)]
    pub record: Option<RecordId>,
    /// What the person logs in with.
    #[n(4)]
    pub secrets: SealedAccount,
    /// The seed of one-time codes, where the account needs them, sealed under the person's key; it lies so in the state too.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub totp: Option<Vec<u8>>,
}

/// What a person logs in with: sealed under the person's key for the journal, bare only in memory and in the live state. So
/// it dies with the person, though the journal stays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SealedAccount {
    /// As it lies in the journal.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// As the state holds it. Absent after reading from the journal, until the vault opens it; without it there is no account.
    #[cbor(skip)]
    pub bare: Option<AccountSecrets>,
}

/// What a log-in is compared with. Its form here is the one that is sealed.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
pub struct AccountSecrets {
    /// The log-in name as a blind token.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub login: [u8; 32],
    /// The password's Argon2id hash, peppered, in PHC form.
    #[n(1)]
    pub password: String,
}

impl core::fmt::Debug for AccountSecrets {
    /// Nothing of it.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AccountSecrets").finish_non_exhaustive()
    }
}

/// A person's account as it lies in the state: who may log in, as what.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub person: PersonId,
    /// The customer or provider that the person belongs to.
    pub home: TenantId,
    /// The log-in name as a blind token.
    pub login: [u8; 32],
    /// What the person is under the agreement.
    pub role: Role,
    /// The password's Argon2id hash, peppered, in PHC form.
    pub password: String,
    /// The seed of one-time codes, where the account needs them, sealed under the person's key.
    pub totp: Option<Vec<u8>>,
    /// The step of the last code that was used; 0 before the first.
    pub used_step: u64,
    /// The person's own record, where the service keeps one.
    pub record: Option<RecordId>,
    /// When the account ended.
    pub ended: Option<Instant>,
}

impl core::fmt::Debug for Account {
    /// Without what the person logs in with.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Account")
            .field("person", &self.person)
            .field("home", &self.home)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A customer's file and from when it is in force. It holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AdoptedFile {
    /// Whose.
    #[n(0)]
    pub tenant: TenantId,
    /// From when; the entry's time where it lies before that.
    #[n(1)]
    pub from: Instant,
    /// The SHA-256 of its text.
    #[n(2)]
    pub hash: Hash,
    /// Its exact text.
    #[n(3)]
    pub text: String,
}

/// A session: that a person has logged in, until when.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    /// SHA-256 of what the cookie holds.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub token: [u8; 32],
    /// Who.
    #[n(1)]
    pub person: PersonId,
    /// Where the person belongs.
    #[n(2)]
    pub home: TenantId,
    /// Since when.
    #[n(3)]
    pub begun: Instant,
    /// Until when at the latest.
    #[n(4)]
    pub ends: Instant,
}

/// An operation on the house's own matters. It needs an entry, and no permit: it holds no record of anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HouseOp {
    /// A customer or the provider.
    PutTenant(Tenant),
    /// A person's account, opened or given another form.
    PutAccount(PutAccount),
    /// The end of a person's account.
    EndAccount(PersonId),
    /// The code of a step of a person's second factor was used.
    UsedCode {
        /// Whose.
        person: PersonId,
        /// Which step.
        step: u64,
    },
    /// A session.
    PutSession(Session),
    /// The end of a session.
    EndSession([u8; 32]),
    /// The end of all sessions of a person.
    EndSessionsOf(PersonId),
    /// The end of all sessions that have run out by an instant.
    EndSessionsBefore(Instant),
    /// An import of the tenant whose entry it is.
    PutImport(Import),
    /// An erasure is complete.
    CompleteErasure {
        /// Which.
        id: RecordId,
        /// Its certificate.
        certificate: Vec<u8>,
    },
    /// What was erased is unusable everywhere.
    UnusableEverywhere {
        /// Which erasure.
        id: RecordId,
        /// The second stage of its certificate.
        stage: Vec<u8>,
    },
    /// An agreement, its text and from when it is in force for a tenant.
    AdoptAgreement {
        /// For whom.
        tenant: TenantId,
        /// From when; the entry's time where it lies before that.
        from: Instant,
        /// Which.
        hash: AgreementHash,
        /// Its exact text.
        text: String,
    },
    /// A row of the house's own matters, new or in the place of the one before.
    PutRow(HouseRow),
    /// The end of all keys and invitations of a person.
    EndCredentialsOf(PersonId),
    /// A customer's file comes into force.
    AdoptFile(AdoptedFile),
    /// A key of a program was used in an hour.
    KeyUsed {
        /// Which.
        id: [u8; 16],
        /// In which hour.
        hour: Instant,
    },
    /// A person was shown a notice, or has read it.
    SeeNotice(SeeNotice),
    /// A legal hold ends because its day has come.
    EndHold(EndHold),
    /// What was set aside closes nobody any more: there is nothing left to erase.
    BringBack(RecordId),
    /// Earlier versions that only a legal hold kept go.
    LetGo(LetGo),
}

impl HouseOp {
    pub(crate) fn into_ops(self, now: Instant) -> Vec<Op> {
        vec![match self {
            Self::PutTenant(tenant) => Op::PutTenant(tenant),
            Self::PutAccount(account) => Op::PutAccount(account),
            Self::EndAccount(person) => Op::EndAccount(person),
            Self::UsedCode { person, step } => Op::UsedCode { person, step },
            Self::PutSession(session) => Op::PutSession(session),
            Self::EndSession(token) => Op::EndSession(token),
            Self::EndSessionsOf(person) => Op::EndSessionsOf(person),
            Self::EndSessionsBefore(instant) => Op::EndSessionsBefore(instant),
            Self::PutImport(import) => Op::PutImport(import),
            Self::PutRow(row) => Op::PutRow(row),
            Self::EndCredentialsOf(person) => Op::EndCredentialsOf(person),
            Self::KeyUsed { id, hour } => Op::KeyUsed { id, hour },
            Self::SeeNotice(seen) => Op::SeeNotice(seen),
            Self::EndHold(end) => Op::EndHold(end),
            Self::BringBack(id) => Op::BringBack(id),
            Self::LetGo(of) => Op::LetGo(of),
            Self::AdoptFile(file) => Op::AdoptFile(AdoptedFile { from: file.from.max(now), ..file }),
            Self::CompleteErasure { id, certificate } => Op::CompleteErasure { id, certificate },
            Self::UnusableEverywhere { id, stage } => Op::UnusableEverywhere { id, stage },
            Self::AdoptAgreement { tenant, from, hash, text } => {
                return vec![Op::PutAgreement { hash, text }, Op::AdoptAgreement { tenant, from: from.max(now), hash }];
            }
        }]
    }
}

/// A writing of one record, as processing hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordWrite {
    /// What to write. Its version must be the head's plus one, or 1 for a new record.
    pub put: PutRecord,
    /// The files that its fields name from now on; their sealed bytes are durable.
    pub files: Vec<PutFile>,
}
