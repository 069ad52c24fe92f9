//! Which days are holidays in Sweden, and which eves there are. The days and the acts behind them are the dated rows of
//! `data/holidays.csv`; here stands only how a rule such as `easter+39` finds its day.

use core::fmt;
use core::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use terms::Label;

use crate::day::{easter, moved, weekday_of};
use crate::{CalendarError, Day};

const TABLE: &str = include_str!("../data/holidays.csv");

/// The holidays of a day: one, rarely two (1 May and Ascension Day fell together in 2008), mostly none.
pub(crate) fn holidays(day: Day) -> impl Iterator<Item = &'static NamedDay> {
    let easter = easter(day.year());
    ROWS.iter().filter(move |row| row.kind == Kind::Holiday && row.falls_on(day, easter))
}

/// Whether the day is a holiday of lag (1989:253), or of the acts before it. An ordinary Sunday is not meant.
#[must_use]
pub fn is_holiday(day: Day) -> bool {
    holidays(day).next().is_some()
}

/// The names of the holidays on a day, in both languages; none on most days.
#[must_use]
pub fn holiday_names(day: Day) -> Option<Label> {
    joined(holidays(day))
}

/// The holidays of a year in order, each with its names; two on one day are two rows.
#[must_use]
pub fn holidays_of(year: i16) -> Vec<(Day, &'static NamedDay)> {
    let mut found: Vec<(Day, &'static NamedDay)> = Vec::new();
    for row in ROWS.iter().filter(|row| row.kind == Kind::Holiday) {
        found.extend(row.day_in(year).map(|day| (day, row)));
    }
    found.sort_by_key(|(day, _)| *day);
    found
}

/// The eve or custom day, if `day` is one.
pub(crate) fn eves(day: Day) -> impl Iterator<Item = Eve> {
    let easter = easter(day.year());
    ROWS.iter().enumerate().filter(move |(_, row)| row.kind == Kind::Eve && row.falls_on(day, easter)).map(|(at, _)| {
        // The table has some twenty rows.
        Eve(u8::try_from(at).unwrap_or(u8::MAX))
    })
}

/// Whether a last day on this eve moves under lag (1930:173) 2 §: Midsummer Eve, Christmas Eve and New Year's Eve.
pub(crate) fn moving_eve(day: Day) -> Option<Eve> {
    eves(day).find(|eve| eve.row().is_some_and(|row| row.moves))
}

fn joined(rows: impl Iterator<Item = &'static NamedDay>) -> Option<Label> {
    rows.map(|row| row.name.clone())
        .reduce(|a, b| Label { sv: format!("{} och {}", a.sv, b.sv), en: format!("{} and {}", a.en, b.en) })
}

/// A day that is no holiday of the law and that an agreement may count as free, by its id: `christmas-eve`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Eve(u8);

impl Eve {
    /// Every eve that an agreement can name.
    pub fn all() -> impl Iterator<Item = Self> {
        let eves = ROWS.iter().enumerate().filter(|(_, row)| row.kind == Kind::Eve);
        eves.filter_map(|(at, _)| u8::try_from(at).ok().map(Self))
    }

    /// Its id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().map_or("", |row| row.id)
    }

    /// Its names.
    #[must_use]
    pub fn label(self) -> Label {
        self.row().map(|row| row.name.clone()).unwrap_or_default()
    }

    fn row(self) -> Option<&'static NamedDay> {
        ROWS.get(usize::from(self.0))
    }
}

impl fmt::Display for Eve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Eve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Eve {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::all().find(|eve| eve.id() == text).ok_or_else(|| CalendarError::unknown("an eve", text, &eve_ids()))
    }
}

fn eve_ids() -> Vec<&'static str> {
    Eve::all().map(Eve::id).collect()
}

/// One row of the table: a day with a name, by rule and by act.
#[derive(Debug)]
pub struct NamedDay {
    kind: Kind,
    /// Its id in agreements.
    pub id: &'static str,
    rule: DayRule,
    since: Option<Day>,
    until: Option<Day>,
    moves: bool,
    /// Its names, as they stand within a sentence.
    pub name: Label,
    /// The act, or that it is custom.
    pub source: &'static str,
}

