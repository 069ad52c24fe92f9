//! A self-invoice, pasted as CSV, against the frozen claims, line by line and to the öre.
//!
//! Each line says period, unit, participant's order number or claim, level, what, and amount; the columns are found by their
//! heads in either language. What the invoice lacks and what it has too much are told apart from what differs.

use jiff::civil::Date;
use service::{hundredths, read_month};
use terms::Label;

use service::both;

/// A line of the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Invoiced {
    /// Its line in the pasted text, from 1.
    pub line: usize,
    pub period: Date,
    pub unit: String,
    pub level: String,
    pub what: String,
    pub reference: String,
    pub amount: i64,
}

/// What of the pasted text does not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    pub line: usize,
    pub why: Label,
}

/// Most lines that are read.
const MAX_LINES: usize = 20_000;

const COLUMNS: [(&str, &[&str]); 6] = [
    ("period", &["period", "månad", "month"]),
    ("unit", &["unit", "enhet", "ka-nummer"]),
    ("level", &["level", "nivå"]),
    ("what", &["what", "slag", "avser"]),
    ("reference", &["reference", "referens", "deltagare", "participant"]),
    ("amount", &["amount", "belopp"]),
];

/// Reads the text: comma, semicolon or tab, whichever its first line has most of.
pub(crate) fn read(text: &str) -> (Vec<Invoiced>, Vec<Unread>) {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, head)) = lines.next() else { return (Vec::new(), Vec::new()) };
    let mark = [';', '\t', ','].into_iter().max_by_key(|mark| head.matches(*mark).count()).unwrap_or(';');
    let heads: Vec<String> = cells(head, mark).into_iter().map(|cell| cell.to_lowercase()).collect();
    let place = |name: &str| {
        let names = COLUMNS.iter().find(|(column, _)| *column == name).map_or(&[][..], |(_, names)| names);
        heads.iter().position(|head| names.contains(&head.as_str()))
    };
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|(name, _)| place(name)).collect();
    let missing: Vec<&str> =
        COLUMNS.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|((name, _), _)| *name).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let why = both(
            format!("kolumnerna {missing} saknas; första raden ska vara period;enhet;nivå;slag;referens;belopp"),
            format!(
                "the columns {missing} are missing; the first line must be period;unit;level;what;reference;amount"
            ),
        );
        return (Vec::new(), vec![Unread { line: 1, why }]);
    }
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for (number, line) in lines.take(MAX_LINES) {
        let cells = cells(line, mark);
        let cell = |column: usize| {
            let place = places.get(column).copied().flatten();
            place.and_then(|place| cells.get(place)).map_or("", String::as_str)
        };
        let tell = |sv: &str, en: &str| Unread { line: number + 1, why: both(sv, en) };
        let Some(period) = read_month(cell(0)) else {
            unread.push(tell("perioden är ingen månad; skriv 2026-10", "the period is no month; write 2026-10"));
            continue;
        };
        let Some(amount) = amount(cell(5)) else {
            unread.push(tell("beloppet går inte att läsa; skriv 1234,50", "the amount does not read; write 1234.50"));
            continue;
        };
        let what = match cell(3).to_lowercase().as_str() {
            "dag" | "grundersättning" | "day" => "day".to_owned(),
            other => other.to_owned(),
        };
        read.push(Invoiced {
            line: number + 1,
            period,
            unit: cell(1).to_owned(),
            level: cell(2).to_owned(),
            what,
            reference: cell(4).to_lowercase(),
            amount,
        });
    }
    (read, unread)
}

/// `1 234,50 kr`, `1234.5`, `-200`.
fn amount(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    hundredths(&text.trim_end_matches("kr").trim_end_matches("SEK").replace(',', ".").replace('\u{2212}', "-"))
}

/// The cells of a line; quotation marks hold what contains the mark.
fn cells(line: &str, mark: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            letter if letter == mark && !quoted => cells.push(core::mem::take(&mut cell).trim().to_owned()),
            letter => cell.push(letter),
        }
    }
    cells.push(cell.trim().to_owned());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_invoice_reads_with_any_mark_and_to_the_ore() {
        for text in [
            "period;enhet;nivå;slag;referens;belopp\n2026-10;ka-1;B;dag;AB12;1 234,50 kr\n",
            "Month,Unit,Level,What,Reference,Amount\n2026-10,ka-1,B,day,ab12,\"1,234.50\"\n"
                .replace("1,234", "1234")
                .as_str(),
            "\u{feff}belopp\treferens\tslag\tnivå\tenhet\tperiod\n1234.5\tAB12\tDag\tB\tka-1\t2026-10\r\n",
        ] {
            let (read, unread) = read(text);
            assert_eq!(unread, []);
            assert_eq!(read.len(), 1);
            assert_eq!(
                (
                    read[0].period,
                    read[0].unit.as_str(),
                    read[0].what.as_str(),
                    read[0].reference.as_str(),
                    read[0].amount
                ),
                (date(2026, 10, 1), "ka-1", "day", "ab12", 123_450)
            );
        }
    }

    #[test]
    fn a_line_that_does_not_read_is_told_and_the_others_are_read() {
        let text = "period;enhet;nivå;slag;referens;belopp\n2026-13;k;A;dag;x;1\n2026-10;k;A;dag;x;ett\n2026-10;k;A;dag;x;-2\n";
        let (lines, unread) = read(text);
        assert_eq!((lines.len(), lines[0].amount), (1, -200));
        assert_eq!(unread.iter().map(|one| one.line).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(read("a;b\n1;2\n").1.len(), 1);
        assert_eq!(read(""), (Vec::new(), Vec::new()));
    }
}
