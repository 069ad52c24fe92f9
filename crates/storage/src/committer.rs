//! The committer: one thread that turns what waits into one durable group, and answers.
//!
//! See `docs/decisions/0002-commit-protocol.md`. What is not here: deciding (it was decided before), sealing (what arrives is
//! sealed) and any rule of a service.

mod admission;
mod answer;
mod applier;
mod pending;
mod queue;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender as Follow;

use agreement::Permit;
use journal::{AppendError, Appender, Entry, EntryKind, Leaf, Named, Position, Synced};
use terms::{AgreementHash, Clock, FieldName, Instant, KindName, PersonId, RecordId, TenantId};

use self::admission::Admitted;
pub(crate) use self::answer::{From, Reply, way};
use self::answer::{Others, Ready, give};
pub(crate) use self::applier::Applier;
pub(crate) use self::pending::Pending;
use self::pending::{Handed, Prepared};
pub(crate) use self::queue::Queue;
use crate::engine::{Batch, Engine, Item, StoreError};
use crate::erasing::Erase;
use crate::holding::Holding;
use crate::key_store::KeyStore;
use crate::leaving::Leavers;
use crate::op::Op;
use crate::remembered::{ById, Remembered, Restricted, Traces};
use crate::setting_aside::Aside;
use crate::store::{NotBefore, Options};
use crate::watch::Watches;

/// A permit older than this is not taken: what it was decided on may have changed. Ours, not an agreement's.
pub const MAX_PERMIT_AGE_SECONDS: i64 = 5;

/// Entries of readings and refusals that may wait for the next writing before the state is told how long the logs are. They
/// are durable and answered; the state only learns its own place from them, and the next start reads so many again at most.
const MAX_BEHIND: usize = 20_000;

/// After a generation of so many the committer lingers before it takes the next. Where a sync is quicker than the callers,
/// generations would stay small and each caller would pay for most of a write, a sync and a wake-up; a lone caller, or a few,
/// never wait for this.
const LINGER_FROM: usize = 4;
/// How long it lingers at a time.
const LINGER: core::time::Duration = core::time::Duration::from_micros(200);
/// How often at most, while more and more come. Where fewer than [`STILL_COMING`] came, all who are there wait already.
const LINGER_AT_MOST: usize = 5;
/// See [`LINGER_AT_MOST`].
const STILL_COMING: usize = 2;
/// So many are enough: what each of them would still save by more costs them more in waiting.
const ENOUGH: usize = 32;
/// From so many writings on a group is applied beside its sync. For fewer, waking a thread costs more than the waiting.
const APPLY_BESIDE_FROM: usize = 4;

/// What an entry says of an act besides what the permit says: names and ids, never a value.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The kind of record.
    pub kind: Option<KindName>,
    /// The fields that are shown or written.
    pub fields: Vec<FieldName>,
    /// The persons whose data it is.
    pub persons: Vec<PersonId>,
    /// The records, each in the version that is shown or written.
    pub records: Vec<(RecordId, u64)>,
    /// The records that the facts of the act were read from, each in that version: a case that was open, a file that was
    /// assigned to the actor, a consent. Where one has another version by now, the act is not taken.
    pub rests_on: Vec<(RecordId, u64)>,
}

/// The receipt of an entry: it is durable.
#[derive(Debug, PartialEq, Eq)]
pub struct Entered {
    tenant: TenantId,
    index: u64,
    time: Instant,
}

impl Entered {
    /// Whose log.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The entry's index in that log.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The entry's time.
    #[must_use]
    pub const fn time(&self) -> Instant {
        self.time
    }
}

/// Permit and receipt in one: what was allowed is entered, durably, and may now be opened, once.
///
/// INVARIANT (one door): made in this file alone, from what is [`Durable`]; private fields, no `Clone`; the vault consumes it.
#[must_use = "a grant that is not used left an entry of a reading that nobody saw"]
pub struct Granted {
    permit: Permit,
    entered: Entered,
    records: Vec<(RecordId, u64)>,
    persons: Vec<PersonId>,
}

