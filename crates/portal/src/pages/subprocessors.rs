//! The public page of subprocessors, as HTML, JSON and CSV: rendered from the agreement's terms and nothing else.
//!
//! It is the list of the agreement that the service offers now. No log-in, no number of anybody's customers.

use agreement::{Agreement, Subprocessor, SubprocessorCategories};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Serialize;
use terms::{Category, Provenance, Sourced};

use crate::ctx::Ctx;
use crate::pages::answers;
use crate::pages::labels::{Labels, capital};
use crate::pages::sheet::Sheet;
use crate::words::{has, t, t_with};
use crate::{frame, routes};

/// `/{service}/underbitraden`
pub async fn page(ctx: Ctx) -> Response {
    let Some((agreement, name)) = offered(&ctx) else { return answers::missing(&ctx) };
    let title = ctx.t("subprocessors-title");
    let body = html! { h1 { (title) } (view(labels(&ctx, &agreement), &agreement, &name)) };
    frame::page(&ctx, &title, body)
}

/// `/{service}/underbitraden.json`
pub async fn json(ctx: Ctx) -> Response {
    let Some((agreement, _)) = offered(&ctx) else { return answers::missing(&ctx) };
    axum::Json(list(&agreement)).into_response()
}

/// `/{service}/underbitraden.csv`
pub async fn csv(ctx: Ctx) -> Response {
    let Some((agreement, _)) = offered(&ctx) else { return answers::missing(&ctx) };
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"underbitraden.csv\""),
    ];
    (headers, sheet(labels(&ctx, &agreement), &agreement)).into_response()
}

/// The agreement that the service offers now, and what people call the service.
fn offered(ctx: &Ctx) -> Option<(std::sync::Arc<Agreement>, String)> {
    let shop = ctx.shop.as_ref()?;
    let agreement = ctx.portal.agreements.current(&shop.kinds.service)?;
    Some((agreement, shop.kinds.label.text(ctx.language).to_owned()))
}

fn labels<'a>(ctx: &'a Ctx, agreement: &'a Agreement) -> Labels<'a> {
    Labels { language: ctx.language, service: agreement.service(), agreement: Some(agreement) }
}

/// The body of the page.
pub(crate) fn view(labels: Labels<'_>, agreement: &Agreement, service: &str) -> Markup {
    let language = labels.language;
    let all = agreement.subprocessors();
    let here = format!("/{}/{}", labels.service, routes::SUBPROCESSORS);
    html! {
        p.answer {
            (t_with(language, "subprocessors-lead", &[("count", all.len().into()), ("service", service.into())])) " "
            (t(language, "subprocessors-everyone-else"))
        }
        p {
            (t_with(language, "subprocessors-version", &[("version", agreement.version().into())])) " "
            (published(labels, agreement)) " "
            a href=(format!("/{}/{}", labels.service, routes::AGREEMENT)) { (t(language, "subprocessors-source")) }
        }
        @if !all.is_empty() {
            div.scroll tabindex="0" role="region" aria-labelledby="list" {
                table {
                    caption #list { (t(language, "subprocessors-caption")) }
                    thead {
                        tr {
                            @for key in [
                                "subprocessors-name", "subprocessors-task", "subprocessors-place", "subprocessors-categories",
                                "subprocessors-flag", "subprocessors-clause",
                            ] {
                                th scope="col" { (t(language, key)) }
                            }
                        }
                    }
                    tbody { @for one in all { (row(labels, one)) } }
                }
            }
        }
        @if !agreement.mentioned().is_empty() {
            section aria-labelledby="mentioned" {
                h2 #mentioned { (t(language, "subprocessors-mentioned")) }
                p { (t(language, "subprocessors-mentioned-lead")) }
                ul {
                    @for one in agreement.mentioned() {
                        li {
                            strong { (one.organisation) } ": "
                            span lang=(labels.agreement_language()) { (one.flag) } " " (labels.clause(&one.clause))
                        }
                    }
                }
            }
        }
        p {
            a href={ (here) ".json" } { (t(language, "subprocessors-json")) } " · "
            a href={ (here) ".csv" } { (t(language, "subprocessors-csv")) }
        }
    }
}

fn published(labels: Labels<'_>, agreement: &Agreement) -> Markup {
    let language = labels.language;
    html! {
        @match &agreement.document().published {
            Sourced::Found { value, .. } => {
                (t_with(language, "subprocessors-published", &[("published", value.as_str().into())]))
            }
            _ => { (t(language, "subprocessors-published-not-found")) }
        }
    }
}

