//! What was read in a text from outside: what it is, what it says with quotation, line and clause, what is odd about it, and what it
//! does not say.
//!
//! Everything of the text is shown as text, in its own language; what the program says about it stands apart.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use reading::told::{found_by_group, shown, verdict};
use reading::{Proposal, Reading, Verdict, field_label, kind_label};

use crate::ctx::Ctx;
use crate::frame::page_with;
use crate::pages::labels::capital;
use crate::pages::{read, read_report};
use crate::routes;

/// Values of one field that are shown; a price list may have hundreds.
const MAX_SHOWN: usize = 60;
/// Findings that are shown.
const MAX_FINDINGS: usize = 200;
/// The longest quotation, in characters.
const QUOTATION: usize = 600;

/// The page of a reading.
pub fn page_of(ctx: &Ctx, reading: &Reading) -> Response {
    let title = ctx.t_with("read-of", &[("file", reading.source().file.as_str().into())]);
    let body = html! {
        h1 { (title) }
        p.answer { strong { (capital(verdict(reading).text(ctx.language))) "." } }
        (counts(ctx, reading))
        @if matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement) { (confirm(ctx)) }
        @if !reading.proposals.is_empty() { (says(ctx, reading)) }
        (findings(ctx, reading))
        @if !reading.proposals.is_empty() { (not_found(ctx, reading)) }
        (parts(ctx, reading))
        (about_the_file(ctx, reading))
        (read_report::asks(ctx, reading))
        h2 { (ctx.t("read-another")) }
        (read::asks(ctx, None))
    };
    page_with(ctx, StatusCode::OK, &title, body)
}

/// Where such a text is confirmed, for whoever may; in a demo, as whom.
fn confirm(ctx: &Ctx) -> Markup {
    let may = ctx.portal.house.is_some() && ctx.me.as_ref().is_some_and(|me| me.provider) && ctx.gives_accounts();
    html! {
        @if may {
            p { a href=(format!("/{}/{}", ctx.service_path(), routes::CONFIRM)) { (ctx.t("confirm-title")) } }
        } @else if ctx.portal.settings.demo.is_some() {
            p.help { (ctx.t("confirm-as-whom")) }
        }
    }
}

fn counts(ctx: &Ctx, reading: &Reading) -> Markup {
    let known = matches!(reading.verdict, Verdict::Agreement | Verdict::OtherAgreement | Verdict::Register);
    if !known {
        return html! { p { (ctx.t("read-nothing-from-it")) } };
    }
    let proposals = reading.proposals.iter().filter(|it| it.is_first()).count();
    let counted = [
        ("values", proposals.into()),
        ("findings", reading.findings.len().into()),
        ("missing", reading.not_found().len().into()),
    ];
    html! {
        p { (ctx.t_with("read-counts", &counted)) }
        p { (ctx.t("read-unconfirmed")) }
    }
}

/// The language of the text, where the page is in another.
fn lang<'r>(ctx: &Ctx, reading: &'r Reading) -> Option<&'r str> {
    reading.language.filter(|language| *language != ctx.language.tag())
}