impl Granted {
    /// What was allowed.
    pub const fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Its entry.
    #[must_use]
    pub const fn entered(&self) -> &Entered {
        &self.entered
    }

    /// Whether the entry names this record in this version.
    #[must_use]
    pub fn names(&self, record: &RecordId, version: u64) -> bool {
        self.records.contains(&(*record, version))
    }

    /// Whether the entry names all of these records in these versions, and their persons. For many: it sorts once instead of
    /// looking through the whole entry for each.
    #[must_use]
    pub fn names_all<'r>(&self, all: impl IntoIterator<Item = (&'r RecordId, u64, &'r PersonId)>) -> bool {
        // Mostly one record of one person.
        if let ([one], [whose]) = (self.records.as_slice(), self.persons.as_slice()) {
            return all.into_iter().all(|(record, version, person)| *one == (*record, version) && whose == person);
        }
        let (mut records, mut persons) = (self.records.clone(), self.persons.clone());
        records.sort_unstable();
        persons.sort_unstable();
        all.into_iter().all(|(record, version, person)| {
            records.binary_search(&(*record, version)).is_ok() && persons.binary_search(person).is_ok()
        })
    }

    /// Whether the entry names this person.
    #[must_use]
    pub fn names_person(&self, person: &PersonId) -> bool {
        self.persons.contains(person)
    }
}

/// A writing is acknowledged: durable, and visible to every reading from now on.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    /// The record.
    pub record: RecordId,
    /// Its version now.
    pub version: u64,
    /// Its entry; none where the same idempotency key was answered before.
    pub entered: Option<Entered>,
}

/// Why an act is not committed. Nothing was written, except that a permit of another agreement is entered as a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The permit is too old, or from the future.
    #[error("the decision is more than {MAX_PERMIT_AGE_SECONDS} seconds old; ask again")]
    Stale,
    /// The permit is of an agreement that is not in force for this customer now. Entered as a refusal.
    #[error("the decision rests on an agreement that is not in force for this customer")]
    NotInForce,
    /// The record has another version.
    #[error("the record has version {version} now")]
    Conflict {
        /// The version it has; 0 where there is none.
        version: u64,
    },
    /// Another record carries the same unique fields.
    #[error("another record has the same values in the fields that must be unique")]
    NotUnique,
    /// The idempotency key was used before for other values.
    #[error("the idempotency key was used before for other values")]
    Reused,
    /// The person has no key: erased, or never made.
    #[error("the person has no key here")]
    NoKey,
    /// No room on the disk. Readings may go on.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The program is stopping, or had to stop.
    #[error("the program has stopped writing: {0}")]
    Stopped(String),
}

/// A step of the protocol, for those who watch its order (tests, measurements).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A group is appended.
    Appended(Position),
    /// It is durable.
    Synced(Position),
    /// Its readings are answered.
    ReadingsAnswered(Position),
    /// The keys of those whom it erases are destroyed.
    KeysDestroyed(Position),
    /// It is applied to the state. A group without writings has no such step of its own.
    Applied(Position),
    /// Its writings are answered.
    WritingsAnswered(Position),
}

/// A group that is durable and applied, for those who follow: tiles, checkpoints, indexes.
pub(crate) struct Followed {
    /// Where it lies.
    pub(crate) position: Position,
    /// Its entries; their details went back to whoever made them, since only leaves are followed.
    pub(crate) entries: Vec<Entry>,
    /// Whom and what they name, one for each entry.
    pub(crate) named: Vec<Named>,
}

