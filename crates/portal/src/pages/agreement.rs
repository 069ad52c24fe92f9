//! The agreement for people: facts first, then who may see what, what the check warns of, and the clauses with the terms that
//! run under them. Public for the general version; a customer who is signed in sees its own.
//!
//! Everything shown is read from the agreement. Where it is silent, that is said, and nothing is put in its place.

use std::sync::Arc;

use agreement::art28::Override;
use agreement::{Adoption, Agreement, Clause, PartySide};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use terms::{Instant, Language};

use crate::ctx::Ctx;
use crate::form::query_value;
use crate::moment::{day_text, moment};
use crate::pages::answers;
use crate::pages::clause_text::{Reading, markdown};
use crate::pages::labels::{Labels, capital};
use crate::pages::may::may_rows;
use crate::words::{t, t_with};
use crate::{frame, routes};

/// `/{service}/avtal`, with `?version=` the hash of one of the reader's own versions.
pub async fn page(ctx: Ctx) -> Response {
    let Some(shown) = Shown::of(&ctx) else { return nothing(&ctx) };
    let Some(shop) = &ctx.shop else { return answers::missing(&ctx) };
    let agreement = &*shown.agreement;
    let reading = reading(&ctx, agreement);
    let title = agreement.title().text(ctx.language);
    let view = View {
        labels: Labels { language: ctx.language, service: &shop.kinds.service, agreement: Some(agreement) },
        agreement,
        standing: shown.standing,
        from: shown.from,
        versions: shown.versions.iter().rev().collect(),
        in_force: shown.in_force,
        reading: reading.as_ref(),
    };
    let overrides = ctx.portal.agreements.overrides(&shop.kinds.service);
    frame::page(&ctx, title, html! { h1 { (title) } (exceptions(&ctx, &overrides)) (self::view(&view)) })
}

/// In spite of what it is in force. One that has run out is shown too, and says so.
fn exceptions(ctx: &Ctx, overrides: &[Override]) -> Markup {
    let today = ctx.now();
    html! {
        @for one in overrides {
            @let ended = is_over(one, today);
            p.note {
                (ctx.t_with(if ended { "agreement-exception-ended" } else { "agreement-exception" }, &[
                    ("of", one.of.join(", ").into()),
                    ("who", one.who.clone().into()),
                    ("why", match ctx.language { Language::Sv => one.why.sv.clone(), Language::En => one.why.en.clone() }.into()),
                    ("until", day_text(ctx.language, one.until).into()),
                ]))
            }
        }
    }
}

/// Whether the last day of an override has passed, in Sweden.
fn is_over(one: &Override, now: Instant) -> bool {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    let now = jiff::Timestamp::from_microsecond(now.micros()).unwrap_or(jiff::Timestamp::MAX);
    now.to_zoned(zone).date() > one.until
}

