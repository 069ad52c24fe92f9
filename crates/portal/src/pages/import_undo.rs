//! Undoing an import: the plan first (what would be erased, and what stays because somebody changed it since), then the act, then
//! the certificate. Nothing is erased that was not shown.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{KeptRow, Kind, No, Undoing};
use terms::{Hash, RecordId, Verb};

use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::{csrf, page_with};
use crate::moment::moment;
use crate::pages::answers;
use crate::pages::records::{base, kind};
use crate::routes::ERASURES;

/// Rows that stay and are shown; all of them are told over the interface.
const MAX_SHOWN: usize = 200;

/// `GET /{service}/{kind}/import/{id}/angra`: what undoing would do.
pub async fn plan(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    show(&signed, &path, &id, None).await
}

/// `POST /{service}/{kind}/import/{id}/angra`: undoes as the plan said that was shown.
pub async fn undo(Path((_, path, id)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Ok(import)) = (kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(plan) = fields.get("plan").and_then(|text| text.parse::<Hash>().ok()) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Erase, kind) else { return answers::choose_case(&signed) };
    let progress = signed.portal.running.of(&asked.tenant, &import);
    if progress.is_some_and(|progress| progress.ended().is_none()) {
        return show(&signed, &path, &id, Some("import-undo-runs")).await;
    }
    match signed.portal.imports.undo(&asked, import, plan).await {
        Ok(undone) => {
            let to = match undone.certificate {
                Some(certificate) => format!("/{}/{ERASURES}/{certificate}", signed.service_path()),
                None => format!("{}/import/{import}", base(&signed, kind)),
            };
            Redirect::to(&to).into_response()
        }
        Err(No::Conflict { .. }) => show(&signed, &path, &id, Some("import-undo-changed")).await,
        Err(no) => answers::no(&signed, &no),
    }
}

async fn show(signed: &Signed, path: &str, id: &str, wrong: Option<&str>) -> Response {
    let (Some(kind), Ok(import)) = (kind(signed, path), id.parse::<RecordId>()) else {
        return answers::missing(signed);
    };
    let Some(asked) = signed.asked(Verb::Erase, kind) else { return answers::choose_case(signed) };
    let undoing = match signed.portal.imports.plan_undo(&asked, import).await {
        Ok(undoing) if undoing.import.kind == kind.name => undoing,
        Ok(_) => return answers::missing(signed),
        Err(no) => return answers::no(signed, &no),
    };
    let title =
        signed.t_with("import-undo-title", &[("kind", kind.plural.text(signed.language).to_lowercase().into())]);
    let here = format!("{}/import/{import}", base(signed, kind));
    let body = html! {
        h1 { (title) }
        @if let Some(wrong) = wrong { div.problems role="alert" { p { (signed.t(wrong)) } } }
        p { (signed.t("import-when")) ": " (moment(signed.language, undoing.import.begun)) }
        @if let Some(undone) = undoing.import.undone {
            p.answer { (signed.t("import-undone-at")) " " (moment(signed.language, undone)) }
        } @else {
            p.answer { (signed.t_with("import-undo-goes", &[("count", undoing.goes.into())])) }
        }
        (kept(signed, kind, &undoing))
        p.help { (signed.t("erasure-is-logged")) }
        @if undoing.goes > 0 && undoing.import.undone.is_none() {
            form method="post" action=(format!("{here}/angra")) {
                (csrf(signed))
                input type="hidden" name="plan" value=(undoing.plan);
                p { strong #no-way-back { (signed.t("erasure-no-way-back")) } }
                button.danger type="submit" aria-describedby="no-way-back" { (signed.t("import-undo-do")) }
            }
        }
        p.actions { a.button.quiet href=(here) { (signed.t("service-back")) } }
    };
    page_with(signed, if wrong.is_some() { StatusCode::CONFLICT } else { StatusCode::OK }, &title, body)
}

fn kept(signed: &Signed, kind: &Kind, undoing: &Undoing) -> Markup {
    let base = base(signed, kind);
    let row = |one: &KeptRow| {
        html! {
            tr {
                th scope="row" { (one.row) }
                td { a href=(format!("{base}/{}", one.record)) { (kind.label.text(signed.language)) " " (one.record.short()) } }
                td { (signed.t(&format!("import-kept-{}", one.why.code()))) }
            }
        }
    };
    html! {
        @if undoing.kept.is_empty() && undoing.beyond == 0 {
            p { (signed.t("import-undo-nothing-stays")) }
        } @else {
            h2 { (signed.t("import-undo-stays")) }
        }
        @if !undoing.kept.is_empty() {
            table {
                caption { (signed.t_with("import-undo-kept", &[("count", undoing.kept.len().into())])) }
                thead { tr {
                    th scope="col" { (signed.t("import-row")) }
                    th scope="col" { (kind.label.text(signed.language)) }
                    th scope="col" { (signed.t("import-undo-why")) }
                } }
                tbody { @for one in undoing.kept.iter().take(MAX_SHOWN) { (row(one)) } }
            }
            @if undoing.kept.len() > MAX_SHOWN { p { (signed.t_with("import-faults-cut", &[("count", MAX_SHOWN.into())])) } }
        }
        @if undoing.beyond > 0 { p { (signed.t_with("import-undo-beyond", &[("count", undoing.beyond.into())])) } }
    }
}