/// The thread's state.
pub(crate) struct Committer {
    pub(crate) queue: Arc<Queue>,
    pub(crate) appender: Appender,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) applier: Applier,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) clock: Arc<NotBefore>,
    pub(crate) options: Options,
    pub(crate) folder: std::path::PathBuf,
    pub(crate) sizes: ById<TenantId, u64>,
    pub(crate) in_force: ById<TenantId, Vec<(Instant, AgreementHash)>>,
    pub(crate) remembered: Arc<Remembered>,
    pub(crate) follow: Follow<Followed>,
    /// Who is restricted.
    pub(crate) restricted: Arc<Restricted>,
    /// What is held.
    pub(crate) holding: Arc<Holding>,
    /// What is set aside to be erased.
    pub(crate) aside: Arc<Aside>,
    /// Whose keys are gone and whose rows follow.
    pub(crate) leavers: Arc<Leavers>,
    /// The plans of erasures that wait to be confirmed.
    pub(crate) watches: Arc<Watches>,
    /// How what was erased would be known again in a file, until that was looked for.
    pub(crate) traces: Arc<Traces>,
    /// Groups without operations, since the state last learned its place.
    pub(crate) behind: Option<Behind>,
    /// The last group that was acknowledged.
    pub(crate) head: tokio::sync::watch::Sender<Option<Position>>,
    /// The place up to which the journal is durable, for whoever ships it.
    pub(crate) durable: tokio::sync::watch::Sender<Option<Position>>,
    /// Whether the next group is to begin another segment.
    pub(crate) end_segment: Arc<AtomicBool>,
}

impl Drop for Committer {
    /// However the thread ends, nobody waits for it any more.
    fn drop(&mut self) {
        self.queue.end("the committer ended");
    }
}

/// Durable groups that change nothing in the state but its place: a reading need not wait for a database to note that.
pub(crate) struct Behind {
    synced: Synced,
    position: Position,
    /// The last entry of each log.
    last: ById<TenantId, Item>,
    entries: usize,
}

/// What becomes of an item, once its generation stands.
enum Fate {
    /// Its entry is in the group, with this index in its log and this place in the group.
    Entered(Box<Pending>, u64, usize),
    /// It has no entry; an earlier writing with the same idempotency key is its answer.
    Again(Reply, RecordId, u64),
    /// It is refused. Where the refusal rests on another item of the group, that one must be durable and visible first.
    Refused(Reply, CommitError),
}

/// An item whose entry is durable, and applied where it writes.
///
/// INVARIANT (entry before effect): made in [`answer`] alone, which asks for the proof. The grant is made from it when it is given,
/// by whoever wakes the caller.
pub(crate) struct Durable {
    item: Box<Pending>,
    entered: Entered,
}

impl Durable {
    /// Tells the caller. Whoever asked for what was not handed in gets no answer, and finds that the committer ended.
    fn give(self, others: Others) {
        let Self { item, entered } = self;
        let Pending { permit, about, reply, .. } = *item;
        match reply {
            Reply::Entered(to) => to.send(Ok(entered), others),
            Reply::Done(to) => {
                if let Some((record, version)) = about.records.first().copied() {
                    to.send(Ok(Done { record, version, entered: Some(entered) }), others);
                }
            }
            Reply::Granted(to) => {
                if let Some(permit) = permit {
                    to.send(Ok(Granted { permit, entered, records: about.records, persons: about.persons }), others);
                }
            }
        }
    }
}

/// A generation as it will be appended, with what its items will be told.
#[derive(Default)]
struct Group {
    entries: Vec<Entry>,
    named: Vec<Named>,
    changed: Vec<Item>,
    sizes: ById<TenantId, u64>,
    /// Told after the sync.
    readings: Vec<Fate>,
    /// Told after the apply.
    writings: Vec<Fate>,
}

/// What a group that writes does to the state.
enum Changes {
    /// It is applied after the sync.
    After(Batch),
    /// It is prepared beside the sync.
    Beside(applier::Begun),
}

/// Why the committer cannot go on, and who has not been told yet.
struct Failed {
    why: String,
    left: Vec<Fate>,
}

impl Committer {
    /// Runs until asked to stop or forced to. A failed sync or apply ends it: what is durable is then unknown.
    pub(crate) fn run(mut self) {
        let mut items = Vec::new();
        while self.queue.take(&mut items) {
            let together = items.len();
            if let Err(Failed { why, left }) = self.generation(&mut items) {
                tracing::error!(why, "the committer stops: the next start finds out what is durable");
                // Whoever is told so can ask at once why.
                self.queue.end(&why);
                refuse(left, &CommitError::Stopped(why));
                return;
            }
            if together >= LINGER_FROM {
                self.linger(together);
            }
        }
        if let Some(behind) = self.behind.take()
            && let Err(error) = self
                .apply(&behind.synced, Batch { position: behind.position, items: behind.last.into_values().collect() })
        {
            tracing::warn!(%error, "the state did not learn its place; the next start reads a little more");
        }
        self.queue.end("the program is ending");
    }

