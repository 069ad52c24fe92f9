//! A service's computed pages: `/{service}/vy/{view}`, the same as PDF, CSV and JSON, the records behind each figure, and what a page
//! proposes to write.
//!
//! The portal asks the door for what the view needs, hands it over, and draws the sheet that comes back. It computes nothing,
//! and names are written from the opened records at the moment of drawing.

pub(crate) mod api;
mod carry_out;
mod choices;
mod download;
mod draw;
mod figures;
mod on_paper;
mod plot;
mod sources;
mod taking;

use axum::extract::Path;
use axum::response::Response;
use maud::html;
use service::View;
use terms::{Language, Verb};

use crate::ctx::{Ctx, Signed};
use crate::form::{Posted, query_value};
use crate::frame::page;
use crate::pages::answers;
use crate::routes::VIEWS;

pub use carry_out::carry_out;
pub use sources::sources;

/// `GET /{service}/vy`: the computed pages that this person can ask for.
pub async fn index(signed: Signed) -> Response {
    let title = signed.t("view-index");
    let base = format!("/{}/{VIEWS}", signed.service_path());
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("view-index-what")) }
        ul {
            @for view in open_to(&signed) {
                li {
                    a href=(format!("{base}/{}", view.path())) { (view.label().text(signed.language)) }
                    ": " (view.about().text(signed.language))
                }
            }
        }
    };
    page(&signed, &title, body)
}

/// `GET /{service}/vy/{view}`, and with `.pdf`, `.csv` or `.json` after it.
pub async fn show(signed: Signed, Path((_, name)): Path<(String, String)>) -> Response {
    let (path, form) = match name.rsplit_once('.') {
        Some((path, form)) => (path, Some(form)),
        None => (name.as_str(), None),
    };
    let Some(view) = named(&signed, path) else { return answers::missing(&signed) };
    let arguments = match choices::read(&signed, view, |name| query_value(&signed.here, name)) {
        Ok(arguments) => arguments,
        Err(wrong) => return draw::wrong_choice(&signed, view, &wrong),
    };
    let taken = match taking::take(&signed, view, arguments).await {
        Ok(taken) => taken,
        Err(no) => return answers::no(&signed, &no),
    };
    match form {
        None => draw::page_of(&signed, &taken, None),
        Some("pdf") => on_paper::answer(&signed, &taken, false).await,
        Some("csv") => download::csv(&signed, &taken, query_value(&signed.here, "table").as_deref()),
        Some("json") => download::json(&signed, &taken),
        Some(_) => answers::missing(&signed),
    }
}

/// `POST /{service}/vy/{view}`: the same page with a text that was pasted in and is kept nowhere.
pub async fn pasted(Path((_, name)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(view) = named(&signed, &name) else { return answers::missing(&signed) };
    let arguments = match choices::read(&signed, view, |name| fields.raw(name).map(str::to_owned)) {
        Ok(arguments) => arguments,
        Err(wrong) => return draw::wrong_choice(&signed, view, &wrong),
    };
    match taking::take(&signed, view, arguments).await {
        Ok(taken) => draw::page_of(&signed, &taken, None),
        Err(no) => answers::no(&signed, &no),
    }
}

/// The service's view with that part of an address.
pub(crate) fn named(ctx: &Ctx, path: &str) -> Option<&'static dyn View> {
    views(ctx).into_iter().find(|view| view.path() == path)
}

fn views(ctx: &Ctx) -> Vec<&'static dyn View> {
    let service = ctx.shop.as_ref().and_then(|shop| shop.service.as_ref());
    service.map(|service| service.views().to_vec()).unwrap_or_default()
}

/// Those that this person can ask for, as far as the agreement lets one guess.
pub(crate) fn open_to(signed: &Ctx) -> Vec<&'static dyn View> {
    let Some(shop) = &signed.shop else { return Vec::new() };
    let (Some(me), Some(agreement)) = (&signed.me, &signed.agreement) else { return Vec::new() };
    let may = |view: &&'static dyn View| {
        let kind = shop.kinds.kinds.iter().find(|kind| kind.name.as_str() == view.kind());
        kind.is_some_and(|kind| crate::hint::may_any(agreement, &me.role, Verb::Consult, kind, None))
    };
    if me.provider { Vec::new() } else { views(signed).into_iter().filter(may).collect() }
}

/// A text of a view in the reader's language.
fn text(language: Language, label: &terms::Label) -> &str {
    label.text(language)
}
