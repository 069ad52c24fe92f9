//! PDF → its text layer. No picture is looked at: a PDF that is only pictures is said to be that.
//!
//! A program may hand over what `pdftotext` found instead ([`Source::of_text`](crate::Source::of_text)), which keeps columns better.

use lopdf::Document;

use super::{MAX_TEXT_BYTES, Unreadable};

const MAX_PAGES: usize = 4_000;

pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    // A library that stops on a broken file must not take the program with it; what it holds is dropped with the unwinding.
    std::panic::catch_unwind(|| layer(bytes))
        .unwrap_or_else(|_| Err(Unreadable::Damaged { why: "the PDF cannot be taken apart".to_owned() }))
}

fn layer(bytes: &[u8]) -> Result<String, Unreadable> {
    let document = Document::load_mem(bytes).map_err(|error| Unreadable::Damaged {
        why: format!("the PDF cannot be opened ({})", short(&error.to_string())),
    })?;
    if document.is_encrypted() {
        return Err(Unreadable::Locked);
    }
    let pages: Vec<u32> = document.get_pages().keys().copied().take(MAX_PAGES).collect();
    if pages.is_empty() {
        return Err(Unreadable::Damaged { why: "the PDF has no pages".to_owned() });
    }
    let mut text = String::new();
    for (at, page) in pages.iter().enumerate() {
        if at > 0 {
            text.push('\u{c}');
        }
        // A page that cannot be read is left out like a picture; the others are still the document's words.
        if let Ok(words) = document.extract_text(&[*page]) {
            text.push_str(&words);
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
        }
    }
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < 20 * pages.len().min(5) {
        return Err(Unreadable::OnlyPictures { pages: pages.len() });
    }
    Ok(text)
}

fn short(message: &str) -> String {
    message.chars().filter(|c| !c.is_control()).take(80).collect()
}
