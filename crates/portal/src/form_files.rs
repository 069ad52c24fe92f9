//! Forms that carry files: read part by part as they come, each file handed to the door piece by piece and never held. A file
//! that is wrong is a fault of its field like any other, and what else was written is kept.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field as Part;
use axum::extract::{FromRequest, FromRequestParts, Multipart, RawPathParams, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use service::{Asked, CutOff, FieldFault, FieldType, FileTo, Incoming, Kind, No, Piece, Value};
use terms::{RecordId, Verb};

use crate::ctx::Signed;
use crate::form::{Fields, MAX_BODY_BYTES, Posted, same};
use crate::pages::answers;
use crate::pages::records::kind;
use crate::state::Portal;

/// Before the name of a field whose file is to be taken away.
pub const REMOVE: &str = "_remove-";
/// Most parts of one form.
const MAX_PARTS: usize = 500;
/// So much of a file that was refused is read on and thrown away, so that the browser hears the answer: it listens only when
/// it has sent all.
const MAX_DRAINED_BYTES: usize = 256 * 1024 * 1024;

/// A form of a record, with its files where it has any.
pub struct Sent {
    /// Who, in which context.
    pub signed: Signed,
    /// What. A field that keeps a file has the value under which the file waits.
    pub fields: Fields,
    /// What was wrong with its files.
    pub faults: Vec<FieldFault>,
}

impl FromRequest<Arc<Portal>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Arc<Portal>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let is_multipart = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        if !is_multipart {
            // These routes have no limit of their own, since files have theirs.
            let Ok(bytes) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
                let signed = Signed::from_request_parts(&mut parts, portal).await?;
                return Err(answers::too_large(&signed));
            };
            let whole = Request::from_parts(parts, Body::from(bytes));
            let Posted { signed, fields } = Posted::from_request(whole, portal).await?;
            return Ok(Self { signed, fields, faults: Vec::new() });
        }
        let signed = Signed::from_request_parts(&mut parts, portal).await?;
        let path = RawPathParams::from_request_parts(&mut parts, portal).await.ok();
        let of =
            |wanted: &str| path.as_ref()?.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        let unreadable = |signed: &Signed| answers::page_of(signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
        let Some(kind) = of("kind").and_then(|path| self::kind(&signed, &path).cloned()) else {
            return Err(answers::missing(&signed));
        };
        let record = of("id").map(|id| id.parse::<RecordId>()).transpose().map_err(|_| answers::missing(&signed))?;
        let Ok(multipart) = Multipart::from_request(Request::from_parts(parts, body), portal).await else {
            return Err(unreadable(&signed));
        };
        let verb = if record.is_some() { Verb::Alter } else { Verb::Collect };
        let Some(asked) = signed.asked(verb, &kind) else { return Err(answers::choose_case(&signed)) };
        let mut reading =
            Reading { signed: &signed, kind: &kind, record, asked, fields: Fields::default(), faults: Vec::new() };
        reading.all(multipart).await?;
        let Reading { fields, faults, .. } = reading;
        Ok(Self { fields, faults, signed })
    }
}

struct Reading<'a> {
    signed: &'a Signed,
    kind: &'a Kind,
    record: Option<RecordId>,
    asked: Asked,
    fields: Fields,
    faults: Vec<FieldFault>,
}

