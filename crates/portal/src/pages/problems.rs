//! What the problems of the interface for programs mean: the pages that their `type` leads to.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};

use crate::api::problem::{KINDS, PROBLEMS};
use crate::ctx::Ctx;
use crate::frame::page;
use crate::pages::answers;

/// `GET /problems`: all of them.
pub async fn all(ctx: Ctx) -> Response {
    let title = ctx.t("api-problems");
    let body = html! {
        h1 { (title) }
        p { (ctx.t("api-problems-what")) }
        ul {
            @for (code, status) in KINDS {
                li { a href=(format!("{PROBLEMS}/{code}")) { (ctx.t(&format!("api-{code}"))) } " (" (status.as_u16()) ")" }
            }
        }
    };
    page(&ctx, &title, body)
}

/// `GET /problems/{code}`: one of them.
pub async fn one(ctx: Ctx, Path(code): Path<String>) -> Response {
    let Some((code, status)) = KINDS.iter().find(|(kind, _)| *kind == code) else { return answers::missing(&ctx) };
    let title = ctx.t(&format!("api-{code}"));
    let fact = |name: &str, value: Markup| html! { dt { (ctx.t(name)) } dd { (value) } };
    let body = html! {
        h1 { (title) }
        p.answer { (ctx.t(&format!("api-{code}-detail"))) }
        p { (ctx.t(&format!("api-{code}-what"))) }
        dl.sheet.facts {
            (fact("api-problem-type", html! { code { (PROBLEMS) "/" (code) } }))
            (fact("api-problem-status", html! { (status.as_u16()) }))
        }
        p { a href=(PROBLEMS) { (ctx.t("api-problems")) } }
    };
    page(&ctx, &title, body)
}
