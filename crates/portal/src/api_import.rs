//! Records from a file, for programs: the file is the body, and the answer says of every row what became of it. With
//! `preview=true` nothing is written. What a page does in two steps is one call here; the same `Idempotency-Key` with the same file
//! goes on where the first call stopped.

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use intake::{Choose, ColumnsNo, Outcome, Why};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use service::Import;
use std::sync::Arc;
use terms::{Hash, RecordId, Verb};

use crate::api::call::{Call, Writing, believed, read as body_of};
use crate::api::problem::refusal_members;
use crate::api::{answer, base};
use crate::bringing_in::{File, begin, read};
use crate::moment::rfc3339;
use crate::pages::import::{row_sentences, why};
use crate::pages::record_form::new_once;
use crate::state::Portal;

/// What a call asks for.
struct Wanted {
    preview: bool,
    choose: Choose,
    parent: Option<RecordId>,
    columns: Vec<Option<String>>,
}

impl Wanted {
    fn of(call: &Call, query: &[(String, String)]) -> Result<Self, Response> {
        let choose = Choose { good_only: false, doubles_too: false };
        let mut wanted = Self { preview: false, choose, parent: None, columns: Vec::new() };
        for (name, value) in query {
            match (name.as_str(), value.as_str()) {
                ("purpose", _) => {}
                ("preview", "true") => wanted.preview = true,
                ("preview", "false") | ("choose", "all") | ("doubles", "skip") => {}
                ("choose", "good") => wanted.choose.good_only = true,
                ("doubles", "take") => wanted.choose.doubles_too = true,
                ("parent", id) => wanted.parent = Some(id.parse().map_err(|_| call.parameter(name))?),
                ("columns", names) => {
                    let known = |name: &str| name.is_empty() || call.kind.field(name).is_some();
                    if !names.split(',').map(str::trim).all(known) {
                        return Err(call.parameter(name));
                    }
                    let named = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
                    wanted.columns = names.split(',').map(named).collect();
                }
                _ => return Err(call.parameter(name)),
            }
        }
        Ok(wanted)
    }
}

/// `POST /api/v1/{service}/{kind}/import`: the file as `text/csv`.
pub async fn bring(State(portal): State<Arc<Portal>>, request: Request) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let call = Call::from_request_parts(&mut parts, &portal).await?;
    believed(&call.signed, &parts.headers)?;
    let Ok(Query(query)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
        return Err(call.problem("unreadable").into_response());
    };
    let wanted = Wanted::of(&call, &query)?;
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text/csv");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if !matches!(kind.as_str(), "text/csv" | "text/tab-separated-values" | "text/plain") {
        return Err(call.problem("media-type").into_response());
    }
    let once = call.once()?.unwrap_or_else(new_once);
    let asked = call.asked(Verb::Collect)?;
    let bytes: Bytes = body_of(&call.signed, Request::from_parts(parts, body), &portal).await?;
    let file = read(&call.signed, &call.kind, &bytes, &wanted.columns).await.map_err(|no| {
        let detail = call.signed.t(&format!("import-no-{}", no.code()));
        call.problem("bad-rows").detail(detail).with("reason", json!(no.code())).into_response()
    })?;
    let told = told(&call, &file);
    let bad = file.checked.rows.len() - file.checked.good();
    if wanted.preview {
        return Ok(answer(StatusCode::OK, &Json::Object(told)));
    }
    if !file.columns.faults.is_empty() || (bad > 0 && !wanted.choose.good_only) {
        let mut problem = call.problem("bad-rows");
        for (name, value) in told {
            problem = problem.with(&name, value);
        }
        return Err(problem.into_response());
    }
    let begun = begin(&call.signed, asked, &call.kind, wanted.parent, file.checked, wanted.choose, &once).await;
    let begun = begun.map_err(|no| call.no(&no))?;
    if let Some(task) = begun.task {
        // A panic in the task leaves the import begun and not ended, as a crash would.
        drop(task.await);
    }
    let mut members = told;
    let (_, _, written) = begun.progress.counts();
    members.insert("import".to_owned(), json!(begun.import.id.to_string()));
    members.insert("written".to_owned(), json!(written));
    members.insert("whole".to_owned(), json!(begun.progress.ended() == Some(Outcome::Whole)));
    let failed = begun.progress.failed();
    let failed = failed.iter().map(|one| {
        let mut member = json!({ "line": one.line, "detail": why(&call.signed, &call.kind, &one.why) });
        if let (Why::Refused(refusal), Some(members)) = (&one.why, member.as_object_mut()) {
            members.insert("refused".to_owned(), Json::Object(refusal_members(&call.signed, refusal).1));
        }
        member
    });
    members.insert("failed".to_owned(), failed.collect());
    let mut response = answer(StatusCode::CREATED, &Json::Object(members));
    if let Ok(at) = HeaderValue::from_str(&format!("{}/import/{}", base(&call), begun.import.id)) {
        response.headers_mut().insert(LOCATION, at);
    }
    Ok(response)
}

