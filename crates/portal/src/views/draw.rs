//! The page of a sheet: what can be chosen, what the reader should know, tables, plots, what can be done, and by which rules it
//! was computed.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use service::{Cell, Column, Figure, Line, ParameterForm, Sheet, Table, Tone, View};

use super::choices::{self, WrongChoice};
use super::figures::{is_number, shown};
use super::taking::{Names, Taken};
use super::{carry_out, plot, text};
use crate::ctx::Signed;
use crate::form::{encode, query_value};
use crate::frame::{clause, csrf, page_with};
use crate::routes::VIEWS;

/// The page; `told` says what became of a writing.
pub(super) fn page_of(signed: &Signed, taken: &Taken, told: Option<Markup>) -> Response {
    let title = taken.view.label().text(signed.language).to_owned();
    let names = taken.names(signed);
    let (status, body) = match &taken.sheet {
        Ok(sheet) => (StatusCode::OK, sheet_of(signed, taken, &names, sheet)),
        Err(why) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            html! { div.problems role="alert" { p { (text(signed.language, why)) } } },
        ),
    };
    let body = html! {
        h1 { (title) }
        p.help { (taken.view.about().text(signed.language)) }
        @if let Some(told) = told { (told) } @else { (done(signed)) }
        (form(signed, taken, &names))
        (refused(signed, taken))
        (body)
    };
    page_with(signed, status, &title, body)
}

/// A choice that cannot be taken: which, why, and the way back.
pub(super) fn wrong_choice(signed: &Signed, view: &'static dyn View, wrong: &WrongChoice) -> Response {
    let title = view.label().text(signed.language).to_owned();
    let label = wrong.parameter.label.text(signed.language).to_owned();
    let body = html! {
        h1 { (title) }
        div.problems role="alert" {
            p { (signed.t_with("view-wrong", &[("label", label.into())])) " " (signed.t(wrong.why)) }
        }
        p { a href=(address(signed, view)) { (signed.t("view-begin-again")) } }
    };
    page_with(signed, StatusCode::UNPROCESSABLE_ENTITY, &title, body)
}

pub(super) fn address(signed: &Signed, view: &'static dyn View) -> String {
    format!("/{}/{VIEWS}/{}", signed.service_path(), view.path())
}

fn done(signed: &Signed) -> Markup {
    let count = |name: &str| query_value(&signed.here, name).and_then(|text| text.parse::<u32>().ok());
    let (Some(written), left) = (count("written"), count("left").unwrap_or(0)) else { return html! {} };
    html! {
        p.done role="status" { (signed.t_with("view-written", &[("count", written.into())])) }
        @if left > 0 { p.wrong role="alert" { (signed.t_with("view-left", &[("count", left.into())])) } }
    }
}

fn refused(signed: &Signed, taken: &Taken) -> Markup {
    html! {
        @if !taken.refused.is_empty() {
            div.notice {
                p { (signed.t("view-without")) }
                ul {
                    @for (kind, refusal) in &taken.refused {
                        li {
                            (taken.kind(signed, kind).map_or(*kind, |kind| kind.plural.text(signed.language)))
                            " (" (clause(signed, &refusal.clause)) ")"
                        }
                    }
                }
            }
        }
    }
}

fn form(signed: &Signed, taken: &Taken, names: &Names) -> Markup {
    let parameters = taken.view.parameters();
    if parameters.is_empty() {
        return html! {};
    }
    let pastes = parameters.iter().any(|one| one.form == ParameterForm::Pasted);
    let method = if pastes { "post" } else { "get" };
    html! {
        form.choose method=(method) action=(address(signed, taken.view)) {
            @if pastes { (csrf(signed)) }
            @for parameter in &parameters {
                @let id = format!("choose-{}", parameter.name);
                @let value = taken.arguments.get(parameter.name).unwrap_or("");
                div.field {
                    label for=(id) { (parameter.label.text(signed.language)) }
                    @match parameter.form {
                        ParameterForm::Month => { input.short id=(id) name=(parameter.name) type="month" value=(value) pattern="[0-9]{4}-[0-9]{2}" placeholder="2026-10"; }
                        ParameterForm::Date => { input id=(id) name=(parameter.name) type="date" value=(value); }
                        ParameterForm::List(list) => { (listed(signed, taken, &id, parameter.name, list, value)) }
                        ParameterForm::Record(kind) => { (records(signed, taken, names, &id, parameter.name, kind, value)) }
                        ParameterForm::Pasted => { textarea id=(id) name=(parameter.name) rows="8" spellcheck="false" { (value) } }
                    }
                }
            }
            button type="submit" { (signed.t("view-show")) }
        }
    }
}

fn listed(signed: &Signed, taken: &Taken, id: &str, name: &str, list: &str, chosen: &str) -> Markup {
    let values = taken.file.as_ref().and_then(|file| file.lists.iter().find(|one| one.name == list));
    let values = values.map(|list| list.values.as_slice()).unwrap_or_default();
    html! {
        select id=(id) name=(name) {
            option value="" { (signed.t("view-all")) }
            @for choice in values {
                option value=(choice.value) selected[choice.value == chosen] { (choice.label.text(signed.language)) }
            }
            @if !chosen.is_empty() && !values.iter().any(|choice| choice.value == chosen) {
                option value=(chosen) selected { (chosen) }
            }
        }
    }
}

