//! Bytes → characters. UTF-8, UTF-16 and Windows-1252 are told apart line by line, because a text that was put together from several
//! files often holds several; nothing is thrown away in silence, and what had to be done is counted.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::{MAX_TEXT_BYTES, Unreadable};
use crate::source::Decoded;

/// The text with lines ended by `\n`, and what was done.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Decoded), Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    let mut decoded = Decoded { encoding: "UTF-8", ..Decoded::default() };
    let text = if let Some(utf16) = utf16(bytes) {
        decoded.encoding = utf16.name();
        let (text, _, _) = utf16.decode(bytes);
        text.into_owned()
    } else {
        by_line(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), &mut decoded)?
    };
    if text.len() > MAX_TEXT_BYTES {
        return Err(Unreadable::TooLarge { most: MAX_TEXT_BYTES });
    }
    let text = clean(&text, &mut decoded);
    // A text has few characters that nobody can read; bytes of a program have many.
    let seen = text.chars().take(20_000).count().max(1);
    let strange = text.chars().take(20_000).filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()));
    if strange.count() * 20 > seen {
        return Err(Unreadable::NoText);
    }
    Ok((text, decoded))
}

fn utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if bytes.starts_with(b"\xff\xfe") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\xfe\xff") {
        return Some(UTF_16BE);
    }
    // Without a mark: in texts of Latin letters every other byte is zero.
    let head = bytes.get(..bytes.len().min(4096))?;
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if half > 2 && odd * 10 > half * 7 && even * 10 < half => Some(UTF_16LE),
        (even, odd) if half > 2 && even * 10 > half * 7 && odd * 10 < half => Some(UTF_16BE),
        _ => None,
    }
}

fn by_line(bytes: &[u8], decoded: &mut Decoded) -> Result<String, Unreadable> {
    let head = bytes.get(..bytes.len().min(8192)).unwrap_or(bytes);
    if head.iter().filter(|byte| **byte == 0).count() * 50 > head.len() {
        return Err(Unreadable::NoText);
    }
    let mut text = String::with_capacity(bytes.len());
    let (mut utf8, mut other) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match core::str::from_utf8(line) {
            Ok(line) => {
                let once = once(line);
                decoded.twice += usize::from(once.is_some());
                utf8 += usize::from(!line.is_ascii());
                text.push_str(once.as_deref().unwrap_or(line));
            }
            Err(_) => {
                other += 1;
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0);
            }
        }
    }
    if other > utf8 {
        decoded.encoding = "windows-1252";
        decoded.other_lines = utf8;
    } else {
        decoded.other_lines = other;
    }
    Ok(text)
}

/// The line as it was before somebody read its UTF-8 as Windows-1252 and wrote it anew: `fÃ¶r` was *för*.
fn once(line: &str) -> Option<String> {
    if !["Ã¥", "Ã¤", "Ã¶", "Ã©", "Ã…", "Ã„", "Ã–", "â€"].iter().any(|mark| line.contains(mark)) {
        return None;
    }
    let (bytes, _, failed) = WINDOWS_1252.encode(line);
    if failed {
        return None;
    }
    String::from_utf8(bytes.into_owned()).ok()
}

/// Line ends, letters with their mark apart, and characters that hide or turn text.
fn clean(text: &str, decoded: &mut Decoded) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut after_cr = false;
    for c in text.chars() {
        let was_cr = core::mem::replace(&mut after_cr, c == '\r');
        match c {
            '\n' if was_cr => {}
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => clean.push('\n'),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{ad}'
            | '\u{61c}' => decoded.hidden += 1,
            '\u{30a}' | '\u{308}' | '\u{301}' => match clean.pop().map(|letter| composed(letter, c)) {
                Some(Ok(letter)) => clean.push(letter),
                Some(Err(letter)) => {
                    clean.push(letter);
                    clean.push(c);
                }
                None => {}
            },
            '\u{fb00}' => clean.push_str("ff"),
            '\u{fb01}' => clean.push_str("fi"),
            '\u{fb02}' => clean.push_str("fl"),
            '\u{fffd}' => {
                decoded.lost += 1;
                clean.push(c);
            }
            '\0' => {}
            _ => clean.push(c),
        }
    }
    clean
}

fn composed(letter: char, mark: char) -> Result<char, char> {
    Ok(match (letter, mark) {
        ('a', '\u{30a}') => 'å',
        ('A', '\u{30a}') => 'Å',
        ('a', '\u{308}') => 'ä',
        ('A', '\u{308}') => 'Ä',
        ('o', '\u{308}') => 'ö',
        ('O', '\u{308}') => 'Ö',
        ('u', '\u{308}') => 'ü',
        ('U', '\u{308}') => 'Ü',
        ('e', '\u{301}') => 'é',
        ('E', '\u{301}') => 'É',
        _ => return Err(letter),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Decoded) {
        decode(bytes).unwrap()
    }

    #[test]
    fn the_same_words_in_four_encodings() {
        let words = "Biträdet återlämnar på begäran";
        let utf16: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin = WINDOWS_1252.encode(words).0.into_owned();
        assert_eq!(text(words.as_bytes()).0, words);
        assert_eq!(text(&utf16).0, words);
        assert_eq!(text(&latin).0, words);
        let twice = WINDOWS_1252.decode_without_bom_handling(words.as_bytes()).0.into_owned();
        assert_eq!(text(twice.as_bytes()).0, words);
    }

    #[test]
    fn a_line_in_another_encoding_is_read_and_counted() {
        let mut bytes = "för åtgärd\n".repeat(3).into_bytes();
        bytes.extend(WINDOWS_1252.encode("ändamål\n").0.iter());
        let (read, decoded) = text(&bytes);
        assert!(read.ends_with("ändamål\n"));
        assert_eq!((decoded.encoding, decoded.other_lines), ("UTF-8", 1));
    }

    #[test]
    fn marks_that_turn_text_are_taken_out_and_counted() {
        let (read, decoded) = text("30\u{202e} dagar\u{200b}".as_bytes());
        assert_eq!((read.as_str(), decoded.hidden), ("30 dagar", 2));
    }

    #[test]
    fn bytes_of_a_program_are_no_text() {
        let bytes: Vec<u8> = (0..4000u32).map(|at| (at * 7 % 256) as u8).collect();
        assert_eq!(decode(&bytes), Err(Unreadable::NoText));
    }
}
