//! A time zone and its two directions, from instant to clock and from clock to instant. The zone database is built in, so
//! that a deadline does not depend on the host.

use core::fmt;
use core::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use terms::Instant;

use crate::error::cut;
use crate::{CalendarError, ClockTime, Day, Moment};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone of the IANA database by its name, e.g. `Europe/Stockholm`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What became of a time on the clock when it was looked for on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// The clock shows it once.
    Once,
    /// The clock was put forward over it; the time an hour (or what the gap is) later stands for it.
    Never,
    /// The clock was put back over it; the first one stands.
    Twice,
}

/// One change of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) day: Day,
    /// Minutes forward, or back where negative.
    pub(crate) minutes: i32,
}

impl Zone {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What calendar and clock show here at an instant.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn moment(&self, at: Instant) -> Result<Moment, CalendarError> {
        let local = self.local(at)?;
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        let second = i32::from(hour) * 3600 + i32::from(minute) * 60 + i32::from(second);
        Ok(Moment { day: Day::from_date(local.date())?, second: u32::try_from(second).ok() })
    }

    /// The day here at an instant.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn day(&self, at: Instant) -> Result<Day, CalendarError> {
        Day::from_date(self.local(at)?.date())
    }

    pub(crate) fn local(&self, at: Instant) -> Result<DateTime, CalendarError> {
        let at = Timestamp::from_microsecond(at.micros()).map_err(|_| CalendarError::OutsideCalendar)?;
        Ok(self.0.to_datetime(at))
    }

    /// The first instant of a day.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn start_of(&self, day: Day) -> Result<Instant, CalendarError> {
        self.instant(day.date().at(0, 0, 0, 0)).map(|(at, _)| at)
    }

    /// The instant at which a day is over.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn end_of(&self, day: Day) -> Result<Instant, CalendarError> {
        self.start_of(day.next()?)
    }

    /// The instant at which the clock shows `clock` on `day`: the first of two, or as much later as the clock was put forward.
    ///
    /// # Errors
    /// [`CalendarError::OutsideCalendar`].
    pub fn at(&self, day: Day, clock: ClockTime) -> Result<Instant, CalendarError> {
        if clock == ClockTime::END_OF_DAY {
            return self.end_of(day);
        }
        let (hour, minute) = (clock.minutes() / 60, clock.minutes() % 60);
        let (hour, minute) = (i8::try_from(hour).unwrap_or(0), i8::try_from(minute).unwrap_or(0));
        self.instant(day.date().at(hour, minute, 0, 0)).map(|(at, _)| at)
    }

    pub(crate) fn instant(&self, local: DateTime) -> Result<(Instant, Shown), CalendarError> {
        let ambiguous = self.0.to_ambiguous_timestamp(local);
        let shown = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Shown::Once,
            AmbiguousOffset::Gap { .. } => Shown::Never,
            AmbiguousOffset::Fold { .. } => Shown::Twice,
        };
        let at = ambiguous.compatible().map_err(|_| CalendarError::OutsideCalendar)?;
        Ok((Instant(at.as_microsecond()), shown))
    }

    /// The changes of the clock after `from`, up to and including `until`.
    pub(crate) fn shifts(&self, from: Instant, until: Instant) -> Vec<Shift> {
        let (Ok(first), Ok(last)) =
            (Timestamp::from_microsecond(from.micros()), Timestamp::from_microsecond(until.micros()))
        else {
            return Vec::new();
        };
        let mut shifts = Vec::new();
        let mut before = self.0.to_offset(first);
        for transition in self.0.following(first).take_while(|transition| transition.timestamp() <= last) {
            let change = transition.offset().duration_since(before);
            before = transition.offset();
            let local = self.0.to_datetime(transition.timestamp());
            if change != SignedDuration::ZERO
                && let Ok(day) = Day::from_date(local.date())
            {
                shifts.push(Shift { day, minutes: i32::try_from(change.as_mins()).unwrap_or(0) });
            }
        }
        shifts
    }
}

impl Default for Zone {
    /// Europe/Stockholm.
    fn default() -> Self {
        Self(DATABASE.get("Europe/Stockholm").unwrap_or(TimeZone::UTC))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Zone {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let unknown = || CalendarError::NoSuchZone(cut(text));
        // The database reads names in any case; an agreement writes them as they are.
        let zone = DATABASE.get(text).map_err(|_| unknown())?;
        if zone.iana_name() == Some(text) { Ok(Self(zone)) } else { Err(unknown()) }
    }
}
