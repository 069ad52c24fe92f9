//! The clocks: the machine's, and the demo's, which can be moved.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use terms::{Clock, Instant};

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
        };
        Instant(micros)
    }
}

/// A clock that stands still: not moved by the machine but by whoever makes the demo's past.
const STANDS: i64 = i64::MIN;

/// The demo's clock: the machine's plus an offset that is kept in the demo folder; or still, while the past is made.
pub struct MovableClock {
    offset: AtomicI64,
    still_at: AtomicI64,
    file: PathBuf,
}

impl MovableClock {
    /// Opens the clock of a demo folder.
    pub fn open(file: PathBuf) -> Self {
        let offset = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        Self { offset: AtomicI64::new(offset), still_at: AtomicI64::new(STANDS), file }
    }

    /// Stops the clock at a moment.
    pub fn stand_at(&self, at: Instant) {
        self.still_at.store(at.micros(), Ordering::SeqCst);
    }

    /// Lets the clock run again.
    pub fn run(&self) {
        self.still_at.store(STANDS, Ordering::SeqCst);
    }

    /// Moves the clock to a moment, and keeps that.
    ///
    /// # Errors
    /// Where the offset cannot be kept.
    pub fn set(&self, to: Instant) -> std::io::Result<()> {
        let offset = to.micros().saturating_sub(SystemClock.now().micros());
        crate::whole_file::write(&self.file, &offset.to_string())?;
        self.offset.store(offset, Ordering::SeqCst);
        Ok(())
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Instant {
        match self.still_at.load(Ordering::SeqCst) {
            STANDS => Instant(SystemClock.now().micros().saturating_add(self.offset.load(Ordering::SeqCst))),
            still => Instant(still),
        }
    }
}

/// Sweden's time zone; UTC should the zone data be missing, which a test would show.
pub fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)
}

/// The day in Sweden; the first of all days for an instant beyond the years of the calendar.
pub fn day_of(at: Instant) -> Date {
    jiff::Timestamp::from_microsecond(at.micros()).map_or(Date::MIN, |time| time.to_zoned(stockholm()).date())
}

/// Reads a date or a date with time, in Swedish time.
///
/// # Errors
/// A sentence for people.
pub fn parse(text: &str) -> Result<Instant, String> {
    // A date alone would also be read as a time, namely midnight.
    let date_alone = !text.contains(['T', 't', ' ']);
    let read = if date_alone { text.parse::<Date>().map(|date| date.at(9, 0, 0, 0)) } else { text.parse::<DateTime>() };
    let read = read.map_err(|_| format!("`{text}` is no time; write `2026-12-01` or `2026-12-01T09:30`"))?;
    // What the calendar cannot print cannot be counted from either.
    at(read)
        .filter(|at| calendar::Zone::default().moment(*at).is_ok())
        .ok_or_else(|| format!("`{text}` is too far away"))
}

/// A Swedish wall-clock time as an instant.
pub fn at(wall: DateTime) -> Option<Instant> {
    wall.to_zoned(stockholm()).ok().map(|zoned| Instant(zoned.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_time_in_winter_and_summer() {
        assert_eq!(parse("2026-12-01T10:00").unwrap(), parse("2026-12-01").unwrap().plus_seconds(3600));
        let day = 86_400;
        assert_eq!(parse("2026-03-30").unwrap(), parse("2026-03-28").unwrap().plus_seconds(2 * day - 3600));
        assert!(parse("i morgon").unwrap_err().contains("2026-12-01"));
        assert!(parse("0001-01-01").unwrap_err().contains("too far away"));
    }
}
