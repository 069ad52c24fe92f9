//! Bytes of a file to text: UTF-8, or Windows-1252 as spreadsheets in Sweden still write it. Which one it was is told.

use encoding_rs::WINDOWS_1252;
use service::Value;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 4 << 20;

/// What the characters of a file were written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// Windows-1252. It was not UTF-8, and nearly every byte is a letter in this one.
    Windows1252,
}

impl Encoding {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The text of a file. No `Debug`: it is personal data.
pub struct Text {
    /// The text, without a byte order mark.
    pub text: Value,
    /// What it was written in.
    pub encoding: Encoding,
}

/// Why a file is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextNo {
    /// There is nothing in it.
    Empty,
    /// Larger than [`MAX_BYTES`].
    TooLarge,
    /// UTF-16, or no text at all: a workbook, a picture.
    NotText,
}

impl TextNo {
    /// A stable word for words files and problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too-large",
            Self::NotText => "not-text",
        }
    }
}

impl Text {
    /// Reads the bytes.
    ///
    /// # Errors
    /// [`TextNo`].
    pub fn read(bytes: &[u8]) -> Result<Self, TextNo> {
        if bytes.len() > MAX_BYTES {
            return Err(TextNo::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
            return Err(TextNo::NotText);
        }
        let (text, encoding) = match core::str::from_utf8(bytes) {
            Ok(text) => (Value::new(text.to_owned()), Encoding::Utf8),
            Err(_) => {
                let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
                // The places of Windows-1252 that hold no letter become controls; a text has none of them.
                if text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')) {
                    return Err(TextNo::NotText);
                }
                (Value::new(text.into_owned()), Encoding::Windows1252)
            }
        };
        if text.trim().is_empty() {
            return Err(TextNo::Empty);
        }
        Ok(Self { text, encoding })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_characters_are_found_out_and_said() {
        let read = |bytes: &[u8]| Text::read(bytes).map(|text| (text.text.to_string(), text.encoding));
        assert_eq!(read("å;ä".as_bytes()), Ok(("å;ä".to_owned(), Encoding::Utf8)));
        assert_eq!(read(b"\xef\xbb\xbf\xc3\xa5"), Ok(("å".to_owned(), Encoding::Utf8)));
        assert_eq!(read(b"Sj\xf6gren \x80"), Ok(("Sjögren €".to_owned(), Encoding::Windows1252)));
        assert_eq!(read(b"\xff\xfea\0"), Err(TextNo::NotText));
        assert_eq!(read(b"PK\x03\x04\0\0"), Err(TextNo::NotText));
        assert_eq!(read(b"\x89PNG\x81\x8d"), Err(TextNo::NotText));
        assert_eq!(read(b" \r\n"), Err(TextNo::Empty));
        assert_eq!(read(&vec![b'a'; MAX_BYTES + 1]), Err(TextNo::TooLarge));
    }
}