impl NamedDay {
    fn falls_on(&self, day: Day, easter: Option<Date>) -> bool {
        self.rule.falls_on(day, easter)
            && self.since.is_none_or(|since| since <= day)
            && self.until.is_none_or(|until| day <= until)
    }

    fn day_in(&self, year: i16) -> Option<Day> {
        let easter_day = easter(year);
        let first = Day::new(year, 1, 1).ok()?;
        let mut days = (0..366).filter_map(|at| first.plus_days(at).ok()).filter(|day| day.year() == year);
        days.find(|day| self.falls_on(*day, easter_day))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Holiday,
    Eve,
}

#[derive(Debug, Clone, Copy)]
enum DayRule {
    /// The same date every year.
    Date { month: i8, day: i8 },
    /// So many days after Easter Sunday.
    Easter { days: i32 },
    /// The one such weekday from the first date to the second, both included.
    Weekday { of_week: usize, from: (i8, i8), until: (i8, i8) },
}

impl DayRule {
    fn falls_on(self, day: Day, easter: Option<Date>) -> bool {
        let date = (day.month(), day.of_month());
        match self {
            Self::Date { month, day } => date == (month, day),
            Self::Easter { days } => easter.and_then(|sunday| moved(sunday, days)) == Some(day.date()),
            Self::Weekday { of_week, from, until } => day.of_week() == of_week && from <= date && date <= until,
        }
    }

    fn read(text: &str) -> Option<Self> {
        if let Some(days) = text.strip_prefix("easter") {
            return Some(Self::Easter { days: days.parse().ok()? });
        }
        match *text.split(' ').collect::<Vec<_>>() {
            [date] => month_day(date).map(|(month, day)| Self::Date { month, day }),
            [weekday, from, until] => {
                Some(Self::Weekday { of_week: weekday_of(weekday)?, from: month_day(from)?, until: month_day(until)? })
            }
            _ => None,
        }
    }
}

fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

static ROWS: LazyLock<Vec<NamedDay>> = LazyLock::new(|| TABLE.lines().skip(1).filter_map(read_row).collect());

fn read_row(line: &'static str) -> Option<NamedDay> {
    let day = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
    let [kind, id, rule, since, until, moves, sv, en, source] =
        line.splitn(9, ',').collect::<Vec<_>>().try_into().ok()?;
    Some(NamedDay {
        kind: match kind {
            "holiday" => Kind::Holiday,
            "eve" => Kind::Eve,
            _ => return None,
        },
        id,
        rule: DayRule::read(rule)?,
        since: day(since)?,
        until: day(until)?,
        moves: moves == "yes",
        name: Label { sv: sv.to_owned(), en: en.to_owned() },
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(ROWS.len(), TABLE.lines().count() - 1);
    }

    #[test]
    fn thirteen_holidays_a_year_before_and_after_the_change_of_2005() {
        for year in 1953..=2300 {
            assert_eq!(holidays_of(year).len(), 13, "{year}");
        }
        let named =
            |year, id| holidays_of(year).into_iter().find(|(_, row)| row.id == id).map(|(day, _)| day.to_string());
        assert_eq!(named(2004, "whit-monday").as_deref(), Some("2004-05-31"));
        assert_eq!(named(2005, "whit-monday"), None);
        assert_eq!(named(2004, "national-day"), None);
        assert_eq!(named(2005, "national-day").as_deref(), Some("2005-06-06"));
    }

    #[test]
    fn two_holidays_on_one_day_are_both_named() {
        let names = |day: &str| holiday_names(day.parse().unwrap()).unwrap().en;
        assert_eq!(names("2008-05-01"), "1 May and Ascension Day");
        assert_eq!(names("2049-06-06"), "Whit Sunday and the National Day");
        assert_eq!(names("2055-06-06"), "Whit Sunday and the National Day");
    }

    #[test]
    fn an_eve_is_named_by_its_id_and_no_other_word() {
        for eve in Eve::all() {
            assert_eq!(eve.id().parse(), Ok(eve));
        }
        let wrong = "julafton".parse::<Eve>().unwrap_err().to_string();
        assert!(wrong.contains("`christmas-eve`"), "{wrong}");
    }
}
