//! What one would build without Betrodd, with the same care for speed: plain values in SQLite, group committed, durable
//! before the answer. No decision, no seal, no journal. For measuring only; no program serves it to anybody.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::rand;
use jiff::Timestamp;
use journal::Position;
use minicbor::{Decode, Encode};
use service::{
    Answer, Asked, Change, Door, Draft, Exported, Kind, Kinds, Listed, New, No, Opened, Page, Whole, index_words,
};
use storage::{Batch, Engine, Find, Item, Op, PutRecord, SealedToken, Sqlite, StoreError, StoredRecord, TokensOf};
use terms::{Category, Clock, FieldName, KindName, PersonId, RecordId, Render, RetentionClass, TenantId};
use tokio::sync::oneshot;

/// The door without protection.
pub struct Unprotected {
    engine: Arc<Sqlite>,
    kinds: Arc<Kinds>,
    clock: Arc<dyn Clock>,
    queue: Arc<Queue>,
}

#[derive(Encode, Decode)]
struct PlainField {
    #[n(0)]
    name: FieldName,
    #[n(1)]
    category: Category,
    #[n(2)]
    value: String,
}

/// A writing, and to whom it is acknowledged.
type Waiting = (Item, oneshot::Sender<Result<(), String>>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    arrived: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unprotected {
    /// Opens it over a file of its own.
    ///
    /// # Errors
    /// The world's.
    pub fn open(path: &Path, kinds: Arc<Kinds>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let engine = Arc::new(Sqlite::open_durable(path)?);
        let queue = Arc::new(Queue::default());
        let (writer, waiting) = (Arc::clone(&engine), Arc::clone(&queue));
        std::thread::spawn(move || commit(&writer, &waiting));
        Ok(Self { engine, kinds, clock, queue })
    }

    async fn put(&self, tenant: TenantId, put: PutRecord) -> Result<(), No> {
        let (to, answer) = oneshot::channel();
        let item = Item { tenant, index: 0, time: self.clock.now(), ops: vec![Op::PutRecord(put)] };
        let first = {
            let mut waiting = self.queue.lock();
            waiting.push((item, to));
            waiting.len() == 1
        };
        if first {
            self.queue.arrived.notify_one();
        }
        answer.await.map_err(|_| No::Missing)?.map_err(No::Unavailable)
    }

    fn kind(&self, name: &KindName) -> Result<&Kind, No> {
        self.kinds.kind(name).ok_or(No::Missing)
    }

    fn read<'k>(
        &self,
        kind: &'k Kind,
        draft: &Draft,
        whole: bool,
    ) -> Result<Vec<(&'k service::Field, service::Value)>, No> {
        let today = Timestamp::from_microsecond(self.clock.now().micros()).map_err(|_| No::Missing)?;
        draft.read(kind, today.to_zoned(jiff::tz::TimeZone::UTC).date(), whole).map_err(No::Invalid)
    }

    fn opened(records: Vec<StoredRecord>) -> Box<dyn Opened> {
        let fields = records.iter().map(|record| minicbor::decode(&record.sealed).unwrap_or_default()).collect();
        Box::new(Plain { records, fields })
    }
}

fn commit(engine: &Sqlite, queue: &Queue) {
    let mut generation = 0;
    loop {
        let items = {
            let mut waiting = queue.lock();
            while waiting.is_empty() {
                waiting = queue.arrived.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            }
            core::mem::take(&mut *waiting)
        };
        generation += 1;
        let (items, answers): (Vec<_>, Vec<_>) = items.into_iter().unzip();
        let batch = Batch { position: Position { segment: 1, offset: generation }, items };
        let done = engine.apply(&batch).map_err(|error| error.to_string());
        for to in answers {
            // A caller that went away needs no answer.
            drop(to.send(done.clone()));
        }
    }
}

fn tokens(values: &[(&service::Field, service::Value)]) -> Vec<TokensOf> {
    let of = |(field, value): &(&service::Field, service::Value)| {
        field.search?;
        let tokens = index_words(value)
            .iter()
            .map(|word| {
                let mut bare = [0; 32];
                bare.iter_mut().zip(word.bytes()).for_each(|(to, from)| *to = from);
                SealedToken { sealed: Vec::new(), bare: Some(bare) }
            })
            .collect();
        Some(TokensOf { field: field.name.clone(), unique: false, tokens })
    };
    values.iter().filter_map(of).collect()
}

