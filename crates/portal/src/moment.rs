//! Moments and dates for people: Swedish civil time, whole words. Periods and deadlines are computed elsewhere.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use maud::{Markup, html};
use terms::{Instant, Language};

/// The zone of all times on all pages.
const ZONE: &str = "Europe/Stockholm";

/// A moment as `<time>`, readable and exact: «21 november 2026 kl. 10.05».
#[must_use]
pub fn moment(language: Language, at: Instant) -> Markup {
    let zoned = zoned(at);
    html! { time datetime=(zoned.timestamp().to_string()) { (moment_text(language, at)) } }
}

/// The same as plain text.
#[must_use]
pub fn moment_text(language: Language, at: Instant) -> String {
    let zoned = zoned(at);
    let (day, hour, minute) = (day_text(language, zoned.date()), zoned.hour(), zoned.minute());
    match language {
        Language::Sv => format!("{day} kl. {hour:02}.{minute:02}"),
        Language::En => format!("{day}, {hour:02}:{minute:02}"),
    }
}

/// A day: «21 november 2026».
#[must_use]
pub fn day_text(language: Language, date: Date) -> String {
    let month = calendar::month_name(date.month(), language);
    format!("{} {month} {}", date.day(), date.year())
}

/// A moment for programs, RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(at: Instant) -> String {
    zoned(at).timestamp().to_string()
}

/// The Swedish civil time of a moment.
#[must_use]
pub fn civil(at: Instant) -> DateTime {
    zoned(at).datetime()
}

/// The moment of a Swedish civil time. In the hour that is there twice in autumn, the first.
#[must_use]
pub fn instant(at: DateTime) -> Option<Instant> {
    at.to_zoned(zone()).ok().map(|zoned| Instant(zoned.timestamp().as_microsecond()))
}

/// The same, of a time that something is to be counted from: nothing for one that the calendar cannot print, as the year 1.
#[must_use]
pub fn countable(at: DateTime) -> Option<Instant> {
    instant(at).filter(|at| calendar::Zone::default().moment(*at).is_ok())
}

fn zoned(at: Instant) -> Zoned {
    // Microseconds beyond jiff's years are shown as the beginning of time rather than stopping a page.
    Timestamp::from_microsecond(at.micros()).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone())
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_swedish_time() {
        let at = Instant(1_795_255_541 * 1_000_000);
        assert_eq!(moment_text(Language::Sv, at), "21 november 2026 kl. 11.05");
        assert_eq!(moment_text(Language::En, at), "21 November 2026, 11:05");
        assert_eq!(instant(civil(at)).unwrap().micros() / 1_000_000, 1_795_255_541);
    }
}
