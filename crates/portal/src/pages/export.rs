//! What is taken out: a record with its versions, what belongs to it and its log; or all that is kept of one person. As a page to
//! read and print, and as JSON to carry away; the same reading makes both. With its files it is a package (`package.rs`).
//!
//! The door decides and enters each kind, the register the log. A part that is refused stands in the export with its clause, so
//! that what lacks is seen.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use service::{Asked, Exported, Kind, No, Part, Whole};
use terms::{RecordId, Refusal, Verb};

use crate::ctx::Signed;
use crate::frame::page;
use crate::html::{self, Order, TableOf};
use crate::moment::moment;
use crate::pages::labels::Labels;
use crate::pages::{answers, holds, package, records, who_looked};
use crate::seams::{Filter, Looked, MAX_LOOKED};

/// What was taken out, with the log over it.
pub(crate) struct Taken {
    /// The records, kind by kind.
    pub exported: Exported,
    /// The log, newest first and at most [`MAX_LOOKED`] entries; or that it is refused to this person.
    pub log: Log,
}

/// The log over what was taken out.
pub(crate) enum Log {
    /// The entries, and whether there may be more.
    Shown(Vec<Looked>, bool),
    /// The agreement shows this person no log.
    Refused(Box<Refusal>),
    /// The agreement has no log that can be shown.
    None,
}

/// Asks the door, and then the register.
pub(crate) async fn take(
    signed: &Signed,
    asked: &Asked,
    kind: &Kind,
    record: RecordId,
    whole: Whole,
) -> Result<Taken, No> {
    let exported = signed.portal.door.retrieve(asked, &kind.name, record, whole).await?;
    let filter = match whole {
        Whole::Record => Filter { record: Some(record), ..Filter::default() },
        Whole::Person => Filter { person: Some(exported.person), ..Filter::default() },
    };
    let Some(asked) = who_looked::asked(signed) else { return Ok(Taken { exported, log: Log::None }) };
    let filter = Filter { limit: MAX_LOOKED, conceals: exported.conceals, ..filter };
    let log = match signed.portal.registers.who_looked(&asked, &filter).await {
        Ok(entries) => {
            let more = entries.len() >= MAX_LOOKED;
            Log::Shown(entries, more)
        }
        Err(No::Refused(refusal)) => Log::Refused(refusal),
        Err(No::Missing) => Log::None,
        Err(no) => return Err(no),
    };
    Ok(Taken { exported, log })
}

/// `GET /{service}/{kind}/{id}/export`: the record and what belongs to it.
pub async fn record(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    show(signed, &path, &id, Whole::Record).await
}

/// `GET /{service}/{kind}/{id}/person`: all that is kept of the person whose record it is.
pub async fn person(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    show(signed, &path, &id, Whole::Person).await
}

async fn show(signed: Signed, path: &str, id: &str, whole: Whole) -> Response {
    let (Some(kind), Ok(record)) = (records::kind(&signed, path), id.parse::<RecordId>()) else {
        return answers::missing(&signed);
    };
    let Some(asked) = signed.asked(Verb::Retrieve, kind) else { return answers::choose_case(&signed) };
    let taken = match take(&signed, &asked, kind, record, whole).await {
        Ok(taken) => taken,
        Err(no) => return answers::no(&signed, &no),
    };
    let (what, last) = match whole {
        Whole::Record => ("export-what-record", "export"),
        Whole::Person => ("export-what-person", "person"),
    };
    let title = title(&signed, kind, record, whole);
    let files = package::files_of(&signed, &taken);
    let bytes = service::bytes_in_words(files.iter().map(|one| one.bytes).sum(), signed.language);
    let base = records::base(&signed, kind);
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t(what)) }
        p.help { (when(&signed, &asked)) " " (signed.t("export-is-logged")) }
        p.actions {
            a.button href=(format!("{base}/{record}/{last}.zip")) download { (signed.t("export-zip")) }
            " "
            a.button.quiet href=(format!("/api/v1{base}/{record}/{last}")) download { (signed.t("export-json")) }
            " "
            a.button.quiet href=(format!("{base}/{record}")) { (signed.t("service-back")) }
        }
        p.help { (signed.t_with("export-zip-what", &[("count", files.len().into()), ("bytes", bytes.into())])) }
        (holds_over(&signed, &taken.exported))
        (anonymised_told(&signed, &taken.exported))
        @for part in &taken.exported.parts { (part_of(&signed, part)) }
        (log(&signed, &taken.log, whole, record, &taken.exported))
    };
    page(&signed, &title, body)
}