fn plain(values: &[(&service::Field, service::Value)]) -> Vec<u8> {
    let fields: Vec<PlainField> = values
        .iter()
        .map(|(field, value)| PlainField {
            name: field.name.clone(),
            category: field.category.clone(),
            value: value.to_string(),
        })
        .collect();
    minicbor::to_vec(fields).unwrap_or_default()
}

struct Plain {
    records: Vec<StoredRecord>,
    fields: Vec<Vec<PlainField>>,
}

impl Opened for Plain {
    fn render(&self, sink: &mut dyn Render) {
        for (record, fields) in self.records.iter().zip(&self.fields) {
            sink.begin(&record.head());
            for field in fields {
                sink.field(&field.name, &field.category, &field.value);
            }
            sink.end();
        }
    }

    fn count(&self) -> usize {
        self.records.len()
    }
}

fn failed(error: StoreError) -> No {
    No::Unavailable(error.to_string())
}

impl Door for Unprotected {
    fn receive<'a>(
        &'a self,
        _: &'a Asked,
        _: service::FileTo<'a>,
        _: &'a mut dyn service::Incoming,
    ) -> Answer<'a, service::Waiting> {
        Box::pin(async { Err(No::Missing) })
    }

    fn open_file<'a>(&'a self, _: &'a Asked, _: service::FileOf<'a>) -> Answer<'a, Box<dyn service::OpenedFile>> {
        Box::pin(async { Err(No::Missing) })
    }

    fn consult<'a>(&'a self, asked: &'a Asked, _: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let found = self.engine.record(&asked.tenant, &record).map_err(failed)?.ok_or(No::Missing)?;
            Ok(Self::opened(vec![found]))
        })
    }

    fn list<'a>(
        &'a self,
        asked: &'a Asked,
        kind: &'a KindName,
        parent: Option<RecordId>,
        page: Page,
    ) -> Answer<'a, Listed> {
        Box::pin(async move {
            let find = Find { kind: kind.clone(), parent, state: None, after: page.after, limit: page.limit };
            let opened = Self::opened(self.engine.find(&asked.tenant, &find).map_err(failed)?);
            Ok(Listed { opened, next: None })
        })
    }

    fn search<'a>(&'a self, _: &'a Asked, _: &'a KindName, _: &'a str) -> Answer<'a, Box<dyn Opened>> {
        Box::pin(async { Err(No::Missing) })
    }

    fn history<'a>(&'a self, asked: &'a Asked, kind: &'a KindName, record: RecordId) -> Answer<'a, Box<dyn Opened>> {
        self.consult(asked, kind, record)
    }

    fn retrieve<'a>(&'a self, _: &'a Asked, _: &'a KindName, _: RecordId, _: Whole) -> Answer<'a, Exported> {
        Box::pin(async { Err(No::Missing) })
    }

    fn collect<'a>(&'a self, asked: &'a Asked, new: New<'a>) -> Answer<'a, RecordId> {
        Box::pin(async move {
            let kind = self.kind(new.kind)?;
            let values = self.read(kind, &new.draft, true)?;
            let mut id = [0; 16];
            rand::fill(&mut id).map_err(|_| No::Missing)?;
            let millis = u64::try_from(self.clock.now().micros() / 1000).unwrap_or(0).to_be_bytes();
            id[..6].copy_from_slice(&millis[2..]);
            let put = PutRecord {
                record: RecordId(id),
                kind: kind.name.clone(),
                version: 1,
                person: PersonId(asked.actor.0),
                parent: new.parent,
                state: kind.states.first().cloned(),
                author: asked.actor,
                sealed: plain(&values),
                keep_past: false,
                tokens: tokens(&values),
                once: None,
                once_of: None,
                class: RetentionClass::default(),
            };
            self.put(asked.tenant, put).await?;
            Ok(RecordId(id))
        })
    }

    fn alter<'a>(&'a self, asked: &'a Asked, change: Change<'a>) -> Answer<'a, u64> {
        Box::pin(async move {
            let kind = self.kind(change.kind)?;
            let values = self.read(kind, &change.draft, false)?;
            let found = self.engine.record(&asked.tenant, &change.record).map_err(failed)?.ok_or(No::Missing)?;
            let version = found.version + 1;
            let put = PutRecord {
                record: found.record,
                kind: found.kind,
                version,
                person: found.person,
                parent: found.parent,
                state: found.state,
                author: asked.actor,
                sealed: plain(&values),
                keep_past: kind.history,
                tokens: tokens(&values),
                once: None,
                once_of: None,
                class: RetentionClass::default(),
            };
            self.put(asked.tenant, put).await?;
            Ok(version)
        })
    }
}
