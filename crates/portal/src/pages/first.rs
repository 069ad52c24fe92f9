//! The very first page. In a demo folder: what this is in three sentences, and one click to enter as each person. Elsewhere the
//! way to log in.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use terms::{Language, PersonId};

use crate::ctx::Ctx;
use crate::form::Open;
use crate::frame::page;
use crate::pages::{answers, login, same_event};
use crate::routes;
use crate::state::{Demo, DemoPerson, Shop};

/// The three sentences that say what this is; a program's terminal says the same.
const SENTENCES: [&str; 3] = ["first-what", "first-how", "first-demo"];

/// What the first page says, for a terminal.
#[must_use]
pub fn introduction(language: Language) -> Vec<String> {
    SENTENCES.iter().map(|key| crate::words::t(language, key)).collect()
}

/// `GET /`.
pub async fn first(ctx: Ctx) -> Response {
    let Some(demo) = &ctx.portal.settings.demo else {
        let to = ctx.home.as_ref().map_or_else(|| "/login".to_owned(), |home| format!("/{}/", home.service));
        return Redirect::to(&to).into_response();
    };
    let body = html! {
        h1 { (ctx.t("first-title")) }
        p { @for key in SENTENCES { (ctx.t(key)) " " } }
        section {
            h2 { (ctx.t("first-services")) }
            @for (place, (shop, persons)) in services(&ctx, demo).into_iter().enumerate() {
                (service(&ctx, &shop, &persons, place == 0))
            }
        }
        (same_event::section(&ctx))
        section aria-labelledby="first-read" {
            h2 #first-read { (ctx.t("first-read")) }
            p { (ctx.t("first-read-what")) " " a href=(routes::READ) { (ctx.t("first-to-read")) } }
        }
        (public_pages(&ctx))
        (real_log_in(&ctx, demo))
        h2 { (ctx.t("clock-title")) }
        p { a href=(routes::CLOCK) { (ctx.t("first-clock")) } }
    };
    page(&ctx, &ctx.t("first-title"), body)
}

/// The services with their people; first the one with the most, where there is most to see.
fn services<'d>(ctx: &Ctx, demo: &'d Demo) -> Vec<(Arc<Shop>, Vec<&'d DemoPerson>)> {
    let persons = |shop: &Shop| demo.persons.iter().filter(|person| person.service == shop.kinds.service).collect();
    let shops = ctx.portal.services.iter();
    let mut all: Vec<(Arc<Shop>, Vec<&DemoPerson>)> = shops.map(|shop| (Arc::clone(shop), persons(shop))).collect();
    all.retain(|(_, persons)| !persons.is_empty());
    all.sort_by_key(|(_, persons)| core::cmp::Reverse(persons.len()));
    all
}

/// One service: what it is for in a line, and its people when it is unfolded.
fn service(ctx: &Ctx, shop: &Shop, persons: &[&DemoPerson], open: bool) -> Markup {
    html! {
        details.service open[open] {
            summary {
                strong { (shop.kinds.label.text(ctx.language)) } ": " (shop.kinds.about.text(ctx.language)) " "
                small { (ctx.t_with("first-people", &[("count", persons.len().into())])) }
            }
            @for (side, provider) in [("first-customers", false), ("first-provider", true)] {
                @for organisation in organisations(persons, provider) {
                    h3 { (organisation) " " small { (ctx.t(side)) } }
                    ul.persons {
                        @for person in persons.iter().filter(|p| p.provider == provider && p.organisation == organisation) {
                            (person_card(ctx, person))
                        }
                    }
                }
            }
        }
    }
}

/// The organisations of one side, in the order of the persons, each once.
fn organisations<'p>(persons: &[&'p DemoPerson], provider: bool) -> Vec<&'p str> {
    let mut names: Vec<&str> = Vec::new();
    for person in persons.iter().filter(|person| person.provider == provider) {
        if !names.contains(&person.organisation.as_str()) {
            names.push(&person.organisation);
        }
    }
    names
}

fn person_card(ctx: &Ctx, person: &DemoPerson) -> Markup {
    let enter = ctx.t_with("first-enter", &[("name", person.name.clone().into())]);
    html! {
        li {
            h4 { (person.name) }
            p { (person.role.text(ctx.language)) }
            p.help { (person.what_to_try.text(ctx.language)) }
            form method="post" action="/demo/enter" {
                input type="hidden" name="person" value=(person.person);
                button type="submit" { (enter) }
            }
        }
    }
}

fn public_pages(ctx: &Ctx) -> Markup {
    html! {
        h2 { (ctx.t("first-public")) }
        ul {
            @for shop in &ctx.portal.services {
                @let service = &shop.kinds.service;
                @let name = shop.kinds.label.text(ctx.language);
                li {
                    (name) ": "
                    a href=(format!("/{service}/{}", routes::AGREEMENT)) { (ctx.t("frame-agreement")) } " · "
                    a href=(format!("/{service}/{}", routes::SUBPROCESSORS)) { (ctx.t("frame-subprocessors")) }
                }
            }
        }
    }
}

fn real_log_in(ctx: &Ctx, demo: &Demo) -> Markup {
    html! {
        h2 { (ctx.t("first-real")) }
        p { (ctx.t("first-real-what")) " " a href="/login" { (ctx.t("first-to-login")) } }
        details {
            summary { (ctx.t("first-passwords")) }
            div.scroll {
                table.cards {
                    caption { (ctx.t("first-passwords-caption")) }
                    thead {
                        tr {
                            th scope="col" { (ctx.t("first-person")) }
                            th scope="col" { (ctx.t("login-name")) }
                            th scope="col" { (ctx.t("login-password")) }
                            th scope="col" { (ctx.t("first-totp")) }
                        }
                    }
                    tbody {
                        @for person in &demo.persons {
                            tr {
                                th scope="row" { (person.name) }
                                td data-label=(ctx.t("login-name")) { code { (person.login) } }
                                td data-label=(ctx.t("login-password")) { code { (person.password) } }
                                td data-label=(ctx.t("first-totp")) {
                                    @match &person.totp { Some(secret) => code { (secret) }, None => "–" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /demo/enter` with `person`: in a demo folder only, and the entrance refuses elsewhere once more.
pub async fn enter(Open { ctx, fields }: Open) -> Response {
    let Some(demo) = &ctx.portal.settings.demo else { return answers::missing(&ctx) };
    let person = fields.get("person").and_then(|text| text.parse::<PersonId>().ok());
    let Some(person) = person.filter(|id| demo.persons.iter().any(|person| person.person == *id)) else {
        return answers::missing(&ctx);
    };
    match ctx.portal.access.enter_demo(person).await {
        Ok(cookie) => login::entered(&ctx, &cookie, "/"),
        Err(no) => login::refused(&ctx, &no),
    }
}
