//! Certificates of erasures: the list of them, and each as page, PDF and JSON. All three come of the same document.
//!
//! A certificate says what is gone here, counted again after the deletion; what is to be said of everywhere else; and what is left
//! and why. It carries pseudonyms alone.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use paper::{Block, Column, Document, Table};
use serde_json::{Value as Json, json};
use service::{
    Asked, Certificate, Certified, Everywhere, Figures, Kept, No, PlannedRecords, RestsOn, SetAsideShown, Why,
};
use terms::{RecordId, Verb};

use crate::ctx::{Ctx, Signed};
use crate::form::Posted;
use crate::frame::{csrf, page};
use crate::moment::{moment, moment_text, rfc3339};
use crate::pages::labels::Labels;
use crate::pages::{answers, checkpoints, erasure, figures};
use crate::paper_page;
use crate::routes::ERASURES;

/// The shape of the JSON.
const FORMAT: &str = "betrodd-erasure-certificate-1";

/// With what the door is asked for certificates: as for an erasure, of the first kind that this role may erase, or else of any.
pub(crate) fn asked(signed: &Signed) -> Option<Asked> {
    let kinds = &signed.shop.as_ref()?.kinds.kinds;
    let kind = kinds.iter().find(|kind| signed.may(Verb::Erase, kind)).or_else(|| kinds.first())?;
    let by_anonymising = || figures::asked(signed).filter(|_| figures::may_anonymise(signed));
    signed
        .asked(Verb::Erase, kind)
        .filter(|_| signed.may(Verb::Erase, kind))
        .or_else(by_anonymising)
        .or_else(|| signed.asked(Verb::Erase, kind))
        .or_else(|| signed.asked(Verb::Consult, kind))
}

/// `GET /{service}/raderingar`: every erasure.
pub async fn list(signed: Signed) -> Response {
    let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
    let all = match signed.portal.door.certificates(&asked).await {
        Ok(all) => all,
        Err(no) => return answers::no(&signed, &no),
    };
    let aside = match signed.portal.door.set_aside(&asked).await {
        Ok(aside) => aside,
        Err(no) => return answers::no(&signed, &no),
    };
    let title = signed.t("erasures-title");
    let body = html! {
        h1 { (title) }
        p.answer { (signed.t("erasures-what")) }
        (set_aside(&signed, &aside))
        @if all.is_empty() { p { (signed.t("erasures-none")) } } @else {
            table {
                caption { (signed.t_with("erasures-caption", &[("count", all.len().into())])) }
                thead { tr {
                    th scope="col" { (signed.t("erasures-when")) }
                    th scope="col" { (signed.t("erasures-of")) }
                    th scope="col" { (signed.t("erasure-column-count")) }
                    th scope="col" { (signed.t("certificate-fact-person")) }
                    th scope="col" { (signed.t("certificate-everywhere")) }
                } }
                tbody {
                    @for Certified { certificate: one, everywhere, .. } in &all {
                        tr {
                            th scope="row" {
                                a href=(format!("/{}/{ERASURES}/{}", signed.service_path(), one.id)) { (moment(signed.language, one.erased)) }
                            }
                            td { (kind(&signed, one)) }
                            td { (one.plan.count_going()) }
                            td {
                                // Of an import that was undone nobody was pointed at; whose each record was stands in the certificate.
                                @match one.plan.import {
                                    Some(import) => (signed.t_with("erasures-of-import", &[("number", import.short().into())])),
                                    None if one.plan.figures.is_some() => (signed.t("erasures-anonymised")),
                                    None => code { (one.plan.person) },
                                }
                            }
                            td { (everywhere_short(&signed, everywhere)) }
                        }
                    }
                }
            }
        }
    };
    page(&signed, &title, body)
}

