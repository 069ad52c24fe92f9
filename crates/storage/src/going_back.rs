//! Going back to an instant: what the journal says the content was then, compared with what it is now, as operations that are
//! appended. Nothing is cut off, and no number of a version is used twice.
//!
//! Content is records with their earlier versions, tokens and files. Authority stays at now: whatever else the state holds is not
//! looked at, erased persons have no key, and single records that were erased since stay away. Not here: where the journal came
//! from, and what else stays as it is ([`Wanted::stays`]).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use journal::{Disk as _, Entry, Position, RealDisk, scan_from};
use minicbor::{Decode, Encode};
use terms::{Instant, KindName, PersonId, RecordId, RetentionClass, TenantId};

use crate::engine::{Item, StoreError, Tokens};
use crate::erasing::Erase;
use crate::file::PutFile;
use crate::op::{Op, PutRecord, StoredRecord, TokensOf};
use crate::snapshot;
use crate::store::replayed_items;

/// A record as it was: put back whole, under a number of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PutBack {
    /// The record; its tokens are all that it carries.
    #[n(0)]
    pub put: PutRecord,
    /// When what it says was written.
    #[n(1)]
    pub written: Instant,
    /// The versions before, where the state has none of them any more; earliest first.
    #[n(2)]
    pub past: Vec<PastVersion>,
    /// All its files; those that it has now and did not have then are not named any more.
    #[n(3)]
    pub files: Vec<PutFile>,
}

/// A version before the present one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PastVersion {
    /// Its number.
    #[n(0)]
    pub version: u64,
    /// Its state.
    #[n(1)]
    pub state: Option<String>,
    /// When it was written.
    #[n(2)]
    pub written: Instant,
    /// By whom.
    #[n(3)]
    pub author: PersonId,
    /// Its sealed fields.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// That content is as it was at an instant, from this entry on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct WentBack {
    /// The instant that was asked for.
    #[n(0)]
    pub to: Instant,
    /// When the last group at or before it was written.
    #[n(1)]
    pub commit: Instant,
    /// How many records were put back.
    #[n(2)]
    pub put_back: u64,
    /// How many came to be since and are no more.
    #[n(3)]
    pub withdrawn: u64,
}

/// Where to go back to.
pub struct Wanted<'a> {
    /// To the last group at or before this.
    pub to: Instant,
    /// One customer alone.
    pub tenant: Option<TenantId>,
    /// Whether a customer's records of a kind are authority, and stay: consents.
    pub stays: &'a dyn Fn(&TenantId, &KindName) -> bool,
}

/// Why it is not gone back.
#[derive(Debug, thiserror::Error)]
pub enum BackError {
    /// There is nothing at that instant.
    #[error("what is asked for lies before the first or after the last group")]
    Outside {
        /// The first instant that can be gone back to.
        first: Instant,
        /// The last.
        last: Instant,
    },
    /// The journal holds nothing.
    #[error("the journal holds nothing yet")]
    Empty,
    /// The journal no longer holds what that needs, and no whole snapshot from before it lies here.
    #[error(
        "no whole snapshot from before that instant lies in the folder `snapshots`, and the journal alone no longer gives it"
    )]
    NoSnapshot,
    /// The journal cannot be read.
    #[error("the journal does not read: {0}")]
    Journal(#[from] journal::OpenError),
    /// The state.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be done, by customer.
#[derive(Debug)]
pub struct Back {
    /// The last group at or before the instant that was asked for.
    pub commit: Instant,
    /// The operations, by customer, each record once.
    pub changes: BTreeMap<TenantId, Vec<Op>>,
}

/// The first instant that can be gone back to, and that of the last group. It is the first group's where the journal holds all that
/// the state was made from, and else that of the last group which a snapshot must be asked for.
///
/// # Errors
/// See [`BackError`].
pub fn window(journal: &Path) -> Result<(Instant, Instant), BackError> {
    let numbers = journal::segments(journal, &RealDisk).map_err(journal::OpenError::from)?;
    let mut last = None;
    for number in numbers.iter().rev() {
        let bytes = RealDisk.read(&journal.join(journal::segment_name(*number))).map_err(journal::OpenError::from)?;
        if let Ok((entries, _)) = journal::read_groups(&bytes)
            && let Some(entry) = entries.last()
        {
            last = Some(entry.leaf.time);
            break;
        }
    }
    let (Some(last), Some(number)) = (last, numbers.first()) else { return Err(BackError::Empty) };
    let begins = snapshot::covered(journal, &RealDisk)?.unwrap_or_else(|| journal::first_group(*number));
    let first = journal::read_group(journal, &RealDisk, begins)?;
    Ok((first.first().map_or(last, |entry| entry.leaf.time), last))
}

/// A record as it was at an instant.
pub(crate) struct Then {
    pub(crate) put: PutRecord,
    pub(crate) written: Instant,
    pub(crate) past: Vec<PastVersion>,
    pub(crate) files: Vec<PutFile>,
}

/// A snapshot from before the instant: from there on the journal is read, and not from its beginning.
pub(crate) struct Begins {
    /// The last group that it knows.
    pub(crate) at: Position,
    /// Its rows.
    pub(crate) rows: PathBuf,
}

/// A record as it is now, with whether earlier versions of it are kept; none where there is none.
type AsItIs = Option<(StoredRecord, bool)>;

/// What happened since.
#[derive(Default)]
struct Since {
    /// The records that were changed, with the greatest number of a version.
    touched: HashMap<(TenantId, RecordId), u64>,
    /// The single records that were erased.
    erased: HashSet<(TenantId, RecordId)>,
}

/// What there is now.
pub(crate) struct Present<'a> {
    /// A record as it is, with whether earlier versions of it are kept.
    pub(crate) now: &'a dyn Fn(&TenantId, &RecordId) -> Result<AsItIs, StoreError>,
    /// Whether a person has a key of a class.
    pub(crate) has_key: &'a dyn Fn(&TenantId, &PersonId, &RetentionClass) -> Result<bool, StoreError>,
    /// Whether a legal hold covers a record.
    pub(crate) held: &'a dyn Fn(&TenantId, &StoredRecord) -> Result<bool, StoreError>,
}

