//! Fields that keep a file: which forms a field takes, how much of it, and what is said of a file that is kept.
//!
//! The bytes are not here and never in a value: they lie sealed in a room of their own and are asked of the [`Door`]. What
//! stands in the record is a line about them, [`FileFacts`].
//!
//! [`Door`]: crate::Door

use terms::{FileId, Hash, Label};

use crate::draft::Value;

/// What a field that keeps a file takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileForm {
    /// The forms, in the order of the kinds file.
    pub accept: Vec<&'static MediaType>,
    /// The most bytes.
    pub max_bytes: u64,
}

impl FileForm {
    /// The form with that media type, if the field takes it.
    #[must_use]
    pub fn takes(&self, media: &str) -> Option<&'static MediaType> {
        self.accept.iter().copied().find(|one| one.media == media)
    }

    /// The forms as people call them: «JPEG, PNG».
    #[must_use]
    pub fn names(&self) -> String {
        self.accept.iter().map(|one| one.name).collect::<Vec<_>>().join(", ")
    }

    /// Whether it takes nothing but pictures.
    #[must_use]
    pub fn only_pictures(&self) -> bool {
        self.accept.iter().all(|one| one.is_picture())
    }
}

/// A form of files that the platform can tell by content and look through. Others are taken by no field.
#[derive(Debug, PartialEq, Eq)]
pub struct MediaType {
    /// Its media type, as IANA registers it.
    pub media: &'static str,
    /// The ending of its names.
    pub extension: &'static str,
    /// What people call it.
    pub name: &'static str,
}

impl MediaType {
    /// Every form there is.
    pub const ALL: [Self; 7] = [
        Self { media: "application/pdf", extension: "pdf", name: "PDF" },
        Self {
            media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            extension: "docx",
            name: "DOCX",
        },
        Self { media: "application/vnd.oasis.opendocument.text", extension: "odt", name: "ODT" },
        Self { media: "image/jpeg", extension: "jpg", name: "JPEG" },
        Self { media: "image/png", extension: "png", name: "PNG" },
        Self { media: "image/webp", extension: "webp", name: "WebP" },
        Self { media: "text/plain", extension: "txt", name: "TXT" },
    ];

    /// The form with that media type.
    #[must_use]
    pub fn named(media: &str) -> Option<&'static Self> {
        const { &Self::ALL }.iter().find(|one| one.media == media)
    }

    /// Whether it is a picture: decoded and written anew before it is kept.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        self.media.starts_with("image/")
    }
}

/// Whether a scanner for malware has looked through a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scanned {
    /// It has, and found nothing.
    Clean,
    /// None was configured when the file came.
    NotScanned,
}

impl Scanned {
    /// A stable word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Clean => "scanned",
            Self::NotScanned => "not-scanned",
        }
    }
}

/// What stands in a record of a file that is kept. A name is personal data, so no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FileFacts<'a> {
    /// Its name, made safe.
    pub name: &'a str,
    /// What it is, by its content.
    pub media: &'static MediaType,
    /// How many bytes are kept.
    pub bytes: u64,
    /// SHA-256 of the bytes that are kept.
    pub hash: Hash,
    /// Where they lie.
    pub file: FileId,
    /// Whether it was looked through for malware.
    pub scanned: Scanned,
}

impl<'a> FileFacts<'a> {
    /// Reads the value of a field that keeps a file; nothing where it is none.
    #[must_use]
    pub fn read(value: &'a str) -> Option<Self> {
        let parts: Vec<&str> = value.split("; ").collect();
        let [name, media, bytes, hash, file, scanned] = parts.as_slice() else { return None };
        Some(Self {
            name,
            media: MediaType::named(media)?,
            bytes: bytes.parse().ok()?,
            hash: hash.parse().ok()?,
            file: file.parse().ok()?,
            scanned: [Scanned::Clean, Scanned::NotScanned].into_iter().find(|one| one.code() == *scanned)?,
        })
    }

    /// The value that says it: name, media type, bytes, SHA-256, id and whether it was scanned, with `; ` between them.
    #[must_use]
    pub fn write(&self) -> Value {
        Value::new(format!(
            "{}; {}; {}; {}; {}; {}",
            self.name,
            self.media.media,
            self.bytes,
            self.hash,
            self.file,
            self.scanned.code()
        ))
    }
}

/// Most characters of a file's name.
const MAX_NAME_CHARACTERS: usize = 100;

