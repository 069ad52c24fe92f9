//! What a reader of the log wants to see: read from the address, said back in the form, and kept in the links to other parts.

use terms::{Instant, PersonId, Purpose, RecordId};

use crate::form::{encode, query_value};
use crate::moment::instant;
use crate::pages::labels::Labels;
use crate::seams::{Filter, Looked, Outcome};

/// What the reader wants to see, as the address says it.
#[derive(Default)]
pub(crate) struct Wanted {
    pub person: Option<PersonId>,
    pub record: Option<RecordId>,
    pub actor: Option<PersonId>,
    pub outcome: Option<Outcome>,
    from: Option<Instant>,
    until: Option<Instant>,
    purpose: Option<String>,
    pub before: Option<u64>,
    /// What was written, for the form and for links to other parts.
    pub written: Vec<(&'static str, String)>,
    /// The labels of the fields that could not be read.
    pub wrong: Vec<&'static str>,
}

const FIELDS: [(&str, &str); 8] = [
    ("person", "who-looked-filter-person"),
    ("record", "who-looked-filter-record"),
    ("actor", "who-looked-filter-actor"),
    ("outcome", "who-looked-filter-outcome"),
    ("from", "who-looked-filter-from"),
    ("to", "who-looked-filter-to"),
    ("for", "who-looked-filter-purpose"),
    ("before", "who-looked-index"),
];

impl Wanted {
    /// Reads the query of an address. A field that cannot be read is named and nothing is shown: a filter that is silently
    /// dropped would show more than was asked for.
    pub fn of(address: &str) -> Self {
        let mut wanted = Self::default();
        for (name, label) in FIELDS {
            let Some(text) =
                query_value(address, name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
            else {
                continue;
            };
            if wanted.take(name, &text).is_none() {
                wanted.wrong.push(label);
            }
            wanted.written.push((name, text));
        }
        wanted
    }

    fn take(&mut self, name: &str, text: &str) -> Option<()> {
        match name {
            "person" => self.person = Some(text.parse().ok()?),
            "record" => self.record = Some(text.parse().ok()?),
            "actor" => self.actor = Some(text.parse().ok()?),
            "outcome" => self.outcome = Some(outcome_of(text)?),
            "from" => self.from = Some(start_of(text, 0)?),
            "to" => self.until = Some(start_of(text, 1)?),
            "for" => self.purpose = Some(text.to_lowercase()),
            _ => self.before = Some(text.parse().ok()?),
        }
        Some(())
    }

    pub fn filter(&self, limit: usize) -> Filter {
        Filter {
            person: self.person,
            record: self.record,
            actor: self.actor,
            outcome: self.outcome,
            from: self.from,
            until: self.until,
            before: self.before,
            limit,
            conceals: false,
        }
    }

    /// The purpose is no part of the register's filter; it is looked for in what the register gives, by its name or by what the
    /// agreement calls it.
    pub fn lets_through(&self, labels: Labels<'_>, entry: &Looked) -> bool {
        let Some(wanted) = &self.purpose else { return true };
        let fits = |purpose: &Purpose| {
            purpose.as_str() == wanted || labels.purpose(purpose).to_lowercase().contains(wanted.as_str())
        };
        entry.purpose.as_ref().is_some_and(fits)
    }

    pub fn value(&self, name: &str) -> &str {
        self.written.iter().find(|(one, _)| *one == name).map_or("", |(_, text)| text)
    }

    /// The query of this selection with `name` set to `value`, or left out.
    pub fn query(&self, name: &'static str, value: Option<&str>) -> String {
        let kept = self.written.iter().filter(|(one, _)| *one != name && *one != "before");
        let mut pairs: Vec<String> = kept.map(|(one, text)| format!("{one}={}", encode(text))).collect();
        pairs.extend(value.map(|value| format!("{name}={}", encode(value))));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// The beginning of a day in Swedish time, `days` later.
fn start_of(text: &str, days: i64) -> Option<Instant> {
    let date: jiff::civil::Date = text.parse().ok()?;
    if text.len() != 10 {
        return None;
    }
    let date = date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    instant(date.at(0, 0, 0, 0))
}

fn outcome_of(text: &str) -> Option<Outcome> {
    [Outcome::Granted, Outcome::Refused, Outcome::Happened].into_iter().find(|one| word(*one) == text)
}

/// The word of an outcome, in addresses and in the keys of words.
pub(crate) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Granted => "granted",
        Outcome::Refused => "refused",
        Outcome::Happened => "happened",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_whole_swedish_day_and_older_keeps_the_filter() {
        let wanted = Wanted::of("/library/vem-har-sett?from=2026-10-25&to=2026-10-25&outcome=refused");
        let (from, until) = (wanted.from.unwrap(), wanted.until.unwrap());
        assert_eq!((until.micros() - from.micros()) / 3_600_000_000, 25, "the day on which summer time ends");
        assert_eq!(wanted.query("before", Some("7")), "?outcome=refused&from=2026-10-25&to=2026-10-25&before=7");
        assert!(wanted.filter(50).outcome == Some(Outcome::Refused));
    }
}
