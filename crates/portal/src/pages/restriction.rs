//! Restricting and lifting (GDPR Art. 18), and the page of what is restricted: since when, why and until when.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use service::{Ground, Kind, No, Restricted, ToRestrict};
use terms::{Instant, Reason, RecordId, Verb};

use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::{clause, csrf, page_with};
use crate::moment::{instant, moment};
use crate::pages::erasure::titled;
use crate::pages::{answers, records};

/// `GET /{service}/{kind}/{id}/begransa`: the form; or, where it is restricted, what that is and how to lift it.
pub async fn page_of(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Restrict, kind) else { return answers::choose_case(&signed) };
    match signed.portal.door.restriction(&asked, &kind.name, record).await {
        Ok(Some(restricted)) => closed(&signed, kind, record, &restricted),
        Ok(None) => form(&signed, kind, record, None, ""),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `POST /{service}/{kind}/{id}/begransa`.
pub async fn restrict(Path((_, path, id)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(why) = fields.get("why").and_then(Ground::of) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let written = fields.get("until").unwrap_or("");
    let Ok(until) = until(written) else { return form(&signed, kind, record, Some(why), written) };
    let Some(asked) = signed.asked(Verb::Restrict, kind) else { return answers::choose_case(&signed) };
    match signed.portal.door.restrict(&asked, ToRestrict { kind: &kind.name, record, why, until }).await {
        Ok(()) => Redirect::to(&format!("{}/{record}/begransa", records::base(&signed, kind))).into_response(),
        Err(No::Invalid(_)) => form(&signed, kind, record, Some(why), written),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `POST /{service}/{kind}/{id}/hav`: lifts it.
pub async fn lift(Path((_, path, id)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, .. } = posted;
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Restrict, kind) else { return answers::choose_case(&signed) };
    match signed.portal.door.lift(&asked, &kind.name, record).await {
        Ok(()) => Redirect::to(&format!("{}/{record}?saved=1", records::base(&signed, kind))).into_response(),
        Err(no) => answers::no(&signed, &no),
    }
}

/// The answer to a reading that a restriction stands against: for whoever may lift it, what it is; for others the refusal.
pub(crate) async fn answer(signed: &Signed, kind: &Kind, record: RecordId, no: &No) -> Response {
    if let No::Refused(refusal) = no
        && refusal.reason == Reason::Restricted
        && signed.may(Verb::Restrict, kind)
        && let Some(asked) = signed.asked(Verb::Restrict, kind)
        && let Ok(Some(restricted)) = signed.portal.door.restriction(&asked, &kind.name, record).await
    {
        return closed(signed, kind, record, &restricted);
    }
    answers::no(signed, no)
}

/// The end of a day in Sweden, or nothing where none is given.
pub(crate) fn until(written: &str) -> Result<Option<Instant>, ()> {
    if written.is_empty() {
        return Ok(None);
    }
    let day: Date = written.parse().map_err(|_| ())?;
    let next = day.tomorrow().map_err(|_| ())?;
    instant(next.at(0, 0, 0, 0)).map(Some).ok_or(())
}

fn form(signed: &Signed, kind: &Kind, record: RecordId, wrong: Option<Ground>, written: &str) -> Response {
    let title = titled(signed, "restriction-title", kind, record);
    let base = records::base(signed, kind);
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("restriction-what")) }
        @if wrong.is_some() { div.problems role="alert" { p #until-wrong { (signed.t("restriction-until-wrong")) } } }
        form method="post" action=(format!("{base}/{record}/begransa")) {
            (csrf(signed))
            div.field {
                label for="why" { (signed.t("restriction-why")) }
                p.help #why-help { (signed.t("restriction-why-help")) }
                select #why name="why" aria-describedby="why-help" required {
                    @for ground in Ground::ALL {
                        option value=(ground.code()) selected[wrong == Some(ground)] { (word(signed, ground)) }
                    }
                }
            }
            div.field {
                label for="until" { (signed.t("restriction-until")) }
                p.help #until-help { (signed.t("restriction-until-help")) }
                input #until name="until" type="date" value=(written) aria-describedby="until-help" aria-invalid=[wrong.is_some().then_some("true")];
            }
            button type="submit" { (signed.t("restriction-do")) }
        }
        p.actions { a.button.quiet href=(format!("{base}/{record}")) { (signed.t("service-back")) } }
    };
    page_with(signed, if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &title, body)
}

fn closed(signed: &Signed, kind: &Kind, record: RecordId, one: &Restricted) -> Response {
    let title = titled(signed, "restriction-title", kind, record);
    let base = records::base(signed, kind);
    let language = signed.language;
    let body = html! {
        h1 { (signed.t("restriction-is")) }
        p.answer { (kind.label.text(language)) " " (record.short()) ". " (signed.t("restriction-is-what")) }
        dl {
            dt { (signed.t("restriction-fact-since")) } dd { (moment(language, one.since)) }
            dt { (signed.t("restriction-fact-why")) } dd { (word(signed, one.why)) }
            dt { (signed.t("restriction-fact-until")) }
            dd { @match one.until { Some(until) => (moment(language, until)), None => (signed.t("restriction-fact-no-end")) } }
            dt { (signed.t("restriction-fact-clause")) } dd { (clause(signed, &one.clause)) }
        }
        form method="post" action=(format!("{base}/{record}/hav")) {
            (csrf(signed))
            button type="submit" { (signed.t("restriction-lift")) }
        }
        p.actions {
            @if signed.may(Verb::Retrieve, kind) {
                a.button.quiet href=(format!("{base}/{record}/person")) { (signed.t("export-person")) }
            }
            a.button.quiet href=(base) { (kind.plural.text(language)) }
        }
    };
    page_with(signed, StatusCode::OK, &title, body)
}

fn word(signed: &Signed, ground: Ground) -> Markup {
    html! { (signed.t(&format!("restriction-ground-{}", ground.code()))) }
}
