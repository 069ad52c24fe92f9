//! Periods, amounts, percentages, dates, times of day and numbers of organisations, wherever they stand.
//!
//! A number in letters and one in digits beside it must agree (`tre (3) månader`); where they do not, the period is kept as a
//! disagreement and never proposed.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use crate::asides::pattern;
use crate::data;
use crate::words::is_edge;

/// What a stretch of the text comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// A period in the agreement language's words: `3 months`, `without undue delay`.
    Period(String),
    /// A period after which something returns: `6 months`.
    Every(String),
    /// An amount: its decimal number and its currency.
    Money(String, String),
    /// A percentage, as a decimal number.
    Percent(String),
    /// A day.
    Date(Date),
    /// A time of day, `08:00`.
    Time(String),
    /// From a time of day to another.
    Hours(String, String),
    /// So many gigabytes.
    Gigabytes(u32),
    /// A number of an organisation whose check digit is right.
    Organisation(String),
    /// Words and digits that say different numbers.
    Disagrees,
}

/// One of them, and where in the flow.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub range: Range<usize>,
    pub quantity: Quantity,
}

struct Tables {
    numbers: HashMap<String, u32>,
    ordinals: HashMap<String, u32>,
    units: HashMap<String, String>,
    between: HashMap<String, String>,
    worded: HashMap<String, String>,
    recurring: HashMap<String, String>,
    period: Regex,
    every: Regex,
    worded_re: Regex,
    recurring_re: Regex,
}

static TABLES: LazyLock<Tables> = LazyLock::new(tables);

static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?P<c1>SEK|EUR|USD|GBP|€|\$)\s?(?P<a1>\d{1,3}(?:[ \u{a0}.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)\b|(?P<a2>\d{1,3}(?:[ \u{a0}.]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?)\s?(?P<c2>kronor|kr\b|SEK\b|EUR\b|euro\b|€|USD\b|GBP\b)|(?P<a3>\d+):(?P<o3>-|\d\d)(?P<t3>\s*(?:/|per)\s*(?:st|styck|mån|användare|user|\d))?",
    )
});
static PERCENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(\d{1,3}(?:[.,]\d{1,4})?)\s?(?:%|procent(?:\b|enheter)|per cent\b|percent\b)"));
static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b((?:19|20)\d\d)[-./](\d\d)[-./](\d\d)\b"));
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(januari|february|februari|january|mars|march|april|maj|may|juni|june|juli|july|augusti|august|september|oktober|october|november|december)\s+((?:19|20)\d\d)\b",
    )
});
static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(january|february|march|april|may|june|july|august|september|october|november|december)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b",
    )
});
static HOURS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b|\()(?:kl(?:ockan|\.)?\s*)?([01]?\d|2[0-4])(?:[.:]([0-5]\d))?\s*(?:[-–—]|till|och|to|and|until)\s*(?:kl(?:ockan|\.)?\s*)?([01]?\d|2[0-4])[.:]([0-5]\d)\b",
    )
});
static FULL_HOURS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:vardagar|fredag|fredagar|weekdays|friday|öppen|open|kl\.?|klockan)\s+(?:kl\.?\s*)?([01]?\d|2[0-4])\s*[-–—]\s*([01]?\d|2[0-4])\b",
    )
});
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\bkl(?:ockan|\.)?\s*([01]?\d|2[0-4])(?:[.:]([0-5]\d))?\b|\b([01]\d|2[0-4]):([0-5]\d)\b")
});
static GIGABYTES: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(\d{1,6})\s?(?:GB|gigabyte)\b"));
static ORGANISATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{6})[-–]?(\d{4})\b"));

fn alternatives<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let mut words: Vec<String> = words.map(|word| regex::escape(word).replace(' ', r"\s+")).collect();
    // Leftmost-first: the longer word must come before its own beginning.
    words.sort_by_key(|word| core::cmp::Reverse(word.len()));
    words.join("|")
}

