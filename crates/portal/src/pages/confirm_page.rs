//! The text with its line numbers and, in the margin beside the lines that they quote, the proposals: one of them is the one that is
//! chosen on now, with its buttons; the others say how they stand and are gone to by a link.
//!
//! Without script every button is there; with it each has a key (`crates/portal/static/confirm.js`). Of a long text a stretch around
//! the present proposal is shown.

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use maud::{Markup, html};
use reading::{
    Choice, Chosen, ComesFrom, Made, Proposal, ValueForm, field_label, form_of, kind_label, meanings,
    others_in_quotation, told,
};

use crate::ctx::Signed;
use crate::frame::{csrf, page_with};
use crate::guard::POLICY_WITH_KEYS;
use crate::moment::moment;
use crate::pages::confirm::{Back, Open, address, next_open, seen, who};
use crate::pages::labels::capital;
use crate::routes;

/// Lines of a text that are shown at once: all of a shorter one.
const MAX_LINES: usize = 1_200;
/// Lines that are shown before the present proposal of a longer text.
const LINES_BEFORE: usize = 300;
/// The longest quotation and value in the margin, in characters.
const MAX_SHOWN: usize = 600;

/// The page. `at` is the proposal that is chosen on; without one, the first that is open.
pub(super) fn page_of(
    signed: &Signed,
    open: &Open,
    status: StatusCode,
    at: Option<usize>,
    back: Option<&Back>,
) -> Response {
    let at = at.filter(|at| open.asked.contains(at));
    let at = at.or_else(|| open.asked.iter().copied().find(|at| !open.choices.contains_key(at)));
    let at = at.or_else(|| open.asked.first().copied());
    let progress = open.reading.progress(&open.asked, &open.choices);
    let title = signed.t_with("confirm-of", &[("file", open.made.file.as_str().into())]);
    let here = address(signed, &open.under.id);
    let body = html! {
        h1 { (title) }
        p.answer role="status" {
            (signed.t_with("confirm-progress", &[("done", progress.done.into()), ("of", progress.of.into())])) " "
            progress max=(progress.of.max(1)) value=(progress.done) aria-label=(signed.t("confirm-how-far")) {}
        }
        @if progress.done == progress.of {
            div.done {
                h2 { (signed.t("confirm-all-done")) }
                p { a href=(format!("{here}/avtal")) { (signed.t("confirm-see-result")) } }
            }
        } @else {
            p { a href=(format!("{here}/avtal")) { (signed.t("confirm-see-result")) } ". " (signed.t("confirm-saved")) }
        }
        @if !open.gone.is_empty() { (gone(signed, open)) }
        (parts(signed, open, &here))
        (missing(signed, open, &here, at))
        div.actions {
            p hidden data-keys {
                input #keys type="checkbox" autocomplete="off";
                " " label for="keys" { (signed.t("confirm-keys")) }
                " " small { (signed.t("confirm-keys-which")) }
            }
            form method="post" action=(here) {
                (csrf(signed))
                input type="hidden" name="revision" value=(open.under.revision);
                @if let Some(at) = at { input type="hidden" name="at" value=(at); }
                @if open.made.can_undo() {
                    button.quiet type="submit" name="do" value="undo" data-key=(signed.t("confirm-key-undo")) { (signed.t("confirm-undo")) }
                }
            }
        }
        h2 #text { (signed.t("confirm-text-and-proposals")) }
        (text(signed, open, &here, at, back))
        (throw_away(signed, open, &here))
        script src=(routes::KEYS_SCRIPT) defer {}
    };
    let mut response = page_with(signed, status, &title, body);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY_WITH_KEYS));
    response
}

/// What no rule found, and where a person points to it.
fn missing(signed: &Signed, open: &Open, here: &str, at: Option<usize>) -> Markup {
    let line = at.and_then(|at| open.reading.proposals.get(at)).map_or(1, |it| it.lines().0);
    let missing = open.reading.not_found();
    html! {
        p {
            a href=(format!("{here}/peka?fran={line}")) data-key=(signed.t("confirm-key-point")) { (signed.t("confirm-point")) }
            " " (signed.t("confirm-point-what"))
        }
        @if !missing.is_empty() {
            details {
                summary { (signed.t_with("confirm-missing", &[("count", missing.len().into())])) }
                ul {
                    @for field in missing {
                        li { a href=(format!("{here}/peka?falt={field}")) { (capital(&label(signed, field))) } }
                    }
                }
            }
        }
    }
}

