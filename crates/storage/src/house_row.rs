//! Rows of the house's own matters that are put whole and found by their key: keys of programs, invitations, notices and who has
//! seen them, findings that somebody has looked at, legal holds, texts that somebody confirms. None of them holds a value of personal
//! data in plain; a person is a pseudonym, and a text from outside is sealed.
//!
//! Not here: what they mean. A row that is put again takes the place of the one before; what many note without having read the
//! row in their turn (the last use of a key, that a notice was seen) has an operation of its own, so that it takes back nothing.

use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use terms::{AgreementHash, ClauseId, FieldName, Hash, Instant, KindName, Label, PersonId, RecordId, Role, TenantId};

use crate::holding::{EndHold, Hold};
use crate::leaving::{ErasePortion, Leaving};
use crate::op::SeeNotice;
use crate::setting_aside::SetAside;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum HouseRow {
    /// A key with which a program acts for a person.
    #[n(0)]
    Key(#[n(0)] ApiKey),
    /// An invitation to an account, by a link that is used once.
    #[n(1)]
    Invitation(#[n(0)] Invitation),
    /// A notice of the provider to its customers.
    #[n(2)]
    Notice(#[n(0)] Notice),
    /// That somebody has got a notice, and read it.
    #[n(3)]
    NoticeSeen(#[n(0)] NoticeSeen),
    /// That somebody has looked at what a check found in a field.
    #[n(4)]
    LookedAt(#[n(0)] LookedAt),
    /// A legal hold.
    #[n(5)]
    Hold(#[n(0)] Hold),
    /// A text from outside that somebody confirms.
    #[n(6)]
    ReadText(#[n(0)] ReadText),
    /// How far its confirming has come.
    #[n(7)]
    Confirming(#[n(0)] Confirming),
    /// Something that is set aside to be erased.
    #[n(8)]
    SetAside(#[n(0)] SetAside),
    /// That details of a tenant's log were purged.
    #[n(9)]
    Purged(#[n(0)] PurgedLog),
    /// Who leaves with an erasure whose rows follow in portions.
    #[n(10)]
    Leaving(#[n(0)] Leaving),
    /// Figures that stayed when records were anonymised.
    #[n(11)]
    Figures(#[n(0)] KeptFigures),
}

/// Figures that stayed when records were anonymised. They are of nobody: no erasure takes them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeptFigures {
    /// The id of the erasure that they were made with.
    #[n(0)]
    pub id: RecordId,
    /// Whose, the customer.
    #[n(1)]
    pub tenant: TenantId,
    /// Of which kind.
    #[n(2)]
    pub kind: KindName,
    /// When.
    #[n(3)]
    pub made: Instant,
    /// The figures, in a form that this room does not know.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub figures: Vec<u8>,
}

/// That details of a tenant's log were purged: those of entries before an instant, as far as they could go.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PurgedLog {
    /// Whose log.
    #[n(0)]
    pub tenant: TenantId,
    /// When.
    #[n(1)]
    pub at: Instant,
    /// Of entries before this.
    #[n(2)]
    pub before: Instant,
    /// How many.
    #[n(3)]
    pub entries: u64,
    /// Under which agreement.
    #[n(4)]
    pub agreement: AgreementHash,
    /// By which clause.
    #[n(5)]
    pub clause: ClauseId,
}

/// A key with which a program acts for a person, in the role that the person had when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ApiKey {
    /// Its id, which is no secret.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: [u8; 16],
    /// SHA-256 of its secret.
    #[n(1)]
    pub hash: Hash,
    /// For whom.
    #[n(2)]
    pub person: PersonId,
    /// Where the person belongs.
    #[n(3)]
    pub home: TenantId,
    /// As what.
    #[n(4)]
    pub role: Role,
    /// What it is for, in a word.
    #[n(5)]
    pub name: FieldName,
    /// When it was made.
    #[n(6)]
    pub made: Instant,
    /// Until when at the latest.
    #[n(7)]
    pub ends: Instant,
    /// The hour in which it was last used.
    #[n(8)]
    pub used: Option<Instant>,
    /// When it was ended before that.
    #[n(9)]
    pub ended: Option<Instant>,
}

/// An invitation to an account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Invitation {
    /// SHA-256 of what the link holds.
    #[n(0)]
    pub token: Hash,
    /// Where the account will be.
    #[n(1)]
    pub home: TenantId,
    /// For whom.
    #[n(2)]
    pub person: PersonId,
    /// As what.
    #[n(3)]
    pub role: Role,
    /// The person's own record, where there is one.
    #[n(4)]
    pub record: Option<RecordId>,
    /// Who invited; none for the operator.
    #[n(5)]
    pub by: Option<PersonId>,
    /// When.
    #[n(6)]
    pub made: Instant,
    /// Until when the link holds.
    #[n(7)]
    pub ends: Instant,
    /// When it was used, or taken back.
    #[n(8)]
    pub ended: Option<Instant>,
}

/// A notice of the provider to its customers. It holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Notice {
    /// Its id.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub id: [u8; 16],
    /// Whose: the provider's home.
    #[n(1)]
    pub provider: TenantId,
    /// Who wrote it.
    #[n(2)]
    pub by: PersonId,
    /// To one customer; without it, to all of the service.
    #[n(3)]
    pub to: Option<TenantId>,
    /// When.
    #[n(4)]
    pub made: Instant,
    /// From which day what it says is so, as `2026-12-01`.
    #[n(5)]
    pub effective: Option<String>,
    /// What it is about, Swedish and English.
    #[n(6)]
    pub subject: (String, String),
    /// What it says, Swedish and English.
    #[n(7)]
    pub text: (String, String),
}

impl Notice {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Label {
        Label { sv: self.subject.0.clone(), en: self.subject.1.clone() }
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> Label {
        Label { sv: self.text.0.clone(), en: self.text.1.clone() }
    }
}

/// That somebody has got a notice, and read it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct NoticeSeen {
    /// Which notice.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub notice: [u8; 16],
    /// Of which customer.
    #[n(1)]
    pub tenant: TenantId,
    /// Who.
    #[n(2)]
    pub person: PersonId,
    /// When it was first shown to that person.
    #[n(3)]
    pub delivered: Instant,
    /// When that person said that it is read.
    #[n(4)]
    pub read: Option<Instant>,
}

/// That somebody has looked at what a check found in a field.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LookedAt {
    /// Of which customer.
    #[n(0)]
    pub tenant: TenantId,
    /// In which record.
    #[n(1)]
    pub record: RecordId,
    /// In which version of it: what is written later is looked at anew.
    #[n(2)]
    pub version: u64,
    /// In which field.
    #[n(3)]
    pub field: FieldName,
    /// Who.
    #[n(4)]
    pub by: PersonId,
    /// When.
    #[n(5)]
    pub at: Instant,
}

/// A text from outside that somebody of the provider confirms. Written once; once it is thrown away, empty.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReadText {
    /// Its id.
    #[n(0)]
    pub id: RecordId,
    /// Whose: the provider's home.
    #[n(1)]
    pub home: TenantId,
    /// The text, sealed: it is somebody's contract, and may name people.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// How far the confirming of a text has come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Confirming {
    /// The text's id.
    #[n(0)]
    pub id: RecordId,
    /// Whose: the provider's home.
    #[n(1)]
    pub home: TenantId,
    /// Who began.
    #[n(2)]
    pub by: PersonId,
    /// When.
    #[n(3)]
    pub begun: Instant,
    /// Who chose last.
    #[n(4)]
    pub last_by: PersonId,
    /// When.
    #[n(5)]
    pub last: Instant,
    /// How often it was written: whoever saw another number has seen other choices.
    #[n(6)]
    pub revision: u64,
    /// How many proposals have been chosen on.
    #[n(7)]
    pub done: u64,
    /// Of how many.
    #[n(8)]
    pub of: u64,
    /// When it was thrown away.
    #[n(9)]
    pub ended: Option<Instant>,
    /// What was chosen, sealed; empty once it is thrown away.
    #[cbor(n(10), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// The kinds of row, for looking them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKind {
    /// [`HouseRow::Key`].
    Key = 0,
    /// [`HouseRow::Invitation`].
    Invitation = 1,
    /// [`HouseRow::Notice`].
    Notice = 2,
    /// [`HouseRow::NoticeSeen`].
    NoticeSeen = 3,
    /// [`HouseRow::LookedAt`].
    LookedAt = 4,
    /// [`HouseRow::Hold`].
    Hold = 5,
    /// [`HouseRow::Purged`].
    Purged = 9,
    /// [`HouseRow::ReadText`].
    ReadText = 6,
    /// [`HouseRow::Confirming`].
    Confirming = 7,
    /// [`HouseRow::SetAside`].
    SetAside = 8,
    /// [`HouseRow::Leaving`].
    Leaving = 10,
    /// [`HouseRow::Figures`].
    Figures = 11,
}

impl HouseRow {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> RowKind {
        match self {
            Self::Key(_) => RowKind::Key,
            Self::Invitation(_) => RowKind::Invitation,
            Self::Notice(_) => RowKind::Notice,
            Self::NoticeSeen(_) => RowKind::NoticeSeen,
            Self::LookedAt(_) => RowKind::LookedAt,
            Self::Hold(_) => RowKind::Hold,
            Self::Purged(_) => RowKind::Purged,
            Self::ReadText(_) => RowKind::ReadText,
            Self::Confirming(_) => RowKind::Confirming,
            Self::SetAside(_) => RowKind::SetAside,
            Self::Leaving(_) => RowKind::Leaving,
            Self::Figures(_) => RowKind::Figures,
        }
    }

    /// What it is found by within its kind.
    #[must_use]
    pub fn key(&self) -> Vec<u8> {
        match self {
            Self::Key(one) => one.id.to_vec(),
            Self::Invitation(one) => one.token.0.to_vec(),
            Self::Notice(one) => one.id.to_vec(),
            Self::NoticeSeen(one) => [&one.notice[..], &one.tenant.0, &one.person.0].concat(),
            Self::LookedAt(one) => [&one.tenant.0[..], &one.record.0, one.field.as_str().as_bytes()].concat(),
            Self::Hold(one) => hold_key(&one.tenant, &one.id),
            // By time: two of one instant are one.
            Self::Purged(one) => [&one.tenant.0[..], &one.at.micros().to_be_bytes()].concat(),
            Self::ReadText(one) => one.id.0.to_vec(),
            Self::Confirming(one) => one.id.0.to_vec(),
            Self::SetAside(one) => hold_key(&one.tenant, &one.id),
            Self::Leaving(one) => hold_key(&one.tenant, &one.id),
            Self::Figures(one) => hold_key(&one.tenant, &one.id),
        }
    }

    /// Whose it is: the home of the person, the provider, or the customer.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Key(one) => one.home,
            Self::Invitation(one) => one.home,
            Self::Notice(one) => one.provider,
            Self::NoticeSeen(one) => one.tenant,
            Self::LookedAt(one) => one.tenant,
            Self::Hold(one) => one.tenant,
            Self::Purged(one) => one.tenant,
            Self::ReadText(one) => one.home,
            Self::Confirming(one) => one.home,
            Self::SetAside(one) => one.tenant,
            Self::Leaving(one) => one.tenant,
            Self::Figures(one) => one.tenant,
        }
    }

    /// Whom it is for: when that person goes, it goes.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Key(one) => Some(one.person),
            Self::Invitation(one) => Some(one.person),
            Self::NoticeSeen(one) => Some(one.person),
            Self::Hold(one) => one.scope.person(),
            Self::SetAside(one) => Some(one.person),
            Self::Notice(_)
            | Self::LookedAt(_)
            | Self::Purged(_)
            | Self::ReadText(_)
            | Self::Confirming(_)
            | Self::Leaving(_)
            | Self::Figures(_) => None,
        }
    }

    /// Ends a key or an invitation that has not ended; whether that changed anything.
    pub(crate) fn end(&mut self, at: Instant) -> bool {
        let ended = match self {
            Self::Key(one) => &mut one.ended,
            Self::Invitation(one) => &mut one.ended,
            Self::Notice(_)
            | Self::NoticeSeen(_)
            | Self::LookedAt(_)
            | Self::Hold(_)
            | Self::SetAside(_)
            | Self::Purged(_)
            | Self::ReadText(_)
            | Self::Confirming(_)
            | Self::Leaving(_)
            | Self::Figures(_) => return false,
        };
        let changes = ended.is_none();
        ended.get_or_insert(at);
        changes
    }
}

impl HouseRow {
    /// Notes that a key was used; whether that changed anything. Not a key, or an hour before one that is known, changes nothing.
    pub(crate) fn use_key(&mut self, hour: Instant) -> bool {
        let Self::Key(key) = self else { return false };
        let changes = key.used.is_none_or(|used| used < hour);
        if changes {
            key.used = Some(hour);
        }
        changes
    }
}

impl SeeNotice {
    /// The key of its row.
    pub(crate) fn key(&self) -> Vec<u8> {
        [&self.notice[..], &self.tenant.0, &self.person.0].concat()
    }

    /// The row after it, given the one before: the first time that it was shown stands, and the first that it was read.
    pub(crate) fn after(&self, before: Option<HouseRow>, at: Instant) -> HouseRow {
        let before = match before {
            Some(HouseRow::NoticeSeen(seen)) => Some(seen),
            _ => None,
        };
        let Self { notice, tenant, person, read } = *self;
        let delivered = before.as_ref().map_or(at, |seen| seen.delivered);
        let read = before.and_then(|seen| seen.read).or(read.then_some(at));
        HouseRow::NoticeSeen(NoticeSeen { notice, tenant, person, delivered, read })
    }
}

/// The key of the row of a hold, of something that is set aside, or of who leaves with an erasure.
pub(crate) fn hold_key(tenant: &TenantId, id: &RecordId) -> Vec<u8> {
    [&tenant.0[..], &id.0].concat()
}

/// The keys between which the findings in a record lie.
pub(crate) fn looked_at_in(tenant: &TenantId, record: &RecordId) -> (Vec<u8>, Vec<u8>) {
    let from = [&tenant.0[..], &record.0].concat();
    // Names of fields are small letters, digits and hyphens: none sorts after this byte.
    let until = [&from[..], &[0xff]].concat();
    (from, until)
}

pub(crate) const TABLE: &str = "
CREATE TABLE house (
  kind INTEGER NOT NULL, key BLOB NOT NULL, tenant BLOB NOT NULL, person BLOB, body BLOB NOT NULL,
  PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;
CREATE INDEX house_by_tenant ON house (tenant, kind, key);
CREATE INDEX house_by_person ON house (person) WHERE person IS NOT NULL;
";

fn decoded(body: &[u8]) -> rusqlite::Result<HouseRow> {
    minicbor::decode(body)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(error)))
}

