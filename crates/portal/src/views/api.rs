//! The computed pages for programs: `/api/v1/{service}/views` and each of them, the same documents that the pages offer for
//! download. What a view proposes is done by the pages; a program writes the records themselves.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use super::{choices, download, named, open_to, taking};
use crate::api::answer;
use crate::api::call::Caller;
use crate::api::problem::{Problem, of_no};
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
    let Some(view) = named(&signed, &name) else { return Problem::new(signed.language, "missing").into_response() };
    let arguments = match choices::read(&signed, view, |name| query_value(&signed.here, name)) {
        Ok(arguments) => arguments,
        Err(wrong) => {
            let detail = format!("`{}`: {}", wrong.parameter.name, signed.t(wrong.why));
            return Problem::new(signed.language, "parameter").detail(detail).into_response();
        }
    };
    match taking::take(&signed, view, arguments).await {
        Ok(taken) => download::json(&signed, &taken),
        Err(no) => of_no(&signed, None, &no),
    }
}