/// Compares the content at an instant with that of now. What is held is not withdrawn, and what it says now stays as an earlier
/// version: a hold is of now, and going back is no way round it.
///
/// # Errors
/// See [`BackError`].
pub(crate) fn compare(
    journal: &Path,
    begins: Option<&Begins>,
    wanted: &Wanted<'_>,
    tokens: &dyn Tokens,
    present: &Present<'_>,
) -> Result<Back, BackError> {
    let (first, last) = window(journal)?;
    if wanted.to < first || wanted.to > last {
        return Err(BackError::Outside { first, last });
    }
    let ours = |tenant: &TenantId| wanted.tenant.is_none_or(|one| one == *tenant);
    let mut at: Option<(Position, Instant)> = None;
    let mut since = Since::default();
    scan_from(journal, begins.map(|begins| begins.at), &mut |position, entries| {
        let Some(time) = entries.first().map(|entry| entry.leaf.time) else { return Ok(()) };
        if time <= wanted.to {
            at = Some((position, time));
            return Ok(());
        }
        for item in bare(entries)? {
            if ours(&item.tenant) {
                since.note(&item);
            }
        }
        Ok(())
    })?;
    let (commit_at, commit) = at.ok_or(BackError::Outside { first, last })?;
    let then = then(journal, begins, commit_at, &since, tokens)?;
    let mut back = Back { commit, changes: BTreeMap::new() };
    let mut touched: Vec<_> = since.touched.iter().collect();
    touched.sort_unstable();
    for ((tenant, record), greatest) in touched {
        if since.erased.contains(&(*tenant, *record)) {
            continue;
        }
        let was = then.get(&(*tenant, *record));
        let is = (present.now)(tenant, record)?;
        let held = || is.as_ref().map_or(Ok(false), |(is, _)| (present.held)(tenant, is));
        let op = match (was, &is) {
            (None, None) => continue,
            (None, Some((is, _))) if (wanted.stays)(tenant, &is.kind) => continue,
            (None, Some(_)) if held()? => continue,
            (None, Some(_)) => Op::Withdraw(*record),
            (Some(was), _) if (wanted.stays)(tenant, &was.put.kind) => continue,
            (Some(was), _) if !(present.has_key)(tenant, &was.put.person, &was.put.class)? => continue,
            (Some(was), _) => {
                let mut put = was.put.clone();
                put.version = is.as_ref().map_or(0, |(is, _)| is.version).max(*greatest).max(was.put.version) + 1;
                // What lies there now stays as an earlier version where the kind keeps those.
                put.keep_past =
                    is.as_ref().is_some_and(|(_, keeps)| *keeps) || (is.is_some() && !was.past.is_empty()) || held()?;
                put.once = None;
                put.once_of = None;
                let past = if is.is_some() { Vec::new() } else { was.past.clone() };
                Op::PutBack(PutBack { put, written: was.written, past, files: was.files.clone() })
            }
        };
        back.changes.entry(*tenant).or_default().push(op);
    }
    Ok(back)
}

/// The operations of a group, as they lie. Where an entry has none, it had none: what the state is built from goes only as far as a
/// snapshot covers it (decisions 0028 and 0031), and nothing before that is read.
fn bare(entries: &[Entry]) -> Result<Vec<Item>, journal::OpenError> {
    replayed_items(entries, None)
}

