//! The frame of every page: head, skip link, header with who is signed in as what, navigation by role, footer with language
//! and the demo's clock. And the small pieces that recur: the link to a clause, the token of a form.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use terms::{ClauseId, Language, Verb};

use crate::ctx::Ctx;
use crate::moment::moment;
use crate::seams::SignedIn;
use crate::{hint, routes};

/// A full page with status 200. `body` begins with the `h1`.
#[must_use]
pub fn page(ctx: &Ctx, title: &str, body: Markup) -> Response {
    page_with(ctx, StatusCode::OK, title, body)
}

/// A full page with another status.
#[must_use]
pub fn page_with(ctx: &Ctx, status: StatusCode, title: &str, body: Markup) -> Response {
    let service = ctx.shop.as_ref().map_or("Betrodd", |shop| shop.kinds.label.text(ctx.language));
    let document = html! {
        (DOCTYPE)
        html lang=(ctx.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · " (service) }
                link rel="stylesheet" href=(routes::STYLE);
                link rel="icon" href=(routes::ICON) type="image/svg+xml";
            }
            body {
                a.skip href="#main" { (ctx.t("frame-skip")) }
                (header(ctx, service))
                main #main tabindex="-1" { (body) }
                (footer(ctx))
            }
        }
    };
    (status, document).into_response()
}

/// A link to a clause of the agreement of the customer in view: «punkt 3.2».
#[must_use]
pub fn clause(ctx: &Ctx, id: &ClauseId) -> Markup {
    let Some(agreement) = &ctx.agreement else {
        return html! { span.clause { (id.as_str()) } };
    };
    let found = agreement.clause(id);
    let titled = found.map(|clause| clause.title.clone());
    let text = match found {
        Some(clause) if clause.number.is_empty() => clause.title.clone(),
        _ => ctx.t_with("clause", &[("number", agreement.number(id).into())]),
    };
    html! { a.clause href=(clause_address(ctx, id)) title=[titled] { (text) } }
}

/// Where a clause stands on the agreement's page.
#[must_use]
pub fn clause_address(ctx: &Ctx, id: &ClauseId) -> String {
    format!("/{}/{}#{id}", ctx.service_path(), routes::AGREEMENT)
}

/// The hidden token that every posted form carries.
#[must_use]
pub fn csrf(ctx: &Ctx) -> Markup {
    html! { @if let Some(me) = &ctx.me { input type="hidden" name="csrf" value=(me.csrf); } }
}

fn header(ctx: &Ctx, service: &str) -> Markup {
    let home = match &ctx.home {
        Some(home) if ctx.me.is_some() => format!("/{}/", home.service),
        _ => "/".to_owned(),
    };
    html! {
        header.top {
            div.bar {
                a.brand href=(home) { (service) @if service != "Betrodd" { small { " Betrodd" } } }
                @if let Some(me) = &ctx.me {
                    div.who {
                        p {
                            @if let Some(name) = name_of(ctx, me) { strong { (name) } " · " }
                            @if ctx.mine() { (ctx.role().map_or(me.role.as_str(), |role| role.label.text(ctx.language))) " · " }
                            @if let Some(home) = &ctx.home { (home.name) }
                        }
                        @if ctx.mine() {
                            p { a href=(format!("/{}/{}", ctx.service_path(), routes::ACCOUNT)) { (ctx.t("account-title")) } }
                        }
                        form method="post" action="/logout" {
                            (csrf(ctx))
                            button.quiet type="submit" { (ctx.t("frame-log-out")) }
                        }
                    }
                } @else {
                    a href="/login" { (ctx.t("frame-log-in")) }
                }
            }
            (case_bar(ctx))
            @if ctx.shop.is_some() { (navigation(ctx)) }
        }
    }
}

/// The name of who is signed in. It is known without opening anything only of the made-up persons of a demo folder.
fn name_of<'c>(ctx: &'c Ctx, me: &SignedIn) -> Option<&'c str> {
    let demo = ctx.portal.settings.demo.as_ref()?;
    demo.persons.iter().find(|person| person.person == me.actor).map(|person| person.name.as_str())
}

/// For a person of the provider: whose data is in view, in which case and why, and the way out of it.
fn case_bar(ctx: &Ctx) -> Markup {
    let Some(work) = &ctx.work else { return html! {} };
    let customer = ctx.customer().map_or_else(|| ctx.t("frame-unknown-customer"), |customer| customer.name);
    let purpose = purpose_label(ctx, &work.purpose);
    let in_case = [("case", work.case.short().into()), ("customer", customer.into()), ("purpose", purpose.into())];
    html! {
        div.case role="status" {
            p { (ctx.t_with("frame-in-case", &in_case)) }
            a href=(format!("/{}/{}", ctx.service_path(), routes::DESK)) { (ctx.t("frame-leave-case")) }
        }
    }
}

/// What the agreement calls a purpose; a word that it does not know is shown as it is.
#[must_use]
pub fn purpose_label(ctx: &Ctx, purpose: &terms::Purpose) -> String {
    let term = ctx.agreement.as_ref().and_then(|a| a.purposes().iter().find(|term| term.id == *purpose).cloned());
    term.map_or_else(|| purpose.to_string(), |term| term.label.text(ctx.language).to_owned())
}

