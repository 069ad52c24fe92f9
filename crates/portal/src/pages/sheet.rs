//! A table as CSV that a spreadsheet can open without running anything in it.
//!
//! UTF-8 with a byte order mark, RFC 4180 lines. A cell that a spreadsheet would take for a formula gets an apostrophe in
//! front: names and free texts come from people, and one of them may write `=HYPERLINK(…)`.

use zeroize::Zeroizing;

/// A sheet being written. Its bytes are wiped when dropped: it may hold names.
pub(crate) struct Sheet {
    text: Zeroizing<String>,
}

impl Sheet {
    /// A sheet with its header.
    pub fn new<S: AsRef<str>>(header: impl IntoIterator<Item = S>) -> Self {
        let mut sheet = Self { text: Zeroizing::new(String::from('\u{feff}')) };
        sheet.row(header);
        sheet
    }

    /// One line.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.cell(cell.as_ref());
        }
        self.text.push_str("\r\n");
    }

    /// One line of cells of which some are numbers of ours: those need no guard, and a minus sign is no formula.
    pub fn row_of(&mut self, cells: impl IntoIterator<Item = (String, bool)>) {
        for (at, (cell, number)) in cells.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            if number { self.text.push_str(&format!("\"{cell}\"")) } else { self.cell(&cell) }
        }
        self.text.push_str("\r\n");
    }

    /// The bytes to send.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.as_bytes().to_vec()
    }

    fn cell(&mut self, text: &str) {
        self.text.push('"');
        if runs(text) {
            self.text.push('\'');
        }
        for letter in text.chars() {
            if letter == '"' {
                self.text.push('"');
            }
            self.text.push(letter);
        }
        self.text.push('"');
    }
}

/// Whether a spreadsheet might run the cell: spaces and control characters before the sign do not stop some of them, nor do
/// the full-width forms of the signs.
fn runs(text: &str) -> bool {
    let starts = text.starts_with(['\t', '\r', '\n', '\0']);
    let first =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').chars().next();
    starts || matches!(first, Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, expected: &str) {
        let bytes = Sheet::new([cell]).into_bytes();
        assert_eq!(String::from_utf8(bytes).unwrap(), format!("\u{feff}{expected}\r\n"));
    }

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        check("=1+1", "\"'=1+1\"");
        check("+46 70", "\"'+46 70\"");
        check("-2", "\"'-2\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("  =A1", "\"'  =A1\"");
        check("\t=A1", "\"'\t=A1\"");
        check("＝1", "\"'＝1\"");
        check("Åsa =", "\"Åsa =\"");
    }

    #[test]
    fn quotes_commas_and_lines_stay_in_their_cell() {
        check("a \"b\", c\nd", "\"a \"\"b\"\", c\nd\"");
    }

    #[test]
    fn it_begins_with_a_byte_order_mark() {
        assert!(Sheet::new(["Tid"]).into_bytes().starts_with(&[0xef, 0xbb, 0xbf]));
    }
}
