//! The demo's clock: what it shows, and moving it forward. There is no such page outside a demo folder.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use maud::html;

use crate::ctx::Ctx;
use crate::form::Open;
use crate::frame::page_with;
use crate::moment::{civil, countable, moment};
use crate::pages::answers;
use crate::routes;

/// `GET /demo/clock`.
pub async fn show(ctx: Ctx) -> Response {
    clock_page(&ctx, None, None)
}

fn clock_page(ctx: &Ctx, written: Option<&str>, wrong: Option<&str>) -> Response {
    let Some(demo) = &ctx.portal.settings.demo else { return answers::missing(ctx) };
    let now = civil(demo.clock.now());
    let standing = now.strftime("%Y-%m-%dT%H:%M").to_string();
    let title = ctx.t("clock-title");
    let described = if wrong.is_some() { "to-help to-wrong" } else { "to-help" };
    let body = html! {
        h1 { (title) }
        p { (ctx.t("clock-now")) " " strong { (moment(ctx.language, demo.clock.now())) } }
        p { (ctx.t("clock-what")) }
        form.stack method="post" action=(routes::CLOCK) novalidate {
            div.field {
                label for="to" { (ctx.t("clock-to")) }
                p.help #to-help { (ctx.t("clock-to-help")) }
                @if let Some(wrong) = wrong { p.wrong #to-wrong role="alert" { (wrong) } }
                input #to name="to" type="datetime-local" min=(standing) value=(written.unwrap_or(&standing))
                    aria-required="true" aria-describedby=(described) aria-invalid=[wrong.map(|_| "true")];
            }
            div.actions { button type="submit" { (ctx.t("clock-move")) } }
        }
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_with(ctx, status, &title, body)
}

/// `POST /demo/clock` with `to`, Swedish time.
pub async fn move_to(Open { ctx, fields }: Open) -> Response {
    let Some(demo) = &ctx.portal.settings.demo else { return answers::missing(&ctx) };
    let written = fields.get("to").unwrap_or("");
    let Some(to) = written.replace(' ', "T").parse::<DateTime>().ok().and_then(countable) else {
        return clock_page(&ctx, None, Some(&ctx.t("clock-no-time")));
    };
    match demo.clock.move_to(to) {
        Ok(()) => Redirect::to(routes::CLOCK).into_response(),
        Err(why) => clock_page(&ctx, Some(written), Some(&why)),
    }
}