fn row(labels: Labels<'_>, one: &Subprocessor) -> Markup {
    let language = labels.language;
    html! {
        tr id=(one.id) {
            th scope="row" { (one.name) (labels.origin(&one.origin)) }
            td { (capital(one.task.text(language))) }
            td {
                @match &one.country {
                    Sourced::NotFound { note } => { (silent(labels, "subprocessors-country-not-found", note)) }
                    Sourced::None => { (t(language, "subprocessors-country-none")) }
                    found => { (labels.sourced(found, |code| html! { (country(labels, code)) })) }
                }
                br;
                @match &one.place {
                    Sourced::NotFound { .. } => { (silent(labels, "subprocessors-place-not-found", "")) }
                    Sourced::None => { (t(language, "subprocessors-place-none")) }
                    found => { (labels.sourced(found, |place| html! { (place) })) }
                }
            }
            td {
                @match &one.categories {
                    Sourced::NotFound { .. } => { (silent(labels, "subprocessors-categories-not-found", "")) }
                    Sourced::None => { (t(language, "subprocessors-categories-none")) }
                    found => { (labels.sourced(found, |which| html! { (categories(labels, which)) })) }
                }
            }
            td {
                @match &one.flag {
                    Some(flag) => { span lang=(labels.agreement_language()) { (flag) } }
                    None => { (t(language, "subprocessors-none-known")) }
                }
            }
            td { (labels.clause(&one.clause)) }
        }
    }
}

/// That the agreement is silent, and what follows from it.
fn silent(labels: Labels<'_>, key: &str, note: &str) -> Markup {
    html! {
        em.not-found { (t(labels.language, key)) }
        @if !note.is_empty() { " " small.why lang=(labels.agreement_language()) { "(" (note) ")" } }
    }
}

fn country(labels: Labels<'_>, code: &str) -> String {
    let key = format!("country-{}", code.to_lowercase());
    if has(labels.language, &key) { t(labels.language, &key) } else { code.to_owned() }
}

fn categories(labels: Labels<'_>, which: &SubprocessorCategories) -> String {
    match which {
        SubprocessorCategories::Listed(listed) => labels.categories(listed),
        SubprocessorCategories::Declared => {
            let declared = labels.agreement.map(declared).unwrap_or_default();
            t_with(
                labels.language,
                "subprocessors-categories-declared",
                &[("categories", labels.categories(declared).into())],
            )
        }
    }
}

fn declared(agreement: &Agreement) -> Vec<&Category> {
    let mut all: Vec<&Category> = Vec::new();
    for category in agreement.declares().iter().flat_map(|one| &one.categories) {
        if !all.contains(&category) {
            all.push(category);
        }
    }
    all
}

/// The list as CSV, with *not found* in words: an empty cell would look like *none*.
pub(crate) fn sheet(labels: Labels<'_>, agreement: &Agreement) -> Vec<u8> {
    let language = labels.language;
    let mut sheet = Sheet::new(
        [
            "subprocessors-id",
            "subprocessors-name",
            "subprocessors-task",
            "subprocessors-country",
            "subprocessors-place-only",
            "subprocessors-categories",
            "subprocessors-flag",
            "subprocessors-clause",
        ]
        .map(|key| t(language, key)),
    );
    let text = |value: &Sourced<String>| match value {
        Sourced::Found { value, .. } => value.clone(),
        Sourced::None => t(language, "agreement-none"),
        Sourced::NotFound { .. } => t(language, "agreement-not-found"),
    };
    for one in agreement.subprocessors() {
        let which = match &one.categories {
            Sourced::Found { value, .. } => categories(labels, value),
            Sourced::None => t(language, "agreement-none"),
            Sourced::NotFound { .. } => t(language, "agreement-not-found"),
        };
        sheet.row([
            one.id.as_str(),
            &one.name,
            one.task.text(language),
            &text(&one.country),
            &text(&one.place),
            &which,
            one.flag.as_deref().unwrap_or(""),
            agreement.number(&one.clause),
        ]);
    }
    sheet.into_bytes()
}

/// The list for programs.
#[derive(Serialize)]
pub(crate) struct List<'a> {
    service: &'a str,
    agreement: Version<'a>,
    subprocessors: Vec<One<'a>>,
    mentioned: Vec<Named<'a>>,
}

#[derive(Serialize)]
struct Version<'a> {
    version: &'a str,
    sha256: String,
    published: Value<&'a str>,
}

