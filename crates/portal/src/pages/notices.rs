//! Notices from the provider: written by whoever speaks for it, pinned on the administrators' first page until read, and a list
//! with who got and read each, for both sides, as page and CSV.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use processing::{NewNotice, NoticeFor};
use terms::{Label, RecordId, TenantId};

use crate::ctx::Signed;
use crate::form::{Fields, Posted};
use crate::frame::{csrf, page_with};
use crate::moment::{day_text, moment, rfc3339};
use crate::pages::answers;
use crate::routes;

/// Longest subject and text, in characters.
const MAX_SUBJECT: usize = 200;
const MAX_TEXT: usize = 10_000;

/// `GET /{service}/underrattelser`.
pub async fn page_of(signed: Signed) -> Response {
    show(&signed, StatusCode::OK, None, &Fields::default())
}

fn all(signed: &Signed) -> Result<Vec<NoticeFor>, Response> {
    let house = signed.portal.house.as_ref().ok_or_else(|| answers::missing(signed))?;
    house.notices(&signed.me.actor).map_err(|no| answers::no(signed, &no))
}

fn show(signed: &Signed, status: StatusCode, wrong: Option<&str>, written: &Fields) -> Response {
    let all = match all(signed) {
        Ok(all) => all,
        Err(answer) => return answer,
    };
    let title = signed.t("notices-title");
    let body = html! {
        h1 { (title) }
        @if let Some(wrong) = wrong { div.problems role="alert" { p #notice-wrong { (signed.t(wrong)) } } }
        p { (signed.t(if signed.me.provider { "notices-lead-provider" } else { "notices-lead" })) }
        @if all.is_empty() { p { (signed.t("notices-none")) } } @else {
            p { a href=(format!("/{}/underrattelser.csv", signed.service_path())) { (signed.t("notices-csv")) } }
        }
        @for one in &all { (notice(signed, one)) }
        @if signed.me.provider { (form(signed, written)) }
    };
    page_with(signed, status, &title, body)
}

fn id(one: &NoticeFor) -> RecordId {
    RecordId(one.notice.id)
}

fn heading(signed: &Signed, one: &NoticeFor) -> Markup {
    let language = signed.language;
    let effective = one.notice.effective.as_ref().and_then(|day| day.parse::<Date>().ok());
    html! {
        p.help {
            (signed.t("notices-sent")) " " (moment(language, one.notice.made)) "."
            @if let Some(day) = effective { " " (signed.t("notices-effective")) " " (day_text(language, day)) "." }
            @if signed.me.provider {
                " " (signed.t("notices-to")) " "
                @match one.notice.to.and_then(|to| signed.portal.agreements.customer(&to)) {
                    Some(customer) => (customer.name),
                    None => (signed.t("notices-to-all")),
                }
                "."
            }
        }
    }
}

fn notice(signed: &Signed, one: &NoticeFor) -> Markup {
    let language = signed.language;
    let subject = one.notice.subject();
    html! {
        section aria-labelledby=(format!("n{}", id(one))) {
            h2 id=(format!("n{}", id(one))) { (subject.text(language)) }
            (heading(signed, one))
            div.text { (one.notice.text().text(language)) }
            @if !signed.me.provider && one.read_by(&signed.me.actor).is_none() { (read_button(signed, one)) }
            @if one.seen.is_empty() { p { (signed.t("notices-nobody")) } } @else {
                table.cards {
                    caption { (signed.t_with("notices-caption", &[("subject", subject.text(language).to_owned().into())])) }
                    thead {
                        tr {
                            th scope="col" { (signed.t("notices-who")) }
                            th scope="col" { (signed.t("notices-delivered")) }
                            th scope="col" { (signed.t("notices-read")) }
                        }
                    }
                    tbody {
                        @for seen in &one.seen {
                            tr {
                                th scope="row" { (who(signed, seen)) }
                                td data-label=(signed.t("notices-delivered")) { (moment(language, seen.delivered)) }
                                td data-label=(signed.t("notices-read")) {
                                    @match seen.read { Some(read) => (moment(language, read)), None => (signed.t("notices-not-read")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Who got it: oneself, or a person of which customer. Names of a customer's people are not the provider's to see here.
fn who(signed: &Signed, seen: &processing::NoticeSeen) -> String {
    if seen.person == signed.me.actor {
        return signed.t("service-you");
    }
    let short = seen.person.to_string();
    let customer = signed.portal.agreements.customer(&seen.tenant).map_or_else(String::new, |one| one.name);
    format!("{customer}, {}", short.get(..8).unwrap_or(""))
}

fn read_button(signed: &Signed, one: &NoticeFor) -> Markup {
    html! {
        form method="post" action=(format!("/{}/{}/{}/last", signed.service_path(), routes::NOTICES, id(one))) {
            (csrf(signed))
            button type="submit" { (signed.t("notices-mark-read")) " " span.visually-hidden { (one.notice.subject().text(signed.language)) } }
        }
    }
}

/// What is not read yet, pinned on an administrator's first page. That it is shown now is entered.
pub(crate) async fn pinned(signed: &Signed) -> Markup {
    let Some(house) = signed.portal.house.as_ref().filter(|_| signed.administers()) else { return html! {} };
    let Ok(unread) = house.show_notices(&signed.me.actor).await else { return html! {} };
    html! {
        @for one in &unread {
            div.notice {
                h2 { (one.notice.subject().text(signed.language)) }
                (heading(signed, one))
                div.text { (one.notice.text().text(signed.language)) }
                (read_button(signed, one))
            }
        }
    }
}

fn form(signed: &Signed, written: &Fields) -> Markup {
    let customers = signed.shop.as_ref().map(|shop| signed.portal.agreements.customers(&shop.kinds.service));
    let text = |name: &str, key: &str, long: bool| {
        html! {
            div.field {
                label for=(name) { (signed.t(key)) }
                @if long { textarea id=(name) name=(name) rows="6" aria-required="true" { "\n" (written.raw(name).unwrap_or("")) } }
                @else { input id=(name) name=(name) type="text" maxlength=(MAX_SUBJECT) autocomplete="off" aria-required="true" value=(written.raw(name).unwrap_or("")); }
            }
        }
    };
    html! {
        h2 { (signed.t("notices-new")) }
        p { (signed.t("notices-new-what")) }
        form.stack method="post" action=(format!("/{}/{}", signed.service_path(), routes::NOTICES)) novalidate {
            (csrf(signed))
            div.field {
                label for="to" { (signed.t("notices-to")) }
                select #to name="to" {
                    option value="" { (signed.t("notices-to-all")) }
                    @for customer in customers.into_iter().flatten() {
                        option value=(customer.id) selected[written.get("to") == Some(customer.id.to_string().as_str())] { (customer.name) }
                    }
                }
            }
            div.field {
                label for="effective" { (signed.t("notices-effective-day")) " " small { (signed.t("service-optional")) } }
                input.short #effective name="effective" type="text" inputmode="numeric" autocomplete="off"
                    value=(written.raw("effective").unwrap_or(""));
            }
            (text("subject-sv", "notices-subject-sv", false))
            (text("text-sv", "notices-text-sv", true))
            (text("subject-en", "notices-subject-en", false))
            (text("text-en", "notices-text-en", true))
            div.actions { button type="submit" { (signed.t("notices-send")) } }
        }
    }
}

/// `POST /{service}/underrattelser`: sends one.
pub async fn send(posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(house) = signed.portal.house.as_ref().filter(|_| signed.me.provider) else {
        return answers::missing(&signed);
    };
    let label = |of: &str, most: usize| {
        let text = |language: &str| {
            let text = fields.get(&format!("{of}-{language}"))?;
            (text.chars().count() <= most).then(|| text.replace("\r\n", "\n"))
        };
        Some(Label { sv: text("sv")?, en: text("en")? })
    };
    let (Some(subject), Some(text)) = (label("subject", MAX_SUBJECT), label("text", MAX_TEXT)) else {
        return show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some("notices-wrong-text"), &fields);
    };
    let effective = fields.get("effective").map(str::to_owned);
    if effective.as_ref().is_some_and(|day| day.len() != 10 || day.parse::<Date>().is_err()) {
        return show(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some("file-bad-day"), &fields);
    }
    let Ok(to) = fields.get("to").map(str::parse::<TenantId>).transpose() else { return answers::missing(&signed) };
    match house.send_notice(signed.me.actor, NewNotice { to, effective, subject, text }).await {
        Ok(()) => back(&signed),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `POST /{service}/underrattelser/{id}/last`: that it is read. A page that is fetched ahead reads nothing.
pub async fn read(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let signed = posted.signed;
    let (Some(house), Ok(id)) = (&signed.portal.house, id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    match house.read_notice(&signed.me.actor, id.0).await {
        Ok(()) => back(&signed),
        Err(no) => answers::no(&signed, &no),
    }
}

fn back(signed: &Signed) -> Response {
    Redirect::to(&format!("/{}/{}", signed.service_path(), routes::NOTICES)).into_response()
}

/// `GET /{service}/underrattelser.csv`.
pub async fn csv(signed: Signed) -> Response {
    let all = match all(&signed) {
        Ok(all) => all,
        Err(answer) => return answer,
    };
    let quoted = |text: &str| {
        // A cell that begins as a formula would be run by a spreadsheet.
        let safe = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
        format!("\"{}\"", safe.replace('"', "\"\""))
    };
    let mut lines = vec!["notice,sent,effective,subject,customer,person,delivered,read".to_owned()];
    for one in &all {
        let head = format!(
            "{},{},{},{}",
            id(one),
            rfc3339(one.notice.made),
            one.notice.effective.as_deref().unwrap_or(""),
            quoted(one.notice.subject().text(signed.language))
        );
        if one.seen.is_empty() {
            lines.push(format!("{head},,,,"));
        }
        for seen in &one.seen {
            let customer = signed.portal.agreements.customer(&seen.tenant).map_or_else(String::new, |one| one.name);
            let read = seen.read.map(rfc3339).unwrap_or_default();
            lines.push(format!("{head},{},{},{},{read}", quoted(&customer), seen.person, rfc3339(seen.delivered)));
        }
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"underrattelser.csv\""),
    ];
    (headers, lines.join("\r\n") + "\r\n").into_response()
}
