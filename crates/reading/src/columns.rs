//! Headings of columns: what a table is about, and which of its columns holds what. The words are data (`data/recipients.toml`,
//! `data/tables.toml`).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::data::{self, Words};

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TableKind {
    /// Who receives data.
    Recipients,
    /// What costs how much.
    Prices,
    /// What is promised of the service, and what follows where it is not kept.
    Levels,
}

/// What the headings of a table say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub kind: TableKind,
    /// For each column its name in the data file; empty where the words are not known.
    pub columns: Vec<&'static str>,
}

impl Header {
    /// Where a column stands.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| *known == column)
    }
}

/// The words of each kind by their first letter, so that a line is compared with few of them.
type ByLetter = HashMap<char, Vec<(&'static str, &'static str)>>;

static WORDS: LazyLock<[(TableKind, ByLetter); 3]> = LazyLock::new(|| {
    let by_letter = |words: &'static Words| {
        let mut table = ByLetter::new();
        for (column, names) in words {
            for name in names {
                if let Some(first) = name.chars().next() {
                    table.entry(first).or_default().push((name.as_str(), column.as_str()));
                }
            }
        }
        table
    };
    [
        (TableKind::Recipients, by_letter(&data::recipients().column)),
        (TableKind::Prices, by_letter(&data::tables().prices)),
        (TableKind::Levels, by_letter(&data::tables().levels)),
    ]
});

/// The column that words in small letters head; the longest known beginning counts.
fn column(words: &ByLetter, heading: &str, exact: bool) -> Option<&'static str> {
    let heading = heading.trim_end_matches([':', '*']).trim();
    let known = words.get(&heading.chars().next()?)?;
    let fits = |name: &str| {
        heading.strip_prefix(name).is_some_and(|rest| {
            // `Länder`, `Priset`; `Pris (SEK)`, `Plats för lagring`.
            let bound = rest.len() <= 3 || !rest.starts_with(char::is_alphanumeric);
            rest.len() <= 32 && (bound || !exact)
        })
    };
    known.iter().filter(|(name, _)| fits(name)).max_by_key(|(name, _)| name.len()).map(|(_, column)| *column)
}

/// Whether a short line alone could head a column of any table.
pub(crate) fn may_head(heading: &str) -> bool {
    WORDS.iter().any(|(_, words)| column(words, heading, true).is_some())
}

/// What a row of headings in small letters says; nothing where it is none. `exact`: no heading may go on with other letters than those
/// of an ending, for lines of which nobody knows whether they are cells.
pub(crate) fn header(headings: &[&str], exact: bool) -> Option<Header> {
    let of = |kind: TableKind| {
        let (_, words) = WORDS.iter().find(|(known, _)| *known == kind)?;
        let columns: Vec<&'static str> =
            headings.iter().map(|heading| column(words, heading, exact).unwrap_or("")).collect();
        let known = columns.iter().filter(|column| !column.is_empty()).count();
        let said = |column: &str| columns.contains(&column);
        let unknown_first = columns.first() == Some(&"");
        let is_one = match kind {
            TableKind::Recipients => {
                (said("name") || unknown_first) && (said("place") || said("role") || said("basis"))
            }
            TableKind::Prices => said("amount") && (said("what") || unknown_first),
            TableKind::Levels => {
                let promises = ["reduces", "response", "remedy", "value"].iter().any(|column| said(column));
                promises && (said("what") || said("level") || unknown_first)
            }
        };
        (known >= 2 && known * 2 >= headings.len() && is_one).then_some(Header { kind, columns })
    };
    // A table of prices may speak of services and places too; one that names suppliers and places is of those.
    let recipients = of(TableKind::Recipients).map(named);
    if recipients.as_ref().is_some_and(|header| header.at("place").is_some() && header.at("name").is_some()) {
        return recipients;
    }
    of(TableKind::Prices).or_else(|| of(TableKind::Levels)).or(recipients)
}

/// The column of the names may be headed by anything.
fn named(mut header: Header) -> Header {
    if header.at("name").is_none()
        && let Some(first) = header.columns.iter_mut().find(|column| column.is_empty())
    {
        *first = "name";
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_tell_what_a_table_is_about() {
        for (headings, kind, columns) in [
            ("leverantör|orsak|uppgifter|land|laglig grund", TableKind::Recipients, "name|role|data|place|basis"),
            ("vem|ändamål|land", TableKind::Recipients, "name|role|place"),
            ("produkt|pris (sek)|enhet", TableKind::Prices, "what|amount|per"),
            ("modul|price per month", TableKind::Prices, "what|amount"),
            ("tillgänglighet|nedsättning", TableKind::Levels, "level|reduces"),
            ("priority|description|response time|resolution time", TableKind::Levels, "what|other|response|remedy"),
        ] {
            let headings: Vec<&str> = headings.split('|').collect();
            let header = header(&headings, true).unwrap_or_else(|| panic!("{headings:?}"));
            assert_eq!((header.kind, header.columns.join("|")), (kind, columns.to_owned()), "{headings:?}");
        }
        for none in ["namn|adress", "allmänt|ändringar|övrigt", "support|öppettider", "tjänst|uppgifter"] {
            assert_eq!(header(&none.split('|').collect::<Vec<_>>(), true), None, "{none}");
        }
    }
}
