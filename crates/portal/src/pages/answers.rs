//! Short answers: nothing there, too much sent, no session, the world did not cooperate. Never what was in the request.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use service::{No, StateProblem};
use terms::Refusal;

use crate::ctx::Ctx;
use crate::frame::{clause, page_with};
use crate::pages::agreement::reading;
use crate::pages::labels::Labels;
use crate::pages::refusal;

/// A page of one heading and one sentence: the texts `<key>` and `<key>-what`.
#[must_use]
pub fn page_of(ctx: &Ctx, status: StatusCode, key: &str) -> Response {
    let title = ctx.t(key);
    let body = html! {
        h1 { (title) }
        p { (ctx.t(&format!("{key}-what"))) }
        p { a href="/" { (ctx.t("answer-to-start")) } }
    };
    page_with(ctx, status, &title, body)
}

/// What is answered for all that does not exist and for all that is somebody else's: the two cannot be told apart.
#[must_use]
pub fn missing(ctx: &Ctx) -> Response {
    page_of(ctx, StatusCode::NOT_FOUND, "answer-missing")
}

/// More was sent than is read.
#[must_use]
pub fn too_large(ctx: &Ctx) -> Response {
    page_of(ctx, StatusCode::PAYLOAD_TOO_LARGE, "answer-too-large")
}

/// The page for a *no* that the page itself has no better answer to. Faults of a form and conflicts are shown by the forms.
#[must_use]
pub fn no(ctx: &Ctx, no: &No) -> Response {
    match no {
        No::Refused(refusal) => refused(ctx, refusal),
        No::Missing => missing(ctx),
        No::Invalid(_) => page_of(ctx, StatusCode::UNPROCESSABLE_ENTITY, "answer-invalid"),
        No::Reused => page_of(ctx, StatusCode::UNPROCESSABLE_ENTITY, "answer-reused"),
        No::Conflict { .. } => page_of(ctx, StatusCode::CONFLICT, "answer-conflict"),
        No::State { state, why } => of_state(ctx, state.as_deref(), *why),
        No::Unavailable(why) => {
            tracing::error!(%why, "the door could not answer");
            page_of(ctx, StatusCode::SERVICE_UNAVAILABLE, "answer-unavailable")
        }
    }
}

/// The record's state stands against it: which state, and why it does.
fn of_state(ctx: &Ctx, state: Option<&str>, why: StateProblem) -> Response {
    let title = ctx.t("answer-state");
    let word = state.map_or_else(String::new, |state| crate::html::state_word(ctx, state));
    let body = html! {
        h1 { (title) }
        p { (ctx.t_with(&format!("answer-state-{}", why.code()), &[("state", word.into())])) }
        p { (ctx.t("answer-state-what")) }
    };
    page_with(ctx, StatusCode::CONFLICT, &title, body)
}

/// For a person of the provider who has not chosen a case: whose data to look at is not known.
#[must_use]
pub fn choose_case(ctx: &Ctx) -> Response {
    page_of(ctx, StatusCode::FORBIDDEN, "answer-choose-case")
}

/// The kind of record that the address asks for, as people call it.
fn asked_for(ctx: &Ctx) -> Option<String> {
    let path = ctx.here.split('?').next()?;
    let kinds = &ctx.shop.as_ref()?.kinds;
    let kind = path.split('/').skip(2).filter_map(|part| kinds.by_path(part)).last()?;
    Some(kind.plural.text(ctx.language).to_owned())
}

/// The page of a refusal: the agreement says no, by clause.
#[must_use]
pub fn refused(ctx: &Ctx, refusal: &Refusal) -> Response {
    let title = ctx.t("refusal-title");
    let body = match Labels::of(ctx) {
        Some(labels) => {
            let reading = labels.agreement.and_then(|agreement| reading(ctx, agreement));
            refusal::view(labels, reading.as_ref(), asked_for(ctx).as_deref(), refusal)
        }
        None => html! { p { (clause(ctx, &refusal.clause)) } },
    };
    page_with(ctx, StatusCode::FORBIDDEN, &title, html! { h1 { (title) } (body) })
}
