//! The files that records keep: shown and handed out, each an entry before its first byte; and what a form and a page say about
//! them. Only pictures and text are shown in the browser, without script and apart from our pages; the rest is downloaded.

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;
use service::{Field, FieldType, FileFacts, FileForm, FileOf, Kind, MediaType, OpenedFile, Scanned, bytes_in_words};
use terms::{FieldName, Language, RecordHead, RecordId, Verb};

use crate::ctx::Signed;
use crate::form::encode;
use crate::pages::answers;
use crate::pages::records::{base, kind};

/// The part of an address before the field's name.
pub const FILES: &str = "filer";

/// Which form of the file, and of which version.
#[derive(Deserialize, Default)]
pub struct FileQuery {
    version: Option<u64>,
    #[serde(rename = "liten")]
    small: Option<String>,
    #[serde(rename = "visa")]
    shown: Option<String>,
}

/// `GET /{service}/{kind}/{id}/filer/{field}`: the file, to be downloaded; with `?visa` or `?liten` to be seen.
pub async fn file(
    signed: Signed,
    Path((_, path, record, field)): Path<(String, String, String, String)>,
    Query(query): Query<FileQuery>,
) -> Response {
    hand_out(&signed, &path, &record, &field, query).await
}

/// The file of a field, for whoever the context says: at home, or in a case that a customer has open.
pub(crate) async fn hand_out(signed: &Signed, path: &str, record: &str, field: &str, query: FileQuery) -> Response {
    let (Some(kind), Ok(record), Ok(field)) = (kind(signed, path), record.parse::<RecordId>(), FieldName::new(field))
    else {
        return answers::missing(signed);
    };
    let Some(asked) = signed.asked(Verb::Consult, kind) else { return answers::choose_case(signed) };
    let small = query.small.is_some();
    let of = FileOf { kind: &kind.name, record, field: &field, version: query.version, small, taken_out: false };
    match signed.portal.door.open_file(&asked, of).await {
        Ok(opened) => answer(opened, small || query.shown.is_some()),
        Err(no) => answers::no(signed, &no),
    }
}