fn tables() -> Tables {
    let data = data::numbers();
    let numbers = data::turned(&data.number, |key| key.parse().unwrap_or(0));
    let ordinals = data::turned(&data.ordinal, |key| key.parse().unwrap_or(1));
    let units = data::turned(&data.unit, |key| key.to_owned());
    let between = data::turned(&data.between, |key| key.to_owned());
    let worded = data::turned(&data.worded, |key| key.to_owned());
    let recurring = data::turned(&data.recurring, |key| key.to_owned());
    let (n, u, b) = (alternatives(numbers.keys()), alternatives(units.keys()), alternatives(between.keys()));
    let period = pattern(&format!(
        r"(?i)(?:(?P<w>{n})\s*\(\s*(?P<p>\d{{1,4}})\s*\)|(?P<d>\d{{1,4}})(?:\s*\(\s*(?P<l>{n})\s*\))?|(?P<v>{n}))[\s-]+(?:(?P<b>{b})\s+)?(?P<u>{u})"
    ));
    let ordinal = alternatives(ordinals.keys());
    let every = pattern(&format!(
        r"(?i)\b(?:var|vart|varje|each|every)\s+(?:(?P<o>{ordinal})|(?P<n>\d{{1,3}}|{n}))?\s*(?P<u>{u})\b|\b(?P<x>varannan|vartannat)\s+(?P<y>{u})\b"
    ));
    Tables {
        period,
        every,
        worded_re: pattern(&format!(r"(?i)(?:{})", alternatives(worded.keys()))),
        recurring_re: pattern(&format!(r"(?i)(?:{})", alternatives(recurring.keys()))),
        numbers,
        ordinals,
        units,
        between,
        worded,
        recurring,
    }
}

/// Everything of the kind in a text, in order.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let tables = &*TABLES;
    let mut found = Vec::new();
    // The edges of words are looked at here and not by the patterns: a boundary of letters beyond ASCII costs them their speed.
    let edged = |range: &Range<usize>| is_edge(text, range.start, false) && is_edge(text, range.end, true);
    let mut take = |range: Range<usize>, quantity: Quantity| found.push(Found { range, quantity });
    for captures in tables.recurring_re.find_iter(text) {
        if let Some(period) = tables.recurring.get(&key(captures.as_str())).filter(|_| edged(&captures.range())) {
            take(captures.range(), Quantity::Every(period.clone()));
        }
    }
    for captures in tables.every.captures_iter(text) {
        if let (Some(range), Some(period)) = (captures.get(0).map(|m| m.range()), tables.every(&captures)) {
            take(range, Quantity::Every(period));
        }
    }
    for captures in tables.period.captures_iter(text) {
        let Some(range) = captures.get(0).map(|m| m.range()).filter(|range| edged(range)) else { continue };
        if let Some(quantity) = tables.period(&captures) {
            take(range, quantity);
        }
    }
    for captures in tables.worded_re.find_iter(text) {
        if let Some(period) = tables.worded.get(&key(captures.as_str())).filter(|_| edged(&captures.range())) {
            take(captures.range(), Quantity::Period(period.clone()));
        }
    }
    for captures in MONEY.captures_iter(text) {
        if let (Some(range), Some(quantity)) = (captures.get(0).map(|m| m.range()), money(&captures)) {
            take(range, quantity);
        }
    }
    for captures in PERCENT.captures_iter(text) {
        if let (Some(whole), Some(number)) = (captures.get(0), captures.get(1)) {
            take(whole.range(), Quantity::Percent(number.as_str().replace(',', ".")));
        }
    }
    for (re, order) in [(&*ISO, [3, 2, 1]), (&*DAY_MONTH, [1, 2, 3]), (&*MONTH_DAY, [2, 1, 3])] {
        for captures in re.captures_iter(text) {
            if let (Some(whole), Some(date)) = (captures.get(0), date(&captures, order)) {
                take(whole.range(), Quantity::Date(date));
            }
        }
    }
    for captures in HOURS.captures_iter(text) {
        if let (Some(whole), Some(from), Some(to)) = (captures.get(0), time(&captures, 1, 2), time(&captures, 3, 4)) {
            take(whole.range(), Quantity::Hours(from, to));
        }
    }
    for captures in FULL_HOURS.captures_iter(text) {
        // The minutes are none of the groups: full hours have none.
        if let (Some(whole), Some(from), Some(to)) = (captures.get(0), time(&captures, 1, 9), time(&captures, 2, 9)) {
            take(whole.range(), Quantity::Hours(from, to));
        }
    }
    for captures in TIME.captures_iter(text) {
        let at = time(&captures, 1, 2).or_else(|| time(&captures, 3, 4));
        if let (Some(whole), Some(at)) = (captures.get(0), at) {
            take(whole.range(), Quantity::Time(at));
        }
    }
    for captures in GIGABYTES.captures_iter(text) {
        if let (Some(whole), Some(count)) = (captures.get(0), captures.get(1).and_then(|n| n.as_str().parse().ok())) {
            take(whole.range(), Quantity::Gigabytes(count));
        }
    }
    for captures in ORGANISATION.captures_iter(text) {
        let digits: String = captures.iter().skip(1).flatten().map(|part| part.as_str()).collect();
        let named = captures.get(0).is_some_and(|whole| whole.as_str().len() > 10 || near_word(text, whole.start()));
        if let (Some(whole), true, true) = (captures.get(0), is_organisation(&digits), named) {
            let (front, back) = digits.split_at(6);
            take(whole.range(), Quantity::Organisation(format!("{front}-{back}")));
        }
    }
    // Of two that overlap the longer one is meant, and of equals the more exact, which was taken first.
    found.sort_by_key(|it| (it.range.start, core::cmp::Reverse(it.range.end)));
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for it in found {
        match kept.last() {
            Some(last) if last.range.end > it.range.start => {}
            _ => kept.push(it),
        }
    }
    kept
}

