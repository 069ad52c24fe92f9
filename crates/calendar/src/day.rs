//! A day of the calendar and a time of the clock, with their words in both languages. Zones live in `zone.rs`.

use core::fmt;
use core::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use terms::{Label, Language};

use crate::CalendarError;

/// The first year that the calendar knows: from then on Midsummer Day and All Saints' Day are Saturdays (lag 1952:48).
pub const FIRST_YEAR: i16 = 1953;
/// The last year that the calendar knows: the last year one starts in, and a hundred years, the longest period.
pub const LAST_YEAR: i16 = 2300;

/// A day of the Gregorian calendar between [`FIRST_YEAR`] and [`LAST_YEAR`]. Printed and read as `2026-04-03`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day, if it exists.
    ///
    /// # Errors
    /// [`CalendarError::NoSuchDay`] when there is no such day or it lies outside the calendar.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, CalendarError> {
        Date::new(year, month, day).ok().and_then(Self::known).ok_or(CalendarError::NoSuchDay)
    }

    fn known(date: Date) -> Option<Self> {
        (FIRST_YEAR..=LAST_YEAR).contains(&date.year()).then_some(Self(date))
    }

    pub(crate) fn from_date(date: Date) -> Result<Self, CalendarError> {
        Self::known(date).ok_or(CalendarError::OutsideCalendar)
    }

    pub(crate) const fn date(self) -> Date {
        self.0
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn of_month(self) -> i8 {
        self.0.day()
    }

    /// The place in the week: 0 is Monday, 6 is Sunday.
    #[must_use]
    pub fn of_week(self) -> usize {
        usize::try_from(self.0.weekday().to_monday_zero_offset()).unwrap_or(0)
    }

    pub(crate) fn is_saturday(self) -> bool {
        self.0.weekday() == Weekday::Saturday
    }

    pub(crate) fn is_sunday(self) -> bool {
        self.0.weekday() == Weekday::Sunday
    }

    /// The day so many days later, or earlier where negative.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn plus_days(self, days: i64) -> Result<Self, CalendarError> {
        self.plus(Span::new().try_days(days))
    }

    /// The same day of the month so many months later (earlier where negative), or the last of that month where it is
    /// shorter.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn plus_months(self, months: i64) -> Result<Self, CalendarError> {
        self.plus(Span::new().try_months(months))
    }

    fn plus(self, span: Result<Span, jiff::Error>) -> Result<Self, CalendarError> {
        let date = span.and_then(|span| self.0.checked_add(span)).map_err(|_| CalendarError::OutsideCalendar)?;
        Self::from_date(date)
    }

    pub(crate) fn next(self) -> Result<Self, CalendarError> {
        Self::from_date(self.0.tomorrow().map_err(|_| CalendarError::OutsideCalendar)?)
    }

    pub(crate) fn previous(self) -> Result<Self, CalendarError> {
        Self::from_date(self.0.yesterday().map_err(|_| CalendarError::OutsideCalendar)?)
    }

    /// How many days later `other` is.
    #[must_use]
    pub fn days_until(self, other: Self) -> i64 {
        self.0.until(other.0).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Whether this day of the month exists in the month of `other`.
    pub(crate) fn number_fits(self, other: Self) -> bool {
        self.of_month() <= other.0.days_in_month()
    }

    /// The day in words with its weekday: *fredag 3 april 2026*, *Friday 3 April 2026*.
    #[must_use]
    pub fn label(self) -> Label {
        Label { sv: self.text(Language::Sv), en: self.text(Language::En) }
    }

    /// The day in words of one language.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let weekday = self.weekday(language);
        format!("{weekday} {} {} {}", self.of_month(), self.month_name(language), self.year())
    }

    /// The name of its weekday, as it stands within a sentence.
    #[must_use]
    pub fn weekday(self, language: Language) -> &'static str {
        weekday(self.of_week(), language)
    }

    /// The name of its month, as it stands within a sentence.
    #[must_use]
    pub fn month_name(self, language: Language) -> &'static str {
        month_name(self.month(), language)
    }
}

/// The name of a month, 1 for January, as it stands within a sentence; empty for what is no month.
#[must_use]
pub fn month_name(month: i8, language: Language) -> &'static str {
    let names = match language {
        Language::Sv => MONTHS_SV,
        Language::En => MONTHS_EN,
    };
    usize::try_from(month - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or("")
}

