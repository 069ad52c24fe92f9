//! Log-in, log-out and the choice of language. A wrong log-in is told in one sentence that does not say what was wrong.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Extension, Query};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::ctx::{Ctx, SESSION_COOKIE, cookie_name, cookie_value, set_cookie};
use crate::form::{Open, local, same};
use crate::frame::{page, page_with};
use crate::pages::answers;
use crate::seams::{Cookie, LogInNo};

/// How long a chosen language is remembered: a year.
const LANGUAGE_SECONDS: u64 = 31_536_000;

/// Where to go on to.
#[derive(Deserialize)]
pub struct LogInQuery {
    next: Option<String>,
}

/// `GET /login`.
pub async fn form(ctx: Ctx, Query(query): Query<LogInQuery>) -> Response {
    let next = local(query.next.as_deref()).to_owned();
    page(&ctx, &ctx.t("login-title"), log_in_form(&ctx, &next, "", None))
}

fn log_in_form(ctx: &Ctx, next: &str, login: &str, wrong: Option<&str>) -> Markup {
    let invalid = wrong.map(|_| "true");
    let described = wrong.map(|_| "log-in-wrong");
    html! {
        h1 { (ctx.t("login-title")) }
        @if let Some(wrong) = wrong {
            div.problems role="alert" { p #log-in-wrong { (ctx.t(wrong)) } }
        }
        form.stack method="post" action="/login" novalidate {
            input type="hidden" name="next" value=(next);
            div.field {
                label for="login" { (ctx.t("login-name")) }
                input #login name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
                    aria-required="true" value=(login) aria-invalid=[invalid] aria-describedby=[described];
            }
            div.field {
                label for="password" { (ctx.t("login-password")) }
                input #password name="password" type="password" autocomplete="current-password" aria-required="true"
                    aria-invalid=[invalid] aria-describedby=[described];
            }
            div.field {
                label for="code" { (ctx.t("login-code")) " " small { (ctx.t("service-optional")) } }
                p.help #code-help { (ctx.t("login-code-help")) }
                input.short #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                    aria-describedby="code-help";
            }
            div.actions { button type="submit" { (ctx.t("frame-log-in")) } }
        }
        p { (ctx.t("login-personal")) }
    }
}

/// `POST /login`. The address of the connection is what attempts are counted by.
pub async fn log_in(from: Option<Extension<ConnectInfo<SocketAddr>>>, Open { ctx, fields }: Open) -> Response {
    let from = from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Extension(ConnectInfo(address))| address.ip());
    let login = fields.get("login").unwrap_or("");
    let password = Zeroizing::new(fields.raw("password").unwrap_or("").to_owned());
    let code = fields.get("code").map(|code| Zeroizing::new(code.replace(' ', "")));
    let next = local(fields.get("next"));
    match ctx.portal.access.log_in(from, login, password, code).await {
        Ok(cookie) => entered(&ctx, &cookie, next),
        Err(LogInNo::Wrong) => again(&ctx, StatusCode::UNAUTHORIZED, next, login, "login-wrong"),
        Err(LogInNo::CodeNeeded) => again(&ctx, StatusCode::UNAUTHORIZED, next, login, "login-code-needed"),
        Err(no) => refused(&ctx, &no),
    }
}

fn again(ctx: &Ctx, status: StatusCode, next: &str, login: &str, wrong: &str) -> Response {
    page_with(ctx, status, &ctx.t("login-title"), log_in_form(ctx, next, login, Some(wrong)))
}

/// Too many attempts, or the world did not cooperate.
pub(crate) fn refused(ctx: &Ctx, no: &LogInNo) -> Response {
    match no {
        LogInNo::TooMany { retry_seconds } => {
            let title = ctx.t("login-too-many");
            let minutes = retry_seconds.div_ceil(60);
            let body = html! {
                h1 { (title) }
                p { (ctx.t_with("login-too-many-what", &[("minutes", minutes.into())])) }
            };
            let mut response = page_with(ctx, StatusCode::TOO_MANY_REQUESTS, &title, body);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_seconds));
            response
        }
        LogInNo::Unavailable(why) => {
            tracing::error!(%why, "a log-in could not be answered");
            answers::page_of(ctx, StatusCode::SERVICE_UNAVAILABLE, "answer-unavailable")
        }
        LogInNo::Wrong | LogInNo::CodeNeeded => answers::page_of(ctx, StatusCode::FORBIDDEN, "answer-session-ended"),
    }
}

/// Goes on with a new session. A person goes home unless `next` says where.
pub(crate) fn entered(ctx: &Ctx, cookie: &Cookie, next: &str) -> Response {
    let secure = ctx.portal.settings.secure_cookies;
    let to = if next == "/" { home_of(ctx, cookie) } else { next.to_owned() };
    let mut response = Redirect::to(&to).into_response();
    add_cookie(&mut response, &set_cookie(SESSION_COOKIE, Some(&cookie.0), None, secure));
    response
}

fn home_of(ctx: &Ctx, cookie: &Cookie) -> String {
    let me = ctx.portal.access.session(&cookie.0);
    let home = me.and_then(|me| ctx.portal.agreements.customer(&me.home));
    home.map_or_else(|| "/".to_owned(), |home| format!("/{}/", home.service))
}

/// `POST /logout`. The token is asked for in every service, so this takes the form of whoever is signed in.
pub async fn log_out(headers: HeaderMap, Open { ctx, fields }: Open) -> Response {
    let Some(me) = &ctx.me else { return Redirect::to("/").into_response() };
    if !same(fields.raw("csrf").unwrap_or(""), &me.csrf) {
        return answers::page_of(&ctx, StatusCode::FORBIDDEN, "answer-form-expired");
    }
    let secure = ctx.portal.settings.secure_cookies;
    let cookie = cookie_value(&headers, &cookie_name(SESSION_COOKIE, secure)).unwrap_or("");
    if let Err(no) = ctx.portal.access.log_out(cookie).await {
        return refused(&ctx, &no);
    }
    let mut response = Redirect::to("/").into_response();
    add_cookie(&mut response, &set_cookie(SESSION_COOKIE, None, None, secure));
    response
}

/// `POST /language`: remembers the choice and goes back to where it was made.
pub async fn language(Open { ctx, fields }: Open) -> Response {
    let next = local(fields.get("next"));
    let mut response = Redirect::to(next).into_response();
    if let Some(language @ ("sv" | "en")) = fields.get("lang") {
        let secure = ctx.portal.settings.secure_cookies;
        add_cookie(&mut response, &set_cookie("lang", Some(language), Some(LANGUAGE_SECONDS), secure));
    }
    response
}

/// Adds a `Set-Cookie`. A value that cannot stand in a header is left out; ours are hexadecimal digits and words.
pub(crate) fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
