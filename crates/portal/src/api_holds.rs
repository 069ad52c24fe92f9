//! Legal holds for programs: the same door as the pages.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use service::{Asked, Held, HeldInFull, HoldGround, MAX_HOLD_WORDS, No, ToHold, ToHoldWhat, Value};
use terms::{KindName, RecordId, Verb};

use crate::api::answer;
use crate::api::call::{Caller, believed, json_of};
use crate::api::problem::{Problem, of_no};
use crate::ctx::Signed;
use crate::moment::rfc3339;
use crate::pages::{holds, restriction};

/// A hold for programs.
pub(crate) fn told(one: &Held) -> Json {
    let (kind, record) = one.scope.pointed();
    json!({
        "id": one.id.to_string(),
        "scope": one.scope.code(),
        "kind": kind.map(KindName::as_str),
        "record": record.map(|record| record.to_string()),
        "person": match &one.scope {
            service::HeldScope::Person { person, .. } => Some(person.to_string()),
            _ => None,
        },
        "by": one.by.to_string(),
        "since": rfc3339(one.since),
        "ground": one.ground.code(),
        "until": one.until.map(rfc3339),
        "clause": one.clause.as_str(),
        "number": one.number,
        "untold": one.untold,
        "ended": one.ended.as_ref().map(|end| json!({
            "at": rfc3339(end.at),
            "by": end.by.map(|by| by.to_string()),
            "clause": end.clause.as_str(),
        })),
    })
}

fn missing(signed: &Signed) -> Response {
    Problem::new(signed.language, "missing").into_response()
}

fn asked(signed: &Signed) -> Result<Asked, Response> {
    holds::asked(signed).ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())
}

/// `GET /api/v1/{service}/holds`: every hold, those that ended too, the newest first.
pub async fn list(Caller(signed): Caller) -> Result<Response, Response> {
    let all = signed.portal.door.holds(&asked(&signed)?).await.map_err(|no| of_no(&signed, None, &no))?;
    Ok(answer(StatusCode::OK, &json!({ "items": all.iter().map(told).collect::<Vec<_>>() })))
}

/// `GET /api/v1/{service}/holds/{id}`: one, with its words for whoever may hold what it covers.
pub async fn one(Caller(signed): Caller, Path((_, id)): Path<(String, String)>) -> Result<Response, Response> {
    let id = id.parse::<RecordId>().map_err(|_| missing(&signed))?;
    let found = signed.portal.door.one_hold(&asked(&signed)?, id).await;
    let HeldInFull { held, words, withheld } = found.map_err(|no| of_no(&signed, None, &no))?;
    let mut body = told(&held);
    body["words"] = json!(words.as_ref().map(|words| words.as_str()));
    body["words_withheld"] = json!(withheld);
    Ok(answer(StatusCode::OK, &body))
}

/// What is to be held, why, until when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    scope: String,
    kind: Option<String>,
    record: Option<String>,
    ground: String,
    until: Option<String>,
    words: Option<String>,
    #[serde(default)]
    untold: bool,
}

/// `POST /api/v1/{service}/holds` with `{"scope": "person", "kind": …, "record": …, "ground": …, "until": day or null}`.
pub async fn place(Caller(signed): Caller, headers: HeaderMap, body: Bytes) -> Result<Response, Response> {
    believed(&signed, &headers)?;
    let wish: Wish = json_of(&signed, &headers, &body)?;
    let parameter =
        |name: &str| Problem::new(signed.language, "parameter").with("parameter", json!(name)).into_response();
    let kind = match &wish.kind {
        Some(name) => {
            let name = KindName::new(name).map_err(|_| parameter("kind"))?;
            let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&name));
            Some(kind.ok_or_else(|| parameter("kind"))?)
        }
        None => None,
    };
    let record = match &wish.record {
        Some(record) => Some(record.parse::<RecordId>().map_err(|_| parameter("record"))?),
        None => None,
    };
    let what = match (wish.scope.as_str(), kind, record) {
        ("customer", None, None) => ToHoldWhat::Customer,
        ("kind", Some(kind), None) => ToHoldWhat::Kind(&kind.name),
        ("person", Some(kind), Some(record)) => ToHoldWhat::Person(&kind.name, record),
        ("record", Some(kind), Some(record)) => ToHoldWhat::Record(&kind.name, record),
        _ => return Err(parameter("scope")),
    };
    let ground = HoldGround::of(&wish.ground).ok_or_else(|| parameter("ground"))?;
    let until = restriction::until(wish.until.as_deref().unwrap_or("")).map_err(|()| parameter("until"))?;
    let words = wish.words.map(Value::new);
    if words.as_ref().is_some_and(|words| words.chars().count() > MAX_HOLD_WORDS) {
        return Err(parameter("words"));
    }
    let asked = match kind {
        Some(kind) => signed.asked(Verb::Hold, kind),
        None => holds::asked(&signed),
    };
    let asked = asked.ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())?;
    let to = ToHold { what, ground, until, words, untold: wish.untold };
    let id = match signed.portal.door.hold(&asked, to).await {
        Ok(id) => id,
        Err(No::Invalid(_)) => return Err(parameter("until")),
        Err(no) => return Err(of_no(&signed, kind, &no)),
    };
    let mut response = answer(StatusCode::CREATED, &json!({ "id": id.to_string() }));
    if let Ok(at) = format!("/api/v1/{}/holds/{id}", signed.service_path()).parse() {
        response.headers_mut().insert(LOCATION, at);
    }
    Ok(response)
}

/// `DELETE /api/v1/{service}/holds/{id}`: lifts it.
pub async fn lift(
    Caller(signed): Caller,
    headers: HeaderMap,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Response> {
    believed(&signed, &headers)?;
    let id = id.parse::<RecordId>().map_err(|_| missing(&signed))?;
    signed.portal.door.lift_hold(&asked(&signed)?, id).await.map_err(|no| of_no(&signed, None, &no))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
