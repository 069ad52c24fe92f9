//! The page in a package: every record in every version, field by field, with links to the files beside it. It stands by itself,
//! without script, pictures or addresses of ours, and reads the same in twenty years.

use maud::{DOCTYPE, Markup, html};
use service::{Asked, Kind, Opened, Part, Whole};
use terms::{Category, ClauseId, FieldName, RecordHead, RecordId, Refusal, Render};

use crate::ctx::Signed;
use crate::html::plain;
use crate::lists::Lists;
use crate::moment::moment;
use crate::pages::export::{Log, Taken, anonymised_told, holds_over, title, when};
use crate::pages::package::Packaged;

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
    dl{display:grid;grid-template-columns:minmax(8rem,16rem) 1fr;gap:.25rem 1rem;margin:0 0 1.5rem}\
    dt{font-weight:bold}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\
    h2{border-top:2px solid;padding-top:1rem;margin-top:2rem}h3{margin-bottom:.5rem}";

/// The page.
pub(crate) fn page(
    signed: &Signed,
    asked: &Asked,
    kind: &Kind,
    record: RecordId,
    whole: Whole,
    taken: &Taken,
    files: &[Packaged],
) -> Markup {
    let title = title(signed, kind, record, whole);
    html! {
        (DOCTYPE)
        html lang=(signed.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (title) }
                    p { (signed.t("package-what")) }
                    p { (when(signed, asked)) }
                    @if let Some(customer) = signed.customer() { p { (signed.t_with("package-customer", &[("name", customer.name.as_str().into())])) } }
                    (holds_over(signed, &taken.exported))
                    (anonymised_told(signed, &taken.exported))
                    @for part in &taken.exported.parts { (part_of(signed, part, files)) }
                    (log_of(signed, &taken.log))
                }
            }
        }
    }
}

fn part_of(signed: &Signed, part: &Part, files: &[Packaged]) -> Markup {
    let Some(kind) = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&part.kind)) else { return html! {} };
    html! {
        section {
            h2 { (kind.plural.text(signed.language)) }
            @match &part.answer {
                Ok(opened) => (versions(signed, kind, opened.as_ref(), files)),
                Err(refusal) => p { (refused(signed, refusal)) },
            }
        }
    }
}

/// One version of a record.
struct Version {
    head: RecordHead,
    author: Option<String>,
    fields: Vec<(FieldName, String)>,
    withheld: Vec<(Category, ClauseId)>,
}

/// The sink that takes versions as plain texts, until they are written on the page.
struct Versions<'a> {
    kind: &'a Kind,
    lists: Lists,
    language: terms::Language,
    all: Vec<Version>,
}

impl Render for Versions<'_> {
    fn begin(&mut self, head: &RecordHead) {
        self.all.push(Version { head: head.clone(), author: None, fields: Vec::new(), withheld: Vec::new() });
    }
    fn author(&mut self, name: &str) {
        if let Some(last) = self.all.last_mut() {
            last.author = Some(name.to_owned());
        }
    }
    fn field(&mut self, name: &FieldName, _: &Category, value: &str) {
        let text = match self.kind.field(name.as_str()) {
            Some(field) => plain(field, &self.lists, self.language, value),
            None => value.to_owned(),
        };
        if let Some(last) = self.all.last_mut() {
            last.fields.push((name.clone(), text));
        }
    }
    fn withheld(&mut self, category: &Category, clause: &ClauseId) {
        if let Some(last) = self.all.last_mut() {
            last.withheld.push((category.clone(), clause.clone()));
        }
    }
    fn end(&mut self) {}
}

fn versions(signed: &Signed, kind: &Kind, opened: &dyn Opened, files: &[Packaged]) -> Markup {
    let language = signed.language;
    let mut sink = Versions { kind, lists: Lists::of(signed, kind), language, all: Vec::new() };
    opened.render(&mut sink);
    html! {
        @for one in &sink.all {
            article {
                h3 {
                    (kind.label.text(language)) " " (one.head.record.short()) ", "
                    (signed.t_with("service-version", &[("version", one.head.version.into())]))
                }
                p {
                    (moment(language, one.head.written))
                    @if let Some(author) = &one.author { ", " (author) }
                    @if let Some(state) = one.head.state.as_deref() { ", " (crate::html::state(signed, Some(state))) }
                }
                dl {
                    @for field in &kind.fields {
                        @let value = one.fields.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value.as_str());
                        @let by = one.withheld.iter().find(|(category, _)| *category == field.category);
                        @if let Some(value) = value.filter(|value| !value.is_empty()) {
                            dt { (field.label.text(language)) }
                            dd { (value) (file_of(signed, files, &one.head, &field.name)) }
                        } @else if let Some((_, clause)) = by {
                            dt { (field.label.text(language)) }
                            dd { (signed.t("service-section-not-for-you")) " (" (clause.as_str()) ")" }
                        }
                    }
                }
            }
        }
    }
}

/// The link to the file of a field: of the version that names it, and of the earlier ones that named the same.
fn file_of(signed: &Signed, files: &[Packaged], head: &RecordHead, field: &FieldName) -> Markup {
    let named = |one: &&Packaged| one.record == head.record && one.field == *field && one.version == head.version;
    let Some(file) = files.iter().find(named) else { return html! {} };
    html! {
        " "
        @match &file.refused {
            None => a href=(address(&file.path)) { (signed.t("files-download")) },
            Some(refusal) => (refused(signed, refusal)),
        }
    }
}

/// A path as an address beside the page.
fn address(path: &str) -> String {
    path.split('/').map(crate::form::encode).collect::<Vec<_>>().join("/")
}

fn refused(signed: &Signed, refusal: &Refusal) -> String {
    format!("{} ({})", signed.t("service-section-not-for-you"), refusal.number)
}

fn log_of(signed: &Signed, log: &Log) -> Markup {
    html! {
        @match log {
            Log::None => {}
            Log::Refused(refusal) => {
                h2 { (signed.t("export-log")) }
                p { (refused(signed, refusal)) }
            }
            Log::Shown(entries, more) => {
                h2 { (signed.t("export-log")) }
                p {
                    (signed.t_with("export-log-caption", &[("count", entries.len().into())])) ": "
                    a href="logg.csv" { "logg.csv" }
                }
                @if *more { p { (signed.t("export-log-cut")) } }
            }
        }
    }
}