/// What a file comes to: how it was read, and what is to be said of its rows.
fn told(call: &Call, file: &File) -> Map<String, Json> {
    let columns = file.sheet.headings.iter().zip(&file.columns.fields).enumerate().map(|(at, (_, field))| {
        // A heading is not given back: a file without one begins with somebody's data.
        json!({ "column": at + 1, "field": field.as_ref().map(terms::FieldName::as_str) })
    });
    let faults = file.columns.faults.iter().map(|fault| match fault {
        ColumnsNo::None => json!({ "problem": "none" }),
        ColumnsNo::Missing(field) => json!({ "problem": "missing", "field": field.as_str() }),
        ColumnsNo::Twice(field) => json!({ "problem": "twice", "field": field.as_str() }),
    });
    let row = |row: &intake::CheckedRow| {
        let faults = row.faults.iter().map(|fault| {
            json!({ "column": fault.column, "field": fault.field.as_ref().map(terms::FieldName::as_str), "problem": fault.problem.code() })
        });
        json!({
            "line": row.line, "faults": faults.collect::<Vec<_>>(), "double_of_line": row.double_of, "alike": row.alike,
            "detail": row_sentences(call.signed.language, &call.kind, row, false).join(" "),
        })
    };
    let of = |bad: bool| {
        let rows =
            file.checked.rows.iter().filter(|one| if bad { !one.is_good() } else { one.is_good() && one.is_double() });
        rows.map(row).collect::<Json>()
    };
    Map::from_iter([
        ("encoding".to_owned(), json!(file.encoding.name())),
        ("separator".to_owned(), json!(file.sheet.separator.to_string())),
        ("columns".to_owned(), columns.collect()),
        ("column_faults".to_owned(), faults.collect()),
        ("rows".to_owned(), json!(file.checked.rows.len())),
        ("good".to_owned(), json!(file.checked.good())),
        ("bad".to_owned(), of(true)),
        ("doubles".to_owned(), of(false)),
        ("looked_up".to_owned(), json!(file.looked_up)),
    ])
}

/// `GET /api/v1/{service}/{kind}/import`: the imports of the kind, newest first.
pub async fn all(call: Call) -> Result<Response, Response> {
    let asked = call.asked(Verb::Collect)?;
    let found = call.signed.portal.imports.imports(&asked, &call.kind.name).await.map_err(|no| call.no(&no))?;
    Ok(answer(StatusCode::OK, &json!({ "items": found.iter().map(import).collect::<Vec<_>>() })))
}

/// `GET /api/v1/{service}/{kind}/import/{id}`: one, with its records.
pub async fn one(call: Call) -> Result<Response, Response> {
    let (asked, id) = (call.asked(Verb::Collect)?, call.record()?);
    let (found, records) = call.signed.portal.imports.imported(&asked, id).await.map_err(|no| call.no(&no))?;
    if found.kind != call.kind.name {
        return Err(call.no(&service::No::Missing));
    }
    let mut body = import(&found);
    let records = records.iter().map(|one| {
        json!({ "row": one.row, "id": one.head.record.to_string(), "version": one.head.version, "untouched": one.untouched })
    });
    if let Some(members) = body.as_object_mut() {
        members.insert("records".to_owned(), records.collect());
    }
    Ok(answer(StatusCode::OK, &body))
}

/// What is confirmed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    plan: String,
}

/// `GET /api/v1/{service}/{kind}/import/{id}/undo`: what undoing it would do. Nothing is erased.
pub async fn plan_undo(call: Call) -> Result<Response, Response> {
    let (asked, id) = (call.asked(Verb::Erase)?, call.record()?);
    let undoing = call.signed.portal.imports.plan_undo(&asked, id).await.map_err(|no| call.no(&no))?;
    if undoing.import.kind != call.kind.name {
        return Err(call.no(&service::No::Missing));
    }
    let kept = undoing.kept.iter().map(|one| {
        json!({ "row": one.row, "id": one.record.to_string(), "why": one.why.code(),
            "detail": call.signed.t(&format!("import-kept-{}", one.why.code())) })
    });
    let body = json!({
        "import": import(&undoing.import), "plan": undoing.plan.to_string(), "goes": undoing.goes, "kept": kept.collect::<Json>(),
        "out_of_reach": undoing.beyond,
    });
    Ok(answer(StatusCode::OK, &body))
}

/// `POST …/undo` with `{"plan": hash}`: undoes it as that plan said. 412 where it would be another plan by now; the same call again
/// is answered as the first time.
pub async fn undo(writing: Writing) -> Result<Response, Response> {
    let call = &writing.call;
    let (asked, id) = (call.asked(Verb::Erase)?, call.record()?);
    let confirmed: Confirmed = writing.json()?;
    let plan: Hash = confirmed.plan.parse().map_err(|_| call.parameter("plan"))?;
    if runs(call, &asked, id) {
        return Err(call.problem("state").detail(call.signed.t("import-undo-runs")).into_response());
    }
    let undone = call.signed.portal.imports.undo(&asked, id, plan).await.map_err(|no| call.no(&no))?;
    let body = json!({
        "import": import(&undone.import), "gone": undone.gone, "certificate": undone.certificate.map(|id| id.to_string()),
    });
    let mut response = answer(StatusCode::OK, &body);
    let service = call.signed.service_path();
    if let Some(at) = undone.certificate.and_then(|id| format!("/api/v1/{service}/erasures/{id}").parse().ok()) {
        response.headers_mut().insert(LOCATION, at);
    }
    Ok(response)
}

/// Whether the import is being brought in at this moment: what is written next could not be in any plan.
fn runs(call: &Call, asked: &service::Asked, import: RecordId) -> bool {
    let progress = call.signed.portal.running.of(&asked.tenant, &import);
    progress.is_some_and(|progress| progress.ended().is_none())
}

fn import(import: &Import) -> Json {
    json!({
        "id": import.id.to_string(), "kind": import.kind.as_str(), "by": import.by.to_string(), "rows": import.rows,
        "parent": import.parent.map(|parent| parent.to_string()), "begun": rfc3339(import.begun),
        "ended": import.ended.map(rfc3339), "undone": import.undone.map(rfc3339),
    })
}
