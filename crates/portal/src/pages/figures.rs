//! Anonymising, on pages: what stays of it as figures, and the plan of it before it is done, which is confirmed as every erasure is.
//!
//! What goes and by what it is counted the door says; which figures stay it says after the act. Not here: the certificate that it gives (`certificates.rs`).

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use service::{AnonymisingPlan, Asked, FieldType, Figures, FiguresKept, Kind, No, ToAnonymise};
use terms::{FieldName, Hash, Instant, Purpose, Verb};

use crate::ctx::{Ctx, Signed};
use crate::form::Posted;
use crate::frame::{csrf, page, page_with};
use crate::moment::{moment, moment_text};
use crate::pages::restriction::until;
use crate::pages::{answers, erasure, records};
use crate::routes::{ERASURES, FIGURES};

/// With what the door is asked for figures: for the purpose that the agreement keeps them for and shows them to this role.
pub(crate) fn asked(signed: &Signed) -> Option<Asked> {
    let kind = signed.shop.as_ref()?.kinds.kinds.iter().find(|kind| kind.figures.is_some())?;
    let asked = signed.asked(Verb::Anonymise, kind).or_else(|| signed.asked(Verb::Consult, kind))?;
    let purpose = purpose(signed).unwrap_or_else(|| asked.purpose.clone());
    Some(Asked { purpose, ..asked })
}

fn purpose(ctx: &Ctx) -> Option<Purpose> {
    let role = &ctx.me.as_ref()?.role;
    let agreement = ctx.agreement.as_ref()?;
    let shown =
        agreement.terms_of("anonymising").find(|term| term.words("shown-to").iter().any(|one| one == role.as_str()))?;
    Purpose::new(shown.text("for")?).ok()
}

/// Whether the agreement shows figures to whoever is signed in. A courtesy for links; the door decides.
pub(crate) fn is_open_to(ctx: &Ctx) -> bool {
    purpose(ctx).is_some()
}

/// Whether whoever is signed in may anonymise anything. A courtesy, as above.
pub(crate) fn may_anonymise(signed: &Signed) -> bool {
    !kinds(signed).is_empty()
}

/// The kinds whose records this person may anonymise.
fn kinds(signed: &Signed) -> Vec<&Kind> {
    let all = signed.shop.iter().flat_map(|shop| &shop.kinds.kinds);
    all.filter(|kind| kind.figures.is_some() && signed.may(Verb::Anonymise, kind)).collect()
}

/// `GET /{service}/statistik`: every table of figures, and a form for one more.
pub async fn list(signed: Signed) -> Response {
    let Some(asked) = asked(&signed) else { return answers::missing(&signed) };
    let all = match signed.portal.door.figures(&asked).await {
        Ok(all) => all,
        Err(no) => return answers::no(&signed, &no),
    };
    let title = signed.t("figures-title");
    let here = format!("/{}/{FIGURES}", signed.service_path());
    let kinds = kinds(&signed);
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("figures-what")) }
        @if all.is_empty() { p { (signed.t("figures-none")) } } @else {
            @for one in &all { (kept(&signed, one)) }
            p.actions { a.button.quiet href=(format!("{here}.csv")) download { (signed.t("figures-csv")) } }
        }
        @if !kinds.is_empty() {
            section aria-labelledby="anonymise" {
                h2 #anonymise { (signed.t("figures-new")) }
                p { (signed.t("figures-new-what")) }
                @for kind in kinds {
                    form method="get" action=(format!("{here}/{}", kind.path)) {
                        h3 { (kind.plural.text(signed.language)) }
                        (day(&signed, kind, "", false))
                        button type="submit" { (signed.t("figures-plan")) " " span.visually-hidden { (kind.plural.text(signed.language)) } }
                    }
                }
            }
        }
    };
    page(&signed, &title, body)
}

fn day(signed: &Signed, kind: &Kind, written: &str, wrong: bool) -> Markup {
    let id = format!("day-{}", kind.path);
    html! {
        div.field {
            label for=(id) { (signed.t("figures-until")) }
            p.help id=(format!("{id}-help")) { (signed.t("figures-until-help")) }
            input id=(id) name="day" type="date" required value=(written) aria-describedby=(format!("{id}-help")) aria-invalid=[wrong.then_some("true")];
        }
    }
}

