//! Erasing, on pages: first the plan, then a confirmation of that very plan, then the certificate.
//!
//! What goes and what stays the door says; the confirmation carries the plan's hash, so that nobody confirms what they did not
//! see. Not here: certificates (`certificates.rs`), restriction (`restriction.rs`).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use service::{Against, ErasurePlan, Kind, No, PlannedRecords, ToErase};
use terms::{Hash, RecordId, Verb};

use crate::ctx::Signed;
use crate::form::Posted;
use crate::frame::{csrf, page_with};
use crate::moment::moment_text;
use crate::pages::labels::Labels;
use crate::pages::restriction::until;
use crate::pages::{answers, holds, records};
use crate::routes::ERASURES;

/// `GET /{service}/{kind}/{id}/radera`: what erasing would do.
pub async fn plan(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    show(&signed, &path, &id, None).await
}

/// `POST /{service}/{kind}/{id}/radera`: erases as the plan said that was shown.
pub async fn erase(Path((_, path, id)): Path<(String, String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (Some(kind), Ok(record)) = (records::kind(&signed, &path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(plan) = fields.get("plan").and_then(|text| text.parse::<Hash>().ok()) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Erase, kind) else { return answers::choose_case(&signed) };
    // The form for a time says so: without its day nothing is erased at all, and never more than was asked for.
    let back_until = match fields.get("how") {
        Some("for-a-time") => match until(fields.get("until").unwrap_or("")) {
            Ok(Some(until)) => Some(until),
            _ => return show(&signed, &path, &id, Some("erasure-until-wrong")).await,
        },
        _ => None,
    };
    match signed.portal.door.erase(&asked, ToErase { kind: &kind.name, record, plan, back_until }).await {
        Ok(_) if back_until.is_some() => {
            Redirect::to(&format!("/{}/{ERASURES}", signed.service_path())).into_response()
        }
        Err(No::Invalid(_)) => show(&signed, &path, &id, Some("erasure-until-wrong")).await,
        Ok(certificate) => {
            Redirect::to(&format!("/{}/{ERASURES}/{certificate}", signed.service_path())).into_response()
        }
        Err(No::Conflict { .. }) => show(&signed, &path, &id, Some("erasure-changed")).await,
        Err(no) => answers::no(&signed, &no),
    }
}

async fn show(signed: &Signed, path: &str, id: &str, problem: Option<&'static str>) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(signed, path), id.parse::<RecordId>()) else {
        return answers::missing(signed);
    };
    let Some(asked) = signed.asked(Verb::Erase, kind) else { return answers::choose_case(signed) };
    let (plan, hash) = match signed.portal.door.plan_erasure(&asked, &kind.name, record).await {
        Ok(planned) => planned,
        Err(no) => return answers::no(signed, &no),
    };
    let latest = signed.agreement.as_ref().and_then(|agreement| agreement.restorable_until(signed.now()));
    let title = titled(signed, "erasure-title", kind, record);
    let base = records::base(signed, kind);
    let body = html! {
        h1 { (title) }
        @if let Some(problem) = problem { div.problems role="alert" { p #erasure-problem { (signed.t(problem)) } } }
        p.answer { (signed.t(if plan.whole { "erasure-what-person" } else { "erasure-what-record" })) }
        (against(signed, &plan.against))
        section aria-labelledby="goes" {
            h2 #goes { (signed.t("erasure-goes")) }
            @if plan.goes.is_empty() { p { (signed.t("erasure-cannot")) } } @else { (table(signed, "erasure-goes", &plan.goes)) }
        }
        section aria-labelledby="stays" {
            h2 #stays { (signed.t("erasure-stays")) }
            @if plan.stays.is_empty() { p { (signed.t("erasure-nothing-stays")) } } @else { (table(signed, "erasure-stays", &plan.stays)) }
        }
        @if !plan.persons.is_empty() {
            section aria-labelledby="persons" {
                h2 #persons { (signed.t("erasure-persons")) }
                ul { @for line in persons(signed, &plan) { li { (line) } } }
            }
        }
        p.help { (signed.t("erasure-is-logged")) }
        @if plan.against.is_empty() && !plan.goes.is_empty() {
            form method="post" action=(format!("{base}/{record}/radera")) {
                (csrf(signed))
                input type="hidden" name="plan" value=(hash);
                p { strong #no-way-back { (signed.t("erasure-no-way-back")) } }
                button.danger type="submit" aria-describedby="no-way-back" { (signed.t("erasure-do")) }
            }
            @if let Some(latest) = latest {
                section aria-labelledby="for-a-time" {
                    h2 #for-a-time { (signed.t("erasure-for-a-time")) }
                    p { (signed.t_with("erasure-for-a-time-what", &[("latest", moment_text(signed.language, latest).into())])) }
                    form method="post" action=(format!("{base}/{record}/radera")) {
                        (csrf(signed))
                        input type="hidden" name="plan" value=(hash);
                        input type="hidden" name="how" value="for-a-time";
                        div.field {
                            label for="until" { (signed.t("erasure-until")) }
                            p.help #until-help { (signed.t("erasure-until-help")) }
                            input #until name="until" type="date" required aria-describedby="until-help" aria-invalid=[(problem == Some("erasure-until-wrong")).then_some("true")];
                        }
                        button type="submit" { (signed.t("erasure-for-a-time-do")) }
                    }
                }
            }
        }
        p.actions { a.button.quiet href=(format!("{base}/{record}")) { (signed.t("service-back")) } }
    };
    let status = match problem {
        Some("erasure-changed") => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    page_with(signed, status, &title, body)
}

/// A title with the kind and the record's number, and never a name: it goes into the browser's history.
pub(crate) fn titled(signed: &Signed, key: &str, kind: &Kind, record: RecordId) -> String {
    let label = kind.label.text(signed.language).to_lowercase();
    signed.t_with(key, &[("kind", label.into()), ("number", record.short().into())])
}

pub(crate) fn against(signed: &Signed, against: &[Against]) -> Markup {
    html! {
        @if !against.is_empty() {
            section.problems aria-labelledby="against" {
                h2 #against { (signed.t("erasure-against")) }
                ul {
                    @for one in against {
                        li {
                            @match one {
                                Against::Restricted(one) => {
                                    (signed.t_with("erasure-against-restricted", &[
                                        ("since", moment_text(signed.language, one.since).into()),
                                        ("why", signed.t(&format!("restriction-ground-{}", one.why.code())).into()),
                                    ]))
                                    " " (crate::frame::clause(signed, &one.clause))
                                }
                                Against::TooFew(one) => {
                                    (signed.t_with("erasure-against-too-few", &[
                                        ("persons", one.persons.into()),
                                        ("least", one.at_least.into()),
                                    ]))
                                    " " (crate::frame::clause(signed, &one.clause))
                                }
                                Against::Held(one) => {
                                    (signed.t_with("erasure-against-held", &[
                                        ("what", holds::what(signed, one).into()),
                                        ("sentence", holds::sentence(signed, one).into()),
                                    ]))
                                    " " (crate::frame::clause(signed, &one.clause))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) fn table(signed: &Signed, caption: &str, all: &[PlannedRecords]) -> Markup {
    html! {
        table {
            caption { (signed.t(caption)) }
            thead { tr {
                th scope="col" { (signed.t("erasure-column-kind")) }
                th scope="col" { (signed.t("erasure-column-count")) }
                th scope="col" { (signed.t("erasure-column-why")) }
            } }
            tbody {
                @for one in all {
                    @let [kind, count, why] = row(signed, one);
                    tr { th scope="row" { (kind) } td { (count) } td { (why) } }
                }
            }
        }
    }
}

/// One row of a plan: kind, count, why.
pub(crate) fn row(signed: &Signed, one: &PlannedRecords) -> [String; 3] {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&one.kind));
    let name = kind.map_or_else(|| one.kind.to_string(), |kind| kind.plural.text(signed.language).to_owned());
    let mut why = signed.t(&format!("erasure-why-{}", one.why.code()));
    if one.open > 0 && kind.is_some_and(|kind| kind.states.first().is_some_and(|state| state == "open")) {
        why.push(' ');
        why.push_str(&signed.t_with("erasure-open-count", &[("count", one.open.into())]));
        why.push('.');
    }
    [name, one.count().to_string(), why]
}

/// The persons whose keys go, a line each.
pub(crate) fn persons(signed: &Signed, plan: &ErasurePlan) -> Vec<String> {
    let labels = Labels::of(signed);
    let line = |one: &service::PersonGoing| {
        let subject = labels.as_ref().map_or_else(|| one.subject.to_string(), |labels| labels.subject(&one.subject));
        let about = [("subject", subject.into()), ("pseudonym", one.person.to_string().into())];
        let mut line = signed.t_with("erasure-person-row", &about);
        if one.account {
            line.push_str(". ");
            line.push_str(&signed.t("erasure-person-account"));
        }
        line
    };
    plan.persons.iter().map(line).collect()
}
