//! A sheet to take along: one table as CSV, or all of it as JSON.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};
use service::{Line, Sheet, Table, Tone};
use terms::Label;

use super::figures::{for_program, for_sheet};
use super::taking::Taken;
use super::{carry_out, draw};
use crate::api::problem::Problem;
use crate::ctx::Signed;
use crate::pages::answers;
use crate::pages::sheet::Sheet as Csv;

/// The shape of the document.
const FORMAT: &str = "betrodd-view-1";

/// A table as CSV: the one of that name, or the first.
pub(super) fn csv(signed: &Signed, taken: &Taken, table: Option<&str>) -> Response {
    let Ok(sheet) = &taken.sheet else { return draw::page_of(signed, taken, None) };
    let chosen = match table {
        Some(name) => sheet.tables.iter().find(|one| one.name == name),
        None => sheet.tables.first(),
    };
    let Some(table) = chosen else {
        let program = signed.here.starts_with("/api/");
        return if program {
            Problem::new(signed.language, "missing").into_response()
        } else {
            answers::missing(signed)
        };
    };
    let names = taken.names(signed);
    let language = signed.language;
    let mut csv = Csv::new(table.columns.iter().map(|column| column.label.text(language)));
    for row in table.rows.iter().chain(&table.total) {
        csv.row_of(row.cells.iter().map(|cell| for_sheet(language, taken, &names, &cell.figure)));
    }
    let name = format!("attachment; filename=\"{}-{}.csv\"", taken.view.path(), table.name);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    (headers, csv.into_bytes()).into_response()
}

/// The whole sheet as JSON.
pub(super) fn json(signed: &Signed, taken: &Taken) -> Response {
    match &taken.sheet {
        Ok(sheet) => crate::api::answer(StatusCode::OK, &document(signed, taken, sheet)),
        Err(why) => {
            Problem::new(signed.language, "cannot-compute").detail(why.text(signed.language).to_owned()).into_response()
        }
    }
}

/// The document.
pub(super) fn document(signed: &Signed, taken: &Taken, sheet: &Sheet) -> Json {
    let names = taken.names(signed);
    let parameters: serde_json::Map<String, Json> = taken
        .view
        .parameters()
        .iter()
        .filter(|one| one.form != service::ParameterForm::Pasted)
        .map(|one| (one.name.to_owned(), json!(taken.arguments.get(one.name))))
        .collect();
    let line = |table: &Table, row: &Line| {
        let cells: serde_json::Map<String, Json> = table
            .columns
            .iter()
            .zip(&row.cells)
            .map(|(column, cell)| {
                let mut figure = for_program(&cell.figure);
                if let (service::Figure::Record { record, .. }, Some(members)) = (&cell.figure, figure.as_object_mut())
                {
                    let name = names.of(record).map(|name| super::figures::unescaped(&name.0));
                    members.insert("name".to_owned(), json!(name));
                }
                let from: serde_json::Map<String, Json> = cell
                    .from
                    .by_kind()
                    .into_iter()
                    .map(|(kind, ids)| (kind.to_owned(), ids.iter().map(ToString::to_string).collect()))
                    .collect();
                (column.name.to_owned(), json!({ "figure": figure, "from": from }))
            })
            .collect();
        let tone = match row.tone {
            Tone::Plain => "plain",
            Tone::Soon => "soon",
            Tone::Late => "late",
        };
        json!({ "key": row.key, "tone": tone, "cells": cells })
    };
    let tables: Vec<Json> = sheet
        .tables
        .iter()
        .map(|table| {
            json!({
                "name": table.name,
                "caption": both(&table.caption),
                "columns": table.columns.iter().map(|one| json!({ "name": one.name, "label": both(&one.label) })).collect::<Vec<_>>(),
                "rows": table.rows.iter().map(|row| line(table, row)).collect::<Vec<_>>(),
                "total": table.total.as_ref().map(|row| line(table, row)),
            })
        })
        .collect();
    json!({
        "format": FORMAT,
        "view": taken.view.path(),
        "label": both(&taken.view.label()),
        "computed": crate::moment::rfc3339(signed.now()),
        "parameters": parameters,
        "rules": taken.file.as_ref().map(|file| json!({ "version": file.version, "hash": file.hash.to_string() })),
        "caption": both(&sheet.caption),
        "warnings": sheet.warnings.iter().map(|one| both(&one.text)).collect::<Vec<_>>(),
        "tables": tables,
        "acts": sheet.acts.iter().map(|act| json!({
            "name": act.name, "label": both(&act.label), "what": both(&act.what), "writes": act.writes.len(),
            "seen": carry_out::seen(act),
        })).collect::<Vec<_>>(),
        "notes": sheet.notes.iter().map(both).collect::<Vec<_>>(),
        "withheld": taken.refused.iter().map(|(kind, refusal)| {
            json!({ "kind": kind, "clause": refusal.clause.as_str(), "number": refusal.number })
        }).collect::<Vec<_>>(),
    })
}

fn both(label: &Label) -> Json {
    json!({ "sv": label.sv, "en": label.en })
}
