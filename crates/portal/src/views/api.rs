//! The computed pages for programs: `/api/v1/{service}/views` and each of them, as JSON, PDF and CSV: the same documents that the
//! pages offer for download. What a view proposes is done by the pages; a program writes the records themselves.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use super::{choices, download, named, on_paper, open_to, taking};
use crate::api::answer;
use crate::api::call::Caller;
use crate::api::problem::{Problem, of_no};
use crate::ctx::Signed;
use crate::form::query_value;

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