fn gone(signed: &Signed, open: &Open) -> Markup {
    html! {
        div.problems role="alert" {
            p { (signed.t("confirm-gone")) }
            ul {
                @for (field, line) in &open.gone {
                    li { (label(signed, field)) ", " (signed.t_with("read-line", &[("line", (*line).into())])) }
                }
            }
        }
    }
}

fn label(signed: &Signed, field: &str) -> String {
    field_label(field).map_or_else(|| field.to_owned(), |label| label.text(signed.language).to_owned())
}

/// How far each part of the text has come.
fn parts(signed: &Signed, open: &Open, here: &str) -> Markup {
    let of_part = |part: Option<usize>| -> Vec<usize> {
        let is = |at: &usize| open.reading.proposals.get(*at).is_some_and(|it| it.part() == part);
        open.asked.iter().copied().filter(is).collect()
    };
    let all = (0..open.reading.parts.len()).map(Some).chain([None]);
    let rows: Vec<(String, Vec<usize>)> = all
        .filter_map(|part| {
            let asked = of_part(part);
            let known = part.and_then(|part| open.reading.parts.get(part));
            let name = known.map_or_else(
                || signed.t("confirm-no-part"),
                |part| {
                    let kind = kind_label(&part.kind).map_or(part.kind.as_str(), |label| label.text(signed.language));
                    if part.title.is_empty() { capital(kind) } else { format!("{} ({kind})", cut(&part.title)) }
                },
            );
            (!asked.is_empty()).then_some((name, asked))
        })
        .collect();
    html! {
        div.scroll {
            table.cards {
                caption { (signed.t("confirm-parts")) }
                thead {
                    tr {
                        th scope="col" { (signed.t("read-part")) }
                        th scope="col" { (signed.t("confirm-how-far")) }
                        th scope="col" { (signed.t("confirm-next-open")) }
                    }
                }
                tbody {
                    @for (name, asked) in &rows {
                        @let progress = open.reading.progress(asked, &open.choices);
                        tr {
                            th scope="row" { (name) }
                            td data-label=(signed.t("confirm-how-far")) {
                                (signed.t_with("confirm-progress", &[("done", progress.done.into()), ("of", progress.of.into())]))
                            }
                            td data-label=(signed.t("confirm-next-open")) {
                                @match asked.iter().find(|at| !open.choices.contains_key(at)) {
                                    Some(at) => a href=(format!("{here}?at={at}#now")) { (signed.t("confirm-go")) span.visually-hidden { ": " (name) } },
                                    None => (signed.t("confirm-none-open")),
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn text(signed: &Signed, open: &Open, here: &str, at: Option<usize>, back: Option<&Back>) -> Markup {
    let source = open.reading.source();
    let lines = source.line_count();
    let place = at.and_then(|at| open.reading.proposals.get(at));
    let here_line = place.map_or(1, |it| it.lines().0);
    let (first, last) = if lines <= MAX_LINES {
        (1, lines)
    } else {
        let first = here_line.saturating_sub(LINES_BEFORE).clamp(1, lines + 1 - MAX_LINES);
        (first, first + MAX_LINES - 1)
    };
    // A row begins where a proposal begins, so that each stands beside the lines that it quotes.
    let shown: Vec<(usize, &Proposal, usize)> = open
        .asked
        .iter()
        .filter_map(|at| open.reading.proposals.get(*at).map(|it| (it.lines().0, it, *at)))
        .filter(|(line, ..)| (first..=last).contains(line))
        .collect();
    let mut begins: Vec<usize> = shown.iter().map(|(line, ..)| *line).chain([first]).collect();
    begins.sort_unstable();
    begins.dedup();
    let ends = begins.iter().skip(1).map(|next| next - 1).chain([last]);
    let language = open.reading.language.filter(|language| *language != signed.language.tag());
    html! {
        @if lines > MAX_LINES {
            p.help { (signed.t_with("confirm-stretch", &[("first", first.into()), ("last", last.into()), ("lines", lines.into())])) }
        }
        div.confirming {
            @for (begin, end) in begins.iter().copied().zip(ends) {
                div.row {
                    div.lines lang=[language] {
                        @for number in begin..=end { (line(open, number, place)) }
                    }
                    div.margin {
                        @for (_, it, one) in shown.iter().filter(|(line, ..)| *line == begin) {
                            @if Some(*one) == at { (now(signed, open, here, it, *one, back)) } @else { (other(signed, open, here, it, *one)) }
                        }
                    }
                }
            }
        }
    }
}

/// A line as it stands; what the present proposal quotes is marked in it.
fn line(open: &Open, number: usize, now: Option<&Proposal>) -> Markup {
    let source = open.reading.source();
    let span = source.line(number);
    let raw = source.raw(span);
    let quoted = now.map(reading::Proposal::span).map(|quote| {
        let from = quote.start.clamp(span.start, span.end) - span.start;
        let to = quote.end.clamp(span.start, span.end) - span.start;
        (from, to)
    });
    let parts = quoted
        .filter(|(from, to)| from < to)
        .and_then(|(from, to)| Some((raw.get(..from)?, raw.get(from..to)?, raw.get(to..)?)));
    html! {
        p.line {
            span.number { (number) } " "
            @match parts {
                Some((before, marked, after)) => span { (before) mark { (marked) } (after) },
                None => span { (raw) },
            }
        }
    }
}

/// A proposal that is not chosen on now.
fn other(signed: &Signed, open: &Open, here: &str, it: &Proposal, at: usize) -> Markup {
    html! {
        div.proposal id=(format!("p-{at}")) {
            a href=(format!("{here}?at={at}#now")) { (capital(&label(signed, it.field()))) }
            ": " (cut(&told::shown(it.value(), signed.language))) " " (status(signed, open, it, at))
        }
    }
}

/// How a proposal stands.
fn status(signed: &Signed, open: &Open, it: &Proposal, at: usize) -> Markup {
    match open.made.on(it) {
        None if open.pointed.contains_key(&at) => html! { span.tag.good { (signed.t("confirm-made-pointed")) } },
        None => html! { span.tag { (signed.t("confirm-open")) } },
        Some(chosen) => html! {
            span class=(if chosen.made == Made::NotHere { "tag bad" } else { "tag good" }) { (made(signed, chosen.made)) }
            @if let Some(value) = &chosen.value {
                " " strong { (cut(told::meaning(value).text(signed.language))) } " " small { (origin(signed, chosen)) }
            }
        },
    }
}

fn made(signed: &Signed, made: Made) -> String {
    signed.t(match made {
        Made::Confirmed => "confirm-made-confirmed",
        Made::Changed => "confirm-made-changed",
        Made::NotHere => "confirm-made-not-here",
    })
}

fn origin(signed: &Signed, chosen: &Chosen) -> String {
    match chosen.from {
        Some(ComesFrom::Text) => signed.t("confirm-from-text"),
        Some(ComesFrom::Person) => signed.t("confirm-from-person"),
        None => String::new(),
    }
}

/// The proposal that is chosen on now.
fn now(signed: &Signed, open: &Open, here: &str, it: &Proposal, at: usize, back: Option<&Back>) -> Markup {
    let language = signed.language;
    let place = open.asked.iter().position(|one| *one == at).unwrap_or(0);
    let before = place.checked_sub(1).and_then(|place| open.asked.get(place));
    let after = open.asked.get(place + 1);
    let link = |to: Option<&usize>, key: &str, text: &str| {
        html! {
            @if let Some(to) = to {
                a href=(format!("{here}?at={to}#now")) data-key=(signed.t(key)) { (signed.t(text)) }
            }
        }
    };
    let next = next_open(&open.asked, &open.choices, at).filter(|next| *next != at);
    let chosen = open.made.on(it);
    html! {
        section.proposal.now aria-labelledby="now" {
            h3 #now tabindex="-1" {
                (capital(&label(signed, it.field())))
                " " small { (signed.t_with("confirm-place", &[("at", (place + 1).into()), ("of", open.asked.len().into())])) }
            }
            p { strong { (cut(&told::shown(it.value(), language))) } " " (status(signed, open, it, at)) }
            @match (chosen, open.pointed.get(&at)) {
                (Some(chosen), _) => (by_whom(signed, chosen.by.as_deref(), chosen.at.as_deref())),
                (None, Some(pointed)) => (by_whom(signed, pointed.by.as_deref(), pointed.at.as_deref())),
                (None, None) => {},
            }
            p.help { (where_it_stands(signed, open, it)) }
            blockquote.quoted { (cut(it.quote())) }
            @if let Some(back) = back { div.problems role="alert" { p #value-wrong { (back.wrong) } } }
            div.actions {
                (choice(signed, open, here, at, "confirm", "confirm-confirm", "confirm-key-confirm"))
                (choice(signed, open, here, at, "not-here", "confirm-not-here", "confirm-key-not-here"))
            }
            (change(signed, open, here, it, at, back))
            p.paging {
                (link(before, "confirm-key-before", "confirm-before"))
                (link(after, "confirm-key-after", "confirm-after"))
                (link(next.as_ref(), "confirm-key-next", "confirm-next"))
            }
        }
    }
}

fn by_whom(signed: &Signed, by: Option<&str>, at: Option<&str>) -> Markup {
    let person = by.and_then(|by| by.parse().ok());
    let at = at.and_then(|at| at.parse::<jiff::Timestamp>().ok());
    html! {
        p.help {
            @if let Some(person) = person { (signed.t_with("confirm-by", &[("who", who(signed, &person).into())])) }
            @if let Some(at) = at { " " (moment(signed.language, terms::Instant(at.as_microsecond()))) }
        }
    }
}

fn where_it_stands(signed: &Signed, open: &Open, it: &Proposal) -> String {
    let mut place = signed.t_with("read-line", &[("line", it.lines().0.into())]);
    if let Some(page) = it.page() {
        place.push_str(&signed.t_with("read-page", &[("page", page.into())]));
    }
    let clause = it.clause().and_then(|at| open.reading.clauses.get(at));
    if let Some(number) = clause.and_then(|clause| clause.called()) {
        place.push_str(&signed.t_with("read-clause", &[("number", number.trim_end_matches('.').into())]));
    }
    place
}

fn hidden(signed: &Signed, open: &Open, at: usize) -> Markup {
    html! {
        (csrf(signed))
        input type="hidden" name="at" value=(at);
        input type="hidden" name="seen" value=(seen(open, at));
    }
}

fn choice(signed: &Signed, open: &Open, here: &str, at: usize, what: &str, text: &str, key: &str) -> Markup {
    html! {
        form method="post" action=(here) {
            (hidden(signed, open, at))
            button type="submit" name="do" value=(what) data-key=(signed.t(key)) { (signed.t(text)) }
        }
    }
}

/// Another value: one that the quotation holds, by a press; or the person's own.
fn change(signed: &Signed, open: &Open, here: &str, it: &Proposal, at: usize, back: Option<&Back>) -> Markup {
    let form = form_of(it);
    if form == ValueForm::Fixed {
        return html! { p.help { (signed.t("confirm-fixed")) } };
    }
    let present = match open.choices.get(&at) {
        Some(Choice::Changed(value)) => value.clone(),
        _ => String::new(),
    };
    let written = back.map(|back| back.written.clone()).filter(|written| !written.is_empty()).unwrap_or(present);
    let described = if back.is_some() { "value-wrong value-help" } else { "value-help" };
    html! {
        @for other in others_in_quotation(it) {
            form method="post" action=(here) {
                (hidden(signed, open, at))
                input type="hidden" name="value" value=(other);
                button.quiet type="submit" name="do" value="change" { (signed.t_with("confirm-change-to", &[("value", other.as_str().into())])) }
            }
        }
        form.field method="post" action=(here) {
            (hidden(signed, open, at))
            label for="value" { (signed.t("confirm-value")) }
            p.help #value-help { (signed.t(if form == ValueForm::Meaning { "confirm-value-help-meaning" } else { "confirm-value-help" })) }
            @if form == ValueForm::Meaning {
                select #value name="value" data-key=(signed.t("confirm-key-change")) aria-describedby=(described) {
                    @for code in meanings(it.field()) {
                        option value=(code) selected[code == written] { (told::meaning(&code).text(signed.language)) }
                    }
                }
            } @else {
                input #value name="value" value=(written) maxlength=(reading::MAX_VALUE) autocomplete="off" data-key=(signed.t("confirm-key-change"))
                    aria-describedby=(described) aria-invalid=[back.is_some().then_some("true")];
            }
            div.actions { button.quiet type="submit" name="do" value="change" { (signed.t("confirm-change")) } }
        }
    }
}

fn throw_away(signed: &Signed, open: &Open, here: &str) -> Markup {
    html! {
        details {
            summary { (signed.t("confirm-throw-away")) }
            p { (signed.t("confirm-throw-away-what")) }
            form method="post" action=(format!("{here}/kasta")) {
                (csrf(signed))
                input type="hidden" name="revision" value=(open.under.revision);
                button type="submit" { (signed.t("confirm-throw-away-button")) }
            }
        }
    }
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{} …", words.get(..end).unwrap_or(words)),
        None => words.to_owned(),
    }
}