/// `/{service}/avtal.md`: the file as it was read, to the byte, so that its fingerprint can be checked.
pub async fn file(ctx: Ctx) -> Response {
    let Some(shown) = Shown::of(&ctx) else { return nothing(&ctx) };
    let name = format!("attachment; filename=\"avtal-{}.md\"", shown.agreement.service());
    let headers = [(CONTENT_TYPE, "text/markdown; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    (headers, shown.agreement.text().to_owned()).into_response()
}

/// The agreement retold in the reader's language, where that is not the agreement's own.
pub(crate) fn reading(ctx: &Ctx, agreement: &Agreement) -> Option<Reading> {
    if ctx.language.tag() == agreement.document().language {
        return None;
    }
    ctx.portal.agreements.reading(&agreement.hash(), ctx.language).map(|text| Reading::read(&text))
}

/// Nothing in force, or a version that is not the reader's own.
fn nothing(ctx: &Ctx) -> Response {
    if ctx.shop.is_none() || query_value(&ctx.here, "version").is_some() {
        return answers::missing(ctx);
    }
    let title = ctx.t("agreement-missing-title");
    frame::page_with(ctx, StatusCode::NOT_FOUND, &title, html! { h1 { (title) } p { (ctx.t("agreement-missing")) } })
}

/// Which agreement this reader is shown. A version that is not the reader's own is not found.
struct Shown {
    agreement: Arc<Agreement>,
    standing: Standing,
    from: Option<Instant>,
    versions: Vec<Adoption>,
    in_force: Option<Instant>,
}

impl Shown {
    fn of(ctx: &Ctx) -> Option<Self> {
        let shop = ctx.shop.as_ref()?;
        let wanted = query_value(&ctx.here, "version");
        let home = ctx.me.as_ref().filter(|me| !me.provider).and_then(|me| ctx.portal.agreements.customer(&me.home));
        let versions = match home.filter(|home| home.service == shop.kinds.service) {
            Some(home) => ctx.portal.agreements.versions(&home.id),
            None => Vec::new(),
        };
        let now = ctx.now();
        let in_force = versions.iter().rfind(|one| one.from <= now);
        let since = in_force.map(|one| one.from);
        let chosen = match &wanted {
            Some(hash) => Some(versions.iter().rfind(|one| one.agreement.hash().to_string() == *hash)),
            None => in_force.map(Some),
        };
        match chosen {
            Some(Some(one)) => {
                let standing = match since {
                    Some(since) if one.from == since => Standing::Yours,
                    Some(since) if one.from < since => Standing::Older,
                    _ => Standing::Coming,
                };
                let (agreement, from) = (Arc::clone(&one.agreement), Some(one.from));
                Some(Self { agreement, standing, from, versions, in_force: since })
            }
            // Not among the reader's own: perhaps the general one, and otherwise nobody's business.
            Some(None) | None => {
                let agreement = ctx.portal.agreements.current(&shop.kinds.service)?;
                let general = wanted.is_none_or(|hash| agreement.hash().to_string() == hash);
                general.then_some(Self {
                    agreement,
                    standing: Standing::General,
                    from: None,
                    versions,
                    in_force: since,
                })
            }
        }
    }
}

/// What stands on the page.
pub(crate) struct View<'a> {
    /// The labels, with this same agreement.
    pub labels: Labels<'a>,
    /// The agreement.
    pub agreement: &'a Agreement,
    /// For whom it stands here.
    pub standing: Standing,
    /// From when it governs the reader, where that is known.
    pub from: Option<Instant>,
    /// The reader's versions, latest first; empty for the public.
    pub versions: Vec<&'a Adoption>,
    /// Which of them governs now.
    pub in_force: Option<Instant>,
    /// The agreement retold in the reader's language.
    pub reading: Option<&'a Reading>,
}

/// For whom the agreement stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// For anybody: what the service offers now.
    General,
    /// For the reader's organisation, now.
    Yours,
    /// For the reader's organisation, before.
    Older,
    /// For the reader's organisation, later.
    Coming,
}

/// The body of the page.
pub(crate) fn view(view: &View<'_>) -> Markup {
    let language = view.labels.language;
    let standing = match view.standing {
        Standing::General => t(language, "agreement-general-version"),
        Standing::Yours => t(language, "agreement-your-version"),
        Standing::Older => t(language, "agreement-older-version"),
        Standing::Coming => t(language, "agreement-future-version"),
    };
    html! {
        p.answer { (standing) }
        (facts(view))
        (versions(view))
        (who_may(view.labels, view.agreement))
        (warnings(view))
        (clauses(view))
    }
}