/// The quantity that a text is, and nothing else beside it.
pub(crate) fn one(text: &str) -> Option<Quantity> {
    let mut found = find(text);
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Some(only.quantity),
        _ => None,
    }
}

fn key(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn counted(count: u32, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl Tables {
    fn period(&self, captures: &Captures<'_>) -> Option<Quantity> {
        let number = |name: &str| captures.name(name).map(|m| m.as_str());
        let spelled = |name: &str| number(name).and_then(|word| self.numbers.get(&key(word)).copied());
        let digits = |name: &str| number(name).and_then(|digits| digits.parse::<u32>().ok());
        let count = match (spelled("w"), digits("p"), digits("d"), spelled("l"), spelled("v")) {
            (Some(word), Some(digit), ..) if word != digit => return Some(Quantity::Disagrees),
            (_, _, Some(digit), Some(word), _) if word != digit => return Some(Quantity::Disagrees),
            (_, Some(count), ..) | (_, _, Some(count), ..) | (.., Some(count)) => count,
            _ => return None,
        };
        let unit = self.units.get(&key(number("u")?))?;
        let changed = number("b").and_then(|word| self.between.get(&key(word))).filter(|unit| !unit.is_empty());
        let unit = match changed {
            Some(changed) if unit == "day" || unit == "working day" => changed,
            _ => unit,
        };
        // A year such as 2016 is a date's, and `1 of the days` is none.
        let fits = count > 0 && (unit != "year" || count <= 100);
        let period = counted(count, unit);
        (fits && period.parse::<calendar::Period>().is_ok()).then_some(Quantity::Period(period))
    }

    fn every(&self, captures: &Captures<'_>) -> Option<String> {
        let word = |name: &str| captures.name(name).map(|m| key(m.as_str()));
        if let Some(unit) = word("y") {
            return Some(counted(2, self.units.get(&unit)?));
        }
        let count = match (word("o"), word("n")) {
            (Some(ordinal), _) => *self.ordinals.get(&ordinal)?,
            (_, Some(number)) => number.parse().ok().or_else(|| self.numbers.get(&number).copied())?,
            _ => 1,
        };
        let period = counted(count, self.units.get(&word("u")?)?);
        period.parse::<calendar::Period>().is_ok().then_some(period)
    }
}

fn money(captures: &Captures<'_>) -> Option<Quantity> {
    let get = |name: &str| captures.name(name).map(|m| m.as_str());
    if let (Some(whole), Some(part)) = (get("a3"), get("o3")) {
        // `08:30` is a time; `1:70 / st` and `399:-` are prices.
        return match part {
            "-" => Some(Quantity::Money(whole.to_owned(), "SEK".to_owned())),
            _ if get("t3").is_some() => Some(Quantity::Money(decimal(&format!("{whole}.{part}")), "SEK".to_owned())),
            _ => None,
        };
    }
    let (amount, currency) = match (get("a1"), get("c1"), get("a2"), get("c2")) {
        (Some(amount), Some(currency), ..) | (.., Some(amount), Some(currency)) => (amount, currency),
        _ => return None,
    };
    let currency = match currency.to_lowercase().as_str() {
        "kr" | "kronor" | "sek" => "SEK",
        "eur" | "euro" | "€" => "EUR",
        "usd" | "$" => "USD",
        _ => "GBP",
    };
    Some(Quantity::Money(plain_number(amount), currency.to_owned()))
}

/// `1 200,50` and `1.200,50` and `1,200.50` → `1200.50`.
fn plain_number(written: &str) -> String {
    let bare: String = written.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let last = bare.rfind(['.', ',']);
    let decimals = last.map(|at| bare.len() - at - 1).filter(|count| *count <= 2);
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    match decimals {
        Some(count) if count > 0 && digits.len() > count => {
            let (whole, part) = digits.split_at(digits.len() - count);
            decimal(&format!("{whole}.{part}"))
        }
        _ => digits,
    }
}

fn decimal(number: &str) -> String {
    match number.strip_suffix(".00") {
        Some(whole) => whole.to_owned(),
        None => number.to_owned(),
    }
}

fn date(captures: &Captures<'_>, [day, month, year]: [usize; 3]) -> Option<Date> {
    const MONTHS: [&[&str]; 12] = [
        &["januari", "january"],
        &["februari", "february"],
        &["mars", "march"],
        &["april"],
        &["maj", "may"],
        &["juni", "june"],
        &["juli", "july"],
        &["augusti", "august"],
        &["september"],
        &["oktober", "october"],
        &["november"],
        &["december"],
    ];
    let get = |at: usize| captures.get(at).map(|m| m.as_str());
    let month = get(month)?;
    let month: i8 = match month.parse() {
        Ok(number) => number,
        Err(_) => {
            let at = MONTHS.iter().position(|names| names.contains(&month.to_lowercase().as_str()))?;
            i8::try_from(at + 1).ok()?
        }
    };
    Date::new(get(year)?.parse().ok()?, month, get(day)?.parse().ok()?).ok()
}

fn time(captures: &Captures<'_>, hour: usize, minute: usize) -> Option<String> {
    let hour: u8 = captures.get(hour)?.as_str().parse().ok()?;
    let minute: u8 = captures.get(minute).map_or(Some(0), |m| m.as_str().parse().ok())?;
    let mut time = String::new();
    write!(time, "{hour:02}:{minute:02}").ok()?;
    (hour < 24 || minute == 0).then_some(time)
}

/// Whether something just before calls what follows a number of an organisation.
fn near_word(text: &str, at: usize) -> bool {
    let from = text.get(..at).map_or(0, |before| before.char_indices().rev().nth(30).map_or(0, |(at, _)| at));
    let before = text.get(from..at).unwrap_or("").to_lowercase();
    ["org", "reg. no", "reg no", "registration n", "company no"].iter().any(|word| before.contains(word))
}

/// Ten digits by the check digit of Swedish organisations (Luhn), the third at least 2: lower ones are people.
fn is_organisation(digits: &str) -> bool {
    let values: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = values
        .iter()
        .enumerate()
        .map(|(at, value)| if at % 2 == 0 { value * 2 / 10 + value * 2 % 10 } else { *value })
        .sum();
    values.len() == 10 && values.get(2).is_some_and(|third| *third >= 2) && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = find(text);
        let told: Vec<String> = found
            .iter()
            .map(|it| match &it.quantity {
                Quantity::Period(period) => period.clone(),
                Quantity::Every(period) => format!("every {period}"),
                Quantity::Money(amount, currency) => format!("{amount} {currency}"),
                Quantity::Percent(number) => format!("{number} %"),
                Quantity::Date(date) => date.to_string(),
                Quantity::Time(time) => time.clone(),
                Quantity::Hours(from, to) => format!("{from}-{to}"),
                Quantity::Gigabytes(count) => format!("{count} GB"),
                Quantity::Organisation(number) => number.clone(),
                Quantity::Disagrees => "disagrees".to_owned(),
            })
            .collect();
        assert_eq!(told.join("; "), expected, "{text}");
    }

    #[test]
    fn periods_as_contracts_write_them() {
        check("med tre (3) månaders uppsägningstid", "3 months");
        check("inom trettio dagar", "30 days");
        check("senast fem arbetsdagar innan", "5 working days");
        check("within two (2) business days", "2 working days");
        check("de senaste tolv (12) månaderna", "12 months");
        check("de två nästföljande åren", "2 years");
        check("inom 72 timmar", "72 hours");
        check("tio helgfria vardagar", "10 working days");
        check("tre (2) månader", "disagrees");
        check("utan onödigt dröjsmål och senast inom 24 timmar", "without undue delay; 24 hours");
        check("efter en månad", "1 month");
        check("(EU) 2016/679 av den 27 april 2016", "2016-04-27");
    }

    #[test]
    fn what_returns() {
        check("utförs var sjätte månad", "every 6 months");
        check("utbildas årligen", "every 1 year");
        check("backed up daily and tested every three months", "every 1 day; every 3 months");
        check("varannan vecka", "every 2 weeks");
    }

    #[test]
    fn amounts_percentages_times_and_numbers() {
        check("1200 kr per timme", "1200 SEK");
        check("1 200,50 kronor", "1200.50 SEK");
        check("399:- / mån & användare och 1:70 / st", "399 SEK; 1.70 SEK");
        check("EUR 1,250.00", "1250 EUR");
        check("minst 99,4% av tiden", "99.4 %");
        check("mellan 8.00 och 16.30", "08:00-16:30");
        check("före klockan 13", "13:00");
        check("öppen helgfria vardagar 8–17", "08:00-17:00");
        check("org.nr 556036-0793", "556036-0793");
        check("org.nr 556036-0794", "");
        check("May 3, 2024 and 3 maj 2024 and 2024-05-03", "2024-05-03; 2024-05-03; 2024-05-03");
        check("högst 5 GB", "5 GB");
    }
}