/// A name under which the file may be kept and offered: no path, no signs that steer or turn text, no `;`, not too long, and
/// with the ending of what the file is, whatever it was called.
#[must_use]
pub fn safe_name(given: &str, media: &MediaType) -> Value {
    let last = given.rsplit(['/', '\\']).next().unwrap_or("");
    let mut name = Value::new(String::new());
    for sign in last.chars().take(4 * MAX_NAME_CHARACTERS) {
        match sign {
            _ if sign.is_control() || crate::value::is_bidi_control(sign) || is_invisible(sign) => {}
            // What separates the parts of a value, and what file systems and shells read as something else.
            ';' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' | '$' | '`' => name.push('_'),
            _ if sign.is_whitespace() => name.push(' '),
            _ => name.push(sign),
        }
    }
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if !ending.is_empty() && ending.chars().count() <= 8 => stem,
        _ => name.as_str(),
    };
    let stem = stem.trim_matches(|sign: char| sign == '.' || sign == ' ' || sign == '-');
    let kept: String = stem.chars().take(MAX_NAME_CHARACTERS).collect();
    let kept = if kept.trim().is_empty() { "fil" } else { kept.trim() };
    Value::new(format!("{kept}.{}", media.extension))
}

/// Signs without a form of their own: joiners, marks of byte order, tags.
const fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' | '\u{61c}')
}

/// A limit in words: «5 MB».
#[must_use]
pub fn bytes_in_words(bytes: u64, language: terms::Language) -> String {
    let (unit, of): (&str, u64) = match bytes {
        1_000_000.. => ("MB", 100_000),
        1_000.. => ("kB", 100),
        _ => return format!("{bytes} byte"),
    };
    let tenths = bytes.div_ceil(of);
    let point = if language == terms::Language::Sv { ',' } else { '.' };
    if tenths.is_multiple_of(10) {
        format!("{} {unit}", tenths / 10)
    } else {
        format!("{}{point}{} {unit}", tenths / 10, tenths % 10)
    }
}

/// What the kinds file calls the forms, for its messages and its schema.
pub(crate) fn known_media() -> Vec<&'static str> {
    MediaType::ALL.iter().map(|one| one.media).collect()
}

/// What people call a file that a scanner has or has not looked through.
#[must_use]
pub fn scanned_label(scanned: Scanned) -> Label {
    let (sv, en) = match scanned {
        Scanned::Clean => ("genomsökt, inget hittat", "scanned, nothing found"),
        Scanned::NotScanned => ("inte genomsökt", "not scanned"),
    };
    Label { sv: sv.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &str, expected: &str) {
        assert_eq!(*safe_name(given, MediaType::named("application/pdf").unwrap()), expected, "{given:?}");
    }

    #[test]
    fn a_name_has_no_path_no_tricks_and_the_ending_of_what_the_file_is() {
        check("CV Åsa.pdf", "CV Åsa.pdf");
        check("../../etc/passwd", "passwd.pdf");
        check("C:\\Users\\a\\CV.PDF", "CV.pdf");
        check("faktura\u{202e}fdp.exe", "fakturafdp.pdf");
        check("cv.pdf.exe", "cv.pdf.pdf");
        check("a;b\"c\n.pdf", "a_b_c.pdf");
        check("...", "fil.pdf");
        check("", "fil.pdf");
        check("\u{200b}.pdf", "fil.pdf");
        check("-rf .pdf", "rf.pdf");
        check(&"å".repeat(10_000), &format!("{}.pdf", "å".repeat(100)));
    }

    #[test]
    fn what_is_said_of_a_file_reads_back() {
        let facts = FileFacts {
            name: "CV Åsa.pdf",
            media: MediaType::named("application/pdf").unwrap(),
            bytes: 17,
            hash: Hash([0xab; 32]),
            file: FileId([3; 16]),
            scanned: Scanned::NotScanned,
        };
        let value = facts.write();
        assert!(FileFacts::read(&value).is_some_and(|read| read == facts));
        assert!(FileFacts::read("cv.pdf; application/pdf; 17; ab").is_none());
    }

    #[test]
    fn a_limit_is_told_in_words() {
        let sv = |bytes| bytes_in_words(bytes, terms::Language::Sv);
        assert_eq!(
            (sv(5_000_000), sv(2_500_000), sv(900)),
            ("5 MB".to_owned(), "2,5 MB".to_owned(), "900 byte".to_owned())
        );
    }
}
