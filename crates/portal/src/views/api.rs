//! The computed pages for programs: `/api/v1/{service}/views` and each of them, the same documents that the pages offer for
//! download. What a view proposes is done by the pages; a program writes the records themselves.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use super::{choices, download, named, open_to, taking};
use crate::api::answer;
use crate::api::problem::{Problem, of_no};
use crate::ctx::{Ctx, Signed};
use crate::form::query_value;
use crate::state::Portal;

/// `GET /api/v1/{service}/views`: which there are for this caller.
pub async fn index(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path(service): Path<String>,
) -> Response {
    let signed = match caller(portal, &uri, &headers, &service) {
        Ok(signed) => signed,
        Err(problem) => return problem,
    };
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
pub async fn show(
    State(portal): State<Arc<Portal>>,
    uri: Uri,
    headers: HeaderMap,
    Path((service, name)): Path<(String, String)>,
) -> Response {
    let signed = match caller(portal, &uri, &headers, &service) {
        Ok(signed) => signed,
        Err(problem) => return problem,
    };
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

fn caller(portal: Arc<Portal>, uri: &Uri, headers: &HeaderMap, service: &str) -> Result<Signed, Response> {
    let here = uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
    let ctx = Ctx::of(portal, headers, here, Some(service));
    let Some(me) = ctx.me.clone() else {
        return Err(Problem::new(ctx.language, "not-signed-in").into_response());
    };
    if ctx.mine() { Ok(Signed { ctx, me }) } else { Err(Problem::new(ctx.language, "missing").into_response()) }
}