/// One entry of the navigation.
pub struct Link {
    /// Where to.
    pub to: String,
    /// What it is called.
    pub text: String,
}

/// Where the signed-in person can go, by role, as the agreement has it; the public pages for everybody.
#[must_use]
pub fn links(ctx: &Ctx) -> Vec<Link> {
    let Some(shop) = &ctx.shop else { return Vec::new() };
    let service = &shop.kinds.service;
    let mut links = Vec::new();
    let mut add = |path: &str, text: String| links.push(Link { to: format!("/{service}/{path}"), text });
    let me = ctx.me.as_ref().filter(|_| ctx.mine());
    if let (Some(me), Some(agreement)) = (me, &ctx.agreement) {
        // The page of cases is for the agreement's first; records of another are listed like all others.
        let first = agreement.cases().iter().find_map(|case| shop.kinds.kind(&case.kind));
        let holds_cases = |kind: &service::Kind| first.is_some_and(|first| first.name == kind.name);
        if me.provider {
            add(routes::DESK, ctx.t("frame-desk"));
            if ctx.gives_accounts() {
                add(routes::ACCOUNTS, ctx.t("accounts-title"));
                add(routes::NOTICES, ctx.t("notices-title"));
                if ctx.portal.house.is_some() {
                    add(routes::CONFIRM, ctx.t("confirm-title"));
                }
                if ctx.portal.operations.is_some() {
                    add(routes::OPERATIONS, ctx.t("operations-title"));
                }
            }
        }
        if !me.provider {
            for kind in shop.kinds.kinds.iter().filter(|kind| kind.parent.is_none()) {
                if !holds_cases(kind) && hint::may_any(agreement, &me.role, Verb::Consult, kind, None) {
                    // Within a case every address names case and purpose, so that two open pages never mix two customers.
                    let within =
                        ctx.work.as_ref().map(|work| format!("{}/{}/{}/", routes::DESK, work.case, work.purpose));
                    add(
                        &format!("{}{}", within.unwrap_or_default(), kind.path),
                        kind.plural.text(ctx.language).to_owned(),
                    );
                }
            }
        }
        if !crate::views::open_to(ctx).is_empty() {
            add(routes::VIEWS, ctx.t("frame-views"));
        }
        if !me.provider {
            let opens = shop.kinds.kinds.iter().filter(|kind| holds_cases(kind));
            if opens.into_iter().any(|kind| hint::may_any(agreement, &me.role, Verb::Consult, kind, None)) {
                add(routes::CASES, ctx.t("frame-cases"));
            }
            if agreement.logging().is_some_and(|logging| logging.shown_to.contains(&me.role)) {
                add(routes::WHO_LOOKED, ctx.t("frame-who-looked"));
            }
            if crate::pages::data_quality::is_open_to(ctx) {
                add(routes::QUALITY, ctx.t("quality-title"));
            }
            if ctx.is_subject() {
                add(routes::CONSENT, ctx.t("consent-title"));
            }
            if shop.kinds.kinds.iter().any(|kind| hint::may_any(agreement, &me.role, Verb::Erase, kind, None)) {
                add(routes::ERASURES, ctx.t("erasures-title"));
            }
            if crate::pages::figures::is_open_to(ctx) {
                add(routes::FIGURES, ctx.t("figures-title"));
            }
            if shop.kinds.kinds.iter().any(|kind| hint::may_any(agreement, &me.role, Verb::Hold, kind, None)) {
                add(routes::HOLDS, ctx.t("holds-title"));
            }
            if ctx.administers() {
                add(routes::ADMINISTRATION, ctx.t("frame-administration"));
            }
        }
    }
    add(routes::AGREEMENT, ctx.t("frame-agreement"));
    add(routes::SUBPROCESSORS, ctx.t("frame-subprocessors"));
    links
}

fn navigation(ctx: &Ctx) -> Markup {
    let path = ctx.here.split('?').next().unwrap_or("");
    let inside = |to: &str| path == to || path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'));
    html! {
        nav aria-label=(ctx.t("frame-navigation")) {
            ul {
                @for link in links(ctx) {
                    @let current = if path == link.to { Some("page") } else { inside(&link.to).then_some("true") };
                    li { a href=(link.to) aria-current=[current] { (link.text) } }
                }
            }
        }
    }
}

fn footer(ctx: &Ctx) -> Markup {
    let (other, name) = match ctx.language {
        Language::Sv => (Language::En, "English"),
        Language::En => (Language::Sv, "Svenska"),
    };
    html! {
        footer {
            form method="post" action="/language" {
                input type="hidden" name="lang" value=(other.tag());
                input type="hidden" name="next" value=(ctx.here);
                button.quiet type="submit" lang=(other.tag()) { (name) }
            }
            @if let Some(demo) = &ctx.portal.settings.demo {
                p {
                    (ctx.t("frame-demo")) " "
                    a href=(routes::CLOCK) { (ctx.t("frame-clock")) " " (moment(ctx.language, demo.clock.now())) }
                    " · " a href="/" { (ctx.t("frame-change-person")) }
                }
            }
            p { "Betrodd · " (ctx.t("frame-promise")) }
        }
    }
}
