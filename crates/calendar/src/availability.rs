//! Availability over a year: how long the year is, which stops were planned, and the share of time exactly. Where the edges of
//! a price table lie, and whether they belong to the row above or below, is the agreement's matter.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use terms::{Instant, Label, Language};

use crate::day::{weekday, weekday_of};
use crate::error::cut;
use crate::{CalendarError, ClockTime, Day, Zone};

/// The real length of a calendar year in a zone, in microseconds: 525,600 or 527,040 minutes in Stockholm, since both changes
/// of the clock lie within it.
///
/// # Errors
/// [`CalendarError::NoSuchDay`], [`CalendarError::OutsideCalendar`].
pub fn year_length(year: i16, zone: &Zone) -> Result<i64, CalendarError> {
    let first = zone.start_of(Day::new(year, 1, 1)?)?;
    let last = zone.end_of(Day::new(year, 12, 31)?)?;
    Ok(last.micros() - first.micros())
}

/// T = (P − F) · 100 / P, exactly: the share of `period` that was not `down`, both in the same unit.
///
/// # Errors
/// [`CalendarError::NoMeasure`] for more downtime than time, less than none, or no time at all.
pub fn available(period: i64, down: i64) -> Result<Percent, CalendarError> {
    if period <= 0 || down < 0 || down > period {
        return Err(CalendarError::NoMeasure);
    }
    let (numerator, denominator) = ((i128::from(period) - i128::from(down)) * 100, i128::from(period));
    Ok(Percent { numerator, denominator })
}

/// The part of an outage that counts, in microseconds: what lies in no planned window.
///
/// # Errors
/// [`CalendarError::OutsideCalendar`].
pub fn counted_downtime(
    from: Instant,
    until: Instant,
    windows: &[PlannedWindow],
    zone: &Zone,
) -> Result<i64, CalendarError> {
    if until <= from {
        return Ok(0);
    }
    let (first, last) = (zone.day(from)?, zone.day(until)?);
    let mut planned = Vec::new();
    let mut month = first;
    loop {
        for window in windows {
            if let Some((opens, closes)) = window.in_month(month, zone)? {
                planned.push((opens.micros().max(from.micros()), closes.micros().min(until.micros())));
            }
        }
        if (month.year(), month.month()) >= (last.year(), last.month()) {
            break;
        }
        month = Day::new(month.year(), month.month(), 1)?.plus_months(1)?;
    }
    planned.sort_unstable();
    // Windows may overlap; each moment is left out once.
    let mut counted = until.micros() - from.micros();
    let mut seen = from.micros();
    for (opens, closes) in planned {
        counted -= (closes - opens.max(seen)).max(0);
        seen = seen.max(closes);
    }
    Ok(counted)
}

/// An exact percentage, not rounded. Compares by value; prints with four decimals, rounded, so that what is printed may
/// touch a limit that the value does not: compare, do not read.
#[derive(Debug, Clone, Copy)]
pub struct Percent {
    numerator: i128,
    denominator: i128,
}

impl Percent {
    /// The value as a fraction: numerator and denominator, the latter more than nothing.
    #[must_use]
    pub const fn fraction(&self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// Four decimals as each language writes them: `99,4001` and `99.4001`.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Sv => self.to_string().replace('.', ","),
            Language::En => self.to_string(),
        }
    }
}

impl PartialEq for Percent {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Percent {}

impl PartialOrd for Percent {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Percent {
    fn cmp(&self, other: &Self) -> Ordering {
        // At most 2^63 · 100 times 2^63: within i128.
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scaled = (self.numerator * 10_000 * 2 + self.denominator) / (self.denominator * 2);
        write!(f, "{}.{:04}", scaled / 10_000, scaled % 10_000)
    }
}

impl FromStr for Percent {
    type Err = CalendarError;
    /// A decimal number from 0 to 100 with at most nine decimals: `99.4`.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let wrong = || CalendarError::NoSuchPercentage(cut(text));
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole, 3) || !digits(decimals, 9) {
            return Err(wrong());
        }
        let denominator = (0..decimals.len()).fold(1_i128, |scale, _| scale * 10);
        let (Ok(whole), Ok(decimals)) = (whole.parse::<i128>(), decimals.parse::<i128>()) else {
            return Err(wrong());
        };
        let numerator = whole * denominator + decimals;
        if numerator > 100 * denominator { Err(wrong()) } else { Ok(Self { numerator, denominator }) }
    }
}

