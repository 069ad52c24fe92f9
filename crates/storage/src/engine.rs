//! The port behind which the derived state lies: one set of operations, one conformance suite, the in-memory [`Model`] as
//! judge. Whoever implements it promises: [`Engine::apply`] is atomic together with `applied`, it need not be durable when
//! it returns (the journal is), and it cannot refuse.
//!
//! [`Model`]: crate::Model

use std::path::Path;

use journal::Position;
use terms::{AgreementHash, FieldName, FileId, Instant, KindName, PersonId, RecordId, RetentionClass, TenantId};

use crate::erasing::{Erase, Left, PersonGoes, Reached, Restriction, StoredErasure};
use crate::file::StoredFile;
use crate::fingerprint::Fingerprint;
use crate::house_row::{HouseRow, RowKind};
use crate::import::Import;
use crate::leaving::ErasePortion;
use crate::op::{Account, AccountSecrets, AdoptedFile, Once, Op, Session, StoredRecord, Tenant, Token};
use crate::snapshot::Seals;

/// The version of the state's own form; a state of another version is rebuilt from the journal.
pub struct Schema;

impl Schema {
    /// Grows with each change of the tables.
    pub const VERSION: i64 = 10;
}

/// The state could not be read or written: the world did not cooperate.
#[derive(Debug, thiserror::Error)]
#[error("the state could not be {doing}: {cause}")]
pub struct StoreError {
    /// `read`, `written` or `trusted`.
    pub doing: &'static str,
    /// What the engine said. It carries no value: statements bind them.
    pub cause: String,
}

impl StoreError {
    /// What could not be done with what is not as it was written.
    pub(crate) const TRUSTED: &'static str = "trusted";

    /// Whether something on the disk is not as this program wrote it: changed, taken out, put in or put back from outside, or
    /// damaged by the disk.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        self.doing == Self::TRUSTED
    }
}

/// What one group of the journal changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where the group lies.
    pub position: Position,
    /// Its entries in order.
    pub items: Vec<Item>,
}

impl Batch {
    /// The portions in it, in order.
    pub(crate) fn portions(&self) -> impl Iterator<Item = (&TenantId, &ErasePortion)> {
        self.items.iter().flat_map(|item| {
            item.ops.iter().filter_map(move |op| match op {
                Op::ErasePortion(portion) => Some((&item.tenant, portion)),
                _ => None,
            })
        })
    }

    /// The erasures in it, in order.
    pub(crate) fn erasures(&self) -> impl Iterator<Item = (&TenantId, &Erase)> {
        self.items.iter().flat_map(|item| {
            item.ops.iter().filter_map(move |op| match op {
                Op::Erase(erase) => Some((&item.tenant, erase)),
                _ => None,
            })
        })
    }
}

/// What one entry changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whose log.
    pub tenant: TenantId,
    /// The entry's index in that log.
    pub index: u64,
    /// The entry's time.
    pub time: Instant,
    /// The operations.
    pub ops: Vec<Op>,
}

/// Which records to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Find {
    /// Of this kind.
    pub kind: KindName,
    /// Under this record only.
    pub parent: Option<RecordId>,
    /// In this state only.
    pub state: Option<String>,
    /// Later than this record.
    pub after: Option<RecordId>,
    /// At most so many.
    pub limit: usize,
}

/// An agreement in force for a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedAgreement {
    /// For whom.
    pub tenant: TenantId,
    /// From when.
    pub from: Instant,
    /// Which.
    pub hash: AgreementHash,
}

/// Opens on replay what the journal holds sealed under its person's key and the state holds bare. The vault implements it,
/// and promises to give nothing only where the key is gone: the token, or the account, is then left out. Whatever else keeps
/// it closed is an error and stops the start, or a state would be built that lacks what it should have.
pub trait Tokens: Send + Sync {
    /// The bare token of a blind index.
    ///
    /// # Errors
    /// The world's, or a token that does not open though its key is here.
    fn open(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        class: &RetentionClass,
        record: &RecordId,
        field: &FieldName,
        sealed: &[u8],
    ) -> Result<Option<Token>, StoreError>;
    /// What a person at home with a tenant logs in with.
    ///
    /// # Errors
    /// The same.
    fn open_account(
        &self,
        tenant: &TenantId,
        person: &PersonId,
        sealed: &[u8],
    ) -> Result<Option<AccountSecrets>, StoreError>;
}

