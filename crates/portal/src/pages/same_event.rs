//! One event under the agreement of every service, side by side: who acts, by when with its calculation, by which clause, and
//! *not found* where an agreement is silent. Open to everybody, as the agreements are.
//!
//! The form is a plain one that asks by address, so that a selection can be linked to. What is shown comes from
//! `Agreement::arise` and nothing else.

use agreement::arise::{
    ASKED_EVENTS, Answer, Duty, Event, Named, Row, SideBySide, Standing, compare, duty_lines, event_kind, event_label,
    is_basis, word,
};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::DateTime;
use maud::{Markup, html};
use terms::{Instant, Label, Language};

use crate::ctx::Ctx;
use crate::form::query_value;
use crate::frame::page_with;
use crate::moment::{civil, countable, moment};
use crate::pages::labels::capital;
use crate::routes;

/// `GET /same-event?event=incident&at=2026-12-01T09:00`.
pub async fn page(ctx: Ctx) -> Response {
    let asked = Asked::of(&ctx);
    let title = ctx.t("same-event-title");
    let body = html! {
        h1 { (title) }
        p { (ctx.t("same-event-what")) }
        (form(&ctx, &asked))
        @if let Some(event) = asked.event() { (answers(&ctx, &side_by_side(&ctx, &event))) }
    };
    let status = if asked.wrong.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    page_with(&ctx, status, &title, body)
}

/// The part of the first page: an incident now, in short, and the form to ask about another event.
pub fn section(ctx: &Ctx) -> Markup {
    let asked = Asked { kind: "incident", at: Some(this_minute(ctx)), written: None, wrong: Vec::new() };
    html! {
        section aria-labelledby="same-event" {
            h2 #same-event { (ctx.t("same-event-title")) }
            p { (ctx.t("same-event-what")) }
            (form(ctx, &asked))
            @if let Some(event) = asked.event() {
                @let side = side_by_side(ctx, &event);
                (overview(ctx, &side, 1, "/same-event"))
            }
        }
    }
}

/// What is asked, as the address says it.
struct Asked {
    kind: &'static str,
    at: Option<Instant>,
    /// What was written where a moment should stand.
    written: Option<String>,
    /// Which fields could not be read.
    wrong: Vec<&'static str>,
}

