//! What comes of a confirmed text: the agreement file as it stands now, what the reader and the check of Article 28 say of it with line
//! and remedy, what it comes to; and the service's folder, to be taken along.
//!
//! A folder that is taken along holds the choices too, so that `betrodd read --choices` makes the same of the same file. That it is
//! taken along is entered before its first byte.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use agreement::art28::{self, Check, Evidence, Finding, Report, Verdict};
use agreement::{Agreement, explain};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use reading::{File, NoDraft};
use terms::Language;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::ctx::Signed;
use crate::form::query_value;
use crate::frame::page;
use crate::moment;
use crate::pages::confirm::{Open, address, house, open};
use crate::pages::{answers, read};

/// The longest name of a service, in characters.
const MAX_NAME: usize = 40;
/// What a service is called where nobody says.
const NAMELESS: &str = "tjanst";

/// The name that the address asks for.
fn name(signed: &Signed) -> String {
    let name = query_value(&signed.here, "tjanst").map(|name| name.trim().chars().take(MAX_NAME).collect::<String>());
    name.filter(|name| name.chars().any(char::is_alphanumeric)).unwrap_or_else(|| NAMELESS.to_owned())
}

/// The files, made where waiting hinders nobody.
async fn files(signed: &Signed, open: &Open, trial: Option<Date>) -> Result<Vec<File>, Response> {
    let (reading, made, name) = (Arc::clone(&open.reading), open.made.clone(), name(signed));
    let Some(_seat) = signed.portal.reading_room.sit().await else { return Err(read::full(signed)) };
    let made = tokio::task::spawn_blocking(move || reading::confirmed_folder(&reading, &name, &made, trial)).await;
    match made {
        Ok(Ok(files)) => Ok(files),
        Ok(Err(NoDraft::TooLong)) => {
            Err(answers::page_of(signed, StatusCode::UNPROCESSABLE_ENTITY, "confirm-no-draft"))
        }
        Ok(Err(_)) | Err(_) => Err(answers::page_of(signed, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault")),
    }
}

fn today(signed: &Signed) -> Date {
    moment::civil(signed.now()).date()
}

/// `GET /{service}/bekrafta/{id}/avtal`, with `tjanst` as the service's name.
pub async fn page_of(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let open = match open(&signed, &id).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    let files = match files(&signed, &open, None).await {
        Ok(files) => files,
        Err(answer) => return answer,
    };
    let Some(file) = files.into_iter().next() else { return answers::missing(&signed) };
    let (language, on, at) = (signed.language, today(&signed), signed.now());
    // Reading and checking take a moment for a long text.
    let told = tokio::task::spawn_blocking(move || {
        let read = Agreement::read(&file.name, &file.text).map(|agreement| {
            let report = art28::check(&agreement, &Evidence::default(), on);
            let comes_to = [
                ("confirm-who-may", explain::who_may_see_what(&agreement, language)),
                ("confirm-due", explain::what_falls_due(&agreement, language, at)),
                ("confirm-record", explain::record_of_processing(&agreement, language, on)),
                ("confirm-article-28", explain::article_28(&agreement, &report, language)),
            ];
            (agreement, report, comes_to)
        });
        (file, read)
    });
    let Ok((file, read)) = told.await else {
        return answers::page_of(&signed, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault");
    };
    let progress = open.reading.progress(&open.asked, &open.choices);
    let title = signed.t_with("confirm-result-of", &[("file", open.made.file.as_str().into())]);
    let body = html! {
        h1 { (title) }
        p.answer {
            @match &read {
                Err(faults) => (signed.t_with("confirm-faults", &[("count", faults.as_slice().len().into())])),
                Ok((_, report, _)) if report.blocks() => {
                    (signed.t_with("confirm-blocks", &[("count", (report.blocking().count() + report.blocking_traps().count()).into())]))
                },
                Ok(_) => (signed.t("confirm-well")),
            }
        }
        @if progress.done < progress.of {
            div.notice {
                p {
                    (signed.t_with("confirm-left", &[("count", (progress.of - progress.done).into())])) " "
                    a href=(format!("{}#now", address(&signed, &open.under.id))) { (signed.t("confirm-go-on")) }
                }
            }
        }
        (take_along(&signed, &open))
        @match &read {
            Err(faults) => {
                section aria-labelledby="faults" {
                    h2 #faults { (signed.t("confirm-faults-title")) }
                    ol {
                        @for fault in faults {
                            li lang="en" {
                                a href=(format!("#line-{}", fault.line)) { "line " (fault.line) } ": " (fault.message) ". " (fault.remedy)
                            }
                        }
                    }
                }
            },
            Ok((agreement, report, comes_to)) => {
                (checked(&signed, agreement, report))
                h2 { (signed.t("confirm-comes-to")) }
                @for (key, text) in comes_to {
                    details { summary { (signed.t(key)) } pre tabindex="0" { (text) } }
                }
            },
        }
        (agreement_file(&signed, &file))
    };
    page(&signed, &title, body)
}

fn take_along(signed: &Signed, open: &Open) -> Markup {
    html! {
        h2 { (signed.t("confirm-take-along")) }
        p { (signed.t("confirm-take-along-what")) }
        form.stack method="get" action=(format!("{}/avtal.zip", address(signed, &open.under.id))) {
            div.field {
                label for="tjanst" { (signed.t("confirm-service")) }
                p.help #tjanst-help { (signed.t("confirm-service-help")) }
                input.short #tjanst name="tjanst" value=(name(signed)) maxlength=(MAX_NAME) required aria-describedby="tjanst-help" autocomplete="off";
            }
            div.field {
                p { input #prov name="prov" type="checkbox" value="1" checked; " " label for="prov" { (signed.t("confirm-trial")) } }
                p.help { (signed.t("confirm-trial-help")) }
            }
            div.actions { button type="submit" { (signed.t("confirm-download")) } }
        }
    }
}

/// What keeps the agreement from going live, and what is to be looked at.
fn checked(signed: &Signed, agreement: &Agreement, report: &Report) -> Markup {
    let language = signed.language;
    let rest: Vec<&(&Check, Finding)> = report
        .findings
        .iter()
        .filter(|(check, finding)| {
            let blocks = check.severity.blocks() && finding.verdict == Verdict::Fail;
            !blocks && matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
        })
        .collect();
    html! {
        section aria-labelledby="check" {
            h2 #check { (signed.t("confirm-check")) }
            @if report.blocks() {
                h3 { (signed.t("confirm-check-blocks")) }
                ul {
                    @for (check, finding) in report.blocking() { (finding_of(agreement, check, finding, language)) }
                    @for trap in report.blocking_traps() {
                        li {
                            strong { (trap.id) } " " (trap.says.text(language)) " " (trap.remedy.text(language)) " "
                            a href=(format!("#line-{}", trap.line)) { (signed.t_with("read-line", &[("line", trap.line.into())])) }
                        }
                    }
                }
            } @else { p { (signed.t("confirm-check-well")) } }
            @if !rest.is_empty() {
                details {
                    summary { (signed.t_with("confirm-check-rest", &[("count", rest.len().into())])) }
                    ul { @for (check, finding) in rest { (finding_of(agreement, check, finding, language)) } }
                }
            }
        }
    }
}

fn finding_of(agreement: &Agreement, check: &Check, finding: &Finding, language: Language) -> Markup {
    let line = match language {
        Language::Sv => "rad",
        Language::En => "line",
    };
    html! {
        li {
            strong { (check.id) } " " (finding.says.text(language))
            @if let Some(remedy) = &finding.remedy { " " (remedy.text(language)) }
            @if let Some(clause) = &finding.clause {
                " " a href=(format!("#line-{}", finding.line)) { (agreement.number(clause)) " (" (line) " " (finding.line) ")" }
            }
        }
    }
}

/// The file with its lines, so that what is said of a line can be looked at.
fn agreement_file(signed: &Signed, file: &File) -> Markup {
    html! {
        h2 { (signed.t("confirm-file")) }
        details open {
            summary { (file.name) }
            div.lines {
                @for (at, line) in file.text.lines().enumerate() {
                    p.line id=(format!("line-{}", at + 1)) { span.number { (at + 1) } " " span { (line) } }
                }
            }
        }
    }
}

/// `GET /{service}/bekrafta/{id}/avtal.zip`, with `tjanst`, and `prov` for a trial with made-up people.
pub async fn zip(signed: Signed, Path((_, id)): Path<(String, String)>) -> Response {
    let open = match open(&signed, &id).await {
        Ok(open) => open,
        Err(answer) => return answer,
    };
    let trial = query_value(&signed.here, "prov").map(|_| today(&signed));
    let files = match files(&signed, &open, trial).await {
        Ok(files) => files,
        Err(answer) => return answer,
    };
    let house = match house(&signed) {
        Ok(house) => house,
        Err(answer) => return answer,
    };
    // The name as the agreement has it, from which the folder gets its own.
    let folder = reading::service_id(&name(&signed));
    let Ok(bytes) = packed(&folder, &files) else {
        return answers::page_of(&signed, StatusCode::INTERNAL_SERVER_ERROR, "answer-fault");
    };
    if let Err(no) = house.take_confirmed(signed.me.actor, &open.under.id).await {
        return answers::no(&signed, &no);
    }
    let named = format!("attachment; filename=\"{folder}.zip\"");
    ([(CONTENT_TYPE, "application/zip".to_owned()), (CONTENT_DISPOSITION, named)], bytes).into_response()
}

fn packed(folder: &str, files: &[File]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for file in files {
        writer.start_file(format!("{folder}/{}", file.name), options)?;
        writer.write_all(file.text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn what_is_packed_comes_out_again_in_its_folder() {
        let files = [File { name: "agreement.sv.md".to_owned(), text: "# Avtal å".to_owned() }];
        let bytes = packed("min-tjanst", &files).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name("min-tjanst/agreement.sv.md").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, files[0].text);
    }
}