/// The derived state. The tenant is in every key; a foreign id finds nothing by the same path as a missing one.
pub trait Engine: Send + Sync {
    /// Applies a group, with its position as `applied`, in one transaction.
    ///
    /// # Errors
    /// The world's. The process must then stop: what holds is found out at the next start.
    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        self.apply_once_durable(batch, &mut || Ok(()))
    }
    /// The same of a group that may still be on its way to the disk: all of it is prepared, and it counts, for this program and
    /// on the disk, only after `durable` said so. Where that fails, nothing was applied.
    ///
    /// # Errors
    /// The world's, and what `durable` gave.
    fn apply_once_durable(
        &self,
        batch: &Batch,
        durable: &mut dyn FnMut() -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
    /// Moves into the state what it has written beside itself, a portion at a time, and once it is `from_pages` pages or more
    /// lets the next writing begin there anew. Nearly all is moved without holding anybody up; under steady writing that never comes to the
    /// end, so writers wait while the last few are.
    ///
    /// # Errors
    /// The world's; it can be tried again.
    fn shorten(&self, from_pages: u64) -> Result<(), StoreError>;
    /// The last group applied.
    ///
    /// # Errors
    /// The world's, as for every reading below.
    fn applied(&self) -> Result<Option<Position>, StoreError>;
    /// How many entries each log has, as of `applied`.
    fn sizes(&self) -> Result<Vec<(TenantId, u64)>, StoreError>;
    /// One record in its present version.
    fn record(&self, tenant: &TenantId, record: &RecordId) -> Result<Option<StoredRecord>, StoreError>;
    /// The version that each of these records has now, in their order; 0 where there is none. All as of one moment.
    fn versions(&self, of: &[(TenantId, RecordId)]) -> Result<Vec<u64>, StoreError>;
    /// The versions before the present one that are kept, newest first.
    fn past(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredRecord>, StoreError>;
    /// The records of a tenant of which an earlier version is kept, by record, each once.
    fn with_past(&self, tenant: &TenantId) -> Result<Vec<RecordId>, StoreError>;
    /// Records of a kind, oldest first.
    fn find(&self, tenant: &TenantId, find: &Find) -> Result<Vec<StoredRecord>, StoreError>;
    /// Records of a kind that carry the token in any of the fields, by record id.
    fn with_token(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        token: &Token,
    ) -> Result<Vec<RecordId>, StoreError>;
    /// Records of a kind that carry any of the tokens in the field, by record id, each once. More than `limit` are not given.
    fn with_tokens(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        field: &FieldName,
        tokens: &[Token],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError>;
    /// Those of these records that there are, in their present versions, by record id, each once.
    fn records(&self, tenant: &TenantId, records: &[RecordId]) -> Result<Vec<StoredRecord>, StoreError>;
    /// Records of a kind that belong to any of these, by record id, each once. More than `limit` are not given.
    fn under(
        &self,
        tenant: &TenantId,
        kind: &KindName,
        parents: &[RecordId],
        limit: usize,
    ) -> Result<Vec<StoredRecord>, StoreError>;
    /// The tokens that a record carries in a field now, in order.
    fn tokens_of(&self, tenant: &TenantId, record: &RecordId, field: &FieldName) -> Result<Vec<Token>, StoreError>;
    /// What an idempotency key made.
    fn once(&self, tenant: &TenantId, key: &[u8; 32]) -> Result<Option<Once>, StoreError>;
    /// One tenant.
    fn tenant(&self, tenant: &TenantId) -> Result<Option<Tenant>, StoreError>;
    /// All tenants, by id.
    fn tenants(&self) -> Result<Vec<Tenant>, StoreError>;
    /// One account.
    fn account(&self, person: &PersonId) -> Result<Option<Account>, StoreError>;
    /// The account with that log-in token.
    fn account_by_login(&self, login: &[u8; 32]) -> Result<Option<Account>, StoreError>;
    /// The accounts at home with a tenant, by person.
    fn accounts(&self, home: &TenantId) -> Result<Vec<Account>, StoreError>;
    /// One session.
    fn session(&self, token: &[u8; 32]) -> Result<Option<Session>, StoreError>;
    /// How many sessions have run out by an instant.
    fn sessions_over(&self, by: Instant) -> Result<u64, StoreError>;
    /// The imports of a tenant, earliest first.
    fn imports(&self, tenant: &TenantId) -> Result<Vec<Import>, StoreError>;
    /// All agreements in force for anybody, by tenant and time.
    fn adopted(&self) -> Result<Vec<AdoptedAgreement>, StoreError>;
    /// The rows of the house of one kind that are a tenant's, by key.
    fn rows(&self, kind: RowKind, tenant: &TenantId) -> Result<Vec<HouseRow>, StoreError>;
    /// One row of the house.
    fn row(&self, kind: RowKind, key: &[u8]) -> Result<Option<HouseRow>, StoreError>;
    /// All customers' files, by tenant and time.
    fn adopted_files(&self) -> Result<Vec<AdoptedFile>, StoreError>;
    /// All records of these persons, these single records, and what belongs to any of them in every generation; by record, each
    /// once.
    fn reached(
        &self,
        tenant: &TenantId,
        persons: &[PersonId],
        records: &[RecordId],
    ) -> Result<Vec<Reached>, StoreError>;
    /// The next records of somebody who leaves, by record; at most so many.
    fn leaving_rows(
        &self,
        tenant: &TenantId,
        goes: &PersonGoes,
        after: Option<&RecordId>,
        limit: usize,
    ) -> Result<Vec<RecordId>, StoreError>;
    /// The bytes by which what an erasure deletes could be known again in a file: the tokens, the beginnings of what is sealed,
    /// what accounts hold. Nothing where they are too many to look for.
    fn traces(&self, tenant: &TenantId, erase: &Erase) -> Result<Option<Vec<Vec<u8>>>, StoreError>;
    /// Takes out of the files what was deleted from the state: empties the WAL, and writes the file anew where any of `traces`
    /// is still in it, or where it is not known what to look for.
    ///
    /// # Errors
    /// The world's, or what was deleted is still there.
    fn clear(&self, traces: Option<&[Vec<u8>]>) -> Result<(), StoreError>;
    /// How much is left of what an erasure deletes; `of` are the records that it reached. Keys and names are not the state's.
    fn left(&self, tenant: &TenantId, erase: &Erase, of: &[RecordId]) -> Result<Left, StoreError>;
    /// The erasures of a tenant, newest first.
    fn erasures(&self, tenant: &TenantId) -> Result<Vec<StoredErasure>, StoreError>;
    /// The erasures that no certificate was written for yet, of all tenants, oldest first.
    fn unfinished_erasures(&self) -> Result<Vec<StoredErasure>, StoreError>;
    /// The erasures that are certified here and not everywhere yet, of all tenants, oldest first.
    fn erasures_here_alone(&self) -> Result<Vec<StoredErasure>, StoreError>;
    /// All restrictions, by tenant and person.
    fn restrictions(&self) -> Result<Vec<(TenantId, Restriction)>, StoreError>;
    /// The files of a record, by field and version.
    fn files_of_record(&self, tenant: &TenantId, record: &RecordId) -> Result<Vec<StoredFile>, StoreError>;
    /// The files of a person, by record, field and version.
    fn files_of_person(&self, tenant: &TenantId, person: &PersonId) -> Result<Vec<StoredFile>, StoreError>;
    /// Every file that a row names, sorted: what lies on disk beside these is garbage.
    fn all_files(&self) -> Result<Vec<FileId>, StoreError>;
    /// What the state holds, as counts and one hash: two states that were made from the same groups have the same.
    fn fingerprint(&self) -> Result<Fingerprint, StoreError>;
    /// Writes all of it as of one moment, with what is bare sealed, into a file that is not there yet; durable when it returns. Gives
    /// what it held. Whoever writes goes on meanwhile.
    fn snapshot(&self, to: &Path, seals: &dyn Seals) -> Result<Fingerprint, StoreError>;
    /// The text of an agreement.
    fn agreement_text(&self, hash: &AgreementHash) -> Result<Option<String>, StoreError>;
}