/// What can be brought back still.
fn set_aside(signed: &Signed, all: &[SetAsideShown]) -> Markup {
    let label = |one: &SetAsideShown| {
        let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&one.kind));
        let kind = kind.map_or_else(|| one.kind.to_string(), |kind| kind.label.text(signed.language).to_owned());
        format!("{kind} {}", one.record.short())
    };
    let over = |one: &SetAsideShown| one.until <= signed.now();
    html! {
        @if !all.is_empty() {
            section aria-labelledby="set-aside" {
                h2 #set-aside { (signed.t("set-aside-title")) }
                p { (signed.t("set-aside-what")) }
                table {
                    caption { (signed.t_with("set-aside-caption", &[("count", all.len().into())])) }
                    thead { tr {
                        @for key in ["erasures-of", "erasure-column-count", "restriction-fact-since", "set-aside-until", "set-aside-now"] {
                            th scope="col" { (signed.t(key)) }
                        }
                    } }
                    tbody {
                        @for one in all {
                            tr {
                                th scope="row" { (label(one)) }
                                td { (one.records) }
                                td { (moment(signed.language, one.since)) }
                                td { (moment(signed.language, one.until)) }
                                td {
                                    @for held in &one.held { p { (signed.t("set-aside-held")) " " (crate::pages::holds::sentence(signed, held)) } }
                                    @if over(one) { p { (signed.t("set-aside-over")) } } @else {
                                        form method="post" action=(format!("/{}/{ERASURES}/{}/aterta", signed.service_path(), one.id)) {
                                            (csrf(signed))
                                            button.quiet type="submit" { (signed.t("set-aside-bring-back")) " " span.visually-hidden { (label(one)) } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /{service}/raderingar/{id}/aterta`: brings back what was erased for a time.
pub async fn bring_back(Path((_, id)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, .. } = posted;
    let Ok(id) = id.parse::<RecordId>() else { return answers::missing(&signed) };
    let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
    match signed.portal.door.bring_back(&asked, id).await {
        Ok(_) => Redirect::to(&format!("/{}/{ERASURES}", signed.service_path())).into_response(),
        Err(no) => answers::no(&signed, &no),
    }
}

fn kind(signed: &Signed, one: &Certificate) -> String {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&one.plan.kind));
    kind.map_or_else(|| one.plan.kind.to_string(), |kind| kind.label.text(signed.language).to_owned())
}

/// `GET /{service}/raderingar/{id}`, with `.json`, `.pdf` or `.tlog-proof` behind it or none.
pub async fn one(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let (id, form) = match id.rsplit_once('.') {
        Some((id, form)) => (id.to_owned(), Some(form.to_owned())),
        None => (id, None),
    };
    let Ok(id) = id.parse::<RecordId>() else { return answers::missing(&signed) };
    if form.as_deref() == Some("tlog-proof") {
        let Some(asked) = asked(&signed) else { return answers::choose_case(&signed) };
        return match signed.portal.registers.certificate_proof(&asked, id).await {
            Ok(text) => checkpoints::saved(&format!("{ERASURES}-{}.tlog-proof", id.short()), text.into_bytes()),
            Err(no) => answers::no(&signed, &no),
        };
    }
    let certified = match certified(&signed, id).await {
        Ok(certified) => certified,
        Err(no) => return answers::no(&signed, &no),
    };
    let saved = |form: &str| format!("attachment; filename=\"{}-{}.{form}\"", ERASURES, id.short());
    match form.as_deref() {
        None => on_page(&signed, id, &certified),
        Some("json") => {
            let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, saved("json"))];
            (headers, as_json(&certified).to_string()).into_response()
        }
        Some("pdf") => match paper::write(&document(&signed, &certified)) {
            Ok(bytes) => {
                let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, saved("pdf"))];
                (headers, bytes).into_response()
            }
            Err(error) => answers::no(&signed, &No::Unavailable(error.to_string())),
        },
        Some(_) => answers::missing(&signed),
    }
}

pub(crate) async fn certified(signed: &Signed, id: RecordId) -> Result<Certified, No> {
    let asked = asked(signed).ok_or(No::Missing)?;
    let mut certified = signed.portal.door.certificate(&asked, id).await?;
    let kept = &mut certified.certificate.plan.figures;
    // They are read for the purpose that they are kept for, which is another than that of erasing.
    if kept.as_ref().is_some_and(|kept| kept.withheld)
        && figures::is_open_to(signed)
        && let Some(asked) = figures::asked(signed)
        && let Ok(all) = signed.portal.door.figures(&asked).await
        && let Some(one) = all.into_iter().find(|one| one.id == id)
    {
        *kept = Some(one.figures);
    }
    Ok(certified)
}

fn on_page(signed: &Signed, id: RecordId, certified: &Certified) -> Response {
    let document = document(signed, certified);
    let here = format!("/{}/{ERASURES}", signed.service_path());
    let body = html! {
        h1 { (document.title) }
        (paper_page::blocks(&document))
        p.actions {
            a.button href=(format!("{here}/{id}.pdf")) download { (signed.t("certificate-pdf")) }
            a.button.quiet href=(format!("{here}/{id}.json")) download { (signed.t("certificate-json")) }
            a.button.quiet href=(format!("{here}/{id}.tlog-proof")) download { (signed.t("certificate-proof")) }
            a.button.quiet href=(here) { (signed.t("erasures-title")) }
        }
    };
    page(signed, &document.title, body)
}

/// The certificate as a document, for page and paper.
fn document(signed: &Signed, certified: &Certified) -> Document {
    let Certified { certificate, everywhere, checkpoint } = certified;
    let plan = &certificate.plan;
    let number = certificate.id.short();
    let mut document = Document::new(signed.t_with("certificate-title", &[("number", number.into())]), signed.language);
    document.push(Block::Facts(facts(signed, certificate)));
    heading(&mut document, signed, "certificate-here");
    paragraph(&mut document, signed.t("certificate-here-what"));
    document.push(rows(signed, "erasure-goes", &plan.goes));
    if !plan.persons.is_empty() {
        heading(&mut document, signed, "certificate-classes");
        let labels = Labels::of(signed);
        for one in &plan.persons {
            let subject =
                labels.as_ref().map_or_else(|| one.subject.to_string(), |labels| labels.subject(&one.subject));
            let classes: Vec<&str> = one.classes.iter().map(terms::RetentionClass::as_str).collect();
            let about = [
                ("subject", subject.into()),
                ("pseudonym", one.person.to_string().into()),
                ("classes", classes.join(", ").into()),
            ];
            paragraph(&mut document, signed.t_with("certificate-classes-row", &about));
        }
    }
    heading(&mut document, signed, "certificate-counts");
    document.push(counts(signed, certificate));
    heading(&mut document, signed, "certificate-everywhere");
    for text in everywhere_texts(signed, everywhere) {
        paragraph(&mut document, text);
    }
    let mut about = everywhere_facts(signed, everywhere);
    about.push((signed.t("certificate-fact-backups"), kept(signed, &certificate.backups)));
    about.push((signed.t("certificate-fact-logs"), kept(signed, &certificate.logs)));
    document.push(Block::Facts(about));
    if let Some(kept) = &plan.figures {
        heading(&mut document, signed, "figures-stay");
        paragraph(&mut document, signed.t("certificate-figures-what"));
        stayed(&mut document, signed, certificate, kept);
    }
    heading(&mut document, signed, "certificate-left");
    if plan.stays.is_empty() {
        paragraph(&mut document, signed.t("erasure-nothing-stays"));
    } else {
        document.push(rows(signed, "erasure-stays", &plan.stays));
    }
    let deleted: u64 = plan.goes.iter().filter(|one| one.why == Why::Deleted).map(service::PlannedRecords::count).sum();
    if deleted > 0 {
        paragraph(&mut document, signed.t_with("certificate-left-deleted", &[("count", deleted.into())]));
    }
    paragraph(&mut document, signed.t("certificate-left-sealed"));
    paragraph(&mut document, signed.t("certificate-left-log"));
    let published = checkpoint.clone().unwrap_or_else(|| signed.t("certificate-fact-no-checkpoint"));
    document.push(Block::Facts(vec![(signed.t("certificate-fact-checkpoint"), published)]));
    document
}

fn everywhere_short(signed: &Signed, everywhere: &Everywhere) -> String {
    let of = |key: &str, at| signed.t_with(key, &[("at", moment_text(signed.language, at).into())]);
    match everywhere {
        Everywhere::NoCopies => signed.t("certificate-everywhere-short-none"),
        Everywhere::By { at, late: false, .. } => of("certificate-everywhere-short-by", *at),
        Everywhere::By { at, late: true, .. } => of("certificate-everywhere-short-late", *at),
        Everywhere::Since(unusable) => of("certificate-everywhere-short-since", unusable.since),
    }
}

/// What the second stage says, and on what it rests.
fn everywhere_texts(signed: &Signed, everywhere: &Everywhere) -> Vec<String> {
    let rests_on = |one: RestsOn| signed.t(&format!("certificate-rests-on-{}", one.code()));
    match everywhere {
        Everywhere::NoCopies => vec![signed.t("certificate-everywhere-what")],
        Everywhere::By { at, late, rests_on: one } => {
            let key = if *late { "certificate-everywhere-late" } else { "certificate-everywhere-by" };
            vec![signed.t_with(key, &[("at", moment_text(signed.language, *at).into())]), rests_on(*one)]
        }
        Everywhere::Since(unusable) => {
            vec![signed.t("certificate-everywhere-since"), rests_on(unusable.rests_on)]
        }
    }
}

fn everywhere_facts(signed: &Signed, everywhere: &Everywhere) -> Vec<(String, String)> {
    let Everywhere::Since(one) = everywhere else { return Vec::new() };
    let facts = [
        ("certificate-fact-everywhere", moment_text(signed.language, one.since)),
        ("certificate-fact-copy", moment_text(signed.language, one.copy_began)),
        ("certificate-fact-generation", one.generation.to_string()),
        ("certificate-fact-copies-deleted", one.deleted.to_string()),
        ("certificate-fact-keys-destroyed", one.destroyed.to_string()),
    ];
    facts.into_iter().map(|(key, value)| (signed.t(key), value)).collect()
}

/// The figures that stay of what was anonymised.
fn stayed(document: &mut Document, signed: &Signed, certificate: &Certificate, kept: &Figures) {
    let kind = signed.shop.as_ref().and_then(|shop| shop.kinds.kind(&certificate.plan.kind));
    let mut columns: Vec<Column> =
        kept.by.iter().map(|field| Column::text(figures::field_label(signed, kind, field))).collect();
    columns.push(Column::figures(signed.t("figures-column-records")));
    columns.push(Column::figures(signed.t("figures-column-persons")));
    let row = |group: &service::FigureGroup| {
        let values = group.values.iter().enumerate();
        let mut row: Vec<String> =
            values.map(|(place, value)| figures::value_label(signed, kind, kept.by.get(place), value)).collect();
        row.extend([group.records.to_string(), group.persons.to_string()]);
        row
    };
    if kept.withheld {
        paragraph(document, signed.t_with("figures-withheld", &[("number", kept.number.clone().into())]));
    } else if kept.groups.is_empty() {
        paragraph(document, signed.t("figures-nothing-stays"));
    } else {
        let rows = kept.groups.iter().map(row).collect();
        document.push(Block::Table(Table { caption: figures::caption(signed, kept), columns, rows }));
    }
    if kept.small > 0 {
        paragraph(document, figures::small(signed, kept));
    }
}

fn heading(document: &mut Document, ctx: &Ctx, key: &str) {
    document.push(Block::Heading { level: 2, text: ctx.t(key) });
}

fn paragraph(document: &mut Document, text: String) {
    document.push(Block::Paragraph(text));
}

fn facts(signed: &Signed, one: &Certificate) -> Vec<(String, String)> {
    let labels = Labels::of(signed);
    let role = labels.as_ref().map_or_else(|| one.role.to_string(), |labels| labels.role(&one.role));
    let purpose = labels.as_ref().map_or_else(|| one.purpose.to_string(), |labels| labels.purpose(&one.purpose));
    let language = signed.language;
    let facts = [
        ("certificate-fact-erased", moment_text(language, one.erased)),
        ("certificate-fact-completed", moment_text(language, one.completed)),
        match one.plan.import {
            Some(import) => ("certificate-fact-import", import.to_string()),
            None if one.plan.figures.is_some() => ("certificate-fact-anonymised", signed.t("erasures-anonymised")),
            None => ("certificate-fact-person", one.plan.person.to_string()),
        },
        ("certificate-fact-by", format!("{role}, {}", one.by)),
        ("certificate-fact-purpose", purpose),
        ("certificate-fact-clause", one.number.clone()),
        ("certificate-fact-agreement", format!("{} ({})", one.version, one.agreement)),
        ("certificate-fact-entry", one.entry.to_string()),
        ("certificate-fact-plan", one.plan_hash.to_string()),
    ];
    facts.into_iter().map(|(key, value)| (signed.t(key), value)).collect()
}

fn rows(signed: &Signed, caption: &str, all: &[PlannedRecords]) -> Block {
    let columns = vec![
        Column::text(signed.t("erasure-column-kind")),
        Column::figures(signed.t("erasure-column-count")),
        Column::text(signed.t("erasure-column-why")),
    ];
    let rows = all.iter().map(|one| erasure::row(signed, one).to_vec()).collect();
    Block::Table(Table { caption: signed.t(caption), columns, rows })
}

fn counted(one: &Certificate) -> [(&'static str, u64); 10] {
    [
        ("records", one.left.records),
        ("versions", one.left.versions),
        ("tokens", one.left.tokens),
        ("accounts", one.left.accounts),
        ("sessions", one.left.sessions),
        ("keys", one.left.keys),
        ("names", one.left.names),
        ("files", one.left.files),
        ("rows", one.left.rows),
        ("restrictions", one.left.restrictions),
    ]
}

fn counts(signed: &Signed, one: &Certificate) -> Block {
    let columns =
        vec![Column::text(signed.t("certificate-count-what")), Column::figures(signed.t("certificate-count-left"))];
    let row = |(what, left): (&str, u64)| vec![signed.t(&format!("certificate-count-{what}")), left.to_string()];
    let rows = counted(one).into_iter().map(row).collect();
    Block::Table(Table { caption: signed.t("certificate-counts-caption"), columns, rows })
}

fn kept(signed: &Signed, one: &Kept) -> String {
    match one {
        Kept::For { sv, en, number, .. } => {
            let period = if signed.language == terms::Language::Sv { sv } else { en };
            let about = [("period", period.clone().into()), ("number", number.clone().into())];
            signed.t_with("certificate-kept", &about)
        }
        Kept::NotFound { number, .. } => {
            signed.t_with("certificate-kept-not-found", &[("number", number.clone().into())])
        }
        Kept::Silent => signed.t("certificate-kept-silent"),
    }
}

/// A plan for programs.
pub(crate) fn plan_json(plan: &service::ErasurePlan) -> Json {
    // Of what was anonymised it is not counted.
    let open = |one: &PlannedRecords| plan.figures.is_none().then_some(one.open);
    let planned = |all: &[PlannedRecords]| -> Json {
        all.iter()
            .map(|one| {
                json!({
                    "kind": one.kind.as_str(),
                    "subject": one.subject.as_str(),
                    "why": one.why.code(),
                    "open": open(one),
                    "count": one.count(),
                    "records": one.records.iter().map(|(record, version)| {
                        json!({ "id": record.to_string(), "version": version })
                    }).collect::<Vec<_>>(),
                })
            })
            .collect()
    };
    let names = |all: &[terms::RetentionClass]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    json!({
        "kind": plan.kind.as_str(),
        "record": plan.record.to_string(),
        "person": plan.person.to_string(),
        "import": plan.import.map(|import| import.to_string()),
        "figures": plan.figures.as_ref().map(crate::api_figures::told),
        "whole_person": plan.whole,
        "persons": plan.persons.iter().map(|one| json!({
            "person": one.person.to_string(),
            "subject": one.subject.as_str(),
            "keys_destroyed": names(&one.classes),
            "keys_kept": names(&one.keeps),
            "account": one.account,
        })).collect::<Vec<_>>(),
        "goes": planned(&plan.goes),
        "stays": planned(&plan.stays),
        "against": plan.against.iter().map(against_json).collect::<Vec<_>>(),
    })
}

/// What stands against an erasure, for programs; what it is stands beside it.
pub(crate) fn against_json(one: &service::Against) -> Json {
    match one {
        service::Against::Restricted(one) => {
            let mut told = restriction_json(one);
            told["what"] = json!("restriction");
            told
        }
        service::Against::Held(one) => {
            let mut told = crate::api_holds::told(one);
            told["what"] = json!("hold");
            told
        }
        service::Against::TooFew(one) => json!({
            "what": "too-few",
            "persons": one.persons,
            "persons_at_least": one.at_least,
            "clause": one.clause.as_str(),
        }),
    }
}

/// A restriction for programs.
pub(crate) fn restriction_json(one: &service::Restricted) -> Json {
    json!({
        "person": one.person.to_string(),
        "by": one.by.to_string(),
        "since": rfc3339(one.since),
        "ground": one.why.code(),
        "until": one.until.map(rfc3339),
        "clause": one.clause.as_str(),
    })
}

/// A certificate for programs.
pub(crate) fn as_json(certified: &Certified) -> Json {
    let one = &certified.certificate;
    let kept = |kept: &Kept| match kept {
        Kept::For { sv, en, clause, number } => {
            json!({ "period": { "sv": sv, "en": en }, "clause": clause.as_str(), "number": number })
        }
        Kept::NotFound { clause, number } => {
            json!({ "period": null, "clause": clause.as_str(), "number": number })
        }
        Kept::Silent => Json::Null,
    };
    json!({
        "format": FORMAT,
        "id": one.id.to_string(),
        "erased": rfc3339(one.erased),
        "unusable_here": rfc3339(one.completed),
        "unusable_everywhere": {
            "copies": match &certified.everywhere {
                Everywhere::NoCopies => json!({ "kept": false }),
                Everywhere::By { at, late, rests_on } => {
                    json!({ "kept": true, "by": rfc3339(*at), "late": late, "rests_on": rests_on.code() })
                }
                Everywhere::Since(one) => json!({
                    "kept": true,
                    "since": rfc3339(one.since),
                    "copy_began": rfc3339(one.copy_began),
                    "generation": one.generation,
                    "copies_deleted": one.deleted,
                    "archive_keys_destroyed": one.destroyed,
                    "rests_on": one.rests_on.code(),
                }),
            },
            "agreement_on_backups": kept(&one.backups),
            "agreement_on_logs": kept(&one.logs),
        },
        "entry": one.entry,
        "checkpoint": certified.checkpoint,
        "by": one.by.to_string(),
        "role": one.role.as_str(),
        "purpose": one.purpose.as_str(),
        "agreement": { "hash": one.agreement.to_string(), "version": one.version },
        "clause": one.clause.as_str(),
        "number": one.number,
        "plan": plan_json(&one.plan),
        "plan_hash": one.plan_hash.to_string(),
        "left": counted(one).into_iter().map(|(what, left)| (what.to_owned(), json!(left))).collect::<serde_json::Map<_, _>>(),
        "files": one.files,
    })
}