#[derive(Serialize)]
struct One<'a> {
    id: &'a str,
    name: &'a str,
    task: Texts<'a>,
    country: Value<&'a str>,
    place: Value<&'a str>,
    categories: Value<Vec<&'a str>>,
    hosts: &'a [String],
    flag: Option<&'a str>,
    clause: ClauseOf<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    flag: &'a str,
    clause: ClauseOf<'a>,
}

#[derive(Serialize)]
struct Texts<'a> {
    sv: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct ClauseOf<'a> {
    id: &'a str,
    number: &'a str,
}

/// A value with its origin. `none` and `not-found` are two things.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
enum Value<T> {
    Found { value: T, provenance: &'static str },
    None,
    NotFound { looked_for: String },
}

pub(crate) fn list(agreement: &Agreement) -> List<'_> {
    List {
        service: agreement.service().as_str(),
        agreement: Version {
            version: agreement.version(),
            sha256: agreement.hash().to_string(),
            published: value(&agreement.document().published, |text| text.as_str()),
        },
        subprocessors: agreement
            .subprocessors()
            .iter()
            .map(|one| One {
                id: one.id.as_str(),
                name: &one.name,
                task: Texts { sv: &one.task.sv, en: &one.task.en },
                country: value(&one.country, |text| text.as_str()),
                place: value(&one.place, |text| text.as_str()),
                categories: value(&one.categories, |which| match which {
                    SubprocessorCategories::Listed(listed) => listed.iter().map(Category::as_str).collect(),
                    SubprocessorCategories::Declared => declared(agreement).into_iter().map(Category::as_str).collect(),
                }),
                hosts: &one.hosts,
                flag: one.flag.as_deref(),
                clause: ClauseOf { id: one.clause.as_str(), number: agreement.number(&one.clause) },
            })
            .collect(),
        mentioned: agreement
            .mentioned()
            .iter()
            .map(|one| Named {
                name: &one.organisation,
                flag: &one.flag,
                clause: ClauseOf { id: one.clause.as_str(), number: agreement.number(&one.clause) },
            })
            .collect(),
    }
}

fn value<'a, T, U>(sourced: &'a Sourced<T>, show: impl FnOnce(&'a T) -> U) -> Value<U> {
    match sourced {
        Sourced::Found { value, provenance, .. } => Value::Found {
            value: show(value),
            provenance: match provenance {
                Provenance::Stated => "stated",
                Provenance::Derived => "derived",
                Provenance::SetByOperator => "set by the operator",
            },
        },
        Sourced::None => Value::None,
        Sourced::NotFound { note } => Value::NotFound { looked_for: note.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;
    use terms::Language;

    #[test]
    fn what_the_agreement_does_not_say_is_said_and_never_filled_in() {
        let agreement = sample::agreement();
        let html = view(sample::labels(&agreement, Language::Sv), &agreement, "Biblioteket").into_string();
        for said in [
            "Avtalet anger inte landet",
            "Avtalet anger inte platsen",
            "Avtalet säger inte vilka uppgifter",
            "Avtalet säger inte när versionen publicerades",
            "Sverige",
            "Platsen är vag.",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
        assert!(!html.contains("subprocessors-"), "a key without words: {html}");
        sample::check_clauses(&agreement, &html);
        sample::check_headings(&html);
    }

    #[test]
    fn the_sheet_runs_nothing_and_leaves_no_silence_empty() {
        let agreement = sample::agreement();
        let csv = String::from_utf8(sheet(sample::labels(&agreement, Language::En), &agreement)).unwrap();
        assert!(csv.contains("\"'=Molnet\""), "{csv}");
        assert_eq!(csv.matches("Not found in the text").count(), 3, "{csv}");
    }

    #[test]
    fn programs_can_tell_none_from_not_found() {
        let agreement = sample::agreement();
        let json = serde_json::to_value(list(&agreement)).unwrap();
        let first = &json["subprocessors"][0];
        assert_eq!(first["country"]["is"], "found");
        assert_eq!(first["categories"]["is"], "not-found");
        assert_eq!(first["clause"]["number"], "6");
    }

    #[test]
    fn the_page_follows_the_agreement_alone() {
        let text = sample::TEXT.replace("Hyllan AB", "Skåpet AB").replace("country = \"SE\"", "country = \"DE\"");
        let changed = Agreement::read("changed.sv.md", &text).unwrap();
        let html = view(sample::labels(&changed, Language::Sv), &changed, "Biblioteket").into_string();
        assert!(html.contains("Skåpet AB") && html.contains("Tyskland") && !html.contains("Sverige"));
    }
}
