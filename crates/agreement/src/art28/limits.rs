//! Limits, numbers and words that the checks go by, with the days on which they hold (`data/limits.toml`). No limit stands in a
//! check itself; one that the data does not have on the day is a question that the check cannot ask, and it says so.

use std::sync::LazyLock;

use calendar::{Counted, Period, Unit};
use jiff::{Span, civil::Date};
use serde::Deserialize;

use crate::law::Days;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    limit: Vec<Limit>,
    words: Vec<Words>,
}

#[derive(Debug, Deserialize)]
struct Limit {
    id: String,
    period: Option<String>,
    count: Option<u64>,
    #[serde(flatten)]
    days: Days,
    /// Where it is written; a row without a source cannot be read.
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Debug, Deserialize)]
struct Words {
    id: String,
    words: Vec<String>,
    #[serde(flatten)]
    days: Days,
    /// Where it is written; a row without a source cannot be read.
    #[serde(rename = "source")]
    _source: String,
}

fn built_in() -> &'static Limits {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    static LIMITS: LazyLock<Limits> =
        LazyLock::new(|| toml_edit::de::from_str(include_str!("../../data/limits.toml")).expect("data/limits.toml"));
    &LIMITS
}

/// The limits on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct LimitsAt {
    on: Date,
}

impl LimitsAt {
    pub fn new(on: Date) -> Self {
        Self { on }
    }

    /// The number of this id.
    pub fn count(&self, id: &str) -> Option<u64> {
        self.limit(id)?.count
    }

    /// The period of this id.
    pub fn period(&self, id: &str) -> Option<Period> {
        self.limit(id)?.period.as_ref()?.parse().ok()
    }

    /// The words of this id; none where the data has none on this day.
    pub fn words(&self, id: &str) -> &'static [String] {
        built_in().words.iter().find(|row| row.id == id && row.days.hold(self.on)).map_or(&[], |row| &row.words)
    }

    /// Whether one of the words of this id is the text.
    pub fn is_word(&self, id: &str, text: &str) -> bool {
        self.words(id).iter().any(|word| word == text)
    }

    /// The first of the words of this id that begins a word of the text, in any case of letters.
    pub fn first_in(&self, id: &str, text: &str) -> Option<&'static str> {
        self.words(id).iter().map(String::as_str).find(|word| holds(text, word))
    }

    fn limit(&self, id: &str) -> Option<&'static Limit> {
        built_in().limit.iter().find(|row| row.id == id && row.days.hold(self.on))
    }
}

/// Whether a text holds a word: at the beginning of one of its own words, in any case of letters. A word with capitals
/// (`PuL`, `IMY`, `XX`) must stand there so, and alone.
pub(super) fn holds(text: &str, word: &str) -> bool {
    let exact = word.chars().any(char::is_uppercase);
    let lower;
    let text = if exact {
        text
    } else {
        lower = text.to_lowercase();
        &lower
    };
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
        // What begins with a bracket or an underscore stands where it stands.
        let begins = !word.starts_with(char::is_alphanumeric) || !before.is_some_and(char::is_alphanumeric);
        begins && !(exact && after.is_some_and(char::is_alphanumeric))
    })
}

/// Whether the first period is surely no longer than the second. Words promise no date, and a unit that a calendar must
/// count is taken at its longest for the first and at its shortest for the second, so that doubt answers no.
pub(super) fn within(period: &Period, limit: &Period) -> bool {
    if period == limit && period.is_counted() {
        return true;
    }
    match (period, limit) {
        (Period::Counted(period), Period::Counted(limit)) => hours(*period, true) <= hours(*limit, false),
        _ => false,
    }
}

/// The day that lies a period before another; nothing where the period is not counted in days, weeks, months or years.
pub(super) fn before(on: Date, period: &Period) -> Option<Date> {
    let Period::Counted(counted) = period else { return None };
    let count = i64::from(counted.count());
    let span = match counted.unit() {
        Unit::Days => Span::new().try_days(count),
        Unit::Weeks => Span::new().try_weeks(count),
        Unit::Months => Span::new().try_months(count),
        Unit::Years => Span::new().try_years(count),
        Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::SupportHours | Unit::WorkingDays => return None,
    };
    on.checked_sub(span.ok()?).ok()
}

/// Hours of real time, at the longest or the shortest that such a period can be.
fn hours(period: Counted, longest: bool) -> f64 {
    let unit = match (period.unit(), longest) {
        (Unit::Seconds, _) => 1.0 / 3600.0,
        (Unit::Minutes, _) => 1.0 / 60.0,
        (Unit::Hours, _) => 1.0,
        (Unit::SupportHours, false) => 1.0,
        (Unit::Days, _) | (Unit::WorkingDays, false) => 24.0,
        // A long weekend with holidays around it.
        (Unit::SupportHours | Unit::WorkingDays, true) => 24.0 * 5.0,
        (Unit::Weeks, _) => 24.0 * 7.0,
        (Unit::Months, true) => 24.0 * 31.0,
        (Unit::Months, false) => 24.0 * 28.0,
        (Unit::Years, true) => 24.0 * 366.0,
        (Unit::Years, false) => 24.0 * 365.0,
    };
    f64::from(period.count()) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_reads_and_has_a_source() {
        for row in &built_in().limit {
            assert!(row.count.is_some() ^ row.period.is_some(), "{}", row.id);
            assert!(row.period.as_ref().is_none_or(|text| text.parse::<Period>().is_ok()), "{}", row.id);
            assert!(!row._source.is_empty(), "{}", row.id);
        }
        for row in &built_in().words {
            assert!(!row.words.is_empty() && !row._source.is_empty(), "{}", row.id);
        }
    }

    #[test]
    fn a_word_begins_a_word_and_capitals_stand_alone() {
        assert!(holds("enligt Datainspektionens beslut", "datainspektionen"));
        assert!(!holds("inpuls", "PuL") && !holds("pul", "PuL") && holds("enligt PuL.", "PuL"));
        assert!(!holds("MAXXED", "XX") && holds("den XX maj", "XX"));
        assert!(holds("ersätts [SPECIFY TIME]", "[specify"));
    }

    #[test]
    fn doubt_about_length_answers_no() {
        let within = |a: &str, b: &str| within(&a.parse().unwrap(), &b.parse().unwrap());
        assert!(within("24 hours", "1 day") && within("1 month", "1 month") && !within("1 month", "30 days"));
        assert!(!within("without undue delay", "48 hours") && !within("2 working days", "48 hours"));
    }
}
