//! A sheet on paper: its plots and tables, what the reader should know, and by which rules it was computed. The same texts as the
//! page, without what can be done there.
//!
//! Unlike a record's paper this one says when it was computed: it is a report of a moment, and nothing is locked by its hash.

use axum::response::{IntoResponse, Response};
use paper::{Block, Column, Document};
use service::{Figure, Line, Sheet, Table};
use terms::Language;

use super::figures::{self, for_sheet, is_number};
use super::taking::{Names, Taken};
use super::{draw, text};
use crate::api::problem::Problem;
use crate::ctx::Signed;
use crate::html::amount;
use crate::moment;
use crate::pdf;

/// More columns than these, and the paper lies on its long side.
const MOST_UPRIGHT_COLUMNS: usize = 7;

/// The sheet as PDF; for a program that asked, what is wrong is told as a problem.
pub(super) async fn answer(signed: &Signed, taken: &Taken, program: bool) -> Response {
    let Ok(sheet) = &taken.sheet else {
        return if program { super::download::json(signed, taken) } else { draw::page_of(signed, taken, None) };
    };
    let document = document(signed, taken, sheet);
    let name = name(signed.language, taken);
    // A report of thousands of lines is set for a second or more: others are served meanwhile.
    let set = tokio::task::spawn_blocking(move || pdf::answer(&document, &name)).await;
    let why = match set {
        Ok(Ok(answer)) => return answer,
        Ok(Err(why)) => why.to_string(),
        Err(_) => "the paper could not be set".to_owned(),
    };
    if program {
        return Problem::new(signed.language, "cannot-compute").detail(why).into_response();
    }
    crate::pages::answers::no(signed, &service::No::Unavailable(why))
}

/// The name under which it is kept: the view and what was chosen of time, and nothing of anybody.
fn name(language: Language, taken: &Taken) -> String {
    let chosen = taken
        .view
        .parameters()
        .into_iter()
        .filter(|one| matches!(one.form, service::ParameterForm::Month | service::ParameterForm::Date));
    let times: Vec<String> = chosen.filter_map(|one| taken.arguments.get(one.name).map(str::to_owned)).collect();
    let times = times.iter().map(|time| format!("-{time}")).collect::<String>();
    format!("{}{times}-{}", taken.view.path(), language.tag())
}

fn document(signed: &Signed, taken: &Taken, sheet: &Sheet) -> Document {
    let language = signed.language;
    let names = taken.names(signed);
    let mut document = Document::new(taken.view.label().text(language), language);
    document.landscape = sheet.tables.iter().any(|table| table.columns.len() > MOST_UPRIGHT_COLUMNS);
    document.push(Block::Paragraph(text(language, &sheet.caption).to_owned()));
    document.push(Block::Facts(facts(signed, taken, &names)));
    if !(sheet.warnings.is_empty() && taken.refused.is_empty()) {
        document.push(Block::Heading { level: 2, text: signed.t("view-warnings") });
        for warning in &sheet.warnings {
            document.push(Block::Paragraph(text(language, &warning.text).to_owned()));
        }
        if !taken.refused.is_empty() {
            document.push(Block::Paragraph(without(signed, taken)));
        }
    }
    for table in &sheet.tables {
        document.push(Block::Heading { level: 2, text: text(language, &table.caption).to_owned() });
        for plot in sheet.plots.iter().filter(|plot| plot.table == table.name) {
            document.push(Block::Plot(super::plot::in_words(language, plot)));
        }
        if table.rows.is_empty() {
            document.push(Block::Paragraph(signed.t("view-empty")));
        } else {
            document.push(Block::Table(set(signed, taken, &names, table)));
        }
    }
    if !sheet.notes.is_empty() {
        document.push(Block::Heading { level: 2, text: signed.t("view-rules") });
        if let Some(file) = &taken.file {
            let version = signed.t_with("view-file", &[("version", file.version.as_str().into())]);
            document.push(Block::Paragraph(format!("{version} SHA-256 {}", file.hash)));
        }
        for note in &sheet.notes {
            document.push(Block::Paragraph(text(language, note).to_owned()));
        }
    }
    document
}

/// Of whom, when, and what was chosen.
fn facts(signed: &Signed, taken: &Taken, names: &Names) -> Vec<(String, String)> {
    let language = signed.language;
    let mut facts = Vec::new();
    if let Some(customer) = signed.customer() {
        facts.push((signed.t("view-customer"), customer.name.clone()));
    }
    facts.push((signed.t("view-computed"), moment::moment_text(language, signed.now())));
    for parameter in taken.view.parameters() {
        let value = taken.arguments.get(parameter.name);
        let shown = match (parameter.form, value) {
            (service::ParameterForm::Pasted, _) => continue,
            (_, None) => signed.t("view-all"),
            (service::ParameterForm::List(list), Some(value)) => taken.listed(list, value, language).to_owned(),
            (service::ParameterForm::Record(_), Some(value)) => {
                let record = value.parse::<terms::RecordId>().ok();
                let name = record.as_ref().and_then(|record| names.of(record));
                match (name, record) {
                    (Some(name), _) => figures::unescaped(&name.0),
                    (None, Some(record)) => record.short(),
                    (None, None) => continue,
                }
            }
            (_, Some(value)) => value.to_owned(),
        };
        facts.push((parameter.label.text(language).to_owned(), shown));
    }
    facts
}

fn without(signed: &Signed, taken: &Taken) -> String {
    let all: Vec<String> = taken
        .refused
        .iter()
        .map(|(kind, refusal)| {
            let kind = taken.kind(signed, kind).map_or(*kind, |kind| kind.plural.text(signed.language));
            format!("{kind} ({})", refusal.number)
        })
        .collect();
    format!("{} {}", signed.t("view-without"), all.join(", "))
}

fn set(signed: &Signed, taken: &Taken, names: &Names, table: &Table) -> paper::Table {
    let language = signed.language;
    let figures = |place: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(place));
        cells.any(|cell| is_number(&cell.figure))
    };
    let columns = table
        .columns
        .iter()
        .enumerate()
        .map(|(place, column)| Column { label: column.label.text(language).to_owned(), figures: figures(place) });
    let row = |row: &Line| row.cells.iter().map(|cell| said(language, taken, names, &cell.figure)).collect::<Vec<_>>();
    paper::Table {
        caption: signed.t_with("view-lines", &[("count", table.rows.len().into())]),
        columns: columns.collect(),
        rows: table.rows.iter().chain(&table.total).map(row).collect(),
    }
}

/// A figure as people read it, in one line.
fn said(language: Language, taken: &Taken, names: &Names, figure: &Figure) -> String {
    match figure {
        Figure::Nothing => "–".to_owned(),
        Figure::Number { .. } => amount(language, &figures::plain(figure)),
        Figure::Money(_) => format!("{}\u{a0}kr", amount(language, &figures::plain(figure))),
        Figure::Share { part, of } => {
            let percent = figures::plain(figure);
            if percent.is_empty() { "–".to_owned() } else { format!("{percent}\u{a0}% ({part}/{of})") }
        }
        Figure::Record { record, .. } => {
            names.of(record).map_or_else(|| record.short(), |name| figures::unescaped(&name.0))
        }
        _ => for_sheet(language, taken, names, figure).0,
    }
}
