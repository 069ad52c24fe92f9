//! An export as one ZIP file: a page to read, the same as JSON, the log as CSV, and every file that the records keep or kept.
//!
//! It is made while it is sent, piece by piece; nothing of it is written to a disk here. What breaks in the middle breaks the
//! connection, so that nobody takes it for whole. Each kind is an entry as in the export, and each file one of its own before its
//! first byte; a file that the agreement refuses is named in page and JSON with the clause.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use service::{Asked, FileFacts, FileOf, Kind, No, Whole};
use terms::{Category, ClauseId, FieldName, KindName, RecordHead, RecordId, Refusal, Render, Verb};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Semaphore, SemaphorePermit};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::api::call::Call;
use crate::api_export::document;
use crate::ctx::Signed;
use crate::moment;
use crate::pages::export::{Log, Taken, take};
use crate::pages::labels::Labels;
use crate::pages::{answers, package_page, records, who_looked};

/// Most files in one package. Ours, so that one request does not hold the house for hours.
pub(crate) const MAX_PACKAGED_FILES: usize = 2_000;
/// Pieces that wait for a slow reader.
const WAITING_PIECES: usize = 4;
/// How long a reader may take for a piece. A package that nobody takes is not kept open.
const PATIENCE: Duration = Duration::from_secs(300);
/// Packages that are made at once: each holds what was taken out, opened.
const AT_ONCE: usize = 8;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);
/// The folder of the files.
const FOLDER: &str = "filer";

/// A file that a record keeps, or kept in an earlier version.
pub(crate) struct Packaged {
    pub kind: KindName,
    pub record: RecordId,
    pub version: u64,
    pub field: FieldName,
    /// Where it stands in the package.
    pub path: String,
    pub media: &'static str,
    pub bytes: u64,
    pub sha256: String,
    pub scanned: &'static str,
    /// Why it is not there.
    pub refused: Option<Box<Refusal>>,
    file: terms::FileId,
}

/// `GET /{service}/{kind}/{id}/export.zip`: the record and what belongs to it.
pub async fn record(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    for_reader(signed, &path, &id, Whole::Record).await
}

/// `GET /{service}/{kind}/{id}/person.zip`: all that is kept of the person whose record it is.
pub async fn person(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    for_reader(signed, &path, &id, Whole::Person).await
}

async fn for_reader(signed: Signed, path: &str, id: &str, whole: Whole) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(&signed, path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Retrieve, kind) else { return answers::choose_case(&signed) };
    let kind = kind.clone();
    match begin(&signed, &asked, &kind, record, whole).await {
        Ok((place, taken, files)) => send(Making { signed, asked, kind, record, whole, taken, files, place }),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `GET /api/v1/{service}/{kind}/{id}/export.zip`.
pub async fn record_for_program(call: Call) -> Result<Response, Response> {
    for_program(call, Whole::Record).await
}

/// `GET /api/v1/{service}/{kind}/{id}/person.zip`.
pub async fn person_for_program(call: Call) -> Result<Response, Response> {
    for_program(call, Whole::Person).await
}

async fn for_program(call: Call, whole: Whole) -> Result<Response, Response> {
    let (asked, record) = (call.asked(Verb::Retrieve)?, call.record()?);
    let (place, taken, files) =
        begin(&call.signed, &asked, &call.kind, record, whole).await.map_err(|no| call.no(&no))?;
    let Call { signed, kind, .. } = call;
    Ok(send(Making { signed, asked, kind, record, whole, taken, files, place }))
}

/// What is told before anything is sent: the records, the log, and which files there are.
async fn begin(
    signed: &Signed,
    asked: &Asked,
    kind: &Kind,
    record: RecordId,
    whole: Whole,
) -> Result<(SemaphorePermit<'static>, Taken, Vec<Packaged>), No> {
    let place = place()?;
    let taken = take(signed, asked, kind, record, whole).await?;
    let files = files_of(signed, &taken);
    if files.len() > MAX_PACKAGED_FILES {
        return Err(No::Unavailable(format!("more than {MAX_PACKAGED_FILES} files; take out smaller parts")));
    }
    Ok((place, taken, files))
}

/// A place to make a package at, or that all are taken.
fn place() -> Result<SemaphorePermit<'static>, No> {
    PLACES.try_acquire().map_err(|_| No::Unavailable(format!("{AT_ONCE} packages are being made")))
}

/// The files that the records name, each once, in the newest version that named it.
pub(crate) fn files_of(signed: &Signed, taken: &Taken) -> Vec<Packaged> {
    let mut all: Vec<Packaged> = Vec::new();
    for part in &taken.exported.parts {
        let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&part.kind));
        let (Some(kind), Ok(opened)) = (kind, &part.answer) else { continue };
        opened.render(&mut Files { kind, head: None, all: &mut all });
    }
    all
}