fn facts(view: &View<'_>) -> Markup {
    let (labels, agreement, language) = (view.labels, view.agreement, view.labels.language);
    let document = agreement.document();
    html! {
        section.card aria-labelledby="facts" {
            h2 #facts { (t(language, "agreement-facts")) }
            dl.facts {
                @for side in [PartySide::Controller, PartySide::Processor] {
                    dt { (t(language, if side == PartySide::Controller { "agreement-facts-controller" } else { "agreement-facts-processor" })) }
                    @for party in agreement.parties().iter().filter(|party| party.side == side) {
                        dd {
                            (labels.sourced(&party.name, |name| html! { (name) })) ", "
                            (labels.sourced(&party.registration_number, |number| html! {
                                (t_with(language, "agreement-facts-registration", &[("number", number.as_str().into())]))
                            }))
                            " " (labels.clause(&party.clause))
                        }
                    }
                    @if !agreement.parties().iter().any(|party| party.side == side) { dd { (labels.not_found("")) } }
                }
                dt { (t(language, "agreement-facts-version")) }
                dd { (document.version) " " (labels.clause(&document.clause)) }
                dt { (t(language, "agreement-facts-published")) }
                dd { (labels.sourced(&document.published, |text| html! { (text) })) }
                dt { (t(language, "agreement-facts-from")) }
                dd {
                    @if let Some(from) = view.from { (moment(language, from)) "; " }
                    span lang=(labels.agreement_language()) {
                        (labels.sourced(&agreement.in_force_terms().from, |text| html! { (text) }))
                    }
                    " " (labels.clause(&agreement.in_force_terms().clause))
                }
                dt { (t(language, "agreement-facts-purposes")) }
                @for purpose in agreement.purposes() {
                    dd { (capital(purpose.label.text(language))) " " (labels.clause(&purpose.clause)) (labels.origin(&purpose.origin)) }
                }
                dt { (t(language, "agreement-facts-subjects")) }
                @for subject in agreement.subjects() {
                    dd {
                        @if subject.declared {
                            (subject.label.text(language))
                        } @else {
                            (t_with(language, "agreement-subject-undeclared", &[("name", subject.label.text(language).into())]))
                        }
                        " " (labels.clause(&subject.clause)) (labels.origin(&subject.origin))
                        @if let Some(why) = &subject.why_undeclared {
                            " " small.why lang=(labels.agreement_language()) { (why) }
                        }
                    }
                }
                dt { (t(language, "agreement-facts-roles")) }
                @for role in agreement.roles() {
                    dd { (labels.role_and_side(&role.id)) " " (labels.clause(&role.clause)) (labels.origin(&role.origin)) }
                }
                dt { (t(language, "agreement-facts-subprocessors")) }
                dd {
                    a href=(format!("/{}/{}", labels.service, routes::SUBPROCESSORS)) {
                        (t_with(language, "agreement-subprocessor-count", &[("count", agreement.subprocessors().len().into())]))
                    }
                }
                @if let Some(logging) = agreement.logging() {
                    dt { (t(language, "agreement-facts-log")) }
                    dd { (labels.sourced(&logging.keep, |keep| html! { (keep) })) " " (labels.clause(&logging.clause)) }
                }
                dt { (t(language, "agreement-hash")) }
                dd { code.hash { (agreement.hash()) } }
            }
            p { a href=(format!("/{}/avtal/register", labels.service)) { (t(language, "agreement-registers-link")) } }
            p { a href=(download(view)) { (t(language, "agreement-download")) } }
        }
    }
}

/// The address of the file as it was read, of just this version.
fn download(view: &View<'_>) -> String {
    let service = view.labels.service;
    match view.standing {
        Standing::General => format!("/{service}/avtal.md"),
        _ => format!("/{service}/avtal.md?version={}", view.agreement.hash()),
    }
}

