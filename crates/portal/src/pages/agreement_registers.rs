//! What an agreement says, as registers: open to everybody, as the agreement is. Every row with its clause, every value with its
//! origin, for people, as JSON and as CSV.
//!
//! What stands in them comes from `registers::of_agreement`; here it is only shown.

use agreement::register::Register as Recipients;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use registers::{Cell, Register, Row, Tone};
use serde_json::{Value, json};
use terms::{ClauseId, Language, Provenance};

use crate::ctx::Ctx;
use crate::form::query_value;
use crate::frame;
use crate::moment::civil;
use crate::pages::answers;
use crate::pages::labels::Labels;
use crate::pages::sheet::Sheet;

/// `GET /{service}/avtal/register`: which registers there are.
pub async fn index(ctx: Ctx) -> Response {
    let Some(shown) = Shown::of(&ctx) else { return answers::missing(&ctx) };
    let title = ctx.t("agreement-registers-title");
    let body = html! {
        h1 { (title) }
        p { (ctx.t("agreement-registers-lead")) }
        @if !shown.of_controller.is_empty() {
            h2 { (ctx.t("agreement-registers-controller")) }
            (list(&ctx, &shown.of_controller))
            h2 { (ctx.t("agreement-registers-basis")) }
        }
        (list(&ctx, &shown.of_agreement))
        p { a href=(format!("/{}/{}", ctx.service_path(), crate::routes::AGREEMENT)) { (ctx.t("frame-agreement")) } }
    };
    frame::page(&ctx, &title, body)
}

