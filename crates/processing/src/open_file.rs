//! Consultation of a file, or its retrieval with what else is taken out: an entry that names its field, and then its bytes, piece
//! by piece.

use files::Reading;
use service::{Asked, FieldType, FileFacts, FileOf, No, OpenedFile, Piece, Value};
use storage::{About, StoredFile, StoredRecord};
use terms::{Category, ClauseId, Extent, FieldName, RecordHead, Render, Verb};
use vault::Released;
use zeroize::Zeroizing;

use crate::Processing;
use crate::consult::record_about;
use crate::facts::{Gathered, Scope};
use crate::receive::off;
use crate::refuse::{RefusedAct, closed, failed};
use crate::waiting::no_room;

impl Processing {
    pub(crate) async fn open_kept_file(&self, asked: &Asked, of: FileOf<'_>) -> Result<Box<dyn OpenedFile>, No> {
        let files = self.kept.clone().ok_or_else(no_room)?;
        let acting = self.acting(asked)?;
        let kind = self.kind(&acting.tenant.service, of.kind).ok_or(No::Missing)?;
        let field = kind.field(of.field.as_str()).ok_or(No::Missing)?;
        if !matches!(field.holds, FieldType::KeptFile(_)) {
            return Err(No::Missing);
        }
        let Gathered { facts, rests_on } = self.facts(&acting, Scope::Record(of.record))?;
        let categories = vec![field.category.clone()];
        let verb = if of.taken_out { Verb::Retrieve } else { Verb::Consult };
        let act = acting.act(verb, &kind.subject, categories.clone(), Extent::Exactly, facts);
        let about = self.own(&acting, About { rests_on, ..record_about(of.record) })?;
        let permit = match acting.decide(act) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &categories, about };
                return Err(self.refused(&acting, Some(kind), &of, refusal).await);
            }
        };
        if let Some(no) = self.barred_by_restriction(&acting, kind, permit.act(), &about).await {
            return Err(no);
        }
        let record = self.version_of(asked, &kind.name, &of)?;
        let named = match &record {
            Some(record) => self.file_of(record, &field.name)?,
            None => None,
        };
        let about = About {
            kind: Some(kind.name.clone()),
            fields: vec![field.name.clone()],
            records: record.iter().map(|record| (record.record, record.version)).collect(),
            ..about
        };
        let granted = self.enter(permit, about).await?;
        let (Some(record), Some(named)) = (record, named) else { return Err(No::Missing) };
        let file = if of.small { named.small.ok_or(No::Missing)? } else { named.file };
        let room = files.clone();
        let wrapped = off(move || room.key(&file)).await?.map_err(unread)?.ok_or(No::Missing)?;
        let (released, opener) = self.vault.open_file(granted, &record, &field.name, file, &wrapped).map_err(closed)?;
        let value = value_of(&released).ok_or(No::Missing)?;
        // The record says which file it names; a row that says another is not believed.
        let facts = FileFacts::read(&value).filter(|facts| facts.file == named.file).ok_or(No::Missing)?;
        let bytes = (!of.small).then_some(facts.bytes);
        let reading = off(move || files.read(opener)).await?.map_err(unread)?;
        let mut going = Going { value, bytes, first: None, reading: Some(reading) };
        // A file that does not open is told before anything is answered.
        going.first = going.read().await?;
        Ok(Box::new(going))
    }

    /// The record in the version that is asked for.
    fn version_of(&self, asked: &Asked, kind: &terms::KindName, of: &FileOf<'_>) -> Result<Option<StoredRecord>, No> {
        let now = self.store.record(&asked.tenant, &of.record).map_err(failed)?.filter(|found| found.kind == *kind);
        match (now, of.version) {
            (Some(now), Some(version)) if version != now.version => {
                let past = self.store.past(&asked.tenant, &of.record).map_err(failed)?;
                Ok(past.into_iter().find(|one| one.version == version))
            }
            (now, _) => Ok(now),
        }
    }

    /// The file that the field has had since the last version that gave it one.
    fn file_of(&self, record: &StoredRecord, field: &FieldName) -> Result<Option<StoredFile>, No> {
        let all = self.store.files_of_record(&record.tenant, &record.record).map_err(failed)?;
        let until = |one: &StoredFile| one.field == *field && one.version <= record.version;
        Ok(all.into_iter().filter(until).max_by_key(|one| one.version))
    }
}

fn unread(error: impl core::fmt::Display) -> No {
    tracing::error!(%error, "a file could not be read");
    No::Unavailable("the file could not be read".to_owned())
}

fn value_of(released: &Released) -> Option<Value> {
    struct Only(Option<Value>);
    impl Render for Only {
        fn begin(&mut self, _: &RecordHead) {}
        fn field(&mut self, _: &FieldName, _: &Category, value: &str) {
            self.0 = Some(Value::new(value.to_owned()));
        }
        fn withheld(&mut self, _: &Category, _: &ClauseId) {}
        fn end(&mut self) {}
    }
    let mut only = Only(None);
    released.render(&mut only);
    only.0
}

/// A file on its way out.
struct Going {
    value: Value,
    bytes: Option<u64>,
    first: Option<Zeroizing<Vec<u8>>>,
    reading: Option<Reading>,
}

impl Going {
    async fn read(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, No> {
        let Some(mut reading) = self.reading.take() else { return Ok(None) };
        let (reading, piece) = off(move || {
            let piece = reading.next();
            (reading, piece)
        })
        .await?;
        let piece = piece.map_err(unread)?;
        self.reading = piece.is_some().then_some(reading);
        Ok(piece)
    }
}

impl OpenedFile for Going {
    fn value(&self) -> &Value {
        &self.value
    }

    fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    fn next(&mut self) -> Piece<'_, Zeroizing<Vec<u8>>, No> {
        Box::pin(async move {
            match self.first.take() {
                Some(first) => Ok(Some(first)),
                None => self.read().await,
            }
        })
    }
}
