//! Exports for programs: the same as the page, as one JSON document that can be carried away.
//!
//! `format` names the shape. Records stand kind by kind, each version by itself, newest first; a kind that the agreement refuses
//! this caller stands there as refused, with its clause.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, HeaderValue};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};
use service::{Asked, Kind, Whole};
use terms::{RecordId, Refusal, Verb};

use crate::api::call::Call;
use crate::api::problem::refusal_members;
use crate::api::{answer, records};
use crate::ctx::Signed;
use crate::moment::rfc3339;
use crate::pages::export::{Log, Taken, take};
use crate::pages::package::{Packaged, files_of};
use crate::seams::{Looked, Outcome};

/// The shape of the document.
const FORMAT: &str = "betrodd-export-1";

/// `GET /api/v1/{service}/{kind}/{id}/export`: the record, its versions, what belongs to it, and its log.
pub async fn record(call: Call) -> Result<Response, Response> {
    give(&call, Whole::Record).await
}

/// `GET /api/v1/{service}/{kind}/{id}/person`: all that is kept of the person whose record it is.
pub async fn person(call: Call) -> Result<Response, Response> {
    give(&call, Whole::Person).await
}

async fn give(call: &Call, whole: Whole) -> Result<Response, Response> {
    let (asked, record) = (call.asked(Verb::Retrieve)?, call.record()?);
    let Call { signed, kind, .. } = call;
    let service = signed.service_path();
    let taken = take(signed, &asked, kind, record, whole).await.map_err(|no| call.no(&no))?;
    let mut body = document(signed, &asked, kind, record, whole, &taken);
    let files = files_of(signed, &taken);
    if let Some(members) = body.as_object_mut() {
        members.insert("files".to_owned(), files.iter().map(|one| addressed(signed, one)).collect());
    }
    let mut response = answer(StatusCode::OK, &body);
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{service}-{}.json\"", record.short())) {
        response.headers_mut().insert(CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A file where it can be fetched; in a package it lies beside.
fn addressed(signed: &Signed, one: &Packaged) -> Json {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&one.kind));
    let path = kind.map_or_else(String::new, |kind| {
        let base = crate::pages::records::base(signed, kind);
        format!("/api/v1{base}/{}/files/{}?version={}", one.record, one.field, one.version)
    });
    let mut told = described(one);
    told["href"] = json!(path);
    told
}

/// What a file is, wherever it can be had.
pub(crate) fn described(one: &Packaged) -> Json {
    json!({
        "kind": one.kind.as_str(),
        "record": one.record.to_string(),
        "version": one.version,
        "field": one.field.as_str(),
        "media_type": one.media,
        "bytes": one.bytes,
        "sha256": one.sha256,
        "scanned": one.scanned,
    })
}

/// The document, without its files.
pub(crate) fn document(
    signed: &Signed,
    asked: &Asked,
    kind: &Kind,
    record: RecordId,
    whole: Whole,
    taken: &Taken,
) -> Json {
    let service = signed.service_path();
    let mut body = json!({
        "format": FORMAT,
        "taken": rfc3339(signed.now()),
        "by": signed.me.actor.to_string(),
        "role": signed.me.role.as_str(),
        "purpose": asked.purpose.as_str(),
        "service": service,
        "customer": signed.customer().map(|customer| customer.name),
        "agreement": signed.agreement.as_ref().map(|agreement| {
            json!({ "version": agreement.version(), "hash": agreement.hash().to_string() })
        }),
        "of": {
            "kind": kind.name.as_str(),
            "record": record.to_string(),
            "person": taken.exported.person.to_string(),
            "whole": match whole { Whole::Record => "record", Whole::Person => "person" },
        },
    });
    if let Some(members) = body.as_object_mut() {
        let holds = taken.exported.holds.iter().map(crate::api_holds::told).collect();
        members.insert("holds".to_owned(), holds);
        let anonymised = crate::pages::export::anonymised(signed, &taken.exported);
        let anonymised = anonymised.iter().map(|kind| serde_json::json!(kind.name.as_str())).collect();
        members.insert("may_become_figures".to_owned(), anonymised);
        members.insert("parts".to_owned(), parts(signed, taken));
        members.insert("log".to_owned(), log(signed, &taken.log));
    }
    body
}

fn parts(signed: &Signed, taken: &Taken) -> Json {
    let part = |part: &service::Part| {
        let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&part.kind));
        let label = kind.map(|kind| json!({ "sv": kind.plural.sv, "en": kind.plural.en }));
        match &part.answer {
            Ok(opened) => {
                json!({ "kind": part.kind.as_str(), "label": label, "records": records(signed, opened.as_ref()) })
            }
            Err(refusal) => json!({ "kind": part.kind.as_str(), "label": label, "refused": refused(signed, refusal) }),
        }
    };
    taken.exported.parts.iter().map(part).collect()
}

pub(crate) fn refused(signed: &Signed, refusal: &Refusal) -> Json {
    let (detail, mut members) = refusal_members(signed, refusal);
    members.insert("detail".to_owned(), json!(detail));
    Json::Object(members)
}

fn log(signed: &Signed, log: &Log) -> Json {
    match log {
        Log::None => Json::Null,
        Log::Refused(refusal) => json!({ "refused": refused(signed, refusal) }),
        Log::Shown(entries, more) => {
            json!({ "entries": entries.iter().map(entry).collect::<Vec<_>>(), "more": more })
        }
    }
}

fn entry(entry: &Looked) -> Json {
    let mut members = Map::from_iter([
        ("index".to_owned(), json!(entry.index)),
        ("time".to_owned(), json!(rfc3339(entry.time))),
        ("actor".to_owned(), json!(entry.actor.to_string())),
        ("records".to_owned(), json!(entry.records.iter().map(ToString::to_string).collect::<Vec<_>>())),
        ("persons".to_owned(), json!(entry.persons)),
        ("fields".to_owned(), json!(entry.fields.iter().map(terms::FieldName::as_str).collect::<Vec<_>>())),
        ("withheld".to_owned(), json!(entry.withheld.iter().map(terms::Category::as_str).collect::<Vec<_>>())),
        (
            "outcome".to_owned(),
            json!(match entry.outcome {
                Outcome::Granted => "granted",
                Outcome::Refused => "refused",
                Outcome::Happened => "happened",
            }),
        ),
        ("number".to_owned(), json!(entry.number)),
    ]);
    let texts = [
        ("actor_name", entry.actor_name.as_ref().map(|name| name.to_string())),
        ("role", entry.role.as_ref().map(ToString::to_string)),
        ("verb", entry.verb.map(|verb| verb.to_string())),
        ("purpose", entry.purpose.as_ref().map(ToString::to_string)),
        ("case", entry.case.map(|case| case.to_string())),
        ("kind", entry.kind.as_ref().map(ToString::to_string)),
        ("of", entry.of.map(|of| of.to_string())),
        ("reason", entry.reason.clone()),
        ("event", entry.event.clone()),
        ("clause", entry.clause.as_ref().map(ToString::to_string)),
        ("purged", entry.purged.map(rfc3339)),
    ];
    for (name, text) in texts {
        members.insert(name.to_owned(), json!(text));
    }
    Json::Object(members)
}