/// `GET /{service}/avtal/register/{id}`, `….json` and `….csv`; `?q=` finds rows, `?on=` is the day that it is about.
pub async fn page(ctx: Ctx, Path((_, named)): Path<(String, String)>) -> Response {
    let Some(shown) = Shown::of(&ctx) else { return answers::missing(&ctx) };
    let (id, form) = match named.rsplit_once('.') {
        Some((id, form @ ("json" | "csv"))) => (id, form),
        _ => (named.as_str(), ""),
    };
    let all = shown.of_controller.iter().chain(&shown.of_agreement);
    let Some(register) = all.into_iter().find(|register| register.id == id) else { return answers::missing(&ctx) };
    if shown.wrong_day && !form.is_empty() {
        let told = json!({"error": ctx.t("agreement-registers-no-day")});
        return (StatusCode::BAD_REQUEST, axum::Json(told)).into_response();
    }
    let wanted = query_value(&ctx.here, "q").map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
    let rows: Vec<&Row> =
        register.rows.iter().filter(|row| wanted.as_ref().is_none_or(|wanted| holds(row, wanted))).collect();
    match form {
        "json" => axum::Json(shown.json(register, &rows)).into_response(),
        "csv" => {
            let name = format!("attachment; filename=\"{}-{id}.csv\"", ctx.service_path());
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
            (headers, sheet(&ctx, &shown, register, &rows)).into_response()
        }
        _ => {
            let title = register.title.text(ctx.language);
            let body = view(&ctx, &shown, register, &rows, wanted.as_deref());
            let status = if shown.wrong_day { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            frame::page_with(&ctx, status, title, body)
        }
    }
}

/// The registers of one service on a day.
struct Shown {
    on: Date,
    /// Whether the address named a day that cannot be read; then the present day is shown, with a word about it.
    wrong_day: bool,
    version: String,
    hash: String,
    recipients: Option<std::sync::Arc<Recipients>>,
    agreement: std::sync::Arc<agreement::Agreement>,
    of_controller: Vec<Register>,
    of_agreement: Vec<Register>,
}

impl Shown {
    fn of(ctx: &Ctx) -> Option<Self> {
        let shop = ctx.shop.as_ref()?;
        let agreement = ctx.agreement.clone()?;
        let asked = query_value(&ctx.here, "on").filter(|text| !text.is_empty());
        let read = asked.as_ref().map(|text| text.parse::<Date>());
        let today = civil(ctx.now()).date();
        let on = read.as_ref().and_then(|read| read.as_ref().ok()).copied().unwrap_or(today);
        let recipients = ctx.portal.agreements.register(&shop.kinds.service);
        Some(Self {
            on,
            wrong_day: read.is_some_and(|read| read.is_err()),
            version: agreement.version().to_owned(),
            hash: agreement.hash().to_string(),
            of_controller: recipients.as_ref().map(|it| registers::of_recipients(it, on)).unwrap_or_default(),
            of_agreement: registers::of_agreement(&agreement, on),
            recipients,
            agreement,
        })
    }

    /// The clause's number as printed, in the text that the row comes from.
    fn number(&self, register: &Register, clause: &ClauseId) -> String {
        let of_recipients = self.of_controller.iter().any(|one| one.id == register.id);
        match (&self.recipients, of_recipients) {
            (Some(recipients), true) => {
                let found = recipients.clause(clause);
                found.map_or_else(
                    || clause.to_string(),
                    |clause| {
                        if clause.number.is_empty() { clause.title.clone() } else { clause.number.clone() }
                    },
                )
            }
            _ => self.agreement.number(clause).to_owned(),
        }
    }

    fn json(&self, register: &Register, rows: &[&Row]) -> Value {
        let rows: Vec<Value> = rows
            .iter()
            .map(|row| {
                let cells: serde_json::Map<String, Value> = register
                    .columns
                    .iter()
                    .zip(&row.cells)
                    .map(|(column, cell)| (column.id.to_owned(), cell_json(cell)))
                    .collect();
                let clause =
                    row.clause.as_ref().map(|id| json!({"id": id.as_str(), "number": self.number(register, id)}));
                json!({"id": row.id, "clause": clause, "cells": cells})
            })
            .collect();
        let columns: Vec<Value> = register
            .columns
            .iter()
            .map(|column| json!({"id": column.id, "sv": column.name.sv, "en": column.name.en}))
            .collect();
        json!({
            "id": register.id,
            "title": {"sv": register.title.sv, "en": register.title.en},
            "note": register.note.as_ref().map(|note| json!({"sv": note.sv, "en": note.en})),
            "agreement": {"version": self.version, "sha256": self.hash},
            "on": self.on.to_string(),
            "columns": columns,
            "rows": rows,
        })
    }
}

fn cell_json(cell: &Cell) -> Value {
    match cell {
        Cell::Found { said, provenance, why, tone } => json!({
            "is": "found",
            "sv": said.sv,
            "en": said.en,
            "provenance": match provenance {
                Provenance::Stated => "stated",
                Provenance::Derived => "derived",
                Provenance::SetByOperator => "set by the operator",
            },
            "why": why,
            "standing": match tone {
                Tone::Plain => "plain",
                Tone::Open => "open",
                Tone::Stop => "stop",
            },
        }),
        Cell::None => json!({"is": "none"}),
        Cell::NotFound { note } => json!({"is": "not-found", "looked-for": note}),
        Cell::Unsaid => json!({"is": "unsaid"}),
    }
}

/// Whether something in the row holds the text, in either language.
fn holds(row: &Row, wanted: &str) -> bool {
    row.cells.iter().any(|cell| match cell {
        Cell::Found { said, .. } => said.sv.to_lowercase().contains(wanted) || said.en.to_lowercase().contains(wanted),
        Cell::NotFound { note } => note.to_lowercase().contains(wanted),
        Cell::None | Cell::Unsaid => false,
    })
}

fn list(ctx: &Ctx, registers: &[Register]) -> Markup {
    html! {
        ul {
            @for register in registers {
                li {
                    a href=(address(ctx, register.id)) { (register.title.text(ctx.language)) }
                    " (" (ctx.t_with("agreement-registers-rows", &[("count", register.rows.len().into())])) ")"
                }
            }
        }
    }
}

fn address(ctx: &Ctx, id: &str) -> String {
    format!("/{}/{}/register/{id}", ctx.service_path(), crate::routes::AGREEMENT)
}

fn view(ctx: &Ctx, shown: &Shown, register: &Register, rows: &[&Row], wanted: Option<&str>) -> Markup {
    let title = register.title.text(ctx.language);
    let here = address(ctx, register.id);
    // The rows are found and the day is kept in what is taken out, too.
    let query = ctx.here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    html! {
        h1 { (title) }
        @if shown.of_controller.iter().any(|one| one.id == register.id) {
            p.answer { (ctx.t("agreement-registers-controller")) }
        }
        @if let Some(note) = &register.note { p.note { (note.text(ctx.language)) } }
        @if shown.wrong_day { p.wrong role="alert" { (ctx.t("agreement-registers-no-day")) } }
        p { (ctx.t_with("agreement-registers-day", &[("day", shown.on.to_string().into())])) " " (ctx.t("agreement-registers-origin")) }
        form.stack method="get" action=(here) {
            div.field {
                label for="q" { (ctx.t("agreement-registers-search")) }
                input #q name="q" value=(wanted.unwrap_or(""));
            }
            div.field {
                label for="on" { (ctx.t("agreement-registers-on")) }
                input #on name="on" type="date" value=(shown.on);
            }
            div.actions { button type="submit" { (ctx.t("agreement-registers-show")) } }
        }
        @if rows.is_empty() {
            p { (ctx.t(if wanted.is_some() { "agreement-registers-empty" } else { "agreement-registers-nothing" })) }
        } @else {
            (table(ctx, shown, register, rows))
        }
        p {
            a href=(format!("{here}.json{query}")) { (ctx.t("agreement-registers-json")) } " · "
            a href=(format!("{here}.csv{query}")) { (ctx.t("agreement-registers-csv")) } " · "
            a href=(format!("/{}/{}/register", ctx.service_path(), crate::routes::AGREEMENT)) { (ctx.t("agreement-registers-all")) }
        }
    }
}

fn table(ctx: &Ctx, shown: &Shown, register: &Register, rows: &[&Row]) -> Markup {
    let language = ctx.language;
    let labels = Labels::of(ctx);
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby="register" {
            table.cards {
                caption #register { (register.title.text(language)) }
                thead {
                    tr {
                        @for column in &register.columns { th scope="col" { (column.name.text(language)) } }
                        th scope="col" { (ctx.t("agreement-registers-clause")) }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, (column, one)) in register.columns.iter().zip(&row.cells).enumerate() {
                                @if at == 0 {
                                    th scope="row" { (cell(ctx, labels, one)) }
                                } @else {
                                    td data-label=(column.name.text(language)) { (cell(ctx, labels, one)) }
                                }
                            }
                            td data-label=(ctx.t("agreement-registers-clause")) { (clause(ctx, shown, register, labels, row)) }
                        }
                    }
                }
            }
        }
    }
}

