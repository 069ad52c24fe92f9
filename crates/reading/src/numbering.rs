//! The numbers that clauses, items and annexes begin with, as printed.

use std::sync::LazyLock;

use regex::Regex;

use crate::asides::pattern;

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `4`, `4.1`, `3:1`.
    Clause,
    /// `a)`, `iv.`, `(2)`.
    Item,
    /// `Bilaga 3:1`.
    Annex,
}

/// A number as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub style: Style,
    /// As printed, without dots at its end.
    pub text: String,
    /// Bytes that it takes, with what follows it before the words.
    pub length: usize,
}

impl Number {
    /// Its parts, where they are digits.
    pub fn path(&self) -> Vec<u32> {
        path(&self.text)
    }
}

pub(crate) fn path(text: &str) -> Vec<u32> {
    text.split(['.', ':']).filter_map(|part| part.parse().ok()).collect()
}

static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:§\s*|punkt\s+|section\s+|article\s+|artikel\s+|clause\s+)?(\d{1,2}(?:[.:]\d{1,2}){0,3})(?P<p>\s?§|[.)])?(?:\s+|$)",
    )
});
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:\(([ivx]{1,5}|[a-z]|\d{1,2})\)|([ivx]{1,5}|[a-z]|[A-Z])[.)])\s+"));
static ANNEX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?i:(?:\p{L}+\s+)?(?:under)?bilaga|annex|appendix|schedule|exhibit|attachment)\s+((?:\d{1,2}(?:[:.]\d{1,2})?[a-z]?)|[A-Z]|[IVX]{1,4})(?:\b|$)[\s.:–—-]*",
    )
});
static ANNEX_TO: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?i:bilaga|annex|appendix|schedule)\s+(?i:till|to)\s+"));

/// The number that a text begins with.
pub(crate) fn leading(text: &str) -> Option<Number> {
    if let Some(found) = ANNEX.captures(text) {
        let (whole, number) = (found.get(0)?, found.get(1)?);
        return Some(Number { style: Style::Annex, text: number.as_str().to_owned(), length: whole.end() });
    }
    if let Some(found) = ANNEX_TO.find(text) {
        return Some(Number { style: Style::Annex, text: String::new(), length: found.end() });
    }
    if let Some(found) = CLAUSE.captures(text) {
        let (whole, number) = (found.get(0)?, found.get(1)?);
        let rest = text.get(whole.end()..).unwrap_or("");
        let dotted = number.as_str().contains(['.', ':']);
        let marked = found.name("p").is_some() || whole.as_str().starts_with(|c: char| !c.is_ascii_digit());
        // `24 timmar` and `8.00 nästföljande` begin no clause; `4 SEKRETESS`, `4.1 alla` and `1. text` do.
        let is_zero = number.as_str().split(['.', ':']).any(|part| part.starts_with('0'));
        let capital =
            rest.is_empty() || rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '”' | '“' | '('));
        if !is_zero && (capital || marked || (dotted && number.as_str().matches('.').count() > 0 && rest.len() > 30)) {
            return Some(Number { style: Style::Clause, text: number.as_str().to_owned(), length: whole.end() });
        }
        return None;
    }
    let found = ITEM.captures(text)?;
    let number = found.get(1).or_else(|| found.get(2))?;
    let is_capital = number.as_str().starts_with(char::is_uppercase);
    let style = if is_capital { Style::Clause } else { Style::Item };
    Some(Number { style, text: number.as_str().to_owned(), length: found.get(0)?.end() })
}

/// The value of a roman numeral or a letter, where items count on.
pub(crate) fn item_value(text: &str) -> Option<u32> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let at = ROMAN.iter().position(|roman| *roman == text)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, Style)>) {
        let found = leading(text);
        assert_eq!(found.as_ref().map(|it| (it.text.as_str(), it.style)), expected, "{text}");
    }

    #[test]
    fn numbers_as_printed() {
        check("4.1. Parterna", Some(("4.1", Style::Clause)));
        check("4.1", Some(("4.1", Style::Clause)));
        check("7 Sekretess", Some(("7", Style::Clause)));
        check("§ 3 Ansvar", Some(("3", Style::Clause)));
        check("3 § Ansvar", Some(("3", Style::Clause)));
        check("iv. Den krävande", Some(("iv", Style::Item)));
        check("(b) the processor", Some(("b", Style::Item)));
        check("Bilaga 3:1 till avtalet", Some(("3:1", Style::Annex)));
        check("Annex II - Security", Some(("II", Style::Annex)));
        check("Biträdesavtal bilaga 1", Some(("1", Style::Annex)));
        check("24 timmar per dygn", None);
        check("16.00 på en helgfri vardag", None);
        check("30 dagar efter", None);
    }
}
