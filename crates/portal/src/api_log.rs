//! The customer's log for programs: the files of C2SP `tlog-tiles`, so that any verifier can read them, and proofs.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::api::answer;
use crate::api::call::Caller;
use crate::api::problem::{Problem, of_no};
use crate::ctx::Signed;
use crate::moment::rfc3339;
use crate::pages::{checkpoints, who_looked};

/// Earlier heads in one answer.
const PAST_HEADS: usize = 1000;

/// `GET /api/v1/{service}/log/checkpoint`: the newest checkpoint, a signed note.
pub async fn checkpoint(Caller(signed): Caller) -> Result<Response, Response> {
    file(&signed, "checkpoint").await
}

/// `GET /api/v1/{service}/log/verifier.key`: the key that signs.
pub async fn key(Caller(signed): Caller) -> Result<Response, Response> {
    file(&signed, "verifier.key").await
}

/// `GET /api/v1/{service}/log/tile/{path}`: a tile, or a bundle of leaves.
pub async fn tile(Path((_, path)): Path<(String, String)>, Caller(signed): Caller) -> Result<Response, Response> {
    file(&signed, &format!("tile/{path}")).await
}

/// `GET /api/v1/{service}/log/checkpoints`: the newest checkpoint, the key, and heads of before, newest first.
pub async fn checkpoints_of(Caller(signed): Caller) -> Result<Response, Response> {
    let asked = asked(&signed)?;
    let found =
        signed.portal.registers.checkpoints(&asked, PAST_HEADS).await.map_err(|no| of_no(&signed, None, &no))?;
    let past: Vec<_> = found
        .past
        .iter()
        .map(|head| json!({ "time": rfc3339(head.time), "size": head.size, "root": head.root.to_string() }))
        .collect();
    Ok(answer(StatusCode::OK, &json!({ "checkpoint": found.note, "key": found.key, "past": past })))
}

/// `GET /api/v1/{service}/log/proof/{index}`: the proof of an entry, a C2SP `tlog-proof`.
pub async fn proof(Path((_, index)): Path<(String, String)>, Caller(signed): Caller) -> Result<Response, Response> {
    let (asked, index) = (asked(&signed)?, number(&signed, &index)?);
    let proof = checkpoints::proof_of(&signed, &asked, index).await;
    proof.map(|text| text_of(text.into_bytes())).map_err(|no| of_no(&signed, None, &no))
}

/// `GET /api/v1/{service}/log/consistency/{size}`: that the log continues itself from a size: `old SIZE`, the proof, the newest
/// checkpoint, in the form in which C2SP `tlog-witness` takes them.
pub async fn consistency(
    Path((_, size)): Path<(String, String)>,
    Caller(signed): Caller,
) -> Result<Response, Response> {
    let (asked, size) = (asked(&signed)?, number(&signed, &size)?);
    let proof = signed.portal.registers.continuation(&asked, size).await;
    proof.map(|text| text_of(text.into_bytes())).map_err(|no| of_no(&signed, None, &no))
}

async fn file(signed: &Signed, path: &str) -> Result<Response, Response> {
    let found = signed.portal.registers.log_file(&asked(signed)?, path).await;
    found
        .map(|bytes| match path.starts_with("tile/") {
            true => ([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response(),
            false => text_of(bytes),
        })
        .map_err(|no| of_no(signed, None, &no))
}

fn text_of(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], bytes).into_response()
}

fn asked(signed: &Signed) -> Result<service::Asked, Response> {
    who_looked::asked(signed).ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())
}

fn number(signed: &Signed, text: &str) -> Result<u64, Response> {
    text.parse().map_err(|_| Problem::new(signed.language, "missing").into_response())
}