/// The sink that finds the files of records.
struct Files<'a> {
    kind: &'a Kind,
    head: Option<RecordHead>,
    all: &'a mut Vec<Packaged>,
}

impl Render for Files<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.head = Some(head.clone());
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        let field = self.kind.field(name.as_str());
        let kept = field.is_some_and(|field| matches!(field.holds, service::FieldType::KeptFile(_)));
        let (true, Some(head), Some(facts)) = (kept, &self.head, FileFacts::read(value)) else { return };
        if self.all.iter().any(|one| one.file == facts.file && one.record == head.record) {
            return;
        }
        self.all.push(Packaged {
            kind: self.kind.name.clone(),
            record: head.record,
            version: head.version,
            field: name.clone(),
            // The number makes it the only one of its name.
            path: format!("{FOLDER}/{:03} {} {}", self.all.len() + 1, self.kind.path, facts.name),
            media: facts.media.media,
            bytes: facts.bytes,
            sha256: facts.hash.to_string(),
            scanned: facts.scanned.code(),
            refused: None,
            file: facts.file,
        });
    }
    fn withheld(&mut self, _: &Category, _: &ClauseId) {}
    fn end(&mut self) {
        self.head = None;
    }
}

/// A package to be made.
struct Making {
    signed: Signed,
    asked: Asked,
    kind: Kind,
    record: RecordId,
    whole: Whole,
    taken: Taken,
    files: Vec<Packaged>,
    place: SemaphorePermit<'static>,
}

fn send(making: Making) -> Response {
    let last = match making.whole {
        Whole::Record => "export",
        Whole::Person => "person",
    };
    let name = format!("{}-{}-{last}.zip", making.signed.service_path(), making.record.short());
    let (to, from) = channel(WAITING_PIECES);
    tokio::spawn(async move {
        let broken = to.clone();
        if let Err(error) = make(making, to).await {
            tracing::warn!(%error, "a package broke off");
            // Nobody may be there any more to be told.
            let _ = broken.send(Err(io::Error::other("the package broke off"))).await;
        }
    });
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, Body::from_stream(pieces(from))).into_response()
}

fn pieces(mut from: Receiver<io::Result<Bytes>>) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    futures_util::stream::poll_fn(move |context| from.poll_recv(context))
}

async fn make(making: Making, to: Sender<io::Result<Bytes>>) -> io::Result<()> {
    let Making { signed, asked, kind, record, whole, taken, mut files, place: _place } = making;
    let mut package = Package::new(to, signed.now());
    for one in &mut files {
        let of = FileOf {
            kind: &one.kind,
            record: one.record,
            field: &one.field,
            version: Some(one.version),
            small: false,
            taken_out: true,
        };
        match signed.portal.door.open_file(&asked, of).await {
            Ok(mut opened) => {
                // What is packed already by its own form gets no smaller.
                package.begin(&one.path, CompressionMethod::Stored)?;
                while let Some(piece) = opened.next().await.map_err(|_| io::Error::other("a file broke off"))? {
                    package.write(&piece).await?;
                }
            }
            Err(No::Refused(refusal)) => one.refused = Some(refusal),
            // It went between the reading of its record and now, and so did its place in the record.
            Err(No::Missing) => {}
            Err(_) => return Err(io::Error::other("a file could not be opened")),
        }
    }
    let mut body = document(&signed, &asked, &kind, record, whole, &taken);
    if let Some(members) = body.as_object_mut() {
        members.insert("files".to_owned(), files.iter().map(|one| told(&signed, one)).collect());
    }
    package.text("export.json", serde_json::to_string_pretty(&body).unwrap_or_default().as_bytes()).await?;
    if let (Log::Shown(entries, more), Some(labels)) = (&taken.log, Labels::of(&signed)) {
        let kinds = signed.shop.as_ref().map(|shop| &*shop.kinds);
        let entries: Vec<&crate::seams::Looked> = entries.iter().collect();
        package.text("logg.csv", &who_looked::sheet(labels, kinds, &entries, *more)).await?;
    }
    let page = package_page::page(&signed, &asked, &kind, record, whole, &taken, &files);
    package.text("index.html", page.0.as_bytes()).await?;
    package.finish().await
}

/// A file as JSON tells it.
fn told(signed: &Signed, one: &Packaged) -> Json {
    let refused = one.refused.as_ref().map(|refusal| crate::api_export::refused(signed, refusal));
    let mut told = crate::api_export::described(one);
    told["path"] = json!(refused.is_none().then_some(&one.path));
    told["refused"] = json!(refused);
    told
}

