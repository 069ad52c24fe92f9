//! Files that have arrived and wait to be saved with their record. They lie sealed under keys that are in memory alone: whatever
//! is not saved in time, or when the program ends, is lost to everybody and swept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use service::{Asked, Field, FieldFault, FieldProblem, FieldType, FileFacts, Kind, No, Value};
use storage::PutFile;
use terms::{FieldName, FileId, Instant, KindName, PersonId, RecordId, TenantId};
use tokio::sync::{Mutex as Slow, OwnedMutexGuard};
use vault::{FileKey, Whose};

use crate::Processing;
use crate::receive::off;
use crate::refuse::closed;

/// How long a file waits for its record to be saved. Ours: long enough to mend a form, short enough that nothing gathers.
const MAX_WAITING_MINUTES: i64 = 60;
/// Most files that wait for one person; the oldest makes room.
const MAX_WAITING: usize = 20;

/// Most files that arrive at the same time for one person. Ours: a form has few fields for files, and a browser sends them one
/// after the other.
const MAX_ARRIVING_A_PERSON: usize = 4;
/// Most files that arrive at the same time. Each holds a buffer, a handle of the disk and the room that it may come to need.
const MAX_ARRIVING: usize = 32;

/// All that wait.
#[derive(Default)]
pub(crate) struct WaitingFiles(Mutex<HashMap<FileId, Slot>>, Mutex<HashMap<PersonId, usize>>);

/// A file that is arriving; its place is free again when this is dropped, whichever way the sending ends.
pub(crate) struct ArrivingPlace<'a> {
    all: &'a Mutex<HashMap<PersonId, usize>>,
    actor: PersonId,
}

impl Drop for ArrivingPlace<'_> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(&self.actor) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(all.remove(&self.actor)),
        }
    }
}

struct Slot {
    tenant: TenantId,
    actor: PersonId,
    since: Instant,
    file: Arc<Slow<WaitingFile>>,
}

/// A file that waits.
pub(crate) struct WaitingFile {
    pub(crate) kind: KindName,
    pub(crate) field: FieldName,
    pub(crate) value: Value,
    pub(crate) whole: FileKey,
    pub(crate) small: Option<FileKey>,
    /// For which record its key was wrapped. It is never wrapped for another: the writing may have been made though whoever
    /// asked for it went away.
    pub(crate) keyed: Option<(RecordId, PersonId)>,
    /// It was saved, with this idempotency key.
    pub(crate) saved: Option<Option<[u8; 32]>>,
}

impl WaitingFiles {
    fn all(&self) -> MutexGuard<'_, HashMap<FileId, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a file that begins to arrive.
    ///
    /// # Errors
    /// [`No::Unavailable`] where too many arrive at once.
    pub(crate) fn arrive(&self, actor: PersonId) -> Result<ArrivingPlace<'_>, No> {
        let mut all = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = all.get(&actor).copied().unwrap_or(0);
        if mine >= MAX_ARRIVING_A_PERSON || all.values().sum::<usize>() >= MAX_ARRIVING {
            return Err(No::Unavailable("too many files are arriving at once; try again in a moment".to_owned()));
        }
        all.insert(actor, mine + 1);
        Ok(ArrivingPlace { all: &self.1, actor })
    }

    pub(crate) fn put(&self, asked: &Asked, since: Instant, file: WaitingFile) {
        let id = file.whole.file();
        let slot = Slot { tenant: asked.tenant, actor: asked.actor, since, file: Arc::new(Slow::new(file)) };
        self.all().insert(id, slot);
    }

    fn of(&self, asked: &Asked, file: &FileId) -> Option<Arc<Slow<WaitingFile>>> {
        let all = self.all();
        let slot = all.get(file).filter(|slot| slot.tenant == asked.tenant && slot.actor == asked.actor)?;
        Some(Arc::clone(&slot.file))
    }

    /// Takes out what has waited too long, and with `making_room_for` that person's oldest where there are too many.
    fn over(&self, now: Instant, making_room_for: Option<PersonId>) -> Vec<(TenantId, Arc<Slow<WaitingFile>>)> {
        let mut all = self.all();
        let until = now.micros().saturating_sub(MAX_WAITING_MINUTES * 60_000_000);
        let mut over: Vec<FileId> =
            all.iter().filter(|(_, slot)| slot.since.micros() < until).map(|(id, _)| *id).collect();
        if let Some(actor) = making_room_for {
            let mut theirs: Vec<(Instant, FileId)> =
                all.iter().filter(|(_, slot)| slot.actor == actor).map(|(id, slot)| (slot.since, *id)).collect();
            theirs.sort_unstable();
            let too_many = (theirs.len() + 1).saturating_sub(MAX_WAITING);
            over.extend(theirs.into_iter().take(too_many).map(|(_, id)| id));
        }
        over.into_iter().filter_map(|id| all.remove(&id)).map(|slot| (slot.tenant, slot.file)).collect()
    }
}

/// The waiting files of one writing, held until it is answered.
#[derive(Default)]
pub(crate) struct Claimed(Vec<OwnedMutexGuard<WaitingFile>>);

