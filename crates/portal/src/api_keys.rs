//! One's own keys for programs, over the interface itself: listed, made, revoked. What a key is says `access`.

use access::{ApiKey, KeyNo};
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::api::answer;
use crate::api::call::{Caller, believed, json_of};
use crate::api::problem::Problem;
use crate::ctx::Signed;
use crate::moment::rfc3339;

fn told(key: &ApiKey) -> Json {
    json!({
        "id": HEXLOWER.encode(&key.id),
        "name": key.name.as_str(),
        "role": key.role.as_str(),
        "made": rfc3339(key.made),
        "ends": rfc3339(key.ends),
        "used": key.used.map(rfc3339),
        "ended": key.ended.map(rfc3339),
    })
}

/// `GET /api/v1/{service}/keys`: one's own keys, newest first.
pub async fn list(Caller(signed): Caller) -> Response {
    let keys = signed.portal.people.as_ref().and_then(|people| people.keys(&signed.me.home).ok()).unwrap_or_default();
    let own: Vec<Json> = keys.iter().filter(|key| key.person == signed.me.actor).map(told).collect();
    answer(StatusCode::OK, &json!({ "items": own }))
}

/// What a program asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    days: u32,
}

/// `POST /api/v1/{service}/keys` with `{"name": "…", "days": 90}`: a new key, whose text is in this answer and never again.
pub async fn make(Caller(signed): Caller, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(problem) = believed(&signed, &headers) {
        return problem;
    }
    // A key makes no key: whoever found one would else never lose it.
    if signed.me.csrf.is_empty() {
        return Problem::new(signed.language, "token-missing").into_response();
    }
    let wanted: Wanted = match json_of(&signed, &headers, &body) {
        Ok(wanted) => wanted,
        Err(problem) => return problem,
    };
    let Some(people) = &signed.portal.people else { return Problem::new(signed.language, "missing").into_response() };
    match people.make_key(signed.me.actor, &wanted.name, wanted.days).await {
        Ok(key) => answer(StatusCode::CREATED, &json!({ "key": key.as_str() })),
        Err(no) => problem(&signed, &no),
    }
}

/// `DELETE /api/v1/{service}/keys/{id}`: ends a key.
pub async fn end(Caller(signed): Caller, headers: HeaderMap, Path((_, id)): Path<(String, String)>) -> Response {
    if let Err(problem) = believed(&signed, &headers) {
        return problem;
    }
    let id = HEXLOWER.decode(id.as_bytes()).ok().and_then(|id| <[u8; 16]>::try_from(id).ok());
    let (Some(people), Some(id)) = (&signed.portal.people, id) else {
        return Problem::new(signed.language, "missing").into_response();
    };
    match people.end_key(signed.me.actor, id).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(no) => problem(&signed, &no),
    }
}

fn problem(signed: &Signed, no: &KeyNo) -> Response {
    let invalid = |key: &str| Problem::new(signed.language, "invalid").detail(signed.t(key)).into_response();
    match no {
        KeyNo::Missing => Problem::new(signed.language, "missing").into_response(),
        KeyNo::NotAdministrator => Problem::new(signed.language, "not-administrator").into_response(),
        KeyNo::Name => invalid("keys-wrong-name"),
        KeyNo::Days => invalid("keys-wrong-days"),
        KeyNo::TooMany => invalid("keys-too-many"),
        KeyNo::Unavailable(why) => {
            tracing::error!(%why, "a key could not be made or ended");
            Problem::new(signed.language, "unavailable").into_response()
        }
    }
}
