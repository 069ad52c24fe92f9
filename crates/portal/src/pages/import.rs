//! Records from a file, as pages: choose or paste it, see what each column is and what is wrong with each row, bring in all or
//! the good ones, follow it, and find it again. Works without script: the text goes along in the form, and lies nowhere else.

use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, REFRESH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use intake::{Choose, ColumnsNo, Mapping, Outcome, Why};
use maud::{Markup, html};
use serde::Deserialize;
use service::{FieldProblem, Import, Kind, No};
use std::sync::Arc;
use terms::{Language, RecordId, Verb};

use crate::api::problem::fault_sentence;
use crate::bringing_in::{File, begin, read};
use crate::ctx::{Ctx, Signed};
use crate::form::{Fields, Posted, same};
use crate::frame::{csrf, page, page_with};
use crate::html::state;
use crate::moment::moment;
use crate::pages::labels::Labels;
use crate::pages::record_form::new_once;
use crate::pages::records::{base, kind};
use crate::pages::sheet::Sheet;
use crate::pages::{answers, refusal};
use crate::state::Portal;
use crate::words::{t, t_with};

/// Rows with faults that are shown; all of them are in the file of bad rows.
const MAX_SHOWN: usize = 200;

/// Under which record, and which import.
#[derive(Deserialize, Default)]
pub struct ImportQuery {
    parent: Option<String>,
}

/// `GET /{service}/{kind}/import`: choose a file; and the imports so far.
pub async fn start(
    signed: Signed,
    Path((_, path)): Path<(String, String)>,
    Query(query): Query<ImportQuery>,
) -> Response {
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::choose_case(&signed) };
    if query.parent.as_deref().is_some_and(|parent| parent.parse::<RecordId>().is_err()) {
        return answers::missing(&signed);
    }
    match signed.portal.imports.imports(&asked, &kind.name).await {
        Ok(imports) => start_page(&signed, kind, query.parent.as_deref(), &imports, None),
        Err(no) => answers::no(&signed, &no),
    }
}

fn title(signed: &Signed, kind: &Kind) -> String {
    signed.t_with("import-title", &[("kind", kind.plural.text(signed.language).to_lowercase().into())])
}

fn start_page(signed: &Signed, kind: &Kind, parent: Option<&str>, imports: &[Import], wrong: Option<&str>) -> Response {
    let base = base(signed, kind);
    let title = title(signed, kind);
    let fields: Vec<&str> = kind.fields.iter().map(|field| field.label.text(signed.language)).collect();
    let body = html! {
        h1 { (title) }
        @if let Some(wrong) = wrong { div.problems role="alert" { p { (wrong) } } }
        p { (signed.t("import-what")) }
        p.help { (signed.t_with("import-fields", &[("fields", fields.join(", ").into())])) }
        form method="post" action=(format!("{base}/import")) enctype="multipart/form-data" {
            (csrf(signed))
            input type="hidden" name="_once" value=(new_once());
            @if let Some(parent) = parent { input type="hidden" name="_parent" value=(parent); }
            div.field {
                label for="file" { (signed.t("import-file")) }
                p.help #file-help { (signed.t("import-file-help")) }
                input #file name="file" type="file" accept=".csv,.txt,text/csv,text/plain" aria-describedby="file-help";
            }
            div.field {
                label for="text" { (signed.t("import-text")) }
                textarea #text name="text" rows="6" autocomplete="off" spellcheck="false" {}
            }
            button type="submit" { (signed.t("import-check")) }
        }
        (former(signed, &base, imports))
    };
    page_with(signed, if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &title, body)
}

