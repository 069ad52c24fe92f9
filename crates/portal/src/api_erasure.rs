//! Erasure, certificates and restriction for programs: the same door as the pages.
//!
//! Erasing takes two calls, as it takes two pages: `?preview` answers with the plan and its hash, and the erasure itself carries
//! that hash, so that nothing is erased that its caller did not see.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use service::{Ground, ToErase, ToRestrict};
use terms::{Hash, RecordId, Verb};

use crate::api::answer;
use crate::api::call::{Call, Caller, Writing, signed};
use crate::api::problem::{Problem, of_no};
use crate::ctx::Signed;
use crate::pages::{certificates, restriction};
use crate::state::Portal;

/// Who asks for certificates, which are of no kind.
pub struct Reader(Signed);

impl FromRequestParts<Arc<Portal>> for Reader {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        portal: &Arc<Portal>,
    ) -> Result<Self, Response> {
        signed(parts, portal).await.map(Self)
    }
}

/// Whether only the plan is asked for.
#[derive(Deserialize)]
pub struct EraseQuery {
    preview: Option<String>,
}

/// What is confirmed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    plan: String,
    /// Until and with which day it can be brought back; at once, where nothing is said.
    restorable_until: Option<String>,
}

/// `POST /api/v1/{service}/{kind}/{id}/erasure?preview` answers with the plan; without it, and with `{"plan": hash}`, erases as
/// that plan said. 412 where it would be another plan by now.
pub async fn erase(Query(query): Query<EraseQuery>, writing: Writing) -> Result<Response, Response> {
    let call = &writing.call;
    let (asked, record) = (call.asked(Verb::Erase)?, call.record()?);
    let door = &call.signed.portal.door;
    if query.preview.is_some_and(|wish| wish != "false") {
        let (plan, hash) = door.plan_erasure(&asked, &call.kind.name, record).await.map_err(|no| call.no(&no))?;
        let body = json!({ "plan": hash.to_string(), "would": certificates::plan_json(&plan) });
        return Ok(answer(StatusCode::OK, &body));
    }
    let confirmed: Confirmed = writing.json()?;
    let plan: Hash = confirmed.plan.parse().map_err(|_| call.parameter("plan"))?;
    let back_until = restriction::until(confirmed.restorable_until.as_deref().unwrap_or(""))
        .map_err(|()| call.parameter("restorable_until"))?;
    let to = ToErase { kind: &call.kind.name, record, plan, back_until };
    let id = match door.erase(&asked, to).await {
        Ok(id) => id,
        Err(service::No::Invalid(_)) => return Err(call.parameter("restorable_until")),
        Err(no) => return Err(call.no(&no)),
    };
    if back_until.is_some() {
        return Ok(answer(StatusCode::ACCEPTED, &json!({ "set_aside": id.to_string() })));
    }
    let mut response = match certificates::certified(&call.signed, id).await {
        Ok(certified) => answer(StatusCode::CREATED, &certificates::as_json(&certified)),
        // It is done; who may erase and not read certificates is told its id.
        Err(_) => answer(StatusCode::CREATED, &json!({ "id": id.to_string() })),
    };
    let service = call.signed.service_path();
    if let Ok(at) = format!("/api/v1/{service}/erasures/{id}").parse() {
        response.headers_mut().insert(LOCATION, at);
    }
    Ok(response)
}

/// `GET /api/v1/{service}/erasures`: every erasure, newest first.
pub async fn list(Reader(signed): Reader) -> Result<Response, Response> {
    let asked = certificates::asked(&signed)
        .ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())?;
    let all = signed.portal.door.certificates(&asked).await.map_err(|no| of_no(&signed, None, &no))?;
    let item = |one: service::Certified| certificates::as_json(&one);
    Ok(answer(StatusCode::OK, &json!({ "items": all.into_iter().map(item).collect::<Vec<_>>() })))
}

