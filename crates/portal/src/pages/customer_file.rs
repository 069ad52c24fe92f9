//! The customer's own file: what is in force, all versions, and another one: first reviewed, with every fault or what changes in
//! words, and then adopted from a day.

use std::sync::Arc;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;
use service::{CustomerFile, FileFault};
use terms::Instant;

use crate::ctx::{Ctx, Signed};
use crate::form::{Posted, encode};
use crate::frame::{csrf, page, page_with};
use crate::moment::{instant, moment};
use crate::pages::administration::only_administrators;
use crate::pages::answers;
use crate::routes;
use crate::seams::AdoptFileNo;

/// What was just done.
#[derive(Deserialize)]
pub struct PageQuery {
    adopted: Option<String>,
}

/// `GET /{service}/var-fil`.
pub async fn page_of(signed: Signed, Query(query): Query<PageQuery>) -> Response {
    if !signed.administers() {
        return only_administrators(&signed);
    }
    let all = signed.portal.customer_files.all(&signed.me.home);
    let now = signed.now();
    let current = all.iter().rev().find(|file| file.from <= now);
    let adopted = query.adopted.and_then(|hash| all.iter().find(|file| file.hash.to_string() == hash));
    let title = signed.t("file-title");
    let body = html! {
        h1 { (title) }
        @if let Some(file) = adopted {
            div.notice role="status" {
                p { (signed.t_with("file-adopted", &[("from", crate::moment::moment_text(signed.language, file.from).into())])) }
            }
        }
        p { (signed.t("file-lead")) }
        @match current {
            Some(file) => (sheet(&signed, file)),
            None => div.notice { p { (signed.t("file-none")) } },
        }
        @if !all.is_empty() { (versions(&signed, &all, current)) }
        h2 { (signed.t("file-replace")) }
        p { (signed.t("file-replace-what")) }
        (form(&signed, current.map_or("", |file| file.text()), "", None))
    };
    page(&signed, &title, body)
}

/// What a file says, as people read it.
fn sheet(signed: &Signed, file: &CustomerFile) -> Markup {
    let language = signed.language;
    html! {
        dl.sheet {
            dt { (signed.t("file-version")) } dd { (file.version) }
            dt { (signed.t("file-from")) } dd { (moment(language, file.from)) }
            dt { (signed.t("file-hash")) } dd { code { (file.hash) } }
        }
        p { a href=(format!("/{}/var-fil.toml", signed.service_path())) { (signed.t("file-download")) } }
        @if !file.lists.is_empty() {
            h2 { (signed.t("file-lists")) }
            @for list in &file.lists {
                details {
                    summary { (list.label.text(language)) ": " (signed.t_with("file-list-count", &[("count", list.values.len().into())])) }
                    table {
                        caption { (list.label.text(language)) }
                        thead { tr { th scope="col" { (signed.t("file-value")) } th scope="col" { (signed.t("file-label")) } } }
                        tbody { @for one in &list.values { tr { th scope="row" { code { (one.value) } } td { (one.label.text(language)) } } } }
                    }
                }
            }
        }
        @if !file.consents.is_empty() {
            h2 { (signed.t("file-consents")) }
            @for consent in &file.consents {
                h3 { (consent.name) ", " (signed.t_with("file-consent-version", &[("version", consent.version.as_str().into())])) }
                div.text { (consent.text.text(language)) }
            }
        }
        @if !file.additions.is_empty() {
            h2 { (signed.t("file-additions")) }
            p { (signed.t("file-additions-what")) }
            dl.sheet {
                @for addition in &file.additions { dt { (addition.label.text(language)) } dd { (addition.why.text(language)) } }
            }
        }
    }
}

fn versions(signed: &Signed, all: &[Arc<CustomerFile>], current: Option<&Arc<CustomerFile>>) -> Markup {
    let now = signed.now();
    html! {
        h2 { (signed.t("file-versions")) }
        div.scroll {
            table.cards {
                caption { (signed.t("file-versions-caption")) }
                thead {
                    tr {
                        th scope="col" { (signed.t("file-version")) }
                        th scope="col" { (signed.t("file-from")) }
                        th scope="col" { (signed.t("file-hash")) }
                    }
                }
                tbody {
                    @for file in all.iter().rev() {
                        tr {
                            th scope="row" {
                                (file.version)
                                @if current.is_some_and(|current| Arc::ptr_eq(current, file)) { " " span.tag { (signed.t("file-now")) } }
                                @if file.from > now { " " span.tag { (signed.t("file-later")) } }
                            }
                            td data-label=(signed.t("file-from")) { (moment(signed.language, file.from)) }
                            td data-label=(signed.t("file-hash")) { code { (file.hash.to_string().get(..16).unwrap_or("")) "…" } }
                        }
                    }
                }
            }
        }
    }
}

