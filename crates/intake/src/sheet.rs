//! Text to rows: the separator is found out, quoted cells may hold it and line breaks (RFC 4180), and each row knows its line.

use csv::{ReaderBuilder, StringRecord};
use service::Value;

/// Most rows of a file, after the heading.
pub const MAX_ROWS: usize = 5_000;
/// Most cells of a row.
pub const MAX_CELLS: usize = 200;

/// A sheet: a heading and its rows. No `Debug`: it is personal data.
pub struct Sheet {
    /// What stands between the cells: `,`, `;` or a tab.
    pub separator: char,
    /// The cells of the first row.
    pub headings: Vec<Value>,
    /// The rows after it that hold anything.
    pub rows: Vec<Row>,
}

/// One row.
pub struct Row {
    /// Its place among the rows, from 1 after the heading.
    pub number: u64,
    /// The line of the file on which it begins, from 1.
    pub line: u64,
    /// Its cells, trimmed.
    pub cells: Vec<Value>,
}

/// Why a text is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetNo {
    /// A heading and nothing under it, or not even that.
    NoRows,
    /// More than [`MAX_ROWS`] rows, or [`MAX_CELLS`] cells in one.
    TooMany,
    /// It cannot be taken apart from this line on.
    Broken {
        /// The line, from 1.
        line: u64,
    },
}

impl SheetNo {
    /// A stable word for words files and problem details.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRows => "no-rows",
            Self::TooMany => "too-many",
            Self::Broken { .. } => "broken",
        }
    }
}

impl Sheet {
    /// Takes a text apart.
    ///
    /// # Errors
    /// [`SheetNo`].
    pub fn read(text: &str) -> Result<Self, SheetNo> {
        let separator = separator(text);
        let mut reader =
            ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut headings = Vec::new();
        let mut rows = Vec::new();
        let mut record = StringRecord::new();
        let mut number = 0;
        let mut counted = Lines { text: text.as_bytes(), at: 0, line: 1 };
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return Err(SheetNo::Broken { line: counted.line }),
            }
            if record.len() > MAX_CELLS || rows.len() == MAX_ROWS {
                return Err(SheetNo::TooMany);
            }
            let line = counted.of(record.position().map_or(0, csv::Position::byte));
            let cells: Vec<Value> = record.iter().map(|cell| Value::new(cell.trim().to_owned())).collect();
            if cells.iter().all(|cell| cell.is_empty()) {
                continue;
            }
            if headings.is_empty() {
                headings = cells;
                continue;
            }
            number += 1;
            rows.push(Row { number, line, cells });
        }
        if rows.is_empty() {
            Err(SheetNo::NoRows)
        } else {
            Ok(Self { separator: char::from(separator), headings, rows })
        }
    }
}

/// Counts the lines of a text. The reader's own count is off where lines end in two signs.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first sign at or after this byte that ends no line.
    fn of(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(sign) = self.text.get(self.at) {
            if self.at >= from && !matches!(sign, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*sign == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The sign that stands most often in the heading, outside quotes. A comma, where there is none.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let first = text.trim_start_matches(['\r', '\n']);
    for byte in first.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(sign, _)| *sign == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0).map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(char, &[&[&str]]), SheetNo>) {
        let read = Sheet::read(text).map(|sheet| {
            let plain = |cells: &[Value]| cells.iter().map(|cell| cell.to_string()).collect::<Vec<_>>();
            let all = core::iter::once(plain(&sheet.headings)).chain(sheet.rows.iter().map(|row| plain(&row.cells)));
            (sheet.separator, all.collect::<Vec<_>>())
        });
        let expected = expected.map(|(separator, rows)| {
            let owned = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
            (separator, rows.iter().map(owned).collect::<Vec<_>>())
        });
        assert_eq!(read, expected, "{text:?}");
    }

    #[test]
    fn separators_quotes_and_line_breaks_are_read() {
        check("a,b\n1,2\n", Ok((',', &[&["a", "b"], &["1", "2"]])));
        check("a;b\r\n\"1;x\"; 2 \r\n", Ok((';', &[&["a", "b"], &["1;x", "2"]])));
        check("a\tb\n1\t\"två\nrader\"\n\n3\t4", Ok(('\t', &[&["a", "b"], &["1", "två\nrader"], &["3", "4"]])));
        check("\"a,b\";c\n1;2", Ok((';', &[&["a,b", "c"], &["1", "2"]])));
        check("a\n\"x \"\"y\"\"\"", Ok((',', &[&["a"], &["x \"y\""]])));
        check("a,b", Err(SheetNo::NoRows));
        check("", Err(SheetNo::NoRows));
        check(&format!("a\n{}", "1\n".repeat(MAX_ROWS + 1)), Err(SheetNo::TooMany));
        check(&format!("a\n{}", "1,".repeat(MAX_CELLS + 1)), Err(SheetNo::TooMany));
    }

    #[test]
    fn each_row_knows_its_line() {
        for text in ["a,b\n\"1\n2\",x\n\n3,y\n", "a,b\r\n\"1\r\n2\",x\r\n\r\n3,y"] {
            let sheet = Sheet::read(text).unwrap();
            let lines: Vec<_> = sheet.rows.iter().map(|row| (row.number, row.line)).collect();
            assert_eq!(lines, [(1, 2), (2, 5)]);
        }
    }
}