/// `GET /api/v1/{service}/erasures/{id}`: one certificate.
pub async fn one(Path((_, id)): Path<(String, String)>, Reader(signed): Reader) -> Result<Response, Response> {
    let missing = || Problem::new(signed.language, "missing").into_response();
    let id = id.parse::<RecordId>().map_err(|_| missing())?;
    let certified = certificates::certified(&signed, id).await.map_err(|no| of_no(&signed, None, &no))?;
    Ok(answer(StatusCode::OK, &certificates::as_json(&certified)))
}

/// `GET /api/v1/{service}/erasures/set-aside`: what was erased for a time and can be brought back still, by when that ends.
pub async fn set_aside(Reader(signed): Reader) -> Result<Response, Response> {
    let asked = certificates::asked(&signed)
        .ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())?;
    let all = signed.portal.door.set_aside(&asked).await.map_err(|no| of_no(&signed, None, &no))?;
    let item = |one: &service::SetAsideShown| {
        json!({
            "id": one.id.to_string(),
            "kind": one.kind.as_str(),
            "record": one.record.to_string(),
            "records": one.records,
            "by": one.by.to_string(),
            "since": crate::moment::rfc3339(one.since),
            "until": crate::moment::rfc3339(one.until),
            "clause": one.clause.as_str(),
            "held": one.held.iter().map(crate::api_holds::told).collect::<Vec<_>>(),
        })
    };
    Ok(answer(StatusCode::OK, &json!({ "items": all.iter().map(item).collect::<Vec<_>>() })))
}

/// `POST /api/v1/{service}/erasures/{id}/bring-back`: it is as it was.
pub async fn bring_back(
    Caller(signed): Caller,
    headers: HeaderMap,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Response> {
    crate::api::call::believed(&signed, &headers)?;
    let missing = || Problem::new(signed.language, "missing").into_response();
    let id = id.parse::<RecordId>().map_err(|_| missing())?;
    let asked = certificates::asked(&signed)
        .ok_or_else(|| Problem::new(signed.language, "no-customer-in-view").into_response())?;
    let record = signed.portal.door.bring_back(&asked, id).await.map_err(|no| of_no(&signed, None, &no))?;
    Ok(answer(StatusCode::OK, &json!({ "record": record.to_string() })))
}

/// Why, and until when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    ground: String,
    until: Option<String>,
}

/// `PUT /api/v1/{service}/{kind}/{id}/restriction` with `{"ground": …, "until": day or null}`.
pub async fn restrict(writing: Writing) -> Result<Response, Response> {
    let call = &writing.call;
    let (asked, record) = (call.asked(Verb::Restrict)?, call.record()?);
    let wish: Wish = writing.json()?;
    let why = Ground::of(&wish.ground).ok_or_else(|| call.parameter("ground"))?;
    let until = restriction::until(wish.until.as_deref().unwrap_or("")).map_err(|()| call.parameter("until"))?;
    let to = ToRestrict { kind: &call.kind.name, record, why, until };
    call.signed.portal.door.restrict(&asked, to).await.map_err(|no| call.no(&no))?;
    restricted(call).await
}

/// `GET …/restriction`: since when, why and until when; 404 where there is none.
pub async fn restriction_of(call: Call) -> Result<Response, Response> {
    restricted(&call).await
}

async fn restricted(call: &Call) -> Result<Response, Response> {
    let (asked, record) = (call.asked(Verb::Restrict)?, call.record()?);
    let found = call.signed.portal.door.restriction(&asked, &call.kind.name, record).await;
    match found.map_err(|no| call.no(&no))? {
        Some(one) => Ok(answer(StatusCode::OK, &certificates::restriction_json(&one))),
        None => Err(call.no(&service::No::Missing)),
    }
}

/// `DELETE …/restriction`: lifts it.
pub async fn lift(State(portal): State<Arc<Portal>>, request: Request) -> Result<Response, Response> {
    let (mut parts, _) = request.into_parts();
    let call = Call::from_request_parts(&mut parts, &portal).await?;
    crate::api::call::believed(&call.signed, &parts.headers)?;
    let (asked, record) = (call.asked(Verb::Restrict)?, call.record()?);
    call.signed.portal.door.lift(&asked, &call.kind.name, record).await.map_err(|no| call.no(&no))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
