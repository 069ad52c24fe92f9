//! One thing handed in, prepared outside the committer's thread as far as it can be: its entry encoded, its answer's address.

use agreement::Permit;
use journal::{Detail, EntryKind, Extra, Outcome};
use terms::TenantId;

use super::answer::Reply;
use super::{About, CommitError};
use crate::op::{Op, REDO_VERSION, RecordWrite, Redo};

/// One thing handed in. All that can be prepared outside the committer's thread is prepared.
pub(crate) struct Pending {
    pub(super) tenant: TenantId,
    pub(super) kind: EntryKind,
    pub(super) permit: Option<Permit>,
    pub(super) detail: Detail,
    pub(super) encoded: Prepared,
    pub(super) ops: Vec<Op>,
    pub(super) about: About,
    pub(super) reply: Reply,
}

pub(super) struct Prepared {
    pub(super) salt: [u8; 32],
    pub(super) commitment: terms::Hash,
    pub(super) detail: Vec<u8>,
    pub(super) extra: Option<Vec<u8>>,
}

fn prepare(detail: &mut Detail, about: &About, ops: &[Op]) -> Result<Prepared, CommitError> {
    let salt = journal::random_salt().map_err(|error| CommitError::Stopped(error.to_string()))?;
    let operations = (!ops.is_empty()).then(|| Redo { version: REDO_VERSION, ops: ops.to_vec() }.write().into());
    let lists = detail.name(about.persons.clone(), about.records.clone());
    let extra = Extra { operations, lists }.encode();
    detail.redo_hash = extra.as_deref().map(|extra| journal::redo_hash(&salt, extra));
    let encoded = detail.encode();
    Ok(Prepared { salt, commitment: journal::commitment(&salt, &encoded), detail: encoded, extra })
}

impl Pending {
    /// A reading: entered, then granted.
    pub(crate) fn reading(permit: Permit, about: About, reply: Reply) -> Result<Self, (CommitError, Reply)> {
        Self::act(permit, about, Vec::new(), reply)
    }

    /// A writing.
    pub(crate) fn writing(
        permit: Permit,
        mut about: About,
        write: RecordWrite,
        reply: Reply,
    ) -> Result<Self, (CommitError, Reply)> {
        // First what is written: that is what is answered.
        about.records.retain(|(record, _)| *record != write.put.record);
        about.records.insert(0, (write.put.record, write.put.version));
        about.persons.retain(|person| *person != write.put.person);
        about.persons.insert(0, write.put.person);
        about.kind = Some(write.put.kind.clone());
        Self::act(permit, about, vec![Op::PutRecord(write.put)], reply)
    }

    fn act(permit: Permit, about: About, ops: Vec<Op>, reply: Reply) -> Result<Self, (CommitError, Reply)> {
        let mut detail = Detail {
            verb: Some(permit.verb()),
            actor: Some(permit.actor()),
            role: Some(permit.role().clone()),
            purpose: Some(permit.purpose().clone()),
            case: permit.case(),
            agreement: Some(permit.agreement()),
            clause: Some(permit.clause().clone()),
            subject: Some(permit.subject().clone()),
            categories: permit.granted().to_vec(),
            withheld: permit.withheld().iter().map(|(category, _)| category.clone()).collect(),
            kind: about.kind.clone(),
            fields: about.fields.clone(),
            recipient: permit.act().recipient.clone(),
            outcome: Outcome::Granted,
            ..Detail::default()
        };
        let tenant = permit.tenant();
        match prepare(&mut detail, &about, &ops) {
            Ok(encoded) => {
                Ok(Self { tenant, kind: EntryKind::Act, permit: Some(permit), detail, encoded, ops, about, reply })
            }
            Err(error) => Err((error, reply)),
        }
    }

    /// A refusal or an event: entered, and nothing is granted.
    pub(crate) fn entry(
        tenant: TenantId,
        kind: EntryKind,
        mut detail: Detail,
        about: About,
        ops: Vec<Op>,
        reply: Reply,
    ) -> Result<Self, (CommitError, Reply)> {
        match prepare(&mut detail, &about, &ops) {
            Ok(encoded) => Ok(Self { tenant, kind, permit: None, detail, encoded, ops, about, reply }),
            Err(error) => Err((error, reply)),
        }
    }

    /// The heads of all logs, for the installation's own log.
    pub(crate) fn heads(heads: &journal::Heads, salt: journal::Salt, reply: Reply) -> Self {
        let encoded = Prepared { salt, commitment: heads.commitment(&salt), detail: heads.encode(), extra: None };
        Self {
            tenant: TenantId::INSTALLATION,
            kind: EntryKind::Heads,
            permit: None,
            detail: Detail::default(),
            encoded,
            ops: Vec::new(),
            about: About::default(),
            reply,
        }
    }

    /// How many bytes its entry takes in the journal, roughly.
    pub(super) fn bytes(&self) -> usize {
        256 + self.encoded.detail.len() + self.encoded.extra.as_ref().map_or(0, Vec::len)
    }

    /// Turns an act whose permit does not hold into the entry of its refusal.
    pub(super) fn into_refusal(mut self) -> Result<Self, (CommitError, Reply)> {
        self.detail.outcome = Outcome::Refused;
        // The clause that allowed it, in a version that does not govern, stands against nothing.
        self.detail.clause = None;
        self.detail.reason = Some(terms::Reason::NotInForce.code().to_owned());
        Self::entry(self.tenant, EntryKind::Refusal, self.detail, self.about, Vec::new(), self.reply)
    }
}