impl Claimed {
    /// The record for which they were made ready before, with its person.
    pub(crate) fn keyed(&self) -> Option<(RecordId, PersonId)> {
        self.0.iter().find_map(|file| file.keyed)
    }

    /// They are saved.
    pub(crate) fn saved(mut self, once: Option<[u8; 32]>) {
        for file in &mut self.0 {
            file.saved = Some(once);
        }
    }
}

impl Processing {
    /// Takes the waiting files that these values name. `record` is the one that is altered; none for a new one.
    pub(crate) async fn claim(
        &self,
        asked: &Asked,
        kind: &Kind,
        values: &[(&Field, Value)],
        record: Option<RecordId>,
        once: Option<[u8; 32]>,
    ) -> Result<Claimed, No> {
        let mut named: Vec<(FileId, &Field, &Value)> = values
            .iter()
            .filter(|(field, value)| matches!(field.holds, FieldType::KeptFile(_)) && !value.is_empty())
            .filter_map(|(field, value)| Some((FileFacts::read(value)?.file, *field, value)))
            .collect();
        // Always in the same order, so that two never wait for each other.
        named.sort_unstable_by_key(|(file, ..)| *file);
        let mut claimed = Claimed::default();
        let gone = |field: &Field| {
            No::Invalid(vec![FieldFault { field: field.name.clone(), problem: FieldProblem::FileGone }])
        };
        for (file, field, value) in named {
            let waits = self.waiting.of(asked, &file).ok_or_else(|| gone(field))?;
            let Ok(waits) = waits.try_lock_owned() else {
                return Err(No::Unavailable("the same file is being saved in this moment; try again".to_owned()));
            };
            let fits = waits.kind == kind.name && waits.field == field.name && *waits.value == **value;
            let before = claimed.keyed().or(record.map(|record| (record, asked.actor))).map(|(record, _)| record);
            let elsewhere = waits.keyed.is_some_and(|(keyed, _)| before.is_some_and(|before| before != keyed));
            let used = waits.saved.is_some_and(|saved| once.is_none() || saved != once);
            if !fits || elsewhere || used {
                return Err(gone(field));
            }
            claimed.0.push(waits);
        }
        Ok(claimed)
    }

    /// Makes the files ready for the record: their keys wrapped and durable. Then the entry may name them. If we die before
    /// that, they are garbage.
    pub(crate) async fn keep_files(
        &self,
        claimed: &mut Claimed,
        whose: &Whose<'_>,
        keep_past: bool,
    ) -> Result<Vec<PutFile>, No> {
        let mut puts = Vec::with_capacity(claimed.0.len());
        for waits in &mut claimed.0 {
            puts.push(PutFile {
                record: *whose.record,
                person: *whose.person,
                field: waits.field.clone(),
                version: whose.version,
                file: Some(waits.whole.file()),
                small: waits.small.as_ref().map(FileKey::file),
                keep_past,
            });
            if waits.saved.is_some() {
                continue;
            }
            let files = self.kept.clone().ok_or_else(no_room)?;
            let mut wrapped = Vec::with_capacity(2);
            for key in core::iter::once(&waits.whole).chain(&waits.small) {
                wrapped.push((key.file(), self.vault.wrap_file_key(key, whose, &waits.field).map_err(closed)?));
            }
            waits.keyed = Some((*whose.record, *whose.person));
            off(move || wrapped.iter().try_for_each(|(file, key)| files.keep(file, key))).await?.map_err(|error| {
                tracing::error!(%error, "the key of a file could not be kept");
                No::Unavailable("the file could not be kept; nothing was written".to_owned())
            })?;
        }
        Ok(puts)
    }

    /// Takes away the files that a change left without a record.
    pub(crate) async fn destroy_files(&self, gone: Vec<FileId>) {
        let Some(files) = self.kept.clone().filter(|_| !gone.is_empty()) else { return };
        let destroyed = off(move || gone.iter().try_for_each(|file| files.destroy(file))).await;
        if !matches!(destroyed, Ok(Ok(()))) {
            tracing::warn!("a file without a record could not be taken away; the next start sweeps it");
        }
    }

    /// Lets go of what has waited too long. To be asked every minute.
    pub async fn tick_files(&self) {
        self.let_go(None).await;
    }

    pub(crate) async fn let_go(&self, making_room_for: Option<PersonId>) {
        let mut gone = Vec::new();
        for (tenant, waits) in self.waiting.over(self.store.now(), making_room_for) {
            // Whoever holds it is saving it: then it is theirs, or the next start's.
            let Ok(file) = waits.try_lock() else { continue };
            let named = match file.keyed {
                None => false,
                // Perhaps it was saved and nobody was told.
                Some((record, _)) => self
                    .store
                    .files_of_record(&tenant, &record)
                    .map_or(true, |all| all.iter().any(|one| one.file == file.whole.file())),
            };
            if file.saved.is_none() && !named {
                gone.push(file.whole.file());
                gone.extend(file.small.as_ref().map(FileKey::file));
            }
        }
        self.destroy_files(gone).await;
    }
}

pub(crate) fn no_room() -> No {
    No::Unavailable("this installation keeps no files".to_owned())
}