/// A table of figures that stayed, with where it came from.
fn kept(signed: &Signed, one: &FiguresKept) -> Markup {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&one.kind));
    let name = kind.map_or_else(|| one.kind.to_string(), |kind| kind.plural.text(signed.language).to_owned());
    let id = format!("figures-{}", one.id.short());
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (name) ", " (signed.t_with("figures-until-day", &[("until", moment_text(signed.language, one.figures.before).into())])) }
            (table(signed, &one.figures, kind))
            p {
                (signed.t("figures-made")) " " (moment(signed.language, one.made)) ". "
                a href=(format!("/{}/{ERASURES}/{}", signed.service_path(), one.id)) { (signed.t("figures-certificate")) }
            }
        }
    }
}

/// The figures of a table that stayed.
fn table(signed: &Signed, figures: &Figures, kind: Option<&Kind>) -> Markup {
    html! {
        @if figures.groups.is_empty() { p { (signed.t("figures-nothing-stays")) } } @else {
            table {
                caption { (caption(signed, figures)) }
                thead { tr {
                    @for field in &figures.by { th scope="col" { (field_label(signed, kind, field)) } }
                    th scope="col" { (signed.t("figures-column-records")) }
                    th scope="col" { (signed.t("figures-column-persons")) }
                } }
                tbody {
                    @for group in &figures.groups {
                        tr {
                            @for (place, value) in group.values.iter().enumerate() {
                                @let text = value_label(signed, kind, figures.by.get(place), value);
                                @if place == 0 { th scope="row" { (text) } } @else { td { (text) } }
                            }
                            td { (group.records) }
                            td { (group.persons) }
                        }
                    }
                }
            }
        }
        @if figures.small > 0 { p { (small(signed, figures)) } }
    }
}

pub(crate) fn caption(signed: &Signed, figures: &Figures) -> String {
    let about = [("least", figures.at_least.into()), ("number", figures.number.clone().into())];
    signed.t_with("figures-caption", &about)
}

/// How much leaves nothing, and why.
pub(crate) fn small(signed: &Signed, figures: &Figures) -> String {
    let about = [
        ("groups", figures.small.into()),
        ("records", figures.small_records.into()),
        ("least", figures.at_least.into()),
        ("number", figures.number.clone().into()),
    ];
    signed.t_with("figures-small", &about)
}

pub(crate) fn field_label(signed: &Signed, kind: Option<&Kind>, field: &FieldName) -> String {
    let found = kind.and_then(|kind| kind.field(field.as_str()));
    found.map_or_else(|| field.to_string(), |field| field.label.text(signed.language).to_owned())
}

/// A value as people read it; a record that had none is told so.
pub(crate) fn value_label(signed: &Signed, kind: Option<&Kind>, field: Option<&FieldName>, value: &str) -> String {
    if value.is_empty() {
        return signed.t("figures-no-value");
    }
    let found = kind.and_then(|kind| kind.field(field?.as_str()));
    match found.map(|field| &field.holds) {
        Some(FieldType::Choice(choices)) => choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(|| value.to_owned(), |choice| choice.label.text(signed.language).to_owned()),
        _ => value.to_owned(),
    }
}

/// Which day.
#[derive(Deserialize)]
pub struct Until {
    #[serde(default)]
    day: String,
}

/// `GET /{service}/statistik/{kind}?day=2026-11-21`: what anonymising would do.
pub async fn plan(signed: Signed, Path((_, path)): Path<(String, String)>, Query(wanted): Query<Until>) -> Response {
    show(&signed, &path, &wanted.day, None).await
}

