//! DOCX → text: `word/document.xml` out of the archive, a line for each paragraph, cells parted by tabs, and the numbers of
//! automatic lists counted, because they stand nowhere in the text.
//!
//! An archive may claim anything: the number of its parts, what one part unpacks to and the depth of its marks are bounded.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{MAX_TEXT_BYTES, OtherKind, Unreadable};

const MAX_PARTS: usize = 20_000;
/// Marks are several times the text.
const MAX_NUMBERING_BYTES: u64 = 8 * 1024 * 1024;
const MAX_XML_BYTES: u64 = 96 * 1024 * 1024;
/// What no honest document is packed to.
const MAX_RATIO: u64 = 400;

pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let damaged = |why: &str| Unreadable::Damaged { why: why.to_owned() };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("the archive cannot be opened"))?;
    if archive.len() > MAX_PARTS {
        return Err(damaged("the archive claims too many parts"));
    }
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if !has("word/document.xml") {
        let what = if names.iter().any(|name| name.starts_with("xl/")) {
            OtherKind::Spreadsheet
        } else if names.iter().any(|name| name.starts_with("ppt/")) {
            OtherKind::Slides
        } else if has("content.xml") {
            OtherKind::OpenDocument
        } else {
            OtherKind::Archive
        };
        return Err(Unreadable::OtherFormat { what });
    }
    let part = archive.by_name("word/document.xml").map_err(|_| damaged("its text cannot be unpacked"))?;
    if part.encrypted() {
        return Err(Unreadable::Locked);
    }
    let packed = part.compressed_size().max(1);
    let most = MAX_XML_BYTES.min(packed.saturating_mul(MAX_RATIO).max(1024 * 1024));
    let mut xml = Vec::new();
    part.take(most + 1).read_to_end(&mut xml).map_err(|_| damaged("its text cannot be unpacked"))?;
    if xml.len() as u64 > most {
        return Err(damaged("its text unpacks to far more than a document holds"));
    }
    let bullets = archive.by_name("word/numbering.xml").ok().map(bullets).unwrap_or_default();
    from_xml(&xml, bullets)
}

/// The lists, by number and level, whose items have dots and no numbers.
fn bullets(part: impl Read) -> Vec<(String, usize)> {
    let mut xml = Vec::new();
    if part.take(MAX_NUMBERING_BYTES).read_to_end(&mut xml).is_err() {
        return Vec::new();
    }
    let mut reader = Reader::from_reader(xml.as_slice());
    let mut buffer = Vec::new();
    let mut dots: Vec<(String, usize)> = Vec::new();
    let mut lists: Vec<(String, usize)> = Vec::new();
    let (mut kind, mut level, mut list) = (String::new(), 0usize, String::new());
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.local_name().as_ref() {
                "abstractNum" => kind = named(&tag, "abstractNumId").unwrap_or_default(),
                "lvl" => level = named(&tag, "ilvl").and_then(|level| level.parse().ok()).unwrap_or(0),
                "numFmt" if value(&tag).as_deref() == Some("bullet") => dots.push((kind.clone(), level)),
                "num" => list = named(&tag, "numId").unwrap_or_default(),
                "abstractNumId" => {
                    let of = value(&tag).unwrap_or_default();
                    lists.extend(dots.iter().filter(|(kind, _)| *kind == of).map(|(_, level)| (list.clone(), *level)));
                }
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        if lists.len() + dots.len() > 20_000 {
            break;
        }
        buffer.clear();
    }
    lists
}

#[derive(Default)]
struct State {
    text: String,
    in_text: bool,
    deleted: usize,
    in_row: usize,
    first_cell: bool,
    level: Option<usize>,
    list: Option<String>,
    counts: Vec<(String, [usize; 9])>,
    is_list: bool,
    bullets: Vec<(String, usize)>,
    paragraph_from: usize,
}

