//! What a file is, by its first bytes and never by its name.

use service::MediaType;

/// First bytes that are enough to tell: archives name what they are within their first entries.
pub(crate) const HEAD_BYTES: usize = 8192;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const ODT: &str = "application/vnd.oasis.opendocument.text";

/// The form, if it is one that can be kept at all.
pub(crate) fn told_by(head: &[u8]) -> Option<&'static MediaType> {
    let told = infer::get(head).map(|told| told.mime_type());
    match told {
        Some("application/zip") => MediaType::named(archive(head)?),
        Some(media) => MediaType::named(media),
        // Nothing is known of text; whether it is one, all of it must say. What begins as markup is no plain text, whatever
        // a browser would make of it.
        None if head.trim_ascii_start().first() == Some(&b'<') => None,
        None => MediaType::named("text/plain"),
    }
}

/// An archive that does not begin in the usual order.
fn archive(head: &[u8]) -> Option<&'static str> {
    let holds = |what: &[u8]| head.windows(what.len()).any(|window| window == what);
    if holds(b"mimetypeapplication/vnd.oasis.opendocument.text") {
        return Some(ODT);
    }
    (holds(b"[Content_Types].xml") && holds(b"word/")).then_some(DOCX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &[u8], expected: Option<&str>) {
        assert_eq!(told_by(head).map(|one| one.extension), expected, "{:?}", String::from_utf8_lossy(head));
    }

    #[test]
    fn content_decides() {
        check(b"%PDF-1.7\n", Some("pdf"));
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", Some("jpg"));
        check(b"\x89PNG\r\n\x1a\n", Some("png"));
        check("Hej Åsa".as_bytes(), Some("txt"));
        check(b"PK\x03\x04..........................word/....[Content_Types].xml", Some("docx"));
        check(b"PK\x03\x04..........................mimetypeapplication/vnd.oasis.opendocument.text", Some("odt"));
        for refused in [
            &b"MZ\x90\0\x03\0\0\0"[..],
            b"\x7fELF\x02\x01\x01.............................................................",
            b"#!/bin/sh\nrm",
            b"<!DOCTYPE html><html>",
            b"  <svg xmlns=\"http://www.w3.org/2000/svg\">",
            b"<?xml version=\"1.0\"?><svg>",
            b"PK\x03\x04..........................evil.exe",
            b"GIF89a",
        ] {
            check(refused, None);
        }
    }
}