/// The bytes, as they are opened. A file that breaks in the middle breaks the connection, so that nobody takes it for whole.
pub(crate) fn answer(opened: Box<dyn OpenedFile>, shown: bool) -> Response {
    let (media, disposition) = match FileFacts::read(opened.value()) {
        Some(facts) => (facts.media, disposition(facts.name, shown && can_be_shown(facts.media))),
        None => return axum::http::StatusCode::NOT_FOUND.into_response(),
    };
    let bytes = opened.bytes();
    let pieces = futures_util::stream::unfold(Some(opened), |opened| async move {
        let mut opened = opened?;
        match opened.next().await {
            Ok(Some(piece)) => Some((Ok(crate::form_files::bytes(&piece)), Some(opened))),
            Ok(None) => None,
            Err(_) => Some((Err(std::io::Error::other("the file broke off")), None)),
        }
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let charset = if media.extension == "txt" { "; charset=utf-8" } else { "" };
    set(CONTENT_TYPE, &format!("{}{charset}", media.media));
    set(CONTENT_DISPOSITION, &disposition);
    // Whatever it is, it runs nothing, loads nothing and is nobody's page.
    set(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    if let Some(bytes) = bytes {
        set(CONTENT_LENGTH, &bytes.to_string());
    }
    response
}

/// Whether a browser shows it with nothing of its own that runs.
fn can_be_shown(media: &MediaType) -> bool {
    media.is_picture() || media.extension == "txt"
}

/// RFC 6266: the name for old clients in ASCII, and the name.
fn disposition(name: &str, shown: bool) -> String {
    let how = if shown { "inline" } else { "attachment" };
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\') { c } else { '_' }).collect();
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{}", encode(name))
}

/// A file's name, size and whether it was scanned, as people read it.
pub(crate) fn told(language: Language, text: &str) -> Markup {
    let Some(facts) = FileFacts::read(text) else { return html! { (text) } };
    html! {
        bdi { (facts.name) } " (" (bytes_in_words(facts.bytes, language)) ", "
        (service::scanned_label(facts.scanned).text(language)) ")"
    }
}

/// Links to the file of a field, beside what is told of it. A picture is seen at once where `seen`; in lists that would be a
/// reading of everybody's.
pub(crate) fn links(
    signed: &Signed,
    kind: &Kind,
    head: &RecordHead,
    field: &Field,
    seen: bool,
    version: bool,
) -> Markup {
    let FieldType::KeptFile(form) = &field.holds else { return html! {} };
    // The provider's people open a file within the case and for the purpose that stand in the address, as everything else there.
    let base = match &signed.work {
        Some(work) => {
            let desk = format!("/{}/{}", signed.service_path(), crate::routes::DESK);
            format!("{desk}/{}/{}/{}", work.case, work.purpose, encode(&kind.path))
        }
        None if signed.me.provider => return html! {},
        None => base(signed, kind),
    };
    let label = field.label.text(signed.language);
    let address = format!("{base}/{}/{FILES}/{}", head.record, field.name);
    let of = if version { format!("?version={}", head.version) } else { String::new() };
    let and = if version { format!("{of}&") } else { "?".to_owned() };
    html! {
        @if seen && form.only_pictures() {
            " " a href=(format!("{address}{and}visa=1")) {
                img.thumbnail src=(format!("{address}{and}liten=1")) alt=(signed.t_with("files-picture-of", &[("field", label.to_owned().into())]));
            }
        }
        " " a href=(format!("{address}{of}")) aria-label=(format!("{}: {label}", signed.t("files-download"))) { (signed.t("files-download")) }
        @if form.accept.iter().any(|one| can_be_shown(one)) {
            " " a href=(format!("{address}{and}visa=1")) aria-label=(format!("{}: {label}", signed.t("files-look"))) { (signed.t("files-look")) }
        }
    }
}

/// What a form's field for a file says: what is taken, what is kept now, what waits.
pub(crate) struct FileInput<'a> {
    pub(crate) signed: &'a Signed,
    pub(crate) field: &'a Field,
    pub(crate) form: &'a FileForm,
    pub(crate) id: &'a str,
    /// The value that was sent, or stands there.
    pub(crate) now: &'a str,
    pub(crate) was: &'a str,
    pub(crate) described: Option<&'a str>,
    pub(crate) invalid: Option<&'a str>,
}

impl FileInput<'_> {
    pub(crate) fn show(&self) -> Markup {
        let Self { signed, field, form, id, .. } = *self;
        let language = signed.language;
        let name = field.name.as_str();
        let waits = (!self.now.is_empty() && self.now != self.was).then_some(self.now);
        let kept = (!self.was.is_empty()).then_some(self.was);
        let takes = format!("{id}-takes");
        let described = [self.described, Some(&takes)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let accept: Vec<String> =
            form.accept.iter().flat_map(|one| [one.media.to_owned(), format!(".{}", one.extension)]).collect();
        let required = (field.required && waits.is_none() && kept.is_none()).then_some("true");
        html! {
            p.help id=(takes) {
                (signed.t_with("files-takes", &[
                    ("forms", form.names().into()),
                    ("max", bytes_in_words(form.max_bytes, language).into()),
                ]))
                @if form.accept.iter().any(|one| one.is_picture()) { " " (signed.t("files-stripped")) }
                @if !signed.portal.door.scans() { " " (signed.t("files-not-scanned-here")) }
            }
            @if let Some(waits) = waits {
                p { (signed.t("files-waiting")) " " (told(language, waits)) }
                input type="hidden" name=(name) value=(waits);
            } @else if let Some(kept) = kept {
                p { (signed.t("files-kept-now")) " " (told(language, kept)) " " (signed.t("files-replace")) }
                @if !field.required {
                    p {
                        input type="checkbox" id=(format!("{id}-remove")) name=(format!("{}{name}", crate::form_files::REMOVE)) value="1";
                        " " label for=(format!("{id}-remove")) { (signed.t("files-remove")) ": " (field.label.text(language)) }
                    }
                }
            }
            input id=(id) name=(name) type="file" accept=(accept.join(",")) aria-required=[required]
                aria-invalid=[self.invalid] aria-describedby=(described);
        }
    }
}

/// A word for programs.
pub(crate) const fn scanned(scanned: Scanned) -> &'static str {
    scanned.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_into_the_header_as_the_standard_says() {
        assert_eq!(
            disposition("CV Åsa \"x\".pdf", false),
            "attachment; filename=\"CV__sa__x_.pdf\"; filename*=UTF-8''CV%20%C3%85sa%20%22x%22.pdf"
        );
        assert!(disposition("a.png", true).starts_with("inline; "));
    }
}