/// What the writer of the ZIP has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A ZIP on its way to a reader, who sets the pace.
struct Package {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
    to: Sender<io::Result<Bytes>>,
    options: SimpleFileOptions,
    patience: Duration,
}

impl Package {
    fn new(to: Sender<io::Result<Bytes>>, now: terms::Instant) -> Self {
        let written = Written::default();
        let at = moment::civil(now);
        let part = |number: i8| u8::try_from(number).unwrap_or(0);
        let time = zip::DateTime::from_date_and_time(
            u16::try_from(at.year()).unwrap_or(1980),
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        let options = SimpleFileOptions::default().last_modified_time(time.unwrap_or_default());
        Self { zip: ZipWriter::new_stream(written.clone()), written, to, options, patience: PATIENCE }
    }

    fn begin(&mut self, path: &str, how: CompressionMethod) -> io::Result<()> {
        self.zip.start_file(path, self.options.compression_method(how)).map_err(io::Error::other)
    }

    async fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        self.zip.write_all(piece)?;
        self.pass_on().await
    }

    async fn text(&mut self, path: &str, text: &[u8]) -> io::Result<()> {
        self.begin(path, CompressionMethod::Deflated)?;
        self.write(text).await
    }

    async fn finish(mut self) -> io::Result<()> {
        // The end of the file is written when the writer is done; what it wrote lies in the shared buffer.
        let Self { zip, written, to, patience, .. } = &mut self;
        let zip = core::mem::replace(zip, ZipWriter::new_stream(Written::default()));
        zip.finish().map_err(io::Error::other)?;
        hand_over(written, to, *patience).await
    }

    async fn pass_on(&mut self) -> io::Result<()> {
        hand_over(&self.written, &self.to, self.patience).await
    }
}

async fn hand_over(written: &Written, to: &Sender<io::Result<Bytes>>, patience: Duration) -> io::Result<()> {
    let bytes = core::mem::take(&mut *written.0.lock().unwrap_or_else(PoisonError::into_inner));
    if bytes.is_empty() {
        return Ok(());
    }
    match tokio::time::timeout(patience, to.send(Ok(Bytes::from(bytes)))).await {
        Ok(sent) => sent.map_err(|_| io::Error::other("the reader went away")),
        Err(_) => Err(io::Error::other("the reader takes nothing")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    #[tokio::test]
    async fn a_package_that_nobody_takes_is_not_kept_open() {
        let (to, from) = channel(1);
        let mut package = Package::new(to, terms::Instant(0));
        package.patience = Duration::from_millis(20);
        package.begin("filer/001", CompressionMethod::Stored).unwrap();
        package.write(&[1; 10]).await.unwrap();
        assert!(package.write(&[2; 10]).await.is_err());
        drop(from);
    }

    #[test]
    fn so_many_are_made_at_once_and_one_more_is_told_to_wait() {
        let held: Vec<_> = (0..AT_ONCE).map(|_| place().ok().unwrap()).collect();
        assert!(matches!(place(), Err(No::Unavailable(_))));
        drop(held);
        assert!(place().is_ok());
    }

    #[tokio::test]
    async fn what_is_sent_piece_by_piece_is_a_whole_zip_and_waits_for_its_reader() {
        let (to, mut from) = channel(1);
        let sender = tokio::spawn(async move {
            let mut package = Package::new(to, terms::Instant(1_795_255_541 * 1_000_000));
            package.begin("filer/001 dokument CV Åsa.pdf", CompressionMethod::Stored)?;
            for piece in 0..20_u8 {
                package.write(&vec![piece; 65_536]).await?;
            }
            package.text("index.html", "läsbar ".repeat(1_000).as_bytes()).await?;
            package.finish().await
        });
        let (mut all, mut pieces) = (Vec::new(), 0);
        while let Some(piece) = from.recv().await {
            all.extend_from_slice(&piece.unwrap());
            pieces += 1;
        }
        sender.await.unwrap().unwrap();
        assert!(pieces > 20, "nothing gathers");
        let mut zip = zip::ZipArchive::new(Cursor::new(all)).unwrap();
        assert_eq!(zip.len(), 2);
        let mut bytes = Vec::new();
        zip.by_name("filer/001 dokument CV Åsa.pdf").unwrap().read_to_end(&mut bytes).unwrap();
        assert!(bytes.len() == 20 * 65_536 && bytes.ends_with(&[19; 65_536]));
        let mut text = String::new();
        zip.by_name("index.html").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text.matches("läsbar").count(), 1_000);
    }
}