fn clause(ctx: &Ctx, shown: &Shown, register: &Register, labels: Option<Labels<'_>>, row: &Row) -> Markup {
    let Some(id) = &row.clause else { return html! { (ctx.t("agreement-registers-law")) } };
    let of_recipients = shown.of_controller.iter().any(|one| one.id == register.id);
    html! {
        @match labels {
            Some(labels) if !of_recipients => (labels.clause(id)),
            _ => (shown.number(register, id)),
        }
    }
}

fn cell(ctx: &Ctx, labels: Option<Labels<'_>>, cell: &Cell) -> Markup {
    let tongue = labels.map_or("sv", |labels| labels.agreement_language());
    html! {
        @match cell {
            Cell::Found { said, provenance, why, tone } => {
                @match tone {
                    Tone::Plain => (said.text(ctx.language)),
                    Tone::Open => em { (said.text(ctx.language)) },
                    Tone::Stop => strong { (said.text(ctx.language)) },
                }
                @if let (Some(labels), Provenance::Derived | Provenance::SetByOperator) = (labels, provenance) {
                    " " small.provenance {
                        "(" (labels.provenance_short(*provenance))
                        @if let Some(why) = why { ": " span lang=(tongue) { (why) } }
                        ")"
                    }
                }
            }
            Cell::None => { (ctx.t("agreement-none")) }
            Cell::NotFound { note } => {
                em.not-found { (ctx.t("agreement-not-found")) }
                @if !note.is_empty() { " " small.why lang=(tongue) { "(" (note) ")" } }
            }
            Cell::Unsaid => { span.unknown { (ctx.t("agreement-registers-unsaid")) } }
        }
    }
}

fn sheet(ctx: &Ctx, shown: &Shown, register: &Register, rows: &[&Row]) -> Vec<u8> {
    let language: Language = ctx.language;
    let mut header: Vec<String> = register.columns.iter().map(|column| column.name.text(language).to_owned()).collect();
    header.push(ctx.t("agreement-registers-clause"));
    let mut sheet = Sheet::new(header);
    for row in rows {
        let mut cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Found { said, .. } => said.text(language).to_owned(),
                Cell::None => ctx.t("agreement-none"),
                Cell::NotFound { .. } => ctx.t("agreement-not-found"),
                Cell::Unsaid => ctx.t("agreement-registers-unsaid"),
            })
            .collect();
        cells.push(row.clause.as_ref().map(|id| shown.number(register, id)).unwrap_or_default());
        sheet.row(cells);
    }
    sheet.into_bytes()
}
