//! The computed pages for programs: `/api/v1/{service}/views` and each of them, as JSON, PDF and CSV: the same documents that the
//! pages offer for download; and what a view proposes, carried out as it was seen.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::carry_out::{Done, all, seen, was_first};
use super::{choices, download, named, on_paper, open_to, taking};
use crate::api::answer;
use crate::api::call::{Caller, believed, json_of, read, signed};
use crate::api::problem::{Problem, of_no};
use crate::ctx::Signed;
use crate::form::query_value;
use crate::state::Portal;

/// `GET /api/v1/{service}/views`: which there are for this caller.
pub async fn index(Caller(signed): Caller) -> Response {
    let service = signed.service_path();
    let views: Vec<Json> = open_to(&signed)
        .into_iter()
        .map(|view| {
            let (label, about) = (view.label(), view.about());
            json!({
                "name": view.path(),
                "label": { "sv": label.sv, "en": label.en },
                "about": { "sv": about.sv, "en": about.en },
                "parameters": view.parameters().iter().map(|one| one.name).collect::<Vec<_>>(),
                "href": format!("/api/v1/{service}/views/{}", view.path()),
            })
        })
        .collect();
    answer(StatusCode::OK, &json!({ "items": views }))
}

/// `GET /api/v1/{service}/views/{view}`: the sheet.
pub async fn show(Caller(signed): Caller, Path((_, name)): Path<(String, String)>) -> Response {
    match taken(&signed, &name).await {
        Ok(taken) => download::json(&signed, &taken),
        Err(answer) => answer,
    }
}

/// `GET /api/v1/{service}/views/{view}/pdf`: the sheet on paper.
pub async fn pdf(Caller(signed): Caller, Path((_, name)): Path<(String, String)>) -> Response {
    match taken(&signed, &name).await {
        Ok(taken) => on_paper::answer(&signed, &taken, true).await,
        Err(answer) => answer,
    }
}

/// `GET /api/v1/{service}/views/{view}/csv`: one table of the sheet, `?table=` or the first.
pub async fn csv(Caller(signed): Caller, Path((_, name)): Path<(String, String)>) -> Response {
    match taken(&signed, &name).await {
        Ok(taken) if taken.sheet.is_err() => download::json(&signed, &taken),
        Ok(taken) => download::csv(&signed, &taken, query_value(&signed.here, "table").as_deref()),
        Err(answer) => answer,
    }
}

/// The sheet of a view, or the answer that says why there is none.
async fn taken(signed: &Signed, name: &str) -> Result<taking::Taken, Response> {
    let missing = || Problem::new(signed.language, "missing").into_response();
    let view = named(signed, name).ok_or_else(missing)?;
    let arguments = choices::read(signed, view, |name| query_value(&signed.here, name)).map_err(|wrong| {
        let detail = format!("`{}`: {}", wrong.parameter.name, signed.t(wrong.why));
        Problem::new(signed.language, "parameter").detail(detail).into_response()
    })?;
    taking::take(signed, view, arguments).await.map_err(|no| of_no(signed, None, &no))
}

/// What the caller saw of a proposal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    seen: String,
}

/// `POST /api/v1/{service}/views/{view}/{act}` with `{"seen": …}` as the sheet said it, and the sheet's parameters in the query:
/// computes it anew, and writes what it proposes where that is still the same. 412 where the figures have changed since, or
/// somebody else was first. Each writing goes through the door by itself and is made once, so the same call again does the rest.
pub async fn carry_out(
    State(portal): State<Arc<Portal>>,
    Path((_, name, act)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Response> {
    let (mut parts, body) = request.into_parts();
    let signed = signed(&mut parts, &portal).await?;
    believed(&signed, &parts.headers)?;
    let headers = parts.headers.clone();
    let bytes = read(&signed, Request::from_parts(parts, body), &portal).await?;
    let wanted: Wanted = json_of(&signed, &headers, &bytes)?;
    let problem = |code| Problem::new(signed.language, code);
    let taken = taken(&signed, &name).await?;
    let sheet = taken
        .sheet
        .as_ref()
        .map_err(|why| problem("cannot-compute").detail(why.text(signed.language).to_owned()).into_response())?;
    let proposal = sheet.acts.iter().find(|one| one.name == act);
    // What is proposed no longer, and what never was, are answered alike: the sheet says what there is.
    let changed = || problem("conflict").detail(signed.t("view-changed")).into_response();
    let proposal = proposal.filter(|one| seen(one) == wanted.seen).ok_or_else(changed)?;
    match all(&signed, &taken, proposal).await {
        Done { written: 0, first: Some(no), .. } if was_first(&no) => {
            Err(problem("conflict").detail(signed.t("view-somebody-first")).into_response())
        }
        Done { written: 0, first: Some(no), .. } => Err(of_no(&signed, None, &no)),
        Done { written, left, .. } => Ok(answer(StatusCode::OK, &json!({ "written": written, "left": left }))),
    }
}
