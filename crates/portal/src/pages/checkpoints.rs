//! Checkpoints and proofs: what a customer takes away and keeps, so that it can be shown later that its log was not rewritten.
//! As a page, and as the files themselves. How they are checked says `programs/verify`.

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::html;
use service::No;

use crate::ctx::Signed;
use crate::frame::page;
use crate::moment::moment;
use crate::pages::{answers, who_looked};
use crate::routes;

/// Earlier heads on the page.
const PAST_HEADS: usize = 30;

/// `GET /{service}/kontrollpunkter`
pub async fn page_of(signed: Signed) -> Response {
    let Some(asked) = who_looked::asked(&signed) else { return answers::missing(&signed) };
    let found = match signed.portal.registers.checkpoints(&asked, PAST_HEADS).await {
        Ok(found) => found,
        Err(no) => return answers::no(&signed, &no),
    };
    let service = signed.service_path().to_owned();
    let title = signed.t("checkpoints-title");
    let t = |key: &str| signed.t(key);
    let body = html! {
        h1 { (title) }
        p.answer { (t("checkpoints-what")) }
        @if let Some(note) = &found.note {
            h2 { (t("checkpoints-now")) }
            p { (t("checkpoints-now-what")) }
            pre tabindex="0" role="region" aria-label=(t("checkpoints-now")) { (note) }
            p.actions { a.button href=(format!("/{service}/{}.checkpoint", routes::CHECKPOINTS)) download { (t("checkpoints-keep")) } }
        } @else {
            p { (t("checkpoints-none")) }
        }
        h2 { (t("checkpoints-key")) }
        p { (t("checkpoints-key-what")) }
        pre tabindex="0" role="region" aria-label=(t("checkpoints-key")) { (found.key) }
        h2 { (t("checkpoints-check")) }
        p { (t("checkpoints-check-what")) }
        dl.sheet {
            dt { (t("checkpoints-check-proof")) }
            dd { code { "verify vem-har-sett-17.tlog-proof --key '" (found.key) "'" } }
            dt { (t("checkpoints-check-log")) }
            dd { code { "BETRODD_KEY=\u{2026} verify http://\u{2026}/api/v1/" (service) "/log --seen betrodd.seen" } }
            dt { (t("checkpoints-check-kept")) }
            dd { code { "verify \u{2026} --kept kontrollpunkt.checkpoint" } }
        }
        p { (t("checkpoints-limits")) }
        h2 { (t("checkpoints-past")) }
        p { (t("checkpoints-past-what")) }
        @if found.past.is_empty() { p { (t("checkpoints-past-none")) } } @else {
            div.scroll tabindex="0" role="region" aria-labelledby="past-caption" { table {
                caption #past-caption { (t("checkpoints-past-caption")) }
                thead { tr {
                    th scope="col" { (t("checkpoints-column-time")) }
                    th scope="col" { (t("checkpoints-column-size")) }
                    th scope="col" { (t("checkpoints-column-root")) }
                } }
                tbody { @for head in &found.past { tr {
                    th scope="row" { (moment(signed.language, head.time)) }
                    td { (head.size) }
                    td { code { (head.root) } }
                } } }
            } }
        }
        p { a href=(format!("/{service}/{}", routes::WHO_LOOKED)) { (t("who-looked-title")) } }
    };
    page(&signed, &title, body)
}

/// `GET /{service}/kontrollpunkter.checkpoint`: the signed note, to keep.
pub async fn note(signed: Signed) -> Response {
    let Some(asked) = who_looked::asked(&signed) else { return answers::missing(&signed) };
    match signed.portal.registers.log_file(&asked, "checkpoint").await {
        Ok(bytes) => saved(&format!("{}.checkpoint", signed.t("checkpoints-file")), bytes),
        Err(no) => answers::no(&signed, &no),
    }
}

/// `GET /{service}/vem-har-sett/{index}.tlog-proof`: the proof of an entry.
pub async fn proof(signed: Signed, Path((_, file)): Path<(String, String)>) -> Response {
    let index = file.strip_suffix(".tlog-proof").and_then(|index| index.parse::<u64>().ok());
    let (Some(index), Some(asked)) = (index, who_looked::asked(&signed)) else { return answers::missing(&signed) };
    match proof_of(&signed, &asked, index).await {
        Ok(text) => saved(&format!("{}-{index}.tlog-proof", signed.t("who-looked-file")), text.into_bytes()),
        Err(no) => answers::no(&signed, &no),
    }
}

/// A data subject sees, and gets proved, what is about it.
pub(crate) async fn proof_of(signed: &Signed, asked: &service::Asked, index: u64) -> Result<String, No> {
    let about = signed.is_subject().then_some(signed.me.actor);
    signed.portal.registers.proof(asked, index, about).await
}

/// A file to keep: text that no browser takes for a page.
pub(crate) fn saved(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