fn says(ctx: &Ctx, reading: &Reading) -> Markup {
    html! {
        section aria-labelledby="read-says" {
            h2 #read-says { (ctx.t("read-says")) }
            @for (group, fields) in found_by_group(reading) {
                h3 { (group.text(ctx.language)) }
                dl.sheet {
                    @for field in fields {
                        @let all: Vec<&Proposal> = reading.of_field(field).filter(|it| it.is_first()).collect();
                        dt { (field_label(field).map_or(field, |label| label.text(ctx.language))) }
                        dd {
                            @if let [one] = all.as_slice() {
                                (value(ctx, reading, one))
                            } @else {
                                ul { @for one in all.iter().take(MAX_SHOWN) { li { (value(ctx, reading, one)) } } }
                                @if all.len() > MAX_SHOWN {
                                    p.help { (ctx.t_with("read-more", &[("count", (all.len() - MAX_SHOWN).into())])) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A value with the words that state it and where they stand.
fn value(ctx: &Ctx, reading: &Reading, one: &Proposal) -> Markup {
    let value = shown(one.value(), ctx.language);
    html! {
        strong lang=[lang(ctx, reading)] { (cut(&value)) }
        " " small { (place(ctx, reading, one)) }
        @if value != one.quote() {
            blockquote.quoted lang=[lang(ctx, reading)] { (cut(one.quote())) }
        }
    }
}

/// «rad 12, punkt 4.2», and the page where the file has pages.
fn place(ctx: &Ctx, reading: &Reading, one: &Proposal) -> String {
    let mut place = ctx.t_with("read-line", &[("line", one.lines().0.into())]);
    if let Some(page) = one.page() {
        place.push_str(&ctx.t_with("read-page", &[("page", page.into())]));
    }
    let clause = one.clause().and_then(|at| reading.clauses.get(at));
    if let Some(number) = clause.and_then(|clause| clause.called()) {
        place.push_str(&ctx.t_with("read-clause", &[("number", number.trim_end_matches('.').into())]));
    }
    place
}

fn findings(ctx: &Ctx, reading: &Reading) -> Markup {
    if reading.findings.is_empty() {
        return html! {};
    }
    html! {
        section aria-labelledby="read-findings" {
            h2 #read-findings { (ctx.t("read-findings")) }
            p { (ctx.t("read-findings-what")) }
            ul {
                @for finding in reading.findings.iter().take(MAX_FINDINGS) {
                    li {
                        (finding.says.text(ctx.language)) " "
                        small { (ctx.t_with("read-line", &[("line", finding.lines.0.into())])) }
                    }
                }
            }
            @if reading.findings.len() > MAX_FINDINGS {
                p.help { (ctx.t_with("read-more", &[("count", (reading.findings.len() - MAX_FINDINGS).into())])) }
            }
        }
    }
}

fn not_found(ctx: &Ctx, reading: &Reading) -> Markup {
    html! {
        section aria-labelledby="read-missing" {
            h2 #read-missing { (ctx.t("read-missing")) }
            p { (ctx.t("read-missing-what")) }
            ul.contents {
                @for field in reading.not_found() {
                    li { (field_label(field).map_or(field, |label| label.text(ctx.language))) ": " em.not-found { (ctx.t("same-event-not-found")) } }
                }
            }
        }
    }
}

fn parts(ctx: &Ctx, reading: &Reading) -> Markup {
    html! {
        section aria-labelledby="read-parts" {
            h2 #read-parts { (ctx.t("read-parts")) }
            div.scroll {
                table.cards {
                    caption { (ctx.t("read-parts-caption")) }
                    thead {
                        tr {
                            th scope="col" { (ctx.t("read-part")) }
                            th scope="col" { (ctx.t("read-part-kind")) }
                            th scope="col" { (ctx.t("read-part-lines")) }
                        }
                    }
                    tbody {
                        @for part in &reading.parts {
                            tr {
                                th scope="row" lang=[lang(ctx, reading)] { @if part.title.is_empty() { "–" } @else { (cut(&part.title)) } }
                                td data-label=(ctx.t("read-part-kind")) {
                                    (kind_label(&part.kind).map_or(part.kind.as_str(), |label| label.text(ctx.language)))
                                }
                                td data-label=(ctx.t("read-part-lines")) { (part.lines.0) "–" (part.lines.1) }
                            }
                        }
                        @for skipped in &reading.skipped {
                            tr {
                                th scope="row" { (ctx.t("read-skipped")) }
                                td data-label=(ctx.t("read-part-kind")) { (ctx.t("read-skipped-what")) }
                                td data-label=(ctx.t("read-part-lines")) { (skipped.lines.0) "–" (skipped.lines.1) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn about_the_file(ctx: &Ctx, reading: &Reading) -> Markup {
    let source = reading.source();
    html! {
        h2 { (ctx.t("read-about")) }
        dl.sheet {
            dt { (ctx.t("read-about-format")) } dd { (source.format.code()) " · " (source.decoded.encoding) }
            dt { (ctx.t("read-about-lines")) } dd { (source.line_count()) }
            dt { (ctx.t("read-about-language")) } dd { (reading.language.unwrap_or("–")) }
            dt { (ctx.t("read-about-hash")) } dd { code.hash { (source.hash()) } }
        }
    }
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(QUOTATION) {
        Some((end, _)) => format!("{} …", words.get(..end).unwrap_or(words)),
        None => words.to_owned(),
    }
}
