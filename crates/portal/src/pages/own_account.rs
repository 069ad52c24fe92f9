//! One's own account: another password, and the keys with which programs act for oneself. Administrators see and end all keys of
//! their organisation.

use access::{ApiKey, ChangeAccountNo, KeyNo, MAX_KEY_DAYS};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use maud::{Markup, html};
use zeroize::Zeroizing;

use crate::ctx::{SESSION_COOKIE, Signed, cookie_name, cookie_value};
use crate::form::Posted;
use crate::frame::{csrf, page, page_with};
use crate::moment::moment;
use crate::pages::login::refused;
use crate::pages::{administration, answers};
use crate::routes;
use crate::seams::LogInNo;

/// How long a key runs where nothing else is chosen, in days.
const USUAL_DAYS: u32 = 90;

/// `GET /{service}/konto`.
pub async fn page_of(signed: Signed) -> Response {
    show(&signed, StatusCode::OK, None, false)
}

fn show(signed: &Signed, status: StatusCode, wrong: Option<&str>, done: bool) -> Response {
    let title = signed.t("account-title");
    let body = html! {
        h1 { (title) }
        @if done { div.notice role="status" { p { (signed.t("account-password-changed")) } } }
        @if let Some(wrong) = wrong { div.problems role="alert" { p #password-wrong { (signed.t(wrong)) } } }
        p { a href=(format!("/{}/{}", signed.service_path(), routes::KEYS)) { (signed.t("keys-title")) } }
        h2 { (signed.t("account-password")) }
        p { (signed.t("account-password-what")) }
        form.stack method="post" action=(format!("/{}/{}", signed.service_path(), routes::ACCOUNT)) novalidate {
            (csrf(signed))
            @for (name, key, complete) in [
                ("present", "account-present", "current-password"),
                ("new", "account-new", "new-password"),
                ("again", "invitation-again", "new-password"),
            ] {
                div.field {
                    label for=(name) { (signed.t(key)) }
                    input id=(name) name=(name) type="password" autocomplete=(complete) aria-required="true"
                        aria-describedby=[wrong.map(|_| "password-wrong")];
                }
            }
            p.help { (signed.t("invitation-password-help")) }
            div.actions { button type="submit" { (signed.t("account-change-password")) } }
        }
    };
    page_with(signed, status, &title, body)
}

/// `POST /{service}/konto`: another password.
pub async fn change_password(headers: HeaderMap, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(people) = &signed.portal.people else { return answers::missing(&signed) };
    let value = |name: &str| Zeroizing::new(fields.raw(name).unwrap_or("").to_owned());
    let wrong = |key: &str| show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(key), false);
    if value("new") != value("again") {
        return wrong("invitation-not-the-same");
    }
    let name = cookie_name(SESSION_COOKIE, signed.portal.settings.secure_cookies);
    let cookie = cookie_value(&headers, &name).unwrap_or("");
    match people.change_password(signed.me.actor, cookie, value("present"), value("new")).await {
        Ok(()) => show(&signed, StatusCode::OK, None, true),
        Err(ChangeAccountNo::Wrong) => wrong("account-wrong"),
        Err(ChangeAccountNo::Password) => wrong("invitation-wrong-password"),
        Err(ChangeAccountNo::TooMany { retry_seconds }) => refused(&signed, &LogInNo::TooMany { retry_seconds }),
        Err(no) => refused(&signed, &LogInNo::Unavailable(no.to_string())),
    }
}

/// `GET /{service}/nycklar`.
pub async fn keys(signed: Signed) -> Response {
    show_keys(&signed, StatusCode::OK, None, None)
}

fn show_keys(signed: &Signed, status: StatusCode, wrong: Option<&str>, made: Option<&str>) -> Response {
    let Some(people) = &signed.portal.people else { return answers::missing(signed) };
    let Ok(all) = people.keys(&signed.me.home) else {
        return answers::page_of(signed, StatusCode::SERVICE_UNAVAILABLE, "answer-unavailable");
    };
    let all_seen = signed.gives_accounts();
    let seen: Vec<&ApiKey> = all.iter().filter(|key| all_seen || key.person == signed.me.actor).collect();
    let title = signed.t("keys-title");
    let body = html! {
        h1 { (title) }
        @if let Some(wrong) = wrong { div.problems role="alert" { p #key-wrong { (signed.t(wrong)) } } }
        @if let Some(made) = made {
            div.notice role="status" {
                p { (signed.t("keys-made")) }
                div.field {
                    label for="made" { (signed.t("keys-key")) }
                    input #made type="text" readonly value=(made) autocomplete="off";
                }
            }
        }
        p { (signed.t("keys-lead")) }
        p { code { "Authorization: Bearer bk_…" } }
        @if seen.is_empty() { p { (signed.t("keys-none")) } } @else { (keys_table(signed, &seen)) }
        h2 { (signed.t("keys-new")) }
        form.stack method="post" action=(format!("/{}/{}", signed.service_path(), routes::KEYS)) novalidate {
            (csrf(signed))
            div.field {
                label for="name" { (signed.t("keys-name")) }
                p.help #name-help { (signed.t("keys-name-help")) }
                input #name name="name" type="text" maxlength="64" autocapitalize="none" autocomplete="off" spellcheck="false"
                    aria-required="true" aria-describedby="name-help";
            }
            div.field {
                label for="days" { (signed.t("keys-days")) }
                p.help #days-help { (signed.t_with("keys-days-help", &[("most", MAX_KEY_DAYS.into())])) }
                input.short #days name="days" type="text" inputmode="numeric" value=(USUAL_DAYS) aria-describedby="days-help";
            }
            div.actions { button type="submit" { (signed.t("keys-make")) } }
        }
    };
    page_with(signed, status, &title, body)
}

fn keys_table(signed: &Signed, keys: &[&ApiKey]) -> Markup {
    let (language, now) = (signed.language, signed.now());
    html! {
        div.scroll {
            table.cards {
                caption { (signed.t("keys-caption")) }
                thead {
                    tr {
                        @for key in ["keys-name", "keys-ends", "keys-used", "keys-state"] { th scope="col" { (signed.t(key)) } }
                    }
                }
                tbody {
                    @for key in keys {
                        tr {
                            th scope="row" {
                                (key.name.as_str()) " " code { "bk_" (HEXLOWER.encode(&key.id).get(..8).unwrap_or("")) "…" }
                                @if key.person != signed.me.actor { " " span.tag { (signed.t("keys-others")) } }
                            }
                            td data-label=(signed.t("keys-ends")) { (moment(language, key.ends)) }
                            td data-label=(signed.t("keys-used")) {
                                @match key.used { Some(used) => (moment(language, used)), None => (signed.t("keys-never")) }
                            }
                            td data-label=(signed.t("keys-state")) {
                                @if key.ended.is_some() || key.ends <= now { (signed.t("keys-over")) } @else {
                                    form method="post" action=(format!("/{}/{}/{}/dra-in", signed.service_path(), routes::KEYS, HEXLOWER.encode(&key.id))) {
                                        (csrf(signed))
                                        button.quiet type="submit" { (signed.t_with("keys-end", &[("name", key.name.as_str().into())])) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /{service}/nycklar`: a new key, shown once.
pub async fn make_key(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(people) = &signed.portal.people else { return answers::missing(&signed) };
    let days = fields.get("days").and_then(|days| days.parse().ok()).unwrap_or(0);
    let wrong = |key: &str| show_keys(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(key), None);
    match people.make_key(signed.me.actor, fields.get("name").unwrap_or(""), days).await {
        Ok(key) => show_keys(&signed, StatusCode::OK, None, Some(&key)),
        Err(KeyNo::Name) => wrong("keys-wrong-name"),
        Err(KeyNo::Days) => wrong("keys-wrong-days"),
        Err(KeyNo::TooMany) => wrong("keys-too-many"),
        Err(no) => refused(&signed, &LogInNo::Unavailable(no.to_string())),
    }
}

/// `POST /{service}/nycklar/{key}/dra-in`: the end of a key.
pub async fn end_key(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let signed = posted.signed;
    let id = HEXLOWER.decode(id.as_bytes()).ok().and_then(|id| <[u8; 16]>::try_from(id).ok());
    let (Some(people), Some(id)) = (&signed.portal.people, id) else { return answers::missing(&signed) };
    match people.end_key(signed.me.actor, id).await {
        Ok(()) => Redirect::to(&format!("/{}/{}", signed.service_path(), routes::KEYS)).into_response(),
        Err(KeyNo::NotAdministrator) => administration::only_administrators(&signed),
        Err(KeyNo::Unavailable(why)) => refused(&signed, &LogInNo::Unavailable(why)),
        Err(_) => answers::missing(&signed),
    }
}

/// A small page for the answer after the session has ended, when a form was sent: what was written is given back, and kept
/// nowhere.
pub(crate) fn given_back(ctx: &crate::ctx::Ctx, written: &[(String, String)]) -> Response {
    let title = ctx.t("answer-session-ended");
    let body = html! {
        h1 { (title) }
        p { (ctx.t("answer-session-ended-what")) }
        @if !written.is_empty() {
            p { (ctx.t("answer-given-back")) }
            @for (at, (name, text)) in written.iter().enumerate() {
                div.field {
                    label for=(format!("back-{at}")) { (name) }
                    textarea id=(format!("back-{at}")) readonly rows="4" { "\n" (text) }
                }
            }
        }
        p { a href="/login" { (ctx.t("frame-log-in")) } }
    };
    let mut response = page(ctx, &title, body);
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response
}