    /// Waits while those come again who were just answered, until as many wait as last time. Each thread that is woken for a
    /// group, each write and each sync costs the same for few as for many.
    fn linger(&self, last: usize) {
        let wanted = last.min(ENOUGH);
        let mut before = 0;
        for _ in 0..LINGER_AT_MOST {
            let now = self.queue.linger(wanted, LINGER);
            if now >= wanted || now < before + STILL_COMING {
                break;
            }
            before = now;
        }
    }

    fn generation(&mut self, items: &mut Handed) -> Result<(), Failed> {
        let now = self.clock.now();
        let Group { mut entries, named, mut changed, sizes, mut readings, mut writings } = self.gather(items, now);
        if entries.is_empty() {
            give(writings.into_iter().filter_map(without_entry).collect());
            return Ok(());
        }
        let left = |mut readings: Vec<Fate>, writings| {
            readings.extend(writings);
            readings
        };
        if self.end_segment.swap(false, Ordering::Relaxed) {
            self.appender.end_segment();
        }
        let appended = match self.appender.append(&entries) {
            Ok(appended) => appended,
            Err(AppendError::Full(cause)) => {
                refuse(left(readings, writings), &CommitError::Full(cause.to_string()));
                return Ok(());
            }
            Err(error) => {
                let why = format!("the journal could not be appended to: {error}");
                return Err(Failed { why, left: left(readings, writings) });
            }
        };
        let position = appended.position();
        self.step(Step::Appended(position));
        let writes = changed.iter().any(|item| !item.ops.is_empty());
        let changes = match writes.then(|| self.toward(position, core::mem::take(&mut changed))).transpose() {
            Ok(changes) => changes,
            Err(error) => return Err(Failed { why: error.to_string(), left: left(readings, writings) }),
        };
        let synced = match self.appender.sync(appended) {
            Ok(synced) => synced,
            Err(cause) => {
                let why = format!("the journal could not be synced: {cause}");
                return Err(Failed { why, left: left(readings, writings) });
            }
        };
        self.step(Step::Synced(position));
        self.clock.entered(now);
        self.sizes.extend(sizes);
        self.head.send_replace(Some(position));
        self.durable.send_replace(Some(synced.end()));
        // INVARIANT (entry before effect): `synced` exists, so every entry of the group is durable.
        give_back(&mut entries, &mut readings);
        give_back(&mut entries, &mut writings);
        answer(&synced, readings, now);
        self.step(Step::ReadingsAnswered(position));
        let applied = match changes {
            None => {
                // Refusals of writings, which rest on the state as it is.
                answer(&synced, core::mem::take(&mut writings), now);
                self.fall_behind(synced, position, changed)
            }
            Some(changes) => self.apply_all(&synced, changes).inspect(|()| {
                self.step(Step::Applied(position));
                answer(&synced, core::mem::take(&mut writings), now);
                self.step(Step::WritingsAnswered(position));
            }),
        };
        if let Err(error) = applied {
            return Err(Failed { why: error.to_string(), left: writings });
        }
        // The follower ends only after us; without it nothing but derived files is missing.
        drop(self.follow.send(Followed { position, entries, named }));
        Ok(())
    }