fn former(signed: &Signed, base: &str, imports: &[Import]) -> Markup {
    html! {
        @if !imports.is_empty() {
            section aria-labelledby="former" {
                h2 #former { (signed.t("import-former")) }
                table {
                    caption { (signed.t_with("import-former-caption", &[("count", imports.len().into())])) }
                    thead { tr { th scope="col" { (signed.t("import-when")) } th scope="col" { (signed.t("import-rows")) } th scope="col" { (signed.t("import-state")) } } }
                    tbody {
                        @for one in imports {
                            tr {
                                th scope="row" { a href=(format!("{base}/import/{}", one.id)) { (moment(signed.language, one.begun)) } }
                                td.number { (one.rows) }
                                td { (signed.t(import_state(one))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

const fn import_state(import: &Import) -> &'static str {
    match (import.undone, import.ended) {
        (Some(_), _) => "import-state-undone",
        (None, Some(_)) => "import-state-ended",
        (None, None) => "import-state-begun",
    }
}

/// What was sent: the file or the pasted text, as bytes, with the small fields of the form.
struct Sent {
    bytes: Wiped,
    once: Option<String>,
    parent: Option<String>,
}

/// Bytes that are wiped.
type Wiped = zeroize::Zeroizing<Vec<u8>>;

/// `POST /{service}/{kind}/import`: the file, for a look at what it comes to. Nothing is written.
pub async fn upload(
    State(portal): State<Arc<Portal>>,
    Path((_, path)): Path<(String, String)>,
    signed: Signed,
    request: Request,
) -> Response {
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let sent = match sent(&signed, request, &portal).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let once = sent.once.unwrap_or_else(new_once);
    look(&signed, kind, &sent.bytes, &Vec::new(), &once, sent.parent.as_deref(), &[]).await
}

async fn sent(signed: &Signed, request: Request, portal: &Arc<Portal>) -> Result<Sent, Response> {
    let unreadable = |ctx: &Ctx| answers::page_of(ctx, StatusCode::BAD_REQUEST, "answer-form-unreadable");
    let of = |error: &axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large(signed) } else { unreadable(signed) }
    };
    let mut form = Multipart::from_request(request, portal).await.map_err(|_| unreadable(signed))?;
    let mut token = String::new();
    let mut sent = Sent { bytes: Wiped::default(), once: None, parent: None };
    while let Some(part) = form.next_field().await.map_err(|error| of(&error))? {
        let name = part.name().unwrap_or("").to_owned();
        let bytes = Wiped::new(part.bytes().await.map_err(|error| of(&error))?.to_vec());
        let text = || String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "csrf" => token = text(),
            "_once" => sent.once = Some(text()),
            "_parent" => sent.parent = Some(text()),
            // A file goes before a text; an input without a file sends an empty one.
            "file" if !bytes.is_empty() => sent.bytes = bytes,
            "text" if sent.bytes.is_empty() => sent.bytes = bytes,
            _ => {}
        }
    }
    if same(&token, &signed.me.csrf) {
        Ok(sent)
    } else {
        Err(answers::page_of(signed, StatusCode::FORBIDDEN, "answer-form-expired"))
    }
}

fn too_large(ctx: &Ctx) -> Response {
    answers::page_of(ctx, StatusCode::PAYLOAD_TOO_LARGE, "answer-import-too-large")
}

async fn look(
    signed: &Signed,
    kind: &Kind,
    bytes: &[u8],
    said: &Mapping,
    once: &str,
    parent: Option<&str>,
    wrong: &[String],
) -> Response {
    match read(signed, kind, bytes, said).await {
        Ok(file) => preview(signed, kind, &file, once, parent, wrong),
        Err(no) => start_page(signed, kind, parent, &[], Some(&signed.t(&format!("import-no-{}", no.code())))),
    }
}

fn preview(signed: &Signed, kind: &Kind, file: &File, once: &str, parent: Option<&str>, wrong: &[String]) -> Response {
    let language = signed.language;
    let title = title(signed, kind);
    let rows = &file.checked.rows;
    let (good, bad) = (file.checked.good(), rows.len() - file.checked.good());
    let doubles = rows.iter().filter(|row| row.is_good() && row.is_double()).count();
    let separator = match file.sheet.separator {
        ';' => "import-semicolon",
        '\t' => "import-tab",
        _ => "import-comma",
    };
    let said = [("encoding", file.encoding.name().into()), ("separator", signed.t(separator).into())];
    let label = |name: &terms::FieldName| kind.field(name.as_str()).map_or("", |field| field.label.text(language));
    let ready = file.columns.faults.is_empty();
    let body = html! {
        h1 { (title) }
        p.answer {
            (signed.t_with("import-counts", &[("rows", rows.len().into()), ("good", good.into()), ("bad", bad.into())]))
            @if doubles > 0 { " " (signed.t_with("import-doubles", &[("count", doubles.into())])) }
        }
        p { (signed.t("import-nothing-yet")) " " (signed.t_with("import-read-as", &said)) }
        @if !file.looked_up && ready { p { (signed.t("import-not-looked-up")) } }
        @if !ready || !wrong.is_empty() {
            div.problems role="alert" {
                ul {
                    @for fault in &file.columns.faults {
                        li {
                            @match fault {
                                ColumnsNo::None => (signed.t("import-columns-none")),
                                ColumnsNo::Missing(name) => (signed.t_with("import-columns-missing", &[("field", label(name).into())])),
                                ColumnsNo::Twice(name) => (signed.t_with("import-columns-twice", &[("field", label(name).into())])),
                            }
                        }
                    }
                    @for line in wrong { li { (line) } }
                }
            }
        }
        form method="post" action=(format!("{}/import/run", base(signed, kind))) {
            (csrf(signed))
            input type="hidden" name="_once" value=(once);
            @if let Some(parent) = parent { input type="hidden" name="_parent" value=(parent); }
            textarea name="text" hidden aria-label=(signed.t("import-text")) { "\n" (file.text.as_str()) }
            (columns(signed, kind, file))
            @if bad > 0 || doubles > 0 { (faults(signed, kind, file)) }
            @if doubles > 0 {
                div.field {
                    input #doubles type="checkbox" name="doubles" value="1";
                    label for="doubles" { (signed.t("import-doubles-too")) }
                }
            }
            div.actions {
                button.quiet type="submit" name="do" value="check" { (signed.t("import-check-again")) }
                @if ready && bad == 0 { button type="submit" name="do" value="all" { (signed.t_with("import-all", &[("count", good.into())])) } }
                @if ready && bad > 0 && good > 0 { button type="submit" name="do" value="good" { (signed.t_with("import-good", &[("count", good.into())])) } }
                @if bad > 0 { button.quiet type="submit" name="do" value="bad" { (signed.t("import-bad")) } }
            }
        }
        p { a href=(format!("{}/import", base(signed, kind))) { (signed.t("import-other-file")) } }
    };
    let wrong = !ready || bad > 0;
    page_with(signed, if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &title, body)
}

fn columns(signed: &Signed, kind: &Kind, file: &File) -> Markup {
    html! {
        fieldset {
            legend { (signed.t("import-columns")) }
            p.help { (signed.t("import-columns-help")) }
            @for (at, heading) in file.sheet.headings.iter().enumerate() {
                @let chosen = file.columns.fields.get(at).and_then(Option::as_ref);
                div.field {
                    label for=(format!("column-{at}")) { (signed.t_with("import-column", &[("number", (at + 1).into()), ("heading", heading.as_str().into())])) }
                    select id=(format!("column-{at}")) name=(format!("column-{at}")) {
                        option value="" selected[chosen.is_none()] { (signed.t("import-not-read")) }
                        @for field in &kind.fields {
                            option value=(field.name.as_str()) selected[chosen == Some(&field.name)] { (field.label.text(signed.language)) }
                        }
                    }
                }
            }
        }
    }
}

fn faults(signed: &Signed, kind: &Kind, file: &File) -> Markup {
    let told: Vec<_> = file.checked.rows.iter().filter(|row| !row.is_good() || row.is_double()).collect();
    html! {
        table {
            caption { (signed.t_with("import-faults", &[("count", told.len().into())])) }
            thead { tr { th scope="col" { (signed.t("import-line")) } th scope="col" { (signed.t("import-wrong")) } } }
            tbody {
                @for row in told.iter().take(MAX_SHOWN) {
                    tr { th scope="row" { (row.line) } td { ul { @for line in sentences(signed, kind, row) { li { (line) } } } } }
                }
            }
        }
        @if told.len() > MAX_SHOWN { p { (signed.t_with("import-faults-cut", &[("count", MAX_SHOWN.into())])) } }
    }
}

/// What is to be said of a row, each a sentence with column and remedy; to whoever sees the row itself also what was probably meant.
fn sentences(signed: &Signed, kind: &Kind, row: &intake::CheckedRow) -> Vec<String> {
    row_sentences(signed.language, kind, row, true)
}

/// As [`sentences`]; nothing of what the row holds is in them, unless `meant` is wanted.
#[must_use]
pub fn row_sentences(language: Language, kind: &Kind, row: &intake::CheckedRow, meant: bool) -> Vec<String> {
    let mut all: Vec<String> = row
        .faults
        .iter()
        .map(|fault| {
            let label = fault.field.as_ref().and_then(|name| kind.field(name.as_str()));
            let label = label.map_or("", |field| field.label.text(language));
            let what = match fault.problem {
                intake::RowProblem::Value(problem @ FieldProblem::DateInAnotherForm { meant: day }) if meant => {
                    let day = [("meant", day.0.to_string().into())];
                    format!(
                        "{} {}",
                        fault_sentence(language, label, problem),
                        t_with(language, "problem-date-meant", &day)
                    )
                }
                intake::RowProblem::Value(problem) => fault_sentence(language, label, problem),
                intake::RowProblem::TooManyCells => t(language, "import-too-many-cells"),
            };
            match fault.column {
                Some(column) => {
                    t_with(language, "import-in-column", &[("column", column.into()), ("what", what.into())])
                }
                None => what,
            }
        })
        .collect();
    if let Some(line) = row.double_of {
        all.push(t_with(language, "import-double-in-file", &[("line", line.into())]));
    }
    if row.alike > 0 {
        all.push(t_with(language, "import-alike", &[("count", row.alike.into())]));
    }
    all
}

/// What the form says of the columns.
fn mapping(fields: &Fields) -> Mapping {
    (0..intake::MAX_CELLS)
        .map_while(|at| fields.raw(&format!("column-{at}")))
        .map(|name| Some(name.to_owned()).filter(|name| !name.is_empty()))
        .collect()
}

/// `POST /{service}/{kind}/import/run`: another look, the bad rows as a file, or the import itself.
pub async fn run(Path((_, path)): Path<(String, String)>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let Some(kind) = kind(&signed, &path) else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::choose_case(&signed) };
    let Ok(parent) = fields.get("_parent").map(str::parse::<RecordId>).transpose() else {
        return answers::missing(&signed);
    };
    let said = mapping(&fields);
    let once = fields.get("_once").map_or_else(new_once, str::to_owned);
    let text = fields.raw("text").unwrap_or("");
    let (parent_text, what) = (fields.get("_parent"), fields.get("do"));
    let file = match read(&signed, kind, text.as_bytes(), &said).await {
        Ok(file) => file,
        Err(no) => {
            return start_page(&signed, kind, parent_text, &[], Some(&signed.t(&format!("import-no-{}", no.code()))));
        }
    };
    if what == Some("bad") {
        return bad_rows(&signed, kind, &file);
    }
    let bad = file.checked.rows.len() - file.checked.good();
    let choose = Choose { good_only: what == Some("good"), doubles_too: fields.get("doubles").is_some() };
    let runs = matches!(what, Some("all" | "good")) && file.columns.faults.is_empty();
    if !runs || (bad > 0 && !choose.good_only) {
        return preview(&signed, kind, &file, &once, parent_text, &[]);
    }
    match begin(&signed, asked, kind, parent, file.checked, choose, &once).await {
        Ok(begun) => Redirect::to(&format!("{}/import/{}", base(&signed, kind), begun.import.id)).into_response(),
        Err(no) => answers::no(&signed, &no),
    }
}

/// The bad rows as they stood, with line and reason, to be mended and read again. Cells that a spreadsheet would run are made
/// harmless.
fn bad_rows(signed: &Signed, kind: &Kind, file: &File) -> Response {
    let own = [signed.t("import-line"), signed.t("import-wrong")];
    let headings = file.sheet.headings.iter().map(|heading| heading.as_str());
    let mut sheet = Sheet::new(headings.chain(own.iter().map(String::as_str)));
    for (row, checked) in file.sheet.rows.iter().zip(&file.checked.rows).filter(|(_, checked)| !checked.is_good()) {
        let line = row.line.to_string();
        let why = sentences(signed, kind, checked).join(" ");
        let width = file.sheet.headings.len();
        let cells = (0..width).map(|at| row.cells.get(at).map_or("", |cell| cell.as_str()));
        sheet.row(cells.chain([line.as_str(), why.as_str()]));
    }
    let name = format!("attachment; filename=\"{}-import.csv\"", kind.path);
    ([(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)], sheet.into_bytes())
        .into_response()
}

/// `GET /{service}/{kind}/import/{id}`: how far it has come, and what came of it.
pub async fn one(signed: Signed, Path((_, path, id)): Path<(String, String, String)>) -> Response {
    let (Some(kind), Ok(id)) = (kind(&signed, &path), id.parse::<RecordId>()) else { return answers::missing(&signed) };
    let Some(asked) = signed.asked(Verb::Collect, kind) else { return answers::choose_case(&signed) };
    // Asked first: what ends in this moment has then ended below as well.
    let progress = signed.portal.running.of(&asked.tenant, &id);
    let runs = progress.as_ref().is_some_and(|progress| progress.ended().is_none());
    let imports = &signed.portal.imports;
    let found = if runs {
        // Which records there are is looked up once, and not each second.
        let all = imports.imports(&asked, &kind.name).await;
        all.and_then(|all| all.into_iter().find(|one| one.id == id).map(|one| (one, Vec::new())).ok_or(No::Missing))
    } else {
        imports.imported(&asked, id).await
    };
    let (import, records) = match found {
        Ok(found) => found,
        Err(no) => return answers::no(&signed, &no),
    };
    if import.kind != kind.name {
        return answers::missing(&signed);
    }
    let touched = records.iter().filter(|one| !one.untouched).count();
    let title = title(&signed, kind);
    let base = base(&signed, kind);
    let body = html! {
        h1 { (title) }
        p.answer role="status" {
            @if let Some(progress) = progress.as_ref().filter(|_| runs) {
                @let (wanted, done, _) = progress.counts();
                (signed.t_with("import-progress", &[("done", done.into()), ("wanted", wanted.into())]))
                " " progress max=(wanted.max(1)) value=(done) {}
            } @else {
                (signed.t_with("import-written", &[("count", records.len().into()), ("rows", import.rows.into())]))
            }
        }
        @if !runs {
            p {
                (signed.t(import_state(&import))) " · " (moment(signed.language, import.begun))
                @if let Some(undone) = import.undone { " · " (signed.t("import-undone-at")) " " (moment(signed.language, undone)) }
            }
            @if import.ended.is_none() && import.undone.is_none() { p { (signed.t("import-interrupted")) } }
        }
        @if let Some(progress) = &progress { (failed(&signed, kind, progress)) }
        @if !records.is_empty() {
            p { (signed.t_with("import-touched", &[("count", touched.into())])) }
            ul.records {
                @for one in records.iter().take(MAX_SHOWN) {
                    li {
                        a href=(format!("{base}/{}", one.head.record)) { (kind.label.text(signed.language)) " " (one.head.record.short()) }
                        " " (signed.t_with("import-of-row", &[("row", one.row.into())])) " " (state(&signed, one.head.state.as_deref()))
                        @if !one.untouched { " · " (signed.t("import-was-touched")) }
                    }
                }
            }
            @if records.len() > MAX_SHOWN { p { (signed.t_with("import-faults-cut", &[("count", MAX_SHOWN.into())])) } }
        }
        @if !runs && import.undone.is_none() && signed.may(Verb::Erase, kind) {
            p.actions { a.button.quiet href=(format!("{base}/import/{id}/angra")) { (signed.t("import-undo")) } }
        }
        p { a href=(base) { (kind.plural.text(signed.language)) } " · " a href=(format!("{base}/import")) { (signed.t("import-other-file")) } }
    };
    let mut response = page(&signed, &title, body);
    if runs {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("1"));
    }
    response
}

fn failed(signed: &Signed, kind: &Kind, progress: &intake::Progress) -> Markup {
    let failed = progress.failed();
    html! {
        @if progress.ended() == Some(Outcome::Interrupted) { div.problems role="alert" { p { (signed.t("import-interrupted")) } } }
        @if !failed.is_empty() {
            table {
                caption { (signed.t_with("import-faults", &[("count", failed.len().into())])) }
                thead { tr { th scope="col" { (signed.t("import-line")) } th scope="col" { (signed.t("import-wrong")) } } }
                tbody {
                    @for one in failed.iter().take(MAX_SHOWN) { tr { th scope="row" { (one.line) } td { (why(signed, kind, &one.why)) } } }
                }
            }
        }
    }
}

/// Why a row was not taken, in a sentence.
pub(crate) fn why(signed: &Signed, kind: &Kind, why: &Why) -> String {
    match why {
        Why::Refused(refusal) => {
            let reason = Labels::of(signed).map_or_else(String::new, |labels| refusal::reason(labels, &refusal.reason));
            format!("{reason} {}", signed.t_with("api-refused-clause", &[("number", refusal.number.as_str().into())]))
        }
        Why::Invalid(faults) => {
            let sentence = |fault: &service::FieldFault| {
                let label = kind.field(fault.field.as_str()).map_or("", |field| field.label.text(signed.language));
                fault_sentence(signed.language, label, fault.problem)
            };
            faults.iter().map(sentence).collect::<Vec<_>>().join(" ")
        }
        Why::Missing => signed.t("answer-missing"),
        Why::Reused => signed.t("import-reused"),
        Why::Unavailable => signed.t("answer-unavailable"),
    }
}