/// A stop that is planned once a month: `first Saturday 10:00-14:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlannedWindow {
    nth: Nth,
    of_week: usize,
    opens: ClockTime,
    closes: ClockTime,
}

/// Which of the same weekdays of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the words")]
pub enum Nth {
    First,
    Second,
    Third,
    Fourth,
    Last,
}

impl Nth {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::First, "first", "första"),
        (Self::Second, "second", "andra"),
        (Self::Third, "third", "tredje"),
        (Self::Fourth, "fourth", "fjärde"),
        (Self::Last, "last", "sista"),
    ];

    fn words(self) -> (&'static str, &'static str) {
        Self::ALL.iter().find(|(nth, ..)| *nth == self).map_or(("", ""), |(_, en, sv)| (en, sv))
    }
}

impl PlannedWindow {
    /// Whether an instant lies within: its opening does, its closing does not.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn contains(&self, at: Instant, zone: &Zone) -> Result<bool, CalendarError> {
        let window = self.in_month(zone.day(at)?, zone)?;
        Ok(window.is_some_and(|(opens, closes)| opens <= at && at < closes))
    }

    /// Its days of a year.
    ///
    /// # Errors
    /// [`CalendarError::NoSuchDay`] for a year outside the calendar.
    pub fn days_of(&self, year: i16) -> Result<Vec<Day>, CalendarError> {
        (1..=12).map(|month| self.day_in(Day::new(year, month, 1)?)).collect()
    }

    /// From when until when, in the month of `day`.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn in_month(&self, day: Day, zone: &Zone) -> Result<Option<(Instant, Instant)>, CalendarError> {
        let day = self.day_in(day)?;
        let (opens, closes) = (zone.at(day, self.opens)?, zone.at(day, self.closes)?);
        Ok((opens < closes).then_some((opens, closes)))
    }

    fn day_in(&self, month: Day) -> Result<Day, CalendarError> {
        let first = Day::new(month.year(), month.month(), 1)?;
        let mut day = first;
        while day.of_week() != self.of_week {
            day = day.next()?;
        }
        let weeks = match self.nth {
            Nth::First => 0,
            Nth::Second => 1,
            Nth::Third => 2,
            Nth::Fourth => 3,
            Nth::Last => {
                if day.plus_days(28)?.month() == day.month() {
                    4
                } else {
                    3
                }
            }
        };
        day.plus_days(weeks * 7)
    }

    /// The window in both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        let (en, sv) = self.nth.words();
        let hours = |language| format!("{}–{}", self.opens.text(language), self.closes.text(language));
        Label {
            sv: format!("{sv} {}en i månaden kl. {}", weekday(self.of_week, Language::Sv), hours(Language::Sv)),
            en: format!("the {en} {} of the month, {}", weekday(self.of_week, Language::En), hours(Language::En)),
        }
    }
}

impl fmt::Display for PlannedWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}-{}", self.nth.words().0, weekday(self.of_week, Language::En), self.opens, self.closes)
    }
}

impl FromStr for PlannedWindow {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        read_window(text)
            .filter(|window| window.to_string() == text)
            .ok_or_else(|| CalendarError::unknown("a planned window", text, &["first Saturday 10:00-14:00"]))
    }
}

fn read_window(text: &str) -> Option<PlannedWindow> {
    let [nth, weekday, hours] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let (opens, closes) = hours.split_once('-')?;
    let (opens, closes): (ClockTime, ClockTime) = (opens.parse().ok()?, closes.parse().ok()?);
    let (nth, ..) = Nth::ALL.into_iter().find(|(_, word, _)| *word == nth)?;
    (opens < closes).then_some(PlannedWindow { nth, of_week: weekday_of(weekday)?, opens, closes })
}