fn records(signed: &Signed, taken: &Taken, names: &Names, id: &str, name: &str, kind: &str, chosen: &str) -> Markup {
    let mut all: Vec<_> = taken
        .named_records(kind)
        .into_iter()
        .map(|record| (names.of(&record).map_or_else(|| record.short(), |name| name.0.clone()), record))
        .collect();
    all.sort();
    all.dedup();
    html! {
        select id=(id) name=(name) {
            option value="" { (signed.t("view-all")) }
            @for (name, record) in &all {
                option value=(record) selected[record.to_string() == chosen] { (maud::PreEscaped(name)) }
            }
        }
    }
}

fn sheet_of(signed: &Signed, taken: &Taken, names: &Names, sheet: &Sheet) -> Markup {
    let language = signed.language;
    let query = choices::query(taken.view, &taken.arguments);
    let base = address(signed, taken.view);
    html! {
        p.answer { (text(language, &sheet.caption)) }
        @if !sheet.warnings.is_empty() {
            section.notice aria-labelledby="view-warnings" {
                h2 #view-warnings { (signed.t("view-warnings")) }
                ul {
                    @for (place, warning) in sheet.warnings.iter().enumerate() {
                        li {
                            (text(language, &warning.text))
                            @if !warning.from.is_empty() {
                                " " a href=(sources_address(&base, &query, &format!("warning.{place}"))) {
                                    (signed.t_with("view-records", &[("count", warning.from.count().into())]))
                                }
                            }
                        }
                    }
                }
            }
        }
        @for act in &sheet.acts { (carry_out::offer(signed, taken, act)) }
        @for table in &sheet.tables {
            section aria-labelledby=(format!("table-{}", table.name)) {
                h2 id=(format!("table-{}", table.name)) { (text(language, &table.caption)) }
                @for plot in sheet.plots.iter().filter(|plot| plot.table == table.name) { (plot::draw(language, plot)) }
                (table_of(signed, taken, names, table, &base, &query))
                @if !table.rows.is_empty() && !taken.pasted() {
                    @let more = if query.is_empty() { "?" } else { "&" };
                    p { a href=(format!("{base}.csv{query}{more}table={}", table.name)) download { (signed.t("view-csv")) } }
                }
            }
        }
        p.actions {
            @if !taken.pasted() {
                a.button.quiet href=(format!("{base}.pdf{query}")) download { (signed.t("view-pdf")) }
                " "
                a.button.quiet href=(format!("{base}.json{query}")) download { (signed.t("view-json")) }
            }
        }
        @if !sheet.notes.is_empty() {
            details {
                summary { (signed.t("view-rules")) }
                @if let Some(file) = &taken.file {
                    p { (signed.t_with("view-file", &[("version", file.version.as_str().into())])) " " code { (file.hash.to_string().get(..12).unwrap_or("")) "…" } }
                }
                ul { @for note in &sheet.notes { li { (text(language, note)) } } }
            }
        }
    }
}

/// The address of the records behind a figure.
fn sources_address(base: &str, query: &str, figure: &str) -> String {
    let more = if query.is_empty() { "?" } else { "&" };
    format!("{base}/underlag{query}{more}figure={}", encode(figure))
}

fn table_of(signed: &Signed, taken: &Taken, names: &Names, table: &Table, base: &str, query: &str) -> Markup {
    let language = signed.language;
    if table.rows.is_empty() {
        return html! { p { (signed.t("view-empty")) } };
    }
    // The part of each link that does not change is made once: a report of all has thousands.
    let more = if query.is_empty() { "?" } else { "&" };
    let before = format!("{base}/underlag{query}{more}figure={}.", table.name);
    let line = |row: &Line, head: bool| {
        html! {
            tr.(tone(row.tone)) {
                @for (place, cell) in row.cells.iter().enumerate() {
                    @let column = table.columns.get(place);
                    @if place == 0 || head {
                        @if place == 0 { th scope="row" { (cell_of(signed, taken, names, cell, &before, row, column)) } }
                        @else { td.number { strong { (cell_of(signed, taken, names, cell, &before, row, column)) } } }
                    } @else {
                        td.number[is_number(&cell.figure)] data-label=[column.map(|column| column.label.text(language))] {
                            (cell_of(signed, taken, names, cell, &before, row, column))
                        }
                    }
                }
            }
        }
    };
    html! {
        div.scroll {
            table.cards.figures {
                caption { (signed.t_with("view-lines", &[("count", table.rows.len().into())])) }
                thead { tr { @for column in &table.columns { th scope="col" { (column.label.text(language)) } } } }
                tbody { @for row in &table.rows { (line(row, false)) } }
                @if let Some(total) = &table.total { tfoot { (line(total, true)) } }
            }
        }
    }
}

fn cell_of(
    signed: &Signed,
    taken: &Taken,
    names: &Names,
    cell: &Cell,
    before: &str,
    row: &Line,
    column: Option<&Column>,
) -> Markup {
    let shown = shown(signed, taken, names, &cell.figure);
    let Some(column) = column.filter(|_| !cell.from.is_empty()) else { return shown };
    let address = html! { (before) (encode(&row.key)) "." (column.name) };
    html! {
        @if matches!(cell.figure, Figure::Record { .. }) {
            (shown) " " a href=(address) { (signed.t_with("view-records", &[("count", cell.from.count().into())])) }
        } @else {
            a href=(address) { (shown) }
        }
    }
}

const fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Soon => "soon",
        Tone::Late => "late",
    }
}