impl Asked {
    fn of(ctx: &Ctx) -> Self {
        let field =
            |name| query_value(&ctx.here, name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let mut asked = Self { kind: "incident", at: Some(this_minute(ctx)), written: field("at"), wrong: Vec::new() };
        if let Some(name) = field("event") {
            match event_kind(&name) {
                Some(kind) => asked.kind = kind,
                None => asked.wrong.push("event"),
            }
        }
        if let Some(written) = &asked.written {
            asked.at = written.replace(' ', "T").parse::<DateTime>().ok().and_then(countable);
            if asked.at.is_none() {
                asked.wrong.push("at");
            }
        }
        asked
    }

    /// Nothing where a field could not be read: an answer about something else would be taken for the one asked for.
    fn event(&self) -> Option<Event> {
        self.at.filter(|_| self.wrong.is_empty()).map(|at| Event::new(self.kind, at))
    }
}

/// The present, as the form can say it.
fn this_minute(ctx: &Ctx) -> Instant {
    let now = ctx.now().micros();
    Instant(now - now.rem_euclid(60_000_000))
}

fn form(ctx: &Ctx, asked: &Asked) -> Markup {
    let wrong = |name: &str| asked.wrong.contains(&name);
    let standing = civil(asked.at.unwrap_or(ctx.now())).strftime("%Y-%m-%dT%H:%M").to_string();
    let value = if wrong("at") { asked.written.as_deref().unwrap_or("") } else { &standing };
    let described = if wrong("at") { "at-help at-wrong" } else { "at-help" };
    html! {
        form.stack method="get" action=(routes::SAME_EVENT) novalidate {
            div.field {
                label for="event" { (ctx.t("same-event-event")) }
                @if wrong("event") { p.wrong #event-wrong role="alert" { (ctx.t("same-event-no-event")) } }
                select #event name="event" aria-invalid=[wrong("event").then_some("true")]
                    aria-describedby=[wrong("event").then_some("event-wrong")] {
                    @for kind in ASKED_EVENTS {
                        option value=(kind) selected[kind == asked.kind] { (event_label(kind).text(ctx.language)) }
                    }
                }
            }
            div.field {
                label for="at" { (ctx.t("same-event-at")) }
                p.help #at-help { (ctx.t("same-event-at-help")) }
                @if wrong("at") { p.wrong #at-wrong role="alert" { (ctx.t("same-event-no-time")) } }
                input #at name="at" type="datetime-local" value=(value) aria-describedby=(described)
                    aria-invalid=[wrong("at").then_some("true")];
            }
            div.actions { button type="submit" { (ctx.t("same-event-show")) } }
        }
    }
}

/// What the agreements that the services offer now demand.
fn side_by_side(ctx: &Ctx, event: &Event) -> SideBySide {
    let named = ctx.portal.services.iter().filter_map(|shop| {
        let agreement = ctx.portal.agreements.current(&shop.kinds.service)?;
        Some(Named { name: shop.kinds.service.as_str().to_owned(), agreement: (*agreement).clone() })
    });
    let (bases, agreements): (Vec<Named>, Vec<Named>) = named.partition(|named| is_basis(&named.agreement));
    let side = compare(&agreements, event);
    // What stands in the place of an agreement is the register itself, where the service has one.
    bases.iter().fold(side, |side, basis| match ctx.portal.agreements.register(basis.agreement.service()) {
        Some(register) => side.with_register(&basis.name, &register),
        None => side.with_basis(&basis.name, &basis.agreement),
    })
}

fn answers(ctx: &Ctx, side: &SideBySide) -> Markup {
    html! {
        h2 {
            (event_label(&side.event.kind).text(ctx.language)) " · " (moment(ctx.language, side.event.at))
        }
        (overview(ctx, side, usize::MAX, ""))
        @for (at, row) in side.rows.iter().enumerate() { (act(ctx, side, at, row)) }
    }
}

/// A line for each act, a column for each agreement: by when, and the clause.
fn overview(ctx: &Ctx, side: &SideBySide, most: usize, page: &str) -> Markup {
    let language = ctx.language;
    html! {
        @if !side.rows.is_empty() {
            div.scroll tabindex="0" role="region" aria-labelledby="overview" {
                table.cards {
                    caption #overview { (ctx.t("same-event-caption")) }
                    thead {
                        tr {
                            th scope="col" { (ctx.t("same-event-act")) }
                            @for named in &side.agreements { th scope="col" { (service(ctx, named)) } }
                        }
                    }
                    tbody {
                        @for (at, row) in side.rows.iter().take(most).enumerate() {
                            tr {
                                th scope="row" {
                                    a href=(format!("{page}#act-{at}")) { (capital(row.does.text(language))) }
                                }
                                @for (named, answer) in side.agreements.iter().zip(&row.answers) {
                                    td data-label=(service(ctx, named)) {
                                        @match answer {
                                            Answer::NotFound => { em.not-found { (ctx.t("same-event-not-found")) } }
                                            Answer::Demands(duty) => {
                                                small { (capital(word(&duty.who).text(language))) ": " }
                                                (when(ctx, duty)) " " (clause(ctx, named, duty))
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
        @for named in side.silent() {
            p { (ctx.t_with("same-event-silent", &[("service", service(ctx, named).into())])) }
        }
        @for register in &side.registers {
            div.notice {
                h3 { (name(ctx, &register.name)) ": " (register.title.text(language)) }
                ul { @for line in &register.lines { li { (line.text(language)) } } }
            }
        }
    }
}

/// One act, agreement beside agreement, with everything that each says.
fn act(ctx: &Ctx, side: &SideBySide, at: usize, row: &Row) -> Markup {
    html! {
        section aria-labelledby=(format!("act-{at}")) {
            h3 id=(format!("act-{at}")) { (capital(row.does.text(ctx.language))) }
            div.both {
                @for (named, answer) in side.agreements.iter().zip(&row.answers) {
                    div.card {
                        h4 { (service(ctx, named)) }
                        @match answer {
                            Answer::NotFound => { p { em.not-found { (ctx.t("same-event-not-found")) } } }
                            Answer::Demands(duty) => { (demands(ctx, named, duty)) }
                        }
                    }
                }
            }
        }
    }
}

fn demands(ctx: &Ctx, named: &Named, duty: &Duty) -> Markup {
    let language = ctx.language;
    html! {
        p { (capital(duty.does.text(language))) " " (clause(ctx, named, duty)) }
        p { strong { (when(ctx, duty)) } }
        @if !duty.time.lines.is_empty() {
            details {
                summary { (ctx.t("same-event-calculation")) }
                ol { @for line in &duty.time.lines { li { (line.text(language)) } } }
            }
        }
        dl {
            @for (about, said) in duty_lines(&named.agreement, duty) {
                dt { (about.text(language)) }
                dd lang=[foreign(language, named, &said)] { (said.text(language)) }
            }
        }
    }
}

/// By when, in words that say whose the date is.
fn when(ctx: &Ctx, duty: &Duty) -> Markup {
    let said = capital(duty.time.answer().text(ctx.language));
    html! {
        @match duty.time.standing {
            Standing::NotFound => { em.not-found { (said) } }
            _ => { (said) }
        }
    }
}

/// A link to the clause on its agreement's own page.
fn clause(ctx: &Ctx, named: &Named, duty: &Duty) -> Markup {
    let found = named.agreement.clause(&duty.clause);
    let text = match found {
        Some(clause) if clause.number.is_empty() => clause.title.clone(),
        _ => ctx.t_with("clause", &[("number", named.agreement.number(&duty.clause).into())]),
    };
    let href = format!("/{}/{}#{}", named.agreement.service(), routes::AGREEMENT, duty.clause);
    html! { a.clause href=(href) title=[found.map(|clause| clause.title.as_str())] { (text) } }
}

/// The agreement's language, where a text stands in it and the page in another: what an agreement says of itself is not
/// translated.
fn foreign<'a>(language: Language, named: &'a Named, said: &Label) -> Option<&'a str> {
    let of = named.agreement.document().language.as_str();
    (said.sv == said.en && of != language.tag()).then_some(of)
}

fn service(ctx: &Ctx, named: &Named) -> String {
    name(ctx, &named.name)
}

/// What people call a service.
fn name(ctx: &Ctx, path: &str) -> String {
    ctx.portal.shop(path).map_or_else(|| path.to_owned(), |shop| shop.kinds.label.text(ctx.language).to_owned())
}
