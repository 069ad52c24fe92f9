//! The first page of somebody who is signed in: who one is here, what waits, where one can go.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::Page;
use terms::Verb;

use crate::ctx::{Ctx, Signed};
use crate::frame::{links, page};
use crate::html;
use crate::routes;

/// `GET /{service}/`.
pub async fn home(signed: Signed) -> Response {
    let language = signed.language;
    let role = signed.role().map_or_else(|| signed.me.role.to_string(), |role| role.label.text(language).to_owned());
    let at = signed.home.as_ref().map_or_else(String::new, |home| home.name.clone());
    let waiting = if signed.me.provider {
        html! {}
    } else {
        open_cases(&signed).await
    };
    let own = own(&signed).await;
    let pinned = crate::pages::notices::pinned(&signed).await;
    let title = signed.t_with("home-title", &[("role", role.into()), ("at", at.into())]);
    let shop = signed.shop.clone();
    let body = html! {
        h1 { (title) }
        @if let Some(shop) = &shop { p { (shop.kinds.about.text(language)) } }
        (pinned)
        (to_try(&signed))
        @if signed.me.provider {
            div.notice {
                h2 { (signed.t("home-provider")) }
                p { (signed.t("home-provider-what")) }
                p { a.button href=(format!("/{}/{}", signed.service_path(), routes::DESK)) { (signed.t("frame-desk")) } }
            }
        }
        (waiting)
        @if reminds(&signed) { p { a href=(format!("/{}/{}", signed.service_path(), routes::SOON)) { (signed.t("soon-title")) } } }
        (own)
        h2 { (signed.t("home-go")) }
        ul { @for link in links(&signed) { li { a href=(link.to) { (link.text) } } } }
    };
    page(&signed, &signed.t("home-page"), body)
}

/// `GET /{service}` without the slash.
pub async fn to_home(ctx: Ctx) -> Response {
    match &ctx.shop {
        Some(shop) => Redirect::permanent(&format!("/{}/", shop.kinds.service)).into_response(),
        None => crate::pages::answers::missing(&ctx),
    }
}

/// Whether some kind that this person may see has days to be reminded of.
fn reminds(signed: &Signed) -> bool {
    let kinds = signed.shop.iter().flat_map(|shop| &shop.kinds.kinds);
    let has = |kind: &service::Kind| kind.fields.iter().any(|field| field.remind.is_some());
    !signed.me.provider && kinds.into_iter().any(|kind| has(kind) && signed.may(Verb::Consult, kind))
}

/// For a data subject: the own file, who has read it, and the own consent.
async fn own(signed: &Signed) -> Markup {
    let record = signed.is_subject().then(|| crate::pages::consent::own_record(signed)).flatten();
    let (Some(record), Some(shop)) = (record, &signed.shop) else { return html! {} };
    let mut address = None;
    for kind in shop.kinds.kinds.iter().filter(|kind| kind.of == service::Of::Itself && kind.parent.is_none()) {
        if !signed.may(Verb::Consult, kind) {
            continue;
        }
        let Some(asked) = signed.asked(Verb::Consult, kind) else { continue };
        if signed.portal.door.consult(&asked, &kind.name, record).await.is_ok() {
            address = Some(format!("/{}/{}/{record}", shop.kinds.service, kind.path));
            break;
        }
    }
    let service = &shop.kinds.service;
    html! {
        h2 { (signed.t("home-own")) }
        p { (signed.t("home-own-what")) }
        ul {
            @if let Some(address) = address { li { a href=(address) { (signed.t("home-own")) } } }
            li { a href=(format!("/{service}/{}", routes::WHO_LOOKED)) { (signed.t("home-own-looked")) } }
            li { a href=(format!("/{service}/{}", routes::CONSENT)) { (signed.t("home-own-consent")) } }
        }
    }
}

/// In a demo folder: what this person is good for trying.
fn to_try(signed: &Signed) -> Markup {
    let persons = signed.portal.settings.demo.as_ref().map(|demo| demo.persons.as_slice()).unwrap_or_default();
    let person = persons.iter().find(|person| person.person == signed.me.actor);
    html! {
        @if let Some(person) = person {
            div.notice {
                h2 { (signed.t("home-try")) }
                p { (person.what_to_try.text(signed.language)) }
            }
        }
    }
}

/// The customer's own open cases, of every kind that the agreement knows.
async fn open_cases(signed: &Signed) -> Markup {
    let (Some(shop), Some(agreement)) = (&signed.shop, &signed.agreement) else { return html! {} };
    let mut parts = Vec::new();
    for case in agreement.cases() {
        let Some(kind) = shop.kinds.kind(&case.kind).filter(|kind| signed.may(Verb::Consult, kind)) else { continue };
        let (Some(open), Some(asked)) = (kind.states.first(), signed.asked(Verb::Consult, kind)) else { continue };
        let mut count = 0;
        let mut page = Page::default();
        while let Ok(listed) = signed.portal.door.list(&asked, &kind.name, None, page).await {
            let heads = html::seen(listed.opened.as_ref()).heads;
            count += heads.iter().filter(|head| head.state.as_deref() == Some(open)).count();
            let Some(next) = listed.next else { break };
            page = Page { after: Some(next), ..page };
        }
        parts.push(html! {
            h2 { (kind.plural.text(signed.language)) }
            p {
                (signed.t_with("home-open-cases", &[("count", count.into())])) " "
                a href=(format!("/{}/{}", shop.kinds.service, routes::CASES)) { (signed.t("home-see-cases")) }
            }
        });
    }
    html! { @for part in parts { (part) } }
}