    /// Admits each item or not, in the order in which they came.
    fn gather(&self, items: &mut Handed, now: Instant) -> Group {
        let writes = items.iter().any(|item| !item.ops.is_empty());
        let full = if writes { self.no_room() } else { None };
        // Where that fails, each item looks for itself and is told what went wrong.
        let mut ahead = self.look_ahead(items).unwrap_or_default();
        let (entries, named, changed) =
            (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
        let mut group = Group { entries, named, changed, ..Group::default() };
        for mut item in items.drain(..) {
            match self.admit(&item, now, &mut ahead, full.as_deref()) {
                Ok(Admitted::New) => {
                    let tenant = item.tenant;
                    let index = self.next_index(&mut group.sizes, tenant);
                    let ops = core::mem::take(&mut item.ops);
                    let writes = !ops.is_empty();
                    group.changed.push(Item { tenant, index, time: now, ops });
                    group.entries.push(entry(tenant, index, item.kind, now, &mut item.encoded));
                    group.named.push(core::mem::take(&mut item.named));
                    let fate = Fate::Entered(item, index, group.entries.len() - 1);
                    if writes { group.writings.push(fate) } else { group.readings.push(fate) }
                }
                // Where the earlier one is of this generation, it is no answer before that one is durable and visible.
                Ok(Admitted::Before(record, version)) => group.writings.push(Fate::Again(item.reply, record, version)),
                Err(CommitError::NotInForce) => {
                    let tenant = item.tenant;
                    match item.into_refusal() {
                        Ok(mut refusal) => {
                            let index = self.next_index(&mut group.sizes, tenant);
                            group.changed.push(Item { tenant, index, time: now, ops: Vec::new() });
                            group.entries.push(entry(tenant, index, refusal.kind, now, &mut refusal.encoded));
                            group.named.push(refusal.named);
                            group.readings.push(Fate::Refused(refusal.reply, CommitError::NotInForce));
                        }
                        Err((error, reply)) => reply.refuse(error),
                    }
                }
                // Who is told of another version, or of another with the same values, finds it when he looks.
                Err(error @ (CommitError::Conflict { .. } | CommitError::NotUnique | CommitError::Reused)) => {
                    group.writings.push(Fate::Refused(item.reply, error));
                }
                Err(error) => item.reply.refuse(error),
            }
        }
        group
    }

    /// Leaves a group without operations for the next writing, or for when there are too many.
    fn fall_behind(&mut self, synced: Synced, position: Position, items: Vec<Item>) -> Result<(), StoreError> {
        let mut last = ById::default();
        let mut entries = items.len();
        if let Some(before) = self.behind.take() {
            last = before.last;
            entries += before.entries;
        }
        last.extend(items.into_iter().map(|item| (item.tenant, item)));
        if entries < MAX_BEHIND {
            self.behind = Some(Behind { synced, position, last, entries });
            return Ok(());
        }
        self.apply(&synced, Batch { position, items: last.into_values().collect() })
    }

    /// How an appended group comes to be applied. Where it may begin beside the sync, it does.
    fn toward(&mut self, position: Position, items: Vec<Item>) -> Result<Changes, StoreError> {
        let writings = items.iter().filter(|item| !item.ops.is_empty()).count();
        let mut all: Vec<Item> =
            self.behind.take().map(|behind| behind.last.into_values().collect()).unwrap_or_default();
        all.extend(items);
        let batch = Batch { position, items: all };
        // What goes is looked at, and its keys are destroyed, after the sync and before the rows go.
        let goes = batch.erasures().next().is_some() || batch.portions().next().is_some();
        if writings < APPLY_BESIDE_FROM || goes {
            return Ok(Changes::After(batch));
        }
        self.applier.begin(batch).map(Changes::Beside)
    }

    fn apply_all(&mut self, synced: &Synced, changes: Changes) -> Result<(), StoreError> {
        match changes {
            Changes::After(batch) => self.apply(synced, batch),
            Changes::Beside(begun) => self.applier.finish(begun, synced).and_then(|batch| self.note(&batch)),
        }
    }

    /// INVARIANT (strict order): takes what only `sync` gives.
    fn apply(&mut self, _synced: &Synced, batch: Batch) -> Result<(), StoreError> {
        for (tenant, erase) in batch.erasures() {
            self.traces.keep(*tenant, erase.id, self.engine.traces(tenant, erase)?);
        }
        for (tenant, portion) in batch.portions() {
            let of = Erase { records: portion.records.clone(), ..Erase::of(portion.id) };
            self.traces.keep_more(*tenant, portion.id, self.engine.traces(tenant, &of)?);
        }
        // Before their keys are gone: nobody is shown what does not open.
        self.leavers.begin(&batch);
        // If we die before this, between, or after it, the next start does both again.
        if destroy_keys(&self.keys, &batch)? {
            self.step(Step::KeysDestroyed(batch.position));
        }
        self.engine.apply(&batch)?;
        self.note(&batch)
    }

    /// Notes in memory what was applied.
    fn note(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.remembered.note(batch, &*self.engine)?;
        self.restricted.note(batch);
        self.holding.note(batch);
        self.aside.note(batch);
        self.leavers.end(batch);
        self.watches.note(batch);
        for (time, op) in batch.items.iter().flat_map(|item| item.ops.iter().map(|op| (item.time, op))) {
            if let Op::AdoptAgreement { tenant, from, hash } = op {
                let adopted = self.in_force.entry(*tenant).or_default();
                adopted.push(((*from).max(time), *hash));
                adopted.sort_by_key(|(from, _)| *from);
            }
        }
        Ok(())
    }

    fn next_index(&self, sizes: &mut ById<TenantId, u64>, tenant: TenantId) -> u64 {
        let size = sizes.entry(tenant).or_insert_with(|| self.sizes.get(&tenant).copied().unwrap_or(0));
        let index = *size;
        *size += 1;
        index
    }

    fn step(&self, step: Step) {
        if let Some(watch) = &self.options.watch {
            watch(step);
        }
    }
}

/// Destroys the keys of whoever a group erases; whether it erases anybody. The group is durable by then, and not applied.
pub(crate) fn destroy_keys(keys: &KeyStore, batch: &Batch) -> Result<bool, StoreError> {
    let mut any = false;
    for (tenant, erase) in batch.erasures() {
        let all: Vec<_> = erase.persons.iter().map(|goes| (goes.person, goes.classes.as_slice())).collect();
        keys.destroy_all(tenant, &all)?;
        any = true;
    }
    Ok(any)
}

fn entry(tenant: TenantId, index: u64, kind: EntryKind, time: Instant, prepared: &mut Prepared) -> Entry {
    Entry {
        tenant,
        index,
        leaf: Leaf { kind, time, commitment: prepared.commitment },
        salt: Some(prepared.salt),
        detail: Some(core::mem::take(&mut prepared.detail)),
        redo: prepared.extra.take(),
    }
}

/// What a group was written from goes back to those who made it, who throw it away with the rest of the item: a thread frees its own
/// at a fraction of what it costs another. Whoever follows needs leaves alone.
fn give_back(entries: &mut [Entry], fates: &mut [Fate]) {
    for fate in fates {
        if let Fate::Entered(item, _, place) = fate
            && let Some(entry) = entries.get_mut(*place)
        {
            item.encoded.detail = entry.detail.take().unwrap_or_default();
            item.encoded.extra = entry.redo.take();
        }
    }
}

fn answer(_synced: &Synced, fates: Vec<Fate>, time: Instant) {
    let entered = |fate| match fate {
        Fate::Entered(item, index, _) => {
            let entered = Entered { tenant: item.tenant, index, time };
            Some(Ready::Yes(Durable { item, entered }))
        }
        other => without_entry(other),
    };
    give(fates.into_iter().filter_map(entered).collect());
}

/// The answer to what has no entry. What has one is answered only with the proof that it is durable.
fn without_entry(fate: Fate) -> Option<Ready> {
    match fate {
        Fate::Again(Reply::Done(to), record, version) => {
            Some(Ready::Again(to, Done { record, version, entered: None }))
        }
        Fate::Refused(reply, error) => Some(reply.no(error)),
        Fate::Again(..) | Fate::Entered(..) => None,
    }
}

fn refuse(fates: Vec<Fate>, error: &CommitError) {
    let refused = |fate| match fate {
        Fate::Entered(item, ..) => item.reply.no(error.clone()),
        Fate::Again(reply, ..) | Fate::Refused(reply, _) => reply.no(error.clone()),
    };
    give(fates.into_iter().map(refused).collect());
}