impl Reading<'_> {
    async fn all(&mut self, mut multipart: Multipart) -> Result<(), Response> {
        let unreadable = || answers::page_of(self.signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
        let (mut parts, mut text_bytes) = (0, 0);
        loop {
            let part = match multipart.next_part().await {
                Ok(Some(part)) => part,
                Ok(None) => break,
                Err(()) => return Err(unreadable()),
            };
            parts += 1;
            if parts > MAX_PARTS {
                return Err(answers::too_large(self.signed));
            }
            let name = part.name().unwrap_or("").to_owned();
            match part.file_name().map(str::to_owned) {
                // No file was chosen.
                Some(file) if file.is_empty() => drop(part),
                Some(file) => self.file(&name, &file, part).await?,
                None => self.text(&name, part, &mut text_bytes).await?,
            }
        }
        self.believed()?;
        let removed: Vec<String> =
            self.fields.iter().filter_map(|(name, _)| name.strip_prefix(REMOVE)).map(str::to_owned).collect();
        for name in removed {
            // A file that was chosen at the same time is what was meant.
            if self.fields.raw(&name).is_none() {
                self.fields.set(&name, Value::default());
            }
        }
        Ok(())
    }

    /// The session's token stands before everything else in our forms, so that nobody else's file is even begun.
    fn believed(&self) -> Result<(), Response> {
        if same(self.fields.raw("csrf").unwrap_or(""), &self.signed.me.csrf) {
            return Ok(());
        }
        Err(answers::page_of(self.signed, StatusCode::FORBIDDEN, "answer-form-expired"))
    }

    async fn text(&mut self, name: &str, mut part: Part<'_>, text_bytes: &mut usize) -> Result<(), Response> {
        let unreadable = || answers::page_of(self.signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        while let Some(piece) = part.chunk().await.map_err(|_| unreadable())? {
            *text_bytes += piece.len();
            if *text_bytes > MAX_BODY_BYTES {
                return Err(answers::too_large(self.signed));
            }
            bytes.extend_from_slice(&piece);
        }
        let text = core::str::from_utf8(&bytes).map_err(|_| unreadable())?;
        self.fields.set(name, Value::new(text.to_owned()));
        Ok(())
    }

    async fn file(&mut self, name: &str, file: &str, part: Part<'_>) -> Result<(), Response> {
        self.believed()?;
        let mut coming = Coming { part: Some(part) };
        let kept = self.kind.field(name).filter(|field| matches!(field.holds, FieldType::KeptFile(_)));
        let Some(field) = kept else {
            // The door says by which clause a field that nobody declared is refused.
            self.fields.set(name, Value::new("-".to_owned()));
            coming.drain().await;
            return Ok(());
        };
        let parent = self.fields.get("_parent").and_then(|id| id.parse::<RecordId>().ok());
        let to = FileTo { kind: &self.kind.name, field: &field.name, record: self.record, parent, name: file };
        let received = self.signed.portal.door.receive(&self.asked, to, &mut coming).await;
        coming.drain().await;
        match received {
            Ok(waiting) => self.fields.set(name, waiting.value),
            Err(No::Invalid(faults)) => self.faults.extend(faults),
            Err(no) => return Err(answers::no(self.signed, &no)),
        }
        Ok(())
    }
}

/// The bytes of one part as the door takes them.
struct Coming<'a> {
    part: Option<Part<'a>>,
}

impl Coming<'_> {
    async fn drain(&mut self) {
        let mut drained = 0;
        while let Some(part) = &mut self.part
            && let Ok(Some(piece)) = part.chunk().await
            && drained < MAX_DRAINED_BYTES
        {
            drained += piece.len();
        }
        self.part = None;
    }
}

impl Incoming for Coming<'_> {
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff> {
        Box::pin(async move {
            let Some(part) = &mut self.part else { return Ok(None) };
            part.chunk().await.map(|piece| piece.map(Vec::from)).map_err(|_| CutOff)
        })
    }
}

/// A body that is one file, as a program sends it.
pub struct Raw {
    body: Body,
}

impl Raw {
    /// Over a request's body.
    #[must_use]
    pub const fn new(body: Body) -> Self {
        Self { body }
    }

    /// Reads on and throws away, so that the caller hears the answer.
    pub async fn drain(&mut self) {
        let mut drained = 0;
        while let Ok(Some(piece)) = self.next().await {
            drained += piece.len();
            if drained > MAX_DRAINED_BYTES {
                return;
            }
        }
    }
}

impl Incoming for Raw {
    fn next(&mut self) -> Piece<'_, Vec<u8>, CutOff> {
        Box::pin(async move {
            loop {
                let frame = core::future::poll_fn(|task| {
                    axum::body::HttpBody::poll_frame(core::pin::Pin::new(&mut self.body), task)
                });
                match frame.await {
                    None => return Ok(None),
                    Some(Err(_)) => return Err(CutOff),
                    // Trailers are no part of the file.
                    Some(Ok(frame)) => {
                        if let Ok(bytes) = frame.into_data() {
                            return Ok(Some(Vec::from(bytes)));
                        }
                    }
                }
            }
        })
    }
}

/// The next part, or that there is none to be read.
trait Parts {
    async fn next_part(&mut self) -> Result<Option<Part<'_>>, ()>;
}

impl Parts for Multipart {
    async fn next_part(&mut self) -> Result<Option<Part<'_>>, ()> {
        self.next_field().await.map_err(|_| ())
    }
}

/// A piece as a body takes it.
pub(crate) fn bytes(piece: &[u8]) -> Bytes {
    Bytes::copy_from_slice(piece)
}