fn form(signed: &Signed, text: &str, day: &str, wrong_day: Option<&str>) -> Markup {
    let described = if wrong_day.is_some() { "day-help day-wrong" } else { "day-help" };
    html! {
        form.stack method="post" action=(format!("/{}/{}", signed.service_path(), routes::CUSTOMER_FILE)) novalidate {
            (csrf(signed))
            div.field {
                label for="text" { (signed.t("file-text")) }
                textarea #text name="text" rows="24" spellcheck="false" autocapitalize="none" aria-required="true" { "\n" (text) }
            }
            div.field {
                label for="day" { (signed.t("file-day")) " " small { (signed.t("service-optional")) } }
                p.help #day-help { (signed.t("file-day-help")) }
                @if let Some(wrong) = wrong_day { p.wrong #day-wrong { (signed.t(wrong)) } }
                input.short #day name="day" type="text" inputmode="numeric" autocomplete="off" value=(day)
                    aria-invalid=[wrong_day.map(|_| "true")] aria-describedby=(described);
            }
            div.actions { button type="submit" { (signed.t("file-look")) } }
        }
    }
}

/// Browsers send the ends of lines as two characters; a file's hash should not depend on the way it came.
fn as_written(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The moment from which a file is to be in force: the beginning of the day that is named, or now.
pub(crate) fn from_day(ctx: &Ctx, day: Option<&str>) -> Option<Instant> {
    match day {
        None => Some(ctx.now()),
        Some(day) => {
            let date: Date = day.parse().ok().filter(|_| day.len() == 10)?;
            Some(instant(date.to_datetime(jiff::civil::Time::midnight()))?.max(ctx.now()))
        }
    }
}

/// Reads a text as whole as it must be to be adopted.
pub(crate) fn read(signed: &Signed, text: &str, from: Instant) -> Result<CustomerFile, Vec<FileFault>> {
    let Some(shop) = &signed.shop else { return Err(Vec::new()) };
    let before = signed.portal.customer_files.at(&signed.me.home, from);
    let hash = signed.portal.customer_files.hash(text);
    CustomerFile::read_whole(text, hash, from, &shop.kinds, shop.service.as_deref(), before.as_deref())
}

/// `POST /{service}/var-fil`: what another file would change, or everything that is wrong with it. Nothing is adopted.
pub async fn preview(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    if !signed.administers() {
        return only_administrators(&signed);
    }
    let text = as_written(fields.raw("text").unwrap_or(""));
    let day = fields.get("day");
    let title = signed.t("file-preview");
    let Some(from) = from_day(&signed, day) else {
        let body = html! {
            h1 { (title) }
            div.problems role="alert" { p { a href="#day" { (signed.t("file-bad-day")) } } }
            (form(&signed, &text, day.unwrap_or(""), Some("file-bad-day")))
        };
        return page_with(&signed, StatusCode::UNPROCESSABLE_ENTITY, &title, body);
    };
    let file = match read(&signed, &text, from) {
        Ok(file) => file,
        Err(faults) => return at_fault(&signed, &text, day, &faults),
    };
    let before = signed.portal.customer_files.at(&signed.me.home, from);
    let differences = file.differences(before.as_deref());
    let body = html! {
        h1 { (title) }
        dl.sheet {
            dt { (signed.t("file-version")) } dd { (file.version) }
            dt { (signed.t("file-from")) } dd { @if day.is_some() { (moment(signed.language, from)) } @else { (signed.t("file-at-once")) } }
        }
        h2 { (signed.t("file-changes")) }
        @if differences.is_empty() { p { (signed.t("file-no-changes")) } }
        @else { ul { @for one in &differences { li { (one.text(signed.language)) } } } }
        form.stack method="post" action=(format!("/{}/var-fil/anta", signed.service_path())) {
            (csrf(&signed))
            input type="hidden" name="text" value=(text);
            @if let Some(day) = day { input type="hidden" name="day" value=(day); }
            p { (signed.t("file-adopt-what")) }
            div.actions { button type="submit" { (signed.t("file-adopt")) } }
        }
        p { a href=(format!("/{}/{}", signed.service_path(), routes::CUSTOMER_FILE)) { (signed.t("service-cancel")) } }
    };
    page(&signed, &title, body)
}

fn at_fault(signed: &Signed, text: &str, day: Option<&str>, faults: &[FileFault]) -> Response {
    let language = signed.language;
    let title = signed.t("file-preview");
    let body = html! {
        h1 { (title) }
        div.problems role="alert" {
            h2 { (signed.t_with("file-faults", &[("count", faults.len().into())])) }
            ul {
                @for fault in faults {
                    li {
                        strong {
                            @if fault.line == 0 { (signed.t("file-fault-whole")) }
                            @else { (signed.t_with("file-fault-line", &[("line", fault.line.into())])) }
                        }
                        ": " (fault.what.text(language)) "; " (fault.remedy.text(language)) "."
                        @if let Some(line) = fault.line.checked_sub(1).and_then(|line| text.lines().nth(line)) {
                            br; code { (line.trim().chars().take(120).collect::<String>()) }
                        }
                    }
                }
            }
        }
        (form(signed, text, day.unwrap_or(""), None))
    };
    page_with(signed, StatusCode::UNPROCESSABLE_ENTITY, &title, body)
}

/// `POST /{service}/var-fil/anta`: brings it into force.
pub async fn adopt(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    // Asked of the door too; who does not administer is entered there as refused.
    let text = as_written(fields.raw("text").unwrap_or(""));
    let day = fields.get("day");
    let Some(from) = from_day(&signed, day) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    if let Err(faults) = read(&signed, &text, from) {
        return at_fault(&signed, &text, day, &faults);
    }
    match signed.portal.customer_files.adopt(signed.me.actor, signed.me.home, from, &text).await {
        Ok(file) => {
            let to = format!(
                "/{}/{}?adopted={}",
                signed.service_path(),
                routes::CUSTOMER_FILE,
                encode(&file.hash.to_string())
            );
            Redirect::to(&to).into_response()
        }
        Err(AdoptFileNo::NotAdministrator) => only_administrators(&signed),
        Err(AdoptFileNo::Faults(faults)) => at_fault(&signed, &text, day, &faults),
        Err(AdoptFileNo::No(no)) => answers::no(&signed, &no),
    }
}

/// `GET /{service}/var-fil.toml`: the exact text of the file in force.
pub async fn text(signed: Signed) -> Response {
    if !signed.administers() {
        return only_administrators(&signed);
    }
    let Some(file) = signed.portal.customer_files.at(&signed.me.home, signed.now()) else {
        return answers::missing(&signed);
    };
    let headers =
        [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"kundfil.toml\"")];
    (headers, file.text().to_owned()).into_response()
}