fn versions(view: &View<'_>) -> Markup {
    let (labels, language) = (view.labels, view.labels.language);
    html! {
        @if !view.versions.is_empty() {
            section aria-labelledby="versions" {
                h2 #versions { (t(language, "agreement-versions")) }
                table {
                    caption { (t(language, "agreement-versions-caption")) }
                    thead {
                        tr {
                            th scope="col" { (t(language, "agreement-versions-version")) }
                            th scope="col" { (t(language, "agreement-versions-from")) }
                            th scope="col" { (t(language, "agreement-versions-hash")) }
                        }
                    }
                    tbody {
                        @for adoption in &view.versions {
                            tr {
                                th scope="row" {
                                    a href=(format!("/{}/avtal?version={}", labels.service, adoption.agreement.hash())) {
                                        (adoption.agreement.version())
                                    }
                                    @if view.in_force == Some(adoption.from) { " (" (t(language, "agreement-versions-now")) ")" }
                                }
                                td { (moment(language, adoption.from)) }
                                td { code.hash { (adoption.agreement.hash()) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn who_may(labels: Labels<'_>, agreement: &Agreement) -> Markup {
    let language = labels.language;
    let rows = may_rows(agreement);
    html! {
        section aria-labelledby="who-may" {
            h2 #who-may { (t(language, "agreement-may-heading")) }
            @if rows.is_empty() {
                p { (t(language, "agreement-may-none")) }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="who-may" {
                    table {
                        caption { (t(language, "agreement-may-caption")) }
                        thead {
                            tr {
                                th scope="col" { (t(language, "agreement-may-role")) }
                                th scope="col" { (t(language, "agreement-may-verbs")) }
                                th scope="col" { (t(language, "agreement-may-subject")) }
                                th scope="col" { (t(language, "agreement-may-categories")) }
                                th scope="col" { (t(language, "agreement-may-purpose")) }
                                th scope="col" { (t(language, "agreement-may-within")) }
                                th scope="col" { (t(language, "agreement-may-clause")) }
                            }
                        }
                        tbody {
                            @for row in &rows {
                                tr {
                                    th scope="row" { (labels.role_and_side(&row.role)) }
                                    td { (labels.verbs(&row.verbs)) }
                                    td { (labels.subject(&row.subject)) }
                                    td {
                                        @let categories = labels.categories(&row.categories);
                                        @if row.all_declared {
                                            (t_with(language, "agreement-all-declared", &[("categories", categories.into())]))
                                        } @else {
                                            (categories)
                                        }
                                    }
                                    td { (capital(&labels.purposes(&row.purposes))) }
                                    td {
                                        @let case = row.within.as_ref().map(|case| {
                                            t_with(language, "agreement-may-within-case", &[("case", labels.case(case).into())])
                                        });
                                        @let limits = labels.limits(row.reach, row.needs_consent.is_some());
                                        @let only: Vec<String> = case.into_iter().chain(limits).collect();
                                        @if only.is_empty() { (t(language, "agreement-may-always")) } @else { (only.join("; ")) }
                                    }
                                    td { (labels.clause(&row.clause)) br; small { (labels.provenance_short(row.origin.provenance)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn warnings(view: &View<'_>) -> Markup {
    let (labels, language) = (view.labels, view.labels.language);
    let warnings = view.agreement.warnings();
    html! {
        section aria-labelledby="warnings" {
            h2 #warnings { (t(language, "agreement-warnings")) }
            @if warnings.is_empty() {
                p { (t(language, "agreement-warnings-none")) }
            } @else {
                p { (t(language, "agreement-warnings-lead")) }
                // The checker speaks English to everyone, like a compiler.
                ul {
                    @for warning in warnings {
                        li {
                            strong { (t(language, &format!("agreement-warning-{}", warning.code.code()))) } ": "
                            span lang="en" { (warning.message) }
                            @if let Some(clause) = &warning.clause { " " (labels.clause(clause)) }
                        }
                    }
                }
            }
        }
    }
}

fn clauses(view: &View<'_>) -> Markup {
    let language = view.labels.language;
    let all = view.agreement.clauses();
    html! {
        section aria-labelledby="clauses" {
            h2 #clauses { (t(language, "agreement-clauses")) }
            @if view.reading.is_some() {
                p.note { (t(language, "agreement-english-reading")) }
            } @else if view.labels.agreement_language() != language.tag() {
                p.note { (t(language, if language == Language::En { "agreement-swedish-governs" } else { "agreement-english-governs" })) }
            }
            details {
                summary { (t(language, "agreement-clauses-contents")) }
                ul.contents {
                    @for clause in all { li { a href=(format!("#{}", clause.id)) { (clause.number) " " (title(view, clause).0) } } }
                }
            }
            @for one in all { (clause(view, one)) }
        }
    }
}

fn clause(view: &View<'_>, clause: &Clause) -> Markup {
    let language = view.labels.language;
    let (title, prose, tongue) = title(view, clause);
    let inner = html! {
        @if !clause.number.is_empty() { (clause.number) " " }
        span lang=(tongue) { (title) }
    };
    html! {
        article.part id=(clause.id) {
            @match clause.level {
                0..=2 => h3 { (inner) },
                3 => h4 { (inner) },
                4 => h5 { (inner) },
                _ => h6 { (inner) },
            }
            div.prose lang=(tongue) { (markdown(prose)) }
            @if !clause.terms.is_empty() {
                details.terms {
                    summary {
                        @if clause.number.is_empty() {
                            (t(language, "agreement-terms-run-unnumbered"))
                        } @else {
                            (t_with(language, "agreement-terms-run", &[("number", clause.number.as_str().into())]))
                        }
                    }
                    p { (t(language, "agreement-terms-lead")) }
                    @for terms in &clause.terms {
                        pre tabindex="0" { code { (terms) } }
                    }
                }
            }
        }
    }
}

/// Title and prose, of the reading where it has the clause, with their language. The number is always the agreement's own.
fn title<'a>(view: &View<'a>, clause: &'a Clause) -> (&'a str, &'a str, &'a str) {
    match view.reading.and_then(|reading| reading.clause(&clause.id)) {
        Some(read) => (&read.title, &read.prose, view.labels.language.tag()),
        None => (&clause.title, &clause.prose, view.labels.agreement_language()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample;

    fn rendered(language: Language, reading: Option<&Reading>) -> (Agreement, String) {
        let agreement = sample::agreement();
        let page = View {
            labels: sample::labels(&agreement, language),
            agreement: &agreement,
            standing: Standing::General,
            from: None,
            versions: Vec::new(),
            in_force: None,
            reading,
        };
        let html = view(&page).into_string();
        (agreement, html)
    }

    #[test]
    fn every_number_and_link_is_of_a_clause_and_headings_come_in_order() {
        for language in [Language::Sv, Language::En] {
            let (agreement, html) = rendered(language, None);
            sample::check_clauses(&agreement, &html);
            sample::check_headings(&html);
            assert!(!html.contains("agreement-"), "a key without words: {html}");
            for clause in agreement.clauses() {
                assert!(html.contains(&format!("id=\"{}\"", clause.id)), "{}", clause.id);
            }
        }
    }

    #[test]
    fn every_sort_of_warning_has_words() {
        use agreement::WarningCode as W;
        for code in [W::NotFound, W::Required, W::NotDeclared, W::Unused, W::VaguePlace, W::Flagged, W::Mentioned] {
            let key = format!("agreement-warning-{}", code.code());
            assert!(crate::words::has(Language::Sv, &key) && crate::words::has(Language::En, &key), "{key}");
        }
    }

    #[test]
    fn what_is_not_found_is_no_promise() {
        let (_, html) = rendered(Language::Sv, None);
        // Published, the customer's name and number, and how long the log is kept.
        assert_eq!(html.matches("Finns inte i texten").count(), 4, "{html}");
        assert!(html.contains("hur länge loggen sparas"));
    }

    #[test]
    fn what_the_operator_chose_is_said_to_be_no_promise() {
        let (_, html) = rendered(Language::Sv, None);
        assert!(html.contains("satt av leverantören, inget löfte i avtalet"), "{html}");
        assert!(html.contains("texten nämner inga roller"));
    }

    #[test]
    fn the_text_of_a_clause_brings_no_markup_of_its_own() {
        let (_, html) = rendered(Language::Sv, None);
        assert!(html.contains("undertecknas") && !html.contains("onclick=\"x\""), "{html}");
    }

    #[test]
    fn a_reading_is_shown_with_the_agreements_numbers_and_its_own_reservation() {
        let reading = Reading::read("## 99 Other data {#no-other}\n\nOnly what 3.1 says.\n");
        let (_, html) = rendered(Language::En, Some(&reading));
        assert!(html.contains("Only what 3.1 says.") && !html.contains("99 "), "{html}");
        assert!(html.contains("The Swedish text governs."));
        assert!(
            html.contains("Den som behöver."),
            "a clause that the reading lacks stands in the agreement's own words"
        );
    }
}