pub(crate) fn put(tx: &Transaction<'_>, one: &HouseRow) -> rusqlite::Result<()> {
    // Writing to a Vec cannot fail.
    let body = minicbor::to_vec(one).unwrap_or_default();
    tx.prepare_cached("INSERT OR REPLACE INTO house (kind, key, tenant, person, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![one.kind() as i64, one.key(), one.tenant().0, one.person().map(|person| person.0), body])?;
    Ok(())
}

pub(crate) fn end_of(tx: &Transaction<'_>, person: &PersonId, at: Instant) -> rusqlite::Result<()> {
    let rows: Vec<Vec<u8>> = tx
        .prepare_cached("SELECT body FROM house WHERE person = ?1")?
        .query_map(params![person.0], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for body in rows {
        let mut one = decoded(&body)?;
        if one.end(at) {
            put(tx, &one)?;
        }
    }
    Ok(())
}

pub(crate) fn use_key(tx: &Transaction<'_>, id: &[u8; 16], hour: Instant) -> rusqlite::Result<()> {
    if let Some(mut row) = one(tx, RowKind::Key, id)?
        && row.use_key(hour)
    {
        put(tx, &row)?;
    }
    Ok(())
}

pub(crate) fn end_hold(tx: &Transaction<'_>, tenant: &TenantId, end: &EndHold, at: Instant) -> rusqlite::Result<()> {
    if let Some(HouseRow::Hold(mut hold)) = one(tx, RowKind::Hold, &hold_key(tenant, &end.id))?
        && hold.end(end, at)
    {
        put(tx, &HouseRow::Hold(hold))?;
    }
    Ok(())
}

pub(crate) fn bring_back(tx: &Transaction<'_>, tenant: &TenantId, id: &RecordId) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM house WHERE kind = ?1 AND key = ?2")?
        .execute(params![RowKind::SetAside as i64, hold_key(tenant, id)])?;
    Ok(())
}

/// Counts one more portion of an erasure.
pub(crate) fn leave(tx: &Transaction<'_>, tenant: &TenantId, portion: &ErasePortion) -> rusqlite::Result<()> {
    match one(tx, RowKind::Leaving, &hold_key(tenant, &portion.id))? {
        Some(HouseRow::Leaving(leaving)) => put(tx, &HouseRow::Leaving(leaving.after(portion))),
        _ => Ok(()),
    }
}

/// Who left has left.
pub(crate) fn left(tx: &Transaction<'_>, tenant: &TenantId, id: &RecordId) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM house WHERE kind = ?1 AND key = ?2")?
        .execute(params![RowKind::Leaving as i64, hold_key(tenant, id)])?;
    Ok(())
}

pub(crate) fn see_notice(tx: &Transaction<'_>, seen: &SeeNotice, at: Instant) -> rusqlite::Result<()> {
    let before = one(tx, RowKind::NoticeSeen, &seen.key())?;
    put(tx, &seen.after(before, at))
}

pub(crate) fn of(connection: &Connection, kind: RowKind, tenant: &TenantId) -> rusqlite::Result<Vec<HouseRow>> {
    connection
        .prepare_cached("SELECT body FROM house WHERE tenant = ?1 AND kind = ?2 ORDER BY key")?
        .query_map(params![tenant.0, kind as i64], |row| decoded(row.get_ref(0)?.as_blob()?))?
        .collect()
}

pub(crate) fn one(connection: &Connection, kind: RowKind, key: &[u8]) -> rusqlite::Result<Option<HouseRow>> {
    connection
        .prepare_cached("SELECT body FROM house WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind as i64, key], |row| decoded(row.get_ref(0)?.as_blob()?))
        .optional()
}
