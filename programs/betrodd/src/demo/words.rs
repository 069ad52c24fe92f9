//! Words in braces within the demo's values, so that a demo of any day is of that day: `{day-12}`, `{month-1}`, `{date}`, and what
//! the record or person that a line belongs to says itself.

use jiff::ToSpan;
use jiff::civil::Date;
use service::ConsentText;

use crate::demo::file::Values;

/// What the words of one line stand for.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The demo's present day: `{day}`, `{day-12}`, `{day+5}`, and its month: `{month}`, `{month-1}`.
    pub today: Date,
    /// The day on which it is written: `{date}`.
    pub written: Date,
    /// The place among those that have such a line, from 1: `{number}`.
    pub number: usize,
    /// What the record that it is under says: `{unit}` and the like.
    pub over: Option<&'a Values>,
    /// The text that is accepted: `{consent-version}`, `{consent-hash}`.
    pub consent: Option<&'a ConsentText>,
}

impl Words<'_> {
    /// The text with every word said. Nothing where a word has no meaning here: the value is left out.
    pub fn said(&self, text: &str) -> Option<String> {
        let (mut said, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (word, left) = after.split_once('}')?;
            said.push_str(before);
            said.push_str(&self.word(word)?);
            rest = left;
        }
        said.push_str(rest);
        Some(said)
    }

    fn word(&self, word: &str) -> Option<String> {
        match word {
            "date" => return Some(self.written.to_string()),
            "number" => return Some(self.number.to_string()),
            "consent-version" => return Some(self.consent?.version.clone()),
            "consent-hash" => return Some(processing::file_hash(self.consent?.whole().as_bytes()).to_string()),
            _ => {}
        }
        if let Some(days) = count(word, "day") {
            return Some(self.today.checked_add(days.days()).ok()?.to_string());
        }
        if let Some(months) = count(word, "month") {
            let month = self.today.first_of_month().checked_add(months.months()).ok()?;
            return Some(format!("{:04}-{:02}", month.year(), month.month()));
        }
        self.over?.get(word).cloned()
    }
}

/// How many of a unit a word counts from the present: `day` 0, `day-12` -12. Nothing for another word.
fn count(word: &str, unit: &str) -> Option<i32> {
    let rest = word.strip_prefix(unit)?;
    if rest.is_empty() { Some(0) } else { rest.parse().ok().filter(|_| rest.starts_with(['-', '+'])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_from_the_demos_day_and_what_has_no_meaning_is_left_out() {
        let over = Values::from([("unit".to_owned(), "ka-1".to_owned())]);
        let day = |text: &str| text.parse::<Date>().unwrap();
        let words =
            Words { today: day("2026-01-31"), written: day("2026-01-02"), number: 7, over: Some(&over), consent: None };
        for (text, said) in [
            ("{day-31}", Some("2025-12-31")),
            ("{day+1} {date}", Some("2026-02-01 2026-01-02")),
            ("{month-2}", Some("2025-11")),
            ("nr {number} i {unit}", Some("nr 7 i ka-1")),
            ("{level}", None),
            ("{day12}", None),
            ("{", None),
            ("", Some("")),
        ] {
            assert_eq!(words.said(text).as_deref(), said, "{text}");
        }
    }
}