/// What the export is called.
pub(crate) fn title(signed: &Signed, kind: &Kind, record: RecordId, whole: Whole) -> String {
    let key = match whole {
        Whole::Record => "export-record-title",
        Whole::Person => "export-person-title",
    };
    let number = [("kind", kind.label.text(signed.language).to_lowercase().into()), ("number", record.short().into())];
    signed.t_with(key, &number)
}

pub(crate) fn when(signed: &Signed, asked: &Asked) -> String {
    let purpose = Labels::of(signed).map_or_else(|| asked.purpose.to_string(), |labels| labels.purpose(&asked.purpose));
    let version = signed.agreement.as_ref().map(|agreement| agreement.version().to_owned()).unwrap_or_default();
    let time = moment(signed.language, signed.now()).into_string();
    // The moment comes as a `<time>`; here only its text is wanted.
    let time: String = time.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or(&time).to_owned();
    signed.t_with("export-taken", &[("time", time.into()), ("purpose", purpose.into()), ("version", version.into())])
}

/// The kinds of records of such data subjects that may be anonymised: what of a person stays as figures of many.
pub(crate) fn anonymised<'s>(signed: &'s Signed, exported: &Exported) -> Vec<&'s Kind> {
    let all = || signed.shop.iter().flat_map(|shop| &shop.kinds.kinds);
    let of_subject = |kind: &&Kind| {
        let part = |part: &service::Part| all().any(|one| one.name == part.kind && one.subject == kind.subject);
        exported.parts.iter().any(part)
    };
    all().filter(|kind| kind.figures.is_some()).filter(of_subject).collect()
}

/// The same, as the data subject reads it.
pub(crate) fn anonymised_told(signed: &Signed, exported: &Exported) -> Markup {
    let kinds = anonymised(signed, exported);
    html! {
        @if !kinds.is_empty() {
            section aria-labelledby="anonymised" {
                h2 #anonymised { (signed.t("export-anonymised")) }
                p { (signed.t("export-anonymised-what")) }
                ul { @for kind in kinds { li {
                    (kind.plural.text(signed.language))
                    @if let Some(number) = rule_of(signed, kind) { " (" (signed.t("holds-column-clause")) " " (number) ")" }
                } } }
            }
        }
    }
}

/// The number of the clause by which records of a kind may leave figures.
fn rule_of(signed: &Signed, kind: &Kind) -> Option<String> {
    let figures = kind.figures.as_ref()?;
    let agreement = signed.agreement.as_ref()?;
    let term = agreement.terms_of("anonymising").find(|term| term.id == figures.rule)?;
    Some(agreement.number(&term.clause).to_owned())
}

/// Why something of it would not be erased.
pub(crate) fn holds_over(signed: &Signed, exported: &Exported) -> Markup {
    html! {
        @if !exported.holds.is_empty() {
            section aria-labelledby="holds" {
                h2 #holds { (signed.t("export-holds")) }
                p { (signed.t("export-holds-what")) }
                ul { @for one in &exported.holds { li {
                    (holds::what(signed, one)) ": " (holds::sentence(signed, one)) " (" (signed.t("holds-column-clause")) " " (one.number) ")"
                } } }
            }
        }
    }
}

fn part_of(signed: &Signed, part: &Part) -> Markup {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&part.kind));
    let Some(kind) = kind else { return html! {} };
    let base = records::base(signed, kind);
    html! {
        section aria-labelledby=(kind.path) {
            h2 id=(kind.path) { (kind.plural.text(signed.language)) }
            @match &part.answer {
                Ok(opened) => {
                    (html::table(signed, kind, opened.as_ref(), &TableOf {
                        caption: signed.t_with("export-versions", &[("count", opened.count().into())]),
                        columns: None,
                        written: true,
                        linked: true,
                        order: Order::AsGiven,
                        base: &base,
                    }))
                }
                Err(refusal) => { (not_for_you(signed, refusal)) }
            }
        }
    }
}

fn not_for_you(signed: &Signed, refusal: &Refusal) -> Markup {
    html! { p { (signed.t("service-section-not-for-you")) " (" (crate::frame::clause(signed, &refusal.clause)) ")" } }
}

fn log(signed: &Signed, log: &Log, whole: Whole, record: RecordId, exported: &Exported) -> Markup {
    let about = match whole {
        Whole::Record => format!("?record={record}"),
        Whole::Person => format!("?person={}", exported.person),
    };
    html! {
        section aria-labelledby="export-log" {
            @match log {
                Log::None => {}
                Log::Refused(refusal) => {
                    h2 #export-log { (signed.t("export-log")) }
                    (not_for_you(signed, refusal))
                }
                Log::Shown(entries, more) => {
                    h2 #export-log { (signed.t("export-log")) }
                    (who_looked::entries(signed, entries, &about))
                    @if *more { p { (signed.t("export-log-cut")) } }
                }
            }
        }
    }
}