const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS_SV: [&str; 7] = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The name of a weekday, 0 for Monday.
pub(crate) fn weekday(of_week: usize, language: Language) -> &'static str {
    let names = match language {
        Language::Sv => WEEKDAYS_SV,
        Language::En => WEEKDAYS_EN,
    };
    names.get(of_week).copied().unwrap_or("")
}

/// The place in the week of an English weekday, in any case; 0 is Monday.
pub(crate) fn weekday_of(name: &str) -> Option<usize> {
    WEEKDAYS_EN.iter().position(|known| known.eq_ignore_ascii_case(name))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok()).flatten()
        };
        let shaped = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let (Some(year), Some(month), Some(day)) = (digits(0, 4), digits(5, 7), digits(8, 10)) else {
            return Err(CalendarError::NoSuchDay);
        };
        match (shaped, i8::try_from(month), i8::try_from(day)) {
            (true, Ok(month), Ok(day)) => Self::new(year, month, day),
            _ => Err(CalendarError::NoSuchDay),
        }
    }
}

/// A time of the clock in whole minutes, `00:00` to `24:00`; the last is the end of a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

impl ClockTime {
    /// The beginning of a day.
    pub const MIDNIGHT: Self = Self(0);
    /// The end of a day.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// The time, if a clock shows it.
    ///
    /// # Errors
    /// [`CalendarError::NoSuchClockTime`].
    pub fn new(hour: u16, minute: u16) -> Result<Self, CalendarError> {
        let known = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
        if known { Ok(Self(hour * 60 + minute)) } else { Err(CalendarError::NoSuchClockTime) }
    }

    /// Minutes since the beginning of the day.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }

    /// The time as each language writes it: `16.00` and `16:00`.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        clock_text(u32::from(self.0) * 60, language)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ClockTime {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let two = |part: &str| {
            (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u16>().ok())?
        };
        let (hour, minute) = text.split_once(':').ok_or(CalendarError::NoSuchClockTime)?;
        match (two(hour), two(minute)) {
            (Some(hour), Some(minute)) => Self::new(hour, minute),
            _ => Err(CalendarError::NoSuchClockTime),
        }
    }
}

/// A day and what the clock shows on it, for people to read. `24:00` is the end of the day it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Seconds on the clock since the beginning of the day, 0 to 86,400; none where only the day is meant.
    pub second: Option<u32>,
}

impl Moment {
    /// The end of a day: `24:00`.
    #[must_use]
    pub const fn end_of(day: Day) -> Self {
        Self { day, second: Some(24 * 60 * 60) }
    }

    /// A day, at no time of the clock.
    #[must_use]
    pub const fn day_only(day: Day) -> Self {
        Self { day, second: None }
    }

    /// *tisdag 7 april 2026 kl. 24.00*, *Tuesday 7 April 2026 at 24:00*; without the clock where only the day is meant.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let day = self.day.text(language);
        match (self.second, language) {
            (None, _) => day,
            (Some(second), Language::Sv) => format!("{day} kl. {}", clock_text(second, language)),
            (Some(second), Language::En) => format!("{day} at {}", clock_text(second, language)),
        }
    }

    /// The moment in both languages.
    #[must_use]
    pub fn label(&self) -> Label {
        Label { sv: self.text(Language::Sv), en: self.text(Language::En) }
    }
}

/// What the clock shows so many seconds into the day, as each language writes it; seconds only where there are any.
pub(crate) fn clock_text(second_of_day: u32, language: Language) -> String {
    let point = match language {
        Language::Sv => '.',
        Language::En => ':',
    };
    let (hour, minute, second) = (second_of_day / 3600, second_of_day / 60 % 60, second_of_day % 60);
    match second {
        0 => format!("{hour:02}{point}{minute:02}"),
        _ => format!("{hour:02}{point}{minute:02}{point}{second:02}"),
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, *Astronomical Algorithms*).
pub(crate) fn easter(year: i16) -> Option<Date> {
    let year = i32::from(year);
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let (month, day) = ((h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `date` moved by days, if the calendar reaches so far.
pub(crate) fn moved(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}
