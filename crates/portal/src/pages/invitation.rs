//! The link that somebody was invited by: choose what to log in with, and, where the account needs it, set up one-time codes.
//!
//! Not here: what a data subject is asked to accept, which is the page after this one (`consent.rs`).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use access::{AcceptNo, Chosen, Invited, Seed};
use axum::extract::{ConnectInfo, Extension, Path};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use zeroize::Zeroizing;

use crate::ctx::Ctx;
use crate::form::{Fields, Open};
use crate::frame::{page, page_with};
use crate::moment::moment;
use crate::pages::answers;
use crate::pages::login::{entered, refused};
use crate::routes;
use crate::seams::{Cookie, LogInNo};

type From = Option<Extension<ConnectInfo<SocketAddr>>>;

fn address(from: From) -> IpAddr {
    from.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |Extension(ConnectInfo(address))| address.ip())
}

/// `GET /inbjudan/{link}`.
pub async fn form(from: From, ctx: Ctx, Path(link): Path<String>) -> Response {
    let Some(people) = &ctx.portal.people else { return answers::missing(&ctx) };
    match people.invited(address(from), &link) {
        Ok(invited) => {
            let seed = if invited.second_factor { Seed::new().ok().map(|seed| seed.base32()) } else { None };
            let title = ctx.t("invitation-title");
            let seed = seed.as_ref().map(|seed| seed.as_str());
            page(&ctx, &title, body(&ctx, &invited, &link, "", seed, None))
        }
        Err(no) => over(&ctx, &no),
    }
}

fn body(ctx: &Ctx, invited: &Invited, link: &str, login: &str, seed: Option<&str>, wrong: Option<&str>) -> Markup {
    let home = ctx.portal.agreements.customer(&invited.home);
    let agreement = ctx.portal.agreements.at(&invited.home);
    let role = agreement.and_then(|agreement| {
        let term = agreement.roles().iter().find(|term| term.id == invited.role)?;
        Some(term.label.text(ctx.language).to_owned())
    });
    let at = home.as_ref().map_or_else(String::new, |home| home.name.clone());
    let role = role.unwrap_or_else(|| invited.role.to_string());
    let described = wrong.map(|_| "invitation-wrong");
    html! {
        h1 { (ctx.t("invitation-title")) }
        @if let Some(wrong) = wrong { div.problems role="alert" { p #invitation-wrong { (ctx.t(wrong)) } } }
        p { (ctx.t_with("invitation-lead", &[("at", at.into()), ("role", role.into())])) }
        p { (ctx.t("invitation-until")) " " (moment(ctx.language, invited.ends)) "." }
        form.stack method="post" action=(format!("{}/{link}", routes::INVITATION)) novalidate {
            div.field {
                label for="login" { (ctx.t("login-name")) }
                p.help #login-help { (ctx.t("invitation-login-help")) }
                input #login name="login" type="text" autocomplete="username" autocapitalize="none" spellcheck="false"
                    aria-required="true" value=(login) aria-describedby="login-help";
            }
            div.field {
                label for="password" { (ctx.t("login-password")) }
                p.help #password-help { (ctx.t("invitation-password-help")) }
                input #password name="password" type="password" autocomplete="new-password" aria-required="true"
                    aria-invalid=[wrong.map(|_| "true")] aria-describedby="password-help";
            }
            div.field {
                label for="again" { (ctx.t("invitation-again")) }
                input #again name="again" type="password" autocomplete="new-password" aria-required="true"
                    aria-describedby=[described];
            }
            @if let Some(seed) = seed {
                h2 { (ctx.t("invitation-codes")) }
                p { (ctx.t("invitation-codes-what")) }
                p { code { (seed) } }
                input type="hidden" name="seed" value=(seed);
                div.field {
                    label for="code" { (ctx.t("login-code")) }
                    input.short #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code" aria-required="true";
                }
            }
            div.actions { button type="submit" { (ctx.t("invitation-make")) } }
        }
    }
}

/// `POST /inbjudan/{link}`: the account, and the way in.
pub async fn accept(from: From, Path(link): Path<String>, Open { ctx, fields }: Open) -> Response {
    let from = address(from);
    let Some(people) = ctx.portal.people.clone() else { return answers::missing(&ctx) };
    let invited = match people.invited(from, &link) {
        Ok(invited) => invited,
        Err(no) => return over(&ctx, &no),
    };
    let again = |wrong: &str| again(&ctx, &invited, &link, &fields, wrong);
    let password = fields.raw("password").unwrap_or("");
    if password != fields.raw("again").unwrap_or("") {
        return again("invitation-not-the-same");
    }
    let totp = match (invited.second_factor, fields.get("seed").and_then(Seed::from_base32), fields.get("code")) {
        (false, _, _) => None,
        (true, Some(seed), Some(code)) => Some((seed, Zeroizing::new(code.replace(' ', "")))),
        (true, _, _) => return again("invitation-wrong-code"),
    };
    let chosen = Chosen {
        login: Zeroizing::new(fields.get("login").unwrap_or("").to_owned()),
        password: Zeroizing::new(password.to_owned()),
        totp,
    };
    match people.accept_invitation(from, link.clone(), chosen).await {
        Ok(cookie) => {
            let service = ctx.portal.agreements.customer(&invited.home).map(|home| home.service);
            let next = match service {
                Some(service) if invited.subject => format!("/{service}/{}", routes::CONSENT),
                Some(service) => format!("/{service}/"),
                None => "/".to_owned(),
            };
            entered(&ctx, &Cookie(cookie.0), &next)
        }
        Err(AcceptNo::Login) => again("invitation-wrong-login"),
        Err(AcceptNo::LoginTaken) => again("invitation-login-taken"),
        Err(AcceptNo::Password) => again("invitation-wrong-password"),
        Err(AcceptNo::Code) => again("invitation-wrong-code"),
        Err(no) => over(&ctx, &no),
    }
}

fn again(ctx: &Ctx, invited: &Invited, link: &str, fields: &Fields, wrong: &str) -> Response {
    let seed = fields.get("seed").filter(|seed| invited.second_factor && Seed::from_base32(seed).is_some());
    let body = body(ctx, invited, link, fields.get("login").unwrap_or(""), seed, Some(wrong));
    page_with(ctx, StatusCode::UNPROCESSABLE_ENTITY, &ctx.t("invitation-title"), body)
}

fn over(ctx: &Ctx, no: &AcceptNo) -> Response {
    match no {
        AcceptNo::TooMany { retry_seconds } => refused(ctx, &LogInNo::TooMany { retry_seconds: *retry_seconds }),
        AcceptNo::Unavailable(why) => refused(ctx, &LogInNo::Unavailable(why.clone())),
        _ => answers::page_of(ctx, StatusCode::NOT_FOUND, "answer-invitation-over"),
    }
}