impl Since {
    fn note(&mut self, item: &Item) {
        let mut touch = |record: RecordId, version: u64| {
            let greatest = self.touched.entry((item.tenant, record)).or_default();
            *greatest = version.max(*greatest);
        };
        for op in &item.ops {
            match op {
                Op::PutRecord(put) => touch(put.record, put.version),
                Op::PutBack(back) => touch(back.put.record, back.put.version),
                Op::Withdraw(record) => touch(*record, 0),
                Op::PutFile(file) => touch(file.record, file.version),
                Op::Erase(erase) => self.erased.extend(erase.records.iter().map(|record| (item.tenant, *record))),
                _ => {}
            }
        }
    }
}

/// The records that were touched since, as they were at a group.
fn then(
    journal: &Path,
    begins: Option<&Begins>,
    until: Position,
    since: &Since,
    tokens: &dyn Tokens,
) -> Result<HashMap<(TenantId, RecordId), Then>, BackError> {
    let mut then = match begins {
        Some(begins) => snapshot::records(&begins.rows, since.touched.keys(), tokens)?,
        None => HashMap::new(),
    };
    let at = begins.map(|begins| begins.at);
    scan_from(journal, at, &mut |position, entries| {
        if position > until || at.is_some_and(|at| position <= at) {
            return Ok(());
        }
        for mut item in bare(entries)? {
            let place = |record: &RecordId| (item.tenant, *record);
            item.ops.retain(|op| match op {
                Op::PutRecord(put) => since.touched.contains_key(&place(&put.record)),
                Op::PutBack(back) => since.touched.contains_key(&place(&back.put.record)),
                Op::Withdraw(record) => since.touched.contains_key(&place(record)),
                Op::PutFile(file) => since.touched.contains_key(&place(&file.record)),
                Op::Erase(_) | Op::LetGo(_) => true,
                _ => false,
            });
            for op in &mut item.ops {
                crate::store::open_sealed(&item.tenant, op, tokens)
                    .map_err(|error| journal::OpenError::Visit(Box::new(error)))?;
            }
            for op in item.ops {
                step(&mut then, item.tenant, item.time, op);
            }
        }
        Ok(())
    })?;
    Ok(then)
}

fn step(then: &mut HashMap<(TenantId, RecordId), Then>, tenant: TenantId, time: Instant, op: Op) {
    match op {
        Op::PutRecord(put) => {
            let place = (tenant, put.record);
            match then.get_mut(&place) {
                Some(before) => {
                    if put.keep_past && put.version > 1 {
                        before.past.push(past_of(before));
                    }
                    let tokens = replaced(core::mem::take(&mut before.put.tokens), &put.tokens);
                    before.put = PutRecord { tokens, ..put };
                    before.written = time;
                }
                None => drop(then.insert(place, Then { put, written: time, past: Vec::new(), files: Vec::new() })),
            }
        }
        Op::PutBack(back) => {
            let place = (tenant, back.put.record);
            let mut past = back.past;
            if let Some(before) = then.remove(&place)
                && back.put.keep_past
            {
                past = before.past.clone();
                past.push(past_of(&before));
            }
            drop(then.insert(place, Then { put: back.put, written: back.written, past, files: back.files }));
        }
        Op::Withdraw(record) => drop(then.remove(&(tenant, record))),
        Op::PutFile(file) => {
            if let Some(of) = then.get_mut(&(tenant, file.record)) {
                if !file.keep_past {
                    of.files.retain(|one| one.field != file.field);
                }
                if file.file.is_some() {
                    // Put back one by one, each beside the others.
                    of.files.push(PutFile { keep_past: true, ..file });
                }
            }
        }
        Op::LetGo(let_go) => {
            for (record, version) in &let_go.versions {
                if let Some(of) = then.get_mut(&(tenant, *record)) {
                    of.past.retain(|past| past.version != *version);
                }
            }
            for one in &let_go.files {
                if let Some(of) = then.get_mut(&(tenant, one.record)) {
                    of.files.retain(|file| file.field != one.field || file.version != one.version);
                }
            }
        }
        Op::Erase(erase) => then.retain(|(whose, record), of| *whose != tenant || !goes(&erase, record, of)),
        _ => {}
    }
}

fn goes(erase: &Erase, record: &RecordId, of: &Then) -> bool {
    let by_key =
        |goes: &crate::erasing::PersonGoes| goes.person == of.put.person && goes.classes.contains(&of.put.class);
    erase.records.contains(record) || erase.persons.iter().any(by_key)
}

fn past_of(of: &Then) -> PastVersion {
    PastVersion {
        version: of.put.version,
        state: of.put.state.clone(),
        written: of.written,
        author: of.put.author,
        sealed: of.put.sealed.clone(),
    }
}

/// The tokens of all fields, after some fields got others.
fn replaced(mut before: Vec<TokensOf>, by: &[TokensOf]) -> Vec<TokensOf> {
    before.retain(|of| by.iter().all(|new| new.field != of.field));
    before.extend(by.iter().cloned());
    before
}