/// `POST /{service}/statistik/{kind}`: anonymises as the plan said that was shown.
pub async fn anonymise(Path((_, path)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(kind) = records::kind(&signed, &path).filter(|kind| kind.figures.is_some()) else {
        return answers::missing(&signed);
    };
    let day = fields.get("day").unwrap_or("").to_owned();
    let plan = fields.get("plan").and_then(|text| text.parse::<Hash>().ok());
    let (Some(plan), Ok(Some(before))) = (plan, until(&day)) else {
        return answers::page_of(&signed, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    };
    let Some(asked) = signed.asked(Verb::Anonymise, kind) else { return answers::choose_case(&signed) };
    match signed.portal.door.anonymise(&asked, ToAnonymise { kind: &kind.name, before, plan }).await {
        Ok(certificate) => {
            Redirect::to(&format!("/{}/{ERASURES}/{certificate}", signed.service_path())).into_response()
        }
        Err(No::Conflict { .. }) => show(&signed, &path, &day, Some("erasure-changed")).await,
        Err(no) => answers::no(&signed, &no),
    }
}

async fn show(signed: &Signed, path: &str, day: &str, problem: Option<&'static str>) -> Response {
    let Some(kind) = records::kind(signed, path).filter(|kind| kind.figures.is_some()) else {
        return answers::missing(signed);
    };
    let Some(asked) = signed.asked(Verb::Anonymise, kind) else { return answers::choose_case(signed) };
    let title =
        signed.t_with("figures-plan-title", &[("kind", kind.plural.text(signed.language).to_lowercase().into())]);
    let here = format!("/{}/{FIGURES}", signed.service_path());
    let Ok(Some(before)) = until(day) else {
        let body = html! {
            h1 { (title) }
            div.problems role="alert" { p #figures-problem { (signed.t("figures-day-wrong")) } }
            form method="get" action=(format!("{here}/{}", kind.path)) {
                (self::day(signed, kind, day, true))
                button type="submit" { (signed.t("figures-plan")) }
            }
        };
        return page_with(signed, StatusCode::UNPROCESSABLE_ENTITY, &title, body);
    };
    let (plan, hash) = match signed.portal.door.plan_anonymising(&asked, &kind.name, before).await {
        Ok(planned) => planned,
        Err(no) => return answers::no(signed, &no),
    };
    let body = html! {
        h1 { (title) }
        @if let Some(problem) = problem { div.problems role="alert" { p #erasure-problem { (signed.t(problem)) } } }
        p.answer { (summary(signed, &plan, before)) }
        (erasure::against(signed, &plan.against))
        section aria-labelledby="goes" {
            h2 #goes { (signed.t("erasure-goes")) }
            @if plan.goes.is_empty() { p { (signed.t("figures-nothing-goes")) } } @else { (erasure::table(signed, "erasure-goes", &plan.goes)) }
        }
        @if !plan.goes.is_empty() {
            section aria-labelledby="figures" {
                h2 #figures { (signed.t("figures-counted")) }
                p { (counted(signed, &plan, kind)) " " (crate::frame::clause(signed, &plan.clause)) }
            }
        }
        @if !plan.stays.is_empty() {
            section aria-labelledby="stays" {
                h2 #stays { (signed.t("erasure-stays")) }
                (erasure::table(signed, "erasure-stays", &plan.stays))
            }
        }
        p.help { (signed.t("erasure-is-logged")) }
        @if plan.against.is_empty() && !plan.goes.is_empty() {
            form method="post" action=(format!("{here}/{}", kind.path)) {
                (csrf(signed))
                input type="hidden" name="plan" value=(hash);
                input type="hidden" name="day" value=(day);
                p { strong #no-way-back { (signed.t("figures-no-way-back")) } }
                button.danger type="submit" aria-describedby="no-way-back" { (signed.t("figures-do")) }
            }
        }
        p.actions { a.button.quiet href=(here) { (signed.t("figures-title")) } }
    };
    let status = if problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    page_with(signed, status, &title, body)
}

/// By what is counted, and why no figure is shown yet.
fn counted(signed: &Signed, plan: &AnonymisingPlan, kind: &Kind) -> String {
    let by: Vec<String> = plan.by.iter().map(|field| field_label(signed, Some(kind), field).to_lowercase()).collect();
    signed.t_with("figures-counted-what", &[("by", by.join(", ").into()), ("least", plan.at_least.into())])
}

fn summary(signed: &Signed, plan: &AnonymisingPlan, before: Instant) -> String {
    let about = [("count", plan.count_going().into()), ("until", moment_text(signed.language, before).into())];
    signed.t_with("figures-plan-what", &about)
}

/// `GET /{service}/statistik.csv`: every figure, a row each, under the names of the fields as they are stored.
pub async fn csv(signed: Signed) -> Response {
    let Some(asked) = asked(&signed) else { return answers::missing(&signed) };
    let all = match signed.portal.door.figures(&asked).await {
        Ok(all) => all,
        Err(no) => return answers::no(&signed, &no),
    };
    let mut text = String::from("made,kind,until,by,values,records,persons,persons_at_least\r\n");
    for one in &all {
        let by: Vec<&str> = one.figures.by.iter().map(FieldName::as_str).collect();
        for group in &one.figures.groups {
            let cells = [
                crate::moment::rfc3339(one.made),
                one.kind.to_string(),
                crate::moment::rfc3339(one.figures.before),
                by.join(" "),
                group.values.join(" "),
                group.records.to_string(),
                group.persons.to_string(),
                one.figures.at_least.to_string(),
            ];
            text.push_str(&cells.map(|cell| quoted(&cell)).join(","));
            text.push_str("\r\n");
        }
    }
    let saved = format!("attachment; filename=\"{FIGURES}.csv\"");
    ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, saved)], text).into_response()
}

fn quoted(text: &str) -> String {
    // A cell that begins as a formula would be run by a spreadsheet.
    let safe = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    format!("\"{}\"", safe.replace('"', "\"\""))
}
