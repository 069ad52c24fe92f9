//! The files of records for programs: raw bytes in and out under `/api/v1/{service}/{kind}/{id}/files/{field}`, streamed.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use service::{Change, Draft, FileFacts, FileOf, FileTo, No};
use terms::{FieldName, Verb};

use crate::api::call::{Call, believed};
use crate::form_files::Raw;
use crate::pages::files;
use crate::state::Portal;

/// What may be said of a file in its address.
#[derive(Deserialize, Default)]
pub struct FileQuery {
    /// What the sender calls it.
    name: Option<String>,
    /// As of this version.
    version: Option<u64>,
}

type Address = Path<(String, String, String, String)>;

/// `GET …/files/{field}`: the file of the present version, or of `?version=`.
pub async fn read(
    call: Call,
    Path((_, _, _, field)): Address,
    Query(query): Query<FileQuery>,
) -> Result<Response, Response> {
    let asked = call.asked(Verb::Consult)?;
    let record = call.record()?;
    let field = FieldName::new(&field).map_err(|_| call.no(&No::Missing))?;
    let of =
        FileOf { kind: &call.kind.name, record, field: &field, version: query.version, small: false, taken_out: false };
    let opened = call.signed.portal.door.open_file(&asked, of).await.map_err(|no| call.no(&no))?;
    Ok(files::answer(opened, false))
}

/// `PUT …/files/{field}?name=cv.pdf` with the bytes as body and the version seen as `If-Match`: a new version of the record, in
/// which the field keeps this file. The type is told by content, whatever `Content-Type` says.
pub async fn put(State(portal): State<Arc<Portal>>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let mut body = Raw::new(body);
    let answer = take(&portal, &mut parts, &mut body).await;
    if answer.is_err() {
        body.drain().await;
    }
    answer
}

async fn take(
    portal: &Arc<Portal>,
    parts: &mut axum::http::request::Parts,
    body: &mut Raw,
) -> Result<Response, Response> {
    let call = Call::from_request_parts(parts, portal).await?;
    believed(&call.signed, &parts.headers)?;
    let missing = || call.no(&No::Missing);
    let Path((_, _, _, field)) = Address::from_request_parts(parts, portal).await.map_err(|_| missing())?;
    let query = Query::<FileQuery>::try_from_uri(&parts.uri).map_err(|_| call.parameter("name"))?;
    let asked = call.asked(Verb::Alter)?;
    let (record, once) = (call.record()?, call.once()?);
    let version = call.seen()?.ok_or_else(|| call.problem("version-required").into_response())?;
    let field = FieldName::new(&field).map_err(|_| missing())?;
    let name = query.name.as_deref().unwrap_or("");
    let to = FileTo { kind: &call.kind.name, field: &field, record: Some(record), parent: None, name };
    let door = &call.signed.portal.door;
    let waiting = door.receive(&asked, to, body).await.map_err(|no| call.no(&no))?;
    let draft = Draft::new().with(field.as_str(), &waiting.value);
    let change = Change { kind: &call.kind.name, record, version, draft, state: None, once };
    let version = door.alter(&asked, change).await.map_err(|no| call.no(&no))?;
    let kept = FileFacts::read(&waiting.value).map(|facts| {
        json!({
            "name": facts.name,
            "mediaType": facts.media.media,
            "bytes": facts.bytes,
            "sha256": facts.hash.to_string(),
            "scanned": files::scanned(facts.scanned),
        })
    });
    let told = json!({ "id": record.to_string(), "version": version, "file": kept });
    Ok(crate::api::with_version(crate::api::answer(StatusCode::OK, &told), version))
}