fn from_xml(xml: &[u8], bullets: Vec<(String, usize)>) -> Result<String, Unreadable> {
    let mut reader = Reader::from_reader(xml);
    let mut state = State { bullets, ..State::default() };
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => state.start(&tag, false),
            Ok(Event::Empty(tag)) => state.start(&tag, true),
            Ok(Event::End(tag)) => state.end(tag.local_name().as_ref()),
            Ok(Event::Text(text)) if state.in_text && state.deleted == 0 => {
                state.text.push_str(&text.xml10_content());
            }
            Ok(Event::GeneralRef(name)) if state.in_text && state.deleted == 0 => {
                let known = match name.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => name.resolve_char_ref().ok().flatten(),
                };
                state.text.extend(known);
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            // What came before the fault is kept: it is the document's own words.
            Err(_) if !state.text.trim().is_empty() => break,
            Err(_) => return Err(Unreadable::Damaged { why: "its text is no XML".to_owned() }),
        }
        if state.text.len() > MAX_TEXT_BYTES {
            return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
        }
        buffer.clear();
    }
    Ok(state.text)
}

fn value(tag: &BytesStart<'_>) -> Option<String> {
    named(tag, "val")
}

fn named(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(|attribute| attribute.value.into_owned())
}

impl State {
    fn start(&mut self, tag: &BytesStart<'_>, empty: bool) {
        match tag.local_name().as_ref() {
            "p" => {
                self.paragraph_from = self.text.len();
                (self.level, self.list, self.is_list) = (None, None, false);
            }
            "t" if !empty => self.in_text = true,
            "tab" if self.in_row == 0 => self.text.push('\t'),
            "tab" => self.text.push(' '),
            "br" | "cr" => self.text.push(if self.in_row == 0 { '\n' } else { ' ' }),
            "lastRenderedPageBreak" => self.text.push('\u{c}'),
            "del" | "moveFrom" if !empty => self.deleted += 1,
            "ilvl" => self.level = value(tag).and_then(|level| level.parse().ok()).filter(|level| *level < 9),
            "numId" => self.list = value(tag).filter(|list| list != "0"),
            "numPr" => self.is_list = true,
            "tr" if !empty => {
                self.in_row += 1;
                self.first_cell = true;
            }
            "tc" if core::mem::replace(&mut self.first_cell, false) => {}
            "tc" => self.text.push('\t'),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "del" | "moveFrom" => self.deleted = self.deleted.saturating_sub(1),
            "p" => {
                self.number();
                self.text.push(if self.in_row == 0 { '\n' } else { ' ' });
            }
            "tr" => {
                self.in_row = self.in_row.saturating_sub(1);
                if self.in_row == 0 {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
    }

    /// Writes the number or the dot that a word processor would have shown, where the paragraph is no table cell and has words.
    fn number(&mut self) {
        let Some(list) = self.list.take().filter(|_| self.is_list && self.in_row == 0) else { return };
        let level = self.level.unwrap_or(0);
        if self.text.get(self.paragraph_from..).is_none_or(|words| words.trim().is_empty()) || self.counts.len() > 500 {
            return;
        }
        if self.bullets.iter().any(|(known, of)| *known == list && *of == level) {
            self.text.insert_str(self.paragraph_from, "- ");
            return;
        }
        let at = self.counts.iter().position(|(known, _)| *known == list).unwrap_or_else(|| {
            self.counts.push((list, [0; 9]));
            self.counts.len() - 1
        });
        let Some((_, counts)) = self.counts.get_mut(at) else { return };
        for (deeper, count) in counts.iter_mut().enumerate() {
            match deeper.cmp(&level) {
                core::cmp::Ordering::Equal => *count += 1,
                core::cmp::Ordering::Greater => *count = 0,
                core::cmp::Ordering::Less => *count = (*count).max(1),
            }
        }
        let numbers: Vec<String> = counts.iter().take(level + 1).map(ToString::to_string).collect();
        self.text.insert_str(self.paragraph_from, &format!("{}. ", numbers.join(".")));
    }
}
