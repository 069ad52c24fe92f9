//! The customer's file for programs: what is in force, and another one adopted. The same door as the page.

use axum::extract::Query;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use service::{Choice, CustomerFile, FileFault};

use crate::api::answer;
use crate::api::call::{Caller, believed};
use crate::api::problem::{Problem, of_no};
use crate::ctx::{Ctx, Signed};
use crate::moment::rfc3339;
use crate::pages::customer_file as page;
use crate::seams::AdoptFileNo;

/// Only an administrator of the customer goes on.
fn administers(signed: &Signed) -> Result<(), Response> {
    if signed.administers() { Ok(()) } else { Err(Problem::new(signed.language, "not-administrator").into_response()) }
}

/// `GET /api/v1/{service}/customer-file`: the file in force, with its exact text.
pub async fn read(Caller(signed): Caller) -> Response {
    if let Err(problem) = administers(&signed) {
        return problem;
    }
    match signed.portal.customer_files.at(&signed.me.home, signed.now()) {
        Some(file) => answer(StatusCode::OK, &told(&file)),
        None => Problem::new(signed.language, "missing").into_response(),
    }
}

/// From when.
#[derive(Deserialize)]
pub struct AdoptQuery {
    from: Option<String>,
}

/// `PUT /api/v1/{service}/customer-file?from=2026-12-01` with the text of the file: brings it into force, at once or from a day.
pub async fn adopt(
    Query(query): Query<AdoptQuery>,
    Caller(signed): Caller,
    headers: HeaderMap,
    text: Result<String, axum::extract::rejection::StringRejection>,
) -> Response {
    if let Err(problem) = administers(&signed).and_then(|()| believed(&signed, &headers)) {
        return problem;
    }
    let Ok(text) = text else { return Problem::new(signed.language, "unreadable").into_response() };
    let Some(from) = page::from_day(&signed, query.from.as_deref()) else {
        return Problem::new(signed.language, "parameter").with("parameter", json!("from")).into_response();
    };
    if let Err(faults) = page::read(&signed, &text, from) {
        return at_fault(&signed, &faults);
    }
    match signed.portal.customer_files.adopt(signed.me.actor, signed.me.home, from, &text).await {
        Ok(file) => answer(StatusCode::OK, &told(&file)),
        Err(AdoptFileNo::NotAdministrator) => Problem::new(signed.language, "not-administrator").into_response(),
        Err(AdoptFileNo::Faults(faults)) => at_fault(&signed, &faults),
        Err(AdoptFileNo::No(no)) => of_no(&signed, None, &no),
    }
}

fn at_fault(ctx: &Ctx, faults: &[FileFault]) -> Response {
    let language = ctx.language;
    let told: Vec<Json> = faults
        .iter()
        .map(|fault| json!({ "line": fault.line, "problem": fault.what.text(language), "remedy": fault.remedy.text(language) }))
        .collect();
    Problem::new(language, "invalid").with("faults", Json::Array(told)).into_response()
}

fn told(file: &CustomerFile) -> Json {
    let value = |one: &Choice| json!({ "value": one.value, "label": { "sv": one.label.sv, "en": one.label.en } });
    json!({
        "service": file.service.as_str(),
        "version": file.version,
        "hash": file.hash.to_string(),
        "from": rfc3339(file.from),
        "lists": file.lists.iter().map(|list| json!({
            "name": list.name,
            "label": { "sv": list.label.sv, "en": list.label.en },
            "values": list.values.iter().map(value).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "consents": file.consents.iter().map(|one| json!({
            "name": one.name, "version": one.version, "text": { "sv": one.text.sv, "en": one.text.en },
        })).collect::<Vec<_>>(),
        "specification": file.additions.iter().map(|one| json!({
            "category": one.category.as_str(),
            "label": { "sv": one.label.sv, "en": one.label.en },
            "why": { "sv": one.why.sv, "en": one.why.en },
        })).collect::<Vec<_>>(),
        "text": file.text(),
    })
}
