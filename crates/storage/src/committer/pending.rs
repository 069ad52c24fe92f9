//! One thing handed in, prepared outside the committer's thread as far as it can be: its entry encoded, its answer's address.

use std::sync::Arc;

use agreement::Permit;
use journal::{Detail, EntryKind, Extra, Named, Outcome};
use terms::{RecordId, TenantId};

use super::answer::Reply;
use super::{About, CommitError};
use crate::erasing::Erasing;
use crate::house_row::HouseRow;
use crate::op::{Op, REDO_VERSION, RecordWrite, Redo};
use crate::watch::Watch;

/// One thing handed in. All that can be prepared outside the committer's thread is prepared.
pub(crate) struct Pending {
    pub(super) tenant: TenantId,
    pub(super) kind: EntryKind,
    pub(super) permit: Option<Permit>,
    /// Whom and what the entry names. The detail itself is encoded, and not kept: whoever made it throws it away quickest.
    pub(super) named: Named,
    pub(super) encoded: Prepared,
    pub(super) ops: Vec<Op>,
    pub(super) about: About,
    pub(super) reply: Reply,
    /// What an erasure's plan saw, see [`Erasing::saw`]; empty for everything else.
    pub(super) saw: Vec<(RecordId, u64)>,
    /// See [`Erasing::watch`].
    pub(super) watch: Option<Arc<Watch>>,
}

/// What was handed in, in the order in which it came. Boxed: handing in moves a pointer, and the list keeps its room from one
/// generation to the next. It would else grow anew for each, to a size for which the allocator goes to the system, while all
/// others wait for the lock.
pub(super) type Handed = Vec<Box<Pending>>;

pub(super) struct Prepared {
    pub(super) salt: [u8; 32],
    pub(super) commitment: terms::Hash,
    pub(super) detail: Vec<u8>,
    pub(super) extra: Option<Vec<u8>>,
}

fn prepare(mut detail: Detail, about: &About, redo: &Redo) -> Result<(Prepared, Named), CommitError> {
    let salt = journal::random_salt().map_err(|error| CommitError::Stopped(error.to_string()))?;
    let operations = (!redo.ops.is_empty()).then(|| redo.write().into());
    let lists = detail.name(about.persons.clone(), about.records.clone());
    let named = Named::of(&detail, lists.as_ref());
    let extra = Extra { operations, lists }.encode();
    detail.redo_hash = extra.as_deref().map(|extra| journal::redo_hash(&salt, extra));
    let encoded = detail.encode();
    Ok((Prepared { salt, commitment: journal::commitment(&salt, &encoded), detail: encoded, extra }, named))
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
        let files = write.files.into_iter().map(Op::PutFile);
        let ops = core::iter::once(Op::PutRecord(write.put)).chain(files).collect();
        Self::act(permit, about, ops, reply)
    }

    /// An erasure. Its entry names whom and what the caller says it is about.
    pub(crate) fn erasing(
        permit: Permit,
        about: About,
        Erasing { erase, saw, watch, figures }: Erasing,
        reply: Reply,
    ) -> Result<Self, (CommitError, Reply)> {
        // Figures after it: what is applied first is that nobody is left whose they could be.
        let figures = figures.map(|figures| Op::PutRow(HouseRow::Figures(figures)));
        let ops = core::iter::once(Op::Erase(erase)).chain(figures).collect();
        Ok(Self { saw, watch, ..Self::act(permit, about, ops, reply)? })
    }

    /// A permitted act on a person as such: a restriction, or its end.
    pub(crate) fn on_person(permit: Permit, about: About, op: Op, reply: Reply) -> Result<Self, (CommitError, Reply)> {
        Self::act(permit, about, vec![op], reply)
    }

    fn act(permit: Permit, mut about: About, ops: Vec<Op>, reply: Reply) -> Result<Self, (CommitError, Reply)> {
        let detail = Detail {
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
            // Nobody asks for them later.
            fields: core::mem::take(&mut about.fields),
            recipient: permit.act().recipient.clone(),
            outcome: Outcome::Granted,
            ..Detail::default()
        };
        let tenant = permit.tenant();
        let redo = Redo { version: REDO_VERSION, ops };
        match prepare(detail, &about, &redo) {
            Ok((encoded, named)) => {
                let ops = redo.ops;
                let (kind, permit, saw) = (EntryKind::Act, Some(permit), Vec::new());
                Ok(Self { tenant, kind, permit, named, encoded, ops, about, reply, saw, watch: None })
            }
            Err(error) => Err((error, reply)),
        }
    }

    /// A refusal or an event: entered, and nothing is granted.
    pub(crate) fn entry(
        tenant: TenantId,
        kind: EntryKind,
        detail: Detail,
        about: About,
        ops: Vec<Op>,
        reply: Reply,
    ) -> Result<Self, (CommitError, Reply)> {
        let redo = Redo { version: REDO_VERSION, ops };
        match prepare(detail, &about, &redo) {
            Ok((encoded, named)) => {
                let (ops, saw) = (redo.ops, Vec::new());
                Ok(Self { tenant, kind, permit: None, named, encoded, ops, about, reply, saw, watch: None })
            }
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
            named: Named::default(),
            encoded,
            ops: Vec::new(),
            about: About::default(),
            reply,
            saw: Vec::new(),
            watch: None,
        }
    }

    /// How many bytes its entry takes in the journal, roughly.
    pub(super) fn bytes(&self) -> usize {
        256 + self.encoded.detail.len() + self.encoded.extra.as_ref().map_or(0, Vec::len)
    }

    /// Turns an act whose permit does not hold into the entry of its refusal.
    pub(super) fn into_refusal(self) -> Result<Self, (CommitError, Reply)> {
        let mut detail = match Detail::decode(&self.encoded.detail) {
            Ok(detail) => detail,
            Err(error) => return Err((CommitError::Stopped(error.to_string()), self.reply)),
        };
        detail.outcome = Outcome::Refused;
        // The clause that allowed it, in a version that does not govern, stands against nothing.
        detail.clause = None;
        detail.reason = Some(terms::Reason::NotInForce.code().to_owned());
        Self::entry(self.tenant, EntryKind::Refusal, detail, self.about, Vec::new(), self.reply)
    }
}
