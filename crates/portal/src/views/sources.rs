//! The records behind a figure: computed anew, found by the figure's place, and opened through the door as any others.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use service::{No, Selection, Sheet, Sources, Which};
use terms::Verb;

use super::figures::shown;
use super::{choices, draw, named, taking};
use crate::ctx::Signed;
use crate::form::query_value;
use crate::frame::{clause, page};
use crate::html::{self, Order, TableOf};
use crate::pages::{answers, records};

/// `GET /{service}/vy/{view}/underlag?figure=…`: exactly the records that the figure was computed from.
pub async fn sources(signed: Signed, Path((_, name)): Path<(String, String)>) -> Response {
    let Some(view) = named(&signed, &name) else { return answers::missing(&signed) };
    let arguments = match choices::read(&signed, view, |name| query_value(&signed.here, name)) {
        Ok(arguments) => arguments,
        Err(wrong) => return draw::wrong_choice(&signed, view, &wrong),
    };
    let taken = match taking::take(&signed, view, arguments).await {
        Ok(taken) => taken,
        Err(no) => return answers::no(&signed, &no),
    };
    let Ok(sheet) = &taken.sheet else { return draw::page_of(&signed, &taken, None) };
    let figure = query_value(&signed.here, "figure").unwrap_or_default();
    let Some((what, value, from)) = find(&signed, &taken, sheet, &figure) else { return answers::missing(&signed) };
    let mut parts = Vec::new();
    for (kind, ids) in from.by_kind() {
        let Some(kind) = taken.kind(&signed, kind) else { continue };
        let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(&signed) };
        let fields: Vec<_> = kind.fields.iter().map(|field| field.name.clone()).collect();
        let which = Which::These(ids);
        let selection = Selection { kind: &kind.name, which: &which, fields: &fields };
        let part = match signed.portal.door.select(&asked, selection).await {
            Ok(opened) => {
                let base = records::base(&signed, kind);
                let of = TableOf {
                    caption: signed.t_with("service-listed", &[("count", opened.count().into())]),
                    columns: None,
                    written: kind.history || kind.author_shown,
                    linked: true,
                    order: Order::AsGiven,
                    base: &base,
                };
                html::table(&signed, kind, opened.as_ref(), &of)
            }
            Err(No::Refused(refusal)) => html! {
                p { (signed.t("service-section-not-for-you")) " (" (clause(&signed, &refusal.clause)) ")" }
            },
            Err(no) => return answers::no(&signed, &no),
        };
        parts.push((kind, part));
    }
    let title = signed.t_with("view-sources", &[("view", view.label().text(signed.language).to_owned().into())]);
    let back = format!("{}{}", draw::address(&signed, view), choices::query(view, &taken.arguments));
    let body = html! {
        h1 { (title) }
        p.answer { (what) @if let Some(value) = value { ": " strong { (value) } } }
        p.help { (signed.t("view-sources-what")) }
        @for (kind, part) in &parts {
            section aria-labelledby=(kind.path) {
                h2 id=(kind.path) { (kind.plural.text(signed.language)) }
                (part)
            }
        }
        p.actions { a.button.quiet href=(back) { (signed.t("view-back")) } }
    };
    page(&signed, &title, body)
}

/// The figure at that place: what it is, what it says, and its records.
fn find(
    signed: &Signed,
    taken: &taking::Taken,
    sheet: &Sheet,
    figure: &str,
) -> Option<(Markup, Option<Markup>, Sources)> {
    if let Some(place) = figure.strip_prefix("warning.") {
        let warning = sheet.warnings.get(place.parse::<usize>().ok()?)?;
        return Some((html! { (warning.text.text(signed.language)) }, None, warning.from.clone()));
    }
    let (table, rest) = figure.split_once('.')?;
    let (key, column) = rest.rsplit_once('.')?;
    let table = sheet.tables.iter().find(|one| one.name == table)?;
    let row = table.rows.iter().chain(&table.total).find(|row| row.key == key)?;
    let place = table.columns.iter().position(|one| one.name == column)?;
    let cell = row.cells.get(place)?;
    let names = taken.names(signed);
    let of = row.cells.first().map(|cell| shown(signed, taken, &names, &cell.figure));
    let column = table.columns.get(place)?;
    let what = html! {
        (table.caption.text(signed.language)) ", "
        @if let Some(of) = of { (of) ", " }
        (column.label.text(signed.language))
    };
    Some((what, Some(shown(signed, taken, &names, &cell.figure)), cell.from.clone()))
}
