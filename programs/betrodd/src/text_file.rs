//! A file that must be text: what is no UTF-8 is refused with the line and the byte, and with what it probably is.

use std::path::Path;

use crate::Told;

/// Reads the file as UTF-8.
///
/// # Errors
/// That it cannot be read, or where it is no UTF-8 and what to do; a sentence for people.
pub fn read(file: &Path) -> Result<String, Told> {
    if file.is_dir() {
        let folder = file.display();
        return Err(format!("`{folder}` is a folder; name a file, e.g. services/matcha/agreement.sv.md").into());
    }
    let bytes = std::fs::read(file).map_err(|cause| format!("`{}` cannot be read: {cause}", file.display()))?;
    text(&bytes).map_err(|why| format!("`{}` {why}", file.display()).into())
}

fn text(bytes: &[u8]) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16, not UTF-8. Save it as UTF-8 and try again; nothing was read".to_owned());
    }
    match core::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
            let byte = bytes.get(at).copied().unwrap_or_default();
            // å, ä, ö and their capitals, as Latin-1 writes them.
            let guess = if matches!(byte, 0xe5 | 0xe4 | 0xf6 | 0xc5 | 0xc4 | 0xd6 | 0xe9) {
                ", it is probably Latin-1 (ISO 8859-1)"
            } else {
                ""
            };
            Err(format!(
                "is no UTF-8: the first wrong byte is 0x{byte:02x} on line {line}{guess}. Save it as UTF-8 and try again; nothing \
                 was read"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_told_from_a_file() {
        let told = read(Path::new(".")).unwrap_err().to_string();
        assert!(told.contains("is a folder; name a file, e.g. services/matcha/agreement.sv.md"), "{told}");
    }

    #[test]
    fn what_is_no_utf_8_is_told_with_line_and_likely_cause() {
        assert_eq!(text("å".as_bytes()), Ok("å".to_owned()));
        let told = text(b"# Avtal\n\nbitr\xe4de").unwrap_err();
        assert!(told.contains("0xe4 on line 3, it is probably Latin-1"), "{told}");
        assert!(text(b"a\xffb").unwrap_err().contains("0xff on line 1. Save"));
        assert!(text(b"\xff\xfea\0").unwrap_err().contains("UTF-16"));
    }
}
