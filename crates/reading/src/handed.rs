//! A source handed on: from the process that took the text out of a file to the one that reads it, or kept until somebody goes on
//! with it. Whoever receives it checks it again; the file's own bytes are not needed any more.
//!
//! One line of JSON, then the text.

use serde::{Deserialize, Serialize};

use crate::source::{Decoded, Format, Source};
use crate::text_in::{MAX_TEXT_BYTES, Unreadable};

/// The longest first line in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    file: String,
    format: String,
    sha256: String,
    encoding: String,
    other_lines: usize,
    twice: usize,
    hidden: usize,
    lost: usize,
}

#[derive(Serialize, Deserialize)]
enum Line {
    Taken(Head),
    Not(Unreadable),
}

/// A taken text, or why there is none, as bytes.
#[must_use]
pub fn hand_on(taken: &Result<Source, Unreadable>) -> Vec<u8> {
    let line = match taken {
        Ok(source) => Line::Taken(Head {
            file: source.file.clone(),
            format: source.format.code().to_owned(),
            sha256: source.hash().to_owned(),
            encoding: source.decoded.encoding.to_owned(),
            other_lines: source.decoded.other_lines,
            twice: source.decoded.twice,
            hidden: source.decoded.hidden,
            lost: source.decoded.lost,
        }),
        Err(unreadable) => Line::Not(unreadable.clone()),
    };
    let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
    bytes.push(b'\n');
    if let Ok(source) = taken {
        bytes.extend_from_slice(source.text().as_bytes());
    }
    bytes
}

/// What was handed on. Bytes that are none of it are told as a damaged file: whoever wrote them did not finish.
///
/// # Errors
/// Why there is nothing to read.
pub fn take_over(bytes: &[u8]) -> Result<Source, Unreadable> {
    let broken = || Unreadable::Damaged { why: "taking the text out of it did not come to an end".to_owned() };
    let end = bytes.iter().take(MAX_HEAD_BYTES).position(|byte| *byte == b'\n').ok_or_else(broken)?;
    let (line, text) = bytes.split_at(end);
    let head = match serde_json::from_slice(line).map_err(|_| broken())? {
        Line::Not(unreadable) => return Err(unreadable),
        Line::Taken(head) => head,
    };
    let text = core::str::from_utf8(text.get(1..).unwrap_or(&[])).map_err(|_| broken())?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
    }
    let format = Format::of_code(&head.format).ok_or_else(broken)?;
    if head.sha256.len() != 64 || !head.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) || text.trim().is_empty() {
        return Err(broken());
    }
    let decoded = Decoded {
        encoding: encoding_rs::Encoding::for_label(head.encoding.as_bytes()).map_or("", encoding_rs::Encoding::name),
        other_lines: head.other_lines,
        twice: head.twice,
        hidden: head.hidden,
        lost: head.lost,
    };
    Ok(Source::hashed(&head.file, format, head.sha256, decoded, text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text_in::OtherKind;

    #[test]
    fn what_is_taken_over_is_what_was_handed_on() {
        let taken = Source::read("avtal.md", "# Avtal\n\nBitr\u{e4}det \u{200b}raderar.\n".as_bytes());
        let over = take_over(&hand_on(&taken)).unwrap();
        let taken = taken.unwrap();
        assert_eq!((over.text(), over.hash(), over.file.as_str()), (taken.text(), taken.hash(), "avtal.md"));
        assert_eq!((over.format, over.decoded), (taken.format, taken.decoded));
    }

    #[test]
    fn a_reason_is_handed_on_too_and_half_of_it_is_a_damaged_file() {
        let not = Unreadable::OtherFormat { what: OtherKind::Spreadsheet };
        assert_eq!(take_over(&hand_on(&Err(not.clone()))).err(), Some(not));
        let whole = hand_on(&Source::read("a.txt", b"some words"));
        for cut in 0..whole.len() - b"some words".len() {
            assert_eq!(take_over(whole.get(..cut).unwrap()).err().unwrap().code(), "damaged", "cut at {cut}");
        }
    }
}
